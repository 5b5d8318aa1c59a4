"""Changes put in order for a reader: by project, the outstanding first, and summed by department."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from builder.diff import Tier, tier
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from builder.diff import Change


@frozen()
class Group:
    """The changes of one file. ``amount`` is the change of 年度资金总额 in 万元."""

    file: str
    project: str
    department: str
    code: str
    changes: tuple[Change, ...]
    amount: Decimal

    def count(self, which: Tier) -> int:
        """How many changes of one tier."""
        return sum(tier(change.kind) is which for change in self.changes)


@frozen()
class Sum:
    """The changes of one department in numbers."""

    department: str
    code: str
    projects: int
    counts: Mapping[Tier, int]
    amount: Decimal


def groups(changes: Iterable[Change]) -> tuple[Group, ...]:
    """One group a file: those that lose most first, then those with the rarest change, the most money."""
    by_file: dict[str, list[Change]] = {}
    for change in changes:
        by_file.setdefault(change.file, []).append(change)
    found = [_group(file, members) for file, members in by_file.items()]
    common = Counter(kind for group in found for kind in {change.kind for change in group.changes})

    def outstanding(group: Group) -> tuple[int, int, Decimal, str]:
        rarest = min(common[change.kind] for change in group.changes)
        return -group.count(Tier.LOSS), rarest, -abs(group.amount), group.file

    return tuple(sorted(found, key=outstanding))


def _group(file: str, changes: list[Change]) -> Group:
    first = changes[0]
    amount = sum((change.amount for change in changes if change.amount), Decimal())
    code = first.id.department if first.id else ""
    return Group(file, first.project, first.department, code, tuple(changes), amount)


def sums(found: Iterable[Group]) -> tuple[Sum, ...]:
    """One sum a department, the greatest loss first."""
    by_code: dict[str, list[Group]] = {}
    for group in found:
        by_code.setdefault(group.code, []).append(group)
    rows = [
        Sum(
            department=next((group.department for group in members if group.department), code),
            code=code,
            projects=len(members),
            counts={which: sum(group.count(which) for group in members) for which in Tier},
            amount=sum((group.amount for group in members), Decimal()),
        )
        for code, members in by_code.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.counts[Tier.LOSS], -abs(row.amount), row.code)))
