from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import feedparser
import openpyxl
import pypdf
import pytest
from frictionless import Package, system
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate as validate_openapi
from pyld import jsonld

from builder import publish
from builder.collection import collect
from builder.exports.data import csv_files, dictionary, openapi, rows
from builder.exports.data.columns import FUNDS, LONG, TABLES
from builder.source import parse
from tests.conftest import jixiao
from tests.records import CENTRAL, ROOT, SCHEMAS, VALID
from tests.test_gitref import git

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from builder.collection import Collection

SITE = "https://www.example.gov.cn/open/"
SECRET_NAME, SECRET_STEM = "机密示例项目", "不公开的文件"
SECRET = (
    VALID.replace("示例项目", SECRET_NAME)
    .replace("13.00", "98765.4321")
    .replace("办理件数", "同一件事的办理件数")
    + "公开: 否\n"
)
SIBLING = VALID.replace("办理件数", "同一件事的办理件数").replace("≥980 项", "≥990 项").replace(
    "序号: 1", "序号: 2"
) + ("豁免:\n  - 规则: X03\n    指标: 同一件事的办理件数\n    理由: 两件事\n")
HOSTILE_NAME = '=HYPERLINK("x",\'点\')，逗号"引号" & <b>粗</b> </script>'
HOSTILE_VALUE = "-1+1|cmd"
HOSTILE = (
    VALID.replace("项目名称: 示例项目", "项目名称: '" + HOSTILE_NAME.replace("'", "''") + "'")
    .replace("序号: 1", "序号: 3")
    .replace("  - 示例目标一", "  - '@SUM(1)'\n  - \"'单引号开头\"\n  - '＋全角'")
    .replace("指标值: ≥980 项", f"指标值: '{HOSTILE_VALUE}'")
    .replace("示例局本级", "+示例局本级")
    + "豁免:\n  - 规则: T01\n    理由: '=1+1'\n"
)
DEPARTMENT = """\
部门名称: 示例局
批复日期: "2024-02-08"
公开日期: "2024-02-20"
项目支出: 98791.4321
"""
MOVED = VALID.replace("年度: 2024", "年度: 2025").replace("999001", "999002").replace(
    "示例局", "示例二局"
) + ('曾用路径:\n  - 2024/999002/旧\n调整记录:\n  - 日期: "2025-06-01"\n    原因: 示例\n')
PROJECTS = {
    f"2024/999001/{SECRET_STEM}.yml": SECRET,
    "2024/999001/甲.yml": SIBLING,
    "2024/999001/乙.yml": HOSTILE,
    "2024/999001/部门.yml": DEPARTMENT,
    "2025/999001/甲.yml": CENTRAL,
    "2025/999002/丙.yml": MOVED,
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two years and two forms: hostile text, a withheld project, a history in git."""
    folder = tmp_path_factory.mktemp("data") / "work"
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / "docs" / "data-provenance.md").write_text("# 数据来源\n\n示例。\n", encoding="utf-8")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    for name, text in PROJECTS.items():
        path = folder / "targets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(folder, "init", "-b", "main", date="2024-03-01")
    git(folder, "add", "-A", date="2024-03-01")
    git(folder, "commit", "-m", "first", date="2024-03-01")
    later = folder / "targets/2025/999002/丙.yml"
    later.write_text(later.read_text(encoding="utf-8").replace("≥5 年", "≥6 年"), encoding="utf-8")
    git(folder, "commit", "-a", "-m", "second", date="2025-04-02")
    return folder


@pytest.fixture(scope="module")
def site(place: Path) -> Path:
    """Its site, built under an address."""
    done = jixiao(place, "build", JIXIAO_SITE_URL=SITE)
    assert done.returncode == 0, done.stdout + done.stderr
    return place / "site"


@pytest.fixture(scope="module")
def collection(place: Path) -> Collection:
    """What the site was built from."""
    return collect([Path("targets")], SCHEMAS, base=place)


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _json(path: Path) -> Any:  # noqa: ANN401  JSON
    return json.loads(path.read_text(encoding="utf-8"))


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _totals(items: Iterable[tuple[object, object]]) -> dict[object, Decimal]:
    return {key: Decimal(str(total)) for key, total in items}


def test_totals_of_every_format_equal_those_of_the_model(site: Path, collection: Collection) -> None:
    summaries = [
        item
        for year in collection.catalogue.years
        for department in year.departments
        for item in department.projects
    ]
    wanted = {rows.identity(item): item.total for item in summaries}
    wan = sum(item.total_wan for item in summaries)
    assert len(wanted) == 4
    data = site / "data"
    assert (
        _totals((row["项目标识"], row["年度资金总额"]) for row in _csv(data / "tables/projects.csv"))
        == wanted
    )
    assert _totals((row["项目标识"], row["年度资金总额"]) for row in _csv(data / "jixiao.csv")) == wanted
    assert _totals((item["id"], item["total"]) for item in _lines(data / "jixiao.jsonl")) == wanted
    with closing(sqlite3.connect(data / "jixiao.sqlite")) as database:
        assert _totals(database.execute("SELECT id, total FROM projects")) == wanted
        (indicators,) = database.execute("SELECT count(*) FROM indicators").fetchone()
    sheet = openpyxl.load_workbook(data / "jixiao.xlsx")["项目"]
    heads = [cell.value for cell in sheet[1]]
    read = [dict(zip(heads, line, strict=True)) for line in sheet.iter_rows(min_row=2, values_only=True)]
    assert _totals((row["项目标识"], row["年度资金总额"]) for row in read) == wanted
    assert sum(Decimal(str(row["年度资金总额（万元）"])) for row in read) == wan
    years = _json(site / "api/v1/years.json")["years"]
    assert sum(Decimal(year["total_wan"]) for year in years) == wan
    assert indicators == len(_csv(data / "jixiao.csv")) == sum(item.indicators for item in summaries)


def test_years_and_departments_hold_their_own_projects_and_together_all(site: Path) -> None:
    def ids(path: str) -> list[str]:
        return [item["id"] for item in _lines(site / "data" / path)]

    whole = ids("jixiao.jsonl")
    assert whole == [*ids("2025/jixiao-2025.jsonl"), *ids("2024/jixiao-2024.jsonl")]
    assert ids("2025/999001/jixiao-2025-999001.jsonl") == ["2025/999001/甲"]
    for suffix in ("csv", "xlsx", "sqlite"):
        assert (site / f"data/2025/999002/jixiao-2025-999002.{suffix}").is_file()
    with closing(sqlite3.connect(site / "data/2025/999002/jixiao-2025-999002.sqlite")) as database:
        assert database.execute("SELECT DISTINCT project_id FROM indicators").fetchall() == [
            ("2025/999002/丙",)
        ]


def _texts(path: Path) -> Iterator[str]:
    """Everything a file says, whatever its kind."""
    raw = path.read_bytes()
    if path.suffix in {".xlsx", ".docx"}:
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name).decode("utf-8", errors="replace") for name in archive.namelist())
    elif path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as database:
            yield from database.iterdump()
    elif path.suffix == ".pdf":
        yield from (page.extract_text() for page in pypdf.PdfReader(path).pages)
    text = raw.decode("utf-8", errors="replace")
    yield text
    yield unquote(text)
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)


def test_a_withheld_project_is_in_no_file_of_the_site(site: Path, place: Path) -> None:
    """Neither its name, nor its stem, nor its amount, nor what would tell the amount by subtraction."""
    collected = collect([Path("targets")], SCHEMAS, base=place)
    said = [answer.problem.message for answer in collected.outcome.waived]
    assert any(SECRET_NAME in message for message in said), "the trap is set: a waived finding names it"
    secrets = (SECRET_NAME, SECRET_STEM, "98765.4", "98791.4")
    paths = [path for path in site.rglob("*") if path.is_file()]
    assert len(paths) > 100
    told = [
        (path.relative_to(site).as_posix(), secret)
        for path in paths
        for text in _texts(path)
        for secret in secrets
        if secret in text or SECRET_STEM in path.name
    ]
    assert told == []


def test_published_files_are_numbered_without_a_gap_where_a_project_is_withheld(site: Path) -> None:
    numbers = set()
    for stem in ("甲", "乙"):
        folder = site / "2024/999001" / stem
        document, problems = parse((folder / f"{stem}.yml").read_bytes(), "")
        assert document is not None
        assert not problems
        assert document.data["序号"] == _json(folder / f"{stem}.json")["number"]
        numbers.add(document.data["序号"])
    assert numbers == {1, 2}


def test_the_published_yaml_says_what_the_source_says_and_passes_the_check(site: Path, place: Path) -> None:
    for name in ("2025/999001/甲", "2025/999002/丙"):
        source, _ = parse((place / "targets" / f"{name}.yml").read_bytes(), "")
        path = site / name / f"{Path(name).name}.yml"
        published, problems = parse(path.read_bytes(), "")
        assert source is not None
        assert published is not None
        assert not problems
        assert published.data == source.data
    page = (site / "2025/999002/丙/index.html").read_text(encoding="utf-8")
    for suffix in ("yml", "json", "docx", "xlsx", "pdf"):
        address = f"2025/999002/丙/丙.{suffix}"
        assert (site / address).stat().st_size > 100
        assert f'href="../../../{quote(address)}"' in page


def test_hostile_text_comes_back_to_the_letter_from_every_format(site: Path) -> None:
    wanted = (HOSTILE_NAME, "+示例局本级")
    data, key = site / "data", "2024/999001/乙"
    (line,) = (item for item in _lines(data / "jixiao.jsonl") if item["id"] == key)
    assert (line["name"], line["unit"]) == wanted
    (moved,) = (item for item in _lines(data / "jixiao.jsonl") if item["former"])
    assert moved["former"] == ["2024/999002/旧"]
    assert moved["adjustments"] == [{"date": "2025-06-01", "number": None, "reason": "示例"}]
    assert line["goals"] == ["@SUM(1)", "'单引号开头", "＋全角"]
    assert line["indicators"][0]["value"] == HOSTILE_VALUE
    with closing(sqlite3.connect(data / "jixiao.sqlite")) as database:
        found = database.execute("SELECT name, unit FROM projects WHERE id = ?", (key,)).fetchone()
    assert found == wanted
    (row,) = (row for row in _csv(data / "tables/projects.csv") if row["项目标识"] == key)
    assert (csv_files.restored(row["项目名称"]), csv_files.restored(row["实施单位"])) == wanted
    first = next(row for row in _csv(data / "jixiao.csv") if row["项目标识"] == key)
    assert first["指标值"] == f"'{HOSTILE_VALUE}"
    book = openpyxl.load_workbook(data / "jixiao.xlsx")
    cells = {cell.value: cell.data_type for line in book["项目"].iter_rows() for cell in line}
    assert cells[HOSTILE_NAME] == "s"
    assert all(
        cell.data_type != "f" for sheet in book.worksheets for line in sheet.iter_rows() for cell in line
    )
    assert "<b>粗" not in (data / "feed.xml").read_text(encoding="utf-8")
    assert '</script>"' not in (data / "index.html").read_text(encoding="utf-8")


@given(st.text())
def test_a_guarded_cell_begins_no_formula_and_gives_its_text_back(text: str) -> None:
    cell = csv_files.guarded(text)
    assert csv_files.restored(cell) == text
    assert not cell.startswith(csv_files.DANGEROUS)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=4))
def test_any_text_survives_in_csv(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        rows = [(text, 1, text, Decimal("13.00"), "万元") for text in texts]
        path.write_bytes(csv_files.heading(FUNDS) + csv_files.body(rows, FUNDS))
        assert [csv_files.restored(row["资金来源"]) for row in _csv(path)] == texts
        assert {row["金额"] for row in _csv(path)} == {"13.00"}


def _soffice(path: Path, to: str, folder: Path, *more: str) -> None:
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    assert soffice, "no LibreOffice: run the tests with `make test`, which installs one"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = [profile, "--headless", *more, "--convert-to", to, "--outdir", str(folder), str(path)]
    subprocess.run([soffice, *words], check=True, capture_output=True)


def test_libreoffice_reads_from_the_workbook_what_the_csv_says(site: Path, tmp_path: Path) -> None:
    """All worksheets, as values with the digits that are shown."""
    _soffice(
        site / "data/jixiao.xlsx",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1",
        tmp_path,
    )
    with (tmp_path / "jixiao-绩效指标.csv").open(encoding="utf-8", newline="") as stream:
        groups, titles, *lines = csv.reader(stream)
    assert groups[0] == "项目"
    assert titles == [column.title for column in LONG.columns]
    with (site / "data/jixiao.csv").open(encoding="utf-8-sig", newline="") as stream:
        _, *wanted = csv.reader(stream)
    texts = {number for number, column in enumerate(LONG.columns) if column.type == "string"}
    restored = [
        [csv_files.restored(cell) if number in texts else cell for number, cell in enumerate(line)]
        for line in wanted
    ]
    assert lines == restored
    names = {path.stem.removeprefix("jixiao-") for path in tmp_path.glob("jixiao-*.csv")}
    assert names == {"绩效指标", *(table.title for table in TABLES), "列的说明"}


_UTF8 = "--infilter=Text - txt - csv (StarCalc):44,34,76,1"


def test_libreoffice_finds_no_formula_in_the_csv(site: Path, tmp_path: Path) -> None:
    """It would find one: an unguarded cell is taken for a formula."""
    bare = tmp_path / "bare.csv"
    bare.write_text("甲,乙\n=1+1,二\n", encoding="utf-8-sig")
    _soffice(bare, "xlsx", tmp_path, _UTF8)
    assert openpyxl.load_workbook(tmp_path / "bare.xlsx").worksheets[0]["A2"].data_type == "f"
    _soffice(site / "data/jixiao.csv", "xlsx", tmp_path, _UTF8)
    sheet = openpyxl.load_workbook(tmp_path / "jixiao.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.title for column in LONG.columns]
    assert sheet.max_row == len(_csv(site / "data/jixiao.csv")) + 1
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


def test_the_data_package_is_valid_in_every_cell_and_key(site: Path) -> None:
    with system.use_context(trusted=False):
        report = Package(str(site / "data/datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])
    assert {task.name for task in report.tasks} == {table.name for table in TABLES}
    assert all(task.stats["rows"] for task in report.tasks)


def test_the_data_package_is_not_valid_when_a_row_loses_its_project(site: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(site / "data", tmp_path / "data")
    path = copy / "tables/projects.csv"
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join([lines[0], *lines[2:]]))
    report = Package(str(copy / "datapackage.json")).validate()
    assert "foreign-key" in {error for (error,) in report.flatten(["type"])}


def test_the_database_has_its_tables_keys_and_indexes(site: Path) -> None:
    with closing(sqlite3.connect(site / "data/jixiao.sqlite")) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert names == {table.name for table in TABLES}
        for table in TABLES:
            columns = [line[1] for line in database.execute(f"PRAGMA table_info({table.name})")]
            assert columns == list(table.names)
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        plan = database.execute("EXPLAIN QUERY PLAN SELECT * FROM projects WHERE year = 2024").fetchall()
        assert "projects_year" in str(plan)
        joined = database.execute(
            "SELECT count(*) FROM indicators i JOIN projects p ON p.id = i.project_id WHERE i.measurable"
        ).fetchone()
    assert joined[0] > 10


def test_the_linked_catalogue_leads_from_catalogue_to_dataset_to_file(site: Path) -> None:
    document = _json(site / "data/catalog.jsonld")
    nodes = jsonld.flatten(
        document, options={"base": f"{SITE}data/catalog.jsonld", "documentLoader": _refuse}
    )
    by_type: dict[str, list[Any]] = {}
    for node in nodes:
        for kind in node.get("@type", ()):
            by_type.setdefault(kind, []).append(node)
    dcat, org = "http://www.w3.org/ns/dcat#", "https://schema.org/"
    (catalogue,) = by_type[f"{dcat}Catalog"]
    datasets = {node["@id"]: node for node in by_type[f"{dcat}Dataset"]}
    assert {node["@id"] for node in catalogue[f"{dcat}dataset"]} == {*datasets}
    assert {node["@id"] for node in by_type[f"{org}Dataset"]} == {*datasets}
    assert len(datasets) == 1 + 2 + 3
    files = {node["@id"]: node for node in by_type[f"{dcat}Distribution"]}
    for node in datasets.values():
        assert node[f"{org}name"][0]["@value"]
        assert node[f"{org}description"][0]["@value"]
        assert {part["@id"] for part in node[f"{dcat}distribution"]} <= {*files}
    for address, node in files.items():
        path = site / unquote(address.removeprefix(SITE))
        assert int(node[f"{dcat}byteSize"][0]["@value"]) == path.stat().st_size
    assert "http://purl.org/dc/terms/license" not in catalogue
    page = (site / "data/index.html").read_text(encoding="utf-8")
    embedded = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert embedded
    options = {"documentLoader": _refuse}
    assert f"{org}Dataset" in jsonld.expand(json.loads(embedded[1]), options=options)[0]["@type"]


def _refuse(address: str, _: object) -> None:
    raise AssertionError(f"fetched {address}")


def test_feeds_have_every_dated_project_newest_first_with_absolute_links(site: Path) -> None:
    feed = feedparser.parse((site / "data/feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.version == "atom10"
    found = [(entry.updated[:10], unquote(entry.link)) for entry in feed.entries]
    assert found[0] == ("2025-04-02", f"{SITE}2025/999002/丙/")
    assert {link for _, link in found[1:]} == {
        f"{SITE}{name}/" for name in ("2024/999001/甲", "2024/999001/乙", "2025/999001/甲")
    }
    assert {day for day, _ in found[1:]} == {"2024-03-01"}
    assert any(entry.title.startswith("=HYPERLINK") for entry in feed.entries)
    one = feedparser.parse((site / "data/feeds/999002.xml").read_bytes())
    assert [unquote(entry.link) for entry in one.entries] == [f"{SITE}2025/999002/丙/"]
    assert one.entries[0].id == feed.entries[0].id


def test_without_git_the_feed_has_what_has_a_date_of_publication_and_relative_links(
    place: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(place, tmp_path / "copy", ignore=shutil.ignore_patterns(".git", "site"))
    text = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    text = re.sub(r"^site_url:.*$", 'site_url: ""', text, flags=re.MULTILINE)
    text = text.replace('data_licence: ""', 'data_licence: "https://example.org/licence"')
    (folder / "mkdocs.yml").write_text(text.replace("office: true", "office: false"), encoding="utf-8")
    done = jixiao(folder, "build")
    assert done.returncode == 0, done.stderr
    made = folder / "site"
    feed = feedparser.parse((made / "data/feed.xml").read_bytes())
    assert {entry.updated[:10] for entry in feed.entries} == {"2024-02-20"}
    text = (made / "data/feed.xml").read_text(encoding="utf-8")
    links = sorted(unquote(link) for link in re.findall(r'</updated><link href="([^"]+)"', text))
    assert links == ["../2024/999001/乙/", "../2024/999001/甲/"]
    assert not (made / "data/feeds/999002.xml").exists()
    assert "localhost" not in "".join(path.read_text(encoding="utf-8") for path in made.rglob("data/*.json*"))
    assert _json(made / "data/datapackage.json")["licenses"][0]["path"] == "https://example.org/licence"
    page = (made / "data/index.html").read_text(encoding="utf-8")
    assert 'href="https://example.org/licence"' in page
    assert not (made / "2025/999002/丙/丙.docx").exists()
    assert "丙.docx" not in unquote((made / "2025/999002/丙/index.html").read_text(encoding="utf-8"))
    assert (made / "data/jixiao.xlsx").is_file()


def test_the_openapi_description_is_valid_and_every_answer_is_as_described(site: Path) -> None:
    description = _json(site / "api/v1/openapi.json")
    validate_openapi(description)
    assert description["servers"] == [{"url": f"{SITE}api/v1"}]
    answers = 0
    for template, item in description["paths"].items():
        reference = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        schemas = {**description, "$ref": reference.replace("#/components", "#/components")}
        validator = Draft202012Validator(_closed(schemas))
        pattern = re.sub(r"\\{.*?\\}", "[^/]+", re.escape(template))
        for path in (site / "api/v1").rglob("*.json"):
            if re.fullmatch(pattern, f"/{path.relative_to(site / 'api/v1').as_posix()}"):
                assert list(validator.iter_errors(_json(path))) == [], path
                answers += 1
    assert answers == len([*(site / "api/v1").rglob("*.json")]) - 1


def _closed(value: Any) -> Any:  # noqa: ANN401  JSON
    """A schema that allows no key it does not name."""
    if isinstance(value, dict):
        closed = {key: _closed(inner) for key, inner in value.items()}
        return {**closed, "additionalProperties": False} if "properties" in value else closed
    return [_closed(inner) for inner in value] if isinstance(value, list) else value


def test_the_api_leads_from_its_index_to_every_project(site: Path) -> None:
    def get(url: str) -> Any:  # noqa: ANN401  JSON
        return _json(site / unquote(url.removeprefix(SITE)))

    index = get(f"{SITE}api/v1/index.json")
    found = []
    for year in get(index["years"])["years"]:
        for department in get(year["url"])["of_departments"]:
            for item in get(department["url"])["of_projects"]:
                project = get(item["url"])
                assert project["page"] == item["page"]
                beside = f"{unquote(item['page'].removeprefix(SITE))}{project['id'].rsplit('/', 1)[1]}.json"
                assert _json(site / beside) == project
                found.append(project["id"])
    assert len(found) == index["projects"] == 4


def test_the_changelog_of_the_api_has_the_version_that_is_described() -> None:
    text = (ROOT / "docs" / "api-changelog.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE)[0] == openapi.VERSION
    assert openapi.VERSION.split(".")[0] == rows.SHAPE


def test_the_checksums_are_those_of_every_data_file(site: Path) -> None:
    lines = (site / "data/SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    there = {
        path.relative_to(site / "data").as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in (site / "data").rglob("*")
        if path.is_file() and path.name not in {"SHA256SUMS", "index.html"}
    }
    assert listed == there


def test_the_page_of_downloads_lists_every_data_file_and_says_that_no_licence_is_set(site: Path) -> None:
    page = (site / "data/index.html").read_text(encoding="utf-8")
    for path in (site / "data").rglob("*"):
        if path.is_file() and path.name != "index.html":
            assert f'href="../{quote(path.relative_to(site).as_posix())}"' in page, path
    assert "使用许可：未设定" in page
    assert 'href="../data/"' in (site / "about/index.html").read_text(encoding="utf-8")
    year = (site / "2025/index.html").read_text(encoding="utf-8")
    assert 'href="../data/2025/jixiao-2025.csv"' in year
    department = (site / "2025/999002/index.html").read_text(encoding="utf-8")
    assert 'href="../../data/2025/999002/jixiao-2025-999002.sqlite"' in department


def test_two_builds_give_the_same_bytes_wherever_and_whenever(
    place: Path, site: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    done = jixiao(place, "build", "--site-dir", str(again), JIXIAO_SITE_URL=SITE, TZ="Pacific/Auckland")
    assert done.returncode == 0, done.stderr
    for folder in ("data", "api", "2024", "2025"):
        for path in (site / folder).rglob("*"):
            if path.is_file():
                assert path.read_bytes() == (again / path.relative_to(site)).read_bytes(), path


def test_without_the_libraries_of_pdf_the_rest_is_made_and_it_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    monkeypatch.delitem(sys.modules, "builder.exports.office.pdf", raising=False)
    assert publish.offices() == ("docx", "xlsx")
    (said,) = caplog.messages
    assert "PDF" in said
    assert "jixiao[office]" in said


def test_the_page_of_columns_is_the_one_the_exports_and_schemas_give(request: pytest.FixtureRequest) -> None:
    path, text = ROOT / "docs" / "data-dictionary.md", dictionary.page(SCHEMAS)
    if request.config.getoption("--update-goldens"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, (
        "run pytest with --update-goldens and read the difference"
    )
