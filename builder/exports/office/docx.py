"""A Document as a Word file: WordprocessingML from the templates under ``templates/docx``, zipped.

A form is two tables, one close under the other, because Word repeats rows only from the top of a table and
the headings to repeat stand in the middle of the form.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from builder.exports.office.document import (
    BOTTOM_MARGIN,
    OPEN_ABOVE,
    OPEN_BELOW,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SIDE_MARGIN,
    TOP_MARGIN,
    cut,
    is_long,
)
from builder.frozen import frozen
from builder.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.exports.office.document import Document, Sheet
    from builder.grid import Cell

_PARTS = (
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/core.xml",
    "word/document.xml",
    "word/_rels/document.xml.rels",
    "word/styles.xml",
    "word/settings.xml",
    "word/fontTable.xml",
    "word/footer.xml",
)
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file can say; Word's own files say it too
_TWIPS = 1440 / 25.4
_STYLES = {
    "heading": "FormHeading",
    "field": "FormText",
    "source": "FormText",
    "name": "FormText",
    "goals": "FormGoals",
}


@frozen()
class _Cell:
    """One ``w:tc``: ``width`` in twips, ``merge`` (restart, continue or empty), paragraphs of lines.

    ``open`` (top, bottom or empty) names the side that has no border.
    """

    width: int
    span: int
    merge: str
    open: str
    style: str
    paragraphs: tuple[tuple[str, ...], ...]


@frozen()
class _Row:
    """One ``w:tr``; ``repeated`` on every page, and kept ``whole`` on one."""

    cells: tuple[_Cell, ...]
    repeated: bool
    whole: bool


@frozen()
class _Table:
    """One ``w:tbl``; widths of its columns in twips."""

    widths: tuple[int, ...]
    rows: tuple[_Row, ...]


@frozen()
class _Form:
    """A sheet as the template prints it."""

    title: str
    subtitle: str
    caption: str
    tables: tuple[_Table, ...]


def write(document: Document) -> bytes:
    """The bytes of a ``.docx``."""
    margins = {"side": SIDE_MARGIN, "top": TOP_MARGIN, "bottom": BOTTOM_MARGIN}
    context = {
        "title": document.title,
        "attachment": document.attachment,
        "forms": tuple(_form(sheet) for sheet in document.sheets),
        "page": {"width": _twips(PAGE_WIDTH), "height": _twips(PAGE_HEIGHT)},
        "margin": {side: _twips(width) for side, width in margins.items()},
    }
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        for name in _PARTS:
            part = ZipInfo(name, _NO_TIME)
            part.compress_type = ZIP_DEFLATED
            package.writestr(part, render(f"docx/{name}", **context).encode())
    return stream.getvalue()


def _twips(millimetres: float) -> int:
    return round(millimetres * _TWIPS)


def _form(sheet: Sheet) -> _Form:
    cells = cut(sheet)
    widths = tuple(_twips(width) for width in sheet.widths)
    rows: list[list[tuple[int, bool, Cell]]] = [[] for _ in range(sheet.rows)]
    for cell in cells:
        for row in range(cell.row, cell.row + cell.rows):
            rows[row].append((cell.column, row == cell.row, cell))
    made = [_row(sorted(row, key=lambda item: item[0]), widths) for row in rows]
    parts = (_joined(made[: sheet.heading]), made[sheet.heading :])
    return _Form(
        sheet.title,
        sheet.subtitle,
        f"{sheet.project}：{sheet.title}",
        tuple(_Table(widths, tuple(part)) for part in parts if part),
    )


def _joined(rows: list[_Row]) -> list[_Row]:
    """Rows over another table: the last has no line below it, for the other table draws one."""
    last = [
        replace(row, cells=tuple(replace(cell, open="bottom") for cell in row.cells)) for row in rows[-1:]
    ]
    return rows[:-1] + last


def _row(items: list[tuple[int, bool, Cell]], widths: tuple[int, ...]) -> _Row:
    cells = [cell for _, _, cell in items]
    return _Row(
        cells=tuple(_cell(cell, widths, first=first) for _, first, cell in items),
        repeated=any(cell.role == "heading" for cell in cells),
        whole=not any(is_long(cell) for cell in cells),
    )


def _cell(cell: Cell, widths: tuple[int, ...], *, first: bool) -> _Cell:
    merge = "" if cell.rows == 1 else "restart" if first else "continue"
    return _Cell(
        width=sum(widths[cell.column : cell.column + cell.columns]),
        span=cell.columns,
        merge=merge,
        open={OPEN_BELOW: "bottom", OPEN_ABOVE: "top"}.get(cell.role, ""),
        style=_STYLES.get(cell.role, "FormLabel"),
        paragraphs=tuple(_paragraphs(cell)) if first else ((),),
    )


def _paragraphs(cell: Cell) -> Iterator[tuple[str, ...]]:
    yield from (tuple(line.split("\n")) for line in cell.lines or ("",))
