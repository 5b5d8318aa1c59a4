"""The report as one JSON object, for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from builder.problem import Severity

if TYPE_CHECKING:
    from builder.problem import Problem
    from builder.report.outcome import Outcome

_FIELDS = ("file", "line", "column", "severity", "code", "message", "hint")


def as_json(outcome: Outcome) -> str:
    """One object: ``problems``, ``waived`` (with ``reason``) and ``counts``; lines and columns from 1."""
    document = {
        "problems": [_fields(problem) for problem in outcome.problems],
        "waived": [{**_fields(item.problem), "reason": item.reason} for item in outcome.waived],
        "counts": {
            "files": outcome.files,
            "projects": outcome.projects,
            "indicators": outcome.indicators,
            **{str(severity): outcome.count(severity) for severity in Severity},
            "waived": len(outcome.waived),
            "unlisted": len(outcome.unlisted),
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _fields(problem: Problem) -> dict[str, object]:
    return {name: getattr(problem, name) for name in _FIELDS}
