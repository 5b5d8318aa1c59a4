"""年度总体目标: the annual one of the goals a form prints, in its single goals."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers.doubts import Doubt
from builder.importers.labels import Word, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.importers.head import Head, Pair
    from builder.importers.table import Cell

_KEY = "年度总体目标"
_NUMBERED = re.compile(r"目\s*标\s*(?P<number>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*[:：、.．]\s*")
_LISTED = re.compile(
    r"(?:(?<=^)|(?<=[\n；;。]))\s*[(（]?"
    r"(?:(?P<number>[0-9０-９]{1,2})|(?P<han>[一二三四五六七八九十]{1,3}))[.．、)）]\s*(?![0-9])"
)
_DIGITS = "一二三四五六七八九"


@frozen()
class Goals:
    """The goals, the cells they stand in, and the labels and texts that are not taken."""

    goals: tuple[str, ...]
    cells: tuple[Cell, ...]
    labels: tuple[Cell, ...]
    left: tuple[tuple[Cell, str], ...]
    doubts: tuple[Doubt, ...]


def read(head: Head, further: Sequence[Cell] = ()) -> Goals:
    """The goals in ``head``; ``further``: cells of the next page that go on with them."""
    found = [pair for pair in head.of(Word.GOALS) if pair.text]
    long = [pair for pair in head.of(Word.LONG_GOALS) if pair.text]
    ranked = sorted(found, key=lambda pair: pair.match.near) or long
    if not ranked:
        empty = tuple(pair.label for pair in head.of(Word.GOALS, Word.LONG_GOALS, Word.RESULT))
        return Goals((), (), empty, (), ())
    best = ranked[0]
    doubts = list(_choice(best, ranked))
    text = "\n".join([best.text, *(cell.text for cell in further)])
    if further:
        message = "目标跨页，与下一页开头的文字接在一起"
        doubts.append(Doubt("I13", message, "请对照原件核对。", further[0], (_KEY,)))
    goals, how = split(text)
    if how:
        doubts.append(Doubt("I13", how, "请核对分得对不对。", best.cells[0], (_KEY,)))
    others = [pair for pair in head.of(Word.GOALS, Word.LONG_GOALS, Word.RESULT) if pair is not best]
    left = [(cell, _why(pair)) for pair in others for cell in (pair.values or pair.cells)]
    left += [(cell, "目标旁边还有别的内容") for cell in best.values[1:]]
    names = tuple(pair.label for pair in (best, *others) if not pair.match.rest)
    return Goals(goals, (*best.cells, *further), names, tuple(left), tuple(doubts))


def _choice(best: Pair, ranked: Sequence[Pair]) -> list[Doubt]:
    name = plain(best.label.text)
    if best.word is Word.LONG_GOALS:
        return [Doubt("I12", f"没有年度目标，取了“{name}”", "请核对，或删去。", best.label, (_KEY,))]
    doubts = []
    if best.match.near:
        doubts.append(
            Doubt("I11", f"“{name}”读作“{_KEY}”", "请核对是不是本年度的目标。", best.label, (_KEY,))
        )
    if len([pair for pair in ranked if pair.match.near == best.match.near]) > 1:
        doubts.append(Doubt("I12", f"有几处年度目标，取了“{name}”", "请核对。", best.label, (_KEY,)))
    return doubts


def _why(pair: Pair) -> str:
    return {Word.LONG_GOALS: "这是实施期的目标，不是本年度的", Word.RESULT: "这是完成情况，不是目标"}.get(
        pair.word, "取了另一处的年度目标"
    )


def split(text: str) -> tuple[tuple[str, ...], str]:
    """The single goals in a text, and how they were told apart where that took more than 目标 1：."""
    text = "\n".join(line.strip() for line in text.split("\n") if line.strip())
    marks = _counted(list(_NUMBERED.finditer(text)))
    if marks and not text[: marks[0].start()].strip():
        return _between(text, marks), ""
    if marks:
        return (text,), "“目标 1”之前还有文字，没有分条"
    marks = _counted(list(_LISTED.finditer(text)))
    if len(marks) > 1 and not text[: marks[0].start()].strip():
        shown = "、".join(f"“{mark.group().strip()}”" for mark in marks[:3])
        return _between(text, marks), f"按编号 {shown} 分成 {len(marks)} 条，编号没有写进去"
    lines = tuple(line.strip() for line in text.split("\n") if line.strip())
    return lines, f"按换行分成 {len(lines)} 条" if len(lines) > 1 else ""


def _between(text: str, marks: Sequence[re.Match[str]]) -> tuple[str, ...]:
    ends = [*(after.start() for _, after in pairwise(marks)), len(text)]
    return tuple(text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True))


def _counted(marks: list[re.Match[str]]) -> list[re.Match[str]]:
    """The marks that count from 1 without a gap; none where the first is not 1."""
    counted: list[re.Match[str]] = []
    for mark in marks:
        if _number(mark) == len(counted) + 1:
            counted.append(mark)
    return counted


def _number(mark: re.Match[str]) -> int:
    groups = mark.groupdict()
    text = groups.get("number") or groups.get("han") or ""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    value = _DIGITS.find(ones) + 1 if ones else 0
    return value + (10 * (_DIGITS.find(tens) + 1 if tens else 1) if ten else 0)
