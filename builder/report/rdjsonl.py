"""The report in reviewdog's diagnostic format: one JSON object a line. Its columns count bytes of UTF-8."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.problem import Problem
    from builder.report.outcome import Lines, Outcome


def as_rdjsonl(outcome: Outcome, lines: Lines) -> Iterator[str]:
    """One line a problem. ``lines`` gives a file's lines, by which columns become bytes."""
    for problem in outcome.problems:
        yield json.dumps(_diagnostic(problem, lines(problem.file)), ensure_ascii=False)


def _diagnostic(problem: Problem, lines: tuple[str, ...]) -> dict[str, object]:
    hint = f"\n建议：{problem.hint}" if problem.hint else ""
    return {
        "message": f"{problem.message}{hint}",
        "location": {"path": problem.file, "range": {"start": _position(problem, lines)}},
        "severity": problem.severity.value.upper(),
        "source": {"name": "jixiao"},
        "code": {"value": problem.code},
    }


def _position(problem: Problem, lines: tuple[str, ...]) -> dict[str, int]:
    if not 0 < problem.line <= len(lines):
        return {"line": problem.line}
    before = lines[problem.line - 1][: problem.column - 1]
    return {"line": problem.line, "column": len(before.encode("utf-8", "replace")) + 1}
