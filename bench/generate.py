"""An invented county (示例县): as many departments, years and projects as wanted, fixed by a seed.

Shapes follow the real forms: rows per 二级指标, kinds of value, lengths of names and goals. Every project
says 示例, so that nobody takes a page for a real one. A project keeps its stem over the years and its targets
move a little; or, where that is not wanted, every year has projects of its own.
"""

from __future__ import annotations

import argparse
import random
import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE = Path(__file__).with_name("words.toml")
WORDS: dict[str, tuple[str, ...]] = {
    name: tuple(text.split()) for name, text in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()
}
"""What texts are put together from."""


@dataclass(frozen=True)
class Rowed:
    """One invented indicator: 一级, 二级, 三级 and its value as a number with what stands round it."""

    level1: str
    level2: str
    name: str
    operator: str
    number: Decimal | None
    unit: str
    phrase: str = ""

    @property
    def value(self) -> str:
        """The 指标值 as written."""
        space = "" if self.unit == "%" else " "
        return self.phrase or f"{self.operator}{self.number:f}{space}{self.unit}"


@dataclass(frozen=True)
class Invented:
    """One invented project in its first year."""

    department: int
    stem: str
    name: str
    total: Decimal
    goals: tuple[str, ...]
    rows: tuple[Rowed, ...]


def collection(
    *, seed: int, years: tuple[int, ...], departments: int, projects: int, lasting: bool = True
) -> Iterator[tuple[Path, str]]:
    """Every file: its path below the folder of targets, and its text. ``projects`` are those of one year.

    ``lasting``: whether the projects of a year go on in the next.
    """
    dice = random.Random(seed)  # noqa: S311  invented data, not secrets
    for department in range(departments):
        share = projects // departments + (department < projects % departments)
        invented = [_project(dice, department, number) for number in range(1, share + 1)]
        for turn, year in enumerate(years, 1):
            folder = Path(str(year)) / _code(department)
            yield folder / "部门.yml", _department(department, year)
            for number, project in enumerate(invented, 1):
                yield folder / f"{project.stem}.yml", _text(project, year, number)
            invented = [
                _next_year(dice, project) if lasting else _project(dice, department, turn * share + number)
                for number, project in enumerate(invented, 1)
            ]


def _code(department: int) -> str:
    return f"{900 + department // 1000:03d}{department % 1000:03d}"


