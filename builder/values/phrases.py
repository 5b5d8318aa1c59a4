"""Values in words, and which way an indicator points by its phrase or by the end of its name."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from builder.values import words
from builder.values.grammar import grammar
from builder.values.numerals import CHINESE
from builder.values.text import normalised
from builder.values.value import Direction, Kind
from builder.values.words import any_of

if TYPE_CHECKING:
    from builder.values.vocabulary import Vocabulary

_HAN = "[\u4e00-\u9fff]"
_LONGEST_OBJECT = 12
_HAS_HAN = re.compile(_HAN)
_HAS_NUMBER = re.compile(f"[0-9%‰‱{words.SIGNS}]|{any_of(words.BEFORE)}{CHINESE}|[Xx×*_○□△]{{2}}|[○□△]")
_BRACKETS = re.compile(r"\([^()]*\)$")


def phrase(plain: str, vocabulary: Vocabulary) -> tuple[Kind, bool, Direction]:
    """The kind of a text in words, whether the vocabulary has it, and the direction of its verb.

    Words without any number are 定性 even where the vocabulary lacks them; all else is 未识别.
    """
    listed = vocabulary.phrases.get(plain)
    match = _pattern(vocabulary).fullmatch(plain)
    if match:
        verb = match["verb"] or match["last"] or match["first"]
        return listed or Kind.QUALITY, True, vocabulary.verbs[verb]
    if listed or plain in vocabulary.completions:
        return listed or Kind.QUALITY, True, Direction.NEUTRAL
    worded = _HAS_HAN.search(plain) and not _HAS_NUMBER.search(plain)
    blank = plain in vocabulary.placeholders or grammar(vocabulary).measure.fullmatch(plain)
    return Kind.QUALITY if worded and not blank else Kind.UNKNOWN, False, Direction.NEUTRAL


@cache
def _pattern(vocabulary: Vocabulary) -> re.Pattern[str]:
    """不断提高, 提高明显; with what is raised in front of it or behind it: 审批效率不断提高, 提高审批效率."""
    verb, degree = any_of(vocabulary.verbs), any_of(vocabulary.degrees)
    thing = f"{_HAN}{{1,{_LONGEST_OBJECT}}}?"
    return re.compile(
        f"{degree}{{0,3}}(?P<verb>{verb}){degree}{{0,3}}"
        f"|{thing}{degree}{{1,3}}(?P<last>{verb})"
        f"|{degree}{{0,3}}(?P<first>{verb}){thing}"
    )


@lru_cache(maxsize=1 << 16)
def name_direction(name: str, vocabulary: Vocabulary) -> Direction | None:
    """指标方向性 by the end of a 三级指标 name (…投诉率, …费用), ``None`` where it says nothing.

    Chinese names end with their head; brackets at the end do not count. 降低投诉率 may give the rate or the
    fall, so it says nothing.
    """
    plain = _BRACKETS.sub("", normalised(name).plain)
    for size in range(min(len(plain), _longest(vocabulary)), 0, -1):
        direction = vocabulary.name_endings.get(plain[-size:])
        if direction:
            falls = direction is Direction.DOWN and plain.startswith(_falls(vocabulary))
            return None if falls or direction is Direction.NEUTRAL else direction
    return None


@cache
def _falls(vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(verb for verb, direction in vocabulary.verbs.items() if direction is Direction.DOWN)


@cache
def _longest(vocabulary: Vocabulary) -> int:
    return max(map(len, vocabulary.name_endings), default=0)
