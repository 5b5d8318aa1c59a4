"""What a few projects give to the files of their department, their year and the whole: parts made once.

Text formats are joined from pieces of text; workbooks and databases are filled from the rows.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

from builder.exports.data import csv_files
from builder.exports.data.columns import DEPARTMENTS, FUNDS, GOAL, LONG, PROJECTS, WAIVED
from builder.exports.data.rows import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from builder.exports.data.columns import Table

CSV: Mapping[str, Table] = {
    "long": LONG,
    "projects": PROJECTS,
    "funds": FUNDS,
    "goals": GOAL,
    "departments": DEPARTMENTS,
    "waived": WAIVED,
}
"""Tables that are CSV files, by the name of their rows; ``long`` is a file of every scope."""

LINES, ROWS = "jsonl", "rows"


def csv_part(rows: str) -> str:
    """The name of the part with the text of a CSV table."""
    return f"csv-{rows}"


def parts(records: Sequence[Record]) -> Iterator[tuple[str, bytes]]:
    """Each part of some records by its name."""
    yield LINES, "".join(f"{record.line}\n" for record in records if record.line).encode()
    for name, table in CSV.items():
        rows = (row for record in records for row in record.tables.get(name, ()))
        yield csv_part(name), csv_files.body(rows, table)
    yield ROWS, pickle.dumps(tuple(record.tables for record in records), pickle.HIGHEST_PROTOCOL)


def records(part: bytes) -> Iterator[Record]:
    """The records behind the part ``ROWS``, without their lines."""
    # Written by this program in its own store.
    return (Record(tables) for tables in pickle.loads(part))  # noqa: S301
