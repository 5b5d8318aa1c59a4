"""适当性 (group A): do values fit each other, their names, and the money there is."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from builder.decode import INDICATORS, at, slot
from builder.form import Topic
from builder.frozen import frozen
from builder.problem import Finding, Severity
from builder.rules.complete import is_vague, shown
from builder.rules.feasible import years
from builder.rules.relevant import MONEY, RATE, measured_in
from builder.rules.rule import Rule, example
from builder.values import (
    Direction,
    Doubt,
    Kind,
    Operator,
    canonical_with,
    comparable_number,
    comparable_upper,
)
from builder.values.words import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.rules.rule import Limits, Row, Subject

_FLOORS = {Operator.AT_LEAST, Operator.MORE}
_CEILINGS = {Operator.AT_MOST, Operator.LESS}
_BOUNDED = {Topic.COST, Topic.BURDEN}
_ONE, _FULL = Decimal(1), Decimal(100)
_YUAN = {"元": _ONE, "万元": Decimal(10000)}
_EXACT = Context(prec=1000)
"""A value is read up to 200 characters, so that no sum or product of amounts is rounded."""


@frozen()
class Spending:
    """What one cost row may spend: ``amount`` 元 each time, ``times`` a year; ``period`` is 每月 or so."""

    row: Row
    amount: Decimal
    period: str
    times: Decimal

    @property
    def yearly(self) -> Decimal:
        """In the whole year."""
        return _EXACT.multiply(self.amount, self.times)


def cost_is_ceiling(subject: Subject, _: Limits) -> Iterator[Finding]:
    """A01: money spent has a ceiling, not a floor. What is saved, or paid out by a standard, may have one."""
    but = subject.terms["节省"] + subject.terms["待遇标准"]
    for row in subject.on(Topic.COST):
        value = row.value
        if value is None or value.operator not in _FLOORS or not measured_in(row, MONEY):
            continue
        if not any(word in row.indicator.name for word in but):
            message = f"{shown(row)}是下限，花得越多越好，方向反了"
            ceiling, exact = canonical_with(value, Operator.AT_MOST), canonical_with(value, Operator.EQUAL)
            hint = f"请核对批复：控制数写“{ceiling}”，定额写“{exact}”。"
            yield Finding("A01", at(row.indicator, "value"), message, hint)


def cost_within_total(subject: Subject, _: Limits) -> Iterator[Finding]:
    """A02: no cost row by itself is above the total, as it stands."""
    total = _total(subject)
    if total is None:
        return
    for row, amount, _period in _spent(subject):
        if amount > total:
            message = f"{shown(row)}超过“{subject.form.total.key}”{_money(total, subject)}"
            hint = "请对照批复核对数和单位；不是本项目今年花的钱，请移到别处或在名称里写明。"
            yield Finding("A02", at(row.indicator, "value"), message, hint)


def cost_of_year_within_total(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """A03: no cost row per month, quarter, week or day is above the total once the year is over."""
    total = _total(subject)
    for one in _spendings(subject, limits) if total is not None else ():
        if total is not None and one.amount <= total < one.yearly:
            floor = "至少" if one.row.value and one.row.value.operator in _FLOORS else ""
            sum_ = f"{_money(one.amount, subject)} × {one.times} = {_money(one.yearly, subject)}"
            message = (
                f"{shown(one.row)}按“{one.period}”算，全年{floor} {sum_}，"
                f"超过“{subject.form.total.key}”{_money(total, subject)}"
            )
            most = _money(_EXACT.divide_int(total, one.times), subject)
            hint = (
                f"请核对：不超过总额的话，{one.period}约在 {most}以内；是全年的数，名称里不写“{one.period}”。"
            )
            yield Finding("A03", at(one.row.indicator, "value"), message, hint)


def costs_add_up(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """A11: all cost rows together are not above the total. Rows that hold others are not counted twice."""
    total = _total(subject)
    if total is None or len(_spent(subject)) < 2:  # noqa: PLR2004  one by itself is a matter of A02 and A03
        return
    all_rows = list(_spendings(subject, limits))
    apart = subject.terms["总价"] + subject.terms["其中"]
    counted = [
        one
        for one in all_rows
        if one.yearly != total and not any(word in one.row.indicator.name for word in apart)
    ]
    found = Decimal()
    for one in counted:
        found = _EXACT.add(found, one.yearly)
    if found > total and all(one.yearly <= total for one in all_rows):
        parts = " + ".join(_money(one.yearly, subject) for one in counted)
        message = (
            f"各项成本全年合计 {parts} = {_money(found, subject)}，"
            f"超过“{subject.form.total.key}”{_money(total, subject)}"
        )
        hint = "请核对各项控制数；一项包含在另一项里的，名称前写“其中”。"
        first = counted[0].row.indicator
        yield Finding("A11", slot(first.level1, first.level2), message, hint, on_key=True)


def _total(subject: Subject) -> Decimal | None:
    """年度资金总额 in 元, where it is known and the form's unit is."""
    total, factor = subject.project.total, _YUAN.get(subject.form.currency)
    return _EXACT.multiply(total, factor) if total is not None and total > 0 and factor else None


