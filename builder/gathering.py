"""Problems of many files gathered: all of them, or the first few of each kind and how many more there were.

A collection of 100,000 projects can have a million problems, more than memory should hold or anybody reads.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from builder.frozen import Packed, frozen
from builder.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from builder.problem import Problem

Kind: TypeAlias = tuple[Severity, str]
"""Severity and code."""

FEW = 20
"""Problems of one kind that are kept where not all are wanted."""


@frozen()
class Gathered(Packed):
    """Problems by file and place, and how many of each kind there were besides."""

    problems: tuple[Problem, ...] = ()
    more: Mapping[Kind, int] = field(default_factory=dict)


class Gathering:
    """What is being gathered, as it comes; ``most`` of each kind are kept, or all."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._kept: dict[Kind, list[Problem]] = {}
        self._more: Counter[Kind] = Counter()

    def add(self, problems: Iterable[Problem], more: Iterable[tuple[Kind, int]] = ()) -> None:
        """Take in problems, and the numbers of those that were left out before."""
        for problem in problems:
            kind = problem.severity, problem.code
            kept = self._kept.setdefault(kind, [])
            if self._most is None or len(kept) < self._most:
                kept.append(problem)
            else:
                self._more[kind] += 1
        for kind, number in more:
            self._more[kind] += number

    def result(self) -> Gathered:
        """What came together."""
        return Gathered(tuple(sorted(one for kept in self._kept.values() for one in kept)), dict(self._more))
