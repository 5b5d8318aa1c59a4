"""金额 (group M): amounts that add up, in the unit of the form."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from builder.decode import PROJECT_SPENDING, fund
from builder.problem import Finding, Severity
from builder.rules.rule import CrossRule, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.rules.rule import Group, Limits, Subject

_YUAN_PER_WAN = Decimal(10000)
_DIGITS = {"元": 2, "万元": 6}  # down to 分


def sums_up(subject: Subject, _: Limits) -> Iterator[Finding]:
    """M01: the sources add up to the total. Sources that are not written are unknown, not zero."""
    total, funds = subject.project.total, subject.project.funds
    amounts = [one.amount for one in funds if one.amount is not None]
    if total is None or not amounts:
        return
    complete = len(amounts) == len(subject.form.funds)
    found = sum(amounts, Decimal())
    if found > total or (complete and found != total):
        names = " + ".join(f"{one.name} {one.amount}" for one in funds if one.amount is not None)
        key = subject.form.total.key
        message = f"“{key}”是 {total}，各项来源之和是 {found}（{names}）"
        yield Finding("M01", fund(key), message, "请对照批复核对各项金额；各项来源相加应等于总额。")


def one_unit(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """M02: amounts in 元 have not slipped into a form in 万元, or the other way."""
    project, currency = subject.project, subject.form.currency
    total, key = project.total, subject.form.total.key
    if total is None or total <= 0:
        return
    other = "元" if currency == "万元" else "万元"
    for one in project.funds:
        if one.amount and _YUAN_PER_WAN in {one.amount / total, total / one.amount}:
            message = f"“{one.name}”{one.amount} 与“{key}”{total} 正好差一万倍"
            hint = f"本表以{currency}为单位；请核对哪一个写成了{other}。"
            yield Finding("M02", fund(one.name), message, hint)
    limit = limits["总额上限（万元）"]
    if currency == "万元" and total >= limit:
        message = f"“{key}”{total} 万元，达到了 {limit} 万元"
        hint = f"如果批复的是 {total} 元，请写成 {total / _YUAN_PER_WAN:f}；确实是这个数的，请写豁免说明。"
        yield Finding("M02", fund(key), message, hint)


def sane_amounts(subject: Subject, _: Limits) -> Iterator[Finding]:
    """M03: no amount below zero, a total above it, and none finer than a 分."""
    project, digits = subject.project, _DIGITS[subject.form.currency]
    total_key = subject.form.total.key
    for key, amount in ((total_key, project.total), *((one.name, one.amount) for one in project.funds)):
        if amount is None:
            continue
        exponent = amount.as_tuple().exponent
        if amount < 0 or (key == total_key and amount == 0):
            message = f"“{key}”是 {amount}"
            yield Finding("M03", fund(key), message, "请对照批复填写；批复总额为零的项目不需要目标表。")
        elif isinstance(exponent, int) and -exponent > digits:
            message = f"“{key}”{amount} 有 {-exponent} 位小数，比一分钱还细"
            yield Finding("M03", fund(key), message, f"以{subject.form.currency}为单位最多 {digits} 位小数。")


def within_department(group: Group, _: Limits) -> Iterator[tuple[int, Finding]]:
    """M04: a department's projects add up to its 项目支出, where it is given."""
    for year, department in group.departments.items():
        spending = department.project_spending
        amounts = [one.project.total for one in group.subjects if one.project.year == year]
        currencies = {one.form.currency for one in group.subjects if one.project.year == year}
        if spending is None or not amounts or None in amounts or currencies != {"万元"}:
            continue
        total = sum((amount for amount in amounts if amount is not None), Decimal())
        if total != spending:
            more = "多" if total > spending else "少"
            message = (
                f"{len(amounts)} 个项目合计 {total} 万元，比“{PROJECT_SPENDING}”{spending} 万元"
                f"{more} {abs(total - spending)} 万元"
            )
            hint = "请核对有没有漏掉或多出的项目；有依法不公开等原因的，请写豁免说明。"
            yield year, Finding("M04", (PROJECT_SPENDING,), message, hint)


RULES = (
    Rule(
        code="M01",
        severity=Severity.ERROR,
        title="各项来源之和等于总额",
        why="表样的“其中”各行是总额的组成部分；没有写出的来源不当作零。",
        bad="项目资金:\n  年度资金总额: 13.00\n  财政拨款: 12.00\n  其他资金: 0\n",
        good="项目资金:\n  年度资金总额: 13.00\n  财政拨款: 12.00\n  其他资金: 1.00\n",
        check=sums_up,
    ),
    Rule(
        code="M02",
        severity=Severity.WARNING,
        title="元和万元没有混用",
        why="表样以万元为单位；把元直接填进来会差一万倍。",
        bad="项目资金:\n  年度资金总额: 648605\n  财政拨款: 648605\n  其他资金: 0\n",
        good="项目资金:\n  年度资金总额: 64.8605\n  财政拨款: 64.8605\n  其他资金: 0\n",
        check=one_unit,
        limits={"总额上限（万元）": Decimal(100_000)},
    ),
    Rule(
        code="M03",
        severity=Severity.ERROR,
        title="金额是合理的数",
        why="预算金额不为负，总额大于零，最细到分。",
        bad="项目资金:\n  年度资金总额: -13.00\n  财政拨款: -13.00\n  其他资金: 0\n",
        good="项目资金:\n  年度资金总额: 13.00\n  财政拨款: 13.00\n  其他资金: 0\n",
        check=sane_amounts,
    ),
)

CROSS_RULES = (
    CrossRule(
        code="M04",
        severity=Severity.WARNING,
        title="各项目之和与部门的项目支出相符",
        why="目标表应覆盖部门批复的全部项目支出；不相符说明漏了项目，或需要说明原因。",
        bad=("# 部门\n部门名称: 示例局\n项目支出: 20.00\n", "{}"),
        good=("# 部门\n部门名称: 示例局\n项目支出: 13.00\n", "{}"),
        check=within_department,
    ),
)
