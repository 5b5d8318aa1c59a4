from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pylopdf_fonts_zh_cn import sans_path, serif_path
from pypdf import PdfReader

from builder import decode
from builder.errors import BuilderError
from builder.exports import office
from builder.exports.office import document
from builder.exports.office.glyphs import covered
from builder.grid import form_grid
from builder.source import parse
from tests.office_cells import Found, docx_text, in_docx, in_pdf, in_xlsx, whole
from tests.records import ROOT, SCHEMAS, VALID, projects

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pypdf import PageObject

    from builder.exports.office.document import Document
    from builder.model import Project

NINGXIA = SCHEMAS.forms["ningxia-2024"]
ATTACHMENT = "附件 2：示例局项目支出预算绩效目标表"
CENTRAL = (ROOT / "tests" / "examples" / "good" / "central-2021.yml").read_text(encoding="utf-8")
REAL = sorted(path for path in (ROOT / "targets" / "2024" / "067001").glob("*.yml") if path.stem != "部门")
HOSTILE = "=1+1 <b>&amp;</b> #let x = panic() _x0041_ ]]> \\u{1} {{ 1 }} \"双\" '单'"


def _project(text: str) -> Project:
    written, _ = parse(text.encode(), "示例.yml")
    assert written is not None
    return decode.project(written.data, SCHEMAS.forms[str(written.data["表样"])])


def _single(project: Project) -> Document:
    return document.of_project(project, SCHEMAS.forms[project.form], attachment=ATTACHMENT)


def _bound(*projects: Project) -> Document:
    pairs = ((project, SCHEMAS.forms[project.form]) for project in projects)
    return document.of_department(pairs, name="示例局", year=2024, attachment=ATTACHMENT)


def _file(made: Document, suffix: str) -> bytes:
    return office.writer(suffix)(made)


def _grid_cells(project: Project) -> set[Found]:
    """What the grid says, straight from the grid."""
    lines = form_grid(project, SCHEMAS.forms[project.form]).lines
    cells = (cell for line in lines for cell in line)
    return {Found(cell.row, cell.column, cell.rows, cell.columns, cell.text) for cell in cells}


def _labels_on_one_line(cells: Iterable[Found]) -> set[Found]:
    """Undo the line break that is put before （必填） in a label."""
    return {replace(cell, text=cell.text.replace("\n（", "（")) for cell in cells}


def _without_space(cells: Iterable[Found]) -> set[Found]:
    """What a PDF keeps of a text: the spaces at the ends of its lines are gone."""
    return {replace(cell, text="".join(cell.text.split())) for cell in cells}


@pytest.mark.parametrize("text", [VALID, CENTRAL, *(path.read_text(encoding="utf-8") for path in REAL)])
def test_each_format_holds_exactly_the_cells_of_the_grid(text: str) -> None:
    project = _project(text)
    made = _single(project)
    wanted = _grid_cells(project)
    (word,), (excel,), (pdf,) = (
        in_docx(_file(made, "docx")),
        in_xlsx(_file(made, "xlsx")),
        in_pdf(_file(made, "pdf")),
    )
    assert _labels_on_one_line(whole(word)) == wanted
    assert _labels_on_one_line(excel) == wanted
    assert whole(item.cell for item in pdf) == _without_space(wanted)


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(char, "")


def _carried(cells: set[Found]) -> set[Found]:
    return {replace(cell, text=document.printable(cell.text)) for cell in cells}


@pytest.mark.parametrize("form", SCHEMAS.forms)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_any_project_a_form_allows_comes_back_from_word_and_excel(form: str, data: st.DataObject) -> None:
    project: Project = data.draw(projects(SCHEMAS.forms[form]))
    made = _single(project)
    wanted = _carried(_grid_cells(project))
    assert _labels_on_one_line(whole(in_docx(_file(made, "docx"))[0])) == wanted
    assert _labels_on_one_line(in_xlsx(_file(made, "xlsx"))[0]) == wanted


