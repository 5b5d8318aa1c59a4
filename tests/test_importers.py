from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest

from builder.format import layout as laid_out
from builder.importers import report, write
from builder.importers.doubts import IMPORT_CODES
from builder.importers.kind import Kind
from builder.importers.recognise import unaccounted
from builder.importers.run import import_file
from builder.importers.table import filled
from builder.source import parse
from tests.conftest import jixiao
from tests.importing import carriers
from tests.importing.layouts import LAYOUTS
from tests.importing.scoring import imported, leaves, score
from tests.provenance import REPAIRS, SOURCE, indicator_lines, read_yaml
from tests.records import ROOT, SCHEMAS, checked

if TYPE_CHECKING:
    from pathlib import Path

    from builder.importers.draft import Draft, Imported
    from builder.importers.table import Cell, Document
    from tests.importing.drawing import Layout

KINDS = {
    "docx": Kind.PACKAGE,
    "xlsx": Kind.PACKAGE,
    "html": Kind.HTML,
    "tsv": Kind.TEXT,
    "md": Kind.TEXT,
}
CASES = [
    pytest.param(layout, carrier, id=f"{layout.name}-{carrier}")
    for layout in LAYOUTS
    for carrier in KINDS
    if carrier not in layout.skip
]


def _squeezed(text: str) -> str:
    return "".join(text.split())


@cache
def _import_of(name: str, carrier: str) -> tuple[Document, Imported]:
    """One layout in one format, read and recognised."""
    layout = next(layout for layout in LAYOUTS if layout.name == name)
    return imported(carriers.CARRIERS[carrier](layout.parts()), KINDS[carrier])


def _score(layout: Layout, result: Imported) -> Counter[str]:
    pairs = zip(layout.leaves(), result.drafts, strict=True)
    return sum((score(expected, draft) for expected, draft in pairs), Counter())


@pytest.mark.parametrize(("layout", "carrier"), CASES)
def test_every_layout_in_every_format_imports_without_a_silent_mistake(layout: Layout, carrier: str) -> None:
    read, result = _import_of(layout.name, carrier)
    assert len(result.drafts) == len(layout.records)
    counts = _score(layout, result)
    assert {key: number for key, number in counts.items() if key.startswith("wrong")} == {}
    assert {draft.form.id for draft in result.drafts} == {layout.form}
    assert layout.flags <= {doubt.code for draft in result.drafts for doubt in draft.doubts}
    assert unaccounted(read, result) == ()


def test_the_corpus_is_wide_and_nearly_all_of_it_comes_out_right_without_a_doubt() -> None:
    pairs = [(layout, carrier) for layout in LAYOUTS for carrier in KINDS if carrier not in layout.skip]
    counts = sum(
        (_score(layout, _import_of(layout.name, carrier)[1]) for layout, carrier in pairs), Counter[str]()
    )
    assert len({layout.name for layout in LAYOUTS}) == len(LAYOUTS) >= 50
    assert counts["wrong"] == 0
    assert counts["right"] > 0.94 * (counts["right"] + counts["flagged"])


@pytest.mark.parametrize(("layout", "carrier"), CASES)
def test_every_cell_with_text_ends_in_the_yaml_or_in_the_report(layout: Layout, carrier: str) -> None:
    read, result = _import_of(layout.name, carrier)
    made = report.as_markdown([result], write.files([result], SCHEMAS))
    page = _squeezed(made.replace("\\", "").replace("<br>", ""))
    values = {
        cell: draft.value(origin.path)
        for draft in result.drafts
        for origin in draft.origins
        for cell in origin.cells
    }
    for cell in filled(read):
        assert _squeezed(cell.address) in page
        if cell in values:
            assert _holds(values[cell], cell), f"{cell.address} is said to be in a value that it is not in"
        else:
            assert _squeezed(cell.text) in page, f"{cell.address} is nowhere"


