"""How quick the table of all indicators is on a phone: invented rows, a real browser slowed down.

``python -m bench.explorer --rows 200000 --slower 4`` prints bytes and milliseconds.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

import tasks
from bench import generate
from builder import schema
from builder.browse import COLUMNS, IndicatorsView
from builder.catalogue import Summary
from builder.explorer import MANIFEST, manifest, packed, taken
from builder.model import Indicator, Project, ProjectId
from builder.render import render
from builder.rules import subject
from builder.units import EXPLORER_FOLDER
from tests.web import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from builder.explorer import Taken
    from builder.rules import Subject

ASSETS = Path(__file__).parent.parent / "builder/theme/assets/jixiao"
YEARS = (2026, 2025, 2024)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
STEPS = {
    "词“满意度”": "?q=满意度",
    "词“示例 费 13”": "?q=示例 费 13",
    "二级指标 + 符号": "?二级指标=成本指标&符号=≤",
    "数值从 50 到 90，单位 %": "?单位=%25&从=50&到=90",
    "按三级指标排序": "?排序=三级指标",
    "按数值降序": "?排序=数值&降序=1",
    "按指标值排序": "?排序=指标值",
    "第 2000 页": "?页=2000",
}


def rows(number: int) -> Iterator[tuple[Subject, Summary]]:
    """As many invented rows as wanted, over all years; half of the names are like no other."""
    schemas = schema.load(schema.default_folder())
    form = schemas.forms["ningxia-2024"]
    dice = random.Random(1)  # noqa: S311  invented data, not secrets
    for year in YEARS:
        count = done = 0
        while done < number // len(YEARS):
            count += 1
            department = count * len(YEARS) // 200
            invented = next(iter(_invented(dice, department, count)))
            indicators = tuple(_indicator(dice, row, count) for row in invented.rows)
            identity = ProjectId(year, f"{900000 + department}", invented.stem)
            project = Project(
                *(form.id, year, count, invented.name, f"示例局{department}", "900000", "示例局本级"),
                *("02-经常性项目", "1 年", invented.total, (), invented.goals, indicators),
            )
            item = Summary(
                *(identity, "", "", count, invented.name, project.department, None),
                *(Decimal(1), "万元", (("", "", len(indicators)),), (0,)),
            )
            yield subject(project, form, schemas.words, schemas.terms, identity), item
            done += len(indicators)


def _invented(dice: random.Random, department: int, number: int) -> Iterator[generate.Invented]:
    yield generate._project(dice, department, number)  # noqa: SLF001  the generator's own project


def _indicator(dice: random.Random, row: generate.Rowed, number: int) -> Indicator:
    name = f"{row.name}{number}" if dice.random() < 0.5 else row.name  # noqa: PLR2004  half of them
    return Indicator(row.level1, row.level2, name, row.value)


def build(folder: Path, number: int) -> None:
    """A folder with the page, its scripts and its data."""
    forms = tuple(schema.load(schema.default_folder()).forms.values())
    years: dict[int, list[Taken]] = {}
    for made, item in rows(number):
        years.setdefault(item.id.year, []).append(taken(made, item))
    files = [packed(year, projects, forms) for year, projects in years.items()]
    for name, data in (*((file.name, file.data) for file in files), (MANIFEST, manifest(files, forms))):
        write_file(folder / EXPLORER_FOLDER / name, data)
        print(f"{name}: {len(data):,} 字节")
    for path in ASSETS.glob("*.*"):
        write_file(folder / "assets" / path.name, path.read_bytes())
    view = IndicatorsView("全部指标", "", "", (), COLUMNS)
    page = render("pages/indicators.html", root="../", view=view)
    head = '<link rel="stylesheet" href="../assets/explorer.css">'
    script = '<script type="module" src="../assets/explorer-page.js"></script>'
    html = f'<!doctype html><meta charset="utf-8"><title>示例</title>{head}<body>{page}{script}'
    write_file(folder / "indicators/index.html", html.encode())


def write_file(path: Path, data: bytes) -> None:
    """Write one file, making its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def measure(page: Page, address: str) -> None:
    """Open the table, then ask it one thing after another."""
    page.goto(f"{address}indicators/")
    page.locator("#explorer[data-state=done]").wait_for(timeout=120_000)
    first, whole = page.evaluate("[performance.getEntriesByName('first')[0]?.startTime, performance.now()]")
    print(f"打开，到全部取到：{whole:.0f} 毫秒；第一批行：{first or 0:.0f} 毫秒")
    for label, search in STEPS.items():
        spent = [_ask(page, search), _ask(page, search)]
        found = page.get_by_role("status").inner_text()
        print(f"{label}：{spent[0]:.0f} 毫秒，再问一次 {spent[1]:.0f} 毫秒；{found}")


_ASK = """async (search) => {
  const place = document.getElementById("explorer");
  history.pushState(null, "", search);
  const start = performance.now();
  dispatchEvent(new PopStateEvent("popstate"));
  while (place.dataset.state !== "done") await new Promise((go) => setTimeout(go));
  document.body.offsetHeight;
  return performance.now() - start;
}"""


def _ask(page: Page, search: str) -> float:
    page.evaluate(_ASK, "?")
    return float(page.evaluate(_ASK, search))


_WATCH = """
addEventListener("DOMContentLoaded", () => {
  const body = document.querySelector("tbody");
  const seen = new MutationObserver(() => { performance.mark("first"); seen.disconnect(); });
  seen.observe(body, { childList: true });
});
"""


def main() -> None:
    """Build and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--slower", type=float, default=4)
    options = parser.parse_args()
    path = tasks.find_browser() or sys.exit("没有 Chromium")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        build(folder, options.rows)
        with served(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            page = browser.new_page(viewport={"width": 360, "height": 740})
            page.add_init_script(_WATCH)
            session = page.context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": options.slower})
            measure(page, address)
            browser.close()


if __name__ == "__main__":
    main()
