"""What the pages show by which one browses across departments: by 项目属性, by 二级指标, and all indicators.

As in ``views``: values for the templates, no markup; links relative to the site's root.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from builder import address
from builder.catalogue import amount
from builder.frozen import frozen
from builder.views import Figure, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from builder.catalogue import Catalogue, DepartmentYear, Summary, Year
    from builder.form import Form
    from builder.model import ProjectId

MOST = 500
"""Projects listed one by one under an attribute; where there are more, departments are listed instead."""

NO_ATTRIBUTE = "没有写项目属性"


@frozen()
class Column:
    """A column of the table of indicators: its name, what sorting by it means, whether it holds numbers."""

    name: str
    hint: str = ""
    number: bool = False


COLUMNS = (
    Column("类别", "按一级指标、二级指标在表样中的先后"),
    Column("三级指标"),
    Column("指标值", "指标值原文"),
    Column("符号"),
    Column("数值", "同一类单位的放在一起，折算后按大小", number=True),
    Column("单位"),
    Column("项目"),
    Column("部门"),
    Column("年度"),
)


@frozen()
class IndicatorsView:
    """全部指标."""

    title: str
    description: str
    lead: str
    years: tuple[Link, ...]
    columns: tuple[Column, ...]


@frozen()
class Line:
    """One line of a list: a project with its department, or a department with how many projects."""

    link: Link
    department: str
    projects: int
    indicators: int
    total: str


@frozen()
class AttributeGroup:
    """One 项目属性 in one year; ``anchor`` is its place on the page, ``total`` in 万元."""

    name: str
    anchor: str
    projects: int
    indicators: int
    total: str
    share: str
    by_department: bool
    lines: tuple[Line, ...]


@frozen()
class AttributesView:
    """One year by 项目属性."""

    title: str
    description: str
    crumbs: tuple[Link, ...]
    here: str
    figures: tuple[Figure, ...]
    groups: tuple[AttributeGroup, ...]


@frozen()
class KindLine:
    """One 二级指标 in one year: how many indicators, in how many projects, and a link to them."""

    link: Link
    level1: str
    meaning: str
    indicators: int
    projects: int
    share: str


@frozen()
class KindGroup:
    """One 一级指标 with its 二级指标."""

    link: Link
    indicators: int
    lines: tuple[KindLine, ...]


@frozen()
class KindsView:
    """One year by kind of indicator."""

    title: str
    description: str
    crumbs: tuple[Link, ...]
    here: str
    figures: tuple[Figure, ...]
    groups: tuple[KindGroup, ...]


@frozen()
class CompareView:
    """两个项目对比."""

    title: str = "两个项目对比"
    description: str = "任选两个项目，把资金、年度总体目标和绩效指标并排对比。"


@frozen()
class FillView:
    """填报."""

    title: str = "填报"
    description: str = "在网页上填写和修改绩效目标表，边填边检查，填好后下载文件或提交审核。"


def filling(item: Summary) -> str:
    """Where a project is opened to be changed."""
    return f"{address.FILL}?project={address.project(item.id).rstrip('/')}"


def ways(which: Year) -> tuple[Link, ...]:
    """From the page of a year to the pages that browse it otherwise."""
    return (
        Link("按项目属性浏览", address.by_attribute(which.year)),
        Link("按指标类别浏览", address.by_kind(which.year)),
        Link("全部指标", selected(年度=which.year)),
    )


def comparisons(item: Summary, years: tuple[ProjectId, ...]) -> tuple[Link, ...]:
    """From a project to its comparisons; ``years``: it in every year, where it stands in several."""
    other = f"{address.COMPARE}?a={address.project(item.id).rstrip('/')}"
    links = (Link("与另一个项目对比", other),)
    if not years:
        return links
    span = "、".join(str(one.year) for one in years)
    return (Link(f"各年度对比（{span}）", address.across(years[0].department, years[0].stem)), *links)


def indicators(catalogue: Catalogue) -> IndicatorsView:
    """The page with every 三级指标."""
    total = sum(year.indicators for year in catalogue.years)
    return IndicatorsView(
        title="全部指标",
        description=f"{total} 个三级指标，可按类别、符号、数值、单位、项目、部门和年度筛选、排序。",
        lead=f"各年度全部项目的 {total:,} 个三级指标，可以筛选、排序；每一种筛选都有自己的网址，可以转发。",
        years=tuple(Link(f"{year.year} 年度", address.year(year.year)) for year in catalogue.years),
        columns=COLUMNS,
    )


def selected(**chosen: str | int) -> str:
    """The address of the table of indicators with values of facets chosen."""
    return f"{address.INDICATORS}?{urlencode(chosen)}"


def attributes(which: Year) -> AttributesView:
    """The page of one year by 项目属性: the most projects first."""
    projects = [(department, item) for department in which.departments for item in department.projects]
    ordered = sorted(projects, key=lambda pair: pair[1].attribute or "")
    found = [
        (name, list(pairs)) for name, pairs in groupby(ordered, key=lambda pair: pair[1].attribute or "")
    ]
    found.sort(key=lambda group: (not group[0], -len(group[1]), group[0]))
    title = f"{which.year} 年度项目（按项目属性）"
    return AttributesView(
        title=title,
        description=f"{title}：{len(found)} 种属性，{which.projects} 个项目。",
        crumbs=_crumbs(which),
        here="按项目属性",
        figures=(
            Figure("项目", f"{which.projects:,}", "个"),
            Figure("年度资金总额", amount(which.total_wan), "万元"),
        ),
        groups=tuple(
            _attribute(name, number, pairs, which.total_wan) for number, (name, pairs) in enumerate(found, 1)
        ),
    )


def _name(pair: tuple[DepartmentYear, Summary]) -> str:
    return pair[1].attribute or ""


def _attribute(
    name: str, number: int, pairs: list[tuple[DepartmentYear, Summary]], whole: Decimal
) -> AttributeGroup:
    total = _total(item for _, item in pairs)
    many = len(pairs) > MOST
    return AttributeGroup(
        name=name or NO_ATTRIBUTE,
        anchor=f"attribute-{number}",
        projects=len(pairs),
        indicators=sum(item.indicators for _, item in pairs),
        total=amount(total),
        share=_share(total, whole),
        by_department=many,
        lines=tuple(_departments(pairs) if many else _projects(pairs)),
    )


def _projects(pairs: list[tuple[DepartmentYear, Summary]]) -> Iterator[Line]:
    for department, item in pairs:
        link = Link(item.name, address.project(item.id))
        yield Line(link, department.name, 1, item.indicators, amount(item.total_wan))


def _departments(pairs: list[tuple[DepartmentYear, Summary]]) -> Iterator[Line]:
    for code, members in groupby(pairs, key=lambda pair: pair[0].code):
        of_code = list(members)
        department, items = of_code[0][0], [item for _, item in of_code]
        link = Link(department.name, address.department(department.year, code))
        count = sum(item.indicators for item in items)
        yield Line(link, department.name, len(items), count, amount(_total(items)))


def _total(items: Iterable[Summary]) -> Decimal:
    return sum((item.total_wan for item in items), Decimal())


def kinds(which: Year, forms: Iterable[Form]) -> KindsView:
    """The page of one year by 一级 and 二级指标, in the order of the forms."""
    rows, having = _counted(which)
    meanings: dict[tuple[str, str], str] = {}
    for form in forms:
        for level1, slot in form.slots:
            meanings.setdefault((level1.name, slot.name), slot.description)
    lines = [
        KindLine(
            Link(slot[1], selected(年度=which.year, 一级指标=slot[0], 二级指标=slot[1])),
            slot[0],
            meaning,
            rows[slot],
            having[slot],
            f"{having[slot] * 100 / which.projects:.0f}%",
        )
        for slot, meaning in meanings.items()
        if rows[slot]
    ]
    level1s = dict.fromkeys(line.level1 for line in lines)
    title = f"{which.year} 年度绩效指标（按类别）"
    return KindsView(
        title=title,
        description=f"{title}：{which.indicators} 个三级指标，分属 {len(rows)} 种二级指标。",
        crumbs=_crumbs(which),
        here="按指标类别",
        figures=(
            Figure("绩效指标", f"{which.indicators:,}", "个"),
            Figure("项目", f"{which.projects:,}", "个"),
        ),
        groups=tuple(
            KindGroup(
                Link(name, selected(年度=which.year, 一级指标=name)),
                sum(line.indicators for line in lines if line.level1 == name),
                tuple(line for line in lines if line.level1 == name),
            )
            for name in level1s
        ),
    )


def _counted(which: Year) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Of each 二级指标 how many indicators there are, and how many projects have any."""
    rows: Counter[tuple[str, str]] = Counter()
    having: Counter[tuple[str, str]] = Counter()
    for department in which.departments:
        for item in department.projects:
            for level1, level2, count in item.slots:
                rows[level1, level2] += count
                having[level1, level2] += 1
    return rows, having


def _crumbs(which: Year) -> tuple[Link, ...]:
    return (Link("首页", address.HOME), Link(f"{which.year} 年度", address.year(which.year)))


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{part * 100 / whole:.1f}%" if whole else "—"
