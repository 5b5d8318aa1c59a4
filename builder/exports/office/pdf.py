"""A Document as a PDF for print and for screen readers (PDF/UA-1), set by Typst from ``form.typ``.

The fonts come from an installed package, never from the machine, so that the same Document gives the same
bytes everywhere; they are under the SIL Open Font License, which allows embedding.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import typst
from pylopdf_fonts_zh_cn import sans_path, serif_path

from builder.exports.office import pdf_tags
from builder.exports.office.document import (
    BOTTOM_MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SIDE_MARGIN,
    TOP_MARGIN,
    cut,
    is_long,
)
from builder.exports.office.glyphs import covered

if TYPE_CHECKING:
    from builder.exports.office.document import Document, Sheet
    from builder.grid import Cell

_TEMPLATE = Path(__file__).parent / "form.typ"
_MISSING = "〓"  # what printers set for a character they have no type for
_SELECTORS = frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)  # change a glyph, are none
_ALIGN = {"field": "left", "source": "left", "name": "left", "goals": "justify"}
_PAGE = {
    "width": PAGE_WIDTH,
    "height": PAGE_HEIGHT,
    "side": SIDE_MARGIN,
    "top": TOP_MARGIN,
    "bottom": BOTTOM_MARGIN,
}


def write(document: Document) -> bytes:
    """The bytes of a ``.pdf``."""
    data = {
        "title": document.title,
        "attachment": _shown(document.attachment),
        "page": _PAGE,
        "forms": [_form(sheet) for sheet in document.sheets],
    }
    inputs = {"document": json.dumps(data, ensure_ascii=False)}
    made = _compiler().compile(_TEMPLATE.read_bytes(), sys_inputs=inputs, pdf_standards="ua-1")
    if not isinstance(made, bytes):
        raise TypeError(type(made))
    return pdf_tags.with_row_headers(made, [cut(sheet) for sheet in document.sheets])


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=list({sans_path().parent, serif_path().parent}),
    )
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


def _form(sheet: Sheet) -> dict[str, object]:
    cells = cut(sheet)
    long = {row for cell in cells if is_long(cell) for row in range(cell.row, cell.row + cell.rows)}
    return {
        "bookmark": _shown(f"{sheet.title} {sheet.project}"),
        "title": _shown(sheet.title),
        "subtitle": _shown(sheet.subtitle),
        "widths": sheet.widths,
        "heading": sheet.heading,
        "notes": _notes(cells),
        "cells": [_cell(cell, whole=cell.row not in long) for cell in cells],
    }


def _cell(cell: Cell, *, whole: bool) -> dict[str, object]:
    return {
        "x": cell.column,
        "y": cell.row,
        "w": cell.columns,
        "h": cell.rows,
        "role": cell.role,
        "align": _ALIGN.get(cell.role, "center"),
        "whole": whole,
        "paragraphs": [_shown(line) for line in cell.lines] or [""],
    }


def _shown(text: str) -> str:
    for char in _missing(text):
        text = text.replace(char, _MISSING)
    return text


def _missing(text: str) -> list[str]:
    """The characters for which there is no glyph, in order, each once."""
    unknown = set(text) - covered(serif_path()) - covered(sans_path()) - _SELECTORS - {"\n"}
    return [char for char in dict.fromkeys(text) if char in unknown]


def _notes(cells: tuple[Cell, ...]) -> list[str]:
    codes = "、".join(f"U+{ord(char):04X}" for char in _missing("".join(cell.text for cell in cells)))
    return [f"注：{_MISSING} 处的字，本文件的字库里没有，编码是 {codes}；请以网页为准。"] if codes else []
