from __future__ import annotations

import http.server
import io
import random
import subprocess
import threading
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from builder.importers import numerals, office, reader, refusal
from builder.importers.kind import Kind, kind
from builder.importers.recognise import recognise, unaccounted
from builder.importers.refusal import Refused
from builder.importers.run import import_file
from builder.importers.table import filled
from tests.conftest import jixiao
from tests.importing import carriers
from tests.importing.layouts import LAYOUTS
from tests.importing.scoring import imported, score
from tests.records import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from builder.importers.table import Cell, Document

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODT = "application/vnd.oasis.opendocument.text"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _relations(*items: tuple[str, str, str], external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    made = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'
        for name, kind, target in items
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{made}</Relationships>'


def _zip(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return stream.getvalue()


def _docx(body: str, **more: str | bytes) -> bytes:
    """A Word file with that body; ``more`` parts by name, with ``__`` for ``/`` and ``_DOT_`` for a dot."""
    others = {name.replace("__", "/").replace("_DOT_", "."): part for name, part in more.items()}
    return _zip(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _relations(("rId1", "officeDocument", "word/document.xml")),
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
            **others,
        }
    )


def _p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _tc(content: str, properties: str = "") -> str:
    """A cell: ``content`` is XML, or a text for one paragraph."""
    inner = content if content.startswith("<") else _p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def _tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def _cells(document: Document) -> list[Cell]:
    return list(filled(document))


def _texts(raw: bytes, found: Kind = Kind.PACKAGE) -> list[str]:
    return [cell.text for cell in _cells(reader.document(raw, found))]


def _refusal(raw: bytes, name: str) -> str:
    with pytest.raises(Refused) as caught:
        reader.read(raw, name, partial(recognise, file=name, schemas=SCHEMAS))
    return f"{caught.value} {caught.value.hint}"


# Word.


def test_word_is_read_as_it_is_printed_insertions_in_and_deletions_out() -> None:
    run = (
        "<w:p><w:r><w:t>办理</w:t></w:r><w:ins><w:r><w:t>跨省</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>全省</w:delText></w:r></w:del><w:r><w:t>事项</w:t></w:r></w:p>"
    )
    (cell,) = _cells(reader.document(_docx(_tbl(_tr(_tc(run)))), Kind.PACKAGE))
    assert cell.text == "办理跨省事项"
    assert cell.remarks == ("修订里删除的字“全省”没有导入",)


def test_word_hidden_text_fields_notes_and_pictures_are_not_text_and_are_said() -> None:
    run = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏着</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:t>数</w:t><w:noBreakHyphen/><w:t>量</w:t><w:br/><w:t>二</w:t></w:r>"
        '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:drawing/></w:r></w:p>'
    )
    (cell,) = _cells(reader.document(_docx(_tbl(_tr(_tc(run)))), Kind.PACKAGE))
    assert cell.text == "数-量\n二"
    assert cell.remarks == ("隐藏的字“藏着”没有导入", "有脚注，没有导入", "有图片或图形，没有导入")


def test_word_merged_cells_shifted_rows_and_controls_stand_in_their_columns() -> None:
    restart, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    control = f"<w:sdt><w:sdtContent>{_tc('己')}</w:sdtContent></w:sdt>"
    body = _tbl(
        _tr(_tc("甲", restart), _tc("乙", '<w:gridSpan w:val="2"/>')),
        _tr(_tc("<w:p/>", go_on), _tc("丙"), _tc("丁")),
        _tr(_tc("戊"), properties='<w:gridBefore w:val="2"/>'),
        f"<w:sdt><w:sdtContent>{_tr(control)}</w:sdtContent></w:sdt>",
    )
    cells = {cell.text: cell for cell in _cells(reader.document(_docx(body), Kind.PACKAGE))}
    places = {text: (cell.row, cell.column, cell.rows, cell.columns) for text, cell in cells.items()}
    assert places == {
        "甲": (0, 0, 2, 1),
        "乙": (0, 1, 1, 2),
        "丙": (1, 1, 1, 1),
        "丁": (1, 2, 1, 1),
        "戊": (2, 2, 1, 1),
        "己": (3, 0, 1, 1),
    }
    assert cells["丁"].address == "第1个表格第2行第3格"


def test_a_word_table_inside_a_cell_is_a_table_of_its_own() -> None:
    body = _tbl(_tr(_tc(_p("外") + _tbl(_tr(_tc("内"))))))
    assert [(cell.table, cell.text) for cell in _cells(reader.document(_docx(body), Kind.PACKAGE))] == [
        (1, "外"),
        (2, "内"),
    ]


