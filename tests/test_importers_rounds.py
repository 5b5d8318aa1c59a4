from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from builder import decode
from builder.exports.office import document, docx, pdf, xlsx
from builder.form import printed
from builder.grid import form_grid
from builder.importers import office
from builder.importers.kind import Kind
from builder.importers.recognise import unaccounted
from builder.render import render
from builder.source import parse
from tests.importing.scoring import imported, leaves
from tests.records import ROOT, SCHEMAS, projects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from builder.form import Form
    from builder.importers.draft import Draft
    from builder.model import Project
    from tests.importing.record import Leaves

_FOLDER = ROOT / "targets" / "2024" / "067001"
_HAN = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成"
    "会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
)
_FIELDS = ("年度", "序号", "项目名称", "主管部门", "部门代码", "实施单位", "项目属性", "项目期")


def _html(forms: document.Document, projects: list[tuple[Project, Form]]) -> bytes:
    """The tables as the site prints them."""
    del forms
    tables = (
        render("parts/target_form.html", view=SimpleNamespace(form=form_grid(project, form)))
        for project, form in projects
    )
    return f"<!doctype html><meta charset=utf-8><body>{''.join(tables)}".encode()


_SPACES = re.compile(r"\s\s")
WRITERS: dict[str, tuple[Callable[[document.Document, list[tuple[Project, Form]]], bytes], Kind]] = {
    "docx": (lambda made, _: docx.write(made), Kind.PACKAGE),
    "xlsx": (lambda made, _: xlsx.write(made), Kind.PACKAGE),
    "html": (_html, Kind.HTML),
    "pdf": (lambda made, _: pdf.write(made), Kind.PDF),
}


def _six() -> list[tuple[Project, Form]]:
    """The real forms in table order."""
    found = []
    for path in _FOLDER.glob("*.yml"):
        data = parse(path.read_bytes(), path.name)[0]
        if data is not None and "表样" in data.data:
            form = SCHEMAS.forms[str(data.data["表样"])]
            found.append((decode.project(data.data, form), form))
    return sorted(found, key=lambda pair: pair[0].number or 0)


def _printed_fields(project: Project, form: Form) -> Leaves:
    """Every field that the form prints, as its text without white space at the ends."""
    shown = {*printed(form.layout), "年度", "序号"}
    texts = {key: text.strip() for key, text in decode.texts(project, form).items() if key in shown}
    found: Leaves = {(key,): texts[key] for key in _FIELDS if texts.get(key)}
    found |= {("项目资金", key): text for key, text in texts.items() if key not in _FIELDS and text}
    found |= {("年度总体目标", number): goal.strip() for number, goal in enumerate(project.goals)}
    counts: Counter[tuple[str, str]] = Counter()
    for row in project.indicators:
        path = ("绩效指标", row.level1, row.level2, counts[row.level1, row.level2])
        counts[row.level1, row.level2] += 1
        for key in shown & {"三级指标", "指标值", "权重", "指标解释", "备注"}:
            (text,) = decode.column_texts([row], key)
            if text.strip():
                found[*path, key] = text.strip()
    return found


def _silent_differences(project: Project, form: Form, draft: Draft) -> dict[object, tuple[object, object]]:
    """What came back otherwise than it was printed, with no doubt to say so."""
    wanted = _printed_fields(project, form)
    got = {
        path: f"{value:f}" if hasattr(value, "as_tuple") else str(value)
        for path, value in leaves(draft.data)
        if path != ("表样",) and value is not None
    }
    doubted = {doubt.path for doubt in draft.doubts if doubt.path is not None}
    return {
        path: (wanted.get(path), got.get(path))
        for path in {**wanted, **got}
        if wanted.get(path) != got.get(path) and not any(path[: len(other)] == other for other in doubted)
    }


def _differences(forms: list[tuple[Project, Form]], drafts: tuple[Draft, ...]) -> list[object]:
    assert len(forms) == len(drafts)
    pairs = zip(forms, drafts, strict=True)
    return [found for (project, form), draft in pairs if (found := _silent_differences(project, form, draft))]


def _written(carrier: str, forms: list[tuple[Project, Form]]) -> bytes:
    write, _ = WRITERS[carrier]
    return write(document.of_department(forms, name="示例局", year=2024, attachment="附件 2：示例"), forms)


