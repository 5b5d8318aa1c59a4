"""The tables that are given away and their columns: names, titles, types, units, what they mean.

A column has two names: ``name`` for programs (JSON, SQLite) and ``title`` for people (CSV, Excel).
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from builder import values
from builder.decode import (
    ATTRIBUTE,
    DEPARTMENT,
    DEPARTMENT_CODE,
    FORM,
    GOALS,
    LEVEL1,
    LEVEL2,
    LEVEL3,
    NAME,
    NUMBER,
    PERIOD,
    PUBLISHED_ON,
    UNIT,
    VALUE,
    YEAR,
)
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping


class Type(StrEnum):
    """What the cells of a column hold; the words are those of Table Schema."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"


@frozen()
class Column:
    """列. ``group`` stands over it in a workbook; ``choices`` are all the texts it can hold, if few."""

    name: str
    title: str
    type: Type
    description: str
    required: bool = False
    choices: tuple[str, ...] = ()
    group: str = ""


@frozen()
class Table:
    """表. ``key`` names the columns that identify a row; ``project`` the one that points to a project."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    project: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def _text(name: str, title: str, description: str, *, required: bool = False) -> Column:
    return Column(name, title, Type.TEXT, description, required)


def _whole(name: str, title: str, description: str, *, required: bool = False) -> Column:
    return Column(name, title, Type.INTEGER, description, required)


def _number(name: str, title: str, description: str) -> Column:
    return Column(name, title, Type.NUMBER, description)


def _truth(name: str, title: str, description: str) -> Column:
    return Column(name, title, Type.BOOLEAN, description)


def _date(name: str, title: str, description: str) -> Column:
    return Column(name, title, Type.DATE, description)


def _choice(name: str, title: str, description: str, choices: type[StrEnum]) -> Column:
    return Column(name, title, Type.TEXT, description, choices=tuple(item.value for item in choices))


_PROJECT_ID = _text("project_id", "项目标识", "年度/部门代码/文件名，各年不变的是后两段。", required=True)
_CURRENCY = Column(
    "currency", "金额单位", Type.TEXT, "本行金额的单位，由表样定。", required=True, choices=("万元", "元")
)
_TOTAL_WAN = _number("total_wan", "年度资金总额（万元）", "换算成万元的总额，不同表样可以相加。")

PROJECTS = Table(
    "projects",
    "项目",
    "每个项目一行。",
    (
        replace(_PROJECT_ID, name="id"),
        _whole("year", YEAR, "预算年度。", required=True),
        _text("department_code", DEPARTMENT_CODE, "文件所在的部门代码。", required=True),
        _text("department", DEPARTMENT, "主管部门全称。"),
        _text("unit", UNIT, "实施单位全称。"),
        _whole("number", NUMBER, "在部门附件里的顺序。"),
        _text("name", NAME, "项目全称。", required=True),
        _text("form", FORM, "按哪一版表填写。", required=True),
        _text("attribute", ATTRIBUTE, "代码和名称，照表上写。"),
        _text("period", PERIOD, "年限，照表上写。"),
        _CURRENCY,
        _number("total", "年度资金总额", "表上印的总额，单位见“金额单位”。"),
        _TOTAL_WAN,
        _number("execution_weight", "执行率分值", "有的表样给预算执行率定的分值。"),
        _whole("goals", "目标数", f"{GOALS}有几条。"),
        _whole("indicators", "指标数", "三级指标有几个。"),
        _whole("measurable", "可衡量的指标数", "其中有数或期限的有几个。"),
        _text("page", "网页", "项目页面的网址；没有设置网站的网址时，从网站的首页算起。"),
    ),
    key=("id",),
)

_KEY = (_PROJECT_ID, _whole("row", "指标序号", "在项目里的顺序，从 1 起。", required=True))

_WRITTEN = (
    _text("level1", LEVEL1, "一级指标。", required=True),
    _text("level2", LEVEL2, "二级指标。", required=True),
    _text("name", LEVEL3, "三级指标，照原文。", required=True),
    _text("value", VALUE, "照原文，一字不改；来源没有的空着。"),
    _number("weight", "权重", "分值权重，有的表样没有。"),
    _text("explanation", "指标解释", "照原文。"),
    _text("note", "备注", "照原文。"),
)

READ = (
    _choice("kind", "类型", "程序读出的类型；空着是没有指标值。", values.Kind),
    _truth("understood", "读懂", "程序是否读懂了这个指标值；“否”的以原文为准。"),
    _truth("measurable", "可衡量", "有没有数或期限可以对照。"),
    _choice("operator", "计算符号", "写法统一了的符号；原文没有写的空着。", values.Operator),
    _number("number", "数值", "原文里的数，数量级和单位在后两列。"),
    _number("upper", "数值上限", "区间的上端。"),
    _text("magnitude", "数量级", "数后面的“万”“亿”等。"),
    _text("value_unit", "计量单位", "统一了写法的单位。"),
    _text("per", "每", "除以什么单位；几个的用“/”隔开。"),
    _number("tolerance", "允许偏差", "± 后面的数。"),
    _text("tolerance_unit", "允许偏差的单位", "± 后面的单位。"),
    _truth("approximate", "约数", "原文是否写了“约”“左右”等。"),
    _text("change", "变化", "“增长”“下降”等。"),
    _text("base", "比较基准", "变化是和什么比：同比、环比、上年等。"),
    _number("comparable", "折算数值", "换算成基本单位的数，例如 0.3 万元是 3000。"),
    _number("comparable_upper", "折算数值上限", "区间的上端换算成基本单位。"),
    _text("comparable_unit", "折算单位", "折算数值的单位和条件；这一列相同的才能比大小。"),
    _date("first", "期限起", "期限从哪天起。"),
    _date("last", "期限止", "最迟哪天；只写到月或年的，是那个月或那年的最后一天。"),
    _choice("precision", "期限精度", "原文写到日、旬、月、季、半年还是年。", values.Precision),
    _text("every", "周期", "“每月”“每季度”等重复的期限。"),
    _truth("inclusive", "含当日", "期限含不含当天；原文没有说清的空着。"),
    _text("phrase", "文字值", "没有数的指标值，去掉空格。"),
    _text("topic", "数旁的词", "指标值里数以外、说明数的是什么的词。"),
    _choice("direction", "方向", "正向是越大越好，反向是越小越好。", values.Direction),
    _choice("direction_source", "方向的依据", "从符号、名称还是词看出来的。", values.Source),
    _text("plain", "读作", "给公众看的一句话。"),
    _text("suspicions", "疑点", "程序觉得可能写错的地方，用“；”隔开。"),
)
"""What the program read in an 指标值, after what is written."""


def _grouped(group: str, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(replace(column, group=group) for column in columns)


_MEANT = (
    *_grouped("指标（原文）", (_KEY[1], *_WRITTEN)),
    *_grouped("读出的含义（供参考，以原文为准）", READ),
)

INDICATORS = Table(
    "indicators",
    "绩效指标",
    "每个三级指标一行。",
    (_PROJECT_ID, *_MEANT),
    ("project_id", "row"),
    "project_id",
)

OF_PROJECT = {
    "id": "project_id",
    "year": "year",
    "department_code": "department_code",
    "department": "department",
    "unit": "unit",
    "number": "project_number",
    "name": "project",
    "form": "form",
    "attribute": "attribute",
    "period": "period",
    "currency": "currency",
    "total": "total",
    "total_wan": "total_wan",
}
"""The columns of a project that stand before its indicators in the long table, and their names there."""

LONG = Table(
    "indicators",
    "绩效指标",
    "每个三级指标一行，前面是它的项目。",
    (
        *_grouped(
            "项目",
            tuple(
                replace(column, name=OF_PROJECT[column.name])
                for column in PROJECTS.columns
                if column.name in OF_PROJECT
            ),
        ),
        *_MEANT,
    ),
    ("project_id", "row"),
    "project_id",
)
"""The table of CSV and Excel: everything about an indicator in one row."""

FUNDS = Table(
    "funds",
    "项目资金",
    "每个项目的每项资金来源一行；年度资金总额在项目表里。",
    (
        _PROJECT_ID,
        _whole("row", "资金序号", "在项目里的顺序，从 1 起。", required=True),
        _text("name", "资金来源", "财政拨款、其他资金等，照表样。", required=True),
        _number("amount", "金额", "表上印的金额；表上空白的空着。"),
        _CURRENCY,
    ),
    ("project_id", "row"),
    "project_id",
)

GOAL = Table(
    "goals",
    GOALS,
    "每条年度总体目标一行。",
    (
        _PROJECT_ID,
        _whole("row", "目标序号", "在项目里的顺序，从 1 起。", required=True),
        _text("text", "目标", "照原文。", required=True),
    ),
    ("project_id", "row"),
    "project_id",
)

WAIVED = Table(
    "waived",
    "豁免",
    "检查指出、按批复原文保留的每一处一行。",
    (
        _PROJECT_ID,
        _whole("row", "豁免序号", "在项目里的顺序，从 1 起。", required=True),
        _text("rule", "规则", "检查规则的代号。", required=True),
        _text("message", "指出的问题", "检查说了什么。", required=True),
        _text("reason", "理由", "为什么保留，填报人写的。", required=True),
    ),
    ("project_id", "row"),
    "project_id",
)

DEPARTMENTS = Table(
    "departments",
    "部门",
    "每个部门每个年度一行。",
    (
        _text("id", "部门标识", "年度/部门代码。", required=True),
        _whole("year", YEAR, "预算年度。", required=True),
        _text("code", DEPARTMENT_CODE, "文件所在的部门代码。", required=True),
        _text("name", "部门名称", "部门全称。", required=True),
        _text("attachment", "附件标题", "公开附件的标题。"),
        _date("approved_on", "批复日期", "财政部门批复预算的日期。"),
        _text("approval_number", "批复文号", "批复文件的文号。"),
        _date("published_on", PUBLISHED_ON, "首次向社会公开的日期。"),
        _text("phone", "联系电话", "供公众咨询的电话。"),
        _text("address", "联系地址", "供公众联系的地址。"),
        _text("website", "公开网址", "原公开页面的网址。"),
        _text("note", "说明", "部门要向公众说明的事。"),
        _whole("withheld", "不予公开项目数", "部门自己写明的、依法不予公开的项目个数。"),
        _whole("projects", "项目数", "公开的项目有几个。", required=True),
        _whole("indicators", "指标数", "这些项目的三级指标有几个。", required=True),
        _number("total_wan", "年度资金总额（万元）", "公开的项目合计。"),
    ),
    ("id",),
)

FLAT: Mapping[str, Table] = {
    "long": LONG,
    "projects": PROJECTS,
    "funds": FUNDS,
    "goals": GOAL,
    "departments": DEPARTMENTS,
    "waived": WAIVED,
}
"""The tables of CSV files and of workbooks, by the name of their rows."""

TABLES = (PROJECTS, INDICATORS, FUNDS, GOAL, DEPARTMENTS, WAIVED)
"""The tables of the database; the key of one is what the others point to."""
