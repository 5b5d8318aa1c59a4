"""One number with its magnitude, unit and units divided by: 5.9 万件, 3000 元/人/年, 三分之二."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.values import numerals
from builder.values.grammar import RATE
from builder.values.value import ONE, Unit

if TYPE_CHECKING:
    from builder.values.grammar import Grammar, Reader

MONEY = "金额"
_NUMBER = re.compile(f"{numerals.ARABIC}|{numerals.CHINESE}")
_ODD = re.compile("[余多]")
_WHOLE = re.compile("百分之?百")
_PARTS = re.compile(rf"(?P<of>百|千|万|{numerals.CHINESE})分之(?P<part>{numerals.ARABIC}|{numerals.CHINESE})")
_FRACTION = re.compile(r"(?P<part>[1-9])/(?P<of>10|[2-9])(?![0-9/.])")
"""1/3 is a fraction; 50/60 is more likely two values in one cell."""

_DENOMINATORS = range(2, 11)
_HUNDREDTHS = {"百": "%", "千": "‰", "万": "‱"}
_CALENDAR_YEARS = range(1900, 2200)
_NOT_IN_UNITS = frozenset("零〇一二两三四五六七八九十余多年月日前后底末内之较比以")


@frozen()
class Amount:
    """``odd``: 余 or 多 follows the number. ``glued``: a slash was left out. ``chinese``: in numerals."""

    number: Decimal
    magnitude: str = ""
    factor: Decimal = ONE
    unit: Unit | None = None
    unit_written: str = ""
    per: tuple[str, ...] = ()
    odd: bool = False
    glued: bool = False
    chinese: bool = False


def amount(reader: Reader) -> Amount | None:
    """The amount at the front of the text, if there is one."""
    start = reader.at
    found = _ratio(reader) or _plain(reader)
    if found is None:
        reader.at = start
    return found


def _ratio(reader: Reader) -> Amount | None:
    """百分之五, 三分之二, 2/3."""
    start = reader.at
    if whole := reader.take(_WHOLE):
        return Amount(Decimal(100), unit=reader.grammar.vocabulary.unit("%"), unit_written=whole[0])
    match = reader.take(_PARTS) or reader.take(_FRACTION)
    number = numerals.read(match["part"]) if match else None
    if match and number is not None:
        name = _HUNDREDTHS.get(match["of"])
        unit = reader.grammar.vocabulary.unit(name) if name else _fraction(match["of"], number)
        if unit:
            return Amount(number, unit=unit, unit_written=match[0])
    reader.at = start
    return None


def _fraction(of: str, number: Decimal) -> Unit | None:
    """One third as a unit; one that is a whole part of a percent counts in percents."""
    whole = numerals.whole(of)
    if whole not in _DENOMINATORS or number not in range(1, whole):
        return None
    exact = 1000 % whole == 0
    scale = Decimal(100) / whole if exact else Decimal(1)
    return Unit(f"1/{whole}", RATE, "%" if exact else f"1/{whole}", scale, f"/{whole}")


def _plain(reader: Reader) -> Amount | None:
    match = reader.take(_NUMBER)
    number = numerals.read(match[0]) if match else None
    if match is None or number is None:
        return None
    chinese = not match[0][-1].isdecimal()
    odd = bool(reader.take(_ODD))
    # 千克 is a unit, 千人 is not; but a unit that the vocabulary lacks never begins with 千.
    span = None if reader.unknown else _unit(reader, reader.grammar.unit)
    magnitude = None if span else reader.take(reader.grammar.magnitude)
    odd = bool(reader.take(_ODD)) or odd
    if span is None and reader.unknown and not chinese:
        span = _unit(reader, reader.grammar.unknown)
    span = span or _unit(reader, reader.grammar.unit)
    unit = reader.grammar.vocabulary.unit(reader.text.plain[slice(*span)]) if span else None
    if _is_calendar_year(number, unit) or (match[0] == "半" and unit is None):
        return None
    per, glued = _divisors(reader, unit)
    written = reader.text.written(*span) if span else ""
    name = magnitude[0] if magnitude else ""
    if unit and (joined := reader.grammar.vocabulary.units.get(name + unit.name)):
        # 千 and g make 千克, which is a unit of its own.
        unit, name = joined, ""
    factor = reader.grammar.vocabulary.magnitudes[name] if name else ONE
    return Amount(number, name, factor, unit, written, per, odd, glued, chinese=chinese)


def _unit(reader: Reader, pattern: re.Pattern[str]) -> tuple[int, int] | None:
    match = pattern.match(reader.text.plain, reader.at)
    if match is None or (pattern is reader.grammar.unknown and not _may_be_unit(match[0], reader.grammar)):
        return None
    reader.at = match.end()
    return match.span()


def _may_be_unit(text: str, grammar: Grammar) -> bool:
    vocabulary = grammar.vocabulary
    wordy = any(word in text for words in (vocabulary.verbs, vocabulary.degrees) for word in words)
    return text not in vocabulary.units and not wordy and not _NOT_IN_UNITS & set(text)


def _divisors(reader: Reader, unit: Unit | None) -> tuple[tuple[str, ...], bool]:
    """The units divided by, and whether a slash is missing in front of one: 元人/年."""
    per: tuple[str, ...] = ()
    glued = False
    money = unit is not None and unit.dimension == MONEY
    while True:
        match = reader.take(reader.grammar.divisor)
        name = match["unit"] if match else ""
        if not match and money and (match := reader.take(reader.grammar.bare)):
            name, glued = match[0], True
        if not match:
            return per, glued
        divisor = reader.grammar.vocabulary.units[name]
        glued = glued or (bool(divisor.parts) and "·" not in name)
        per += divisor.parts or (divisor.name,)


def _is_calendar_year(number: Decimal, unit: Unit | None) -> bool:
    return unit is not None and unit.name == "年" and number in _CALENDAR_YEARS
