"""What is compared and what comes of it: frozen records, no words for users."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from builder.model import Department, ProjectId, Waiver
    from builder.problem import Path, Problem
    from builder.rules import Subject


class Kind(StrEnum):
    """What happened. The names are stable; their order is the order of every report: loss first."""

    PROJECT_REMOVED = "project-removed"
    INDICATOR_REMOVED = "indicator-removed"
    GOAL_REMOVED = "goal-removed"
    TARGET_WEAKER = "target-weaker"
    MADE_QUALITATIVE = "made-qualitative"
    DEADLINE_LATER = "deadline-later"
    TARGET_UNCLEAR = "target-unclear"
    UNIT_CHANGED = "unit-changed"
    FUNDING_RAISED = "funding-raised"
    FUNDING_LOWERED = "funding-lowered"
    FUNDING_SHIFTED = "funding-shifted"
    PROBLEM_NEW = "problem-new"
    WAIVER_ADDED = "waiver-added"
    WEIGHT_CHANGED = "weight-changed"
    INDICATOR_MOVED = "indicator-moved"
    INDICATOR_REWORDED = "indicator-reworded"
    GOAL_CHANGED = "goal-changed"
    PROJECT_RENAMED = "project-renamed"
    DEPARTMENT_CHANGED = "department-changed"
    FIELD_CHANGED = "field-changed"
    NOTE_CHANGED = "note-changed"
    TARGET_STRICTER = "target-stricter"
    MADE_QUANTITATIVE = "made-quantitative"
    DEADLINE_EARLIER = "deadline-earlier"
    PROJECT_ADDED = "project-added"
    INDICATOR_ADDED = "indicator-added"
    GOAL_ADDED = "goal-added"
    WAIVER_REMOVED = "waiver-removed"
    PROBLEM_FIXED = "problem-fixed"


RANK = {kind: rank for rank, kind in enumerate(Kind)}
"""The place of each kind in a report."""


class Tier(StrEnum):
    """What a kind of change asks of a reviewer, the most urgent first."""

    LOSS = "loss"  # something is promised less
    LOOK = "look"  # a person must judge
    GAIN = "gain"  # something is promised more


_FIRST_LOOK, _FIRST_GAIN = RANK[Kind.TARGET_UNCLEAR], RANK[Kind.TARGET_STRICTER]


def tier(kind: Kind) -> Tier:
    """The tier of a kind."""
    if RANK[kind] < _FIRST_LOOK:
        return Tier.LOSS
    return Tier.LOOK if RANK[kind] < _FIRST_GAIN else Tier.GAIN


class Reason(StrEnum):
    """Why a verdict on a target is what it is, where the kind alone does not say it."""

    FLOOR = "floor"  # more is better
    CEILING = "ceiling"  # less is better
    WORDS = "words"
    OPERATOR = "operator"
    OPPOSITE = "opposite"  # a floor became a ceiling, or the other way round
    NEUTRAL = "neutral"  # nothing says whether more or less is better
    CONTRARY = "contrary"  # the operator says one thing, the indicator another
    ABOUT = "about"
    BASE = "base"
    SHAPE = "shape"  # a date became a number, a number a range ...
    SUSPECT = "suspect"  # one of the texts looks misread
    UNREAD = "unread"
    GONE = "gone"
    FILLED = "filled"


@frozen()
class Version:
    """One file at one revision. Neither ``subject`` nor ``department``: nothing could be made of the text.

    ``facts`` are the texts of a 部门.yml by key. ``wrong`` holds the top keys under which a value has the
    wrong shape: what is said there is not compared. ``waived`` are the problems that a waiver answers.
    ``about`` names the indicator or the top key that a problem is about, where it is about one.
    """

    file: str
    id: ProjectId | None
    subject: Subject | None = None
    department: Department | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    waived: tuple[Problem, ...] = ()
    wrong: frozenset[str] = frozenset()
    about: Mapping[Problem, str] = field(default_factory=dict)

    @property
    def is_read(self) -> bool:
        """Whether there is anything to compare."""
        return self.subject is not None or self.department is not None

    @property
    def is_withheld(self) -> bool:
        """Whether it is a project that must not be published (公开: 否)."""
        return self.subject is not None and self.subject.project.withheld

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """豁免."""
        record = self.subject.project if self.subject else self.department
        return record.waivers if record else ()


Snapshot = tuple[Version, ...]
"""The files of one revision, in any order; those that are the same in both may be left out of both."""


@frozen()
class Change:
    """One change in meaning.

    ``file`` is the new name, or the old one of what was removed; ``old_file`` is there after a rename.
    ``project`` is 项目名称 (部门名称 in a 部门.yml, the file's stem where it cannot be read), ``department``
    主管部门. ``indicator`` is the 三级指标 as it is now, ``level2`` its 二级指标. ``key`` is the 栏目
    it stands in. ``before`` and ``after`` are texts to the letter, ``None`` where there is nothing.

    ``amount`` is the change of 年度资金总额 in 万元. ``problem`` is what was found or mended. ``path`` leads
    to the place in ``file``; in the old file for what is gone.
    """

    kind: Kind
    file: str
    id: ProjectId | None
    project: str
    department: str
    before: str | None = None
    after: str | None = None
    indicator: str | None = None
    level2: str | None = None
    key: str | None = None
    reason: Reason | None = None
    amount: Decimal | None = None
    old_file: str | None = None
    problem: Problem | None = None
    path: Path = field(default=(), compare=False, repr=False)


@frozen()
class Unread:
    """A file that changed but cannot be compared, whole or in part.

    ``old`` and ``new`` are the problems of either side, where it is that side that stands in the way.
    ``keys`` are the top keys left out; empty when the whole file is.
    """

    file: str
    old: tuple[Problem, ...]
    new: tuple[Problem, ...]
    keys: tuple[str, ...] = ()
