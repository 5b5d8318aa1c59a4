"""What belongs together in two revisions: files by path, then by content; indicators and goals by likeness.

Never by order alone: a row put in front of the others changes nothing for them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from builder.diff.assign import WHOLE, best, likeness

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from builder.diff.records import Snapshot, Version
    from builder.model import Indicator
    from builder.rules.rule import Row

_SAME_FILE = 600  # what a moved file must reach, with a name kept counting for much
_KEPT_STEM, _KEPT_NAME = 300, 300
_COMMON = 20  # files that share a text; one shared by more says little, and would cost much

_SAME_ROW = 800
_SAME_SLOT, _SAME_VALUE = 200, 150
_SAME_GOAL = 500
_MANY = 40_000  # rows × rows; beyond it only equal names are paired


class Pair(NamedTuple):
    """Two versions of one file; one of them is ``None`` where it was added or removed."""

    old: Version | None
    new: Version | None

    @property
    def file(self) -> str:
        """The name it goes by."""
        version = self.new or self.old
        return version.file if version else ""


def files(old: Snapshot, new: Snapshot) -> list[Pair]:
    """Every file of both, in the order of their names."""
    before, after = ({version.file: version for version in snapshot} for snapshot in (old, new))
    pairs = [Pair(before[name], after[name]) for name in before.keys() & after.keys()]
    gone = [before[name] for name in sorted(before.keys() - after.keys())]
    come = [after[name] for name in sorted(after.keys() - before.keys())]
    moved = best(_file_scores(gone, come))
    pairs += [Pair(gone[left], come[right]) for left, right in moved.items()]
    pairs += [Pair(version, None) for index, version in enumerate(gone) if index not in moved]
    stayed = set(moved.values())
    pairs += [Pair(None, version) for index, version in enumerate(come) if index not in stayed]
    return sorted(pairs, key=lambda pair: pair.file)


def _file_scores(gone: Sequence[Version], come: Sequence[Version]) -> dict[tuple[int, int], int]:
    """The likeness of files that share a rare text, from ``_SAME_FILE`` upwards."""
    left, right = [_texts(version) for version in gone], [_texts(version) for version in come]
    where: dict[Hashable, list[int]] = defaultdict(list)
    for index, texts in enumerate(right):
        for text in texts:
            where[text].append(index)
    scores: dict[tuple[int, int], int] = {}
    for row, texts in enumerate(left):
        rare = (where[text] for text in texts if len(where.get(text, ())) <= _COMMON)
        for column in {index for group in rare for index in group}:
            if (score := _file_score(gone[row], come[column], (texts, right[column]))) >= _SAME_FILE:
                scores[row, column] = score
    return scores


def _file_score(old: Version, new: Version, texts: tuple[frozenset[Hashable], frozenset[Hashable]]) -> int:
    if old.id is None or new.id is None or old.id.year != new.id.year:
        return 0
    first, second = texts
    score = 2 * WHOLE * len(first & second) // (len(first) + len(second) or 1)
    stem = _KEPT_STEM if old.id.stem == new.id.stem else 0
    return score + stem + (_KEPT_NAME if _name(old) == _name(new) else 0)


def _texts(version: Version) -> frozenset[Hashable]:
    """What makes a file known again: its names, goals and indicators, or the facts of a 部门.yml."""
    if version.subject is None:
        return frozenset(version.facts.items())
    project = version.subject.project
    rows = ((row.level2, row.name) for row in project.indicators)
    stem = (("stem", version.id.stem),) if version.id else ()
    return frozenset((("name", project.name), *stem, *project.goals, *rows))


def _name(version: Version) -> tuple[bool, str]:
    if version.subject:
        return True, version.subject.project.name
    return False, version.department.name if version.department else ""


def rows(old: Sequence[Row], new: Sequence[Row]) -> dict[int, int]:
    """The indicators that are the same, by position: first by name and place, then by best likeness."""
    pairs = _unique(map(_slot_and_name, old), map(_slot_and_name, new))
    left = [index for index in range(len(old)) if index not in pairs]
    taken = set(pairs.values())
    right = [index for index in range(len(new)) if index not in taken]
    scores = {
        (one, other): score
        for one, other in _candidates(left, right, [row.indicator.name for row in old], new)
        if (score := _row_score(old[one].indicator, new[other].indicator)) >= _SAME_ROW
    }
    return pairs | best(scores)


def _slot_and_name(row: Row) -> Hashable:
    return row.indicator.level1, row.indicator.level2, row.indicator.name


def _candidates(
    left: Sequence[int], right: Sequence[int], names: Sequence[str], new: Sequence[Row]
) -> Iterator[tuple[int, int]]:
    few = len(left) * len(right) <= _MANY
    for one in left:
        for other in right:
            if few or names[one] == new[other].indicator.name:
                yield one, other


def _row_score(old: Indicator, new: Indicator) -> int:
    slot = _SAME_SLOT if old.level2 == new.level2 else 0
    return likeness(old.name, new.name) + slot + (_SAME_VALUE if old.value == new.value else 0)


def goals(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """The goals that are the same, by position."""
    pairs = _unique(old, new)
    taken = set(pairs.values())
    left = [index for index in range(len(old)) if index not in pairs]
    right = [index for index in range(len(new)) if index not in taken]
    few = len(left) * len(right) <= _MANY
    scores = {
        (one, other): score
        for one in left
        for other in right
        if (few or old[one] == new[other]) and (score := likeness(old[one], new[other])) >= _SAME_GOAL
    }
    return pairs | best(scores)


def _unique(old: Iterable[Hashable], new: Iterable[Hashable]) -> dict[int, int]:
    """Positions of what stands once in both."""
    before, after = _once(old), _once(new)
    return {before[item]: after[item] for item in before if item in after}


def _once(items: Iterable[Hashable]) -> dict[Hashable, int]:
    where: dict[Hashable, int] = {}
    again: set[Hashable] = set()
    for index, item in enumerate(items):
        if where.setdefault(item, index) != index:
            again.add(item)
    return {item: index for item, index in where.items() if item not in again} if again else where
