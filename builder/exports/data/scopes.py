"""The files of a department in a year, of a year, and of the whole, from what their projects gave."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from builder import downloads
from builder.exports.data import csv_files, database, slices, workbook
from builder.exports.data.columns import FLAT, LONG
from builder.frozen import frozen
from builder.store import SpoiltError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from builder.bundle import Bundle
    from builder.exports.data.rows import Record
    from builder.store import Store

    Source = Callable[[str], bytes]
    """Gives each part of some records by its name."""

    Writer = Callable[[Path, Sequence[Source]], None]

TABLE_FILES = tuple(table for rows, table in FLAT.items() if rows != "long")
"""Tables of everything that are a CSV file each, beside the long one."""


@frozen()
class Group:
    """One department in one year: its own row, and what holds the parts of its projects, in order."""

    department: Record
    slices: Bundle


@frozen()
class Scope:
    """What a file covers: a department in a year, a year, or, with neither, everything."""

    groups: tuple[Group, ...]
    year: int | None = None
    code: str | None = None

    def only(self, suffix: str) -> Scope:
        """The same with no parts but those that a kind of file is made of."""
        names = [f":{name}" for name in needed(suffix)]
        groups = (replace(group, slices=group.slices.only(names)) for group in self.groups)
        return replace(self, groups=tuple(groups))


def write(scope: Scope, suffix: str, folder: Path, store: Store) -> Iterator[str]:
    """Write the scope's files of one kind below ``folder``; their paths from there.

    ``store``: where the parts are kept.

    Raises:
        SpoiltError: a part is not as it was written.
        BuilderError: a file would be too large for its format.
    """
    sources = tuple(_sources(scope, needed(suffix), store))
    for path, writer in _files(scope, suffix):
        full = folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        writer(full, sources)
        yield path


def needed(suffix: str) -> tuple[str, ...]:
    """The parts of projects that a kind of file is made of."""
    return {
        "csv": tuple(slices.csv_part(rows) for rows in FLAT),
        "jsonl": (slices.LINES,),
        "xlsx": workbook.PARTS,
        "sqlite": (database.PART,),
    }[suffix]


def _files(scope: Scope, suffix: str) -> Iterator[tuple[str, Writer]]:
    """Each file of one kind by its path, with what writes it."""
    path = downloads.scope_file(suffix, scope.year, scope.code)
    if suffix == "csv":
        yield path, partial(_table, "long")
        if scope.year is None:
            for rows, table in FLAT.items():
                if table != LONG:
                    yield downloads.table_file(table.name), partial(_table, rows)
    else:
        yield path, {"jsonl": _lines, "xlsx": workbook.write, "sqlite": database.write}[suffix]


def _table(rows: str, path: Path, sources: Sequence[Source]) -> None:
    _join(path, csv_files.heading(FLAT[rows]), slices.csv_part(rows), sources)


def _lines(path: Path, sources: Sequence[Source]) -> None:
    _join(path, b"", slices.LINES, sources)


def _join(path: Path, heading: bytes, part: str, sources: Sequence[Source]) -> None:
    with path.open("wb") as stream:
        stream.write(heading)
        for source in sources:
            stream.write(source(part))


def _sources(scope: Scope, names: Sequence[str], store: Store) -> Iterator[Source]:
    """What gives each of those parts by its name: a group's own row, then its projects."""
    for group in scope.groups:
        own = {name: data for name, data in slices.parts((group.department,)) if name in names}
        yield own.__getitem__
        for read in group.slices.readers(store):
            yield partial(_part, read)


def _part(read: Callable[[str], bytes | None], name: str) -> bytes:
    data = read(f":{name}")
    if data is None:
        raise SpoiltError
    return data
