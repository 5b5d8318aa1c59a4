"""One project over the years, side by side: which goals and indicators stayed, came, went, rose or fell.

What belongs together from one year to the next is told by the pairing of ``diff``, and so is the verdict.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from builder import address, charted, decode
from builder.catalogue import amount, lineages
from builder.diff import Kind, Tier, Version, between, pair, tier
from builder.diff.records import RANK
from builder.diff_report import words
from builder.frozen import frozen
from builder.views import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from builder.catalogue import Catalogue, Summary
    from builder.charted import Charted
    from builder.diff import Change
    from builder.model import ProjectId
    from builder.problem import Path
    from builder.rules import Subject
    from builder.rules.rule import Row
    from builder.values import Vocabulary


class Fate(StrEnum):
    """What became of something from one year to the next; the value is a class of the style sheet."""

    NEW = "new"
    GONE = "gone"
    RAISED = "raised"
    LOWERED = "lowered"
    OTHER = "other"
    SAME = "same"


FATES = {
    Fate.NEW: ("＋", "新增"),
    Fate.GONE: ("－", "删去"),
    Fate.RAISED: ("▲", "提高"),
    Fate.LOWERED: ("▼", "降低"),
    Fate.OTHER: ("◆", "其他变化"),
    Fate.SAME: ("＝", "不变"),
}
"""A sign and a word for each, so that nothing depends on colour."""

_OF_TIER = {Tier.GAIN: Fate.RAISED, Tier.LOSS: Fate.LOWERED, Tier.LOOK: Fate.OTHER}
_ELSEWHERE = {
    *(Kind.PROBLEM_NEW, Kind.PROBLEM_FIXED, Kind.WAIVER_ADDED, Kind.WAIVER_REMOVED),
    *(Kind.GOAL_ADDED, Kind.GOAL_CHANGED, Kind.GOAL_REMOVED),
    *(Kind.FUNDING_RAISED, Kind.FUNDING_LOWERED),
}
"""Changes that are shown in a table of their own, or that are the reviewers' business."""

_EXPECTED = {decode.YEAR, decode.NUMBER, decode.GOALS, decode.INDICATORS}
"""栏目 that differ from year to year as a matter of course, or stand in a table of their own."""


@frozen()
class Mark:
    """What became of something, as shown: sign and word."""

    fate: Fate
    sign: str
    word: str


_USUAL = {fate: Mark(fate, *shown) for fate, shown in FATES.items()}


@frozen()
class Cell:
    """One thing in one year, and what became of it since the year before. No ``text``: it is not there."""

    year: int
    text: str | None
    mark: Mark | None = None
    note: str = ""


@frozen()
class Track:
    """One goal or indicator over all years; a goal has neither ``level2`` nor ``name``."""

    level2: str
    name: str
    cells: tuple[Cell, ...]


@frozen()
class Money:
    """年度资金总额 of one year, and its change in words; the link leads to the form."""

    link: Link
    total: str
    mark: Mark | None


@frozen()
class Step:
    """From one year to the next: how many indicators met each fate, and what else changed."""

    years: str
    counts: tuple[tuple[Mark, int], ...]
    others: tuple[str, ...]


@frozen()
class AcrossView:
    """同一项目各年度对比."""

    title: str
    description: str
    crumbs: tuple[Link, ...]
    here: str
    years: tuple[int, ...]
    charts: tuple[Charted, ...]
    money: tuple[Money, ...]
    steps: tuple[Step, ...]
    goals: tuple[Track, ...]
    indicators: tuple[Track, ...]


def groups(catalogue: Catalogue) -> Mapping[ProjectId, tuple[Summary, ...]]:
    """The projects that stand in two years or more: their years, the oldest first, by each of them."""
    return {identity: years for identity, years in lineages(catalogue).items() if len(years) > 1}


