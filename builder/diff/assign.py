"""Which of these is which of those: likeness of texts, and the pairing of the highest total score."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LONG = 2000  # characters of a text that are looked at
_EXACT = 200  # rows of one group that are paired exactly; the work grows with the cube
WHOLE = 1000
"""The likeness of two equal texts."""


def likeness(one: str, other: str) -> int:
    """How alike two texts are, from 0 to ``WHOLE``: the share of characters and neighbours in common."""
    if one == other:
        return WHOLE
    first, second = _grams(one[:_LONG]), _grams(other[:_LONG])
    size = first.total() + second.total()
    return 2 * WHOLE * (first & second).total() // size if size else 0


@lru_cache(maxsize=4096)
def _grams(text: str) -> Counter[str]:
    return Counter(text) + Counter(map("".join, pairwise(text)))


def best(scores: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """The pairing left → right of highest total score; what has no score is never paired.

    Exact, group by group of what hangs together. In a group beyond ``_EXACT`` the highest score goes first.
    """
    pairs: dict[int, int] = {}
    for left, right in _groups(scores):
        if max(len(left), len(right)) > _EXACT:
            pairs |= _greedy(scores, set(left))
        else:
            table = [[scores.get((row, column), 0) for column in right] for row in left]
            chosen = _hungarian(table) if len(left) <= len(right) else _flipped(table)
            pairs |= {left[row]: right[column] for row, column in chosen if table[row][column]}
    return dict(sorted(pairs.items()))


def _groups(scores: Mapping[tuple[int, int], int]) -> Iterator[tuple[list[int], list[int]]]:
    """Left and right members that scores connect, group by group."""
    right_of, left_of = defaultdict(list), defaultdict(list)
    for row, column in scores:
        right_of[row].append(column)
        left_of[column].append(row)
    unseen = set(right_of)
    for start in sorted(right_of):
        if start not in unseen:
            continue
        left, right, waiting = {start}, set[int](), [start]
        while waiting:
            for column in set(right_of[waiting.pop()]) - right:
                right.add(column)
                waiting += set(left_of[column]) - left
                left |= set(left_of[column])
        unseen -= left
        yield sorted(left), sorted(right)


def _greedy(scores: Mapping[tuple[int, int], int], left: set[int]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    ranked = sorted((-score, pair) for pair, score in scores.items() if pair[0] in left)
    for _, (row, column) in ranked:
        if row not in pairs and column not in taken:
            pairs[row] = column
            taken.add(column)
    return pairs


def _flipped(table: list[list[int]]) -> list[tuple[int, int]]:
    turned = [list(column) for column in zip(*table, strict=True)]
    return [(row, column) for column, row in _hungarian(turned)]


def _hungarian(table: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """A column for every row, each once, of the highest total; there are at least as many columns as rows.

    The Hungarian method with potentials: rows enter one by one, each along the cheapest alternating path.
    """
    width = len(table[0])
    row_price, column_price = [0] * len(table), [0] * width
    owner = [-1] * width
    for row in range(len(table)):
        came_from, column, distances = _cheapest(table, row, owner, (row_price, column_price))
        end = distances[column]
        row_price[row] += end
        for passed, distance in distances.items():
            if passed != column:
                row_price[owner[passed]] += end - distance
                column_price[passed] -= end - distance
        while column >= 0:
            before = came_from[column]
            owner[column] = owner[before] if before >= 0 else row
            column = before
    return [(row, column) for column, row in enumerate(owner) if row >= 0]


def _cheapest(
    table: Sequence[Sequence[int]], start: int, owner: list[int], prices: tuple[list[int], list[int]]
) -> tuple[list[int], int, dict[int, int]]:
    """The cheapest way from a new row to a free column: predecessors, that column, distances passed."""
    row_price, column_price = prices
    width = len(column_price)
    far = 1 << 60
    tentative, came_from = [far] * width, [-1] * width
    settled: dict[int, int] = {}
    row, last, travelled = start, -1, 0
    while True:
        for column in range(width):
            if column not in settled:
                step = travelled - table[row][column] - row_price[row] - column_price[column]
                if step < tentative[column]:
                    tentative[column], came_from[column] = step, last
        last = min((column for column in range(width) if column not in settled), key=tentative.__getitem__)
        travelled = settled[last] = tentative[last]
        if owner[last] < 0:
            return came_from, last, settled
        row = owner[last]
