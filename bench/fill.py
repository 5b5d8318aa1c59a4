"""How heavy and how quick 填报 is: a real browser, the real engine, a project of forty invented indicators.

``python -m bench.fill --slower 4`` prints bytes and milliseconds. The time from a key press to the finding
that it brings about is counted in the page, with the rest that the page waits before it checks.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import quote

from playwright.sync_api import sync_playwright

import tasks
from builder import mkdocs_plugin
from tests.records import ROOT, VALID
from tests.web import served

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
STEM = "示例"
ROWS = 40
KEYS = 12
KILO = 1000
WATCH = """(control) => new Promise((done) => {
  const begin = performance.now();
  const seen = () => control.closest("[data-holder]").querySelector(".fill-finding.error");
  const shown = new MutationObserver(() => {
    if (!seen()) return;
    shown.disconnect();
    requestAnimationFrame(() => done(performance.now() - begin));
  });
  shown.observe(document.getElementById("fill"), { childList: true, subtree: true });
  control.value = "9";
  control.dispatchEvent(new Event("input", { bubbles: true }));
})"""


def record(rows: int = ROWS) -> str:
    """A sound record with as many indicators."""
    own = VALID.count("三级指标:")
    row = "      - 三级指标: 示例事项{} 办理件数\n        指标值: ≥{} 件\n"
    more = "".join(row.format(number, number * 10) for number in range(1, rows - own + 1))
    return VALID.replace("    质量指标:\n", f"{more}    质量指标:\n", 1)


def built(folder: Path) -> Path:
    """A site with that one project."""
    shutil.copy(ROOT / "mkdocs.yml", folder)
    (folder / "docs").mkdir()
    (folder / "docs/about.md").write_text("# 关于本站\n", encoding="utf-8")
    text = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(text[: text.index("\nnav:")], encoding="utf-8")
    path = folder / f"targets/2024/999001/{STEM}.yml"
    path.parent.mkdir(parents=True)
    path.write_text(record(), encoding="utf-8")
    site = folder / "site"
    mkdocs_plugin.prepare(folder / "mkdocs.yml").build(site)
    return site


class Traffic:
    """Bytes that came over the line for the page itself, as the browser counts them."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes = 0
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._add)

    def _add(self, event: dict[str, float]) -> None:
        self.bytes += int(event["encodedDataLength"])


def measure(page: Page, where: str, slower: float) -> None:
    """Print each figure."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    traffic = Traffic(session)
    begin = time.monotonic()
    page.goto(f"{where}fill/")
    page.locator("#fill[data-state=done]").wait_for()
    page.get_by_role("button", name="开始填").click()
    page.locator('[data-key="年度"]').focus()
    _say("网页、脚本、样式、表样，到可以按第一个键", f"{traffic.bytes / KILO:.0f} kB")
    _say("同上，时间", f"{(time.monotonic() - begin) * KILO:.0f} ms")
    begin = time.monotonic()
    page.goto(f"{where}fill/?project=2024/999001/{quote(STEM)}")
    page.locator(".fill-count", has_text="。").wait_for(timeout=120_000)
    _say("打开公开的项目，到第一次检查完", f"{(time.monotonic() - begin) * KILO:.0f} ms")
    cells = page.locator('[data-column="指标值"]').all()
    times = [cells[at].evaluate(WATCH) for at in range(1, KEYS + 1)]
    _say(f"按键到显示发现（{ROWS} 条指标，{KEYS} 次，中位数）", f"{median(times):.0f} ms")
    _say("同上，最长", f"{max(times):.0f} ms")


def _say(what: str, figure: str) -> None:
    print(f"{figure:>10}  {what}")


def main() -> None:
    """Build, serve, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slower", type=float, default=1.0, help="how many times slower than this machine")
    slower = parser.parse_args().slower
    browser_path = tasks.find_browser()
    if not browser_path:
        sys.exit("没有找到 Chromium。")
    with tempfile.TemporaryDirectory() as folder:
        site = built(Path(folder))
        engine = sum(path.stat().st_size for path in (site / "fill/engine").iterdir())
        _say("检查程序（随后载入）", f"{engine / KILO:.0f} kB")
        with served(site) as where, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=[*FLAGS])
            measure(browser.new_page(), where, slower)
            browser.close()


if __name__ == "__main__":
    main()
