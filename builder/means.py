"""What a build is done with: by whom the work is done, and where what was made is kept."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from builder import store, workers
from builder.frozen import frozen
from builder.gathering import FEW
from builder.store import Store
from builder.workers import Here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from builder.workers import Workers


@dataclass(slots=True)
class Memory:
    """What a program that goes on running found before: by what it was found of, with a stamp of that.

    ``edited``: the files that have changed since, whole paths; ``None`` where any may have.
    """

    found: dict[Any, tuple[object, Any]] = field(default_factory=dict)
    edited: frozenset[Path] | None = None

    def note(self, edited: frozenset[Path]) -> None:
        """Files have changed, and no others, since what is remembered was found."""
        if self.edited is not None:
            self.edited |= edited


@frozen()
class Means:
    """By whom, and where parts are kept; ``keeps``: whether that lasts for later builds to use.

    ``spools``: whether projects are kept as they were read, for pages to be made of them soon. ``most``: how
    many problems of one kind are kept, or all. ``makes``: a function of a Subject, whose result is kept of
    each project instead of what was read, where nothing else needs that. ``memory``: what was found a moment
    ago by this very process, if it is one that goes on running.
    """

    workers: Workers
    store: Store
    keeps: bool = False
    spools: bool = True
    most: int | None = FEW
    makes: Callable[[Any], object] | None = None
    memory: Memory | None = None


@contextmanager
def modest(memory: Memory | None = None) -> Iterator[Means]:
    """This process alone, and nothing kept for another one."""
    with store.passing() as parts:
        yield Means(Here(), parts, memory=memory)


@contextmanager
def opened(
    *,
    number: int | None,
    scheduler: str | None,
    cache: Path | None,
    scratch: Path,
    loads: Sequence[str] = (),
    makes: Callable[[Any], object] | None = None,
) -> Iterator[Means]:
    """What the user asked for.

    ``number`` of processes, or as many as there are cores; ``scheduler``: the address of a cluster instead;
    ``cache``: a folder for what is kept; ``scratch``: a folder that every worker can read;
    ``loads``: modules that processes need for most of the work; ``makes`` as in ``Means``.

    Raises:
        BuilderError: the cluster does not answer, or the folder cannot be written to.
    """
    with ExitStack() as stack:
        parts = Store(cache) if cache else stack.enter_context(store.passing(scratch if scheduler else None))
        if scheduler:
            by: Workers = stack.enter_context(workers.cluster(scheduler, scratch))
        elif (number or workers.cores()) > 1:
            by = stack.enter_context(workers.processes(number or workers.cores(), loads))
        else:
            by = Here()
        yield Means(by, parts, keeps=cache is not None, makes=makes)
        if cache:
            parts.prune()


@contextmanager
def processes(loads: Sequence[str]) -> Iterator[Means]:
    """As many processes as there are cores, and nothing kept: for a command that only reads.

    ``loads``: modules that they need for most of the work.
    """
    with ExitStack() as stack:
        many = workers.cores() > 1
        by: Workers = stack.enter_context(workers.processes(workers.cores(), loads)) if many else Here()
        yield Means(by, stack.enter_context(store.passing()), spools=False, most=None)
