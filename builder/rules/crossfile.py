"""跨文件 (group X): what only several projects, or several rows, show together."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from builder.decode import DEPARTMENT, INDICATORS, NAME, at
from builder.form import Topic
from builder.problem import Finding, Severity
from builder.rules.rule import CrossRule, Rule, example
from builder.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.rules.rule import Group, Limits, Row, Subject


_SHARED = {*Topic} - {Topic.COST, Topic.BURDEN}


def _label(subject: Subject) -> str:
    return f"“{subject.project.name}”"


def unique_names(group: Group, _: Limits) -> Iterator[tuple[Subject, Finding]]:
    """X01: a 项目名称 stands once in one unit and year."""
    seen: dict[tuple[int, str, str], Subject] = {}
    for one in group.subjects:
        key = (one.project.year, one.project.unit, one.project.name)
        if one.project.name and seen.setdefault(key, one) is not one:
            message = f"{one.project.year} 年度已经有一个同名的项目“{one.project.name}”"
            yield (
                one,
                Finding("X01", (NAME,), message, "请核对是不是重复录入；不同的项目请用批复的全称区分。"),
            )


def one_department_name(group: Group, _: Limits) -> Iterator[tuple[Subject, Finding]]:
    """X02: files of one department code and year call the department by one name."""
    names: dict[int, str] = {year: item.name for year, item in group.departments.items()}
    for one in group.subjects:
        name = one.project.department
        known = names.setdefault(one.project.year, name)
        if name and name != known:
            message = f"主管部门“{name}”与同一代码的其他文件“{known}”不一致"
            yield one, Finding("X02", (DEPARTMENT,), message, f"请统一写成批复上的全称，如“{known}”。")


def same_fact(group: Group, limits: Limits) -> Iterator[tuple[Subject, Finding]]:
    """X03: an indicator of one name has one value in all projects of a department in one year.

    Short names (合格率) and costs are of the project's own; they may differ.
    """
    seen: dict[tuple[int, str], tuple[Subject, Row]] = {}
    shortest = int(limits["最短名称字数"])
    for one in group.subjects:
        year = one.project.year
        for row, topic in zip(one.rows, one.topics, strict=True):
            name = row.indicator.name
            if row.value is None or len(name) < shortest or topic not in _SHARED:
                continue
            first, other = seen.setdefault((year, name), (one, row))
            if first is one or row.indicator.value == other.indicator.value:
                continue
            if other.value and canonical(row.value) != canonical(other.value):
                message = (
                    f"指标“{row.indicator.name}”在这里是“{row.indicator.value}”，"
                    f"在{_label(first)}里是“{other.indicator.value}”"
                )
                hint = "同一件事的目标应当一致；确实是两件事的，请把名称写得能区分。"
                yield one, Finding("X03", at(row.indicator, "value"), message, hint)


def once_in_project(subject: Subject, _: Limits) -> Iterator[Finding]:
    """X04: an indicator stands once in one project."""
    seen: dict[str, Row] = {}
    for row in subject.rows:
        first = seen.setdefault(row.indicator.name, row)
        if first is not row:
            where = f"“{first.indicator.level2}”"
            message = f"指标“{row.indicator.name}”在{where}里已经有了"
            hint = "同一指标只放在最合适的二级指标之下；是两件事的，请把名称写得能区分。"
            yield Finding("X04", at(row.indicator, "name"), message, hint)


def not_copied(group: Group, limits: Limits) -> Iterator[tuple[Subject, Finding]]:
    """X05: no two projects, and no two years of one, have the very same indicators and values."""
    least = int(limits["最少指标数"])
    seen: dict[tuple[tuple[str, str | None], ...], list[Subject]] = defaultdict(list)
    for one in group.subjects:
        key = tuple([(row.name, row.value) for row in one.project.indicators])
        if len(key) >= least:
            if seen[key]:
                first = seen[key][0]
                other_year = first.project.year != one.project.year
                where = f"{first.project.year} 年度的{_label(first)}" if other_year else _label(first)
                message = f"全部 {len(key)} 条指标和指标值与{where}完全相同"
                yield one, Finding("X05", (INDICATORS,), message, "请确认不是照抄；目标应随项目和年度调整。")
            seen[key].append(one)


_TWO = "绩效指标:\n  产出指标:\n    数量指标:\n      - 三级指标: 局承担审批事项\n        指标值: {}\n"
_UNLIKE = "绩效指标:\n  产出指标:\n    数量指标:\n      - 三级指标: 另一件事\n        指标值: 5 项\n"

RULES = (
    Rule(
        code="X04",
        severity=Severity.WARNING,
        title="一个项目里同一指标只写一次",
        why="同一指标在产出和效益里各写一次，评价时只算一次。",
        bad=example("产出指标", "质量指标", ("群众满意度", "≥98%")),
        good=example("产出指标", "质量指标", ("参与培训率", "≥98%")),
        check=once_in_project,
    ),
)

CROSS_RULES = (
    CrossRule(
        code="X01",
        severity=Severity.ERROR,
        title="同一单位同一年度没有同名项目",
        why="名称是公众认项目的依据；两个同名的项目分不清哪个是哪个。",
        bad=(_TWO.format("255 项"), _UNLIKE),
        good=(_TWO.format("255 项"), _UNLIKE + "项目名称: 示例项目二\n"),
        check=unique_names,
    ),
    CrossRule(
        code="X02",
        severity=Severity.ERROR,
        title="同一部门代码只有一个名称",
        why="代码与名称对不上，汇总和检索都会出错。",
        bad=("{}", "项目名称: 示例项目二\n主管部门: 示例管理局\n"),
        good=("{}", "项目名称: 示例项目二\n"),
        check=one_department_name,
    ),
    CrossRule(
        code="X03",
        severity=Severity.WARNING,
        title="同一事项在各表的目标一致",
        why="同一部门的两张表对同一件事写了不同的目标，至少有一处不对。",
        bad=(_TWO.format("255 大项"), "项目名称: 示例项目二\n" + _TWO.format("255 项")),
        good=(_TWO.format("255 项"), "项目名称: 示例项目二\n" + _TWO.format("255项")),
        check=same_fact,
        limits={"最短名称字数": Decimal(6)},
    ),
    CrossRule(
        code="X05",
        severity=Severity.INFO,
        title="指标不照抄",
        why="两个项目、两个年度的指标和指标值一字不差，多半没有按项目实际填写。",
        bad=("{}", "项目名称: 示例项目二\n"),
        good=("{}", "项目名称: 示例项目二\n" + _UNLIKE),
        check=not_copied,
        limits={"最少指标数": Decimal(5)},
    ),
)
