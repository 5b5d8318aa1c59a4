"""Declared 调整记录 beside what git shows: which belongs to which, and where the two disagree."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from builder import decode
from builder.decode import at
from builder.history.records import Sort
from builder.problem import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from builder.history.records import Entry, Record
    from builder.model import Adjustment

DAYS = 90
"""Within how many days after its approval an adjustment is expected in the data."""

_HINT = (
    "请在“调整记录”里补上一条：日期（批准的日期，不晚于改动）、批复文号、原因；"
    "只是改正笔误的，在提交说明里写一行“更正原因：……”。"
)


def matched(entries: Sequence[Entry], declared: Sequence[Adjustment]) -> Mapping[str, Adjustment]:
    """For each adjustment in git, by commit, the declared one that it carries out: the latest before it.

    An adjustment is made in the data on the day of its approval or up to ``DAYS`` later.
    """
    found: dict[str, Adjustment] = {}
    for entry in entries:
        if entry.sort is Sort.ADJUSTMENT:
            fitting = [one for one in declared if one.date <= entry.date <= _last_day(one)]
            if fitting:
                found[entry.commit] = max(fitting, key=lambda one: one.date)
    return found


def _last_day(one: Adjustment) -> str:
    return (date.fromisoformat(one.date) + timedelta(days=DAYS)).isoformat()


def since(entries: Sequence[Entry], published_on: str | None) -> tuple[Entry, ...]:
    """The entries from the day of publication (公开日期) on; all, where it is not given."""
    return tuple(entry for entry in entries if not published_on or entry.date >= published_on)


def disagreements(
    record: Record, declared: Sequence[Adjustment], published_on: str | None
) -> Iterator[tuple[Finding, Entry | None]]:
    """H01 and H02, with the adjustment in git that H01 is about.

    What happened before the first commit that git knows cannot be judged and is not. A change of the very day
    of publication counts as made before it.
    """
    pairs = matched(record.entries, declared)
    for entry in reversed(record.entries):
        is_later = not published_on or entry.date > published_on
        if entry.sort is Sort.ADJUSTMENT and is_later and entry.commit not in pairs:
            path = next((change.path[:1] for change in entry.changes if change.path), (decode.NAME,))
            yield Finding("H01", path, "", _HINT, on_key=True), entry
    used = {one.path for one in pairs.values()}
    for one in declared:
        if one.path not in used and one.date > record.begins:
            message = f"{one.date} 的调整，在 git 里没有对应的改动（之后 {DAYS} 天内目标和资金都没有变）"
            hint = "请核对日期；还没有改数据的请改好，已经撤销的请删去这一条。"
            yield Finding("H02", at(one, "date"), message, hint), None
