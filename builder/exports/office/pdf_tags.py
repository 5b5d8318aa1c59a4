"""Row headers for screen readers in the tables of a tagged PDF.

Typst marks as headers only the cells of repeated rows. In the official form the labels on the left speak for
their rows, so the structure tree is completed here from the grid's own ``scope``.
"""

from __future__ import annotations

import io
from collections import defaultdict
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, String

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pikepdf import Object

    from builder.grid import Cell

_OVER_ROWS = {"row", "rowgroup"}


def with_row_headers(pdf: bytes, tables: Sequence[Sequence[Cell]]) -> bytes:
    """``pdf`` with header cells for rows; ``tables`` are the cells of each table in reading order."""
    with Pdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.StructTreeRoot
        named: dict[str, Object] = {}
        for number, (table, cells) in enumerate(zip(_elements(root, {"/Table"}), tables, strict=True)):
            named |= _complete(table, cells, prefix=f"R{number}")
        names = root.IDTree.Names
        named |= {str(names[at]): names[at + 1] for at in range(0, len(names), 2)}
        root.IDTree.Names = Array(item for name in sorted(named) for item in (String(name), named[name]))
        stream = io.BytesIO()
        document.save(stream, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return stream.getvalue()


def _complete(table: Object, cells: Sequence[Cell], *, prefix: str) -> dict[str, Object]:
    """Mark the row headers of one table and name them in the cells they speak for; the headers by name."""
    tagged = list(zip(_elements(table, {"/TD", "/TH"}), cells, strict=True))
    over: dict[int, list[Cell]] = defaultdict(list)
    named = {}
    for element, cell in tagged:
        if cell.scope in _OVER_ROWS:
            name = _name(cell, prefix)
            element.S, element.ID = Name.TH, String(name)
            _of_table(element).Scope = Name.Row
            named[name] = element
            for row in range(cell.row, cell.row + cell.rows):
                over[row].append(cell)
    for element, cell in tagged:
        attributes = _of_table(element)
        for header in _headers(cell, over[cell.row]):
            attributes.Headers.append(String(_name(header, prefix)))
    return named


def _headers(cell: Cell, over: Sequence[Cell]) -> Iterator[Cell]:
    """Of the headers over a row those for one cell: group labels on its left, and a value's own label."""
    left = [header for header in over if header.column < cell.column]
    yield from (header for header in left if header.scope == "rowgroup")
    labels = [header for header in left if header.scope == "row"]
    if labels and not cell.scope:
        yield labels[-1]


def _name(cell: Cell, prefix: str) -> str:
    return f"{prefix}x{cell.column}y{cell.row}"


def _of_table(element: Object) -> Object:
    """The attributes of a cell that belong to its table."""
    return next(item for item in element.A if Name.Table == item.O)


def _elements(element: Object, kinds: set[str]) -> Iterator[Object]:
    """The nearest elements of the given kinds below one, in reading order."""
    below = element.get("/K")
    for child in below if isinstance(below, Array) else (below,):
        if isinstance(child, Dictionary):
            if child.get("/S") in kinds:
                yield child
            else:
                yield from _elements(child, kinds)
