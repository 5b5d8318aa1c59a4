from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from builder import desk, filling
from builder.errors import BuilderError
from builder.format import format_text
from builder.rules import Settings
from tests import command
from tests.mutations import FILES, mutations
from tests.records import CENTRAL, ROOT, SCHEMAS, VALID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = "targets/2024/999001/示例.yml"
REAL = "targets/2024/067001"


def check(text: str, name: str = NAME, **beside: str) -> dict[str, Any]:
    others = {f"targets/2024/999001/{stem}.yml": other for stem, other in beside.items()}
    return filling.check(text, name, others, SCHEMAS, Settings())


def test_amounts_are_read_as_the_text_of_their_digits() -> None:
    answer = filling.read(VALID, SCHEMAS)
    assert not answer["problems"]
    assert answer["data"]["项目资金"] == {"年度资金总额": "13.00", "财政拨款": "13.00", "其他资金": "0"}
    assert answer["data"]["年度"] == 2024
    assert filling.read(CENTRAL, SCHEMAS)["data"]["项目资金"]["执行率分值"] == "10"


def test_numbers_too_large_for_a_browser_are_read_as_text() -> None:
    text = VALID.replace("序号: 1", "序号: 9007199254740993")
    answer = filling.read(text, SCHEMAS)
    assert answer["data"]["序号"] == "9007199254740993"
    assert filling.write(text, answer["data"], SCHEMAS) == text


@pytest.mark.parametrize("text", [*FILES.values(), VALID, CENTRAL])
def test_what_was_read_writes_the_same_bytes(text: str) -> None:
    data = json.loads(json.dumps(filling.read(text, SCHEMAS)["data"]))
    assert filling.write(text, data, SCHEMAS) == text
    assert filling.write(None, data, SCHEMAS) == format_text(filling.write(None, data, SCHEMAS), SCHEMAS)


def test_a_text_where_the_form_wants_a_number_is_written_as_that_number() -> None:
    data = filling.read(VALID, SCHEMAS)["data"]
    data["项目资金"] |= {"年度资金总额": "20.50", "财政拨款": "二十"}
    written = filling.write(VALID, data, SCHEMAS)
    assert "年度资金总额: 20.50\n" in written
    assert "财政拨款: 二十\n" in written


def test_the_check_is_that_of_the_command(tmp_path: Path) -> None:
    for number, mutation in enumerate(mutations()):
        if number % 40:
            continue
        folder = tmp_path / str(number)
        name = f"{REAL}/{mutation.stem}.yml"
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(mutation.text, encoding="utf-8", newline="")
        told = json.loads(command.run(folder, "check", "targets", "--format", "json").stdout)
        answer = filling.check(mutation.text, name, {}, SCHEMAS, Settings())
        for kind in ("problems", "waived"):
            assert [{key: one[key] for key in one if key != "file"} for one in told[kind]] == [
                {key: one[key] for key in one if key != "path"} for one in answer[kind]
            ]


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("年度资金总额: 13.00", "年度资金总额: 13.10", "M01", ["项目资金", "年度资金总额"]),
        ("指标值: ≥980 项", "指标值: XX", "V04", ["绩效指标", "产出指标", "数量指标", 0, "指标值"]),
        ("实施单位: 示例局本级\n", "", "S02", []),
        ("项目期: 1 年", "项目期: 1 年\n项目期: 2 年", "Y07", ["项目期"]),
        ("  - 示例目标一", "  - 机密★示例", "P01", ["年度总体目标", 0]),
        ("项目名称: ", "项目名称：", "Y15", ["项目名称"]),
    ],
)
def test_every_problem_has_its_path_into_the_data(old: str, new: str, code: str, path: list[object]) -> None:
    assert old in VALID
    assert path in [one["path"] for one in check(VALID.replace(old, new))["problems"] if one["code"] == code]


def test_paths_lead_to_something_in_the_data() -> None:
    for mutation in mutations():
        answer = filling.check(mutation.text, f"{REAL}/{mutation.stem}.yml", {}, SCHEMAS, Settings())
        data = filling.read(mutation.text, SCHEMAS)["data"]
        for one in (*answer["problems"], *answer["waived"]):
            inside = data
            for step in one["path"]:
                inside = inside[step]


def test_other_files_of_the_department_are_checked_with_it() -> None:
    assert "X02" not in {one["code"] for one in check(VALID)["problems"]}
    assert "X02" in {one["code"] for one in check(VALID, 部门="部门名称: 另一个局\n")["problems"]}
    assert "X01" in {one["code"] for one in check(VALID, 在前面=VALID, 乙=VALID)["problems"]}
    assert "X01" not in {one["code"] for one in check(VALID, 龢=VALID)["problems"]}, "the later one repeats"


def test_the_place_of_a_file_is_checked_as_on_disk() -> None:
    assert [one["code"] for one in check(VALID, "targets/2023/999001/示例.yml")["problems"]] == ["P00"]
    assert [one["code"] for one in check(VALID, "示例.yml")["problems"]] == ["Y14"]


def test_the_preview_is_the_form_on_the_page_of_the_project(real_site: Path) -> None:
    for stem, text in FILES.items():
        page = (real_site / "2024" / "067001" / stem / "index.html").read_text(encoding="utf-8")
        assert filling.preview(text, f"{REAL}/{stem}.yml", SCHEMAS) in page


def test_a_preview_escapes_what_the_data_says() -> None:
    html = filling.preview(VALID.replace("示例项目", "<script>alert(1)</script>"), NAME, SCHEMAS)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_preview_is_there_for_a_record_hardly_begun() -> None:
    assert "<table" in filling.preview("表样: central-2021\n项目名称: 示例\n", NAME, SCHEMAS)
    with pytest.raises(BuilderError, match="表样"):
        filling.preview("项目名称: 示例\n", NAME, SCHEMAS)


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    (tmp_path / "schema").symlink_to(ROOT / "schema")
    (tmp_path / "rules.yml").write_text("M01:\n  严重程度: 关闭\n", encoding="utf-8")

    def asked(name: str, *words: object) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(
            desk.open_desk(tmp_path).answer(json.dumps({"ask": name, "with": words}))
        )
        return told

    return asked


def test_the_desk_answers_in_json_and_refuses_in_a_sentence(ask: Callable[..., dict[str, Any]]) -> None:
    assert ask("read", VALID)["answer"]["data"]["项目名称"] == "示例项目"
    assert not ask("check", VALID.replace("13.00", "13.10", 1), NAME, {})["answer"]["problems"]
    assert ask("write", None, {"项目名称": "半个\ud83d"})["error"].startswith("这些内容写不成")
    assert "表样" in ask("preview", "", NAME)["error"]
    assert "无此" in ask("无此", 1)["error"]


def test_a_half_of_a_pair_is_a_problem_not_a_failure() -> None:
    (problem,) = check(VALID.replace("示例项目", "半个\ud83d"))["problems"]
    assert problem["code"] == "Y02"
