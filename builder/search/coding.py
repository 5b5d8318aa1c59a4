"""The bytes of the index and back: lists of places, lists of ranks, shards. ``search.js`` reads the same.

A *place* is one number: ``slot * ROOM + position``, where ``slot`` is ``record * ZONES + zone`` and
``position`` counts characters within the zone, fields set one apart. A *rank* says where a record has a
text at best: 1 in its name, 2 in a 三级指标, 3 elsewhere, 0 nowhere.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ZONES = 3
SHIFT = 32
ROOM = 1 << SHIFT
PLACES, RANKS = 0, 1
"""The two kinds of a list."""

_BYTE = 0x7F
_SHORT = tuple(
    bytes((number,)) if number <= _BYTE else bytes((number & _BYTE | 0x80, number >> 7))
    for number in range(1 << 14)
)


def varint(number: int) -> bytes:
    """A number in sevens of bits, lowest first."""
    if number < len(_SHORT):
        return _SHORT[number]
    return bytes((number & _BYTE | 0x80,)) + varint(number >> 7)


def numbers(data: bytes) -> Iterator[int]:
    """Every number of a run of varints."""
    number = shift = 0
    for byte in data:
        number |= (byte & _BYTE) << shift
        shift += 7
        if byte <= _BYTE:
            yield number
            number = shift = 0


def pack_places(places: Iterable[int]) -> bytes:
    """Sorted places as pairs of varints: how many slots on, and the position."""
    packed = bytearray()
    last = 0
    for place in places:
        slot = place >> SHIFT
        packed += varint(slot - last)
        packed += varint(place - (slot << SHIFT))
        last = slot
    return bytes(packed)


def unpack_places(data: bytes) -> Iterator[int]:
    """The places of a packed list."""
    slot = 0
    run = numbers(data)
    for gap in run:
        slot += gap
        yield slot * ROOM + next(run)


def pack_ranks(ranks: bytes) -> bytes:
    """Two bits for each record, lowest first."""
    digits = ranks[::-1].translate(_DIGITS)
    return int(digits, 4).to_bytes(len(ranks) // 4 + 1, "little")


_DIGITS = bytes.maketrans(b"\0\1\2\3", b"0123")


def unpack_ranks(data: bytes, records: int) -> bytearray:
    """The ranks of ``records`` records."""
    return bytearray(data[record >> 2] >> (record & 3) * 2 & 3 for record in range(records))


def pack_entry(text: str, kind: int, data: bytes) -> bytes:
    """One list with the text whose list it is."""
    key = text.encode()
    return b"".join((varint(len(key)), key, varint(len(data) * 2 + kind), data))


def entries(shard: bytes) -> Iterator[tuple[str, int, bytes]]:
    """Every text of a shard with the kind and the bytes of its list."""
    at = 0
    while at < len(shard):
        size, at = _number(shard, at)
        text = shard[at : at + size].decode()
        size, at = _number(shard, at + size)
        yield text, size & 1, shard[at : at + (size >> 1)]
        at += size >> 1


def _number(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while data[at] > _BYTE:
        number |= (data[at] & _BYTE) << shift
        shift += 7
        at += 1
    return number | data[at] << shift, at + 1


def shard_of(text: str, shards: int) -> int:
    """Which of ``shards`` files holds a text's list."""
    return zlib.crc32(text.encode()) % shards


def deflate(data: bytes) -> bytes:
    """Compressed as browsers can undo it without a program of ours."""
    return zlib.compress(data, 9)


def inflate(data: bytes) -> bytes:
    """The bytes before ``deflate``."""
    return zlib.decompress(data)


def pack_json(value: object) -> bytes:
    """A value as compressed JSON."""
    return deflate(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def unpack_json(data: bytes) -> Any:  # noqa: ANN401  whatever was packed
    """The value that was packed."""
    return json.loads(inflate(data))
