"""A sound text and its Document in; the same file as a tree of blocks out, every comment at its entry.

The places the reader noted are enough: what stands between one key or value and the next is marks of YAML,
white space and comments only. A comment on a line of its own belongs to the entry below it, unless it is
indented as part of a block that has just ended; a comment after something stays on that line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import field
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.yaml_block import BLANK, Block, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.problem import Path, Place
    from builder.source import Document, Json

_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_OTHER = re.compile(r"-?[0-9.]+|true|false|null|~|[\[{]|")
"""A value that is no text; of an empty list or mapping the first bracket; or nothing."""


@frozen()
class Tree:
    """A file: ``head`` is the comment that an empty line sets apart at the top, ``comments`` all comments."""

    root: Block
    head: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@frozen()
class _Step:
    """An open block, the column (from 1) of its entries, and the entry that is being read."""

    block: Block
    column: int
    entry: Entry


@frozen()
class _Token:
    """A key, a value or the start of an empty list: offsets in the text, and the way to it from the top."""

    start: int
    end: int
    steps: tuple[_Step, ...]
    path: Path


@frozen()
class Span:
    """Where a key, or a value that is no block, stands: its path and its offsets in the text."""

    path: Path
    start: int
    end: int


def read(text: str, document: Document) -> Tree:
    """The tree of ``text``, of which ``document`` was read without fault."""
    tree = Tree(Block([]))
    reader = _Reader(text, document, tree)
    before: _Token | None = None
    for after in reader.tokens(document.data, (), tree.root, ()):
        reader.place(text[before.end if before else 0 : after.start], before, after)
        before = after
    reader.place(text[before.end if before else 0 :], before, None)
    _split_head(tree)
    return tree


def spans(text: str, document: Document) -> Iterator[Span]:
    """Every key and every value that is no block, in the order of the text; a key before its value."""
    tree = Tree(Block([]))
    for token in _Reader(text, document, tree).tokens(document.data, (), tree.root, ()):
        yield Span(token.path, token.start, token.end)


def _split_head(tree: Tree) -> None:
    first = tree.root.entries[0]
    if BLANK in first.before:
        cut = len(first.before) - first.before[::-1].index(BLANK)
        tree.head.extend(first.before[:cut])
        del first.before[:cut]
    if tree.head[:1] == [BLANK]:
        del tree.head[0]


class _Reader:
    """Fills a tree, going through a text once."""

    __slots__ = ("document", "lines", "starts", "text", "tree")

    def __init__(self, text: str, document: Document, tree: Tree) -> None:
        self.text = text
        self.document = document
        self.tree = tree
        # The parser may place what is missing at the end on a line after the last.
        self.lines = text.split("\n")
        self.starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]

    def tokens(self, data: Json, path: Path, block: Block, outer: tuple[_Step, ...]) -> Iterator[_Token]:
        """Every key and value under ``data`` in the order of the text; entries are added to ``block``."""
        column = self.document.values[path].column
        items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
        for step, value in items:
            entry = Entry(step if isinstance(step, str) else None)
            block.entries.append(entry)
            steps, inner = (*outer, _Step(block, column, entry)), (*path, step)
            if isinstance(step, str):
                start = self._offset(self.document.keys[inner])
                yield _Token(start, self._end_of_text(start, step), steps, inner)
            if isinstance(value, dict | list) and value:
                entry.value = Block([])
                yield from self.tokens(value, inner, entry.value, steps)
            else:
                yield self._value(value, inner, steps)

    def _offset(self, place: Place) -> int:
        return self.starts[place.line - 1] + place.column - 1

    def _value(self, value: Json, path: Path, steps: tuple[_Step, ...]) -> _Token:
        start, entry = self._offset(self.document.values[path]), steps[-1].entry
        entry.value = value
        if isinstance(value, str):
            end = self._end_of_text(start, value, entry)
        else:
            match = _OTHER.match(self.text, start)
            end = match.end() if match else start
            entry.bare = value is None and end == start
        return _Token(start, end, steps, path)

    def _end_of_text(self, start: int, value: str, entry: Entry | None = None) -> int:
        match = _QUOTED.match(self.text, start)
        if match:
            return match.end()
        if entry and self.text.startswith("|", start):
            return self._end_of_literal(start, value, entry)
        return start + len(value)

    def _end_of_literal(self, start: int, value: str, entry: Entry) -> int:
        """The end of the last line of a literal block that is not empty; its head may have a comment."""
        head = bisect_right(self.starts, start) - 1
        self._trail(self.lines[head][start - self.starts[head] :], entry)
        last, indent = head, -1
        for number in range(head + 1, len(self.lines)) if value.strip(" \n") else ():
            line = self.lines[number]
            own = len(line) - len(line.lstrip(" "))
            if own == len(line):
                continue
            if indent < 0:
                text = value.lstrip("\n")
                indent = own - (len(text) - len(text.lstrip(" ")))
            if own < indent:
                break
            last = number
        return self.starts[last] + len(self.lines[last])

    def place(self, gap: str, before: _Token | None, after: _Token | None) -> None:
        """Give every comment and empty line of the text between two tokens to its entry."""
        lines = gap.split("\n")
        if before:
            self._trail(lines.pop(0), before.steps[-1].entry)
        shared = _shared(before, after)
        closed = list(before.steps[shared + 1 :]) if before else []
        home = after.steps[min(shared, len(after.steps) - 1)] if after else None
        blank = False
        for line in lines[: -1 if after else None]:
            start = line.find("#")
            if start < 0:
                blank = blank or not line.strip()
                continue
            own = not line[:start].strip(" ")
            target = _target(start + 1 if own else 0, closed, home, self.tree)
            target += [*([BLANK] if blank else []), self._comment(line[start:])]
            blank = False
        if blank and home and after and shared < len(after.steps):
            home.entry.before.append(BLANK)

    def _trail(self, line: str, entry: Entry) -> None:
        """Note the comment at the end of a line; one that is there already (the key's) moves above."""
        start = line.find("#")
        if start >= 0:
            entry.before += [entry.trail] if entry.trail else []
            entry.trail = self._comment(line[start:])

    def _comment(self, text: str) -> str:
        comment = text.rstrip()
        self.tree.comments.append(comment)
        return comment


def _shared(before: _Token | None, after: _Token | None) -> int:
    """How many entries from the top two tokens stand in together; -1 at the end of the file."""
    if not before or not after:
        return 0 if after else -1
    pairs = zip(before.steps, after.steps, strict=False)
    return next(
        (number for number, (one, other) in enumerate(pairs) if one.entry is not other.entry),
        min(len(before.steps), len(after.steps)),
    )


def _target(column: int, closed: list[_Step], home: _Step | None, tree: Tree) -> list[str]:
    """The lines that a comment at a column joins; a later one may join no block that lies deeper."""
    while closed and closed[-1].column > column:
        closed.pop()
    if closed and (home is None or column > home.column):
        return closed[-1].block.end
    closed.clear()
    return home.entry.before if home else tree.root.end
