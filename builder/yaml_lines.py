"""A sound text and its Document in; the file as a tree of entries that own its lines out.

Each line is owned once: all lines written in order are the file again. A comment or empty line belongs to the
entry below it, unless it is indented as part of a block that has just ended (as in ``yaml_comments``).
Entries that do not begin on a line of their own, as within brackets, stay one with what holds them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from builder import yaml_comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.problem import Path
    from builder.source import Document, Json

    Spot = tuple[int, int]
    """Line and column, both from 0."""


@dataclass(slots=True, eq=False)
class Lines:
    """An entry of a mapping or list (``key`` is ``None``), or the whole file, and the lines it owns.

    ``own``: from its key or dash to the end of its value, or its head only where ``entries`` hold the rest.
    ``column``: of its key or dash; ``inner``: of the keys or dashes of its entries. ``dash``: its first entry
    begins behind its dash; that line is the entry's, with a space for the dash. ``spots``: where in ``own``
    each value stands that is no block, by its path from here. ``first``, ``last``: its lines in the file,
    comments around it left out. ``comments``: those between, with their lines.
    """

    key: str | None
    value: Json
    column: int
    first: int = 0
    last: int = 0
    above: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    entries: list[Lines] | None = None
    below: list[str] = field(default_factory=list)
    inner: int = 0
    dash: bool = False
    spots: dict[Path, tuple[Spot, Spot]] = field(default_factory=dict)
    comments: list[tuple[int, str]] = field(default_factory=list)

    def written(self) -> list[str]:
        """All its lines as they are."""
        inside = [line for entry in self.entries or () for line in entry.written()]
        return [*self.above, *self.own, *self.dashed(inside), *self.below]

    def dashed(self, inside: list[str]) -> list[str]:
        """The lines of its entries; its dash, if it has one, before the first that is more than a comment."""
        if self.dash:
            number = next(number for number, line in enumerate(inside) if is_content(line))
            inside[number] = put(inside[number], self.column, "-")
        return inside

    def spine(self) -> Iterator[Lines]:
        """Itself, its last entry, the last one of that, and so on: the blocks that end where it ends."""
        yield self
        if self.entries:
            yield from self.entries[-1].spine()


def is_content(line: str) -> bool:
    """Whether a line is more than a comment or empty."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def put(line: str, column: int, character: str) -> str:
    """A line with another character in one place."""
    return line[:column] + character + line[column + 1 :]


def read(text: str, document: Document) -> Lines:
    """The whole of ``text``, of which ``document`` was read without fault.

    Lines may end in CRLF; those owned keep the CR.
    """
    return _Reader(text, document).whole()


