"""The check of many departments, one at a time: by whom it is done, and what is kept of each file.

A department over all its years is the unit of work, a pure function of its files and of what all share.
"""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from builder import decode, fingerprint, tree
from builder.catalogue import summarise
from builder.check import examine, judge
from builder.frozen import Packed, frozen
from builder.gathering import Gathering
from builder.store import SpoiltError, Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from builder.catalogue import Summary
    from builder.check import Checked, Examined
    from builder.gathering import Gathered
    from builder.means import Means, Memory
    from builder.model import Department, Project, ProjectId
    from builder.problem import Place, Waived
    from builder.rules import Settings, Subject
    from builder.schema import Schemas
    from builder.source import Json
    from builder.store import Part, Store
    from builder.tree import SourceFile
    from builder.values import Value
    from builder.workers import Workers

    Group: TypeAlias = "tuple[tree.Name, ...]"
    Read: TypeAlias = "tuple[Project, Sequence[Value | None] | None, dict[str, Json]]"
    Judged: TypeAlias = "tuple[Kept, Checked, Examined]"


T = TypeVar("T")


@frozen()
class Kept(Packed):
    """What is kept of one checked file: neither its bytes nor its Project.

    ``withheld``: the name of a project that is not to be published, else ``None``. ``former``: 曾用路径 and
    where each is written.
    """

    file: str
    id: ProjectId | None
    waived: tuple[Waived, ...]
    summary: Summary | None
    department: Department | None
    withheld: str | None
    former: tuple[tuple[Place, ProjectId], ...]


class Before(NamedTuple):
    """What is kept of a project for its pages: as it was ``read``, and what was ``made`` of it; or ``None``.

    ``number`` is that by which it was made.
    """

    read: Read | None
    made: object = None
    number: int | None = None


@frozen()
class Found(Packed):
    """What was found of one department; ``stored``: where what pages need of its projects is kept."""

    kept: tuple[Kept, ...]
    problems: Gathered
    stored: Stored | None = None


@frozen()
class Checking:
    """What the check of every department shares.

    ``most``: problems of one kind that are kept of a department, or all. ``store``: where what it found is
    kept by ``key``; ``keeps``: whether it may be there already. ``makes``: as in ``Means``.
    """

    base: Path
    schemas: Schemas
    settings: Settings
    most: int | None = None
    store: Store | None = None
    key: str = ""
    keeps: bool = False
    makes: Callable[[Subject], object] | None = None


def checked(paths: Iterable[Path], checking: Checking, means: Means | None) -> Iterator[Found]:
    """What was found of each department.

    Raises:
        BuilderError: a path does not exist.
    """
    if means is not None and means.memory is not None:
        return _remembered(paths, checking, means.memory)
    groups = [*tree.listed(paths, base=checking.base)]
    if means is None:
        return (_check(group, checking) for group in groups)
    means.workers.expect(_FILE * sum(map(len, groups)))
    if means.spools:
        makes = means.makes and means.makes.__qualname__
        said = (fingerprint.of_program(), checking.schemas.digest, checking.settings, checking.most, makes)
        keeps = means.keeps and not means.store.is_new
        key = fingerprint.of(*said)
        checking = replace(checking, store=means.store, key=key, keeps=keeps, makes=means.makes)
    return _by(means.workers, groups, checking)


def _by(workers: Workers, groups: Sequence[Group], checking: Checking) -> Iterator[Found]:
    """Departments as they were found by an earlier build; what has changed since is handed to workers."""
    known = [_kept_of(group, checking) if checking.keeps else None for group in groups]
    left = [group for group, found in zip(groups, known, strict=True) if found is None]
    seconds = _FILE * sum(map(len, left))
    batches = workers.run(_check_all, _batches(left), checking, seconds=seconds)
    fresh = (one for batch in batches for one in batch)
    return (found or next(fresh) for found in known)


def _remembered(paths: Iterable[Path], checking: Checking, memory: Memory) -> Iterator[Found]:
    """Departments as they were found before; those looked at again whose files may have changed."""
    known, edited = memory.found, memory.edited
    doubtful = None if edited is None else _doubtful(known, edited, checking.base)
    groups = [*tree.listed(paths, base=checking.base)] if doubtful is None else [*known]
    now: dict[Group, tuple[object, Found]] = {}
    for group in groups:
        stamps, found = known.get(group, (None, None))
        if found is None or doubtful is None or group in doubtful:
            # Taken before the files are read: an edit in between is seen again the next time.
            before, stamps = stamps, tuple(name.stamp(checking.base) for name in group)
            if found is None or before != stamps:
                found = _check(group, checking)
        now[group] = stamps, found
        yield found
    # What was edited between the first look and the start of the watch is seen by the second look.
    memory.found, memory.edited = now, frozenset() if known else None


_MOST_EDITED = 100
"""So many edits at once are no longer told apart: a watcher can lose some."""


