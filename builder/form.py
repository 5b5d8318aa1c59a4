"""What one form (表样) says of itself: names, fields, taxonomy, and how it is printed.

Read from the annotations of a form's JSON Schema (``x-form``, ``x-print``, ``x-mark``, ``x-required``,
``x-topic``, ``x-role``) after its references are resolved and ``form.schema.json`` has accepted it.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from builder.errors import SchemaError
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FUNDING, GOALS, INDICATORS = "项目资金", "年度总体目标", "绩效指标"
"""The three keys that are printed as blocks of several rows."""

_COLUMN_FIELDS = ("一级指标", "二级指标", "三级指标", "指标值", "权重", "指标解释", "备注")


class Topic(StrEnum):
    """What a 二级指标 is about, whatever a form calls it; rules ask for this and never for a name."""

    QUANTITY = "quantity"
    QUALITY = "quality"
    TIMELINESS = "timeliness"
    COST = "cost"  # money spent
    BURDEN = "burden"  # what society or nature pays
    BENEFIT = "benefit"
    SATISFACTION = "satisfaction"


@frozen()
class Field:
    """One key of the YAML (栏目) and the words printed for it."""

    key: str
    title: str
    description: str = ""


@frozen()
class Slot:
    """二级指标. ``mark`` (必填硬性指标, 必填, 选填) is printed in brackets; empty where the form has none."""

    name: str
    mark: str
    required: bool
    description: str
    topic: Topic


@frozen()
class Level1:
    """一级指标 and its 二级指标 in printed order."""

    name: str
    level2: tuple[Slot, ...]
    description: str


@frozen()
class Cell:
    """One printed cell, ``columns`` wide: fixed words (``label``) or the values of ``fields``."""

    label: str | None
    fields: tuple[str, ...]
    columns: int


@frozen()
class CellRow:
    """One printed row; the widths of its cells add up to the columns of the layout."""

    cells: tuple[Cell, ...]


@frozen()
class FundingBlock:
    """项目资金: a one-column label beside ``rows`` of name and amount; ``side`` cells span all the rows."""

    label: str
    rows: tuple[Field, ...]
    label_columns: int
    amount_columns: int
    side: tuple[Cell, ...]


@frozen()
class GoalsBlock:
    """年度总体目标: a one-column label beside one cell; ``item``, with ``{n}``, stands before each goal."""

    label: str
    item: str


@frozen()
class IndicatorsBlock:
    """绩效指标: a one-column label beside a heading row and a row for each indicator.

    ``columns`` are cells with both a label (the heading) and one field (一级指标, 二级指标, 三级指标, 指标值,
    权重, 指标解释, 备注). ``label_heading`` stands over the label; where it is ``None`` the label spans the
    heading row too.
    """

    label: str
    label_heading: str | None
    columns: tuple[Cell, ...]


Block = CellRow | FundingBlock | GoalsBlock | IndicatorsBlock


@frozen()
class Layout:
    """The printed form, top to bottom, over ``columns`` columns."""

    columns: int
    rows: tuple[Block, ...]


@frozen(slots=False)
class Form:
    """表样. ``subtitle`` has ``{年度}`` in it; ``currency`` is 万元 or 元.

    ``total``, ``funds`` and ``execution`` are the rows of 项目资金: the total, its sources in printed
    order, and 执行率分值 where there is one. ``weight_total``: what the weights (权重) add up to.
    ``topics``: what each 二级指标 is about, by the name of its 一级指标 and its own.
    """

    id: str
    name: str
    description: str
    title: str
    subtitle: str
    currency: str
    fields: tuple[Field, ...]
    total: Field
    funds: tuple[Field, ...]
    execution: Field | None
    weight_total: int | None
    level1: tuple[Level1, ...]
    topics: Mapping[tuple[str, str], Topic]
    layout: Layout

    @property
    def slots(self) -> Iterator[tuple[Level1, Slot]]:
        """Every 二级指标 with its 一级指标, in printed order."""
        return ((level1, slot) for level1 in self.level1 for slot in level1.level2)

    @cached_property
    def marked(self) -> Mapping[tuple[str, str], str]:
        """What is printed of each 二级指标, its mark included, by the name of its 一级指标 and its own."""
        marks = {(level1.name, slot.name): slot.mark for level1, slot in self.slots}
        return {names: f"{names[1]}（{mark}）" if mark else names[1] for names, mark in marks.items()}


def read(schema: Mapping[str, Any]) -> Form:
    """The form described by ``schema``, a resolved form schema; SchemaError where it contradicts itself."""
    about, properties = schema["x-form"], schema["properties"]
    rows = properties[FUNDING]["properties"]
    by_role = {role: tuple(_fields(rows, role)) for role in ("total", "source", "execution")}
    if len(by_role["total"]) != 1 or len(by_role["execution"]) > 1:
        raise SchemaError(
            f"表样 {about['id']}：项目资金里要有一个总额（total），执行率（execution）至多一个。"
        )
    layout = _layout(schema["x-print"], about["id"])
    if unknown := set(printed(layout)) - {*properties, *rows, *_COLUMN_FIELDS}:
        raise SchemaError(f"表样 {about['id']}：x-print 要印的“{min(unknown)}”不是这份表样的栏目。")
    level1 = tuple(_level1(properties[INDICATORS]["properties"]))
    return Form(
        id=about["id"],
        name=about["name"],
        description=schema["description"],
        title=about["title"],
        subtitle=about["subtitle"],
        currency=about["currency"],
        fields=tuple(_fields(properties)),
        total=by_role["total"][0],
        funds=by_role["source"],
        execution=next(iter(by_role["execution"]), None),
        weight_total=about.get("weight_total"),
        level1=level1,
        topics={(group.name, slot.name): slot.topic for group in level1 for slot in group.level2},
        layout=layout,
    )


def printed(layout: Layout) -> Iterator[str]:
    """Every key that ``layout`` prints, in printed order; the three blocks give the keys of their cells."""
    for row in layout.rows:
        match row:
            case CellRow(cells) | IndicatorsBlock(columns=cells):
                yield from (key for cell in cells for key in cell.fields)
            case FundingBlock():
                yield from (field.key for field in row.rows)
                yield from (key for cell in row.side for key in cell.fields)
            case GoalsBlock():
                yield GOALS


def _fields(properties: Mapping[str, Any], role: str | None = None) -> Iterator[Field]:
    for key, value in properties.items():
        if role is None or value["x-role"] == role:
            yield Field(key, value["title"], value["description"])


def _level1(properties: Mapping[str, Any]) -> Iterator[Level1]:
    for name, group in properties.items():
        slots = (
            Slot(
                key,
                slot.get("x-mark", ""),
                slot["x-required"],
                slot["description"],
                Topic(slot["x-topic"]),
            )
            for key, slot in group["properties"].items()
        )
        yield Level1(name, tuple(slots), group["description"])


def _layout(printed: Mapping[str, Any], form: str) -> Layout:
    columns = printed["columns"]
    rows = tuple(_row(row) for row in printed["rows"])
    for number, row in enumerate(rows, 1):
        if (width := _width(row, columns)) != columns:
            raise SchemaError(f"表样 {form}：x-print 第 {number} 行共占 {width} 列，应占 {columns} 列。")
    return Layout(columns, rows)


def _row(row: Any) -> Block:  # noqa: ANN401  JSON, its shape held by form.schema.json
    if isinstance(row, list):
        return CellRow(_cells(row))
    match row["block"]:
        case "funding":
            return FundingBlock(
                row["label"],
                tuple(Field(item["field"], item["label"]) for item in row["rows"]),
                row["label_columns"],
                row["amount_columns"],
                _cells(row.get("side", ())),
            )
        case "goals":
            return GoalsBlock(row["label"], row["item"])
        case _:
            return IndicatorsBlock(row["label"], row.get("label_heading"), _cells(row["columns"]))


def _cells(cells: Iterable[Mapping[str, Any]]) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            cell.get("label"),
            (cell["field"],) if "field" in cell else tuple(cell.get("fields", ())),
            cell.get("columns", 1),
        )
        for cell in cells
    )


def _width(row: Block, columns: int) -> int:
    match row:
        case CellRow(cells):
            return sum(cell.columns for cell in cells)
        case FundingBlock():
            side = sum(cell.columns for cell in row.side)
            return 1 + row.label_columns + row.amount_columns + side
        case IndicatorsBlock():
            return 1 + sum(cell.columns for cell in row.columns)
        case GoalsBlock():
            return max(columns, 2)
