"""What a rule is: a code, words for people, examples held as data, and one small function.

A Rule looks at one project; a CrossRule at all projects of one department. Both see Subjects: projects with
their form and with every 指标值 as understood.
"""

from __future__ import annotations

from dataclasses import field
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from builder.decode import words, written
from builder.frozen import frozen
from builder.values import parse

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from builder.form import Form, Topic
    from builder.model import Department, Indicator, Project, ProjectId
    from builder.problem import Finding, Path, Severity
    from builder.values import Kind, Suspicion, Value, Vocabulary

Limits: TypeAlias = "Mapping[str, Decimal]"
"""Thresholds (阈值) of one rule by their Chinese names, as configured."""


class Row(NamedTuple):
    """One 三级指标 and its 指标值 as understood; ``value`` is ``None`` where there is no text."""

    indicator: Indicator
    value: Value | None


_ROW: Callable[[Iterable[object]], Row] = partial(tuple.__new__, Row)
"""A Row of its two values: what ``Row`` does, in less time, for there are very many."""


@frozen(eq=False, slots=False)
class Subject:
    """What rules look at: one project, its form, its rows in printed order. Each is equal to itself only.

    ``terms`` are the groups of words by which rules
    judge (schema/terms.json). ``id`` is what the file's path says, where it says something.
    """

    project: Project
    form: Form
    rows: tuple[Row, ...]
    terms: Mapping[str, tuple[str, ...]] = field(repr=False)
    id: ProjectId | None = None

    def topic(self, row: Row) -> Topic | None:
        """What the 二级指标 of a row is about, as the form says."""
        return self.form.topics.get((row.indicator.level1, row.indicator.level2))

    def on(self, topic: Topic) -> Sequence[Row]:
        """The rows about one topic."""
        return self._by_topic.get(topic, ())

    @cached_property
    def filled(self) -> set[tuple[str, str]]:
        """一级 and 二级指标 of the rows."""
        return {(row.level1, row.level2) for row, _ in self.rows}

    @cached_property
    def topics(self) -> Sequence[Topic | None]:
        """The topic of each row."""
        topics = self.form.topics
        return [topics.get((row.level1, row.level2)) for row, _ in self.rows]

    @cached_property
    def _by_topic(self) -> Mapping[Topic | None, Sequence[Row]]:
        found: dict[Topic | None, list[Row]] = {}
        for row, topic in zip(self.rows, self.topics, strict=True):
            found.setdefault(topic, []).append(row)
        return found

    def of_kind(self, kind: Kind) -> Sequence[Row]:
        """The rows with values of one kind."""
        return self._by_kind.get(kind, ())

    def measured_in(self, dimension: str) -> Sequence[Row]:
        """The rows with values whose unit is of one dimension (量纲)."""
        return self._by_dimension.get(dimension, ())

    @cached_property
    def _by_kind(self) -> Mapping[Kind, Sequence[Row]]:
        found: dict[Kind, list[Row]] = {}
        for row in self.rows:
            if row.value is not None:
                found.setdefault(row.value.kind, []).append(row)
        return found

    @cached_property
    def _by_dimension(self) -> Mapping[str, Sequence[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            if row.value is not None and row.value.unit is not None:
                found.setdefault(row.value.unit.dimension, []).append(row)
        return found

    @cached_property
    def suspected(self) -> Sequence[tuple[Row, Sequence[Suspicion]]]:
        """The rows whose values are suspected, and of what: mostly none."""
        return [(row, row.value.suspicions) for row in self.rows if row.value and row.value.suspicions]

    @cached_property
    def texts(self) -> Sequence[tuple[Path, str]]:
        """All texts a person wrote, with their paths."""
        return tuple(written(self.project))

    @cached_property
    def words(self) -> Sequence[str]:
        """The same without their paths, and without empty ones."""
        return words(self.project)

    def texts_with(self, pattern: re.Pattern[str], *signs: str) -> Sequence[tuple[Path, str]]:
        """All texts, if any of them may hold the pattern, which must not look at the ends of a text.

        ``signs``: one of these is in whatever matches; to look for them takes less than the pattern does.
        """
        whole = self._all_texts
        if signs and not any(map(whole.__contains__, signs)):
            return ()
        return self.texts if pattern.search(whole) else ()

    @cached_property
    def _all_texts(self) -> str:
        return "\n".join(self.words)


@frozen()
class Group:
    """One department: its subjects by year and table order, and its 部门.yml by year."""

    subjects: tuple[Subject, ...]
    departments: Mapping[int, Department]


Check: TypeAlias = "Callable[[Subject, Limits], Iterator[Finding]]"
CrossCheck: TypeAlias = "Callable[[Group, Limits], Iterator[tuple[Subject | int, Finding]]]"
"""Findings with the project they are about, or with the year of the 部门.yml they are about."""


@frozen()
class Rule:
    """规则. ``why`` gives the reason and where the demand comes from.

    ``bad`` and ``good`` are parts of a record as YAML, laid over a sound record of ``form`` (a key with null
    takes the key away, a list replaces the list): with the first the rule must speak, with the second it must
    not; a test runs both and the public list of rules prints them. ``limits`` are the default thresholds.
    """

    code: str
    severity: Severity
    title: str
    why: str
    bad: str
    good: str
    check: Check
    limits: Limits = field(default_factory=dict)
    form: str = "ningxia-2024"


@frozen()
class CrossRule:
    """跨文件规则. As a Rule, but ``bad`` and ``good`` are several records, each told as a Rule's example is.

    A record whose first line is ``# 部门`` is a 部门.yml.
    """

    code: str
    severity: Severity
    title: str
    why: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    check: CrossCheck
    limits: Limits = field(default_factory=dict)
    form: str = "ningxia-2024"


def example(level1: str, level2: str, *rows: tuple[str, str]) -> str:
    """The YAML of one 二级指标 with rows of 三级指标 and 指标值, for the examples of rules."""
    lines = (f"      - 三级指标: {name}\n        指标值: {value}\n" for name, value in rows)
    return f"绩效指标:\n  {level1}:\n    {level2}:\n{''.join(lines)}"


def subject(
    project: Project,
    form: Form,
    words: Vocabulary,
    terms: Mapping[str, tuple[str, ...]],
    identity: ProjectId | None = None,
    values: Iterable[Value | None] | None = None,
) -> Subject:
    """A project with its values read; ``values``: those, where they have been read before."""
    if values is None:
        values = (
            None if row.value is None else parse(row.value, words, name=row.name, year=project.year)
            for row in project.indicators
        )
    rows = tuple(map(_ROW, zip(project.indicators, values, strict=True)))
    return Subject(project, form, rows, terms, identity)
