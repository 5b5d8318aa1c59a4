"""完整性 (group C): is everything there that the form asks for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from builder.decode import INDICATORS, at, fund, slot
from builder.problem import Finding, Severity
from builder.rules.rule import Rule, example
from builder.values import Kind, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.rules.rule import Limits, Row, Subject


_NOTHING = Decimal()
_UNIT = "单位："


def shown(row: Row) -> str:
    """How a message names an indicator and its value."""
    return f"指标“{row.indicator.name}”的值“{row.indicator.value}”"


def is_vague(row: Row, subject: Subject) -> bool:
    """Whether a value says that something gets better and not from where or how far (不断提高)."""
    value = row.value
    if value is None or value.kind is not Kind.QUALITY or not value.understood or row.indicator.explanation:
        return False
    changes = value.direction_source is Source.WORD
    return changes or any(word in value.phrase for word in subject.terms["空泛的说法"])


def required_slots(subject: Subject, _: Limits) -> Iterator[Finding]:
    """C01: every 二级指标 that the form marks 必填 has at least one row. The mark is the form's own."""
    for level1, level2 in subject.form.slots:
        if level2.required and (level1.name, level2.name) not in subject.filled:
            message = f"缺少“{level2.name}”，表样注明它是{level2.mark}"
            hint = f"请在“{INDICATORS}”的“{level1.name}”下补上“{level2.name}”，至少写一行三级指标。"
            yield Finding("C01", slot(level1.name, level2.name), message, hint, on_key=True)


def values_present(subject: Subject, _: Limits) -> Iterator[Finding]:
    """C02: every 三级指标 has an 指标值."""
    for row in subject.project.indicators:
        if row.value is None or not row.value.strip():
            hint = "请补写指标值；批复原文确实没有的，写“指标值: null”并在“豁免”中说明（规则: C02）。"
            yield Finding("C02", at(row, "value"), f"指标“{row.name}”没有指标值", hint, on_key=True)


def units_present(subject: Subject, _: Limits) -> Iterator[Finding]:
    """C04: a number has a unit. What is half written (30 万/年) is a matter of V02."""
    for row in subject.rows:
        value = row.value
        if value is None or value.number is None or value.unit is not None or value.suspicions:
            continue
        if not any(word in row.indicator.name for word in subject.terms["没有单位的量"]):
            hint = f"请照批复补上单位，如“{value.text.strip()} {_likely_unit(row.indicator.name, subject)}”。"
            yield Finding("C04", at(row.indicator, "value"), f"{shown(row)}没有单位", hint)


def _likely_unit(name: str, subject: Subject) -> str:
    """A unit for an example, by the end of the name; the groups of words are called after it."""
    groups = ((group, words) for group, words in subject.terms.items() if group.startswith(_UNIT))
    return next((group.removeprefix(_UNIT) for group, words in groups if name.endswith(words)), "件")


def weights_sum(subject: Subject, _: Limits) -> Iterator[Finding]:
    """C05: weights, once any is written, stand on every row and add up to what the form says."""
    total, rows = subject.form.weight_total, subject.project.indicators
    weights = [row.weight for row in rows if row.weight is not None]
    if total is None or not weights:
        return
    found = sum(weights, _NOTHING)
    missing = [row for row in rows if row.weight is None]
    for row in missing:
        rest = (
            f"其余合计 {found}，所缺的应是 {total - found}。" if len(missing) == 1 and found < total else ""
        )
        hint = f"请补上这一条的权重；{rest or f'各条相加应为 {total}。'}"
        yield Finding("C05", at(row, "weight"), f"别的指标有权重，“{row.name}”没有", hint)
    if not missing and found != total:
        off = f"少 {total - found}" if found < total else f"多 {found - total}"
        message = f"各条权重相加是 {found}，比表样的 {total} {off}"
        yield Finding("C05", (INDICATORS,), message, f"请核对各条权重，使合计正好是 {total}。", on_key=True)


