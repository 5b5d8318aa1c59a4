"""指标值的写法 (group V): can the value be read, and is it written as it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.decode import at
from builder.form import Topic
from builder.problem import Finding, Severity
from builder.rules.rule import Rule, example
from builder.values import Doubt, Kind, Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from builder.rules.rule import Check, Limits, Subject
    from builder.values import Value

_RATIO = "比率"
_UNREAD = {Doubt.CONFLICT, Doubt.AMBIGUOUS, Doubt.DATE}
_COUNTED = {Topic.QUANTITY, Topic.QUALITY, Topic.SATISFACTION}


def _suspected(code: str, *kinds: Doubt, of: Callable[[Value], bool] = bool) -> Check:
    """A check that passes on what the reading of a value finds suspicious, for values ``of`` accepts."""

    def check(subject: Subject, _: Limits) -> Iterator[Finding]:
        for row, doubts in subject.suspected:
            for doubt in doubts:
                if doubt.kind in kinds and row.value is not None and of(row.value):
                    message = f"指标“{row.indicator.name}”的值“{row.indicator.value}”：{doubt.message}"
                    yield Finding(code, at(row.indicator, "value"), message, doubt.hint)

    return check


def _is_count(value: Value) -> bool:
    """A number of things, which may well begin with a 2; a percentage over 200 hardly does."""
    return value.kind is Kind.QUANTITY and value.unit is not None and value.unit.dimension != _RATIO


def readable(subject: Subject, _: Limits) -> Iterator[Finding]:
    """V01: the value can be read, and in one way only."""
    if not subject.suspected and not subject.of_kind(Kind.UNKNOWN):
        return
    for row in subject.rows:
        if row.value is None or (row.value.kind is not Kind.UNKNOWN and not row.value.suspicions):
            continue
        doubt = next((doubt for doubt in row.value.suspicions if doubt.kind in _UNREAD), None)
        explained = any(doubt.kind not in _UNREAD for doubt in row.value.suspicions)
        if doubt is not None or (row.value.kind is Kind.UNKNOWN and not explained):
            reason = f"：{doubt.message}" if doubt else "读不懂"
            message = f"指标“{row.indicator.name}”的值“{row.indicator.value}”{reason}"
            hint = doubt.hint if doubt else "请写成“符号 + 数 + 单位”，如“≥80 项”；定性的写“有效提高”之类。"
            yield Finding("V01", at(row.indicator, "value"), message, hint)


def strict_operator(subject: Subject, _: Limits) -> Iterator[Finding]:
    """V06: a count of things that is written with ``>`` is most likely meant with ``≥``."""
    for row in subject.rows:
        value = row.value
        if value is None or value.operator is not Operator.MORE or value.number is None:
            continue
        if subject.topic(row) in _COUNTED:
            message = f"指标“{row.indicator.name}”的值“{row.indicator.value}”不含 {value.number:f} 本身"
            hint = f"如果正好 {value.number:f} 也算完成，请写成“≥”。"
            yield Finding("V06", at(row.indicator, "value"), message, hint)


def known_phrase(subject: Subject, _: Limits) -> Iterator[Finding]:
    """V07: a value in words is one of the usual ones, so that people read it alike."""
    for row in subject.of_kind(Kind.QUALITY):
        if row.value is not None and not row.value.understood:
            message = f"指标“{row.indicator.name}”的值“{row.indicator.value}”不是常用的定性说法"
            hint = "能写数的请写数；不能的写“有效提高”“显著降低”之类，或用“优、良、中、差”。"
            yield Finding("V07", at(row.indicator, "value"), message, hint)


RULES = (
    Rule(
        code="V01",
        severity=Severity.WARNING,
        title="指标值读得懂",
        why="指标值要能看出是什么数、什么单位、什么期限；读不懂的值无从核对，也无从比较。",
        bad=example("产出指标", "数量指标", ("大厅设置办事窗口", "2024 年 13 月")),
        good=example("产出指标", "数量指标", ("大厅设置办事窗口", "≥138 个")),
        check=readable,
    ),
    Rule(
        code="V02",
        severity=Severity.WARNING,
        title="复合单位写完整",
        why="“万/年”缺了“元”，“元人/年”缺了斜线，读的人要猜；金额的单位尤其不能猜。",
        bad=example("产出指标", "成本指标", ("概算审核费用", "30 万/年")),
        good=example("产出指标", "成本指标", ("概算审核费用", "≤30 万元/年")),
        check=_suspected("V02", Doubt.UNIT_MISSING, Doubt.UNIT_GLUED),
    ),
    Rule(
        code="V03",
        severity=Severity.ERROR,
        title="指标值不是符号或空白",
        why="“*”“—”“/”不是目标；没有值的应写明没有。",
        bad=example("产出指标", "数量指标", ("大厅设置办事窗口", '"*"')),
        good=example("产出指标", "数量指标", ("大厅设置办事窗口", "138 个")),
        check=_suspected("V03", Doubt.EMPTY),
    ),
    Rule(
        code="V04",
        severity=Severity.ERROR,
        title="没有占位文字",
        why="“XX”“待定”是还没有填好的表，不能公开。",
        bad=example("产出指标", "数量指标", ("大厅设置办事窗口", "XX 个")),
        good=example("产出指标", "数量指标", ("大厅设置办事窗口", "138 个")),
        check=_suspected("V04", Doubt.PLACEHOLDER),
    ),
    Rule(
        code="V05",
        severity=Severity.INFO,
        title="比较符号写得规范",
        why="书名号代替大于号、小于号，检索和比较时会漏掉。",
        bad=example("产出指标", "数量指标", ("大厅设置办事窗口", "》138 个")),
        good=example("产出指标", "数量指标", ("大厅设置办事窗口", "≥138 个")),
        check=_suspected("V05", Doubt.SPELLING),
    ),
    Rule(
        code="V06",
        severity=Severity.INFO,
        title="“>”和“≥”分清",
        why="“>300 件”不含 300 件；多数情况下正好达到也算完成，应写“≥”。",
        bad=example("产出指标", "数量指标", ("督办工单数量", '">300 件"')),
        good=example("产出指标", "数量指标", ("督办工单数量", "≥300 件")),
        check=strict_operator,
    ),
    Rule(
        code="V07",
        severity=Severity.INFO,
        title="定性的值用常用说法",
        why="各处说法不一，就无法汇总和比较；自评时也要按同样的说法判断完成没有。",
        bad=example("效益指标", "社会效益指标", ("审批效能", "按计划")),
        good=example("效益指标", "社会效益指标", ("审批效能", "有效提高")),
        check=known_phrase,
    ),
    Rule(
        code="V08",
        severity=Severity.WARNING,
        title="没有扫描识别的痕迹",
        why="从扫描件转来的文字常把“≥”认成“2”、把“=”认成“二”，数值会差出几倍；须对照原件。",
        bad=example("产出指标", "质量指标", ("政务服务满意率", "298%")),
        good=example("产出指标", "质量指标", ("政务服务满意率", "≥98%")),
        check=_suspected("V08", Doubt.MISREAD, of=lambda value: not _is_count(value)),
    ),
    Rule(
        code="V09",
        severity=Severity.WARNING,
        title="一条指标一个值",
        why="一格里写两个值，完成了一半时无法判断；应拆成两条指标。",
        bad=example("产出指标", "数量指标", ("印制办事指南及宣传册", "1 项；2 次")),
        good=example("产出指标", "数量指标", ("印制办事指南", "1 项")),
        check=_suspected("V09", Doubt.SEVERAL),
    ),
    Rule(
        code="V10",
        severity=Severity.WARNING,
        title="写的是目标，不是完成情况",
        why="“达成预期指标”是自评时的结论；目标表要写打算达到什么。",
        bad=example("效益指标", "社会效益指标", ("审批效能", "达成预期指标")),
        good=example("效益指标", "社会效益指标", ("审批效能", "有效提高")),
        check=_suspected("V10", Doubt.COMPLETION),
    ),
    Rule(
        code="V11",
        severity=Severity.INFO,
        title="数量不像扫描识别的结果",
        why="没有符号、以“2”开头、以“0”结尾的数，可能是“≥”被认成了“2”；从扫描件转来的请对照原件。",
        bad=example("产出指标", "数量指标", ("办理事项", "2980 项")),
        good=example("产出指标", "数量指标", ("办理事项", "≥980 项")),
        check=_suspected("V11", Doubt.MISREAD, of=_is_count),
    ),
)
