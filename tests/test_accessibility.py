"""WCAG 2.2 AA as far as a program can tell: axe finds nothing on any kind of page, in any of its looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit.__main__ import AXE
from audit.axe import PHONE, RULES, found
from tests.test_browser import KINDS, PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_axe_finds_nothing(browser: Browser, real_address: str, path: str, scheme: str) -> None:
    assert found(browser, real_address + path, AXE, color_scheme=scheme) == []


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
    assert found(browser, real_address + path, AXE, **PHONE) == []


def test_on_a_phone_the_form_is_still_announced_as_a_table(browser: Browser, real_address: str) -> None:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(real_address + PROJECT)
    given = page.evaluate(
        """() => [...document.querySelectorAll("table.target-form, table.target-form :is(tbody, tr, th, td)")]
          .map((one) => [one.localName, one.getAttribute("scope"), one.getAttribute("role")].join(" "))"""
    )
    context.close()
    assert {*given} == {
        *("table  table", "tbody  rowgroup", "tr  row", "td  cell"),
        *("th col columnheader", "th row rowheader", "th rowgroup rowheader"),
    }


def test_a_table_that_large_text_makes_too_wide_can_be_scrolled_with_the_keyboard(
    browser: Browser, real_address: str
) -> None:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{real_address}guide/publisher/", wait_until="networkidle")
    wide = """() => [...document.querySelectorAll(".md-typeset__scrollwrap")]
      .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.tabIndex)"""
    before = page.evaluate(wide)
    page.get_by_role("button", name="大字").click()
    after = page.evaluate(wide)
    context.close()
    assert len(after) > len(before)
    assert {*after} == {0}