@pytest.mark.parametrize("form", SCHEMAS.forms)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_any_project_a_form_allows_becomes_a_pdf_with_a_mark_for_each_letter_it_lacks(
    form: str, data: st.DataObject
) -> None:
    project: Project = data.draw(projects(SCHEMAS.forms[form]))
    assume(not any(map(_is_invisible, "".join(cell.text for cell in _grid_cells(project)))))
    letters = covered(serif_path()) | covered(sans_path()) | {"\n"}
    wanted = {
        replace(cell, text="".join(char if char in letters else "〓" for char in cell.text))
        for cell in _carried(_grid_cells(project))
    }
    (found,) = in_pdf(_file(_single(project), "pdf"))
    assert whole(item.cell for item in found) == _without_space(wanted)


def test_a_bound_file_holds_every_form_in_the_given_order() -> None:
    several = [_project(path.read_text(encoding="utf-8")) for path in REAL]
    several.sort(key=lambda project: project.number or 0)
    made = _bound(*several)
    wanted = [_grid_cells(project) for project in several]
    assert [_labels_on_one_line(whole(form)) for form in in_docx(_file(made, "docx"))] == wanted
    assert [_labels_on_one_line(form) for form in in_xlsx(_file(made, "xlsx"))] == wanted
    pdf = in_pdf(_file(made, "pdf"))
    assert [whole(item.cell for item in form) for form in pdf] == [_without_space(form) for form in wanted]


def test_the_titles_stand_above_the_form() -> None:
    made = _single(_project(VALID))
    word = [paragraph.text for paragraph in docx.Document(io.BytesIO(_file(made, "docx"))).paragraphs]
    sheet = openpyxl.load_workbook(io.BytesIO(_file(made, "xlsx"))).worksheets[0]
    excel = [sheet.cell(row, 1).value for row in (1, 2, 3)]
    pdf = PdfReader(io.BytesIO(_file(made, "pdf"))).pages[0].extract_text().split("\n")
    wanted = [ATTACHMENT, "部门项目支出预算绩效目标表 1", "（2024 年度）"]
    assert word[:3] == excel == [line.strip() for line in pdf[:3]] == wanted


def test_hostile_text_is_text_everywhere() -> None:
    project = replace(_project(VALID), name=HOSTILE, goals=(HOSTILE, "字" * 3000, "x" * 3000))
    first = replace(project.indicators[0], name=HOSTILE, value='=HYPERLINK("http://示例")')
    project = replace(project, indicators=(first, *project.indicators[1:]))
    made = document.of_project(project, NINGXIA, attachment=HOSTILE)
    wanted = _grid_cells(project)
    assert _labels_on_one_line(whole(in_docx(_file(made, "docx"))[0])) == wanted
    assert _labels_on_one_line(in_xlsx(_file(made, "xlsx"))[0]) == wanted
    assert {item.cell for item in in_pdf(_file(made, "pdf"))[0]} == _without_space(wanted)


def test_control_characters_become_visible_and_break_nothing() -> None:
    made = _single(replace(_project(VALID), name="甲\x00乙\x1b[31m\ud800丙\ufffe"))
    seen = "甲�乙�[31m�丙�"
    assert seen in {cell.text for cell in in_docx(_file(made, "docx"))[0]}
    assert seen in {cell.text for cell in in_xlsx(_file(made, "xlsx"))[0]}
    assert seen.replace("�", "〓") in {item.cell.text for item in in_pdf(_file(made, "pdf"))[0]}


def test_a_letter_the_pdf_cannot_show_is_named_below_the_form() -> None:
    made = _single(replace(_project(VALID), unit="𠮷祥局"))
    text = PdfReader(io.BytesIO(_file(made, "pdf"))).pages[0].extract_text()
    assert "〓祥局" in text
    assert "注：〓 处的字，本文件的字库里没有，编码是 U+20BB7" in text


def test_long_text_ends_at_no_page_and_no_row_of_excel() -> None:
    long = "很长的目标，" * 800
    made = _single(replace(_project(VALID), goals=(long,)))
    sheet = openpyxl.load_workbook(io.BytesIO(_file(made, "xlsx"))).worksheets[0]
    heights = [dimension.height or 0 for dimension in sheet.row_dimensions.values()]
    assert max(heights) <= 409 < sum(heights)
    pages = PdfReader(io.BytesIO(_file(made, "pdf"))).pages
    assert all(_lowest(page) > 20 for page in pages)
    assert sum(page.extract_text().count("很") for page in pages) == 800


