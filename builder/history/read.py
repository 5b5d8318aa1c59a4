"""The history of a folder of data, from git: one pass of its log, and of the blobs only those that count.

A file that was never changed since it came costs nothing. The others are read by their ways, each blob once,
those of one folder together.
"""

from __future__ import annotations

import pickle
from collections import Counter
from contextlib import nullcontext
from dataclasses import field, replace
from functools import cached_property, lru_cache, partial
from itertools import groupby, islice
from typing import TYPE_CHECKING, TypeAlias

from builder import diff, fingerprint, tree
from builder.frozen import frozen
from builder.gitref.command import GitError
from builder.gitref.mainline import Mainline, latest, mainline
from builder.gitref.revision import blobs
from builder.history import sort
from builder.history.records import Entry, Record, Sort
from builder.history.trails import joined, trails
from builder.history.turns import Turn, turns
from builder.means import modest
from builder.model import ProjectId
from builder.source import MAX_BYTES
from builder.tree import SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from builder.diff import Version
    from builder.gitref.mainline import Step
    from builder.gitref.revision import Blob
    from builder.history.trails import Leap, Side, Trails
    from builder.means import Means
    from builder.schema import Schemas

    Way = Sequence[Leap]

_CAME = (Turn(is_start=True),)
"""What most files have: they came, and stayed as they were."""


@lru_cache(maxsize=1 << 10)
def _place(folder: Path, parent: str) -> ProjectId | None:
    return tree.identity(folder / parent / tree.DEPARTMENT_FILE)


def _identity(folder: Path, file: str) -> ProjectId | None:
    """What the path of a file says."""
    parent, _, name = file.rpartition("/")
    place = _place(folder, parent)
    return place and ProjectId(place.year, place.department, name.rpartition(".")[0])


_BLOB = 0.003  # about how many seconds it takes to read one
_TURNS = "turns"
_Job: TypeAlias = "tuple[Sequence[Way], Mapping[str, Blob]]"


