"""The words of ``schema/units.json`` as frozen data: units, magnitudes, phrases, directions."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

from builder.errors import SchemaError
from builder.frozen import frozen
from builder.values.value import ONE, Direction, Kind, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FILE = "units.json"
T = TypeVar("T")
_UNIT_KEYS = {"name", "aliases", "of", "scale", "counted", "calendar", "parts"}


@frozen(eq=False)
class Vocabulary:
    """词表. Every mapping goes from a spelling to what it means; equal only to itself.

    ``averages``: 人均 → 人. ``bases`` (基期): 去年 → 上年. ``changes``: 提高 → 增长. ``before`` and ``after``
    are words round a number that change nothing, ``things`` some that are kept. ``calendar`` are the units
    that make a date with the number before them.
    """

    units: Mapping[str, Unit]
    calendar: frozenset[str]
    magnitudes: Mapping[str, Decimal]
    averages: Mapping[str, str]
    bases: Mapping[str, str]
    changes: Mapping[str, str]
    before: frozenset[str]
    after: frozenset[str]
    things: frozenset[str]
    topic_endings: frozenset[str]
    same_day: frozenset[str]
    verbs: Mapping[str, Direction]
    name_endings: Mapping[str, Direction]
    degrees: frozenset[str]
    phrases: Mapping[str, Kind]
    completions: frozenset[str]
    placeholders: frozenset[str]

    def unit(self, written: str) -> Unit:
        """The unit of that spelling, or one marked unknown that keeps it."""
        return self.units.get(written) or Unit(written, base=written)


def vocabulary(data: Mapping[str, Any]) -> Vocabulary:
    """The Vocabulary in the parsed ``units.json``; SchemaError, with a sentence, when it is wrong."""
    try:
        return _vocabulary(data)
    except KeyError as error:
        raise SchemaError(f"{FILE} 里缺少“{error.args[0]}”。") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise SchemaError(f"{FILE} 的写法不对；请对照已有的各项检查括号、引号和层次。") from error


def _vocabulary(data: Mapping[str, Any]) -> Vocabulary:
    directions, units = data["directions"], _units(data["units"])
    named = (*data["averages"].values(), *(part for unit in units.values() for part in unit.parts))
    if strange := set(named) - units.keys():
        raise SchemaError(f"{FILE} 里 averages 和 parts 用到的“{min(strange)}”不是单位。")
    phrases = ((Kind(kind), words) for kind, words in data["phrases"].items())
    return Vocabulary(
        units=units,
        calendar=frozenset(_calendar(data["units"])),
        magnitudes={name: _number(worth) for name, worth in data["magnitudes"].items()},
        averages=dict(data["averages"]),
        bases=_spellings(data["bases"].items(), "bases"),
        changes=_spellings(data["changes"].items(), "changes"),
        before=frozenset(data["before"]),
        after=frozenset(data["after"]),
        things=frozenset(data["things"]),
        topic_endings=frozenset(data["topic_endings"]),
        same_day=frozenset(data["same_day"]),
        verbs=_directions(directions["verbs"], "verbs"),
        name_endings=_directions(directions["name_endings"], "name_endings"),
        degrees=frozenset(data["degrees"]),
        phrases=_spellings(phrases, "phrases"),
        completions=frozenset(data["completions"]),
        placeholders=frozenset(data["placeholders"]),
    )


def _directions(data: Mapping[str, list[str]], where: str) -> dict[str, Direction]:
    return _spellings(((Direction(direction), words) for direction, words in data.items()), where)


def _spellings(groups: Iterable[tuple[T, list[str]]], where: str) -> dict[str, T]:
    found: dict[str, T] = {}
    for meaning, words in groups:
        for word in words:
            if found.setdefault(word, meaning) != meaning:
                raise SchemaError(f"{FILE} 的 {where} 里，“{word}”写在了两处；请只留一处。")
    return found


def _units(data: Mapping[str, list[dict[str, Any]]]) -> dict[str, Unit]:
    rows = [(dimension, row) for dimension, group in data.items() for row in group]
    dimensions = {row["name"]: dimension for dimension, row in rows}
    found: dict[str, Unit] = {}
    for dimension, row in rows:
        unit = _unit(dimension, row)
        if dimensions.get(unit.base) != dimension:
            raise SchemaError(f"{FILE} 里单位“{unit.name}”的 of 应是同一组里的单位，“{unit.base}”不是。")
        for spelling in _all_spellings(row):
            if spelling in found:
                raise SchemaError(f"{FILE} 里单位“{spelling}”写了两次；请只留一处。")
            found[spelling] = unit
    return found


def _calendar(data: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    for group in data.values():
        for row in group:
            yield from row.get("calendar", ())


def _unit(dimension: str, row: dict[str, Any]) -> Unit:
    if extra := row.keys() - _UNIT_KEYS:
        raise SchemaError(f"{FILE} 里单位“{row['name']}”有不认得的“{min(extra)}”。")
    return Unit(
        name=row["name"],
        dimension=dimension,
        base=row.get("of", row["name"]),
        scale=_number(row["scale"]) if "scale" in row else ONE,
        counted=row.get("counted", row["name"]),
        parts=tuple(row.get("parts", ())),
    )


def _all_spellings(row: dict[str, Any]) -> Iterator[str]:
    yield row["name"]
    yield from row.get("aliases", ())


def _number(text: object) -> Decimal:
    """An exact number from a text: a JSON number might have been a float on its way."""
    try:
        if isinstance(text, str) and (number := Decimal(text)) > 0:
            return number
    except InvalidOperation:
        pass
    raise SchemaError(f'{FILE} 里的“{text}”应是带引号的正数，如 "1000"。')
