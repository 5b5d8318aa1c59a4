"""What an office document holds: forms ready to print, and how they stand on A4. Knows no file format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.grid import form_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from builder.form import Form
    from builder.grid import Cell, Grid
    from builder.model import Project

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
SIDE_MARGIN, TOP_MARGIN, BOTTOM_MARGIN = 18.0, 20.0, 18.0
TEXT_WIDTH = PAGE_WIDTH - 2 * SIDE_MARGIN
"""A4 portrait, millimetres."""

LONG = 120
"""A cell of more characters may be cut by the end of a page; a shorter one moves to the next page whole."""

OPEN_BELOW, OPEN_ABOVE = "label_open_below", "label_open_above"
"""Roles of the two parts of a label that stands beside the headings and was cut under them."""

_NARROW = {"level1": 22.0, "level2": 36.5}  # five and nine full-width characters and a cell's padding
_NARROWEST = 18.5  # four of them
_WIDE = {"name": 48.0, "value": 38.0, "extra": 32.0}
_SHORT = 6
_LINE = 9  # what a line holds of the label of a 二级指标
_LEAST = 0.5
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@frozen()
class Sheet:
    """One form to print. ``widths`` of its columns in mm; row ``heading`` is repeated on every page.

    ``cells`` in reading order, covering the rectangle of ``rows`` and columns exactly once.
    """

    project: str
    title: str
    subtitle: str
    widths: tuple[float, ...]
    rows: int
    heading: int
    cells: tuple[Cell, ...]


@frozen()
class Document:
    """One file: its name in the file's properties, 附件标题 (may be empty) and its forms in table order."""

    title: str
    attachment: str
    sheets: tuple[Sheet, ...]


def of_project(project: Project, form: Form, *, attachment: str | None) -> Document:
    """The official form of one project."""
    made = sheet(project, form)
    title = f"{project.name}：{made.title}{made.subtitle}"
    return Document(printable(title), printable(attachment or ""), (made,))


def of_department(
    projects: Iterable[tuple[Project, Form]], *, name: str, year: int, attachment: str | None
) -> Document:
    """The forms of all projects of a department in one file; ``projects`` in table order."""
    title = attachment or f"{name} {year} 年度项目支出预算绩效目标表"
    sheets = tuple(sheet(project, form) for project, form in projects)
    return Document(printable(title), printable(attachment or ""), sheets)


def sheet(project: Project, form: Form) -> Sheet:
    """One form, ready for any format."""
    grid = form_grid(project, form)
    cells = tuple(_laid(cell) for line in grid.lines for cell in line)
    return Sheet(
        project=printable(project.name),
        title=printable(grid.title),
        subtitle=printable(grid.subtitle),
        widths=_widths(grid),
        rows=len(grid.lines),
        heading=min(cell.row for cell in cells if cell.role == "heading"),
        cells=cells,
    )


def printable(text: str) -> str:
    """Text that every format can carry: what XML cannot hold becomes U+FFFD, line ends become line feeds."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n"))


def _laid(cell: Cell) -> Cell:
    lines = tuple(printable(line) for line in cell.lines)
    if cell.role == "level2" and len(cell.text) > _LINE:
        # （必填） reads badly when it is cut in the middle.
        lines = tuple(line[0] + line[1:].replace("（", "\n（", 1) for line in lines)
    return cell._replace(lines=lines)


def cut(made: Sheet) -> tuple[Cell, ...]:
    """The cells, with a label that reaches from the headings downwards cut in two under them.

    Repeated rows can hold no cell that goes on below them, neither in a Word table nor in a PDF.
    """
    parts = (part for cell in made.cells for part in _cut(cell, made.heading))
    return tuple(sorted(parts, key=lambda cell: (cell.row, cell.column)))


def _cut(cell: Cell, heading: int) -> Iterator[Cell]:
    if cell.row != heading or cell.rows == 1:
        yield cell
    else:
        yield cell._replace(rows=1, lines=("",), role=OPEN_BELOW, scope="col")
        yield cell._replace(row=heading + 1, rows=cell.rows - 1, role=OPEN_ABOVE)


def is_long(cell: Cell) -> bool:
    """Whether a page may end inside the cell."""
    return len(cell.text) > LONG


def _widths(grid: Grid) -> tuple[float, ...]:
    """Narrow columns for labels and figures; the others share the rest of the page."""
    columns = tuple(enumerate(grid.columns))
    wide = [0.0 if _is_short(grid, column) else _WIDE.get(role, 0.0) for column, role in columns]
    narrow = [0.0 if wide[column] else _NARROW.get(role, _NARROWEST) for column, role in columns]
    spare = TEXT_WIDTH - sum(narrow)
    if sum(wide) * _LEAST > spare or not any(wide):
        natural = sum(wide) + sum(narrow)
        return tuple((wide[column] + narrow[column]) * TEXT_WIDTH / natural for column, _ in columns)
    return tuple(wide[column] * spare / sum(wide) + narrow[column] for column, _ in columns)


def _is_short(grid: Grid, column: int) -> bool:
    """Whether a column of further facts (权重) holds nothing but short ones."""
    if grid.columns[column] != "extra":
        return False
    extras = (cell for line in grid.lines for cell in line if cell.role == "extra" and cell.column == column)
    return all(len(cell.text) <= _SHORT for cell in extras)