class _Reader:
    __slots__ = ("comments", "document", "ends", "heads", "lines", "values")

    def __init__(self, text: str, document: Document) -> None:
        self.document = document
        self.lines = text.split("\n")
        self.heads: dict[Path, int] = {}
        self.ends: dict[Path, int] = {}
        self.values: dict[Path, tuple[Spot, Spot]] = {}
        self.comments: list[tuple[int, str]] = []
        self._note(text.replace("\r\n", "\n"))

    def _note(self, text: str) -> None:
        """The first and last line of every path, the place of every value, and every comment."""
        starts = [0, *(match.end() for match in re.finditer("\n", text))]
        before = 0
        for span in (*yaml_comments.spans(text, self.document), None):
            upto = span.start if span else len(text)
            self._note_comments(text, before, upto, starts)
            if span is None:
                break
            if text.startswith("|", span.start):
                self._note_comments(text, span.start, text.find("\n", span.start), starts)
            start, end = _spot(span.start, starts), _spot(span.end, starts)
            self.values[span.path] = (start, end)
            for length in range(1, len(span.path) + 1):
                self.heads.setdefault(span.path[:length], start[0])
                self.ends[span.path[:length]] = end[0]
            before = span.end

    def _note_comments(self, text: str, start: int, end: int, starts: list[int]) -> None:
        """What follows a hash between two values; nothing else can hold one there."""
        for match in re.finditer("#.*", text[start:end] if end >= 0 else text[start:]):
            self.comments.append((_spot(start + match.start(), starts)[0], match.group().rstrip()))

    def whole(self) -> Lines:
        root = Lines(None, self.document.data, -1)
        if not self._opened(root, (), len(self.lines)) or root.entries is None:
            root.own, root.comments = self.lines, self.comments
            return root
        first, last = root.entries[0], root.entries[-1].last
        head = self.lines[: first.first]
        blanks = [number for number, line in enumerate(head, 1) if not line.strip()]
        cut = blanks[-1] if blanks else 0
        root.above, first.above = head[:cut], head[cut:]
        _share(self.lines[last + 1 :], root, None, root.below)
        return root

    def _opened(self, entry: Lines, path: Path, limit: int) -> bool:
        """Give an entry that ends before line ``limit`` those in it, if each begins on a line of its own."""
        value = entry.value
        if not isinstance(value, dict | list) or not value:
            return False
        place = self.document.values[path]
        column = place.column - 1
        if self.lines[place.line - 1][column] in "[{":
            return False
        steps: list[str | int] = [*value] if isinstance(value, dict) else [*range(len(value))]
        heads = [self._head((*path, step), column, entry.column) for step in steps]
        if any(one >= other for one, other in pairwise([-1, *heads])):
            return False
        entry.inner = column
        bounds = zip(steps, pairwise([*heads, limit]), strict=True)
        entry.entries = [self._entry((*path, step), lines, column) for step, lines in bounds]
        for one, other in pairwise(entry.entries):
            _share(self.lines[one.last + 1 : other.first], one, other, other.above)
        return True

    def _head(self, path: Path, column: int, dash: int) -> int:
        """The line on which an entry begins, behind nothing but white space or its holder's dash; else -1."""
        if isinstance(path[-1], str):
            line = self.document.keys[path].line - 1
            before = self.lines[line][:column]
            is_first = before.strip() == "-" and before.find("-") == dash
            return line if not before.strip() or is_first else -1
        for line in range(self.heads[path], -1, -1):
            text = self.lines[line]
            if text[column : column + 1] == "-" and not text[:column].strip():
                return line
        return -1

    def _entry(self, path: Path, lines: tuple[int, int], column: int) -> Lines:
        """The entry that begins on the first of two lines and ends before the second."""
        (head, limit), step = lines, path[-1]
        value = self._value(path)
        entry = Lines(step if isinstance(step, str) else None, value, column, first=head)
        if self._opened(entry, path, limit) and entry.entries:
            first = entry.entries[0]
            entry.dash, entry.last = first.first == head, entry.entries[-1].last
            if entry.dash:
                _without_dash(first, column)
            else:
                entry.own = [self.lines[head]]
                first.above = self.lines[head + 1 : first.first]
        else:
            entry.last = self._last(path, limit)
            entry.own = self.lines[head : entry.last + 1]
            entry.spots = {
                other[len(path) :]: ((start[0] - head, start[1]), (end[0] - head, end[1]))
                for other, (start, end) in self.values.items()
                if other[: len(path)] == path
            }
        entry.comments = [one for one in self.comments if head <= one[0] <= entry.last]
        return entry

    def _value(self, path: Path) -> Json:
        value: Json = self.document.data
        for step in path:
            value = value[step]  # type: ignore[index]  # the path is the document's own
        return value

    def _last(self, path: Path, limit: int) -> int:
        """The last line of an entry, the brackets that close it included."""
        content = (line for line in range(limit - 1, self.ends[path], -1) if is_content(self.lines[line]))
        return next(content, self.ends[path])


def _without_dash(entry: Lines, column: int) -> None:
    """Take the dash of the holder off the line on which an entry begins."""
    if entry.own:
        entry.own[0] = put(entry.own[0], column, " ")


def _spot(offset: int, starts: list[int]) -> Spot:
    line = bisect_right(starts, offset) - 1
    return line, offset - starts[line]


def _share(lines: list[str], before: Lines, after: Lines | None, default: list[str]) -> None:
    """Give the comments and empty lines between two entries to the block just ended or to ``default``."""
    closed = [entry for entry in before.spine() if entry.entries]
    blanks: list[str] = []
    for line in lines:
        if not line.strip():
            blanks.append(line)
            continue
        column = line.find("#")
        while closed and closed[-1].inner > column:
            closed.pop()
        target = default
        if closed and (after is None or column > after.column):
            target = closed[-1].below
        else:
            closed.clear()
        target += [*blanks, line]
        blanks.clear()
    default += blanks