def _holds(value: object, cell: Cell) -> bool:
    """Whether a value has something of the cell it was taken from."""
    texts = value if isinstance(value, list) else [str(value)]
    digits = re.sub(r"[^0-9]", "", cell.text)
    if not isinstance(value, str | list):
        number = re.sub(r"[^0-9]", "", f"{value:f}" if hasattr(value, "as_tuple") else str(value))
        return number.strip("0") in digits or digits.strip("0") in number
    return all(
        _squeezed(text) in _squeezed(cell.text) or _squeezed(cell.text) in _squeezed(text) for text in texts
    )


def test_what_is_written_is_in_the_one_layout_of_data_files_and_says_what_was_read() -> None:
    for layout in LAYOUTS:
        _, result = _import_of(layout.name, "docx")
        for file in write.files([result], SCHEMAS):
            document, problems = parse(file.text.encode(), file.path)
            assert document is not None
            assert problems == ()
            assert dict(leaves(document.data)) == dict(leaves(file.draft.data))
            assert laid_out(file.text.encode(), file.path, SCHEMAS) == (file.text, ())


def test_a_form_without_doubts_is_written_as_the_check_wants_it() -> None:
    layout = LAYOUTS[0]
    _, result = imported(carriers.docx(layout.parts()), Kind.PACKAGE)
    (file,) = write.files([result], SCHEMAS)
    assert file.path == "2024/999001/示例基层窗口人员业务培训经费.yml"
    assert file.draft.doubts == ()
    assert [problem for problem in checked(file.text).problems if problem.code[0] in "YSP"] == []


def test_projects_of_the_same_name_get_files_of_their_own() -> None:
    _, result = imported(carriers.docx(LAYOUTS[0].parts()), Kind.PACKAGE)
    files = write.files([result, result], SCHEMAS)
    assert len({file.path for file in files}) == 2


# The text of 平罗县, extracted from a PDF, with 32 rows whose texts do not stand under their headings.


@pytest.fixture(scope="module")
def extracted() -> Imported:
    return imported(SOURCE.read_bytes(), Kind.TEXT, "原文.txt")[1]


def _flagged(draft: Draft) -> set[int]:
    """Lines of the text whose row carries a doubt in the YAML."""
    return {
        cell.line
        for doubt in draft.doubts
        if doubt.path and doubt.path[0] == "绩效指标"
        for origin in draft.origins
        if origin.path[: len(doubt.path)] == doubt.path
        for cell in origin.cells
    }


def test_all_109_indicators_of_the_extracted_text_come_out_as_a_person_read_them(
    extracted: Imported,
) -> None:
    rows = 0
    for number, draft in enumerate(extracted.drafts, 1):
        wanted = {key: value for key, value in read_yaml(number).items() if key != "豁免"}
        got = {path: "null" if value is None else str(value) for path, value in leaves(draft.data)}
        assert got == dict(leaves(wanted))
        rows += sum(path[-1] == "三级指标" for path in got)
    assert (rows, len(extracted.drafts)) == (109, 6)


def test_78_rows_of_the_extracted_text_need_no_help_and_every_displaced_one_is_flagged(
    extracted: Imported,
) -> None:
    flagged = set().union(*map(_flagged, extracted.drafts))
    spaces = {59, 62}  # a label with a space in it is no damage to a reader of labels
    first_half = {15}  # 产出; its 指标 stands three lines below and is flagged there
    below_a_displaced_label = {156, 190}
    displaced = {repair.line for repair in REPAIRS} - spaces - first_half
    assert flagged & indicator_lines() == displaced | below_a_displaced_label
    assert len(indicator_lines() - flagged) == 78


def test_a_doubt_of_the_extracted_text_stands_at_its_line_and_column(extracted: Imported) -> None:
    lines = SOURCE.read_text(encoding="utf-8").split("\n")
    for problem in report.problems([extracted]):
        assert lines[problem.line - 1][problem.column - 1 :].strip()
    (found,) = [one for one in report.problems([extracted]) if (one.line, one.code) == (24, "I04")]
    assert (found.file, found.column) == ("原文.txt", 2)
    assert "三级指标落在“一级指标”一栏" in found.message


