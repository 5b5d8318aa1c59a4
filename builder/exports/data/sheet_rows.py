"""Rows of a worksheet as XML, the same wherever they stand.

For that neither rows nor cells have an address: it is optional (ECMA-376 18.3.1.73 and 18.3.1.4), and each
follows the one before it; an empty cell before another has to be there. Text is text whatever it looks like.
A number keeps the digits it was given, and is written as text where a cell could not hold it exactly.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from builder.exports.data.columns import Type
from builder.exports.data.csv_files import FALSE, TRUE
from builder.exports.data.database import EXACT_DIGITS
from builder.exports.office.document import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from builder.exports.data.columns import Table
    from builder.exports.data.rows import Row

_DATE, _WHOLE = "yyyy-mm-dd", "0"

PATTERNS = (_DATE, _WHOLE, *(f"0.{'0' * decimals}" for decimals in range(1, EXACT_DIGITS)))
"""Number formats of cells: of a date, and of numbers by how many decimals they were given."""

END = b"</row>"
"""How a row ends, and nothing else."""

_EMPTY = "<c/>"
_DAY_0 = date(1899, 12, 30).toordinal()
_SURE_DAY = 61  # 1900-03-01; programs count the days before it in different ways
_MAX_TEXT = 32767  # UTF-16 units in a cell
_SURELY = _MAX_TEXT // 2  # characters that take no more
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Where a reader would take a text for a character by its number."""


class _Known(dict[str, str]):
    """Cells that were made, by their text: most come again and again."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: str) -> str:
        made = self[text] = self._make(text)
        return made


def body(rows: Iterable[Row], table: Table, styles: Mapping[str, int]) -> bytes:
    """Rows of a table; ``styles``: the number of each of ``PATTERNS`` in the workbook."""
    texts, numbers = _Known(_text), _Known(partial(_number, styles=styles))
    dates = _Known(partial(_day, style=styles[_DATE]))
    kinds = [dates if column.type is Type.DATE else texts for column in table.columns]
    return "".join(_row(row, kinds, numbers) for row in rows).encode()


def _row(row: Row, kinds: Sequence[_Known], numbers: _Known) -> str:
    """``kinds``: the cells of a text, by column."""
    cells = []
    for cell, texts in zip(row, kinds, strict=True):
        if cell is None:
            cells.append(_EMPTY)
        elif isinstance(cell, str):
            cells.append(texts[cell])
        elif isinstance(cell, Decimal):
            cells.append(numbers[f"{cell:f}"])
        else:
            cells.append(_TRUTH[cell] if isinstance(cell, bool) else f"<c><v>{cell}</v></c>")
    while cells and cells[-1] is _EMPTY:
        cells.pop()
    return f"<row>{''.join(cells)}</row>"


def _text(text: str) -> str:
    escaped = _ESCAPE.sub("_x005F_", _fitting(text))
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    space = ' xml:space="preserve"' if escaped != escaped.strip() else ""
    return f'<c t="inlineStr"><is><t{space}>{escaped}</t></is></c>'


def _fitting(text: str) -> str:
    """A text that a cell can hold; instead of a longer one where to find it, for a part would mislead."""
    if len(text) < _SURELY and text.isprintable():
        return text
    shown = printable(text)
    if len(shown.encode("utf-16-le")) // 2 > _MAX_TEXT:
        return f"（这里的文字有 {len(text)} 个字，Excel 的一格放不下，请看 CSV 或 JSON 文件）"
    return shown


def _number(text: str, styles: Mapping[str, int]) -> str:
    if sum(char.isdigit() for char in text) > EXACT_DIGITS:
        return _text(text)
    decimals = len(text.partition(".")[2])
    pattern = PATTERNS[PATTERNS.index(_WHOLE) + decimals]
    return f'<c s="{styles[pattern]}"><v>{float(text):.16G}</v></c>'


def _day(text: str, style: int) -> str:
    day = date.fromisoformat(text).toordinal() - _DAY_0
    return _text(text) if day < _SURE_DAY else f'<c s="{style}"><v>{day}</v></c>'


_TRUTH = {True: _text(TRUE), False: _text(FALSE)}
