"""Days, months, quarters and years as written in a value, each with its first and last day."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.values import numerals
from builder.values.value import Moment, Precision

if TYPE_CHECKING:
    from builder.values.grammar import Reader

NUMBER = "(?:[0-9]{1,2}(?![0-9])|[一二三四五六七八九十]{1,3})"
TO = "(?:[-~]|至|到)"
_YEAR4 = "(?:19|20)[0-9]{2}"
_YEAR = re.compile(
    rf"(?P<year>{_YEAR4}|二[〇零][〇零一二三四五六七八九]{{2}})年度?|本年度?|当年度?|今年度?|年(?=[底末终内])"
)
_WHOLE_YEAR = re.compile("全年")
_DOTTED = re.compile(
    rf"(?P<year>{_YEAR4})(?P<dot>[.\-/])(?P<month>[0-9]{{1,2}})(?:(?P=dot)(?P<day>[0-9]{{1,2}}))?(?![0-9.])"
)
_DOTTED_DAY = re.compile(r"(?P<month>[0-9]{1,2})\.(?P<day>[0-9]{1,2})(?=之前|以前|前|为?止)")
_MONTH = re.compile(rf"(?P<month>{NUMBER})月份?(?:(?P<day>{NUMBER})[日号]|(?P<third>[上中下])旬)?")
_QUARTER = re.compile("第?(?P<quarter>[1-4一二三四])季度")
_HALF = re.compile("(?P<half>[上下])半年")
_BARE_MONTH = re.compile(rf"(?P<month>{NUMBER})(?={TO}{NUMBER}月)")
_BARE_YEAR = re.compile(rf"(?P<year>{_YEAR4})(?={TO}{_YEAR4}年)")
_CHINESE_DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")} | {"〇": "0"}
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY, _DECEMBER = 2, 12


class NoSuchDate(Exception):  # noqa: N818  caught where dates are read, never shown
    """What looks like a date is on no calendar: 2 月 30 日."""


@frozen()
class Span:
    """The days from ``first`` to ``last``, (month, day) each.

    ``dated``: the year is written. ``period``: all of it is meant, not its end. ``loose``: it may as well be
    a number (2024.12).
    """

    precision: Precision
    year: int | None
    first: tuple[int, int]
    last: tuple[int, int]
    dated: bool = False
    period: bool = False
    loose: bool = False

    def begins(self) -> Moment:
        """Its first day."""
        return Moment(self.precision, self.year, *self.first)

    def ends(self) -> Moment:
        """Its last day."""
        return Moment(self.precision, self.year, *self.last)


def span(reader: Reader, year: int | None, *, opens: bool = False) -> Span | None:
    """The date at the front of the text. ``year`` is that of a date that names none.

    ``opens``: it may begin a period and leave its unit to the end of it, as in 1-12 月.
    """
    if dotted := reader.take(_DOTTED):
        return _dotted(dotted)
    if dotted := reader.take(_DOTTED_DAY):
        return _day(year, int(dotted["month"]), int(dotted["day"]))
    if opens and (bare := reader.take(_BARE_YEAR)):
        return replace(_year(int(bare["year"])), dated=True)
    named = reader.take(_YEAR)
    dated = bool(named and named["year"])
    if named and named["year"]:
        year = int("".join(_CHINESE_DIGITS.get(digit, digit) for digit in named["year"]))
    if reader.take(_WHOLE_YEAR):
        return replace(_year(year), dated=dated, period=True)
    found = _within(reader, year, opens=opens) or (_year(year) if named else None)
    return replace(found, dated=dated) if found else None


def _dotted(match: re.Match[str]) -> Span | None:
    year, month = int(match["year"]), int(match["month"])
    if match["day"]:
        return replace(_day(year, month, int(match["day"])), dated=True)
    loose = match["dot"] == "."
    if loose and not 1 <= month <= _DECEMBER:
        return None
    return replace(month_of(year, month), dated=True, loose=loose)


def _within(reader: Reader, year: int | None, *, opens: bool) -> Span | None:
    """A part of a year: a half, a quarter, a month, ten days, a day."""
    if half := reader.take(_HALF):
        first = 1 if half["half"] == "上" else 7
        return _months(Precision.HALF, year, first, first + 5)
    if quarter := reader.take(_QUARTER):
        last = 3 * numerals.whole(quarter["quarter"])
        return _months(Precision.QUARTER, year, last - 2, last)
    if opens and (bare := reader.take(_BARE_MONTH)):
        return month_of(year, numerals.whole(bare["month"]))
    if match := reader.take(_MONTH):
        month = numerals.whole(match["month"])
        if match["day"]:
            return _day(year, month, numerals.whole(match["day"]))
        return (
            _third(year, month, "上中下".index(match["third"])) if match["third"] else month_of(year, month)
        )
    return None


def _year(year: int | None) -> Span:
    return Span(Precision.YEAR, year, (1, 1), (12, 31))


def _months(precision: Precision, year: int | None, first: int, last: int) -> Span:
    return Span(precision, year, (first, 1), (last, _length(year, last)))


def month_of(year: int | None, month: int) -> Span:
    """A whole month."""
    return _months(Precision.MONTH, year, month, month)


def _third(year: int | None, month: int, third: int) -> Span:
    ends = (10, 20, _length(year, month))
    return Span(Precision.TEN_DAYS, year, (month, 10 * third + 1), (month, ends[third]))


def _day(year: int | None, month: int, day: int) -> Span:
    if not 1 <= day <= _length(year, month):
        raise NoSuchDate
    return Span(Precision.DAY, year, (month, day), (month, day))


def _length(year: int | None, month: int) -> int:
    """The days of a month; February has 29 where the year is not known."""
    if not 1 <= month <= _DECEMBER:
        raise NoSuchDate
    leap = year is None or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return _LENGTHS[month - 1] + (month == _FEBRUARY and leap)
