"""Every data page of the site: which there are, and the content of each. Knows no MkDocs.

A Page is content without chrome; whoever has frames puts it into one. Entries are plain values, so that they
can be listed, counted and handed to another process without making a page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from builder import across, address, adjusted, atom, browse, downloads, offered, publisher, views
from builder.catalogue import redirects
from builder.collection import load
from builder.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.catalogue import Catalogue, DepartmentYear, Summary, Year
    from builder.collection import Collection
    from builder.downloads import Listed
    from builder.model import ProjectId
    from builder.rules.rule import Subject


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site is told about itself.

    ``view_url`` and ``edit_url`` are templates with ``{path}``, or empty where no repository is configured.
    ``licence``: under which terms the data may be used. ``office``: whether each project gets office files.
    ``offers``: whether files to take away are made at all; a preview makes none. ``feed``: whether there is a
    feed of adjustments.
    """

    site_name: str
    view_url: str = ""
    edit_url: str = ""
    licence: str = ""
    office: bool = True
    offers: bool = False
    feed: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its address from the root, its texts (not escaped), its content and extra head (HTML)."""

    address: str
    title: str
    description: str
    content: str
    head: str = ""
    canonical: str = ""

    @property
    def lasting(self) -> str:
        """The address under which the page wants to be known."""
        return self.canonical or self.address


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
class IndicatorsEntry:
    """全部指标."""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.INDICATORS


@dataclass(frozen=True, slots=True)
class CompareEntry:
    """两个项目对比."""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.COMPARE


@dataclass(frozen=True, slots=True)
class YearEntry:
    """年度页."""

    year: Year

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.year(self.year.year)


@dataclass(frozen=True, slots=True)
class AttributesEntry:
    """年度的项目，按项目属性."""

    year: Year

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.by_attribute(self.year.year)


@dataclass(frozen=True, slots=True)
class KindsEntry:
    """年度的指标，按类别."""

    year: Year

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.by_kind(self.year.year)


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
    """项目页, and the department among whose projects it stands.

    ``years``: the same project in every year, the oldest first, where it stands in several.
    """

    project: Summary
    department: DepartmentYear
    years: tuple[Summary, ...] = ()

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.project(self.project.id)


@dataclass(frozen=True, slots=True)
class AcrossEntry:
    """同一项目各年度对比. ``years``: the project in every year, the oldest first."""

    years: tuple[Summary, ...]

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.across(self.years[0].id.department, self.years[0].id.stem)


@dataclass(frozen=True, slots=True)
class DataEntry:
    """下载. ``files``: what can be taken away; ``linked``: the dataset as JSON-LD, one line, or empty."""

    files: tuple[Listed, ...] = ()
    linked: str = ""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.DATA


@dataclass(frozen=True, slots=True)
class ChangesEntry:
    """全部调整记录."""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.CHANGES


@dataclass(frozen=True, slots=True)
class MovedEntry:
    """A former address (曾用路径), which leads to the project that stood there."""

    former: ProjectId
    project: Summary

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.project(self.former)


WholeEntry = HomeEntry | SearchEntry | IndicatorsEntry | CompareEntry | DataEntry | ChangesEntry
OfYearEntry = YearEntry | AttributesEntry | KindsEntry | DepartmentEntry
Entry = WholeEntry | OfYearEntry | ProjectEntry | AcrossEntry | MovedEntry
View: TypeAlias = (
    views.PageView
    | browse.IndicatorsView
    | browse.AttributesView
    | browse.KindsView
    | browse.CompareView
    | offered.OfferedView
    | across.AcrossView
    | views.ChangesView
)


def entries(catalogue: Catalogue) -> Iterator[Entry]:
    """Every data page, in order.

    First those of the whole collection, then each year, its departments and their projects, then the projects
    over their years.
    """
    yield from (HomeEntry(), SearchEntry(), IndicatorsEntry(), CompareEntry(), DataEntry(), ChangesEntry())
    groups = across.groups(catalogue)
    for year in catalogue.years:
        yield from (YearEntry(year), AttributesEntry(year), KindsEntry(year))
        for department in year.departments:
            yield DepartmentEntry(department)
            for item in department.projects:
                years = groups.get(item.id, ())
                yield ProjectEntry(item, department, years)
    yield from (AcrossEntry(years) for key, years in groups.items() if key == years[0].id)
    yield from (MovedEntry(former, item) for former, item in redirects(catalogue).items())


def sources(entry: Entry, catalogue: Catalogue) -> tuple[str, ...]:
    """The data files whose change changes a page."""
    match entry:
        case HomeEntry() | IndicatorsEntry() | DataEntry() | ChangesEntry():
            return tuple(file for year in catalogue.years for file in _year_files(year))
        case SearchEntry() | CompareEntry():
            return ()
        case YearEntry(year) | AttributesEntry(year) | KindsEntry(year):
            return _year_files(year)
        case DepartmentEntry(department):
            return _department_files(department)
        case ProjectEntry(item) | MovedEntry(_, item):
            return (item.file,)
        case AcrossEntry(years):
            return tuple(item.file for item in years)


def _year_files(year: Year) -> tuple[str, ...]:
    return tuple(file for department in year.departments for file in _department_files(department))


def _department_files(which: DepartmentYear) -> tuple[str, ...]:
    return (*((which.file,) if which.file else ()), *(item.file for item in which.projects))


def page(
    entry: Entry,
    collection: Collection,
    settings: Settings,
    *,
    subject: Subject | None = None,
    files: tuple[str, ...] = (),
) -> Page:
    """Make one page; a project's file is read again, so that no more than one is held at a time.

    ``subject``: the project, where it has been read again already; ``files``: suffixes of its files.

    Raises:
        BuilderError: the project's file has changed since it was checked.
    """
    match entry:
        case DepartmentEntry(department):
            links = source_links(department.file, settings)
            offers = downloads.of_scope(department.year, department.code) if settings.offers else ()
            view = views.department(department)
            return _page(entry, "department", view, links=links, downloads=offers)
        case ProjectEntry():
            offers = downloads.of_project(entry.project.id, files)
            return _project(entry, collection, settings, subject or load(entry.project, collection), offers)
        case AcrossEntry():
            return _across(entry, collection)
        case MovedEntry():
            return _moved(entry)
        case YearEntry() | AttributesEntry() | KindsEntry():
            return _of_year(entry, collection, settings)
        case _:
            return _whole(entry, collection, settings)


def _whole(entry: WholeEntry, collection: Collection, settings: Settings) -> Page:
    match entry:
        case HomeEntry():
            return _page(entry, "home", views.home(collection.catalogue, site_name=settings.site_name))
        case SearchEntry():
            return _search(entry)
        case IndicatorsEntry():
            made = _page(entry, "indicators", browse.indicators(collection.catalogue))
            return _with_assets(made, "explorer.css", "explorer-page.js", "explorer.js", "search.js")
        case CompareEntry():
            made = _page(entry, "compare", browse.CompareView())
            return _with_assets(made, "compare.css", "compare.js", "search.js")
        case DataEntry(files, linked):
            made = _page(entry, "data", offered.view(collection.catalogue, files, settings.licence))
            return replace(made, head=f"{made.head}\n{render('parts/linked.html', linked=linked)}")
        case ChangesEntry():
            return _changes(entry, collection, settings)


def _changes(entry: ChangesEntry, collection: Collection, settings: Settings) -> Page:
    view = adjusted.page(adjusted.newest(collection), collection)
    if not settings.feed:
        return _page(entry, "changes", view)
    link = render("parts/feed_link.html", root=address.root(entry.address), name=atom.NAME)
    made = _page(entry, "changes", replace(view, feed=atom.NAME))
    return replace(made, head=f"{made.head}\n{link}")


def _moved(entry: MovedEntry) -> Page:
    now = views.Link(entry.project.name, address.project(entry.project.id))
    title = f"{entry.project.name}：网址已改"
    view = views.MovedView(title, f"“{entry.project.name}”的页面换了网址。", now)
    root = address.root(entry.address)
    head = render("parts/moved_head.html", root=root, now=now)
    content = render("pages/moved.html", root=root, view=view)
    return Page(entry.address, view.title, view.description, content, head, now.href)


def _of_year(
    entry: YearEntry | AttributesEntry | KindsEntry, collection: Collection, settings: Settings
) -> Page:
    match entry:
        case YearEntry(year):
            view = views.year(collection.catalogue, year)
            offers = downloads.of_scope(year.year) if settings.offers else ()
            return _page(entry, "year", view, ways=browse.ways(year), downloads=offers)
        case AttributesEntry(year):
            return _page(entry, "by-attribute", browse.attributes(year))
        case KindsEntry(year):
            return _page(entry, "by-kind", browse.kinds(year, collection.schemas.forms.values()))


def _across(entry: AcrossEntry, collection: Collection) -> Page:
    subjects = [load(item, collection) for item in entry.years]
    view = across.view(entry.years, subjects, collection.schemas.words)
    return _with_assets(_page(entry, "across", view), "compare.css")


def _with_assets(page: Page, style: str, script: str = "", *modules: str) -> Page:
    """A page with a style sheet and a script of its own; ``modules`` are those that the script imports."""
    assets = f"{address.root(page.address)}assets/jixiao/"
    lines = [f'<link rel="stylesheet" href="{assets}{style}">']
    lines += [f'<link rel="modulepreload" href="{assets}{name}">' for name in modules]
    lines += [f'<script type="module" src="{assets}{script}"></script>'] if script else []
    return replace(page, head="\n".join((page.head, *lines)))


def _project(
    entry: ProjectEntry,
    collection: Collection,
    settings: Settings,
    subject: Subject,
    offers: tuple[downloads.Offer, ...],
) -> Page:
    view = views.project(
        subject,
        among=entry.department,
        which=entry.project,
        waived=collection.waived.get(entry.project.file, ()),
    )
    compare = browse.comparisons(entry.project, entry.years)
    links = source_links(view.file, settings)
    past = adjusted.of_project(entry.project, entry.department, collection)
    return _page(entry, "project", view, links=links, compare=compare, downloads=offers, history=past)


def _search(entry: SearchEntry) -> Page:
    root = address.root(entry.address)
    content = render("pages/search.html", root=root)
    head = (
        f'<link rel="stylesheet" href="{root}assets/jixiao/search.css">\n'
        f'<link rel="modulepreload" href="{root}assets/jixiao/search.js">\n'
        f'<script type="module" src="{root}assets/jixiao/search-page.js"></script>'
    )
    return Page(entry.address, "搜索", "按任意文字搜索项目、单位、目标、指标和指标值。", content, head)


def _page(entry: Entry, kind: str, view: View, **context: object) -> Page:
    content = render(f"pages/{kind}.html", root=address.root(entry.address), view=view, **context)
    head = render("parts/meta.html", tags=_tags(entry, view))
    return Page(entry.address, view.title, view.description, content, head)


def _tags(entry: Entry, view: View) -> publisher.Tags:
    """The regulated meta elements of a page: a project's is 内容页, all others are 栏目."""
    if isinstance(entry, ProjectEntry):
        return publisher.article_tags(view.title, view.description, entry.department)
    return publisher.column_tags(view.title, view.description)


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
