"""Where each page stands in the site: addresses from its root, percent-encoded, ending in a slash."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from builder.model import ProjectId

HOME = ""
SEARCH = "search/"
DATA = "data/"
INDICATORS = "indicators/"
COMPARE = "compare/"
CHANGES = "changes/"
FILL = "fill/"


def year(number: int) -> str:
    """``2024/``."""
    return f"{number}/"


def department(number: int, code: str) -> str:
    """``2024/067001/``."""
    return f"{number}/{quote(code, safe='')}/"


@lru_cache(maxsize=1 << 14)
def project(identity: ProjectId) -> str:
    """``2024/067001/%E9%A1%B9%E7%9B%AE/``: 年度, 部门代码 and the file's stem."""
    return f"{department(identity.year, identity.department)}{quote(identity.stem, safe='')}/"


def project_page(identity: ProjectId) -> str:
    """The file that holds a project's page: its address, not encoded, with ``index.html``."""
    return f"{identity.year}/{identity.department}/{identity.stem}/index.html"


def by_attribute(number: int) -> str:
    """``2024/by-attribute/``: a year's projects by 项目属性."""
    return f"{year(number)}by-attribute/"


def by_kind(number: int) -> str:
    """``2024/by-kind/``: a year's indicators by 一级 and 二级指标."""
    return f"{year(number)}by-kind/"


def across(code: str, stem: str) -> str:
    """``compare/067001/%E9%A1%B9%E7%9B%AE/``: one project over its years."""
    return f"{COMPARE}{quote(code, safe='')}/{quote(stem, safe='')}/"


def depth(address: str) -> int:
    """How many folders below the root a page stands."""
    return address.count("/")


def root(address: str) -> str:
    """The way from a page to the site's root: ``../../`` or ``./``."""
    return "../" * depth(address) or "./"


def beside(address: str, name: str) -> str:
    """A file that stands beside a page, relative to the site's folder, not encoded."""
    return f"{unquote(address)}{name}"


def file(address: str) -> str:
    """The file that holds a page, relative to the site's folder, not encoded."""
    return f"{unquote(address)}index.html"
