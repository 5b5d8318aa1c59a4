"""A PDF with text → Document: tables by their ruled lines. A scanned page has no text and is refused.

A cell is a rectangle between drawn lines, and a letter belongs to the cell it stands in. Where a line of
text was broken to fit its cell the parts are joined; whether a space stood at the break cannot be seen, so
where one could have, the cell carries a remark.
"""

from __future__ import annotations

import io
import logging
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from builder.frozen import frozen
from builder.importers.refusal import MAX_CELLS, MAX_PAGES, Refused, too_many_cells
from builder.importers.table import Cell, Document, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NEAR = 3.0  # points between two drawn lines that are one
_SPACE = 0.8  # of a letter's size: a wider gap is a space, a narrower one the setting of the line
_MOVED = 1.6  # of a letter's size: what a line may lack because a sign must not begin the next one
_INSTALL = "读 PDF 要用 pdfplumber。请运行 pip install pdfplumber，或把文件另存为 Word 再导入。"
_BROKEN = "这里在 PDF 里折了行，折行处有没有空格看不出来"

_RADICALS = dict(
    zip(
        "⺁⺇⺊⺎⺒⺓⺝⺟⺠⺧⺩⺬⺶⺻⺽⻁⻄⻅⻆⻈⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
        "厂几卜兀巳幺月母民牛王示羊聿臼虎西见角讠贝足车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
)
"""Radicals that some programs write for characters of the same shape; Unicode folds the others."""

_Box = tuple[float, float, float, float]
_Letter = dict[str, Any]


@frozen()
class _Ruled:
    """The rectangles of one table on one page, and the letters in each."""

    page: int
    boxes: tuple[_Box, ...]
    letters: tuple[tuple[_Letter, ...], ...]

    @property
    def sides(self) -> tuple[float, float]:
        """Its left and right."""
        return min(box[0] for box in self.boxes), max(box[2] for box in self.boxes)


@dataclass(slots=True)
class _Page:
    """One page: tables and free lines of text in order from the top."""

    tables: list[tuple[float, _Ruled]] = field(default_factory=list)
    lines: list[tuple[float, str]] = field(default_factory=list)


def read(raw: bytes) -> Document:
    """The document of a PDF.

    Raises:
        Refused: encrypted, scanned, too long, or the library is not installed.
    """
    try:
        import pdfplumber  # noqa: PLC0415  heavy, and only for this format
        from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415  the same
    except ImportError as error:
        raise Refused("这台电脑上没有读 PDF 的程序库", _INSTALL) from error
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(raw)) as pdf:
            return _document(pdf)
    except PDFPasswordIncorrect as error:
        raise Refused("PDF 加了密码", "请去掉密码，另存一份再导入。") from error
    except pdfplumber.utils.exceptions.PdfminerException as error:
        if isinstance(error.args[0] if error.args else None, PDFPasswordIncorrect):
            raise Refused("PDF 加了密码", "请去掉密码，另存一份再导入。") from error
        raise Refused("PDF 已损坏，读不了", "请用别的程序打开后另存一份再导入。") from error


def _document(pdf: Any) -> Document:  # noqa: ANN401  pdfplumber has no types
    if len(pdf.pages) > MAX_PAGES:
        raise Refused(
            f"PDF 有 {len(pdf.pages):,} 页，超过上限 {MAX_PAGES} 页",
            "请只留下绩效目标表那几页，拆成几个文件再导入。",
        )
    pages: list[_Page] = []
    found = 0
    for page in pdf.pages:
        pages.append(_page(page))
        found += sum(len(table.boxes) for _, table in pages[-1].tables)
        page.close()
        if found > MAX_CELLS:
            raise too_many_cells()
    if not any(page.tables or page.lines for page in pages):
        raise Refused(
            "PDF 里没有文字，多半是扫描件", "请向原单位要 Word 或 Excel 文件，或先做文字识别再导入。"
        )
    parts = list(_parts(pages))
    texts = [
        letter["text"]
        for page in pages
        for _, table in page.tables
        for cell in table.letters
        for letter in cell
    ]
    return Document(tuple(parts), tuple(_notes(pdf, pages, "".join(texts))))


