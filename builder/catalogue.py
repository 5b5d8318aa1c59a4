"""全部项目: a summary of every project, grouped by year and department, and totalled.

Whole Projects are not kept; they stream through one department at a time.
"""

from __future__ import annotations

from dataclasses import field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import groupby
from sys import intern
from typing import TYPE_CHECKING, TypeVar

from builder import wording
from builder.frozen import Packed, frozen
from builder.tree import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from builder.model import Adjustment, Department, ProjectId
    from builder.rules import Subject
    from builder.tree import SourceFile

_YUAN_PER_WAN = Decimal(10000)
_Kept = TypeVar("_Kept")


@frozen()
class Summary(Packed):
    """What lists and totals need of one project. ``total_wan`` is 年度资金总额 in 万元, exact.

    ``slots`` are 一级指标, 二级指标 and how many 三级指标; ``measurable``: how many of those are.
    ``former`` are its 曾用路径, ``adjustments`` its declared 调整记录. What is not printed follows from the
    file and its digest; ``number`` does not, see ``catalogue``.
    """

    id: ProjectId
    file: str
    digest: str
    number: int | None
    name: str = field(repr=False)
    department: str = field(repr=False)
    attribute: str | None = field(repr=False)
    total: Decimal = field(repr=False)
    currency: str = field(repr=False)
    slots: tuple[tuple[str, str, int], ...] = field(repr=False)
    measurable: tuple[int, ...] = field(repr=False)
    former: tuple[ProjectId, ...] = field(default=(), repr=False)
    adjustments: tuple[Adjustment, ...] = field(default=(), repr=False)

    @property
    def total_wan(self) -> Decimal:
        """The total in 万元, whatever unit the form uses."""
        return self.total if self.currency == "万元" else self.total / _YUAN_PER_WAN

    @property
    def indicators(self) -> int:
        """How many 三级指标 there are."""
        return sum(count for _, _, count in self.slots)


@frozen(slots=False)
class DepartmentYear(Packed):
    """One department in one year: its projects in table order, and what its 部门.yml says."""

    year: int
    code: str
    name: str
    facts: Department | None
    file: str | None
    projects: tuple[Summary, ...]

    @cached_property
    def total_wan(self) -> Decimal:
        """Sum of 年度资金总额, 万元."""
        return sum((project.total_wan for project in self.projects), Decimal())

    @cached_property
    def indicators(self) -> int:
        """How many 三级指标 the department's projects have."""
        return sum(project.indicators for project in self.projects)


@frozen(slots=False)
class Year(Packed):
    """One 年度 with its departments by code."""

    year: int
    departments: tuple[DepartmentYear, ...]

    @cached_property
    def projects(self) -> int:
        """How many projects the year has."""
        return sum(len(department.projects) for department in self.departments)

    @cached_property
    def total_wan(self) -> Decimal:
        """Sum of 年度资金总额, 万元."""
        return sum((department.total_wan for department in self.departments), Decimal())

    @cached_property
    def indicators(self) -> int:
        """How many 三级指标 the year has."""
        return sum(department.indicators for department in self.departments)


@frozen(eq=False, slots=False)
class Catalogue:
    """Every year, newest first. Each is equal to itself only."""

    years: tuple[Year, ...]


def summarise(subject: Subject, file: SourceFile) -> Summary | None:
    """The Summary of one project, or ``None`` when its path gives it no identity.

    Texts that many projects share are kept once, in memory as in what is handed to another process.
    """
    if file.id is None or file.raw is None:
        return None
    project = subject.project
    counts: dict[tuple[str, str], int] = {}
    measurable: dict[tuple[str, str], int] = {}
    for row in subject.rows:
        slot = row.indicator.level1, row.indicator.level2
        counts[slot] = counts.get(slot, 0) + 1
        measurable[slot] = measurable.get(slot, 0) + wording.is_measurable(row.value)
    return Summary(
        id=file.id,
        file=file.name,
        digest=digest(file.raw),
        number=project.number,
        name=project.name,
        department=_once(project.department),
        attribute=project.attribute and _once(project.attribute),
        total=project.total or Decimal(),
        currency=subject.form.currency,
        slots=_shared(tuple((level1, level2, count) for (level1, level2), count in counts.items())),
        measurable=_once(tuple(measurable.values())),
        former=project.former,
        adjustments=project.adjustments,
    )


