"""Two 指标值 of one indicator: is the later one stricter or weaker, and where that cannot be known, why.

Values in, a Verdict out. A number written without an operator is a floor or a ceiling by what the indicator
is (投诉率, 成本指标, a time limit); where nothing tells, no verdict is made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.diff import deadline
from builder.diff.records import Kind, Reason
from builder.form import Topic
from builder.frozen import frozen
from builder.values import Direction, Doubt, Operator, comparable_number, comparable_upper
from builder.values import Kind as Type

if TYPE_CHECKING:
    from decimal import Decimal

    from builder.values import Value

_PERCENT, _MONEY, _WORKDAY = "%", "金额", "工作日"
_MOSTLY = 50  # percent; what a place wants to avoid is not set above it
_DAY = 86400  # seconds
_NONE = {Doubt.EMPTY, Doubt.PLACEHOLDER}
_OPEN = {Type.OPEN, Type.NOT_APPLICABLE}
_FLOOR = {Operator.AT_LEAST, Operator.MORE}
_CEILING = {Operator.AT_MOST, Operator.LESS, Operator.WITHIN}
_STRICT = {Operator.MORE, Operator.LESS}


@frozen()
class Verdict:
    """What became of a target."""

    kind: Kind
    reason: Reason | None = None


def judge(
    old: Value | None, new: Value | None, *, topic: Topic | None = None, named: Direction | None = None
) -> Verdict | None:
    """The verdict on ``old`` → ``new``; ``None`` where both mean the same.

    ``topic`` is what the 二级指标 is about, ``named`` the direction that the end of the 三级指标 gives away.
    """
    old, new = _stated(old), _stated(new)
    if old is None or new is None:
        return _gone_or_filled(old, new)
    if _suspect(old, new):
        return _unclear(Reason.SUSPECT)
    return None if old == new else _compared(old, new, topic, named)


def _compared(old: Value, new: Value, topic: Topic | None, named: Direction | None) -> Verdict | None:
    if Type.UNKNOWN in {old.kind, new.kind}:
        return None if old.phrase and old.phrase == new.phrase else _unclear(Reason.UNREAD)
    if Type.QUALITY in {old.kind, new.kind}:
        return _words(old, new)
    if old.deadline or new.deadline:
        return _deadlines(old, new)
    if old.number is None or new.number is None:
        return _same_day(old, new)
    return _numbers(old, new, _leaning(old, new, topic, named))


def _stated(value: Value | None) -> Value | None:
    """The value, or ``None`` where its text sets no target: empty, to be filled in, as it may come."""
    if value is None or value.kind in _OPEN or _NONE & {doubt.kind for doubt in value.suspicions}:
        return None
    return value


def _gone_or_filled(old: Value | None, new: Value | None) -> Verdict | None:
    if old is not None:
        return Verdict(Kind.TARGET_WEAKER, Reason.GONE)
    return Verdict(Kind.TARGET_STRICTER, Reason.FILLED) if new is not None else None


def _unclear(reason: Reason) -> Verdict:
    return Verdict(Kind.TARGET_UNCLEAR, reason)


def _suspect(old: Value, new: Value) -> bool:
    """Whether one of the two looks like a ≥ read as a 2: ≥98% → 298%, 980 项 → 2980 项."""
    for one, other in ((old, new), (new, old)):
        misread = any(doubt.kind is Doubt.MISREAD for doubt in one.suspicions)
        if misread and one.number is not None and other.number is not None:
            in_percent = one.unit is not None and one.unit.name == _PERCENT
            swallowed = f"{one.number:f}" == f"2{other.number:f}"
            doubted_too = any(doubt.kind is Doubt.MISREAD for doubt in other.suspicions)
            if swallowed or (in_percent and not doubted_too):
                return True
    return False


def _words(old: Value, new: Value) -> Verdict | None:
    if old.kind is new.kind:
        return None if old.phrase == new.phrase else _unclear(Reason.WORDS)
    return Verdict(Kind.MADE_QUALITATIVE if new.kind is Type.QUALITY else Kind.MADE_QUANTITATIVE)


def _deadlines(old: Value, new: Value) -> Verdict | None:
    if old.deadline is None or new.deadline is None:
        return _unclear(Reason.SHAPE)
    if (order := deadline.order(old, new)) is None:
        return _unclear(Reason.SHAPE)
    if old.deadline.every and old.deadline.every != new.deadline.every:
        return Verdict(Kind.TARGET_STRICTER if order < 0 else Kind.TARGET_WEAKER)
    if order:
        return Verdict(Kind.DEADLINE_EARLIER if order < 0 else Kind.DEADLINE_LATER)
    return None


def _same_day(old: Value, new: Value) -> Verdict | None:
    """当天 and its like, against each other or against a number of days."""
    if old.number is None and new.number is None:
        return None if old.phrase == new.phrase else _unclear(Reason.WORDS)
    word, counted = (old, new) if old.number is None else (new, old)
    days = _days(counted)
    if days is None or days <= (2 if word.phrase.startswith("次") else 1):
        return _unclear(Reason.SHAPE)
    return Verdict(Kind.TARGET_WEAKER if word is old else Kind.TARGET_STRICTER, Reason.CEILING)


def _days(value: Value) -> Decimal | None:
    number = comparable_number(value)
    if number is None or value.per or value.unit is None or value.operator in _FLOOR:
        return None
    return {"秒": number[0] / _DAY, _WORKDAY: number[0]}.get(number[1])


def _leaning(old: Value, new: Value, topic: Topic | None, named: Direction | None) -> Direction | None:
    """Whether more or less is better by what the indicator is, operators left aside."""
    if old.change or new.change:
        return Direction.UP
    if named:
        return named
    numbers = [value.number for value in (old, new) if value.number is not None]
    if topic in {Topic.COST, Topic.BURDEN} or old.kind is new.kind is Type.TIME_LIMIT or 0 in numbers:
        return Direction.DOWN
    units = [value.unit for value in (old, new)]
    if all(unit is not None and unit.name == _PERCENT for unit in units):
        return Direction.UP if min(numbers) >= _MOSTLY else None
    money = any(unit is not None and unit.dimension == _MONEY for unit in units)
    return Direction.UP if topic is Topic.QUANTITY and not money else None


@frozen()
class _Bound:
    """One end of what is permitted; ``step`` is 1 where the number itself is not."""

    number: Decimal
    step: int = 0

    def against(self, other: _Bound) -> int:
        """-1, 0 or 1 as this end lies below, on or above the other."""
        one, two = (self.number, self.step), (other.number, other.step)
        return (one > two) - (one < two)


@frozen()
class _Bounds:
    low: _Bound | None
    high: _Bound | None


def _numbers(old: Value, new: Value, leaning: Direction | None) -> Verdict | None:
    if (old.base, old.change) != (new.base, new.change):
        return _unclear(Reason.BASE)
    before, after = comparable_number(old), comparable_number(new)
    if before is None or after is None or before[1] != after[1]:
        return Verdict(Kind.UNIT_CHANGED)
    if reason := _against(old, new, leaning):
        return _unclear(reason)
    order = _order(_bounds(old, before[0], leaning), _bounds(new, after[0], leaning), leaning)
    tolerance = _tolerance(old, new)
    if order is None or tolerance is None or order * tolerance < 0:
        return _unclear(Reason.SHAPE if _has_form(old) or _has_form(new) or leaning else Reason.NEUTRAL)
    return _softened(old, new, order or tolerance, leaning)


def _against(old: Value, new: Value, leaning: Direction | None) -> Reason | None:
    """Where the operators speak against each other, or both against what the indicator is."""
    sides = [(value.operator in _FLOOR, value.operator in _CEILING) for value in (old, new)]
    if sides in ([(True, False), (False, True)], [(False, True), (True, False)]):
        return Reason.OPPOSITE
    contrary = {Direction.DOWN: (True, False), Direction.UP: (False, True)}
    return Reason.CONTRARY if leaning and sides == [contrary.get(leaning)] * 2 else None


def _has_form(value: Value) -> bool:
    """Whether a value says by itself what it permits."""
    return value.operator is not None or value.upper is not None


def _bounds(value: Value, number: Decimal, leaning: Direction | None) -> _Bounds:
    """What ``value`` permits, in base units, in which it is ``number``."""
    if upper := comparable_upper(value):
        return _Bounds(_Bound(number), _Bound(upper[0]))
    strict = value.operator in _STRICT
    low, high = _Bound(number, int(strict)), _Bound(number, -int(strict))
    if value.operator in _FLOOR:
        return _Bounds(low, None)
    if value.operator in _CEILING:
        return _Bounds(None, high)
    down, up = leaning is Direction.DOWN, leaning is Direction.UP
    return _Bounds(None if down else low, None if up else high)


def _order(old: _Bounds, new: _Bounds, leaning: Direction | None) -> int | None:
    """1 where ``new`` demands more, -1 where less, 0 where the same; ``None`` where nobody can say."""
    if None in {old.low, new.low} and None in {old.high, new.high}:
        return None
    low, high = _end(old.low, new.low), -_end(old.high, new.high)
    told = {Direction.UP: low, Direction.DOWN: high}.get(leaning) if leaning else None
    if low * high < 0 or (told == 0 and (low or high)):
        return told or None
    return low or high


def _end(old: _Bound | None, new: _Bound | None) -> int:
    """How one end moved; an end that comes or goes is no move, for the other one tells."""
    return new.against(old) if old and new else 0


def _tolerance(old: Value, new: Value) -> int | None:
    """The same for what ± permits."""
    if old.tolerance == new.tolerance:
        return 0
    if old.tolerance is None or new.tolerance is None:
        return 1 if new.tolerance is None else -1
    if old.tolerance_unit != new.tolerance_unit:
        return None
    return -1 if new.tolerance > old.tolerance else 1


def _softened(old: Value, new: Value, order: int, leaning: Direction | None) -> Verdict | None:
    """The verdict, after 约 and a change of form alone have had their say."""
    about = int(old.approximate) - int(new.approximate)
    if order * about < 0:
        return _unclear(Reason.ABOUT)
    if not order and not about:
        limits = old.kind is new.kind is Type.TIME_LIMIT
        alike = old.operator is new.operator and (old.upper is None) == (new.upper is None)
        return None if limits or alike else _unclear(Reason.OPERATOR)
    floors, ceilings = ({old.operator, new.operator} & one for one in (_FLOOR, _CEILING))
    down = ceilings or (leaning is Direction.DOWN and not floors)
    reason = Reason.ABOUT if not order else Reason.CEILING if down else Reason.FLOOR
    return Verdict(Kind.TARGET_STRICTER if order + about > 0 else Kind.TARGET_WEAKER, reason)
