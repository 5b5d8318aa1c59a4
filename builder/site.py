"""The content of every data page of the site. Knows no MkDocs.

A Page is content without chrome; whoever has frames puts it into one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import quote

from builder import across, address, adjusted, atom, browse, downloads, offered, publisher, views
from builder.collection import load, made_before
from builder.entries import (
    AcrossEntry,
    AttributesEntry,
    ChangesEntry,
    CompareEntry,
    DataEntry,
    DepartmentEntry,
    FillEntry,
    HomeEntry,
    IndicatorsEntry,
    KindsEntry,
    MovedEntry,
    ProjectEntry,
    SearchEntry,
    YearEntry,
)
from builder.frozen import frozen
from builder.render import render

if TYPE_CHECKING:
    from builder.collection import Collection
    from builder.entries import Entry, WholeEntry
    from builder.rules.rule import Subject


@frozen()
class Settings:
    """What a site is told about itself.

    ``view_url`` and ``edit_url`` are templates with ``{path}``, or empty where no repository is configured.
    ``notice``: what stands above every page. ``folder``: of the data. ``new_url``: a template with
    ``{folder}``, ``{name}``, ``{path}`` and ``{text}``.
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
    notice: str = ""
    new_url: str = ""
    folder: str = "targets"


@frozen()
class Page:
    """One page: its address from the root, its texts (not escaped), its content and extra head (HTML).

    ``parts``: the content in pieces, in UTF-8, as it is written. ``waits``: whether a program of the page
    starts the theme's own, when it has time.
    """

    address: str
    title: str
    description: str
    parts: tuple[bytes, ...]
    head: str = ""
    canonical: str = ""
    waits: bool = False

    @property
    def content(self) -> str:
        """The content as a text."""
        return b"".join(self.parts).decode()

    @property
    def lasting(self) -> str:
        """The address under which the page wants to be known."""
        return self.canonical or self.address


class Body(NamedTuple):
    """What a project's page says of it alone: sentences (not escaped); the form and what follows (HTML)."""

    summary: tuple[str, ...]
    form: bytes


_FORM = b"<!--form-->"
"""Where the form stands in what is rendered around it; in no text, as those are escaped."""


_FILL = "dom record fields grid rows paste checks judge drafts start out"
FILL_MODULES = tuple(f"fill-{name}.js" for name in _FILL.split())
"""The modules of the page 填报, all of which it imports."""

View: TypeAlias = (
    views.PageView
    | browse.IndicatorsView
    | browse.AttributesView
    | browse.KindsView
    | browse.CompareView
    | browse.FillView
    | offered.OfferedView
    | across.AcrossView
    | views.ChangesView
)


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
            return _project(entry, collection, settings, subject, offers)
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
        case IndicatorsEntry() | CompareEntry() | FillEntry():
            return _worked(entry, collection)
        case DataEntry(files, linked):
            made = _page(entry, "data", offered.view(collection.catalogue, files, settings.licence))
            return replace(made, head=f"{made.head}\n{render('parts/linked.html', linked=linked)}")
        case ChangesEntry():
            return _changes(entry, collection, settings)


def _worked(entry: IndicatorsEntry | CompareEntry | FillEntry, collection: Collection) -> Page:
    """A page that works by a script of its own."""
    match entry:
        case IndicatorsEntry():
            made = _page(entry, "indicators", browse.indicators(collection.catalogue))
            return _with_assets(made, "explorer.css", "explorer-page.js", "explorer.js", "search.js")
        case CompareEntry():
            made = _page(entry, "compare", browse.CompareView())
            return _with_assets(made, "compare.css", "compare.js", "search.js")
        case FillEntry():
            made = _page(entry, "fill", browse.FillView())
            return _with_assets(made, "fill.css", "fill.js", *FILL_MODULES)


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
    return Page(entry.address, view.title, view.description, (content.encode(),), head, now.href)


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


def body(subject: Subject) -> Body:
    """What depends on nothing but the project, and so can be made as soon as that has been read."""
    view = views.targets(subject)
    return Body(view.summary, render("parts/targets.html", view=view).encode())


def _project(
    entry: ProjectEntry,
    collection: Collection,
    settings: Settings,
    subject: Subject | None,
    offers: tuple[downloads.Offer, ...],
) -> Page:
    made = None if subject else made_before(entry.project, collection)
    if not isinstance(made, Body):
        made = body(subject or load(entry.project, collection))
    view = views.project(entry.project, entry.department, collection.waived.get(entry.project.file, ()))
    compare = browse.comparisons(entry.project, entry.years)
    past = adjusted.of_project(entry.project, entry.department, collection)
    links = replace(source_links(view.file, settings), fill=browse.filling(entry.project))
    context = {"links": links, "compare": compare, "downloads": offers, "history": past}
    return _page(entry, "project", view, form=made.form, summary=made.summary, **context)


def _search(entry: SearchEntry) -> Page:
    """What starts the search comes first, and the page waits for it: the answer takes longer."""
    root = address.root(entry.address)
    assets = f"{root}assets/jixiao"
    content = render("pages/search.html", root=root)
    head = (
        f'<script src="{assets}/search-start.js"></script>\n'
        f'<link rel="stylesheet" href="{assets}/search.css">\n'
        f'<link rel="modulepreload" href="{assets}/search-page.js">'
    )
    about = "按任意文字搜索项目、单位、目标、指标和指标值。"
    return Page(entry.address, "搜索", about, (content.encode(),), head, waits=True)


def _page(entry: Entry, kind: str, view: View, form: bytes = b"", **context: object) -> Page:
    where = entry.address
    content = render(f"pages/{kind}.html", root=address.root(where), view=view, **context).encode()
    parts: tuple[bytes, ...] = (content,)
    if form:
        before, after = content.split(_FORM)
        parts = (before, form, after)
    head = render("parts/meta.html", tags=_tags(entry, view))
    return Page(where, view.title, view.description, parts, head)


def _tags(entry: Entry, view: View) -> publisher.Tags:
    """The regulated meta elements of a page: a project's is 内容页, all others are 栏目."""
    if isinstance(entry, ProjectEntry):
        return publisher.article_tags(view.title, view.description, entry.department)
    return publisher.column_tags(view.title, view.description)


@frozen()
class SourceLinks:
    """Where the text behind a page can be read and edited; empty where no repository is configured.

    ``fill``: the page 填报 with the project opened, from the site's root; only projects have it.
    """

    view: str = ""
    edit: str = ""
    fill: str = ""


def source_links(file: str | None, settings: Settings) -> SourceLinks:
    """Links to one file in the configured repository."""
    if not file or not (settings.view_url or settings.edit_url):
        return SourceLinks()
    path = quote(file)
    return SourceLinks(settings.view_url.replace("{path}", path), settings.edit_url.replace("{path}", path))