def _shared(slots: tuple[tuple[str, str, int], ...]) -> tuple[tuple[str, str, int], ...]:
    """The same of parts that are kept once: there are many ways to put a few together."""
    shared: tuple[tuple[str, str, int], ...] = _once(tuple(map(_once, slots)))
    return shared


@lru_cache(maxsize=1 << 13)
def _once(value: _Kept) -> _Kept:
    """A value that many projects have, kept once."""
    return value


def share(made: Summary) -> None:
    """Let a Summary that another process has made share what it can with those that others have made."""
    object.__setattr__(made, "file", intern(made.file))  # as the history calls it
    object.__setattr__(made, "slots", _shared(made.slots))
    object.__setattr__(made, "measurable", _once(made.measurable))


def amount(value: Decimal) -> str:
    """An amount for people, with the digits it was given: 13.00 stays 13.00, 1234.5 becomes 1,234.5."""
    return f"{value:,f}"


def catalogue(
    summaries: Iterable[Summary],
    departments: Iterable[tuple[ProjectId, str, Department]],
    *,
    renumber: Collection[tuple[int, str]] = (),
) -> Catalogue:
    """Group and order. ``departments``: each 部门.yml with what its path says and its file name.

    ``renumber``: year and code of departments with withheld projects; their tables are numbered anew, so that
    no gap tells of one.
    """
    facts = {(key.year, key.department): (file, department) for key, file, department in departments}
    ordered = sorted(summaries, key=lambda item: (-item.id.year, item.id.department, table_order(item)))
    years = []
    for year, of_year in groupby(ordered, key=lambda item: item.id.year):
        groups = groupby(of_year, key=lambda item: item.id.department)
        years.append(
            Year(
                year,
                tuple(
                    _department(year, code, _numbered(group, anew=(year, code) in renumber), facts)
                    for code, group in groups
                ),
            )
        )
    return Catalogue(tuple(years))


def _numbered(group: Iterable[Summary], *, anew: bool) -> tuple[Summary, ...]:
    if not anew:
        return tuple(group)
    return tuple(
        replace(item, number=number if item.number is not None else None)
        for number, item in enumerate(group, 1)
    )


def redirects(published: Catalogue) -> Mapping[ProjectId, Summary]:
    """Every former place (曾用路径) at which no project stands now, and the project that stood there."""
    items = [
        item for year in published.years for department in year.departments for item in department.projects
    ]
    live = {item.id for item in items}
    found: dict[ProjectId, Summary] = {}
    for item in sorted(items, key=lambda item: item.id):
        for former in item.former:
            if former not in live:
                found.setdefault(former, item)
    return found


def lineages(published: Catalogue) -> Mapping[ProjectId, tuple[Summary, ...]]:
    """For each project, itself in every year, the oldest first; one a year.

    A project is known again by 部门代码 and stem, or by a place where it is said to have stood (曾用路径).
    """
    moved = redirects(published)
    groups: dict[tuple[str, str], list[Summary]] = {}
    found: dict[ProjectId, list[Summary]] = {}
    for year in reversed(published.years):
        for department in year.departments:
            for item in department.projects:
                keys = [(item.id.department, item.id.stem)]
                earlier = [former for former in item.former if former.year < year.year]
                known = [found[now] for former in earlier if (now := _now(former, moved)) in found]
                known += [groups[key] for key in keys if key in groups and not known]
                group = next((one for one in known if one[-1].id.year < year.year), [])
                group.append(item)
                found[item.id] = groups[keys[0]] = group
    return {identity: tuple(group) for identity, group in found.items()}


def _now(former: ProjectId, moved: Mapping[ProjectId, Summary]) -> ProjectId:
    return moved[former].id if former in moved else former


def table_order(item: Summary) -> tuple[bool, int, str]:
    """Projects with a 序号 come first, in its order; then by stem."""
    return (item.number is None, item.number or 0, item.id.stem)


def _department(
    year: int,
    code: str,
    projects: tuple[Summary, ...],
    facts: dict[tuple[int, str], tuple[str, Department]],
) -> DepartmentYear:
    file, department = facts.get((year, code), (None, None))
    name = department.name if department else projects[0].department
    return DepartmentYear(year, code, name, department, file, projects)
