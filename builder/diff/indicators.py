"""What changed in the 绩效指标 of one project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import decode
from builder.decode import at
from builder.diff import fields, target
from builder.diff.records import Kind
from builder.values import name_direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from functools import partial

    from builder.diff.records import Change
    from builder.form import Topic
    from builder.model import Indicator
    from builder.rules import Subject
    from builder.rules.rule import Row
    from builder.values import Vocabulary

_OTHER = ("explanation", "note")


def changes(
    old: Subject, new: Subject, pairs: Mapping[int, int], make: partial[Change], words: Vocabulary
) -> Iterator[Change]:
    """Every indicator that came, went, or changed; ``pairs`` are the rows that are the same."""
    kept = set(pairs.values())
    for index, row in enumerate(old.rows):
        if index in pairs:
            yield from _of_row(row, new.rows[pairs[index]], make, (new.form.topics, words))
        else:
            yield _whole(Kind.INDICATOR_REMOVED, row.indicator, make, before=row.indicator.value)
    for index, row in enumerate(new.rows):
        if index not in kept:
            yield _whole(Kind.INDICATOR_ADDED, row.indicator, make, after=row.indicator.value)
    yield from _order(old.rows, new.rows, pairs, make)


def _whole(kind: Kind, row: Indicator, make: partial[Change], **texts: str | None) -> Change:
    return make(kind, indicator=row.name, level2=row.level2, path=row.path, **texts)


def _of_row(
    old: Row,
    new: Row,
    make: partial[Change],
    knowledge: tuple[Mapping[tuple[str, str], Topic], Vocabulary],
) -> Iterator[Change]:
    before, after = old.indicator, new.indicator
    # Equal weights may still be written with other digits.
    if before == after and str(before.weight) == str(after.weight):
        return
    here = {"indicator": after.name, "level2": after.level2}
    if (before.level1, before.level2) != (after.level1, after.level2):
        one, other = _places(before, after)
        yield make(Kind.INDICATOR_MOVED, before=one, after=other, **here, path=after.path)
    if before.name != after.name:
        place = {"key": decode.LEVEL3, "path": at(after, "name")}
        yield make(Kind.INDICATOR_REWORDED, before=before.name, after=after.name, **here, **place)
    if before.value != after.value:
        yield _of_value(old, new, make, knowledge)
    weighed = fields.weight(
        before.weight, after.weight, make, key=str(at(after, "weight")[-1]), path=at(after, "weight")
    )
    yield from (_placed(change, after, make) for change in weighed)
    for name in _OTHER:
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            kind = Kind.NOTE_CHANGED if name == "note" else Kind.FIELD_CHANGED
            path = at(after, name)
            yield make(kind, before=one, after=other, **here, key=path[-1], path=path)


def _placed(change: Change, row: Indicator, make: partial[Change]) -> Change:
    place = {"indicator": row.name, "level2": row.level2, "key": change.key, "path": change.path}
    return make(change.kind, before=change.before, after=change.after, **place)


def _places(old: Indicator, new: Indicator) -> tuple[str, str]:
    """Where it stood and where it stands, no longer than it takes to see the difference."""
    if old.level2 != new.level2:
        return old.level2, new.level2
    return f"{old.level1}·{old.level2}", f"{new.level1}·{new.level2}"


def _of_value(
    old: Row,
    new: Row,
    make: partial[Change],
    knowledge: tuple[Mapping[tuple[str, str], Topic], Vocabulary],
) -> Change:
    topics, words = knowledge
    row = new.indicator
    verdict = target.judge(
        old.value,
        new.value,
        topic=topics.get((row.level1, row.level2)),
        named=name_direction(row.name, words),
    ) or target.Verdict(Kind.INDICATOR_REWORDED)
    return make(
        verdict.kind,
        before=old.indicator.value,
        after=row.value,
        indicator=row.name,
        level2=row.level2,
        key=decode.VALUE,
        reason=verdict.reason,
        path=at(row, "value"),
    )


def _order(
    old: Sequence[Row], new: Sequence[Row], pairs: Mapping[int, int], make: partial[Change]
) -> Iterator[Change]:
    """One change for each 二级指标 whose rows stand in another order."""
    slots: dict[tuple[str, str], dict[int, int]] = {}
    for one, other in pairs.items():
        before, after = old[one].indicator, new[other].indicator
        if (before.level1, before.level2) == (after.level1, after.level2):
            slots.setdefault((after.level1, after.level2), {})[one] = other
    for (level1, level2), kept in slots.items():
        if fields.is_reordered(kept):
            path = decode.slot(level1, level2)
            yield make(Kind.FIELD_CHANGED, level2=level2, key=decode.INDICATORS, path=path)
