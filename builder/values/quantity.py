"""A whole value that has a number: operator, amount, range, tolerance, change against a base.

A text is read whole or not at all: first with the units of the vocabulary alone, then with one it lacks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.values import words
from builder.values.amount import amount
from builder.values.grammar import RATE, Reader, grammar
from builder.values.value import Doubt, Operator, Suspicion

if TYPE_CHECKING:
    from decimal import Decimal

    from builder.values.amount import Amount
    from builder.values.text import Text
    from builder.values.vocabulary import Vocabulary

_JOIN = re.compile("[-~]|至|到")
_AND = re.compile("并且|且|,且?|;且?")
_TOLERANCE = re.compile(r"±|\+/?-")


@dataclass(slots=True)
class Around:
    """What stands in front of a number and behind it. Each operator with its word, plain and as written."""

    operators: tuple[tuple[Operator, str, str], ...] = ()
    per: tuple[str, ...] = ()
    approximate: bool = False
    change: str = ""
    base: str = ""
    topic: str = ""


@frozen()
class Quantity:
    """``amount`` with the operator that holds, ``written`` as in the text. ``upper`` ends a range."""

    amount: Amount
    around: Around
    upper: Decimal | None = None
    tolerance: Amount | None = None
    operator: Operator | None = None
    written: str = ""


def quantity(text: Text, vocabulary: Vocabulary) -> Quantity | Suspicion | None:
    """The quantity ``text`` is; a Suspicion where its parts contradict each other; ``None`` if it is none."""
    patterns = grammar(vocabulary)
    known = _read(Reader(text, patterns))
    return known or _read(Reader(text, patterns, unknown=True))


def _read(reader: Reader) -> Quantity | Suspicion | None:
    around = Around()
    first = amount(reader) if _lead(reader, around) else None
    found = _pair(reader, first, around) if first else None
    if first is None or found is None or not _tail(reader, around, first):
        return None
    return _settled(found)


def _lead(reader: Reader, around: Around) -> bool:
    """Everything in front of the number; false when it makes no sense together."""
    while True:
        match = reader.grammar.lead.match(reader.text.plain, reader.at)
        if match is None or match.lastgroup in {None, "thing"}:
            match = _topic(reader) or match
        if match is None:
            return bool(around.change) or not around.base
        reader.at = match.end()
        if match.lastgroup and not _noted(reader, match, match.lastgroup, around):
            return False


def _topic(reader: Reader) -> re.Match[str] | None:
    match = reader.grammar.topic.match(reader.text.plain, reader.at)
    changes = reader.grammar.vocabulary.changes
    return None if match is None or any(word in match[0] for word in changes) else match


def _noted(reader: Reader, match: re.Match[str], group: str, around: Around) -> bool:
    """Take note of one match in front of the number; false if there is one of its kind already."""
    vocabulary, word = reader.grammar.vocabulary, match[group]
    if group == "operator":
        around.operators += ((words.BEFORE[word], word, reader.written(match, group)),)
    elif group == "about":
        around.approximate = True
    elif group in {"per", "average"}:
        unit = vocabulary.units[word if group == "per" else vocabulary.averages[word]]
        around.per += unit.parts or (unit.name,)
    elif group == "change" and not around.change:
        around.change = vocabulary.changes[word]
    elif group in {"thing", "topic"} and not around.topic:
        around.topic = word
    elif group in {"base", "year", "year2"} and not around.base:
        around.base = vocabulary.bases[word] if group == "base" else f"{word} 年"
    else:
        return False
    return True


def _tail(reader: Reader, around: Around, number: Amount) -> bool:
    """Everything behind the number; false when something is left or does not fit: 一门办理 is a phrase."""
    while match := reader.take(reader.grammar.tail):
        if match.lastgroup == "about":
            around.approximate = True
        elif match.lastgroup == "operator":
            word = match["operator"]
            around.operators += ((words.AFTER[word], word, reader.written(match, "operator")),)
        elif match.lastgroup == "thing":
            if around.topic or number.chinese:
                return False
            around.topic = match["thing"]
    return reader.done


def _pair(reader: Reader, first: Amount, around: Around) -> Quantity | None:
    """The first amount, with the second of a range or a tolerance if one follows."""
    if reader.take(_TOLERANCE):
        deviation = amount(reader)
        if deviation is None or deviation.magnitude or deviation.per or not _known(deviation):
            return None
        if first.unit is None and deviation.unit and deviation.unit.dimension != RATE:
            first = replace(first, unit=deviation.unit, unit_written=deviation.unit_written)
        return Quantity(first, around, tolerance=deviation)
    closed = _closed(reader, around)
    if closed is None:
        return None
    if not closed and not reader.take(_JOIN):
        return Quantity(first, around)
    last = amount(reader)
    ends = _ends(first, last) if last else None
    return Quantity(ends, around, upper=last.number) if last and ends else None


def _known(found: Amount) -> bool:
    return found.unit is None or found.unit.known


def _closed(reader: Reader, around: Around) -> bool | None:
    """Whether ``≥ a 且 ≤`` has been read, which makes a range; ``None`` for any other pair of operators."""
    if not reader.take(_AND):
        return False
    second = Around()
    if not _lead(reader, second) or second != Around(second.operators):
        return None
    operators = [operator for operator, *_ in (*around.operators, *second.operators)]
    if operators != [Operator.AT_LEAST, Operator.AT_MOST]:
        return None
    around.operators = ()
    return True


def _ends(first: Amount, last: Amount) -> Amount | None:
    """The first end of a range, with what only the last says: 5-10 万元."""
    units = {unit for unit in (first.unit, last.unit) if unit}
    magnitudes = {first.magnitude, last.magnitude}
    per = {per for per in (first.per, last.per) if per}
    if len(units) > 1 or len(per) > 1 or (first.magnitude and len(magnitudes) > 1):
        return None
    shown = last if last.unit else first
    return replace(
        shown,
        number=first.number,
        magnitude=last.magnitude,
        factor=last.factor,
        per=first.per or last.per,
        odd=first.odd or last.odd,
        glued=first.glued or last.glued,
    )


def _settled(found: Quantity) -> Quantity | Suspicion:
    """The operator that holds among all that were written."""
    around = found.around
    hard = [item for item in around.operators if item[1] not in words.SOFT]
    kinds = {operator for operator, *_ in hard}
    pair = found.upper is not None or found.tolerance is not None
    if not hard and not pair and not around.approximate:
        hard = list(around.operators)
        kinds = {operator for operator, *_ in hard}
    if kinds == {Operator.WITHIN, Operator.AT_MOST}:
        kinds = {Operator.WITHIN}
    if len(kinds) > 1 or (pair and kinds - {Operator.AT_MOST}):
        return Suspicion(
            Doubt.CONFLICT,
            f"“{'”“'.join(written for *_, written in hard)}”放在一起互相矛盾",
            "请只留一个符号，如 ≥98%；区间写成 90%-95%。",
        )
    if found.upper is not None and found.upper < found.amount.number:
        return Suspicion(Doubt.CONFLICT, "区间的后一个数比前一个小", "请按从小到大写，如 90%-95%。")
    operator = next(iter(kinds), None)
    written = next((item[-1] for item in hard), "")
    return Quantity(found.amount, around, found.upper, found.tolerance, operator, written)
