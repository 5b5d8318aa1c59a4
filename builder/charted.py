"""What the charts of each page show: which bars, what is left out, and the same numbers for a table."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from builder.catalogue import amount
from builder.charts import Bar, Chart
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from builder.catalogue import Catalogue, DepartmentYear, Summary, Year

MOST = 12
"""Bars that are all shown; of more, the ``TOP`` longest are."""

TOP = 10

MEASURABLE = "有数或期限、可以衡量"


@frozen()
class Charted:
    """A chart, what is said below its title, and its numbers as a table where the page has none of its own.

    Each row begins with a name, the rest are numbers under ``columns``; ``above`` stands above each name.
    """

    chart: Chart
    note: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    above: tuple[str, ...] = ()


def of_home(catalogue: Catalogue) -> tuple[Charted, ...]:
    """The newest year: money by department, indicators by kind."""
    return of_year(catalogue.years[0]) if catalogue.years else ()


def of_years(catalogue: Catalogue) -> tuple[Charted, ...]:
    """Years side by side: money, and how many indicators are measurable."""
    years = catalogue.years[:MOST][::-1]
    if len(years) <= 1:
        return ()
    money = [(f"{year.year} 年度", year.total_wan) for year in years]
    return tuple(_there(_money_over("years-money", "各年度资金总额", "万元", money), _measured(years)))


def of_year(year: Year) -> tuple[Charted, ...]:
    """Money by department, indicators by kind."""
    money = [(department.name, department.total_wan) for department in year.departments]
    projects = chain.from_iterable(department.projects for department in year.departments)
    return tuple(_there(_money("部门", "万元", money), _kinds(projects)))


def of_department(department: DepartmentYear) -> tuple[Charted, ...]:
    """Money by project, indicators by kind."""
    unit, totals = _in_one_unit(department.projects)
    money = [(item.name, total) for item, total in zip(department.projects, totals, strict=True)]
    return tuple(_there(_money("项目", unit, money), _kinds(department.projects)))


def of_project(items: Sequence[Summary]) -> tuple[Charted, ...]:
    """One project over its years, the oldest first: money."""
    items = items[-MOST:]
    unit, totals = _in_one_unit(items)
    money = [(f"{item.id.year} 年度", total) for item, total in zip(items, totals, strict=True)]
    return tuple(_there(_money_over("money", "各年度资金总额", unit, money)))


def _in_one_unit(items: Sequence[Summary]) -> tuple[str, list[Decimal]]:
    """年度资金总额 of each as printed where all forms use the same unit, otherwise in 万元; and the unit."""
    currencies = {item.currency for item in items}
    if len(currencies) == 1:
        return currencies.pop(), [item.total for item in items]
    return "万元", [item.total_wan for item in items]


def _there(*charted: Charted | None) -> Iterator[Charted]:
    return (one for one in charted if one is not None)


def _differ(bars: Sequence[Bar]) -> bool:
    """Whether a chart says anything: two bars have a length, and not all are alike."""
    return sum(bar.value > 0 for bar in bars) > 1 and len({(bar.value, bar.part) for bar in bars}) > 1


def _money(what: str, unit: str, totals: Sequence[tuple[str, Decimal]]) -> Charted | None:
    """The most money first."""
    some = sorted((pair for pair in totals if pair[1] > 0), key=lambda pair: -pair[1])
    shown = some if len(some) <= MOST else some[:TOP]
    left, without = some[len(shown) :], len(totals) - len(some)
    said = [f"最多的 {len(shown)} 个{what}" if left else f"从多到少，共 {len(shown)} 个{what}"]
    if left:
        rest = sum((total for _, total in left), Decimal())
        said.append(f"其余 {len(left)} 个合计 {amount(rest)} {unit}")
    if without:
        said.append(f"另有 {without} 个没有金额或金额为零，没有画")
    bars = tuple(Bar(name, total, amount(total)) for name, total in shown)
    if not _differ(bars):
        return None
    chart = Chart("money", f"各{what}年度资金总额（{unit}）", _summary(bars, unit), bars)
    return Charted(chart, f"{'；'.join(said)}。全部数字见下面的{what}列表。")


def _money_over(key: str, title: str, unit: str, totals: Sequence[tuple[str, Decimal]]) -> Charted | None:
    """In order of time."""
    bars = tuple(Bar(name, total, amount(total)) for name, total in totals)
    if not _differ(bars):
        return None
    return Charted(Chart(key, f"{title}（{unit}）", _summary(bars, unit), bars), "数字也列在下面的表里。")


def _kinds(projects: Iterable[Summary]) -> Charted | None:
    """The most indicators first."""
    counts: Counter[tuple[str, str]] = Counter()
    measurable: Counter[tuple[str, str]] = Counter()
    for item in projects:
        for (level1, level2, count), good in zip(item.slots, item.measurable, strict=True):
            counts[level1, level2] += count
            measurable[level1, level2] += good
    ordered = counts.most_common()
    shown = ordered if len(ordered) <= MOST else ordered[:TOP]
    alike = Counter(level2 for _, level2 in counts)
    bars = tuple(
        _part(level2 if alike[level2] == 1 else f"{level2}（{level1}）", measurable[level1, level2], count)
        for (level1, level2), count in shown
    )
    if not _differ(bars):
        return None
    left = len(ordered) - len(shown)
    more = f"图中是最多的 {len(shown)} 类，其余 {left} 类见表。" if left else ""
    return Charted(
        Chart("kinds", "各类指标的个数和可衡量的占比", _summary(bars), bars),
        f"{_whole(measurable.total(), counts.total())}{more}",
        ("二级指标", "指标（个）", "可衡量（个）", "占比"),
        tuple((kind[1], *_numbers(measurable[kind], count)) for kind, count in ordered),
        tuple(level1 for (level1, _), _ in ordered),
    )


def _measured(years: Sequence[Year]) -> Charted | None:
    """In order of time, how many indicators there are and how many of them are measurable."""
    found = [(f"{year.year} 年度", _measurable(year), year.indicators) for year in years]
    bars = tuple(_part(*one) for one in found)
    if not _differ(bars):
        return None
    return Charted(
        Chart("years-measurable", "各年度指标的个数和可衡量的占比", _summary(bars), bars),
        f"各条的前一段是{MEASURABLE}的。",
        ("年度", "指标（个）", "可衡量（个）", "占比"),
        tuple((name, *_numbers(part, whole)) for name, part, whole in found),
    )


def _measurable(year: Year) -> int:
    return sum(sum(item.measurable) for department in year.departments for item in department.projects)


def _part(name: str, part: int, whole: int) -> Bar:
    return Bar(name, whole, f"{part:,} / {whole:,}", part, share(part, whole))


def _numbers(part: int, whole: int) -> tuple[str, str, str]:
    return f"{whole:,}", f"{part:,}", share(part, whole)


def _whole(part: int, whole: int) -> str:
    return f"共 {whole:,} 个绩效指标，其中 {part:,} 个（{share(part, whole)}）{MEASURABLE}，即各条的前一段。"


def _summary(bars: Sequence[Bar], unit: str = "") -> str:
    """For those who do not see the chart: how many bars, and the longest."""
    longest = max(bars, key=lambda bar: bar.value)
    label = f"{longest.label} {unit}".strip()
    return f"横条图，{len(bars)} 条；最长的是“{longest.name}”，{label}。"


def share(part: int, whole: int) -> str:
    """A share in whole percents; neither all nor nothing unless it is."""
    if not whole:
        return "—"
    percent = round(part * 100 / whole)
    if percent == 0 < part:
        return "<1%"
    return ">99%" if percent == 100 and part < whole else f"{percent}%"  # noqa: PLR2004  percent