# Excel.


def _sheet(write: object) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        write(book, book.add_worksheet("表"))  # type: ignore[operator]
    return stream.getvalue()


def test_excel_numbers_are_read_as_they_are_printed() -> None:
    numbers = [
        (64.8605, "General", "64.8605"),
        (0.1 + 0.2, "General", "0.3"),
        (13, "0.00", "13.00"),
        (0.98, "0%", "98%"),
        (0.985, "0.0%", "98.5%"),
        (1303, "#,##0", "1,303"),
        (980, '0"项"', "980项"),
        (0.3, '"≥"0.0"万元"', "≥0.3万元"),
        (67001, "000000", "067001"),
        (12.5, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "12.50"),
    ]

    def write(book: xlsxwriter.Workbook, sheet: xlsxwriter.Workbook.worksheet_class) -> None:
        for row, (number, code, _) in enumerate(numbers):
            sheet.write_number(row, 0, number, book.add_format({"num_format": code}))

    cells = _cells(reader.document(_sheet(write), Kind.PACKAGE))
    assert [cell.text for cell in cells] == [text for _, _, text in numbers]
    assert [cell.remarks for cell in cells] == [()] * len(numbers)


def test_an_excel_number_that_is_not_printed_as_stored_and_a_date_carry_a_remark() -> None:
    def write(book: xlsxwriter.Workbook, sheet: xlsxwriter.Workbook.worksheet_class) -> None:
        sheet.write_number(0, 0, 64.8605, book.add_format({"num_format": "0.00"}))
        sheet.write_number(1, 0, 45657, book.add_format({"num_format": "yyyy/m/d"}))
        sheet.write_formula(2, 0, "=1+1", None, 2)

    cells = _cells(reader.document(_sheet(write), Kind.PACKAGE))
    assert [(cell.text, cell.remarks) for cell in cells] == [
        ("64.86", ("存的数是“64.8605”，原表按“0.00”显示",)),
        ("2024-12-31", ("这是日期，原表按“yyyy/m/d”显示",)),
        ("2", ("这是公式，取的是保存时的结果",)),
    ]


def test_a_hidden_excel_sheet_is_put_aside_and_its_cells_are_listed() -> None:
    def write(book: xlsxwriter.Workbook, sheet: xlsxwriter.Workbook.worksheet_class) -> None:
        sheet.write_string(0, 0, "看得见")
        hidden = book.add_worksheet("旧表")
        hidden.write_string(0, 0, "项目名称")
        hidden.hide()

    read, result = imported(_sheet(write), Kind.PACKAGE)
    assert [cell.text for cell in filled(read)] == ["看得见", "项目名称"]
    assert ("项目名称", "工作表“旧表”是隐藏的") in [(cell.text, why) for cell, why in result.left]


@given(
    st.decimals(min_value=-(10**10), max_value=10**10, places=4),
    st.sampled_from(["General", "0.0000", "#,##0.0000", "0.####"]),
)
def test_no_digit_of_an_amount_is_lost_in_a_spreadsheet(number: object, code: str) -> None:
    text, certain = numerals.shown(repr(float(str(number))), code)
    assert certain
    assert float(text.replace(",", "")) == float(str(number))


@given(st.text(max_size=30), st.text(max_size=20))
def test_no_number_format_stops_the_reading(raw: str, code: str) -> None:
    text, _ = numerals.shown(raw, code)
    assert isinstance(text, str)
    numerals.is_date(code)


# HTML and text.


def test_html_without_end_tags_and_with_spans_is_laid_out_as_a_browser_does() -> None:
    page = "<table><caption>标题</caption><tr><td rowspan=2>甲<td colspan=2>乙<tr><td>丙<td>丁<p>戊</table>后"
    cells = _cells(reader.document(page.encode(), Kind.HTML))
    assert [(cell.text, cell.row, cell.column, cell.rows, cell.columns) for cell in cells if cell.table] == [
        ("甲", 0, 0, 2, 1),
        ("乙", 0, 1, 1, 2),
        ("丙", 1, 1, 1, 1),
        ("丁\n戊", 1, 2, 1, 1),
    ]
    assert [cell.text for cell in cells if not cell.table] == ["标题", "后"]


def test_html_scripts_are_not_text_and_an_old_chinese_encoding_is_read() -> None:
    page = '<meta charset="gb2312"><script>var a="<td>坏</td>"</script><table><tr><td>项目&nbsp;名称</table>'
    assert _texts(page.encode("gb18030"), Kind.HTML) == ["项目\xa0名称"]


