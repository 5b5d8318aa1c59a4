"""One change in words, as the form would say it. A Change in, Chinese text out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from builder import decode
from builder.diff import Kind, Reason, Tier
from builder.problem import SEVERITY_WORDS

if TYPE_CHECKING:
    from builder.diff import Change, Unread

TITLES = {
    Kind.PROJECT_REMOVED: "删去项目",
    Kind.INDICATOR_REMOVED: "删去指标",
    Kind.GOAL_REMOVED: "删去总体目标",
    Kind.TARGET_WEAKER: "目标降低",
    Kind.MADE_QUALITATIVE: "定量改为定性",
    Kind.DEADLINE_LATER: "时限推迟",
    Kind.TARGET_UNCLEAR: "目标有变，高低不明",
    Kind.UNIT_CHANGED: "单位改变",
    Kind.FUNDING_RAISED: "资金增加",
    Kind.FUNDING_LOWERED: "资金减少",
    Kind.FUNDING_SHIFTED: "资金来源变化",
    Kind.PROBLEM_NEW: "新出现的问题",
    Kind.WAIVER_ADDED: "新增豁免",
    Kind.WEIGHT_CHANGED: "权重改变",
    Kind.INDICATOR_MOVED: "指标换了归类",
    Kind.INDICATOR_REWORDED: "指标改写",
    Kind.GOAL_CHANGED: "总体目标改写",
    Kind.PROJECT_RENAMED: "项目改名",
    Kind.DEPARTMENT_CHANGED: "部门变化",
    Kind.FIELD_CHANGED: "栏目改动",
    Kind.NOTE_CHANGED: "备注改动",
    Kind.TARGET_STRICTER: "目标提高",
    Kind.MADE_QUANTITATIVE: "定性改为定量",
    Kind.DEADLINE_EARLIER: "时限提前",
    Kind.PROJECT_ADDED: "新增项目",
    Kind.INDICATOR_ADDED: "新增指标",
    Kind.GOAL_ADDED: "新增总体目标",
    Kind.WAIVER_REMOVED: "去掉豁免",
    Kind.PROBLEM_FIXED: "已改好的问题",
}
"""What a reader sees for each kind."""

TIERS = {Tier.LOSS: "减少或降低", Tier.LOOK: "需要核对", Tier.GAIN: "增加、提高或改好"}
MARKS = {Tier.LOSS: "▼", Tier.LOOK: "◆", Tier.GAIN: "▲"}
"""What a reader sees for each tier: a word, and a sign that does not depend on colour."""

_REASONS = {
    (Kind.TARGET_WEAKER, Reason.CEILING): "目标放宽",
    (Kind.TARGET_WEAKER, Reason.ABOUT): "加了“约”，目标放宽",
    (Kind.TARGET_WEAKER, Reason.GONE): "不再有指标值，目标降低",
    (Kind.TARGET_STRICTER, Reason.CEILING): "目标收紧",
    (Kind.TARGET_STRICTER, Reason.ABOUT): "去掉了“约”，目标收紧",
    (Kind.TARGET_STRICTER, Reason.FILLED): "补上了指标值",
}
_UNCLEAR = {
    Reason.WORDS: "都是文字",
    Reason.OPERATOR: "数没有变，符号变了",
    Reason.OPPOSITE: "方向反了",
    Reason.NEUTRAL: "看不出数大好还是数小好",
    Reason.CONTRARY: "符号的方向与指标的意思相反",
    Reason.ABOUT: "数和“约”都变了",
    Reason.BASE: "相比的基数变了",
    Reason.SHAPE: "两个值不是同一类",
    Reason.SUSPECT: "有一个值像是识别错的",
    Reason.UNREAD: "有一个值读不懂",
}
NOTHING = "（无）"
_ITSELF = {None, decode.VALUE, decode.LEVEL3}
_LONG = 60
_CONTEXT = 10


def message(change: Change) -> str:
    """The change as one sentence: ``企业和群众满意度 ≥98% → ≥95%：目标降低``."""
    what, remark = thing(change), verdict(change)
    if change.before is None and change.after is None:
        return f"{what}：{remark}"
    before, after = focused(change.before or NOTHING, change.after or NOTHING)
    if change.before is None:
        return f"{remark}：{what} {after}" if what else f"{remark}：{after}"
    if change.after is None:
        return f"{remark}：{what} {before}" if what else f"{remark}：{before}"
    return f"{what} {before} → {after}：{remark}".lstrip()


def thing(change: Change) -> str:
    """What it is that changed: an indicator, a key, a project."""
    if change.problem is not None:
        severity = SEVERITY_WORDS[change.problem.severity]
        was = "原" if change.kind is Kind.PROBLEM_FIXED else ""
        return f"{severity} {change.problem.code}（{was}第 {change.problem.line} 行）"
    if change.kind in {Kind.PROJECT_ADDED, Kind.PROJECT_REMOVED}:
        return change.project
    if change.kind in {Kind.INDICATOR_ADDED, Kind.INDICATOR_REMOVED}:
        return f"{change.level2}“{change.indicator}”"
    if change.kind is Kind.INDICATOR_REWORDED and change.key == decode.LEVEL3:
        return change.level2 or ""
    key = "" if change.key in _ITSELF else change.key or ""
    return " ".join(part for part in (change.indicator or change.level2, key) if part)


def verdict(change: Change) -> str:
    """What became of it."""
    if change.amount and change.kind in {Kind.FUNDING_RAISED, Kind.FUNDING_LOWERED}:
        return _funding(change, change.amount)
    if change.kind is Kind.TARGET_UNCLEAR and change.reason:
        return f"看不出提高还是降低（{_UNCLEAR[change.reason]}）"
    if change.reason:
        return _REASONS.get((change.kind, change.reason), TITLES[change.kind])
    return _special(change) or TITLES[change.kind]


def _special(change: Change) -> str:
    """What says more than the title of a kind that covers several cases."""
    match change.kind, change.key:
        case Kind.INDICATOR_REWORDED, decode.VALUE:
            return "写法改动，意思不变"
        case Kind.INDICATOR_REWORDED, _:
            return "指标改名"
        case Kind.PROJECT_RENAMED, None:
            return "文件改名"
        case Kind.DEPARTMENT_CHANGED, None:
            return "新增部门文件" if change.before is None else "删去部门文件"
        case Kind.FIELD_CHANGED, _ if change.before is None and change.after is None:
            return "先后顺序变了"
    return ""


def _funding(change: Change, amount: Decimal) -> str:
    word = "增加" if amount > 0 else "减少"
    was = (change.before or "").partition(" ")
    share = ""
    if was[2] and (whole := Decimal(was[0]) / (10000 if was[2] == "元" else 1)):
        share = f"（{abs(amount) / whole * 100:.1f}%）"
    return f"{word} {plain(abs(amount))} 万元{share}"


def plain(amount: Decimal) -> str:
    """An amount without needless zeros."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(amount: Decimal) -> str:
    """An amount with its sign, ``0`` for none."""
    return f"{'+' if amount > 0 else '−' if amount < 0 else ''}{plain(abs(amount))}"


def focused(before: str, after: str, limit: int = _LONG) -> tuple[str, str]:
    """Two texts cut to what differs between them where they are long."""
    if max(len(before), len(after)) <= limit:
        return before, after
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    return _cut(before, start, end, limit), _cut(after, start, end, limit)


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    differs = (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differs, min(len(one), len(other)))


def _cut(text: str, start: int, end: int, limit: int) -> str:
    first = max(0, start - _CONTEXT)
    last = min(len(text) - end + _CONTEXT, first + limit, len(text))
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def unread(item: Unread) -> str:
    """Why a file was not compared."""
    sides = [word for word, found in (("原来的", item.old), ("现在的", item.new)) if found]
    what = "、".join(f"“{key}”" for key in item.keys)
    side = "和".join(sides) or "有一个"
    return f"{side}版本写得不对，{what or '整个文件'}没有比较"


def printable(text: str) -> str:
    """Text on one line whose control and invisible characters can steer nothing."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "·" for char in text)
