"""A layout → pages of cells: the printed table with its spans, drawn without any code of the importer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from tests.importing.record import NINGXIA, expected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.importing.record import Leaves, Record


@dataclass(frozen=True)
class Box:
    """One cell with its spans."""

    text: str
    columns: int = 1
    rows: int = 1


Rows = list[list[Box]]
Part = str | Rows
"""A paragraph, or a table: each row has the cells that begin in it, left to right."""

HeadRow = str
"""``项目名称::2 | {name}::4``: cells with their columns (and ``/rows``); ``{…}`` is from the record."""


@dataclass(frozen=True)
class Layout:
    """How one place prints a form.

    ``columns``: heading and key of the record; ``fields``: what an import finds. ``levels``: ``merged``,
    ``blank`` (unmerged, named once) or ``repeated``. ``block``: the label to the left of all indicators,
    ``corner``: the heading over it (none: the label spans it); ``group``: a row over the heading.
    ``draw`` and ``change``: where the table, or what an import gives, is unlike the plain case. ``flags``:
    codes that must be raised. ``skip``: formats that cannot hold it. ``rename``: this place's words.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    fields: frozenset[str]
    form: str = "ningxia-2024"
    head: tuple[HeadRow, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    group: HeadRow = ""
    levels: str = "merged"
    block: str = "绩效指标"
    corner: str = ""
    records: tuple[Record, ...] = (NINGXIA,)
    draw: Callable[[Layout], list[Part]] | None = None
    change: Callable[[Leaves], Leaves] | None = None
    flags: frozenset[str] = frozenset()
    skip: tuple[str, ...] = ()
    rename: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the record that the columns print."""
        return frozenset(key for _, key in self.columns)

    @property
    def width(self) -> int:
        """Columns of the table."""
        return len(self.columns) + bool(self.block)

    def parts(self) -> list[Part]:
        """Everything in the file, from the top."""
        return (
            self.draw(self) if self.draw else [part for record in self.records for part in form(self, record)]
        )

    def leaves(self) -> list[Leaves]:
        """What an import should give for each project."""
        every = [expected(record, self.fields, self.keys) for record in self.records]
        return [self.change(leaves) if self.change else leaves for leaves in every]


def head_row(text: HeadRow, record: Record) -> list[Box]:
    """A row of the upper part."""
    return [_box(cell.strip(), record) for cell in text.split(" | ")]


def _box(text: str, record: Record) -> Box:
    words, _, span = text.rpartition("::")
    columns, _, rows = span.partition("/")
    shown = (words if words or "::" in text else text).strip()
    for key, value in record.words().items():
        shown = shown.replace(f"{{{key}}}", value)
    shown = shown.replace("⏎", "\n")
    return Box(shown, int(columns), int(rows or 1)) if "::" in text else Box(shown)


def form(layout: Layout, record: Record) -> Iterator[Part]:
    """One form: paragraphs, and one table with head, heading and rows."""
    yield from before(layout, record)
    rows = [head_row(text, record) for text in layout.head]
    yield widened([*rows, *indicators(layout, record)], layout.width)
    yield from (_box(text, record).text for text in layout.after)


def before(layout: Layout, record: Record) -> list[str]:
    """The paragraphs above the table."""
    return [_box(text, record).text for text in layout.before]


def indicators(layout: Layout, record: Record) -> Rows:
    """The heading and the rows of one form."""
    body = body_rows(layout, record)
    top: Rows = [head_row(layout.group, record)] if layout.group else []
    heading = [Box(title) for title, _ in layout.columns]
    if not layout.block:
        return [*top, heading, *body]
    if layout.corner:
        heading.insert(0, Box(layout.corner))
        body[0].insert(0, Box(layout.block, rows=len(body)))
    else:
        heading.insert(0, Box(layout.block, rows=len(body) + 1))
    return [*top, heading, *body]


def body_rows(layout: Layout, record: Record) -> Rows:
    """A row for each indicator; equal level labels one under the other are one cell."""
    rows: Rows = [[] for _ in record.rows]
    for _, key in layout.columns:
        texts = [layout.rename.get(text := str(getattr(row, key, "")), text) for row in record.rows]
        if key == "ordinal":
            texts = [str(number) for number in range(1, len(texts) + 1)]
        if key in {"op", "unit"}:
            texts = [text or "/" for text in texts]
        number = 0
        marks = [row.level1 if key == "level1" else (row.level1, row.level2) for row in record.rows]
        for _, group in groupby(range(len(texts)), key=lambda n: marks[n]):
            members = list(group)
            if key in {"level1", "level2"} and layout.levels == "merged":
                rows[members[0]].append(Box(texts[members[0]], rows=len(members)))
            else:
                for n in members:
                    again = key in {"level1", "level2"} and layout.levels == "blank" and n != members[0]
                    rows[n].append(Box("" if again else texts[n]))
            number += len(members)
    return rows


def widened(rows: Rows, width: int) -> Rows:
    """The rows with the last cell of each reaching to the right edge of ``width`` columns."""
    covered: dict[int, int] = {}
    result: Rows = []
    for row in rows:
        taken = sum(1 for left in covered.values() if left > 0)
        own = sum(box.columns for box in row)
        spare = width - taken - own
        made = (
            [*row[:-1], replace(row[-1], columns=row[-1].columns + spare)] if spare > 0 and row else list(row)
        )
        result.append(made)
        column = 0
        covered = {at: left - 1 for at, left in covered.items() if left > 1}
        for box in made:
            while column in covered:
                column += 1
            if box.rows > 1:
                covered |= dict.fromkeys(range(column, column + box.columns), box.rows - 1)
            column += box.columns
    return result
