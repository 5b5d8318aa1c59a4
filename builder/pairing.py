"""Which row of a list became which: the rows before and after in, for each row after the one it was, or none.

Rows that stayed as they are pair first, also out of order; then those that share most, or stand between the
same neighbours. Rows are compared as they are spelled.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FIRST, _OTHER, _NEIGHBOUR = 4, 1, 2
_LEAST = 2
"""What an equal first field, another equal field and an equal neighbour count, and what it takes to pair."""


@frozen()
class Row:
    """A row: the whole as spelled, and its fields if it has any."""

    whole: str
    fields: Mapping[str, str]


def pair(old: Sequence[Row], new: Sequence[Row]) -> list[int | None]:
    """For each new row the position of the old row it was; each old row once."""
    pairs = _unchanged(old, new)
    free = [number for number in range(len(old)) if number not in set(pairs)]
    while found := _best(old, new, pairs, free):
        pairs[found[1]] = found[0]
        free.remove(found[0])
    return pairs


def _unchanged(old: Sequence[Row], new: Sequence[Row]) -> list[int | None]:
    """Equal rows: those in order first, so that as few as possible move."""
    pairs: list[int | None] = [None] * len(new)
    matcher = SequenceMatcher(None, [row.whole for row in old], [row.whole for row in new], autojunk=False)
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            pairs[block.b + step] = block.a + step
    free: dict[str, list[int]] = {}
    for number in sorted(set(range(len(old))) - set(pairs)):
        free.setdefault(old[number].whole, []).append(number)
    for place, row in enumerate(new):
        if pairs[place] is None and free.get(row.whole):
            pairs[place] = free[row.whole].pop(0)
    return pairs


def _best(
    old: Sequence[Row], new: Sequence[Row], pairs: Sequence[int | None], free: Sequence[int]
) -> tuple[int, int] | None:
    """The two rows not yet paired that go together best; the nearest of equals."""
    weighed = (
        (_weight(old, new, pairs, (before, after)), -abs(before - after), -after, before)
        for after, paired in enumerate(pairs)
        if paired is None
        for before in free
    )
    weight, _, after, before = max(weighed, default=(0, 0, 0, 0))
    return (before, -after) if weight >= _LEAST else None


def _weight(
    old: Sequence[Row], new: Sequence[Row], pairs: Sequence[int | None], which: tuple[int, int]
) -> int:
    before, after = which
    one, other = old[before].fields, new[after].fields
    shared = sum(_OTHER for key, value in one.items() if other.get(key) == value)
    first = next(iter(one), None)
    if first is not None and other.get(first) == one[first]:
        shared += _FIRST - _OTHER
    left = pairs[after - 1] if after else -1
    right = pairs[after + 1] if after + 1 < len(new) else len(old)
    return shared + _NEIGHBOUR * (left == before - 1) + _NEIGHBOUR * (right == before + 1)
