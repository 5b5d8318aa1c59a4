"""The bytes of the index and back: lists of places, lists of ranks, shards. ``search.js`` reads the same.

A *place* is one number: ``slot * ROOM + position``, where ``slot`` is ``record * ZONES + zone`` and
``position`` counts characters within the zone, fields set one apart. A *rank* says where a record has a
text at best: 1 in its name, 2 in a 三级指标, 3 elsewhere, 0 nowhere.

A list is a run of Rice codes: a number's upper bits as so many ones and a zero, its ``low`` lowest bits as
they are. Ones fill the last byte, so that a list ends where no zero is left. Lists so coded are as small as
their numbers allow, and nothing needs to be inflated before they are read.
"""

from __future__ import annotations

import json
import re
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ZONES = 3
SHIFT = 32
ROOM = 1 << SHIFT
PLACES, RANKS = 0, 1
"""The two kinds of a list."""

_LOW = 4
"""Bits at the start of a list that say how many of a gap's bits stand as they are."""
_MOST_LOW = (1 << _LOW) - 1
_RANK_CODES = ("", "11", "0", "10")
_RANKS_BY_CODE = {code: rank for rank, code in enumerate(_RANK_CODES)}
_BYTE = 0x7F


class _Rice(dict[int, str]):
    """The code of every number, small ones made once."""

    def __init__(self, low: int) -> None:
        super().__init__()
        self.low = low

    def __missing__(self, number: int) -> str:
        lowest = f"{number & (1 << self.low) - 1:0{self.low}b}" if self.low else ""
        code = f"{'1' * (number >> self.low)}0{lowest}"
        if number < _SMALL:
            self[number] = code
        return code


_SMALL = 1 << 12
_RICE = tuple(map(_Rice, range(1 << _LOW)))


