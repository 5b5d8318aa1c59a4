from __future__ import annotations

import copy
import csv
import json
import pickle
import random
from collections import Counter
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import decode, source, values
from builder.errors import SchemaError
from builder.values import Direction, Doubt, Kind, Operator, text, words
from builder.values.deadline import TIMELY, _deadline
from builder.values.parser import _COUNTED, _like, _read, _read_closely
from tests.records import ROOT, SCHEMAS

if TYPE_CHECKING:
    from builder.model import Indicator
    from builder.values import Moment, Value

DATA: dict[str, Any] = json.loads((ROOT / "schema/units.json").read_text(encoding="utf-8"))
VOCABULARY = values.vocabulary(DATA)
YEAR = 2024
with (ROOT / "tests/examples/values.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))
"""One value a row: text, name of its indicator, and every field of its parse in the words of ``cells``."""


def parse(text: str, name: str = "", year: int | None = YEAR) -> Value:
    return values.parse(text, VOCABULARY, name=name, year=year)


def cells(value: Value) -> dict[str, str]:
    """A Value as the table writes it. A unit the vocabulary lacks ends in ``?``."""
    unit = value.unit
    notes = {
        "词表外": value.kind is Kind.QUALITY and not value.understood,
        "约": value.approximate,
        f"容差 {value.tolerance} {value.tolerance_unit.name if value.tolerance_unit else ''}".strip(): (
            value.tolerance is not None
        ),
        f"事项 {value.topic}": value.topic,
        f"{value.base}{value.change}": value.change,
    }
    return {
        "类型": value.kind.value,
        "性质": value.operator.value if value.operator else "",
        "数值": "" if value.number is None else f"{value.number:f}",
        "上限": "" if value.upper is None else f"{value.upper:f}",
        "数量级": value.magnitude,
        "单位": unit.name + ("" if unit.known else "?") if unit else "",
        "分母": "/".join(value.per),
        "期限": deadline_cell(value),
        "附注": ";".join(note for note, holds in notes.items() if holds),
        "方向": value.direction.value,
        "方向来源": value.direction_source.value,
        "疑点": ";".join(suspicion.kind.value for suspicion in value.suspicions),
    }


def deadline_cell(value: Value) -> str:
    """First day, last day, precision, what it recurs in, and whether the day counts."""
    deadline = value.deadline
    if deadline is None:
        return ""
    included = {True: "含", False: "不含", None: "两可"}[deadline.inclusive]
    first = f"{day(deadline.first)}.." if deadline.first else ""
    last = f"{first}{day(deadline.last)} {deadline.last.precision.value} {included}" if deadline.last else ""
    return f"{'每' + deadline.every if deadline.every else ''} {last}".strip()


def day(moment: Moment) -> str:
    return f"{moment.year or '-'}-{moment.month or 0:02}-{moment.day:02}"


@cache
def published() -> tuple[Indicator, ...]:
    """Every indicator under ``targets/2024/067001``."""
    found: list[Indicator] = []
    for path in sorted((ROOT / "targets/2024/067001").glob("*.yml")):
        document, problems = source.parse(path.read_bytes(), path.name)
        assert document is not None, problems
        form = SCHEMAS.forms.get(str(document.data.get("表样")))
        if form:
            found += decode.project(document.data, form).indicators
    return tuple(found)


def shape(row: Indicator) -> str:
    if row.value is None:
        return "没有值"
    value = parse(row.value, row.name)
    if value.kind in {Kind.QUALITY, Kind.UNKNOWN}:
        return value.kind.value
    if value.kind is Kind.TIME_LIMIT:
        return "期限" if value.deadline else "时长"
    if value.per:
        return "单价"
    unit = "无单位" if value.unit is None else "百分数" if value.unit.name == "%" else "数和单位"
    return f"{unit}, {'有' if value.operator else '没有'}符号"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["原文"])
def test_each_value_of_the_table_parses_as_it_says(row: dict[str, str]) -> None:
    value = parse(row["原文"], row["三级指标"])
    assert cells(value) == {column: row[column] for column in cells(value)}
    assert value.text == row["原文"]
    # Also what does not count when values are compared.
    assert repr(pickle.loads(pickle.dumps(value))) == repr(value)  # noqa: S301  our own bytes


