"""Every link inside a built site, followed as a browser under a sub-path would."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ATTRIBUTES = {"href", "src", "action", "data", "poster"}
_CSS_URL = re.compile(r"url\((['\"]?)(?!data:|#)([^)'\"]+)\1\)")
_BY_SCRIPT = {"__skip"}
"""Fragments that the theme's script makes."""


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses and the id of one element."""
        targets = {"id", "name"} if tag == "a" else {"id"}
        self.links += (value for name, value in attrs if name in _ATTRIBUTES and value)
        self.ids |= {value for name, value in attrs if name in targets and value}


class _Site:
    """The files of a site, and the pages read so far."""

    def __init__(self, folder: Path, root: str) -> None:
        self.folder, self.root = folder, root
        self.read: dict[Path, _Page] = {}

    def page(self, file: Path) -> _Page:
        if file not in self.read:
            self.read[file] = _Page(file.read_text(encoding="utf-8"))
        return self.read[file]

    def leads_somewhere(self, url: str) -> bool:
        """Whether an address under the site's origin has its file, and its fragment its element."""
        parts = urlsplit(url)
        if not url.startswith(self.root):
            return False
        file = self.folder / unquote(parts.path.removeprefix(urlsplit(self.root).path))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            return False
        fragment = unquote(parts.fragment)
        return file.suffix != ".html" or not fragment or fragment in self.page(file).ids | _BY_SCRIPT


def broken(folder: Path, root: str) -> tuple[int, list[str]]:
    """How many links were followed, and those that lead nowhere, as ``page → address``.

    ``root`` is the site's public address, ending in a slash. Links of another origin are not followed.
    """
    site = _Site(folder, root)
    origin = urlsplit(root)[:2]
    links = [(here, urljoin(here, link)) for here, link in _links(site)]
    inside = [(here, url) for here, url in links if urlsplit(url)[:2] == origin]
    lost = dict.fromkeys(f"{here} → {url}" for here, url in inside if not site.leads_somewhere(url))
    return len(inside), list(lost)


def _links(site: _Site) -> Iterator[tuple[str, str]]:
    """Where each link stands, as an address, and what it says."""
    for file in sorted(site.folder.rglob("*.html")):
        here = site.root + file.relative_to(site.folder).as_posix()
        for link in site.page(file).links:
            yield here, link
    for file in sorted(site.folder.rglob("*.css")):
        here = site.root + file.relative_to(site.folder).as_posix()
        for found in _CSS_URL.finditer(file.read_text(encoding="utf-8")):
            yield here, found[2]
    listed = ET.parse(site.folder / "sitemap.xml").iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")  # noqa: S314  our own file
    for place in listed:
        yield f"{site.root}sitemap.xml", place.text or ""
