"""One line under a heading → what each of its cells holds: as the headings say, or by the cells' own words.

A sound row has its texts under their headings. Of a displaced one the labels are known by their words, and
what is left is name and value in their order; that is said in ``shifted``. What would take a guess is not
read.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers.columns import Role
from builder.importers.labels import BLOCK_WORDS, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from builder.importers.columns import Column, Heading
    from builder.importers.levels import Levels
    from builder.importers.table import Cell, Line

_SIMPLE = {Role.BLOCK, Role.LEVEL1, Role.LEVEL2, Role.NAME, Role.VALUE}
_DATA = {Role.LEVEL1, Role.LEVEL2, Role.NAME, Role.VALUE}
_NO_DATA = {Role.OTHER, Role.FIELD, Role.BLOCK}


@frozen()
class Placed:
    """The cells of one line by what they hold.

    ``extra``: under headings that are not taken; ``rest``: the end of a label that began above;
    ``shifted``: how the row was displaced, empty for a sound one.
    """

    level1: Cell | None = None
    level2: Cell | None = None
    pieces: Mapping[Role, Cell] = field(default_factory=dict)
    extra: tuple[Cell, ...] = ()
    rest: tuple[Cell, ...] = ()
    shifted: str = ""


def home(cell: Cell, heading: Heading) -> Column | None:
    """The column that a cell stands under: the one it shares most with."""

    def shared(column: Column) -> int:
        return min(cell.right, column.stop) - max(cell.column, column.start)

    best = max(heading.columns, key=shared, default=None)
    return best if best is not None and shared(best) > 0 else None


def is_under(cell: Cell, heading: Heading, role: Role) -> bool:
    """Whether a cell stands under the column of a role."""
    column = home(cell, heading)
    return column is not None and column.role is role


def from_above(line: Line, heading: Heading, role: Role) -> Cell | None:
    """The cell of a role that reaches into this line from above."""
    reaching = (cell for cell in line.across if cell.row < line.row and cell.text)
    return next((cell for cell in reaching if is_under(cell, heading, role)), None)


def place(line: Line, filled: Sequence[Cell], heading: Heading, levels: Levels) -> Placed | None:
    """What the cells of a line hold; ``None`` where that cannot be told."""
    placed = _by_headings(filled, heading, levels)
    if placed is not None and _is_sound(line, heading, placed, levels):
        return placed
    return _by_words(filled, heading, levels)


def _by_headings(filled: Sequence[Cell], heading: Heading, levels: Levels) -> Placed | None:
    """As the headings say; ``None`` where two cells share a heading or one has none."""
    pieces: dict[Role, Cell] = {}
    extra: list[Cell] = []
    for cell in filled:
        column = home(cell, heading)
        if column is None or column.role is Role.BLOCK or column.role in pieces:
            return None
        if column.role not in _NO_DATA:
            pieces[column.role] = cell
        elif column.printed not in _DATA and levels.is_full(cell.text):
            return None
        else:
            extra.append(cell)
    return Placed(pieces.pop(Role.LEVEL1, None), pieces.pop(Role.LEVEL2, None), pieces, tuple(extra))


def _is_sound(line: Line, heading: Heading, placed: Placed, levels: Levels) -> bool:
    """Whether no text contradicts its heading."""
    name, value = placed.pieces.get(Role.NAME), placed.pieces.get(Role.VALUE)
    if name is None and from_above(line, heading, Role.NAME) is None:
        return False
    whole = name is not None and value is not None
    pairs = ((placed.level1, levels.level1, levels.level2), (placed.level2, levels.level2, levels.level1))
    for cell, own, others in pairs:
        if cell is not None and plain(cell.text) not in own:
            misplaced = plain(cell.text) in others
            if misplaced or not whole or not _may_be_level(cell, levels, line):
                return False
    if line.merges and name is not None and (placed.level2 or from_above(line, heading, Role.LEVEL2)):
        return True  # its level is plain to see, whatever the name looks like
    return not any(repeats_a_level(cell, line, placed, levels) for cell in (name, value) if cell is not None)


def _may_be_level(cell: Cell, levels: Levels, line: Line) -> bool:
    """Whether an unknown text may be a level: a part of a known one, or in a table with merged cells."""
    words = plain(cell.text)
    return line.merges or levels.is_rest(words) or bool(levels.begun(words)) or words.endswith("指标")


def repeats_a_level(cell: Cell, line: Line, placed: Placed, levels: Levels) -> bool:
    """Whether a text is the name of a level that its own row does not state.

    A row may well have 服务对象满意度指标 as its name under 服务对象满意度指标.
    """
    if not levels.is_full(cell.text):
        return False
    stated = [placed.level1, placed.level2, *(other for other in line.across if other.row < line.row)]
    return not any(
        other is not None and other is not cell and plain(other.text) == plain(cell.text) for other in stated
    )


def _by_words(filled: Sequence[Cell], heading: Heading, levels: Levels) -> Placed | None:
    """A displaced row by its words, where the heading has no more than levels, name and value."""
    if any(column.role not in _SIMPLE for column in heading.columns):
        return None
    labels: dict[Role, Cell] = {}
    texts: list[Cell] = []
    rest: list[Cell] = []
    for cell in filled:
        column = home(cell, heading)
        among_levels = column is not None and column.role in {Role.BLOCK, Role.LEVEL1, Role.LEVEL2}
        role = _label(cell, labels, levels, among_levels=among_levels)
        if among_levels and plain(cell.text) in BLOCK_WORDS:
            rest.append(cell)
        elif role is not None:
            labels[role] = cell
        elif among_levels and levels.is_rest(cell.text):
            rest.append(cell)
        else:
            texts.append(cell)
    return _by_order(heading, labels, texts, tuple(rest))


def _label(cell: Cell, labels: Mapping[Role, Cell], levels: Levels, *, among_levels: bool) -> Role | None:
    """Which level a cell names; ``labels`` are those that the row has named already."""
    if not levels.is_full(cell.text) and not (among_levels and levels.is_any(cell.text)):
        return None
    words = plain(cell.text)
    first = words in levels.level1 and not labels
    if first and (words not in levels.level2 or not words.startswith("成本")):
        return Role.LEVEL1
    return Role.LEVEL2 if words in levels.level2 and Role.LEVEL2 not in labels else None


def _by_order(
    heading: Heading, labels: dict[Role, Cell], texts: list[Cell], rest: tuple[Cell, ...]
) -> Placed | None:
    """Name and value in their order, of two texts; one text alone only if its labels are displaced too."""
    displaced = any(_under(cell, heading) != role for role, cell in labels.items())
    if not (len(texts) == 2 or (len(texts) == 1 and displaced)):  # noqa: PLR2004  name and value
        return None
    pieces = dict(zip((Role.NAME, Role.VALUE), texts, strict=False))
    moved = [
        f"{role}落在“{_under(cell, heading)}”一栏"
        for role, cell in {**labels, **pieces}.items()
        if _under(cell, heading) != role
    ]
    shifted = "；".join(moved) or "这一行与表头对不上"
    return Placed(labels.get(Role.LEVEL1), labels.get(Role.LEVEL2), pieces, (), rest, shifted)


def _under(cell: Cell, heading: Heading) -> str:
    column = home(cell, heading)
    return "表头以外" if column is None else str(column.role)
