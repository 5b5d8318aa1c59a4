"""The reader in the browser, held to the one in Python: the same bytes, the same answers."""

from __future__ import annotations

import json
import random
import sys
import unicodedata
import zlib
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from builder.model import Indicator
from builder.render import render
from builder.search import Record, search, segments, write
from builder.search.query import text
from builder.search.text import fold
from tests.records import ROOT
from tests.test_search import collections, common_collection, common_questions, questions
from tests.web import served

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page, Route

pytestmark = pytest.mark.browser

ASSETS = ROOT / "builder/theme/assets/jixiao"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
SHELL = f"""<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>示例站</title><script src="../assets/jixiao/search-start.js"></script><body>{{}}"""

ANSWERS = """
async ({base, asked}) => {
  const { open, search, text } = await import("/assets/jixiao/search.js");
  const index = await open(base);
  const answers = [];
  for (const [question, chosen] of asked) {
    const sets = new Map(Object.entries(chosen).map(([facet, values]) => [facet, new Set(values)]));
    const { hits, facets } = await search(index, question, sets);
    const found = await Promise.all(hits.map(async (hit) => [hit.rank, (await text(index, hit)).address]));
    const counted = [...facets].map(([facet, counts]) => [facet, Object.fromEntries(counts)]);
    answers.push([found, Object.fromEntries(counted)]);
  }
  return answers;
}
"""


def put(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    for name, data in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the engine in it."""
    folder = tmp_path_factory.mktemp("search")
    put(folder, ((f"assets/jixiao/{path.name}", path.read_bytes()) for path in ASSETS.glob("search*.js")))
    (folder / "index.html").write_text(SHELL.format(""), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as where:
        yield where


@pytest.fixture(scope="module")
def engine(browser: Browser, address: str) -> Iterator[Page]:
    """A page from which the engine can be loaded."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}assets/jixiao/search.js")
    yield page
    context.close()


def test_text_is_folded_as_in_python_for_every_character_it_knows(site: Path, engine: Page) -> None:
    """Characters newer than this Python's tables are left out: the two may know different ones."""
    known = [
        chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in {"Cn", "Cs"}
    ]
    marks = [character for character in known if unicodedata.combining(character)]
    pairs = [base + mark for base in "aAé한Ωσ审" for mark in marks[:400]]
    texts = [*known, *pairs, "ΑΣ ΟΔΟΣ", "İstanbul ıI", "１２３４５", "≥　98 ％", "ﬁ℃㎡①", "각"]
    (site / "folds.json").write_text(json.dumps([[part, fold(part)] for part in texts]), encoding="utf-8")
    wrong = engine.evaluate(
        """async () => {
          const { fold } = await import("/assets/jixiao/search.js");
          const pairs = await (await fetch("/folds.json")).json();
          return pairs.filter(([text, folded]) => fold(text) !== folded);
        }"""
    )
    assert wrong == []
    assert len(texts) > 280_000


def test_the_browser_undoes_what_zlib_packs(site: Path, engine: Page) -> None:
    """Stored, with fixed and with made codes, in one block and in several, on top of known text or not."""
    dice = random.Random(1)  # noqa: S311  invented data, not secrets
    known = "服务对象满意度，按期完成率".encode()
    cases = []
    for number in range(160):
        size = dice.choice((0, 1, 40, 700, 9000, 70_000 if number % 20 == 0 else 100))
        letters = "满意度率，。≥%0123456789".encode() if number % 2 else bytes(range(256))
        weights = [1 / (rank + 1) ** dice.choice((0, 1, 4)) for rank in range(len(letters))]
        plain = bytes(dice.choices(letters, weights, k=size)) + known * (number % 3)
        own = known if number % 4 == 0 else b""
        packer = zlib.compressobj(number % 10, zlib.DEFLATED, -15, 9, dice.choice((0, 2, 4)), own)
        packed = packer.compress(plain[:50]) + packer.flush(zlib.Z_BLOCK)
        packed += packer.compress(plain[50:]) + packer.flush()
        cases.append([number, own.decode(), zlib.crc32(plain), len(plain)])
        put(site, [(f"packed/{number}", packed)])
    wrong = engine.evaluate(
        """async (cases) => {
          const { crc32, inflate } = await import("/assets/jixiao/search.js");
          const wrong = [];
          for (const [number, known, sum, size] of cases) {
            const packed = new Uint8Array(await (await fetch(`/packed/${number}`)).arrayBuffer());
            const plain = inflate(packed, new TextEncoder().encode(known));
            if (plain.length !== size || crc32(plain) !== sum) wrong.push(number);
          }
          return wrong;
        }""",
        cases,
    )
    assert wrong == []


