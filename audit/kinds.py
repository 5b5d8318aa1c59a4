"""The pages of a built site, by kind, as their addresses tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from pathlib import Path

PROJECT, HOME, SEARCH, INDICATORS = "项目", "首页", "搜索", "全部指标"
MOVED, HAND_WRITTEN = "移走的项目", "手写的页面"

KINDS = {
    HOME: r"",
    "年度": r"[0-9]{4}/",
    "按属性": r"[0-9]{4}/by-attribute/",
    "按类别": r"[0-9]{4}/by-kind/",
    "部门": r"[0-9]{4}/[^/]+/",
    PROJECT: r"[0-9]{4}/[^/]+/[^/]+/",
    SEARCH: r"search/",
    INDICATORS: r"indicators/",
    "比较": r"compare/",
    "各年度对比": r"compare/[^/]+/[^/]+/",
    "调整记录": r"changes/",
    "下载": r"data/",
    "填报": r"fill/",
    "找不到": r"404\.html",
}
"""The forms of their addresses."""

_QUERIES = {SEARCH: "?q=满意度", INDICATORS: "?排序=数值"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its kind, its file, and its address from the site's root, not percent-encoded."""

    kind: str
    file: Path
    address: str

    @property
    def url(self) -> str:
        """The address as a browser asks for it, with a question where the page is there to answer one."""
        return quote(self.address) + quote(_QUERIES.get(self.kind, ""), safe="?=")


def pages(site: Path) -> list[Page]:
    """Every page of a built site, the largest of each kind first."""
    files = sorted(site.rglob("*.html"), key=lambda file: (-file.stat().st_size, file.as_posix()))
    addresses = [file.relative_to(site).as_posix().removesuffix("index.html") for file in files]
    return [Page(_kind(address, file), file, address) for file, address in zip(files, addresses, strict=True)]


def largest(site: Path, number: int = 1) -> dict[str, list[Page]]:
    """The largest pages of each kind, as many as asked for."""
    found: dict[str, list[Page]] = {}
    for page in pages(site):
        of_kind = found.setdefault(page.kind, [])
        if len(of_kind) < number:
            of_kind.append(page)
    return found


def _kind(address: str, file: Path) -> str:
    kind = next((kind for kind, form in KINDS.items() if re.fullmatch(form, address)), HAND_WRITTEN)
    if kind == PROJECT and 'class="target-form"' not in file.read_text(encoding="utf-8"):
        return MOVED
    return kind
