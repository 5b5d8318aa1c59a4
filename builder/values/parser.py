"""指标值: any text to its Value. Total: nothing is raised, and what is not read is said to be not read."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from decimal import Decimal
from functools import cache, lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from builder.values.deadline import TIMELY, Dated, deadline
from builder.values.doubts import doubts, doubts_of_number, malformed
from builder.values.grammar import grammar
from builder.values.phrases import name_direction, phrase
from builder.values.quantity import Quantity, quantity
from builder.values.text import Text, normalised
from builder.values.value import Direction, Kind, Operator, Source, Suspicion, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.values.vocabulary import Vocabulary

_LONGEST = 200
"""Longer text is no value; it is not tried, which bounds the time taken."""

_COUNTED = re.compile(
    r"(?P<front>[≥≤><=]?)(?P<number>[1-9][0-9]{0,2}(?:\.[0-9]{1,4})?|[1-9][0-9]{3,6})"
    r"(?P<rest> ?[%A-Za-z\u4e00-\u9fff]{1,8})"
)
"""A sign, a number and words behind it. Only the number tells many thousands of texts apart."""

_NUMERAL = re.compile("[零〇一二两三四五六七八九十百千半]")
_NUMBER_FIRST = re.compile("^[0-9]|[0-9].")
_SEVEN = Decimal(7)
_FIELDS = [one.name for one in fields(Value)]
_TEXT, _NUMBER = map(_FIELDS.index, ("text", "number"))
_FULL_STOPS = re.compile("[。;,、.]+$")
_BY_OPERATOR = {
    Operator.AT_LEAST: Direction.UP,
    Operator.MORE: Direction.UP,
    Operator.LESS: Direction.DOWN,
    Operator.AT_MOST: Direction.DOWN,
}
_DIRECTIONLESS = {Kind.OPEN, Kind.NOT_APPLICABLE}


def parse(text: str, vocabulary: Vocabulary, *, name: str = "", year: int | None = None) -> Value:
    """What an 指标值 means. ``name`` (三级指标) may give its direction, ``year`` (年度) that of its dates."""
    value = _read(text, vocabulary, year)
    if value.direction_source is not Source.NONE or value.kind in _DIRECTIONLESS:
        return value
    named = name_direction(value.topic or name, vocabulary)
    return _named(text, vocabulary, year, named) if named else value


@lru_cache(maxsize=1 << 12)
def _named(text: str, vocabulary: Vocabulary, year: int | None, direction: Direction) -> Value:
    """The Value of a text with the direction that the name of its indicator gives."""
    return replace(_read(text, vocabulary, year), direction=direction, direction_source=Source.NAME)


@lru_cache(maxsize=1 << 13)
def _read(text: str, vocabulary: Vocabulary, year: int | None) -> Value:
    """The Value of a text by itself. The same few thousand texts make up most of any collection."""
    if counted := _COUNTED.fullmatch(text):
        front, digits, rest = counted.groups()
        if like := _like(front, rest, vocabulary):
            values = [*like]
            values[_TEXT], values[_NUMBER] = text, Decimal(digits)
            value = Value(*values)
            found = tuple(doubts_of_number(value))
            return replace(value, suspicions=found) if found else value
    return _read_closely(text, vocabulary, year)


@lru_cache(maxsize=1 << 12)
def _like(front: str, rest: str, vocabulary: Vocabulary) -> Sequence[Any] | None:
    """The fields of a value that differs from others in its number; ``None`` where that decides more."""
    if TIMELY.search(rest) or _NUMERAL.search(rest) or _has_numbers(vocabulary):
        return None
    value = _read_closely(f"{front}7{rest}", vocabulary, None)
    more = (value.upper, value.tolerance, value.deadline, value.suspicions)
    if value.number != _SEVEN or more != (None, None, None, ()):
        return None
    found: Sequence[Any] = attrgetter(*_FIELDS)(value)
    return found


@cache
def _has_numbers(vocabulary: Vocabulary) -> bool:
    """Whether a word of the vocabulary begins with a number or goes on after one; m2 does not."""
    words = (word for field in fields(vocabulary) for word in getattr(vocabulary, field.name))
    return any(_NUMBER_FIRST.search(word) for word in words)


def _read_closely(text: str, vocabulary: Vocabulary, year: int | None) -> Value:
    clean = _without_full_stop(normalised(text))
    value = _value(text, clean, vocabulary, year)
    found = tuple(doubts(clean, value, vocabulary))
    return replace(value, suspicions=value.suspicions + found) if found else value


def _without_full_stop(text: Text) -> Text:
    plain = _FULL_STOPS.sub("", text.plain)
    return Text(plain, text.original, text.starts[: len(plain)])


def _value(text: str, clean: Text, vocabulary: Vocabulary, year: int | None) -> Value:
    if not 0 < len(clean.plain) <= _LONGEST:
        return Value(text, Kind.UNKNOWN, understood=False, phrase=clean.plain)
    if same_day := grammar(vocabulary).same_day.fullmatch(clean.plain):
        return Value(text, Kind.TIME_LIMIT, phrase=same_day["word"])
    if clean.plain not in vocabulary.phrases:
        found = deadline(clean, vocabulary, year) or quantity(clean, vocabulary)
        if isinstance(found, Dated):
            return _dated(text, found)
        if isinstance(found, Quantity):
            return _measured(text, found)
        if isinstance(found, Suspicion):
            return Value(text, Kind.UNKNOWN, understood=False, phrase=clean.plain, suspicions=(found,))
    kind, understood, direction = phrase(clean.plain, vocabulary)
    source = Source.NONE if direction is Direction.NEUTRAL else Source.WORD
    return Value(
        text,
        kind,
        understood=understood,
        phrase=clean.plain,
        direction=direction,
        direction_source=source,
    )


def _dated(text: str, found: Dated) -> Value:
    direction, source = _direction(found.operator)
    return Value(
        text,
        Kind.TIME_LIMIT,
        operator=found.operator,
        operator_written=found.written,
        deadline=found.deadline,
        topic=found.topic,
        direction=direction,
        direction_source=source,
    )


def _measured(text: str, found: Quantity) -> Value:
    amount, around = found.amount, found.around
    direction, source = _direction(found.operator, around.change)
    return Value(
        text,
        _kind(found),
        operator=found.operator,
        operator_written=found.written,
        number=amount.number,
        upper=found.upper,
        magnitude=amount.magnitude,
        factor=amount.factor,
        unit=amount.unit,
        unit_written=amount.unit_written,
        per=tuple(dict.fromkeys(amount.per + around.per)),
        tolerance=found.tolerance.number if found.tolerance else None,
        tolerance_unit=found.tolerance.unit if found.tolerance else None,
        approximate=around.approximate or amount.odd,
        change=around.change,
        base=around.base,
        topic=around.topic,
        direction=direction,
        direction_source=source,
        suspicions=tuple(malformed(found)),
    )


def _kind(found: Quantity) -> Kind:
    amount = found.amount
    if found.upper is not None or found.tolerance or found.operator is Operator.WITHIN:
        return Kind.RANGE
    lasting = amount.unit is not None and amount.unit.dimension == "时间" and not found.around.change
    divided = amount.per or found.around.per
    at_least = found.operator in {Operator.AT_LEAST, Operator.MORE}
    return Kind.TIME_LIMIT if lasting and not divided and not at_least else Kind.QUANTITY


def _direction(operator: Operator | None, change: str = "") -> tuple[Direction, Source]:
    """The direction that a value gives itself: by the operator first, then by its words."""
    if operator in _BY_OPERATOR:
        return _BY_OPERATOR[operator], Source.OPERATOR
    return (Direction.UP, Source.WORD) if change else (Direction.NEUTRAL, Source.NONE)
