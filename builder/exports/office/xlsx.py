"""A Document as an Excel workbook: one worksheet a form, ready to print on A4.

Text is written as text whatever it looks like; an amount is written as a number with the digits it was given,
so that a clerk can add it up, unless a cell could not hold it exactly.
"""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING

import xlsxwriter

from builder.errors import BuilderError
from builder.exports.office.document import BOTTOM_MARGIN, SIDE_MARGIN, TOP_MARGIN
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from builder.exports.office.document import Document, Sheet
    from builder.grid import Cell

    Properties = dict[str, str | float | bool]

_SIZE = 10.5
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)  # a workbook has to carry a date; this is the zip format's zero
_OPTIONS = {
    "in_memory": True,
    # Columns are as wide as so many digits of the default font; its own name wins over the theme's.
    "default_format_properties": {"font_name": "仿宋", "font_size": _SIZE, "font_scheme": "none"},
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_A4 = 9
_INCH = 25.4
_PIXELS = 96 / _INCH
_MAX_TEXT = 32767  # characters in a cell, these are Excel's own limits
_MAX_HEIGHT = 400.0  # points in a row; Excel allows 409
_MAX_NAME = 31  # UTF-16 code units in the name of a worksheet
_BAD_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_EXACT_DIGITS = 15
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.([0-9]+))?")

_LINE, _PADDING = 14.5, 6.0  # points: the distance of lines of 10.5 points, and what a cell adds to them
_EM = 14.0  # pixels of a full-width character of that size
_EDGE = 8.0  # pixels of a cell's width that its text cannot use
_CHINESE: Properties = {"font_charset": 134, "font_scheme": "none"}
_CELL: Properties = {
    "font_name": "仿宋",
    "font_size": _SIZE,
    "border": 1,
    "valign": "vcenter",
    "text_wrap": True,
}
_ALIGN = {"field": "left", "source": "left", "name": "left", "goals": "left"}
_HEADS: tuple[tuple[float, str, str], ...] = (
    (12, "黑体", "left"),
    (16, "黑体", "center"),
    (12, "仿宋", "center"),
)
"""Size, font and place of the attachment's title, the form's title and the year."""


@frozen()
class _Book:
    """A workbook being written, and the formats it has so far."""

    workbook: Workbook
    formats: dict[tuple[tuple[str, object], ...], Format]

    def format(self, properties: Properties) -> Format:
        """The format with these properties, made when first asked for."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format({**properties, **_CHINESE})
        return self.formats[key]


def write(document: Document) -> bytes:
    """The bytes of an ``.xlsx``.

    Raises:
        BuilderError: a text is longer than a cell of Excel can hold.
    """
    for sheet in document.sheets:
        _refuse_long(sheet)
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, _OPTIONS)
    workbook.set_properties({"title": document.title, "created": _NO_TIME})
    book = _Book(workbook, {})
    names = tuple(_names(document.sheets))
    for number, (sheet, name) in enumerate(zip(document.sheets, names, strict=True)):
        heads = (document.attachment if number == 0 else "", sheet.title, sheet.subtitle)
        _write_sheet(book, workbook.add_worksheet(name), sheet, heads)
    workbook.close()
    return stream.getvalue()


def _refuse_long(sheet: Sheet) -> None:
    longest = max(len(cell.text) for cell in sheet.cells)
    if longest > _MAX_TEXT:
        raise BuilderError(
            f"“{sheet.project}”里有一格 {longest} 个字，Excel 的一格至多 {_MAX_TEXT} 个：请改用 Word 或 PDF。"
        )


def _names(sheets: Sequence[Sheet]) -> Iterator[str]:
    """A name for each worksheet: number and project, within Excel's limits, each once."""
    digits = len(str(len(sheets)))
    for number, sheet in enumerate(sheets, 1):
        before = f"{number:0{digits}} " if len(sheets) > 1 else ""
        units = _BAD_NAME.sub("·", before + sheet.project).encode("utf-16-le")[: 2 * _MAX_NAME]
        name = units.decode("utf-16-le", errors="ignore").strip("' ")
        yield name if name.lower() not in {"", "history"} else "绩效目标表"


