"""The patterns over one vocabulary, compiled once, and a reader that takes them from the front of a text."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.values import words
from builder.values.words import any_of

if TYPE_CHECKING:
    from builder.values.text import Text
    from builder.values.vocabulary import Vocabulary

RATE = "比率"
_YEAR = "(?:19|20)[0-9]{2}"
_LINK_BEFORE = "(?:相比于?|相对于?|较|比|与|同|在)?"
_LINK_AFTER = "(?:同期|相比较?|基础上|水平|的)*"


@frozen()
class Grammar:
    """``unit`` may follow a number, ``divisor`` a unit, ``bare`` a unit whose slash was left out.

    ``unknown`` is a unit the vocabulary lacks, in front of the end or of what may follow a unit: ``tail``,
    whose words ``after`` change nothing and whose ``thing`` is kept. ``measure`` is a unit with no number.
    """

    vocabulary: Vocabulary
    lead: re.Pattern[str]
    topic: re.Pattern[str]
    magnitude: re.Pattern[str]
    unit: re.Pattern[str]
    unknown: re.Pattern[str]
    divisor: re.Pattern[str]
    bare: re.Pattern[str]
    measure: re.Pattern[str]
    tail: re.Pattern[str]
    thing: re.Pattern[str]
    after: re.Pattern[str]
    same_day: re.Pattern[str]


@cache
def grammar(vocabulary: Vocabulary) -> Grammar:
    """The patterns over ``vocabulary``."""
    units = any_of(vocabulary.units)
    divisors = any_of(word for word, unit in vocabulary.units.items() if unit.dimension != RATE)
    divisor = rf"(?:/\(?|[.·×*/]每?|每)(?P<unit>{divisors})\)?"
    lead = _lead(vocabulary, divisors)
    tail = _tail(vocabulary)
    follows = rf"(?=(?:{_unnamed(divisor)})*+(?:{_unnamed(tail)})*+$)"
    # 3 月 is March; three months are 3 个月.
    counted = vocabulary.units.keys() - vocabulary.calendar
    return Grammar(
        vocabulary=vocabulary,
        lead=re.compile(lead),
        topic=re.compile(rf"(?P<topic>{_topic(vocabulary)})(?=[:0-9]|{_unnamed(lead)}):?"),
        magnitude=re.compile(any_of(vocabulary.magnitudes)),
        unit=re.compile(any_of(counted)),
        unknown=re.compile(rf"(?:[A-Za-zμ]{{1,6}}?|[\u4e00-\u9fff]{{1,6}}?){follows}"),
        divisor=re.compile(divisor),
        bare=re.compile(divisors),
        measure=re.compile(rf"{any_of(vocabulary.magnitudes)}?{units}(?:{_unnamed(divisor)})*+"),
        tail=re.compile(tail),
        thing=re.compile(rf"(?P<topic>{any_of(vocabulary.things)}):?"),
        after=re.compile(any_of(vocabulary.after)),
        same_day=re.compile(rf"(?P<word>{any_of(vocabulary.same_day)}){any_of(vocabulary.after)}*+"),
    )


def _lead(vocabulary: Vocabulary, units: str) -> str:
    measured = any_of((*words.BEFORE, *words.ABOUT_BEFORE, *vocabulary.changes))
    return "|".join(
        (
            # 达标 comes before 达.
            rf"(?P<thing>{any_of(vocabulary.things)}):?",
            rf"(?P<operator>{any_of(words.BEFORE)})",
            rf"{_LINK_BEFORE}(?P<base>{any_of(vocabulary.bases)}){_LINK_AFTER}",
            rf"(?:相比于?|相对于?|较|比)(?P<year>{_YEAR})年度?{_LINK_AFTER}",
            rf"(?:与|同|在)(?P<year2>{_YEAR})年度?(?:同期|相比较?|基础上)",
            rf"(?P<change>{any_of(vocabulary.changes)})(?:了|比例|幅度)?",
            rf"每(?P<per>{units})",
            rf"(?P<average>{any_of(vocabulary.averages)})(?=[0-9]|{measured})",
            rf"(?P<about>{any_of(words.ABOUT_BEFORE)})",
            any_of(vocabulary.before),
        )
    )


def _topic(vocabulary: Vocabulary) -> str:
    """What is counted, written in front of its number: 群众满意度≥98%."""
    return rf"[\u4e00-\u9fff]{{0,12}}?{any_of(vocabulary.topic_endings)}"


def _tail(vocabulary: Vocabulary) -> str:
    included = any_of(words.INCLUDED)
    return (
        rf"(?P<about>{any_of(words.ABOUT_AFTER)})"
        rf"|{included}?(?P<operator>{any_of(words.AFTER)}){included}?"
        rf"|(?P<thing>{any_of(vocabulary.things)})"
        rf"|{any_of(vocabulary.after)}|{included}"
    )


def _unnamed(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


class Reader:
    """A text, how much of it has been read, and whether a unit may be one the vocabulary lacks."""

    __slots__ = ("at", "grammar", "text", "unknown")

    def __init__(self, text: Text, grammar: Grammar, *, unknown: bool = False) -> None:
        self.text = text
        self.grammar = grammar
        self.unknown = unknown
        self.at = 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The match at the front of what is left, which is then read; ``None`` leaves all as it was."""
        match = pattern.match(self.text.plain, self.at)
        if match and match.end() > self.at:
            self.at = match.end()
            return match
        return None

    def written(self, match: re.Match[str], group: str | int = 0) -> str:
        """What a match, or one group of it, is in the original text."""
        return self.text.written(*match.span(group))

    @property
    def done(self) -> bool:
        """Whether everything has been read."""
        return self.at == len(self.text.plain)