def test_a_web_page_named_xls_is_read_as_the_page_it_is() -> None:
    assert kind(b"<html><body><table>", "导出.xls") is Kind.HTML


def test_a_quoted_cell_with_line_ends_in_tabbed_text_is_one_cell_at_its_first_line() -> None:
    text = '甲\t"目标 1：一；\n目标 2：""二"""\t乙\n丙\t"丁"\n'
    cells = _cells(reader.document(text.encode(), Kind.TEXT))
    assert [(cell.text, cell.line) for cell in cells] == [
        ("甲", 1),
        ('目标 1：一；\n目标 2："二"', 1),
        ("乙", 1),
        ("丙", 3),
        ('"丁"', 3),
    ]


def test_a_row_of_dashes_is_data_unless_it_is_the_rule_of_a_markdown_table() -> None:
    assert _texts(b"| a | b |\n| --- | :-: |\n| - | -- |\n", Kind.TEXT) == ["a", "b", "-", "--"]
    assert _texts(b"a\t-\n-\t--\n", Kind.TEXT) == ["a", "-", "-", "--"]


def test_html_inside_a_text_file_and_markdown_escapes_are_understood() -> None:
    assert _texts("| a\\|b | **粗** |\n|---|---|\n| 1<br>2 | \\*必填 |\n".encode(), Kind.TEXT) == [
        "a|b",
        "粗",
        "1\n2",
        "*必填",
    ]
    assert _texts("文\n<table><tr><td>格</td></tr></table>".encode(), Kind.TEXT) == ["文", "格"]


# Older formats, by LibreOffice.


@pytest.mark.parametrize(
    ("made", "old", "suffix"),
    [
        ("docx", "doc", ".doc"),
        ("xlsx", "xls", ".xls"),
        ("docx", "odt", ".odt"),
        ("xlsx", "ods", ".ods"),
        ("docx", "rtf", ".rtf"),
    ],
)
def test_older_formats_come_out_like_the_new_ones(made: str, old: str, suffix: str, tmp_path: Path) -> None:
    program = office.find()
    assert program, "no LibreOffice: the tests need libreoffice-writer and libreoffice-calc"
    (tmp_path / f"x.{made}").write_bytes(carriers.CARRIERS[made](LAYOUTS[0].parts()))
    _convert(program, tmp_path, old, f"x.{made}")
    result = import_file(tmp_path / f"x{suffix}", SCHEMAS)
    (draft,) = result.drafts
    counts = score(LAYOUTS[0].leaves()[0], draft)
    assert (counts["wrong"], counts["flagged"]) == (0, 0), counts


def _convert(program: str, folder: Path, target: str, *names: str) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = [program, "--headless", profile, "--convert-to", target, "--outdir", str(folder)]
    subprocess.run(
        [*words, *(str(folder / name) for name in names)], check=True, capture_output=True, timeout=180
    )


def test_without_libreoffice_an_old_file_is_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "LibreOffice" in _refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧.doc")


@contextmanager
def _listener() -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815  as http.server has it
        do_OPTIONS = do_GET  # noqa: N815  the same
        do_PROPFIND = do_GET  # noqa: N815  the same

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_libreoffice_fetches_nothing_that_a_file_points_to() -> None:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    with _listener() as (port, asked):
        content = (
            f'<office:document-content xmlns:office="{names}:office:1.0" office:version="1.2" '
            f'xmlns:text="{names}:text:1.0" xmlns:draw="{names}:drawing:1.0" '
            'xmlns:xlink="http://www.w3.org/1999/xlink">'
            "<office:body><office:text><text:p>字<draw:frame>"
            f'<draw:image xlink:href="http://127.0.0.1:{port}/x.png" xlink:type="simple" '
            'xlink:actuate="onLoad"/>'
            "</draw:frame></text:p></office:text></office:body></office:document-content>"
        )
        manifest = (
            f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODT}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>"
        )
        stream = io.BytesIO()
        with ZipFile(stream, "w") as package:
            package.writestr("mimetype", _ODT)
            package.writestr("content.xml", content)
            package.writestr("META-INF/manifest.xml", manifest)
        made = office.convert(stream.getvalue(), ".odt", "docx")
    assert _texts(made) == ["字"]
    assert asked == []


# Hostile files.


