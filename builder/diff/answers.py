"""Problems that came or went, and the waivers (豁免) that answer them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from builder import decode
from builder.decode import at
from builder.diff.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from functools import partial

    from builder.diff.records import Change, Version
    from builder.model import Waiver
    from builder.problem import Problem

_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


def problems(
    old: Version | None, new: Version | None, make: partial[Change], names: Mapping[str, str]
) -> Iterator[Change]:
    """What the check finds now and did not before, and the other way round.

    A problem is known again by its code and message, numbers aside, or by its code and what it is about: for
    the text it quotes is often what was changed. ``names`` leads from old names of indicators to new ones. A
    finding answered by a waiver is not mended: the waiver is what changed.
    """
    if not (old and old.problems) and not (new and new.problems):
        return
    before = [(problem, _keys(problem, old, names)) for problem in old.problems] if old else []
    after = [(problem, _keys(problem, new, {})) for problem in new.problems] if new else []
    answered = [(problem, _keys(problem, None, {})) for problem in new.waived] if new else []
    _, come = _without(before, after)
    gone, _ = _without(before, [*after, *answered])
    for problem in come:
        yield make(Kind.PROBLEM_NEW, after=problem.message, problem=problem)
    for problem in gone if new else ():
        yield make(Kind.PROBLEM_FIXED, before=problem.message, problem=problem)


_Keyed = tuple["Problem", tuple[tuple[str, str], tuple[str, str]]]


def _keys(
    problem: Problem, version: Version | None, names: Mapping[str, str]
) -> tuple[tuple[str, str], tuple[str, str]]:
    """By message, and by what it is about; the message again where that is not known."""
    message = _DIGITS.sub("0", problem.message)
    about = version.about.get(problem, message) if version else message
    return (problem.code, message), (problem.code, names.get(about, about))


def _without(before: list[_Keyed], after: list[_Keyed]) -> tuple[list[Problem], list[Problem]]:
    """The problems of either side that have no like on the other."""
    for which in (0, 1):
        here, there = (Counter(keys[which] for _, keys in side) for side in (before, after))
        shared = here & there
        before, after = (_beyond(side, Counter(shared), which) for side in (before, after))
    return [problem for problem, _ in before], [problem for problem, _ in after]


def _beyond(found: list[_Keyed], shared: Counter[tuple[str, str]], which: int) -> list[_Keyed]:
    left = []
    for problem, keys in found:
        if shared[keys[which]] > 0:
            shared[keys[which]] -= 1
        else:
            left.append((problem, keys))
    return left


def waivers(old: Version, new: Version, make: partial[Change], names: Mapping[str, str]) -> Iterator[Change]:
    """Waivers by what they answer; an indicator that was renamed (``names``) is still the same."""
    before, after = _by_aim(old.waivers, names), _by_aim(new.waivers, {})
    for aim, group in before.items():
        others = after.get(aim, [])
        for one, other in zip(group, others, strict=False):
            if one.reason != other.reason:
                yield _about(Kind.FIELD_CHANGED, other, make, before=one.reason, after=other.reason)
        for one in group[len(others) :]:
            yield _about(Kind.WAIVER_REMOVED, one, make, before=one.reason)
    for aim, group in after.items():
        for other in group[len(before.get(aim, [])) :]:
            yield _about(Kind.WAIVER_ADDED, other, make, after=other.reason)


def _by_aim(found: Iterable[Waiver], names: Mapping[str, str]) -> dict[Waiver, list[Waiver]]:
    """Waivers by all but their reason."""
    groups: dict[Waiver, list[Waiver]] = defaultdict(list)
    for waiver in found:
        indicators = tuple(sorted(names.get(name, name) for name in waiver.indicators))
        groups[replace(waiver, reason="", indicators=indicators)].append(waiver)
    return groups


def _about(kind: Kind, waiver: Waiver, make: partial[Change], **texts: str) -> Change:
    return make(
        kind,
        indicator="、".join(waiver.indicators) or None,
        level2=waiver.level2,
        key=f"{decode.WAIVERS} {waiver.rule}",
        path=at(waiver, "reason"),
        **texts,
    )
