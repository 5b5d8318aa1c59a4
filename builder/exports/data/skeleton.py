"""A workbook without its rows, made by XlsxWriter: headings, widths, formats, filters, and what columns mean.

It is made once for all files: a sample row in each worksheet stands where the rows go, and for the last of
them wherever the worksheet's end is named. The sample has every number format, so that the file itself says
by which number a cell is given it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from html import escape
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING
from zipfile import ZipFile

from builder.exports.data.columns import FLAT, Type
from builder.exports.data.deflated import deflated
from builder.exports.data.sheet_rows import PATTERNS
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from builder.exports.data.columns import Table
    from builder.exports.data.deflated import Piece

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)  # a workbook has to carry a date; this is the zip format's zero
_WIDTHS = {Type.TEXT: 16, Type.INTEGER: 8, Type.NUMBER: 12, Type.BOOLEAN: 8, Type.DATE: 12}
_WIDE = {"name", "project", "value", "text", "message", "reason", "plain", "department", "unit", "page"}
_EXPLAINED = (("工作表", 14), ("列", 24), ("程序用的名字", 20), ("说明", 70))

_TITLE = "@title@"
_SAMPLE = 7000  # the row of the sample, from 1, and one more in each further worksheet
_LAST = re.compile(rb"(?<=[A-Z$])7([0-9]{3})\b")
_STYLE = re.compile(rb' s="([0-9]+)"')


@frozen()
class Skeleton:
    """``fixed`` entries of the archive are the same in every file, ``named`` have its title and the lasts.

    ``worksheets``: of each its entry, and its text before and after the rows, with its last row.
    ``styles``: the number of each of ``PATTERNS``.
    """

    fixed: Mapping[str, Piece]
    named: Mapping[str, bytes]
    worksheets: Mapping[str, tuple[bytes, bytes]]
    styles: Mapping[str, int]


def heads(table: Table) -> int:
    """Rows of headings: the titles of the columns, and over them their groups, where there are any."""
    return 2 if any(column.group for column in table.columns) else 1


def filled(text: bytes, title: str, lasts: Sequence[int]) -> bytes:
    """A text of the skeleton for one file; ``lasts``: the last row (from 1) of each worksheet."""
    text = _LAST.sub(lambda found: b"%d" % lasts[int(found[1])], text)
    return text.replace(_TITLE.encode(), escape(title).encode())


@cache
def skeleton(numbers: tuple[int, ...] = (1,) * len(FLAT)) -> Skeleton:
    """The skeleton with so many worksheets of each table."""
    entries = _entries(numbers)
    pages = [f"xl/worksheets/sheet{page}.xml" for page in range(1, sum(numbers) + 1)]
    parted = {name: _parted(entries.pop(name), row) for row, name in enumerate(pages, _SAMPLE)}
    named = {name: entries.pop(name) for name in ("xl/workbook.xml", "docProps/core.xml")}
    _, sample, _ = parted[pages[0]]
    return Skeleton(
        {name: deflated(data) for name, data in entries.items()},
        named,
        {name: (before, after) for name, (before, _, after) in parted.items()},
        dict(zip(PATTERNS, map(int, _STYLE.findall(sample)), strict=True)),
    )


def _entries(numbers: tuple[int, ...]) -> dict[str, bytes]:
    """Everything in the archive as XlsxWriter makes it."""
    import xlsxwriter  # noqa: PLC0415  takes a tenth of the start of a command, and few make a workbook

    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, _OPTIONS)
    workbook.set_properties({"title": _TITLE, "created": _NO_TIME})
    formats = [workbook.add_format({"num_format": pattern}) for pattern in PATTERNS]
    row = _SAMPLE
    for table, number in zip(FLAT.values(), numbers, strict=True):
        for page in range(1, number + 1):
            title = table.title if page == 1 else f"{table.title} {page}"
            _add(workbook, workbook.add_worksheet(title), table, (row, formats))
            row += 1
    _explain(workbook)
    workbook.close()
    with ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _parted(text: bytes, row: int) -> tuple[bytes, bytes, bytes]:
    before, sample, after = re.split(rb'(<row r="%d".*?</row>)' % row, text)
    return before, sample, after


def _add(workbook: Workbook, page: Worksheet, table: Table, sample: tuple[int, Sequence[Format]]) -> None:
    """A worksheet of a table, with its sample: the row (from 1), and the formats to show."""
    last, formats = sample
    top, columns = heads(table) - 1, table.columns
    _head(workbook, page, table)
    for number, (_, style) in enumerate(zip(columns, formats, strict=False)):
        page.write_number(last - 1, number, 0, style)
    page.autofilter(top, 0, last - 1, len(columns) - 1)
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _head(workbook: Workbook, page: Worksheet, table: Table) -> None:
    """The headings: groups over columns where there are any, then the titles, which stay in sight."""
    top, columns = heads(table) - 1, table.columns
    bold = workbook.add_format({"bold": True, "align": "center", "border": 1, "text_wrap": True})
    for number, column in enumerate(columns):
        page.set_column(number, number, 30 if column.name in _WIDE else _WIDTHS[column.type])
        page.write_string(top, number, column.title, bold)
    if top:
        first = 0
        for group, members in groupby(columns, key=lambda column: column.group):
            width = sum(1 for _ in members)
            page.merge_range(0, first, 0, first + width - 1, group, bold)
            first += width
    page.freeze_panes(top + 1, 1)


def _explain(workbook: Workbook) -> None:
    """A worksheet that says what every column means."""
    page = workbook.add_worksheet("列的说明")
    bold = workbook.add_format({"bold": True})
    for number, (title, width) in enumerate(_EXPLAINED):
        page.set_column(number, number, width)
        page.write_string(0, number, title, bold)
    row = 1
    for table in FLAT.values():
        for column in table.columns:
            for number, text in enumerate((table.title, column.title, column.name, column.description)):
                page.write_string(row, number, text)
            row += 1
    page.freeze_panes(1, 0)