def _doubtful(known: Iterable[Group], edited: frozenset[Path], base: Path) -> set[Group] | None:
    """Departments with edited files; ``None`` where there may be other files now than there were."""
    if len(edited) > _MOST_EDITED or not all(path.is_relative_to(base) for path in edited):
        return None
    paths = {path.relative_to(base) for path in edited}
    there = {path for path in paths if (base / path).is_file()}
    gone = paths - there
    if any((base / path).exists() for path in gone):  # a folder, which may have come with all its files
        return None
    named, lost = ({path.as_posix() for path in some} for some in (there, gone))
    under = tuple(f"{path}/" for path in lost)
    found: dict[str, Group] = {}
    for group in known:
        for name in group:
            if name.path in named:
                found[name.path] = group
            elif lost and (name.path in lost or name.path.startswith(under)):
                return None
    new = named - found.keys()
    return None if any(tree.is_data(path.rpartition("/")[2]) for path in new) else {*found.values()}


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


def _kept_of(names: Group, checking: Checking) -> Found | None:
    """One department as an earlier build found it, where its files are as they were."""
    if checking.store is None or not (stored := checking.store.find(_key(_read(names, checking), checking))):
        return None
    data = stored.read(_KEPT)
    # Written by this program in its own store.
    found: Found | None = pickle.loads(data) if data else None  # noqa: S301
    return found and replace(found, stored=stored)


def _read(names: Group, checking: Checking) -> list[SourceFile]:
    return [name.read(checking.base) for name in names]


def _key(files: Iterable[SourceFile], checking: Checking) -> str:
    said = ((file.name, file.raw and tree.digest(file.raw), file.id, file.problems) for file in files)
    return fingerprint.of(checking.key, *said)


def _check(names: Group, checking: Checking) -> Found:
    """One department over all its years."""
    files = _read(names, checking)
    judged = [*_judged(files, checking)]
    found = _found(judged, checking)
    if checking.store is None:
        return found
    parts = [(_KEPT, pickle.dumps(found, pickle.HIGHEST_PROTOCOL))]
    for name, some in _together([*_before(judged, checking)]):
        parts.append((name, pickle.dumps(dict(some), pickle.HIGHEST_PROTOCOL)))
    return replace(found, stored=checking.store.put(_key(files, checking), parts))


def _before(judged: Iterable[Judged], checking: Checking) -> Iterator[tuple[str, Before]]:
    """What is kept of each project that will be published, by file name.

    Where its page has been made of it already, it is wanted again only beside itself in another year.
    """
    projects = [(one, examined) for one, _, examined in judged if one.summary]
    stems = Counter(one.id and one.id.stem for one, _ in projects)
    for one, examined in projects:
        subject, document = examined.subject, examined.document
        if subject is None or document is None:
            continue
        read, made = None, None
        if checking.makes:
            made = checking.makes(subject)
        if made is None or one.former or stems[one.id and one.id.stem] > 1:
            read = subject.project, [row.value for row in subject.rows], document.data
        yield one.file, Before(read, made, subject.project.number)


def _found(judged: Iterable[Judged], checking: Checking) -> Found:
    gathering = Gathering(checking.most)
    kept = []
    for one, checked, _ in judged:
        kept.append(one)
        gathering.add(checked.problems, checked.more)
    return Found(tuple(kept), gathering.result())


_TOGETHER = 16
"""Projects that are kept in one part: they share most of their words."""


def _together(items: Sequence[T]) -> Iterator[tuple[str, Sequence[T]]]:
    """The parts in which projects are kept, by name, each with its share of ``items``."""
    return ((f"{at}", items[at : at + _TOGETHER]) for at in range(0, len(items), _TOGETHER))


def spool(found: Found) -> Iterator[tuple[str, Stored]]:
    """Where the projects of a department are kept as they were read, by file name."""
    if found.stored:
        for name, files in _together([one.summary.file for one in found.kept if one.summary]):
            stored = replace(found.stored, parts={name: found.stored.parts[name]})
            yield from ((file, stored) for file in files)


NOTHING = Before(None)


def before(file: str, stored: Stored) -> Before:
    """What was kept of a project when it was checked, or ``NOTHING`` where that is lost.

    ``stored`` as ``spool`` gave it.
    """
    ((name, part),) = stored.parts.items()
    try:
        return _kept_together(stored.path, name, part).get(file, NOTHING)
    except SpoiltError:
        return NOTHING


@lru_cache(maxsize=8)
def _kept_together(path: Path, name: str, part: Part) -> Mapping[str, Before]:
    """Projects that are kept together, which mostly are asked for one after the other.

    Raises:
        SpoiltError: they are lost, which is not remembered.
    """
    data = Stored(path, {name: part}).read(name)
    if data is None:
        raise SpoiltError
    # Written by this program in its own store.
    kept: Mapping[str, Before] = pickle.loads(data)  # noqa: S301
    return kept


def _judged(files: Iterable[SourceFile], checking: Checking) -> Iterator[Judged]:
    """What is kept of each file, what was found in it, and the file as it was looked at."""
    examined = [examine(file, checking.schemas) for file in files]
    for one, found in zip(examined, judge(examined, checking.settings, checking.most), strict=True):
        yield _keep(one, found), found, one


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
        waived=checked.waived,
        summary=summarise(subject, checked.file) if project and subject and not withheld else None,
        department=checked.department,
        withheld=project.name if project and withheld else None,
        former=tuple(_former(examined)),
    )
