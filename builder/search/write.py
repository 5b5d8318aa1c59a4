"""Records in, the files of the search index out: for each year its shards and its texts, then the manifest.

A year's files depend on nothing but its records and stand in a folder named after what is in them: years can
be made side by side, an edit renames one year's folder and leaves the others as they were, and no cache ever
holds an old part beside a new one. The manifest is made of the years' summaries: it names the folders, and
holds what counting and ordering need of every record. Within a year records stand by amount, the largest
first, and are known by their number in that order.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from hashlib import sha256
from heapq import merge
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from builder.frozen import frozen
from builder.search.coding import pack_codes, shard_of, squeeze_json
from builder.search.grams import grams
from builder.search.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from builder.search.grams import Grams
    from builder.search.record import Record

VERSION = 3
MANIFEST, SHARD, TEXT = "manifest", "shard-{}", "text-{}"
LENGTH = 4
"""Bytes of the number with which the manifest begins: how long its first part is."""
FEW = 384
"""A string in more places than this, and in more than one for eight records, is taken to be common."""
BANDS = (
    ("1000 万元及以上", 1000),
    ("500～1000 万元", 500),
    ("100～500 万元", 100),
    ("50～100 万元", 50),
    ("10～50 万元", 10),
)
"""资金: label and lower bound in 万元, highest first."""
REST = "不足 10 万元"


@frozen()
class Part:
    """What the manifest says of one year, or of the hand-written pages, whose ``year`` is ``None``.

    ``chunk``: how many records one file of texts holds. ``columns``: packed 部门 and set of 二级指标 of every
    record. ``amounts`` in 万元, in the order of the records.
    """

    folder: str
    year: int | None
    records: int
    shards: int
    chunk: int
    lows: tuple[int, ...]
    departments: tuple[str, ...]
    level2: tuple[str, ...]
    patterns: tuple[tuple[int, ...], ...]
    bands: tuple[int, ...]
    common: str
    amounts: tuple[Decimal, ...]
    columns: bytes


def write(records: Iterable[Record], *, few: int = FEW) -> Iterator[tuple[str, bytes]]:
    """File names and bytes. Records of one year stand together, and no more than one year's are held."""
    parts = []
    for _, of_year in groupby(records, key=lambda record: record.year):
        year = year_files(of_year, few=few)
        parts.append(year.part)
        yield from year.files
    yield manifest_file(parts)


class Year(NamedTuple):
    """What the manifest says of one year, its files, and that from which its next index can be made."""

    part: Part
    files: Iterator[tuple[str, bytes]]
    lists: Grams


def year_files(records: Iterable[Record], *, few: int = FEW, before: Grams | None = None) -> Year:
    """The index of the records of one year.

    ``before``: an earlier one, mostly of the same, with which this one costs less.
    """
    ordered = sorted(records, key=lambda record: -record.amount)
    level2 = _numbered(row.level2 for record in ordered for row in record.indicators)
    index = _index(ordered, few, before)
    shards = _shards(index, len(ordered))
    chunk = _CHUNK if ordered[0].year else 1
    texts = [_text(record, level2) for record in ordered]
    chunks = [texts[start : start + chunk] for start in range(0, len(texts), chunk)]
    files = {SHARD.format(number): shard for number, shard in enumerate(shards)}
    known = index.common.encode()
    files |= {TEXT.format(number): squeeze_json(some, known) for number, some in enumerate(chunks)}
    folder = f"{ordered[0].year or 'pages'}-{_digest(files)}"
    part = _part(folder, ordered, index, (len(shards), chunk), level2)
    return Year(part, ((f"{folder}/{name}", data) for name, data in files.items()), index)


_CHUNK = 2


def manifest_file(parts: Sequence[Part]) -> tuple[str, bytes]:
    """The name and the bytes of the manifest."""
    departments = _numbered(name for part in parts for name in part.departments)
    order = pack_codes(_order(parts), len(parts))
    head = {
        "version": VERSION,
        "bands": [*(label for label, _ in BANDS), REST],
        "departments": list(departments),
        "segments": [_described(part, departments) for part in parts],
    }
    packed = squeeze_json(head)
    columns = (part.columns for part in parts)
    return MANIFEST, b"".join((len(packed).to_bytes(LENGTH, "little"), packed, order, *columns))


def _described(part: Part, departments: Mapping[str, int]) -> dict[str, Any]:
    return {
        "folder": part.folder,
        "year": part.year,
        "records": part.records,
        "shards": part.shards,
        "chunk": part.chunk,
        "lows": part.lows,
        "departments": [departments[name] for name in part.departments],
        "level2": part.level2,
        "patterns": part.patterns,
        "bands": part.bands,
        "common": part.common,
    }


def _order(parts: Sequence[Part]) -> Iterator[int]:
    """All records by amount, the largest first, then as written; hand-written pages last: whose each is."""
    return (number for *_, number in merge(*(_keys(part, number) for number, part in enumerate(parts))))


def _keys(part: Part, number: int) -> Iterator[tuple[bool, Decimal, int]]:
    return ((part.year is None, -amount, number) for amount in part.amounts)


def _numbered(names: Iterable[str]) -> dict[str, int]:
    """Different names in the order in which they come, and the number of each."""
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _index(records: Sequence[Record], few: int, before: Grams | None) -> Grams:
    folded = cache(fold)
    fields = [[[folded(field) for field in zone] for zone in record.zones] for record in records]
    return grams(fields, max(few, len(records) // 8), before)


def _part(
    folder: str, records: Sequence[Record], index: Grams, sizes: tuple[int, int], level2: Mapping[str, int]
) -> Part:
    departments = _numbered(record.department for record in records)
    sets = [tuple(sorted({level2[row.level2] for row in record.indicators})) for record in records]
    patterns = {found: number for number, (found, _) in enumerate(Counter(sets).most_common())}
    bands = Counter(_band(record.amount) for record in records)
    return Part(
        *(folder, records[0].year, len(records), *sizes, index.lows, tuple(departments), tuple(level2)),
        *(tuple(patterns), tuple(bands[number] for number in range(len(BANDS) + 1)), index.common),
        amounts=tuple(record.amount for record in records),
        columns=pack_codes((departments[record.department] for record in records), len(departments))
        + pack_codes((patterns[found] for found in sets), len(patterns)),
    )


def _band(amount: Decimal) -> int:
    return sum(amount < lowest for _, lowest in BANDS)


def _digest(files: Mapping[str, bytes]) -> str:
    whole = sha256()
    for name, data in files.items():
        whole.update(f"{name} {len(data)}\n".encode() + data)
    return whole.hexdigest()[:12]


def _shards(index: Grams, records: int) -> list[bytes]:
    """The lists in files of some kilobytes: the more records, the larger, so that they are never too many."""
    size = _SHARD + records // 4
    total = sum(map(len, index.entries.values()))
    shards: list[list[bytes]] = [[] for _ in range(total // size + 1)]
    for chooser, entry in index.placed():
        shards[shard_of(chooser, len(shards))].append(entry)
    return [b"".join(shard) for shard in shards]


_SHARD = 384


def _text(record: Record, level2: Mapping[str, int]) -> list[Any]:
    """What a result shows."""
    rows = [[level2[row.level2], row.name, row.value or ""] for row in record.indicators]
    return [unquote(record.address), record.title, record.unit, record.amount_text, record.texts, rows]
