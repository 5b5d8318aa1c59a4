"""What is made when all projects have passed: descriptions, feeds, the API's lists, and the checksums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import downloads
from builder.exports.data import api, atom, linked, openapi, package
from builder.exports.data.listing import checksums, listed
from builder.exports.data.scopes import TABLE_FILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from builder.catalogue import Catalogue
    from builder.downloads import Listed
    from builder.exports.data.about import About
    from builder.inventory import Inventory


def lists(catalogue: Catalogue, about: About, dates: Mapping[str, str]) -> tuple[str, ...]:
    """Write what says nothing of other files: feeds, and the API's lists; the paths of the feeds.

    ``dates``: the day (ISO) on which a data file last changed, by its name.
    """
    feeds = []
    for path, data in atom.feeds(catalogue, about, dates):
        about.write(path, data)
        feeds.append(path)
    for path, content in api.documents(catalogue, about):
        about.write_json(f"{downloads.API}/{path}", content)
    about.write_json(downloads.OPENAPI, openapi.description(about))
    return tuple(feeds)


def finish(
    catalogue: Catalogue, about: About, feeds: Iterable[str], inventory: Inventory
) -> tuple[Listed, ...]:
    """Write what describes the others; every file that is offered, in the order in which they are shown."""
    files = {path: listed(path, inventory) for path in streamed(catalogue)}
    about.write_json(downloads.PACKAGE, package.package(files, about))
    about.write_json(downloads.CATALOGUE, linked.catalogue_of(catalogue, files, about))
    more = [listed(path, inventory) for path in (downloads.PACKAGE, downloads.CATALOGUE, *feeds)]
    inside = [*files.values(), *more]
    about.write(downloads.CHECKSUMS_FILE, checksums(inside).encode())
    last = (downloads.CHECKSUMS_FILE, f"{downloads.API}/index.json", downloads.OPENAPI)
    return (*inside, *(listed(path, inventory) for path in last))


def streamed(catalogue: Catalogue) -> Iterator[str]:
    """Paths of the files that were written while projects passed: everything, then years and departments."""
    yield from _scope()
    yield from (downloads.table_file(table.name) for table in TABLE_FILES)
    for year in catalogue.years:
        yield from _scope(year.year)
        for which in year.departments:
            yield from _scope(year.year, which.code)


def _scope(year: int | None = None, department: str | None = None) -> Iterator[str]:
    return (downloads.scope_file(kind.suffix, year, department) for kind in downloads.SCOPE_KINDS)
