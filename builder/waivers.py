"""豁免: findings on approved text, answered with a reason instead of a rewrite.

A waiver answers one finding of its rule, or one for each indicator it names. One that fits several says so
(W02) and one that fits none is itself a finding (W01): a waiver never outlives or outgrows its reason.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from builder.decode import GOALS, at
from builder.problem import Finding, Severity
from builder.rules import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from builder.model import Indicator, Waiver
    from builder.problem import Path

    Rows = Mapping[Path, Indicator]

WAIVER_CODES = {
    "W01": ("豁免没有用上", Severity.WARNING),
    "W02": ("豁免对应不止一处", Severity.ERROR),
    "W03": ("豁免的规则不存在", Severity.ERROR),
}
"""Code → title and severity of what can be wrong with a waiver itself."""


def apply(
    findings: Iterable[Finding], waivers: Iterable[Waiver], indicators: Iterable[Indicator]
) -> tuple[tuple[Finding, ...], tuple[tuple[Finding, Waiver], ...]]:
    """Findings that stand (those on waivers among them), and the answered ones with their waivers."""
    standing = list(findings)
    waived: list[tuple[Finding, Waiver]] = []
    about_waivers: list[Finding] = []
    rows: Rows = {}
    for waiver in waivers:
        rows = rows or {row.path: row for row in indicators}
        for name in waiver.indicators or (None,):
            fitting = [finding for finding in standing if _fits(waiver, name, finding, rows)]
            if len({finding.path for finding in fitting}) == 1:
                waived += ((finding, waiver) for finding in fitting)
                standing = [finding for finding in standing if finding not in fitting]
            else:
                about_waivers += _complaint(waiver, name, fitting)
    return (*standing, *about_waivers), tuple(waived)


def _fits(waiver: Waiver, name: str | None, finding: Finding, rows: Rows) -> bool:
    if waiver.rule != finding.code:
        return False
    row = _row(finding.path, rows)
    return (
        (name is None or (row is not None and name == row.name))
        and (waiver.level2 is None or waiver.level2 == (row.level2 if row else _last_key(finding.path)))
        and (waiver.goal is None or finding.path[:2] == (GOALS, waiver.goal - 1))
        and (waiver.key is None or waiver.key == _last_key(finding.path))
    )


def _row(path: Path, rows: Rows) -> Indicator | None:
    """The indicator at a path or above it."""
    return next((rows[path[:end]] for end in range(len(path), 0, -1) if path[:end] in rows), None)


def _last_key(path: Path) -> str | None:
    return next((step for step in reversed(path) if isinstance(step, str)), None)


def _complaint(waiver: Waiver, name: str | None, fitting: list[Finding]) -> Iterator[Finding]:
    if waiver.rule not in BY_CODE:
        near = get_close_matches(waiver.rule, BY_CODE, 1, 0.5)
        hint = f"是不是想写“{near[0]}”？" if near else f"现有规则：{'、'.join(BY_CODE)}。"
        yield Finding("W03", at(waiver, "rule"), f"没有“{waiver.rule}”这条可以豁免的规则", hint)
    elif fitting:
        message = f"这条豁免对应 {len(fitting)} 处 {waiver.rule}，不知道指哪一处"
        hint = "请用“指标”（必要时加“二级指标”）、“目标”或“栏目”写明是哪一处。"
        yield Finding("W02", at(waiver, "rule"), message, hint)
    else:
        message = f"{_target(waiver, name)}没有 {waiver.rule} 问题，这条豁免没有用上"
        hint = "问题已改好的，请删掉这条豁免；没有改的，请核对“规则”和“指标”等与正文一字不差。"
        yield Finding("W01", at(waiver, "rule"), message, hint)


def _target(waiver: Waiver, name: str | None) -> str:
    if name is not None:
        return f"指标“{name}”"
    if waiver.goal is not None:
        return f"目标 {waiver.goal} "
    narrowed = waiver.key or waiver.level2
    return f"“{narrowed}”" if narrowed else "本项目"
