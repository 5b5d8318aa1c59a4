"""The units of work of a build: a few pages and files, made from what a unit holds and what all share.

Every unit is a pure function of these two, whatever does it and wherever; so what it made can be kept by a
key that stands for both, and put in place again.
"""

from __future__ import annotations

import pickle
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from builder import address, downloads, engine, explorer, fingerprint
from builder.bundle import EMPTY
from builder.entries import ProjectEntry
from builder.exports.data import project_files, rows, scopes, slices
from builder.frozen import Packed, frozen
from builder.history import Told
from builder.publication import data_page, item
from builder.search import project_record, year_files
from builder.store import NOTHING, SpoiltError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from builder.bundle import Bundle
    from builder.catalogue import DepartmentYear
    from builder.entries import Entry
    from builder.exports.data.about import About
    from builder.exports.data.scopes import Scope
    from builder.history import Record
    from builder.model import ProjectId
    from builder.problem import Waived
    from builder.publication import Publication
    from builder.search import Grams
    from builder.search import Record as Found
    from builder.store import Store, Stored
    from builder.workers import Workers

SEARCH_FOLDER = "search/data"
"""Where the search index stands in the site."""

EXPLORER_FOLDER = "indicators/data"
"""Where the table of all indicators stands in the site."""

SLICE = 48
"""Projects of one department in one year that are made together."""

FOUND, TABLE, NOTE, INDEX = "found", "table", "note", "index"
"""Parts beside those of ``slices``: what search, and the table of indicators, hold of some projects; what a
unit has to tell; and what the next index of a year can be made from.
"""


@frozen()
class Kit:
    """What all units share.

    ``publication`` holds no data; ``about`` says where files go; ``key`` stands for all of it. ``keeps``:
    whether files are kept for a later build.
    """

    publication: Publication
    about: About
    store: Store
    key: str
    keeps: bool = False

    @property
    def stores(self) -> bool:
        """Whether anything is to be kept: for a later build, or for other units of this one."""
        return self.keeps or self.is_whole

    @property
    def is_whole(self) -> bool:
        """Whether there is more to make than pages."""
        return self.publication.settings.offers

    @property
    def folder(self) -> Path:
        """The folder of the site."""
        return self.about.folder


class Unit(Protocol):
    """One unit of work.

    ``few_change``: whether most of its files are as before even when it is made anew, so that only the others
    should be put in place.
    """

    few_change: ClassVar[bool]

    def made_from(self) -> tuple[object, ...]:
        """All that what it makes depends on, beside the kit: plain values, the same for the same work.

        They are written out one by one to be digested, so that much is better given as many.
        """

    def make(self, kit: Kit) -> Iterator[tuple[str, bytes | Path]]:
        """Files of the site by their paths, and parts, whose names begin with a colon.

        A file that has been written already is given as its path.
        """


class Done(NamedTuple):
    """What is kept of a unit, and whether its files are in place."""

    stored: Stored
    is_placed: bool


def key(unit: Unit, kit: Kit) -> str:
    """What stands for everything that a unit's files are made from; empty where nothing is kept by it."""
    if not kit.stores:
        return ""
    return fingerprint.of(kit.key, type(unit).__name__, *unit.made_from())


def found(key: str, kit: Kit) -> Done | None:
    """What was kept of a unit by an earlier build."""
    stored = kit.store.find(key) if kit.keeps else None
    return Done(stored, is_placed=False) if stored else None


def made(job: tuple[str, Unit], kit: Kit) -> Done:
    """Make a unit's files, given with its key, and keep them and its parts where anything is kept.

    Raises:
        BuilderError: something cannot be read or written.
    """
    key, unit = job
    is_placed = not (kit.keeps and unit.few_change)
    if not kit.stores:
        for _ in _parts_of(unit, kit, is_placed=True):
            pass
        return Done(NOTHING, is_placed=True)
    return Done(kit.store.put(key, _parts_of(unit, kit, is_placed=is_placed)), is_placed)


