"""The words printed on forms, matched whatever their spaces, line breaks, widths and marks.

Vocabulary as data: what other places call the same thing. A name that says exactly what our key says is
matched in silence; one that is only near to it (``near``) is matched too, and the reader is told.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from builder.frozen import frozen

MAX_LABEL = 40
"""No label is longer; what is longer is never compared."""

_LONGEST = 4 * MAX_LABEL  # with spaces, line breaks and brackets
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_LEADING = re.compile(
    r"^(?:其中[:,]?|[0-9]{1,2}[.、)]|[一二三四五六七八九十]{1,3}[、.)]|\([一二三四五六七八九十0-9]{1,3}\))"
)
_COLON = re.compile("[:：]")


class Word(StrEnum):
    """What a label of the upper part asks for."""

    NAME = "项目名称"
    DEPARTMENT = "主管部门"
    OWNER = "主管部门及代码"
    CODE = "部门代码"
    UNIT = "实施单位"
    ATTRIBUTE = "项目属性"
    PERIOD = "项目期"
    YEAR = "年度"
    FUNDING = "项目资金"
    TOTAL = "年度资金总额"
    LONG_TOTAL = "实施期资金总额"
    APPROPRIATION = "财政拨款"
    CARRIED_OVER = "上年结转"
    OTHER_FUNDS = "其他资金"
    SOURCE = "别的资金来源"
    EXECUTION = "执行率分值"
    GOALS = "年度总体目标"
    LONG_GOALS = "实施期目标"
    RESULT = "实际完成情况"
    THIS_YEAR = "本年一栏"
    OTHER_YEAR = "别的年度一栏"
    CURRENCY = "金额单位"
    OTHER = "不导入的栏目"


AMOUNTS = {Word.TOTAL, Word.LONG_TOTAL, Word.APPROPRIATION, Word.CARRIED_OVER, Word.OTHER_FUNDS, Word.SOURCE}
"""Labels of rows with an amount."""

_EXACT: dict[Word, str] = {
    Word.NAME: "项目名称 项目名",
    Word.DEPARTMENT: "主管部门 主管部门名称 主管部门(单位) 项目主管部门",
    Word.OWNER: """
        主管部门及代码 主管部门名称及代码 主管部门和代码 主管部门(代码) 主管部门及编码
        主管部门(单位)及代码
    """,
    Word.CODE: "部门代码 主管部门代码 部门编码 主管部门编码",
    Word.UNIT: "实施单位 项目实施单位 具体实施单位 实施单位名称",
    Word.ATTRIBUTE: "项目属性",
    Word.PERIOD: "项目期 项目期限",
    Word.YEAR: "年度 预算年度 项目年度 所属年度 年份",
    Word.FUNDING: """
        项目资金 项目资金申请 项目资金安排 资金情况 项目资金情况 预算资金情况 项目资金来源 资金来源
        预算资金 项目预算 项目预算资金 资金安排 项目资金构成
    """,
    Word.TOTAL: "年度资金总额 年度资金总额合计 本年度资金总额 年度预算资金总额",
    Word.LONG_TOTAL: "实施期资金总额 实施期总额 中长期资金总额 项目总投资 总投资 项目总投资额",
    Word.APPROPRIATION: "财政拨款 年度财政拨款 当年财政拨款 本年财政拨款 财政拨款资金",
    Word.CARRIED_OVER: "上年结转 上年结转资金",
    Word.OTHER_FUNDS: "其他资金",
    Word.SOURCE: """
        一般公共预算 一般公共预算拨款 政府性基金 政府性基金预算 政府性基金拨款 政府性基金预算拨款
        国有资本经营预算 国有资本经营预算拨款 财政专户 财政专户拨款 财政专户管理资金 单位资金
        事业收入 经营收入 事业单位经营收入 经营性收入 自有资金 自筹资金 单位自筹 上级财政
        上级财政拨款 上级财政资金 本级财政 本级财政拨款 本级财政资金 上级补助 上级补助收入
        中央财政资金 省级财政资金 市级财政资金 县级财政资金 地方资金 事业基金弥补差额
        事业基金弥补收支差额 上级转移支付 附属单位上缴收入 其他收入 银行贷款 社会资金 非税收入
    """,
    Word.EXECUTION: "执行率分值 预算执行率分值",
    Word.GOALS: """
        年度总体目标 年度目标 年度总目标 年度绩效目标 年度绩效总目标 年度总体绩效目标 本年度目标
        当年目标 当年绩效目标 年度总体目标内容
    """,
    Word.LONG_GOALS: """
        实施期目标 实施期总体目标 实施期绩效目标 实施期总目标 长期目标 长期绩效目标 中长期目标
        中长期绩效目标 项目总目标 项目长期目标 项目中长期目标 长期总目标 总目标 项目总体目标
        项目长期绩效目标
    """,
    Word.RESULT: """
        实际完成情况 目标完成情况 年度目标完成情况 年度总体目标完成情况 实际完成目标
        全年实际完成情况 目标实际完成情况
    """,
    Word.THIS_YEAR: """
        本年申请 本年申请数 本年预算 本年预算数 本年度预算 本年度申请 年初预算数 年初预算 当年预算
        当年预算数 本年数 年度预算数 本年度 本年
    """,
    Word.OTHER_YEAR: """
        上年预算 上年预算数 上年执行 上年执行数 上年实际执行数 上年实际 上年决算数 前年预算 前年执行
        前年执行数 前两年实际执行数 前年实际执行数 全年预算数 全年执行数 全年实际支出 调整后预算数
        预算执行数 执行数 分值 执行率 得分 权重 上年数 前年 上年 前年实际 实际执行数 总量 实施期
        以前年度
    """,
    Word.CURRENCY: "单位 金额单位 计量单位 货币单位",
    Word.OTHER: """
        项目编码 项目代码 项目编号 项目类别 项目类型 项目性质 项目级次 项目分类 一级项目名称
        项目负责人 负责人 项目联系人 联系人 联系电话 负责人电话 单位地址 邮政编码 填报单位 填报人
        填表人 填报日期 填报时间 填表日期 审核人 单位负责人 财务负责人 起止时间 项目起止时间
        计划开始日期 计划完成日期 开始日期 完成日期 开始时间 结束时间 项目开始时间 项目结束时间
        计划开始时间 计划完成时间 项目起始时间 项目终止时间 立项依据 项目立项依据 项目立项的依据
        项目申报的可行性 可行性 必要性 项目申报的必要性 可行性必要性 项目实施的必要性
        项目实施的可行性 项目可行性 项目必要性 项目概况 项目简介 项目内容 项目背景 项目主要内容
        实施计划 项目实施计划 进度计划 项目实施进度计划 实施进度计划 保障措施 项目保障措施 成本构成
        成本构成及测算依据 测算依据 测算依据及说明 资金测算依据 项目支出明细测算 支出计划 资金用途
        以前年度绩效情况 以前年度预算执行情况 历史绩效 政策依据 存续状态 是否新增项目 新增延续
        项目状态 预算单位 单位名称 单位代码 资金性质 资金使用范围 业务处室 分管处室 评价等级
        自评得分 自评等级 其他说明的问题 其他需要说明的问题 需要说明的其他问题 其他说明 说明 备注
        总分 合计 自评总分 年度主要任务 任务名称 主要内容 绩效等级 审核意见 财政部门审核意见
        主管部门审核意见 主管部门意见 财政部门意见 单位意见 三年中期规划 项目实施周期 项目周期
        项目实施期 实施期限 基本情况 项目基本情况 项目绩效目标申报 项目单位
    """,
}
_NEAR: dict[Word, str] = {
    Word.NAME: "预算项目名称 二级项目名称 项目支出名称 项目单位名称",
    Word.DEPARTMENT: "部门名称 预算部门 主管单位 一级预算单位",
    Word.UNIT: "项目单位 承担单位 项目承担单位 预算单位 单位名称 二级预算单位",
    Word.TOTAL: """
        年度资金申请总额 资金总额 项目资金总额 本年资金总额 当年资金总额 预算总额 项目预算总额
        年度预算 年度预算总额 年度资金 年度金额 项目金额 预算数 申请资金总额 预算金额 项目资金合计
        合计金额 总额 预算资金总额 资金合计
    """,
    Word.APPROPRIATION: "财政资金 本级财政拨款资金 当年财政资金 年度财政资金 本年财政资金",
    Word.CARRIED_OVER: "结转资金 上年结余结转 结转结余资金 上年结余",
    Word.OTHER_FUNDS: "其他 其它资金 其它 其他资金来源",
    Word.GOALS: """
        总体目标 绩效目标 项目绩效目标 预期目标 年初设定目标 项目年度目标 年度预期目标 总体绩效目标
        年初目标
    """,
}


BLOCK_WORDS = {
    *(
        "绩效指标",
        "绩效",
        "指标",
        "绩效目标",
        "名称",
        "年度绩效指标",
        "绩效指标体系",
        "项目绩效指标",
        "绩效目标指标",
    ),
    *(
        "年度指标",
        "长期绩效指标",
        "实施期绩效指标",
        "中长期绩效指标",
        "绩效指",
        "绩效指标值",
        "项目绩效目标",
        "年度绩效目标",
    ),
    *("项目年度绩效指标", "项目长期绩效指标", "长期指标", "实施期指标", "年度目标", "长期目标", "产出与效益"),
}
"""What stands to the left of all indicators."""

FORM_TITLE = re.compile("绩效.{0,12}表|目标(?:申报|批复|自评)?表")
NOT_A_PROJECT = re.compile("整体支出|部门整体|单位整体|整体绩效")
LOOKS_BACK = re.compile("自评|监控|完成情况|评价表")


@frozen()
class Match:
    """A matched label. ``near``: not our key's own word. ``rest``: a value after a colon in the cell."""

    word: Word
    near: bool = False
    rest: str = ""


