"""What a few projects give to the files of their department, their year and the whole: parts made once.

Texts and workbooks are joined from pieces; databases are filled from the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.exports.data import csv_files, database, workbook
from builder.exports.data.columns import FLAT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.exports.data.rows import Record

LINES = "jsonl"


def csv_part(rows: str) -> str:
    """The name of the part with the text of a CSV table."""
    return f"csv-{rows}"


def parts(records: Sequence[Record]) -> Iterator[tuple[str, bytes]]:
    """Each part of some records by its name."""
    yield LINES, "".join(f"{record.line}\n" for record in records if record.line).encode()
    for name, table in FLAT.items():
        rows = (row for record in records for row in record.tables.get(name, ()))
        yield csv_part(name), csv_files.body(rows, table)
    yield from workbook.parts(records)
    yield from database.parts(records)
