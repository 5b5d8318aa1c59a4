"""Which characters a font has, read from the ``cmap`` table of an OpenType file.

Needed because a PDF for screen readers may not show a character for which no glyph is embedded.
"""

from __future__ import annotations

import struct
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TABLE = struct.Struct(">4sLLL")
_ENCODING = struct.Struct(">HHL")
_HEADER = struct.Struct(">HHLLL")
_GROUP = struct.Struct(">LLL")
_SEGMENTED = 12  # the subtable format that covers all of Unicode


@cache
def covered(font: Path) -> frozenset[str]:
    """Every character of one font file; empty where it has no table of format 12."""
    data = font.read_bytes()
    tables = _TABLE.iter_unpack(data[12 : 12 + _TABLE.size * struct.unpack_from(">H", data, 4)[0]])
    start = next((offset for tag, _, offset, _ in tables if tag == b"cmap"), None)
    return frozenset() if start is None else frozenset(_characters(data, start))


def _characters(data: bytes, start: int) -> Iterator[str]:
    (count,) = struct.unpack_from(">H", data, start + 2)
    for number in range(count):
        _, _, offset = _ENCODING.unpack_from(data, start + 4 + _ENCODING.size * number)
        kind, _, _, _, groups = _HEADER.unpack_from(data, start + offset)
        if kind == _SEGMENTED:
            for group in range(groups):
                first, last, _ = _GROUP.unpack_from(data, start + offset + _HEADER.size + _GROUP.size * group)
                yield from map(chr, range(first, last + 1))
            return
