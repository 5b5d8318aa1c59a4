"""An invented county (示例县): as many departments, years and projects as wanted, fixed by a seed.

Shapes follow the real forms: rows per 二级指标, kinds of value, lengths of names. Every name says 示例, so
that nobody takes a page for a real one. A project keeps its stem over the years; its targets move a little.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = (
    "东",
    "西",
    "南",
    "北",
    "中",
    "前进",
    "和平",
    "兴隆",
    "长青",
    "清水",
    "金沙",
    "红星",
    "新华",
    "丰登",
    "永安",
)
OFFICES = (
    *(
        "教育局",
        "卫生健康局",
        "农业农村局",
        "水务局",
        "交通运输局",
        "住房和城乡建设局",
        "审批服务管理局",
        "林业和草原局",
    ),
    *(
        "文化旅游局",
        "民政局",
        "人力资源和社会保障局",
        "应急管理局",
        "市场监督管理局",
        "自然资源局",
        "生态环境分局",
    ),
    *("退役军人事务局", "医疗保障局", "统计局", "档案馆", "图书馆"),
)
WORKS = (
    *(
        "设备维修维护",
        "业务工作",
        "专家技术评审",
        "人员聘用",
        "信息系统运行",
        "乡村道路养护",
        "农田水利整修",
        "病虫害防治",
    ),
    *(
        "校舍安全改造",
        "困难群众救助",
        "公共卫生服务",
        "环境整治",
        "防汛抗旱物资储备",
        "技能培训",
        "宣传教育",
        "档案数字化",
    ),
    *(
        "水土保持监测",
        "文物保护修缮",
        "食品安全抽检",
        "热线平台运行",
        "办公楼运行",
        "饮水安全巩固提升",
        "森林防火",
    ),
)
THINGS = (
    *(
        "办理事项",
        "受理诉求",
        "巡查点位",
        "培训人员",
        "维护设备",
        "抽检样品",
        "修缮房屋",
        "养护里程",
        "整治河段",
        "发放物资",
    ),
    *(
        "接待群众",
        "印制手册",
        "现场勘验",
        "归档卷宗",
        "开展活动",
        "监测断面",
        "补贴农户",
        "更新系统",
        "检修管网",
        "防治面积",
    ),
)
COUNTED = ("件", "项", "次", "个", "人次", "台", "份", "户", "套", "处", "公里", "亩")
RATES = (
    "按期办结率",
    "合格率",
    "设备正常运行率",
    "群众诉求按时办结率",
    "验收通过率",
    "覆盖率",
    "参与培训率",
    "问题整改率",
)
COSTS = (
    "聘用人员工资费用",
    "设备维修费",
    "材料购置费",
    "专家评审费",
    "租车费用",
    "印刷费",
    "差旅费",
    "系统运维费",
)
PHRASES = ("不断提高", "有效提高", "显著提升", "持续优化", "明显降低", "有效推进", "不断优化", "持续发挥")
EFFECTS = (
    *(
        "方便企业和群众办事",
        "提升行政效能",
        "优化营商环境",
        "改善人居环境",
        "保障公共安全",
        "促进社会和谐稳定",
    ),
    *("提高防灾减灾能力", "推动县域经济发展", "提升公共服务水平", "增强群众获得感"),
)
PEOPLE = ("企业和群众", "服务对象", "参训人员", "受益农户", "师生家长", "患者", "居民")


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
    *, seed: int, years: tuple[int, ...], departments: int, projects: int
) -> Iterator[tuple[Path, str]]:
    """Every file: its path below the folder of targets, and its text. ``projects`` are those of one year."""
    dice = random.Random(seed)  # noqa: S311  invented data, not secrets
    for department in range(departments):
        share = projects // departments + (department < projects % departments)
        invented = [_project(dice, department, number) for number in range(1, share + 1)]
        for year in years:
            folder = Path(str(year)) / _code(department)
            yield folder / "部门.yml", _department(department, year)
            for number, project in enumerate(invented, 1):
                yield folder / f"{project.stem}.yml", _text(project, year, number)
            invented = [_next_year(dice, project) for project in invented]


def _code(department: int) -> str:
    return f"{900 + department // 1000:03d}{department % 1000:03d}"


def _office(department: int) -> str:
    place = PLACES[department // len(OFFICES) % len(PLACES)]
    round_ = department // (len(OFFICES) * len(PLACES))
    return f"示例{place}{f'第{round_ + 1}' if round_ else ''}县{OFFICES[department % len(OFFICES)]}"


def _department(department: int, year: int) -> str:
    day = 5 + department % 20
    return (
        f"部门名称: {_office(department)}\n附件标题: 示例附件：{_office(department)}项目支出预算绩效目标表\n"
        f'批复日期: "{year}-02-{day:02d}"\n公开日期: "{year}-02-{min(day + department % 9, 28):02d}"\n'
    )


def _project(dice: random.Random, department: int, number: int) -> Invented:
    work = dice.choice(WORKS)
    total = Decimal(dice.randrange(50, 90_000)) / 100
    rows = [*_outputs(dice, work, total), *_effects(dice, work)]
    goals = dice.sample(EFFECTS, dice.randint(2, 4))
    return Invented(
        department,
        f"示例项目{number:04d}",
        f"示例{work}经费（{number:04d}）",
        total,
        tuple(f"通过{work}，{goal}" for goal in goals),
        tuple(rows),
    )


def _outputs(dice: random.Random, work: str, total: Decimal) -> Iterator[Rowed]:
    for thing in dice.sample(THINGS, dice.randint(2, 6)):
        operator = dice.choice(("", "≥", "≥", ">"))
        yield Rowed(
            "产出指标",
            "数量指标",
            f"{work}{thing}数",
            operator,
            Decimal(dice.randrange(5, 9000)),
            dice.choice(COUNTED),
        )
    for rate in dice.sample(RATES, dice.randint(1, 3)):
        yield Rowed("产出指标", "质量指标", rate, "≥", Decimal(dice.randrange(85, 100)), "%")
    yield Rowed("产出指标", "时效指标", f"{work}按期完成率", "≥", Decimal(dice.randrange(90, 100)), "%")
    for cost in dice.sample(COSTS, dice.randint(1, 3)):
        part = (total * dice.randrange(5, 30) / 100).quantize(Decimal("0.01")) or Decimal("0.01")
        yield Rowed("产出指标", "成本指标", cost, dice.choice(("≤", "≤", ">", "")), part, "万元")


def _effects(dice: random.Random, work: str) -> Iterator[Rowed]:
    effects = dice.sample(EFFECTS, 6)
    for level2, of_slot in (("社会效益指标", effects[:3]), ("可持续影响指标", effects[3:])):
        for effect in of_slot[: dice.randint(1, 3)]:
            phrase = dice.choice(PHRASES)
            yield Rowed("效益指标", level2, f"{work}{effect}", "", None, "", phrase)
    people = dice.choice(PEOPLE)
    yield Rowed(
        "满意度指标", "服务对象满意度指标", f"{people}满意度", "≥", Decimal(dice.randrange(85, 100)), "%"
    )


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


def write(folder: Path, *, seed: int, years: tuple[int, ...], departments: int, projects: int) -> int:
    """Write a collection below ``folder``; the number of project files."""
    count = 0
    for path, text in collection(seed=seed, years=years, departments=departments, projects=projects):
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
