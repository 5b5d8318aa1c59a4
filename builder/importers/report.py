"""What an import did, for the person who reviews it: a Markdown page, and the same as data.

Every cell with text is in it once: the value it became, the label it was, or why it was left.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING

from builder.importers.doubts import problem
from builder.problem import SEVERITY_WORDS, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from builder.importers.doubts import Doubt
    from builder.importers.draft import Draft, Imported
    from builder.importers.table import Cell
    from builder.importers.write import Written
    from builder.problem import Path, Problem

_ORDER = {severity: rank for rank, severity in enumerate(Severity)}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~$&!])")


def problems(imported: Iterable[Imported]) -> tuple[Problem, ...]:
    """All doubts as problems at their places in the imported files, in order."""
    every = (problem(doubt, one.file) for one in imported for doubt in _doubts(one))
    return tuple(sorted(set(every), key=lambda one: (one.file, one.line, one.column, one.code, one.message)))


def _doubts(imported: Imported) -> Iterator[Doubt]:
    yield from imported.doubts
    for draft in imported.drafts:
        yield from draft.doubts


def as_data(imported: Sequence[Imported], written: Sequence[Written]) -> dict[str, object]:
    """The whole report as plain data: problems, files, values with their cells, and what is left."""
    found = problems(imported)
    counts = Counter(one.severity for one in found)
    fields = ("file", "line", "column", "severity", "code", "message", "hint")
    return {
        "problems": [{name: asdict(one)[name] for name in fields} for one in found],
        "files": [_file_data(one) for one in written],
        "left": [
            {"file": one.file, "cell": cell.address, "text": cell.text, "why": why}
            for one in imported
            for cell, why in one.left
        ],
        "counts": {"projects": len(written), **{str(severity): counts[severity] for severity in Severity}},
    }


def _file_data(written: Written) -> dict[str, object]:
    draft = written.draft
    return {
        "file": written.path,
        "from": written.source,
        "values": [
            {
                "path": list(origin.path),
                "value": _plain(draft.value(origin.path)),
                "cells": [cell.address for cell in origin.cells],
            }
            for origin in draft.origins
        ],
        "labels": [{"cell": cell.address, "text": cell.text} for cell in draft.labels],
        "left": [{"cell": cell.address, "text": cell.text, "why": why} for cell, why in draft.left],
    }


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return [_plain(item) for item in value] if isinstance(value, list) else value


def as_markdown(imported: Sequence[Imported], written: Sequence[Written]) -> str:
    """The report as a page."""
    lines = ["# 导入报告", "", summary(imported, written), ""]
    lines += ["由程序读出，要人核对。原文件没有改动。各格的位置按原文件的表格、行和格从 1 数起。", ""]
    for one in imported:
        lines += [f"## {_text(one.file)}", ""]
        lines += _problem_table([problem(doubt, one.file) for doubt in one.doubts])
        lines += _left_table("没有放进任何一张表的内容", one.left)
        for file in written:
            if any(file.draft is draft for draft in one.drafts):
                lines += _project(file, one.file)
    return "\n".join(lines).rstrip() + "\n"


def summary(imported: Sequence[Imported], written: Sequence[Written]) -> str:
    """One line of counts."""
    counts = Counter(one.severity for one in problems(imported))
    said = "，".join(f"{counts[one]} 个{SEVERITY_WORDS[one]}" for one in Severity if counts[one])
    rows = sum(_rows(file.draft) for file in written)
    return f"读了 {len(imported)} 个文件，写了 {len(written)} 个项目、{rows} 条指标：{said or '没有疑问'}。"


def _rows(draft: Draft) -> int:
    groups = draft.data.get("绩效指标")
    slots = [
        slot for group in (groups.values() if isinstance(groups, dict) else ()) for slot in _values(group)
    ]
    return sum(len(slot) for slot in slots if isinstance(slot, list))


def _values(group: object) -> Iterable[object]:
    return group.values() if isinstance(group, dict) else ()


def _project(file: Written, source: str) -> Iterator[str]:
    draft = file.draft
    yield from (f"### {_text(str(draft.data.get('项目名称', '（没有项目名称）')))}", "")
    yield from (
        f"写到 `{file.path.replace('`', '')}`，表样 {draft.form.id}（{_text(draft.form.name)}）。",
        "",
    )
    yield from _problem_table([problem(doubt, source) for doubt in draft.doubts])
    yield from _left_table("没有写进 YAML 的内容", draft.left)
    yield from _table(
        "每个值从哪里来",
        ("栏目", "值", "原文件的格"),
        (
            (
                _path(origin.path),
                _shown(draft.value(origin.path)),
                "、".join(cell.address for cell in origin.cells),
            )
            for origin in draft.origins
        ),
    )
    yield from _table(
        "认作栏目名称的格", ("格", "文字"), ((cell.address, cell.text) for cell in draft.labels)
    )


def _problem_table(found: Sequence[Problem]) -> Iterator[str]:
    ordered = sorted(set(found), key=lambda one: (_ORDER[one.severity], one.line, one.column, one.code))
    rows = ((SEVERITY_WORDS[one.severity], one.code, one.message, one.hint) for one in ordered)
    yield from _table("要核对的", ("程度", "编号", "问题", "怎么办"), rows)


def _left_table(title: str, left: Sequence[tuple[Cell, str]]) -> Iterator[str]:
    yield from _table(title, ("格", "文字", "为什么"), ((cell.address, cell.text, why) for cell, why in left))


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    made = ["| " + " | ".join(_text(text) for text in row) + " |" for row in rows]
    if made:
        yield from (f"**{title}**（{len(made)}）", "")
        yield from ("| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads), *made, "")


def _path(path: Path) -> str:
    return " / ".join(f"第 {step + 1} 条" if isinstance(step, int) else step for step in path)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _text(text: str) -> str:
    """Text as a cell of a Markdown table that says nothing but itself."""
    lines = ["".join(char if char.isprintable() else "·" for char in line) for line in text.split("\n")]
    return "<br>".join(_SPECIAL.sub(r"\\\1", line) for line in lines)
