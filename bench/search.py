"""Search in a real browser: this project, Pagefind at its best, Material's own; with the same questions."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import Error, sync_playwright

import tasks
from bench import markdown, pagefind, workplace
from bench.measure import Contender, Run, measured, say, weight
from bench.questions import fold, questions, texts, truth
from bench.results import Part
from bench.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from bench.questions import Text
    from bench.server import Sent, Served
    from bench.workplace import Workplace

MOST_FOR_MATERIAL, MOST_FOR_PAGEFIND = 2_000, 20_000
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
_FIRST = 8
"""So many questions, one of each kind, are asked as the first of a visit, by a browser with no cache."""
_WAIT = 120_000.0  # milliseconds
_REST = 0.5
"""Seconds until a new browser window has done all it does for itself, as one has in which somebody types."""
_COLUMNS = (
    *("搜索", "准确", "首次毫秒", "首次 KB", "首次请求", "以后毫秒", "以后 KB", "以后请求"),
    *("索引秒", "索引内存 MB", "索引文件", "索引 MB"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """How many projects, the addresses of the first of them, and how many milliseconds it took."""

    count: int
    links: tuple[str, ...]
    spent: float


@dataclass
class Engine:
    """One search: where its files are, how a first and a later question are asked, and what came of it.

    ``parts`` say which paths belong to search; the rest of the page is not counted. ``made``: what the index
    took and weighs.
    """

    name: str
    folder: Path
    parts: tuple[str, ...]
    first: Callable[[Page, str, str], Answer]
    later: Callable[[Page, str], Answer]
    made: Run | None = None
    exact: int = 0
    firsts: list[tuple[float, int, int]] = field(default_factory=list)
    laters: list[tuple[float, int, int]] = field(default_factory=list)


def measure(scratch: Path, projects: int, *, rounds: int) -> Part:
    """One table of searching; ``rounds`` repeats the first questions."""
    say(f"搜索，{projects:,} 个项目：准备……")
    place = workplace.make(scratch / "search", projects, lasting=True)
    records = texts(place.targets)
    asked = questions(records)
    notes: list[str] = []
    engines = [engine for make in (_ours, _pagefind, _material) for engine in make(place, scratch, notes)]
    path = tasks.find_browser()
    if path is None:
        raise SystemExit("没有 Chromium：请装上它，或用环境变量 JIXIAO_CHROMIUM 指明它的路径。")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for engine in engines:
            say(f"  {engine.name}……")
            try:
                _ask_all(engine, browser, records, asked, rounds)
            except Error as error:
                notes.append(f"{engine.name} 没有跑成：{error.message.splitlines()[0]}")
        browser.close()
    rows = tuple(_row(engine, len(asked)) for engine in engines)
    return Part("search", place.projects, _COLUMNS, rows, (*_notes(), *notes))


def _ask_all(
    engine: Engine, browser: Browser, records: Sequence[Text], asked: Sequence[str], rounds: int
) -> None:
    with serving(engine.folder) as served:
        for question in [*asked[:_FIRST]] * rounds:
            page = browser.new_context().new_page()
            page.set_default_timeout(_WAIT)
            time.sleep(_REST)
            answer = engine.first(page, served.address, question)
            engine.firsts.append((answer.spent, *_weighed(served, engine.parts)))
            page.context.close()
            served.clear()
        page = browser.new_context().new_page()
        page.set_default_timeout(_WAIT)
        engine.first(page, served.address, asked[0])
        for number, question in enumerate(asked):
            served.clear()
            answer = engine.later(page, question)
            if number:
                engine.laters.append((answer.spent, *_weighed(served, engine.parts)))
            engine.exact += _is_true(answer, truth(question, records))
        page.context.close()


def _weighed(served: Served, parts: tuple[str, ...]) -> tuple[int, int]:
    sent: list[Sent] = served.of(*parts)
    return sum(one.size for one in sent), len(sent)


def _is_true(answer: Answer, expected: set[str]) -> bool:
    """Whether the number is right and every result shown is one of the true ones."""
    shown = {unquote(urlsplit(link).path).strip("/") + "/" for link in answer.links}
    return answer.count == len(expected) and all(
        any(one.endswith(true) for true in expected) for one in shown
    )


# This project

_OBSERVE = """
window.shown = new Promise((resolve) => {
  const seen = new MutationObserver(() => {
    if (document.getElementById("search")?.dataset.state !== "done") return;
    seen.disconnect();
    document.body.offsetHeight;
    resolve(performance.now());
  });
  seen.observe(document, { attributes: true, attributeFilter: ["data-state"], subtree: true });
});
"""
_SINCE = """async () => {
  const done = await shown;
  const own = (entry) => /\\/jixiao\\/search|\\/search\\/data\\//.test(entry.name);
  const began = performance.getEntriesByType("resource").filter(own).map((entry) => entry.startTime);
  return done - Math.min(...began);
}"""
_LATER = """(question) => new Promise((resolve) => {
  const place = document.getElementById("search");
  const start = performance.now();
  const seen = new MutationObserver(() => {
    if (place.dataset.state !== "done") return;
    seen.disconnect();
    document.body.offsetHeight;
    resolve(performance.now() - start);
  });
  seen.observe(place, { attributes: true });
  document.getElementById("search-query").value = question;
  document.getElementById("search-form").requestSubmit();
})"""
_PROJECTS = re.compile(r"([0-9,]+) 个项目")


def _ours(place: Workplace, scratch: Path, notes: list[str]) -> Iterator[Engine]:
    output = scratch / "search-site"
    build = Contender("绩效", place.jixiao("build", "--site-dir", str(output)), place.folder)
    run = measured(build)
    if run is None:
        notes.append(f"绩效没有跑成：{build.failure}")
        return
    parts = ("/jixiao/search", "/search/data/")
    engine = Engine("绩效", output, parts, _first_of_ours, _later_of_ours)
    engine.made = _sized(None, output / "search" / "data")
    yield engine


def _first_of_ours(page: Page, address: str, question: str) -> Answer:
    page.add_init_script(_OBSERVE)
    page.goto(f"{address}search/?q={quote(question)}", wait_until="commit")
    return _shown(page, float(page.evaluate(_SINCE)))


def _later_of_ours(page: Page, question: str) -> Answer:
    return _shown(page, float(page.evaluate(_LATER, question)))


def _shown(page: Page, spent: float) -> Answer:
    found = _PROJECTS.search(page.locator(".search-status").inner_text())
    links = page.locator(".search-results h2 a, .search-results h3 a").evaluate_all(
        "all => all.map(a => a.href)"
    )
    count = int(found[1].replace(",", "")) if found else 0
    return Answer(count, tuple(links[:count]), spent)


# Pagefind


def _pagefind(place: Workplace, scratch: Path, notes: list[str]) -> Iterator[Engine]:
    binary = pagefind.program()
    if place.projects > MOST_FOR_PAGEFIND or binary is None:
        notes.append(
            "Pagefind 没有安装。" if binary is None else f"Pagefind 只量到 {MOST_FOR_PAGEFIND:,} 个项目。"
        )
        return
    lean, output = scratch / "pagefind", scratch / "pagefind" / "pagefind"
    command = [sys.executable, "-m", "bench.pagefind", str(place.targets), str(lean)]
    pages = Contender("Pagefind 的页面", command, workplace.ROOT)
    index = Contender("Pagefind", pagefind.command(binary, lean, output), scratch)
    written, indexed = measured(pages), measured(index)
    if written is None or indexed is None:
        notes.append(f"Pagefind 没有跑成：{pages.failure}{index.failure}")
        return
    (lean / "index.html").write_text(pagefind.PAGE, encoding="utf-8")
    notes.append(f"Pagefind 的索引时间不含写精简页面的 {written.seconds:.1f} 秒。")
    engine = Engine(
        "Pagefind，编码的二字组 + 单字", lean, ("/pagefind/",), _first_of_pagefind, _later_of_pagefind
    )
    engine.made = _sized(indexed, output)
    yield engine


def _first_of_pagefind(page: Page, address: str, question: str) -> Answer:
    words = "&".join(f"q={quote(pagefind.encoded(fold(word)))}" for word in question.split())
    page.goto(f"{address}index.html?{words}")
    page.wait_for_function("window.first")
    return _given(page.evaluate("window.first"))


def _later_of_pagefind(page: Page, question: str) -> Answer:
    return _given(page.evaluate(pagefind.script([fold(word) for word in question.split()])))


def _given(found: dict[str, object]) -> Answer:
    links, count, spent = found["links"], found["count"], found["spent"]
    return Answer(
        int(str(count)), tuple(map(str, links if isinstance(links, list) else [])), float(str(spent))
    )


# Material

_TYPE = """(question) => new Promise((resolve) => {
  const input = document.querySelector("[data-md-component=search-query]");
  const meta = document.querySelector(".md-search-result__meta");
  const start = performance.now();
  const seen = new MutationObserver(() => { seen.disconnect(); resolve(performance.now() - start); });
  input.focus();
  input.value = "";
  input.dispatchEvent(new Event("keyup"));
  setTimeout(() => {
    seen.observe(meta, { childList: true, characterData: true, subtree: true });
    input.value = question;
    input.dispatchEvent(new Event("keyup"));
    setTimeout(() => { seen.disconnect(); resolve(performance.now() - start); }, 20000);
  }, 50);
})"""


def _material(place: Workplace, scratch: Path, notes: list[str]) -> Iterator[Engine]:
    if place.projects > MOST_FOR_MATERIAL:
        notes.append(f"Material 自带的搜索只量到 {MOST_FOR_MATERIAL:,} 个项目。")
        return
    site, output = scratch / "material", scratch / "material-site"
    markdown.write(site, place.targets, search=True)
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(output)]
    build = Contender("Material", command, site, environment={"NO_MKDOCS_2_WARNING": "1"})
    run = measured(build)
    if run is None:
        notes.append(f"Material 没有跑成：{build.failure}")
        return
    notes.append("Material 的索引时间是整个 MkDocs 构建，索引是其中一部分。")
    parts = ("/search/search_index.json", "/workers/search")
    engine = Engine("Material 自带（lunr）", output, parts, _first_of_material, _later_of_material)
    engine.made = _sized(run, output / "search")
    yield engine


def _first_of_material(page: Page, address: str, question: str) -> Answer:
    page.goto(address)
    return _later_of_material(page, question)


def _later_of_material(page: Page, question: str) -> Answer:
    spent = float(page.evaluate(_TYPE, question))
    found = re.search(r"[0-9,]+", page.locator(".md-search-result__meta").inner_text())
    links = page.locator(".md-search-result__item > a").evaluate_all("all => all.map(a => a.href)")
    return Answer(int(found[0].replace(",", "")) if found else 0, tuple(links[:10]), spent)


# The table


def _sized(run: Run | None, folder: Path) -> Run:
    size, files = weight(folder)
    return Run(run.seconds if run else 0, 0, run.megabytes if run else 0, size, files)


def _row(engine: Engine, number: int) -> tuple[str, ...]:
    made = engine.made
    if not (engine.firsts and engine.laters and made):
        return (engine.name, *["—"] * (len(_COLUMNS) - 1))
    return (
        engine.name,
        f"{engine.exact}/{number}",
        *_spans(engine.firsts),
        *_spans(engine.laters),
        f"{made.seconds:.1f}" if made.seconds else "—",
        f"{made.megabytes:.0f}" if made.megabytes else "—",
        f"{made.files:,}",
        f"{made.size / 1e6:.1f}",
    )


def _spans(asked: Sequence[tuple[float, int, int]]) -> Iterator[str]:
    """Milliseconds, KB and requests."""
    milliseconds, sizes, requests = zip(*asked, strict=True)
    yield _span(milliseconds, 1)
    yield _span(sizes, 1000)
    yield _span(requests, 1)


def _span(values: Sequence[float], scale: int) -> str:
    """The median, and the largest."""
    return f"{median(values) / scale:.0f}，至多 {max(values) / scale:.0f}"


def _notes() -> Iterator[str]:
    yield (
        "64 个问题，八种各八个：整个名称、长的片段、三四个字、两个字、一个字、带标点的、带数字的、几个词。"
        "“准确”是答对的问题数：答案的个数与 Python 的 in 逐个比对得到的相同，列出的都在其中。"
    )
    yield (
        f"首次：没有任何缓存的浏览器里（窗口开好半秒以后），每种一个共 {_FIRST} 个问题，"
        "从开始取搜索的程序到前十条结果显示出来，程序、索引、筛选、结果都算；以后：同一个页面里接着问。服务器不压缩，数它送出的全部字节（含报头）。"
    )
