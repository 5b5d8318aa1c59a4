"""Rules of the groups C, R, A and F on further cases: where they must be quiet, and what exactly they say."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import decode, rules
from builder.decode import INDICATORS
from builder.form import Topic
from builder.rules import RULES, Settings, subject
from builder.rules.feasible import years
from builder.rules.rule import example
from builder.source import parse
from tests.records import ROOT, SCHEMAS, checked, laid_over, projects

if TYPE_CHECKING:
    from builder.form import Form, Level1
    from builder.problem import Problem

CENTRAL = "central-2021"
SLOTS = {
    "数量": ("产出指标", "数量指标"),
    "质量": ("产出指标", "质量指标"),
    "时效": ("产出指标", "时效指标"),
    "成本": ("产出指标", "成本指标"),
    "社会": ("效益指标", "社会效益指标"),
    "满意": ("满意度指标", "服务对象满意度指标"),
}


def rows(slot: str, *pairs: tuple[str, str]) -> str:
    """Rows of 三级指标 and 指标值 under one 二级指标, named by its first two characters."""
    return example(*SLOTS[slot], *((name, f'"{value}"') for name, value in pairs))


def said(sample: str, code: str, form: str = "ningxia-2024") -> list[Problem]:
    """What the check says under ``code`` of a sound record with ``sample`` laid over it."""
    year = 2025 if form == CENTRAL else 2024
    problems = checked(laid_over(sample, form), f"{year}/999001/示例.yml").problems
    return [problem for problem in problems if problem.code == code]


QUIET = [
    # C: a number that needs no unit, one that is only half written, and names just short enough
    ("C04", "数量", "环境空气质量指数", "≤100"),
    ("C04", "数量", "评审项目", "30 万/年"),
    ("C04", "质量", "审批服务", "良好"),
    ("C07", "数量", "字" * 100, "≥3 件"),
    ("C10", "数量", "字" * 40, "≥3 件"),
    ("C10", "数量", "字" * 101, "≥3 件"),
    ("C08", "社会", "审批效能", "不断提高"),
    ("C08", "社会", "审批效能", "听候安排"),
    ("C08", "社会", "审批效能", "已完成"),
    ("C08", "时效", "设备采购", "按期完成"),
    # R: each in its place
    ("R01", "数量", "年度任务完成率", "≥95%"),
    ("R01", "数量", "接待人次", "较上年增长 5%"),
    ("R01", "数量", "接待人次增长率", "≥5%"),
    ("R01", "质量", "一窗受理事项比例", "≥70%"),
    ("R02", "数量", "购置设备", "23 台"),
    ("R02", "成本", "购置设备费用", "≤3 万元"),
    ("R02", "数量", "申领补助", "≥30 户"),
    ("R02", "数量", "下乡经费", "据实"),
    ("R03", "质量", "不满意工单整改率", "≥98%"),
    ("R03", "满意", "政务服务好差评满意率", "≥98%"),
    ("R04", "时效", "企业开办", "3 小时内"),
    ("R04", "时效", "企业开办", "2024 年 10 月底前"),
    ("R04", "时效", "当日办结率", "≥98%"),
    ("R04", "时效", "资金支付进度", "100%"),
    ("R04", "时效", "设备巡检", "≥4 次/年"),
    ("R04", "时效", "设备采购", "按计划完成"),
    ("R04", "时效", "窗口开放", "≥5 天"),
    ("R04", "时效", "零材料办件占比", "听候安排"),
    ("R05", "满意", "服务对象有效投诉次数", "≤2 次"),
    ("R05", "满意", "企业评价得分", "≥90 分"),
    ("R05", "满意", "企业满意度", "听候安排"),
    ("R06", "成本", "成本节约率", "≥5%"),
    ("R06", "成本", "项目支出", "不超预算"),
    ("R06", "成本", "聘请中介机构评审", "30 万/年"),
    ("R06", "成本", "耗用品", "≤5 坨"),
    ("R06", "成本", "聘请专家人数", "符合规定"),
    ("R07", "质量", "企业和群众办事一次办结率", "≥98%"),
    ("R07", "数量", "转办件及时办结数", "20 件"),
    ("R07", "数量", "普及率", "20 人"),
    ("R07", "数量", "办件及占总办件比重", "5 坨"),
    ("R07", "数量", "县、乡两级事项占比", "1303 项"),
    ("R07", "质量", "人员参与率", "≥98%"),
    ("R07", "质量", "审批效率和办结率", "≥98%"),
    ("R07", "质量", "精简审批环节及审批时限压缩率", "≥69%"),
    ("R08", "数量", "收入超过 10 万元的企业数", "≥5 家"),
    ("R08", "质量", "空气质量达到 2 级以上天数", "≥300 天"),
    ("R08", "数量", "12345 热线接听数", "≥5 件"),
    ("R08", "数量", "2024 年度决算公开", "1 次"),
    ("R08", "质量", "水质达到 3 类", "达标"),
    # A: money, percents, directions
    ("A01", "成本", "成本节约金额", "≥5 万元"),
    ("A01", "成本", "特困人员救助标准", "≥500 元/人"),
    ("A01", "成本", "预算执行率", "≥95%"),
    ("A01", "成本", "印制宣传册", "2 万元"),
    ("A01", "数量", "培训投入", "≥2 万元"),
    ("A02", "成本", "审减金额", "≤1.12 亿元"),
    ("A02", "成本", "节约投资", "≤50 万元"),
    ("A02", "成本", "运行成本", "较上年下降 50 万元"),
    ("A02", "成本", "专家费用", "≤200000 元/人"),
    ("A02", "成本", "每场培训费用", "≤50 万元"),
    ("A02", "成本", "设备单价", "≤50 万元"),
    ("A02", "成本", "贷款", "≤50 万美元"),
    ("A02", "成本", "培训费用", "≤50 万/年"),
    ("A02", "成本", "培训费用", "≤13 万元"),
    ("A02", "数量", "审批投资额", "≤50 亿元"),
    ("A03", "成本", "每月工资费用", "≤1.08 万元"),
    ("A03", "成本", "办公楼年均水电运行成本", "≤12 万元"),
    ("A03", "成本", "每人每月补助", "≤2 万元"),
    ("A03", "成本", "每月10日前发放工资", "≤12 万元"),
    ("A03", "成本", "每周期维护费用", "≤2 万元"),
    ("A03", "成本", "运行成本", "≤12 万元/年"),
    ("A03", "成本", "月工资", "3000 元/人/年"),
    ("A03", "成本", "工资", "20000 元/月/人"),
    ("A04", "质量", "任务完成率", "≥120%"),
    ("A04", "质量", "业务量", "同比增长 120%"),
    ("A04", "质量", "设备正常运行率", "100%"),
    ("A04", "质量", "设备正常运行率", "298%"),
    ("A05", "质量", "年内随意弃渣弃土现象减少", "≥3%"),
    ("A05", "质量", "办理环节减少", "≤3 个"),
    ("A05", "质量", "减少水土流失量", "≥80%"),
    ("A05", "质量", "投诉率", "≤5%"),
    ("A05", "质量", "投诉率", "较上年下降 ≥5%"),
    ("A05", "质量", "降低投诉率", "≥5%"),
    ("A05", "质量", "三公经费增长率", "≤0%"),
    ("A06", "满意", "企业和群众满意度", "≥80%"),
    ("A06", "满意", "公众投诉率", "≤5%"),
    ("A06", "满意", "群众满意度", "≥60 分"),
    ("A06", "满意", "群众满意度", "≤60%"),
    ("A09", "社会", "窗口服务水平", "良好"),
    ("A09", "社会", "网上办件占比", "较上年提高 5 个百分点"),
    ("A09", "社会", "审批效能", "按计划保障落实到位"),
    ("A10", "数量", "安全事故", "0 起"),
    ("A10", "质量", "设备正常运行率", "100%"),
    ("A10", "数量", "培训期数", "5-10 期"),
    ("A10", "数量", "接待人次", "较上年增长 5%"),
    ("A10", "数量", "培训人数", "约 300 人"),
    ("A10", "数量", "大厅面积", "10376.01"),
    ("A10", "时效", "企业开办时间", "3 小时内"),
    # F: deadlines in the year of the table
    ("F01", "时效", "设备采购", "2024 年底"),
    ("F01", "时效", "设备采购", "2023 年 10 月至 2024 年 9 月"),
    ("F01", "时效", "设备巡检", "每年 12 月底前"),
    ("F01", "时效", "设备采购", "6 月 30 日前"),
    ("F02", "时效", "设备采购", "2024 年 11 月底前"),
    ("F02", "时效", "设备巡检", "全年"),
    ("F02", "时效", "设备巡检", "每年底"),
]


@pytest.mark.parametrize(("code", "slot", "name", "value"), QUIET, ids=lambda text: text[:24])
def test_a_rule_is_quiet_on_what_is_fine_or_not_its_matter(
    code: str, slot: str, name: str, value: str
) -> None:
    assert said(rows(slot, (name, value)), code) == []


SPOKEN = [
    ("C04", "数量", "大厅办公区域面积", "10376.01", "如“10376.01 平方米”"),
    ("C04", "质量", "企业满意率", "≥98", "如“≥98 %”"),
    ("C04", "数量", "培训期数", "5-10", "没有单位"),
    ("C08", "社会", "窗口服务水平", "良好", "指标解释"),
    ("R01", "数量", "一窗受理事项比例", "≥70%", "请移到“质量指标”"),
    ("R02", "数量", "评审费用", "30 万/年", "请移到“成本指标”"),
    ("R03", "质量", "群众诉求满意率", "≥91%", "请移到“服务对象满意度指标”"),
    ("R04", "时效", "政务服务事项最多跑一次", "90%", "“≤3 个工作日”"),
    ("R04", "时效", "项目开工", "良好", "与时间无关"),
    ("R05", "满意", "企业和群众满意度", "不断优化", "请写百分比"),
    ("R05", "满意", "群众对热线知晓率", "≥90%", "不是满意度"),
    ("R06", "成本", "评审专家人数", "20000/人/年", "看不出是成本"),
    ("R06", "成本", "合格率", "≥95%", "看不出是成本"),
    ("R06", "成本", "培训费用", "50 人", "看不出是成本"),
    ("R07", "质量", "受理率和按期办结率", "≥95%", "请拆成两条：“受理率”和“按期办结率”"),
    ("R08", "数量", "每次评审专家不少于5人", "≥25 次", "名称只写“每次评审专家”"),
    ("R08", "质量", "设备完好率达到 98% 以上", "≥98%", "“达到 98% 以上”写到指标值里"),
    ("R08", "质量", "≥98%", "≥98%", "名称只写“考核的事项”"),
    ("A01", "成本", "租车费用", ">5 万元", "控制数写“≤5 万元”"),
    ("A01", "成本", "专家费用", "不少于 3000 元/人", "控制数写“≤3000 元/人”"),
    ("A02", "成本", "租车费用", "≤13.01 万元", "超过“年度资金总额”13 万元"),
    ("A02", "成本", "租车费用", "10-20 万元", "超过“年度资金总额”13 万元"),
    ("A02", "成本", "项目总投资", "≤5000 万元", "超过“年度资金总额”13 万元"),
    ("A03", "成本", "每月工资费用", ">1.1 万元", "全年至少 1.1 万元 × 12 = 13.2 万元"),
    ("A03", "成本", "房租", "≤4 万元/季度", "全年 4 万元 × 4 = 16 万元"),
    ("A03", "成本", "日均餐费", "600 元", "全年 0.06 万元 × 250 = 15 万元"),
    ("A03", "成本", "每周巡检费用", "≤0.3 万元", "每周约在 0.25 万元以内"),
    ("A04", "质量", "设备正常运行率", "≥105%", "超过了 100%"),
    ("A04", "质量", "设备正常运行率", "90%-120%", "超过了 100%"),
    ("A04", "满意", "提高群众满意度", "≥105%", "超过了 100%"),
    ("A05", "质量", "年内弃渣现象减少", "≤3%", "请写“≥3%”"),
    ("A05", "质量", "差错率", "≥3%", "是不是“≤3%”"),
    ("A05", "满意", "群众满意度", "≤98%", "是不是“≥98%”"),
    ("A06", "满意", "群众满意度", "≥60%", "通常不低于 80%"),
    ("A06", "满意", "群众满意度", "100%", "难以做到"),
    ("A09", "社会", "审批环节", "不断精简", "“较上年降低 5%”"),
    ("A09", "社会", "服务能力", "全力保障", "没有起点和幅度"),
    ("A09", "社会", "服务能力", "不断提高", "“较上年提高 5 个百分点”"),
    ("A10", "成本", "水电成本", "2 万元", "不能超过的写“≤2 万元”"),
    ("A10", "数量", "自助终端", "23 台", "至少要达到的写“≥23 台”"),
    ("A10", "数量", "自助终端", "100 台", "至少要达到的写“≥100 台”"),
    ("A10", "质量", "公众投诉率", "5%", "不能超过的写“≤5%”"),
    ("A10", "时效", "按期办结率", "95%", "至少要达到的写“≥95%”"),
    ("A10", "时效", "企业开办时间", "3 小时", "不能超过的写“≤3 小时”"),
    ("F01", "时效", "设备采购", "2023 年底", "请写“2024 年底”"),
    ("F01", "时效", "设备采购", "2025 年 6 月底前", "最晚应在 2024 年"),
    ("F01", "时效", "设备采购", "2020 年 2 月 29 日前", "本表是 2024 年度的目标。"),
    ("F01", "时效", "设备采购", "2023 年 6 月 30 日前", "请写“2024 年 6 月 30 日前”"),
    ("F01", "时效", "设备采购", "2022 年 1 月至 2023 年 6 月", "本表是 2024 年度的目标。"),
    ("F02", "时效", "设备采购", "2024 年 12 月 31 日前", "“10 月底前”"),
]


@pytest.mark.parametrize(("code", "slot", "name", "value", "words"), SPOKEN, ids=lambda text: text[:24])
def test_a_rule_names_what_it_found_and_what_to_write_instead(
    code: str, slot: str, name: str, value: str, words: str
) -> None:
    (problem,) = said(rows(slot, (name, value)), code)
    assert words in f"{problem.message}。{problem.hint}"


def test_what_gets_better_is_fine_once_it_is_explained() -> None:
    sample = rows("社会", ("审批效能", "不断提高"))
    assert said(sample, "A09")
    assert said(f"{sample}        指标解释: 以上年平均办理时间 5 天为起点\n", "A09") == []


COSTS = (("设备维护费用", "≤8 万元"), ("业务培训费用", "≤6 万元"))


@pytest.mark.parametrize(
    "costs",
    [
        (("项目总成本", "≤13 万元"), ("业务培训费用", "≤6 万元")),
        (("全部费用", "≤13 万元"), ("业务培训费用", "≤6 万元")),
        (("设备维护费用", "≤8 万元"), ("其中：配件费用", "≤6 万元")),
        (("设备维护费用", "≤8 万元"), ("业务培训费用", "≤6 万元/人")),
        (("设备维护费用", "≤8 万元"), ("审减金额", "6 万元")),
        (("设备维护费用", "≤8 万元"),),
    ],
    ids=["a whole and a part", "a whole by its amount", "其中", "a price", "a saving", "one row"],
)
def test_costs_that_hold_one_another_or_cannot_be_added_are_not_added(
    costs: tuple[tuple[str, str], ...],
) -> None:
    assert said(rows("成本", *costs), "A11") == []


def test_the_sum_of_all_costs_is_shown_with_its_parts() -> None:
    (problem,) = said(rows("成本", *COSTS, ("每月电费", "0.1 万元")), "A11")
    assert "8 万元 + 6 万元 + 1.2 万元 = 15.2 万元" in problem.message


def test_a_cost_that_is_above_the_total_by_itself_is_not_said_again_as_a_sum() -> None:
    sample = rows("成本", ("租车费用", "≤20 万元"), ("培训费用", "≤1 万元"))
    assert said(sample, "A02")
    assert said(sample, "A11") == []


def test_the_whole_investment_of_a_longer_project_may_be_above_the_money_of_one_year() -> None:
    sample = rows("成本", ("工程总投资", "≤5000 万元"))
    assert said(sample, "A02")
    assert said(f"项目期: 3 年\n{sample}", "A02") == []
    assert said(f"项目期: 3 年\n{rows('成本', ('租车费用', '≤20 万元'))}", "A02")
    cost = example("成本指标", "经济成本指标", ("工程总投资", "≤5000 万元"))
    assert said(cost, "A02", CENTRAL) == []


def test_round_amounts_keep_their_noughts() -> None:
    total = "项目资金:\n  年度资金总额: 100\n  财政拨款: 100\n"
    (problem,) = said(total + rows("成本", ("租车费用", "≤200 万元")), "A02")
    assert problem.message.endswith("超过“年度资金总额”100 万元")


def test_amounts_that_are_not_known_are_not_compared() -> None:
    sample = rows("成本", ("租车费用", "≤20 万元"))
    assert said(f"项目资金:\n  年度资金总额: 十三万\n{sample}", "A02") == []
    assert said(f"项目资金:\n  年度资金总额: 0\n{sample}", "A02") == []


WEIGHED = example("成本指标", "经济成本指标", ("每人次培训成本", "≤500 元/人"))


def test_a_row_without_a_weight_among_rows_with_one_is_told_the_weight_that_is_missing() -> None:
    (problem,) = said(WEIGHED, "C05", CENTRAL)
    assert "“每人次培训成本”没有" in problem.message
    assert "所缺的应是 20" in problem.hint


def test_a_missing_weight_is_not_reckoned_where_nothing_is_left_or_two_are_missing() -> None:
    second = "      - 三级指标: 培训总成本\n        指标值: ≤30 万元\n"
    for sample, count in ((f"{WEIGHED}        权重: 20\n{second}", 1), (f"{WEIGHED}{second}", 2)):
        problems = said(sample, "C05", CENTRAL)
        assert len(problems) == count
        assert all("各条相加应为 90" in problem.hint for problem in problems)


@pytest.mark.parametrize(
    ("weight", "words"), [("22.5", "92.5，比表样的 90 多 2.5"), ("15", "85，比表样的 90 少 5")]
)
def test_weights_that_do_not_add_up_say_by_how_much(weight: str, words: str) -> None:
    (problem,) = said(f"{WEIGHED}        权重: {weight}\n", "C05", CENTRAL)
    assert f"相加是 {words}" in problem.message


@pytest.mark.parametrize("weight", ["20", "20.0", "20.00"])
def test_weights_that_add_up_exactly_are_fine(weight: str) -> None:
    assert said(f"{WEIGHED}        权重: {weight}\n", "C05", CENTRAL) == []


def test_a_table_without_any_weight_and_a_form_without_weights_are_fine() -> None:
    text = laid_over("{}", CENTRAL)
    plain = "\n".join(line for line in text.splitlines() if "权重:" not in line)
    codes = {problem.code for problem in checked(plain, "2025/999001/示例.yml").problems}
    assert codes.isdisjoint({"C05", "C06"})
    assert said(rows("数量", ("办理件数", "≥5 件")) + "        权重: 5\n", "C05") == []


def test_the_score_of_execution_is_told_what_it_should_be() -> None:
    (problem,) = said("项目资金:\n  执行率分值: 15\n", "C06", CENTRAL)
    assert "请把“执行率分值”改为 10" in problem.hint


def test_the_score_of_execution_is_left_alone_while_weights_are_wrong() -> None:
    sample = f"项目资金:\n  执行率分值: 15\n{WEIGHED}        权重: 16\n"
    assert said(sample, "C05", CENTRAL)
    assert said(sample, "C06", CENTRAL) == []


@pytest.mark.parametrize("missing", ["项目名称", "主管部门", "实施单位", "年度", "项目资金", "年度总体目标"])
def test_what_identifies_a_project_is_asked_for_by_its_form(missing: str) -> None:
    problems = said(f"{missing}: null\n", "S02")
    assert [missing in problem.message for problem in problems] == [True]


@pytest.mark.parametrize(("count", "words"), [(2, "只有 8 条"), (14, ""), (15, "有 21 条，超过 20 条")])
def test_the_number_of_indicators_is_told_when_it_is_out_of_bounds(count: int, words: str) -> None:
    pairs = tuple((f"第 {number} 类事项数", "≥5 件") for number in range(count))
    problems = said(rows("数量", *pairs), "C09")
    assert [problem.message for problem in problems] == ([] if count < 15 else [f"绩效指标{words}"])


def test_a_table_of_two_indicators_is_too_short() -> None:
    empty = "".join(f"    {slot}: null\n" for slot in ("质量指标", "时效指标", "成本指标"))
    sample = f"绩效指标:\n  产出指标:\n{empty}  效益指标: null\n"
    assert [problem.message for problem in said(sample, "C09")] == ["只有 2 条绩效指标"]


def test_the_share_of_words_is_counted_over_all_indicators_and_may_reach_the_limit() -> None:
    words = tuple((f"第 {number} 类服务", "良好") for number in range(3))
    measured = tuple((f"第 {number} 类事项数", "≥5 件") for number in range(2))
    (problem,) = said(rows("社会", *words), "A08")
    assert "9 条指标里有 3 条是定性的，占 33.3%" in problem.message
    assert "至少 1 条" in problem.hint
    assert said(rows("社会", *words, *measured[:1]), "A08") == []


def test_a_goal_that_shares_no_word_with_any_indicator_is_named() -> None:
    goals = ["确保窗口人员聘用到位，群众办事方便", "维修改造乡镇敬老院，改善特困老年人居住条件"]
    sample = "年度总体目标:\n" + "".join(f"  - {goal}\n" for goal in goals)
    (problem,) = said(sample, "R09")
    assert problem.message.startswith("目标 2“维修改造乡镇敬老院")


def test_usual_words_do_not_make_a_goal_served_and_short_goals_are_not_judged() -> None:
    offered = rows("社会", ("保障各项工作有效落实", "良好"))
    goal = "年度总体目标:\n  - 保障各项工作有效落实，维修改造乡镇敬老院和卫生院\n"
    assert said(goal + offered, "R09")
    assert said("年度总体目标:\n  - 维修敬老院\n", "R09") == []


@pytest.mark.parametrize(
    ("period", "attribute", "codes"),
    [
        ("99 年", "02-经常性项目", {"F03"}),
        ("99年", "0101-一年期项目", {"F03"}),
        ("1年", "02-经常性项目", {"F04"}),
        ("一年", "02-经常性项目", {"F04"}),
        ("3 年", "0101-一年期项目", {"F04"}),
        ("3 年", "02-经常性项目", set()),
        ("1 年", "0101-一年期项目", set()),
        ("长期", "02-经常性项目", set()),
        ("2024-2026 年", "0101-一年期项目", set()),
        ("1 年", "其他", set()),
    ],
)
def test_period_and_attribute_are_compared_where_both_are_understood(
    period: str, attribute: str, codes: set[str]
) -> None:
    sample = f"项目期: {period}\n项目属性: {attribute}\n"
    assert {code for code in ("F03", "F04") if said(sample, code)} == codes


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 年", 1),
        ("１年期", 1),
        ("三个年度", 3),
        ("十年", 10),
        ("长期", None),
        ("12 个月", None),
        ("0 年", None),
    ],
)
def test_a_period_is_read_in_years_or_not_at_all(text: str, number: int | None) -> None:
    assert years(text) == number


def test_years_that_stand_for_long_are_one_thing_and_a_wrong_attribute_another() -> None:
    (recurrent,) = said("项目期: 99 年\n项目属性: 02-经常性项目\n", "F03")
    assert "代表长期的数" in recurrent.message
    (other,) = said("项目期: 99 年\n项目属性: 0101-一年期项目\n", "F03")
    assert "项目属性是“0101-一年期项目”" in other.message


def test_a_form_without_a_better_place_gets_no_advice_to_move() -> None:
    whole = SCHEMAS.forms["ningxia-2024"]
    document, _ = parse(
        laid_over(rows("数量", ("受理事项比例", "≥70%"), ("审减金额", "3 万元"))).encode(), "示例.yml"
    )
    assert document is not None
    for form, codes in (
        (whole, {"R01", "R02"}),
        (replace(whole, level1=_only(whole, Topic.QUANTITY)), set()),
    ):
        one = subject(decode.project(document.data, form), form, SCHEMAS.words, SCHEMAS.terms)
        found = {finding.code for finding in rules.run(one, Settings())}
        assert found & {"R01", "R02"} == codes


def _only(form: Form, topic: Topic) -> tuple[Level1, ...]:
    return tuple(
        replace(level1, level2=tuple(slot for slot in level1.level2 if slot.topic is topic))
        for level1 in form.level1
    )


def test_a_deadline_may_be_as_late_as_the_period_lasts_or_later_where_that_is_not_known() -> None:
    late = rows("时效", ("设备采购", "2026 年 6 月底前"))
    assert said(late, "F01")
    for period in ("2 年", "长期", "99 年"):
        assert bool(said(f"项目期: {period}\n{late}", "F01")) is (period == "2 年")
    assert said(f"项目期: 3 年\n{late}", "F01") == []
    over = example("产出指标", "时效指标", ("设备采购时间", "2027 年 6 月底前"))
    assert said(over, "F01", CENTRAL) == []


def test_the_findings_on_the_real_projects_are_the_ones_read_by_eye() -> None:
    found: Counter[str] = Counter()
    for path in (ROOT / "targets/2024/067001").glob("*.yml"):
        document, _ = parse(path.read_bytes(), path.name)
        assert document is not None
        form = SCHEMAS.forms.get(decode.form_id(document.data) or "")
        if form is not None:
            one = subject(decode.project(document.data, form), form, SCHEMAS.words, SCHEMAS.terms)
            found.update(finding.code for finding in rules.run(one, Settings()) if finding.code[0] in "CRAF")
    assert found == Counter(
        {"C02": 3, "C04": 1, "C09": 3, "C10": 3}
        | {"R01": 1, "R02": 2, "R03": 4, "R04": 5, "R05": 2, "R06": 1, "R07": 1, "R08": 1}
        | {"A01": 9, "A03": 1, "A05": 1, "A09": 27, "A10": 22, "F02": 3, "F03": 1, "F04": 3}
    )


ODD = st.sampled_from(
    [
        "",
        "0",
        "-5",
        "≤1e9 万元",
        "≥" + "9" * 190 + " 万元",
        "±5%",
        "1/3",
        "每月 31 日前",
        "2 月 29 日前",
        "＞５％",
        "%",
        "年",
    ]
)


@pytest.mark.parametrize("name", SCHEMAS.forms)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_rule_fails_whatever_a_project_says(name: str, data: st.DataObject) -> None:
    form = SCHEMAS.forms[name]
    project = data.draw(projects(form))
    values = data.draw(st.lists(ODD, min_size=len(project.indicators), max_size=len(project.indicators)))
    odd = tuple(
        replace(row, value=value, path=(INDICATORS, number))
        for number, (row, value) in enumerate(zip(project.indicators, values, strict=True))
    )
    for record in (project, replace(project, indicators=odd, period="99 年")):
        one = subject(record, form, SCHEMAS.words, SCHEMAS.terms)
        for rule in RULES:
            assert all(found.code == rule.code for found in rule.check(one, rule.limits))