def _office(department: int) -> str:
    place = WORDS["places"][department // len(WORDS["offices"]) % len(WORDS["places"])]
    round_ = department // (len(WORDS["offices"]) * len(WORDS["places"]))
    kind = WORDS["offices"][department % len(WORDS["offices"])]
    return f"示例{place}{f'第{round_ + 1}' if round_ else ''}县{kind}"


def _department(department: int, year: int) -> str:
    day = 5 + department % 20
    return (
        f"部门名称: {_office(department)}\n附件标题: 示例附件：{_office(department)}项目支出预算绩效目标表\n"
        f'批复日期: "{year}-02-{day:02d}"\n公开日期: "{year}-02-{min(day + department % 9, 28):02d}"\n'
    )


def _word(dice: random.Random, kind: str) -> str:
    return dice.choice(WORDS[kind])


def _project(dice: random.Random, department: int, number: int) -> Invented:
    place = _word(dice, "heads") + _word(dice, "seats")
    subject = _word(dice, "objects")
    work = f"{dice.choice((place, ''))}{subject}{_word(dice, 'works')}"
    total = Decimal(dice.randrange(50, 90_000)) / 100
    return Invented(
        department,
        f"示例项目{number:04d}",
        f"示例{work}{_word(dice, 'kinds')}（{number:04d}）",
        total,
        tuple(dict.fromkeys(_goal(dice, place, subject) for _ in range(dice.randint(2, 4)))),
        (*_outputs(dice, place, subject, total), *_effects(dice, subject)),
    )


def _goal(dice: random.Random, place: str, subject: str) -> str:
    """Two to four clauses: how, against what, and to what end."""
    verb, other, trouble = _word(dice, "verbs"), _word(dice, "objects"), _word(dice, "troubles")
    how = dice.choice(
        (
            f"通过{_word(dice, 'means')}，{verb}{place}{subject}",
            f"针对{place}{subject}{trouble}的情况，{verb}{other}",
            f"按照年度计划{verb}{subject}，解决{trouble}问题",
            f"{verb}{other}，做好{subject}{_word(dice, 'works')}",
        )
    )
    effects = dice.sample(WORDS["effects"], dice.randint(1, 2))
    ends = [f"{_word(dice, 'adverbs')}{effect}" for effect in effects]
    return "，".join((how, *ends))


def _outputs(dice: random.Random, place: str, subject: str, total: Decimal) -> Iterator[Rowed]:
    things = [subject, *dice.sample(WORDS["objects"], 10)]
    names = [f"{dice.choice((place, '', ''))}{thing}" for thing in things]
    for name in names[: dice.randint(3, 7)]:
        operator = dice.choice(("", "≥", "≥", ">"))
        noun, unit = _word(dice, "counted").split("/")
        number = Decimal(dice.randrange(5, 9000))
        yield Rowed("产出指标", "数量指标", f"{_word(dice, 'verbs')}{name}{noun}", operator, number, unit)
    for rate in dice.sample(WORDS["rates"], dice.randint(1, 4)):
        share = Decimal(dice.randrange(85, 100))
        yield Rowed("产出指标", "质量指标", f"{dice.choice(names)}{rate}", "≥", share, "%")
    yield Rowed("产出指标", "时效指标", f"{subject}按期完成率", "≥", Decimal(dice.randrange(90, 100)), "%")
    if dice.random() < 0.5:  # noqa: PLR2004  one project in two
        yield Rowed("产出指标", "时效指标", f"{names[1]}完成时间", "", None, "", "12 月底前")
    for cost in dice.sample(WORDS["costs"], dice.randint(1, 4)):
        part = (total * dice.randrange(5, 25) / 100).quantize(Decimal("0.01")) or Decimal("0.01")
        operator = dice.choice(("≤", "≤", ""))
        yield Rowed("产出指标", "成本指标", f"{dice.choice(names)}{cost}", operator, part, "万元")


def _effects(dice: random.Random, subject: str) -> Iterator[Rowed]:
    effects = dice.sample(WORDS["effects"], 12)
    kinds = (("经济效益指标", 0.2), ("社会效益指标", 1.0), ("生态效益指标", 0.2), ("可持续影响指标", 1.0))
    for level2, likely in kinds:
        for _ in range(dice.randint(1, 3) if dice.random() < likely else 0):
            name = f"{_word(dice, 'adverbs')}{effects.pop()}"
            if dice.random() < 0.5:  # noqa: PLR2004  half of them say two things
                name = f"{_word(dice, 'verbs')}{subject}，{name}"
            yield Rowed("效益指标", level2, name, "", None, "", _word(dice, "phrases"))
    for people in dice.sample(WORDS["people"], dice.randint(1, 2)):
        share = Decimal(dice.randrange(85, 100))
        yield Rowed("满意度指标", "服务对象满意度指标", f"{people}对{subject}的满意度", "≥", share, "%")


def _next_year(dice: random.Random, project: Invented) -> Invented:
    rows = [_moved(dice, row) for row in project.rows]
    if len(rows) > len(project.rows) - 1 and dice.random() < 0.2:  # noqa: PLR2004  one project in five
        spare = [index for index, row in enumerate(rows) if row.level2 == "数量指标"][1:]
        rows = [row for index, row in enumerate(rows) if index not in spare[:1]]
    total = (project.total * dice.randrange(80, 125) / 100).quantize(Decimal("0.01"))
    return replace(project, total=max(total, Decimal("0.01")), rows=tuple(rows))


def _moved(dice: random.Random, row: Rowed) -> Rowed:
    if row.number is None or dice.random() < 0.6:  # noqa: PLR2004  most targets stay as they are
        return row
    if row.unit == "%":
        return replace(
            row, number=min(Decimal(99), max(Decimal(60), row.number + dice.choice((-3, -1, 1, 2))))
        )
    digits = Decimal(1) if row.number == row.number.to_integral() else Decimal("0.01")
    number = (row.number * dice.randrange(85, 120) / 100).quantize(digits)
    return replace(row, number=number or row.number)


def _text(project: Invented, year: int, number: int) -> str:
    office = _office(project.department)
    lines = [
        "表样: ningxia-2024",
        f"年度: {year}",
        f"序号: {number}",
        f"项目名称: {project.name}",
        f"主管部门: {office}",
        f'部门代码: "{_code(project.department)}"',
        f"实施单位: {office}本级",
        "项目属性: 02-经常性项目",
        "项目期: 3 年",
        "项目资金:  # 万元",
        f"  年度资金总额: {project.total}",
        f"  财政拨款: {project.total}",
        "  其他资金: 0",
        "年度总体目标:",
        *(f"  - {goal}" for goal in project.goals),
        "绩效指标:",
    ]
    level1 = level2 = ""
    for row in project.rows:
        if row.level1 != level1:
            lines.append(f"  {row.level1}:")
        if row.level2 != level2:
            lines.append(f"    {row.level2}:")
        level1, level2 = row.level1, row.level2
        value = f'"{row.value}"' if row.value.startswith(">") else row.value
        lines += (f"      - 三级指标: {row.name}", f"        指标值: {value}")
    return "\n".join(lines) + "\n"


def write(
    folder: Path, *, seed: int, years: tuple[int, ...], departments: int, projects: int, lasting: bool = True
) -> int:
    """Write a collection below ``folder``; the number of project files."""
    count = 0
    made = collection(seed=seed, years=years, departments=departments, projects=projects, lasting=lasting)
    for path, text in made:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        count += path.name != "部门.yml"
    return count


def main() -> None:
    """``python -m bench.generate FOLDER --projects 400 --departments 20 --years 2023 2024 2025``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--projects", type=int, default=400, help="projects in each year")
    parser.add_argument("--departments", type=int, default=20)
    parser.add_argument("--years", type=int, nargs="+", default=[2024])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    count = write(
        options.folder,
        seed=options.seed,
        years=tuple(options.years),
        departments=options.departments,
        projects=options.projects,
    )
    print(f"{count} project files")


if __name__ == "__main__":
    main()
