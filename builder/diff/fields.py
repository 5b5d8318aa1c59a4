"""What changed in a project beside its indicators: names, department, funding, goals; and in a 部门.yml."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from builder import decode
from builder.diff import pair
from builder.diff.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from functools import partial

    from builder.diff.records import Change
    from builder.form import Form
    from builder.model import Project
    from builder.rules import Subject

_WAN = {"万元": Decimal(1), "元": Decimal("0.0001")}
_OWN_KIND = {decode.NAME, decode.DEPARTMENT, decode.DEPARTMENT_CODE}


def total_wan(subject: Subject) -> Decimal | None:
    """年度资金总额 in 万元."""
    total = subject.project.total
    return None if total is None else total * _WAN[subject.form.currency]


def of_project(
    old: Subject, new: Subject, wrong: AbstractSet[str], make: partial[Change]
) -> Iterator[Change]:
    """Everything beside indicators, waivers and problems; nothing under the keys in ``wrong``."""
    before, after = old.project, new.project
    if before.name != after.name and decode.NAME not in wrong:
        yield make(Kind.PROJECT_RENAMED, before=before.name, after=after.name, key=decode.NAME)
    if not wrong & {decode.DEPARTMENT, decode.DEPARTMENT_CODE}:
        yield from _department(before, after, make)
    yield from _plain(old, new, wrong, make)
    if decode.FUNDING not in wrong:
        yield from _total(old, new, make)
        yield from _sources(old, new, make)
        yield from _execution(old, new, make)
    if decode.GOALS not in wrong:
        yield from _goals(before.goals, after.goals, make)


def of_department(old: Mapping[str, str], new: Mapping[str, str], make: partial[Change]) -> Iterator[Change]:
    """The facts of a 部门.yml."""
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before != after:
            kind = Kind.DEPARTMENT_CHANGED if key == decode.DEPARTMENT_NAME else Kind.FIELD_CHANGED
            yield make(kind, before=before, after=after, key=key, path=(key,))


def _department(old: Project, new: Project, make: partial[Change]) -> Iterator[Change]:
    before, after = (f"{one.department_code} {one.department}" for one in (old, new))
    if before != after:
        path = (decode.DEPARTMENT if old.department != new.department else decode.DEPARTMENT_CODE,)
        yield make(Kind.DEPARTMENT_CHANGED, before=before, after=after, key=decode.DEPARTMENT, path=path)


def _plain(old: Subject, new: Subject, wrong: AbstractSet[str], make: partial[Change]) -> Iterator[Change]:
    """Keys that hold one text and have no kind of their own."""
    before, after = (_texts(subject) for subject in (old, new))
    amounts = {*_amount_keys(old.form), *_amount_keys(new.form)}
    for key in dict.fromkeys((*before, *after)):
        if key not in _OWN_KIND | amounts | wrong:
            one, other = before.get(key) or None, after.get(key) or None
            if one != other:
                yield make(Kind.FIELD_CHANGED, before=one, after=other, key=key, path=(key,))


def _texts(subject: Subject) -> dict[str, str]:
    project = subject.project
    declared = (f"{item.date} {item.number or ''} {item.reason}" for item in project.adjustments)
    return {
        decode.FORM: subject.form.name,
        **decode.texts(project, subject.form),
        decode.FORMER: "、".join(f"{one.year}/{one.department}/{one.stem}" for one in project.former),
        decode.ADJUSTMENTS: "；".join(" ".join(text.split()) for text in declared),
    }


def _amount_keys(form: Form) -> Iterator[str]:
    yield form.total.key
    yield from (fund.key for fund in form.funds)
    if form.execution:
        yield form.execution.key


def _total(old: Subject, new: Subject, make: partial[Change]) -> Iterator[Change]:
    before, after = _written(old.project.total, old.form), _written(new.project.total, new.form)
    change = (total_wan(new) or Decimal()) - (total_wan(old) or Decimal())
    place = {"before": before, "after": after, "key": new.form.total.key}
    path = (decode.FUNDING, new.form.total.key)
    if change:
        kind = Kind.FUNDING_RAISED if change > 0 else Kind.FUNDING_LOWERED
        yield make(kind, **place, amount=change, path=path)
    elif before != after:
        yield make(Kind.FIELD_CHANGED, **place, path=path)


def _written(amount: Decimal | None, form: Form) -> str | None:
    return None if amount is None else f"{amount:f} {form.currency}"


def _sources(old: Subject, new: Subject, make: partial[Change]) -> Iterator[Change]:
    """One change for all sources that moved, unless a single one moved just as the total did."""
    before, after = _funds(old), _funds(new)
    names = tuple(dict.fromkeys((*before, *after)))
    change = {name: _wan(new, after.get(name)) - _wan(old, before.get(name)) for name in names}
    moved = [name for name in names if change[name]]
    total = (total_wan(new) or Decimal()) - (total_wan(old) or Decimal())
    if moved and [change[name] for name in moved] != [total]:
        texts = (
            "，".join(f"{name} {_written(funds.get(name), subject.form) or '无'}" for name in moved)
            for funds, subject in ((before, old), (after, new))
        )
        one, other = texts
        yield make(Kind.FUNDING_SHIFTED, before=one, after=other, path=(decode.FUNDING, moved[0]))
    for name in names:
        was, is_now = _written(before.get(name), old.form), _written(after.get(name), new.form)
        if was != is_now and not change[name]:
            path = (decode.FUNDING, name)
            yield make(Kind.FIELD_CHANGED, before=was, after=is_now, key=name, path=path)


def _funds(subject: Subject) -> dict[str, Decimal | None]:
    return {fund.name: fund.amount for fund in subject.project.funds}


def _wan(subject: Subject, amount: Decimal | None) -> Decimal:
    return Decimal() if amount is None else amount * _WAN[subject.form.currency]


def _execution(old: Subject, new: Subject, make: partial[Change]) -> Iterator[Change]:
    """执行率分值, where both forms have it: where one has not, the change of form says it all."""
    if old.form.execution and new.form.execution:
        key = new.form.execution.key
        before, after = old.project.execution_weight, new.project.execution_weight
        yield from weight(before, after, make, key=key, path=(decode.FUNDING, key))


def weight(
    old: Decimal | None, new: Decimal | None, make: partial[Change], *, key: str, path: tuple[str | int, ...]
) -> Iterator[Change]:
    """A weight: another number, or the same in other digits."""
    before, after = (None if number is None else f"{number:f}" for number in (old, new))
    if before != after:
        kind = Kind.FIELD_CHANGED if old is not None and old == new else Kind.WEIGHT_CHANGED
        yield make(kind, before=before, after=after, key=key, path=path)


def _goals(old: tuple[str, ...], new: tuple[str, ...], make: partial[Change]) -> Iterator[Change]:
    pairs = pair.goals(old, new)
    kept = set(pairs.values())
    for index, goal in enumerate(old):
        path = (decode.GOALS, index)
        if index not in pairs:
            yield make(Kind.GOAL_REMOVED, before=goal, key=decode.GOALS, path=path)
        elif (other := new[pairs[index]]) != goal:
            path = (decode.GOALS, pairs[index])
            yield make(Kind.GOAL_CHANGED, before=goal, after=other, key=decode.GOALS, path=path)
    for index, goal in enumerate(new):
        if index not in kept:
            yield make(Kind.GOAL_ADDED, after=goal, key=decode.GOALS, path=(decode.GOALS, index))
    if is_reordered(pairs):
        yield make(Kind.FIELD_CHANGED, key=decode.GOALS, path=(decode.GOALS,))


def is_reordered(pairs: Mapping[int, int]) -> bool:
    """Whether what stayed stands in another order."""
    return any(one > other for one, other in pairwise(pairs[index] for index in sorted(pairs)))