def done(
    units: Iterable[Unit], kit: Kit, workers: Workers, *, seconds: float, together: int = 1
) -> Iterator[Done]:
    """Each unit, found or made, in order; only what has to be made is handed to workers.

    ``seconds``: about how much work all are; ``together``: how many units are one job.

    Raises:
        BuilderError: something cannot be read or written.
    """
    earlier: deque[Done | None] = deque()

    def missing() -> Iterator[tuple[str, Unit]]:
        for unit in units:
            of_unit = key(unit, kit)
            earlier.append(found(of_unit, kit))
            if earlier[-1] is None:
                yield of_unit, unit

    for one in workers.run(made, missing(), kit, seconds=seconds, together=together):
        while before := earlier.popleft():
            yield before
        yield one
    yield from filter(None, earlier)


class Placing(NamedTuple):
    """Where kept files go; ``old``: a site that may hold the same, in folders that may be ``renamed``."""

    folder: Path
    old: Path | None
    renamed: Mapping[str, str]

    def same(self, name: str) -> str | None:
        """The file that may be the same."""
        inside, _, file = name.rpartition("/")
        return f"{self.old}/{self.renamed.get(inside, inside)}/{file}" if self.old else None


def place(wanted: tuple[Stored, tuple[str, ...]], placing: Placing) -> None:
    """Put in place some files that were kept.

    Raises:
        SpoiltError: they are not as they were written.
    """
    stored, names = wanted
    if not stored.copy(names, placing.folder, placing.same):
        raise SpoiltError


def _parts_of(unit: Unit, kit: Kit, *, is_placed: bool) -> Iterator[tuple[str, bytes | Path]]:
    """What is to be kept; each file is written as it comes if it is to be placed."""
    for name, data in unit.make(kit):
        is_file = not name.startswith(":")
        if is_file and is_placed and isinstance(data, bytes):
            kit.about.write(name, data)
        if kit.keeps or not is_file:
            yield name, data


@frozen()
class Projects(Packed):
    """Some projects of one department in one year: their pages, their files, and what they give to others.

    ``years``: each project in every year, as in a ``ProjectEntry``; ``waived`` and ``history`` by file;
    ``spool``: where they are kept as they were read, which what is made does not depend on.
    """

    department: DepartmentYear
    first: int
    years: tuple[tuple[ProjectId, ...], ...]
    waived: Mapping[str, tuple[Waived, ...]]
    history: Mapping[str, Record]
    spool: Mapping[str, Stored]

    few_change: ClassVar[bool] = False

    def made_from(self) -> tuple[object, ...]:
        """Everything but the spool, which says no more than the digests of the files."""
        return (self.department, self.first, self.years, self.waived, self.history)

    def make(self, kit: Kit) -> Iterator[tuple[str, bytes | Path]]:
        """Pages, files, and the parts for search, tables and exports."""
        told = Told(self.history)
        collection = replace(kit.publication.collection, waived=self.waived, told=told, spool=self.spool)
        publication = replace(kit.publication, collection=collection)
        made: list[rows.Record] = []
        found: list[Found] = []
        table: list[explorer.Taken] = []
        for number, years in enumerate(self.years, self.first):
            entry = ProjectEntry(self.department.projects[number], self.department, years)
            if not kit.is_whole:
                yield address.project_page(entry.project.id), data_page(entry, publication)
                continue
            one = item(entry, publication)
            record = rows.of_project(one, kit.about.site_url)
            suffixes = []
            for suffix, data in project_files.made(one, record, kit.about.schemas, kit.about.offices):
                yield downloads.project_file(entry.project.id, suffix), data
                suffixes.append(suffix)
            yield downloads.api_project(entry.project.id), f"{record.line}\n".encode()
            page = data_page(entry, publication, subject=one.subject, files=tuple(suffixes))
            yield address.project_page(entry.project.id), page
            made.append(record)
            found.append(project_record(one.subject.project, entry.project))
            table.append(explorer.taken(one.subject, entry.project))
        if kit.is_whole:
            yield from _parts((*slices.parts(made), (FOUND, _pickled(found)), (TABLE, _pickled(table))))


