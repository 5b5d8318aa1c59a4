"""The printed form as one grid of merged cells, from which every carrier (HTML, documents) is made.

A form's own layout and a Project in; cells with their place, span and role out. The cells cover the rectangle
exactly once. It knows no form by name: labels, order, widths and marks come from the form.
"""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from builder import decode
from builder.form import CellRow, FundingBlock, GoalsBlock, IndicatorsBlock
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from builder.form import Block, Form
    from builder.form import Cell as LayoutCell
    from builder.model import Indicator, Project


class Cell(NamedTuple):
    """One merged cell. ``row`` and ``column`` count from 0.

    ``role`` is what it holds: ``label``, ``heading``, ``field``, ``source``, ``amount``, ``goals``,
    ``level1``, ``level2``, ``name``, ``value`` or ``extra``. ``scope`` (``row``, ``rowgroup``, ``col``) says
    over what a header cell speaks; it is empty for data. ``lines`` are the paragraphs of its text.
    """

    row: int
    column: int
    lines: tuple[str, ...]
    role: str
    scope: str = ""
    rows: int = 1
    columns: int = 1

    @property
    def text(self) -> str:
        """The paragraphs as one text."""
        return "\n".join(self.lines)


_CELL: Callable[[Iterable[object]], Cell] = partial(tuple.__new__, Cell)
"""A Cell of all its values: what ``Cell`` does, in half the time, for a form has some eighty."""


@frozen()
class Grid:
    """A form ready to print: title, year line, and rows of cells from left to right.

    ``columns`` says of each column what stands in it in the indicator rows: ``label``, ``level1``,
    ``level2``, ``name``, ``value`` or ``extra``; ``part`` for the further columns of a wider cell.
    """

    title: str
    subtitle: str
    columns: tuple[str, ...]
    lines: tuple[tuple[Cell, ...], ...]


def form_grid(project: Project, form: Form) -> Grid:
    """The official form of one project."""
    texts = decode.texts(project, form)
    lines: list[list[Cell]] = []
    for block in form.layout.rows:
        top = len(lines)
        placed = _block(block, top, project, form, texts)
        lines += [[] for _ in range(max([row + rows for row, _, _, _, _, rows, _ in placed]) - top)]
        for cell in placed:
            lines[cell[0]].append(cell)
    number = f" {project.number}" if project.number is not None else ""
    return Grid(
        title=f"{form.title}{number}",
        subtitle=form.subtitle.replace(f"{{{decode.YEAR}}}", str(project.year)),
        columns=_columns(form),
        lines=tuple(map(tuple, lines)),
    )


def _columns(form: Form) -> tuple[str, ...]:
    block = next(row for row in form.layout.rows if isinstance(row, IndicatorsBlock))
    found = ["label"]
    for column in block.columns:
        found += [_ROLES.get(column.fields[0], "extra"), *["part"] * (column.columns - 1)]
    return tuple(found)


def _block(block: Block, top: int, project: Project, form: Form, texts: dict[str, str]) -> list[Cell]:
    """The cells of one block, which begins in row ``top``; those of a row from left to right."""
    match block:
        case CellRow(cells):
            return _cells(cells, top, texts)
        case FundingBlock():
            return _funding(block, top, texts)
        case GoalsBlock():
            return _goals(block, top, project, form.layout.columns)
        case IndicatorsBlock():
            return _indicators(block, top, project, form)


def _cells(
    cells: tuple[LayoutCell, ...], top: int, texts: dict[str, str], *, column: int = 0, rows: int = 1
) -> list[Cell]:
    made = []
    for cell in cells:
        if cell.label is not None:
            made.append(_CELL((top, column, (cell.label,), "label", "row", rows, cell.columns)))
        else:
            text = " ".join(filter(None, [texts.get(key, "") for key in cell.fields]))
            made.append(_CELL((top, column, (text,), "field", "", rows, cell.columns)))
        column += cell.columns
    return made


def _funding(block: FundingBlock, top: int, texts: dict[str, str]) -> list[Cell]:
    height = len(block.rows)
    made = [Cell(top, 0, (block.label,), "label", "rowgroup", height)]
    amounts = 1 + block.label_columns
    for row, field in enumerate(block.rows, top):
        made.append(_CELL((row, 1, (field.title,), "source", "row", 1, block.label_columns)))
        made.append(_CELL((row, amounts, (texts.get(field.key, ""),), "amount", "", 1, block.amount_columns)))
    return made + _cells(block.side, top, texts, column=amounts + block.amount_columns, rows=height)


def _goals(block: GoalsBlock, top: int, project: Project, columns: int) -> list[Cell]:
    goals = [block.item.replace("{n}", str(n)) + goal for n, goal in enumerate(project.goals, 1)]
    return [
        Cell(top, 0, (block.label,), "label", "row"),
        Cell(top, 1, tuple(goals), "goals", "", 1, columns - 1),
    ]


_ROLES = {decode.LEVEL1: "level1", decode.LEVEL2: "level2", decode.LEVEL3: "name", decode.VALUE: "value"}


def _indicators(block: IndicatorsBlock, top: int, project: Project, form: Form) -> list[Cell]:
    made = []
    height = len(project.indicators)
    heading = block.label_heading is not None
    if heading:
        made.append(Cell(top, 0, (block.label_heading or "",), "heading", "col"))
    if height or not heading:
        made.append(Cell(top + heading, 0, (block.label,), "label", "rowgroup", height + (not heading)))
    column = 1
    for head in block.columns:
        made.append(_CELL((top, column, (head.label or "",), "heading", "col", 1, head.columns)))
        made += _column(head, top + 1, column, project.indicators, form)
        column += head.columns
    return made


def _column(
    head: LayoutCell, row: int, column: int, indicators: tuple[Indicator, ...], form: Form
) -> list[Cell]:
    """One column under its heading; equal 一级 and 二级 labels one below the other become one cell."""
    key, columns = head.fields[0], head.columns
    role = _ROLES.get(key, "extra")
    if role in {"level1", "level2"}:
        made = []
        shown = _level1(indicators) if role == "level1" else _level2(indicators, form)
        for label, group in groupby(shown):
            rows = sum(1 for _ in group)
            made.append(_CELL((row, column, (label[-1],), role, "rowgroup", rows, columns)))
            row += rows
        return made
    scope = "row" if role == "name" else ""
    texts = decode.column_texts(indicators, key)
    return [_CELL((at, column, (text,), role, scope, 1, columns)) for at, text in enumerate(texts, row)]


def _level1(indicators: Iterable[Indicator]) -> list[tuple[str, ...]]:
    """The label of each row's 一级指标."""
    return [(row.level1,) for row in indicators]


def _level2(indicators: Iterable[Indicator], form: Form) -> list[tuple[str, ...]]:
    """The same of 二级指标, with the mark of the form, each below its 一级指标."""
    marked = form.marked
    return [(row.level1, marked[row.level1, row.level2]) for row in indicators]
