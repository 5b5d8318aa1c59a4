"""A spreadsheet (SpreadsheetML) → Document: one table for each sheet, with its merged cells.

A number is read as it is printed (``numerals``); of a formula the result that was saved. Hidden sheets are
put aside.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers import numerals
from builder.importers import package as packages
from builder.importers.markup import children
from builder.importers.refusal import MAX_CELLS, MAX_COLUMNS, Refused, too_many_cells
from builder.importers.table import Cell, Document, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

    from builder.importers.package import Package

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_BESIDE = {
    "批注": re.compile(r"/(?:threadedC|c)omments/?[^/]*\.xml$"),
    "文本框和图形里的字": re.compile(r"/drawings/[^/]+\.xml$"),
}
_TRUTH = {"1": "TRUE", "0": "FALSE"}
_DATES = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_MAX_DAY = 2_958_465  # 9999-12-31
_COVERED = "这一格被合并盖住了，看不见"

_Span = tuple[int, int, int, int]


@frozen()
class _Book:
    """What all sheets share: texts, number formats by style, and whether days count from 1904."""

    texts: tuple[str, ...]
    formats: tuple[str, ...]
    from_1904: bool


@frozen()
class _Sheet:
    """One sheet: its number, name, and the rows and columns that nobody sees."""

    number: int
    name: str
    rows: frozenset[int]
    columns: frozenset[int]


def read(package: Package) -> Document:
    """The document of a package whose main part is a workbook."""
    root = package.part(package.main)
    sheets = root.find("sheets") if root is not None else None
    if root is None or sheets is None:
        raise Refused("Excel 文件里没有工作表", "请用 Excel 或 WPS 打开后另存一份再导入。")
    properties = root.find("workbookPr")
    old = properties is not None and properties.get("date1904") in {"1", "true"}
    book = _Book(tuple(_texts(package)), tuple(_formats(package)), old)
    parts: list[Table] = []
    notes = [*packages.notes(package), *_beside(package)]
    related = package.related(package.main)
    left = MAX_CELLS
    for number, sheet in enumerate(sheets, 1):
        name = sheet.get("name", "")
        aside = "" if sheet.get("state", "visible") == "visible" else f"工作表“{name}”是隐藏的"
        part = package.part(related.get(sheet.get("id", ""), ""))
        cells = tuple(_sheet(part, number, name, book, left)) if part is not None else ()
        left -= len(cells)
        seen = tuple(cell for cell in cells if _COVERED not in cell.remarks)
        covered = tuple(cell for cell in cells if _COVERED in cell.remarks)
        parts += (
            Table(group, merges=True, aside=why)
            for group, why in ((seen, aside), (covered, _COVERED))
            if group
        )
    return Document(tuple(parts), tuple(notes))


def _beside(package: Package) -> Iterator[str]:
    """The texts of comments and shapes, which are in no cell."""
    for name in package.entries:
        word = next((word for word, pattern in _BESIDE.items() if pattern.search(name)), None)
        root = package.part(name) if word else None
        text = " ".join("".join(root.itertext()).split()) if root is not None else ""
        if text:
            yield f"{word}没有导入：{text[:200]}"


def _texts(package: Package) -> Iterator[str]:
    for name in package.of_type(package.main, "sharedStrings"):
        root = package.part(name)
        for item in children(root, "si") if root is not None else ():
            yield _text(item)


def _text(item: Element) -> str:
    """A text with its runs, without the phonetic guide."""
    runs = (run.find("t") if run.tag == "r" else run for run in children(item, "t", "r"))
    text = "".join(run.text or "" for run in runs if run is not None)
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text).replace("\r\n", "\n").replace("\r", "\n")


def _formats(package: Package) -> Iterator[str]:
    """The number format of every cell style, in order."""
    for name in package.of_type(package.main, "styles"):
        root = package.part(name)
        own = {
            node.get("numFmtId"): node.get("formatCode", "")
            for node in (root.iterfind("numFmts/numFmt") if root is not None else ())
        }
        for style in root.iterfind("cellXfs/xf") if root is not None else ():
            number = style.get("numFmtId", "0")
            yield own.get(number) or (numerals.BUILT_IN.get(int(number), "") if number.isdecimal() else "")


def _sheet(root: Element, number: int, name: str, book: _Book, most: int) -> Iterator[Cell]:
    spans = dict(_merged(root))
    inside = _inside(spans)
    sheet = _Sheet(number, name, frozenset(_hidden_rows(root)), frozenset(_hidden_columns(root)))
    for count, (row, column, node) in enumerate(_nodes(root)):
        if count >= most:
            raise too_many_cells()
        text, remarks = _value(node, book)
        if (row, column) in inside:
            if text:
                remarks = (*remarks, _COVERED)
                yield _cell(sheet, (row, column, 1, 1), text, remarks)
        elif text or (row, column) in spans:
            yield _cell(sheet, (row, column, *spans.get((row, column), (1, 1))), text, remarks)


def _cell(sheet: _Sheet, span: _Span, text: str, remarks: tuple[str, ...]) -> Cell:
    row, column, rows, columns = span
    if row in sheet.rows or column in sheet.columns:
        remarks = (*remarks, "这一格所在的行或列是隐藏的")
    address = f"{sheet.name}!{_letters(column)}{row + 1}"
    return Cell(sheet.number, row, column, text, address, row + 1, column + 1, rows, columns, remarks)


def _nodes(root: Element) -> Iterator[tuple[int, int, Element]]:
    """Every cell with its row and column; a file may leave out addresses, which then count on."""
    row = -1
    for line in root.iterfind("sheetData/row"):
        given = line.get("r", "")
        row = int(given) - 1 if given.isdecimal() else row + 1
        column = -1
        for node in children(line, "c"):
            match = _ADDRESS.fullmatch(node.get("r", ""))
            column = _column(match[1]) if match else column + 1
            if column < MAX_COLUMNS:
                yield row, column, node
            elif len(node):
                raise Refused(f"工作表超过 {MAX_COLUMNS} 列", "请只保留绩效目标表再导入。")


def _value(node: Element, book: _Book) -> tuple[str, tuple[str, ...]]:
    kind, found = node.get("t", "n"), node.find("v")
    raw = (found.text or "") if found is not None else ""
    remarks: tuple[str, ...] = ()
    if node.find("f") is not None:
        remarks = ("这是公式，取的是保存时的结果" if raw else "这是公式，文件里没有结果",)
    if kind == "s":
        known = raw.isdecimal() and int(raw) < len(book.texts)
        return (book.texts[int(raw)] if known else raw).strip(), remarks
    if kind == "inlineStr":
        inline = node.find("is")
        return (_text(inline) if inline is not None else "").strip(), remarks
    if kind == "b":
        return _TRUTH.get(raw, raw), remarks
    if kind == "e":
        return raw, (*remarks, "这一格是错误值")
    if kind in {"str", "d"} or not raw:
        return raw.strip(), remarks
    style = node.get("s", "0")
    code = book.formats[int(style)] if style.isdecimal() and int(style) < len(book.formats) else ""
    text, doubts = _number(raw, code, from_1904=book.from_1904)
    return text, (*remarks, *doubts)


def _number(raw: str, code: str, *, from_1904: bool) -> tuple[str, tuple[str, ...]]:
    if numerals.is_date(code):
        number = numerals.exact(raw)
        if number is not None and number == int(number) and 0 < number <= _MAX_DAY:
            day = _DATES[from_1904] + timedelta(days=int(number))
            return day.isoformat(), (f"这是日期，原表按“{code}”显示",)
        return raw, (f"这是日期或时间，原表按“{code}”显示",)
    text, certain = numerals.shown(raw, code)
    if certain:
        return text, ()
    number = numerals.exact(raw)
    stored = raw if number is None else f"{number:f}"
    return text, (f"存的数是“{stored}”，原表按“{code}”显示",)


def _merged(root: Element) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for node in root.iterfind("mergeCells/mergeCell"):
        ends = [_ADDRESS.fullmatch(end) for end in node.get("ref", "").split(":")]
        if len(ends) == 2 and ends[0] and ends[1]:  # noqa: PLR2004  first and last cell
            top, left = int(ends[0][2]) - 1, _column(ends[0][1])
            rows, columns = int(ends[1][2]) - top, _column(ends[1][1]) - left + 1
            if rows > 0 and 0 < columns <= MAX_COLUMNS:
                yield (top, left), (rows, columns)


def _inside(spans: Mapping[tuple[int, int], tuple[int, int]]) -> set[tuple[int, int]]:
    """The addresses that merged cells cover, without their first."""
    if sum(rows * columns for rows, columns in spans.values()) > MAX_CELLS:
        raise too_many_cells()
    return {
        (top + row, left + column)
        for (top, left), (rows, columns) in spans.items()
        for row in range(rows)
        for column in range(columns)
        if row or column
    }


def _hidden_rows(root: Element) -> Iterator[int]:
    for line in root.iterfind("sheetData/row"):
        if line.get("hidden") in {"1", "true"} and line.get("r", "").isdecimal():
            yield int(line.get("r", "")) - 1


def _hidden_columns(root: Element) -> Iterator[int]:
    for node in root.iterfind("cols/col"):
        if node.get("hidden") in {"1", "true"}:
            yield from range(int(node.get("min", "1")) - 1, min(int(node.get("max", "1")), MAX_COLUMNS))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
