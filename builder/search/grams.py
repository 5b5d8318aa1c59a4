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
from itertools import chain, repeat
from typing import TYPE_CHECKING, TypeAlias

from builder.frozen import frozen
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
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

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


Fields: TypeAlias = "Sequence[Sequence[Sequence[str]]]"
"""The folded fields of each zone of each record."""


@frozen()
class Grams:
    """The lists of one year, packed, by their strings; the common strings; and what they are the lists of.

    ``limit``: a string is common that has more places. ``lows``: how positions are packed, see
    ``pack_places``.
    """

    fields: Fields
    limit: int
    lows: tuple[int, ...]
    entries: Mapping[str, bytes]
    commons: frozenset[str]

    @property
    def common(self) -> str:
        """The common strings in one text."""
        return _joined(self.commons)

    def placed(self) -> Iterator[tuple[str, bytes]]:
        """The lists in order, each with the string that chooses its shard."""
        for text, entry in sorted(self.entries.items()):
            yield (text[:STEM] if text in self.commons else text), entry


def grams(fields: Fields, limit: int, before: Grams | None = None) -> Grams:
    """The lists of records.

    ``before``: lists made earlier, of these records or of others. Where these differ little, only those lists
    are made that can be others now; the outcome is the same.
    """
    lows = _lows(fields)
    touched = _touched(before, fields) if before and (before.limit, before.lows) == (limit, lows) else None
    entries, commons = _lists(_corpus(fields), limit, lows, touched)
    if before and touched is not None:
        commons |= before.commons - touched
        if commons != before.commons:  # what begins or ends with them has lists now, or has none any more
            return grams(fields, limit)
        entries |= {text: entry for text, entry in before.entries.items() if text not in touched}
    return Grams(fields, limit, lows, entries, frozenset(commons))


def _touched(before: Grams, fields: Fields) -> set[str] | None:
    """The strings whose lists can be others than before; ``None`` where too many can.

    These are all that stand in a zone that has changed, then or now; and the common strings one longer than
    such, which have a list only as long as they stand in fewer places.
    """
    if len(before.fields) != len(fields):
        return None
    pairs = [(old, new) for old, new in zip(before.fields, fields, strict=True) if old != new]
    if len(pairs) > len(fields) // _MANY:
        return None
    zones = (zone for two in pairs for zone in zip(*two, strict=True) if zone[0] != zone[1])
    found = {
        field[start : start + length]
        for field in {field for zone in zones for of_zone in zone for field in of_zone}
        for length in range(1, LONGEST + 1)
        for start in range(len(field) - length + 1)
    }
    return found | {text for text in before.commons if text[:-1] in found}


_MANY = 50
"""One record in so many may have changed for it to pay."""


def _lists(
    corpus: _Corpus, limit: int, lows: Sequence[int], only: Container[str] | None
) -> tuple[dict[str, bytes], set[str]]:
    """Packed lists by their strings, and the common strings; ``only`` these, or all.

    What begins one of ``only`` must be one of them too: a longer string is looked for where it begins.
    """
    entries: dict[str, bytes] = {}
    commons: set[str] = set()
    shorter: dict[str, list[int]] = {}
    starts: Iterable[int] = range(len(corpus.text))
    for length in range(1, LONGEST + 1):
        common: dict[str, list[int]] = {}
        for text, found in _by_text(corpus.text, starts, length, only).items():
            if length == LONGEST or len(found) <= limit:
                places = corpus.places(found)
                if length == LONGEST or len(places) <= limit:
                    entries[text] = pack_entry(text, PLACES, pack_places(places, lows))
                    continue
            common[text] = found
            if length <= STEM or len(found) < len(shorter[text[:-1]]):
                entries[text] = pack_entry(text, RANKS, pack_ranks(corpus.ranks(found)))
        commons |= common.keys()
        shorter = common
        if length >= BASE:
            starts = _neighbours(common)
    return entries, commons


def _lows(records: Fields) -> tuple[int, ...]:
    """For each zone, the low bits that suit its positions, of which a long text has the most and largest."""
    sums, counts = [0] * ZONES, [1] * ZONES
    for zones in records:
        for zone, fields in enumerate(zones):
            length = sum(map(len, fields)) + len(fields)
            sums[zone] += length * length // 2
            counts[zone] += length
    return tuple(map(fitting_low, sums, counts))


def _by_text(
    text: str, starts: Iterable[int], length: int, only: Container[str] | None
) -> dict[str, list[int]]:
    """Where each string of one length begins, of those that begin at ``starts`` and end within a field."""
    found: dict[str, list[int]] = defaultdict(list)
    if only is None:
        for start in starts:
            found[text[start : start + length]].append(start)
        return {part: begun for part, begun in found.items() if _EDGE not in part}
    for start in starts:
        part = text[start : start + length]
        if part in only:
            found[part].append(start)
    return found


def _neighbours(common: dict[str, list[int]]) -> list[int]:
    """Where strings one longer than the common ones begin."""
    begun = set(chain.from_iterable(common.values()))
    return sorted(begun | {start - 1 for start in begun})


def _joined(commons: Iterable[str]) -> str:
    """The common strings in one text, longest first; those of full length overlap where they can."""
    by_length = sorted(commons, key=lambda part: (-len(part), part))
    text = _overlapping([part for part in by_length if len(part) == LONGEST - 1])
    for part in by_length:
        if len(part) >= BASE and part not in text:
            text += _EDGE + part
    return text


def _overlapping(parts: Sequence[str]) -> str:
    """Strings of one length in one text, each that continues another written as its last character."""
    following: dict[str, list[str]] = defaultdict(list)
    for part in parts:
        following[part[:-1]].append(part)
    ends = {part[1:] for part in parts}
    text, used = "", set[str]()
    for first in sorted(parts, key=lambda one: one[:-1] in ends):
        next_one: str | None = first
        while next_one and next_one not in used:
            text += next_one[-1] if text.endswith(next_one[:-1]) else _EDGE + next_one
            used.add(next_one)
            next_one = next((one for one in following[next_one[1:]] if one not in used), None)
    return text


@frozen()
class _Corpus:
    """Every different text once, between edges, in one string.

    ``owners`` says of each character whose it is, ``slots`` in which slots that text stands, and ``shifts``
    what to add to a character's index for its place in each field.
    """

    text: str
    owners: array[int]
    shifts: list[list[int]]
    slots: list[set[int]]
    records: int

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


def _corpus(records: Fields) -> _Corpus:
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
    owners = array("I", (0,))
    for number, field in enumerate(texts):
        owners.extend(repeat(number, len(field) + 1))
    whole = _EDGE.join(("", *texts, ""))
    moved = [of_text for _, of_text in texts.values()]
    slots = [{(first + shift) >> SHIFT for shift in of_text} for first, of_text in texts.values()]
    return _Corpus(whole, owners, moved, slots, len(records))
