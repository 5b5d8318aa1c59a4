"""Questions answered from the files of the index, as ``search.js`` answers them in the browser.

A record is found when every word of the question stands somewhere in its texts. Results stand by their
worst-placed word (1 in the name, 2 in a 三级指标, 3 elsewhere), then by amount, the largest first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from builder.frozen import frozen
from builder.search.coding import (
    PLACES,
    RANKS,
    ROOM,
    ZONES,
    codes_size,
    entries,
    shard_of,
    unpack_codes,
    unpack_places,
    unpack_ranks,
    unsqueeze_json,
)
from builder.search.grams import address, pieces
from builder.search.text import fold, words
from builder.search.write import LENGTH, MANIFEST, SHARD, TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

FACETS = ("年度", "部门", "二级指标", "资金")
_ELSEWHERE = 3


@frozen(slots=False)
class Segment:
    """One year of the index, or the hand-written pages, whose ``year`` is ``None``.

    ``order``: of every record, how many of all records come before it by amount. ``department`` and
    ``pattern``: of every record the number of its 部门 and of its set of 二级指标.
    """

    read: Callable[[str], bytes] = field(repr=False)
    folder: str
    year: int | None
    records: int
    shards: int
    chunk: int
    lows: Sequence[int]
    departments: tuple[str, ...]
    level2: Sequence[str]
    patterns: Sequence[Sequence[int]]
    bands: Mapping[str, int]
    common: str
    order: Sequence[int]
    department: Sequence[int]
    pattern: Sequence[int]

    def file(self, name: str) -> bytes:
        """The bytes of one of its files."""
        return self.read(f"{self.folder}/{name}")

    def text(self, record: int) -> list[Any]:
        """What a result shows of a record."""
        chunk, within = divmod(record, self.chunk)
        shown: list[Any] = unsqueeze_json(self.file(TEXT.format(chunk)), self.common.encode())[within]
        return shown


@frozen()
class Hit:
    """One result: which record of which segment, and its rank; 0 where nothing was asked for."""

    segment: int
    record: int
    rank: int


@frozen()
class Answer:
    """Hits in order; and for each facet, how many hits each value has or would have if it were chosen too."""

    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]


def segments(read: Callable[[str], bytes]) -> tuple[Segment, ...]:
    """The years of an index; ``read`` gives the bytes of a file that ``write`` named."""
    data = read(MANIFEST)
    start = LENGTH + int.from_bytes(data[:LENGTH], "little")
    head = unsqueeze_json(data[LENGTH:start])
    codes = _codes(data, start)
    described = head["segments"]
    order: list[list[int]] = [[] for _ in described]
    for before, number in enumerate(codes(len(described), sum(one["records"] for one in described))):
        order[number].append(before)
    found = []
    for one, place in zip(described, order, strict=True):
        columns = [codes(len(one[values]), one["records"]) for values in ("departments", "patterns")]
        one["departments"] = tuple(head["departments"][name] for name in one["departments"])
        one["bands"] = dict(zip(head["bands"], one["bands"], strict=True))
        found.append(Segment(read, **one, order=place, department=columns[0], pattern=columns[1]))
    return tuple(found)


def _codes(data: bytes, start: int) -> Callable[[int, int], list[int]]:
    """What reads columns, one behind the other: for how many values, and of how many records."""
    at = start

    def take(values: int, count: int) -> list[int]:
        nonlocal at
        before, at = at, at + codes_size(values, count)
        return unpack_codes(data[before:at], values, count)

    return take


def search(index: Sequence[Segment], question: str, chosen: Mapping[str, Collection[str]]) -> Answer:
    """Every record with all the words and, in each facet where values are ``chosen``, one of these."""
    asked = words(question)
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    hits = []
    for number, segment in enumerate(index):
        if segment.year is None and (not asked or any(chosen.values())):
            continue  # hand-written pages have no facets
        for record, rank in _found(segment, asked):
            values = _values(segment, record)
            missed = [
                facet for facet in values if chosen.get(facet) and not values[facet] & set(chosen[facet])
            ]
            if not missed:
                hits.append(Hit(number, record, rank))
            for facet in values:
                if missed in ([], [facet]):
                    counts[facet].update(values[facet])
    return Answer(tuple(sorted(hits, key=lambda hit: _order(index[hit.segment], hit))), counts)


def _order(segment: Segment, hit: Hit) -> tuple[int, int]:
    """By amount; hand-written pages come after the projects of their rank."""
    return hit.rank, segment.order[hit.record]


def text(index: Sequence[Segment], hit: Hit) -> list[Any]:
    """What a result shows: address, title, unit, amount, texts, and its indicators: 二级, 三级, 指标值."""
    segment = index[hit.segment]
    *shown, rows = segment.text(hit.record)
    return [*shown, [[segment.level2[number], name, value] for number, name, value in rows]]


def _values(segment: Segment, record: int) -> dict[str, set[str]]:
    """The values of a project in every facet; a hand-written page has none."""
    if segment.year is None:
        return {}
    ends = zip(segment.bands, accumulate(segment.bands.values()), strict=True)
    found = (
        {str(segment.year)},
        {segment.departments[segment.department[record]]},
        {segment.level2[number] for number in segment.patterns[segment.pattern[record]]},
        {next(band for band, end in ends if record < end)},
    )
    return dict(zip(FACETS, found, strict=True))


def _found(segment: Segment, asked: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The records with all the words, each with its rank: that of its worst-placed word."""
    whole: bytearray | None = None
    for number, word in enumerate(longest_first := sorted(asked, key=len, reverse=True)):
        left = set(range(segment.records)) if whole is None else {at for at, rank in enumerate(whole) if rank}
        lists = sum(len(pieces(other, segment.common)) for other in longest_first[number:])
        few = whole is not None and len(left) <= lists * _TEXTS
        ranks = _ranks(segment, word, left if few else None)
        own = (
            max(ranks[at], whole[at] if whole else 0) if ranks[at] and at in left else 0
            for at in range(segment.records)
        )
        whole = bytearray(own)
    for record, rank in enumerate(whole or bytes(segment.records)):
        if rank or not asked:
            yield record, rank


