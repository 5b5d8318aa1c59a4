"""Files of the invented county: a project or a department, planned and written as YAML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

_LEVEL1 = {
    "数量指标": "产出指标",
    "质量指标": "产出指标",
    "时效指标": "产出指标",
    "成本指标": "产出指标",
    "社会效益指标": "效益指标",
    "可持续影响指标": "效益指标",
    "服务对象满意度指标": "满意度指标",
}
"""The 一级指标 of each 二级指标 in the form of Ningxia, in printed order."""

_WEIGHTS = {
    "成本指标": 20,
    "数量指标": 25,
    "质量指标": 10,
    "时效指标": 5,
    "社会效益指标": 20,
    "服务对象满意度指标": 10,
}
"""What the rows of each 二级指标 weigh together in the central form; it has no 可持续影响指标."""

LEVELS = {"ningxia-2024": frozenset(_LEVEL1), "central-2021": frozenset(_WEIGHTS)}
"""The 二级指标 of each form, by the names that Ningxia uses."""


@dataclass(frozen=True)
class Target:
    """One indicator: its 二级指标, its name, and its value as a number with sign and unit, or as a phrase."""

    level2: str
    name: str
    sign: str = ""
    number: Decimal | None = None
    unit: str = ""
    phrase: str = ""

    @property
    def value(self) -> str:
        """The 指标值 as written."""
        space = "" if self.unit == "%" else " "
        return self.phrase or f"{self.sign}{self.number:f}{space}{self.unit}"


@dataclass(frozen=True)
class Adjusted:
    """One 调整记录: day, number of the approval, reason."""

    day: str
    number: str
    reason: str


@dataclass(frozen=True)
class Planned:
    """One project in one year. ``kind``: 项目属性 and 项目期; ``other``: hundredths that are 其他资金."""

    form: str
    year: int
    department: str
    code: str
    stem: str
    name: str
    kind: tuple[str, str]
    total: Decimal
    other: Decimal
    goals: tuple[str, ...]
    targets: tuple[Target, ...]
    secret: bool = False
    former: tuple[str, ...] = ()
    adjusted: tuple[Adjusted, ...] = ()

    @property
    def office(self) -> str:
        """The department without its county."""
        return self.department.removeprefix("示例县")

    @property
    def path(self) -> str:
        """Where its file stands."""
        return f"targets/{self.year}/{self.code}/{self.stem}.yml"


def department(name: str, index: int, year: int, dates: tuple[str, int] | None, *, withheld: int) -> str:
    """部门.yml. ``dates``: the day of approval, and how many days later it was published."""
    lines = [f"部门名称: {name}", f"附件标题: 示例附件 {index + 1}：{name}项目支出预算绩效目标表"]
    if dates:
        approved, days = dates
        published = date.fromisoformat(approved) + timedelta(days=days)
        lines += [
            f'批复日期: "{approved}"',
            f"批复文号: 示例财发〔{year}〕{index + 1} 号",
            f'公开日期: "{published}"',
        ]
    lines += [f"不予公开项目数: {withheld}"] if withheld else []
    lines += [
        f'联系电话: "0000-12345{index:02d}"',
        "联系地址: 示例县示例路 1 号",
        "说明: 示例数据，由程序生成",
    ]
    return "\n".join(lines) + "\n"


def project(one: Planned, number: int) -> str:
    """A project's file; ``number`` is its 序号."""
    other = (one.total * one.other / 100).quantize(one.total)
    central = one.form == "central-2021"
    lines = [
        f"表样: {one.form}",
        f"年度: {one.year}",
        f"序号: {number}",
        f"项目名称: {one.name}",
        f"主管部门: {one.department}",
        f'部门代码: "{one.code}"',
        f"实施单位: {one.department}本级",
        *([] if central else [f"项目属性: {one.kind[0]}", f"项目期: {one.kind[1]}"]),
        "项目资金:  # 万元",
        f"  年度资金总额: {one.total}",
        f"  财政拨款: {one.total - other}",
        *(["  上年结转: 0"] if central else []),
        f"  其他资金: {other or 0}",
        *(["  执行率分值: 10"] if central else []),
        "年度总体目标:",
        *(f"  - {goal}" for goal in one.goals),
        "绩效指标:",
        *(_central(one.targets) if central else _ningxia(one.targets)),
        *(["公开: 否"] if one.secret else []),
        *_former(one.former),
        *_adjusted(one.adjusted),
        *_waivers(one.targets),
    ]
    return "\n".join(lines) + "\n"


def _ningxia(targets: Sequence[Target]) -> Iterator[str]:
    for level1, group in groupby(targets, key=lambda target: _LEVEL1[target.level2]):
        yield f"  {level1}:"
        for level2, rows in groupby(group, key=lambda target: target.level2):
            yield f"    {level2}:"
            for row in rows:
                yield from _row(row)


def _central(targets: Sequence[Target]) -> Iterator[str]:
    level1 = ""
    for level2, weight in _WEIGHTS.items():
        rows = [target for target in targets if target.level2 == level2]
        now = "成本指标" if level2 == "成本指标" else _LEVEL1[level2]
        if now != level1:
            yield f"  {now}:"
        level1 = now
        yield f"    {'经济成本指标' if level2 == '成本指标' else level2}:"
        for index, row in enumerate(rows):
            yield from _row(row)
            yield f"        权重: {weight // len(rows) + (weight % len(rows) if index == 0 else 0)}"


def _row(row: Target) -> Iterator[str]:
    yield f"      - 三级指标: {row.name}"
    yield f'        指标值: "{row.value}"'


def _former(paths: Sequence[str]) -> Iterator[str]:
    if paths:
        yield "曾用路径:"
        yield from (f"  - {path}" for path in paths)


def _adjusted(notes: Sequence[Adjusted]) -> Iterator[str]:
    if notes:
        yield "调整记录:"
    for note in notes:
        yield f'  - 日期: "{note.day}"'
        yield f"    批复文号: {note.number}"
        yield f"    原因: {note.reason}"


def _waivers(targets: Sequence[Target]) -> Iterator[str]:
    """Answers to what the check says of targets in words."""
    worded = [target for target in targets if target.level2 == "可持续影响指标" and target.phrase]
    if worded:
        yield "豁免:"
    for target in worded:
        yield "  - 规则: A09"
        yield f"    指标: {target.name}"
        yield "    理由: 示例：批复原文如此，暂时没有可以计量的数"
