from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import yaml

from builder.check import check
from builder.collection import collect
from builder.grid import form_grid
from builder.render import render
from builder.tree import read_file
from tests import provenance as source
from tests.records import ROOT, SCHEMAS

if TYPE_CHECKING:
    from builder.model import Project

FORMS = source.source_forms()
PAGE = (ROOT / "docs" / "data-provenance.md").read_text(encoding="utf-8")
each_form = pytest.mark.parametrize("number", FORMS)


@cache
def _project(number: int) -> Project:
    path = source.FOLDER / f"{source.STEMS[number]}.yml"
    project = check(read_file(path, inside=source.FOLDER), SCHEMAS).project
    assert project is not None
    return project


def _ordered(data: object) -> object:
    """Nested data in which the order of keys counts."""
    if isinstance(data, dict):
        return [(key, _ordered(value)) for key, value in data.items()]
    return [_ordered(item) for item in data] if isinstance(data, list) else data


def _grid_cells(number: int) -> list[str]:
    grid = form_grid(_project(number), SCHEMAS.forms["ningxia-2024"])
    return [grid.title, grid.subtitle, *(cell.text for line in grid.lines for cell in line)]


def test_the_source_text_is_the_one_that_was_taken_over_byte_for_byte() -> None:
    assert sha256(source.SOURCE.read_bytes()).hexdigest() == source.SHA256


def test_the_folder_holds_a_file_for_every_form_and_no_other_project() -> None:
    stems = {path.stem for path in source.FOLDER.glob("*.yml")}
    assert stems == {*source.STEMS.values(), "部门"}


@each_form
def test_every_key_and_character_of_a_file_is_as_the_source_has_it(number: int) -> None:
    written = source.read_yaml(number)
    written.pop("豁免", None)
    assert _ordered(written) == _ordered(source.expected_yaml(FORMS[number]))


@each_form
def test_whatever_the_repairs_no_text_is_lost_and_none_is_added(number: int) -> None:
    data = source.read_yaml(number)
    data.pop("豁免", None)
    indicators, goals = data.pop("绩效指标"), data.pop("年度总体目标")
    owner = f"{data.pop('主管部门')} {data.pop('部门代码')}"
    head = [text for key, text in data.items() if key not in {"表样", "年度", "序号", "项目资金"}]
    written = [*head, owner, *data["项目资金"].values(), *source.leaves(indicators)]
    cells = [cell for line in source.form_lines()[number].values() for cell in line if cell]
    (said,) = (cell for cell in cells if "目标 1: " in cell)
    assert Counter(text for text in written if text != "null") == Counter(
        cell for cell in cells if cell != said and not _is_label(cell)
    )
    assert re.sub("</?p>|目标 [1-9]: | ", "", said) == "".join(goals).replace(" ", "")


def _is_label(cell: str) -> bool:
    words = {
        "项目名称",
        "主管部门及代码",
        "实施单位",
        "项目属性",
        "项目期",
        "其他资金",
        "年度总体目标",
        "绩效指标",
    }
    levels = {*source.LEVELS, *(slot for slots in source.LEVELS.values() for slot in slots)}
    printed = source.label(cell)
    return (
        cell in source.PRINTED
        or printed in {*words, *source.HEADINGS, *levels, "产出", "指标"}
        or printed.partition("（")[0] in levels
        or printed.startswith("部门项目支出预算绩效目标表 ")
    )


def test_the_reading_takes_every_cell_of_the_indicators_exactly_once() -> None:
    lines = source.source_lines()
    rows = source.indicator_lines()
    cells = {
        (line, n) for line in rows for n, cell in enumerate(lines[line]) if cell not in {"", source.BLOCK}
    }
    assert source.used_cells() == Counter(cells)


def test_every_declared_repair_and_spelling_answers_something_in_the_source() -> None:
    lines = source.source_lines()
    cells = {cell for line in lines.values() for cell in line}
    assert set(source.PRINTED) <= cells
    assert all(repair.line in source.form_lines()[repair.form] for repair in source.REPAIRS)
    assert "<p>" in lines[source.TAGGED][1]


@each_form
def test_every_row_stands_in_the_taxonomy_and_in_its_order(number: int) -> None:
    order = [(level1, slot) for level1, slots in source.LEVELS.items() for slot in slots]
    places = [order.index((row.level1, row.level2)) for row in FORMS[number].rows]
    assert places == sorted(places)