_TEXTS = 2
"""As many texts can be read for the bytes of one list."""
_TOGETHER = 2
"""As many lists are asked for before what they leave is looked at."""


def _ranks(segment: Segment, word: str, among: Collection[int] | None) -> bytearray:
    """The rank of every record for one word; or of those ``among`` which alone it is asked."""
    ranks = _in_lists(segment, word) if among is None else _by_reading(segment, word, among)
    named = {number for number, name in enumerate(segment.departments) if word in fold(name)}
    for record, department in enumerate(segment.department if named else ()):
        if department in named and not ranks[record]:
            ranks[record] = _ELSEWHERE
    return ranks


def _in_lists(segment: Segment, word: str) -> bytearray:
    parts = pieces(word, segment.common)
    places: set[int] | None = None
    for done, (start, end) in enumerate(parts, 1):
        kind, data = _list(segment, word[start:end])
        if kind == RANKS:
            return unpack_ranks(data, segment.records)
        here = {place - start for place in unpack_places(data, segment.lows)}
        places = here if places is None else places & here
        records = {place // ROOM // ZONES for place in places}
        # To read what is left may cost less than the other lists.
        if done == _TOGETHER and len(records) <= (len(parts) - done) * _TEXTS:
            return _by_reading(segment, word, records)
    ranks = bytearray(segment.records)
    for place in sorted(places or (), reverse=True):  # a record's best zone comes last
        record, zone = divmod(place // ROOM, ZONES)
        ranks[record] = zone + 1
    return ranks


def _list(segment: Segment, text: str) -> tuple[int, bytes]:
    """The list of a string that has one: of a common string whose own is not kept, that of its beginning."""
    chooser = address(text, segment.common)
    shard = segment.file(SHARD.format(shard_of(chooser, segment.shards)))
    found = {entry: (kind, data) for entry, kind, data in entries(shard)}
    ends = range(len(text), len(chooser) - 1, -1)
    return next((found[text[:end]] for end in ends if text[:end] in found), (PLACES, b""))


def _by_reading(segment: Segment, word: str, records: Iterable[int]) -> bytearray:
    ranks = bytearray(segment.records)
    for record in records:
        _, title, unit, _, texts, rows = segment.text(record)
        zones = ([title], [row[1] for row in rows], [unit, *texts, *(row[2] for row in rows)])
        has = [any(word in fold(field) for field in zone) for zone in zones]
        ranks[record] = has.index(True) + 1 if any(has) else 0
    return ranks
