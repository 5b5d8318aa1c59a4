"""The data pages and everything beside them, written into a folder: pages in frames, search index, sitemap.

Whoever rendered the chrome hands over its frames and its hand-written pages; nothing here knows how.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from builder import address, adjusted, atom, downloads, explorer, search, site
from builder.collection import load, load_with_data
from builder.errors import BuilderError
from builder.exports import office
from builder.exports.data import finish, linked, rows, stream
from builder.exports.data.about import About
from builder.exports.data.rows import Item
from builder.frames import fill
from builder.gitref import last_changes
from builder.search import page_record, project_record
from builder.site import DataEntry, MovedEntry, ProjectEntry
from builder.sitemap import sitemap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.collection import Collection
    from builder.frames import Frame
    from builder.rules.rule import Subject
    from builder.search import Record
    from builder.site import Entry, Settings


log = logging.getLogger("jixiao")
"""Not MkDocs' own, whose warnings fail a strict build."""


@dataclass(frozen=True, slots=True)
class HandPage:
    """A hand-written page: its address, title, rendered content (HTML) and the file it was written in."""

    address: str
    title: str
    content: str
    source: Path | None


@dataclass(frozen=True, slots=True)
class Publication:
    """All that a site is made of. ``frames`` by depth; ``site_url`` ends in a slash or is empty."""

    collection: Collection
    settings: Settings
    frames: Mapping[int, Frame]
    hand_pages: tuple[HandPage, ...]
    site_url: str


def data_page(
    entry: Entry, publication: Publication, *, subject: Subject | None = None, files: tuple[str, ...] = ()
) -> str:
    """One data page, complete with its chrome.

    ``subject``: its project, where that has been read already; ``files``: suffixes of the project's files.
    """
    page = site.page(entry, publication.collection, publication.settings, subject=subject, files=files)
    return fill(
        publication.frames[address.depth(entry.address)],
        title=page.title,
        description=page.description,
        canonical=f"{publication.site_url}{page.lasting}",
        head=page.head,
        content=page.content,
    )


def write(publication: Publication, folder: Path) -> int:
    """Write every data page, the search index and the sitemap into ``folder``; the number of data pages."""
    table = explorer.Writer(publication.collection.schemas.forms.values())
    about = _about(publication, folder)
    records = chain(_written(publication, about, table), _page_records(publication))
    for name, data in search.write(records):
        write_file(folder / SEARCH_FOLDER / name, data)
    for name, data in table.files():
        write_file(folder / EXPLORER_FOLDER / name, data)
    dates = last_changes(publication.collection.base.resolve())
    _write_data(publication, about, dates)
    if publication.settings.feed:
        write_file(folder / atom.NAME, feed(publication))
    for name, data in sitemap(_dated(publication, dates), publication.site_url).items():
        write_file(folder / name, data)
    # MkDocs' own, which knows nothing of the data pages.
    (folder / "sitemap.xml.gz").unlink(missing_ok=True)
    return sum(1 for _ in site.entries(publication.collection.catalogue))


def _written(publication: Publication, about: About, table: explorer.Writer) -> Iterator[Record]:
    """Write every data page but the list of downloads, and each project's files, reading its file once.

    What search needs of each project comes out; ``table`` is given each project too.
    """
    catalogue = publication.collection.catalogue
    for entry in site.entries(catalogue):
        if not isinstance(entry, ProjectEntry | DataEntry):
            about.write(address.file(entry.address), data_page(entry, publication).encode())
    passing = stream.through((_item(entry, publication) for entry in _projects(publication)), about)
    for entry, (item, files) in zip(_projects(publication), passing, strict=True):
        content = data_page(entry, publication, subject=item.subject, files=files)
        about.write(address.file(entry.address), content.encode())
        table.add(item.subject, entry.project)
        yield project_record(item.subject.project, entry.project)


def _projects(publication: Publication) -> Iterator[ProjectEntry]:
    listed = site.entries(publication.collection.catalogue)
    return (entry for entry in listed if isinstance(entry, ProjectEntry))


