"""可行性 (group F): can it be done in the time there is."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from builder.decode import ATTRIBUTE, PERIOD, at
from builder.problem import Finding, Severity
from builder.rules.complete import shown
from builder.rules.rule import Rule, example
from builder.values import Precision, canonical
from builder.values.numerals import CHINESE, whole
from builder.values.text import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.rules.rule import Limits, Row, Subject
    from builder.values import Deadline, Moment, Value

_YEARS = re.compile(f"(?P<number>[0-9]{{1,3}}|{CHINESE})个?年[期度]?")
_YEAR_END, _LEAP_DAY = (12, 31), (2, 29)


@lru_cache(maxsize=1000)
def years(period: str | None) -> int | None:
    """How many years a 项目期 of the kind ``1 年`` is; ``None`` where it says anything else."""
    match = _YEARS.fullmatch(normalised(period).plain) if period else None
    return whole(match["number"]) or None if match else None


def within_time(subject: Subject, _: Limits) -> Iterator[Finding]:
    """F01: no deadline is over when the year begins, and none comes after the end of the 项目期.

    The project may have begun earlier or begin now, so that it ends at the latest ``years`` from now.
    """
    year, length = subject.project.year, years(subject.project.period)
    last = year + length - 1 if length else None
    for row, deadline, end in _deadlines(subject):
        message = ""
        if year and end.year and end.year < year:
            message = f"{shown(row)}在 {year} 年度开始之前就到期了"
        elif year and end.year and last is not None and end.year > last:
            message = f"{shown(row)}在项目期（{subject.project.period}）结束之后，最晚应在 {last} 年"
        if message:
            hint = f"请核对年份，本表是 {year} 年度的目标{_in_year(year, row.value, deadline, end)}。"
            yield Finding("F01", at(row.indicator, "value"), message, hint)


def _deadlines(subject: Subject) -> Iterator[tuple[Row, Deadline, Moment]]:
    for row in subject.rows:
        if row.value and row.value.deadline and row.value.deadline.last:
            yield row, row.value.deadline, row.value.deadline.last


def _in_year(year: int, value: Value | None, deadline: Deadline, end: Moment) -> str:
    """What the deadline would be in ``year``. A period, or 29 February, is left to people."""
    leap_day = end.precision is Precision.DAY and (end.month, end.day) == _LEAP_DAY
    if value is None or deadline.first or leap_day:
        return ""
    moved = replace(value, deadline=replace(deadline, last=replace(end, year=year)))
    return f"；如果就是本年度，请写“{canonical(moved)}”"


def before_year_end(subject: Subject, _: Limits) -> Iterator[Finding]:
    """F02: a deadline that is only the end of the year says nothing of when."""
    for row, deadline, end in _deadlines(subject):
        if (end.month, end.day) == _YEAR_END and not deadline.first and not deadline.every:
            message = f"{shown(row)}只是年底，等于没有期限"
            hint = "能提前的请写到月或季度，如“10 月底前”；按件办理的写时长，如“≤5 个工作日”。"
            yield Finding("F02", at(row.indicator, "value"), message, hint)


def period_in_words(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """F03: a number of years that stands for 长期 (99 年) is written as 长期, and only for 经常性."""
    project, length = subject.project, years(subject.project.period)
    if length is None or length < limits["长期的年数"]:
        return
    recurrent = any(word in (project.attribute or "") for word in subject.terms["经常性"])
    if project.attribute and not recurrent:
        message = f"{ATTRIBUTE}是“{project.attribute}”，{PERIOD}却是“{project.period}”"
        yield Finding("F03", (PERIOD,), message, "请对照批复核对；长期的项目应是经常性项目。")
    else:
        message = f"{PERIOD}“{project.period}”是系统里代表长期的数，不是真的年限"
        yield Finding("F03", (PERIOD,), message, "还没有批复的请写“长期”；已经批复的照原文，写豁免说明。")


def period_as_attribute(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """F04: 经常性 is more than one year, 一年期 is one. What stands for 长期 is a matter of F03."""
    project, length = subject.project, years(subject.project.period)
    if length is None or length >= limits["长期的年数"]:
        return
    for group, wrong in (("经常性", length == 1), ("一年期", length > 1)):
        if wrong and any(word in (project.attribute or "") for word in subject.terms[group]):
            message = f"{ATTRIBUTE}是“{project.attribute}”，{PERIOD}却是“{project.period}”"
            hint = "请核对哪一个对；每年都安排的写实际年限或“长期”，只做一年的属性写一年期。"
            yield Finding("F04", (PERIOD,), message, hint)


_LONG = {"长期的年数": Decimal(50)}

RULES = (
    Rule(
        code="F01",
        severity=Severity.ERROR,
        title="期限在预算年度和项目期之内",
        why="本年度的目标不能在年度开始前就到期，也不能等到项目结束以后；多半是照抄往年时忘了改年份。",
        bad=example("产出指标", "时效指标", ("设备采购完成时间", "2023 年 10 月底前")),
        good=example("产出指标", "时效指标", ("设备采购完成时间", "2024 年 10 月底前")),
        check=within_time,
    ),
    Rule(
        code="F02",
        severity=Severity.INFO,
        title="期限比年底早",
        why="预算本来就按年度执行，只写年底看不出进度，也无法在年中监控。",
        bad=example("产出指标", "时效指标", ("食品生产许可审查时间", "2024 年底")),
        good=example("产出指标", "时效指标", ("食品生产许可审查时间", "2024 年 10 月底前")),
        check=before_year_end,
    ),
    Rule(
        code="F03",
        severity=Severity.WARNING,
        title="长期项目的项目期写明长期",
        why="系统用 99 年之类的数代表长期，公众看到会当真；一年期的项目写成这样则是填错了。",
        bad="项目属性: 02-经常性项目\n项目期: 99 年\n",
        good="项目属性: 02-经常性项目\n项目期: 长期\n",
        check=period_in_words,
        limits=_LONG,
    ),
    Rule(
        code="F04",
        severity=Severity.INFO,
        title="项目期与项目属性相符",
        why="经常性项目年年都有，一年期项目只有一年；两栏对不上，至少有一栏填错。",
        bad="项目属性: 02-经常性项目\n项目期: 1 年\n",
        good="项目属性: 02-经常性项目\n项目期: 3 年\n",
        check=period_as_attribute,
        limits=_LONG,
    ),
)
