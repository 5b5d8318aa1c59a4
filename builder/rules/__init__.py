"""The domain rules: explicit lists, one group a file, run over one project or over one department."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from builder.rules import apt, complete, crossfile, feasible, money, public, relevant, text, written
from builder.rules.rule import CrossRule, Group, Rule, Subject, subject
from builder.rules.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.problem import Finding
    from builder.rules.rule import Check, Limits

__all__ = ["BY_CODE", "CROSS_RULES", "RULES", "CrossRule", "Group", "Rule", "Settings", "Subject", "subject"]

RULES: tuple[Rule, ...] = (
    *complete.RULES,
    *relevant.RULES,
    *apt.RULES,
    *feasible.RULES,
    *written.RULES,
    *money.RULES,
    *text.RULES,
    *crossfile.RULES,
    *public.RULES,
)
"""Every rule on one project, in the order of the public list."""

CROSS_RULES: tuple[CrossRule, ...] = (*money.CROSS_RULES, *crossfile.CROSS_RULES, *public.CROSS_RULES)
"""Every rule on a department's projects together."""

BY_CODE: Mapping[str, Rule | CrossRule] = {
    **{rule.code: rule for rule in RULES},
    **{rule.code: rule for rule in CROSS_RULES},
}


def run(one: Subject, settings: Settings) -> Iterator[Finding]:
    """What every rule that is switched on finds in one project."""
    for check, limits in _switched_on(settings):
        yield from check(one, limits)


@cache
def _switched_on(settings: Settings) -> tuple[tuple[Check, Limits], ...]:
    return tuple((rule.check, settings.limits(rule)) for rule in RULES if settings.severity(rule) is not None)


def run_across(group: Group, settings: Settings) -> Iterator[tuple[Subject | int, Finding]]:
    """What every cross-file rule that is switched on finds in one department, and where (as CrossCheck)."""
    for rule in CROSS_RULES:
        if settings.severity(rule) is not None:
            yield from rule.check(group, settings.limits(rule))
