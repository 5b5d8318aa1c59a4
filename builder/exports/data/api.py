"""The static JSON API: lists that lead from the index to years, departments and projects.

A project's own object is written while projects stream by; the lists come from the Catalogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import address, downloads
from builder.exports.data.columns import DEPARTMENTS
from builder.exports.data.rows import SHAPE, of_department

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.catalogue import Catalogue, DepartmentYear, Summary, Year
    from builder.exports.data.about import About


def documents(catalogue: Catalogue, about: About) -> Iterator[tuple[str, dict[str, object]]]:
    """Every list: its path under the API, and its content."""
    years = catalogue.years
    departments = [which for year in years for which in year.departments]
    yield (
        "index.json",
        {
            "version": SHAPE,
            "name": about.site_name,
            "notice": about.notice or None,
            "licence": about.licence or None,
            "projects": sum(year.projects for year in years),
            "indicators": sum(year.indicators for year in years),
            "years": _url("years.json", about),
            "departments": _url("departments.json", about),
            "openapi": _url("openapi.json", about),
            "download": f"{about.site_url}{downloads.FOLDER}/",
        },
    )
    yield "years.json", {"version": SHAPE, "years": [_year(year, about) for year in years]}
    yield (
        "departments.json",
        {"version": SHAPE, "departments": [_department(which, about) for which in departments]},
    )
    for year in years:
        members = [_department(which, about) for which in year.departments]
        yield (
            f"years/{year.year}.json",
            {"version": SHAPE, **_year(year, about), "of_departments": members},
        )
        for which in year.departments:
            yield (
                f"departments/{year.year}/{which.code}.json",
                {
                    "version": SHAPE,
                    **_department(which, about),
                    "of_projects": [_project(item, about) for item in which.projects],
                },
            )


def _year(year: Year, about: About) -> dict[str, object]:
    return {
        "year": year.year,
        "departments": len(year.departments),
        "projects": year.projects,
        "indicators": year.indicators,
        "total_wan": f"{year.total_wan:f}",
        "page": f"{about.site_url}{address.year(year.year)}",
        "url": _url(f"years/{year.year}.json", about),
    }


def _department(which: DepartmentYear, about: About) -> dict[str, object]:
    ((row,),) = of_department(which).tables.values()
    facts = dict(zip(DEPARTMENTS.names, row, strict=True))
    return {
        **facts,
        "total_wan": f"{which.total_wan:f}",
        "page": f"{about.site_url}{address.department(which.year, which.code)}",
        "url": _url(f"departments/{which.year}/{which.code}.json", about),
    }


def _project(item: Summary, about: About) -> dict[str, object]:
    return {
        "id": f"{item.id.year}/{item.id.department}/{item.id.stem}",
        "name": item.name,
        "number": item.number,
        "attribute": item.attribute,
        "currency": item.currency,
        "total": f"{item.total:f}",
        "total_wan": f"{item.total_wan:f}",
        "indicators": item.indicators,
        "page": f"{about.site_url}{address.project(item.id)}",
        "url": about.site_url + downloads.href(downloads.api_project(item.id)),
    }


def _url(path: str, about: About) -> str:
    return about.site_url + downloads.href(f"{downloads.API}/{path}")
