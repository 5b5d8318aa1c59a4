"""One invented project (示例) on each of two taxonomies, and what of it an import should give back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal


@dataclass(frozen=True)
class Row:
    """One indicator with everything that any place prints of it."""

    level1: str
    level2: str
    name: str
    op: str
    number: str
    unit: str
    weight: str
    explanation: str = "按台账统计"
    note: str = "示例备注"
    standard: str = "计划标准"
    basis: str = "年度计划"
    before_last: str = "7"
    last: str = "8"
    result: str = "9"
    score: str = "5"
    reason: str = "示例原因"
    direction: str = "正向"
    attribute: str = "预算指标"
    core: str = "是"
    long_name: str = "长期的事项"
    long_value: str = "≥77 项"

    @property
    def value(self) -> str:
        """指标值 in one text; a word of quality has neither sign nor unit."""
        return self.number if self.op == "定性" else self.op + self.number + self.unit


@dataclass(frozen=True)
class Record:
    """A project. Amounts are texts in 万元 as printed."""

    name: str
    rows: tuple[Row, ...]
    number: str = "1"
    year: str = "2024"
    department: str = "示例县示例局"
    code: str = "999001"
    unit: str = "示例县示例局本级"
    attribute: str = "02-经常性项目"
    period: str = "1 年"
    total: str = "130.50"
    appropriation: str = "118.00"
    carried: str = "2.25"
    other: str = "10.25"
    long_total: str = "391.50"
    long_appropriation: str = "354.00"
    long_other: str = "37.50"
    goals: tuple[str, ...] = ("举办业务培训十期，覆盖各乡镇；", "参训人员考试合格率达到百分之九十五以上。")
    long_goal: str = "三年内轮训一遍"
    texts: dict[str, str] = field(default_factory=dict)

    def words(self) -> dict[str, str]:
        """What can be written into a layout between braces."""
        own = {key: value for key, value in vars(self).items() if isinstance(value, str)}
        yuan = {
            f"{key}_yuan": str(int(Decimal(own[key]) * 10000))
            for key in (
                "total",
                "appropriation",
                "other",
                "long_total",
                "long_appropriation",
                "long_other",
                "carried",
            )
        }
        numbered = "".join(f"目标 {number}：{goal}" for number, goal in enumerate(self.goals, 1))
        lines = "\n".join(f"目标 {number}：{goal}" for number, goal in enumerate(self.goals, 1))
        return {**own, **yuan, "goals": lines, "goals_in_one": numbered, "goal_lines": "\n".join(self.goals)}


def _row(level1: str, level2: str, name: str, value: tuple[str, str, str], weight: str) -> Row:
    return Row(level1, level2, name, *value, weight)


NINGXIA = Record(
    "示例：基层窗口人员业务培训经费",
    (
        _row("产出指标", "数量指标", "举办培训期数", ("≥", "10", "期"), "10"),
        _row("产出指标", "数量指标", "参训人次", ("=", "600", "人次"), "10"),
        _row("产出指标", "质量指标", "参训人员考试合格率", ("≥", "95", "%"), "15"),
        _row("产出指标", "时效指标", "全部培训完成时间", ("≤", "10", "个月"), "10"),
        _row("产出指标", "成本指标", "每人次培训成本", ("≤", "500", "元"), "5"),
        _row("效益指标", "经济效益指标", "节约外聘费用", ("≥", "3.5", "万元"), "10"),
        _row("效益指标", "社会效益指标", "窗口业务一次办结率", ("≥", "92", "%"), "10"),
        _row("效益指标", "可持续影响指标", "窗口服务水平", ("定性", "不断提升", ""), "10"),
        _row("满意度指标", "服务对象满意度指标", "参训人员满意度", ("≥", "90", "%"), "10"),
        _row("满意度指标", "服务对象满意度指标", "办事群众投诉率", ("≤", "2", "%"), "10"),
    ),
)

CENTRAL = Record(
    "示例：学生资助补助经费",
    (
        _row("成本指标", "经济成本指标", "每人补助标准", ("≤", "1250", "元/人"), "10"),
        _row("成本指标", "社会成本指标", "发放造成的误工", ("≤", "1", "天"), "5"),
        _row("成本指标", "生态环境成本指标", "纸张消耗", ("≤", "20", "包"), "5"),
        _row("产出指标", "数量指标", "资助学生人数", ("≥", "944", "人"), "20"),
        _row("产出指标", "质量指标", "资助对象准确率", ("=", "100", "%"), "10"),
        _row("产出指标", "时效指标", "补助发放及时率", ("≥", "98", "%"), "10"),
        _row("效益指标", "社会效益指标", "因贫失学人数", ("=", "0", "人"), "10"),
        _row("效益指标", "社会效益指标", "家庭负担", ("定性", "有所减轻", ""), "10"),
        _row("满意度指标", "服务对象满意度指标", "学生和家长满意度", ("≥", "90", "%"), "10"),
    ),
    carried="2.25",
    other="10.25",
)

SECOND = replace(
    NINGXIA, name="示例：窗口设备维护费", number="2", total="8.00", appropriation="8.00", other="0"
)
THIRD = replace(
    NINGXIA, name="示例：政务大厅运行费", number="3", total="13.00", appropriation="13.00", other="0"
)

FIELDS = {
    "年度": "year",
    "序号": "number",
    "项目名称": "name",
    "主管部门": "department",
    "部门代码": "code",
    "实施单位": "unit",
    "项目属性": "attribute",
    "项目期": "period",
}
FUNDS = {"年度资金总额": "total", "财政拨款": "appropriation", "上年结转": "carried", "其他资金": "other"}

Leaves = dict[tuple[str | int, ...], object]


def expected(record: Record, fields: frozenset[str], columns: frozenset[str]) -> Leaves:
    """The leaves of the YAML for a layout that prints ``fields`` and these ``columns`` of the indicators."""
    leaves: Leaves = {}
    for key in fields & FIELDS.keys():
        text = getattr(record, FIELDS[key])
        leaves[key,] = int(text) if key in {"年度", "序号"} else text
    for key in fields & FUNDS.keys():
        leaves["项目资金", key] = Decimal(getattr(record, FUNDS[key]))
    if "年度总体目标" in fields:
        leaves |= {("年度总体目标", number): goal for number, goal in enumerate(record.goals)}
    if "执行率分值" in fields:
        leaves["项目资金", "执行率分值"] = Decimal(10)
    counts: dict[tuple[str, str], int] = {}
    for row in record.rows:
        place = (row.level1, row.level2)
        number = counts[place] = counts.get(place, -1) + 1
        path = ("绩效指标", *place, number)
        leaves[(*path, "三级指标")] = row.name
        leaves[(*path, "指标值")] = row.value
        if "weight" in columns:
            leaves[(*path, "权重")] = Decimal(row.weight)
        for key, column in (("指标解释", "explanation"), ("备注", "note")):
            if column in columns:
                leaves[(*path, key)] = getattr(row, column)
    return leaves