def test_the_browser_finds_pieces_of_a_common_text_as_python_does(site: Path, engine: Page) -> None:
    for few in (1, 3, 6, 512):
        files = dict(write(common_collection(), few=few))
        put(site / f"common-{few}", files.items())
        asked: list[tuple[str, dict[str, list[str]]]] = [(question, {}) for question in common_questions()]
        answers = engine.evaluate(ANSWERS, {"base": f"/common-{few}/", "asked": asked})
        index = segments(files.__getitem__)
        for (question, _), (found, _) in zip(asked, answers, strict=True):
            hits = search(index, question, {}).hits
            assert found == [[hit.rank, text(index, hit)[0]] for hit in hits], (few, question)


_numbers = count()


@given(data=st.data(), few=st.sampled_from((1, 3, 8, 512)))
@settings(
    max_examples=30,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # the test in Python shrinks faster
    suppress_health_check=[HealthCheck.too_slow],
)
def test_the_browser_answers_as_python_does(site: Path, engine: Page, data: st.DataObject, few: int) -> None:
    records = data.draw(collections())
    files = dict(write(records, few=few))
    folder = f"index-{next(_numbers)}"
    put(site / folder, files.items())
    asked = [(data.draw(questions(records)), data.draw(_chosen(records))) for _ in range(12)]
    asked.append(("", {}))
    given_back = engine.evaluate(ANSWERS, {"base": f"/{folder}/", "asked": asked})
    index = segments(files.__getitem__)
    for (question, chosen), (found, facets) in zip(asked, given_back, strict=True):
        answer = search(index, question, chosen)
        expected = [[hit.rank, quote(text(index, hit)[0])] for hit in answer.hits]
        assert found == expected, (question, chosen)
        assert facets == {facet: dict(counts) for facet, counts in answer.facets.items()}


def _chosen(records: Iterable[Record]) -> st.SearchStrategy[dict[str, list[str]]]:
    years = sorted({str(record.year) for record in records if record.year})
    departments = sorted({record.department for record in records if record.year})
    values = {
        "年度": years,
        "部门": departments,
        "二级指标": ["数量指标", "满意度指标"],
        "资金": ["10～50 万元", "50～100 万元"],
    }
    lists = {facet: st.lists(st.sampled_from(own), unique=True, max_size=2) for facet, own in values.items()}
    return st.just({}) | st.fixed_dictionaries({}, optional=lists)


HOSTILE = "<img src=x onerror=alert(1)>&amp;\"'"


def _project(number: int, **more: Any) -> Record:  # noqa: ANN401  any of a record's fields
    fields: dict[str, Any] = {
        "title": f"示例项目{number:02d}",
        "year": 2024,
        "department": "示例审批局" if number % 3 else "示例教育局",
        "unit": "示例审批局本级",
        "amount": Decimal(100 - number),
        "amount_text": f"{100 - number}.00 万元",
        "texts": ("办理审批业务",),
        "indicators": (
            Indicator("", "数量指标", "办理件数", "≥980 件"),
            Indicator("", "满意度指标", "服务对象满意度", "≥98 %"),
        ),
    }
    return Record(address=f"2024/{number}/", **(fields | more))


