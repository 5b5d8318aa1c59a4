"""A file of the usual shape, read line by line: what nearly every form is, in half a parser's time.

Usual are block mappings and lists, one key or item a line, texts on one line, unquoted or in quotes without
escapes, and comments on lines of their own or behind a key that opens a block. Whatever else a line holds, or
might, is left to the parser of YAML: better one file too many than one read otherwise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from builder.yaml_faults import INVISIBLE, is_ambiguous
from builder.yaml_scalars import unquoted

if TYPE_CHECKING:
    from decimal import Decimal

    from builder.problem import Path

Spot: TypeAlias = "tuple[int, int]"
"""Line and column, counted from 0."""

_LONGEST_KEY = 200
"""YAML takes no key of more than 1,024 characters."""

_UNSEEN = rf"\t\n\r\xa0{INVISIBLE}"
_KEY = rf"[^\x00-\x7f\u3000{_UNSEEN}](?:[^\x00-\x7f\u3000{_UNSEEN}]|[0-9A-Za-z_]){{0,{_LONGEST_KEY}}}"
_PLAIN = rf"[^-?:,\[\]{{}}#&*!|>'\"%@` {_UNSEEN}][^:#{_UNSEEN}]*(?<! )"
_QUOTED = rf'"[^"\\{_UNSEEN}]*"|\'[^\'{_UNSEEN}]*\''
_COMMENT = rf"#[^{_UNSEEN}]*"
_LINES = re.compile(
    rf"^(?:( *)(- )?(?:({_KEY}):)?(?:(?:(?<=:) |(?<![^ ]))({_QUOTED}|{_PLAIN})|(?<=:) +{_COMMENT})?$"
    rf"| *(?:{_COMMENT})?$|(.+)$)",
    re.MULTILINE,
)
"""Every line once: indent, dash, key, text; or the whole of what is not usual."""

_MAX_DEPTH = 16


class Usual(NamedTuple):
    """The data, with the place of each path's value and of its key."""

    data: dict[str, Any]
    values: dict[Path, Spot]
    keys: dict[Path, Spot]


class _UnusualError(Exception):
    """The parser of YAML is to be asked."""


def usual(text: str) -> Usual | None:
    """What the text says, just as the parser of YAML would read it; ``None`` where it is to be asked."""
    try:
        return _usual(text)
    except _UnusualError:
        return None


def _usual(text: str) -> Usual:  # noqa: C901  one look at each line: calls would take as long again
    found = Usual({}, {}, {})
    names: dict[str, str] = {}
    outer: list[_Level] = []
    level: _Level = (found.data, (), 0)
    opened: Path | None = None  # the path of a key whose block is still to come
    for number, (indent, dash, written, scalar, other) in enumerate(_LINES.findall(text)):
        if not written and not scalar:
            if dash or other:
                raise _UnusualError
            continue
        at = len(indent)
        if opened is not None:
            level = _open(opened, level, outer, at, is_list=dash != "")
            found.values[opened] = (number, at)
            opened = None
        elif at != level[2] or not dash:
            level = _back(level, outer, at, is_item=dash != "")
        block, path, _ = level
        if dash:
            at += 2
            item = (*path, _length(block))
            found.values[item] = (number, at)
            if not written:
                block.append(_value(scalar))
                continue
            outer.append(level)
            level = ({}, item, at)
            block.append(level[0])
            block, path, _ = level
        if not written or written in block:
            raise _UnusualError
        key = names.setdefault(written, written)
        place = (*path, key)
        found.keys[place] = (number, at)
        if scalar:
            block[key] = _value(scalar)
            found.values[place] = (number, at + len(key) + 2)
        else:
            opened = place
    if opened is not None or not found.keys:
        raise _UnusualError
    found.values[()] = next(iter(found.keys.values()))
    return found


_Level: TypeAlias = "tuple[Any, Path, int]"
"""An open block: the mapping or list, its path, and the column at which its keys or dashes stand."""


def _open(path: Path, level: _Level, outer: list[_Level], at: int, *, is_list: bool) -> _Level:
    """The block of the key at ``path``, of which the first line stands at column ``at``."""
    block, _, column = level
    if at < column or (at == column and not is_list) or len(outer) > _MAX_DEPTH:
        raise _UnusualError
    outer.append(level)
    new: Any = [] if is_list else {}
    block[path[-1]] = new
    return new, path, at


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
