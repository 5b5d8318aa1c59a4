"""``python -m audit``: build the site into a scratch folder, measure what is promised of it, print a table.

``--site FOLDER`` looks at a site already built instead. Exit status 1 when something falls short.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

import tasks
from audit import axe, deployed, kinds, lighthouse, links, nu
from audit.measure import Row, counted, table
from audit.server import on_the_wire, served
from audit.visit import first_visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

ROOT = tasks.ROOT
MODULES = tasks.NPM / "node_modules"
NU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
AXE = MODULES / "axe-core" / "axe.min.js"
LIGHTHOUSE = tasks.LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"

ADDRESS = "http://localhost/some/where/"
"""What the scratch site is built for: a sub-path, as most are."""

VISIT, HTML, POINTS = 120_000, 12_000, 95
"""Most bytes of a first visit to a project's page and of its HTML, compressed; least points of Lighthouse."""

_SAMPLE = 5
"""Pages of each kind that go through the Nu checker; axe, which is slow, takes so many of varied kinds."""

_VARIED = (kinds.HAND_WRITTEN,)

_FLAGS = lighthouse.FLAGS[1:]


def build(folder: Path) -> None:
    """This repository's site, for a sub-path."""
    command = [sys.executable, "-m", "builder", "build", "--site-dir", str(folder)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "JIXIAO_SITE_URL": ADDRESS, "PYTHONUTF8": "1"},
    )
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        sys.exit(done.returncode)


def root_of(site: Path) -> str:
    """The address that a site was built for, as its home page says."""
    home = (site / "index.html").read_text(encoding="utf-8")
    found = re.search(r'<link rel="canonical" href="([^"]+)"', home)
    return found[1] if found else ADDRESS


def html_weight(site: Path) -> list[Row]:
    """The HTML of every project's page as it is sent; the heaviest counts."""
    sizes = [
        (len(on_the_wire(page.file.read_bytes(), "index.html")), page.address)
        for page in kinds.pages(site)
        if page.kind == kinds.PROJECT
    ]
    size, address = max(sizes, default=(0, "没有项目"))
    subject = f"最大的项目页面（共 {len(sizes)} 个）"
    faults = () if size <= HTML else (f"{address}：{size:,} 字节",)
    return [Row("网页大小", subject, f"{size:,} 字节", f"≤{HTML:,} 字节", size <= HTML, faults)]


def visits(browser: Browser, address: str, site: Path) -> list[Row]:
    """A first visit to one page of each kind; only that to a project's page has a limit."""
    rows = []
    for kind, [page] in kinds.largest(site).items():
        visit = first_visit(browser, address + page.url)
        limit = VISIT if kind == kinds.PROJECT else 0
        result = f"{visit.total:,} 字节，{len(visit.received)} 个文件"
        met = not limit or visit.total <= limit
        faults = () if met else tuple(f"{url} {size:,}" for url, size in visit.received.items())
        rows.append(Row("首次访问", kind, result, f"≤{limit:,} 字节" if limit else "", met, faults))
    return rows


def valid_html(site: Path) -> list[Row]:
    """The Nu checker over a few pages of every kind."""
    sample = kinds.largest(site, _SAMPLE)
    files = [page.file for pages in sample.values() for page in pages]
    faults = nu.errors(files, NU)
    return [counted("HTML 正确", f"{len(sample)} 种页面，{len(files)} 个", faults)]


def whole_links(site: Path, root: str) -> list[Row]:
    """Every link inside the site."""
    number, faults = links.broken(site, root)
    return [counted("链接", f"{number:,} 个站内链接", faults)]


def accessible(browser: Browser, address: str, site: Path) -> list[Row]:
    """Axe on a page of each kind, in each look."""
    rows = []
    found = kinds.largest(site, _SAMPLE)
    pages = [page for kind, some in found.items() for page in some[: _SAMPLE if kind in _VARIED else 1]]
    for look, options in axe.LOOKS.items():
        faults = [
            f"{page.address or '首页'}：{fault}"
            for page in pages
            for fault in axe.found(browser, address + page.url, AXE, **options)
        ]
        rows.append(counted("无障碍 axe", f"{look}，{len(found)} 种页面，{len(pages)} 个", faults))
    return rows


def points(address: str, site: Path, chromium: str) -> list[Row]:
    """Lighthouse on the four pages that matter most."""
    rows = []
    found = kinds.largest(site)
    for kind in (kinds.PROJECT, kinds.HOME, kinds.SEARCH, kinds.INDICATORS):
        for preset in lighthouse.PRESETS:
            url = address + found[kind][0].url
            scores = lighthouse.scores(url, LIGHTHOUSE, chromium, preset=preset, wanted=POINTS)
            words = "，".join(f"{lighthouse.CATEGORIES[name]} {score}" for name, score in scores.items())
            met = min(scores.values()) >= POINTS
            rows.append(Row("Lighthouse", f"{kind}，{preset}", words, f"≥{POINTS}", met))
    return rows


def settings(site: Path, root: str) -> list[Row]:
    """The settings in ``docs/deploy/``, in the servers that are installed here."""
    rows = []
    for server in deployed.PROGRAMS:
        if deployed.program(server) is None:
            rows.append(Row("服务器设置", server, "没有装，没有试"))
            continue
        faults = deployed.faults(server, site, prefix=urlsplit(root).path)
        rows.append(counted("服务器设置", server, faults))
    return rows


def measured(site: Path) -> list[Row]:
    """Every check of a built site, in order."""
    root, chromium = root_of(site), tasks.browser()
    with served(site, prefix=urlsplit(root).path) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        checks: dict[str, Callable[[], list[Row]]] = {
            "网页大小": partial(html_weight, site),
            "首次访问": partial(visits, browser, address, site),
            "HTML": partial(valid_html, site),
            "链接": partial(whole_links, site, root),
            "无障碍": partial(accessible, browser, address, site),
            "Lighthouse": partial(points, address, site, chromium),
            "服务器设置": partial(settings, site, root),
        }
        rows = []
        for name, check in checks.items():
            print(f"{name} ……", file=sys.stderr, flush=True)
            rows += check()
        browser.close()
    return rows


def main() -> int:
    """Measure, print, and write the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, help="看这个已经生成的网站，不另外生成")
    parser.add_argument("--output", type=Path, default=ROOT / ".cache" / "audit.json", help="结果另写成 JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        site = options.site or Path(scratch) / "site"
        if options.site is None:
            build(site)
        rows = measured(site.resolve())
    print(table(rows))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2)
    options.output.write_text(f"{text}\n", encoding="utf-8")
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