def plain(text: str) -> str:
    """The words of a label: half width, without spaces, brackets and what is in them, signs and numbering."""
    return _plain(text) if len(text) <= _LONGEST else ""


@lru_cache(1 << 14)
def _plain(text: str) -> str:
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    short = ""
    while short != folded:
        short, folded = folded, _BRACKETS.sub("", folded)
    short = _LEADING.sub("", short) or short
    short = "".join(char for char in short if char.isalnum())
    return short if len(short) <= MAX_LABEL else ""


def squeezed(text: str) -> str:
    """``text`` in half width without white space, for searching."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _index(words: dict[Word, str]) -> dict[str, Word]:
    return {plain(name): word for word, names in words.items() for name in names.split()}


_EXACT_INDEX, _NEAR_INDEX = _index(_EXACT), _index(_NEAR)
# Whoever is also another's plain word stays near to ours.
_INDEX = {**{name: (word, True) for name, word in _NEAR_INDEX.items()}}
_INDEX |= {name: (word, False) for name, word in _EXACT_INDEX.items() if name not in _NEAR_INDEX}


def match(text: str) -> Match | None:
    """The label that a cell holds, alone or with its value after a colon; ``None`` when it holds none."""
    if not text:
        return None
    words = plain(text)
    if words in _INDEX:
        return Match(*_INDEX[words])
    for colon in _COLON.finditer(text[:_LONGEST]):
        rest = text[colon.end() :].strip()
        found = _INDEX.get(plain(text[: colon.start()]))
        if found and rest:
            return Match(*found, rest)
    return None


def currency(text: str) -> str | None:
    """The unit of money a label names: in brackets, or after 单位."""
    if len(text) > _LONGEST:
        return None
    folded = squeezed(text)
    inside = re.findall(r"[\[(（【][^\])）】]*[\])）】]", folded)
    after = re.findall(r"单位[:：]?(?:人民币)?(?:百万元|千元|亿元|万元|元)", folded)
    for part in (*inside, *after):
        unit = re.search("百万元|千元|亿元|万元|元", part)
        if unit:
            return unit[0]
    return None


_SUFFIXES = (
    *(
        "名称",
        "代码",
        "编码",
        "编号",
        "单位",
        "部门",
        "时间",
        "日期",
        "电话",
        "负责人",
        "联系人",
        "类别",
        "类型",
        "性质",
    ),
    *("属性", "依据", "情况", "级次", "等级", "方式", "说明", "措施", "期限", "地址", "状态", "科目"),
)


def may_be_label(text: str) -> bool:
    """Whether an unknown text looks like the label of some other field."""
    words = plain(text)
    return 1 < len(words) <= 12 and words.endswith(_SUFFIXES)  # noqa: PLR2004  longer ones are sentences
