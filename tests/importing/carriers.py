"""Drawn pages → files in every format that is imported, written with other libraries than those that read."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING, Any

import xlsxwriter
from docx import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.importing.drawing import Box, Part, Rows


def placed(rows: Rows) -> Iterator[tuple[int, int, Box]]:
    """Row and column of every cell, as HTML places them."""
    covered: set[tuple[int, int]] = set()
    for row, boxes in enumerate(rows):
        column = 0
        for box in boxes:
            while (row, column) in covered:
                column += 1
            yield row, column, box
            covered |= {
                (row + down, column + right) for down in range(box.rows) for right in range(box.columns)
            }


def width(rows: Rows) -> int:
    """Columns of a table."""
    return max(column + box.columns for _, column, box in placed(rows))


def docx(parts: list[Part]) -> bytes:
    """A Word file by python-docx."""
    document = Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(len(part), width(part))
        table.style = "Table Grid"
        grid: Any = [list(row.cells) for row in table.rows]
        for row, column, box in placed(part):
            cell = grid[row][column]
            if box.rows > 1 or box.columns > 1:
                cell = cell.merge(grid[row + box.rows - 1][column + box.columns - 1])
            cell.text = box.text
        document.add_paragraph("")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def xlsx(parts: list[Part]) -> bytes:
    """A spreadsheet by XlsxWriter: everything on one sheet, one part under the other."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        style = book.add_format({"border": 1, "text_wrap": True})
        top = 0
        for part in parts:
            if isinstance(part, str):
                sheet.write_string(top, 0, part)
                top += 1
                continue
            for row, column, box in placed(part):
                if box.rows > 1 or box.columns > 1:
                    ends = (top + row, column, top + row + box.rows - 1, column + box.columns - 1)
                    sheet.merge_range(*ends, "", style)
                sheet.write_string(top + row, column, box.text, style)
            top += len(part)
    return stream.getvalue()


def html(parts: list[Part]) -> bytes:
    """A web page."""
    made = "".join(f"<p>{_lines(part)}</p>" if isinstance(part, str) else _table(part) for part in parts)
    return f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>示例</title><body>{made}'.encode()


def _table(rows: Rows) -> str:
    lines = (f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table border=1>{''.join(lines)}</table>"


def _cell(box: Box) -> str:
    rows = f' rowspan="{box.rows}"' if box.rows > 1 else ""
    columns = f' colspan="{box.columns}"' if box.columns > 1 else ""
    return f"<td{rows}{columns}>{_lines(box.text)}</td>"


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))


def tsv(parts: list[Part]) -> bytes:
    """Lines of cells parted by tabs; of a merged cell the first holds the text."""
    return "\n".join(_flat(parts, "\t", "", str)).encode()


def markdown(parts: list[Part]) -> bytes:
    """Tables of Markdown; the first row is its heading, as the format wants one."""
    return "\n".join(_flat(parts, " | ", "|", _marked)).encode()


def _marked(text: str) -> str:
    return "".join(f"\\{char}" if char in "|\\*_<>#[]`" else char for char in text)


def _flat(parts: list[Part], separator: str, edge: str, written: Any) -> Iterator[str]:  # noqa: ANN401  a function
    for part in parts:
        if isinstance(part, str):
            yield part
            yield ""
            continue
        grid = [[""] * width(part) for _ in part]
        for row, column, box in placed(part):
            grid[row][column] = written(box.text.replace("\n", ""))
        for number, cells in enumerate(grid):
            yield f"{edge} {separator.join(cells)} {edge}" if edge else separator.join(cells)
            if edge and number == 0:
                yield "|" + " --- |" * len(cells)
        yield ""


CARRIERS = {"docx": docx, "xlsx": xlsx, "html": html, "tsv": tsv, "md": markdown}
"""Format → writer; a ``tsv`` and an ``md`` cannot merge cells."""
