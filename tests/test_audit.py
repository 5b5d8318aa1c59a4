"""The promises about the finished site that can be held without a stopwatch: weight, HTML, links, servers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen
from xml.etree import ElementTree as ET

import pytest

from audit import delivery, deployed, kinds, links, nu
from audit.__main__ import HTML, NU, VISIT
from audit.measure import Row, table
from audit.server import on_the_wire, served
from audit.visit import first_visit
from tests.conftest import ADDRESS, PREFIX, jixiao
from tests.records import ROOT, VALID
from tests.test_gitref import git
from tests.test_site import hostile_record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

NEXT = VALID.replace("年度: 2024", "年度: 2025", 1).replace("≥980 项", "≥1000 项")
DEPLOY = ROOT / "docs" / "deploy"
IIS = ET.parse(DEPLOY / "iis-web.config.xml").getroot()  # noqa: S314  our own file
_READ = """async (root) => {
  const { Engine } = await import(`${root}assets/jixiao/fill-engine.js`);
  const engine = new Engine(root);
  await engine.start(() => {});
  return (await engine.read("年度: 2024\\n")).data;
}"""
_META_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


def _projects(site: Path) -> list[kinds.Page]:
    return [page for page in kinds.pages(site) if page.kind == kinds.PROJECT]


def test_the_html_of_every_project_is_small_on_the_wire(real_site: Path) -> None:
    sizes = {
        page.address: len(on_the_wire(page.file.read_bytes(), "index.html")) for page in _projects(real_site)
    }
    assert len(sizes) == 6
    assert {address: size for address, size in sizes.items() if size > HTML} == {}


@pytest.mark.browser
def test_a_first_visit_to_a_project_is_light(browser: Browser, real_site: Path) -> None:
    page = kinds.largest(real_site)[kinds.PROJECT][0]
    with served(real_site, prefix=PREFIX) as address:
        visit = first_visit(browser, address + page.url)
    assert len(visit.received) >= 8, "styles and scripts came too"
    assert 0 < visit.document < HTML
    assert visit.total <= VISIT, visit.received


def _eventful(folder: Path) -> Path:
    """The site of a folder with a history, and beside it the report of its last change."""
    git(folder, "init", "-b", "main", date="2024-01-01")
    git(folder, "add", "-A", date="2024-01-01")
    git(folder, "commit", "-m", "first", date="2024-01-05")
    year = folder / "targets/2025/999001"
    year.mkdir(parents=True)
    (year / "示例.yml").write_text(NEXT, encoding="utf-8")
    git(folder, "add", "-A", date="2025-01-05")
    git(folder, "commit", "-m", "second", date="2025-01-05")
    done = jixiao(folder, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    report = jixiao(folder, "diff", "HEAD~1", "HEAD", "--format", "html")
    assert report.returncode == 0, report.stderr
    (folder / "report.html").write_text(report.stdout, encoding="utf-8")
    return folder / "site"


def test_every_kind_of_page_is_valid_html(real_site: Path, workplace: Callable[..., Path]) -> None:
    moved = VALID.replace("序号: 1", "序号: 2").replace("示例项目", "示例项目二")
    moved += "曾用路径:\n  - 2024/999001/旧\n"
    hostile = hostile_record().replace("序号: 1", "序号: 3")
    eventful = _eventful(workplace(示例=VALID, 新=moved, 丁=hostile))
    found = [page for site in (real_site, eventful) for page in kinds.pages(site)]
    assert {page.kind for page in found} == {*kinds.KINDS, kinds.MOVED, kinds.HAND_WRITTEN}
    assert nu.errors([*(page.file for page in found), eventful.parent / "report.html"], NU) == []


def test_the_html_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "坏.html"
    file.write_text("<!doctype html><html lang=zh><title>示例</title><p role=cell><b>", encoding="utf-8")
    found = nu.errors([file], NU)
    assert found
    assert all("坏.html:1:" in fault for fault in found)


def test_every_link_of_the_real_site_leads_somewhere_under_its_path(real_site: Path) -> None:
    number, lost = links.broken(real_site, ADDRESS + PREFIX)
    assert number > 1000
    assert lost == []


def test_a_link_that_leads_nowhere_or_out_of_the_path_is_found(tmp_path: Path) -> None:
    html = (
        '<a href="../a/#there">甲</a><a href="/elsewhere/">乙</a><a href="#no">丙</a>'
        '<p id="there"><img src="no.png">'
    )
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(html, encoding="utf-8")
    (tmp_path / "b" / "site.css").write_text("p { background: url(no.svg) }", encoding="utf-8")
    (tmp_path / "sitemap.xml").write_text("<urlset/>", encoding="utf-8")
    number, lost = links.broken(tmp_path, "http://localhost/open/")
    assert number == 9
    at = "http://localhost/open/"
    assert lost == [
        *(
            f"{at}{name}/index.html → {url}"
            for name in "ab"
            for url in (
                "http://localhost/elsewhere/",
                f"{at}{name}/index.html#no",
                f"{at}{name}/no.png",
            )
        ),
        f"{at}b/site.css → {at}b/no.svg",
    ]


def test_the_small_server_sends_what_is_documented(real_site: Path) -> None:
    with served(real_site, prefix=PREFIX) as address:
        request = Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310  our own server
        with urlopen(request) as answer:  # noqa: S310  the same
            fields = dict(answer.headers)
    assert fields["Content-Encoding"] == "gzip"
    assert fields["Content-Type"] == "text/html; charset=utf-8"
    assert fields["Cache-Control"] == "no-cache"
    assert "frame-ancestors 'none'" in fields["Content-Security-Policy"]


def _directives(policy: str) -> dict[str, set[str]]:
    return {name: {*sources} for name, *sources in (part.split() for part in policy.split(";"))}


def test_the_policy_that_servers_send_is_that_of_the_pages(real_site: Path) -> None:
    for page in kinds.pages(real_site):
        policy = _META_POLICY.search(page.file.read_text(encoding="utf-8"))
        assert policy, page.address
        sent = _directives(delivery.policy(page.address))
        assert sent.pop("frame-ancestors") == {"'none'"}
        assert _directives(policy[1]) == sent, page.address


def test_only_the_worker_of_the_form_may_compile(real_site: Path) -> None:
    files = [path.relative_to(real_site).as_posix() for path in real_site.rglob("*") if path.is_file()]
    assert [path for path in files if "wasm-unsafe-eval" in delivery.policy(path)] == [delivery.ENGINE]


@pytest.mark.browser
def test_the_engine_of_the_form_runs_under_the_documented_policies(page: Page, real_site: Path) -> None:
    with served(real_site, prefix=PREFIX) as address:
        page.goto(f"{address}fill/")
        data = page.evaluate(_READ, address)
    assert data == {"年度": 2024}


def test_files_named_by_their_content_are_kept_and_no_others(real_site: Path) -> None:
    files = [path.relative_to(real_site).as_posix() for path in real_site.rglob("*") if path.is_file()]
    kept = {file for file in files if delivery.caching(file) != "no-cache"}
    assert not {file for file in kept if file.endswith((".html", "/manifest")) or "/jixiao/" in file}
    assert any(file.startswith("search/data/") for file in kept)
    assert any(file.startswith("indicators/data/") for file in kept)
    assert all(re.search(r"[0-9a-f]{8}", file) for file in kept)


def test_every_kind_of_file_in_the_site_has_its_type(real_site: Path) -> None:
    suffixes = {path.suffix[1:] for path in real_site.rglob("*") if path.is_file()} - {""}
    assert suffixes <= {*delivery.TYPES}


def _nginx_types() -> dict[str, str]:
    block = re.search(r"types \{(.+?)\}", deployed.sample("nginx"), re.DOTALL)
    assert block
    lines = (line.strip(" ;").split() for line in block[1].strip().splitlines())
    return {suffix: kind for kind, *suffixes in lines for suffix in suffixes}


def _apache_types() -> dict[str, str]:
    lines = re.findall(r'AddType "?([^\s";]+)(?:; charset=utf-8")? (.+)', deployed.sample("apache"))
    return {suffix[1:]: kind for kind, suffixes in lines for suffix in suffixes.split()}


def _iis_types() -> dict[str, str]:
    maps = {one.attrib["fileExtension"][1:]: one.attrib["mimeType"] for one in IIS.iter("mimeMap")}
    assert maps.pop("") == delivery.BINARY
    charsets = {suffix for suffix, kind in maps.items() if kind.endswith("; charset=utf-8")}
    assert charsets == {suffix for suffix, kind in delivery.TYPES.items() if kind in delivery.WITH_CHARSET}
    return {suffix: kind.split(";")[0] for suffix, kind in maps.items()}


@pytest.mark.parametrize("types", [_nginx_types, _apache_types, _iis_types])
def test_each_sample_knows_every_type(types: Callable[[], dict[str, str]]) -> None:
    assert types() == delivery.TYPES


@pytest.mark.parametrize("name", ["nginx.conf", "apache.conf", "iis-web.config.xml"])
def test_each_sample_sends_both_policies_and_no_other(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert {*re.findall(r'"(default-src [^"]+)"', text)} == {
        delivery.policy(""),
        delivery.policy(delivery.ENGINE),
    }


def test_the_sample_for_iis_frees_only_the_worker_of_the_form() -> None:
    freed = {
        place.attrib["path"]
        for place in IIS.iter("location")
        if any("wasm" in one.attrib.get("value", "") for one in place.iter("add"))
    }
    assert freed == {delivery.ENGINE}


def test_a_server_that_is_installed_here_sends_what_its_sample_says(real_site: Path) -> None:
    for server in filter(deployed.program, deployed.PROGRAMS):
        assert deployed.faults(server, real_site, prefix=PREFIX) == [], server


def test_the_guide_shows_every_sample(real_site: Path) -> None:
    guide = links._Page((real_site / "guide/publisher/index.html").read_text(encoding="utf-8"))  # noqa: SLF001  the links alone
    for sample in DEPLOY.iterdir():
        assert f"../../deploy/{sample.name}" in guide.links
        assert (real_site / "deploy" / sample.name).read_bytes() == sample.read_bytes()


def test_the_table_lines_up_and_says_what_falls_short() -> None:
    rows = [
        Row("链接", "甲", "0 处", "0 处"),
        Row("axe", "手机版", "12 处", "0 处", met=False, faults=("坏",)),
    ]
    assert table(rows).splitlines() == [
        "检查  对象    结果   要求",
        "链接  甲      0 处   0 处",
        "axe   手机版  12 处  0 处  不合格",
        "    坏",
    ]