def test_the_yaml_of_a_flagged_row_says_so_above_it(extracted: Imported) -> None:
    text = write.files([extracted], SCHEMAS)[0].text
    assert re.search(
        r"\n      # 待核 I04 第24行第2格：错位：[^\n]+\n      - 三级指标: 每月开支聘用人员工资费用\n", text
    )


# The command.


def _import(folder: Path, *words: str) -> tuple[int, str, str]:
    done = jixiao(folder, "import", *words)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def _drawn(folder: Path, layout: Layout, name: str) -> Path:
    path = folder / name
    path.write_bytes(carriers.CARRIERS[path.suffix[1:]](layout.parts()))
    return path


def test_the_command_writes_the_files_and_a_report_and_check_judges_them(tmp_path: Path) -> None:
    _drawn(tmp_path, LAYOUTS[0], "表.docx")
    code, shown, _ = _import(tmp_path, "表.docx")
    assert code == 0
    assert "读了 1 个文件，写了 1 个项目、10 条指标：没有疑问。" in shown
    written = tmp_path / "导入" / "2024" / "999001" / "示例基层窗口人员业务培训经费.yml"
    assert "项目名称: 示例：基层窗口人员业务培训经费" in written.read_text(encoding="utf-8")
    assert "每个值从哪里来" in (tmp_path / "导入" / "导入报告.md").read_text(encoding="utf-8")
    assert "检查了 1 个文件" in jixiao(tmp_path, "check", "导入").stdout


def test_the_command_gives_the_whole_report_as_json(tmp_path: Path) -> None:
    _drawn(tmp_path, LAYOUTS[0], "表.xlsx")
    code, shown, _ = _import(tmp_path, "表.xlsx", "--format", "json", "--output", "out")
    data = json.loads(shown)
    assert code == 0
    assert data["counts"]["projects"] == 1
    (value,) = [one for one in data["files"][0]["values"] if one["path"] == ["项目资金", "年度资金总额"]]
    assert value == {"path": ["项目资金", "年度资金总额"], "value": "130.50", "cells": ["Sheet1!C6"]}


def test_the_command_never_writes_over_a_file_unless_told_to(tmp_path: Path) -> None:
    _drawn(tmp_path, LAYOUTS[0], "表.docx")
    assert _import(tmp_path, "表.docx")[0] == 0
    target = tmp_path / "导入" / "2024" / "999001" / "示例基层窗口人员业务培训经费.yml"
    target.write_text("改过的", encoding="utf-8")
    code, _, said = _import(tmp_path, "表.docx")
    assert code == 2
    assert "没有写任何文件" in said
    assert target.read_text(encoding="utf-8") == "改过的"
    assert _import(tmp_path, "表.docx", "--overwrite")[0] == 0
    assert target.read_text(encoding="utf-8") != "改过的"


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    _drawn(tmp_path, LAYOUTS[0], "好.docx")
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    code, shown, _ = _import(tmp_path, "坏.docx", "好.docx")
    assert code == 1
    assert "坏.docx:1:1 错误 I01 文件已损坏" in shown
    assert "写了 1 个项目" in shown


def test_a_missing_file_and_an_unknown_form_end_with_status_2(tmp_path: Path) -> None:
    assert _import(tmp_path, "没有.docx")[0] == 2
    _drawn(tmp_path, LAYOUTS[0], "表.docx")
    code, _, said = _import(tmp_path, "表.docx", "--form", "nowhere-1900")
    assert code == 2
    assert "ningxia-2024" in said


def test_the_form_can_be_told_and_doubts_count_under_strict(tmp_path: Path) -> None:
    _drawn(tmp_path, LAYOUTS[0], "表.docx")
    code, shown, _ = _import(tmp_path, "表.docx", "--form", "central-2021", "--strict")
    assert code == 1
    assert "I06" in shown