def _money(yuan: Decimal, subject: Subject) -> str:
    """An amount in the unit of the form: 64.8605 万元."""
    amount = _EXACT.divide(yuan, _YUAN[subject.form.currency])
    text = f"{amount:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {subject.form.currency}"


def _spendings(subject: Subject, times: Mapping[str, Decimal]) -> Iterator[Spending]:
    """What every cost row may spend in the year, by how often its amount comes."""
    for row, amount, period in _spent(subject):
        yield Spending(row, amount, period, times.get(period, _ONE))


@lru_cache(maxsize=4)
def _spent(subject: Subject) -> tuple[tuple[Row, Decimal, str], ...]:
    """Every cost row that is so much money for the project as a whole, with the amount and how often it is.

    Prices of single things are none.
    """
    found = []
    one_year, terms = years(subject.project.period) == 1, subject.terms
    frequency = _frequency(tuple((group, terms[group]) for group in _PERIODS))
    for row in subject.on(Topic.COST):
        name, value = row.indicator.name, row.value
        if value is None or value.number is None or value.unit is None or value.unit.name not in _YUAN:
            continue
        saved = value.change or any(word in name for word in terms["节省"])
        longer = not one_year and any(word in name for word in terms["总价"])
        period = None if saved or longer else _period(name, value.per, frequency, terms["单价"])
        number = comparable_upper(value) or comparable_number(value)
        if period is not None and number is not None:
            found.append((row, number[0], period))
    return tuple(found)


_PERIODS = ("每年", "每季度", "每月", "每周", "每天")
"""Groups of words, called after the units that may follow a slash."""


def _period(
    name: str, per: tuple[str, ...], frequency: re.Pattern[str], prices: tuple[str, ...]
) -> str | None:
    """How often an amount comes, by its unit or its name; ``None`` for a price of each of some things."""
    named = frequency.search(name)
    rest = frequency.sub("", name) if named else name
    if "每" in rest or any(word in rest for word in prices):
        return None
    if per:
        return f"每{per[0]}" if len(per) == 1 and f"每{per[0]}" in _PERIODS else None
    return named.lastgroup if named else _PERIODS[0]


@cache
def _frequency(groups: tuple[tuple[str, tuple[str, ...]], ...]) -> re.Pattern[str]:
    """每月 and the like, but not 每月 10 日前, 每周期, which say when."""
    named = "|".join(f"(?P<{group}>{any_of(words)})" for group, words in groups)
    return re.compile(rf"(?:{named})(?![\s0-9按及底末初期间前])")


def percent_in_range(subject: Subject, _: Limits) -> Iterator[Finding]:
    """A04: a share is at most 100 %; what grows, or is done beyond the plan, may be more."""
    for row in subject.measured_in(RATE):
        value = row.value
        if value is None:
            continue
        number = comparable_upper(value) or comparable_number(value)
        if number is None or number[1] != "%" or number[0] <= _FULL:
            continue
        misread = any(doubt.kind is Doubt.MISREAD for doubt in value.suspicions)
        growing = any(word in row.indicator.name for word in subject.terms["可超百分之百"])
        if not misread and (subject.topic(row) is Topic.SATISFACTION or not growing):
            hint = "请对照批复核对；说的是增长的，名称里写明“增长”。"
            yield Finding("A04", at(row.indicator, "value"), f"{shown(row)}超过了 100%", hint)


