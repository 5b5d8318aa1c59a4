"""Every data page there is: which kinds, each one's address, and the data files behind it.

Entries are plain values, so that they can be listed, counted and handed to another process without making a
page.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from builder import across, address
from builder.catalogue import redirects
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.catalogue import Catalogue, DepartmentYear, Summary, Year
    from builder.downloads import Listed
    from builder.model import ProjectId


@frozen()
class HomeEntry:
    """首页."""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.HOME


@frozen()
class SearchEntry:
    """搜索页."""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.SEARCH


@frozen()
class IndicatorsEntry:
    """全部指标."""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.INDICATORS


@frozen()
class CompareEntry:
    """两个项目对比."""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.COMPARE


@frozen()
class FillEntry:
    """填报."""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.FILL


@frozen()
class YearEntry:
    """年度页."""

    year: Year

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.year(self.year.year)


@frozen()
class AttributesEntry:
    """年度的项目，按项目属性."""

    year: Year

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.by_attribute(self.year.year)


@frozen()
class KindsEntry:
    """年度的指标，按类别."""

    year: Year

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.by_kind(self.year.year)


@frozen()
class DepartmentEntry:
    """部门页."""

    department: DepartmentYear

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.department(self.department.year, self.department.code)


@frozen()
class ProjectEntry:
    """项目页, and the department among whose projects it stands.

    ``years``: the same project in every year, the oldest first, where it stands in several.
    """

    project: Summary
    department: DepartmentYear
    years: tuple[ProjectId, ...] = ()

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.project(self.project.id)


@frozen()
class AcrossEntry:
    """同一项目各年度对比. ``years``: the project in every year, the oldest first."""

    years: tuple[Summary, ...]

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.across(self.years[0].id.department, self.years[0].id.stem)


@frozen()
class DataEntry:
    """下载. ``files``: what can be taken away; ``linked``: the dataset as JSON-LD, one line, or empty."""

    files: tuple[Listed, ...] = ()
    linked: str = ""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.DATA


@frozen()
class ChangesEntry:
    """全部调整记录."""

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.CHANGES


@frozen()
class MovedEntry:
    """A former address (曾用路径), which leads to the project that stood there."""

    former: ProjectId
    project: Summary

    @property
    def address(self) -> str:
        """Address from the root."""
        return address.project(self.former)


WholeEntry = HomeEntry | SearchEntry | IndicatorsEntry | CompareEntry | FillEntry | DataEntry | ChangesEntry
OfYearEntry = YearEntry | AttributesEntry | KindsEntry | DepartmentEntry
Entry = WholeEntry | OfYearEntry | ProjectEntry | AcrossEntry | MovedEntry


@lru_cache(maxsize=1)
def entries(catalogue: Catalogue) -> tuple[Entry, ...]:
    """Every data page, in order.

    First those of the whole collection, then each year, its departments and their projects, then the projects
    over their years.
    """
    return tuple(_entries(catalogue))


def _entries(catalogue: Catalogue) -> Iterator[Entry]:
    yield from (HomeEntry(), SearchEntry(), IndicatorsEntry(), CompareEntry(), FillEntry())
    yield from (DataEntry(), ChangesEntry())
    groups = across.groups(catalogue)
    for year in catalogue.years:
        yield from (YearEntry(year), AttributesEntry(year), KindsEntry(year))
        for department in year.departments:
            yield DepartmentEntry(department)
            for item in department.projects:
                years = tuple(one.id for one in groups.get(item.id, ()))
                yield ProjectEntry(item, department, years)
    yield from (AcrossEntry(years) for key, years in groups.items() if key == years[0].id)
    yield from (MovedEntry(former, item) for former, item in redirects(catalogue).items())


def sources(entry: Entry, catalogue: Catalogue) -> tuple[str, ...]:
    """The data files whose change changes a page."""
    match entry:
        case HomeEntry() | IndicatorsEntry() | DataEntry() | ChangesEntry():
            return tuple(file for year in catalogue.years for file in _year_files(year))
        case SearchEntry() | CompareEntry() | FillEntry():
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
