from __future__ import annotations

from decimal import Decimal

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder import source
from builder.problem import Place
from builder.source import MAX_BYTES, parse
from builder.yaml_faults import bad_whitespace, invisible
from builder.yaml_usual import usual
from tests.mutations import FILES, mutations

ALIAS_BOMB = "甲: &a [x, x, x]\n乙: &b [*a, *a, *a]\n丙: &c [*b, *b, *b]\n丁: [*c, *c, *c]\n"

FAULTS = {
    "an unquoted code with a leading zero": ("年度: 2024\n部门代码: 067001\n", 2, 7, "Y11"),
    "an unquoted value that begins with >": (
        "- 甲: 1\n".replace("- ", "") + "指标:\n  - 三级指标: 乙\n    指标值: >0.3 万元\n",
        4,
        10,
        "Y11",
    ),
    "a key written twice": ("年度: 2024\n序号: 1\n年度: 2025\n", 3, 1, "Y07"),
    "a tab in the indentation": ("项目资金:\n\t年度资金总额: 3\n", 2, 1, "Y05"),
    "a full-width space in the indentation": ("项目资金:\n　　年度资金总额: 3\n", 2, 1, "Y05"),
    "a full-width colon": ("年度: 2024\n项目名称：甲\n主管部门: 乙\n", 2, 5, "Y15"),
    "a full-width colon before a nested block": (
        "年度: 2024\n项目资金：\n  财政拨款: 3\n  其他资金: 0\n",
        2,
        5,
        "Y15",
    ),
    "a colon without a space": ("年度:2024\n序号: 1\n", 1, 3, "Y15"),
    "full-width quotes": ("年度: 2024\n部门代码: “067001”\n", 2, 7, "Y16"),
    "GBK bytes": ("年度: 2024\n项目名称: 甲\n".encode("gbk"), 1, 1, "Y02"),
    "GBK bytes after plain ASCII": ("a: 1\nb: 甲乙\n".encode("gbk"), 2, 4, "Y02"),
    "UTF-16": ("年度: 2024\n".encode("utf-16"), 1, 1, "Y02"),
    "an empty file": ("", 1, 1, "Y03"),
    "a file of comments only": ("# 待填\n", 1, 1, "Y03"),
    "two hundred thousand brackets": ("甲: " + "[" * 200_000, 1, 67, "Y10"),
    "an alias bomb": (ALIAS_BOMB, 1, 4, "Y08"),
    "a type tag": ('甲: !!python/object/apply:os.system ["true"]\n', 1, 4, "Y09"),
    "a file of more than a megabyte": (b"a: " + b"x" * MAX_BYTES, 1, 1, "Y01"),
    "a zero-width space": ("项目名称: 甲\u200b乙\n", 1, 8, "Y04"),
    "a bidirectional override": ("项目名称: 甲\u202e乙\n", 1, 8, "Y04"),
    "text folded over two lines": ("年度总体目标:\n  - 完成\n    审批\n", 2, 5, "Y12"),
    "a second document": ("年度: 2024\n---\n年度: 2025\n", 2, 1, "Y06"),
    "a list at the top": ("- 甲\n- 乙\n", 1, 1, "Y06"),
    "an unclosed quote": ('项目名称: "甲\n年度: 2024\n', 1, 7, "Y06"),
    "text after a closing quote": ('项目名称: "甲"工程\n年度: 2024\n', 1, 7, "Y06"),
    "a value with a colon and a space": ("备注: 注意: 已批复\n年度: 2024\n", 1, 5, "Y11"),
    "a value that begins with a bracket": ("项目名称: [试点]项目\n年度: 2024\n", 1, 7, "Y11"),
    "a date": ("批复日期: 2024-01-31\n", 1, 7, "Y11"),
    "a time of the clock": ("说明: 12:30\n", 1, 5, "Y11"),
    "a Norwegian no": ("说明: no\n", 1, 5, "Y11"),
    "a number with an exponent": ("说明: 1e3\n", 1, 5, "Y11"),
    "a comment behind a text": ("项目名称: 示例项目 # 备注\n", 1, 12, "Y17"),
    "a comment behind a list item": ("年度总体目标:\n  - 完成 #1 工程\n", 2, 8, "Y17"),
    "a list as a key": ("? [甲]\n: 乙\n", 1, 3, "Y06"),
}


