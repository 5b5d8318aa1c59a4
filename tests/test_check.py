from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builder.check import USUAL, examine, judge
from builder.gathering import Gathering
from builder.problem import Finding, Severity
from builder.rules import RULES
from tests.records import SCHEMAS, VALID, checked, found, laid_over, source

if TYPE_CHECKING:
    from builder.check import Checked, Examined
    from builder.gathering import Gathered

EDITS = {
    "a misspelt 二级指标": ("    数量指标:", "    数量指表:", [(17, 3, "C01"), (18, 5, "S01")]),
    "a missing 指标值": ("        指标值: ≥980 项\n", "", [(19, 9, "C02")]),
    "an empty 指标值": ("指标值: ≥980 项", "指标值:", [(20, 9, "C02")]),
    "a null 指标值": ("指标值: ≥980 项", "指标值: null", [(20, 9, "C02")]),
    "a blank 指标值": ("指标值: ≥980 项", '指标值: " "', [(20, 14, "S05")]),
    "text where money belongs": ("财政拨款: 13.00", "财政拨款: 13 万元", [(12, 9, "S03")]),
    "an unquoted code": ('"999001"', "067001", [(6, 7, "P00"), (6, 7, "Y11")]),
    "an unquoted >": ("≤0.3 万元", ">0.3 万元", [(29, 14, "Y11")]),
    "a wrong form": ("ningxia-2024", "ningxia-2042", [(1, 5, "S04")]),
    "a year unlike the folder": ("年度: 2024", "年度: 2023", [(2, 5, "P00")]),
    "a missing 必填 slot": (
        "    质量指标:\n      - 三级指标: 培训率\n        指标值: ≥98%\n",
        "",
        [(17, 3, "C01")],
    ),
}


def test_a_valid_record_has_no_problem() -> None:
    result = checked(VALID)
    assert result.problems == ()
    assert result.project is not None
    assert str(result.project.total) == "13.00"


@pytest.mark.parametrize(("old", "new", "expected"), EDITS.values(), ids=EDITS)
def test_one_mistake_gives_its_problem_at_its_place(
    old: str, new: str, expected: list[tuple[int, int, str]]
) -> None:
    assert old in VALID
    assert found(VALID.replace(old, new, 1)) == expected


def test_a_value_of_the_wrong_type_is_one_problem_and_not_two() -> None:
    assert found(VALID.replace("指标值: ≥980 项", "指标值: 980")) == [(20, 14, "S03")]


def test_a_bad_indent_is_not_blamed_on_the_list_item_above() -> None:
    codes = {code for _, _, code in found(VALID.replace("        指标值: ≥980 项", "      指标值: ≥980 项"))}
    assert "Y11" not in codes


def test_a_misspelt_key_names_the_nearest_one() -> None:
    problems = checked(VALID.replace("    数量指标:", "    数量指表:")).problems
    hint = next(problem.hint for problem in problems if problem.code == "S01")
    assert "“数量指标”" in hint


def test_ten_mistakes_in_one_file_are_ten_problems() -> None:
    text = VALID
    for old, new in (
        ("序号: 1", "序号: 一"),
        ('"999001"', "067001"),
        ("项目期: 1 年", "项目期：1 年"),
        ("年度资金总额: 13.00", "年度资金总额: 十三"),
        ("其他资金: 0", "其它资金: 0"),
        ("≤0.3 万元", ">0.3 万元"),
        ("指标值: ≥980 项", "指标值:"),
        ("    时效指标:", "    时效指际:"),
        ("  - 示例目标一", "  - 示例目标一\n  - 5"),
        ("项目属性: 0101-一年期项目", "项目属性: 0101-一年期项目\n项目属性: 重复"),
    ):
        text = text.replace(old, new, 1)
    codes = {code for _, _, code in found(text)}
    assert len(found(text)) >= 10
    assert {"Y07", "Y11", "Y15", "S01", "S03", "C01", "C02"} <= codes


def test_a_file_with_errors_gives_no_project() -> None:
    assert checked(VALID.replace("指标值: ≥980 项", "指标值:")).project is None


WAIVER = "豁免:\n  - 规则: C02\n    指标: 办理件数\n    理由: 批复原文没有指标值\n"


def test_a_waiver_answers_its_finding_and_keeps_the_reason() -> None:
    result = checked(VALID.replace("指标值: ≥980 项", "指标值: null") + WAIVER)
    assert result.problems == ()
    assert [(item.problem.code, item.reason) for item in result.waived] == [("C02", "批复原文没有指标值")]
    assert result.project is not None
    assert result.project.indicators[0].value is None


