"""The files of one project beside its page: canonical YAML, JSON, and the official form for offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import format as layout
from builder.errors import BuilderError
from builder.exports import office
from builder.exports.office import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.exports.data.rows import Item, Record
    from builder.schema import Schemas


def made(item: Item, record: Record, schemas: Schemas, offices: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Each file by suffix. A form that does not fit a format has no file of it."""
    yield "yml", layout.write_project(item.data, schemas).encode()
    yield "json", f"{record.line}\n".encode()
    if not offices:
        return
    facts = item.department.facts
    form = document.of_project(
        item.subject.project, item.subject.form, attachment=facts.attachment if facts else None
    )
    for suffix in offices:
        try:
            yield suffix, office.writer(suffix)(form)
        except BuilderError:
            continue