def operator_fits_name(subject: Subject, _: Limits) -> Iterator[Finding]:
    """A05: the operator does not contradict the end of the name: 弃渣减少 ≤3%, 投诉率 ≥5%, 满意度 ≤98%."""
    high, low, falls = (subject.terms[group] for group in ("越高越好的结尾", "越低越好的结尾", "减少的结尾"))
    for row in subject.measured_in(RATE):
        name, value = row.indicator.name, row.value
        if value is None or value.change:
            continue
        if value.operator in _CEILINGS and name.endswith(falls):
            ceiling, floor = value.text.strip(), canonical_with(value, Operator.AT_LEAST)
            hint = f"说的是减少的幅度，请写“{floor}”；说的是减少以后剩下的，请保留“{ceiling}”，名称写“……率”。"
        elif value.operator in _CEILINGS and name.endswith(high):
            hint = f"请核对批复，是不是“{canonical_with(value, Operator.AT_LEAST)}”。"
        elif value.operator in _FLOORS and name.endswith(low) and not any(word in name for word in falls):
            hint = f"请核对批复，是不是“{canonical_with(value, Operator.AT_MOST)}”。"
        else:
            continue
        yield Finding("A05", at(row.indicator, "value"), f"{shown(row)}方向与名称相反", hint)


def satisfaction_sensible(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """A06: satisfaction is neither so low that it shows a failure nor so high that nobody believes it."""
    for row in subject.on(Topic.SATISFACTION):
        name, value = row.indicator.name, row.value
        number = comparable_number(value) if value else None
        if value is None or number is None or number[1] != "%" or value.operator in _CEILINGS:
            continue
        if not name.endswith(subject.terms["越高越好的结尾"]):
            continue
        if number[0] < limits["最低"]:
            hint = f"通常不低于 {limits['最低']}%；确有原因的，请在“指标解释”里写明。"
            yield Finding("A06", at(row.indicator, "value"), f"{shown(row)}偏低", hint)
        elif number[0] == _FULL:
            hint = "调查里几乎不会人人满意，请按往年的结果写，如“≥95%”。"
            yield Finding("A06", at(row.indicator, "value"), f"{shown(row)}难以做到", hint)


def mostly_measured(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """A08: most indicators are numbers or dates."""
    count, limit = len(subject.rows), limits["定性占比上限（%）"]
    words = len(subject.of_kind(Kind.QUALITY))
    if 100 * words > limit * count:
        share = Decimal(100 * words) / count
        message = f"{count} 条指标里有 {words} 条是定性的，占 {share:.1f}%，超过 {limit}%"
        least = words - int(limit * count / 100)
        hint = f"请把其中至少 {least} 条写成数，如“较上年提高 5 个百分点”“≤3 次”。"
        yield Finding("A08", (INDICATORS,), message, hint, on_key=True)


def change_has_base(subject: Subject, _: Limits) -> Iterator[Finding]:
    """A09: what gets better says from where and how far, or at least how that is judged."""
    for row in subject.of_kind(Kind.QUALITY):
        if row.value is not None and is_vague(row, subject):
            falls = row.value.direction is Direction.DOWN
            sample = "较上年降低 5%" if falls else "较上年提高 5 个百分点"
            message = f"{shown(row)}没有起点和幅度，做到什么程度都能算完成"
            hint = f"请写成数，如“{sample}”；确实不能写数的，加一行“指标解释”写明起点和怎样判断。"
            yield Finding("A09", at(row.indicator, "value"), message, hint)


def operator_written(subject: Subject, _: Limits) -> Iterator[Finding]:
    """A10: a number says whether it is at least, at most or exactly that. 100 % and 0 leave no doubt."""
    for row in subject.rows:
        value = row.value
        if value is None or value.number is None or value.unit is None or value.operator or value.change:
            continue
        full = value.unit.name == "%" and value.number == _FULL
        if value.kind is Kind.RANGE or value.approximate or full or not value.number:
            continue
        topic = subject.topic(row)
        takes = topic is Topic.TIMELINESS and value.kind is Kind.TIME_LIMIT
        down = value.direction is Direction.DOWN or topic in _BOUNDED or takes
        operator = Operator.AT_MOST if down else Operator.AT_LEAST
        what = "不能超过的" if down else "至少要达到的"
        hint = f"请补上符号：{what}写“{canonical_with(value, operator)}”，正好这么多的把“{operator}”换成“=”。"
        yield Finding("A10", at(row.indicator, "value"), f"{shown(row)}没有比较符号", hint)


def _cost(*rows: tuple[str, str]) -> str:
    return example("产出指标", "成本指标", *rows)


_TIMES = {"每月": Decimal(12), "每季度": Decimal(4), "每周": Decimal(52), "每天": Decimal(250)}
"""Times a year. 250 working days, so that nothing is said where a weekend makes the difference."""

RULES = (
    Rule(
        code="A01",
        severity=Severity.WARNING,
        title="成本写上限",
        why="财预〔2021〕101号把成本控制要求列为绩效目标的内容；写成“>”“≥”，花得越多得分越高，控制不了成本。",
        bad=_cost(("开展业务培训投入", '">0.3 万元"')),
        good=_cost(("开展业务培训投入", "≤0.3 万元")),
        check=cost_is_ceiling,
    ),
    Rule(
        code="A02",
        severity=Severity.ERROR,
        title="单项成本不超过年度资金总额",
        why="一项成本比整个项目的钱还多，必有一个数写错；最常见的是单位差了一万倍。",
        bad=_cost(("办公楼年均水电运行成本", "≤22 万元")),
        good=_cost(("办公楼年均水电运行成本", "≤2.2 万元")),
        check=cost_within_total,
    ),
    Rule(
        code="A03",
        severity=Severity.WARNING,
        title="按月、季、周、日的成本折算全年后不超过总额",
        why="每月的数看着不大，乘以 12 才知道钱够不够。每天按 250 个工作日算，只报肯定超出的。",
        bad=_cost(("每月开支聘用人员工资费用", "≤6 万元")),
        good=_cost(("每月开支聘用人员工资费用", "≤1 万元")),
        check=cost_of_year_within_total,
        limits=_TIMES,
    ),
    Rule(
        code="A04",
        severity=Severity.WARNING,
        title="百分比不超过 100%",
        why="占比、合格率一类最多是 100%；增长率、完成率等可以更高，不在此列。",
        bad=example("产出指标", "质量指标", ("设备正常运行率", "≥105%")),
        good=example("产出指标", "质量指标", ("业务量增长率", "≥105%")),
        check=percent_in_range,
    ),
    Rule(
        code="A05",
        severity=Severity.WARNING,
        title="比较符号与名称的方向一致",
        why="名称说减少，值却写“≤”，减得越少越算完成；投诉率写“≥”、满意度写“≤”也是一样。",
        bad=example("产出指标", "质量指标", ("年内随意弃渣弃土现象减少", "≤3%")),
        good=example("产出指标", "质量指标", ("年内随意弃渣弃土现象减少", "≥3%")),
        check=operator_fits_name,
    ),
    Rule(
        code="A06",
        severity=Severity.INFO,
        title="满意度定得合理",
        why="定得太低没有约束，100% 在调查里几乎做不到；通常写 80% 到 99%。",
        bad=example("满意度指标", "服务对象满意度指标", ("企业和群众满意度", "100%")),
        good=example("满意度指标", "服务对象满意度指标", ("企业和群众满意度", "≥95%")),
        check=satisfaction_sensible,
        limits={"最低": Decimal(80)},
    ),
    Rule(
        code="A08",
        severity=Severity.WARNING,
        title="多数指标能量化",
        why="绩效目标通常要求细化、量化；定性的占得太多，年底就说不清做到了没有。",
        bad=example(
            "效益指标",
            "社会效益指标",
            ("办事环境", "有效改善"),
            ("审批流程", "不断精简"),
            ("审批效能", "显著提升"),
            ("办事效率", "不断提高"),
        ),
        good=example("效益指标", "社会效益指标", ("群众办事平均跑动次数", "≤1 次"), ("审批效能", "显著提升")),
        check=mostly_measured,
        limits={"定性占比上限（%）": Decimal(30)},
    ),
    Rule(
        code="A09",
        severity=Severity.WARNING,
        title="变化写明起点和幅度",
        why="“不断提高”没有说从多少提高到多少，做到什么程度都算完成，也就没有约束。",
        bad=example("效益指标", "社会效益指标", ("审批效能", "不断提高")),
        good=example("效益指标", "社会效益指标", ("网上办件占比", "较上年提高 5 个百分点")),
        check=change_has_base,
    ),
    Rule(
        code="A10",
        severity=Severity.INFO,
        title="数前面有比较符号",
        why="“980 项”没有说是至少、至多还是正好；绩效管理系统里计算符号通常是必填的。",
        bad=example("产出指标", "数量指标", ("集成服务事项数", "980 项")),
        good=example("产出指标", "数量指标", ("集成服务事项数", "≥980 项")),
        check=operator_written,
    ),
    Rule(
        code="A11",
        severity=Severity.WARNING,
        title="各项成本合计不超过年度资金总额",
        why="各项控制数都用足就会超出总额，说明控制数定高了，或有一项重复计算。",
        bad=_cost(("设备维护费用", "≤8 万元"), ("业务培训费用", "≤6 万元")),
        good=_cost(("设备维护费用", "≤8 万元"), ("业务培训费用", "≤5 万元")),
        check=costs_add_up,
        limits=_TIMES,
    ),
)
