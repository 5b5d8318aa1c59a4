from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from builder import cli, field_table, skeleton
from builder.format import format_text
from builder.schema import validate
from builder.source import parse
from tests.conftest import jixiao
from tests.records import ROOT, SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

    from builder.form import Form

GIVEN = ("--form", "ningxia-2024", "--year", "2025", "--code", "067001", "--name", "示例：培训 经费")
FOLDER = "targets/2025/067001"
each_form = pytest.mark.parametrize("form", SCHEMAS.forms.values(), ids=lambda form: form.id)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project folder without data."""
    (tmp_path / "targets").mkdir()
    return tmp_path


def _new(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command away from any terminal."""
    return jixiao(folder, "new", *words)


def test_a_new_file_stands_at_its_address_with_the_department_s_file_beside_it(folder: Path) -> None:
    done = _new(folder, *GIVEN, "--department", "示例局", "--unit", "示例局本级")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"已建立 {FOLDER}/示例培训经费.yml",
        f"已建立 {FOLDER}/部门.yml",
        f"下一步：填好空着的地方，再运行 jixiao check {FOLDER}/示例培训经费.yml",
    ]
    document, problems = parse((folder / FOLDER / "示例培训经费.yml").read_bytes(), "x.yml")
    assert document is not None
    assert not problems
    assert {key: document.data[key] for key in ("年度", "项目名称", "主管部门", "部门代码", "实施单位")} == {
        "年度": 2025,
        "项目名称": "示例：培训 经费",
        "主管部门": "示例局",
        "部门代码": "067001",
        "实施单位": "示例局本级",
    }
    assert parse((folder / FOLDER / "部门.yml").read_bytes(), "部门.yml")[0].data == {"部门名称": "示例局"}  # type: ignore[union-attr]


def test_check_names_every_place_to_be_filled_and_nothing_else(folder: Path) -> None:
    _new(folder, *GIVEN, "--department", "示例局", "--unit", "示例局本级")
    done = jixiao(folder, "check")
    assert done.returncode == 1
    path = folder / FOLDER / "示例培训经费.yml"
    empty = [
        number
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if line.endswith(('""', "总额:", "拨款:", "其他资金:")) and "#" not in line
    ]
    reported = {
        int(line.split(":")[1]): line for line in done.stdout.splitlines() if line.startswith("targets/")
    }
    assert [line for line, text in sorted(reported.items()) if " C01 " not in text] == empty
    assert all(
        word in done.stdout for word in ("“项目属性”是空的", "“年度资金总额”没有填写", "“指标值”是空的")
    )


def test_a_file_that_is_filled_in_has_the_shape_of_the_form(folder: Path) -> None:
    _new(folder, *GIVEN, "--department", "示例局", "--unit", "示例局本级")
    path = folder / FOLDER / "示例培训经费.yml"
    text = path.read_text(encoding="utf-8")
    lines = []
    for line in text.split("\n"):
        word = "≤0 万元" if line.endswith('指标值: ""') else "示例内容"
        lines.append(
            line + " 0" if line.endswith(("总额:", "拨款:", "其他资金:")) else line.replace('""', f'"{word}"')
        )
    path.write_text("\n".join(lines), encoding="utf-8")
    document, problems = parse(path.read_bytes(), "x.yml")
    assert document is not None
    assert not problems
    assert not list(validate(document.data, SCHEMAS, "project"))


def test_the_department_s_file_gives_the_name_and_stays_as_it_is(folder: Path) -> None:
    path = folder / FOLDER / "部门.yml"
    path.parent.mkdir(parents=True)
    path.write_text("部门名称: 示例县示例局  \n", encoding="utf-8")
    assert _new(folder, *GIVEN).returncode == 0
    assert "主管部门: 示例县示例局\n" in (folder / FOLDER / "示例培训经费.yml").read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "部门名称: 示例县示例局  \n"
    done = _new(folder, *GIVEN, "--stem", "另一个", "--department", "别的局")
    assert (done.returncode, "示例县示例局" in done.stderr) == (2, True)


