"""The report for a person at a terminal: code frames, and lines where a code comes again and again."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from builder.codes import meaning
from builder.problem import SEVERITY_WORDS, Severity
from builder.report.outcome import alike, answered_alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from builder.problem import Problem, Waived
    from builder.report.outcome import Alike, AnsweredAlike, Lines, Outcome

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_FRAME_WIDTH = 96
_FEW = 3
"""More problems of one code than this are listed without frames."""
_MANY = 100
"""Answered findings of one code and reason that are listed."""


def as_text(outcome: Outcome, lines: Lines, *, colour: bool = False) -> Iterator[str]:
    """The report a line at a time. ``lines`` gives a file's lines for the code frame.

    A problem begins its line with ``file:line:column``, framed or not.
    """
    gathered = alike(outcome.problems)
    often = {group.code for group in gathered if len(group.problems) > _FEW}
    for problem in outcome.problems:
        if problem.code not in often:
            yield from frame(problem, lines, colour=colour)
    for group in gathered:
        if group.code in often:
            more = outcome.more.get((group.severity, group.code), 0)
            yield from _listed(group, more, colour=colour)
    yield from _answered(outcome.waived)
    yield summary(outcome)


def where(problem: Problem) -> str:
    """``file:line:column``."""
    return f"{problem.file}:{problem.line}:{problem.column}"


def one_line(problem: Problem, *, colour: bool = False) -> str:
    """A problem on one line, with its advice."""
    head = _head(problem, colour=colour)
    return f"{head}。{printable(problem.hint)}" if problem.hint else head


def printable(text: str) -> str:
    """Text whose control characters cannot steer a terminal."""
    return text if text.isprintable() else "".join(char if char.isprintable() else "·" for char in text)


def _head(problem: Problem, *, colour: bool) -> str:
    word = _word(problem.severity, colour=colour)
    return f"{printable(where(problem))} {word} {problem.code} {printable(problem.message)}"


def _word(severity: Severity, *, colour: bool) -> str:
    word = SEVERITY_WORDS[severity]
    return f"\x1b[1;{_COLOURS[severity]}m{word}\x1b[0m" if colour else word


def frame(problem: Problem, lines: Lines, *, colour: bool = False) -> Iterator[str]:
    """A problem with the line it stands on, a caret under the place, and the advice."""
    yield _head(problem, colour=colour)
    text = lines(problem.file)
    if 0 < problem.line <= len(text) and text[problem.line - 1].strip():
        yield from _caret(text[problem.line - 1], problem)
    if problem.hint:
        yield f"    建议：{printable(problem.hint)}"
    yield ""


def _caret(line: str, problem: Problem) -> Iterator[str]:
    column = problem.column - 1
    start = max(0, column - _FRAME_WIDTH // 2) if len(line) > _FRAME_WIDTH else 0
    shown = printable(line[start : start + _FRAME_WIDTH])
    number = f"{problem.line:>5} │ "
    before = "…" if start else ""
    yield f"{number}{before}{shown}"
    yield f"{' ' * 5} │ {' ' * _width(before + shown[: column - start])}^"


def _width(text: str) -> int:
    """Columns a terminal uses: two for a full-width character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _listed(group: Alike, more: int, *, colour: bool) -> Iterator[str]:
    """Many problems of one code: the advice once where they share it, and a line each that was kept."""
    word = _word(group.severity, colour=colour)
    yield f"{word} {group.code} 共 {len(group.problems) + more} 处（{meaning(group.code)}）"
    if group.hint:
        yield f"    建议：{printable(group.hint)}"
    for problem in group.problems:
        yield _head(problem, colour=colour) if group.hint else one_line(problem, colour=colour)
    if more:
        yield f"    ……另有 {more} 处，用 jixiao check 可以看到全部"
    yield ""


def _answered(waived: Iterable[Waived]) -> Iterator[str]:
    groups = answered_alike(waived)
    if not groups:
        return
    yield f"已豁免 {sum(len(group.problems) for group in groups)} 处："
    for group in groups:
        yield from _answered_group(group)
    yield ""


def _answered_group(group: AnsweredAlike) -> Iterator[str]:
    yield f"  {group.code} {len(group.problems)} 处，理由：{printable(group.reason)}"
    for problem in group.problems[:_MANY]:
        yield f"    {printable(where(problem))} {problem.code} {printable(problem.message)}"
    if len(group.problems) > _MANY:
        yield f"    ……另有 {len(group.problems) - _MANY} 处，用 --format json 可以看到全部"


def summary(outcome: Outcome) -> str:
    """The closing counts."""
    scope = f"{outcome.files} 个文件，{outcome.projects} 个项目，{outcome.indicators} 个指标"
    counts = "，".join(f"{outcome.count(s)} 个{SEVERITY_WORDS[s]}" for s in Severity if outcome.count(s))
    text = f"检查了 {scope}：{counts or '没有问题'}。"
    if outcome.unlisted:
        text += f"另有 {len(outcome.unlisted)} 处问题与这次改动无关，没有列出。"
    return text
