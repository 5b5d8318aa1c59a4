from __future__ import annotations

import pickle
import random
import unicodedata
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.catalogue import summarise
from builder.check import examine
from builder.model import Indicator
from builder.search import (
    Record,
    grams,
    manifest_file,
    page_record,
    project_record,
    search,
    segments,
    write,
    year_files,
)
from builder.search.coding import ROOM, pack_entry, pack_places, pack_ranks, unpack_places, unpack_ranks
from builder.search.prose import paragraphs
from builder.search.query import text
from tests.records import SCHEMAS, VALID, checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from builder.search.query import Segment

PIECES = (
    "审批服务",
    "满意度",
    "率",
    "≥98%",
    "１２",
    "3.5 万",
    "ABC",
    "ß",
    "的",
    "𠀀𠀁",
    "é",
    "、",
    "审",
    "批",
)
"""What generated texts are made of: few pieces, so that much is common and much almost matches."""

LEVELS = ("数量指标", "质量指标", "满意度指标")

_fields = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
_names = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)
_indicators = st.builds(Indicator, st.just(""), st.sampled_from(LEVELS), _names, st.none() | _fields)


@st.composite
def collections(draw: st.DrawFn) -> tuple[Record, ...]:
    """Projects of two years and a hand-written page, addresses as their numbers."""
    project = st.builds(
        Record,
        address=st.just(""),
        title=_names,
        department=st.sampled_from(("示例审批局", "示例教育局", "ABC局")),
        unit=_names,
        amount=st.decimals(0, 2000, places=2).map(Decimal) | st.just(Decimal(50)),
        texts=st.lists(_fields, max_size=3).map(tuple),
        indicators=st.lists(_indicators, max_size=5).map(tuple),
    )
    found = [
        (year, record) for year in (2025, 2024) for record in draw(st.lists(project, min_size=1, max_size=12))
    ]
    page = Record("页面/", draw(_names), texts=draw(st.lists(_fields, max_size=3).map(tuple)))
    placed = (
        replace(record, address=f"{year}/{number}/", year=year) for number, (year, record) in enumerate(found)
    )
    return (*placed, page)


@st.composite
def questions(draw: st.DrawFn, records: Sequence[Record]) -> str:
    """A question of up to three words, most of them cut from the records' own texts."""
    fields = [field for record in records for field in _fields_of(record) if field]
    cut = st.sampled_from(fields).flatmap(
        lambda field: st.tuples(st.integers(0, len(field) - 1), st.integers(1, 12)).map(
            lambda span: field[span[0] : span[0] + span[1]]
        )
    )
    word = cut | st.sampled_from(PIECES) | _names
    return " ".join(draw(st.lists(word, min_size=1, max_size=3)))


COMMON = "提高审提高审批效率，方便企业和办事群众满意"
"""A text so long, and in so many of the next records, that questions must be put together from many lists."""


def common_collection() -> tuple[Record, ...]:
    """One text whole, cut off, and with something before it, after it and in it, in eighteen projects."""
    texts = (COMMON, f"甲{COMMON}", f"{COMMON}乙", f"甲{COMMON}乙", COMMON[:9], COMMON[5:], f"{COMMON[:8]}丙")
    rare = (f"{COMMON[:6]}丁{COMMON[6:]}", f"{COMMON[4:12]}戊{COMMON[4:12]}", COMMON[::-1], "甲提", "群乙")
    return tuple(
        Record(f"2024/{number}/", f"示例{number}", 2024, texts=(text,), amount=Decimal(number))
        for number, text in enumerate((*texts, *texts[:6], *rare))
    )


def common_questions() -> tuple[str, ...]:
    """Every piece of the common text, some with a character put before, after or into them."""
    spans = [(start, end) for start in range(len(COMMON)) for end in range(start + 1, len(COMMON) + 1)]
    cut = [COMMON[start:end] for start, end in spans]
    around = [
        f"{before}{part}{after}" for part in cut[::3] for before in ("", "甲") for after in ("", "乙", "丙")
    ]
    inside = [f"{part[:3]}丁{part[3:]}" for part in cut[::5]]
    return (*cut, *around, *inside)