def _parts(parts: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    return ((f":{name}", data) for name, data in parts)


def _pickled(value: object) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def told(stored: Stored, name: str) -> object:
    """What a unit left for others.

    Raises:
        SpoiltError: it is not as it was written.
    """
    data = stored.read(f":{name}")
    if data is None:
        raise SpoiltError
    # Written by this program in its own store.
    return pickle.loads(data)  # noqa: S301


@frozen()
class Pages(Packed):
    """Some pages that need no more than their entries; ``spool`` as in ``Projects``."""

    entries: tuple[Entry, ...]
    spool: Mapping[str, Stored]

    few_change: ClassVar[bool] = False

    def made_from(self) -> tuple[object, ...]:
        """The entries."""
        return self.entries

    def make(self, kit: Kit) -> Iterator[tuple[str, bytes | Path]]:
        """The pages."""
        collection = replace(kit.publication.collection, spool=self.spool)
        publication = replace(kit.publication, collection=collection)
        for entry in self.entries:
            yield address.file(entry.address), data_page(entry, publication)


@frozen()
class Export(Packed):
    """The files of one kind of one scope."""

    scope: Scope
    suffix: str

    few_change: ClassVar[bool] = False

    def made_from(self) -> tuple[object, ...]:
        """The scope, and what its projects gave to it."""
        said = ((group.department, group.slices.digest()) for group in self.scope.groups)
        return (self.suffix, self.scope.year, self.scope.code, *said)

    def make(self, kit: Kit) -> Iterator[tuple[str, bytes | Path]]:
        """The files, written already."""
        for path in scopes.write(self.scope, self.suffix, kit.folder, kit.store):
            yield path, kit.folder / path


@frozen()
class Search(Packed):
    """The search index of one year; ``pages``: hand-written ones, which have no year."""

    year: int | None
    slices: Bundle = EMPTY
    pages: tuple[Found, ...] = ()

    few_change: ClassVar[bool] = True

    def made_from(self) -> tuple[object, ...]:
        """What its projects gave to it, and the pages."""
        return (self.year, self.pages, self.slices.digest())

    def make(self, kit: Kit) -> Iterator[tuple[str, bytes | Path]]:
        """The year's files, and what the manifest says of it."""
        records: list[Found] = [*self.pages]
        for one in self.slices.stored(kit.store):
            records += told(one, FOUND)  # type: ignore[arg-type]  # what Projects put there
        made = year_files(records, before=self._before(kit) if kit.keeps else None)
        for name, data in made.files:
            yield f"{SEARCH_FOLDER}/{name}", data
        yield f":{NOTE}", _pickled(made.part)
        if kit.keeps:
            kit.store.put(self._key(), [(f":{INDEX}", _pickled(made.lists))])

    def _before(self, kit: Kit) -> Grams | None:
        """The latest index of the year, whatever it was made from, which it says itself."""
        stored = kit.store.find(self._key())
        data = stored and stored.read(f":{INDEX}")
        # Written by this program in its own store.
        return pickle.loads(data) if data else None  # noqa: S301

    def _key(self) -> str:
        return fingerprint.of(fingerprint.of_program(), INDEX, self.year)


@frozen()
class Indicators(Packed):
    """One year in the table of all indicators."""

    year: int
    slices: Bundle

    few_change: ClassVar[bool] = False

    def made_from(self) -> tuple[object, ...]:
        """What its projects gave to it."""
        return (self.year, self.slices.digest())

    def make(self, kit: Kit) -> Iterator[tuple[str, bytes | Path]]:
        """The year's file, and what the manifest says of it."""
        forms = kit.publication.collection.schemas.forms.values()
        projects = (project for one in self.slices.stored(kit.store) for project in told(one, TABLE))  # type: ignore[attr-defined]
        year = explorer.packed(self.year, projects, forms)
        yield f"{EXPLORER_FOLDER}/{year.name}", year.data
        yield f":{NOTE}", _pickled(year._replace(data=b""))


@frozen()
class Engine:
    """The engine of 填报."""

    engine: engine.Kit

    few_change: ClassVar[bool] = False

    def made_from(self) -> tuple[object, ...]:
        """Pyodide and the rules of the place."""
        return engine.made_from(self.engine)

    def make(self, kit: Kit) -> Iterator[tuple[str, bytes | Path]]:
        """Its files."""
        del kit
        for name, data in engine.files(self.engine):
            yield f"{engine.FOLDER}/{name}", data
