"""调整 or 更正: changes and the lines of a commit's message in, their sort out.

Only what is surely a slip of the pen counts as 更正; whatever could bear on the promise counts as 调整.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from builder import decode
from builder.diff import Kind
from builder.history.records import Sort

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.diff import Change

_ASIDE = {Kind.PROBLEM_NEW, Kind.PROBLEM_FIXED, Kind.WAIVER_ADDED, Kind.WAIVER_REMOVED}
_ASIDE_KEYS = (decode.WAIVERS, decode.ADJUSTMENTS, decode.FORMER, decode.PUBLIC)
"""What is said about the form, and is no part of it."""

_FREE_KEYS = {decode.FORM, decode.NUMBER, decode.YEAR, "权重"}
_MOST = 1  # characters that a slip of the pen may concern
_TELLING = re.compile(
    "[-0-9.、:/~%‰零〇一二两三四五六七八九十百千万亿半倍不未无非免否没勿约近超满全均每或≥≤><≈±"
    "增减大小高低多少升降上下前后早晚好差有较很更最极略稍再]"
)
"""Characters that bear on a promise, however few they are."""

_LAYOUT = "\\s,.。;；、:：\"'“”‘’()（）"
_BETWEEN = re.compile(f"(?<![0-9])[{_LAYOUT}]|[{_LAYOUT}](?![0-9])")
"""Marks and white space that are not inside a number."""

_HEDGES = (
    "基本",
    "力争",
    "争取",
    "尽量",
    "逐步",
    "适当",
    "原则",
    "左右",
    "以上",
    "以下",
    "以内",
    "大约",
    "部分",
)
_REASON = re.compile(r"^[\s>*•-]*(调整原因|更正原因)\s*[:：][ \t]*(\S.*?)\s*$", re.MULTILINE)
_CORRECTING = "更正原因"


def counted(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes of the form itself: no problems, no waivers, no declarations."""
    return tuple(change for change in changes if change.kind not in _ASIDE and not _is_aside(change))


def _is_aside(change: Change) -> bool:
    return change.kind is Kind.FIELD_CHANGED and (change.key or "").startswith(_ASIDE_KEYS)


def reasons(messages: Iterable[str]) -> tuple[tuple[str, ...], bool]:
    """The reasons in commit messages, each once, and whether they all call the change a correction."""
    found = [match.groups() for message in messages for match in _REASON.finditer(message)]
    texts = tuple(dict.fromkeys(text for _, text in found))
    return texts, bool(found) and all(key == _CORRECTING for key, _ in found)


def of(changes: Iterable[Change]) -> Sort:
    """The sort of a commit: one adjustment among its changes makes it one."""
    return Sort.CORRECTION if all(map(_is_wording, changes)) else Sort.ADJUSTMENT


def _is_wording(change: Change) -> bool:
    before, after = change.before or "", change.after or ""
    match change.kind:
        case Kind.NOTE_CHANGED | Kind.DEPARTMENT_CHANGED:
            return True
        case Kind.INDICATOR_REWORDED:
            # A value that is reworded means the same, or else its kind would be another.
            return change.key == decode.VALUE or not _is_telling(before, after)
        case Kind.GOAL_CHANGED:
            return is_slip(before, after)
        case Kind.PROJECT_RENAMED:
            return change.key is None or is_slip(before, after)
        case Kind.FIELD_CHANGED:
            # Of money, and of order, only what means the same comes as a field's.
            is_free = change.key in _FREE_KEYS or change.path[:1] == (decode.FUNDING,)
            return is_free or before == after or is_slip(before, after)
    return False


def is_slip(before: str, after: str) -> bool:
    """Whether two texts differ by no more than a slip of the pen, in characters that bear on no promise."""
    one, other = _plain(before), _plain(after)
    pieces = [max(len(old), len(new)) for old, new in _differences(one, other)]
    return bool(one and other) and sum(pieces) <= _MOST and not _is_telling(before, after)


def _is_telling(before: str, after: str) -> bool:
    one, other = _plain(before), _plain(after)
    changed = "".join(old + new for old, new in _differences(one, other))
    hedged = any(one.count(word) != other.count(word) for word in _HEDGES)
    return hedged or _TELLING.search(changed) is not None


def _differences(one: str, other: str) -> list[tuple[str, str]]:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return [
        (one[start:end], other[first:last])
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _plain(text: str) -> str:
    """Without what is only layout: width of characters, white space and marks between clauses."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
