"""A whole value that is a time: a deadline, a period, or something that comes again and again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.values import numerals
from builder.values.dates import NUMBER, TO, NoSuchDate, month_of, span
from builder.values.grammar import Reader, grammar
from builder.values.value import Deadline, Doubt, Moment, Operator, Precision, Suspicion

if TYPE_CHECKING:
    from builder.values.dates import Span
    from builder.values.text import Text
    from builder.values.vocabulary import Vocabulary

_LEAD = re.compile(
    r"(?P<most>截[止至]到?|最迟|最晚|不[晚迟]于|不超过|≤=?|<=)|(?P<less><)|(?P<equal>==?)"
    r"|于|在|从|自|至|到|争取|力争|确保"
)
_SIGNS = "≤<="
_TO = re.compile(TO)
_SHORT_MONTH = re.compile("(?P<month>[0-9]{1,2})$")
_EDGE = re.compile("[底末终]")
_OPEN = re.compile("之前|以前|前")
_CLOSED = re.compile("之内|以内|内|为?止")
_INCLUDED = re.compile(r"\(含(?:当日|本日|当天)?\)")
_EVERY = re.compile("[每按逐分](?P<every>年|季|月|周|日|天)度?")
_EVERY_NAMES = {"季": "季度", "日": "天"}
_EVERY_ENDS = {
    "年": Moment(Precision.YEAR, None, 12, 31),
    "季": Moment(Precision.QUARTER, None, None, 31),
    "月": Moment(Precision.MONTH, None, None, 31),
}
_DAY = re.compile(f"(?P<day>{NUMBER})[日号]")
_EIGHT_DIGITS = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_DAY_ALONE = re.compile(f"{NUMBER}[日号](?:之前|以前|前)")
TIMELY = re.compile(r"[年月日号季周天前止]|[0-9]{8}|[0-9]{4}[.\-/]")
"""What every time has something of: most values are told to be none by one look."""

_LONGEST = 31
_TWO_READINGS = Suspicion(
    Doubt.AMBIGUOUS, "可能是日期，也可能是数", "日期写成 2024 年 12 月底，数请写上单位。"
)
_DAY_OR_DAYS = Suspicion(
    Doubt.AMBIGUOUS, "可能是几号之前，也可能是几日以内", "请写明，如 12 月 5 日前、5 日内。"
)
_MONTH_OR_MONTHS = Suspicion(
    Doubt.AMBIGUOUS, "可能是几月，也可能是几个月", "请写明，如 12 月底前、12 个月内。"
)


@frozen()
class Dated:
    """``operator`` only where a word or sign sets a bound, ``written``; ``topic`` is what is due."""

    deadline: Deadline
    operator: Operator | None = None
    written: str = ""
    topic: str = ""


@frozen()
class _End:
    """What follows a date: 底 (``edge``), 前 (``open``), 内 or 止 (``closed``), (含当日)."""

    edge: str
    open: str
    closed: str
    included: bool

    @property
    def written(self) -> str:
        return self.edge + self.open + self.closed


def deadline(text: Text, vocabulary: Vocabulary, year: int | None) -> Dated | Suspicion | None:
    """The time ``text`` is; a Suspicion where there is no such date or two readings; ``None`` if it is none.

    ``year`` is the year of a date that names none.
    """
    return _deadline(text, vocabulary, year) if TIMELY.search(text.plain) else None


def _deadline(text: Text, vocabulary: Vocabulary, year: int | None) -> Dated | Suspicion | None:
    reader = Reader(text, grammar(vocabulary))
    if _EIGHT_DIGITS.fullmatch(text.plain):
        return _TWO_READINGS
    if _DAY_ALONE.fullmatch(text.plain):
        return _DAY_OR_DAYS
    due = reader.take(reader.grammar.topic) or reader.take(reader.grammar.thing)
    try:
        found = _recurring(reader) if _EVERY.match(text.plain, reader.at) else _once(reader, year)
    except NoSuchDate:
        return Suspicion(Doubt.DATE, "日历上没有这个日期", "请核对月份和日期。")
    while reader.take(reader.grammar.after) or (due is None and (due := reader.take(reader.grammar.thing))):
        pass
    if found is None or not reader.done:
        return None
    return replace(found, topic=due["topic"]) if due and isinstance(found, Dated) else found


def _once(reader: Reader, year: int | None) -> Dated | Suspicion | None:
    lead = reader.take(_LEAD)
    first = span(reader, year, opens=True)
    if first is None:
        return None
    if reader.take(_TO):
        return _period(reader, first)
    end = _end(reader)
    if first.period:
        return None if lead or end.written else Dated(Deadline(first.ends(), first.begins()))
    if _unclear(first, lead, end):
        return _TWO_READINGS if first.loose else _MONTH_OR_MONTHS
    return _bounded(first, lead, end)


def _unclear(date: Span, lead: re.Match[str] | None, end: _End) -> bool:
    """2024.12 alone, and ≤12 月."""
    month = date.precision is Precision.MONTH and not date.dated
    return not end.written and (
        (date.loose and not lead) or (month and lead is not None and lead[0] in _SIGNS)
    )


def _end(reader: Reader) -> _End:
    edge, opened, closed, included = (
        match[0] if (match := reader.take(part)) else "" for part in (_EDGE, _OPEN, _CLOSED, _INCLUDED)
    )
    return _End(edge, opened, closed, bool(included))


def _bounded(date: Span, lead: re.Match[str] | None, end: _End) -> Dated | None:
    """One date with its bound: 年底 and 截至 include the day, a bare 前 does not say."""
    kind = lead.lastgroup if lead else None
    written = end.written or (lead[0] if lead and kind else "")
    if kind in {"less", "equal"}:
        operator = Operator.LESS if kind == "less" else Operator.EQUAL
        if end.open or end.closed or (end.edge and kind == "less"):
            return None
        return Dated(Deadline(date.ends(), inclusive=kind == "equal"), operator, written)
    if not written:
        return Dated(Deadline(date.ends()))
    inclusive = True if end.edge or end.included or not end.open else None
    return Dated(Deadline(date.ends(), inclusive=inclusive), Operator.AT_MOST, written)


def _period(reader: Reader, first: Span) -> Dated | Suspicion | None:
    """From ``first`` to the date that follows, either of which may leave its year to the other."""
    short = reader.take(_SHORT_MONTH) if first.loose else None
    last = month_of(first.year, int(short["month"])) if short else span(reader, first.year)
    if last is None or _end(reader).open:
        return None
    ends = last.ends()
    begins = first.begins() if first.year else replace(first.begins(), year=ends.year)
    if (begins.year or 0, begins.month, begins.day) > (ends.year or 0, ends.month, ends.day):
        return Suspicion(Doubt.DATE, "结束的日期比开始的早", "请核对起止日期，跨年的写明年份。")
    return Dated(Deadline(ends, begins))


def _recurring(reader: Reader) -> Dated | None:
    """按季度, 每月 10 日前, 每年 12 月底."""
    match = reader.take(_EVERY)
    if match is None:
        return None
    every = _EVERY_NAMES.get(match["every"], match["every"])
    last = _within(reader, match["every"])
    end = _end(reader)
    if last is None and end.edge:
        last = _EVERY_ENDS.get(match["every"])
    if last is None:
        return None if end.written else Dated(Deadline(every=every))
    if last.precision is Precision.YEAR and not end.edge:
        return None
    if not end.written:
        return Dated(Deadline(last, every=every))
    inclusive = None if end.open and not end.edge and not end.included else True
    return Dated(Deadline(last, every=every, inclusive=inclusive), Operator.AT_MOST, end.written)


def _within(reader: Reader, every: str) -> Moment | None:
    """The day of every month, or the date of every year."""
    if every == "年":
        date = span(reader, None)
        return date.ends() if date and not date.dated and not date.period else None
    if every == "月" and (match := reader.take(_DAY)):
        day = numerals.whole(match["day"])
        if not 1 <= day <= _LONGEST:
            raise NoSuchDate
        return Moment(Precision.DAY, None, None, day)
    return None
