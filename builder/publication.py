"""All that a site is made of, and one page or one project of it, complete. Writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import address, site
from builder.collection import load_with_data
from builder.exports.data.rows import Item
from builder.frames import fill, waiting
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from builder import engine
    from builder.collection import Collection
    from builder.entries import Entry, ProjectEntry
    from builder.frames import Frame
    from builder.rules.rule import Subject
    from builder.site import Settings


@frozen()
class HandPage:
    """A hand-written page: its address, title, rendered content (HTML) and the file it was written in."""

    address: str
    title: str
    content: str
    source: Path | None


@frozen()
class Publication:
    """All that a site is made of. ``frames`` by depth; ``site_url`` ends in a slash or is empty.

    ``kit``: what the engine of 填报 is made of, where Pyodide is on this machine.
    """

    collection: Collection
    settings: Settings
    frames: Mapping[int, Frame]
    hand_pages: tuple[HandPage, ...]
    site_url: str
    kit: engine.Kit | None = None


def data_page(
    entry: Entry, publication: Publication, *, subject: Subject | None = None, files: tuple[str, ...] = ()
) -> bytes:
    """One data page, complete with its chrome, in UTF-8.

    ``subject``: its project, where that has been read already; ``files``: suffixes of the project's files.
    """
    page = site.page(entry, publication.collection, publication.settings, subject=subject, files=files)
    whole = fill(
        publication.frames[address.depth(entry.address)],
        title=page.title,
        description=page.description,
        canonical=f"{publication.site_url}{page.lasting}",
        head=page.head,
        content=page.parts,
    )
    return waiting(whole) if page.waits else whole


def item(entry: ProjectEntry, publication: Publication) -> Item:
    """One project, read again, as the exports take it.

    Raises:
        BuilderError: its file has changed since it was checked.
    """
    subject, data = load_with_data(entry.project, publication.collection)
    waived = publication.collection.waived.get(entry.project.file, ())
    return Item(entry.project, subject, data, waived, entry.department)
