"""A comparison as one HTML page that needs nothing beside it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from builder.diff import Kind, Tier, tier
from builder.diff_report import arrange, text, words
from builder.frozen import frozen
from builder.render import render

if TYPE_CHECKING:
    from builder.comparison import Comparison
    from builder.diff import Change
    from builder.diff_report.arrange import Group


@frozen()
class Row:
    """One change: its tier (a class of the style sheet) and the texts of its cells."""

    tier: str
    title: str
    thing: str
    before: str
    after: str


@frozen()
class Project:
    """The changes of one file."""

    name: str
    file: str
    counts: str
    rows: tuple[Row, ...]


@frozen()
class DepartmentRow:
    """The changes of one department in numbers, tier by tier."""

    name: str
    files: int
    counts: tuple[int, ...]
    amount: str


def as_html(comparison: Comparison) -> str:
    """The page."""
    groups = arrange.groups(comparison.changes)
    counts = Counter(change.kind for change in comparison.changes)
    return render(
        "report/changes.html",
        summary=text.summary(comparison),
        tiers=tuple(f"{words.MARKS[one]} {words.TIERS[one]}" for one in Tier),
        kinds=tuple(
            (f"{words.MARKS[tier(kind)]} {words.TITLES[kind]}", counts[kind]) for kind in Kind if counts[kind]
        ),
        departments=tuple(
            DepartmentRow(
                words.printable(f"{row.code} {row.department}"),
                row.projects,
                tuple(row.counts[one] for one in Tier),
                words.signed(row.amount),
            )
            for row in arrange.sums(groups)
        ),
        projects=tuple(_project(group) for group in groups),
        unread=tuple((words.printable(item.file), words.unread(item)) for item in comparison.unread),
    )


def _project(group: Group) -> Project:
    counts = "　".join(f"{words.MARKS[one]} {group.count(one)}" for one in Tier if group.count(one))
    rows = tuple(_row(change) for change in group.changes)
    return Project(words.printable(group.project), words.printable(group.file), counts, rows)


def _row(change: Change) -> Row:
    which = tier(change.kind)
    return Row(
        str(which),
        f"{words.MARKS[which]} {words.verdict(change)}",
        words.printable(words.thing(change)),
        words.printable(change.before or ""),
        words.printable(change.after or ""),
    )