@pytest.fixture(scope="module")
def results_page(site: Path, address: str) -> str:
    """The address of a search page over 45 projects and a page."""
    far = "前面还有很多字" * 10 + "找得到的词" + "后面还有很多字" * 20
    records = [
        *(_project(number) for number in range(45)),
        _project(45, year=2023, title=HOSTILE, texts=(HOSTILE,)),
        Record("关于/", "关于审批", texts=(far,)),
    ]
    put(site / "search/data", write(sorted(records, key=lambda record: -(record.year or 0))))
    shell = SHELL.format(render("pages/search.html", root="../"))
    (site / "search/index.html").write_text(shell, encoding="utf-8")
    return f"{address}search/"


def _ask(page: Page, where: str, question: str) -> None:
    page.goto(f"{where}?q={quote(question)}")
    _done(page)


def _done(page: Page) -> None:
    page.locator("[data-state=done]").wait_for(timeout=10_000)


def test_a_result_links_to_the_project_and_shows_the_matching_indicators_marked(
    page: Page, results_page: str
) -> None:
    _ask(page, results_page, "示例项目07 ９８%")
    assert page.get_by_role("status").inner_text() == "含有“示例项目07”和“98%”：1 个项目"
    article = page.get_by_role("article")
    link = article.get_by_role("link")
    assert (link.inner_text(), link.get_attribute("href")) == ("示例项目07", "../2024/7/")
    assert "2024 年度 · 示例审批局本级 · 93.00 万元" in article.inner_text()
    assert article.get_by_role("listitem").all_inner_texts() == ["满意度指标 服务对象满意度：≥98 %"]
    assert article.locator("mark").all_inner_texts() == ["示例项目07", "98 %"]
    link.click()
    assert page.url.endswith("/2024/7/")


def test_a_hand_written_page_is_shown_with_the_words_around_the_match(page: Page, results_page: str) -> None:
    _ask(page, results_page, "找得到")
    article = page.get_by_role("article")
    assert article.locator("p").first.inner_text() == "页面"
    shown = article.locator("p").last.inner_text()
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "很多字找得到的词后面" in shown
    assert len(shown) < 120


def _labels(group: Locator) -> list[str]:
    return [label.strip() for label in group.locator("label").all_inner_texts()]


def test_a_facet_narrows_by_keyboard_and_the_way_back_widens_again(page: Page, results_page: str) -> None:
    _ask(page, results_page, "办理")
    group = page.get_by_role("group", name="部门")
    assert _labels(group) == ["示例审批局 30", "示例教育局 16"]
    group.get_by_role("checkbox").nth(1).focus()
    page.keyboard.press("Space")
    page.get_by_text("含有“办理”：16 个项目").wait_for()
    assert page.evaluate("document.activeElement.value") == "示例教育局"
    assert _labels(group) == ["示例审批局 30", "示例教育局 16"]
    assert "部门=示例教育局" in page.evaluate("decodeURIComponent(location.search)")
    page.reload()
    page.get_by_text("含有“办理”：16 个项目").wait_for()
    page.get_by_role("button", name="清除筛选").press("Enter")
    page.get_by_text("含有“办理”：46 个项目").wait_for()
    page.go_back()
    page.get_by_text("含有“办理”：16 个项目").wait_for()
    assert group.get_by_role("checkbox", checked=True).count() == 1


def test_more_results_come_by_tens_and_the_focus_goes_to_the_first_of_them(
    page: Page, results_page: str
) -> None:
    _ask(page, results_page, "示例项目")
    articles = page.get_by_role("article")
    assert articles.count() == 10
    page.get_by_role("button", name="更多结果").press("Enter")
    page.get_by_text("示例项目19").wait_for()
    assert articles.count() == 20
    assert page.evaluate("document.activeElement.textContent") == "示例项目10"
    page.get_by_text("示例项目19").click()
    page.go_back()
    page.get_by_text("示例项目19").wait_for()
    for shown in (29, 39, 44):
        page.get_by_role("button", name="更多结果").click()
        page.get_by_text(f"示例项目{shown}").wait_for()
    assert page.get_by_role("button", name="更多结果").count() == 0


