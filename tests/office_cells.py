"""What stands in a DOCX, XLSX or PDF form, read back with other libraries than the ones that wrote it."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
from docx.oxml.ns import qn
from pypdf import PdfReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docx.oxml.xmlchemy import BaseOxmlElement
    from openpyxl.worksheet.worksheet import Worksheet
    from pypdf import PageObject


@dataclass(frozen=True, order=True)
class Found:
    """A cell as found: its place and span in the form, and its text."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


def whole(cells: Iterable[Found]) -> set[Found]:
    """The cells, a label that was cut under the headings made one again (its upper part is empty)."""
    found = {(cell.row, cell.column): cell for cell in cells}
    for cell in list(found.values()):
        below = found.get((cell.row + 1, cell.column))
        if cell.column == 0 and not cell.text and cell.rows == 1 and below is not None:
            del found[below.row, 0]
            found[cell.row, 0] = Found(cell.row, 0, below.rows + 1, cell.columns, below.text)
    return set(found.values())


def in_docx(data: bytes) -> list[list[Found]]:
    """The cells of every form of a Word file; the two tables of a form are counted through."""
    forms: list[list[list[BaseOxmlElement]]] = []
    for element in docx.Document(io.BytesIO(data)).element.body:
        if element.tag == qn("w:p") and "".join(element.itertext()).strip():
            forms.append([])
        elif element.tag == qn("w:tbl"):
            forms[-1].append(list(element.iterfind(qn("w:tr"))))
    return [_docx_cells([row for rows in form for row in rows]) for form in forms if form]


def _docx_cells(rows: list[BaseOxmlElement]) -> list[Found]:
    """Follow vMerge downwards and gridSpan to the right."""
    spans: dict[tuple[int, int], list[Any]] = {}
    open_at: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row.iterfind(qn("w:tc")):
            span, merge = cell.find(f".//{qn('w:gridSpan')}"), cell.find(f".//{qn('w:vMerge')}")
            columns = int(span.get(qn("w:val"))) if span is not None else 1
            if merge is not None and merge.get(qn("w:val")) != "restart":
                spans[open_at[column]][0] += 1
            else:
                spans[number, column] = [1, columns, docx_text(cell)]
                open_at[column] = (number, column)
            column += columns
    return [Found(row, column, *span) for (row, column), span in spans.items()]


def docx_text(cell: BaseOxmlElement) -> str:
    """The text of a cell of a Word table, a line for each paragraph."""
    return "\n".join(
        "".join("\n" if node.tag == qn("w:br") else node.text or "" for node in paragraph.iter(*_TEXT))
        for paragraph in cell.iterfind(qn("w:p"))
    )


_TEXT = (qn("w:t"), qn("w:br"))


def in_xlsx(data: bytes) -> list[list[Found]]:
    """The cells of every worksheet; rows over which all cells are merged count as one."""
    return [_xlsx_cells(sheet) for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets]


def _xlsx_cells(sheet: Worksheet) -> list[Found]:
    merged = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    hidden = {
        (row, column)
        for area in merged.values()
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    } - set(merged)
    places = [(r, c) for r in range(1, sheet.max_row + 1) for c in range(1, sheet.max_column + 1)]
    shown = [place for place in places if place not in hidden]
    first = next(row for row, _ in shown if sheet.cell(row, 1).border.left.style)
    tops = sorted({row for row, _ in shown if row >= first})
    found = []
    for row, column in shown:
        if row >= first:
            area = merged.get((row, column))
            last_row, last_column = (area.max_row, area.max_col) if area else (row, column)
            rows = sum(row <= top <= last_row for top in tops)
            text = _xlsx_text(sheet, row, column)
            found.append(Found(tops.index(row), column - 1, rows, last_column - column + 1, text))
    return found


def _xlsx_text(sheet: Worksheet, row: int, column: int) -> str:
    cell = sheet.cell(row, column)
    assert cell.data_type in {"s", "n"}, "nothing in a form is a formula"
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or ""
    return f"{cell.value:.{len(cell.number_format.partition('.')[2])}f}"


@dataclass(frozen=True)
class Tagged:
    """A cell of a tagged PDF: its place, whether it is a header, and the texts of its headers."""

    cell: Found
    header: bool
    headers: tuple[str, ...]


def in_pdf(data: bytes) -> list[list[Tagged]]:
    """The cells of every table in the structure tree of a PDF; white space is lost where lines break."""
    reader = PdfReader(io.BytesIO(data))
    texts = {page.indirect_reference.idnum: _marked(page) for page in reader.pages if page.indirect_reference}
    tables = _elements(reader.root_object["/StructTreeRoot"], {"/Table"})
    return [_pdf_cells(table, texts) for table in tables]


def _pdf_cells(table: Any, texts: dict[int, dict[int, str]]) -> list[Tagged]:  # noqa: ANN401  a PDF object
    free: defaultdict[int, set[int]] = defaultdict(set)
    raw = []
    for row, line in enumerate(_elements(table, {"/TR"})):
        for element in _elements(line, {"/TD", "/TH"}):
            about = next(item for item in element["/A"] if item["/O"] == "/Table")
            rows, columns = int(about.get("/RowSpan", 1)), int(about.get("/ColSpan", 1))
            column = next(c for c in range(99) if c not in free[row])
            for below in range(row, row + rows):
                free[below] |= set(range(column, column + columns))
            raw.append((Found(row, column, rows, columns, _text(element, texts)), element, about))
    names = {element["/ID"]: cell.text for cell, element, _ in raw if "/ID" in element}
    return [
        Tagged(cell, element["/S"] == "/TH", tuple(names[name] for name in about["/Headers"]))
        for cell, element, about in raw
    ]


def _elements(element: Any, kinds: set[str]) -> Iterator[Any]:  # noqa: ANN401  PDF objects
    for child in _children(element):
        if isinstance(child, dict) and child.get("/S") in kinds:
            yield child
        elif isinstance(child, dict):
            yield from _elements(child, kinds)


def _children(element: Any) -> list[Any]:  # noqa: ANN401  PDF objects
    below = element.get("/K", [])
    return [child.get_object() for child in (below if isinstance(below, list) else [below])]


def _text(element: Any, texts: dict[int, dict[int, str]], page: int = 0) -> str:  # noqa: ANN401  PDF objects
    """The text marked as belonging to an element, in reading order, without white space."""
    page = element.raw_get("/Pg").idnum if "/Pg" in element else page
    return "".join(
        _text(child, texts, page) if isinstance(child, dict) and "/S" in child else _piece(child, texts, page)
        for child in _children(element)
    )


def _piece(child: Any, texts: dict[int, dict[int, str]], page: int) -> str:  # noqa: ANN401  PDF objects
    if hasattr(child, "raw_get"):
        return texts[child.raw_get("/Pg").idnum if "/Pg" in child else page][child["/MCID"]]
    return texts[page][int(child)]


def _marked(page: PageObject) -> dict[int, str]:
    """The text of every piece of marked content on a page."""
    found: defaultdict[int, str] = defaultdict(str)
    opened: list[int | None] = []

    def operand(operator: bytes, operands: Any, *_: object) -> None:  # noqa: ANN401  as pypdf has it
        outer = opened[-1] if opened else None
        if operator == b"BDC":
            about = operands[1] if isinstance(operands[1], dict) else {}
            opened.append(about.get("/MCID", outer))
        elif operator == b"EMC":
            opened.pop()

    def text(piece: str, *_: object) -> None:
        if opened and opened[-1] is not None:
            found[opened[-1]] += "".join(piece.split())

    page.extract_text(visitor_operand_before=operand, visitor_text=text)
    return found
