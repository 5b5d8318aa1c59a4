"""Excel: a worksheet a table, put together from pieces made once. One that is full goes on in another.

What surrounds the rows is in ``skeleton``, what stands in the cells in ``sheet_rows``.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING

from builder.exports.data import archive, sheet_rows
from builder.exports.data.columns import FLAT
from builder.exports.data.deflated import deflated, inflated, unpacked
from builder.exports.data.skeleton import filled, heads, skeleton
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from builder.exports.data.deflated import Piece
    from builder.exports.data.rows import Record

    Source = Callable[[str], bytes]

MAX_ROWS = 1_048_576
"""Rows of a worksheet, headings included; Excel's own limit."""

_COUNTS = "xlsx"
_ROWS = {name: f"xlsx-{name}" for name in FLAT}

PARTS = (_COUNTS, *_ROWS.values())
"""Names of the parts that a workbook is made of: how many rows there are of each table, and the rows."""


@frozen()
class _Span:
    """Rows ``first`` to before ``end`` of a table in one source, which has ``count``."""

    source: Source
    first: int
    end: int
    count: int


@frozen()
class _Worksheet:
    """What one worksheet holds of a table; ``last``: its last row, from 1."""

    table: str
    spans: tuple[_Span, ...]
    last: int


def parts(records: Sequence[Record]) -> Iterator[tuple[str, bytes]]:
    """The parts that some records give, by name."""
    tables = {name: [row for one in records for row in one.tables.get(name, ())] for name in FLAT}
    yield _COUNTS, json.dumps({name: len(rows) for name, rows in tables.items()}).encode()
    for name, rows in tables.items():
        body = sheet_rows.body(rows, FLAT[name], skeleton().styles)
        yield _ROWS[name], deflated(body).packed()


def write(path: Path, sources: Sequence[Source], *, max_rows: int = MAX_ROWS) -> None:
    """Write a new workbook; each of ``sources`` gives the parts of some records by their names."""
    counted = [(source, json.loads(source(_COUNTS))) for source in sources]
    sheets = []
    for name, table in FLAT.items():
        counts = [(source, count[name]) for source, count in counted]
        for spans in _spread(counts, max_rows - heads(table)):
            last = heads(table) + sum(span.end - span.first for span in spans)
            sheets.append(_Worksheet(name, spans, last))
    lasts = [sheet.last for sheet in sheets]
    around = skeleton(tuple(sum(sheet.table == name for sheet in sheets) for name in FLAT))
    with archive.writing(path) as zipped:
        for name, piece in around.fixed.items():
            zipped.add(name, (piece,))
        for name, text in around.named.items():
            zipped.add(name, (deflated(filled(text, path.stem, lasts)),))
        for sheet, (name, texts) in zip(sheets, around.worksheets.items(), strict=True):
            before, after = (deflated(filled(text, path.stem, lasts)) for text in texts)
            zipped.add(name, chain((before,), _pieces(sheet), (after,)))


def _spread(counts: Iterable[tuple[Source, int]], room: int) -> list[tuple[_Span, ...]]:
    """What goes into each worksheet of a table, by how many rows each source has; at least one."""
    sheets: list[list[_Span]] = [[]]
    left = room
    for source, count in counts:
        first = 0
        while first < count:
            if not left:
                sheets.append([])
                left = room
            end = min(count, first + left)
            sheets[-1].append(_Span(source, first, end, count))
            left -= end - first
            first = end
    return [tuple(spans) for spans in sheets]


def _pieces(sheet: _Worksheet) -> Iterator[Piece]:
    for span in sheet.spans:
        piece = unpacked(span.source(_ROWS[sheet.table]))
        if span.end - span.first < span.count:
            rows = inflated(piece).split(sheet_rows.END)[span.first : span.end]
            piece = deflated(b"".join(row + sheet_rows.END for row in rows))
        yield piece