def _notes(pdf: Any, pages: list[_Page], text: str) -> Iterator[str]:  # noqa: ANN401  the same
    empty = [number for number, page in enumerate(pages, 1) if not page.tables and not page.lines]
    if empty:
        yield f"第 {'、'.join(map(str, empty))} 页没有文字，可能是扫描的，没有导入。"
    if radicals := sorted({char for char in text if _plain(char) != char}):
        pairs = "、".join(f"{char}（U+{ord(char):04X}）→{_plain(char)}" for char in radicals[:5])
        yield f"PDF 把一些字记成了部首，已还原成同形的字：{pairs}{'等' if len(radicals) > 5 else ''}。"  # noqa: PLR2004  as many as shown
    catalog = pdf.doc.catalog
    if "OpenAction" in catalog or "AA" in catalog or "JavaScript" in repr(catalog.get("Names")):
        yield "PDF 里有打开时要执行的动作。没有执行。"


def _page(page: Any) -> _Page:  # noqa: ANN401  the same
    page = page.dedupe_chars()
    letters = [char for char in page.chars if char.get("upright", True)]
    result = _Page()
    left = letters
    for table in page.find_tables():
        boxes = tuple(_box(box) for box in table.cells)
        inside, left = _sorted_into(boxes, left)
        result.tables.append((float(table.bbox[1]), _Ruled(page.page_number, boxes, inside)))
    for line in _text_lines(left):
        if text := _joined(line):
            result.lines.append((line[0]["top"], text))
    return result


def _box(edges: Sequence[float]) -> _Box:
    left, top, right, bottom = map(float, edges)
    return left, top, right, bottom


def _sorted_into(
    boxes: tuple[_Box, ...], letters: list[_Letter]
) -> tuple[tuple[tuple[_Letter, ...], ...], list[_Letter]]:
    """The letters in each box, and those in none."""
    inside: list[list[_Letter]] = [[] for _ in boxes]
    left: list[_Letter] = []
    for letter in letters:
        x, y = (letter["x0"] + letter["x1"]) / 2, (letter["top"] + letter["bottom"]) / 2
        home = next((n for n, box in enumerate(boxes) if box[0] <= x < box[2] and box[1] <= y < box[3]), None)
        (left if home is None else inside[home]).append(letter)
    return tuple(tuple(group) for group in inside), left


def _parts(pages: list[_Page]) -> Iterator[Table | Cell]:
    """Paragraphs and tables in order; tables that go on over pages share their columns."""
    runs = _runs([table for page in pages for _, table in page.tables])
    number = paragraph = 0
    for page, content in enumerate(pages, 1):
        things = [(top, 0, text) for top, text in content.lines]
        mixed: list[tuple[float, int, Any]] = [*things, *((top, 1, table) for top, table in content.tables)]
        for _, kind, thing in sorted(mixed, key=lambda item: item[:2]):
            if kind:
                number += 1
                yield Table(tuple(_cells(thing, number, runs[id(thing)])), merges=True, paged=True)
            else:
                paragraph += 1
                yield Cell(0, paragraph, 0, thing, f"第{page}页表格以外", paragraph, 1)


def _runs(tables: list[_Ruled]) -> dict[int, list[float]]:
    """For each table the left sides of all columns of its run: tables in a row with the same sides."""
    groups: list[list[_Ruled]] = []
    for table in tables:
        last = groups[-1][-1].sides if groups else (0.0, 0.0)
        same = all(abs(one - other) <= _NEAR for one, other in zip(last, table.sides, strict=True))
        if groups and same:
            groups[-1].append(table)
        else:
            groups.append([table])
    return {
        id(table): _edges(box[0] for other in group for box in other.boxes)
        for group in groups
        for table in group
    }