def _lowest(page: PageObject) -> float:
    """How far above the edge of the paper the lowest text stands, in points."""
    places: list[float] = []

    def see(text: str, matrix: list[float], *_: object) -> None:
        if text.strip():
            places.append(matrix[5])

    page.extract_text(visitor_text=see)
    return min(places)


def test_text_too_long_for_excel_is_refused_in_words() -> None:
    made = _single(replace(_project(VALID), goals=("长" * 40000,)))
    with pytest.raises(BuilderError, match=r"“示例项目”里有一格 40005 个字，Excel 的一格至多 32767 个"):
        _file(made, "xlsx")


def test_amounts_are_numbers_with_their_printed_digits_and_codes_are_text() -> None:
    project = _project(VALID.replace("财政拨款: 13.00", "财政拨款: 12345678901234.5678"))
    made = _single(replace(project, indicators=(replace(project.indicators[0], value="10376.01"),)))
    sheet = openpyxl.load_workbook(io.BytesIO(_file(made, "xlsx"))).worksheets[0]
    cells = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert (cells["13"].data_type, cells["13"].number_format) == ("n", "0.00")
    assert cells["12345678901234.5678"].data_type == "s"
    assert cells["示例局 999001"].data_type == "s"
    assert cells["10376.01"].data_type == "s", "a value is kept to the letter"


def test_worksheets_are_named_by_project_within_the_limits_of_excel() -> None:
    names = ["甲[1]:*?/\\乙", "'引号'", "History", "长" * 40, "长" * 40]
    made = _bound(*(replace(_project(VALID), name=name) for name in names))
    found = openpyxl.load_workbook(io.BytesIO(_file(made, "xlsx"))).sheetnames
    assert found[:3] == ["1 甲·1······乙", "2 '引号", "3 History"]
    assert all(len(name) <= 31 for name in found)
    assert len(set(found)) == 5


def test_word_names_chinese_fonts_in_its_styles_and_repeats_the_headings() -> None:
    word = docx.Document(io.BytesIO(_file(_single(_project(CENTRAL)), "docx")))
    fonts = {
        style.style_id: style.element.rPr.rFonts.get(qn("w:eastAsia"))
        for style in word.styles
        if style.element.rPr is not None and style.element.rPr.rFonts is not None
    }
    assert (fonts["Heading1"], fonts["FormHeading"], fonts["Footer"]) == ("黑体", "黑体", "宋体")
    default = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
    assert default.get(qn("w:eastAsia")) == "仿宋"
    (heading,) = word.element.body.iter(qn("w:tblHeader"))
    row = heading.getparent().getparent()
    assert [docx_text(cell) for cell in row.iterfind(qn("w:tc"))] == [
        *("", "一级指标", "二级指标", "三级指标", "指标值", "分值权重（90）")
    ]
    assert row.getprevious().tag == qn("w:tblGrid"), "Word repeats only the first rows of a table"


def test_excel_repeats_the_headings_and_fits_a4() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(_file(_single(_project(VALID)), "xlsx"))).worksheets[0]
    (row,) = (row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == "名称")
    assert sheet.print_title_rows == f"${row}:${row}"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.cell(row + 1, 1).font.name == "仿宋"
    footer = sheet.HeaderFooter.oddFooter
    assert footer
    assert footer.center
    assert footer.center.text == "第 &P 页 共 &N 页"


