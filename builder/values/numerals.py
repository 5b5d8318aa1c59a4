"""Numbers as written, to exact decimals: 1,303, １３０３, 二十, 两百三十."""

from __future__ import annotations

import re
from decimal import Decimal

ARABIC = r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?![0-9])"
CHINESE = r"[零〇一二两三四五六七八九十百千半]+"

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DIGIT = "[一二两三四五六七八九]"
_BELOW_TEN_THOUSAND = re.compile(
    rf"""
    (?:(?P<thousands>{_DIGIT})千(?=零|$|{_DIGIT}))?
    (?:零?(?P<hundreds>{_DIGIT})百)?
    (?:零?(?P<tens>{_DIGIT})?(?P<ten>十))?
    (?:零?(?P<ones>{_DIGIT}))?
    """,
    re.VERBOSE,
)
_ZEROES = {"零", "〇"}
_SHORT = re.compile(rf"(?:{_DIGIT}[千百]){_DIGIT}|.*百{_DIGIT}")
"""两千五 is 2,500 in speech and 2,005 to a strict reader: neither is taken."""


def arabic(text: str) -> Decimal:
    """The number an ``ARABIC`` match stands for, digits after the point kept."""
    return Decimal(text.replace(",", ""))


def chinese(text: str) -> Decimal | None:
    """The number in Chinese numerals below ten thousand, or ``None`` when they do not make one."""
    if text in _ZEROES:
        return Decimal(0)
    if text == "半":
        return Decimal("0.5")
    match = _BELOW_TEN_THOUSAND.fullmatch(text)
    if not text or match is None or _SHORT.fullmatch(text):
        return None
    places = {"thousands": 1000, "hundreds": 100, "tens": 10, "ones": 1}
    total = sum(_DIGITS[match[name]] * worth for name, worth in places.items() if match[name])
    return Decimal(total + (10 if match["ten"] and not match["tens"] else 0))


def read(text: str) -> Decimal | None:
    """The number in either writing."""
    return arabic(text) if text[0] in "-0123456789" else chinese(text)


def whole(text: str) -> int:
    """A day, month or quarter in either writing; 0, which no calendar has, when it is none."""
    number = read(text)
    return 0 if number is None else int(number)
