"""WCAG 2.2 AA as far as a program can tell: axe finds nothing on any kind of page, in any of its looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.records import ROOT
from tests.test_browser import KINDS, PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

AXE = ROOT / ".cache" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def found(browser: Browser, url: str, **options: Any) -> list[str]:  # noqa: ANN401  as Playwright has it
    """What axe finds on a page with everything opened, one line for each kind of fault."""
    context = browser.new_context(bypass_csp=True, **options)
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.add_script_tag(path=str(AXE))
    result = page.evaluate("(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", RULES)
    context.close()
    return [
        f"{fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:160]} ({len(fault['nodes'])})"
        for fault in result["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_axe_finds_nothing(browser: Browser, real_address: str, path: str, scheme: str) -> None:
    assert found(browser, real_address + path, color_scheme=scheme) == []


@pytest.mark.parametrize("path", ["", PROJECT, "search/?q=满意度"])
def test_large_text_is_large_everywhere_and_remembered(
    browser: Browser, real_address: str, path: str
) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(real_address)
    page.get_by_role("button", name="大字").click()
    page.goto(real_address + path, wait_until="networkidle")
    assert page.get_by_role("button", name="大字").get_attribute("aria-pressed") == "true"
    small = page.evaluate(
        """() => [...document.querySelectorAll(".md-content__inner :is(h1, h2, p, li, th, td, dd, a)")]
          .filter((one) => one.checkVisibility() && one.innerText.trim())
          .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 18)
          .map((one) => one.outerHTML.slice(0, 120))"""
    )
    width = page.evaluate("document.documentElement.scrollWidth")
    page.add_script_tag(path=str(AXE))
    tags = {"runOnly": {"type": "tag", "values": RULES}}
    faults = page.evaluate("(options) => axe.run(document, options)", tags)["violations"]
    context.close()
    assert small == []
    assert width <= 360
    assert [fault["id"] for fault in faults] == []


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_axe_finds_nothing_on_a_phone(browser: Browser, real_address: str, path: str) -> None:
    viewport = {"width": 360, "height": 740}
    assert found(browser, real_address + path, viewport=viewport, is_mobile=True, has_touch=True) == []
