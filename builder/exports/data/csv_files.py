"""CSV for spreadsheets: UTF-8 with BOM, CRLF, Chinese headings, and no cell that a spreadsheet would run.

A text that begins with one of ``DANGEROUS``, or with the guard itself, gets the guard before it: whoever
reads the file takes one leading guard away and has the text to the letter (``restored``). Numbers stay so.
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING

from builder.exports.data.columns import Type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.exports.data.columns import Column, Table
    from builder.exports.data.rows import Cell, Row

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


def heading(table: Table) -> bytes:
    """How a file of a table begins: the mark of UTF-8, and the columns' titles."""
    return BOM_UTF8 + _text(([column.title for column in table.columns],))


def body(rows: Iterable[Row], table: Table) -> bytes:
    """Rows of a table as they stand in its file."""
    columns = table.columns
    return _text([_cell(cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows)


def _text(lines: Iterable[list[str]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()


def _cell(cell: Cell, column: Column) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return TRUE if cell else FALSE
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return guarded(str(cell)) if column.type is Type.TEXT else str(cell)
