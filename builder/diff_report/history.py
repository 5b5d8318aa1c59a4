"""The history of projects for a terminal and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from builder.diff import tier
from builder.diff_report import words
from builder.history import Sort

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.history import Entry, Record
    from builder.model import Adjustment

    Stated = Sequence[Adjustment]

SORTS = {Sort.ADJUSTMENT: "调整", Sort.CORRECTION: "更正"}
_SHORT = 10


def as_text(records: Sequence[tuple[Record, Stated]]) -> Iterator[str]:
    """Every record, newest first, then what is declared, then one line that sums up."""
    for record, stated in records:
        yield f"{words.printable(record.project)}  {words.printable(record.file)}"
        for entry in record.entries:
            yield from _entry(entry)
        for one in stated:
            approval = " ".join(text for text in (one.date, one.number, one.reason) if text)
            yield f"  申报 {words.printable(approval)}"
        if not record.entries:
            yield "  公开以来没有改动。"
        if record.is_partial:
            yield f"  这份记录不全：这是浅克隆，{record.begins} 以前的改动没有取到。"
        yield ""
    entries = [entry for record, _ in records for entry in record.entries]
    counts = (f"{sum(entry.sort is sort for entry in entries)} 次{word}" for sort, word in SORTS.items())
    yield f"{len(records)} 个项目：{'，'.join(counts)}。"


def _entry(entry: Entry) -> Iterator[str]:
    back = f"，改回 {entry.restores} 的内容" if entry.restores else ""
    yield f"  {entry.date} {entry.commit[:_SHORT]} {SORTS[entry.sort]}{back}"
    for change in entry.changes:
        yield f"    {words.MARKS[tier(change.kind)]} {words.printable(words.message(change))}"
    for reason in entry.reasons:
        yield f"    原因：{words.printable(reason)}"


def as_json(records: Sequence[tuple[Record, Stated]]) -> str:
    """One JSON object: ``projects`` with their ``entries`` and ``declared``, and ``counts``."""
    entries = [entry for record, _ in records for entry in record.entries]
    document = {
        "projects": [_project(record, stated) for record, stated in records],
        "counts": {
            "projects": len(records),
            **{str(sort): sum(entry.sort is sort for entry in entries) for sort in Sort},
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _project(record: Record, stated: Stated) -> dict[str, object]:
    return {
        "file": record.file,
        "project": record.project,
        "begins": record.begins,
        "partial": record.is_partial,
        "removed": record.is_gone,
        "entries": [_fields(entry) for entry in record.entries],
        "declared": [{"date": one.date, "number": one.number, "reason": one.reason} for one in stated],
    }


def _fields(entry: Entry) -> dict[str, object]:
    return {
        "date": entry.date,
        "time": entry.time,
        "commit": entry.commit,
        "sort": str(entry.sort),
        "reasons": list(entry.reasons),
        "restores": entry.restores,
        "changes": [
            {
                "kind": str(change.kind),
                "indicator": change.indicator,
                "before": change.before,
                "after": change.after,
                "message": words.message(change),
            }
            for change in entry.changes
        ],
    }