def _plain(text: str) -> str:
    """The definition, written once more."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _fields_of(record: Record) -> list[str]:
    rows = [part for row in record.indicators for part in (row.name, row.value or "")]
    return [record.title, record.department, record.unit, *record.texts, *rows]


def _rank(record: Record, word: str) -> int:
    names = [record.title], [row.name for row in record.indicators], _fields_of(record)
    zones = [any(word in _plain(field) for field in zone) for zone in names]
    return zones.index(True) + 1 if any(zones) else 0


def _index(records: Sequence[Record], few: int = 512) -> tuple[Segment, ...]:
    files = dict(write(records, few=few))
    return segments(files.__getitem__)


def _asked(records: Sequence[Record], question: str, few: int = 512) -> list[str]:
    index = _index(records, few)
    return [text(index, hit)[0] for hit in search(index, question, {}).hits]


@given(data=st.data(), few=st.sampled_from((1, 3, 8, 512)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_index_finds_what_in_finds_in_the_order_of_rank_and_amount(data: st.DataObject, few: int) -> None:
    records = data.draw(collections())
    index = _index(records, few)
    for _ in range(10):
        question = data.draw(questions(records))
        words = [_plain(word) for word in question.split()]
        expected = sorted(
            (max(ranks, default=0), record.year is None, -record.amount, number)
            for number, record in enumerate(records)
            if all(ranks := [_rank(record, word) for word in words]) and (words or record.year)
        )
        found = [(hit.rank, text(index, hit)[0]) for hit in search(index, question, {}).hits]
        assert found == [(rank, records[number].address) for rank, _, _, number in expected], question


def _where(index: Sequence[Segment], question: str) -> set[str]:
    return {text(index, hit)[0] for hit in search(index, question, {}).hits}


@pytest.mark.parametrize("few", [1, 3, 6, 512])
def test_pieces_of_a_common_text_are_found_however_long(few: int) -> None:
    records = common_collection()
    index = _index(records, few)
    for question in common_questions():
        expected = {record.address for record in records if question in record.texts[0]}
        assert _where(index, question) == expected, question


def test_common_pairs_that_could_follow_each_other_are_not_taken_for_a_common_text() -> None:
    texts = (*("甲乙", "乙丙", "丙丁", "丁戊") * 3, "甲乙丙丁戊", "甲乙丙己", "乙丙丁")
    records = [_example(number, texts=(text,)) for number, text in enumerate(texts)]
    index = _index(records, few=2)
    assert _where(index, "甲乙丙丁戊") == {"2024/12/"}
    assert _where(index, "甲乙丙") == {"2024/12/", "2024/13/"}
    assert _where(index, "乙丙丁") == {"2024/12/", "2024/14/"}


@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_facets_count_what_choosing_each_value_would_give(data: st.DataObject) -> None:
    records = data.draw(collections())
    projects = [record for record in records if record.year]
    question = data.draw(st.just("") | questions(records))
    own = {record.address: _facets(record) for record in projects}
    values = sorted(
        {(facet, value) for facets in own.values() for facet in facets for value in facets[facet]}
    )
    chosen: dict[str, set[str]] = {}
    for facet, value in data.draw(st.lists(st.sampled_from(values), max_size=3)):
        chosen.setdefault(facet, set()).add(value)
    index = _index(records, 3)
    matching = _where(index, question)
    answer = search(index, question, chosen)
    for facet in answer.facets:
        others = {name: wanted for name, wanted in chosen.items() if name != facet}
        fitting = [own[address] for address in matching & own.keys() if _fits(own[address], others)]
        assert answer.facets[facet] == Counter(value for facets in fitting for value in facets[facet])
    pages = set() if chosen else matching - own.keys()
    found = {address for address in matching & own.keys() if _fits(own[address], chosen)}
    assert {text(index, hit)[0] for hit in answer.hits} == found | pages


def _facets(record: Record) -> dict[str, set[str]]:
    bands = ((10, "不足 10 万元"), (50, "10～50 万元"), (100, "50～100 万元"), (500, "100～500 万元"))
    larger = "500～1000 万元" if record.amount < 1000 else "1000 万元及以上"
    band = next((label for limit, label in bands if record.amount < limit), larger)
    return {
        "年度": {str(record.year)},
        "部门": {record.department},
        "二级指标": {row.level2 for row in record.indicators},
        "资金": {band},
    }


def _fits(facets: Mapping[str, set[str]], chosen: Mapping[str, set[str]]) -> bool:
    return all(facets[facet] & wanted for facet, wanted in chosen.items())


def _example(number: int, **more: Any) -> Record:  # noqa: ANN401  any of a record's fields
    record = Record(f"2024/{number}/", "示例项目", 2024, department="示例局", unit="示例局本级")
    return replace(record, **more)


def _rows(*names: str) -> tuple[Indicator, ...]:
    return tuple(Indicator("", "数量指标", name, "≥98%") for name in names)


def test_a_match_in_the_name_comes_before_one_in_an_indicator_before_one_elsewhere() -> None:
    records = (
        _example(1, texts=("窗口",), amount=Decimal(900)),
        _example(2, indicators=_rows("窗口数量"), amount=Decimal(5)),
        _example(3, indicators=_rows("窗口数量"), amount=Decimal("5.01")),
        _example(4, title="窗口经费", amount=Decimal("0.5")),
        _example(5, texts=("不相干",)),
    )
    assert _asked(records, "窗口") == ["2024/4/", "2024/3/", "2024/2/", "2024/1/"]


def test_of_several_words_the_worst_placed_decides() -> None:
    records = (_example(1, title="窗口培训"), _example(2, title="窗口", texts=("培训",), amount=Decimal(9)))
    assert _asked(records, "窗口 培训") == ["2024/1/", "2024/2/"]
    assert _asked(records, "窗口　培训　满意") == []


def test_larger_amounts_come_first_across_years_whatever_their_decimals() -> None:
    amounts = ("64.8605", "13.00", "64.86", "0", "64.8606")
    records = tuple(
        _example(number, year=2024 - number % 2, address=amount, amount=Decimal(amount))
        for number, amount in sorted(enumerate(amounts), key=lambda pair: pair[0] % 2)
    )
    assert _asked(records, "") == ["64.8606", "64.8605", "64.86", "13.00", "0"]


@pytest.mark.parametrize(
    ("question", "found"),
    {
        "满": True,
        "≥98%": True,
        "≥９８％": True,
        "≥ 98 %": True,
        "8 9": True,
        "89": False,
        "≥98": True,
        "12345": True,
        "23": True,
        "abc": True,
        "ＡＢＣ": True,
        "服务对象满意度": True,
        "对象 服务": True,
        "满意度98": False,
        "度≥": False,
        "示例局示例局": False,
        "万元": False,
        "数量指标": False,
    }.items(),
)
def test_what_matches_is_a_substring_of_one_field(question: str, *, found: bool) -> None:
    record = _example(1, indicators=_rows("服务对象满意度"), texts=("Abc 12345",), amount_text="1 万元")
    other = _example(2, indicators=_rows("98 个"))
    assert ("2024/1/" in _asked((record, other), question)) is found


def test_an_empty_question_shows_every_project_and_no_page() -> None:
    records = (_example(1), _example(2), Record("关于/", "关于本站"))
    assert _asked(records, " \u3000 ") == ["2024/1/", "2024/2/"]


def test_the_same_records_give_the_same_bytes() -> None:
    records = tuple(_example(number, texts=(f"目标{number}",)) for number in range(50))
    assert list(write(iter(records))) == list(write(iter(records)))


def test_an_edit_leaves_the_files_of_other_years_as_they_were() -> None:
    old = [
        _example(number, year=year, address=f"{year}/{number}/")
        for year in (2025, 2024)
        for number in range(9)
    ]
    new = [*old[:-1], replace(old[-1], title="改过的项目", department="新的局", amount=Decimal(7))]
    before, after = dict(write(old)), dict(write(new))
    kept = {name for name in before if name.startswith("2025-")}
    assert len(kept) > 5
    assert {name: before[name] for name in kept} == {name: after.get(name) for name in kept}
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert "manifest" in changed
    assert {name[:5] for name in changed - {"manifest"}} == {"2024-"}


def test_years_made_apart_from_one_another_give_the_files_of_all_made_at_once() -> None:
    """As processes of a pool make them, whose summaries come back pickled."""
    records = [_example(number, year=2025 - number % 3, texts=(f"目标{number}",)) for number in range(40)]
    records = sorted(records, key=lambda record: -(record.year or 0))
    apart: dict[str, bytes] = {}
    parts = []
    for year in (2023, 2025, 2024):
        made = year_files(record for record in records if record.year == year)
        apart.update(made.files)
        parts.append(pickle.loads(pickle.dumps(made.part)))  # noqa: S301  just pickled
    parts.sort(key=lambda part: -(part.year or 0))
    assert apart | dict([manifest_file(parts)]) == dict(write(records))


@pytest.mark.parametrize("seed", range(12))
def test_lists_made_from_earlier_ones_are_those_made_anew(seed: int) -> None:
    """Texts of few letters, much of them common, and a long one now and then; one or two records change."""
    dice = random.Random(seed)  # noqa: S311  invented texts

    def record() -> list[list[str]]:
        most = 12 if dice.random() < 0.99 else 150
        return [
            ["".join(dice.choices("甲乙丙", weights=(6, 3, 1), k=dice.randint(3, most)))] for _ in range(3)
        ]

    fields = [record() for _ in range(100)]
    limit = dice.choice((5, 20, 60))
    earlier = grams.grams(fields, limit)
    for _ in range(40):
        fields = [*fields]
        for _ in range(dice.randint(1, 2)):
            number, zone = dice.randrange(100), dice.randrange(3)
            fields[number] = [*fields[number][:zone], record()[0], *fields[number][zone + 1 :]]
        earlier = pickle.loads(pickle.dumps(grams.grams(fields, limit, earlier)))  # noqa: S301  just pickled
        anew = grams.grams(fields, limit)
        assert (earlier, earlier.common, [*earlier.placed()]) == (anew, anew.common, [*anew.placed()])


def test_a_long_text_changes_how_the_places_of_all_others_are_packed() -> None:
    fields = [[[f"甲{number}"], [f"乙{number}"], [f"丙{number}"]] for number in range(60)]
    earlier = grams.grams(fields, 100)
    fields = [*fields[:-1], [["甲59"], ["乙59"], ["丁" * 90]]]
    anew = grams.grams(fields, 100)
    assert anew.lows != earlier.lows
    assert grams.grams(fields, 100, earlier) == anew


def test_only_what_an_edit_can_have_changed_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(3)  # noqa: S311  invented texts
    old = [_example(number, title="".join(dice.choices(PIECES, k=4))) for number in range(400)]
    earlier = year_files(old)
    made: list[str] = []

    def noted(of: str, kind: int, data: bytes) -> bytes:
        made.append(of)
        return pack_entry(of, kind, data)

    monkeypatch.setattr(grams, "pack_entry", noted)
    new = [*old[:-1], replace(old[-1], title="满意度３")]
    again = year_files(new, before=earlier.lists)
    assert 0 < len(made) < len(again.lists.entries) / 2


def test_a_year_is_written_before_the_next_is_read() -> None:
    read: list[int] = []

    def records() -> Iterator[Record]:
        for year in (2025, 2024, 2023):
            read.append(year)
            yield _example(1, year=year)

    next(write(records()))
    assert read == [2025, 2024]


@given(st.sets(st.tuples(st.integers(0, 90_000), st.integers(0, 3000)), min_size=1, max_size=60))
@settings(max_examples=100, deadline=None)
def test_packed_places_come_back(found: set[tuple[int, int]]) -> None:
    places = sorted(slot * ROOM + position for slot, position in found)
    for lows in ((0, 3, 9), (7, 0, 1)):
        assert list(unpack_places(pack_places(places, lows), lows)) == places


@given(st.lists(st.sampled_from((0, 0, 0, 1, 2, 3)), min_size=1, max_size=200).filter(any))
@settings(max_examples=100, deadline=None)
def test_packed_ranks_come_back(ranks: list[int]) -> None:
    for repeated in (1, 9):  # in gaps, and in runs
        longer = [rank for rank in ranks for _ in range(repeated)]
        assert list(unpack_ranks(pack_ranks(bytes(longer)), len(longer))) == longer


def test_a_list_far_from_even_takes_no_more_than_a_few_bytes_a_place() -> None:
    """A thousand neighbours, and one far away, whose distance no short code was made for."""
    places = [*(slot * ROOM for slot in range(1000)), 290_000 * ROOM]
    assert len(pack_places(places, (4, 6, 8))) < 3000


def test_text_that_stands_in_every_form_is_found_with_few_bytes() -> None:
    """In 4,000 forms with the same rows, no list read takes more than two bits a form."""
    same = _rows("服务对象满意度达到规定的标准", "企业和群众满意度")
    records = [
        _example(number, title=f"示例{number}号", indicators=same, texts=(f"目标{number % 7}达到规定的标准",))
        for number in range(4000)
    ]
    files = dict(write(records))
    taken: list[str] = []

    def read(name: str) -> bytes:
        taken.append(name)
        return files[name]

    index = segments(read)
    for question in ("满意度", "服务对象满意度", "≥98%", "度", "达到规定的标准"):
        search(index, "", {})
        taken.clear()
        assert len(search(index, question, {}).hits) == 4000, question
        assert sum(len(files[name]) for name in taken) < 4000, question


def test_a_project_is_searched_in_its_own_texts_and_no_others() -> None:
    result = checked(VALID)
    assert result.project
    subject = examine(result.file, SCHEMAS).subject
    assert subject
    summary = summarise(subject, result.file)
    assert summary
    record = project_record(result.project, summary)
    assert (record.year, record.amount_text) == (2024, "13.00 万元")
    for question in ("示例项目", "示例局本级", "示例目标一", "群众满意度", "≤0.3万元", "示例局"):
        assert _asked((record,), question) == ["2024/999001/示例/"], question
    for question in ("数量指标", "13.00", "999001", "经常性", "1年"):
        assert _asked((record,), question) == [], question


HTML = """
<h1 id="x">甲乙<a class="headerlink" href="#x" title="本节的链接">#</a></h1>
<p>第一段 &lt;b&gt; 有<strong>重</strong>点<br>和换行</p>
<ul><li>一项<ul><li>小项</li></ul></li></ul>
<table><tr><th>表头</th><td>单元格<svg><title>图</title></svg></td></tr></table>
<pre><code>make site</code></pre><script>var no</script>末尾
"""


def test_the_fields_of_a_page_are_its_blocks() -> None:
    assert paragraphs(HTML) == (
        *("甲乙", "第一段 <b> 有重点 和换行", "一项", "小项", "表头", "单元格", "make site", "末尾"),
    )


def test_a_hand_written_page_is_found_by_its_text_until_a_facet_is_chosen() -> None:
    records = (_example(1, texts=("重点",)), page_record("关于/", "甲乙", HTML))
    assert _asked(records, "重点") == ["2024/1/", "关于/"]
    assert _asked(records, "表头单元格") == []
    index = _index(records)
    assert len(search(index, "重点", {"年度": {"2024"}}).hits) == 1
