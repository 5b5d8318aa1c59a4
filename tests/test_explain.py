from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import markdown as python_markdown  # type: ignore[import-untyped]  # comes with MkDocs
import pytest

from builder import configuration, manual, rules
from builder.check import HISTORY_CODES, PATH_CODES
from builder.codes import CODES, nearest
from builder.problem import SEVERITY_WORDS
from builder.shape import SHAPE_CODES
from builder.waivers import WAIVER_CODES
from builder.yaml_faults import READER_CODES
from tests.command import run
from tests.records import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from builder.codes import Code

PAGE = ROOT / "docs" / "rules.md"
RULES = pytest.mark.parametrize(
    "code", [code for code in CODES.values() if code.rule], ids=lambda code: code.code
)
PLAIN_TAGS = {
    *("h1", "h2", "h3", "p", "ul", "li", "strong", "code", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def test_the_published_page_of_rules_is_what_the_rules_say(request: pytest.FixtureRequest) -> None:
    """``--update-goldens`` writes it anew."""
    if request.config.getoption("--update-goldens"):
        PAGE.write_text(f"{manual.page()}\n", encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == f"{manual.page()}\n"


def test_every_code_that_a_problem_can_have_is_listed_once() -> None:
    expected = {*rules.BY_CODE, *READER_CODES, *SHAPE_CODES, *PATH_CODES, *WAIVER_CODES, *HISTORY_CODES}
    assert set(CODES) == expected
    text = "\n".join(manual.listing())
    listed = re.findall(r"^  ([A-Z][0-9]{2}) ", text, re.MULTILINE)
    assert sorted(listed) == sorted(expected)


def test_every_code_has_an_anchor_on_the_page_and_nothing_else_becomes_markup() -> None:
    html = python_markdown.markdown(manual.page(), extensions=["attr_list", "tables", "pymdownx.superfences"])
    assert sorted(re.findall(r'id="([A-Z][0-9]{2})"', html)) == sorted(CODES)
    bare = re.sub(r"<pre.*?</pre>", "", html, flags=re.DOTALL)
    tags = set(re.findall(r"<([a-z0-9]+)", bare))
    assert tags <= PLAIN_TAGS


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_each_code_is_explained_with_its_title_and_severity(code: Code) -> None:
    first, second, *_ = manual.text(code)
    assert first == f"{code.code} {code.title}"
    assert second.startswith(SEVERITY_WORDS[code.severity])


def _samples(rule: rules.Rule | rules.CrossRule) -> list[str]:
    both = (rule.bad, rule.good)
    return [one for side in both for one in ((side,) if isinstance(side, str) else side)]


@RULES
def test_a_rule_is_explained_with_its_reason_thresholds_and_examples(code: Code) -> None:
    assert code.rule
    for shown in ("\n".join(manual.text(code)), unescape("\n".join(manual.section(code)))):
        assert code.title in shown
        assert code.rule.why in shown
        assert all(f"{limit:f}" in shown and name in shown for name, limit in code.rule.limits.items())
        for line in "\n".join(_samples(code.rule)).splitlines():
            key, _, value = line.strip().partition(": ")
            assert line in shown or (value == "null" and f"# 没有“{key}”" in shown) or line == "{}"


def test_a_key_taken_away_is_told_apart_from_a_value_left_empty() -> None:
    assert "# 没有“质量指标”" in "\n".join(manual.text(CODES["C01"]))
    assert "指标值: null" in "\n".join(manual.text(CODES["C02"]))


def test_the_settings_file_has_the_name_that_readers_are_told() -> None:
    assert manual.SETTINGS_FILE == configuration.RULES_FILE


def test_explain_prints_the_page_of_a_code_in_either_case(tmp_path: Path) -> None:
    done = run(tmp_path, "explain", "c02")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "\n".join(manual.text(CODES["C02"])) + "\n"
    assert run(tmp_path, "explain", "Y11").stdout.startswith("Y11 文字需要加引号\n")


def test_explain_without_a_code_lists_all_and_in_markdown_gives_the_page(tmp_path: Path) -> None:
    assert run(tmp_path, "explain").stdout == "\n".join(manual.listing()) + "\n"
    assert run(tmp_path, "explain", "--format", "markdown").stdout == f"{manual.page()}\n"


def test_a_code_that_is_not_there_ends_with_2_and_names_the_nearest(tmp_path: Path) -> None:
    done = run(tmp_path, "explain", "C2")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("无法继续：没有“C2”这个编号。是不是想查“C02”")


@pytest.mark.parametrize(
    ("word", "code"), [("C2", "C02"), ("v-05", "V05"), ("Ｙ11", "Y11"), ("w1", "W01"), ("S11", "S01")]
)
def test_the_nearest_code_is_of_the_same_letter(word: str, code: str) -> None:
    assert nearest(word)[0] == code


def test_a_word_like_no_code_has_no_nearest() -> None:
    assert nearest("指标") == ()
