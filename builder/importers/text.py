"""Plain text → Document: lines of cells parted by tabs, and Markdown tables.

An empty line ends no table: text taken out of a PDF has them where pages end. Such text cannot merge cells,
so an empty cell may stand for what is above it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.importers import html
from builder.importers.refusal import MAX_CELLS, MAX_COLUMNS, Refused, too_many_cells
from builder.importers.table import Cell, Document, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPEN = re.compile(r'(?:^|\t)"')
_MOST_LINES = 200  # of one cell
_RULE = re.compile(r"\s*:?-+:?\s*")
_TAB = re.compile("\t")
_PIPE = re.compile(r"(?<!\\)\|")
_PARAGRAPH = re.compile(r"</?p(?:\s[^<>]*)?>|<br\s*/?>", re.IGNORECASE)
_MARKUP = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])|\*\*(.+?)\*\*")
_HTML_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)

_Piece = tuple[int, str]


def read(text: str) -> Document:
    """The document of a text file."""
    if _HTML_TABLE.search(text):
        return html.read(text)
    rows = list(_rows(text))
    if sum(len(pieces) for _, pieces, _ in rows) > MAX_CELLS:
        raise too_many_cells()
    parts: list[Table | Cell] = []
    cells: list[Cell] = []
    table = row = 0
    for line, pieces, kind in rows:
        if len(pieces) > MAX_COLUMNS:
            raise Refused(f"第 {line} 行超过 {MAX_COLUMNS} 格", "请只保留绩效目标表再导入。")
        if kind == "" and cells:
            parts.append(Table(tuple(cells), merges=False))
            cells = []
        if kind == "":
            parts += _paragraph(line, pieces[0])
        else:
            table, row = (table, row + 1) if cells else (table + 1, 0)
            cells += _cells(table, row, line, pieces)
    if cells:
        parts.append(Table(tuple(cells), merges=False))
    return Document(tuple(parts))


def _rows(text: str) -> Iterator[tuple[int, list[_Piece], str]]:
    """Lines with text: number, pieces with their offsets, and what parted them (nothing for a paragraph)."""
    for number, line in _lines(text):
        if not line.strip():
            continue
        if "\t" in line:
            yield number, [(start, _unquoted(piece)) for start, piece in _split(line, _TAB)], "\t"
        elif line.lstrip().startswith("|") and len(_PIPE.findall(line)) > 1:
            pieces = _piped(line)
            if not _is_rule([piece for _, piece in pieces]):
                yield number, pieces, "|"
        else:
            yield number, [(0, line)], ""


def _is_rule(pieces: list[str]) -> bool:
    """Whether a row is the rule under a heading; single dashes may be data."""
    drawn = any("---" in piece or ":" in piece for piece in pieces)
    return drawn and all(_RULE.fullmatch(piece) for piece in pieces)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; a cell that a spreadsheet quoted because of its line ends stays one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    number = 0
    while number < len(lines):
        line, first = lines[number], number
        if "\t" in line and _OPEN.search(line) and line.count('"') % 2:
            for last in range(number + 1, min(number + _MOST_LINES, len(lines))):
                if lines[last].count('"') % 2:
                    line, number = "\n".join(lines[first : last + 1]), last
                    break
        yield first + 1, line
        number += 1


def _unquoted(piece: str) -> str:
    """A cell without the quotes that a spreadsheet puts round line ends, tabs and quotes."""
    inner = piece[1:-1]
    if len(piece) > 1 and piece[0] == piece[-1] == '"' and ("\n" in inner or '""' in inner):
        return inner.replace('""', '"')
    return piece


def _split(line: str, separator: re.Pattern[str]) -> Iterator[_Piece]:
    start = 0
    for match in separator.finditer(line):
        yield start, line[start : match.start()]
        start = match.end()
    yield start, line[start:]


def _piped(line: str) -> list[_Piece]:
    pieces = list(_split(line, _PIPE))[1:]
    if not pieces[-1][1].strip():
        pieces.pop()
    return [(start, _MARKUP.sub(lambda match: match[1] or match[2], piece)) for start, piece in pieces]


def _cells(table: int, row: int, line: int, pieces: list[_Piece]) -> Iterator[Cell]:
    for column, (start, piece) in enumerate(pieces):
        text, remarks = _clean(piece)
        indent = len(piece) - len(piece.lstrip())
        address = f"第{line}行第{column + 1}格"
        yield Cell(table, row, column, text, address, line, start + indent + 1, remarks=remarks)


def _paragraph(line: int, piece: _Piece) -> Iterator[Cell]:
    text, remarks = _clean(piece[1])
    if text:
        indent = len(piece[1]) - len(piece[1].lstrip())
        yield Cell(0, line, 0, text, f"第{line}行", line, indent + 1, remarks=remarks)


def _clean(piece: str) -> tuple[str, tuple[str, ...]]:
    """A cell without the tags that some extractors leave round its paragraphs."""
    text, tags = _PARAGRAPH.subn("\n", piece)
    if not tags:
        return piece.strip(), ()
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line), ("去掉了分段的标签（<p>、<br>）",)
