"""The data pages and everything beside them, written into a folder: pages in frames, search index, sitemap.

Whoever rendered the chrome hands over its frames and its hand-written pages; nothing here knows how.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from builder import address, search, site
from builder.collection import load
from builder.errors import BuilderError
from builder.frames import fill
from builder.gitref import last_changes
from builder.search import page_record, project_record
from builder.site import ProjectEntry
from builder.sitemap import sitemap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.collection import Collection
    from builder.frames import Frame
    from builder.rules.rule import Subject
    from builder.search import Record
    from builder.site import Entry, Settings


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


def data_page(entry: Entry, publication: Publication, *, subject: Subject | None = None) -> str:
    """One data page, complete with its chrome; ``subject``: its project, where that has been read already."""
    page = site.page(entry, publication.collection, publication.settings, subject=subject)
    return fill(
        publication.frames[address.depth(entry.address)],
        title=page.title,
        description=page.description,
        canonical=f"{publication.site_url}{page.address}",
        head=page.head,
        content=page.content,
    )


def write(publication: Publication, folder: Path) -> int:
    """Write every data page, the search index and the sitemap into ``folder``; the number of data pages."""
    records = chain(_written(publication, folder), _page_records(publication))
    for name, data in search.write(records):
        write_file(folder / SEARCH_FOLDER / name, data)
    for name, data in sitemap(_dated(publication), publication.site_url).items():
        write_file(folder / name, data)
    # MkDocs' own, which knows nothing of the data pages.
    (folder / "sitemap.xml.gz").unlink(missing_ok=True)
    return sum(1 for _ in site.entries(publication.collection.catalogue))


def _written(publication: Publication, folder: Path) -> Iterator[Record]:
    """Write every data page; what search needs of each project comes out, so that its file is read once."""
    for entry in site.entries(publication.collection.catalogue):
        if isinstance(entry, ProjectEntry):
            subject = load(entry.project, publication.collection)
            content = data_page(entry, publication, subject=subject)
            yield project_record(subject.project, entry.project)
        else:
            content = data_page(entry, publication)
        write_file(folder / address.file(entry.address), content.encode())


SEARCH_FOLDER = "search/data"
"""Where the search index stands in the site."""


def search_files(publication: Publication) -> Iterator[tuple[str, bytes]]:
    """The search index: file names under ``SEARCH_FOLDER`` and their bytes."""
    entries = site.entries(publication.collection.catalogue)
    projects = (entry.project for entry in entries if isinstance(entry, ProjectEntry))
    records = (project_record(load(item, publication.collection).project, item) for item in projects)
    return search.write(chain(records, _page_records(publication)))


def _page_records(publication: Publication) -> Iterator[Record]:
    return (page_record(page.address, page.title, page.content) for page in publication.hand_pages)


def write_file(path: Path, data: bytes) -> None:
    """Write one file, making its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _dated(publication: Publication) -> Iterator[tuple[str, str | None]]:
    """Every page's address with the date of its latest source; no date when one of them is not known."""
    base = publication.collection.base.resolve()
    dates = last_changes(base)
    for page in publication.hand_pages:
        yield page.address, dates.get(page.source.resolve().as_posix()) if page.source else None
    for entry in site.entries(publication.collection.catalogue):
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
