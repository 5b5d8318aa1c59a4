"""Document → Project: the only module that knows the YAML keys.

Given a document whose shape is right, the Project is complete. Given the paths where the shape is wrong,
those values count as absent, so that rules can still speak about the rest of the file.
"""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar, cast

from builder.model import Adjustment, Department, Fund, Indicator, Project, ProjectId, Waiver

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from builder.form import Form
    from builder.problem import Path
    from builder.source import Json

FORM = "表样"
YEAR = "年度"
NUMBER = "序号"
NAME = "项目名称"
DEPARTMENT = "主管部门"
DEPARTMENT_CODE = "部门代码"
UNIT = "实施单位"
ATTRIBUTE = "项目属性"
PERIOD = "项目期"
FUNDING = "项目资金"
GOALS = "年度总体目标"
INDICATORS = "绩效指标"
LEVEL1 = "一级指标"
LEVEL2 = "二级指标"
LEVEL3 = "三级指标"
VALUE = "指标值"
PUBLIC = "公开"
WAIVERS = "豁免"
FORMER = "曾用路径"
ADJUSTMENTS = "调整记录"

_WEIGHT, _EXPLANATION, _NOTE = "权重", "指标解释", "备注"
_INDICATOR_KEYS = {
    "name": LEVEL3,
    "value": VALUE,
    "weight": _WEIGHT,
    "explanation": _EXPLANATION,
    "note": _NOTE,
}
_INDICATOR_FIELDS = {key: field for field, key in _INDICATOR_KEYS.items()}
_WRITTEN = tuple(_INDICATOR_KEYS[field] for field in ("name", "value", "explanation", "note"))
_WAIVER_KEYS = {
    "rule": "规则",
    "level2": LEVEL2,
    "indicators": "指标",
    "goal": "目标",
    "key": "栏目",
    "reason": "理由",
}
_ADJUSTMENT_KEYS = {"date": "日期", "number": "批复文号", "reason": "原因"}
DEPARTMENT_NAME = "部门名称"
PROJECT_SPENDING = "项目支出"
PUBLISHED_ON = "公开日期"
_DEPARTMENT_KEYS = {
    "attachment": "附件标题",
    "approved_on": "批复日期",
    "approval_number": "批复文号",
    "published_on": PUBLISHED_ON,
    "phone": "联系电话",
    "address": "联系地址",
    "website": "公开网址",
    "note": "说明",
}

T = TypeVar("T")


def form_id(data: Mapping[str, Json]) -> str | None:
    """The 表样 a document names, if it names one."""
    return _get(data, FORM, str)


def project(data: dict[str, Json], form: Form, *, wrong: Collection[Path] = ()) -> Project:
    """The Project in ``data``, leaving out every value at a path in ``wrong``."""
    data = cast("dict[str, Json]", _without(data, (), frozenset(wrong))) if wrong else data
    funding = _get(data, FUNDING, dict) or {}
    return Project(
        form=form.id,
        year=_get(data, YEAR, int) or 0,
        number=_get(data, NUMBER, int),
        name=_get(data, NAME, str) or "",
        department=_get(data, DEPARTMENT, str) or "",
        department_code=_get(data, DEPARTMENT_CODE, str) or "",
        unit=_get(data, UNIT, str) or "",
        attribute=_get(data, ATTRIBUTE, str),
        period=_get(data, PERIOD, str),
        total=_money(funding.get(form.total.key)),
        funds=tuple(Fund(fund.key, _money(funding[fund.key])) for fund in form.funds if fund.key in funding),
        goals=tuple(goal for goal in _get(data, GOALS, list) or () if isinstance(goal, str)),
        indicators=tuple(_indicators(data, form)),
        waivers=tuple(_waivers(data)),
        execution_weight=_money(funding.get(form.execution.key)) if form.execution else None,
        withheld=data.get(PUBLIC) == "否",
        former=tuple(identity for _, identity in former(data)),
        adjustments=tuple(_adjustments(data)),
    )


def department(data: Mapping[str, Json]) -> Department:
    """The Department in a 部门.yml of right shape."""
    texts = {field: _get(data, key, str) for field, key in _DEPARTMENT_KEYS.items()}
    return Department(
        name=_get(data, DEPARTMENT_NAME, str) or "",
        project_spending=_money(data.get(PROJECT_SPENDING)),
        withheld=_get(data, "不予公开项目数", int),
        waivers=tuple(_waivers(data)),
        **texts,
    )


def former(data: Mapping[str, Json]) -> Iterator[tuple[Path, ProjectId]]:
    """曾用路径: each entry's path and the identity it names."""
    for index, text in enumerate(_get(data, FORMER, list) or ()):
        if isinstance(text, str) and text.count("/") == 2:  # noqa: PLR2004  年度/部门代码/文件名
            year, code, stem = text.split("/")
            if year.isascii() and year.isdigit():
                yield (FORMER, index), ProjectId(int(year), code, stem)


def _adjustments(data: Mapping[str, Json]) -> Iterator[Adjustment]:
    for index, row in enumerate(_get(data, ADJUSTMENTS, list) or ()):
        if isinstance(row, dict):
            texts = {field: _get(row, key, str) for field, key in _ADJUSTMENT_KEYS.items()}
            if (day := texts["date"]) is not None and (reason := texts["reason"]) is not None:
                yield Adjustment(day, reason, texts["number"], path=(ADJUSTMENTS, index))