@pytest.mark.parametrize("carrier", WRITERS)
def test_the_six_real_forms_come_back_from_every_format_as_they_were(carrier: str) -> None:
    forms = _six()
    assert len(forms) == 6
    read, result = imported(_written(carrier, forms), WRITERS[carrier][1])
    assert _differences(forms, result.drafts) == []
    assert unaccounted(read, result) == ()
    exact = carrier != "pdf"
    for (project, form), draft in zip(forms, result.drafts, strict=True):
        codes = {doubt.code for doubt in draft.doubts}
        assert codes <= ({"I05"} if exact else {"I05", "I15", "I18", "I19"})
        spaces_aside = {
            path: "".join(str(text).split()) for path, text in _printed_fields(project, form).items()
        }
        got = {path: "".join(str(value).split()) for path, value in leaves(draft.data) if value is not None}
        assert {path: got.get(path) for path in spaces_aside} == spaces_aside


@pytest.mark.parametrize(
    ("carrier", "through", "back"), [("docx", "odt", "docx"), ("xlsx", "ods", "xlsx"), ("docx", "pdf", "")]
)
def test_the_six_real_forms_come_back_after_a_pass_through_libreoffice(
    carrier: str, through: str, back: str, tmp_path: Path
) -> None:
    program = office.find()
    assert program, "no LibreOffice: the tests need libreoffice-writer and libreoffice-calc"
    forms = _six()
    path = tmp_path / f"x.{carrier}"
    path.write_bytes(_written(carrier, forms))
    for target in filter(None, (through, back)):
        words = [program, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
        folder = tmp_path / target / "out"
        subprocess.run(
            [*words, "--convert-to", target, "--outdir", str(folder), str(path)],
            check=True,
            capture_output=True,
            timeout=180,
        )
        path = folder / f"x.{target}"
    _, result = imported(path.read_bytes(), Kind.PDF if through == "pdf" else Kind.PACKAGE)
    assert _differences(forms, result.drafts) == []


def _fit(project: Project) -> Project:
    """Without what no form may hold: texts of white space only."""
    rows = tuple(row for row in project.indicators if row.name.strip())
    goals = tuple(goal for goal in project.goals if goal.strip())
    fit = replace(project, indicators=rows, goals=goals)
    assume(fit.name.strip() and fit.department.strip() and fit.unit.strip() and rows)
    return fit


@pytest.mark.parametrize("form", SCHEMAS.forms.values(), ids=lambda form: form.id)
@pytest.mark.parametrize("carrier", ["docx", "xlsx", "html"])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_form_comes_back_as_printed_or_with_a_doubt(
    carrier: str, form: Form, data: st.DataObject
) -> None:
    project = _fit(data.draw(projects(form)))
    # A web page shows several spaces as one.
    assume(carrier != "html" or not any(_SPACES.search(text) for _, text in decode.written(project)))
    write, kind = WRITERS[carrier]
    made = document.of_project(project, form, attachment=None)
    read, result = imported(write(made, [(project, form)]), kind)
    assert _differences([(project, form)], result.drafts) == []
    assert unaccounted(read, result) == ()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_pdf_of_any_form_in_chinese_comes_back_as_printed_or_with_a_doubt(data: st.DataObject) -> None:
    form = SCHEMAS.forms["ningxia-2024"]
    texts = (
        st.text(st.sampled_from(_HAN + " ,.;1234567890%≥≤"), min_size=1, max_size=40)
        .map(str.strip)
        .filter(bool)
    )
    drawn = _fit(data.draw(projects(form)))
    rows = tuple(
        replace(row, name=data.draw(texts), value=data.draw(st.none() | texts)) for row in drawn.indicators
    )
    goals = tuple(data.draw(texts) for _ in drawn.goals)
    project = replace(
        drawn,
        indicators=rows,
        goals=goals,
        name=data.draw(texts),
        department=data.draw(texts),
        unit=data.draw(texts),
        attribute=data.draw(texts),
        period=data.draw(texts),
    )
    _, result = imported(pdf.write(document.of_project(project, form, attachment=None)), Kind.PDF)
    assert _differences([(project, form)], result.drafts) == []
