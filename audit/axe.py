"""WCAG 2.2 AA as far as a program can tell: axe on one page in one of its looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
LOOKS: dict[str, dict[str, Any]] = {
    "浅色": {"color_scheme": "light"},
    "深色": {"color_scheme": "dark"},
    "手机": PHONE,
    "大字": {**PHONE, "large": True},
}
"""Contexts of the browser; ``large`` presses the button for large text first."""

_OPEN = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
_RUN = "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })"


def found(browser: Browser, url: str, script: Path, *, large: bool = False, **look: Any) -> list[str]:  # noqa: ANN401  as Playwright has it
    """What axe finds on a page with everything unfolded, one sentence for each kind of fault."""
    context = browser.new_context(bypass_csp=True, **look)
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    if large:
        page.get_by_role("button", name="大字").click()
    page.evaluate(_OPEN)
    page.add_script_tag(path=str(script))
    result = page.evaluate(_RUN, RULES)
    context.close()
    return [
        f"{fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:160]} ({len(fault['nodes'])})"
        for fault in result["violations"]
    ]
