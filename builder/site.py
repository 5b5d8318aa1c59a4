"""Every data page of the site: which there are, and the content of each. Knows no MkDocs.

A Page is content without chrome; whoever has frames puts it into one. Entries are plain values, so that they
can be listed, counted and handed to another process without making a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from builder import address, views
from builder.collection import load
from builder.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.catalogue import Catalogue, DepartmentYear, Summary, Year
    from builder.collection import Collection
    from builder.rules.rule import Subject


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site is told about itself.

    ``view_url`` and ``edit_url`` are templates with ``{path}``, or empty where no repository is configured.
    """

    site_name: str
    view_url: str = ""
    edit_url: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its address from the root, its texts (not escaped), its content and extra head (HTML)."""

    address: str
    title: str
    description: str
    content: str
    head: str = ""


@dataclass(frozen=True, slots=True)
class HomeEntry:
    """首页."""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.HOME


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """搜索页."""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.SEARCH


@dataclass(frozen=True, slots=True)
class YearEntry:
    """年度页."""

    year: Year

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.year(self.year.year)


@dataclass(frozen=True, slots=True)
class DepartmentEntry:
    """部门页."""

    department: DepartmentYear

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.department(self.department.year, self.department.code)


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """项目页, and the department among whose projects it stands."""

    project: Summary
    department: DepartmentYear

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.project(self.project.id)


Entry = HomeEntry | SearchEntry | YearEntry | DepartmentEntry | ProjectEntry


def entries(catalogue: Catalogue) -> Iterator[Entry]:
    """Every data page, in order: home, search, then each year, its departments and their projects."""
    yield HomeEntry()
    yield SearchEntry()
    for year in catalogue.years:
        yield YearEntry(year)
        for department in year.departments:
            yield DepartmentEntry(department)
            yield from (ProjectEntry(item, department) for item in department.projects)


def sources(entry: Entry, catalogue: Catalogue) -> tuple[str, ...]:
    """The data files whose change changes a page."""
    match entry:
        case HomeEntry():
            return tuple(file for year in catalogue.years for file in _year_files(year))
        case SearchEntry():
            return ()
        case YearEntry(year):
            return _year_files(year)
        case DepartmentEntry(department):
            return _department_files(department)
        case ProjectEntry(item, _):
            return (item.file,)


def _year_files(year: Year) -> tuple[str, ...]:
    return tuple(file for department in year.departments for file in _department_files(department))


def _department_files(which: DepartmentYear) -> tuple[str, ...]:
    return (*((which.file,) if which.file else ()), *(item.file for item in which.projects))


def page(entry: Entry, collection: Collection, settings: Settings, *, subject: Subject | None = None) -> Page:
    """Make one page; a project's file is read again, so that no more than one is held at a time.

    ``subject``: the project, where it has been read again already.

    Raises:
        BuilderError: the project's file has changed since it was checked.
    """
    match entry:
        case HomeEntry():
            view = views.home(collection.catalogue, site_name=settings.site_name)
            return _page(entry, "home", view)
        case SearchEntry():
            return _search(entry)
        case YearEntry(year):
            return _page(entry, "year", views.year(collection.catalogue, year))
        case DepartmentEntry(department):
            links = source_links(department.file, settings)
            return _page(entry, "department", views.department(department), links=links)
        case ProjectEntry():
            return _project(entry, collection, settings, subject or load(entry.project, collection))


def _project(entry: ProjectEntry, collection: Collection, settings: Settings, subject: Subject) -> Page:
    view = views.project(
        subject,
        among=entry.department,
        which=entry.project,
        waived=collection.waived.get(entry.project.file, ()),
    )
    return _page(entry, "project", view, links=source_links(view.file, settings))


def _search(entry: SearchEntry) -> Page:
    root = address.root(entry.address)
    content = render("pages/search.html", root=root)
    head = (
        f'<link rel="stylesheet" href="{root}assets/jixiao/search.css">\n'
        f'<link rel="modulepreload" href="{root}assets/jixiao/search.js">\n'
        f'<script type="module" src="{root}assets/jixiao/search-page.js"></script>'
    )
    return Page(entry.address, "搜索", "按任意文字搜索项目、单位、目标、指标和指标值。", content, head)


def _page(entry: Entry, kind: str, view: views.PageView, **context: object) -> Page:
    content = render(f"pages/{kind}.html", root=address.root(entry.address), view=view, **context)
    return Page(entry.address, view.title, view.description, content)


@dataclass(frozen=True, slots=True)
class SourceLinks:
    """Where the text behind a page can be read and edited; empty where no repository is configured."""

    view: str = ""
    edit: str = ""


def source_links(file: str | None, settings: Settings) -> SourceLinks:
    """Links to one file in the configured repository."""
    if not file:
        return SourceLinks()
    path = quote(file)
    return SourceLinks(settings.view_url.replace("{path}", path), settings.edit_url.replace("{path}", path))
