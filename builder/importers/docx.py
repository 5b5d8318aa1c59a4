"""A Word file (WordprocessingML) → Document: every table with its merged cells, every paragraph between them.

What is printed is read: inserted text but not deleted text, no hidden text, no field codes. What is not
read is said as a remark on the cell. Rows are taken from the XML itself, because counting in a library's
cells is quadratic.
"""

from __future__ import annotations

from dataclasses import field, replace
from itertools import count
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers import package as packages
from builder.importers.markup import children, is_on, value
from builder.importers.refusal import MAX_CELLS, MAX_COLUMNS, Refused, too_many_cells
from builder.importers.table import Cell, Document, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

    from builder.importers.package import Package

_WRAPPERS = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}
_GONE = {"del", "moveFrom"}
_SILENT = {
    "pPr",
    "rPr",
    "tcPr",
    "trPr",
    "tblPr",
    "sdtPr",
    "instrText",
    "delText",
    "fldChar",
    "Fallback",
    "rt",
}
_PICTURES = {"drawing", "pict", "object"}
_NOTES = {"footnoteReference": "脚注", "endnoteReference": "尾注", "commentReference": "批注"}
_SIGNS = {"tab": " ", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_BESIDE = (
    ("header", "页眉"),
    ("footer", "页脚"),
    ("comments", "批注"),
    ("footnotes", "脚注"),
    ("endnotes", "尾注"),
)


@frozen()
class _Remark:
    """What is not read, or not as it stands, in the middle of a text."""

    text: str


@frozen()
class _Reader:
    """Counts tables, paragraphs and cells of one file."""

    tables: count[int] = field(default_factory=lambda: count(1))
    paragraphs: count[int] = field(default_factory=lambda: count(1))
    cells: count[int] = field(default_factory=lambda: count(1))

    def blocks(self, node: Element) -> Iterator[Table | Cell]:
        """The paragraphs and tables in a body, nested tables after their outer one."""
        for child in node:
            if child.tag == "p":
                yield from self.paragraph(child)
            elif child.tag == "tbl":
                yield from self.table(child)
            elif child.tag in _WRAPPERS:
                yield from self.blocks(child)

    def paragraph(self, node: Element) -> Iterator[Cell]:
        """A paragraph outside tables, if it has text."""
        number = next(self.paragraphs)
        text, remarks = _content([node])
        if text:
            yield Cell(0, number, 0, text, f"第{number}段", number, 1, remarks=remarks)

    def table(self, node: Element) -> Iterator[Table]:
        """One table, and the tables inside it."""
        number = next(self.tables)
        placed: list[Cell] = []
        open_above: dict[int, int] = {}  # column → index in placed of the cell that reaches down to here
        inner: list[Element] = []
        for row, (line, remark) in enumerate(_rows(node)):
            for cell, merged, found in self.row(line, number, row):
                above = open_above.get(cell.column)
                if merged and above is not None and placed[above].columns == cell.columns:
                    placed[above] = _longer(placed[above], cell)
                else:
                    open_above[cell.column] = len(placed)
                    placed.append(replace(cell, remarks=(*cell.remarks, *remark)))
                inner += found
        yield Table(tuple(placed), merges=True)
        for table in inner:
            yield from self.table(table)

    def row(self, node: Element, table: int, row: int) -> Iterator[tuple[Cell, bool, list[Element]]]:
        """The cells of one row; whether each goes on with the one above; the tables inside it."""
        column = int(value(node, "trPr", "gridBefore") or 0)
        for position, cell in enumerate(_cells(node), 1):
            if next(self.cells) > MAX_CELLS:
                raise too_many_cells()
            span = max(1, int(value(cell, "tcPr", "gridSpan") or 1))
            if column + span > MAX_COLUMNS:
                raise Refused(f"一个表格超过 {MAX_COLUMNS} 列", "请只保留绩效目标表再导入。")
            text, remarks = _content(list(_paragraphs(cell)))
            address = f"第{table}个表格第{row + 1}行第{position}格"
            made = Cell(table, row, column, text, address, row + 1, position, 1, span, remarks)
            merged = cell.find("tcPr/vMerge") is not None and value(cell, "tcPr", "vMerge") != "restart"
            yield made, merged, list(_tables(cell))
            column += span


def read(package: Package) -> Document:
    """The document of a package whose main part is WordprocessingML."""
    root = package.part(package.main)
    body = root.find("body") if root is not None else None
    if body is None:
        raise Refused("Word 文件里没有正文", "请用 Word 或 WPS 打开后另存一份再导入。")
    parts = tuple(_Reader().blocks(body))
    return Document(parts, (*packages.notes(package), *_beside(package)))


def _beside(package: Package) -> Iterator[str]:
    for kind, word in _BESIDE:
        for name in package.of_type(package.main, kind):
            root = package.part(name)
            text, _ = _content(list(root.iter("p")) if root is not None else [])
            if text:
                yield f"{word}没有导入：{' '.join(text.split())[:200]}"


def _rows(node: Element) -> Iterator[tuple[Element, tuple[str, ...]]]:
    for child in node:
        if child.tag == "tr":
            deleted = child.find("trPr/del") is not None
            yield child, ("这一行在修订里标为删除",) if deleted else ()
        elif child.tag in _WRAPPERS:
            yield from _rows(child)


def _cells(node: Element) -> Iterator[Element]:
    for child in node:
        if child.tag == "tc":
            yield child
        elif child.tag in _WRAPPERS:
            yield from _cells(child)


def _paragraphs(cell: Element) -> Iterator[Element]:
    for child in cell:
        if child.tag == "p":
            yield child
        elif child.tag in _WRAPPERS:
            yield from _paragraphs(child)


def _tables(cell: Element) -> Iterator[Element]:
    for child in children(cell, "tbl", *_WRAPPERS):
        if child.tag == "tbl":
            yield child
        else:
            yield from _tables(child)


def _longer(above: Cell, below: Cell) -> Cell:
    hidden = (f"下面并入的格里还有看不见的字“{below.text}”",) if below.text else ()
    return replace(above, rows=below.row - above.row + 1, remarks=(*above.remarks, *hidden))


def _content(paragraphs: list[Element]) -> tuple[str, tuple[str, ...]]:
    """The text of paragraphs, and the remarks on it."""
    texts: list[str] = []
    remarks: list[str] = []
    for paragraph in paragraphs:
        pieces = list(_pieces(paragraph))
        texts.append("".join(piece for piece in pieces if isinstance(piece, str)))
        remarks += (piece.text for piece in pieces if isinstance(piece, _Remark))
    return "\n".join(texts).strip(), tuple(dict.fromkeys(remarks))


def _pieces(node: Element) -> Iterator[str | _Remark]:
    """The texts in a paragraph or a part of one, with remarks on what is not read."""
    for child in node:
        if child.tag in {"t", "dt"}:
            yield child.text or ""
        elif child.tag in _READERS:
            yield from _READERS[child.tag](child)
        elif child.tag not in _SILENT:
            yield from _pieces(child)


def _break(node: Element) -> Iterator[str]:
    yield "\n" if node.get("type", "textWrapping") == "textWrapping" else ""


def _sign(node: Element) -> Iterator[str]:
    yield _SIGNS[node.tag]


def _symbol(_: Element) -> Iterator[str | _Remark]:
    yield "□"
    yield _Remark("有一个符号读不出，写成了“□”")


def _deleted(node: Element) -> Iterator[_Remark]:
    if text := "".join(part.text or "" for part in node.iter("delText")).strip():
        yield _Remark(f"修订里删除的字“{text}”没有导入")


def _note(node: Element) -> Iterator[_Remark]:
    yield _Remark(f"有{_NOTES[node.tag]}，没有导入")


def _run(node: Element) -> Iterator[str | _Remark]:
    properties = node.find("rPr")
    if is_on(properties, "vanish"):
        if text := "".join(part.text or "" for part in node.iter("t")).strip():
            yield _Remark(f"隐藏的字“{text}”没有导入")
        return
    if (is_on(properties, "strike") or is_on(properties, "dstrike")) and node.find("t") is not None:
        yield _Remark("有加了删除线的字")
    yield from _pieces(node)


def _picture(node: Element) -> Iterator[str | _Remark]:
    boxes = [box for box in node.iter("txbxContent") if box.find("p") is not None]
    text, _ = _content([paragraph for box in boxes for paragraph in box.iter("p")])
    yield _Remark(f"文本框里的字“{text}”没有导入" if text else "有图片或图形，没有导入")


_READERS: dict[str, Callable[[Element], Iterator[str | _Remark]]] = {
    "r": _run,
    "br": _break,
    "sym": _symbol,
    **dict.fromkeys(_SIGNS, _sign),
    **dict.fromkeys(_GONE, _deleted),
    **dict.fromkeys(_NOTES, _note),
    **dict.fromkeys(_PICTURES, _picture),
}
"""What is done with an element of a text that is not text itself."""
