"""A file of the usual shape, read line by line: what nearly every form is, in half a parser's time.

Usual are block mappings and lists, one key or item a line, texts on one line, unquoted or in quotes without
escapes, and comments on lines of their own or behind a key that opens a block. Whatever else a line holds, or
might, is left to the parser of YAML: better one file too many than one read otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from builder.yaml_faults import INVISIBLE, is_ambiguous
from builder.yaml_scalars import unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from builder.problem import Path

Spot: TypeAlias = "tuple[int, int]"
"""Line and column, counted from 0."""

_LONGEST_KEY = 200
"""YAML takes no key of more than 1,024 characters."""

_UNSEEN = rf"\t\n\r\xa0{INVISIBLE}"
_SIGNS = r"\x00-/:-@\[-^`{-\x7f"
"""All of ASCII but digits, letters and the low line."""

_KEY = rf"[^\x00-\x7f\u3000{_UNSEEN}][^{_SIGNS}\u3000{_UNSEEN}]{{0,{_LONGEST_KEY}}}"
_PLAIN = rf"[^-?:,\[\]{{}}#&*!|>'\"%@` {_UNSEEN}][^:#{_UNSEEN}]*(?<! )"
_QUOTED = rf'"[^"\\{_UNSEEN}]*"|\'[^\'{_UNSEEN}]*\''
_COMMENT = rf"#[^{_UNSEEN}]*"
_LINES = re.compile(
    rf"^(?:( *)(- )?(?:({_KEY}):(?: ({_PLAIN}|{_QUOTED})| +{_COMMENT})?|({_PLAIN}|{_QUOTED}))$"
    rf"| *(?:{_COMMENT})?$|(.+)$)",
    re.MULTILINE,
)
"""Every line once: indent, dash, key and its text, a text alone; or the whole of what is not usual."""

_MAX_DEPTH = 16
_LAST_ASCII = "\x7f"


_Spots: TypeAlias = "dict[str | int, tuple[Any, ...]]"
"""Of one block, by key or index: line and column; what is said of the block within, or none; where it begins.

So no path is made that is not asked for.
"""


class _Found(Mapping["Path", Spot]):
    """Spots by path, found by walking down to them."""

    __slots__ = ("spots",)

    def __init__(self, spots: _Spots) -> None:
        self.spots = spots

    def _entry(self, path: Path) -> tuple[Any, ...]:
        spots: _Spots | None = self.spots
        for step in path[:-1]:
            spots = spots[step][2] if spots else None
        if not spots:
            raise KeyError(path)
        return spots[path[-1]]

    def __iter__(self) -> Iterator[Path]:
        return (path for path in _paths(self.spots, ()) if path in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Keys(_Found):
    """Where keys stand."""

    def __getitem__(self, path: Path) -> Spot:
        if not path or not isinstance(path[-1], str):
            raise KeyError(path)
        return self._entry(path)[:2]


class _Values(_Found):
    """Where values begin."""

    def __getitem__(self, path: Path) -> Spot:
        if not path:
            return next(iter(self.spots.values()))[:2]
        line, column, *within = self._entry(path)
        if len(within) > 1:
            return within[1], within[2]
        key = path[-1]
        return line, column + (len(key) + 2 if isinstance(key, str) else 0)


def _paths(spots: _Spots, above: Path) -> Iterator[Path]:
    if not above:
        yield ()
    for step, entry in spots.items():
        yield (*above, step)
        if entry[2]:
            yield from _paths(entry[2], (*above, step))


class Usual(NamedTuple):
    """The data, with the place of each path's value and of its key."""

    data: dict[str, Any]
    values: Mapping[Path, Spot]
    keys: Mapping[Path, Spot]


class _UnusualError(Exception):
    """The parser of YAML is to be asked."""


def usual(text: str) -> Usual | None:
    """What the text says, just as the parser of YAML would read it; ``None`` where it is to be asked."""
    try:
        return _usual(text)
    except _UnusualError:
        return None


def _usual(text: str) -> Usual:  # noqa: C901  one look at each line: calls would take as long again
    data: dict[str, Any] = {}
    whole: _Spots = {}
    names: dict[str, str] = {}
    outer: list[_Level] = []
    level: _Level = (data, whole, 0)
    opened: str | None = None  # the key whose block is still to come
    for number, (indent, dash, written, scalar, item, other) in enumerate(_LINES.findall(text)):
        if not written and not item:
            if other:
                raise _UnusualError
            continue
        at = len(indent)
        if opened is not None:
            level = _open(opened, level, outer, (number, at), is_list=dash != "")
            opened = None
        elif at != level[2] or (not dash and level[0].__class__ is list):
            level = _back(level, outer, at, is_item=dash != "")
        block, spots, _ = level
        if dash:
            at += 2
            index = _length(block)
            if not written:
                spots[index] = (number, at, None)
                block.append(item if item[0] > _LAST_ASCII and item[0] not in "“”" else _value(item))
                continue
            outer.append(level)
            level = ({}, {}, at)
            spots[index] = (number, at, level[1])
            block.append(level[0])
            block, spots, _ = level
        if not written or written in block:
            raise _UnusualError
        key = names.setdefault(written, written)
        spots[key] = (number, at, None)
        if scalar:
            # Nearly all begin with a Chinese character, and are themselves.
            block[key] = scalar if scalar[0] > _LAST_ASCII and scalar[0] not in "“”" else _value(scalar)
        else:
            opened = key
    if opened is not None or not whole:
        raise _UnusualError
    return Usual(data, _Values(whole), _Keys(whole))


_Level: TypeAlias = "tuple[Any, _Spots, int]"
"""An open block: the mapping or list, where what is in it stands, and the column of its keys or dashes."""


def _open(key: str, level: _Level, outer: list[_Level], spot: Spot, *, is_list: bool) -> _Level:
    """The block of a key of the block that is open, of which the first line stands at ``spot``."""
    block, spots, column = level
    at = spot[1]
    if at < column or (at == column and not is_list) or len(outer) > _MAX_DEPTH:
        raise _UnusualError
    outer.append(level)
    new: Any = [] if is_list else {}
    within: _Spots = {}
    block[key] = new
    spots[key] = (*spots[key][:2], within, *spot)
    return new, within, at


def _back(level: _Level, outer: list[_Level], at: int, *, is_item: bool) -> _Level:
    """The block that goes on at column ``at``, when those within it have ended."""
    while at < level[2]:
        level = outer.pop()
    if not is_item and level[0].__class__ is list:
        level = outer.pop()
    if at != level[2]:
        raise _UnusualError
    return level


def _length(block: Any) -> int:  # noqa: ANN401  a list, or else a dash is out of place
    if block.__class__ is not list:
        raise _UnusualError
    return len(block)


def _value(scalar: str) -> str | int | Decimal | bool | None:
    first = scalar[0]
    if first in "\"'":
        return scalar[1:-1]
    value = unquoted(scalar)
    if first in "“”" or (value is scalar and first.isascii() and is_ambiguous(scalar)):
        raise _UnusualError  # a reader is to be warned of it
    return value
