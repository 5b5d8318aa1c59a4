"""What each commit in a file's way did to its meaning: versions in, changes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import diff
from builder.frozen import frozen
from builder.history import sort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from builder.diff import Change, Version
    from builder.history.trails import Leap, Side
    from builder.values import Vocabulary


@frozen()
class Turn:
    """What one leap came to.

    ``is_skipped``: the text could not be read then; the next turn is seen from before it. ``is_start``: what
    was before is not told, for the project was not public then. ``is_withheld``: it is not public now.
    """

    changes: tuple[Change, ...] = ()
    is_skipped: bool = False
    is_start: bool = False
    is_withheld: bool = False


def turns(way: Iterable[Leap], load: Callable[[Side], Version], words: Vocabulary) -> Iterator[Turn]:
    """One Turn for each leap."""
    base: Version | None = None
    is_gone = False
    for leap in way:
        if leap.new is None:
            is_gone = True
            yield Turn(sort.counted(diff.between(base, None, words)))
            continue
        version = load(leap.new)
        if version.is_withheld:
            base = None
            yield Turn(is_start=True, is_withheld=True)
        elif not version.is_read or (base and version.wrong and not base.wrong):
            yield Turn(is_skipped=True)
        elif base is None:
            base, is_gone = version, False
            yield Turn(is_start=True)
        else:
            changes = diff.between(base, version, words)
            returned = diff.between(None, version, words) if is_gone else ()
            base, is_gone = version, False
            yield Turn(sort.counted((*changes, *returned)))
