"""Every 三级指标 of the collection as one table, in files that a browser can filter and sort by itself.

One file for each year, named after what is in it, so that an edit renames one year's file and leaves the
others as they were; and a manifest that names them. A year's file is a JSON head and, behind it, a few
columns of numbers: what is said again and again (names, values, projects) stands once in the head, and a row
is three numbers that point there. ``explorer.js`` reads them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from struct import pack
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from builder.search.coding import deflate, pack_json
from builder.values import Kind, Operator, comparable_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from builder.catalogue import Summary
    from builder.form import Form
    from builder.rules.rule import Row as IndicatorRow
    from builder.rules.rule import Subject

VERSION = 1
MANIFEST = "manifest"
KINDS = (*(kind.value for kind in Kind), "无指标值")
OPERATORS = (*(operator.value for operator in Operator), "无符号")
NO_UNIT = "无单位"
_NO_VALUE, _NO_OPERATOR = len(KINDS) - 1, len(OPERATORS) - 1
_KIND = {kind: number for number, kind in enumerate(Kind)}
_OPERATOR = {operator: number for number, operator in enumerate(Operator)}
_SHORT = 1 << 16
_ALIGNED = 4  # bytes; where columns may begin
_TYPES = {2: "H", 4: "I"}  # by the bytes of one number

_Entry: TypeAlias = tuple[str, int, int, str, str, str, str, str]
"""One 指标值: text, 类型, 符号, 数值 and upper end of a range as written, 单位, the number in the base unit
of its kind, and what this is.
"""


class Row(NamedTuple):
    """One 三级指标: its name, its 指标值 as read, and its 一级 and 二级指标."""

    name: str
    value: _Entry
    slot: tuple[str, str]


class Taken(NamedTuple):
    """What the table holds of one project: 部门代码, stem, name, 主管部门 and its rows."""

    code: str
    stem: str
    name: str
    department: str
    rows: tuple[Row, ...]


class Packed(NamedTuple):
    """One year's file: its name, its bytes, its year and number of rows, and the characters in it."""

    name: str
    data: bytes
    year: int
    rows: int
    characters: str


@dataclass(slots=True)
class _Year:
    """What is gathered of one year: dictionaries in the order of first use, and the columns of the rows."""

    names: dict[str, int] = field(default_factory=dict)
    values: dict[tuple[Any, ...], int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=lambda: {NO_UNIT: 0})
    scales: dict[str, int] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    projects: list[tuple[str, str, str, int, int]] = field(default_factory=list)
    name_of: list[int] = field(default_factory=list)
    value_of: list[int] = field(default_factory=list)
    slot_of: bytearray = field(default_factory=bytearray)


def taken(subject: Subject, item: Summary) -> Taken:
    """What the table holds of one project, in its order."""
    rows = tuple(
        Row(row.indicator.name, _entry(row), (row.indicator.level1, row.indicator.level2))
        for row in subject.rows
    )
    return Taken(item.id.department, item.id.stem, item.name, item.department, rows)


def packed(number: int, projects: Iterable[Taken], forms: Iterable[Form]) -> Packed:
    """The file of one year; its rows stand in the order in which they come."""
    slots = {name: place for place, name in enumerate(_slots(forms))}
    year = _Year()
    for project in projects:
        department = _number(year.departments, project.department)
        year.projects.append((project.code, project.stem, project.name, department, len(project.rows)))
        for row in project.rows:
            year.slot_of.append(slots[row.slot])
            year.name_of.append(_number(year.names, row.name))
            year.value_of.append(_number(year.values, _numbered(row.value, year)))
    data = deflate(_packed(year))
    texts = (*year.names, *year.units, *year.scales, *year.departments)
    texts += (*(entry[0] for entry in year.values), *(project[2] for project in year.projects))
    characters = "".join(sorted(set("".join(texts))))
    name = f"{number}-{sha256(data).hexdigest()[:12]}"
    return Packed(name, data, number, len(year.name_of), characters)


def manifest(years: Iterable[Packed], forms: Iterable[Form]) -> bytes:
    """The file ``MANIFEST``, which names those of the years, in the order given."""
    years = tuple(years)
    characters = set().union(*(year.characters for year in years))
    return pack_json(
        {
            "version": VERSION,
            "alphabet": "".join(sorted(characters, key=collation)),
            "slots": _slots(forms),
            "kinds": KINDS,
            "operators": OPERATORS,
            "years": [(year.name, year.year, year.rows) for year in years],
        }
    )


def files(projects: Iterable[tuple[int, Taken]], forms: Collection[Form]) -> Iterator[tuple[str, bytes]]:
    """File names and bytes for projects with their years, those of one year together."""
    years = []
    for number, group in groupby(projects, key=itemgetter(0)):
        year = packed(number, (project for _, project in group), forms)
        years.append(year._replace(data=b""))
        yield year.name, year.data
    yield MANIFEST, manifest(years, forms)


def _slots(forms: Iterable[Form]) -> list[tuple[str, str]]:
    return [*dict.fromkeys((level1.name, slot.name) for form in forms for level1, slot in form.slots)]


def collation(text: str) -> bytes:
    """The order of texts: by the national character set, whose common characters stand by their sound."""
    return text.encode("gb18030")


def _number(known: dict[Any, int], item: object) -> int:
    return known.setdefault(item, len(known))


def _entry(row: IndicatorRow) -> _Entry:
    value = row.value
    if value is None:
        return ("", _NO_VALUE, _NO_OPERATOR, "", "", NO_UNIT, "", "")
    operator = _NO_OPERATOR if value.operator is None else _OPERATOR[value.operator]
    comparable = comparable_number(value) if value.understood else None
    if comparable is None or value.number is None:
        return (value.text, _KIND[value.kind], operator, "", "", NO_UNIT, "", "")
    base, scale = comparable
    unit = "/".join((value.magnitude + (value.unit.name if value.unit else ""), *value.per))
    return (
        value.text,
        _KIND[value.kind],
        operator,
        f"{value.number:f}",
        "" if value.upper is None else f"{value.upper:f}",
        unit or NO_UNIT,
        f"{base:f}",
        scale,
    )


def _numbered(entry: _Entry, year: _Year) -> tuple[Any, ...]:
    """An entry with its unit and what its number is as numbers into the year's lists."""
    *said, unit, base, scale = entry
    return (*said, _number(year.units, unit), base, _number(year.scales, scale) if base else 0)


def _packed(year: _Year) -> bytes:
    """The head's length, the head, and the columns of names, values and slots."""
    columns = [_steps(year.name_of), _steps(year.value_of)]
    widths = [4 if max(column, default=0) >= _SHORT else 2 for column in columns]
    head = {
        "names": list(year.names),
        "values": list(zip(*year.values, strict=True)),
        "units": list(year.units),
        "scales": list(year.scales),
        "departments": list(year.departments),
        "projects": list(zip(*year.projects, strict=True)),
        "widths": widths,
    }
    written = _padded(json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode(), b" ")
    size = len(written).to_bytes(4, "little")
    return b"".join((size, written, *map(_column, columns, widths), year.slot_of))


def _steps(numbers: list[int]) -> list[int]:
    """Numbers that count up by first use, as steps back from the next new one: 0 for the new one itself."""
    fresh = 0
    steps = []
    for number in numbers:
        steps.append(fresh - number)
        fresh += number == fresh
    return steps


def _column(steps: list[int], width: int) -> bytes:
    return _padded(pack(f"<{len(steps)}{_TYPES[width]}", *steps), b"\0")


def _padded(data: bytes, filling: bytes) -> bytes:
    return data + filling * (-len(data) % _ALIGNED)
