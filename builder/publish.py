"""The data pages and everything beside them, written into a folder: pages in frames, search index, sitemap.

Whoever rendered the chrome hands over its frames and its hand-written pages; nothing here knows how. The work
is cut into ``units``; here it is decided which there are, and what is left to do when they are done.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from builder import address, adjusted, atom, downloads, engine, explorer, fill_forms, fingerprint, search
from builder.bundle import Bundle
from builder.entries import (
    AcrossEntry,
    DataEntry,
    DepartmentEntry,
    MovedEntry,
    ProjectEntry,
    entries,
    sources,
)
from builder.errors import BuilderError
from builder.exports import office
from builder.exports.data import finish, linked, rows
from builder.exports.data.about import About
from builder.exports.data.scopes import Group, Scope
from builder.gitref import last_changes
from builder.inventory import Inventory, names_of
from builder.publication import data_page
from builder.search import page_record
from builder.sitemap import sitemap
from builder.spare import renamed
from builder.units import (
    EXPLORER_FOLDER,
    FOUND,
    NOTE,
    SEARCH_FOLDER,
    SLICE,
    TABLE,
    Engine,
    Export,
    Indicators,
    Kit,
    Pages,
    Placing,
    Projects,
    Search,
    done,
    place,
    told,
)
from builder.workers import in_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from builder.catalogue import DepartmentYear, Summary
    from builder.entries import Entry
    from builder.history import Record
    from builder.means import Means
    from builder.model import ProjectId
    from builder.publication import Publication
    from builder.search import Part
    from builder.spare import Spare
    from builder.store import Stored
    from builder.units import Unit


log = logging.getLogger("jixiao")
"""Not MkDocs' own, whose warnings fail a strict build."""

_PAGE, _OFFICE, _GATHERING = 0.006, 0.015, 0.012
"""About how many seconds of work a project is: its page and data, each of its office files, its share in all
that is gathered.
"""


def write(publication: Publication, folder: Path, means: Means, spare: Spare | None = None) -> Inventory:
    """Write every data page, the search index and the sitemap into ``folder``; what is known of the files.

    ``spare``: the site that was built before, from which files are taken that are the same.

    Raises:
        SpoiltError: what was kept is not as it was written.
        BuilderError: something cannot be read or written.
    """
    kit = _kit(publication, folder, means)
    inventory = Inventory(folder)
    slices = _slices(publication, kit, means, inventory)
    if kit.is_whole:
        feeds = _write_gathered(publication, kit, means, slices, inventory)
        if sum(year.projects for year in publication.collection.catalogue.years) > _LARGE:
            means.workers.rest()
        _write_data(publication, kit.about, feeds, inventory)
    # MkDocs' own, which know nothing of the data pages; where there is more than pages, ours is there by now.
    for name in ("sitemap.xml.gz", *(() if kit.is_whole else ("sitemap.xml",))):
        (folder / name).unlink(missing_ok=True)
    _place(inventory, folder, means, spare)
    inventory.close()
    return inventory


_TOGETHER, _SHARES = 8, 16
"""Units that are one job where they are but pages, at most; jobs that each worker should get, at least."""

_LARGE = 20_000
"""Beyond so many projects, processes that have made the index of a year hold on to much memory."""

_LINK, _FILES = 0.0001, 500
"""About how many seconds it takes to put one kept file in place, and how many are one job."""


def _place(inventory: Inventory, folder: Path, means: Means, spare: Spare | None) -> None:
    """Put in place what was kept: the last thing written, as these may be files of the present site too."""
    there = spare.take(folder, inventory, means.workers) if spare and inventory.is_mostly_kept else set()
    jobs = []
    for one in inventory.kept:
        names = [name for name in names_of(one) if name not in there]
        jobs += [(one, tuple(names[at : at + _FILES])) for at in range(0, len(names), _FILES)]
    seconds = _LINK * sum(len(names) for _, names in jobs)
    old = spare.site if spare else None
    left = (name for _, names in jobs for name in names)
    placing = Placing(folder, old, renamed(old, left) if old else {})
    for _ in means.workers.run(place, jobs, placing, seconds=seconds):
        pass