def fitting_low(total: int, count: int) -> int:
    """How many low bits suit ``count`` numbers that add up to ``total``."""
    return min(_MOST_LOW, max(0, (total // count).bit_length() - 1))


def _packed(codes: Iterable[str]) -> bytes:
    bits = "".join(codes)
    size = (len(bits) + 7) // 8
    return int(bits.ljust(size * 8, "1"), 2).to_bytes(size, "big")


class _Bits:
    """Codes read one after the other."""

    def __init__(self, data: bytes) -> None:
        self.bits = f"{int.from_bytes(data, 'big'):0{len(data) * 8}b}" if data else ""
        self.at = 0

    def more(self) -> bool:
        return self.bits.find("0", self.at) >= 0

    def take(self, size: int) -> int:
        self.at += size
        return int(self.bits[self.at - size : self.at] or "0", 2)

    def rice(self, low: int) -> int:
        high = self.bits.index("0", self.at) - self.at
        self.at += high + 1
        return (high << low) + self.take(low)


def pack_places(places: Sequence[int], lows: Sequence[int]) -> bytes:
    """Sorted places: how many slots on, and the position; from the one before, where that is in the slot.

    ``lows``: of each zone, how many low bits a position has.
    """
    low = fitting_low(places[-1] >> SHIFT, len(places))
    gaps, positions = _RICE[low], [_RICE[of_zone] for of_zone in lows]
    codes = [f"{low:0{_LOW}b}"]
    last_slot = last = 0
    for place in places:
        slot = place >> SHIFT
        position = place - (slot << SHIFT)
        if slot == last_slot:
            codes.append(gaps[0] + positions[slot % ZONES][position - last])
        else:
            codes.append(gaps[slot - last_slot] + positions[slot % ZONES][position])
            last_slot = slot
        last = position
    return _packed(codes)


def unpack_places(data: bytes, lows: Sequence[int]) -> Iterator[int]:
    """The places of a packed list."""
    bits = _Bits(data)
    low = bits.take(_LOW)
    slot = position = 0
    while bits.more():
        gap = bits.rice(low)
        slot += gap
        position = bits.rice(lows[slot % ZONES]) + (0 if gap else position)
        yield slot * ROOM + position


def pack_ranks(ranks: bytes) -> bytes:
    """The rank of each record, in gaps between those that have one or in runs, whichever is shorter."""
    in_gaps = _in_gaps(ranks)
    end = len(ranks.rstrip(b"\0"))
    number = int.from_bytes(ranks[:end], "big")
    # Where a byte differs from the one before it; the first has none before it.
    changes = (number ^ number >> 8).to_bytes(end, "big")[1:]
    runs = end - changes.count(0)
    low = fitting_low(end - runs, runs)
    at_least = 2 * _LOW + runs * (1 + low + 2)  # bits
    if (at_least + 7) // 8 >= len(in_gaps):
        return in_gaps
    starts = [0, *(change.end() for change in _NOT_ZERO.finditer(changes)), end]
    return min(in_gaps, _in_runs(ranks, starts, low), key=len)


def _in_gaps(ranks: bytes) -> bytes:
    """Of each record that has one: how many records without come before it, and its rank."""
    found = [record for record, rank in enumerate(ranks) if rank]
    low = min(_RUNS - 1, fitting_low(len(ranks) - len(found), len(found)))
    gaps = _RICE[low]
    codes = [gaps[after - before - 1] + _RANK_CODES[ranks[after]] for before, after in pairwise((-1, *found))]
    return _packed((f"{low:0{_LOW}b}", *codes))


def _in_runs(ranks: bytes, starts: Sequence[int], low: int) -> bytes:
    """After a sign, how many records more have the same rank, and which, in two bits; the end has none.

    ``starts``: where runs begin, and where the last ends.
    """
    gaps = _RICE[low]
    codes = [gaps[after - before - 1] + _TWO_BITS[ranks[before]] for before, after in pairwise(starts)]
    return _packed((f"{_RUNS:0{_LOW}b}{low:0{_LOW}b}", *codes))


_RUNS = _MOST_LOW
_TWO_BITS = ("00", "01", "10", "11")
_NOT_ZERO = re.compile(rb"[^\0]")


def unpack_ranks(data: bytes, records: int) -> bytearray:
    """The ranks of ``records`` records."""
    ranks = bytearray(records)
    bits = _Bits(data)
    low = bits.take(_LOW)
    if low == _RUNS:
        low = bits.take(_LOW)
        start = 0
        while bits.more():
            end = start + bits.rice(low) + 1
            ranks[start:end] = bytes((bits.take(2),)) * (end - start)
            start = end
        return ranks
    record = -1
    while bits.more():
        record += bits.rice(low) + 1
        code = str(bits.take(1))
        ranks[record] = _RANKS_BY_CODE[code if code == "0" else f"1{bits.take(1)}"]
    return ranks


def pack_codes(codes: Iterable[int], values: int) -> bytes:
    """For each of some records which of so many values it has, all in as many bits; to be read one by one."""
    width = _width(values)
    return _packed(f"{code:0{width}b}" for code in codes) if width else b""


def codes_size(values: int, count: int) -> int:
    """How many bytes the codes of ``count`` records take."""
    return (_width(values) * count + 7) // 8


def unpack_codes(data: bytes, values: int, count: int) -> list[int]:
    """The codes of ``count`` records."""
    bits, width = _Bits(data), _width(values)
    return [bits.take(width) for _ in range(count)]


def _width(values: int) -> int:
    return max(0, values - 1).bit_length()


def varint(number: int) -> bytes:
    """A number in sevens of bits, lowest first."""
    if number <= _BYTE:
        return bytes((number,))
    return bytes((number & _BYTE | 0x80,)) + varint(number >> 7)


def _number(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while data[at] > _BYTE:
        number |= (data[at] & _BYTE) << shift
        shift += 7
        at += 1
    return number | data[at] << shift, at + 1


_SHORT = 7
"""A list of as many bytes or fewer has its size in the entry's first byte."""


def pack_entry(text: str, kind: int, data: bytes) -> bytes:
    """One list with the text whose list it is: three bits of size, four of the text's length, the kind."""
    key = text.encode("utf-16-be")
    size = len(data) if len(data) <= _SHORT else 0
    head = bytes((size << 5 | (len(key) // 2 - 1) << 1 | kind,))
    return b"".join((head, b"" if size else varint(len(data)), key, data))


def entries(shard: bytes) -> Iterator[tuple[str, int, bytes]]:
    """Every text of a shard with the kind and the bytes of its list."""
    at = 0
    while at < len(shard):
        head = shard[at]
        size, at = (head >> 5, at + 1) if head >> 5 else _number(shard, at + 1)
        end = at + (head >> 1 & 15) * 2 + 2
        yield shard[at:end].decode("utf-16-be"), head & 1, shard[end : end + size]
        at = end + size


def shard_of(text: str, shards: int) -> int:
    """Which of ``shards`` files holds a text's list."""
    return zlib.crc32(text.encode()) % shards


def deflate(data: bytes) -> bytes:
    """Compressed as browsers can undo it without a program of ours."""
    return zlib.compress(data, 9)


def pack_json(value: object) -> bytes:
    """A value as compressed JSON."""
    return deflate(_json(value))


def squeeze(data: bytes, known: bytes = b"") -> bytes:
    """Compressed without head and sum; ``known`` is what the reader has already."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zlib.Z_DEFAULT_STRATEGY, known)
    return packer.compress(data) + packer.flush()


def unsqueeze(data: bytes, known: bytes = b"") -> bytes:
    """The bytes before ``squeeze``."""
    return zlib.decompressobj(-zlib.MAX_WBITS, known).decompress(data)


def squeeze_json(value: object, known: bytes = b"") -> bytes:
    """A value as squeezed JSON."""
    return squeeze(_json(value), known)


def unsqueeze_json(data: bytes, known: bytes = b"") -> Any:  # noqa: ANN401  whatever was packed
    """The value that was squeezed."""
    return json.loads(unsqueeze(data, known))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
