from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from builder import cli
from builder.commands import check
from tests.records import VALID

if TYPE_CHECKING:
    from pathlib import Path


def _jixiao(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-W", "error", "-m", "builder", *words],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **environment},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project folder with one valid file under ``targets/``."""
    path = tmp_path / "targets" / "2024" / "999001" / "示例.yml"
    path.parent.mkdir(parents=True)
    path.write_text(VALID, encoding="utf-8")
    return tmp_path


def _edit(folder: Path, old: str, new: str) -> None:
    path = folder / "targets" / "2024" / "999001" / "示例.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_check_of_a_sound_folder_exits_0_and_counts(folder: Path) -> None:
    done = _jixiao(folder, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "检查了 1 个文件，1 个项目，7 个指标：没有问题。\n"


def test_check_with_an_error_exits_1_and_frames_the_line(folder: Path) -> None:
    _edit(folder, "≤0.3 万元", ">0.3 万元")
    done = _jixiao(folder, "check")
    assert done.returncode == 1
    assert done.stdout.splitlines()[:4] == [
        "targets/2024/999001/示例.yml:29:14 错误 Y11 “>0.3 万元”以“>”开头，在 YAML 里有特殊含义",
        "   29 │         指标值: >0.3 万元",
        "      │                 ^",
        '    建议：请加半角双引号：">0.3 万元"',
    ]


def test_json_has_the_promised_shape(folder: Path) -> None:
    _edit(folder, "指标值: ≥980 项", "指标值: null")
    _edit(folder, "指标值: ≥99%\n", "指标值: null\n")
    waiver = "豁免:\n  - 规则: C02\n    指标: 办理件数\n    理由: 批复原文如此\n"
    path = folder / "targets" / "2024" / "999001" / "示例.yml"
    path.write_text(path.read_text(encoding="utf-8") + waiver, encoding="utf-8")
    done = _jixiao(folder, "check", "--format", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    (problem,) = document["problems"]
    assert list(problem) == ["file", "line", "column", "severity", "code", "message", "hint"]
    assert (problem["line"], problem["column"], problem["severity"], problem["code"]) == (
        26,
        9,
        "error",
        "C02",
    )
    assert [(item["code"], item["reason"]) for item in document["waived"]] == [("C02", "批复原文如此")]
    assert document["counts"]["error"] == 1


def test_a_warning_fails_only_under_strict(folder: Path) -> None:
    path = folder / "targets" / "2024" / "999001" / "示例.yml"
    path.write_text(VALID + "豁免:\n  - 规则: C02\n    理由: 多余\n", encoding="utf-8")
    assert _jixiao(folder, "check").returncode == 0
    assert _jixiao(folder, "check", "--strict").returncode == 1


@pytest.mark.parametrize(
    "words",
    [["check", "nowhere"], ["chekc"], [], ["check", "--format", "xml"], ["check", "--schema", "nowhere"]],
)
def test_what_cannot_run_exits_2_with_one_sentence(folder: Path, words: list[str]) -> None:
    done = _jixiao(folder, *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert any("\u4e00" <= char <= "\u9fff" for char in done.stderr)


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["build", "--help"], ["serve", "--help"]])
def test_help_is_in_chinese(folder: Path, words: list[str]) -> None:
    done = _jixiao(folder, *words)
    assert done.returncode == 0
    assert done.stdout.startswith("用法：")
    assert "options:" not in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no such device here")  # noqa: PTH110
def test_a_report_that_cannot_be_written_out_is_no_success(folder: Path) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123  a device
        done = subprocess.run(
            [sys.executable, "-m", "builder", "check"],
            cwd=folder,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
        )
    assert done.returncode == cli.CANNOT
    assert "无法继续" in done.stderr
    assert "Traceback" not in done.stderr


def test_our_own_bug_exits_3_with_a_report_and_no_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.chdir(folder)
    monkeypatch.setattr(check, "collect", broken)
    assert cli.main(["check"]) == 3
    said = capsys.readouterr().err
    assert "Traceback" not in said
    report = said.strip().rsplit("：", 1)[1]
    with open(report, encoding="utf-8") as stream:  # noqa: PTH123  the path is what the user was told
        assert "ZeroDivisionError" in stream.read()


def test_a_terminal_that_knows_only_gbk_gets_no_traceback(folder: Path) -> None:
    _edit(folder, "示例目标一", "示例目标一\U0001f600")
    _edit(folder, "≤0.3 万元", ">0.3 万元")
    done = subprocess.run(
        [sys.executable, "-m", "builder", "check"],
        cwd=folder,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_control_characters_in_data_do_not_reach_the_terminal(folder: Path) -> None:
    _edit(folder, "示例目标一", "示例\x1b[31m目标")
    assert "\x1b" not in _jixiao(folder, "check").stdout
