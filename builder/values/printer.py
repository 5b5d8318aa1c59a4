"""A Value in its one canonical writing, which parses to the same Value; and numbers made comparable."""

from __future__ import annotations

from decimal import Context
from typing import TYPE_CHECKING

from builder.values.value import ONE, Operator, Precision

if TYPE_CHECKING:
    from decimal import Decimal

    from builder.values.value import Deadline, Moment, Unit, Value

_EXACT = Context(prec=1000)
"""A value is read up to 200 characters, so that no product of its numbers is rounded."""

_TIGHT = {"%", "‰", "‱"}
_EDGES = {Precision.YEAR: "底", Precision.MONTH: "底", Precision.QUARTER: "末"}
_THIRDS = "上中下"


def canonical(value: Value) -> str:
    """The canonical writing: ``≥5.9 万件``, ``≤3 小时``, ``3000 元/人/年``, ``2024 年底``."""
    return _canonical(value, value.operator, "约" if value.approximate else "")


def canonical_with(value: Value, operator: Operator) -> str:
    """The canonical writing of a value that were the same with this operator, and not about so much."""
    return _canonical(value, operator, "")


def _canonical(value: Value, operator: Operator | None, about: str) -> str:
    topic = f"{value.topic}：" if value.topic else ""
    if value.deadline is not None:
        return topic + _deadline(value.deadline, operator)
    if value.number is None:
        return value.phrase
    return (
        f"{topic}{_change(value)}{about}{operator.value if operator else ''}{_measured(value, value.number)}"
    )


def comparable_number(value: Value) -> tuple[Decimal, str] | None:
    """The number in the base unit of its kind, exact: 0.3 万元 → (3000, "元"), 5 公里 → (5000, "米").

    The text names all that two numbers must share to be compared: base and change, unit, units divided by. It
    is empty for a bare number. ``None`` where there is no number.
    """
    return None if value.number is None else (_scaled(value, value.number), _scale_name(value))


def comparable_upper(value: Value) -> tuple[Decimal, str] | None:
    """The same for the upper end of a range."""
    return None if value.upper is None else (_scaled(value, value.upper), _scale_name(value))


def _scaled(value: Value, number: Decimal) -> Decimal:
    scale = value.unit.scale if value.unit else ONE
    return _EXACT.multiply(_EXACT.multiply(number, value.factor), scale)


def _scale_name(value: Value) -> str:
    unit = value.unit.base if value.unit else ""
    return value.base + value.change + "/".join((unit, *value.per))


def _change(value: Value) -> str:
    """What stands before the operator: 较 2023 年增长."""
    base = value.base if value.base in {"", "同比", "环比"} else f"较 {value.base}"
    return base + value.change


def _measured(value: Value, number: Decimal) -> str:
    upper = "" if value.upper is None else f"-{value.upper:f}"
    per = "".join(f"/{unit}" for unit in value.per)
    measured = f"{number:f}{upper}{_measure(value.magnitude, value.unit)}{per}"
    if value.tolerance is not None:
        measured += f"±{value.tolerance:f}{_measure('', value.tolerance_unit)}"
    return measured


def _measure(magnitude: str, unit: Unit | None) -> str:
    """Magnitude and unit as they follow a number: `` 万件``, ``%``, ``/3``."""
    written = magnitude + ((unit.counted or unit.name) if unit else "")
    tight = written in _TIGHT or written.startswith("/") or not written
    return written if tight else f" {written}"


def _deadline(deadline: Deadline, operator: Operator | None) -> str:
    first, last = deadline.first, deadline.last
    if first and last:
        whole = first.precision is last.precision is Precision.YEAR and first.year == last.year
        return _whole_year(last) if whole else f"{_moment(first)}至 {_moment(last)}"
    every = f"每{deadline.every}" if deadline.every else ""
    if last is None:
        return every
    date = every + (_again(last) if every else _moment(last))
    edge = _EDGES.get(last.precision, "")
    match operator:
        case None:
            return date
        case Operator.LESS:
            return f"<{date}"
        case Operator.EQUAL:
            return f"={date}{edge}"
        case _:
            return date + ((edge or "止") if deadline.inclusive else "前")


def _whole_year(moment: Moment) -> str:
    return "全年" if moment.year is None else f"{moment.year} 年全年"


def _again(moment: Moment) -> str:
    """What follows 每年, 每月: its own end needs no word but 底."""
    if moment.precision is Precision.YEAR or (moment.month is None and moment.precision is not Precision.DAY):
        return ""
    return f" {_within(moment)}" if moment.month else f" {moment.day} 日"


def _moment(moment: Moment) -> str:
    if moment.precision is Precision.YEAR:
        return "本年" if moment.year is None else f"{moment.year} 年"
    within = _within(moment)
    gap = " " if within[0].isdecimal() else ""
    return within if moment.year is None else f"{moment.year} 年{gap}{within}"


def _within(moment: Moment) -> str:
    month = moment.month or 0
    match moment.precision:
        case Precision.QUARTER:
            return f"第 {(month + 2) // 3} 季度"
        case Precision.HALF:
            return "上半年" if month <= 6 else "下半年"  # noqa: PLR2004  June
        case Precision.TEN_DAYS:
            return f"{month} 月{_THIRDS[min((moment.day - 1) // 10, 2)]}旬"
        case Precision.DAY:
            return f"{month} 月 {moment.day} 日"
        case _:
            return f"{month} 月"