@pytest.mark.parametrize("lack", ["no threads", "no modules in threads"])
def test_without_a_thread_the_page_answers_by_itself(page: Page, results_page: str, lack: str) -> None:
    if lack == "no threads":
        page.add_init_script("delete window.Worker")
    else:
        page.add_init_script(
            "window.Worker = class extends Worker { constructor(url) { super(url, { type: 'classic' }) } }"
        )
    _ask(page, results_page, "示例项目")
    assert page.get_by_role("article").count() == 10
    page.get_by_role("button", name="更多结果").click()
    page.get_by_text("示例项目19").wait_for()
    page.get_by_role("searchbox").fill("示例项目07")
    page.keyboard.press("Enter")
    page.get_by_text("含有“示例项目07”：1 个项目").wait_for()


def test_where_the_index_cannot_be_had_the_page_says_so_and_can_be_asked_again(
    page: Page, results_page: str
) -> None:
    page.route("**/manifest", lambda route: route.abort())
    page.goto(f"{results_page}?q=示例项目07")
    page.get_by_text("检索数据没有取到").wait_for()
    page.unroute("**/manifest")
    page.get_by_role("searchbox").fill("示例项目08")
    page.keyboard.press("Enter")
    page.get_by_text("含有“示例项目08”：1 个项目").wait_for()


def test_a_new_question_in_the_form_changes_the_address(page: Page, results_page: str) -> None:
    _ask(page, results_page, "")
    assert page.get_by_role("status").inner_text() == "全部：46 个项目"
    page.get_by_role("searchbox").fill("没有的词")
    page.keyboard.press("Enter")
    page.get_by_text("没有找到含有“没有的词”的项目").wait_for()
    assert "q=没有的词" in page.evaluate("decodeURIComponent(location.search)")
    assert page.title() == "没有的词 - 示例站"
    page.go_back()
    page.get_by_text("全部：46 个项目").wait_for()
    assert page.get_by_role("searchbox").input_value() == ""


def test_what_the_data_says_is_text(page: Page, results_page: str) -> None:
    _ask(page, results_page, HOSTILE)
    assert page.get_by_role("article").get_by_role("link").inner_text() == HOSTILE
    assert page.locator("#search img").count() == 0


def test_without_scripts_the_page_says_where_else_to_look(browser: Browser, results_page: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(results_page)
    assert page.get_by_role("paragraph").get_by_role("link", name="首页").get_attribute("href") == "../"
    assert page.locator("form").get_attribute("method") == "get"
    context.close()


@pytest.mark.parametrize(("question", "results"), [("示例项目07", 1), ("", 10)], ids=["shards", "texts"])
def test_a_manifest_that_names_a_folder_gone_is_asked_for_once_more(
    page: Page, results_page: str, site: Path, question: str, results: int
) -> None:
    """As after a new edition, when a cache still holds the old manifest."""
    old = dict(write([_project(1, title="旧的项目")]))["manifest"]
    asked: list[int] = []

    def answer(route: Route) -> None:
        asked.append(1)
        data = old if len(asked) == 1 else (site / "search/data/manifest").read_bytes()
        route.fulfill(body=data)

    page.route("**/manifest", answer)
    _ask(page, results_page, question)
    assert page.get_by_role("article").count() == results
    assert len(asked) == 2


def test_only_what_a_question_needs_is_fetched(page: Page, results_page: str) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2].split("-")[0]))
    _ask(page, results_page, "示例项目07")
    assert fetched.count("manifest") == 1
    assert 0 < fetched.count("text") < 5
    assert 0 < fetched.count("shard") < 20
    fetched.clear()
    page.get_by_role("searchbox").fill("示例项目08")
    page.keyboard.press("Enter")
    page.get_by_text("含有“示例项目08”").wait_for()
    assert {*fetched} <= {"shard", "text"}