def _write_sheet(book: _Book, page: Worksheet, sheet: Sheet, heads: Sequence[str]) -> None:
    for column, width in enumerate(sheet.widths):
        page.set_column_pixels(column, column, round(width * _PIXELS))
    last = len(sheet.widths) - 1
    row = 0
    for text, (size, font, align) in zip(heads, _HEADS, strict=True):
        if text:
            style: Properties = {"font_name": font, "font_size": size, "align": align}
            made = book.format({**style, "valign": "vcenter", "text_wrap": True})
            page.set_row(row, min(1.5 * size * _count(text, sum(sheet.widths), size), _MAX_HEIGHT))
            page.merge_range(row, 0, row, last, "", made)
            page.write_string(row, 0, text, made)
            row += 1
    tops = _set_rows(page, row, _heights(sheet))
    for cell in sheet.cells:
        _write_cell(book, page, cell, tops)
    _set_page(page, (tops[sheet.heading], tops[sheet.heading + 1] - 1), (tops[-1] - 1, last))


def _set_page(page: Worksheet, repeated: tuple[int, int], end: tuple[int, int]) -> None:
    page.set_paper(_A4)
    page.set_portrait()
    page.set_margins(SIDE_MARGIN / _INCH, SIDE_MARGIN / _INCH, TOP_MARGIN / _INCH, BOTTOM_MARGIN / _INCH)
    page.set_footer("&C&9第 &P 页 共 &N 页")
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    page.repeat_rows(*repeated)
    page.print_area(0, 0, *end)
    page.hide_gridlines(2)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{end[0] + 1}"})


def _set_rows(page: Worksheet, first: int, heights: Sequence[float]) -> list[int]:
    """Give every row of the form its height; where each begins on the page, and where the last one ends.

    A row higher than Excel allows becomes several, over which its cells are merged.
    """
    tops = [first]
    for height in heights:
        count = ceil(height / _MAX_HEIGHT)
        for row in range(tops[-1], tops[-1] + count):
            page.set_row(row, height / count)
        tops.append(tops[-1] + count)
    return tops


def _write_cell(book: _Book, page: Worksheet, cell: Cell, tops: Sequence[int]) -> None:
    properties: Properties = {**_CELL, "align": _ALIGN.get(cell.role, "center")}
    if cell.role == "heading":
        properties["font_name"] = "黑体"
    number = _NUMBER.fullmatch(cell.text) if cell.role in {"amount", "extra"} else None
    exact = number is not None and sum(char.isdigit() for char in cell.text) <= _EXACT_DIGITS
    if number is not None and exact:
        properties["num_format"] = f"0.{'0' * len(number[1])}" if number[1] else "0"
    made = book.format(properties)
    top, bottom = tops[cell.row], tops[cell.row + cell.rows] - 1
    right = cell.column + cell.columns - 1
    if (top, cell.column) != (bottom, right):
        page.merge_range(top, cell.column, bottom, right, "", made)
    if exact:
        page.write_number(top, cell.column, float(cell.text), made)
    elif cell.text:
        page.write_string(top, cell.column, cell.text, made)
    else:
        page.write_blank(top, cell.column, None, made)


def _heights(sheet: Sheet) -> list[float]:
    """The height in points of every row: Excel does not fit the height of merged cells to their text."""
    heights = [_LINE + _PADDING] * sheet.rows
    for cell in sorted(sheet.cells, key=lambda cell: cell.rows):
        width = sum(sheet.widths[cell.column : cell.column + cell.columns])
        needed = _LINE * sum(_count(line, width) for line in cell.text.split("\n")) + _PADDING
        rows = range(cell.row, cell.row + cell.rows)
        lacking = needed - sum(heights[row] for row in rows)
        if lacking > 0:
            heights[rows[-1]] += lacking
    return heights


def _count(line: str, width: float, size: float = _SIZE) -> int:
    """How many lines a text takes in ``width`` mm; half an em is lost where a line may not break."""
    room = (width * _PIXELS - _EDGE) / (_EM * size / _SIZE) - 0.5
    return max(1, ceil(sum(_em(char) for char in line) / room))


def _em(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5
