"""The check of many departments, one at a time: by whom it is done, and what is kept of each file.

A department over all its years is the unit of work, a pure function of its files and of what all share.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from builder import decode, fingerprint, tree
from builder.catalogue import summarise
from builder.check import examine, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from builder.catalogue import Summary
    from builder.check import Checked, Examined
    from builder.means import Means, Memory
    from builder.model import Department, Project, ProjectId
    from builder.problem import Place, Problem, Waived
    from builder.rules import Settings
    from builder.schema import Schemas
    from builder.source import Json
    from builder.store import Store, Stored
    from builder.tree import SourceFile

    Group: TypeAlias = "tuple[tree.Name, ...]"
    Found: TypeAlias = "tuple[tuple[Kept, ...], Stored | None]"
    Read: TypeAlias = "tuple[Project, dict[str, Json]]"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one checked file: neither its bytes nor its Project.

    ``withheld``: the name of a project that is not to be published, else ``None``. ``former``: 曾用路径 and
    where each is written.
    """

    file: str
    id: ProjectId | None
    problems: tuple[Problem, ...]
    waived: tuple[Waived, ...]
    summary: Summary | None
    department: Department | None
    withheld: str | None
    former: tuple[tuple[Place, ProjectId], ...]


@dataclass(frozen=True, slots=True)
class Checking:
    """What the check of every department shares.

    ``store``: where what it found is kept by ``key``; ``keeps``: whether it may be there already.
    """

    base: Path
    schemas: Schemas
    settings: Settings
    store: Store | None = None
    key: str = ""
    keeps: bool = False


def checked(paths: Iterable[Path], checking: Checking, means: Means | None) -> Iterator[Found]:
    """What was found of each department, and where its projects are kept as they were read, if they are.

    Raises:
        BuilderError: a path does not exist.
    """
    groups = [*tree.listed(paths, base=checking.base)]
    if means is None:
        return (_check(group, checking) for group in groups)
    if means.memory is not None:
        return _remembered(groups, checking, means.memory)
    if means.spools:
        said = (fingerprint.of_program(), checking.schemas.digest, checking.settings)
        checking = replace(checking, store=means.store, key=fingerprint.of(*said), keeps=means.keeps)
    seconds = _FILE * sum(map(len, groups))
    found = means.workers.run(_check_all, _batches(groups), checking, seconds=seconds)
    return (one for batch in found for one in batch)


def _remembered(groups: Sequence[Group], checking: Checking, memory: Memory) -> Iterator[Found]:
    known = memory.found
    memory.found = {}
    for group in groups:
        # Taken before the files are read: an edit in between is seen again the next time.
        stamps = tuple(name.stamp(checking.base) for name in group)
        before, found = known.get(group, (None, None))
        if found is None or before != stamps:
            found = _check(group, checking)
        memory.found[group] = (stamps, found)
        yield found


_FILE = 0.003
"""About how many seconds the check of one file takes."""

_BATCH = 100
"""Files checked at a time by one worker, at least."""


def _batches(groups: Iterable[Group]) -> Iterator[tuple[Group, ...]]:
    batch: list[Group] = []
    for group in groups:
        batch.append(group)
        if sum(map(len, batch)) >= _BATCH:
            yield tuple(batch)
            batch = []
    yield tuple(batch)


def _check_all(groups: Iterable[Group], checking: Checking) -> list[Found]:
    return [_check(group, checking) for group in groups]


_KEPT = "kept"


def _check(names: Group, checking: Checking) -> Found:
    """One department over all its years."""
    files = [name.read(checking.base) for name in names]
    if checking.store is None:
        return tuple(kept for kept, _ in _judged(files, checking)), None
    said = ((file.name, file.raw and tree.digest(file.raw), file.id, file.problems) for file in files)
    key = fingerprint.of(checking.key, *said)
    if checking.keeps and (stored := checking.store.find(key)) and (data := stored.read(_KEPT)):
        # Written by this program in its own store.
        kept: tuple[Kept, ...] = pickle.loads(data)  # noqa: S301
        return kept, stored
    judged = [*_judged(files, checking)]
    kept = tuple(one for one, _ in judged)
    parts = [(_KEPT, pickle.dumps(kept, pickle.HIGHEST_PROTOCOL))]
    parts += [(one.file, pickle.dumps(read, pickle.HIGHEST_PROTOCOL)) for one, read in judged if read]
    return kept, checking.store.put(key, parts)


def read_before(file: str, stored: Stored) -> Read | None:
    """A project as it was read when it was checked; ``None`` where that is not kept any more."""
    data = stored.read(file)
    # Written by this program in its own store.
    return pickle.loads(data) if data else None  # noqa: S301


def _judged(files: Iterable[SourceFile], checking: Checking) -> Iterator[tuple[Kept, Read | None]]:
    """What is kept of each file, and a project that will be published, as it was read."""
    examined = [examine(file, checking.schemas) for file in files]
    for one, found in zip(examined, judge(examined, checking.settings), strict=True):
        kept = _keep(one, found)
        read = (found.project, one.document.data) if found.project and one.document else None
        yield kept, read if kept.summary else None


def _former(examined: Examined) -> Iterator[tuple[Place, ProjectId]]:
    if examined.document is not None and not examined.file.is_department:
        for path, identity in decode.former(examined.document.data):
            if path not in examined.wrong:
                yield examined.document.place(path), identity


def _keep(examined: Examined, checked: Checked) -> Kept:
    project, subject = checked.project, examined.subject
    withheld = project is not None and project.withheld
    return Kept(
        file=checked.file.name,
        id=checked.file.id,
        problems=checked.problems,
        waived=checked.waived,
        summary=summarise(subject, checked.file) if project and subject and not withheld else None,
        department=checked.department,
        withheld=project.name if project and withheld else None,
        former=tuple(_former(examined)),
    )
