"""What looks wrong in a value: marks of misreading by a scanner, gaps left open, two values in one cell.

A suspicion is all that comes of it; the reading of the value is never changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.values import numerals
from builder.values.amount import MONEY
from builder.values.grammar import RATE, grammar
from builder.values.value import Doubt, Kind, Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.values.quantity import Quantity
    from builder.values.text import Text
    from builder.values.value import Value
    from builder.values.vocabulary import Vocabulary

_BLANK = re.compile(r"[-~/\\*.。、,;·…_]*")
_GAP = re.compile(r"_{2,}|[Xx×*○□△]{2,}|[○□△]")
_SIGN_ALONE = re.compile("(?P<sign>[≥≤><=±]+)[^0-9零〇一二两三四五六七八九十百半]*")
_EQUALS = re.compile("[一二=]*(?P<char>[一二])=*[0-9]")
_AT_MOST = re.compile("[SsZz](?=[0-9])")
_LETTERS = re.compile("[0-9][OoIl]|[OoIl][0-9%]")
_NUMBERS = re.compile(numerals.ARABIC)
_BETWEEN = re.compile("[0-9][^0-9.]+[0-9]")
_SPLIT = re.compile("[0-9,] [0-9]")
_BRACKET = re.compile("[》《〉〈›‹»«]")
_LIKELY_PERCENT = range(50, 101)
_HUNDRED = 100


def doubts(text: Text, value: Value, vocabulary: Vocabulary) -> Iterator[Suspicion]:
    """Every suspicion a text raises by itself."""
    plain = text.plain
    if _BLANK.fullmatch(plain) or plain == "无":
        yield _empty(plain)
        return
    if value.kind is Kind.UNKNOWN and grammar(vocabulary).measure.fullmatch(plain):
        yield Suspicion(Doubt.EMPTY, "只有单位，没有数", "请填写批复的数，如“≥20 元/亩”。")
        return
    if _GAP.search(plain) or plain in vocabulary.placeholders:
        yield Suspicion(Doubt.PLACEHOLDER, "像是还没有填好的占位文字", "请填写批复的指标值。")
    if plain in vocabulary.completions:
        hint = "目标要写打算达到什么；完成情况写在自评表里。"
        yield Suspicion(Doubt.COMPLETION, "写的是完成情况，不是目标", hint)
    if value.operator and _BRACKET.search(text.original) and not _BRACKET.search(plain):
        hint = f"请写成 {value.operator.value}，并核对是不是 ≥ 或 ≤。"
        yield Suspicion(Doubt.SPELLING, "用书名号代替了大于号或小于号", hint)
    misread = tuple(_misread(plain, value))
    yield from misread
    if value.kind is Kind.UNKNOWN and not misread and not value.suspicions:
        yield from _unread(plain)


def _empty(plain: str) -> Suspicion:
    if plain == "无":
        return Suspicion(
            Doubt.AMBIGUOUS, "“无”可能是零，也可能是不适用", "请写成 0 件之类的数，或写“不适用”。"
        )
    what = f"“{plain}”不是指标值" if plain else "没有指标值"
    return Suspicion(Doubt.EMPTY, what, "请填写批复的指标值；批复里没有，就写 null 并说明豁免。")


def doubts_of_number(value: Value) -> Iterator[Suspicion]:
    """Those of them that depend on how large the number is."""
    if rest := _swallowed(value):
        hint = f"请核对原件；如果是“≥{rest}”，请照原件改正。"
        yield Suspicion(Doubt.MISREAD, "开头的“2”可能是扫描时认错的“≥”", hint)


def _misread(plain: str, value: Value) -> Iterator[Suspicion]:
    yield from doubts_of_number(value)
    if (match := _EQUALS.match(plain)) or plain in {"一", "二"}:
        char = match["char"] if match else plain
        sign = "=" if char == "二" else "-"
        hint = f"请核对原件；如果是“{sign}”，请照原件改正。"
        yield Suspicion(Doubt.MISREAD, f"“{char}”可能是扫描时认错的“{sign}”", hint)
    if _AT_MOST.match(plain):
        hint = "请核对原件，照原件改正。"
        yield Suspicion(Doubt.MISREAD, f"开头的“{plain[0]}”可能是扫描时认错的“≤”或“≥”", hint)
    if _LETTERS.search(plain):
        hint = "请核对原件，数字里不要夹字母。"
        yield Suspicion(Doubt.MISREAD, "数字里夹着字母，可能是扫描时认错的 0 或 1", hint)
    if _SIGN_ALONE.fullmatch(plain):
        yield Suspicion(Doubt.MISREAD, "有符号，没有数", "请核对原件，补上数；没有数就不写符号。")


def _swallowed(value: Value) -> str:
    """The number that is left if a leading 2 was a ≥: 298% → 98%, 2980 项 → 980 项. Empty if unlikely.

    Counts are suspected only where round to ten and not to a hundred, so that 2500 人 passes.
    """
    number, unit = value.number, value.unit
    if value.kind is not Kind.QUANTITY or value.operator or value.change or number is None or unit is None:
        return ""
    digits = f"{number:f}"
    rest = digits[1:]
    if digits[0] != "2" or not rest.isdecimal() or rest[0] == "0" or value.magnitude:
        return ""
    if unit.name == "%":
        return rest + "%" if int(rest) in _LIKELY_PERCENT else ""
    round_to_ten = rest.endswith("0") and int(rest) % _HUNDRED != 0
    likely = unit.dimension not in {MONEY, RATE, "时间"} and not value.per and round_to_ten
    return f"{rest} {unit.name}" if likely else ""


def _unread(plain: str) -> Iterator[Suspicion]:
    if _SPLIT.search(plain):
        yield Suspicion(
            Doubt.SEVERAL,
            "两个数字之间有空格，看不出是一个数还是两个",
            "一个数就去掉空格，两个值请分成两行。",
        )
    elif len(_NUMBERS.findall(plain)) > 1 and _BETWEEN.search(plain):
        hint = "一条三级指标只写一个值；确是一个值的，用一个单位写，如 12.5 小时。"
        yield Suspicion(Doubt.SEVERAL, "一格里像是写了不止一个数", hint)


def malformed(found: Quantity) -> Iterator[Suspicion]:
    """What is wrong in the way units are written: 30 万/年, 20000/人/年, 3000 元人/年."""
    amount = found.amount
    divided = "".join(f"/{unit}" for unit in amount.per)
    if amount.per and amount.unit is None:
        hint = f"请补写单位，金额写成“{amount.magnitude}元{divided}”。"
        yield Suspicion(Doubt.UNIT_MISSING, "斜线前面没有单位", hint)
    if amount.glued and amount.unit:
        hint = f"请用斜线隔开，写成“{amount.unit.name}{divided}”。"
        yield Suspicion(Doubt.UNIT_GLUED, "单位之间少了斜线", hint)
