"""Every project on its way through the exports: written as it passes, and handed on.

It goes into files of its own and into those of its department, its year and the whole. One project is held
at a time, whatever the size of the collection.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from itertools import groupby
from typing import TYPE_CHECKING

from builder import downloads
from builder.exports.data import csv_files, database, json_lines, project_files, rows, workbook
from builder.exports.data.columns import DEPARTMENTS, FUNDS, GOAL, LONG, PROJECTS, WAIVED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from builder.catalogue import DepartmentYear
    from builder.exports.data.about import About
    from builder.exports.data.rows import Item, Record

    Write = Callable[[Record], None]

TABLE_FILES = (PROJECTS, FUNDS, GOAL, DEPARTMENTS, WAIVED)
"""Tables of everything that are a CSV file each, beside the long one."""


def through(items: Iterable[Item], about: About) -> Iterator[tuple[Item, tuple[str, ...]]]:
    """Write every item as it passes, and hand it on with the suffixes of its own files.

    ``items`` in the catalogue's order: by year, department, table.
    """
    with _scope(about) as into_all:
        for year, of_year in groupby(items, key=lambda item: item.summary.id.year):
            with _scope(about, year) as into_year:
                for code, members in groupby(of_year, key=lambda item: item.summary.id.department):
                    with _scope(about, year, code) as into_department:
                        yield from _department(members, about, (into_all, into_year, into_department))


def _department(
    items: Iterable[Item], about: About, into: tuple[Write, ...]
) -> Iterator[tuple[Item, tuple[str, ...]]]:
    known: DepartmentYear | None = None
    for item in items:
        if known is None:
            known = item.department
            _write_all(rows.of_department(known), into)
        record = rows.of_project(item, about.site_url)
        _write_all(record, into)
        about.write(downloads.api_project(item.summary.id), f"{record.line}\n".encode())
        made = []
        for suffix, data in project_files.made(item, record, about.schemas, about.offices):
            about.write(downloads.project_file(item.summary.id, suffix), data)
            made.append(suffix)
        yield item, tuple(made)


def _write_all(record: Record, into: tuple[Write, ...]) -> None:
    for write in into:
        write(record)


@contextmanager
def _scope(about: About, year: int | None = None, department: str | None = None) -> Iterator[Write]:
    """The files of one scope, open until all its projects are in."""

    def path(suffix: str) -> str:
        return downloads.scope_file(suffix, year, department)

    tables = {"long": (about.folder / path("csv"), LONG)}
    if year is None:
        tables |= {
            table.name: (about.folder / downloads.table_file(table.name), table) for table in TABLE_FILES
        }
    with ExitStack() as stack:
        writes = (
            stack.enter_context(csv_files.writer(tables)),
            stack.enter_context(json_lines.writer(about.folder / path("jsonl"))),
            stack.enter_context(workbook.writer(about.folder / path("xlsx"))),
            stack.enter_context(database.writer(about.folder / path("sqlite"))),
        )

        def write(record: Record) -> None:
            for one in writes:
                one(record)

        yield write
