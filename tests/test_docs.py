from __future__ import annotations

import re
import tomllib
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

import tasks
from builder import rules
from builder.check import PATH_CODES, check
from builder.model import ProjectId
from builder.shape import SHAPE_CODES
from builder.tree import DEPARTMENT_FILE, SourceFile
from builder.waivers import WAIVER_CODES
from builder.yaml_faults import READER_CODES
from tests.conftest import jixiao
from tests.records import ROOT, SCHEMAS, VALID, checked, found

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

README = ROOT / "README.md"
EDITOR = ROOT / "docs" / "guide" / "editor.md"
PAGES = (README, *sorted((ROOT / "docs").rglob("*.md")))
TEXT = {page: page.read_text(encoding="utf-8") for page in PAGES}
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<kind>\w+)[^\n]*\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)


def _samples(kind: str, start: str) -> list[object]:
    """The fenced blocks of one kind whose first line begins with ``start``."""
    return [
        pytest.param(body, id=f"{page.name}-{number}")
        for page, text in TEXT.items()
        for number, fence in enumerate(_FENCE.finditer(text), 1)
        if fence["kind"] == kind and (body := dedent(fence["body"])).startswith(start)
    ]


def _rows(text: str, first_cell: str) -> Iterator[tuple[str, ...]]:
    """The cells of every table row whose first cell matches."""
    for line in text.splitlines():
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if line.startswith("|") and re.fullmatch(first_cell, cells[0]):
            yield cells


def _value(text: str, key: str) -> str:
    line = re.search(rf"^{key}: *(.+)$", text, re.MULTILINE)
    assert line, f"no {key}"
    return line[1].strip('"')


@pytest.mark.parametrize("text", _samples("yaml", "表样:"))
def test_every_whole_record_in_the_docs_passes_the_check(text: str) -> None:
    assert checked(text, f"{_value(text, '年度')}/{_value(text, '部门代码')}/示例.yml").problems == ()


@pytest.mark.parametrize("text", _samples("yaml", "部门名称:"))
def test_every_department_in_the_docs_passes_the_check(text: str) -> None:
    file = SourceFile(f"2024/999001/{DEPARTMENT_FILE}", text.encode(), ProjectId(2024, "999001", "部门"))
    assert check(file, SCHEMAS).problems == ()


@pytest.mark.parametrize("text", _samples("yaml", "# 节选："))
def test_every_excerpt_quotes_its_file_line_by_line_and_in_order(text: str) -> None:
    first, *quoted = text.splitlines()
    lines = iter((ROOT / first.removeprefix("# 节选：")).read_text(encoding="utf-8").splitlines())
    for line in quoted:
        assert line in lines, f"not in the file, or out of order: {line}"


def test_the_docs_hold_samples_of_each_kind() -> None:
    assert all(_samples("yaml", start) for start in ("表样:", "部门名称:", "# 节选："))


def test_the_report_in_the_readme_is_what_the_program_prints(tmp_path: Path) -> None:
    file = tmp_path / "targets" / "2024" / "999001" / "示例.yml"
    file.parent.mkdir(parents=True)
    wrong = VALID
    for right, mistake in (('"999001"', "999001"), ("≥980 项", "null"), ("≤0.3 万元", ">0.3 万元")):
        wrong = wrong.replace(right, mistake, 1)
    file.write_text(wrong, encoding="utf-8")
    printed = jixiao(tmp_path, "check").stdout
    assert f"$ .venv/bin/jixiao check\n{printed}```\n" in TEXT[README]
    for block in _samples("text", "targets/2024/999001/示例.yml"):
        assert block.values[0] in printed  # type: ignore[attr-defined]  # a pytest.param


def _traps() -> list[tuple[str, str, str]]:
    """Code, wrong line and right line of each row of the clerk's table of traps."""
    rows = [cells[:3] for cells in _rows(TEXT[EDITOR], "[A-Z][0-9]{2}") if len(cells) == 4]
    return [(code, wrong.strip("`"), right.strip("`")) for code, wrong, right in rows]


@pytest.mark.parametrize(("code", "wrong", "right"), _traps())
def test_each_trap_yields_its_code_and_its_cure_does_not(code: str, wrong: str, right: str) -> None:
    key = re.split("[:：]", wrong)[0]

    def codes(line: str) -> set[str]:
        text, number = re.subn(
            rf"^( *){key}: .*$", lambda old: old[1] + line, VALID, count=1, flags=re.MULTILINE
        )
        assert number == 1
        return {problem[2] for problem in found(text)}

    assert code in codes(wrong)
    assert code not in codes(right)


def test_the_clerks_list_of_codes_has_the_programs_own_titles() -> None:
    titles = {
        **READER_CODES,
        **SHAPE_CODES,
        **PATH_CODES,
        **{code: title for code, (title, _) in WAIVER_CODES.items()},
        **{code: rule.title for code, rule in rules.BY_CODE.items()},
    }
    listed = {cells[0]: cells[1] for cells in _rows(TEXT[EDITOR], "[A-Z][0-9]{2}") if len(cells) == 3}
    assert listed == {code: titles.get(code) for code in listed}
    assert listed.keys() >= {*SHAPE_CODES, *WAIVER_CODES, *PATH_CODES}


def _commands(tmp_path: Path) -> set[str]:
    shown = jixiao(tmp_path, "--help").stdout
    return set(re.findall(r"^ {4}([a-z]+) ", shown, re.MULTILINE))


def test_every_command_is_documented_and_none_that_is_not_there(tmp_path: Path) -> None:
    commands = _commands(tmp_path)
    assert commands
    documented = set(re.findall(r"\bjixiao ([a-z]+)\b", "".join(TEXT.values())))
    assert documented == commands


def test_every_make_target_is_documented_in_the_readme_with_its_equal_without_make() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert targets == {*tasks.TASKS, "help"}
    rows = [(cells[0], cells[1]) for cells in _rows(TEXT[README], "`make .*")]
    equals = {f"`make {name}`": f"`py tasks.py {name}`" for name in tasks.TASKS}
    assert dict(rows) == {**equals, "`make help`": "`py tasks.py --help`"}
    assert len(rows) == 2 * len(targets), "once in each language"


def test_no_page_names_a_task_that_is_not_there() -> None:
    words = {*tasks.TASKS, "help"}
    named = set(re.findall(r"(?:\bmake|tasks\.py) ([a-z]+)\b(?=[`\n])", "".join(TEXT.values())))
    assert named <= words


def test_both_halves_of_the_readme_have_the_same_commands() -> None:
    english, chinese = TEXT[README].split("\n## 中文说明\n")
    commands = [
        [fence["body"] for fence in _FENCE.finditer(half) if fence["kind"] == "console"]
        for half in (english, chinese)
    ]
    assert commands[0] == commands[1]
    assert commands[0][0] == "make site\nmake test\n"


def test_every_relative_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", TEXT[README])
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_library_asked_for_is_explained() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *settings["project"]["dependencies"],
        *(one for extra in settings["project"]["optional-dependencies"].values() for one in extra),
        *(one for group in settings["dependency-groups"].values() for one in group),
    ]
    names = {re.split("[<>=]", one)[0].lower() for one in asked}
    rows = _rows(TEXT[ROOT / "docs" / "dependencies.md"], "[A-Za-z][A-Za-z0-9-]*")
    explained = {cells[0].lower() for cells in rows}
    assert names == explained
