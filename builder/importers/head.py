"""The upper part of a form → labels with what stands beside or under them, whatever they mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers import labels
from builder.importers.labels import AMOUNTS, BLOCK_WORDS, Word, match, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.importers.labels import Match
    from builder.importers.table import Cell, Line

_TEXTS = {Word.GOALS, Word.LONG_GOALS, Word.RESULT}
_DEEP = 64  # rows that a label is looked under
_HEADS = {Word.THIS_YEAR, Word.OTHER_YEAR, Word.FUNDING}


@frozen()
class Pair:
    """A label with its values: the cells to its right up to the next label, else the one below it.

    ``match.rest`` holds the value where it stands in the label's own cell. ``line`` counts within the upper
    part. ``unsure``: the value looks like a label itself.
    """

    label: Cell
    match: Match
    values: tuple[Cell, ...]
    line: int
    unsure: bool = False

    @property
    def word(self) -> Word:
        """What the label asks for."""
        return self.match.word

    @property
    def text(self) -> str:
        """The value as text; empty where there is none."""
        return self.match.rest or (self.values[0].text if self.values else "")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells the value was taken from."""
        return (self.label,) if self.match.rest else self.values[:1]


@frozen()
class Head:
    """All labels of the upper part in reading order, and the cells that belong to none."""

    pairs: tuple[Pair, ...]
    strays: tuple[Cell, ...]

    def of(self, *words: Word) -> tuple[Pair, ...]:
        """The labels of some words, in order."""
        return tuple(pair for pair in self.pairs if pair.word in words)


def read(lines: Sequence[Line]) -> Head:
    """The upper part in ``lines``."""
    edges: dict[int, int] = {}
    for line in lines:
        edges[line.table] = max([edges.get(line.table, 0), *(cell.right for cell in line.across)])
    pairs: list[Pair] = []
    taken: set[Cell] = set()
    for number, line in enumerate(lines):
        cells = [cell for cell in line.filled if cell not in taken]
        found = list(_pairs(cells, number))
        if len(found) == len(cells):  # a row of nothing but labels: their values may stand below
            below = lines[number + 1 : number + _DEEP]
            found = [_with_below(pair, line, below, edges[line.table]) for pair in found]
        pairs += found
        taken.update(cell for pair in found for cell in (pair.label, *pair.values))
    every = (cell for line in lines for cell in line.filled)
    return Head(tuple(pairs), tuple(cell for cell in every if cell not in taken))


def _pairs(cells: Sequence[Cell], number: int) -> Iterator[Pair]:
    """The labels of one row, each with the cells up to the next."""
    found = [(at, hit) for at, cell in enumerate(cells) if (hit := match(cell.text))]
    ends = [*(at for at, _ in found[1:]), len(cells)]
    for (at, hit), end in zip(found, ends, strict=False):
        run = tuple(cells[at + 1 : end])
        plain_text = hit.word not in AMOUNTS | _TEXTS | _HEADS
        unsure = plain_text and len(run) > 1 and labels.may_be_label(run[0].text)
        yield Pair(cells[at], hit, run, number, unsure)


def _with_below(pair: Pair, line: Line, below: Sequence[Line], edge: int) -> Pair:
    """A label with the text below it, where beside it is another label or the table's ``edge``.

    A label over several rows beside others names a block; headings of amounts have their own way.
    """
    label = pair.label
    beside = next((cell for cell in line.across if cell.column == label.right), None)
    if pair.match.rest or pair.word in _HEADS | AMOUNTS | {Word.OTHER}:
        return pair
    if label.right < edge and (beside is None or not beside.text):
        return pair  # the empty place is the value
    if label.rows > 1 and beside is not None:
        return pair
    under = _under(label, below)
    return pair if under is None else replace(pair, values=(under,))


def _under(label: Cell, below: Sequence[Line]) -> Cell | None:
    """The text right below a label, if it is no label."""
    for line in below:
        if line.table != label.table or not label.table or line.row > label.bottom:
            return None
        if line.row == label.bottom:
            over = [cell for cell in line.cells if cell.column < label.right and cell.right > label.column]
            fit = max(over, key=lambda cell: _shared(cell, label), default=None)
            if fit is None or match(fit.text) or plain(fit.text) in BLOCK_WORDS:
                return None
            return fit if fit.text else None
    return None


def _shared(one: Cell, other: Cell) -> int:
    """How many columns two cells have in common."""
    return min(one.right, other.right) - max(one.column, other.column)
