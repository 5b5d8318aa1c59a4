"""The report as Markdown, for a step's summary or a comment: bounded, the worst first, the same gathered."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from builder.codes import meaning
from builder.markdown import code, escaped
from builder.problem import SEVERITY_WORDS
from builder.report.outcome import alike, answered_alike
from builder.report.text import printable, summary, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from builder.problem import Problem, Waived
    from builder.report.outcome import Alike, AnsweredAlike, Outcome

Line: TypeAlias = "tuple[str, int]"
"""A line, and how many findings it tells of."""

COMMENT = 60_000
"""Characters that fit a comment on GitHub, which takes 65,536; other code hosts take more."""
STEP_SUMMARY = 250_000
"""Characters that fit the summary of a step of GitHub Actions, which takes 1 MiB, whatever the characters."""

_CELL = 400
_FEW = 3
"""More codes than this get a table of counts in front."""
_CLOSING = 200
"""Characters kept for what is said at the end."""


def as_markdown(outcome: Outcome, *, limit: int = COMMENT) -> str:
    """At most ``limit`` characters (10,000 or more); lines that do not fit are left out and counted."""
    groups = alike(outcome.problems)
    head = ["## 绩效目标检查", "", summary(outcome), ""]
    if len(groups) > _FEW:
        head += [*_table(groups), ""]
    room = limit - _length(head) - _CLOSING
    body, told = _fitting(chain.from_iterable(_group(group) for group in groups), room)
    left = len(outcome.problems) - told
    closing = [f"另有 {left} 处没有列出：运行 `jixiao check` 可以看到全部。", ""] if left else []
    answered = _answered(outcome.waived, room - _length(body))
    return "\n".join((*head, *body, *closing, *answered))


def _table(groups: tuple[Alike, ...]) -> Iterator[str]:
    yield "| 编号 | 严重程度 | 处数 | |"
    yield "|---|---|---:|---|"
    for group in groups:
        word = SEVERITY_WORDS[group.severity]
        yield f"| {group.code} | {word} | {len(group.problems)} | {escaped(meaning(group.code))} |"


def _group(group: Alike) -> Iterator[Line]:
    title = f"{SEVERITY_WORDS[group.severity]} {group.code} 共 {len(group.problems)} 处"
    yield f"### {title}（{escaped(meaning(group.code))}）", 0
    yield "", 0
    if group.hint:
        yield f"建议：{_cell(group.hint)}", 0
        yield "", 0
    yield ("| 位置 | 问题 |" if group.hint else "| 位置 | 问题 | 建议 |"), 0
    yield ("|---|---|" if group.hint else "|---|---|---|"), 0
    for problem in group.problems:
        hint = "" if group.hint else f" {_cell(problem.hint)} |"
        yield f"| {_place(problem)} | {_cell(problem.message)} |{hint}", 1
    yield "", 0


def _answered(waived: Iterable[Waived], room: int) -> Iterator[str]:
    groups = answered_alike(waived)
    if not groups:
        return
    total = sum(len(group.problems) for group in groups)
    kept, told = _fitting(chain.from_iterable(_answered_group(group) for group in groups), room)
    yield f"<details><summary>已豁免 {total} 处</summary>"
    yield ""
    yield from kept
    if total > told:
        yield f"另有 {total - told} 处没有列出。"
        yield ""
    yield "</details>"
    yield ""


def _answered_group(group: AnsweredAlike) -> Iterator[Line]:
    yield f"{group.code} {len(group.problems)} 处，理由：{_cell(group.reason)}", 0
    yield "", 0
    for problem in group.problems:
        yield f"- {_place(problem)} {_cell(problem.message)}", 1
    yield "", 0


def _fitting(lines: Iterable[Line], room: int) -> tuple[list[str], int]:
    """The lines up to the first that does not fit, and how many findings they tell of."""
    kept: list[str] = []
    told = 0
    for line, findings in lines:
        room -= len(line) + 1
        if room < 0:
            # A table or a list that is cut ends with an empty line too.
            return [*kept, ""], told
        kept.append(line)
        told += findings
    return kept, told


def _length(lines: list[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _place(problem: Problem) -> str:
    return code(printable(where(problem)))


def _cell(text: str) -> str:
    shown = printable(text)
    return escaped(shown if len(shown) <= _CELL else f"{shown[:_CELL]}…")
