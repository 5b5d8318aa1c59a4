"""What each kind of page shows, computed and ordered: values for the templates, no markup.

Links are addresses relative to the site's root; templates put the way to the root before them.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from builder import address, charted, wording
from builder.catalogue import amount
from builder.frozen import frozen
from builder.grid import form_grid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from builder.catalogue import Catalogue, DepartmentYear, Summary, Year
    from builder.charted import Charted
    from builder.grid import Grid
    from builder.problem import Waived
    from builder.rules import Subject
    from builder.rules.rule import Row as IndicatorRow


class Link(NamedTuple):
    """A link: its text, and its address from the site's root."""

    text: str
    href: str


@frozen()
class Figure:
    """A number worth showing large, with its label and unit."""

    label: str
    value: str
    unit: str = ""


@frozen()
class Row:
    """One line of a list of years, departments or projects; ``total`` is in ``currency``."""

    link: Link
    total: str
    currency: str
    indicators: int
    projects: int | None = None
    departments: int | None = None
    number: int | None = None
    attribute: str | None = None


class Fact(NamedTuple):
    """A label and its text, from the data."""

    label: str
    text: str


@frozen()
class Publication:
    """公开情况 of one department: what it published and when, from its 部门.yml; empty where not given."""

    link: Link
    approved_on: str
    published_on: str
    due: str
    state: str


@frozen()
class HomeView:
    """首页."""

    title: str
    description: str
    newest: Year | None
    figures: tuple[Figure, ...]
    charts: tuple[Charted, ...]
    departments: tuple[Row, ...]
    years: tuple[Row, ...]
    years_charts: tuple[Charted, ...]


@frozen()
class YearView:
    """One 年度."""

    title: str
    description: str
    crumbs: tuple[Link, ...]
    here: str
    figures: tuple[Figure, ...]
    charts: tuple[Charted, ...]
    departments: tuple[Row, ...]
    board: tuple[Publication, ...]
    years: tuple[Link, ...]


@frozen()
class DepartmentView:
    """One 部门 in one 年度."""

    title: str
    description: str
    crumbs: tuple[Link, ...]
    here: str
    attachment: str | None
    facts: tuple[Fact, ...]
    website: str | None
    figures: tuple[Figure, ...]
    charts: tuple[Charted, ...]
    projects: tuple[Row, ...]
    withheld: int
    file: str | None


@frozen()
class WaiverNote:
    """A finding on approved text and the reason for which it stands."""

    code: str
    message: str
    reason: str


class Target(NamedTuple):
    """One indicator as understood: the approved text, and what it says in plain words."""

    level2: str
    name: str
    value: str
    plain: str
    direction: str


_TARGET: Callable[[Iterable[object]], Target] = partial(tuple.__new__, Target)
"""A Target of all its values: what ``Target`` does, in half the time."""


@frozen()
class TargetsView:
    """What the page of one 项目 says of it alone: in a few words, as the official form, and as understood."""

    summary: tuple[str, ...]
    form: Grid
    targets: tuple[Target, ...]
    terms: tuple[Fact, ...]


@frozen()
class ProjectView:
    """The page of one 项目 but for its ``TargetsView``: where it stands among others."""

    title: str
    description: str
    crumbs: tuple[Link, ...]
    here: str
    waivers: tuple[WaiverNote, ...]
    previous: Link | None
    following: Link | None
    file: str


@frozen()
class HistoryRow:
    """One change of a project since its publication: 调整 or 更正 (``sort``), by a commit or only declared.

    ``lines`` say what changed, ``more`` how many lines are left out; ``approval`` is the declared 调整记录.
    """

    id: str
    date: str
    sort: str
    commit: str = ""
    lines: tuple[str, ...] = ()
    more: int = 0
    reasons: tuple[str, ...] = ()
    restores: str = ""
    approval: str = ""


@frozen()
class HistoryView:
    """调整记录 of one project, newest first.

    ``partial_since``: the first day that git knows, where that is not the beginning.
    """

    summary: str
    rows: tuple[HistoryRow, ...]
    more: int
    partial_since: str


@frozen()
class ChangeRow:
    """One adjustment on the page of all; no address where the project is gone."""

    project: Link
    department: Link
    row: HistoryRow