def test_a_zip_bomb_is_refused_by_its_size_and_by_its_ratio() -> None:
    huge = _docx("<w:p/>", word__extra_DOT_xml=b"")
    bomb = _zip(
        {
            "_rels/.rels": _relations(("rId1", "officeDocument", "word/document.xml")),
            "word/document.xml": b" " * (100 << 20),
        }
    )
    dense = _zip(
        {
            "_rels/.rels": _relations(("rId1", "officeDocument", "word/document.xml")),
            "word/document.xml": b" " * (40 << 20),
        }
    )
    assert len(bomb) < 200_000
    assert "大得不合常理" in _refusal(bomb, "x.docx")
    assert "大得不合常理" in _refusal(dense, "x.docx")
    assert "没有找到" not in str(_texts(huge))


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    raw = _docx(_p("字") * 200_000)
    size = len(f"<w:document {_W}><w:body>{_p('字') * 200_000}</w:body></w:document>".encode())
    lie = raw.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lie != raw
    assert "已损坏" in _refusal(lie, "x.docx")


def test_thousands_of_parts_are_refused() -> None:
    parts: dict[str, str | bytes] = {f"x{number}.xml": "" for number in range(refusal.MAX_ENTRIES + 1)}
    assert "大得不合常理" in _refusal(_zip(parts), "x.docx")


@pytest.mark.parametrize(
    "entity", ['<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">']
)
def test_entities_are_never_expanded_and_no_file_is_fetched(entity: str) -> None:
    document = f"<!DOCTYPE x [{entity}]><w:document {_W}><w:body>{_p('&a;')}</w:body></w:document>"
    raw = _zip(
        {
            "_rels/.rels": _relations(("rId1", "officeDocument", "word/document.xml")),
            "word/document.xml": document,
        }
    )
    assert "DTD" in _refusal(raw, "x.docx")


def test_macros_links_and_embedded_files_are_named_and_left_alone() -> None:
    with _listener() as (port, asked):
        raw = _docx(
            _p("字"),
            word__vbaProject_DOT_bin=b"macro",
            word__embeddings__oleObject1_DOT_bin=b"x",
            word__media__image1_DOT_png=b"x",
            word___rels__settings_DOT_xml_DOT_rels=_relations(
                ("r1", "attachedTemplate", f"http://127.0.0.1:{port}/t.dotm"), external=True
            ),
        )
        notes = " ".join(reader.document(raw, Kind.PACKAGE).notes)
    assert asked == []
    for word in ("宏", "嵌入的对象", "图片", f"http://127.0.0.1:{port}/t.dotm"):
        assert word in notes


def test_a_file_with_a_password_is_refused_whatever_its_kind() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")
    assert "加了密码" in _refusal(ole, "x.xlsx")
    stream = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("密码", algorithm="AES-256")
    writer.write(stream)
    assert "加了密码" in _refusal(stream.getvalue(), "x.pdf")
    locked = bytearray(_docx("<w:p/>"))
    for start in _starts(locked, b"PK\x01\x02"):
        locked[start + 8] |= 1
    assert "加了密码" in _refusal(bytes(locked), "x.docx")


def _starts(raw: bytearray, mark: bytes) -> Iterator[int]:
    at = raw.find(mark)
    while at >= 0:
        yield at
        at = raw.find(mark, at + 1)


def test_a_scanned_pdf_and_one_of_2000_pages_are_refused_at_once() -> None:
    for pages, word in ((1, "没有文字"), (2000, "2,000 页")):
        stream = io.BytesIO()
        writer = PdfWriter()
        for _ in range(pages):
            writer.add_blank_page(200, 200)
        writer.write(stream)
        started = time.monotonic()
        assert word in _refusal(stream.getvalue(), "x.pdf")
        assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("深.docx", _docx("<w:x>" * 5000 + "</w:x>" * 5000)),
        ("宽.docx", _docx(_tbl(_tr(_tc("x", '<w:gridSpan w:val="999999999"/>'))))),
        ("乱.docx", _docx(_tbl(_tr(_tc("x", '<w:gridSpan w:val="x"/>'))))),
        ("深.html", b"<table><tr><td>" * 5000),
        ("宽.html", b"<table><tr><td colspan=65000>x</table>"),
        ("宽.txt", b"x\t" * 5000),
        ("空.docx", b""),
        ("怪.bin", b"\x00\x01\x02"),
        ("断.xlsx", carriers.xlsx(LAYOUTS[0].parts())[:3000]),
        ("空.zip", b"PK\x05\x06" + b"\0" * 18),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_malformed_file_ends_in_one_sentence(name: str, raw: bytes) -> None:
    assert _refusal(raw, name).strip()


