"""SQLite: the tables with their keys, columns explained in the schema text, indexes at the end.

The same input gives the same bytes with one version of SQLite: nothing here reads a clock, and rows come in
one order. Columns are declared without a type, so that every cell stays as it is given: a number where its
digits fit a double exactly, else a text.
"""

from __future__ import annotations

import pickle
import sqlite3
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING

from builder.exports.data.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from builder.exports.data.columns import Column, Table
    from builder.exports.data.rows import Record

    Source = Callable[[str], bytes]

EXACT_DIGITS = 15
"""Decimal digits that a double keeps."""

_INDEXES = {
    "projects": ("year", "department_code", "name"),
    "indicators": ("level2", "name", "kind"),
    "departments": ("code",),
}
_PRAGMAS = ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "cache_size = -8000")


PART = "sqlite"
"""The part of some records that a database is filled from."""


def parts(records: Iterable[Record]) -> Iterator[tuple[str, bytes]]:
    """The part that some records give, with its name: their rows by table, with cells as they are kept."""
    given = tuple(records)
    tables = {
        table.name: [
            [_number(cell) if isinstance(cell, Decimal) else cell for cell in row]
            for record in given
            for row in record.tables.get(table.name, ())
        ]
        for table in TABLES
    }
    yield PART, pickle.dumps(tables, pickle.HIGHEST_PROTOCOL)


def write(path: Path, sources: Sequence[Source]) -> None:
    """Write a new database from the parts of some records; its indexes are made when all are in."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        for table in TABLES:
            connection.execute(_create(table))
        inserts = {table.name: _insert(table) for table in TABLES}
        for source in sources:
            # Written by this program in its own store.
            tables = pickle.loads(source(PART))  # noqa: S301
            for name, statement in inserts.items():
                connection.executemany(statement, tables[name])
        for place, names in _INDEXES.items():
            for name in names:
                connection.execute(f'CREATE INDEX "{place}_{name}" ON "{place}" ("{name}")')
        connection.execute("COMMIT")


def _create(table: Table) -> str:
    lines = [_declared(column) for column in table.columns]
    keys = [f"PRIMARY KEY ({', '.join(map(_quoted, table.key))})"]
    if table.project:
        keys.append(f'FOREIGN KEY ({_quoted(table.project)}) REFERENCES "projects" ("id")')
    body = "\n".join([*lines, ",\n".join(f"  {key}" for key in keys)])
    return (
        f"CREATE TABLE {_quoted(table.name)} ( -- {table.title}：{table.description}\n{body}\n) WITHOUT ROWID"
    )


def _declared(column: Column) -> str:
    needed = " NOT NULL" if column.required else ""
    return f"  {_quoted(column.name)}{needed}, -- {column.title}：{column.description}"


def _insert(table: Table) -> str:
    marks = ", ".join("?" * len(table.columns))
    return f"INSERT INTO {_quoted(table.name)} VALUES ({marks})"  # noqa: S608  names are our own


def _quoted(name: str) -> str:
    return f'"{name}"'


def _number(cell: Decimal) -> str | int | float:
    text = f"{cell:f}"
    if sum(char.isdigit() for char in text) > EXACT_DIGITS:
        return text
    return int(cell) if cell == cell.to_integral_value() else float(cell)