def test_the_table_is_large_and_says_truly_which_values_are_published() -> None:
    real = {(row["原文"], row["三级指标"]) for row in ROWS if row["出处"] == "平罗 2024"}
    pairs = {(row.value, row.name) for row in published()}
    assert len(ROWS) >= 200
    assert len({(row["原文"], row["三级指标"]) for row in ROWS}) == len(ROWS)
    assert {row["出处"] for row in ROWS} == {"平罗 2024", "示例"}
    assert real <= pairs
    assert {text for text, _ in real} == {row.value for row in published() if row.value}


def test_all_109_published_values_parse_into_the_shapes_counted_by_hand() -> None:
    assert Counter(shape(row) for row in published()) == {
        "百分数, 有符号": 28,
        "定性": 27,
        "数和单位, 没有符号": 19,
        "数和单位, 有符号": 17,
        "百分数, 没有符号": 6,
        "单价": 4,
        "期限": 3,
        "没有值": 3,
        "无单位, 没有符号": 1,
        "时长": 1,
    }


def test_no_published_value_is_left_unread_and_only_the_four_malformed_rates_are_suspected() -> None:
    parsed = {row.value: parse(row.value, row.name) for row in published() if row.value}
    assert [text for text, value in parsed.items() if not value.understood] == []
    suspected = {text: [item.kind for item in value.suspicions] for text, value in parsed.items()}
    assert {text: kinds for text, kinds in suspected.items() if kinds} == {
        "30 万/年": [Doubt.UNIT_MISSING],
        "20000/人/年": [Doubt.UNIT_MISSING],
        "3000 元人/年": [Doubt.UNIT_GLUED],
    }


ODDITIES = [
    "①",
    "²",
    "½",
    "٣",
    "㎡",
    "\u200b",
    "\ud800",
    "\x00",
    "　",
    "𠀀",
    "ｱ",
    "〈",
    "》",
    "<p>",
    "Ⅳ",
    "—",
    "\n",
]
PIECES = sorted(
    {
        *(*words.BEFORE, *words.AFTER, *VOCABULARY.units, *VOCABULARY.magnitudes),
        *(*VOCABULARY.bases, *VOCABULARY.changes, *VOCABULARY.before, *VOCABULARY.after, *VOCABULARY.things),
        *(*VOCABULARY.averages, *VOCABULARY.verbs, *VOCABULARY.degrees, *VOCABULARY.phrases),
        *(
            *VOCABULARY.topic_endings,
            *VOCABULARY.same_day,
            "2024",
            "2024年",
            "12",
            "31",
            "5.9",
            "1,303",
            "298",
        ),
        *(
            "月",
            "日",
            "旬",
            "第",
            "上",
            "下",
            "底",
            "末",
            "前",
            "止",
            "截至",
            "每",
            "按",
            "全年",
            "(含)",
            "约",
            "棵树",
        ),
        *(
            "分之",
            "百分之",
            "二十",
            "三",
            "/",
            "·",
            ".",
            "-",
            "~",
            "至",
            "±",
            ",",
            "、",
            ";",
            "。",
            "%",
            "_",
            "X",
            "-5",
        ),
    }
)


def random_text(draw: random.Random) -> str:
    """Words of the grammar in any order, its characters, or any characters at all."""
    match draw.randrange(3):
        case 0:
            return "".join(draw.choices(PIECES + ODDITIES, k=draw.randrange(8)))
        case 1:
            return "".join(
                draw.choices(
                    "0123456789.,%≥≤><=±-~/年月日季底前内元万亿人次个 一二三十百以上至每约",
                    k=draw.randrange(12),
                )
            )
        case _:
            return "".join(map(chr, draw.choices(range(0x110000), k=draw.randrange(40))))


def test_100000_random_texts_raise_nothing_and_keep_their_text() -> None:
    draw = random.Random(20240109)  # noqa: S311  a repeatable walk, no secret
    kinds: Counter[Kind] = Counter()
    for _ in range(100_000):
        text = random_text(draw)
        value = parse(text, text)
        assert value.text == text
        assert value.understood is (value.kind is not Kind.UNKNOWN) or value.kind is Kind.QUALITY
        kinds[value.kind] += 1
    assert all(kinds[kind] > 10 for kind in Kind), kinds


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=30), st.none() | st.integers(1, 9999))
def test_any_text_has_a_value_that_keeps_it_to_the_letter(text: str, name: str, year: int | None) -> None:
    value = parse(text, name, year)
    assert value.text == text
    assert isinstance(values.canonical(value), str)


numbers = st.decimals(min_value=0, max_value=10**7, places=2, allow_nan=False).map(str) | st.integers(
    0, 10**7
).map(str)
units = st.sampled_from(["", "棵树", "座水库", *sorted(VOCABULARY.units.keys() - VOCABULARY.calendar)])


