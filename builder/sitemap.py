"""sitemap.xml: every page with the date on which its text last truly changed, where that is known."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIMIT = 50_000  # addresses in one sitemap, by the protocol


def sitemap(pages: Iterable[tuple[str, str | None]], site_url: str) -> dict[str, bytes]:
    """The sitemap files by name. ``pages`` gives each address from the root and its date (``YYYY-MM-DD``).

    One ``sitemap.xml``; with more pages than one may hold, it is an index of ``sitemap-1.xml`` and so on.
    """
    lines = [_url(f"{site_url}{address}", date) for address, date in pages]
    parts = [lines[start : start + _LIMIT] for start in range(0, len(lines), _LIMIT)]
    if len(parts) <= 1:
        return {"sitemap.xml": _document("urlset", lines)}
    files = {f"sitemap-{number}.xml": _document("urlset", part) for number, part in enumerate(parts, 1)}
    index = [f"<sitemap><loc>{escape(site_url + name)}</loc></sitemap>" for name in files]
    return {**files, "sitemap.xml": _document("sitemapindex", index)}


def _url(location: str, date: str | None) -> str:
    changed = f"<lastmod>{date}</lastmod>" if date else ""
    return f"<url><loc>{escape(location)}</loc>{changed}</url>"


def _document(tag: str, lines: list[str]) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "\n".join(lines) + f"\n</{tag}>\n").encode()
