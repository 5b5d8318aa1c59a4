"""The theme's own page, cut into a frame that data pages fill: the chrome is rendered once for thousands.

A page is rendered once with marks in place of title, description, canonical address, head extras and content;
``cut`` finds the marks, ``fill`` joins the pieces with a page's own texts. Pure string work.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from builder.errors import FrameError
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

TITLE = "JIXIAOTITLEMARK"
DESCRIPTION = "JIXIAODESCRIPTIONMARK"
HEAD = "JIXIAOHEADMARK"
CONTENT = "<h1>JIXIAOCONTENTMARK</h1>"
"""With its heading, because the theme adds one of its own to content that has none."""

_CANONICAL = re.compile(r'(<link rel="canonical" href=")[^"]*(")')
_BLANK = re.compile(r"\s*\n\s*\n\s*|\n[ \t]+")
"""What the theme's templates leave between elements: no small part of a page written thousands of times."""
_CANONICAL_MARK = "JIXIAOCANONICALMARK"
_SCRIPT = re.compile(r'<script src="([^"]*/assets/javascripts/bundle\.[^"]*)"></script>')
"""The theme's own program."""
_MARKS = re.compile("|".join(map(re.escape, (TITLE, DESCRIPTION, HEAD, CONTENT, _CANONICAL_MARK))))


@frozen()
class Frame:
    """A page cut at its marks: ``pieces[0] slots[0] pieces[1] slots[1] ... pieces[-1]``."""

    pieces: tuple[str, ...]
    slots: tuple[str, ...]


def frame_source() -> str:
    """The Markdown of a frame page: front matter with the marks, for a theme that prints them."""
    return f"---\ntitle: {TITLE}\ndescription: {DESCRIPTION}\nhead: {HEAD}\nhide: [navigation, toc]\n---\n"


def cut(page: str) -> Frame:
    """The frame in a rendered page.

    Raises:
        FrameError: a mark that must be there is missing, or the content's stands more than once.
    """
    page = _BLANK.sub("\n", page)
    page = _CANONICAL.sub(rf"\g<1>{_CANONICAL_MARK}\g<2>", page)
    slots = tuple(_MARKS.findall(page))
    for mark, name in ((TITLE, "标题"), (DESCRIPTION, "摘要"), (HEAD, "页头附加内容"), (CONTENT, "正文")):
        if mark not in slots:
            raise FrameError(f"主题没有印出{name}的位置（{mark}），无法套用页面框。")
    if slots.count(CONTENT) != 1:
        raise FrameError("主题把正文印了不止一次，无法套用页面框。")
    return Frame(tuple(_MARKS.split(page)), slots)


def fill(
    frame: Frame, *, title: str, description: str, canonical: str, head: str, content: Iterable[bytes]
) -> bytes:
    """A whole page in UTF-8. Title, description and canonical address are escaped.

    Head and content are trusted; the latter is given in pieces, in UTF-8.
    """
    texts = {
        TITLE: escape(title).encode(),
        DESCRIPTION: escape(description).encode(),
        _CANONICAL_MARK: escape(canonical).encode(),
        HEAD: head.encode(),
        CONTENT: b"".join(content),
    }
    first, *pieces = _encoded(frame)
    parts = [first]
    for slot, piece in zip(frame.slots, pieces, strict=True):
        parts += (texts[slot], piece)
    return b"".join(parts)


@lru_cache(maxsize=16)
def _encoded(frame: Frame) -> tuple[bytes, ...]:
    return tuple(piece.encode() for piece in frame.pieces)


def waiting(page: bytes) -> bytes:
    """A whole page where the theme's own program is fetched, but left to a program of the page to start."""
    late = r'<link id="theme-script" rel="preload" as="script" fetchpriority="low" href="\g<1>">'
    return _SCRIPT.sub(late, page.decode()).encode()