def _kit(publication: Publication, folder: Path, means: Means) -> Kit:
    """What all units share; its key says nothing of the data, nor of where it stands."""
    bare = replace(publication, collection=publication.collection.part(), hand_pages=(), kit=None)
    about = _about(publication, folder)
    said = (publication.settings, publication.frames, publication.site_url, about.offices)
    key = fingerprint.of(fingerprint.of_program(), about.schemas.digest, *said)
    # Where only pages are made, the check has kept what takes long.
    return Kit(bare, about, means.store, key, means.keeps and publication.settings.offers)


def _slices(
    publication: Publication, kit: Kit, means: Means, inventory: Inventory
) -> Mapping[tuple[int, str], Bundle]:
    """Make all projects, and the pages that are as many; what was stored of each department's, by year.

    Where only pages are wanted, those that show the whole too, which this process writes itself.

    Nothing is kept of the others, nor of any where there is nothing to be made of it: they may be very many.
    """
    departments: list[tuple[int, str]] = []
    history = publication.collection.history
    if history:
        history.prepared(history.names(), means)
    each = _PAGE + (_OFFICE * len(kit.about.offices) if kit.is_whole else 0)
    seconds = each * sum(year.projects for year in publication.collection.catalogue.years)
    found: dict[tuple[int, str], Bundle] = {}
    units = _units(publication, departments)
    if kit.is_whole:
        made = done(units, kit, means.workers, seconds=seconds)
    else:
        together = _together(publication, means.workers.number)
        meanwhile = _writing_between(units, _written_pages(publication, kit), together)
        made = done(meanwhile, kit, means.workers, seconds=seconds, together=together)
    for number, one in enumerate(made):
        if kit.is_whole or not one.is_placed:
            inventory.add(one.stored, is_placed=one.is_placed)
        if kit.is_whole and number < len(departments):
            before, more = found.get(departments[number]), _told(one.stored)
            found[departments[number]] = Bundle.joined((before, more)) if before else more
    return found