def test_a_huge_merged_range_is_refused() -> None:
    raw = carriers.xlsx(LAYOUTS[0].parts())
    with ZipFile(io.BytesIO(raw)) as package:
        parts: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    text = bytes(parts[sheet]).decode()  # type: ignore[arg-type]  # read as bytes above
    parts[sheet] = text.replace("</mergeCells>", '<mergeCell ref="A1:IV1048576"/></mergeCells>')
    assert "单元格超过" in _refusal(_zip(parts), "x.xlsx")


def test_a_rowspan_without_end_is_cut_at_the_end_of_its_table() -> None:
    cells = _cells(reader.document(b"<table><tr><td rowspan=60000>a<td>b<tr><td>c</table>", Kind.HTML))
    assert [(cell.text, cell.rows) for cell in cells] == [("a", 2), ("b", 1), ("c", 1)]


def test_reading_ends_when_its_time_is_over() -> None:
    raw = _docx(_p("字") * 100_000)
    with pytest.raises(Refused, match="还没读完"):
        reader.read(raw, "x.docx", partial(recognise, file="x", schemas=SCHEMAS), seconds=0.05)


def test_a_process_that_needs_too_much_memory_ends_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # The limit is lowered in the other process, so that the test need not fill 3 GB.
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(
        "import builder.importers.refusal as r\nr.MAX_MEMORY = 300 << 20\n", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(site))
    said = _refusal(_docx("".join(_p(f"{number:06}字") for number in range(700_000))), "x.docx")
    assert "内存" in said or "中断" in said or "读不懂" in said


def test_damage_anywhere_in_a_file_never_shows_a_traceback(tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311  a fixed sequence of damage
    made = [(name, carriers.CARRIERS[name](LAYOUTS[0].parts())) for name in ("docx", "xlsx", "html", "tsv")]
    for suffix, raw in made:
        for number in range(2):
            damaged = bytearray(raw)
            for _ in range(40):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            (tmp_path / f"{number}.{suffix}").write_bytes(damaged)
    done = jixiao(tmp_path, "import", *(path.name for path in sorted(tmp_path.iterdir())))
    assert done.returncode in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr


@given(st.text(max_size=300))
def test_no_text_stops_the_recognition(text: str) -> None:
    for found in (Kind.TEXT, Kind.HTML):
        imported(text.encode("utf-8", "replace"), found)


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "项目名称",
                    "三级指标",
                    "指标值",
                    "一级指标",
                    "产出指标",
                    "数量指标",
                    "年度目标",
                    "财政拨款",
                    "10",
                    "",
                    "合计",
                    "绩效指标",
                    "（2024 年度）",
                    "示例",
                ]
            ),
            min_size=1,
            max_size=7,
        ),
        max_size=14,
    )
)
def test_no_order_of_labels_stops_the_recognition_or_loses_a_cell(rows: list[list[str]]) -> None:
    read, result = imported("\n".join("\t".join(row) for row in rows).encode(), Kind.TEXT)
    assert unaccounted(read, result) == ()


def test_a_long_document_is_read_in_time_that_grows_with_its_length() -> None:
    def seconds(copies: int) -> float:
        raw = carriers.tsv([part for _ in range(copies) for part in LAYOUTS[0].parts()])
        started = time.perf_counter()
        _, result = imported(raw, Kind.TEXT)
        assert len(result.drafts) == copies
        return time.perf_counter() - started

    seconds(5)
    assert seconds(400) < 25 * seconds(40)


def test_the_pages_of_a_pdf_that_a_row_is_cut_by_are_put_together(tmp_path: Path) -> None:
    program = office.find()
    assert program
    names = []
    chosen = [layout for n, layout in enumerate(LAYOUTS) if n % 4 == 0 or len(layout.records) > 1]
    for number, layout in enumerate(chosen):
        (tmp_path / f"{number}.docx").write_bytes(carriers.docx(layout.parts()))
        names.append(f"{number}.docx")
    _convert(program, tmp_path, "pdf", *names)
    wrong: dict[str, int] = {}
    right = flagged = 0
    for number, layout in enumerate(chosen):
        raw = (tmp_path / f"{number}.pdf").read_bytes()
        assert PdfReader(io.BytesIO(raw)).pages
        _, result = imported(raw, Kind.PDF)
        assert len(result.drafts) == len(layout.records), layout.name
        for expected, draft in zip(layout.leaves(), result.drafts, strict=True):
            counts = score(expected, draft)
            right, flagged = right + counts["right"], flagged + counts["flagged"]
            wrong |= {f"{layout.name} {key}": 1 for key in counts if key.startswith("wrong:")}
    assert wrong == {}
    assert right > 4 * flagged
