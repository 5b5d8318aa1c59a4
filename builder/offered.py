"""The page 下载: every file of the collection that can be taken away, what it is and how large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import address, downloads
from builder.frozen import frozen
from builder.views import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from builder.catalogue import Catalogue, Year
    from builder.downloads import Listed

_KIB = 1024
_WHOLE = {
    downloads.scope_file("xlsx"): (
        "Excel",
        "全部数据：指标、项目、资金、目标、部门、豁免各一个工作表",
    ),
    downloads.scope_file("csv"): ("CSV", "全部绩效指标，每个指标一行，原文和读出的含义并列；UTF-8，带 BOM"),
    downloads.scope_file("jsonl"): ("JSON Lines", "全部项目，每个项目一行，内容与单个项目的 JSON 相同"),
    downloads.scope_file("sqlite"): ("SQLite", "全部数据，六个表，可以连接查询"),
    downloads.table_file("projects"): ("CSV：项目", "每个项目一行"),
    downloads.table_file("funds"): ("CSV：资金", "每项资金来源一行"),
    downloads.table_file("goals"): ("CSV：目标", "每条年度总体目标一行"),
    downloads.table_file("departments"): ("CSV：部门", "每个部门每个年度一行"),
    downloads.table_file("waived"): ("CSV：豁免", "检查指出、按原文保留的每一处一行"),
    downloads.PACKAGE: ("数据包说明", "datapackage.json：各 CSV 的列、类型和相互关系（Frictionless）"),
    downloads.CATALOGUE: ("数据目录", "catalog.jsonld：DCAT 和 schema.org 的目录，供数据门户收录"),
    downloads.FEED: ("订阅", "Atom：新增和修改的项目"),
    downloads.CHECKSUMS_FILE: ("校验和", "SHA256SUMS：核对下载的文件是否完整"),
    f"{downloads.API}/index.json": ("数据接口", "静态 JSON，从这里开始"),
    downloads.OPENAPI: ("接口说明", "openapi.json（OpenAPI 3.1）"),
}
"""Title and content of each file of the whole, in the order in which they are shown."""


@frozen()
class File:
    """One file: where it is, what it holds, its size in words."""

    link: Link
    about: str
    size: str


@frozen()
class Scope:
    """A year, or a department in it, and its files."""

    link: Link
    files: tuple[File, ...]


@frozen()
class YearOfFiles:
    """A year's own files, and those of its departments."""

    title: str
    scopes: tuple[Scope, ...]


@frozen()
class OfferedView:
    """下载. ``licence`` and ``licence_href`` are empty where none is set; no ``files``: none were made."""

    title: str
    description: str
    crumbs: tuple[Link, ...]
    here: str
    files: tuple[File, ...]
    years: tuple[YearOfFiles, ...]
    feeds: tuple[Link, ...]
    licence: str
    licence_href: str


def view(catalogue: Catalogue, files: Iterable[Listed], licence: str) -> OfferedView:
    """The page; ``files`` are all that were made."""
    known = {file.path: file for file in files}
    number = sum(year.projects for year in catalogue.years)
    return OfferedView(
        title="下载",
        description=f"全部 {number} 个项目的数据：Excel、CSV、JSON Lines、SQLite，附说明和校验和。",
        crumbs=(Link("首页", address.HOME),),
        here="下载",
        files=tuple(
            File(Link(title, downloads.href(path)), about, size(known[path].size))
            for path, (title, about) in _WHOLE.items()
            if path in known
        ),
        years=tuple(_year(year, known) for year in catalogue.years) if known else (),
        feeds=tuple(_feeds(catalogue, known)),
        licence=licence,
        licence_href=licence if licence.startswith(("https://", "http://")) else "",
    )


def _year(year: Year, known: Mapping[str, Listed]) -> YearOfFiles:
    whole = Scope(Link("全年度", address.year(year.year)), tuple(_files(known, year.year)))
    departments = (
        Scope(
            Link(which.name, address.department(which.year, which.code)),
            tuple(_files(known, which.year, which.code)),
        )
        for which in year.departments
    )
    return YearOfFiles(f"{year.year} 年度", (whole, *departments))


def _files(known: Mapping[str, Listed], year: int, department: str | None = None) -> Iterator[File]:
    for kind in downloads.SCOPE_KINDS:
        file = known[downloads.scope_file(kind.suffix, year, department)]
        yield File(Link(kind.title, downloads.href(file.path)), kind.about, size(file.size))


def _feeds(catalogue: Catalogue, known: Mapping[str, Listed]) -> Iterator[Link]:
    """The feed of each department, under its newest name."""
    names: dict[str, str] = {}
    for year in catalogue.years:
        for which in year.departments:
            names.setdefault(which.code, which.name)
    for code, name in sorted(names.items()):
        path = downloads.department_feed(code)
        if path in known:
            yield Link(name, downloads.href(path))


def size(number: int) -> str:
    """A number of bytes for people: ``812 B``, ``12 KB``, ``3.4 MB``."""
    if number < _KIB:
        return f"{number} B"
    if number < _KIB * _KIB:
        return f"{number / _KIB:.0f} KB"
    return f"{number / _KIB / _KIB:.1f} MB"
