"""One project, or one department, as rows of the tables in ``columns``; a project also as a JSON object."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from builder import address, wording
from builder.exports.data import columns
from builder.frozen import frozen
from builder.values import comparable_number, comparable_upper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.catalogue import DepartmentYear, Summary
    from builder.problem import Waived
    from builder.rules.rule import Row as IndicatorRow
    from builder.rules.rule import Subject
    from builder.source import Json
    from builder.values import Moment, Value

Cell: TypeAlias = "str | int | bool | Decimal | None"
Row: TypeAlias = "tuple[Cell, ...]"

SHAPE = "1"
"""The version of the JSON shape; also the ``v1`` in the addresses of the API."""


@frozen()
class Item:
    """One project on its way: its Summary, what was read again, its data, and its answered findings."""

    summary: Summary
    subject: Subject
    data: Mapping[str, Json]
    waived: tuple[Waived, ...]
    department: DepartmentYear


@frozen()
class Record:
    """What the formats write of one project or one department: rows by table, and its line of JSON."""

    tables: Mapping[str, tuple[Row, ...]]
    line: str = ""


def identity(summary: Summary) -> str:
    """项目标识: ``2024/067001/项目``."""
    return f"{summary.id.year}/{summary.id.department}/{summary.id.stem}"


def of_project(item: Item, site_url: str) -> Record:
    """The rows of one project in every table, and its JSON."""
    project, currency = item.subject.project, item.subject.form.currency
    key = identity(item.summary)
    meant = tuple(_indicator(number, row) for number, row in enumerate(item.subject.rows, 1))
    head = _project(item, site_url)
    before = tuple(
        cell for name, cell in zip(columns.PROJECTS.names, head, strict=True) if name in columns.OF_PROJECT
    )
    return Record(
        {
            "projects": (head,),
            "indicators": tuple((key, *row) for row in meant),
            "long": tuple((*before, *row) for row in meant),
            "funds": tuple(
                (key, row, fund.name, fund.amount, currency) for row, fund in enumerate(project.funds, 1)
            ),
            "goals": tuple((key, row, text) for row, text in enumerate(project.goals, 1)),
            "waived": tuple(
                (key, row, answer.problem.code, answer.problem.message, answer.reason)
                for row, answer in enumerate(item.waived, 1)
            ),
        },
        _json(item, head, meant),
    )


def of_department(which: DepartmentYear) -> Record:
    """The row of one department in one year.

    项目支出 is left out: less the published total, it would tell the amount of what is withheld.
    """
    facts = which.facts
    said: tuple[Cell, ...] = (None,) * 8
    if facts:
        said = (
            facts.attachment,
            facts.approved_on,
            facts.approval_number,
            facts.published_on,
            facts.phone,
            facts.address,
            facts.website,
            facts.note,
        )
    row = (
        f"{which.year}/{which.code}",
        which.year,
        which.code,
        which.name,
        *said,
        facts.withheld if facts else None,
        len(which.projects),
        which.indicators,
        which.total_wan,
    )
    return Record({"departments": (row,)})


def _project(item: Item, site_url: str) -> Row:
    project, summary = item.subject.project, item.summary
    return (
        identity(summary),
        project.year,
        summary.id.department,
        project.department,
        project.unit,
        project.number,
        project.name,
        project.form,
        project.attribute,
        project.period,
        item.subject.form.currency,
        project.total,
        None if project.total is None else summary.total_wan,
        project.execution_weight,
        len(project.goals),
        len(project.indicators),
        sum(wording.is_measurable(row.value) for row in item.subject.rows),
        f"{site_url}{address.project(summary.id)}",
    )


def _indicator(number: int, row: IndicatorRow) -> Row:
    indicator = row.indicator
    written = (
        indicator.level1,
        indicator.level2,
        indicator.name,
        indicator.value,
        indicator.weight,
        indicator.explanation,
        indicator.note,
    )
    return (number, *written, *_read(row.value))


def _read(value: Value | None) -> Row:
    """The columns of what was read; where there is no value all but the sentence are empty."""
    sentence = wording.plain(value)
    if value is None:
        return (*_NOTHING, sentence, None)
    number, upper = comparable_number(value), comparable_upper(value)
    deadline = value.deadline
    return (
        value.kind.value,
        value.understood,
        wording.is_measurable(value),
        value.operator.value if value.operator else None,
        value.number,
        value.upper,
        value.magnitude or None,
        value.unit.name if value.unit else None,
        "/".join(value.per) or None,
        value.tolerance,
        value.tolerance_unit.name if value.tolerance_unit else None,
        value.approximate,
        value.change or None,
        value.base or None,
        number and number[0],
        upper and upper[0],
        (number and number[1]) or None,
        _date(deadline.first if deadline else None),
        _date(deadline.last if deadline else None),
        deadline.last.precision.value if deadline and deadline.last else None,
        (deadline and deadline.every) or None,
        deadline.inclusive if deadline else None,
        value.phrase or None,
        value.topic or None,
        value.direction.value,
        value.direction_source.value,
        sentence,
        "；".join(doubt.message for doubt in value.suspicions) or None,
    )


_READ = tuple(column.name for column in columns.READ)
_NOTHING: Row = (None, None, False, *(None,) * (len(_READ) - 5))


def _date(moment: Moment | None) -> str | None:
    """A day of one year as an ISO text; of a day of every year or month there is none."""
    if moment is None or moment.year is None or moment.month is None:
        return None
    return date(moment.year, moment.month, moment.day).isoformat()


def _json(item: Item, head: Row, meant: tuple[Row, ...]) -> str:
    """One line: the columns of a project by name, with its parts as lists. Exact numbers are texts."""
    counted = {"goals", "indicators"}
    project = dict(zip(columns.PROJECTS.names, head, strict=True))
    names = columns.INDICATORS.names[1:]
    shape: dict[str, object] = {
        "version": SHAPE,
        **{name: _exact(cell) for name, cell in project.items() if name not in counted},
        "funds": [{"name": fund.name, "amount": _exact(fund.amount)} for fund in item.subject.project.funds],
        "goals": list(item.subject.project.goals),
        "indicators": [_object(names, row) for row in meant],
        "adjustments": [
            {"date": entry.date, "number": entry.number, "reason": entry.reason}
            for entry in item.subject.project.adjustments
        ],
        "former": [
            f"{former.year}/{former.department}/{former.stem}" for former in item.subject.project.former
        ],
        "waived": [
            {"rule": answer.problem.code, "message": answer.problem.message, "reason": answer.reason}
            for answer in item.waived
        ],
    }
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def _object(names: tuple[str, ...], row: Row) -> dict[str, object]:
    """An indicator: what is written always stands, under ``meaning`` only what was read."""
    cells = dict(zip(names, row, strict=True))
    written = {name: _exact(cells[name]) for name in names if name not in _READ}
    read = {name: _exact(cells[name]) for name in _READ if cells[name] is not None}
    return {**written, "meaning": read}


def _exact(cell: Cell) -> object:
    return f"{cell:f}" if isinstance(cell, Decimal) else cell
