"""Deflated pieces: made once, then joined to one stream in any order and number, without inflating them.

Each ends on a whole byte and looks back to nothing before itself, as RFC 1951 allows.
"""

from __future__ import annotations

import zlib
from struct import Struct

from builder.frozen import frozen

END = b"\x03\x00"
"""The last block of a stream; it holds nothing."""

_HEAD = Struct("<QI")
_ALL = 0xFFFFFFFF


@frozen()
class Piece:
    """``size`` (bytes) and ``crc`` (CRC-32) are those of what was deflated."""

    size: int
    crc: int
    data: bytes

    def packed(self) -> bytes:
        """The piece as bytes, for ``unpacked``."""
        return _HEAD.pack(self.size, self.crc) + self.data


def unpacked(data: bytes) -> Piece:
    """The piece that was packed."""
    size, crc = _HEAD.unpack_from(data)
    return Piece(size, crc, data[_HEAD.size :])


def deflated(data: bytes) -> Piece:
    """A piece of some bytes."""
    if not data:
        return Piece(0, 0, b"")
    work = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return Piece(len(data), zlib.crc32(data), work.compress(data) + work.flush(zlib.Z_FULL_FLUSH))


def inflated(piece: Piece) -> bytes:
    """The bytes of a piece."""
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(piece.data)


def joined_crc(before: int, piece: Piece) -> int:
    """CRC-32 of what had ``before``, followed by a piece.

    A CRC is linear: as many zeros carry the first over, and inverting it on both sides takes away the
    constant that ``crc32`` adds.
    """
    return zlib.crc32(bytes(piece.size), before ^ _ALL) ^ _ALL ^ piece.crc
