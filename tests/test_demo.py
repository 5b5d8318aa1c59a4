"""The invented county, a small one: every page says 示例数据, and shows what a site can do."""

from __future__ import annotations

import json
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from bench import demo
from tests.web import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

YEARS, PROJECTS = 3, 20
MARK = "示例数据"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county of five departments, built as ``make demo`` builds it."""
    folder = tmp_path_factory.mktemp("demo")
    demo.make(folder / "county", years=YEARS, departments=5, projects=PROJECTS)
    demo.build(folder / "county", folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The site, served."""
    with served(site) as where:
        yield where


class _Parts(HTMLParser):
    """The title of a page, and the text of what has the role of a note."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside = ""
        self.title = self.note = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title" or dict(attrs).get("role") == "note":
            self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "title":
            self.title += data
        elif self.inside:
            self.note += data


def test_every_page_says_that_its_data_is_invented_in_its_title_and_above_its_content(site: Path) -> None:
    pages = {path: _Parts(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    assert len(pages) > PROJECTS * YEARS
    assert (site / "404.html") in pages
    assert [path for path, parts in pages.items() if MARK not in parts.title] == []
    assert [path for path, parts in pages.items() if parts.note != demo.NOTICE] == []


def test_the_mark_is_seen_on_a_screen_and_on_paper(page: Page, address: str, site: Path) -> None:
    project = next(path for path in site.glob("2025/901001/*/index.html"))
    for where in ("", "guide/editor/", "404.html", project.parent.relative_to(site).as_posix() + "/"):
        page.goto(address + where)
        assert page.get_by_role("note").is_visible(), where
        page.emulate_media(media="print")
        assert page.get_by_role("note").is_visible(), where
        page.emulate_media(media="screen")


def test_the_data_that_is_taken_away_says_so_too(site: Path) -> None:
    for name in ("data/datapackage.json", "api/v1/index.json"):
        described = json.loads((site / name).read_bytes())
        assert described["notice"] == demo.NOTICE
        assert MARK in (described.get("title") or described["name"])
    assert demo.NOTICE in (site / "data/catalog.jsonld").read_text(encoding="utf-8")
    assert f"<subtitle>{demo.NOTICE}</subtitle>" in (site / "data/feed.xml").read_text(encoding="utf-8")
    lines = (site / "data/jixiao.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line for line in lines[1:] if "示例" not in line] == []


def test_a_project_is_compared_over_the_years_and_its_changes_have_words(page: Page, address: str) -> None:
    page.goto(f"{address}2025/901001/")
    page.locator("table.listing tbody th a").nth(1).click()
    page.get_by_role("link", name="各年度对比").click()
    page.locator("table.tracks").first.wait_for()
    words = set(page.locator(".mark").all_inner_texts())
    assert {word.split()[-1] for word in words} & {"提高", "降低", "增加", "减少"}


def test_the_changes_after_publication_are_listed_with_their_reasons(page: Page, address: str) -> None:
    page.goto(f"{address}changes/")
    text = page.locator("article").inner_text()
    assert "2025-09-10" in text
    assert "招标结余交回" in text
    assert "更正" in text


def test_search_gives_facets_by_year_and_department(page: Page, address: str) -> None:
    page.goto(f"{address}search/?q=验收合格率")
    page.locator(".search-result").first.wait_for()
    facets = page.locator(".search-facets").inner_text()
    assert all(word in facets for word in ("2023", "2024", "2025", "示例县教育局"))


def test_a_withheld_project_is_only_a_number(site: Path) -> None:
    county = site.parent / "county" / "targets"
    (secret,) = (
        path for path in county.glob("2025/*/*.yml") if "公开: 否" in path.read_text(encoding="utf-8")
    )
    code = secret.parent.name
    assert "1 个项目依法不予公开" in (site / "2025" / code / "index.html").read_text(encoding="utf-8")
    published = [path for path in site.rglob("*") if path.is_file()]
    assert [path for path in published if secret.stem in path.as_posix()] == []
    assert [path for path in published if secret.stem.encode() in path.read_bytes()] == []


def test_a_moved_file_leads_on_from_its_old_address(page: Page, address: str, site: Path) -> None:
    moved = [path for path in site.rglob("index.html") if b'http-equiv="refresh"' in path.read_bytes()]
    assert len(moved) == 1
    old = moved[0].parent.relative_to(site).as_posix()
    page.goto(f"{address}{old}/")
    page.wait_for_url(lambda url: unquote(url).endswith(f"{old}项目/"))
    renamed = next(site.glob("2025/901001/示例县级*/index.html")).read_text(encoding="utf-8")
    assert "各年度对比" in renamed, "known again under its new name"


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    def made(name: str, seed: int) -> tuple[str, dict[str, bytes]]:
        folder = tmp_path / name
        demo.make(folder, seed=seed, years=2, departments=2, projects=6)
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True
        )
        files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
        return head.stdout, {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    assert made("one", 1) == made("again", 1)
    assert made("one", 1)[0] != made("other", 2)[0]
