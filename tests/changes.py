"""Helpers of the tests on changes: versions from text, and changes in short."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from builder import diff
from builder.model import ProjectId
from builder.rules import Settings
from builder.tree import SourceFile
from tests.records import SCHEMAS, VALID

if TYPE_CHECKING:
    from builder.diff import Change, Version

NAME = "targets/2024/999001/示例.yml"


def source(text: str | bytes, name: str = NAME) -> SourceFile:
    """A file of that name."""
    year, code, file = PurePosixPath(name).parts[-3:]
    raw = text.encode() if isinstance(text, str) else text
    return SourceFile(name, raw, ProjectId(int(year), code, file.removesuffix(".yml")))


def version(text: str | bytes = VALID, name: str = NAME) -> Version:
    """One file at one revision, checked by itself."""
    return diff.read(source(text, name), SCHEMAS, Settings())


def changes(old: dict[str, str], new: dict[str, str]) -> tuple[Change, ...]:
    """What changed from some files to others, by name."""
    before, after = (tuple(version(text, name) for name, text in side.items()) for side in (old, new))
    return diff.changes(before, after, SCHEMAS.words)


def edited(*edits: tuple[str, str], text: str = VALID) -> str:
    """``text`` with every edit made, each of which must fit."""
    for old, new in edits:
        assert text.count(old) == 1, f"{text.count(old)} × {old}"
        text = text.replace(old, new)
    return text


def row(name: str, value: str = "≥1 项") -> str:
    """One indicator, as it stands in ``VALID``."""
    return f"      - 三级指标: {name}\n        指标值: {value}\n"


def short(found: tuple[Change, ...], *, problems: bool = False) -> list[tuple[str, ...]]:
    """Kind, before and after of each change, problems left out unless asked for."""
    return [
        (str(change.kind), change.before or "", change.after or "")
        for change in found
        if problems or change.problem is None
    ]


def of(*edits: tuple[str, str], text: str = VALID) -> list[tuple[str, ...]]:
    """What edits of one file come to."""
    return short(changes({NAME: text}, {NAME: edited(*edits, text=text)}))
