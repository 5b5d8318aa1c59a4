"""changes.xml: the adjustments as an Atom feed (RFC 4287), for feed readers."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME = "changes.xml"
NEVER = "1970-01-01T00:00:00Z"
"""The moment of a feed in which nothing has ever stood."""


@frozen()
class Item:
    """One entry: its address (absolute, and its lasting id), title, text, and moment (RFC 3339)."""

    address: str
    title: str
    text: str
    time: str


def feed(items: Iterable[Item], *, title: str, author: str, site_url: str, page: str, time: str) -> bytes:
    """The feed, newest first as given. ``page`` is the address it belongs to, ``time`` that of the newest."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        f"<id>{escape(site_url + NAME)}</id>",
        f"<title>{escape(title)}</title>",
        f"<updated>{escape(time)}</updated>",
        f"<author><name>{escape(author)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href="{escape(site_url + NAME)}"/>',
        f'<link rel="alternate" type="text/html" href="{escape(site_url + page)}"/>',
        *map(_entry, items),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _entry(item: Item) -> str:
    return (
        f"<entry><id>{escape(item.address)}</id><title>{escape(item.title)}</title>"
        f"<updated>{escape(item.time)}</updated>"
        f'<link rel="alternate" type="text/html" href="{escape(item.address)}"/>'
        f'<content type="text">{escape(item.text)}</content></entry>'
    )
