"""Excel files put together from pieces: what stands in their cells, and the archive around them."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from builder.errors import BuilderError
from builder.exports.data import archive, slices, workbook
from builder.exports.data.columns import FLAT, FUNDS
from builder.exports.data.deflated import Piece, deflated, inflated, unpacked
from builder.exports.data.rows import Record
from builder.exports.data.sheet_rows import PATTERNS
from builder.exports.office.document import printable
from builder.importers import xlsx
from builder.importers.package import open_package
from builder.importers.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from builder.exports.data.rows import Row


def _made(path: Path, *given: Iterable[Row], rows: str = "funds", most: int = workbook.MAX_ROWS) -> Any:  # noqa: ANN401  openpyxl's own
    """The workbook of one table, each of ``given`` having come as one part."""
    sources = [dict(slices.parts([Record({rows: tuple(part)})])).__getitem__ for part in given]
    workbook.write(path, sources, max_rows=most)
    return openpyxl.load_workbook(path)


def _fund(number: int, text: str | None = "财政拨款", amount: str = "1") -> Row:
    return ("甲", number, text, Decimal(amount), "万元")


def test_a_full_worksheet_goes_on_in_another_wherever_a_part_has_to_be_cut(tmp_path: Path) -> None:
    numbers = [range(1, 3), range(3, 9), range(9, 9), range(9, 10), range(10, 12)]
    parts = [[_fund(number) for number in part] for part in numbers]
    book = _made(tmp_path / "small.xlsx", *parts, most=4)
    names = ["项目资金", "项目资金 2", "项目资金 3", "项目资金 4"]
    assert [name for name in book.sheetnames if name.startswith("项目资金")] == names
    found = []
    for name, last in zip(names, (4, 4, 4, 3), strict=True):
        head, *lines = book[name].iter_rows(values_only=True)
        assert head[1] == "资金序号"
        assert book[name].auto_filter.ref == book[name].dimensions == f"A1:E{last}"
        found += [line[1] for line in lines]
    assert found == list(range(1, 12))


def test_filters_reach_to_the_last_row_and_headings_stay_in_sight(tmp_path: Path) -> None:
    path = tmp_path / "一.xlsx"
    book = _made(path, [_fund(number) for number in range(1, 4)])
    assert book.properties.title == "一"
    assert book["项目资金"].auto_filter.ref == "A1:E4"
    with zipfile.ZipFile(path) as zipped:
        assert ">项目资金!$A$1:$E$4<" in zipped.read("xl/workbook.xml").decode()
    assert book["绩效指标"].auto_filter.ref == "A2:AW2"
    assert (book["项目资金"].freeze_panes, book["绩效指标"].freeze_panes) == ("B2", "B3")
    assert [sheet.title for sheet in book] == [*(table.title for table in FLAT.values()), "列的说明"]


def test_a_number_keeps_its_digits_and_becomes_text_where_a_cell_cannot_hold_it(tmp_path: Path) -> None:
    long = Decimal("123456789012345.6789")
    rows: list[Row] = [_fund(1, "一", "13.00"), ("甲", 2, "字" * 40000, long, "元")]
    _, first, second = _made(tmp_path / "digits.xlsx", rows)["项目资金"].iter_rows()
    assert (first[3].value, first[3].number_format) == (13, "0.00")
    assert (second[3].value, second[3].data_type) == (f"{long:f}", "s")
    assert "40000 个字" in str(second[2].value)


def test_every_number_format_of_the_cells_is_the_one_of_the_file(tmp_path: Path) -> None:
    amounts = [f"{1:.{decimals}f}" for decimals in range(15)]
    _, *lines = _made(tmp_path / "x.xlsx", [_fund(1, "一", text) for text in amounts])["项目资金"].iter_rows()
    assert [line[3].number_format for line in lines] == list(PATTERNS[1:])


def test_days_are_dates_and_those_that_programs_count_in_different_ways_are_text(tmp_path: Path) -> None:
    def department(approved: str, published: str) -> Row:
        said = ("部门", None, approved, None, published, None, None, None, None)
        return ("2024/1", 2024, "1", *said, 0, 1, 2, Decimal("3.5"))

    rows = [department("2024-02-29", "1900-03-01"), department("1900-02-28", "9999-12-31")]
    _, first, second = _made(tmp_path / "x.xlsx", rows, rows="departments")["部门"].iter_rows()
    shown = [(cell.number_format, str(cell.value)) for cell in (first[5], first[7], second[5], second[7])]
    day = "yyyy-mm-dd"
    assert shown == [
        (day, "2024-02-29 00:00:00"),
        (day, "1900-03-01 00:00:00"),
        ("General", "1900-02-28"),
        (day, "9999-12-31 00:00:00"),
    ]


_TEXTS = st.text() | st.sampled_from(
    [
        "<r><t>甲</t></r>",
        "_x0041_x0042_",
        "_x005F_",
        " 甲 ",
        "\n甲\t",
        "]]>",
        "&amp;",
        "=1+1",
        "0012",
        "\u3000甲",
    ]
)


@given(st.lists(_TEXTS, min_size=1, max_size=5))
def test_any_text_survives_in_a_cell_beside_empty_ones(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        rows: list[Row] = [(None, None, text, None, "末") for text in texts]
        _, *lines = _made(Path(folder, "x.xlsx"), rows)["项目资金"].iter_rows()
    assert [unescape(line[2].value or "") for line in lines] == [printable(text) for text in texts]
    assert {line[4].value for line in lines} == {"末"}
    assert {line[2].data_type for line in lines} <= {"s", "n"}, "an empty text alone has no type"


def _written_plainly(path: Path, rows: Sequence[Row]) -> None:
    """The table as XlsxWriter writes it cell by cell, with an address in each."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(FUNDS.title)
    page.write_row(0, 0, [column.title for column in FUNDS.columns])
    for at, row in enumerate(rows, 1):
        for number, cell in enumerate(row):
            if isinstance(cell, Decimal):
                decimals = len(f"{cell:f}".partition(".")[2])
                style = book.add_format({"num_format": f"{0:.{decimals}f}"})
                page.write_number(at, number, float(cell), style)
            elif isinstance(cell, str):
                page.write_string(at, number, cell)
            elif cell is not None:
                page.write_number(at, number, cell)
    book.close()