def test_a_pdf_is_tagged_titled_bookmarked_and_carries_its_fonts() -> None:
    made = _bound(_project(VALID), replace(_project(CENTRAL), number=2))
    reader = PdfReader(io.BytesIO(_file(made, "pdf")))
    root: Any = reader.root_object
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("zh-CN", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata
    assert reader.metadata.title == ATTACHMENT
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert [item.title for item in reader.outline if not isinstance(item, list)] == [
        "部门项目支出预算绩效目标表 1 示例项目",
        "部门项目支出预算绩效目标表 2 示例：基层工作人员业务培训经费",
    ]
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    fonts = [font for resource in resources for font in resource["/Font"].values()]
    inner = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
    assert all("/FontFile3" in descriptor for descriptor in inner)
    assert {str(item["/FontName"]).split("+")[1] for item in inner} == {
        "NotoSansSC-Regular",
        "NotoSerifSC-Regular",
    }
    assert {tuple(page.mediabox) for page in reader.pages} == {(0, 0, 595.2756, 841.8898)}
    assert "第 2 页 共 2 页" in reader.pages[1].extract_text()


def test_a_screen_reader_hears_for_each_value_the_labels_of_its_row_and_column() -> None:
    (cells,) = in_pdf(_file(_single(_project(CENTRAL)), "pdf"))
    heard = {item.cell.text: item.headers for item in cells if not item.header}
    row = ("绩效指标", "产出指标", "时效指标", "全部培训完成时间")
    assert heard["2025年10月底前"] == ("指标值", *row)
    assert heard["5"] == ("分值权重（90）", *row)
    assert heard["27.50"] == ("项目资金（万元）", "其中：财政拨款")
    assert heard["示例县示例局本级"] == ("实施单位",)
    headers = {item.cell.text for item in cells if item.header}
    assert {"项目名称", "绩效指标", "产出指标", "时效指标", "全部培训完成时间", "指标值"} <= headers


def test_a_format_whose_library_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "builder.exports.office.pdf", raising=False)
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(
        BuilderError, match=r"生成 PDF 文件还缺“typst”：请运行 pip install 'jixiao\[office\]'"
    ):
        office.writer("pdf")