def at(record: Indicator | Waiver | Adjustment, field: str) -> Path:
    """The path of one field of an indicator, a waiver or an adjustment."""
    if isinstance(record, Adjustment):
        keys = _ADJUSTMENT_KEYS
    else:
        keys = _INDICATOR_KEYS if isinstance(record, Indicator) else _WAIVER_KEYS
    return (*record.path, keys[field])


def texts(record: Project, form: Form) -> dict[str, str]:
    """What is printed for each key that holds one value: text to the letter, amounts with their digits."""
    amounts = {form.total.key: record.total, **{fund.name: fund.amount for fund in record.funds}}
    if form.execution:
        amounts[form.execution.key] = record.execution_weight
    values: dict[str, object | None] = {
        YEAR: record.year,
        NUMBER: record.number,
        NAME: record.name,
        DEPARTMENT: record.department,
        DEPARTMENT_CODE: record.department_code,
        UNIT: record.unit,
        ATTRIBUTE: record.attribute,
        PERIOD: record.period,
        **{key: None if amount is None else f"{amount:f}" for key, amount in amounts.items()},
    }
    return {key: "" if value is None else str(value) for key, value in values.items()}


def column_texts(rows: Iterable[Indicator], key: str) -> list[str]:
    """What is printed for one column of several indicators, which is named neither 一级 nor 二级指标."""
    found = map(attrgetter(_INDICATOR_FIELDS[key]), rows)
    return [value if value.__class__ is str else _text(value) for value in found]


def _text(value: str | Decimal | None) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else value or ""


def slot(level1: str, level2: str) -> Path:
    """The path of the list of indicators under one 二级指标."""
    return (INDICATORS, level1, level2)


def written(record: Project) -> Iterator[tuple[Path, str]]:
    """Every text a person wrote in a project, with its path; codes, amounts and waivers left out."""
    fields = {
        NAME: record.name,
        DEPARTMENT: record.department,
        UNIT: record.unit,
        ATTRIBUTE: record.attribute,
        PERIOD: record.period,
    }
    yield from (((key,), text) for key, text in fields.items() if text)
    yield from ((goal(index), text) for index, text in enumerate(record.goals))
    for row in record.indicators:
        for key, text in zip(_WRITTEN, (row.name, row.value, row.explanation, row.note), strict=True):
            if text:
                yield (*row.path, key), text
    for entry in record.adjustments:
        yield at(entry, "reason"), entry.reason


def words(record: Project) -> list[str]:
    """The same texts without their paths, and without empty ones."""
    texts = [record.name, record.department, record.unit, record.attribute, record.period, *record.goals]
    for row in record.indicators:
        texts += (row.name, row.value, row.explanation, row.note)
    texts += [entry.reason for entry in record.adjustments]
    return [text for text in texts if text]


def written_of_department(record: Department) -> Iterator[tuple[Path, str]]:
    """Every text of a 部门.yml, with its path."""
    texts = ((key, getattr(record, field)) for field, key in _DEPARTMENT_KEYS.items())
    yield from (((key,), text) for key, text in texts if text)


def goal(index: int) -> Path:
    """The path of one goal, counted from 0."""
    return (GOALS, index)


def fund(key: str) -> Path:
    """The path of one amount of 项目资金, by its key."""
    return (FUNDING, key)


def _indicators(data: Mapping[str, Json], form: Form) -> Iterator[Indicator]:
    groups = _get(data, INDICATORS, dict) or {}
    for level1 in form.level1:
        slots = _get(groups, level1.name, dict) or {}
        for level2 in level1.level2:
            for index, row in enumerate(_get(slots, level2.name, list) or ()):
                name = _get(row, _INDICATOR_KEYS["name"], str) if isinstance(row, dict) else None
                if isinstance(row, dict) and name is not None:
                    path = (*slot(level1.name, level2.name), index)
                    yield _indicator(row, (level1.name, level2.name, name), path)


def _indicator(row: Mapping[str, Json], names: tuple[str, str, str], path: Path) -> Indicator:
    get = row.get
    weight = get(_WEIGHT)
    return Indicator(
        *names,
        value if isinstance(value := get(VALUE), str) else None,
        None if weight is None else _money(weight),
        explanation if isinstance(explanation := get(_EXPLANATION), str) else None,
        note if isinstance(note := get(_NOTE), str) else None,
        path,
    )


def _waivers(data: Mapping[str, Json]) -> Iterator[Waiver]:
    for index, row in enumerate(_get(data, WAIVERS, list) or ()):
        if isinstance(row, dict):
            texts = {field: _get(row, key, str) for field, key in _WAIVER_KEYS.items()}
            if (rule := texts["rule"]) is not None and (reason := texts["reason"]) is not None:
                yield Waiver(
                    rule,
                    reason,
                    texts["level2"],
                    tuple(_names(row.get(_WAIVER_KEYS["indicators"]))),
                    _get(row, _WAIVER_KEYS["goal"], int),
                    texts["key"],
                    path=(WAIVERS, index),
                )


def _names(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (name for name in value if isinstance(name, str))


def _get(data: Mapping[str, Json], key: str, kind: type[T]) -> T | None:
    value = data.get(key)
    return value if isinstance(value, kind) and not isinstance(value, bool) else None


def _money(value: Json) -> Decimal | None:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    return None


def _without(value: Json, path: Path, wrong: frozenset[Path]) -> Json:
    """``value`` with everything at a wrong path replaced by null; list positions stay."""
    if path in wrong and path:
        return None
    if isinstance(value, dict):
        return {key: _without(item, (*path, key), wrong) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, (*path, index), wrong) for index, item in enumerate(value)]
    return value