def _item(entry: ProjectEntry, publication: Publication) -> Item:
    subject, data = load_with_data(entry.project, publication.collection)
    waived = publication.collection.waived.get(entry.project.file, ())
    return Item(entry.project, subject, data, waived, entry.department)


def _about(publication: Publication, folder: Path) -> About:
    settings = publication.settings
    return About(
        folder,
        publication.collection.schemas,
        settings.site_name,
        publication.site_url,
        settings.licence,
        offices() if settings.office else (),
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


def _write_data(publication: Publication, about: About, dates: Mapping[str, str]) -> None:
    """Write what describes the data files, and the page that lists them."""
    catalogue, base = publication.collection.catalogue, publication.collection.base.resolve()
    changed = {
        entry.project.file: dates.get((base / entry.project.file).as_posix(), "")
        for entry in _projects(publication)
    }
    files = finish.finish(catalogue, about, changed)
    described = linked.dataset(catalogue, {file.path: file for file in files}, about)
    entry = DataEntry(files, json.dumps(described, ensure_ascii=False, separators=(",", ":")))
    about.write(address.file(entry.address), data_page(entry, publication).encode())


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


SEARCH_FOLDER = "search/data"
"""Where the search index stands in the site."""

EXPLORER_FOLDER = "indicators/data"
"""Where the table of all indicators stands in the site."""


def search_files(publication: Publication) -> Iterator[tuple[str, bytes]]:
    """The search index: file names under ``SEARCH_FOLDER`` and their bytes."""
    entries = site.entries(publication.collection.catalogue)
    projects = (entry.project for entry in entries if isinstance(entry, ProjectEntry))
    records = (project_record(load(item, publication.collection).project, item) for item in projects)
    return search.write(chain(records, _page_records(publication)))


def explorer_files(publication: Publication) -> Iterator[tuple[str, bytes]]:
    """The table of all indicators: file names under ``EXPLORER_FOLDER`` and their bytes."""
    table = explorer.Writer(publication.collection.schemas.forms.values())
    for entry in site.entries(publication.collection.catalogue):
        if isinstance(entry, ProjectEntry):
            table.add(load(entry.project, publication.collection), entry.project)
    return table.files()


def project_json(entry: ProjectEntry, publication: Publication) -> bytes:
    """The JSON that stands beside a project's page, from which any two projects are compared."""
    return rows.of_project(_item(entry, publication), publication.site_url).line.encode()


def _page_records(publication: Publication) -> Iterator[Record]:
    return (page_record(page.address, page.title, page.content) for page in publication.hand_pages)


def write_file(path: Path, data: bytes) -> None:
    """Write one file, making its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _dated(publication: Publication, dates: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Every page's address with the date of its latest source; no date when one of them is not known."""
    base = publication.collection.base.resolve()
    for page in publication.hand_pages:
        yield page.address, dates.get(page.source.resolve().as_posix()) if page.source else None
    for entry in site.entries(publication.collection.catalogue):
        if isinstance(entry, MovedEntry):
            continue
        files = site.sources(entry, publication.collection.catalogue)
        known = [dates.get((base / file).as_posix(), "") for file in files]
        yield entry.address, max(known) if known and all(known) else None


@contextmanager
def staged(final: Path) -> Iterator[Path]:
    """A folder beside ``final`` to build in; on success it takes the place of ``final``, else it is removed.

    Raises:
        BuilderError: the folder cannot be written beside ``final``.
    """
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{final.name}-", dir=final.parent))
    except OSError as error:
        raise BuilderError(f"不能在“{final.parent}”里写文件：{error.strerror}。") from error
    try:
        yield staging
        staging.chmod(0o755)
        _replace(staging, final)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _replace(staging: Path, final: Path) -> None:
    old = staging.with_name(f"{staging.name}-old")
    try:
        if final.exists():
            final.rename(old)
        staging.rename(final)
    except OSError as error:
        if old.exists() and not final.exists():
            old.rename(final)
        hint = "请关掉正在使用它的程序；如果它是挂载点，请用 --site-dir 换一个文件夹。"
        raise BuilderError(f"换不下“{final}”，原有网站没有改动：{error.strerror}。{hint}") from error
    shutil.rmtree(old, ignore_errors=True)
