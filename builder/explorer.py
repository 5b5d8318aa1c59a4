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
from struct import pack
from typing import TYPE_CHECKING, Any, TypeAlias

from builder.search.coding import deflate, pack_json
from builder.values import Kind, Operator, comparable_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from builder.catalogue import Summary
    from builder.form import Form
    from builder.rules.rule import Row, Subject

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

_Entry: TypeAlias = tuple[str, int, int, str, str, int, str, int]
"""One 指标值: text, 类型, 符号, 数值 and upper end of a range as written, 单位, the number in the base unit
of its kind, and what this is; units and base units are numbers into the year's lists.
"""


@dataclass(slots=True)
class _Year:
    """What is gathered of one year: dictionaries in the order of first use, and the columns of the rows."""

    year: int
    names: dict[str, int] = field(default_factory=dict)
    values: dict[_Entry, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=lambda: {NO_UNIT: 0})
    scales: dict[str, int] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    projects: list[tuple[str, str, str, int, int]] = field(default_factory=list)
    name_of: list[int] = field(default_factory=list)
    value_of: list[int] = field(default_factory=list)
    slot_of: bytearray = field(default_factory=bytearray)


class Writer:
    """Takes the projects of all years, those of one year together, and gives the files when all are there.

    Only one year is held as rows; of the others their finished files.
    """

    def __init__(self, forms: Iterable[Form]) -> None:
        names = (((level1.name, slot.name)) for form in forms for level1, slot in form.slots)
        self._slots = {name: number for number, name in enumerate(dict.fromkeys(names))}
        self._characters: set[str] = set()
        self._listed: list[tuple[str, int, int]] = []
        self._done: list[tuple[str, bytes]] = []
        self._open: _Year | None = None

    def add(self, subject: Subject, item: Summary) -> None:
        """Take the rows of one project, in its order."""
        if self._open is None or self._open.year != item.id.year:
            self._close()
            self._open = _Year(item.id.year)
        year = self._open
        department = _number(year.departments, item.department)
        year.projects.append((item.id.department, item.id.stem, item.name, department, len(subject.rows)))
        for row in subject.rows:
            indicator = row.indicator
            year.slot_of.append(self._slots[indicator.level1, indicator.level2])
            year.name_of.append(_number(year.names, indicator.name))
            year.value_of.append(_number(year.values, _entry(row, year)))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """File names and bytes: each year's rows in the order in which they came, then the manifest."""
        self._close()
        yield from self._done
        manifest = {
            "version": VERSION,
            "alphabet": "".join(sorted(self._characters, key=collation)),
            "slots": list(self._slots),
            "kinds": KINDS,
            "operators": OPERATORS,
            "years": self._listed,
        }
        yield MANIFEST, pack_json(manifest)

    def _close(self) -> None:
        year = self._open
        if year is None:
            return
        data = deflate(_packed(year))
        name = f"{year.year}-{sha256(data).hexdigest()[:12]}"
        self._listed.append((name, year.year, len(year.name_of)))
        self._done.append((name, data))
        texts = (*year.names, *year.units, *year.scales, *year.departments)
        texts += (*(entry[0] for entry in year.values), *(project[2] for project in year.projects))
        self._characters.update(*texts)
        self._open = None


def collation(text: str) -> bytes:
    """The order of texts: by the national character set, whose common characters stand by their sound."""
    return text.encode("gb18030")


def _number(known: dict[Any, int], item: object) -> int:
    return known.setdefault(item, len(known))


def _entry(row: Row, year: _Year) -> _Entry:
    value = row.value
    if value is None:
        return ("", _NO_VALUE, _NO_OPERATOR, "", "", 0, "", 0)
    operator = _NO_OPERATOR if value.operator is None else _OPERATOR[value.operator]
    comparable = comparable_number(value) if value.understood else None
    if comparable is None or value.number is None:
        return (value.text, _KIND[value.kind], operator, "", "", 0, "", 0)
    base, scale = comparable
    unit = "/".join((value.magnitude + (value.unit.name if value.unit else ""), *value.per))
    return (
        value.text,
        _KIND[value.kind],
        operator,
        f"{value.number:f}",
        "" if value.upper is None else f"{value.upper:f}",
        _number(year.units, unit or NO_UNIT),
        f"{base:f}",
        _number(year.scales, scale),
    )


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
