from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from markupsafe import escape

from builder.render import render
from tests.conftest import jixiao
from tests.records import ROOT, VALID
from tests.test_gitref import git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BAD = VALID.replace("≤0.3 万元", ">0.3 万元")
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
HOSTILE = "<script>alert(1)</script> {{ 7*7 }} ](javascript:alert(2)) *强* \"'&amp; &"


def hostile_record() -> str:
    """A sound record whose name is hostile text, its markup waived."""
    name = HOSTILE.replace("'", "''")
    record = VALID.replace("项目名称: 示例项目", f"项目名称: '{name}'")
    return record + "豁免:\n  - 规则: T01\n    理由: 示例\n"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Links(HTMLParser):
    """Every address and id of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[tuple[str, str]] = []
        self.ids: set[str] = set()
        self.attributes: set[str] = set()
        self.inline_scripts = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one tag has."""
        values = dict(attrs)
        self.attributes |= {*values}
        data = {"application/json", "application/ld+json"}
        if tag == "script" and "src" not in values and values.get("type") not in data:
            self.inline_scripts += 1
        self.ids |= {value for name, value in attrs if name in {"id", "name"} and value}
        self.addresses += (
            (tag, value) for name, value in attrs if name in {"href", "src", "action"} and value
        )


def pages(site: Path) -> Iterator[tuple[Path, Links]]:
    for path in sorted(site.rglob("*.html")):
        yield path, Links(path.read_text(encoding="utf-8"))


def test_every_project_has_its_page_and_no_other_page_is_there(real_site: Path) -> None:
    sources = [path for path in ROOT.glob("targets/*/*/*.yml") if path.name != "部门.yml"]
    expected = {"/".join(path.relative_to(ROOT / "targets").with_suffix("").parts) for path in sources}
    built = {
        path.parent.relative_to(real_site).as_posix() for path in real_site.glob("[0-9]*/*/*/index.html")
    }
    assert built == expected
    assert len(built) == 6
    assert not (real_site / "jixiao-frame").exists()


def test_every_link_inside_the_site_leads_somewhere(real_site: Path) -> None:
    broken = []
    for path, links in pages(real_site):
        if path.name == "404.html":
            continue
        here = "/" + path.relative_to(real_site).as_posix()
        for _, address in links.addresses:
            target = urlsplit(urljoin(here, address))
            if target.scheme or target.netloc:
                continue
            file = real_site / unquote(target.path).lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            if not file.is_file():
                broken.append((here, address))
            elif target.fragment and file.suffix == ".html":
                ids = Links(file.read_text(encoding="utf-8")).ids
                if unquote(target.fragment) not in ids | {"__skip"}:
                    broken.append((here, address))
    assert broken == []


def test_no_page_loads_from_elsewhere_or_carries_inline_script_or_style(real_site: Path) -> None:
    for path, links in pages(real_site):
        loaded = [address for tag, address in links.addresses if tag not in {"a", "form"}]
        outside = [address for address in loaded if urlsplit(address).netloc]
        canonical = [address for address in outside if address.startswith("http://localhost/some/where/")]
        assert outside == canonical, path
        assert "style" not in links.attributes, path
        assert links.inline_scripts == 0, path
        assert 'http-equiv="Content-Security-Policy"' in path.read_text(encoding="utf-8"), path


def test_stylesheets_and_scripts_of_our_own_name_no_other_host(real_site: Path) -> None:
    for path in (real_site / "assets" / "jixiao").rglob("*"):
        if path.suffix in {".css", ".js"}:
            assert not re.search(r"https?://|//[a-z]+\.[a-z]", path.read_text(encoding="utf-8")), path


