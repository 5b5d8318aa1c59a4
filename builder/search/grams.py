"""The gram index of one year: for pieces of its texts, where they stand.

Every string of one or two characters has a list. A list that would be long is a *common* string's: it says
only which records have it and at what rank, two bits each, and every string that is one character longer, on
either side, has a list of its own. So a text of any length is either common itself, or covered by pieces
that are not, and lists with positions are read only where they are short. Dense text, the same in thousands
of forms, costs no more to ask for than a rare word.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING

from builder.search.coding import (
    PLACES,
    RANKS,
    ROOM,
    SHIFT,
    ZONES,
    fitting_low,
    pack_entry,
    pack_places,
    pack_ranks,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BASE = 2
"""Strings up to this length have a list in any case."""
LONGEST = 8
"""No string of this length is common: its places are kept, however many they are."""
STEM = 3
"""Common strings that begin with the same characters stand together, so that equal lists are kept once."""

_EDGE = "\n"  # never in a folded text


def is_common(text: str, common: str) -> bool:
    """Whether a string is common; ``common`` holds them all, each inside a longer one where it can be."""
    return len(text) < LONGEST and text in common


def pieces(word: str, common: str) -> list[tuple[int, int]]:
    """Start and end of strings that have lists, and that cover a word; one, where the word has its own.

    The first and the last come first: the ends of a word have least in common.
    """
    if len(word) <= BASE or any(is_common(part, common) for part in (word[:-1], word[1:])):
        return [(0, len(word))]
    found: list[tuple[int, int]] = []
    covered = 0
    while covered < len(word):
        start = min(covered, len(word) - BASE)
        end = start + BASE
        while is_common(word[start:end], common) and end < len(word):
            end += 1
        while is_common(word[start:end], common):
            start -= 1
        found.append((start, end))
        covered = end
    return [*found[:1], *found[-1:], *found[1:-1]] if len(found) > 1 else found


def address(text: str, common: str) -> str:
    """The string by which a list's shard is found."""
    return text[:STEM] if is_common(text, common) else text


@dataclass(frozen=True, slots=True)
class Grams:
    """The lists of one year, packed, each with the string that chooses its shard; and the common strings.

    ``lows``: how positions are packed, see ``pack_places``.
    """

    entries: tuple[tuple[str, bytes], ...]
    common: str
    lows: tuple[int, ...]


def grams(records: Sequence[Sequence[Sequence[str]]], limit: int) -> Grams:
    """The lists of records, given as the folded fields of each of their zones.

    A string is common that has more than ``limit`` places.
    """
    corpus = _corpus(records)
    lows = _lows(records)
    entries: list[tuple[str, bytes]] = []
    levels: list[dict[str, list[int]]] = [{}]
    starts: Iterable[int] = range(len(corpus.text))
    for length in range(1, LONGEST + 1):
        common: dict[str, list[int]] = {}
        for text, found in _by_text(corpus.text, starts, length).items():
            if length == LONGEST or not corpus.is_over(limit, found):
                entries.append((text, pack_entry(text, PLACES, pack_places(corpus.places(found), lows))))
                continue
            common[text] = found
            if length <= STEM or len(found) < len(levels[-1][text[:-1]]):
                ranks = pack_ranks(corpus.ranks(found))
                entries.append((text[:STEM], pack_entry(text, RANKS, ranks)))
        levels.append(common)
        if length >= BASE:
            starts = _neighbours(common)
    return Grams(tuple(entries), _joined(levels), lows)


def _lows(records: Iterable[Sequence[Sequence[str]]]) -> tuple[int, ...]:
    """For each zone, the low bits that suit its positions, of which a long text has the most and largest."""
    sums, counts = [0] * ZONES, [1] * ZONES
    for zones in records:
        for zone, fields in enumerate(zones):
            length = sum(map(len, fields)) + len(fields)
            sums[zone] += length * length // 2
            counts[zone] += length
    return tuple(map(fitting_low, sums, counts))


def _by_text(text: str, starts: Iterable[int], length: int) -> dict[str, list[int]]:
    """Where each string of one length begins, of those that begin at ``starts`` and end within a field."""
    found: dict[str, list[int]] = defaultdict(list)
    for start in starts:
        found[text[start : start + length]].append(start)
    return {part: begun for part, begun in found.items() if _EDGE not in part}


def _neighbours(common: dict[str, list[int]]) -> list[int]:
    """Where strings one longer than the common ones begin."""
    begun = set(chain.from_iterable(common.values()))
    return sorted(begun | {start - 1 for start in begun})


def _joined(levels: Sequence[dict[str, list[int]]]) -> str:
    """The common strings in one text, longest first; those of full length overlap where they did."""
    text = ""
    for length in range(len(levels) - 1, BASE - 1, -1):
        for part in levels[length]:
            if part not in text:
                follows = length == LONGEST - 1 and text.endswith(part[:-1])
                text += part[-1] if follows else _EDGE + part
    return text


@dataclass(frozen=True, slots=True)
class _Corpus:
    """Every different text once, between edges, in one string.

    ``owners`` says of each character whose it is, ``weights`` in how many fields that text stands,
    ``slots`` in which slots, and ``shifts`` what to add to a character's index for its place in each field.
    """

    text: str
    owners: array[int]
    weights: array[int]
    shifts: list[list[int]]
    slots: list[set[int]]
    records: int

    def is_over(self, limit: int, starts: Sequence[int]) -> bool:
        """Whether a string that begins at ``starts`` has more places than that."""
        return len(starts) > limit or sum(map(self.weights.__getitem__, starts)) > limit

    def places(self, starts: Iterable[int]) -> list[int]:
        """Every place of a string that begins at ``starts``, sorted."""
        owners, shifts = self.owners, self.shifts
        return sorted([start + shift for start in starts for shift in shifts[owners[start]]])

    def ranks(self, starts: Iterable[int]) -> bytes:
        """The rank of each record for a string that begins at ``starts``."""
        marks = bytearray(self.records * ZONES)
        owners = set(map(self.owners.__getitem__, starts))
        for slot in chain.from_iterable(map(self.slots.__getitem__, owners)):
            marks[slot] = 1
        name, indicator, elsewhere = (int.from_bytes(marks[zone::ZONES], "big") for zone in range(ZONES))
        below = (indicator | elsewhere) & ~name
        return ((name | elsewhere & ~indicator) + 2 * below).to_bytes(self.records, "big")


def _corpus(records: Sequence[Sequence[Sequence[str]]]) -> _Corpus:
    texts: dict[str, tuple[int, list[int]]] = {}
    end = len(_EDGE)
    for number, zones in enumerate(records):
        for zone, fields in enumerate(zones):
            place = (number * ZONES + zone) * ROOM
            for field in filter(None, fields):
                if field not in texts:
                    texts[field] = (end, [])
                    end += len(field) + 1
                first, shifts = texts[field]
                shifts.append(place - first)
                place += len(field) + 1
    owners, weights = array("I", (0,)), array("I", (0,))
    for number, (field, (_, shifts)) in enumerate(texts.items()):
        owners.extend(repeat(number, len(field) + 1))
        weights.extend(repeat(len(shifts), len(field) + 1))
    whole = _EDGE.join(("", *texts, ""))
    moved = [of_text for _, of_text in texts.values()]
    slots = [{(first + shift) >> SHIFT for shift in of_text} for first, of_text in texts.values()]
    return _Corpus(whole, owners, weights, moved, slots, len(records))