@st.composite
def quantities(draw: st.DrawFn) -> str:
    """A quantity in any writing: every part of the grammar, present or not."""

    def maybe(*options: str) -> str:
        return draw(st.sampled_from(["", *options]))

    lead = maybe("群众满意度", "培训人数：") + maybe("同比增长", "较上年下降", "较2023年提高了", "增加")
    lead += maybe("每年", "人均") + maybe("约") + maybe(*words.BEFORE)
    magnitude = maybe("万", "亿", "千")
    tail = (
        maybe("/年", "/人/月", "/人·天", "每人每年", "/(人·年)")
        + maybe("±5%", "±3")
        + maybe("左右", "以上", "以内")
    )
    last = maybe("-" + draw(numbers), "至" + draw(numbers))
    return (
        f"{lead}{draw(numbers)}{maybe('余')}{last}{magnitude}{draw(units)}{tail}{maybe('完成', '合格', '。')}"
    )


@st.composite
def times(draw: st.DrawFn) -> str:
    """A deadline, a period or a recurrence in any writing, valid or not."""

    def maybe(*options: str) -> str:
        return draw(st.sampled_from(["", *options]))

    def moment() -> str:
        month, date = draw(st.integers(0, 13)), draw(st.integers(0, 32))
        written = [
            f"{month}月",
            f"{month}月{date}日",
            f"{month}月中旬",
            "第二季度",
            "3季度",
            "上半年",
            "",
            "全年",
        ]
        dotted = [f"2024.{month:02}", f"2024.{month}.{date}", f"2024-{month}-{date}", f"{month}"]
        return draw(
            st.sampled_from(
                [maybe("2024年", "2023年度", "本年", "年") + draw(st.sampled_from(written)), *dotted]
            )
        )

    lead = maybe("截至", "于", "≤", "<", "=", "不晚于", "每年", "每月", "按季度", "每月10日", "每季度")
    text = lead + moment() + maybe("", "-" + moment(), "至" + moment())
    return (
        text + maybe("底", "末", "前", "底前", "内", "止", "以前", "前(含当日)") + maybe("完成", "完成支付")
    )


@settings(max_examples=1500, deadline=None)
@given(
    st.one_of(
        quantities(),
        times(),
        st.lists(st.sampled_from(PIECES + ODDITIES), max_size=6).map("".join),
        st.text(),
    )
)
def test_the_canonical_writing_parses_to_the_same_value(text: str) -> None:
    for year in (None, YEAR):
        value = parse(text, "投诉率", year)
        again = parse(values.canonical(value), "投诉率", year)
        assert again == value
        assert values.canonical(again) == values.canonical(value)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("≧５.９　万 件", "≥5.9 万件"),
        ("3 小时内", "≤3 小时"),
        ("不超过15工作日", "≤15 个工作日"),
        ("2024年12月31日之前完成", "2024 年 12 月 31 日前"),
        ("年底", "2024 年底"),
        ("3000元人/年", "3000 元/人/年"),
        ("百分之九十八以上", "≥98%"),
        ("1，303㎡", "1303 平方米"),
        ("同比降低3个百分点", "同比下降3 个百分点"),
    ],
)
def test_the_canonical_writing_reads_as_a_person_would_write_it(text: str, written: str) -> None:
    assert values.canonical(parse(text)) == written


@given(st.text(alphabet=[*"0123456789 %.,+<=>≤≥≧—-人次万元　Ａｂ①㎡《》"], max_size=8))
def test_a_plain_text_is_normalised_at_once_as_it_would_be_character_by_character(written: str) -> None:
    at_once, by_character = text.normalised(written), text._normalised(written)  # noqa: SLF001  the long way
    assert (at_once.plain, [*at_once.starts]) == (by_character.plain, [*by_character.starts])


@given(
    st.one_of(
        times(),
        st.lists(st.sampled_from(PIECES + ODDITIES), max_size=6).map("".join),
        st.text(alphabet=[*"0123456789.-/至年月日号旬季度上下半第前后底末止内每按周天全本二〇"], max_size=9),
    )
)
def test_what_one_look_tells_to_be_no_time_is_none(written: str) -> None:
    clean = text.normalised(written)
    if not TIMELY.search(clean.plain):
        assert _deadline(clean, VOCABULARY, YEAR) is None


