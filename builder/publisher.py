"""主办单位: what a government site must say of itself, and the regulated ``<meta>`` names of its pages.

The names in three scopes (网站, 栏目, 内容页) are those found in the pages of government sites, after
国办发〔2017〕47号. Values in, pairs of name and content out; what is not configured is left out and listed.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.catalogue import DepartmentYear

Tags = tuple[tuple[str, str], ...]
"""Names and contents of ``<meta>`` elements, in order."""

LABELS = {
    "host": "主办单位",
    "contact": "联系方式",
    "site_code": "网站标识码",
    "icp": "ICP 备案号",
    "police": "公安备案号",
    "badge_url": "党政机关网站标识",
    "report_url": "我为政府网站找错",
    "domain": "网站域名",
}
"""What each setting is called in public."""


@frozen()
class Publisher:
    """The settings ``publisher`` of the plugin; empty where not configured. The last two are addresses."""

    host: str = ""
    contact: str = ""
    site_code: str = ""
    icp: str = ""
    police: str = ""
    domain: str = ""
    badge_url: str = ""
    report_url: str = ""


@frozen()
class Notice:
    """One item of the footer: its label, its text (empty: not configured), and where it leads."""

    label: str
    text: str
    href: str = ""


def missing(publisher: Publisher) -> tuple[str, ...]:
    """The labels of everything a release needs and the configuration lacks."""
    return tuple(
        LABELS[field.name] for field in fields(publisher) if not getattr(publisher, field.name).strip()
    )


def notices(publisher: Publisher) -> tuple[Notice, ...]:
    """The items of the footer in order; badges are links, never scripts of other hosts."""
    texts = ("host", "contact", "site_code", "icp", "police")
    links = ("badge_url", "report_url")
    return (
        *(Notice(LABELS[name], getattr(publisher, name)) for name in texts),
        *(
            Notice(LABELS[name], LABELS[name] if getattr(publisher, name) else "", getattr(publisher, name))
            for name in links
        ),
    )


def site_tags(publisher: Publisher, site_name: str) -> Tags:
    """The tags of the scope 网站, for every page."""
    pairs = (("SiteName", site_name), ("SiteDomain", publisher.domain), ("SiteIDCode", publisher.site_code))
    return tuple((name, text) for name, text in pairs if text)


def column_tags(name: str, description: str) -> Tags:
    """The tags of the scope 栏目, for pages that list others."""
    return (
        ("ColumnName", name),
        ("ColumnDescription", description),
        ("ColumnKeywords", "预算绩效,绩效目标,项目支出"),
        ("ColumnType", "信息公开"),
    )


def article_tags(title: str, description: str, department: DepartmentYear) -> Tags:
    """The tags of the scope 内容页, for a project's page. Without 公开日期 there is no PubDate."""
    column = f"{department.name} {department.year} 年度项目支出预算绩效目标"
    return (*column_tags(column, column), *_article(title, description, department))


def _article(title: str, description: str, department: DepartmentYear) -> Iterator[tuple[str, str]]:
    yield "ArticleTitle", title
    published = department.facts.published_on if department.facts else None
    if published:
        # Only the day is on record; the norm wants a time as well.
        yield "PubDate", f"{published} 00:00"
    yield "ContentSource", department.name
    yield "Keywords", f"{title},{department.name},{department.year} 年度,绩效目标"
    yield "Description", description