def test_the_six_forms_are_read_by_the_command_from_the_text_as_it_is(tmp_path: Path) -> None:
    code, shown, _ = _import(tmp_path, str(SOURCE))
    assert code == 0
    assert "写了 6 个项目、109 条指标" in shown


def test_text_from_a_document_is_data_in_yaml_report_and_json(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> | `x` **b** {{ 7*7 }} ${HOME} 示例"
    page = tmp_path / "x.html"
    text = carriers.html(LAYOUTS[0].parts()).decode().replace("举办培训期数", evil.replace("<", "&lt;"))
    page.write_text(text, encoding="utf-8")
    result = import_file(page, SCHEMAS)
    (file,) = write.files([result], SCHEMAS)
    assert evil in {value for _, value in leaves(parse(file.text.encode(), "")[0].data)}  # type: ignore[union-attr]
    made = report.as_markdown([result], [file])
    assert "<script>" not in made.replace("\\<", "")
    (row,) = [line for line in made.splitlines() if "alert" in line and "绩效指标" in line]
    assert len(re.findall(r"(?<!\\)\|", row)) == 4


def test_every_code_of_an_import_has_a_title_and_none_is_a_rules_or_a_readers() -> None:
    assert all(re.fullmatch("I[0-9]{2}", code) for code in IMPORT_CODES)
    used = set(
        re.findall(
            r'"(I[0-9]{2})"',
            "".join(
                path.read_text(encoding="utf-8") for path in (ROOT / "builder" / "importers").glob("*.py")
            ),
        )
    )
    assert used == IMPORT_CODES.keys()


HEADING = (
    "项目名称\t示例\n一级指标\t二级指标\t三级指标\t指标值\t权重\t方向性\n"
    "产出指标\t数量指标\t甲\t1 项\t5\t正向\n"
)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("\t\t\t\t\t质量指标\t乙\t2 项\n", "没有导入"),
        ("\t\t\t乙\t2 项\t质量指标\n", "没有导入"),
        ("\t\t乙\t2 项\t5\t质量指标\n", "没有导入"),
        ("\t\t≥2 项\t乙\t5\t正向\n", "像是指标值"),
        ("\t\t乙\t2 项\n", "比表头少"),
        ("合计\t\t\t\t100\t\n", ""),
    ],
)
def test_a_row_that_contradicts_its_heading_is_not_taken_in_silence(row: str, said: str) -> None:
    _, result = imported((HEADING + row).encode(), Kind.TEXT)
    (draft,) = result.drafts
    doubts = [doubt.message for doubt in draft.doubts if doubt.code == "I04"]
    assert bool(doubts) == bool(said)
    assert all(said in message for message in doubts[:1])
    assert said or ("合计", "合计行") in [(cell.text, why) for cell, why in draft.left]


def test_amounts_in_another_unit_are_converted_exactly_and_both_numbers_are_named() -> None:
    text = "项目名称\t示例\n项目资金（元）\t年度资金总额\t1234567.89\n" + HEADING.split("\n", 1)[1]
    _, result = imported(text.encode(), Kind.TEXT)
    (draft,) = result.drafts
    assert str(draft.value(("项目资金", "年度资金总额"))) == "123.456789"
    (doubt,) = [doubt for doubt in draft.doubts if doubt.code == "I07"]
    assert "1234567.89 元" in doubt.message
    assert "123.456789 万元" in doubt.message


def test_a_date_is_no_budget_year_and_two_years_are_a_doubt() -> None:
    for title, year, doubted in (
        ("项目支出绩效目标表\n填表时间 2023年12月5日", None, False),
        ("2024年项目支出绩效目标表\n（2025年度）", 2025, True),
    ):
        _, result = imported(f"{title}\n{HEADING}".encode(), Kind.TEXT)
        (draft,) = result.drafts
        assert draft.data.get("年度") == year
        assert doubted == any(doubt.code == "I12" and doubt.path == ("年度",) for doubt in draft.doubts)
