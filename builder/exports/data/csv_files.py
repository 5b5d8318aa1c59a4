"""CSV for spreadsheets: UTF-8 with BOM, CRLF, Chinese headings, and no cell that a spreadsheet would run.

A text that begins with one of ``DANGEROUS``, or with the guard itself, gets the guard before it: whoever
reads the file takes one leading guard away and has the text to the letter (``restored``). Numbers stay so.
"""

from __future__ import annotations

import csv
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from builder.exports.data.columns import Type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from builder.exports.data.columns import Column, Table
    from builder.exports.data.rows import Cell, Record

GUARD = "'"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Signs with which a spreadsheet begins a formula; the full-width ones are taken for the others in places."""

TRUE, FALSE = "是", "否"


def guarded(text: str) -> str:
    """A text as it stands in a cell."""
    return GUARD + text if text.startswith((GUARD, *DANGEROUS)) else text


def restored(cell: str) -> str:
    """The text behind a cell, to the letter."""
    return cell.removeprefix(GUARD)


@contextmanager
def writer(files: Mapping[str, tuple[Path, Table]]) -> Iterator[Callable[[Record], None]]:
    """Write records row by row; ``files``: where the rows of each kind go, and their columns."""
    with ExitStack() as stack:
        open_files = {}
        for rows, (path, table) in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            made = csv.writer(stream, lineterminator="\r\n")
            made.writerow([column.title for column in table.columns])
            open_files[rows] = (made, table.columns)

        def write(record: Record) -> None:
            for rows, (made, columns) in open_files.items():
                for row in record.tables.get(rows, ()):
                    made.writerow([_cell(cell, column) for cell, column in zip(row, columns, strict=True)])

        yield write


def _cell(cell: Cell, column: Column) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return TRUE if cell else FALSE
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return guarded(str(cell)) if column.type is Type.TEXT else str(cell)