ODD_ENDS = "余 多 左右 半 百 千米 o l件 Xx 元人 个百分点 家企业 至十户 且 号"
COUNTED = [
    *VOCABULARY.units,
    *VOCABULARY.magnitudes,
    *VOCABULARY.after,
    *VOCABULARY.things,
    *words.AFTER,
    *(f"{factor}{unit}" for factor in VOCABULARY.magnitudes for unit in ("元", "件", "人次")),
    *ODD_ENDS.split(),
]


@settings(max_examples=600)
@given(
    st.sampled_from([*words.SIGNS, "", "", "约"]),
    st.from_regex("(19|20|2)?[0-9]{1,6}([.][0-9]{1,5})?", fullmatch=True),
    st.sampled_from(["", " ", "  "]),
    st.lists(st.sampled_from(COUNTED), min_size=1, max_size=2).map("".join),
)
def test_a_number_with_words_behind_is_read_as_one_that_is_read_closely(
    front: str, number: str, space: str, behind: str
) -> None:
    written = f"{front}{number}{space}{behind}"
    for year in (YEAR, None):
        assert repr(_read(written, VOCABULARY, year)) == repr(_read_closely(written, VOCABULARY, year))


def test_most_counts_need_no_close_look() -> None:
    some = ["≥173 户", "2250 户", "≤12.5 万元", "100%", "=3 次", "95%以上"]
    for written in some:
        counted = _COUNTED.fullmatch(written)
        assert counted is not None
        assert _like(counted["front"], counted["rest"], VOCABULARY) is not None, written


def test_words_with_numbers_are_known_however_they_are_set_down() -> None:
    data = copy.deepcopy(DATA)
    data["phrases"][Kind.QUALITY].append("24 小时值守".replace(" ", ""))
    vocabulary = values.vocabulary(data)
    assert values.parse("24 小时值守", vocabulary).kind is Kind.QUALITY
    assert values.parse("24小时值守", vocabulary).kind is Kind.QUALITY
    assert values.parse("25 户", vocabulary).number == 25


@settings(deadline=None)
@given(st.sampled_from(ROWS), st.randoms(use_true_random=False))
def test_spaces_and_width_change_nothing(row: dict[str, str], draw: random.Random) -> None:
    text, digits = row["原文"], set("0123456789０１２３４５６７８９,，")
    pieces = []
    for before, char in zip(" " + text, text, strict=False):
        apart = not (before in digits and char in digits)
        pieces.append(draw.choice(["", " ", "　", "\u200b"]) if apart else "")
        pieces.append(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" and draw.random() < 0.5 else char)
    assert parse("".join(pieces), row["三级指标"]) == parse(text, row["三级指标"])


@pytest.mark.parametrize("spelling", sorted(VOCABULARY.units.keys() - VOCABULARY.calendar))
def test_every_spelling_of_the_vocabulary_is_read_as_its_unit_after_a_number(spelling: str) -> None:
    value = parse(f"≥5{spelling}")
    assert value.unit == VOCABULARY.units[spelling]
    assert value.unit_written == spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.3 万元", "3000元"),
        ("1.12 亿元", "11200万元"),
        ("5 公里", "5000米"),
        ("2 公顷", "20000㎡"),
        ("1 天", "24小时"),
        ("1 年", "12个月"),
        ("七成", "70%"),
        ("3/4", "75%"),
        ("5‰", "0.5%"),
        ("≥3000 元/人·年", "0.3万元/人/年"),
        ("2 座水库", "2座水库"),
    ],
)
def test_numbers_of_one_dimension_become_comparable_exactly(one: str, other: str) -> None:
    first, second = values.comparable_number(parse(one)), values.comparable_number(parse(other))
    assert first is not None
    assert first == second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 天", "5 个工作日"),
        ("5 人", "5 人次"),
        ("5 元/人", "5 元"),
        ("5%", "5 个百分点"),
        ("5%", "同比增长5%"),
    ],
)
def test_numbers_of_different_things_are_not_comparable(one: str, other: str) -> None:
    first, second = values.comparable_number(parse(one)), values.comparable_number(parse(other))
    assert first is not None
    assert second is not None
    assert first[1] != second[1]


def test_comparable_numbers_stay_exact_however_long_they_are() -> None:
    digits = "12345678901234567890123456789012345678901.23456789"
    assert values.comparable_number(parse(f"{digits} 万公里")) == (
        Decimal("123456789012345678901234567890123456789012345678.9"),
        "米",
    )
    assert values.comparable_number(parse("不断提高")) is None
    assert values.comparable_upper(parse("5-10 万元")) == (Decimal(100000), "元")
    assert values.comparable_upper(parse("5 万元")) is None


