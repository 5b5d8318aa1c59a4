"""HTML → Document: every table with its merged cells, every paragraph between them.

Written for what is found in the wild: end tags left out, tables inside cells, files of Word and Excel saved
as web pages, and exports named ``.xls`` that are HTML within.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from builder.importers.refusal import MAX_CELLS, MAX_COLUMNS, MAX_DEPTH, Refused, too_many_cells
from builder.importers.table import Cell, Document, Table

_SILENT = {"script", "style", "head", "template", "noscript", "svg", "select", "button", "nav"}
_BREAKS = {
    *("p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "caption"),
    *("header", "footer", "main", "blockquote", "dd", "dt", "dl", "pre"),
}
_CELLS = {"td", "th"}
_VOID = {"br", "hr", "img", "col", "input", "meta", "link", "wbr", "area", "base", "embed", "source", "track"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANK = re.compile(r"[ \t]*\n[ \t]*")
_WIDE_SPAN = 65_534  # browsers read no larger one
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)


@dataclass(slots=True)
class _Text:
    """Text being collected: of a cell, or of what stands between tables."""

    line: int
    rows: int = 1
    columns: int = 1
    pieces: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def text(self) -> str:
        """White space as a browser shows it: one space for any run, a line end only where a block ends."""
        return _BLANK.sub("\n", "".join(self.pieces)).strip()


@dataclass(slots=True)
class _Table:
    """A table being read; ``covered``: by column, how many rows from this one on a cell already takes."""

    number: int
    cells: list[Cell] = field(default_factory=list)
    row: int = -1
    column: int = 0
    position: int = 0
    covered: dict[int, int] = field(default_factory=dict)
    cell: _Text | None = None


def decode(raw: bytes) -> str:
    """The text of a page in the encoding it names; else UTF-8, else the usual Chinese one."""
    named = _CHARSET.search(raw[:2048])
    names = [named[1].decode("ascii")] if named else []
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        names = ["utf-16"]
    for name in (*names, "utf-8-sig", "gb18030"):
        codec = "gb18030" if name.lower() in {"gb2312", "gbk"} else name
        try:
            return raw.decode("utf-8-sig" if codec.lower() in {"utf-8", "utf8"} else codec)
        except (UnicodeDecodeError, LookupError):
            continue
    raise Refused("文字编码认不出来", "请用浏览器或编辑器打开，另存为 UTF-8 再导入。")


def read(text: str) -> Document:
    """The document of a page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.finish()
    order = sorted(reader.parts, key=lambda part: part[0])
    return Document(tuple(part for _, part in order), tuple(dict.fromkeys(reader.notes)))