def _together(publication: Publication, workers: int) -> int:
    """How many units are one job where they are but pages."""
    departments = (which for year in publication.collection.catalogue.years for which in year.departments)
    slices = sum(-(-len(which.projects) // SLICE) for which in departments)
    return max(1, min(_TOGETHER, slices // (_SHARES * workers)))


def _units(publication: Publication, departments: list[tuple[int, str]]) -> Iterator[Unit]:
    """All projects, whose ``departments`` are noted as they come, and then the pages that are as many."""
    for unit in _project_units(publication):
        departments.append((unit.department.year, unit.department.code))
        yield unit
    for part in in_parts(_other_pages(publication), SLICE):
        read = (item for entry in part if isinstance(entry, AcrossEntry) for item in entry.years)
        yield Pages(part, _spool(read, publication))


def _writing_between(units: Iterable[Unit], pages: Iterator[None], together: int) -> Iterator[Unit]:
    """The same units; now and then, when workers are busy with some, a page is written here."""
    for number, unit in enumerate(units, 1):
        yield unit
        if number % (2 * together) == 0:
            next(pages, None)
    deque(pages, 0)


def _told(stored: Stored) -> Bundle:
    """What other units need of it."""
    return Bundle.of((stored,), [name for name in stored.parts if name.startswith(":")])


def _project_units(publication: Publication) -> Iterator[Projects]:
    collection = publication.collection
    history = collection.history
    for which, years in _departments(publication):
        for first in range(0, len(which.projects), SLICE):
            items = which.projects[first : first + SLICE]
            records: dict[str, Record] = {}
            if history:
                known = ((item.file, history.record(item.file)) for item in items)
                records = {file: record for file, record in known if record}
            answered = ((item.file, collection.waived.get(item.file)) for item in items)
            waived = {file: found for file, found in answered if found}
            several = tuple(years[first : first + SLICE])
            yield Projects(which, first, several, waived, records, _spool(items, publication))


def _spool(items: Iterable[Summary], publication: Publication) -> Mapping[str, Stored]:
    """Where those projects are kept as they were read."""
    spool = publication.collection.spool
    return {item.file: spool[item.file] for item in items if item.file in spool}


def _departments(publication: Publication) -> Iterator[tuple[DepartmentYear, list[tuple[ProjectId, ...]]]]:
    """Each department in each year, with each of its projects in every year."""
    years: list[tuple[ProjectId, ...]] = []
    for entry in entries(publication.collection.catalogue):
        if isinstance(entry, ProjectEntry):
            years.append(entry.years)
            if len(years) == len(entry.department.projects):
                yield entry.department, years
                years = []


def _other_pages(publication: Publication) -> Iterator[Entry]:
    for entry in entries(publication.collection.catalogue):
        if isinstance(entry, DepartmentEntry | AcrossEntry | MovedEntry):
            yield entry


def _written_pages(publication: Publication, kit: Kit) -> Iterator[None]:
    """The pages that show the whole, or a whole year, each written when it is asked for.

    That of the downloads comes when these are made.
    """
    apart = (ProjectEntry, DepartmentEntry, AcrossEntry, MovedEntry, *((DataEntry,) if kit.is_whole else ()))
    for entry in entries(publication.collection.catalogue):
        if not isinstance(entry, apart):
            kit.about.write(address.file(entry.address), data_page(entry, publication))
            yield


def _write_gathered(
    publication: Publication,
    kit: Kit,
    means: Means,
    slices: Mapping[tuple[int, str], Bundle],
    inventory: Inventory,
) -> tuple[str, ...]:
    """The files of departments, years and the whole, the search index, the table of all indicators, the rest.

    Given back are the paths of the feeds.
    """
    years = publication.collection.catalogue.years
    of_year = {
        year.year: Bundle.joined(slices[which.year, which.code] for which in year.departments)
        for year in years
    }
    pages = tuple(page_record(page.address, page.title, page.content) for page in publication.hand_pages)
    searches: list[Unit] = [Search(year, every.only([f":{FOUND}"])) for year, every in of_year.items()]
    searches += [Search(None, pages=pages)] if pages else []
    tables: list[Unit] = [Indicators(year, every.only([f":{TABLE}"])) for year, every in of_year.items()]
    # The database of everything takes longest, so it comes first.
    suffixes = [kind.suffix for kind in reversed(downloads.SCOPE_KINDS)]
    covered = _scopes(publication, slices)
    feeds: list[str] = []

    def units() -> Iterator[Unit]:
        yield from _exports(next(covered), suffixes)
        yield from (*searches, *tables)
        # The workers are busy with these.
        feeds.extend(_write_alone(publication, kit))
        for scope in covered:
            yield from _exports(scope, suffixes)
        if publication.kit:
            yield Engine(publication.kit)
        else:
            log.warning(engine.MISSING)

    seconds = _GATHERING * sum(year.projects for year in years)
    telling = range(len(suffixes), len(suffixes) + len(searches) + len(tables))
    stored = []
    for number, one in enumerate(done(units(), kit, means.workers, seconds=seconds)):
        inventory.add(one.stored, is_placed=one.is_placed)
        if number in telling:
            stored.append(one.stored)
    _write_manifests(publication, kit, stored[: len(searches)], stored[len(searches) :])
    return tuple(feeds)


def _write_manifests(
    publication: Publication, kit: Kit, searches: Iterable[Stored], tables: Iterable[Stored]
) -> None:
    """What names the years' files of the search index, and of the table of all indicators."""
    parts: list[Part] = [told(one, NOTE) for one in searches]  # type: ignore[misc]  # what Search put there
    name, data = search.manifest_file(parts)
    kit.about.write(f"{SEARCH_FOLDER}/{name}", data)
    packed: list[explorer.Packed] = [told(one, NOTE) for one in tables]  # type: ignore[misc]  # and Indicators
    forms = publication.collection.schemas.forms.values()
    kit.about.write(f"{EXPLORER_FOLDER}/{explorer.MANIFEST}", explorer.manifest(packed, forms))


def _scopes(publication: Publication, slices: Mapping[tuple[int, str], Bundle]) -> Iterator[Scope]:
    """Everything first, as it takes longest; then years, then departments."""
    years = publication.collection.catalogue.years
    groups = {
        (which.year, which.code): Group(rows.of_department(which), slices[which.year, which.code])
        for year in years
        for which in year.departments
    }
    yield Scope(tuple(groups.values()))
    for year in years:
        yield Scope(tuple(group for (of, _), group in groups.items() if of == year.year), year.year)
    for (of, code), group in groups.items():
        yield Scope((group,), of, code)


def _exports(scope: Scope, suffixes: Iterable[str]) -> Iterator[Unit]:
    return (Export(scope.only(suffix), suffix) for suffix in suffixes)


def _write_alone(publication: Publication, kit: Kit) -> tuple[str, ...]:
    """What needs nothing that units have made: pages, lists, feeds, sitemap; the paths of the feeds."""
    about, base = kit.about, publication.collection.base.resolve()
    deque(_written_pages(publication, kit), 0)
    about.write(fill_forms.FILE, forms_json(publication))
    dates = last_changes(base)
    if publication.settings.feed:
        about.write(atom.NAME, feed(publication))
    for name, data in sitemap(_dated(publication, dates), publication.site_url).items():
        about.write(name, data)
    catalogue = publication.collection.catalogue
    listed = (entry.project for entry in entries(catalogue) if isinstance(entry, ProjectEntry))
    above = base.as_posix()
    changed = {item.file: dates.get(f"{above}/{item.file}", "") for item in listed}
    return finish.lists(catalogue, about, changed)


def _about(publication: Publication, folder: Path) -> About:
    settings = publication.settings
    return About(
        folder,
        publication.collection.schemas,
        settings.site_name,
        publication.site_url,
        settings.licence,
        offices() if settings.office else (),
        settings.notice,
    )


def offices() -> tuple[str, ...]:
    """The office formats that can be made here; what lacks its libraries is left out, and said once."""
    found = []
    for suffix in downloads.OFFICE:
        try:
            office.writer(suffix)
        except BuilderError as error:
            log.warning("各项目不附 %s 文件。%s", office.FORMATS[suffix], error)
        else:
            found.append(suffix)
    return tuple(found)


def _write_data(publication: Publication, about: About, feeds: Iterable[str], inventory: Inventory) -> None:
    """Write what describes the data files, and the page that lists them."""
    catalogue = publication.collection.catalogue
    files = finish.finish(catalogue, about, feeds, inventory)
    described = linked.dataset(catalogue, {file.path: file for file in files}, about)
    entry = DataEntry(files, json.dumps(described, ensure_ascii=False, separators=(",", ":")))
    about.write(address.file(entry.address), data_page(entry, publication))


def feed(publication: Publication) -> bytes:
    """The Atom feed of the newest adjustments."""
    found = adjusted.newest(publication.collection)
    history = publication.collection.history
    items = [adjusted.item(one, publication.site_url) for one in found[: adjusted.MOST_ITEMS]]
    return atom.feed(
        items,
        title=f"{publication.settings.site_name}：调整记录",
        author=publication.settings.site_name,
        site_url=publication.site_url,
        page=address.CHANGES,
        time=items[0].time if items else (history and history.time) or atom.NEVER,
    )


def forms_json(publication: Publication) -> bytes:
    """What the page 填报 must know of the forms."""
    settings = publication.settings
    return fill_forms.text(
        publication.collection.schemas,
        folder=settings.folder,
        new_url=settings.new_url,
        edit_url=settings.edit_url,
    ).encode()


def _dated(publication: Publication, dates: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Every page's address with the date of its latest source; no date when one of them is not known."""
    above = publication.collection.base.resolve().as_posix()
    for page in publication.hand_pages:
        yield page.address, dates.get(page.source.resolve().as_posix()) if page.source else None
    for entry in entries(publication.collection.catalogue):
        if isinstance(entry, MovedEntry):
            continue
        files = sources(entry, publication.collection.catalogue)
        known = [dates.get(f"{above}/{file}", "") for file in files]
        yield entry.address, max(known) if known and all(known) else None