def _export(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-W", "error", "-m", "builder", "export", *words],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **environment},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project folder with two valid files and the department's own."""
    place = tmp_path / "targets" / "2024" / "999001"
    place.mkdir(parents=True)
    (place / "示例.yml").write_text(VALID, encoding="utf-8")
    other = VALID.replace("序号: 1", "序号: 2").replace("示例项目", "另一个示例")
    (place / "另一.yml").write_text(other, encoding="utf-8")
    (place / "部门.yml").write_text(f"部门名称: 示例局\n附件标题: {ATTACHMENT}\n", encoding="utf-8")
    return tmp_path


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_export_writes_each_project_in_each_format(folder: Path) -> None:
    done = _export(folder, "--output", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("已导出 6 个文件：out（")
    stems = ("示例", "另一")
    assert set(_files(folder / "out")) == {f"2024/999001/{s}.{f}" for s in stems for f in office.FORMATS}


def test_export_binds_a_department_in_table_order(folder: Path) -> None:
    assert _export(folder, "--bound", "--format", "xlsx", "--output", "out").returncode == 0
    (data,) = _files(folder / "out").values()
    assert (folder / "out" / "2024" / "999001.xlsx").exists()
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["1 示例项目", "2 另一个示例"]


def test_one_file_exports_as_it_does_with_its_folder_and_a_withheld_one_nowhere(folder: Path) -> None:
    place = folder / "targets" / "2024" / "999001"
    withheld = VALID.replace("项目名称: 示例项目", "公开: 否\n项目名称: 不公开示例")
    (place / "不公开.yml").write_text(withheld, encoding="utf-8")
    (place / "示例.yml").write_text(VALID.replace("序号: 1", "序号: 3"), encoding="utf-8")
    _export(folder, "--output", "all")
    _export(folder, "targets/2024/999001/示例.yml", "--output", "one")
    everything, one = _files(folder / "all"), _files(folder / "one")
    assert (len(everything), len(one)) == (6, 3)
    assert one.items() <= everything.items()
    assert _export(folder, "targets/2024/999001/不公开.yml").returncode == 2


def test_an_error_in_another_file_does_not_stop_the_file_asked_for(folder: Path) -> None:
    (folder / "targets" / "2024" / "999001" / "另一.yml").write_text("表样: 没有", encoding="utf-8")
    assert _export(folder, "targets/2024/999001/示例.yml", "--output", "out").returncode == 0
    assert _export(folder, "--output", "out").returncode == 1


def test_exports_are_the_same_bytes_in_another_zone_locale_and_time(folder: Path) -> None:
    for bound in ([], ["--bound"]):
        first, second = [*bound, "--output", "first"], [*bound, "--output", "second"]
        _export(folder, *first, TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1", SOURCE_DATE_EPOCH="0")
        _export(folder, *second, TZ="Asia/Shanghai", LC_ALL="zh_CN.UTF-8", PYTHONHASHSEED="2")
    assert len(_files(folder / "first")) == 9
    assert _files(folder / "first") == _files(folder / "second")


def test_no_file_says_when_it_was_made(folder: Path) -> None:
    _export(folder, "--output", "out")
    files = _files(folder / "out")
    assert b"CreationDate" not in files["2024/999001/示例.pdf"]
    for suffix in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(files[f"2024/999001/示例.{suffix}"])) as package:
            assert {item.date_time[0] for item in package.infolist()} == {1980}
            core = package.read("docProps/core.xml").decode()
        assert "202" not in core.replace("2024 年度", "")


def test_errors_in_the_data_export_nothing_and_exit_1(folder: Path) -> None:
    path = folder / "targets" / "2024" / "999001" / "示例.yml"
    path.write_text(VALID.replace("项目名称: 示例项目\n", ""), encoding="utf-8")
    done = _export(folder, "--output", "out")
    assert done.returncode == 1
    assert "项目名称" in done.stdout
    assert done.stderr == "没有导出：请先改正以上错误。\n"
    assert not (folder / "out").exists()


@pytest.mark.parametrize("words", [["nowhere"], ["--format", "doc"], ["empty"], ["示例.yml"]])
def test_what_cannot_be_exported_exits_2_with_a_sentence(folder: Path, words: list[str]) -> None:
    (folder / "empty").mkdir()
    (folder / "示例.yml").write_text(VALID, encoding="utf-8")
    done = _export(folder, *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert any("\u4e00" <= char <= "\u9fff" for char in done.stderr)


def test_a_file_that_cannot_be_replaced_stays_and_nothing_half_written_is_left(folder: Path) -> None:
    taken = folder / "out" / "2024" / "999001" / "示例.docx"
    taken.mkdir(parents=True)
    (taken / "里面").write_text("不能丢", encoding="utf-8")
    done = _export(folder, "--format", "docx", "--output", "out")
    assert done.returncode == 2
    assert f"不能写“{Path('out/2024/999001/示例.docx')}”" in done.stderr
    assert set(_files(folder / "out")) == {"2024/999001/示例.docx/里面"}


def test_help_is_in_chinese(folder: Path) -> None:
    done = _export(folder, "--help")
    assert done.stdout.startswith("用法：")
    assert "合订" in done.stdout


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_libreoffice_opens_a_form_and_prints_its_headings_on_every_page(suffix: str, tmp_path: Path) -> None:
    project = _project(VALID)
    rows = tuple(replace(project.indicators[0], name=f"第 {number} 条示例指标") for number in range(60))
    path = tmp_path / f"form.{suffix}"
    path.write_bytes(_file(_single(replace(project, indicators=rows)), suffix))
    reader = PdfReader(_converted(path, "pdf"))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) >= 2
    assert all("三级指标" in page and f"第 {number} 页" in page for number, page in enumerate(pages, 1))
    assert all(f"第 {number} 条示例指标" in "".join(pages) for number in range(60))
    assert {round(float(page.mediabox.height)) for page in reader.pages} == {842}


@pytest.mark.parametrize(("suffix", "through"), [("docx", "odt"), ("xlsx", "ods")])
def test_a_form_saved_anew_by_libreoffice_still_holds_the_cells_of_the_grid(
    suffix: str, through: str, tmp_path: Path
) -> None:
    path = tmp_path / f"form.{suffix}"
    path.write_bytes(_file(_single(_project(CENTRAL)), suffix))
    again = _converted(_converted(path, through), suffix).read_bytes()
    (cells,) = in_docx(again) if suffix == "docx" else in_xlsx(again)
    assert _in_order(whole(cells)) == _in_order(_grid_cells(_project(CENTRAL)))


def _in_order(cells: Iterable[Found]) -> list[tuple[int, int, str]]:
    """Row, rows and text from left to right: an office program drops columns that nothing ends at."""
    return [(cell.row, cell.rows, cell.text) for cell in sorted(_labels_on_one_line(cells))]


def _converted(path: Path, suffix: str) -> Path:
    """``path`` in another format, through LibreOffice; its absence is a failure, not a reason to skip."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    assert soffice, "no LibreOffice: run the tests with `make test`, which installs one"
    profile = (path.parent / "profile").as_uri()
    words = [f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix, "--outdir", "made"]
    subprocess.run([soffice, *words, path.name], cwd=path.parent, check=True, capture_output=True)
    return path.parent / "made" / f"{path.stem}.{suffix}"
