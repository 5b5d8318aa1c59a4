"""A document as every reader gives it: tables of merged cells, and paragraphs between.

Nothing here knows a file format or a form.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@frozen()
class Cell:
    """One merged cell, or a paragraph outside tables (``table`` 0). ``row`` and ``column`` count from 0.

    ``text`` is to the letter, paragraphs parted by line ends, without white space at its ends. ``address``
    is how a person finds the cell; ``line`` and ``position`` count from 1: the place in a text file, else
    row and cell. ``remarks`` are what the reader has to say of it, each a Chinese clause. ``parts`` are the
    cells it was put together of, where it was.
    """

    table: int
    row: int
    column: int
    text: str
    address: str
    line: int
    position: int
    rows: int = 1
    columns: int = 1
    remarks: tuple[str, ...] = ()
    parts: tuple[Cell, ...] = ()

    @property
    def bottom(self) -> int:
        """The row below the cell."""
        return self.row + self.rows

    @property
    def right(self) -> int:
        """The column to the right of the cell."""
        return self.column + self.columns


@frozen()
class Table:
    """A table. ``merges``: whether its format can merge cells, so that an empty one stands for itself.

    ``aside``: a table that nobody sees (a hidden sheet), and why. ``paged``: it ends with its page, and the
    next one may go on with it in the middle of a row.
    """

    cells: tuple[Cell, ...]
    merges: bool
    aside: str = ""
    paged: bool = False


@frozen()
class Document:
    """One file. ``notes`` are what was found beside the tables and is not read, each a Chinese sentence."""

    parts: tuple[Table | Cell, ...]
    notes: tuple[str, ...] = ()


@frozen()
class Line:
    """One row of a table, or a paragraph: ``cells`` begin in it, ``across`` also those from above.

    Both are from left to right; empty cells are among them. ``table`` is 0 for a paragraph. ``merges`` and
    ``paged`` are its table's.
    """

    table: int
    row: int
    merges: bool
    paged: bool
    cells: tuple[Cell, ...]
    across: tuple[Cell, ...]

    @property
    def filled(self) -> tuple[Cell, ...]:
        """The cells with text that begin here."""
        return tuple(cell for cell in self.cells if cell.text)


def lines(document: Document) -> Iterator[Line]:
    """Every row and paragraph of a document, from the top."""
    for part in document.parts:
        if isinstance(part, Cell):
            yield Line(0, part.row, merges=False, paged=False, cells=(part,), across=(part,))
        elif not part.aside:
            yield from _rows(part)


def _rows(table: Table) -> Iterator[Line]:
    ordered = sorted(table.cells, key=lambda cell: (cell.row, cell.column))
    starting = {row: tuple(group) for row, group in groupby(ordered, key=lambda cell: cell.row)}
    above: list[Cell] = []
    for row in range(max((cell.bottom for cell in ordered), default=0)):
        above = [cell for cell in above if cell.bottom > row]
        cells = starting.get(row, ())
        across = sorted((*above, *cells), key=lambda cell: cell.column)
        if across:
            yield Line(across[0].table, row, table.merges, table.paged, cells, tuple(across))
        above += (cell for cell in cells if cell.rows > 1)


def filled(document: Document) -> Iterator[Cell]:
    """Every cell and paragraph that has text."""
    for part in document.parts:
        yield from (cell for cell in _cells(part) if cell.text)


def _cells(part: Table | Cell) -> Iterable[Cell]:
    return (part,) if isinstance(part, Cell) else part.cells