def score_in_full(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """C06: 执行率分值 and the weights make up the full score."""
    execution, score = subject.form.execution, subject.project.execution_weight
    found = sum((row.weight or _NOTHING for row in subject.project.indicators), _NOTHING)
    full = limits["满分"]
    if execution is None or score is None or found != subject.form.weight_total:
        return
    if found + score != full:
        message = f"“{execution.key}”{score} 加上权重合计 {found} 是 {found + score}，不是 {full}"
        yield Finding("C06", fund(execution.key), message, f"请把“{execution.key}”改为 {full - found}。")


def name_fits(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """C07: a 三级指标 fits where such names are stored."""
    limit = limits["最多字数"]
    for row in subject.project.indicators:
        if len(row.name) > limit:
            message = f"三级指标“{row.name[:20]}……”有 {len(row.name)} 个字，超过 {limit} 个"
            hint = "名称只写考核的事项；做法、背景写进“年度总体目标”，算法写进“指标解释”。"
            yield Finding("C07", at(row, "name"), message, hint)


def criteria_given(subject: Subject, _: Limits) -> Iterator[Finding]:
    """C08: 定性 values say how they are judged, unless they do (按期完成, 不超预算).

    Vague ones are a matter of A09, unusual ones of V07.
    """
    for row in subject.of_kind(Kind.QUALITY):
        value = row.value
        if value is None or not value.understood or value.suspicions:
            continue
        plain = any(word in value.phrase for word in subject.terms["自有标准的说法"])
        if not plain and not row.indicator.explanation and not is_vague(row, subject):
            message = f"{shown(row)}是定性的，没有写怎样判断"
            hint = "请加一行“指标解释”，写明由谁、看什么、怎样算达到；能写数的改写成数。"
            yield Finding("C08", at(row.indicator, "value"), message, hint)


def enough_indicators(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """C09: neither too few indicators to tell anything nor too many to follow."""
    count, least, most = len(subject.rows), limits["最少"], limits["最多"]
    if 0 < count < least:
        hint = f"请补充能说明产出和效果的指标，至少 {least} 条。"
        yield Finding("C09", (INDICATORS,), f"只有 {count} 条绩效指标", hint, on_key=True)
    elif count > most:
        hint = f"请只留最能说明问题的，不超过 {most} 条；相近的合并。"
        yield Finding("C09", (INDICATORS,), f"绩效指标有 {count} 条，超过 {most} 条", hint, on_key=True)


def name_short(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """C10: a 三级指标 is a name and not a paragraph. The very long ones are a matter of C07."""
    for row in subject.project.indicators:
        if limits["宜不超过"] < len(row.name) <= limits["最多字数"]:
            message = f"三级指标“{row.name[:20]}……”有 {len(row.name)} 个字，像一段话"
            hint = f"请概括成 {limits['宜不超过']} 个字以内的事项，一条只写一件事；其余写进“年度总体目标”。"
            yield Finding("C10", at(row, "name"), message, hint)


_WEIGHTED = example("成本指标", "经济成本指标", ("每人次培训成本", "≤500 元/人")) + "        权重: {}\n"
_SERVICE = example("效益指标", "社会效益指标", ("窗口服务水平", "良好"))
_LONG = "聘请专家对水土保持方案报告书、食品生产许可申请材料和施工图设计文件进行现场勘验、技术论证、综合评审"

RULES = (
    Rule(
        code="C01",
        severity=Severity.ERROR,
        title="必填的二级指标都有内容",
        why="表样在二级指标后注明“必填”的，每个项目至少要填一行；要求来自所用表样本身。",
        bad="绩效指标:\n  产出指标:\n    质量指标: null\n",
        good=example("产出指标", "质量指标", ("参与培训率", "≥98%")),
        check=required_slots,
    ),
    Rule(
        code="C02",
        severity=Severity.ERROR,
        title="每个三级指标都有指标值",
        why="没有指标值就无从考核；表样的“指标值”一栏与三级指标逐行对应。",
        bad=example("产出指标", "数量指标", ("大厅设置办事窗口", "null")),
        good=example("产出指标", "数量指标", ("大厅设置办事窗口", "138 个")),
        check=values_present,
    ),
    Rule(
        code="C04",
        severity=Severity.ERROR,
        title="数都有单位",
        why="没有单位的数读不出多少，也无从比较；绩效管理系统里计量单位通常是必录项。",
        bad=example("产出指标", "数量指标", ("大厅办公区域面积", '"10376.01"')),
        good=example("产出指标", "数量指标", ("大厅办公区域面积", "10376.01 平方米")),
        check=units_present,
    ),
    Rule(
        code="C05",
        severity=Severity.ERROR,
        title="权重合计等于表样的分值",
        why="自评按权重计分；有一条没有权重，或合计不等于表头的分值，就算不出得分。分值来自所用表样。",
        bad=_WEIGHTED.format(15),
        good=_WEIGHTED.format(20),
        check=weights_sum,
        form="central-2021",
    ),
    Rule(
        code="C06",
        severity=Severity.ERROR,
        title="执行率分值与权重合起来是满分",
        why="通常做法是预算执行率占 10 分、各指标占 90 分，合计 100 分。",
        bad="项目资金:\n  执行率分值: 15\n",
        good="项目资金:\n  执行率分值: 10\n",
        check=score_in_full,
        limits={"满分": Decimal(100)},
        form="central-2021",
    ),
    Rule(
        code="C07",
        severity=Severity.ERROR,
        title="三级指标的名称放得下",
        why="绩效管理系统通常限制三级指标在 100 个字以内，超出的无法录入，也无法印在一格里。",
        bad=example("产出指标", "数量指标", (_LONG * 3, "≥30 个")),
        good=example("产出指标", "数量指标", ("评审水土保持方案报告书", "≥30 个")),
        check=name_fits,
        limits={"最多字数": Decimal(100)},
    ),
    Rule(
        code="C08",
        severity=Severity.WARNING,
        title="定性指标写明怎样判断",
        why="“良好”由谁判断、看什么，不写明就可以随意打分；通常做法是在指标解释里写明评价标准。",
        bad=_SERVICE,
        good=f"{_SERVICE}        指标解释: 由第三方按窗口服务规范逐项打分，85 分以上为良好\n",
        check=criteria_given,
    ),
    Rule(
        code="C09",
        severity=Severity.INFO,
        title="指标不过少也不过多",
        why="太少说明不了项目做了什么，太多则主次不分，监控和自评都难以做实。",
        bad=example("产出指标", "数量指标", *((f"第 {n} 类事项办理数", f"≥{n}0 件") for n in range(1, 19))),
        good=example("产出指标", "数量指标", ("事项办理数", "≥980 件")),
        check=enough_indicators,
        limits={"最少": Decimal(3), "最多": Decimal(20)},
    ),
    Rule(
        code="C10",
        severity=Severity.WARNING,
        title="三级指标的名称简短",
        why="名称是一整段话时，看不出考核的是哪一件事，各年各表也无法对照。",
        bad=example("产出指标", "数量指标", (_LONG, "≥30 个")),
        good=example("产出指标", "数量指标", ("评审水土保持方案报告书", "≥30 个")),
        check=name_short,
        limits={"宜不超过": Decimal(40), "最多字数": Decimal(100)},
    ),
)
