from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.grid import form_grid
from tests.records import SCHEMAS, VALID, checked, projects

if TYPE_CHECKING:
    from builder.grid import Cell, Grid
    from builder.model import Project


def _cells(grid: Grid) -> list[Cell]:
    return [cell for line in grid.lines for cell in line]


def _example() -> Grid:
    project = checked(VALID).project
    assert project is not None
    return form_grid(project, SCHEMAS.forms["ningxia-2024"])


@pytest.mark.parametrize("form", SCHEMAS.forms)
@given(data=st.data())
def test_the_cells_cover_the_rectangle_exactly_once(form: str, data: st.DataObject) -> None:
    project: Project = data.draw(projects(SCHEMAS.forms[form]))
    grid = form_grid(project, SCHEMAS.forms[form])
    covered = [
        (row, column)
        for cell in _cells(grid)
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    ]
    assert sorted(covered) == [
        (row, column) for row in range(len(grid.lines)) for column in range(len(grid.columns))
    ]


@pytest.mark.parametrize("form", SCHEMAS.forms)
@given(data=st.data())
def test_every_text_of_the_project_stands_in_a_cell(form: str, data: st.DataObject) -> None:
    project: Project = data.draw(projects(SCHEMAS.forms[form]))
    texts = [cell.text for cell in _cells(form_grid(project, SCHEMAS.forms[form]))]
    everything = "\n".join(texts)
    assert project.name in texts
    assert all(goal in everything for goal in project.goals)
    assert all(row.name in texts and (row.value or "") in texts for row in project.indicators)


def test_labels_span_their_rows_as_on_paper() -> None:
    spans = {cell.lines[0]: (cell.rows, cell.columns) for cell in _cells(_example())}
    assert spans["项目资金（万元）"] == (3, 1)
    assert spans["绩效指标"] == (7, 1)
    assert spans["产出指标"] == (4, 1)
    assert spans["效益指标"] == (2, 1)
    assert spans["数量指标（必填硬性指标）"] == (1, 1)
    assert spans["年度总体目标"] == (1, 1)


def test_amounts_keep_their_printed_digits_and_goals_their_numbers() -> None:
    cells = _cells(_example())
    assert [cell.text for cell in cells if cell.role == "amount"] == ["13.00", "13.00", "0"]
    assert [cell.text for cell in cells if cell.role == "goals"] == ["目标 1：示例目标一"]


def test_the_title_carries_the_number_and_the_year() -> None:
    grid = _example()
    assert (grid.title, grid.subtitle) == ("部门项目支出预算绩效目标表 1", "（2024 年度）")


def test_header_cells_say_what_they_speak_over() -> None:
    scopes = {cell.role: cell.scope for cell in _cells(_example())}
    assert scopes["heading"] == "col"
    assert scopes["level1"] == scopes["level2"] == "rowgroup"
    assert scopes["name"] == scopes["source"] == "row"
    assert scopes["value"] == scopes["amount"] == scopes["field"] == scopes["goals"] == ""
