"""A YAML file as a tree of blocks with its comments: put in the order of a form, and written out.

The layout: two spaces a level, list items two spaces in from their key, two spaces before a comment at the
end of a line, no two empty lines together and none before the first entry of a block.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from builder import yaml_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.source import Json

_STEP = "  "
BLANK = ""
"""An empty line among the lines of comment above an entry."""


@dataclass(slots=True)
class Entry:
    """``key: value`` of a mapping, or ``- value`` of a list (``key`` is ``None``).

    ``before``: comment and empty lines above; ``trail``: the comment at the end of the line; ``bare``: a null
    that is written as nothing, a place still to be filled.
    """

    key: str | None
    value: Block | Json = None
    before: list[str] = field(default_factory=list)
    trail: str = ""
    bare: bool = False


@dataclass(slots=True)
class Block:
    """A mapping or list with at least one entry; ``end``: comment lines after the last."""

    entries: list[Entry]
    end: list[str] = field(default_factory=list)


def build(value: Json) -> Block | Json:
    """Plain data as a block; a single value, or an empty list or mapping, as it is."""
    match value:
        case dict() if value:
            return Block([Entry(key, build(item)) for key, item in value.items()])
        case list() if value:
            return Block([Entry(None, build(item)) for item in value])
        case _:
            return value


def arrange(block: Block, schema: Mapping[str, Any]) -> None:
    """Put the keys of mappings in the order of a resolved schema; an unknown one stays with its neighbour."""
    properties = schema.get("properties", {})
    ranks = {key: rank for rank, key in enumerate(properties)}
    rank, ranked = -1, []
    for entry in block.entries:
        rank = rank if entry.key is None else ranks.get(entry.key, rank)
        ranked.append((rank, entry))
        if isinstance(entry.value, Block):
            inner = schema.get("items", {}) if entry.key is None else properties.get(entry.key, {})
            arrange(entry.value, inner)
    block.entries = [entry for _, entry in sorted(ranked, key=lambda pair: pair[0])]


def render(block: Block, pad: str = "") -> list[str]:
    """The lines of a block, each beginning with ``pad``."""
    lines = [line for entry in block.entries for line in _entry(entry, pad)]
    lines += _comments(block.end, pad)
    while lines[0] == BLANK:
        del lines[0]
    return lines


def _comments(comments: list[str], pad: str) -> Iterator[str]:
    for before, comment in zip([None, *comments], comments, strict=False):
        if comment != BLANK:
            yield pad + comment
        elif before != BLANK:
            yield BLANK


def _entry(entry: Entry, pad: str) -> Iterator[str]:
    yield from _comments(entry.before, pad)
    trail = f"{_STEP}{entry.trail}" if entry.trail else ""
    head = pad + ("-" if entry.key is None else f"{yaml_text.key(entry.key)}:")
    if not isinstance(entry.value, Block):
        first, *rest = [""] if entry.bare else yaml_text.lines(entry.value, commented=bool(trail))
        yield (f"{head} {first}" if first else head) + trail
        yield from (pad + _STEP + line if line else BLANK for line in rest)
    elif entry.key is None:
        yield from _item(head, render(entry.value, pad + _STEP), pad)
    else:
        yield head + trail
        yield from render(entry.value, pad + _STEP)


def _item(head: str, lines: list[str], pad: str) -> Iterator[str]:
    """A block in a list begins on the line of the dash; comments above its first entry go above the dash."""
    first = next(n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
    yield from (pad + line.strip() if line else BLANK for line in lines[:first])
    yield f"{head} {lines[first][len(pad) + len(_STEP) :]}"
    yield from lines[first + 1 :]