def test_cells_without_addresses_are_read_as_those_with_them(tmp_path: Path) -> None:
    """By openpyxl and by this program's own import."""
    rows: list[Row] = [
        _fund(1, "=1+1", "13.00"),
        ("甲", None, None, Decimal("-0.5"), None),
        (None, None, None, None, None),
        (None, 3, " 空格 ", None, "元"),
        _fund(4, "末", "0.0001"),
    ]
    _written_plainly(tmp_path / "plain.xlsx", rows)
    book = _made(tmp_path / "joined.xlsx", rows[:2], rows[2:])
    plain = openpyxl.load_workbook(tmp_path / "plain.xlsx")[FUNDS.title]
    for wanted, found in zip(plain.iter_rows(), book[FUNDS.title].iter_rows(), strict=True):
        assert [(cell.value, cell.data_type, cell.number_format) for cell in found] == [
            (cell.value, cell.data_type, cell.number_format) for cell in wanted
        ]
    read = [
        {
            (cell.row, cell.column): (cell.text, cell.remarks)
            for table in xlsx.read(open_package((tmp_path / name).read_bytes())).parts
            if isinstance(table, Table)
            for cell in table.cells
            if cell.address.startswith(f"{FUNDS.title}!")
        }
        for name in ("plain.xlsx", "joined.xlsx")
    ]
    assert read[0] == read[1]
    assert len(read[0]) == 5 + 5 + 2 + 3 + 5


@given(st.lists(st.lists(st.binary(max_size=50), max_size=5), max_size=4))
def test_pieces_in_any_order_make_entries_of_an_archive_that_is_whole(entries: list[list[bytes]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.zip")
        with archive.writing(path) as zipped:
            for number, parts in enumerate(entries):
                zipped.add(f"{number}.bin", [unpacked(deflated(part).packed()) for part in parts])
        with zipfile.ZipFile(path) as found:
            assert found.testzip() is None
            assert [found.read(name) for name in found.namelist()] == [b"".join(parts) for parts in entries]
            assert {info.date_time for info in found.infolist()} <= {(1980, 1, 1, 0, 0, 0)}


@given(st.binary(max_size=200))
def test_a_piece_gives_its_bytes_back(data: bytes) -> None:
    assert inflated(unpacked(deflated(data).packed())) == data


def test_an_entry_that_the_format_cannot_hold_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with (
        pytest.raises(BuilderError, match=r"超过 4 GiB.*分年度"),
        archive.writing(tmp_path / "x.zip") as zipped,
    ):
        zipped.add("sheet1.xml", [Piece(1 << 20, 0, b"")] * 4097)
