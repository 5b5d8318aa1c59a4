"""What the pages, the feed and the check say of adjustments: records of git and of the data brought together.

Records in; views, feed items and problems out.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from builder import address, views
from builder.atom import Item
from builder.check import severity_of
from builder.diff_report import words
from builder.diff_report.history import SORTS
from builder.frozen import frozen
from builder.history import History, Sort, declared
from builder.problem import Problem
from builder.source import parse
from builder.views import HistoryRow, HistoryView, Link

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.catalogue import DepartmentYear, Summary
    from builder.collection import Collection
    from builder.history import Entry, Record
    from builder.model import Adjustment
    from builder.source import Document

MOST_ROWS, MOST_LINES = 20, 12
"""How much of a project's history its page shows."""

MOST_CHANGES, MOST_CHANGE_LINES = 500, 6
"""How much the page of all adjustments shows."""

MOST_ITEMS = 100
"""How many adjustments the feed holds."""

_SHORT = 10  # characters of a commit's name


@frozen()
class Adjusted:
    """One adjustment, of git, declared, or both, with the project it is of (``None`` where that is gone)."""

    row: HistoryRow
    time: str
    order: int
    project: Link
    department: Link


def with_history(collection: Collection, targets: str, known: History | None = None) -> Collection:
    """A collection together with what git knows of its files, which is asked only when it is needed.

    ``known``: what it knew before, which is taken as long as there is no new commit.
    """
    former = {item.file: _former(item) for _, item in _projects(collection) if item.former}
    if known and known.former == former and known.is_current():
        return replace(collection, history=known)
    place = Path(targets).as_posix()
    return replace(collection, history=History(collection.base, place, collection.schemas, former))


def _former(item: Summary) -> tuple[str, ...]:
    """The names of the files that a project is said to have been before."""
    folder = PurePosixPath(item.file).parents[2]
    return tuple(
        (folder / str(one.year) / one.department / f"{one.stem}.yml").as_posix() for one in item.former
    )


def declarations(collection: Collection) -> dict[str, tuple[Adjustment, ...]]:
    """The declared 调整记录 of each published project, by its file."""
    return {item.file: item.adjustments for _, item in _projects(collection)}


def of_project(item: Summary, which: DepartmentYear, collection: Collection) -> HistoryView | None:
    """调整记录 of one project; ``None`` where nothing is known."""
    known = collection.told or collection.history
    record = known.record(item.file) if known else None
    if record is None and not item.adjustments:
        return None
    published_on = which.facts.published_on if which.facts else None
    rows = [row for row, _, _ in _rows(record, item.adjustments, published_on, MOST_LINES)]
    counts = (f"{sum(row.sort == word for row in rows)} 次{word}" for word in SORTS.values())
    return HistoryView(
        summary="，".join(text for text in counts if not text.startswith("0 ")) or "公开以来没有改动",
        rows=tuple(rows[:MOST_ROWS]),
        more=max(0, len(rows) - MOST_ROWS),
        partial_since=record.begins if record and record.is_partial else "",
    )


def _rows(
    record: Record | None, stated: Sequence[Adjustment], published_on: str | None, lines: int
) -> list[tuple[HistoryRow, str, int]]:
    """Rows with time and order in the line, newest first; declared ones that git does not show among them."""
    entries = declared.since(record.entries, published_on) if record else ()
    pairs = declared.matched(entries, stated)
    rows = [(_row(entry, pairs.get(entry.commit), lines), entry.time, entry.order) for entry in entries]
    used = {one.path for one in pairs.values()}
    rows += [(_stated(one), f"{one.date}T00:00:00+08:00", -1) for one in stated if one.path not in used]
    return sorted(rows, key=lambda row: (row[0].date, row[2]), reverse=True)


def _row(entry: Entry, stated: Adjustment | None, most: int) -> HistoryRow:
    lines = tuple(words.printable(words.message(change)) for change in entry.changes)
    return HistoryRow(
        id=f"h-{entry.commit[:_SHORT]}",
        date=entry.date,
        sort=SORTS[entry.sort],
        commit=entry.commit[:_SHORT],
        lines=lines[:most],
        more=max(0, len(lines) - most),
        reasons=tuple(words.printable(one) for one in entry.reasons if not stated or one != stated.reason),
        restores=entry.restores or "",
        approval=_approval(stated) if stated else "",
    )


def _stated(one: Adjustment) -> HistoryRow:
    return HistoryRow(f"d-{one.date}", one.date, SORTS[Sort.ADJUSTMENT], approval=_approval(one))


def _approval(one: Adjustment) -> str:
    return f"{one.date} {one.number or ''}：{one.reason}".replace(" ：", "：")


