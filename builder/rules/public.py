"""公开 (group P): what must not be published, and when publication is due."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from builder.decode import PUBLISHED_ON, written_of_department
from builder.problem import Finding, Severity
from builder.rules.rule import CrossRule, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.problem import Path
    from builder.rules.rule import Group, Limits, Subject

_MOBILE = re.compile(r"(?<![0-9.])1[3-9][0-9]{9}(?![0-9.])")
_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
_CARD = re.compile(r"(?<![0-9])[3-6][0-9]{15,18}(?![0-9])")
_DIGITS = re.compile("[0-9]{11}")
_SECRET = re.compile(r"(?:绝密|机密|秘密)\s*[★☆*]|内部(?:资料|文件)[，,\s]*(?:注意|妥善|严禁)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_LUHN_BASE = 10
_HINT = "个人信息不能公开，请删去；提交到公开的仓库之前就要删。"


def no_secret_mark(subject: Subject, _: Limits) -> Iterator[Finding]:
    """P01: nothing that carries a mark of secrecy."""
    for path, text in subject.texts_with(_SECRET, "密", "内部"):
        if match := _SECRET.search(text):
            message = f"文字里有密级或内部标志“{match.group()}”"
            hint = "涉密内容不能公开，也不能提交到公开的仓库；请先按规定作保密审查。"
            yield Finding("P01", path, message, hint)


def no_personal_number(subject: Subject, _: Limits) -> Iterator[Finding]:
    """P02: no mobile number, identity number or bank card number."""
    for path, text in subject.texts_with(_DIGITS):
        yield from _personal(path, text)


def no_personal_number_of_department(group: Group, _: Limits) -> Iterator[tuple[int, Finding]]:
    """P05: the same in a 部门.yml, whose telephone is an office's."""
    for year, department in group.departments.items():
        for path, text in written_of_department(department):
            for finding in _personal(path, text):
                yield year, Finding("P05", finding.path, finding.message, finding.hint)


def _personal(path: Path, text: str) -> Iterator[Finding]:
    if not _DIGITS.search(text):
        return
    for pattern, what, holds in (
        (_IDENTITY, "身份证号", _is_identity),
        (_CARD, "银行卡号", _is_card),
        (_MOBILE, "手机号码", bool),
    ):
        for match in pattern.finditer(text):
            if holds(match.group()):
                shown = f"{match.group()[:3]}…{match.group()[-2:]}"
                yield Finding("P02", path, f"文字里像是有{what}（{shown}）", _HINT)


def _is_identity(digits: str) -> bool:
    """The check digit of GB 11643 holds."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == digits[-1].upper()


def _is_card(digits: str) -> bool:
    """The check digit of bank cards (Luhn) holds."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number >= _LUHN_BASE else number
    return total % _LUHN_BASE == 0


def in_time(group: Group, limits: Limits) -> Iterator[tuple[int, Finding]]:
    """P03: published within the days the law gives after approval, and not before it."""
    days = int(limits["天数"])
    for year, department in group.departments.items():
        if department.approved_on is None or department.published_on is None:
            continue
        approved, published = map(date.fromisoformat, (department.approved_on, department.published_on))
        due = approved + timedelta(days=days)
        if published > due:
            message = f"公开日期 {published} 晚于批复后 {days} 日的期限 {due}"
            hint = "日期写错的请改正；确实晚了的，请写豁免说明原因。"
            yield year, Finding("P03", (PUBLISHED_ON,), message, hint)
        elif published < approved:
            message = f"公开日期 {published} 早于批复日期 {approved}"
            yield year, Finding("P03", (PUBLISHED_ON,), message, "请对照批复文件核对两个日期。")


RULES = (
    Rule(
        code="P01",
        severity=Severity.ERROR,
        title="没有密级标志",
        why="《预算法》第十四条：预算公开，涉及国家秘密的除外；《保守国家秘密法》要求公开前作保密审查。",
        bad="年度总体目标:\n  - 机密★ 保障专网运行\n",
        good="年度总体目标:\n  - 保障专网运行\n",
        check=no_secret_mark,
    ),
    Rule(
        code="P02",
        severity=Severity.ERROR,
        title="没有个人号码",
        why="《政府信息公开条例》第十五条：涉及个人隐私的信息不得公开。身份证号和银行卡号按校验位判断。",
        bad="年度总体目标:\n  - 联系人手机 13800138000\n",
        good="年度总体目标:\n  - 保障 12345 便民服务中心日常工作\n",
        check=no_personal_number,
    ),
)

CROSS_RULES = (
    CrossRule(
        code="P03",
        severity=Severity.WARNING,
        title="批复后二十日内公开",
        why="《预算法》第十四条：部门预算由各部门在财政部门批复后二十日内公开。两个日期都写了才检查。",
        bad=('# 部门\n部门名称: 示例局\n批复日期: "2024-02-08"\n公开日期: "2024-03-08"\n', "{}"),
        good=('# 部门\n部门名称: 示例局\n批复日期: "2024-02-08"\n公开日期: "2024-02-28"\n', "{}"),
        check=in_time,
        limits={"天数": Decimal(20)},
    ),
    CrossRule(
        code="P05",
        severity=Severity.ERROR,
        title="部门文件里没有个人号码",
        why="《政府信息公开条例》第十五条；“联系电话”写办公电话，不写个人手机。",
        bad=('# 部门\n部门名称: 示例局\n联系电话: "13800138000"\n', "{}"),
        good=('# 部门\n部门名称: 示例局\n联系电话: "0000-1234567"\n', "{}"),
        check=no_personal_number_of_department,
    ),
)
