"""``jixiao check`` as reviewers and code hosts use it: reports of a change, into files and summaries."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from tests.command import run
from tests.conftest import jixiao
from tests.records import VALID
from tests.test_gitref import git
from tests.test_report import commands

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAMES = ("示例项目", "示例项目二")


def path_of(folder: Path, stem: str) -> Path:
    return folder / "targets" / "2024" / "999001" / f"{stem}.yml"


def write(folder: Path, stem: str, *, name: str = "") -> None:
    """A project with one old mistake: its first 指标值 is missing."""
    text = re.sub("(?m)^序号: .*$", f"序号: {len(stem)}", VALID, count=1)
    text = re.sub("(?m)^项目名称: .*$", f"项目名称: {name or stem}", text, count=1)
    text, number = re.subn("指标值: .*", "指标值: null", text, count=1)
    assert number == 1
    path_of(folder, stem).parent.mkdir(parents=True, exist_ok=True)
    path_of(folder, stem).write_text(text, encoding="utf-8")


def touch(folder: Path, stem: str) -> None:
    with path_of(folder, stem).open("a", encoding="utf-8") as stream:
        stream.write("# 改动\n")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two projects and a mistake in each, committed on ``main``."""
    git(tmp_path, "init", "-b", "main")
    for name in NAMES:
        write(tmp_path, name)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-m", "示例")
    return tmp_path


def listed(folder: Path, *words: str) -> set[tuple[str, str]]:
    """Stem and code of the listed problems that these tests are about."""
    done = run(folder, "check", "--format", "json", *words)
    assert done.stderr == ""
    problems = json.loads(done.stdout)["problems"]
    assert done.returncode == any(one["severity"] == "error" for one in problems)
    return {
        (one["file"].rsplit("/", 1)[1].removesuffix(".yml"), one["code"])
        for one in problems
        if one["code"] in {"C02", "X01"}
    }


def test_only_the_problems_of_changed_files_are_listed(repository: Path) -> None:
    assert listed(repository) == {(name, "C02") for name in NAMES}
    assert listed(repository, "--changed-since", "main") == set()
    touch(repository, NAMES[0])
    assert listed(repository, "--changed-since", "main") == {(NAMES[0], "C02")}
    done = run(repository, "check", "--changed-since", "main")
    assert "处问题与这次改动无关，没有列出。" in done.stdout


def test_a_change_counts_from_where_the_branch_set_out_and_new_files_count(repository: Path) -> None:
    git(repository, "checkout", "-b", "side")
    touch(repository, NAMES[0])
    git(repository, "commit", "-am", "改")
    git(repository, "checkout", "main")
    touch(repository, NAMES[1])
    git(repository, "commit", "-am", "别人的改动")
    git(repository, "checkout", "side")
    assert listed(repository, "--changed-since", "main") == {(NAMES[0], "C02")}
    write(repository, "新增的示例项目")
    assert listed(repository, "--changed-since", "main") == {(NAMES[0], "C02"), ("新增的示例项目", "C02")}


def test_a_problem_the_change_brings_into_another_file_is_listed(repository: Path) -> None:
    write(repository, NAMES[0], name=NAMES[1])
    assert listed(repository, "--changed-since", "main") == {(NAMES[0], "C02"), (NAMES[1], "X01")}


def test_a_problem_across_files_that_was_there_before_is_not_listed(repository: Path) -> None:
    write(repository, NAMES[0], name=NAMES[1])
    git(repository, "commit", "-am", "同名")
    touch(repository, NAMES[0])
    assert (NAMES[1], "X01") in listed(repository)
    assert listed(repository, "--changed-since", "HEAD") == {(NAMES[0], "C02")}


def test_a_change_of_the_rule_settings_touches_everything(repository: Path) -> None:
    (repository / "rules.yml").write_text("V05:\n  严重程度: 错误\n", encoding="utf-8")
    assert listed(repository, "--changed-since", "main") >= {(name, "C02") for name in NAMES}


@pytest.mark.parametrize("revision", ["没有的", "--output=x"])
def test_a_revision_that_is_not_there_ends_with_2(repository: Path, revision: str) -> None:
    done = run(repository, "check", f"--changed-since={revision}")
    assert done.returncode == 2
    assert f"找不到版本“{revision}”" in done.stderr


def test_without_git_the_check_works_and_only_the_change_cannot_be_told(tmp_path: Path) -> None:
    path = tmp_path / "targets" / "2024" / "999001" / "示例.yml"
    path.parent.mkdir(parents=True)
    path.write_text(VALID, encoding="utf-8")
    assert run(tmp_path, "check").returncode == 0
    done = run(tmp_path, "check", "--changed-since", "main")
    assert done.returncode == 2
    assert "不在 git 仓库里" in done.stderr


def test_rule_settings_are_in_force_and_a_named_file_must_be_there(repository: Path) -> None:
    settings = repository / "本地.yml"
    settings.write_text("C02:\n  严重程度: 关闭\n", encoding="utf-8")
    assert listed(repository, "--rules", "本地.yml") == set()
    done = run(repository, "check", "--rules", "没有.yml")
    assert done.returncode == 2
    assert "找不到规则设置“没有.yml”" in done.stderr


def _machine(name: str, text: str) -> Sequence[object]:
    if name == "rdjsonl":
        return [json.loads(line) for line in text.splitlines()]
    document = json.loads(text)
    results: Sequence[object] = document["runs"][0]["results"] if name == "sarif" else document
    return results


@pytest.mark.parametrize("name", ["gitlab", "sarif", "rdjsonl"])
def test_a_report_for_programs_can_go_to_a_file_while_the_text_stays_on_screen(
    repository: Path, name: str
) -> None:
    done = run(repository, "check", "--format", name, "--output", "报告")
    assert done.returncode == 1
    written = (repository / "报告").read_text(encoding="utf-8")
    shown = sum(line.startswith("targets/") for line in done.stdout.splitlines())
    assert len(_machine(name, written)) == shown > 0
    assert "示例项目" in unquote(written)


def test_a_report_for_programs_is_utf_8_whatever_the_terminal_knows(repository: Path) -> None:
    done = jixiao(repository, "check", "--format", "gitlab", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "示例项目" in done.stdout


def test_a_report_that_cannot_be_written_ends_with_2(repository: Path) -> None:
    done = run(repository, "check", "--output", "没有的/报告")
    assert done.returncode == 2
    assert "写不了" in done.stderr


def test_the_step_summary_gets_the_whole_table(repository: Path) -> None:
    summary = repository / "summary.md"
    summary.write_text("之前的内容\n", encoding="utf-8")
    done = run(repository, "check", "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    text = summary.read_text(encoding="utf-8")
    assert commands(done.stdout.splitlines())
    assert text.startswith("之前的内容\n## 绩效目标检查\n")
    assert text.count("| 指标“") >= 2


def test_in_a_pull_request_its_own_files_are_annotated_first(repository: Path) -> None:
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    touch(repository, NAMES[1])

    def files(**environment: str) -> list[str]:
        done = run(repository, "check", "--format", "github", **environment)
        found = commands(done.stdout.splitlines())
        return [properties["file"] for name, properties, _ in found if name == "error"]

    assert files()[0].endswith(f"/{NAMES[0]}.yml")
    assert files(GITHUB_BASE_REF="main")[0].endswith(f"/{NAMES[1]}.yml")
    assert len(files(GITHUB_BASE_REF="没有")) == 2