def view(items: Sequence[Summary], subjects: Sequence[Subject], vocabulary: Vocabulary) -> AcrossView:
    """The page of one project over its years, the oldest first. ``vocabulary`` is that of 指标值."""
    newest = items[-1]
    years = tuple(item.id.year for item in items)
    span = "、".join(map(str, years))
    found = tuple(_changes(old, new, vocabulary) for old, new in pairwise(subjects))
    indicators = tuple(_indicators(subjects, years, found))
    title = f"{newest.name}：各年度对比"
    return AcrossView(
        title=title,
        description=f"{newest.department}“{newest.name}”{span} 年度的资金、目标和绩效指标，逐年并排对比。",
        crumbs=(
            Link("首页", address.HOME),
            Link(f"{newest.id.year} 年度", address.year(newest.id.year)),
            Link(newest.department, address.department(newest.id.year, newest.id.department)),
            Link(newest.name, address.project(newest.id)),
        ),
        here="各年度对比",
        years=years,
        charts=charted.of_project(items),
        money=tuple(_money(items, found)),
        steps=tuple(_steps(years, found, indicators)),
        goals=tuple(_goals(subjects, years)),
        indicators=indicators,
    )


def _changes(old: Subject, new: Subject, vocabulary: Vocabulary) -> tuple[Change, ...]:
    """What changed between two years, as if the file had been edited."""
    moved = _moved(old, new.project.year)
    before, after = (Version(file="", id=None, subject=subject) for subject in (moved, new))
    return between(before, after, vocabulary)


def _moved(subject: Subject, year: int) -> Subject:
    """A project with the deadlines of its own 年度 put into ``year``: by the end of each year is no delay."""
    own = subject.project.year
    return replace(subject, rows=tuple(_row_in(row, own, year) for row in subject.rows))


def _row_in(row: Row, own: int, year: int) -> Row:
    value = row.value
    deadline = value.deadline if value else None
    if value is None or deadline is None or deadline.last is None or deadline.last.year != own:
        return row
    last, first = (
        one and replace(one, year=one.year and one.year + year - own)
        for one in (deadline.last, deadline.first)
    )
    text = (row.indicator.value or "").replace(str(own), str(year))
    moved = replace(value, deadline=replace(deadline, last=last, first=first))
    return row._replace(indicator=replace(row.indicator, value=text), value=moved)


def _mark(fate: Fate, word: str = "") -> Mark:
    return Mark(fate, FATES[fate][0], word) if word else _USUAL[fate]


def _money(items: Sequence[Summary], found: Sequence[tuple[Change, ...]]) -> Iterator[Money]:
    for number, item in enumerate(items):
        link = Link(f"{item.id.year} 年度", address.project(item.id))
        mark = _money_mark(found[number - 1]) if number else None
        yield Money(link, f"{amount(item.total)} {item.currency}", mark)


def _money_mark(found: Iterable[Change]) -> Mark:
    """More money is neither better nor worse, so its mark has the sign only."""
    for change in found:
        if change.kind is Kind.FUNDING_RAISED:
            return Mark(Fate.OTHER, FATES[Fate.RAISED][0], words.verdict(change))
        if change.kind is Kind.FUNDING_LOWERED:
            return Mark(Fate.OTHER, FATES[Fate.LOWERED][0], words.verdict(change))
    return _mark(Fate.SAME)


def _steps(
    years: Sequence[int], found: Sequence[tuple[Change, ...]], tracks: Sequence[Track]
) -> Iterator[Step]:
    for number, (old, new) in enumerate(pairwise(years), 1):
        marks = (track.cells[number].mark for track in tracks)
        counts = Counter(mark.fate for mark in marks if mark)
        others = tuple(words.message(change) for change in found[number - 1] if _is_other(change))
        counted = tuple((_mark(fate), counts[fate]) for fate in Fate if counts[fate])
        yield Step(f"{old} → {new} 年度", counted, others)


def _is_other(change: Change) -> bool:
    about_indicators = change.indicator is not None or change.level2 is not None
    return change.kind not in _ELSEWHERE and not about_indicators and change.key not in _EXPECTED


def _chains(sizes: Sequence[int], pairs: Sequence[Mapping[int, int]]) -> list[list[int | None]]:
    """What belongs together over the years: for each thing its position in every year, or ``None``."""
    chains: list[list[int | None]] = []
    open_: dict[int, list[int | None]] = {}
    for year, size in enumerate(sizes):
        came = {new: open_[old] for old, new in pairs[year - 1].items()} if year else {}
        open_ = {}
        for position in range(size):
            chain = came.get(position)
            if chain is None:
                chain = [None] * year
                chains.append(chain)
            chain.append(position)
            open_[position] = chain
        for gone in chains:
            gone.extend([None] * (year + 1 - len(gone)))
    return chains


