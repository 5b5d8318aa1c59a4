"""相关性 (group R): does each indicator stand where it belongs, and speak of one thing of this project."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from operator import add
from typing import TYPE_CHECKING

from builder.decode import at, goal
from builder.form import Topic
from builder.problem import Finding, Severity
from builder.rules.complete import shown
from builder.rules.rule import Rule, example
from builder.values import Kind
from builder.values.words import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.rules.rule import Limits, Row, Subject

RATE, MONEY, TIME = "比率", "金额", "时间"
"""Dimensions (量纲) of the vocabulary of units."""

_SAYING = {Kind.QUANTITY, Kind.RANGE, Kind.QUALITY}
_HAN = re.compile("[\u4e00-\u9fff]+")


def home(subject: Subject, topic: Topic) -> str:
    """What the form calls the 二级指标 about ``topic``; empty where it has none."""
    return next((slot.name for _, slot in subject.form.slots if slot.topic is topic), "")


def measured_in(row: Row, *dimensions: str) -> bool:
    """Whether the value has a known unit of one of the dimensions."""
    return row.value is not None and row.value.unit is not None and row.value.unit.dimension in dimensions


def quantity_counts(subject: Subject, _: Limits) -> Iterator[Finding]:
    """R01: 数量 holds counts; a rate says how well. A rate of completion or growth is about counts."""
    there, but = home(subject, Topic.QUALITY), subject.terms["算数量的率"] + subject.terms["增减"]
    for row in subject.on(Topic.QUANTITY) if there else ():
        if row.value is None or row.value.change or not measured_in(row, RATE):
            continue
        if not any(word in row.indicator.name for word in but):
            hint = f"比率说的是做得怎样，请移到“{there}”；数量写做了多少，如“≥800 件”。"
            yield Finding("R01", at(row.indicator, "value"), f"{shown(row)}是比率，不是数量", hint)


def quantity_not_money(subject: Subject, _: Limits) -> Iterator[Finding]:
    """R02: 数量 holds things done, not money. Without a unit the end of the name decides (…费用)."""
    there = home(subject, Topic.COST)
    for row in subject.on(Topic.QUANTITY) if there else ():
        named = row.indicator.name.endswith(subject.terms["金额名称的结尾"])
        bare = row.value is not None and row.value.number is not None and row.value.unit is None
        if measured_in(row, MONEY) or (named and bare):
            hint = f"花出去的钱请移到“{there}”，省下或增加的钱请移到效益；数量写做了多少，如“252 个”。"
            yield Finding("R02", at(row.indicator, "value"), f"{shown(row)}是金额，不是数量", hint)


def satisfaction_apart(subject: Subject, _: Limits) -> Iterator[Finding]:
    """R03: what people are satisfied with stands under 满意度, not under 质量."""
    there, terms = home(subject, Topic.SATISFACTION), subject.terms
    for row in subject.on(Topic.QUALITY) if there else ():
        name = row.indicator.name
        if any(word in name for word in terms["满意"]) and not any(word in name for word in terms["不满意"]):
            hint = f"请移到“{there}”；那里已经有了的，在这里换成能核实的质量要求。"
            yield Finding("R03", at(row.indicator, "name"), f"“{name}”说的是满意度", hint)


def timeliness_is_time(subject: Subject, _: Limits) -> Iterator[Finding]:
    """R04: 时效 holds a date, a time, how often, or a rate of what is in time."""
    for row in subject.on(Topic.TIMELINESS):
        value = row.value
        if value is None or not value.understood or value.kind not in _SAYING:
            continue
        text = f"{row.indicator.name}，{value.phrase}，{value.topic}"
        timed = measured_in(row, TIME) or any(unit in subject.terms["时间单位"] for unit in value.per)
        if not timed and not any(word in text for word in subject.terms["时间"]):
            hint = "请写期限或时长，如“≤3 个工作日”；考核按期完成的，名称写“按期……率”；都不是的请移到别处。"
            yield Finding("R04", at(row.indicator, "name"), f"{shown(row)}与时间无关", hint)


def satisfaction_measured(subject: Subject, _: Limits) -> Iterator[Finding]:
    """R05: 满意度 asks people, and says how many of them."""
    for row in subject.on(Topic.SATISFACTION):
        value, name = row.value, row.indicator.name
        if not any(word in name for word in subject.terms["服务评价"]):
            hint = "请写谁对什么的满意度，如“企业和群众满意度”；不是满意度的请移到别处。"
            yield Finding("R05", at(row.indicator, "name"), f"“{name}”不是满意度", hint)
        elif value is not None and value.kind is Kind.QUALITY and value.understood:
            hint = "请写百分比，如“≥90%”，并有调查作依据。"
            yield Finding("R05", at(row.indicator, "value"), f"{shown(row)}没有写到百分之多少", hint)


def cost_is_money(subject: Subject, _: Limits) -> Iterator[Finding]:
    """R06: 成本 holds money or a rate of cost. Without a unit only a name that counts gives it away."""
    terms = subject.terms
    for row in subject.on(Topic.COST):
        unit = row.value.unit if row.value else None
        if row.value is None or row.value.number is None or (unit and not unit.known):
            continue
        words = terms["人数件数"] if unit is None else terms["成本"]
        says = any(word in row.indicator.name for word in words)
        if says if unit is None else not (measured_in(row, MONEY) or (measured_in(row, RATE) and says)):
            hint = "请写花多少钱和单位，如“≤2 万元/年”；人数、次数、比率等请移到说这件事的二级指标。"
            yield Finding("R06", at(row.indicator, "name"), f"{shown(row)}看不出是成本", hint)


def one_measure(subject: Subject, _: Limits) -> Iterator[Finding]:
    """R07: one row, one measure. The name joins two, or ends in a rate that the value is not."""
    ends, rates, but = (subject.terms[group] for group in ("量的结尾", "率的结尾", "不是量的结尾"))
    joins = subject.terms["连接词"]
    pattern = _joins(joins, subject.terms["不是连接词"])
    for row in subject.rows:
        name, unit = row.indicator.name, row.value.unit if row.value else None
        if not name.endswith(ends) or not any(map(name.__contains__, joins)):
            continue
        other = unit is not None and unit.known and unit.dimension != RATE and name.endswith(rates)
        for match in pattern.finditer(name):
            first = name[: match.start()]
            two = first.endswith(ends) and not first.endswith(but)
            if match["join"] and (two or (other and match["join"] != "、")):
                second = name[match.end() :]
                message = f"“{first}”和“{second}”是两件事，指标值却只有一个“{row.indicator.value or ''}”"
                hint = f"请拆成两条：“{first}”和“{second}”，各写各的指标值。"
                yield Finding("R07", at(row.indicator, "name"), message, hint)
                break


@cache
def _joins(joins: tuple[str, ...], others: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"{any_of(others)}|(?P<join>{any_of(joins)})")


def name_without_target(subject: Subject, _: Limits) -> Iterator[Finding]:
    """R08: the target stands in the value, not at the end of the name."""
    pattern = _target(subject.terms["界限"])
    for row in subject.rows:
        # Letters alone, as Chinese characters are, hold no number.
        if not row.indicator.name.isalpha() and (match := pattern.search(row.indicator.name)):
            rest = row.indicator.name[: match.start()].strip()
            message = f"三级指标的名称里写了目标“{match.group().strip()}”"
            hint = f"名称只写“{rest or '考核的事项'}”，“{match.group().strip()}”写到指标值里。"
            yield Finding("R08", at(row.indicator, "name"), message, hint)


@cache
def _target(bounds: tuple[str, ...]) -> re.Pattern[str]:
    """不少于 5 人, 达到 98% 以上: at the end only, for 收入超过 10 万元的企业数 says what is counted."""
    number = r"[0-9０-９]+(?:[.．][0-9０-９]+)?"
    share = rf"{number}\s*[%％‰]\s*(?:及?以[上下内])?"
    counted = r"\s*[万亿]?\s*[^\W\d_年级类等岁]{0,4}?(?:及?以[上下内])?"
    return re.compile(rf"(?:{any_of(bounds)}\s*(?:{share}|{number}{counted})|{share})\s*$")


def goals_served(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """R09: each goal shares a word with an indicator; said where not even two characters are the same."""
    project = subject.project
    if len(project.indicators) < limits["最少指标数"]:
        return
    usual = _usual(subject.terms["目标套话"])
    served = "，".join(f"{row.name}，{row.value}，{row.explanation}" for row in project.indicators)
    for index, text in enumerate(project.goals):
        runs = _HAN.findall(usual.sub("，", text))
        if any(any(map(served.__contains__, map(add, run, run[1:]))) for run in runs):
            continue
        if len({pair for run in runs for pair in map(add, run, run[1:])}) >= limits["最少词数"]:
            message = f"目标 {index + 1}“{text.strip()[:20]}……”没有一条指标与它有关"
            hint = "请为它补一条指标；不打算考核的，从年度总体目标里删去。"
            yield Finding("R09", goal(index), message, hint)


@cache
def _usual(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(any_of(words))


def _row(level2: str, name: str, value: str, level1: str = "产出指标") -> str:
    return example(level1, level2, (name, value))


RULES = (
    Rule(
        code="R01",
        severity=Severity.WARNING,
        title="数量指标写数量",
        why="比率说的是做得怎样，属于质量；通常做法是数量指标写件数、人次、面积等。完成率、增长率不在此列。",
        bad=_row("数量指标", "一窗受理事项比例", "≥70%"),
        good=_row("数量指标", "一窗受理事项数", "≥980 项"),
        check=quantity_counts,
    ),
    Rule(
        code="R02",
        severity=Severity.WARNING,
        title="数量指标不写金额",
        why="花了多少钱不是做了多少事；复核绩效自评时，数量指标填资金支付的通常不得分。",
        bad=_row("数量指标", "概算审核费用", "30 万元/年"),
        good=_row("数量指标", "概算审核项目数", "252 个"),
        check=quantity_not_money,
    ),
    Rule(
        code="R03",
        severity=Severity.WARNING,
        title="满意度不写在质量指标里",
        why="表样另有满意度指标；同一件事写在两处，评价时会重复计算。",
        bad=_row("质量指标", "政务服务好差评满意率", "≥99%"),
        good=_row("质量指标", "不满意工单整改率", "≥99%"),
        check=satisfaction_apart,
    ),
    Rule(
        code="R04",
        severity=Severity.WARNING,
        title="时效指标与时间有关",
        why="时效考核什么时候完成、多快完成；通常写期限、时长，或及时率、按期完成率。",
        bad=_row("时效指标", "零材料办件占比", "11%"),
        good=_row("时效指标", "转办件及时办结率", "≥98%"),
        check=timeliness_is_time,
    ),
    Rule(
        code="R05",
        severity=Severity.WARNING,
        title="满意度指标写满意度",
        why="满意度来自对服务对象的调查，要写明谁对什么满意、满意的占多少；知晓率、影响等不是满意度。",
        bad=_row("服务对象满意度指标", "群众对热线知晓率", "≥90%", "满意度指标"),
        good=_row("服务对象满意度指标", "公众对服务质量的投诉率", "≤5%", "满意度指标"),
        check=satisfaction_measured,
    ),
    Rule(
        code="R06",
        severity=Severity.WARNING,
        title="成本指标写成本",
        why="财预〔2021〕101号把成本控制要求列为绩效目标的内容；成本指标通常写金额，或成本节约率之类。",
        bad=_row("成本指标", "聘请水土保持评审专家人数", "5 人"),
        good=_row("成本指标", "聘请水土保持评审专家费用", "≤2 万元"),
        check=cost_is_money,
    ),
    Rule(
        code="R07",
        severity=Severity.WARNING,
        title="一条指标只考核一件事",
        why="一条里写两件事，完成了一件时无法判断，值也不知道说的是哪一件。",
        bad=_row("数量指标", "进驻办理事项及占总事项比重", "1303 项"),
        good=_row("数量指标", "进驻办理事项数", "1303 项"),
        check=one_measure,
    ),
    Rule(
        code="R08",
        severity=Severity.WARNING,
        title="名称里不写目标",
        why="目标写在名称里，与指标值就有两个数；各年目标不同时，名称也跟着变，无法对照。",
        bad=_row("数量指标", "每次聘请评审专家人数不少于 5 人", "≥25 次"),
        good=_row("数量指标", "收入超过 10 万元的企业数", "≥25 家"),
        check=name_without_target,
    ),
    Rule(
        code="R09",
        severity=Severity.INFO,
        title="每条目标都有指标考核",
        why="年度总体目标靠绩效指标落实；没有指标的目标，年底说不清完成了没有。只在一个词也对不上时提示。",
        bad="年度总体目标:\n  - 维修改造乡镇敬老院，改善特困老年人居住条件\n",
        good="年度总体目标:\n  - 培训窗口人员，按期办结审批事项，方便群众\n",
        check=goals_served,
        limits={"最少指标数": Decimal(3), "最少词数": Decimal(8)},
    ),
)