@frozen()
class Day:
    """The adjustments of one day."""

    date: str
    changes: tuple[ChangeRow, ...]


@frozen()
class ChangesView:
    """调整记录 of the whole site. ``feed``: the address of the Atom feed, or empty."""

    title: str
    description: str
    days: tuple[Day, ...]
    total: int
    more: int
    has_history: bool
    is_partial: bool
    feed: str = ""


@frozen()
class MovedView:
    """A former address of a project, and where it is now."""

    title: str
    description: str
    now: Link


DAYS_TO_PUBLISH = 20
"""预算法第十四条: a department's budget is published within twenty days of its approval (批复)."""

PageView = HomeView | YearView | DepartmentView | ProjectView


def home(catalogue: Catalogue, *, site_name: str) -> HomeView:
    """The home page: the newest year and its departments, then the other years."""
    newest = catalogue.years[0] if catalogue.years else None
    span = (
        f"{newest.year} 年度 {newest.projects} 个项目、{newest.indicators} 个绩效指标"
        if newest
        else "暂无项目"
    )
    return HomeView(
        title=site_name,
        description=f"{site_name}：{span}，可按任意文字检索、比较和引用。",
        newest=newest,
        figures=_figures(newest) if newest else (),
        charts=charted.of_home(catalogue),
        departments=_department_rows(newest) if newest else (),
        years=tuple(_year_row(year) for year in catalogue.years),
        years_charts=charted.of_years(catalogue),
    )


def year(catalogue: Catalogue, which: Year) -> YearView:
    """The page of one year: its departments."""
    title = f"{which.year} 年度项目支出预算绩效目标"
    total = amount(which.total_wan)
    return YearView(
        title=title,
        description=f"{title}：{len(which.departments)} 个部门，{which.projects} 个项目，合计 {total} 万元。",
        crumbs=(_home(),),
        here=f"{which.year} 年度",
        figures=_figures(which),
        charts=charted.of_year(which),
        departments=_department_rows(which),
        board=tuple(_publication(department) for department in which.departments),
        years=tuple(Link(f"{other.year} 年度", address.year(other.year)) for other in catalogue.years),
    )


def _publication(which: DepartmentYear) -> Publication:
    """When a department published, against the days that the budget law gives; no clock but the data's."""
    link = Link(which.name, address.department(which.year, which.code))
    approved = which.facts.approved_on if which.facts else None
    published = which.facts.published_on if which.facts else None
    if approved is None:
        return Publication(link, "", published or "", "", "没有批复日期，无法判断")
    due = date.fromisoformat(approved) + timedelta(days=DAYS_TO_PUBLISH)
    if published is None:
        return Publication(link, approved, "", due.isoformat(), "没有公开日期")
    late = (date.fromisoformat(published) - due).days
    return Publication(link, approved, published, due.isoformat(), f"晚 {late} 日" if late > 0 else "按期")


def department(which: DepartmentYear) -> DepartmentView:
    """The page of one department in one year: its own facts and its projects in table order."""
    title = f"{which.name} {which.year} 年度项目支出预算绩效目标"
    facts = which.facts
    pairs = (
        ("部门代码", which.code),
        ("批复日期", facts and facts.approved_on),
        ("批复文号", facts and facts.approval_number),
        ("公开日期", facts and facts.published_on),
        ("联系电话", facts and facts.phone),
        ("联系地址", facts and facts.address),
        ("说明", facts and facts.note),
    )
    return DepartmentView(
        title=title,
        description=f"{title}：{len(which.projects)} 个项目，合计 {amount(which.total_wan)} 万元。",
        crumbs=(_home(), Link(f"{which.year} 年度", address.year(which.year))),
        here=which.name,
        attachment=facts.attachment if facts else None,
        facts=tuple(Fact(label, text) for label, text in pairs if text),
        website=facts.website if facts else None,
        figures=(
            Figure("项目", f"{len(which.projects):,}", "个"),
            Figure("绩效指标", f"{which.indicators:,}", "个"),
            Figure("年度资金总额", amount(which.total_wan), "万元"),
        ),
        charts=charted.of_department(which),
        projects=tuple(_project_row(item) for item in which.projects),
        withheld=(facts.withheld or 0) if facts else 0,
        file=which.file,
    )