def test_the_counts_are_those_of_the_six_forms_on_paper() -> None:
    rows = [row for number in FORMS for row in _project(number).indicators]
    assert [len(_project(number).indicators) for number in FORMS] == [13, 21, 25, 11, 18, 21]
    assert len(rows) == 109
    assert Counter(row.level2 for row in rows) == {
        "数量指标": 28,
        "质量指标": 16,
        "时效指标": 13,
        "成本指标": 14,
        "经济效益指标": 2,
        "社会效益指标": 14,
        "生态效益指标": 1,
        "可持续影响指标": 11,
        "服务对象满意度指标": 10,
    }


def test_the_amounts_keep_their_digits_and_add_up() -> None:
    totals = [_project(number).total for number in FORMS]
    assert [str(total) for total in totals] == ["64.8605", "13.00", "69.00", "30.00", "8.00", "10.00"]
    assert sum(total or 0 for total in totals) == Decimal("194.8605") == source.total(FORMS.values())
    funds = [[fund.amount for fund in _project(number).funds] for number in FORMS]
    assert funds == [[total, 0] for total in totals]


def test_each_value_that_the_source_lacks_is_waived_and_no_other() -> None:
    missing = {(n, row.name) for n, form in FORMS.items() for row in form.rows if row.value is None}
    empty = {(n, row.name) for n in FORMS for row in _project(n).indicators if row.value is None}
    waived = {
        (n, name)
        for n in FORMS
        for waiver in _project(n).waivers
        for name in waiver.indicators
        if waiver.rule == "C02"
    }
    assert len(missing) == 3
    assert missing == empty == waived


def test_the_check_finds_no_error_in_the_data() -> None:
    outcome = collect([Path("targets/2024/067001")], SCHEMAS, base=ROOT).outcome
    assert not outcome.failed(strict=False)
    assert (outcome.files, outcome.projects, outcome.indicators) == (7, 6, 109)


def test_the_department_file_says_what_the_source_says_and_nothing_more() -> None:
    text = (source.FOLDER / "部门.yml").read_text(encoding="utf-8")
    owner = FORMS[1].field(source.OWNER).split(" ")[0]
    assert yaml.safe_load(text) == {"部门名称": owner, "附件标题": source.attachment()}


@each_form
def test_the_printed_form_has_the_cells_of_the_source_and_no_other(number: int) -> None:
    cells, expected = _grid_cells(number), source.printed_cells(FORMS[number])
    assert Counter(cells) == Counter(expected)
    assert cells == expected


@each_form
def test_the_form_as_a_web_page_has_the_cells_of_the_source_and_no_other(number: int) -> None:
    grid = form_grid(_project(number), SCHEMAS.forms["ningxia-2024"])
    cells = source.html_cells(render("parts/target_form.html", view=SimpleNamespace(form=grid)))
    expected = source.printed_cells(FORMS[number])
    assert Counter(cells) == Counter(expected)
    assert cells == expected


def _page_rows(section: str) -> list[list[str]]:
    """The cells of the table rows under one heading of the public page, its heading row left out."""
    text = PAGE.partition(f"{{#{section}}}")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in text.split("\n") if line.startswith("| ")]
    return rows[1:]


def test_the_public_page_lists_every_repair_as_it_is_declared() -> None:
    lines = source.source_lines()
    rows = {row.line: row for form in FORMS.values() for row in form.rows}
    expected = []
    for repair in source.REPAIRS:
        row = rows[repair.line]
        had = "→".join(lines[repair.line]).rstrip("→")
        has = " / ".join([row.level1, row.level2, row.name, row.value or "null"])
        expected.append([f"表{repair.form}", str(repair.line), f"`{had}`", f"`{has}`", repair.what])
    assert _page_rows("repairs") == expected


def test_the_public_page_lists_every_spelling_that_is_printed_otherwise() -> None:
    expected = [[f"`{found}`", f"`{printed}`"] for found, printed in source.PRINTED.items()]
    assert _page_rows("labels") == expected


def test_what_the_public_page_calls_an_original_mistake_stands_on_the_lines_it_names() -> None:
    lines = {number: "\t".join(cells) for number, cells in source.source_lines().items()}
    for _, numbers, quoted, _ in _page_rows("kept"):
        text = "".join(lines[int(number)] for number in numbers.split("、"))
        assert all(quote in text for quote in re.findall("`(.*?)`", quoted)), quoted


def test_the_public_page_lists_the_six_forms_and_every_missing_value() -> None:
    for number, form in FORMS.items():
        link = f"[表{number}](jixiao:2024/067001/{source.STEMS[number]})"
        cells = (link, form.field("项目名称"), form.field("年度资金总额："), str(len(form.rows)))
        assert f"| {' | '.join(cells)} |" in PAGE
        for row in form.rows:
            assert row.value is not None or f"| 表{number} | {row.line} | {row.name} |" in PAGE
    assert source.SHA256 in PAGE