@lru_cache(maxsize=1)
def newest(collection: Collection) -> Sequence[Adjusted]:
    """Every adjustment of the site, newest first."""
    history = collection.history
    told = history.changed() if history else ()
    records = {record.file: record for record in told if record.entries}
    found: list[Adjusted] = []
    for which, item in _projects(collection):
        record = records.pop(item.file, None)
        if record is None and not item.adjustments:
            continue
        published_on = which.facts.published_on if which.facts else None
        project = Link(item.name, address.project(item.id))
        department = Link(which.name, address.department(which.year, which.code))
        found += _adjustments(record, item.adjustments, published_on, (project, department))
    for record in records.values():
        if record.is_gone:
            found += _adjustments(record, (), None, (Link(record.project, ""), Link(record.department, "")))
    return sorted(found, key=lambda one: (one.row.date, one.order), reverse=True)


def _adjustments(
    record: Record | None,
    stated: Sequence[Adjustment],
    published_on: str | None,
    links: tuple[Link, Link],
) -> Iterator[Adjusted]:
    for row, time, order in _rows(record, stated, published_on, MOST_CHANGE_LINES):
        if row.sort == SORTS[Sort.ADJUSTMENT]:
            yield Adjusted(row, time, order, *links)


def _projects(collection: Collection) -> Iterator[tuple[DepartmentYear, Summary]]:
    for year in collection.catalogue.years:
        for which in year.departments:
            yield from ((which, item) for item in which.projects)


def page(found: Sequence[Adjusted], collection: Collection) -> views.ChangesView:
    """The page of all adjustments."""
    shown = found[:MOST_CHANGES]
    days = tuple(
        views.Day(day, tuple(views.ChangeRow(one.project, one.department, one.row) for one in group))
        for day, group in groupby(shown, key=lambda one: one.row.date)
    )
    history = collection.history
    return views.ChangesView(
        title="调整记录",
        description="公开以后经调整的绩效目标、指标和资金，最近的在前，连同原因和批复文号。",
        days=days,
        total=len(found),
        more=len(found) - len(shown),
        has_history=history is not None and history.is_known,
        is_partial=history is not None and history.is_partial,
    )


def item(one: Adjusted, site_url: str) -> Item:
    """One adjustment for the feed."""
    row = one.row
    lines = [*row.lines, *([f"另有 {row.more} 处"] if row.more else [])]
    lines += [f"原因：{reason}" for reason in row.reasons]
    lines += [f"批准：{row.approval}"] if row.approval else []
    place = f"{one.project.href}#{row.id}" if one.project.href else f"{address.CHANGES}#d-{row.date}"
    # A project that is gone has no page; several of one day still need an id each.
    mark = "" if one.project.href else f"-{row.id}"
    title = f"{one.project.text}（{one.department.text}）：{row.date} 调整"
    return Item(f"{site_url}{place}{mark}", title, "\n".join(lines), one.time)


def problems(collection: Collection) -> tuple[Problem, ...]:
    """H01 and H02 for every published project, each at its place in the file as it is now."""
    if collection.history is None:
        return ()
    records = {record.file: record for record in collection.history.records()}
    found: list[Problem] = []
    for which, item in _projects(collection):
        if record := records.get(item.file):
            published_on = which.facts.published_on if which.facts else None
            found += _problems(record, item, published_on, collection)
    return tuple(sorted(found))


def _problems(
    record: Record, item: Summary, published_on: str | None, collection: Collection
) -> Iterator[Problem]:
    findings = [*declared.disagreements(record, item.adjustments, published_on)]
    document = _document(item, collection) if findings else None
    for finding, entry in findings:
        message = _undeclared(entry, published_on) if entry else finding.message
        told = replace(finding, message=message)
        place = document.place(told.path, on_key=told.on_key) if document else None
        yield Problem(
            item.file,
            place.line if place else 1,
            place.column if place else 1,
            told.code,
            severity_of(told.code),
            told.message,
            told.hint,
        )


def _document(item: Summary, collection: Collection) -> Document | None:
    return parse((collection.base / item.file).read_bytes(), item.file)[0]


def _undeclared(entry: Entry, published_on: str | None) -> str:
    others = f"等 {len(entry.changes)} 处" if len(entry.changes) > 1 else ""
    what = words.printable(words.message(entry.changes[0]))
    when = f"{published_on} 公开以后" if published_on else "公开以后"
    commit = f"{entry.date} 的提交 {entry.commit[:_SHORT]}"
    return f"{when}，{commit} 改了目标{others}（{what}），没有对应的调整记录"
