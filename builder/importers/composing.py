"""指标值 put together where its sign, number and unit stand in columns of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers.columns import Role
from builder.importers.doubts import Doubt
from builder.importers.labels import squeezed
from builder.importers.placing import from_above
from builder.values import Kind, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.importers.columns import Heading
    from builder.importers.placing import Placed
    from builder.importers.table import Cell, Line
    from builder.values import Vocabulary

_QUALITATIVE = {"定性", "定性指标", "⑥定性", "6定性"}
_SIGNS = {
    *("≥", "≧", "⩾", ">=", "≤", "≦", "⩽", "<=", "=", "==", ">", "<", "≈", "±", "》", "《", "〉", "〈"),
    *("大于等于", "小于等于", "大于", "小于", "等于", "不低于", "不高于", "不少于", "不超过", "优于"),
}
_SIGN_STARTS = tuple("≥≧⩾≤≦⩽=><＝＞＜≈±》《〉〈")
_NO_UNIT = {"", "无", "/", "-", "—", "--", "——", "定性", "\\", "*", "无单位"}
_CHECK = "请核对指标值。"


@frozen()
class Composed:
    """指标值 and its cells (none where there is no value), and the cells not in it, with reasons."""

    text: str = ""
    cells: tuple[Cell, ...] = ()
    left: tuple[tuple[Cell, str], ...] = ()
    doubts: tuple[Doubt, ...] = ()


def compose(line: Line, heading: Heading, placed: Placed, words: Vocabulary) -> Composed:
    """指标值 of one row."""
    cell = placed.pieces.get(Role.VALUE) or from_above(line, heading, Role.VALUE)
    sign, unit = placed.pieces.get(Role.OPERATOR), placed.pieces.get(Role.UNIT)
    if cell is None:
        alone = tuple((one, "没有指标值，单有它没有用") for one in (sign, unit) if one is not None)
        return Composed(left=alone)
    made = Composed(cell.text, (cell,), doubts=(*_span(cell, line, placed), *_empty(cell, heading, placed)))
    if sign is not None:
        made = _signed(made, sign)
    return made if unit is None else _with_unit(made, unit, words)


def is_value(text: str, words: Vocabulary) -> bool:
    """Whether a text that should be none is a number with its unit and no more."""
    if not (text[:1].isdecimal() or text.startswith(_SIGN_STARTS)):
        return False
    value = parse(text, words)
    return value.kind is Kind.QUANTITY and value.unit is not None and bool(value.unit.dimension)


def _is_unit(text: str, unit: str, words: Vocabulary) -> bool:
    """Whether a value with a unit behind it reads as a number in that unit, by the words we know."""
    value = parse(text + unit, words)
    return value.kind is not Kind.UNKNOWN and value.unit is not None and bool(value.unit.dimension)


def _span(cell: Cell, line: Line, placed: Placed) -> tuple[Doubt, ...]:
    """A doubt where one cell holds the value of several rows."""
    name = placed.pieces.get(Role.NAME)
    if cell.row >= line.row and cell.bottom <= (name.bottom if name else line.row + 1):
        return ()
    text = f"指标值“{cell.text}”一格跨了几行"
    return (Doubt("I04", text, "请核对它是哪一条的指标值。", cell),)


def _empty(cell: Cell, heading: Heading, placed: Placed) -> Iterator[Doubt]:
    """Doubts about a number whose sign or unit has a column of its own that is empty here."""
    if any(char.isdecimal() for char in cell.text):
        for role in (Role.OPERATOR, Role.UNIT):
            if heading.first(role) is not None and role not in placed.pieces:
                yield Doubt("I14", f"“{role}”一栏空着，指标值只有“{cell.text}”", _CHECK, cell)


def _signed(made: Composed, sign: Cell) -> Composed:
    words = squeezed(sign.text)
    if words in _QUALITATIVE:
        return _without(made, sign, "定性的指标没有符号")
    if words not in _SIGNS:
        return _without(made, sign, "不是比较符号", f"“{sign.text}”不是比较符号，没有写进指标值“{made.text}”")
    if made.text.startswith(_SIGN_STARTS):
        text = f"指标值“{made.text}”自带符号，符号栏的“{sign.text}”没有再加"
        return _without(made, sign, "指标值自带符号", text)
    return Composed(sign.text + made.text, (sign, *made.cells), made.left, made.doubts)


def _with_unit(made: Composed, unit: Cell, words: Vocabulary) -> Composed:
    written = squeezed(unit.text)
    if written in _NO_UNIT:
        return _without(made, unit, "表示没有单位")
    if squeezed(made.text).endswith(written):
        text = f"指标值“{made.text}”自带单位，单位栏的“{unit.text}”没有再加"
        return _without(made, unit, "指标值自带单位", text)
    if not any(char.isdecimal() for char in made.text) or not _is_unit(made.text, unit.text, words):
        text = f"单位栏的“{unit.text}”不像“{made.text}”的计量单位，没有加"
        return _without(made, unit, "不像计量单位", text)
    return Composed(made.text + unit.text, (*made.cells, unit), made.left, made.doubts)


def _without(made: Composed, cell: Cell, why: str, doubt: str = "") -> Composed:
    doubts = (*made.doubts, Doubt("I14", doubt, _CHECK, cell)) if doubt else made.doubts
    return Composed(made.text, made.cells, (*made.left, (cell, why)), doubts)