def test_a_file_that_is_there_is_not_touched(folder: Path) -> None:
    _new(folder, *GIVEN, "--department", "示例局")
    path = folder / FOLDER / "示例培训经费.yml"
    path.write_text("年度: 2025\n", encoding="utf-8")
    done = _new(folder, *GIVEN)
    assert (done.returncode, done.stdout) == (2, "")
    assert "已经有了" in done.stderr
    assert path.read_text(encoding="utf-8") == "年度: 2025\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--form", "ningxia-2024"), "--year、--code、--name"),
        ((*GIVEN,), "--department"),
        ((*GIVEN, "--form", "宁夏", "--department", "甲"), "ningxia-2024、central-2021"),
        ((*GIVEN, "--year", "二〇二五", "--department", "甲"), "要写整数"),
        ((*GIVEN, "--year", "1925", "--department", "甲"), "2000 到 2100"),
        ((*GIVEN, "--year", "9" * 5000, "--department", "甲"), "“年度”"),
        ((*GIVEN, "--code", "../067", "--department", "甲"), "部门代码只写数字"),
        ((*GIVEN, "--name", "  ", "--department", "甲"), "“项目名称”是空的"),
        ((*GIVEN, "--name", "甲\u202e乙", "--department", "甲"), "看不见的字符"),
        ((*GIVEN, "--name", "？！", "--department", "甲"), "--stem"),
        ((*GIVEN, "--stem", "../甲", "--department", "甲"), "不能作文件名"),
        ((*GIVEN, "--stem", "部门", "--department", "甲"), "不能作文件名"),
        ((*GIVEN, "--targets", "没有", "--department", "甲"), "找不到文件夹“没有”"),
        (("--template", "宁夏"), "没有表样“宁夏”"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_one_sentence_and_nothing_is_written(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert cli.main(["new", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_a_name_of_any_length_and_kind_gives_a_file_that_can_be_published(folder: Path) -> None:
    for name in ("甲" * 200, "-甲/乙:丙*?", "\U00020000" * 100, "e\u0301tude № 1", "甲_乙.yml"):
        done = _new(folder, *GIVEN, f"--name={name}", "--department", "示例局")
        assert done.returncode == 0, done.stderr
    assert "Y14" not in jixiao(folder, "check").stdout
    assert len(list((folder / FOLDER).iterdir())) == 6


def test_at_a_terminal_what_is_missing_is_asked_for_until_it_is_right(folder: Path) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "builder", "new", "--year", "2025"]
    answers = "2\n67\n067001\n示例局\n\n示例项目\n\n"
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as process:
        os.close(slave)
        os.write(master, answers.encode())
        out, err = (stream.decode() for stream in process.communicate(timeout=60))
        os.close(master)
    assert process.returncode == 0, err
    assert "1  ningxia-2024" in err
    assert "部门代码只写数字，3 到 21 位" in err
    assert "“项目名称”是空的" in err
    assert f"已建立 {FOLDER}/示例项目.yml" in out
    text = (folder / FOLDER / "示例项目.yml").read_text(encoding="utf-8")
    assert "表样: central-2021\n" in text
    assert '实施单位: ""\n' in text


def test_the_end_of_input_at_a_terminal_stops_without_a_file(folder: Path) -> None:
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "builder", "new"], cwd=folder, stdin=slave, stderr=subprocess.PIPE
    ) as process:
        os.close(slave)
        os.write(master, b"1\n\x04")
        _, err = process.communicate(timeout=60)
        os.close(master)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert not [path for path in folder.rglob("*") if path.is_file()]


@each_form
def test_the_template_has_every_key_and_every_required_slot_of_the_form(folder: Path, form: Form) -> None:
    text = _new(folder, "--template", form.id).stdout
    assert text == skeleton.project(form, SCHEMAS, {})
    assert format_text(text, SCHEMAS) == text
    document, problems = parse(text.encode(), "x.yml")
    assert document is not None
    assert not problems
    schema = SCHEMAS.resolved[form.id]
    assert not {*schema["required"]} - {*document.data}
    strict = any(slot.required for _, slot in form.slots)
    slots = Counter((one, two) for one, group in document.data["绩效指标"].items() for two in group)  # type: ignore[union-attr]
    assert slots == Counter(
        (level1.name, slot.name) for level1, slot in form.slots if slot.required or not strict
    )
    uncommented = text.replace("# ", "")
    assert all(
        f"{key}:" in uncommented for key in (*schema["properties"], *(slot.name for _, slot in form.slots))
    )
    assert all(inner["description"] in text for inner in schema["properties"].values())


@each_form
def test_what_the_template_has_as_comments_may_be_uncommented(form: Form) -> None:
    lines = skeleton.project(form, SCHEMAS, {}).split("\n")
    keys = ("序号:", "经济效益指标:", "生态效益指标:", "曾用路径:", "调整记录:", "豁免:", "  ")
    opened = [
        line.replace("# ", "", 1) if line.strip().startswith(tuple(f"# {key}" for key in keys)) else line
        for line in lines
    ]
    document, problems = parse("\n".join(opened).encode(), "x.yml")
    assert document is not None
    assert not problems
    assert {"序号", "豁免"} <= {*document.data}
    assert not [finding for finding in validate(document.data, SCHEMAS, "project") if finding.code == "S01"]


def test_the_page_of_fields_is_the_one_the_schemas_give(request: pytest.FixtureRequest) -> None:
    path, text = ROOT / "docs" / "fields.md", field_table.page(SCHEMAS)
    if request.config.getoption("--update-goldens"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, (
        "run pytest with --update-goldens and read the difference"
    )


def test_the_page_of_fields_escapes_what_markdown_would_read() -> None:
    changed = {**SCHEMAS.resolved["department"]}
    changed["description"] = "甲 | <b>*乙*</b> [丙](x) `丁`"
    resolved = {**SCHEMAS.resolved, "department": changed}
    schemas = type(SCHEMAS)(SCHEMAS.forms, resolved, SCHEMAS.words, SCHEMAS.terms)
    text = field_table.page(schemas)
    assert "甲 &#124; &#60;b&#62;&#42;乙&#42;&#60;/b&#62; &#91;丙&#93;(x) &#96;丁&#96;" in text
