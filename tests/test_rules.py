"""Every rule on the examples it carries: it speaks on the bad one and is silent on the good one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builder import rules
from builder.check import examine, judge
from builder.model import ProjectId
from builder.rules import settings
from builder.source import parse
from builder.tree import SourceFile
from tests.records import SCHEMAS, VALID, checked, found, laid_over

if TYPE_CHECKING:
    from builder.problem import Problem

YEAR, CODE = 2024, "999001"


def codes(sample: str, rule: rules.Rule) -> set[str]:
    record = laid_over(sample, rule.form)
    year = 2025 if rule.form == "central-2021" else YEAR
    return {problem.code for problem in checked(record, f"{year}/{CODE}/示例.yml").problems}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.code)
def test_a_rule_speaks_on_its_bad_example_and_not_on_its_good_one(rule: rules.Rule) -> None:
    assert rule.code in codes(rule.bad, rule)
    assert rule.code not in codes(rule.good, rule)


def across(samples: tuple[str, ...], form: str) -> list[Problem]:
    files = []
    for number, sample in enumerate(samples, 1):
        is_department = sample.startswith("# 部门")
        text = sample if is_department else laid_over(sample, form)
        document, _ = parse(text.encode(), "示例.yml")
        assert document is not None
        year = document.data.get("年度", YEAR)
        assert isinstance(year, int)
        stem = "部门" if is_department else f"示例{number}"
        name = f"{year}/{CODE}/{stem}.yml"
        files.append(SourceFile(name, text.encode(), ProjectId(year, CODE, stem)))
    return [problem for one in judge([examine(file, SCHEMAS) for file in files]) for problem in one.problems]


@pytest.mark.parametrize("rule", rules.CROSS_RULES, ids=lambda rule: rule.code)
def test_a_rule_across_files_speaks_on_its_bad_example_and_not_on_its_good_one(rule: rules.CrossRule) -> None:
    assert rule.code in {problem.code for problem in across(rule.bad, rule.form)}
    assert rule.code not in {problem.code for problem in across(rule.good, rule.form)}


def test_codes_are_unique_and_of_one_shape() -> None:
    every = [*(rule.code for rule in rules.RULES), *(rule.code for rule in rules.CROSS_RULES)]
    assert len(every) == len({*every})
    assert all(len(code) == 3 and code[0].isupper() and code[1:].isdigit() for code in every)


def _settings(text: str) -> tuple[settings.Settings, list[str]]:
    document, _ = parse(text.encode(), "rules.yml")
    assert document is not None
    made, faults = settings.read(document.data, rules.BY_CODE)
    return made, [f"{fault.message}。{fault.hint}" for fault in faults]


def test_a_place_may_change_severities_and_switch_rules_off() -> None:
    made, faults = _settings("C02:\n  严重程度: 警告\nC01:\n  严重程度: 关闭\n")
    assert faults == []
    text = VALID.replace("指标值: ≥980 项", "指标值: null").replace("    质量指标:", "    时效指标二:")
    (one,) = judge((examine(SourceFile("x.yml", text.encode(), None), SCHEMAS),), made)
    severities = {problem.code: problem.severity.value for problem in one.problems}
    assert severities["C02"] == "warning"
    assert "C01" not in severities
    assert "C01" in {code for _, _, code in found(text)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C20:\n  严重程度: 关闭\n", "是不是想写“"),
        ("C02: 关闭\n", "请在它下面缩进写"),
        ("C02:\n  严重: 关闭\n", "是不是想写“严重程度”"),
        ("C02:\n  严重程度: 不管\n", "可以写：错误、警告、提示、关闭"),
    ],
)
def test_a_wrong_setting_says_what_to_write(text: str, words: str) -> None:
    _, (fault,) = _settings(text)
    assert words in fault
