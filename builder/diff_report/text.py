"""A comparison for a terminal, a line at a time, and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from builder.diff import Kind, Tier, tier
from builder.diff_report import arrange, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.comparison import Comparison
    from builder.diff import Change, Unread
    from builder.problem import Problem

_COLOURS = {Tier.LOSS: "31", Tier.LOOK: "33", Tier.GAIN: "32"}


def as_text(comparison: Comparison, *, colour: bool = False) -> Iterator[str]:
    """The report for a terminal."""
    for group in arrange.groups(comparison.changes):
        yield f"{words.printable(group.project)}  {words.printable(group.file)}"
        for change in group.changes:
            mark = words.MARKS[tier(change.kind)]
            if colour:
                mark = f"\x1b[1;{_COLOURS[tier(change.kind)]}m{mark}\x1b[0m"
            yield f"  {mark} {words.printable(words.message(change))}"
        yield ""
    for item in comparison.unread:
        yield f"没有比较  {words.printable(item.file)}：{words.unread(item)}"
    yield summary(comparison)


def summary(comparison: Comparison) -> str:
    """What was compared and what came of it, on one line."""
    sides = f"从 {_short(comparison.old)} 到{_short(comparison.new)}"
    unread = f"{len(comparison.unread)} 个文件没有比较或没有比较完" if comparison.unread else ""
    if not comparison.changes:
        rewritten = f"，{comparison.files} 个文件只改了写法" if comparison.files else ""
        return f"{sides}：{unread or f'无实质变化{rewritten}'}。"
    counts = Counter(change.kind for change in comparison.changes)
    listed = [f"{words.TITLES[kind]} {counts[kind]}" for kind in Kind if counts[kind]]
    files = len({change.file for change in comparison.changes})
    total = f"{sides}：{files} 个文件，{len(comparison.changes)} 处变化。"
    return total + "，".join((*listed, unread) if unread else listed) + "。"


def _short(name: str | None) -> str:
    """A revision as a reader knows it: a full object name cut, the files on disk by what they are."""
    if name is None:
        return "现在的文件"
    is_id = len(name) in {40, 64} and all(char in "0123456789abcdef" for char in name)
    return name[:10] if is_id else words.printable(name)


def as_json(comparison: Comparison) -> str:
    """One JSON object: ``changes``, ``counts`` (every kind, and totals), ``unread``."""
    counts = Counter(change.kind for change in comparison.changes)
    document = {
        "changes": [_fields(change) for change in comparison.changes],
        "counts": {
            "files": comparison.files,
            "changes": len(comparison.changes),
            **{str(kind): counts[kind] for kind in Kind},
        },
        "unread": [_unread(item) for item in comparison.unread],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _fields(change: Change) -> dict[str, str | None]:
    return {
        "file": change.file,
        "project": change.project,
        "kind": str(change.kind),
        "indicator": change.indicator,
        "before": change.before,
        "after": change.after,
        "message": words.message(change),
    }


def _unread(item: Unread) -> dict[str, object]:
    return {
        "file": item.file,
        "keys": list(item.keys),
        "before": [_problem(problem) for problem in item.old],
        "after": [_problem(problem) for problem in item.new],
        "message": words.unread(item),
    }


def _problem(problem: Problem) -> dict[str, object]:
    place = {"line": problem.line, "column": problem.column}
    return {**place, "code": problem.code, "message": problem.message}
