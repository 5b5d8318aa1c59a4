"""The report as annotations of GitHub Actions: commands on standard output that need no token.

GitHub shows ten errors, ten warnings and ten notices of one step and drops the rest without a word, so what
a change touched comes first and the rest is a line in the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.codes import meaning
from builder.problem import Severity
from builder.report.text import one_line, printable, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from builder.problem import Problem
    from builder.report.outcome import Outcome

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SHOWN = {Severity.ERROR: 10, Severity.WARNING: 10, Severity.INFO: 9}
"""Annotations of each kind in one step; the last notice says how many there are besides."""

_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def as_github(
    outcome: Outcome, is_changed: Callable[[str], bool] = lambda _: True, *, summarised: bool = False
) -> Iterator[str]:
    """The report a line at a time: annotations, those in changed files first, then what found no place.

    ``summarised`` says that the whole report stands in the step's summary.
    """
    ordered = sorted(outcome.problems, key=lambda problem: not is_changed(problem.file))
    rest: list[Problem] = []
    left = dict(_SHOWN)
    for problem in ordered:
        if left[problem.severity]:
            left[problem.severity] -= 1
            yield _annotation(problem)
        else:
            rest.append(problem)
    if rest:
        place = "摘要" if summarised else "运行日志"
        yield _command("notice", {}, f"另有 {len(rest)} 处，见{place}。")
    yield from (_log(one_line(problem)) for problem in rest)
    yield _log(summary(outcome))


def _annotation(problem: Problem) -> str:
    properties = {
        "file": problem.file,
        "line": str(problem.line),
        "col": str(problem.column),
        "title": f"{problem.code} {meaning(problem.code)}",
    }
    hint = f"\n建议：{printable(problem.hint)}" if problem.hint else ""
    return _command(_COMMANDS[problem.severity], properties, f"{printable(problem.message)}{hint}")


def _command(name: str, properties: dict[str, str], message: str) -> str:
    listed = ",".join(f"{key}={_escaped(value, _PROPERTY)}" for key, value in properties.items())
    return f"::{name}{' ' if listed else ''}{listed}::{_escaped(message, _DATA)}"


def _escaped(text: str, signs: dict[str, str]) -> str:
    return "".join(signs.get(char, char) for char in text)


def _log(line: str) -> str:
    """A line for the log in which the runner finds no command, whatever the data says."""
    return line.replace("::", ": :").replace("##[", "## [")