def _indicators(
    subjects: Sequence[Subject], years: Sequence[int], found: Sequence[tuple[Change, ...]]
) -> Iterator[Track]:
    """Every indicator there ever was, by 二级指标 in the order of the newest form."""
    rows = [subject.rows for subject in subjects]
    pairs = [pair.rows(old, new) for old, new in pairwise(rows)]
    changed = [_by_row(new, of_step) for (_, new), of_step in zip(pairwise(rows), found, strict=True)]
    slots = {(level1.name, slot.name): place for place, (level1, slot) in enumerate(subjects[-1].form.slots)}

    def place(chain: list[int | None]) -> tuple[int, bool, int]:
        year, position = next((y, p) for y, p in reversed([*enumerate(chain)]) if p is not None)
        row = rows[year][position].indicator
        return slots.get((row.level1, row.level2), len(slots)), chain[-1] is None, position

    for chain in sorted(_chains([len(one) for one in rows], pairs), key=place):
        there = [rows[year][position] for year, position in enumerate(chain) if position is not None]
        cells = _cells(chain, years, lambda y, p: rows[y][p].indicator.value or "没有指标值")
        marked = tuple(_judged(cell, chain, y, rows, changed) for y, cell in enumerate(cells))
        newest = there[-1].indicator
        yield Track(newest.level2, newest.name, marked)


def _by_row(rows: Sequence[Row], found: Iterable[Change]) -> dict[int, list[Change]]:
    """The changes of each row that stayed, by its position in the new year."""
    where: dict[Path, int] = {row.indicator.path: position for position, row in enumerate(rows)}
    by_row: dict[int, list[Change]] = {}
    for change in found:
        if change.kind in {Kind.INDICATOR_ADDED, Kind.INDICATOR_REMOVED} or change.indicator is None:
            continue
        ends = range(len(change.path), 0, -1)
        position = next((where[change.path[:end]] for end in ends if change.path[:end] in where), None)
        if position is not None:
            by_row.setdefault(position, []).append(change)
    return by_row


def _cells(
    chain: Sequence[int | None], years: Sequence[int], text: Callable[[int, int], str]
) -> Iterator[Cell]:
    """One cell for each year, with what came and went marked, and the rest left to be judged."""
    for year, position in enumerate(chain):
        before = chain[year - 1] if year else None
        if position is not None:
            mark = _mark(Fate.NEW) if year and before is None else None
            yield Cell(years[year], text(year, position), mark)
        else:
            yield Cell(years[year], None, _mark(Fate.GONE) if before is not None else None)


def _judged(
    cell: Cell,
    chain: Sequence[int | None],
    year: int,
    rows: Sequence[Sequence[Row]],
    changed: Sequence[Mapping[int, list[Change]]],
) -> Cell:
    position, before = chain[year], chain[year - 1] if year else None
    if position is None or before is None:
        return cell
    of_row = sorted(changed[year - 1].get(position, ()), key=lambda change: RANK[change.kind])
    if not of_row:
        return Cell(cell.year, cell.text, _mark(Fate.SAME))
    fate = _OF_TIER[tier(of_row[0].kind)]
    word = "，".join(dict.fromkeys(words.verdict(change) for change in of_row))
    old, new = rows[year - 1][before].indicator.name, rows[year][position].indicator.name
    return Cell(cell.year, cell.text, _mark(fate, word), f"上年名称：{old}" if old != new else "")


def _goals(subjects: Sequence[Subject], years: Sequence[int]) -> Iterator[Track]:
    goals = [subject.project.goals for subject in subjects]
    pairs = [pair.goals(old, new) for old, new in pairwise(goals)]
    chains = _chains([len(one) for one in goals], pairs)
    for chain in sorted(chains, key=lambda chain: (chain[-1] is None, chain[-1] or 0)):
        cells = []
        for year, cell in enumerate(_cells(chain, years, lambda y, p: goals[y][p])):
            position, before = chain[year], chain[year - 1] if year else None
            if position is None or before is None:
                cells.append(cell)
            elif goals[year][position] == goals[year - 1][before]:
                cells.append(Cell(cell.year, cell.text, _mark(Fate.SAME)))
            else:
                cells.append(Cell(cell.year, cell.text, _mark(Fate.OTHER, "改写")))
        yield Track("", "", tuple(cells))
