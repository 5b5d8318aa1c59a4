"""Atom feeds of new and changed project pages: of everything, and of each department over its years.

The date is that of the last commit which changed the project, else 公开日期; a project of neither is left
out, and a feed without entries is not made. Addresses are absolute where the site's is known, else relative.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from builder import address, downloads
from builder.exports.office.document import printable
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from builder.catalogue import Catalogue, DepartmentYear, Summary
    from builder.exports.data.about import About

MOST = 200
"""Entries of one feed, the newest; readers ask for a feed often."""


@frozen()
class Entry:
    """One project page and the day (ISO) on which it last changed."""

    day: str
    summary: Summary
    department: DepartmentYear


def feeds(catalogue: Catalogue, about: About, dates: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Each feed's path and text; ``dates`` by the data file's name as in its Summary."""
    entries = tuple(_entries(catalogue, dates))
    if entries:
        yield downloads.FEED, _feed(downloads.FEED, about.site_name, entries, about)
    of_department: dict[str, list[Entry]] = {}
    for entry in entries:
        of_department.setdefault(entry.summary.id.department, []).append(entry)
    for code, chosen in sorted(of_department.items()):
        path = downloads.department_feed(code)
        title = f"{chosen[0].department.name} - {about.site_name}"
        yield path, _feed(path, title, chosen, about)


def _entries(catalogue: Catalogue, dates: Mapping[str, str]) -> Iterator[Entry]:
    for year in catalogue.years:
        for department in year.departments:
            published = department.facts.published_on if department.facts else None
            for summary in department.projects:
                day = dates.get(summary.file) or published
                if day:
                    yield Entry(day, summary, department)


def _feed(path: str, title: str, entries: Iterable[Entry], about: About) -> bytes:
    newest = sorted(entries, key=lambda entry: (entry.day, entry.summary.id), reverse=True)[:MOST]
    root = about.site_url or address.root(path)
    links = [f'<link href="{escape(root)}"/>']
    if about.site_url:
        links.append(f'<link rel="self" href="{escape(about.site_url + downloads.href(path))}"/>')
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        f"<id>{_id(about, path)}</id>",
        f"<title>{_text(title)}</title>",
        *([f"<subtitle>{_text(about.notice)}</subtitle>"] if about.notice else []),
        f"<updated>{_moment(newest[0].day)}</updated>",
        f"<author><name>{_text(about.site_name)}</name></author>",
        *links,
        *(_entry(entry, root, about) for entry in newest),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _entry(entry: Entry, root: str, about: About) -> str:
    summary = entry.summary
    where = address.project(summary.id)
    said = (
        f"{summary.department} {summary.id.year} 年度，年度资金总额 {summary.total:f} {summary.currency}，"
        f"{summary.indicators} 个绩效指标。"
    )
    return (
        f"<entry><id>{_id(about, where)}</id><title>{_text(summary.name)}（{summary.id.year} 年度）</title>"
        f'<updated>{_moment(entry.day)}</updated><link href="{escape(root + where)}"/>'
        f"<summary>{_text(said)}</summary></entry>"
    )


def _id(about: About, path: str) -> str:
    """The same for ever for one page of one site, wherever the feed is read."""
    return uuid5(NAMESPACE_URL, about.site_url + path).urn


def _moment(day: str) -> str:
    """Only the day is known; the protocol wants a time."""
    return f"{day}T00:00:00Z"


def _text(text: str) -> str:
    return escape(printable(text))
