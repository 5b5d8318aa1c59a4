"""The report as SARIF 2.1.0, the OASIS format of code scanners.

What is waived is left out: code hosts open an alarm for a suppressed result as for any other.
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from builder import manual
from builder.codes import CODES, meaning
from builder.problem import Severity
from builder.report.outcome import fingerprints

if TYPE_CHECKING:
    from builder.codes import Code
    from builder.problem import Problem
    from builder.report.outcome import Outcome

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_INDEX = {code: number for number, code in enumerate(CODES)}


def as_sarif(outcome: Outcome, version: str) -> str:
    """One run of ``jixiao`` at ``version``; it names every rule, so that a cured problem can be closed."""
    driver = {
        "name": "jixiao",
        "version": version,
        "language": "zh-CN",
        "rules": [_rule(code) for code in CODES.values()],
    }
    run = {
        "tool": {"driver": driver},
        "language": "zh-CN",
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, mark) for problem, mark in fingerprints(outcome.problems)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False)


def _rule(code: Code) -> dict[str, object]:
    return {
        "id": code.code,
        "shortDescription": {"text": meaning(code.code)},
        "fullDescription": {"text": code.rule.why if code.rule else code.title},
        "help": {"text": "\n".join(manual.text(code)), "markdown": "\n".join(manual.entry(code))},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"tags": [code.group]},
    }


def _result(problem: Problem, mark: str) -> dict[str, object]:
    hint = f"。{problem.hint}" if problem.hint else ""
    rule = {"ruleIndex": _INDEX[problem.code]} if problem.code in _INDEX else {}
    return {
        "ruleId": problem.code,
        **rule,
        "level": _LEVELS[problem.severity],
        "message": {"text": f"{problem.message}{hint}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _address(problem.file),
                    "region": {"startLine": problem.line, "startColumn": problem.column},
                }
            }
        ],
        "partialFingerprints": {"jixiao/v1": mark},
    }


def _address(file: str) -> dict[str, str]:
    path = PurePath(file)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(file, errors="replace"), "uriBaseId": "%SRCROOT%"}
