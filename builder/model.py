"""The records everything after decoding works on: frozen, in source order, text to the letter.

A record's ``path`` says where it stood in its file; equality ignores it.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from builder.frozen import Packed, frozen

if TYPE_CHECKING:
    from decimal import Decimal

    from builder.problem import Path


class ProjectId(NamedTuple):
    """The stable identity of a project: 年度, 部门代码 and the file's stem, as in its path and address."""

    year: int
    department: str
    stem: str


@frozen()
class Fund(Packed):
    """One row of 项目资金: a source (来源) and its amount in the form's unit, digits as printed."""

    name: str
    amount: Decimal | None


@frozen()
class Indicator(Packed):
    """绩效指标, one row: 一级 ``level1``, 二级 ``level2``, 三级 ``name`` and 指标值 ``value``.

    ``value`` is the approved text to the letter, ``None`` where the source has none. ``weight`` is 分值权重.
    """

    level1: str
    level2: str
    name: str
    value: str | None
    weight: Decimal | None = None
    explanation: str | None = None
    note: str | None = None
    path: Path = field(default=(), compare=False, repr=False)


@frozen()
class Waiver(Packed):
    """豁免: the answer to findings of one rule, narrowed as far as is needed.

    ``level2`` (二级指标), ``indicators`` (指标; each named one is answered), ``goal`` (目标, from 1) and
    ``key`` (栏目) narrow it; ``None`` or empty where it is not narrowed.
    """

    rule: str
    reason: str
    level2: str | None = None
    indicators: tuple[str, ...] = ()
    goal: int | None = None
    key: str | None = None
    path: Path = field(default=(), compare=False, repr=False)


@frozen()
class Adjustment(Packed):
    """调整记录, one entry: when (``date``, ISO) and by which document a change was approved, and why."""

    date: str
    reason: str
    number: str | None = None
    path: Path = field(default=(), compare=False, repr=False)


@frozen()
class Project(Packed):
    """项目: one file. ``total`` and ``funds`` are in the form's unit; what is absent is ``None``.

    A ``withheld`` project (公开: 否) is checked and goes no further: it reaches no output. ``former`` are the
    places where its file stood before (曾用路径), ``adjustments`` what is declared of it (调整记录).
    """

    form: str
    year: int
    number: int | None
    name: str
    department: str
    department_code: str
    unit: str
    attribute: str | None
    period: str | None
    total: Decimal | None
    funds: tuple[Fund, ...]
    goals: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    waivers: tuple[Waiver, ...] = ()
    execution_weight: Decimal | None = None
    withheld: bool = False
    former: tuple[ProjectId, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()


@frozen()
class Department(Packed):
    """部门: what ``部门.yml`` says of one department in one year; dates are ISO texts.

    ``project_spending`` is 项目支出, the department's approved total for all its projects, in 万元.
    ``withheld`` is 不予公开项目数, as the department itself gives it.
    """

    name: str
    project_spending: Decimal | None = None
    withheld: int | None = None
    attachment: str | None = None
    approved_on: str | None = None
    approval_number: str | None = None
    published_on: str | None = None
    phone: str | None = None
    address: str | None = None
    website: str | None = None
    note: str | None = None
    waivers: tuple[Waiver, ...] = ()