class _Reader(HTMLParser):
    """Collects tables and paragraphs; ``parts`` with the order in which each began."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[int, Table | Cell]] = []
        self.notes: list[str] = []
        self.open: list[_Table] = []
        self.silent: list[str] = []
        self.between = _Text(1)
        self.made = 0
        self.tables = 0
        self.paragraphs = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell, or end a line of text."""
        given = {name: value or "" for name, value in attrs}
        if self.silent == ["head"] and tag in {"body", "table", *_BREAKS}:
            self.silent.clear()  # the end tag of a head may be left out
        if self.silent or tag in _SILENT:
            if tag not in _VOID:
                self.silent.append(tag)
        elif tag == "table":
            self.table()
        elif tag == "tr" and self.open:
            self.row()
        elif tag in _CELLS and self.open:
            self.cell(given)
        elif tag == "br" or tag in _BREAKS:
            self.text().pieces.append("\n")
        elif tag == "img":
            self.text().remarks.append("有图片，没有导入")
        elif tag in {"del", "s", "strike"}:
            self.text().remarks.append("有加了删除线的字")

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened; an end tag without a start is passed over."""
        if self.silent:
            if tag in self.silent:
                del self.silent[len(self.silent) - 1 - self.silent[::-1].index(tag) :]
        elif tag == "table" and self.open:
            self.end_table()
        elif tag == "tr" or tag in _CELLS:
            self.end_cell()
        elif tag in _BREAKS:
            self.text().pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Take text for the innermost cell, or for what stands between tables."""
        if not self.silent:
            inside = bool(self.open) and self.open[-1].cell is None
            if not (inside and not data.strip()):
                self.text().pieces.append(_SPACE.sub(" ", data))

    def text(self) -> _Text:
        """Where text goes now."""
        cells = [table.cell for table in self.open if table.cell is not None]
        if self.open and self.open[-1].cell is not None:
            return cells[-1]
        if not self.open and not "".join(self.between.pieces).strip():
            self.between.line = self.getpos()[0]
        return self.between

    def table(self) -> None:
        """Begin a table, perhaps inside a cell."""
        if not self.open:
            self.end_paragraph()
        elif self.open[-1].cell is not None:
            self.open[-1].cell.remarks.append("格内还有表格，另作一个表格读")
        if len(self.open) > MAX_DEPTH:
            raise Refused(f"表格嵌套超过 {MAX_DEPTH} 层", "请只保留绩效目标表再导入。")
        self.tables += 1
        self.open.append(_Table(self.tables))

    def row(self) -> None:
        """Begin a row of the innermost table."""
        self.end_cell()
        table = self.open[-1]
        if len(self.open) == 1:
            self.end_paragraph(before=table)
        table.covered = {column: rows - 1 for column, rows in table.covered.items() if rows > 1}
        table.row += 1
        table.column = table.position = 0

    def cell(self, given: dict[str, str]) -> None:
        """Begin a cell of the innermost table."""
        self.end_cell()
        table = self.open[-1]
        if table.row < 0:
            self.row()
        rows, columns = (_span(given.get(name, "")) for name in ("rowspan", "colspan"))
        if columns > MAX_COLUMNS:
            raise Refused(f"一个表格超过 {MAX_COLUMNS} 列", "请只保留绩效目标表再导入。")
        table.position += 1
        table.cell = _Text(self.getpos()[0], rows, columns)

    def end_cell(self) -> None:
        """Put the open cell of the innermost table in its place."""
        table = self.open[-1] if self.open else None
        if table is None or table.cell is None:
            return
        made, table.cell = table.cell, None
        self.made += 1
        if self.made > MAX_CELLS:
            raise too_many_cells()
        while table.column in table.covered:
            table.column += 1
        column, table.column = table.column, table.column + made.columns
        if table.column > MAX_COLUMNS:
            raise Refused(f"一个表格超过 {MAX_COLUMNS} 列", "请只保留绩效目标表再导入。")
        table.covered |= dict.fromkeys(range(column, table.column), made.rows)
        address = f"第{table.number}个表格第{table.row + 1}行第{table.position}格"
        table.cells.append(
            Cell(
                *(table.number, table.row, column, made.text(), address, made.line, table.position),
                *(made.rows, made.columns, tuple(dict.fromkeys(made.remarks))),
            )
        )

    def end_table(self) -> None:
        """Close the innermost table; spans reaching past its last row are cut there."""
        self.end_cell()
        table = self.open.pop()
        cells = tuple(_cut(cell, table.row + 1) for cell in table.cells)
        self.parts.append((table.number * 2 + 1, Table(cells, merges=True)))

    def end_paragraph(self, *, before: _Table | None = None) -> None:
        """Close the text between tables, one paragraph a line; a caption stands before its table."""
        order = self.tables * 2 + 2 if before is None else before.number * 2
        for offset, text in enumerate(self.between.text().split("\n")):
            if text:
                self.paragraphs += 1
                number, line = self.paragraphs, self.between.line
                cell = Cell(0, number, 0, text, f"第{number}段", line, offset + 1)
                self.parts.append((order, cell))
        self.notes += self.between.remarks
        self.between = _Text(self.getpos()[0])

    def finish(self) -> None:
        """Close everything that the page left open."""
        while self.open:
            self.end_table()
        self.end_paragraph()


def _span(text: str) -> int:
    match = re.match(r"\s*([0-9]{1,9})", text)
    return min(max(int(match[1]), 1), _WIDE_SPAN) if match else 1


def _cut(cell: Cell, rows: int) -> Cell:
    if cell.bottom <= rows:
        return cell
    return Cell(
        *(cell.table, cell.row, cell.column, cell.text, cell.address, cell.line, cell.position),
        *(rows - cell.row, cell.columns, cell.remarks),
    )