def test_numbers_keep_the_digits_they_are_written_with() -> None:
    assert str(parse("13.00 万元").number) == "13.00"


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("公众对服务质量的投诉率", Direction.DOWN),
        ("下乡镇勘验差旅费用", Direction.DOWN),
        ("企业和群众满意度", Direction.UP),
        ("企业和群众满意度（抽样）", Direction.UP),
        ("年内随意弃渣弃土现象减少", Direction.UP),
        ("降低投诉率", None),
        ("带动居民消费", None),
        ("办理件数", None),
        ("", None),
    ],
)
def test_the_end_of_a_name_says_which_way_is_better(name: str, direction: Direction | None) -> None:
    assert values.name_direction(name, VOCABULARY) is direction


def test_an_operator_outweighs_the_name_and_leaves_the_contradiction_to_the_rules() -> None:
    value = parse("≥5%", "投诉率")
    assert (value.direction, value.direction_source) == (Direction.UP, values.Source.OPERATOR)
    assert value.suspicions == ()


def test_a_date_without_a_year_gets_the_year_it_is_given_or_none() -> None:
    for year in (2023, None):
        deadline = parse("6月30日前", year=year).deadline
        assert deadline is not None
        assert deadline.last is not None
        assert deadline.last.year == year


def test_february_ends_by_its_year() -> None:
    ends = {year: parse("2月底", year=year).deadline for year in (2023, 2024, 2100, None)}
    days = {year: found.last.day for year, found in ends.items() if found and found.last}
    assert days == {2023: 28, 2024: 29, 2100: 28, None: 29}


def test_the_operator_and_the_unit_are_also_kept_as_written() -> None:
    value = parse("》 = 500　㎡")
    assert (value.operator, value.operator_written) == (Operator.AT_LEAST, "》 =")
    assert value.unit is not None
    assert (value.unit.name, value.unit_written) == ("平方米", "㎡")


def test_every_suspicion_says_what_is_wrong_and_what_to_write() -> None:
    found = [item for row in ROWS for item in parse(row["原文"], row["三级指标"]).suspicions]
    assert {item.kind for item in found} == set(Doubt)
    assert all(item.message and item.hint.endswith("。") for item in found)


@pytest.mark.parametrize(
    "text", ["完成办理" * 50, "5棵" + "完成办理" * 49 + "x", "大幅度" * 66, "1,111" * 40, "5元" + "人" * 198]
)
def test_no_text_takes_long(text: str) -> None:
    # Were anything tried in all its ways, these would take years.
    assert parse(text).text == text


def test_values_and_vocabulary_go_to_another_process_and_come_back() -> None:
    value = parse("≥5.9 万件")
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301  our own bytes
    again = pickle.loads(pickle.dumps(VOCABULARY))  # noqa: S301  our own bytes
    assert values.parse("≥5.9 万件", again) == value


def broken(*path: str | int, value: object) -> dict[str, Any]:
    data = copy.deepcopy(DATA)
    where: Any = data
    for step in path[:-1]:
        where = where[step]
    where[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "缺少“"),
        (broken("units", "面积", 0, "aliases", value=["元"]), "单位“元”写了两次"),
        (broken("units", "面积", 1, "of", value="米"), "“公顷”的 of 应是同一组里的单位"),
        (broken("units", "面积", 1, "scale", value=10000), "应是带引号的正数"),
        (broken("units", "面积", 1, "scale", value="一万"), "应是带引号的正数"),
        (broken("units", "面积", 1, "size", value="大"), "不认得的“size”"),
        (broken("magnitudes", "万", value="0"), "应是带引号的正数"),
        (broken("bases", "上月", value=["上年"]), "“上年”写在了两处"),
        (broken("averages", "人均", value="丁"), "“丁”不是单位"),
        (broken("directions", "verbs", "向上", value=["提高"]), "写法不对"),
        (broken("units", value=[]), "写法不对"),
    ],
)
def test_a_broken_vocabulary_is_refused_with_a_sentence(data: dict[str, Any], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        values.vocabulary(data)


def test_a_unit_added_to_the_vocabulary_is_known_without_a_change_of_code() -> None:
    data = broken("units", "件数", value=[*DATA["units"]["件数"], {"name": "棵树"}])
    value = values.parse("200 棵树", values.vocabulary(data))
    assert value.unit is not None
    assert value.unit.known
    assert not (unit := parse("200 棵树").unit) or not unit.known