def test_the_sitemap_lists_every_page_with_the_date_of_its_last_change(
    workplace: Callable[..., Path],
) -> None:
    other = VALID.replace("序号: 1", "序号: 2").replace("示例项目", "示例项目二")
    folder = workplace(甲=VALID, 乙=other)
    git(folder, "init", "-b", "main", date="2024-01-01")
    git(folder, "add", "-A", date="2024-01-01")
    git(folder, "commit", "-m", "first", date="2024-01-05")
    second = folder / "targets/2024/999001/乙.yml"
    second.write_text(second.read_text(encoding="utf-8").replace("980 项", "990 项"), encoding="utf-8")
    git(folder, "commit", "-a", "-m", "second", date="2024-03-09")
    done = jixiao(folder, "build", "--strict", JIXIAO_SITE_URL="https://example.org/open/")
    assert done.returncode == 0, done.stdout + done.stderr
    root = ET.fromstring((folder / "site/sitemap.xml").read_bytes())  # noqa: S314  our own file
    dates = {
        unquote(url.findtext("s:loc", "", SITEMAP)).removeprefix("https://example.org/open/"): url.findtext(
            "s:lastmod", None, SITEMAP
        )
        for url in root.iterfind("s:url", SITEMAP)
    }
    assert dates["2024/999001/甲/"] == "2024-01-05"
    assert dates["2024/999001/乙/"] == dates["2024/999001/"] == dates["2024/"] == dates[""] == "2024-03-09"
    assert dates["about/"] == "2024-01-05"
    written = {
        path.parent.relative_to(folder / "site").as_posix() + "/"
        for path in (folder / "site").rglob("index.html")
    }
    assert {address or "./" for address in dates} == written
    page = (folder / "site/2024/999001/乙/index.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://example.org/open/2024/999001/%E4%B9%99/">' in page


def test_an_error_in_the_data_leaves_the_old_site_untouched_and_says_what_check_says(
    workplace: Callable[..., Path],
) -> None:
    folder = workplace()
    assert jixiao(folder, "build").returncode == 0
    before = files(folder / "site")
    (folder / "targets/2024/999001/示例.yml").write_text(BAD, encoding="utf-8")
    checked, built = jixiao(folder, "check"), jixiao(folder, "build")
    assert checked.returncode == built.returncode == 1
    assert checked.stdout == built.stdout
    assert "示例.yml:29:14 错误 Y11" in built.stdout
    assert files(folder / "site") == before
    assert [path.name for path in folder.glob(".site-*")] == []


def test_plain_mkdocs_builds_the_same_pages(workplace: Callable[..., Path]) -> None:
    folder = workplace()
    assert jixiao(folder, "build").returncode == 0
    ours = files(folder / "site")
    shutil.rmtree(folder / "site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    theirs = files(folder / "site")
    assert {*ours} == {*theirs}
    assert [name for name in ours if name.endswith(".html") and ours[name] != theirs[name]] == []


def test_plain_mkdocs_stops_at_an_error_before_it_empties_the_site(workplace: Callable[..., Path]) -> None:
    folder = workplace()
    assert jixiao(folder, "build").returncode == 0
    before = files(folder / "site")
    (folder / "targets/2024/999001/示例.yml").write_text(BAD, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 1
    assert "示例.yml:29:14 错误 Y11" in done.stderr
    assert "Traceback" not in done.stderr
    assert files(folder / "site") == before


def test_two_builds_of_the_same_input_are_the_same(workplace: Callable[..., Path]) -> None:
    folder = workplace()
    assert jixiao(folder, "build", "--site-dir", "one").returncode == 0
    assert jixiao(folder, "build", "--site-dir", "two").returncode == 0
    one, two = files(folder / "one"), files(folder / "two")
    # MkDocs writes the moment of the build into this file, which nothing reads.
    assert {name for name in one if one[name] != two.get(name)} <= {"sitemap.xml.gz"}


@pytest.mark.parametrize("sign", "&<>'\"")
def test_a_sign_that_means_something_in_html_is_escaped_also_where_it_is_the_only_one(sign: str) -> None:
    assert f">甲{escape(sign)}乙<" in render("parts/crumbs_top.html", root="", here=f"甲{sign}乙")


def test_text_from_the_data_is_text_everywhere(workplace: Callable[..., Path]) -> None:
    folder = workplace(示例=hostile_record())
    done = jixiao(folder, "build", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    for path, links in pages(folder / "site"):
        text = path.read_text(encoding="utf-8")
        assert "<script>alert" not in text, path
        assert links.inline_scripts == 0, path
        assert not [address for _, address in links.addresses if "javascript:" in address]
    page = (folder / "site/2024/999001/示例/index.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} ](javascript:alert(2)) *强*" in page
    assert "49" not in re.sub(r"<[^>]*>", "", page)


def test_a_link_from_each_page_to_its_yaml_where_a_repository_is_configured(
    workplace: Callable[..., Path],
) -> None:
    folder = workplace()
    config = folder / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace('view_url: ""', 'view_url: "https://git.example.org/blob/main/{path}"'), encoding="utf-8"
    )
    assert jixiao(folder, "build", "--strict").returncode == 0
    page = (folder / "site/2024/999001/示例/index.html").read_text(encoding="utf-8")
    assert 'href="https://git.example.org/blob/main/targets/2024/999001/%E7%A4%BA%E4%BE%8B.yml"' in page


def test_a_link_in_a_hand_written_page_to_a_missing_project_fails_a_strict_build(
    workplace: Callable[..., Path],
) -> None:
    folder = workplace()
    page = folder / "docs" / "about.md"
    page.write_text(
        "# 关于\n\n[示例](jixiao:2024/999001/示例) [错](jixiao:2024/999001/没有)\n", encoding="utf-8"
    )
    done = jixiao(folder, "build", "--strict")
    assert done.returncode == 2
    assert "jixiao:2024/999001/没有" in done.stderr
    assert jixiao(folder, "build").returncode == 0
    assert 'href="../2024/999001/%E7%A4%BA%E4%BE%8B/"' in (folder / "site/about/index.html").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("plugins:", "plugin:", "plugins"),
        ("docs_dir: docs", "docs_dir: nowhere", "nowhere"),
        ("targets: targets", "targets: nowhere", "找不到"),
        ("site_name:", "site_name: [", "mkdocs.yml"),
    ],
)
def test_a_broken_configuration_exits_2_in_a_sentence(
    workplace: Callable[..., Path], old: str, new: str, words: str
) -> None:
    folder = workplace()
    config = folder / "mkdocs.yml"
    config.write_text(config.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    done = jixiao(folder, "build")
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
