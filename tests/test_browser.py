"""What a reader meets in a real browser, on the real site under a sub-path of a plain static server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from builder import decode
from builder.source import parse
from tests.conftest import jixiao
from tests.records import ROOT, SCHEMAS, VALID
from tests.test_site import HOSTILE, hostile_record
from tests.web import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PROJECT = "2024/067001/政府长聘人员经费/"
KINDS = {
    "home": "",
    "year": "2024/",
    "department": "2024/067001/",
    "project": PROJECT,
    "search": "search/?q=满意度",
    "indicators": "indicators/?排序=数值",
    "compare": "compare/?a=2024/067001/政府长聘人员经费&b=2024/067001/审批业务工作经费",
    "filling in": "fill/",
    "by attribute": "2024/by-attribute/",
    "by kind": "2024/by-kind/",
    "about": "about/",
    "provenance": "data-provenance/",
    "editors' guide": "guide/editor/",
    "reviewers' guide": "guide/reviewer/",
    "publishers' guide": "guide/publisher/",
    "not found": "404.html",
}
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => console.error("violation", event.violatedDirective));
"""


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_a_page_asks_no_other_origin_and_keeps_its_security_policy(
    browser: Browser, real_address: str, path: str
) -> None:
    origin = re.match(r"http://[^/]+", real_address)
    assert origin
    context = browser.new_context()
    context.add_init_script(REPORT_VIOLATIONS)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.route(lambda url: not url.startswith(origin[0]), lambda route: route.abort())
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(real_address + path, wait_until="networkidle")
    context.close()
    assert [url for url in asked if not url.startswith((origin[0], "data:"))] == []
    assert len(asked) > 3, "the page loads its own styles and scripts"
    assert said == []


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, real_address: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto(real_address + path, wait_until="networkidle")
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert width <= 360


def test_the_form_is_all_there_without_script(browser: Browser, real_address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(real_address + PROJECT)
    assert page.locator("table.target-form").is_visible()
    assert page.get_by_role("cell", name="980 项", exact=True).is_visible()
    assert page.get_by_role("rowheader", name="数量指标（必填硬性指标）").is_visible()
    context.close()


def test_a_phone_shows_each_target_beside_its_value(browser: Browser, real_address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(real_address + PROJECT)
    name = page.get_by_role("rowheader", name="零材料办件数").bounding_box()
    value = page.get_by_role("cell", name="6812 件").bounding_box()
    context.close()
    assert name
    assert value
    assert abs(name["y"] - value["y"]) < 2
    assert value["x"] >= name["x"] + name["width"] - 1


def test_the_form_prints_on_a4_without_the_chrome(browser: Browser, real_address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(real_address + PROJECT)
    raw = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")
    hidden = [
        page.locator(part).first.is_visible() for part in (".md-header", ".md-footer", ".crumbs", ".forms")
    ]
    caption = page.locator("table.target-form caption").is_visible()
    context.close()
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([0-9.]+) ([0-9.]+)\]", raw)
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}
    assert len(boxes) <= 2
    assert not any(hidden)
    assert caption


def test_the_colour_scheme_can_be_changed_and_is_remembered(page: Page, real_address: str) -> None:
    page.goto(real_address)
    scheme = "document.body.getAttribute('data-md-color-scheme')"
    assert page.evaluate(scheme) == "default"
    page.locator("label[title=换成深色]").click()
    assert page.evaluate(scheme) == "slate"
    page.goto(real_address + PROJECT)
    assert page.evaluate(scheme) == "slate"


def test_breadcrumbs_and_neighbours_lead_through_the_forms(page: Page, real_address: str) -> None:
    page.goto(real_address + "2024/067001/")
    links = page.locator("table.listing tbody a")
    assert links.count() == 6
    names = links.all_text_contents()
    links.first.click()
    seen = [page.locator("h1").inner_text()]
    while page.locator("a[rel=next]").count():
        page.locator("a[rel=next]").click()
        seen.append(page.locator("h1").inner_text())
    assert seen == names
    page.locator(".crumbs a", has_text="2024 年度").click()
    assert page.url.endswith("/2024/")


def test_the_keyboard_can_skip_the_header(page: Page, real_address: str) -> None:
    page.goto(real_address + PROJECT)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_hostile_text_shows_as_typed_everywhere(browser: Browser, workplace: Callable[..., Path]) -> None:
    folder = workplace(示例=hostile_record())
    assert jixiao(folder, "build", "--strict").returncode == 0
    context = browser.new_context()
    page = context.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    with served(folder / "site") as address:
        page.goto(address + "2024/999001/示例/")
        assert page.title().startswith(HOSTILE)
        assert page.locator("h1").inner_text() == HOSTILE
        assert page.locator(".crumbs li").last.inner_text() == HOSTILE
        assert HOSTILE in (page.locator("meta[name=description]").get_attribute("content") or "")
        page.goto(address + "2024/999001/")
        assert page.locator("table.listing tbody a").inner_text() == HOSTILE
        page.goto(f"{address}search/?q={quote('<script>')}")
        assert page.locator("article h2 a").first.inner_text() == HOSTILE
    context.close()
    assert dialogs == []


@contextmanager
def preview(folder: Path) -> Iterator[str]:
    """``jixiao serve`` in a folder, on a free port; gives its address."""
    command = [sys.executable, "-u", "-m", "builder", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=folder, stderr=subprocess.PIPE, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}
    ) as process:
        assert process.stderr
        line = process.stderr.readline()
        found = re.search(r"http://[^/]+/", line)
        assert found, line
        try:
            yield found[0]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
    assert process.returncode == 130


