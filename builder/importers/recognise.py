"""A Document → the forms in it. The inverse of the printed layout, for whatever layout a place prints.

A form begins at 项目名称 (or at its title above it) and has a heading of 绩效指标 below. What the forms do
not take is left, cell by cell, so that nothing goes missing: the cells of a draft and the cells left make
up the document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers import assemble
from builder.importers import columns as headings
from builder.importers.doubts import Doubt
from builder.importers.draft import Imported
from builder.importers.labels import FORM_TITLE, NOT_A_PROJECT, Word, match, plain, squeezed
from builder.importers.levels import of_forms
from builder.importers.table import Table, filled, lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.importers.draft import Draft
    from builder.importers.table import Cell, Document, Line
    from builder.schema import Schemas

_OUTSIDE = "表格以外的文字"
_NO_FORM = "不在项目绩效目标表里"
_SHORT = 60


@frozen()
class Region:
    """The lines of one form: ``head`` up to the heading at ``heading`` (an index), then the rest."""

    lines: tuple[Line, ...]
    heading: int


def recognise(document: Document, file: str, schemas: Schemas, form: str | None = None) -> Imported:
    """Every form in ``document``; ``form`` is the 表样 to use for all, else each chooses its own."""
    every = list(lines(document))
    levels = of_forms(schemas.forms.values())
    options = assemble.Options(schemas, levels, form)
    drafts: list[Draft] = []
    doubts = [Doubt("I17", note) for note in document.notes]
    for region in _regions(every):
        made, wrong = assemble.drafts(region.lines, region.heading, options)
        drafts += made
        doubts += wrong
    taken = {cell for draft in drafts for cell in _cells(draft)}
    left = [(cell, why) for cell, why in _left(document) if cell not in taken]
    doubts += _whole(every, drafts, left)
    return Imported(file, tuple(drafts), tuple(left), tuple(doubts))


def _cells(draft: Draft) -> Iterator[Cell]:
    """Every cell of the document that a draft has taken or listed."""
    origins = (cell for origin in draft.origins for cell in origin.cells)
    for cell in (*draft.labels, *(cell for cell, _ in draft.left), *origins):
        yield from cell.parts or (cell,)


def _left(document: Document) -> Iterator[tuple[Cell, str]]:
    for part in document.parts:
        if isinstance(part, Table):
            yield from ((cell, part.aside or _NO_FORM) for cell in part.cells if cell.text)
        elif part.text:
            yield part, _OUTSIDE


def _whole(
    every: Sequence[Line], drafts: Sequence[Draft], left: Sequence[tuple[Cell, str]]
) -> Iterator[Doubt]:
    """What is to be said of the file as a whole."""
    titles = [
        cell for line in every for cell in line.filled if FORM_TITLE.search(squeezed(cell.text)[:_SHORT])
    ]
    others = [cell for cell in titles if NOT_A_PROJECT.search(cell.text)]
    for cell in others:
        if any(cell is one for one, _ in left):
            yield Doubt("I16", "这是部门整体支出的表，不是项目的，没有导入", "", cell)
    if not drafts:
        hint = "表里要有“项目名称”，下面要有“三级指标”“指标值”的表头。扫描件和图片里的表读不出来。"
        yield Doubt("I02", "没有找到项目的绩效目标表", hint)
    rows = sorted({(cell.table, cell.row) for cell, why in left if why == _NO_FORM and cell not in others})
    first = {(cell.table, cell.row): cell for cell, _ in reversed(left)}
    if rows:
        text = f"有 {len(rows)} 行表格没有认出来，没有导入"
        yield Doubt("I16", text, "报告里逐格列出；请看有没有漏掉的目标表。", first[rows[0]])


def _regions(every: Sequence[Line]) -> Iterator[Region]:
    """The forms in document order."""
    starts = list(_starts(every))
    for start, end in zip(starts, [*starts[1:], len(every)], strict=False):
        section = tuple(every[start:end])
        at = next((n for n, line in enumerate(section) if headings.is_heading(line.filled)), None)
        if at is not None and not _is_of_a_department(section[:at]):
            yield Region(section, at)


def _is_of_a_department(head: Sequence[Line]) -> bool:
    names = [cell for line in head for cell in line.filled]
    return any(NOT_A_PROJECT.search(squeezed(cell.text)[:_SHORT]) for cell in names) and not any(
        _names_project(line) for line in head
    )


def _names_project(line: Line) -> bool:
    found = (match(cell.text) for cell in line.filled)
    return any(hit is not None and hit.word is Word.NAME for hit in found)


def _starts(every: Sequence[Line]) -> Iterator[int]:
    """Where each form begins: its title, else the first line of its table."""
    heading = before = title = -1
    for number, line in enumerate(every):
        is_heading = headings.is_heading(line.filled)
        if is_heading:
            new = _is_new(every, number, heading, before, title)
        else:
            new = _names_project(line) and (heading >= before or title > before)
        if new:
            yield _back_to_title(every, number, max(heading, before))
            before = number
        if is_heading:
            heading = number
        elif _is_title(line):
            title = number


def _is_new(every: Sequence[Line], number: int, heading: int, before: int, title: int) -> bool:
    """Whether a heading in line ``number`` begins a form whose project is not named above it.

    ``heading``, ``before`` and ``title``: where the last heading, form and title stood, -1 for nowhere.
    """
    if heading < before:
        return False  # it is the heading that the form begun above was waiting for
    if heading < 0:
        return True
    if _names_project(every[number]) and _words(every[number]) != _words(every[heading]):
        return True
    return title > heading


def _words(line: Line) -> tuple[str, ...]:
    return tuple(plain(cell.text) for cell in line.filled)


def _is_title(line: Line) -> bool:
    return len(line.filled) == 1 and bool(FORM_TITLE.search(squeezed(line.filled[0].text)[:_SHORT]))


def _back_to_title(every: Sequence[Line], number: int, floor: int) -> int:
    """The first line of the form whose name stands in line ``number``, not above line ``floor``."""
    start = number
    for at in range(number - 1, floor, -1):
        line = every[at]
        if _is_title(line):
            start = at
            break
        if line.table != every[number].table and line.table:
            break
        if len(line.filled) > 1 and floor >= 0 and line.table == every[floor].table:
            break
        start = at
    while start - 1 > floor and _is_attachment(every[start - 1]):
        start -= 1
    return start


def _is_attachment(line: Line) -> bool:
    """A line such as 附件 2 above a title."""
    return len(line.filled) == 1 and bool(re.match(r"附[件表]", squeezed(line.filled[0].text)))


def unaccounted(document: Document, imported: Imported) -> tuple[Cell, ...]:
    """Cells with text that are in no draft and in no list of what is left: there must be none."""
    known = {cell for draft in imported.drafts for cell in _cells(draft)} | {
        cell for cell, _ in imported.left
    }
    return tuple(cell for cell in filled(document) if cell not in known)
