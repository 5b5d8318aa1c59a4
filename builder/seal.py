"""The manifest of a finished site: every file digested, with the text and the commit behind it.

The last thing done to a folder before it is published; whatever is changed in it afterwards is seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from builder import address, manifest
from builder.errors import BuilderError
from builder.gitref.state import state
from builder.manifest import Manifest, Source
from builder.tree import digest, identity
from builder.version import version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from builder.gitref.state import State
    from builder.inventory import Inventory
    from builder.publication import Publication


def seal(
    publication: Publication, folder: Path, inventory: Inventory, *, previous: str | None = None
) -> None:
    """Write the manifest into ``folder``; ``previous``: the digest of the manifest published before.

    ``inventory``: what is known of the files there.

    Raises:
        BuilderError: a 部门.yml cannot be read any more.
    """
    base = publication.collection.base.resolve()
    sources = tuple(_sources(publication, base))
    known = state(base)
    made = Manifest(
        builder=version(),
        commit=known.commit if known else None,
        dirty=bool(known and _is_dirty(publication, base, sources, known)),
        previous=previous,
        files={},
        sources=sources,
    )
    files = (pair for pair in inventory.all() if pair[0] != manifest.NAME)
    with (folder / manifest.NAME).open("wb") as stream:
        stream.writelines(manifest.pieces(made, files))


def _sources(publication: Publication, base: Path) -> Iterator[Source]:
    """The text behind each project and department that is published, as it was checked."""
    for year in publication.collection.catalogue.years:
        for department in year.departments:
            for item in department.projects:
                yield Source(item.file, unquote(address.project(item.id)), item.digest)
            if department.file:
                page = unquote(address.department(department.year, department.code))
                yield Source(department.file, page, _read(base / department.file))


def _read(path: Path) -> str:
    try:
        return digest(path.read_bytes())
    except OSError as error:
        raise BuilderError(f"“{path}”在检查之后又被改动了：请重新运行。") from error


def _is_dirty(publication: Publication, base: Path, sources: tuple[Source, ...], known: State) -> bool:
    """Whether anything published differs from the commit.

    Of the data only what is published counts: an edit of a withheld record must not show in any way.
    """
    published = {base / source.path for source in sources}
    written = {page.source.resolve() for page in publication.hand_pages if page.source}
    beside = {path for path in known.changed if not identity(path)}
    return bool(known.changed & published or beside or known.new & (published | written))
