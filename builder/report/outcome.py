"""What a check of many files came to, and its problems gathered where many are alike."""

from __future__ import annotations

from dataclasses import field, replace
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from builder.frozen import frozen
from builder.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from builder.gathering import Kind
    from builder.problem import Problem, Waived

Lines: TypeAlias = "Callable[[str], tuple[str, ...]]"
"""From a file's name to its lines; none where they cannot be shown."""

_ORDER = (*Severity,)


@frozen()
class Outcome:
    """What a check of many files came to, by file and place.

    ``unlisted`` are problems too, but not to be shown one by one; ``more``: how many of each kind there were
    besides, which were counted and not kept.
    """

    problems: tuple[Problem, ...]
    waived: tuple[Waived, ...]
    files: int
    projects: int
    indicators: int
    unlisted: tuple[Problem, ...] = ()
    more: Mapping[Kind, int] = field(default_factory=dict)

    def count(self, severity: Severity) -> int:
        """How many problems of one severity."""
        more = sum(number for (of, _), number in self.more.items() if of is severity)
        return more + sum(problem.severity is severity for problem in self.problems)

    def failed(self, *, strict: bool) -> bool:
        """Whether publication must stop: errors, or under ``strict`` warnings too."""
        return bool(self.count(Severity.ERROR) or (strict and self.count(Severity.WARNING)))

    def only(self, is_about: Callable[[Problem], bool]) -> Outcome:
        """The same check, of which only what ``is_about`` says is listed and counts."""
        return replace(
            self,
            problems=tuple(problem for problem in self.problems if is_about(problem)),
            waived=tuple(item for item in self.waived if is_about(item.problem)),
            unlisted=tuple(problem for problem in self.problems if not is_about(problem)),
        )


@frozen()
class Alike:
    """Problems of one code and severity. ``hint`` is the advice that all of them share, if they do."""

    code: str
    severity: Severity
    problems: tuple[Problem, ...]
    hint: str


@frozen()
class AnsweredAlike:
    """Findings of one code answered with one reason."""

    code: str
    reason: str
    problems: tuple[Problem, ...]


def alike(problems: Iterable[Problem]) -> tuple[Alike, ...]:
    """Problems gathered by code, the worst first, then by code; within a code in the order given."""

    def key(problem: Problem) -> tuple[int, str]:
        return _ORDER.index(problem.severity), problem.code

    gathered = groupby(sorted(problems, key=key), key)
    return tuple(_alike(code, _ORDER[rank], tuple(found)) for (rank, code), found in gathered)


def _alike(code: str, severity: Severity, problems: tuple[Problem, ...]) -> Alike:
    hints = {problem.hint for problem in problems}
    return Alike(code, severity, problems, hints.pop() if len(hints) == 1 else "")


def answered_alike(waived: Iterable[Waived]) -> tuple[AnsweredAlike, ...]:
    """Answered findings gathered by code and reason, by code and then in the order given."""
    gathered: dict[tuple[str, str], list[Problem]] = {}
    for item in sorted(waived, key=lambda item: item.problem.code):
        gathered.setdefault((item.problem.code, item.reason), []).append(item.problem)
    return tuple(AnsweredAlike(code, reason, tuple(found)) for (code, reason), found in gathered.items())


def fingerprints(problems: Iterable[Problem]) -> Iterator[tuple[Problem, str]]:
    """Each problem with a mark that tells it apart and stays while lines move about it.

    Made of file, code and message; of several that are the same in all three, also of their order.
    """
    seen: dict[tuple[str, ...], int] = {}
    for problem in problems:
        same = (problem.file, problem.code, problem.message)
        seen[same] = seen.get(same, 0) + 1
        told = "\0".join((*same, str(seen[same])))
        yield problem, sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
