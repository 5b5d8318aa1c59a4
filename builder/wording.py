"""What a value means, in plain words for the public. A Value in, a phrase out, the original beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.values import Direction, Kind, Operator

if TYPE_CHECKING:
    from decimal import Decimal

    from builder.values import Deadline, Moment, Value

MEASURABLE = {Kind.QUANTITY, Kind.TIME_LIMIT, Kind.RANGE}
"""Kinds of value that say when they are reached."""

_OPERATORS = {
    Operator.AT_LEAST: "至少",
    Operator.MORE: "超过",
    Operator.EQUAL: "等于",
    Operator.LESS: "低于",
    Operator.AT_MOST: "不超过",
    Operator.WITHIN: "上下相差不超过",
}
_DIRECTIONS = {Direction.UP: "越高越好", Direction.DOWN: "越低越好", Direction.NEUTRAL: ""}
_TIGHT = {"%", "‰", "‱"}
_RATES = {"同比", "环比"}


def is_measurable(value: Value | None) -> bool:
    """Whether a number or a date says when the target is reached."""
    return value is not None and value.understood and value.kind in MEASURABLE


def plain(value: Value | None) -> str:
    """The value in plain words: “至少 98%”, “不超过 3 小时”, “最迟 2024 年 12 月 31 日”."""
    if value is None:
        return "来源中没有指标值"
    if not value.understood:
        return "读不出数和单位，请看原文"
    if value.deadline is not None:
        return _deadline(value.deadline)
    if value.number is not None:
        return _quantity(value, value.number)
    return "本项目不适用" if value.kind is Kind.NOT_APPLICABLE else "用文字描述，没有数"


def direction(value: Value | None) -> str:
    """Which way is better, where that is known; of a date it goes without saying."""
    return _DIRECTIONS[value.direction] if value is not None and value.deadline is None else ""


def _quantity(value: Value, number: Decimal) -> str:
    operator = _OPERATORS[value.operator] if value.operator else ""
    base = value.base if value.base in _RATES or not value.base else f"比{value.base}"
    about = "约" if value.approximate else ""
    per = "".join(f"每{unit}" for unit in value.per)
    words = f"{per}{base}{value.change}{about}{operator}"
    text = f"{words}{' ' if words else ''}{_amount(value, number)}"
    if value.upper is not None:
        text += f" 到 {_amount(value, value.upper)} 之间"
    if value.tolerance is not None:
        unit = value.tolerance_unit.name if value.tolerance_unit else ""
        text += f"，上下相差不超过 {value.tolerance:f}{unit}"
    return text + _unsaid(value)


def _unsaid(value: Value) -> str:
    """What the original leaves open."""
    if value.operator is not None and value.unit is not None:
        return ""
    plain_number = value.upper is None and value.tolerance is None
    unsaid = [
        *(["符号"] if value.operator is None and plain_number and not value.approximate else []),
        *(["单位"] if value.unit is None else []),
    ]
    return f"（原文没有写{'和'.join(unsaid)}）" if unsaid else ""


def _unit(value: Value) -> str:
    return (value.unit.counted or value.unit.name) if value.unit else ""


def _amount(value: Value, number: Decimal) -> str:
    measure = f"{value.magnitude}{_unit(value)}"
    return f"{number:f}{'' if measure in _TIGHT or not measure else ' '}{measure}"


def _deadline(deadline: Deadline) -> str:
    if deadline.every:
        day = (
            f" {deadline.last.day} 日以前" if deadline.last is not None and deadline.every == "月" else "一次"
        )
        return f"每{deadline.every}{day}"
    if deadline.last is None:
        return "有时间要求，请看原文"
    if deadline.first is not None:
        return f"从 {_moment(deadline.first)}到 {_moment(deadline.last)}"
    return f"最迟 {_moment(deadline.last)}"


def _moment(moment: Moment) -> str:
    year = f"{moment.year} 年 " if moment.year is not None else ""
    month = f"{moment.month} 月 " if moment.month is not None else ""
    return f"{year}{month}{moment.day} 日"
