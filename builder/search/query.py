"""Questions answered from the files of the index, as ``search.js`` answers them in the browser.

A record is found when every word of the question stands somewhere in its texts. Results stand by their
worst-placed word (1 in the name, 2 in a 三级指标, 3 elsewhere), then by amount, the largest first.
"""

from __future__ import annotations

import operator
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from builder.search.coding import (
    PLACES,
    RANKS,
    ROOM,
    ZONES,
    entries,
    inflate,
    shard_of,
    unpack_json,
    unpack_places,
    unpack_ranks,
)
from builder.search.grams import address, pieces
from builder.search.text import fold, words
from builder.search.write import AMOUNTS, COLUMNS, MANIFEST, SHARD, TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

FACETS = ("年度", "部门", "二级指标", "资金")
_ELSEWHERE = 3


@dataclass(frozen=True)
class Segment:
    """One year of the index, or the hand-written pages, whose ``year`` is ``None``."""

    read: Callable[[str], bytes] = field(repr=False)
    folder: str
    year: int | None
    records: int
    shards: int
    departments: tuple[str, ...]
    bands: tuple[str, ...]

    def file(self, name: str) -> bytes:
        """The bytes of one of its files."""
        return self.read(f"{self.folder}/{name}")

    @cached_property
    def columns(self) -> Mapping[str, Any]:
        """What counting needs of every record."""
        columns: Mapping[str, Any] = unpack_json(self.file(COLUMNS))
        return columns

    @cached_property
    def amounts(self) -> Sequence[float]:
        """年度资金总额 of every record, 万元."""
        packed = unpack_json(self.file(AMOUNTS))
        whole = accumulate(packed["steps"], operator.sub)
        return [amount / 10 ** packed["decimals"] for amount in whole]


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: which record of which segment, and its rank; 0 where nothing was asked for."""

    segment: int
    record: int
    rank: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits in order; and for each facet, how many hits each value has or would have if it were chosen too."""

    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]


def segments(read: Callable[[str], bytes]) -> tuple[Segment, ...]:
    """The years of an index; ``read`` gives the bytes of a file that ``write`` named."""
    manifest = unpack_json(read(MANIFEST))
    return tuple(
        Segment(
            read,
            folder,
            year,
            records,
            shards,
            tuple(manifest["departments"][number] for number in departments),
            tuple(manifest["bands"]),
        )
        for folder, year, records, shards, departments in manifest["segments"]
    )


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


def _order(segment: Segment, hit: Hit) -> tuple[float, ...]:
    """Hand-written pages come after the projects of their rank, and what is equal as it was written."""
    return hit.rank, segment.year is None, -segment.amounts[hit.record], hit.segment, hit.record


def text(index: Sequence[Segment], hit: Hit) -> list[Any]:
    """What a result shows: address, title, unit, amount, texts, and its indicators: 二级, 三级, 指标值."""
    segment = index[hit.segment]
    shown: list[Any] = unpack_json(segment.file(TEXT.format(hit.record)))
    level2 = segment.columns["level2"]
    return [*shown[:-1], [[level2[number], name, value] for number, name, value in shown[-1]]]


def _values(segment: Segment, record: int) -> dict[str, set[str]]:
    """The values of a project in every facet; a hand-written page has none."""
    if segment.year is None:
        return {}
    columns = segment.columns
    pattern = columns["patterns"][columns["pattern"][record]]
    band = sum(record >= end for end in accumulate(columns["bands"]))
    found = (
        {str(segment.year)},
        {segment.departments[columns["department"][record]]},
        {columns["level2"][number] for number in pattern},
        {segment.bands[band]},
    )
    return dict(zip(FACETS, found, strict=True))


def _found(segment: Segment, asked: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The records with all the words, each with its rank."""
    ranks = [_ranks(segment, word) for word in asked]
    for record in range(segment.records):
        own = [of_word[record] for of_word in ranks]
        if all(own):
            yield record, max(own, default=0)


def _ranks(segment: Segment, word: str) -> bytearray:
    """The rank of every record for one word."""
    ranks = _in_lists(segment, word)
    named = {number for number, name in enumerate(segment.departments) if word in fold(name)}
    for record, department in enumerate(segment.columns["department"] if named else ()):
        if department in named and not ranks[record]:
            ranks[record] = _ELSEWHERE
    return ranks


def _in_lists(segment: Segment, word: str) -> bytearray:
    parts = tuple(pieces(word, segment.columns["common"]))
    places: set[int] | None = None
    for done, (start, end) in enumerate(parts, 1):
        kind, data = _list(segment, word[start:end])
        if kind == RANKS:
            return unpack_ranks(data, segment.records)
        here = {place - start for place in unpack_places(data)}
        places = here if places is None else places & here
        records = {place // ROOM // ZONES for place in places}
        if len(records) <= len(parts) - done:  # to read these costs less than the lists that are left
            return _by_reading(segment, word, records)
    ranks = bytearray(segment.records)
    for place in sorted(places or (), reverse=True):  # a record's best zone comes last
        record, zone = divmod(place // ROOM, ZONES)
        ranks[record] = zone + 1
    return ranks


def _list(segment: Segment, text: str) -> tuple[int, bytes]:
    """The list of a string that has one: of a common string whose own is not kept, that of its beginning."""
    chooser = address(text, segment.columns["common"])
    shard = inflate(segment.file(SHARD.format(shard_of(chooser, segment.shards))))
    found = {entry: (kind, data) for entry, kind, data in entries(shard)}
    ends = range(len(text), len(chooser) - 1, -1)
    return next((found[text[:end]] for end in ends if text[:end] in found), (PLACES, b""))


def _by_reading(segment: Segment, word: str, records: Iterable[int]) -> bytearray:
    ranks = bytearray(segment.records)
    for record in records:
        _, title, unit, _, texts, rows = unpack_json(segment.file(TEXT.format(record)))
        zones = ([title], [row[1] for row in rows], [unit, *texts, *(row[2] for row in rows)])
        has = [any(word in fold(field) for field in zone) for zone in zones]
        ranks[record] = has.index(True) + 1 if any(has) else 0
    return ranks
