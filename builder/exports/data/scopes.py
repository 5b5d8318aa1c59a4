"""The files of a department in a year, of a year, and of the whole, from what their projects gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder import downloads
from builder.errors import BuilderError
from builder.exports.data import csv_files, database, slices, workbook
from builder.exports.data.columns import LONG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from builder.exports.data.rows import Record
    from builder.store import Stored

    Write = Callable[[Record], None]

_WRITERS = {"xlsx": workbook.writer, "sqlite": database.writer}

TABLE_FILES = tuple(table for rows, table in slices.CSV.items() if rows != "long")
"""Tables of everything that are a CSV file each, beside the long one."""


@dataclass(frozen=True, slots=True)
class Group:
    """One department in one year: its own row, and what holds the parts of its projects, in order."""

    department: Record
    slices: tuple[Stored, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a file covers: a department in a year, a year, or, with neither, everything."""

    groups: tuple[Group, ...]
    year: int | None = None
    code: str | None = None


def write(scope: Scope, suffix: str, folder: Path) -> Iterator[str]:
    """Write the scope's files of one kind below ``folder``; their paths from there.

    Raises:
        BuilderError: a part is not there any more.
    """
    if suffix == "csv":
        yield from _csv(scope, folder)
        return
    path = downloads.scope_file(suffix, scope.year, scope.code)
    if suffix == "jsonl":
        _joined(scope, slices.LINES, folder / path, b"")
    else:
        _filled(scope, _WRITERS[suffix], folder / path)
    yield path


def needed(suffix: str) -> tuple[str, ...]:
    """The parts of projects that a kind of file is made of."""
    if suffix == "csv":
        return tuple(slices.csv_part(rows) for rows in slices.CSV)
    return (slices.LINES,) if suffix == "jsonl" else (slices.ROWS,)


def _csv(scope: Scope, folder: Path) -> Iterator[str]:
    tables = {"long": downloads.scope_file("csv", scope.year, scope.code)}
    if scope.year is None:
        tables |= {
            rows: downloads.table_file(table.name) for rows, table in slices.CSV.items() if table != LONG
        }
    for rows, path in tables.items():
        _joined(scope, slices.csv_part(rows), folder / path, csv_files.heading(slices.CSV[rows]))
        yield path


def _joined(scope: Scope, part: str, path: Path, heading: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(heading)
        for group in scope.groups:
            stream.write(dict(slices.parts((group.department,)))[part])
            for stored in group.slices:
                stream.write(_part(stored, part))


def _filled(scope: Scope, writer: Callable[[Path], AbstractContextManager[Write]], path: Path) -> None:
    with writer(path) as put:
        for group in scope.groups:
            put(group.department)
            for stored in group.slices:
                for record in slices.records(_part(stored, slices.ROWS)):
                    put(record)


LOST = "生成网站的途中缓存被改动或删除了，没有生成网站：请重新运行。"


def _part(stored: Stored, name: str) -> bytes:
    data = stored.read(f":{name}")
    if data is None:
        raise BuilderError(LOST)
    return data
