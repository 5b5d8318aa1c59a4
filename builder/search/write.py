"""Records in, the files of the search index out: for each year its shards, its columns and its texts.

A year's files stand in a folder named after what is in them: an edit renames one year's folder and leaves
the others as they were, and no cache ever holds an old part beside a new one. The manifest names the folders.
Within a year records stand by amount, the largest first, and are known by their number in that order.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from hashlib import sha256
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from builder.search.coding import deflate, pack_json, shard_of
from builder.search.grams import grams
from builder.search.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from builder.search.grams import Grams
    from builder.search.record import Record

VERSION = 1
MANIFEST, COLUMNS, AMOUNTS, SHARD, TEXT = "manifest", "columns", "amounts", "shard-{}", "text-{}"
BANDS = (
    ("1000 万元及以上", 1000),
    ("500～1000 万元", 500),
    ("100～500 万元", 100),
    ("50～100 万元", 50),
    ("10～50 万元", 10),
)
"""资金: label and lower bound in 万元, highest first."""
REST = "不足 10 万元"


def write(records: Iterable[Record], *, few: int = 512) -> Iterator[tuple[str, bytes]]:
    """File names and bytes. Records of one year stand together, and no more than one year's are held.

    A string in more than ``few`` places, and in more than one for eight records, is taken to be common.
    """
    departments: dict[str, int] = {}
    segments = []
    for year, group in groupby(records, key=lambda record: record.year):
        of_year = sorted(group, key=lambda record: -record.amount)
        local = _numbered(record.department for record in of_year)
        index = _index(of_year, few)
        shards = _shards(index, len(of_year))
        files = _files(of_year, local, index.common, shards)
        folder = f"{year or 'pages'}-{_digest(files)}"
        yield from ((f"{folder}/{name}", data) for name, data in files.items())
        numbers = [departments.setdefault(name, len(departments)) for name in local]
        segments.append([folder, year, len(of_year), len(shards), numbers])
    bands = [*(label for label, _ in BANDS), REST]
    manifest = {"version": VERSION, "bands": bands, "departments": list(departments), "segments": segments}
    yield MANIFEST, pack_json(manifest)


def _numbered(names: Iterable[str]) -> dict[str, int]:
    """Different names in the order in which they come, and the number of each."""
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _index(records: Sequence[Record], few: int) -> Grams:
    folded = cache(fold)
    fields = [[[folded(field) for field in zone] for zone in record.zones] for record in records]
    return grams(fields, max(few, len(records) // 8))


def _files(
    records: Sequence[Record], departments: Mapping[str, int], common: str, shards: Sequence[bytes]
) -> Mapping[str, bytes]:
    """The files of one year's records."""
    level2 = _numbered(row.level2 for record in records for row in record.indicators)
    columns = _columns(records, departments, level2) | {"common": common}
    files = {COLUMNS: pack_json(columns), AMOUNTS: pack_json(_amounts(records))}
    files |= {SHARD.format(number): deflate(shard) for number, shard in enumerate(shards)}
    files |= {TEXT.format(number): pack_json(_text(record, level2)) for number, record in enumerate(records)}
    return files


def _digest(files: Mapping[str, bytes]) -> str:
    whole = sha256()
    for name, data in files.items():
        whole.update(f"{name} {len(data)}\n".encode() + data)
    return whole.hexdigest()[:12]


def _shards(index: Grams, records: int) -> list[bytes]:
    """The lists in files of some kilobytes: the more records, the larger, so that they are never too many."""
    size = 1024 + records // 4
    total = sum(len(entry) for _, entry in index.entries)
    shards: list[list[bytes]] = [[] for _ in range(total // size + 1)]
    for chooser, entry in index.entries:
        shards[shard_of(chooser, len(shards))].append(entry)
    return [b"".join(shard) for shard in shards]


def _columns(
    records: Sequence[Record], departments: Mapping[str, int], level2: Mapping[str, int]
) -> dict[str, Any]:
    """What counting needs: of every record 部门 and its set of 二级指标; how many records each band has."""
    patterns: dict[tuple[int, ...], int] = {}
    sets = [tuple(sorted({level2[row.level2] for row in record.indicators})) for record in records]
    pattern = [patterns.setdefault(found, len(patterns)) for found in sets]
    bands = Counter(_band(record.amount) for record in records)
    return {
        "department": [departments[record.department] for record in records],
        "level2": list(level2),
        "patterns": list(patterns),
        "pattern": pattern,
        "bands": [bands[number] for number in range(len(BANDS) + 1)],
    }


def _band(amount: Decimal) -> int:
    return sum(amount < lowest for _, lowest in BANDS)


def _amounts(records: Sequence[Record]) -> dict[str, Any]:
    """Amounts in 万元 as whole numbers: the first, and each step down; and the number of decimals."""
    decimals = max(0, *(-int(record.amount.as_tuple().exponent) for record in records))
    whole = [int(record.amount.scaleb(decimals)) for record in records]
    steps = [*whole[:1], *(high - low for high, low in pairwise(whole))]
    return {"decimals": decimals, "steps": steps}


def _text(record: Record, level2: Mapping[str, int]) -> list[Any]:
    """What a result shows."""
    rows = [[level2[row.level2], row.name, row.value or ""] for row in record.indicators]
    return [unquote(record.address), record.title, record.unit, record.amount_text, record.texts, rows]
