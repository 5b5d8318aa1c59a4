"""The text of a value in one width, without the spaces that mean nothing, and the way back to the letter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRITTEN = {
    "≥": "≥≧⩾≮",
    "≤": "≤≦⩽≯",
    "=": "═〓꞊",
    "-": "‐‑‒–—―−﹣─━",
    "~": "〜∼∽﹏",
    "/": "∕⁄╱",
    "·": "•‧∙⋅・・",
    "×": "✕✖",
}
_SYMBOLS = {char: symbol for symbol, chars in _WRITTEN.items() for char in chars}
"""What NFKC leaves apart but a reader takes for the same sign."""

_OPENING, _CLOSING = "《〈‹«", "》〉›»"
"""A bracket without a partner is a sign: 》98%. With one it stands round a title."""

_BRACKET = re.compile(f"[{_OPENING}{_CLOSING}]")

_LONG_DASHES = "—―─━"

_JOINS = "0123456789,"


_LETTER = "A-Za-z%.+<=>≤≥\u4e00-\u9fff"
_PLAIN = re.compile(f"(?P<front>[0-9{_LETTER}]*)(?: [{_LETTER}][0-9{_LETTER}]*)?")
"""Texts that are plain already but for one space, which no digit follows: nearly all."""


class Text(NamedTuple):
    """``plain`` is the text to parse; its n-th character came from ``original[starts[n]]``."""

    plain: str
    original: str
    starts: Sequence[int]

    def written(self, start: int, end: int) -> str:
        """The original of ``plain[start:end]``, spaces inside it included."""
        if start >= end:
            return ""
        return self.original[self.starts[start] : self.starts[end - 1] + 1]


def normalised(text: str) -> Text:
    """``text`` in half width with one sign for each operator, dash and slash, spaces gone.

    A space between two digits stays, as one: 5 10 is not 510. The two dashes of —— are one.
    """
    if match := _PLAIN.fullmatch(text):
        gap = match.end("front")
        if gap == len(text):
            return Text(text, text, range(gap))
        return Text(text[:gap] + text[gap + 1 :], text, (*range(gap), *range(gap + 1, len(text))))
    return _normalised(text)


def _normalised(text: str) -> Text:
    chars: list[str] = []
    starts: list[int] = []
    gap: int | None = None
    before = ""
    for index, char in enumerate(text):
        read = _plain(char)
        if read is None:
            gap = index if gap is None else gap
            continue
        again = char == before and char in _LONG_DASHES
        before = char
        for plain in "" if again else read:
            if gap is not None and chars and chars[-1] in _JOINS and plain.isdecimal():
                chars.append(" ")
                starts.append(gap)
            gap = None
            chars.append(plain)
            starts.append(index)
    return Text(_signs("".join(chars)), text, tuple(starts))


def _signs(plain: str) -> str:
    """``plain`` with the brackets that have no partner read as signs."""
    if not _BRACKET.search(plain):
        return plain
    first = min((plain.find(char) for char in _OPENING if char in plain), default=len(plain))
    last = max((plain.rfind(char) for char in _CLOSING), default=-1)
    return "".join(
        "<" if char in _OPENING and index > last else ">" if char in _CLOSING and index < first else char
        for index, char in enumerate(plain)
    )


def _is_blank(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Zs"}


@lru_cache(maxsize=1 << 13)
def _plain(char: str) -> str | None:
    """What to read for one character; ``None`` for a blank."""
    if _is_blank(char):
        return None
    if char in _SYMBOLS:
        return _SYMBOLS[char]
    folded = unicodedata.normalize("NFKC", char)
    if folded == char:
        return char
    # ① and ² are no digits of a number, and ㎡ is a unit of the vocabulary.
    if not char.isdecimal() and any(part.isdigit() for part in folded):
        return char
    folded = "".join(part for part in folded if not _is_blank(part))
    return "".join(_SYMBOLS.get(part, part) for part in folded)
