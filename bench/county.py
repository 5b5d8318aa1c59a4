"""An invented county (示例县) with a past: what its departments published over some years, commit by commit.

Projects go on from year to year with targets raised, lowered, dropped and added; some end and others begin.
After publication come adjustments with their 调整记录, corrections, and a moved file. One department
withholds a project, one publishes late, one gives no dates, and the last of twenty fills in another form. All
of it follows from the seed, and every name says 示例.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench.record import LEVELS, Adjusted, Planned, Target, department, project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

_FILE = Path(__file__).with_name("county.csv")
_TOWNS = ("前进镇", "和平镇", "兴隆镇", "长青乡", "清水镇", "金沙乡", "红星镇", "新华镇", "丰登乡", "永安镇")
_SECRET, _LATE, _DATELESS = 2, 3, 4
"""Which departments withhold a project, publish late in the last year, and give no dates."""
_MANY = 1_000  # from here on, numbers are round


class Amount(NamedTuple):
    """What can be counted or paid for: its name, its least and greatest usual number, its unit."""

    name: str
    low: Decimal
    high: Decimal
    unit: str


@dataclass(frozen=True)
class Work:
    """One kind of project: what it is for and what its targets speak of."""

    office: str
    name: str
    purpose: str
    counts: tuple[Amount, ...]
    rates: tuple[str, ...]
    cost: Amount
    effect: Amount
    people: str


@dataclass(frozen=True)
class Commit:
    """One commit: its day, author and message, and the files it writes; ``None`` takes a file away."""

    day: str
    author: str
    message: str
    files: Mapping[str, str | None]


@cache
def works() -> Mapping[str, tuple[Work, ...]]:
    """What each office does, in the order of the list."""
    found: dict[str, tuple[Work, ...]] = {}
    with _FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            counts = tuple(map(_amount, row["数量"].split("；")))
            rates = tuple(row["质量"].split("；"))
            cost, effect = _amount(row["成本"]), _amount(row["效益"])
            work = Work(row["部门"], row["项目"], row["目标"], counts, rates, cost, effect, row["满意"])
            found[work.office] = (*found.get(work.office, ()), work)
    return found


def _amount(text: str) -> Amount:
    name, low, high, unit = text.split()
    return Amount(name, Decimal(low), Decimal(high), unit)


def history(*, seed: int, years: tuple[int, ...], departments: int, projects: int) -> Iterator[Commit]:
    """Every commit, oldest first. ``projects`` are those of one year; ``departments`` at most twenty."""
    dice = random.Random(seed)  # noqa: S311  invented data, not secrets
    offices = [*works()][:departments]
    shares = [projects // departments + (index < projects % departments) for index in range(departments)]
    plans = [
        [_begun(dice, office, number, years[0]) for number in range(share)]
        for office, share in zip(offices, shares, strict=True)
    ]
    begun = list(shares)
    for year in years:
        if year != years[0]:
            known = {one.stem for one in plans[0]}
            plans = [[*_next_year(dice, plan, begun, index)] for index, plan in enumerate(plans)]
            if year == years[-1]:
                which = next((at for at, one in enumerate(plans[0]) if one.stem in known), 0)
                plans[0][which] = _renamed(plans[0][which])
        yield from _published(plans, year, last=year == years[-1])
        yield from _afterwards(dice, plans, year, last=year == years[-1])


def code(index: int) -> str:
    """The 部门代码 of a department."""
    return f"{901 + index}001"


def _begun(dice: Random, office: str, number: int, year: int) -> Planned:
    """A new project; one of an office's kinds in one of the towns."""
    kinds = works()[office]
    work = kinds[number % len(kinds)]
    turn, which = divmod(number // len(kinds), len(_TOWNS))
    town = _TOWNS[which] + (f"第{turn + 1}片区" if turn else "")
    lasting = dice.random() < 0.7  # noqa: PLR2004  most projects go on
    index = [*works()].index(office)
    form = "central-2021" if index + 1 == len(works()) else "ningxia-2024"
    return Planned(
        form=form,
        year=year,
        department=f"示例县{office}",
        code=code(index),
        stem=f"示例{town}{work.name}",
        name=f"示例{town}{work.name}项目",
        kind=("02-经常性项目", "3 年") if lasting else ("0101-一年期项目", "1 年"),
        total=Decimal(dice.randrange(3_000, 40_000)) / 100,
        other=Decimal(dice.choice((0, 0, 0, 0, 0, 10))),
        goals=(
            f"开展{town}{work.name}，{work.purpose}",
            f"按批复的数量、质量和时限完成{work.name}的各项任务",
        ),
        targets=tuple(row for row in _targets(dice, work, town, year) if row.level2 in LEVELS[form]),
        secret=office == [*works()][_SECRET] and number == len(kinds),
    )


def _targets(dice: Random, work: Work, town: str, year: int) -> Iterator[Target]:
    for amount in work.counts[: dice.randint(2, len(work.counts))]:
        yield _count(dice, amount, town)
    for rate in work.rates[: dice.randint(1, len(work.rates))]:
        yield Target("质量指标", rate, "≥", Decimal(dice.randrange(88, 100)), "%")
    if dice.random() < 0.5:  # noqa: PLR2004  one in two
        yield Target("时效指标", "按期完成率", "≥", Decimal(dice.randrange(90, 100)), "%")
    else:
        yield Target("时效指标", "完成时间", phrase=f"{year}年{dice.randrange(6, 12)}月底前")
    yield Target("成本指标", work.cost.name, "≤", _between(dice, work.cost), work.cost.unit)
    yield Target(
        "社会效益指标", f"{town}{work.effect.name}", "≥", _between(dice, work.effect), work.effect.unit
    )
    if dice.random() < 0.1:  # noqa: PLR2004  one in ten puts it in words
        yield Target(
            "可持续影响指标", f"{town}{work.name}长效机制", phrase=dice.choice(("不断健全", "持续完善"))
        )
    else:
        share = Decimal(dice.randrange(90, 100))
        yield Target("可持续影响指标", f"{town}{work.name}责任落实率", "≥", share, "%")
    share = Decimal(dice.randrange(86, 98))
    yield Target("服务对象满意度指标", f"{town}{work.people}", "≥", share, "%")


def _count(dice: Random, amount: Amount, town: str) -> Target:
    sign = "≥" if amount.low < amount.high else "="
    return Target("数量指标", f"{town}{amount.name}", sign, _between(dice, amount), amount.unit)


def _between(dice: Random, amount: Amount) -> Decimal:
    """A usual number, more often a small one."""
    share = Decimal(dice.randrange(0, 1000) * dice.randrange(0, 1000)) / 1_000_000
    number = amount.low + (amount.high - amount.low) * share
    return _round(number, money="元" in amount.unit)


def _round(number: Decimal, *, money: bool = False) -> Decimal:
    """Round where large; only money has decimals, and only where it is small."""
    if number >= _MANY:
        return number // 50 * 50
    small = money and number < 10  # noqa: PLR2004  from ten on, whole ones
    rounded = number.quantize(Decimal("0.1") if small else Decimal(1))
    whole = rounded.to_integral()
    return max(whole if rounded == whole else rounded, Decimal("0.1") if small else Decimal(1))


def _next_year(dice: Random, plan: list[Planned], begun: list[int], index: int) -> Iterator[Planned]:
    """The same department a year later: a few projects end, as many begin."""
    for one in plan:
        if dice.random() < 0.05 and not one.secret:  # noqa: PLR2004  one in twenty
            yield _begun(dice, one.office, begun[index], one.year + 1)
            begun[index] += 1
            continue
        rows = [_moved(dice, target, one.year + 1) for target in one.targets]
        counts = [target for target in rows if target.level2 == "数量指标"]
        if dice.random() < 0.12 and len(counts) > 1:  # noqa: PLR2004  one in eight drops a target
            rows.remove(counts[-1])
        elif dice.random() < 0.2:  # noqa: PLR2004  one in five adds one
            rows = _with_another(dice, one, rows)
        total = (one.total * dice.randrange(85, 121) / 100).quantize(Decimal("0.01"))
        yield replace(one, year=one.year + 1, total=total, targets=tuple(rows), former=(), adjusted=())


def _moved(dice: Random, target: Target, year: int) -> Target:
    """A target a year later: more than half stay as they are, more are raised than lowered."""
    if target.number is None:
        return replace(target, phrase=f"{year}{target.phrase[4:]}") if target.phrase[0] == "2" else target
    if target.sign == "=" or dice.random() < 0.55:  # noqa: PLR2004  more than half
        return target
    if target.unit == "%":
        number = min(Decimal(99), max(Decimal(80), target.number + dice.choice((-3, -1, 1, 1, 2))))
    else:
        changed = target.number * dice.choice((85, 90, 105, 110, 115, 125)) / 100
        number = _round(changed, money="元" in target.unit)
    return replace(target, number=number)


def _with_another(dice: Random, one: Planned, rows: list[Target]) -> list[Target]:
    """The rows with one more count, of those its kind of work has, where one is left."""
    work = next(work for work in works()[one.office] if work.name in one.stem)
    town = one.stem.removeprefix("示例").removesuffix(work.name)
    for amount in work.counts:
        if all(row.name != f"{town}{amount.name}" for row in rows):
            last = max(index for index, row in enumerate(rows) if row.level2 == "数量指标")
            return [*rows[: last + 1], _count(dice, amount, town), *rows[last + 1 :]]
    return rows


def _renamed(one: Planned) -> Planned:
    """A project that goes on under another name, and says where it stood last year."""
    before = f"{one.year - 1}/{one.code}/{one.stem}"
    name = one.stem.replace("示例", "示例县级", 1)
    return replace(one, stem=name, name=f"{name}项目", former=(before,))


def _published(plans: list[list[Planned]], year: int, *, last: bool) -> Iterator[Commit]:
    """The year's projects, in four batches."""
    size = -(-len(plans) // 4)
    for batch, start in enumerate(range(0, len(plans), size), 1):
        files: dict[str, str | None] = {}
        for index in range(start, min(start + size, len(plans))):
            plan = plans[index]
            days = 26 if last and index == _LATE else 6 + index % 13
            dates = None if index == _DATELESS else (f"{year}-02-{2 + index % 6:02d}", days)
            files[f"targets/{year}/{code(index)}/部门.yml"] = department(
                plan[0].department, index, year, dates, withheld=sum(one.secret for one in plan)
            )
            files |= {one.path: project(one, number) for number, one in enumerate(plan, 1)}
        message = f"公开 {year} 年度第 {batch} 批部门的预算绩效目标（示例数据）"
        yield Commit(f"{year}-03-{2 + batch:02d}", "示例发布员", message, files)


class _Event(NamedTuple):
    """A change after publication: when, why, whether it only corrects, and hundredths of what it was."""

    day: str
    reason: str
    corrects: bool
    money: int
    work: int


_EVENTS = (
    _Event("05-16", "年中追加预算，工作量相应增加（示例）", corrects=False, money=120, work=120),
    _Event("06-11", "录入时漏看一位数字，照批复改正（示例）", corrects=True, money=100, work=110),
    _Event("06-20", "压减一般性支出，工作量相应减少（示例）", corrects=False, money=85, work=85),
    _Event("07-09", "受汛期影响，部分任务推迟到下一年度（示例）", corrects=False, money=100, work=70),
    _Event("08-14", "上级下达新任务，提高目标（示例）", corrects=False, money=110, work=115),
    _Event("09-10", "招标结余交回，按合同价调整资金（示例）", corrects=False, money=90, work=100),
    _Event("09-24", "单位换算有误，照批复改正（示例）", corrects=True, money=100, work=95),
    _Event("10-22", "年底前核定工作量，目标随之调低（示例）", corrects=False, money=95, work=80),
)
_UNDECLARED = "10-22"
"""The day in the last year on which the adjustment is not declared, which the check points out."""


def _afterwards(dice: Random, plans: list[list[Planned]], year: int, *, last: bool) -> Iterator[Commit]:
    """What is changed after publication; in the last year a file is moved too."""
    for number, event in enumerate(_EVENTS, 1):
        index = dice.randrange(len(plans))
        plan, day = plans[index], f"{year}-{event.day}"
        shown = [which for which, one in enumerate(plan) if not one.secret]
        files: dict[str, str | None] = {}
        for which in dice.sample(shown, min(len(shown), dice.randint(1, 3))):
            declared = not event.corrects and not (last and event.day == _UNDECLARED)
            note = (Adjusted(day, f"示例财发〔{year}〕{30 + number} 号", event.reason),) if declared else ()
            one = _changed(plan[which], event, note)
            files[one.path] = project(one, which + 1)
            plan[which] = one
        line = f"{'更正' if event.corrects else '调整'}原因：{event.reason}"
        title = f"{'更正' if event.corrects else '调整'}{plan[0].department}的目标（示例数据）"
        yield Commit(day, "示例填报员", f"{title}\n\n{line}", files)
    if last:
        yield _moved_file(plans, year)


def _changed(one: Planned, event: _Event, note: tuple[Adjusted, ...]) -> Planned:
    total = (one.total * event.money / 100).quantize(Decimal("0.01"))
    rows = list(one.targets)
    for index, row in enumerate(rows):
        if row.level2 == "数量指标" and row.sign == "≥" and row.number and event.work != 100:  # noqa: PLR2004  in hundredths
            rows[index] = replace(row, number=_round(row.number * event.work / 100))
            break
    return replace(one, total=total, targets=tuple(rows), adjusted=(*one.adjusted, *note))


def _moved_file(plans: list[list[Planned]], year: int) -> Commit:
    """A file that gets another name within the year; its old address leads on."""
    plan = plans[-1]
    before = plan[0]
    now = replace(
        before, stem=f"{before.stem}项目", former=(*before.former, f"{year}/{before.code}/{before.stem}")
    )
    plan[0] = now
    files = {before.path: None, now.path: project(now, 1)}
    return Commit(f"{year}-11-05", "示例发布员", "文件名改成项目全称（示例数据）", files)
