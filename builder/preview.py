"""What a preview gives out when it is asked: files that a build would have written all at once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from builder import explorer, search
from builder import format as layout
from builder.collection import load, load_with_data
from builder.entries import ProjectEntry, entries
from builder.exports.data import rows
from builder.publication import item
from builder.search import page_record, project_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.catalogue import Summary
    from builder.publication import Publication


def search_files(publication: Publication) -> Iterator[tuple[str, bytes]]:
    """The search index: file names in its folder and their bytes."""
    collection = publication.collection
    records = (project_record(load(one, collection).project, one) for one in _projects(publication))
    pages = (page_record(page.address, page.title, page.content) for page in publication.hand_pages)
    return search.write(chain(records, pages))


def explorer_files(publication: Publication) -> Iterator[tuple[str, bytes]]:
    """The table of all indicators: file names in its folder and their bytes."""
    collection = publication.collection
    taken = ((one.id.year, explorer.taken(load(one, collection), one)) for one in _projects(publication))
    return explorer.files(taken, collection.schemas.forms.values())


def project_json(entry: ProjectEntry, publication: Publication) -> bytes:
    """The JSON that stands beside a project's page, from which any two projects are compared."""
    return rows.of_project(item(entry, publication), publication.site_url).line.encode()


def project_yaml(entry: ProjectEntry, publication: Publication) -> bytes:
    """The YAML that stands beside a project's page, from which the page 填报 opens it."""
    _, data = load_with_data(entry.project, publication.collection)
    return layout.write_project(data, publication.collection.schemas).encode()


def _projects(publication: Publication) -> Iterator[Summary]:
    listed = entries(publication.collection.catalogue)
    return (entry.project for entry in listed if isinstance(entry, ProjectEntry))
