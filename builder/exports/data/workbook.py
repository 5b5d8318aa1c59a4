"""Excel: a worksheet a table, typed cells, headings that stay in sight; written row by row.

Text is text whatever it looks like. A number keeps the digits it was given, and is written as text where a
cell could not hold it exactly. A worksheet that is full goes on in another of its name.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

import xlsxwriter

from builder.exports.data.columns import DEPARTMENTS, FUNDS, GOAL, LONG, PROJECTS, WAIVED, Type
from builder.exports.data.csv_files import FALSE, TRUE
from builder.exports.data.database import EXACT_DIGITS
from builder.exports.office.document import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from builder.exports.data.columns import Column, Table
    from builder.exports.data.rows import Cell, Record

MAX_ROWS = 1_048_576
"""Rows of a worksheet, headings included; Excel's own limit."""

_SHEETS = {
    "long": LONG,
    "projects": PROJECTS,
    "funds": FUNDS,
    "goals": GOAL,
    "departments": DEPARTMENTS,
    "waived": WAIVED,
}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)  # a workbook has to carry a date; this is the zip format's zero
_MAX_TEXT = 32767  # UTF-16 units in a cell
_SURELY = _MAX_TEXT // 2  # characters that take no more
_WIDTHS = {Type.TEXT: 16, Type.INTEGER: 8, Type.NUMBER: 12, Type.BOOLEAN: 8, Type.DATE: 12}
_WIDE = {"name", "project", "value", "text", "message", "reason", "plain", "department", "unit", "page"}
_EXPLAINED = (("工作表", 14), ("列", 24), ("程序用的名字", 20), ("说明", 70))


@dataclass(slots=True)
class _Sheet:
    """A table being written: the worksheet it has come to, its next free row, how many it has filled."""

    table: Table
    worksheet: Worksheet
    row: int
    number: int = 1

    @property
    def grouped(self) -> bool:
        return any(column.group for column in self.table.columns)


@dataclass(slots=True)
class _Book:
    """A workbook being written, and its formats."""

    workbook: Workbook
    max_rows: int
    formats: dict[str, Format] = field(default_factory=dict)

    def number_format(self, pattern: str) -> Format:
        """The format that shows a number by a pattern."""
        if pattern not in self.formats:
            self.formats[pattern] = self.workbook.add_format({"num_format": pattern})
        return self.formats[pattern]


@contextmanager
def writer(path: Path, *, max_rows: int = MAX_ROWS) -> Iterator[Callable[[Record], None]]:
    """Write records into a new workbook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook = xlsxwriter.Workbook(str(path), _OPTIONS)
    workbook.set_properties({"title": path.stem, "created": _NO_TIME})
    book = _Book(workbook, max_rows)
    sheets = {rows: _begin(book, table) for rows, table in _SHEETS.items()}
    _explain(book)

    def write(record: Record) -> None:
        for rows, sheet in sheets.items():
            for row in record.tables.get(rows, ()):
                _add(book, sheet, row)

    try:
        yield write
        for sheet in sheets.values():
            _end(sheet)
    finally:
        workbook.close()


def _begin(book: _Book, table: Table) -> _Sheet:
    sheet = _Sheet(table, book.workbook.add_worksheet(table.title), 0)
    _head(book, sheet)
    return sheet


def _head(book: _Book, sheet: _Sheet) -> None:
    """The headings: groups over columns where there are any, then the titles, which stay in sight."""
    page, columns = sheet.worksheet, sheet.table.columns
    bold = book.workbook.add_format({"bold": True, "align": "center", "border": 1, "text_wrap": True})
    sheet.row = 0
    for number, column in enumerate(columns):
        page.set_column(number, number, 30 if column.name in _WIDE else _WIDTHS[column.type])
    if sheet.grouped:
        first = 0
        for group, members in groupby(columns, key=lambda column: column.group):
            width = sum(1 for _ in members)
            page.merge_range(0, first, 0, first + width - 1, group, bold)
            first += width
        sheet.row = 1
    for number, column in enumerate(columns):
        page.write_string(sheet.row, number, column.title, bold)
    sheet.row += 1
    page.freeze_panes(sheet.row, 1)


def _end(sheet: _Sheet) -> None:
    top = 1 if sheet.grouped else 0
    sheet.worksheet.autofilter(top, 0, max(sheet.row - 1, top), len(sheet.table.columns) - 1)
    sheet.worksheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _add(book: _Book, sheet: _Sheet, row: tuple[Cell, ...]) -> None:
    if sheet.row == book.max_rows:
        _end(sheet)
        sheet.number += 1
        sheet.worksheet = book.workbook.add_worksheet(f"{sheet.table.title} {sheet.number}")
        _head(book, sheet)
    for number, (cell, column) in enumerate(zip(row, sheet.table.columns, strict=True)):
        if cell is not None:
            _write(book, sheet.worksheet, (sheet.row, number), cell, column)
    sheet.row += 1


def _write(book: _Book, page: Worksheet, at: tuple[int, int], cell: Cell, column: Column) -> None:
    match cell:
        case str() if column.type is Type.DATE:
            page.write_datetime(*at, date.fromisoformat(cell), book.number_format("yyyy-mm-dd"))
        case str():
            page.write_string(*at, _fitting(cell))
        case bool():
            page.write_string(*at, TRUE if cell else FALSE)
        case int():
            page.write_number(*at, cell)
        case Decimal():
            text = f"{cell:f}"
            if sum(char.isdigit() for char in text) > EXACT_DIGITS:
                page.write_string(*at, text)
            else:
                decimals = len(text.partition(".")[2])
                pattern = f"0.{'0' * decimals}" if decimals else "0"
                page.write_number(*at, float(cell), book.number_format(pattern))


def _fitting(text: str) -> str:
    """A text that a cell can hold; instead of a longer one where to find it, for a part would mislead."""
    if len(text) < _SURELY and text.isprintable():
        return text
    units = len(text.encode("utf-16-le")) // 2
    if units > _MAX_TEXT:
        return f"（这里的文字有 {len(text)} 个字，Excel 的一格放不下，请看 CSV 或 JSON 文件）"
    return printable(text)


def _explain(book: _Book) -> None:
    """A worksheet that says what every column means."""
    page = book.workbook.add_worksheet("列的说明")
    bold = book.workbook.add_format({"bold": True})
    for number, (title, width) in enumerate(_EXPLAINED):
        page.set_column(number, number, width)
        page.write_string(0, number, title, bold)
    row = 1
    for table in _SHEETS.values():
        for column in table.columns:
            for number, text in enumerate((table.title, column.title, column.name, column.description)):
                page.write_string(row, number, text)
            row += 1
    page.freeze_panes(1, 0)
