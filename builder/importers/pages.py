"""Rows that the end of a page cut in two are put together again, where a table goes on over pages (PDF).

The lower half has no name or no value of its own. Its texts go on with the cells above; each cell so made
keeps the cells it was made of and says that it was joined.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from builder.importers.columns import Role, is_heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.importers.columns import Column, Heading
    from builder.importers.levels import Levels
    from builder.importers.table import Cell, Line


def rejoined(lines: Sequence[Line], heading: Heading, levels: Levels) -> list[Line]:
    """The lines below a heading with the halves of cut rows joined."""
    joined: dict[Cell, Cell] = {}
    kept: list[Line] = []
    for line in lines:
        above = kept[-1] if kept else None
        if (
            above is not None
            and above.paged
            and above.table != line.table
            and _is_rest(line, heading, levels)
        ):
            homes = {cell: _above(cell, above) for cell in line.filled}
            if all(home is not None for home in homes.values()):
                for cell, home in homes.items():
                    if home is not None:
                        joined[home] = _joined(joined.get(home, home), cell)
                        joined[cell] = replace(cell, text="")
                continue
        kept.append(line)
    return [_replaced(line, joined) for line in kept] if joined else kept


def _is_rest(line: Line, heading: Heading, levels: Levels) -> bool:
    """Whether the first row of a page is the lower half of the last row of the page before."""
    filled = line.filled
    if not filled or is_heading(filled) or any(levels.is_full(cell.text) for cell in filled):
        return False
    name, value = heading.first(Role.NAME), heading.first(Role.VALUE)
    return not (_stands_in(filled, name) and _stands_in(filled, value))


def _stands_in(cells: Sequence[Cell], column: Column | None) -> bool:
    return column is not None and any(cell.column <= column.start < cell.right for cell in cells)


def _above(cell: Cell, line: Line) -> Cell | None:
    """The cell with text at the foot of the page before, over ``cell``."""
    same = (other for other in line.across if other.column == cell.column and other.right == cell.right)
    return next((other for other in same if other.text), None)


def _joined(above: Cell, below: Cell) -> Cell:
    return replace(
        above,
        text=above.text + below.text,
        address=f"{above.address}和{below.address}",
        remarks=(*above.remarks, *below.remarks, f"跨页，接上了下一页开头的“{below.text}”"),
        parts=(*(above.parts or (above,)), below),
    )


def _replaced(line: Line, joined: dict[Cell, Cell]) -> Line:
    return replace(
        line,
        cells=tuple(joined.get(cell, cell) for cell in line.cells),
        across=tuple(joined.get(cell, cell) for cell in line.across),
    )