@pytest.fixture(params=["C", "pure"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both of PyYAML's parsers."""
    if request.param == "pure":
        monkeypatch.setattr(source, "_LOADER", source._PlainLoader)  # noqa: SLF001  the other one
    else:
        assert source._LOADER is yaml.CSafeLoader  # noqa: SLF001  the test is about which parser runs


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(("text", "line", "column", "code"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_reported_at_its_place(text: str | bytes, line: int, column: int, code: str) -> None:
    raw = text.encode() if isinstance(text, str) else text
    _, problems = parse(raw, "x.yml")
    assert problems
    assert (problems[0].line, problems[0].column, problems[0].code) == (line, column, code)
    assert problems[0].hint, "every message says what to write instead"


def test_many_mistakes_are_reported_in_one_run() -> None:
    text = "部门代码: 067001\n值: >0.3 万元\n名称：甲\n年度: 2024\n年度: 2025\n说明: “甲”\n另: > 300 件\n"
    document, problems = parse(text.encode(), "x.yml")
    assert [(problem.line, problem.code) for problem in problems] == [
        (1, "Y11"),
        (2, "Y11"),
        (3, "Y15"),
        (5, "Y07"),
        (6, "Y16"),
        (7, "Y11"),
    ]
    assert document is not None


def test_the_hint_is_the_text_to_write() -> None:
    _, problems = parse("值: >0.3 万元\n".encode(), "x.yml")
    assert problems[0].hint == '请加半角双引号：">0.3 万元"'


def test_only_json_types_come_out_and_decimals_keep_their_digits() -> None:
    text = '甲: 13.00\n乙: 5\n丙: "067001"\n丁: null\n戊:\n己: true\n庚: ≥98%\n辛: -0.5\n壬: 980 项\n癸: 是\n'
    document, problems = parse(text.encode(), "x.yml")
    assert not problems
    assert document is not None
    assert list(document.data.values()) == [
        Decimal("13.00"),
        5,
        "067001",
        None,
        None,
        True,
        "≥98%",
        Decimal("-0.5"),
        "980 项",
        "是",
    ]
    assert str(document.data["甲"]) == "13.00"


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    document, problems = parse(b"\xef\xbb\xbf" + "年度: 2024\r\n项目名称: 甲\r\n".encode(), "x.yml")
    assert not problems
    assert document is not None
    assert document.data == {"年度": 2024, "项目名称": "甲"}
    assert document.place(("项目名称",)) == Place(2, 7)


def test_a_place_is_known_for_every_value_and_key() -> None:
    document, _ = parse("指标:\n  - 名: 甲\n    值: 1\n  - 名: 乙\n".encode(), "x.yml")
    assert document is not None
    assert document.place(("指标", 0, "值")) == Place(3, 8)
    assert document.place(("指标", 0, "值"), on_key=True) == Place(3, 5)
    assert document.place(("指标", 1, "值")) == Place(4, 5), "a missing key is shown at its parent"


def test_columns_count_characters_not_bytes_or_utf16_units() -> None:
    document, _ = parse("{\U00020000甲: 1, 乙: 2}".encode(), "x.yml")
    assert document is not None
    assert document.place(("乙",)) == Place(1, 12)


def test_a_literal_block_is_kept_to_the_letter() -> None:
    document, problems = parse("说明: |\n  第一行\n  第二行\n".encode(), "x.yml")
    assert not problems
    assert document is not None
    assert document.data == {"说明": "第一行\n第二行\n"}


@given(st.binary(max_size=400))
@example(b"\xff\xfe\x00")
@example(b"a: \xed\xa0\x80")
@example(b"%YAML 9.9\n---\na: 1\n")
@example(b"? \n? \n: \n")
@example("“".encode())
@example(b"[]:\n")
@example(b"? ?\n")
@example(b"? []\n? []\n")
def test_arbitrary_bytes_never_crash_the_reader(raw: bytes) -> None:
    _check_any(raw)


@given(
    st.text(
        alphabet=st.sampled_from(list("甲乙：: -\n\t\"'“”[]{}#&*!|>%@`,?067.eE+=~\u3000\u200b\r年度")),
        max_size=80,
    )
)
def test_yaml_like_text_never_crashes_the_reader(text: str) -> None:
    _check_any(text.encode())


def _check_any(raw: bytes) -> None:
    document, problems = parse(raw, "x.yml")
    assert document is not None or problems
    lines = raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    for problem in problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 2


TOLD_APART = (
    *(r'"\ud83d"', r'"\ud83d\ude00"', r'"\U00110000"', r'"\U0010ffff"', r'"\q"', "[a?b]", "{a: ?}", "[甲 ?]"),
    *("? a", "|#x\n  a", ">#x\n  a", "|-2#\n   x", "|0\n x", "|10\n x", "[a]#b", '"a"#b', "[a,,b]", "[a}"),
    *("%a", "...", "--- a"),
)
"""Values of which the two parsers might think differently."""


@pytest.mark.parametrize("value", TOLD_APART)
def test_both_parsers_say_the_same_of_doubtful_yaml(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = f"表样: x\n键: {value}\n后: 1\n".encode()
    compiled = parse(raw, "x.yml")
    monkeypatch.setattr(source, "_LOADER", source._PlainLoader)  # noqa: SLF001  the other one
    assert parse(raw, "x.yml") == compiled


def test_both_parsers_say_the_same_of_every_typed_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [mutation.text.encode() for mutation in mutations()][::3]
    monkeypatch.setattr(source, "usual", lambda _: None)  # else neither is asked where all is usual
    compiled = [parse(raw, "x.yml") for raw in texts]
    monkeypatch.setattr(source, "_LOADER", source._PlainLoader)  # noqa: SLF001  the other one
    assert [parse(raw, "x.yml") for raw in texts] == compiled


EVERY_KIND = """\
甲: 1
乙:  # 万元
  - 丙: x
    丁: 2.50
# 注

  - 丙: "067001"
戊:
- a
- 'b'
己:
  庚: true
    # 注
  辛: null
"""
"""A text with every kind of line that is read by itself."""

USUAL = (EVERY_KIND, *FILES.values())

PIECES = (
    *"甲乙：: -\n\t\"'“”[]{}#&*!|>%@`,?067.eE+=~<\\\r\u3000\u200b\xa0\x85\u2028\ufeff",
    *(
        "\n- ",
        "- ",
        "  ",
        "\n  ",
        ": ",
        " #",
        " # 注\n",
        "年度: 1",
        "- 甲: 乙\n",
        "甲:\n",
        "---",
        "...",
        "|\n",
    ),
    *("null", "true", "no", '""', "''", "2024-01-31", "", ""),
)
"""What an edit puts in; nothing, to take something out."""


@pytest.mark.parametrize("text", USUAL)
def test_a_form_is_read_line_by_line(text: str) -> None:
    assert usual(text) is not None, "else all of them are read at less than half the speed"


def test_a_key_longer_than_yaml_allows_is_left_to_its_parser() -> None:
    assert usual(f"{'甲' * 200}: 1\n") is not None
    assert usual(f"{'甲' * 1100}: 1\n") is None


@settings(max_examples=3000)
@given(
    st.sampled_from(USUAL),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4), st.sampled_from(PIECES)), max_size=3),
)
def test_what_is_read_line_by_line_is_what_the_parser_of_yaml_reads(
    text: str, edits: list[tuple[float, int, str]]
) -> None:
    for where, length, piece in edits:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    text = text.replace("\r\n", "\n")
    found = usual(text)
    if found is not None:
        faults = [*invisible(text), *bad_whitespace(text)]
        data, reading = source._read(text, faults)  # noqa: SLF001  the parser's own way
        assert not faults, "a text with a fault is left to the parser"
        assert repr(found.data) == repr(data), "types and digits too"
        assert (found.values, found.keys) == (reading.values, reading.keys)
        assert [*found.keys] == [*reading.keys]