def test_an_unused_waiver_is_a_warning_at_its_rule() -> None:
    problems = checked(VALID + WAIVER).problems
    assert [(problem.line, problem.column, problem.code) for problem in problems] == [(42, 9, "W01")]
    assert problems[0].severity is Severity.WARNING


def test_a_waiver_that_fits_two_findings_answers_neither() -> None:
    text = VALID.replace("指标值: ≥980 项", "指标值: null").replace("指标值: ≥99%", "指标值: null")
    codes = [code for _, _, code in found(text + "豁免:\n  - 规则: C02\n    理由: 原文如此\n")]
    assert codes == ["C02", "C02", "W02"]


def test_a_waiver_narrowed_by_level2_answers_one_of_two() -> None:
    text = VALID.replace("指标值: ≥980 项", "指标值: null").replace("指标值: ≥99%", "指标值: null")
    waiver = "豁免:\n  - 规则: C02\n    二级指标: 时效指标\n    理由: 原文如此\n"
    assert [(line, code) for line, _, code in found(text + waiver)] == [(20, "C02")]


def test_a_waiver_of_an_unknown_rule_is_an_error() -> None:
    codes = [code for _, _, code in found(VALID + WAIVER.replace("C02", "C99"))]
    assert codes == ["W03"]


def test_a_waiver_can_answer_a_missing_slot() -> None:
    text = VALID.replace("    质量指标:\n      - 三级指标: 培训率\n        指标值: ≥98%\n", "")
    waiver = "豁免:\n  - 规则: C01\n    二级指标: 质量指标\n    理由: 批复原文没有质量指标\n"
    assert found(text + waiver) == []


def test_a_waiver_may_name_several_indicators_and_answers_each() -> None:
    text = VALID.replace("指标值: ≥980 项", "指标值: null").replace("指标值: ≥99%", "指标值: null")
    both = "豁免:\n  - 规则: C02\n    指标:\n      - 办理件数\n      - 按期办结率\n    理由: 原文如此\n"
    assert found(text + both) == []
    assert [code for _, _, code in found(text + both.replace("按期办结率", "没有的"))] == ["C02", "W01"]


TWICE = VALID.replace("办理件数", '"培训率 "').replace(" 培训率", ' "培训率 "')


@pytest.fixture(scope="module")
def faulty() -> list[str]:
    """Files of one department with faults of every rule, more than once; in some, two of one message."""
    texts = [laid_over(rule.bad, rule.form) for rule in RULES] * 3
    assert TWICE.count('"培训率 "') == 2
    return [*texts, TWICE, TWICE, VALID.replace('"999001"', "067001"), *(TWICE,) * 2]


@pytest.mark.parametrize("most", [1, 2, 5])
def test_what_is_only_counted_is_what_would_not_have_been_kept(faulty: list[str], most: int) -> None:
    """Neither the problems that are kept, nor their numbers, nor what may be published depend on it."""
    whole, few = (judge(_examined(faulty), USUAL, kept) for kept in (None, most))
    assert _gathered(few, most) == _gathered(whole, most)
    assert [one.project for one in few] == [one.project for one in whole]
    assert [one.waived for one in few] == [one.waived for one in whole]
    assert any(one.more for one in few)
    assert not any(one.more for one in whole)


def test_two_findings_that_turn_out_to_be_one_problem_are_counted_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Their paths differ and lead to the same place, as neither is written in the file."""
    twice = [Finding("T06", ("没有这一栏", number), "示例") for number in (1, 2)]
    monkeypatch.setattr("builder.rules.run", lambda *_: twice)
    whole, few = (judge(_examined([VALID] * 3), USUAL, kept) for kept in (None, 1))
    assert _gathered(few, 1) == _gathered(whole, 1)
    assert _gathered(few, 1).more[Severity.WARNING, "T06"] == 2


def _examined(texts: list[str]) -> list[Examined]:
    named = ((f"2024/999001/示例{number}.yml", text) for number, text in enumerate(texts))
    return [examine(source(text, name), SCHEMAS) for name, text in named]


def _gathered(files: tuple[Checked, ...], most: int) -> Gathered:
    gathering = Gathering(most)
    for one in files:
        gathering.add(one.problems, one.more)
    return gathering.result()