def _edges(places: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _NEAR:
            edges.append(place)
    return edges


def _cells(table: _Ruled, number: int, columns: list[float]) -> Iterator[Cell]:
    rows = _edges(box[1] for box in table.boxes)

    def at(edges: list[float], place: float) -> int:
        return bisect_right(edges, place + _NEAR) - 1

    homes = [
        (at(rows, box[1]), at(columns, box[0]), box, cell)
        for box, cell in zip(table.boxes, table.letters, strict=True)
    ]
    for row, group in groupby(sorted(homes, key=lambda home: home[:2]), key=lambda home: home[0]):
        for position, (_, column, box, letters) in enumerate(group, 1):
            bottom = at(rows, box[3] - 2 * _NEAR) + 1
            right = at(columns, box[2] - 2 * _NEAR) + 1
            text, remarks = _text(letters, box)
            address = f"第{table.page}页第{row + 1}行第{position}格"
            spans = (max(bottom - row, 1), max(right - column, 1))
            yield Cell(number, row, column, text, address, row + 1, position, *spans, remarks)


def _text_lines(letters: Sequence[_Letter]) -> Iterator[list[_Letter]]:
    """Letters by line from the top, each line from the left."""
    line: list[_Letter] = []
    for letter in sorted(letters, key=lambda letter: (letter["top"] + letter["bottom"], letter["x0"])):
        middle = (letter["top"] + letter["bottom"]) / 2
        if line and middle > max(one["bottom"] for one in line[:1]):
            yield sorted(line, key=lambda one: float(one["x0"]))
            line = []
        line.append(letter)
    if line:
        yield sorted(line, key=lambda one: float(one["x0"]))


def _joined(line: list[_Letter]) -> str:
    """One line of letters as text."""
    text = ""
    for before, letter in pairwise([None, *line]):
        if letter is None:
            continue
        if before is not None and letter["x0"] - before["x1"] > _SPACE * letter["size"]:
            text += " "
        text += _plain(letter["text"])
    return text.strip()


def _plain(char: str) -> str:
    """A radical as the character that looks the same."""
    folded = _RADICALS.get(char, char)
    old_block = (
        "\u2f00" <= folded <= "\u2fd5" or "\ufb00" <= folded <= "\ufb06"
    )  # the second are ﬁ and the like
    return unicodedata.normalize("NFKC", folded) if old_block else folded


def _text(letters: Sequence[_Letter], box: _Box) -> tuple[str, tuple[str, ...]]:
    """The text of a cell, lines that were broken to fit joined again."""
    lines = [line for line in _text_lines(letters) if _joined(line)]
    if not lines:
        return "", ()
    margin = min(min(line[0]["x0"] - box[0], box[2] - line[-1]["x1"]) for line in lines)
    text, remarks = _joined(lines[0]), []
    for line, after in pairwise(lines):
        spare = (box[2] - box[0]) - (line[-1]["x1"] - line[0]["x0"]) - 2 * max(margin, 0.0)
        if spare > _first_unit(after) + _MOVED * after[0]["size"]:
            text += "\n"
        elif _is_han(text[-1]) and _is_han(_joined(after)[0]):
            pass
        else:
            remarks.append(_BROKEN)
            text += " " if _is_letter(text[-1]) and _is_letter(_joined(after)[0]) else ""
        text += _joined(after)
    return text, tuple(dict.fromkeys(remarks))


def _first_unit(line: list[_Letter]) -> float:
    """The width of what may not be broken at the start of a line: a Han character, or a word of others."""
    width = 0.0
    for letter in line:
        if width and (_is_han(letter["text"]) or letter["text"].isspace()):
            break
        width += letter["x1"] - letter["x0"]
    return width


def _is_letter(char: str) -> bool:
    """Whether a character belongs to a word that stands between spaces."""
    return char.isascii() and char.isalpha()


def _is_han(char: str) -> bool:
    """Whether no space is ever written beside this character: Han and full-width signs."""
    return unicodedata.east_asian_width(char) in "WF"