def test_a_preview_shows_an_edit_without_a_reload_by_hand(page: Page, workplace: Callable[..., Path]) -> None:
    folder = workplace()
    source = folder / "targets/2024/999001/示例.yml"
    with preview(folder) as address:
        page.goto(address + "2024/999001/示例/")
        page.evaluate("window.untouched = true")
        assert page.get_by_role("cell", name="980 项").is_visible()
        source.write_text(VALID.replace("980 项", "990 项"), encoding="utf-8")
        page.get_by_role("cell", name="990 项").wait_for(timeout=10_000)
        source.write_text(VALID.replace("≤0.3 万元", ">0.3 万元"), encoding="utf-8")
        page.get_by_role("alert").wait_for(timeout=10_000)
        assert "示例.yml:29:14 错误 Y11" in page.get_by_role("alert").inner_text()
        assert page.get_by_role("cell", name="990 项").is_visible(), "the last good page stays"
        source.write_text(VALID.replace("980 项", "1000 项"), encoding="utf-8")
        page.get_by_role("cell", name="1000 项").wait_for(timeout=10_000)
        page.goto(f"{address}search/?q=1000项")
        page.locator("article h2 a").first.wait_for(timeout=10_000)
        (folder / "docs/about.md").write_text("# 关于\n\n改过了。\n", encoding="utf-8")
        page.goto(address + "about/")
        page.get_by_text("改过了").wait_for(timeout=10_000)


# What a reader may type, each to be found exactly.
QUERIES = [
    *("满意度", "零材料", "一窗受理", "12345", "≥98%", "知晓率", "水土保持方案", "审批 培训", "绩效飞船"),
    *("率", "１２３４５", "> 300", "提高审提高", "067001"),
]


def results(page: Page) -> list[str]:
    page.locator("[data-state=done]").wait_for(timeout=15_000)
    return page.locator("article h2 a").all_text_contents()


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def expected_projects(query: str) -> set[str]:
    """The names of the real projects that contain every word of a query, by Python's own ``in``."""
    names = set()
    for path in ROOT.glob("targets/*/*/*.yml"):
        if path.name != "部门.yml":
            document, _ = parse(path.read_bytes(), path.name)
            assert document is not None
            record = decode.project(document.data, SCHEMAS.forms["ningxia-2024"])
            texts = [record.name, record.department, record.unit, *record.goals]
            texts += [text for row in record.indicators for text in (row.name, row.value or "")]
            if all(any(squeezed(word) in squeezed(text) for text in texts) for word in query.split()):
                names.add(record.name)
    return names


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_gives_exactly_the_projects_that_contain_it(
    page: Page, real_address: str, query: str
) -> None:
    page.goto(f"{real_address}search/?q={quote(query)}")
    found = results(page)
    projects = [name for name in found if name in expected_projects("")]
    assert len(found) == len({*found})
    assert {*projects} == expected_projects(query)


def test_the_theme_starts_when_the_first_answer_is_shown_or_cannot_be(page: Page, real_address: str) -> None:
    for question, answered in (("满意", True), ("满意", False)):
        if not answered:
            page.route("**/search/data/**", lambda route: route.abort())
        page.goto(f"{real_address}search/?q={quote(question)}")
        page.locator(f"[data-state={'done' if answered else 'failed'}]").wait_for()
        page.locator("script[src*='bundle.']").wait_for(state="attached")
        assert page.locator("#theme-script").count() == 0
        page.wait_for_function("'document$' in window")  # what the theme's program makes


def test_the_header_search_works_from_a_page_deep_in_the_site(page: Page, real_address: str) -> None:
    page.goto(real_address + PROJECT)
    page.locator(".md-header input[name=q]").fill("水土保持方案")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=**")
    assert results(page)[0] == "水土保持和食品生产许可专家技术评审费"


def test_facets_count_and_narrow(page: Page, real_address: str) -> None:
    page.goto(f"{real_address}search/?q={quote('满意')}")
    assert len(results(page)) >= 6
    for name in ("年度", "部门", "二级指标"):
        assert page.get_by_role("group", name=name).is_visible()