def targets(subject: Subject) -> TargetsView:
    """What can be said of one project without any other."""
    return TargetsView(
        summary=tuple(_summary(subject)),
        form=form_grid(subject.project, subject.form),
        targets=tuple(map(_target, subject.rows)),
        terms=tuple(_terms(subject)),
    )


def project(which: Summary, among: DepartmentYear, waived: tuple[Waived, ...]) -> ProjectView:
    """The page of one project, with its neighbours ``among`` the department's projects."""
    year = which.id.year
    position = next(at for at, item in enumerate(among.projects) if item.file == which.file)
    following = among.projects[position + 1 : position + 2]
    return ProjectView(
        title=which.name,
        description=(
            f"{which.department} {year} 年度项目“{which.name}”的预算绩效目标表："
            f"年度资金总额 {amount(which.total)} {which.currency}，{which.indicators} 个绩效指标。"
        ),
        crumbs=(
            _home(),
            Link(f"{year} 年度", address.year(year)),
            Link(among.name, address.department(year, which.id.department)),
        ),
        here=which.name,
        waivers=tuple(WaiverNote(item.problem.code, item.problem.message, item.reason) for item in waived),
        previous=_neighbour(among.projects[position - 1]) if position else None,
        following=_neighbour(following[0]) if following else None,
        file=which.file,
    )


def _summary(subject: Subject) -> Iterator[str]:
    """Who spends how much on what, and how many of the targets can be measured."""
    record, currency = subject.project, subject.form.currency
    if record.total is not None:
        sources = [f"{fund.name} {amount(fund.amount)} {currency}" for fund in record.funds if fund.amount]
        whole = (
            len(sources) == 1 and record.funds and sources[0].endswith(f" {amount(record.total)} {currency}")
        )
        from_where = (
            f"，全部是{sources[0].split()[0]}" if whole else f"，其中{'、'.join(sources)}" if sources else ""
        )
        yield (
            f"{record.year} 年度，{record.unit or record.department}在这个项目上安排 "
            f"{amount(record.total)} {currency}{from_where}。"
        )
    measurable = sum(wording.is_measurable(row.value) for row in subject.rows)
    missing = sum(row.value is None for row in subject.rows)
    lacking = f"，{missing} 个在来源中没有指标值" if missing else ""
    yield (
        f"定了 {len(record.goals)} 条年度总体目标、{len(subject.rows)} 个绩效指标，"
        f"其中 {measurable} 个有数或期限、可以衡量{lacking}。"
    )


def _target(row: IndicatorRow) -> Target:
    indicator, value = row
    plain, direction = wording.plain(value), wording.direction(value)
    return _TARGET((indicator.level2, indicator.name, indicator.value or "", plain, direction))


def _terms(subject: Subject) -> Iterator[Fact]:
    """What the 二级指标 on this page mean, in the words of the form."""
    for level1, slot in subject.form.slots:
        if (level1.name, slot.name) in subject.filled:
            yield Fact(slot.name, slot.description)


def _home() -> Link:
    return Link("首页", address.HOME)


def _neighbour(item: Summary) -> Link:
    return Link(item.name, address.project(item.id))


def _figures(which: Year) -> tuple[Figure, ...]:
    return (
        Figure("部门", f"{len(which.departments):,}", "个"),
        Figure("项目", f"{which.projects:,}", "个"),
        Figure("绩效指标", f"{which.indicators:,}", "个"),
        Figure("年度资金总额", amount(which.total_wan), "万元"),
    )


def _year_row(which: Year) -> Row:
    return Row(
        Link(f"{which.year} 年度", address.year(which.year)),
        amount(which.total_wan),
        "万元",
        which.indicators,
        projects=which.projects,
        departments=len(which.departments),
    )


def _department_rows(which: Year) -> tuple[Row, ...]:
    return tuple(
        Row(
            Link(department.name, address.department(which.year, department.code)),
            amount(department.total_wan),
            "万元",
            department.indicators,
            projects=len(department.projects),
        )
        for department in which.departments
    )


def _project_row(item: Summary) -> Row:
    return Row(
        Link(item.name, address.project(item.id)),
        amount(item.total),
        item.currency,
        item.indicators,
        number=item.number,
        attribute=item.attribute,
    )
