"""Which of two times is the earlier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.values import Operator

if TYPE_CHECKING:
    from builder.values import Moment, Value

_FREQUENCY = {"天": 0, "周": 1, "月": 2, "季度": 3, "年": 4}


def order(old: Value, new: Value) -> int | None:
    """-1 where ``new`` ends earlier or comes more often, 1 where later or less often, 0 where neither.

    ``None`` where the two cannot be compared.
    """
    before, after = old.deadline, new.deadline
    if before is None or after is None or bool(before.every) != bool(after.every):
        return None
    often = _compared(_FREQUENCY.get(before.every), _FREQUENCY.get(after.every))
    if before.every != after.every:
        same = before.last == after.last or None in {before.last, after.last}
        return often if same else None
    if before.last is None or after.last is None:
        return 0 if before.last is after.last else None
    ended = _moments(before.last, after.last)
    if ended == 0 and before.first != after.first:
        return None
    return ended if ended != 0 else _last_day(old, new)


def _moments(old: Moment, new: Moment) -> int | None:
    if (old.year is None) != (new.year is None) or (old.month is None) != (new.month is None):
        return None
    one, two = ((moment.year or 0, moment.month or 0, moment.day) for moment in (old, new))
    return (two > one) - (two < one)


def _last_day(old: Value, new: Value) -> int:
    """Whether the day itself still counts."""
    one, two = (value.operator is Operator.LESS for value in (old, new))
    return int(one) - int(two)


def _compared(old: int | None, new: int | None) -> int | None:
    return None if old is None or new is None else (new > old) - (new < old)
