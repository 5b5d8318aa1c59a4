"""The way of each file through the commits of the line: what it was called and which blob it held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from builder.gitref.mainline import Mainline, Touch


class Side(NamedTuple):
    """A file before or after a commit."""

    name: str
    blob: str


class Leap(NamedTuple):
    """One commit in a file's way: its place in the line, the file before (if it was there) and after."""

    order: int
    old: Side | None
    new: Side | None


Alike: TypeAlias = "Callable[[Sequence[Side], Sequence[Side]], Mapping[Side, Side]]"


@dataclass(slots=True)
class Trails:
    """The ways by the name they end with: of files that are there, and of files that are gone."""

    present: dict[str, list[Leap]] = field(default_factory=dict)
    gone: dict[str, list[Leap]] = field(default_factory=dict)

    def get(self, name: str) -> list[Leap] | None:
        """The way that ends with a name."""
        return self.present.get(name) or self.gone.get(name)


def trails(line: Mainline, is_data: Callable[[str], bool], alike: Alike) -> Trails:
    """Follow every file. ``alike`` says which of the files that go and come in one commit are the same."""
    found = Trails()
    for order, step in enumerate(line.steps):
        touches = [touch for touch in step.commit.files if is_data(touch.name)]
        if touches:
            _follow(found, order, touches, alike)
    return found


def _follow(found: Trails, order: int, touches: Sequence[Touch], alike: Alike) -> None:
    gone: list[Side] = []
    come: list[Side] = []
    for name, old, new in touches:
        if old and new:
            leap = Leap(order, Side(name, old), Side(name, new))
            found.present.setdefault(name, []).append(leap)
        elif old:
            gone.append(Side(name, old))
        elif new:
            come.append(Side(name, new))
    pairs: Mapping[Side, Side] = _paired(gone, come, alike) if gone and come else {}
    moving = {old: found.present.pop(old.name, []) for old in gone}
    for left, way in moving.items():
        to = pairs.get(left)
        way.append(Leap(order, left, to))
        (found.present if to else found.gone)[to.name if to else left.name] = way
    moved = set(pairs.values())
    for side in come:
        if side not in moved:
            # A file that comes back goes on where it left off.
            found.present[side.name] = [*found.gone.pop(side.name, []), Leap(order, None, side)]


def _paired(gone: Sequence[Side], come: Sequence[Side], alike: Alike) -> Mapping[Side, Side]:
    """First what moved as it was, then what is alike."""
    same = dict(_same(gone, come))
    taken = set(same.values())
    left = [side for side in gone if side not in same]
    right = [side for side in come if side not in taken]
    return {**same, **alike(left, right)} if left and right else same


def _same(gone: Iterable[Side], come: Sequence[Side]) -> Iterator[tuple[Side, Side]]:
    blobs: dict[str, list[Side]] = {}
    for side in come:
        blobs.setdefault(side.blob, []).append(side)
    for side in gone:
        others = blobs.get(side.blob, [])
        if len(others) == 1:
            yield side, others.pop()


def joined(way: Sequence[Leap], before: Sequence[Leap]) -> list[Leap]:
    """One way out of two: a file that came, and the one it is said to have been before (曾用路径).

    Only what stood before the file came belongs to it.
    """
    first = way[0]
    earlier = [leap for leap in before if leap.new and leap.order <= first.order]
    if first.old or not earlier:
        return [*way]
    return [*earlier, Leap(first.order, earlier[-1].new, first.new), *way[1:]]
