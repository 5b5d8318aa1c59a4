"""The report as a Code Quality artifact of GitLab: a JSON list, compared by fingerprint between branches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from builder.problem import Severity
from builder.report.outcome import fingerprints

if TYPE_CHECKING:
    from builder.problem import Problem
    from builder.report.outcome import Outcome

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def as_gitlab(outcome: Outcome) -> str:
    """One entry a problem. What is waived is not in it: the format has no word for an answered finding."""
    entries = [_entry(problem, mark) for problem, mark in fingerprints(outcome.problems)]
    return json.dumps(entries, ensure_ascii=False)


def _entry(problem: Problem, mark: str) -> dict[str, object]:
    hint = f"。{problem.hint}" if problem.hint else ""
    return {
        "description": f"{problem.code} {problem.message}{hint}",
        "check_name": problem.code,
        "fingerprint": mark,
        "severity": _SEVERITIES[problem.severity],
        "location": {"path": problem.file, "lines": {"begin": problem.line}},
    }
