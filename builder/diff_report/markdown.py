"""A comparison as one Markdown comment of bounded size, for a pull request.

What comes from data stands in table cells and summaries as character references, so that no text can end a
cell, begin markup, call a person or refer to an issue.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

from builder import markdown
from builder.diff import Kind, Tier, tier
from builder.diff_report import arrange, text, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from builder.comparison import Comparison
    from builder.diff import Change, Unread
    from builder.diff_report.arrange import Group, Sum

LIMIT = 60_000
"""UTF-16 units, as code hosts count; GitHub takes 65,536."""

MARKER = "<!-- jixiao diff -->"
"""The first line, by which a bot finds its earlier comment."""

_FEW = 20  # projects that are listed one by one before the details
_DEPARTMENTS = 30
_ROWS = 40  # changes of one project
_UNREAD = 20
_CELL = 240  # characters of one text, references counted as written
_RESERVE = 200  # the closing words
_TAIL = 60  # and those of one project

_TOKEN = re.compile("&#[0-9]+;|<!-- -->|.", re.DOTALL)


def as_markdown(comparison: Comparison) -> str:
    """The comment, never longer than ``LIMIT``."""
    groups = arrange.groups(comparison.changes)
    parts = ["\n".join((*_head(comparison, groups), ""))]
    room = LIMIT - _RESERVE - _size(parts[0])
    shown = 0
    for group in groups:
        part = _details(group, room)
        if not part:
            break
        room -= _size(part)
        parts.append(part)
        shown += 1
    if shown < len(groups):
        left = f"另有 {len(groups) - shown} 个文件的变化没有列出"
        parts.append(f"{left}：在本机运行 `jixiao diff` 可以看全部。\n")
    return "\n".join(parts)


def _size(part: str) -> int:
    return len(part.encode("utf-16-le")) // 2 + 1


def escaped(data: str, limit: int = _CELL) -> str:
    """Text from data that is only text in Markdown and in HTML: one line, at most ``limit`` as written."""
    # Between two colons a host would see the name of a picture.
    written = markdown.escaped(words.printable(data[:limit])).replace(":", "&#58;")
    tokens = _TOKEN.findall(written)
    ends = list(accumulate(_size(token) - 1 for token in tokens))
    if not ends or (ends[-1] <= limit and len(data) <= limit):
        return written
    return "".join(token for token, end in zip(tokens, ends, strict=True) if end < limit) + "…"


def _head(comparison: Comparison, groups: Sequence[Group]) -> Iterator[str]:
    yield MARKER
    yield "## 绩效目标的变化"
    yield ""
    counts = Counter(tier(change.kind) for change in comparison.changes)
    if not comparison.changes:
        yield escaped(text.summary(comparison))
    else:
        tiers = "，".join(
            f"{words.MARKS[one]} {words.TIERS[one]} {counts[one]} 处" for one in Tier if counts[one]
        )
        yield f"{len(groups)} 个文件，{len(comparison.changes)} 处变化：{tiers}。{_money(groups)}"
        yield ""
        yield from _kinds(comparison.changes)
    yield ""
    yield from _unread(comparison.unread)
    if len(groups) > _FEW:
        yield from _departments(arrange.sums(groups))
    elif len(groups) > 1:
        yield from _projects(groups)


def _money(groups: Iterable[Group]) -> str:
    amount = sum((group.amount for group in groups), Decimal())
    return f"年度资金总额合计 {words.signed(amount)} 万元。" if amount else ""


def _kinds(changes: Sequence[Change]) -> Iterator[str]:
    counts = Counter(change.kind for change in changes)
    yield "| 变化 | 处数 |"
    yield "|:--|--:|"
    for kind in Kind:
        if counts[kind]:
            yield f"| {words.MARKS[tier(kind)]} {words.TITLES[kind]} | {counts[kind]} |"


def _unread(unread: Sequence[Unread]) -> Iterator[str]:
    if not unread:
        return
    yield "没有比较，或没有比较完的文件："
    yield ""
    for item in unread[:_UNREAD]:
        yield f"- {escaped(item.file)}：{escaped(words.unread(item))}"
    if len(unread) > _UNREAD:
        yield f"- 另有 {len(unread) - _UNREAD} 个"
    yield ""


def _projects(groups: Iterable[Group]) -> Iterator[str]:
    yield f"| 项目 | {_marks()} | 资金变化（万元） |"
    yield "|:--|--:|--:|--:|--:|"
    for group in groups:
        counts = " | ".join(str(group.count(one)) for one in Tier)
        yield f"| {escaped(group.project)} | {counts} | {words.signed(group.amount)} |"
    yield ""


def _departments(sums: Sequence[Sum]) -> Iterator[str]:
    yield f"| 主管部门 | 文件 | {_marks()} | 资金变化（万元） |"
    yield "|:--|--:|--:|--:|--:|--:|"
    for row in sums[:_DEPARTMENTS]:
        counts = " | ".join(str(row.counts[one]) for one in Tier)
        name = escaped(f"{row.code} {row.department}", 60)
        yield f"| {name} | {row.projects} | {counts} | {words.signed(row.amount)} |"
    if rest := sums[_DEPARTMENTS:]:
        counts = " | ".join(str(sum(row.counts[one] for row in rest)) for one in Tier)
        amount = words.signed(sum((row.amount for row in rest), Decimal()))
        files = sum(row.projects for row in rest)
        yield f"| 其余 {len(rest)} 个部门 | {files} | {counts} | {amount} |"
    yield ""


def _marks() -> str:
    return " | ".join(f"{words.MARKS[one]} {words.TIERS[one]}" for one in Tier)


def _details(group: Group, room: int) -> str:
    """One project, folded, with as many of its changes as there is room for; empty without any."""
    counts = "　".join(f"{words.MARKS[one]} {group.count(one)}" for one in Tier if group.count(one))
    head = (
        f"<details><summary>{escaped(group.project)}（{counts}）</summary>",
        "",
        f"文件：{escaped(group.file)}",
        "",
        "| 变化 | 指标或栏目 | 原来 | 现在 |",
        "|:--|:--|:--|:--|",
    )
    rows: list[str] = []
    left = room - sum(map(_size, head)) - _TAIL
    for change in group.changes[:_ROWS]:
        row = _row(change)
        left -= _size(row)
        if left < 0:
            break
        rows.append(row)
    if not rows:
        return ""
    if len(rows) < len(group.changes):
        rows.append(f"| 另有 {len(group.changes) - len(rows)} 处 | | | |")
    return "\n".join((*head, *rows, "", "</details>", ""))


def _row(change: Change) -> str:
    before, after = words.focused(change.before or "", change.after or "")
    mark = words.MARKS[tier(change.kind)]
    cells = (words.verdict(change), words.thing(change), before, after)
    return f"| {mark} {' | '.join(map(escaped, cells))} |"