@frozen(slots=False)
class History:
    """The past of every project under ``targets``, a path from ``folder``.

    git is asked when the first record is, and a record is made when it is asked for. ``former``: the names
    that a file is said to have had before (曾用路径), by its name.
    """

    folder: Path
    targets: str
    schemas: Schemas
    former: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _turns: dict[str, tuple[Turn, ...]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def line(self) -> Mainline:
        """The commits; none without git. Their files are told no more once ``trails`` are known."""
        try:
            return mainline(self.folder, self.targets)
        except GitError:
            return Mainline((), is_cut=False)

    @cached_property
    def trails(self) -> Trails:
        """The way of each file."""
        found = trails(self.line, _is_data(self.folder), partial(_alike, self.folder, self.schemas))
        # All else asks only what merges brought in; the first commit may have brought very many files.
        self.__dict__["line"] = replace(self.line, steps=tuple(map(_without_files, self.line.steps)))
        return found

    @property
    def is_known(self) -> bool:
        """Whether git knows anything."""
        return bool(self.line.steps)

    def is_current(self) -> bool:
        """Whether the last commit that touched the data is still the same."""
        last = self.line.steps[-1].commit.id if self.line.steps else ""
        try:
            return latest(self.folder, self.targets) == last
        except GitError:
            return not self.line.steps

    @property
    def time(self) -> str:
        """The moment of the last commit; empty without git."""
        return self.line.steps[-1].commit.time if self.line.steps else ""

    @property
    def is_partial(self) -> bool:
        """Whether the clone is shallow, so that the beginning is missing."""
        return self.line.is_cut

    def names(self) -> tuple[str, ...]:
        """Every file, those that are there first; none that another is said to have been."""
        joined_on = {name for names in self.former.values() for name in names}
        return (*self.trails.present, *(name for name in self.trails.gone if name not in joined_on))

    def record(self, file: str) -> Record | None:
        """The record of one file; ``None`` where git does not know it, or it is not public."""
        way = self._way(file)
        if not way:
            return None
        if file not in self._turns:
            self._read([file])
        found = self._turns[file]
        if found[-1].is_withheld or _was_withheld(found):
            return None
        return Record(
            file,
            _identity(self.folder, file),
            tuple(reversed([*self._entries(way, found)])),
            begins=self.line.steps[way[0].order].commit.date,
            is_partial=self.line.is_cut and way[0].order == 0,
            is_gone=file not in self.trails.present,
        )

    def records(self) -> Iterator[Record]:
        """Every record."""
        for name in self.prepared(self.names()):
            if record := self.record(name):
                yield record

    def changed(self) -> Iterator[Record]:
        """The records of those that were changed since they came, and maybe of others."""
        for name in self.prepared(self.names()):
            if self._turns[name] is not _CAME and (record := self.record(name)):
                yield record

    def prepared(self, names: Sequence[str], means: Means | None = None) -> Sequence[str]:
        """Those names, when all that their records need has been read in one go."""
        self._read([name for name in names if name not in self._turns], means)
        return names

    def _way(self, file: str) -> Way:
        way = self.trails.get(file) or []
        for name in self.former.get(file, ()):
            if way and name in self.trails.gone:
                way = joined(way, self.trails.gone[name])
        return way

    def _entries(self, way: Way, found: Sequence[Turn]) -> Iterator[Entry]:
        """The entries since the last start, oldest first."""
        start = max((index for index, turn in enumerate(found) if turn.is_start), default=-1)
        seen: dict[str, str] = {}
        waiting: list[Leap] = []
        for leap, turn in zip(way[max(start, 0) :], found[max(start, 0) :], strict=True):
            commit = self.line.steps[leap.order].commit
            waiting.append(leap)
            if turn.changes:
                texts, corrects = sort.reasons(self._messages(waiting))
                moved = leap.new and leap.old and leap.new.blob != leap.old.blob
                yield Entry(
                    commit.time,
                    commit.id,
                    leap.order,
                    Sort.CORRECTION if corrects else sort.of(turn.changes),
                    turn.changes,
                    texts,
                    seen.get(leap.new.blob) if moved and leap.new else None,
                )
            if not turn.is_skipped:
                waiting = []
            if leap.new:
                seen.setdefault(leap.new.blob, commit.date)

    def _messages(self, leaps: Iterable[Leap]) -> Iterator[str]:
        """The messages of the commits behind some leaps, and of those that a merge brought into the file."""
        for leap in leaps:
            step = self.line.steps[leap.order]
            names = {side.name for side in (leap.old, leap.new) if side}
            for commit in step.merged:
                if any(touch.name in names for touch in commit.files):
                    yield commit.message
            yield step.commit.message

    def _read(self, names: Sequence[str], means: Means | None = None) -> None:
        """Find the turns of some files."""
        ways = {name: self._way(name) for name in names}
        idle = {name: way for name, way in ways.items() if len(way) == 1 and way[0].new}
        self._turns.update(dict.fromkeys(idle, _CAME))
        busy = sorted((name, way) for name, way in ways.items() if name not in idle)
        groups = [dict(group) for _, group in groupby(busy, key=lambda item: item[0].rpartition("/")[0])]
        with nullcontext(means) if means else modest() as given:
            kept = {number: found for number, found in enumerate(self._kept(groups, given)) if found}
            wanted = [(number, group) for number, group in enumerate(groups) if number not in kept]
            jobs = _jobs(self.folder, [[*group.values()] for _, group in wanted])
            seconds = _BLOB * sum(len(way) for _, group in wanted for way in group.values())
            done = given.workers.run(_work, jobs, (self.folder, self.schemas), seconds=seconds)
            for (number, group), found in zip(wanted, done, strict=True):
                kept[number] = found
                if given.keeps:
                    data = pickle.dumps(found, pickle.HIGHEST_PROTOCOL)
                    given.store.put(self._key(group), [(_TURNS, data)])
        for number, group in enumerate(groups):
            self._turns.update(dict(zip(group, kept[number], strict=True)))

    def _kept(
        self, groups: Iterable[Mapping[str, Way]], means: Means
    ) -> Iterator[list[tuple[Turn, ...]] | None]:
        """What an earlier build found of each group."""
        for group in groups:
            stored = means.store.find(self._key(group)) if means.keeps else None
            data = stored.read(_TURNS) if stored else None
            # Written by this program in its own store.
            yield pickle.loads(data) if data else None  # noqa: S301

    def _key(self, group: Mapping[str, Way]) -> str:
        """Of blobs and names, and of the forms by which they are read."""
        ways = ((name, *map(tuple, way)) for name, way in group.items())
        return fingerprint.of(fingerprint.of_program(), self.schemas.digest, "history", *ways)


def _without_files(step: Step) -> Step:
    return replace(step, commit=replace(step.commit, files=()))


def _was_withheld(found: Sequence[Turn]) -> bool:
    """Whether the last that is known before the end is that it was not public."""
    told = [turn for turn in found if turn.is_start or turn.changes]
    return bool(told) and told[-1].is_withheld


def _jobs(folder: Path, batches: Sequence[Sequence[Way]]) -> Iterator[_Job]:
    """Ways in batches with the blobs they need, which git gives out in that order, each once."""
    needed = [dict.fromkeys(leap.new.blob for way in batch for leap in way if leap.new) for batch in batches]
    left = Counter(id_ for ids in needed for id_ in ids)
    stream = blobs(folder, [*left], limit=MAX_BYTES)
    kept: dict[str, Blob] = {}
    for batch, ids in zip(batches, needed, strict=True):
        missing = sum(id_ not in kept for id_ in ids)
        kept |= {blob.id: blob for blob in islice(stream, missing)}
        yield batch, {id_: kept[id_] for id_ in ids}
        left.subtract([*ids])
        kept = {id_: blob for id_, blob in kept.items() if left[id_]}


def _work(job: _Job, given: tuple[Path, Schemas]) -> list[tuple[Turn, ...]]:
    ways, found = job
    folder, schemas = given

    def load(side: Side) -> Version:
        return diff.read_text(_source(folder, side.name, found[side.blob]), schemas)

    return [tuple(turns(way, load, schemas.words)) for way in ways]


def _source(folder: Path, name: str, blob: Blob) -> SourceFile:
    raw = blob.data if blob.size <= MAX_BYTES else None
    return SourceFile(name, raw, tree.identity(folder / name))


def _alike(folder: Path, schemas: Schemas, gone: Sequence[Side], come: Sequence[Side]) -> Mapping[Side, Side]:
    """Which files that go and come in one commit are the same, by what they say."""
    found = {blob.id: blob for blob in blobs(folder, [side.blob for side in (*gone, *come)], limit=MAX_BYTES)}
    sides = {side.name: side for side in (*gone, *come)}
    old, new = (
        tuple(diff.read_text(_source(folder, side.name, found[side.blob]), schemas) for side in group)
        for group in (gone, come)
    )
    pairs = diff.pairs(old, new)
    return {sides[one.file]: sides[other.file] for one, other in pairs if one and other}


def _is_data(folder: Path) -> Callable[[str], bool]:
    """Whether a name is that of a project's file, by its place."""

    def is_data(name: str) -> bool:
        parent, _, file = name.rpartition("/")
        is_project = file.endswith(".yml") and file != tree.DEPARTMENT_FILE
        return is_project and "/." not in f"/{name}" and _place(folder, parent) is not None

    return is_data
