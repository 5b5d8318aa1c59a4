"""The table of all indicators: what is written, and its reader in the browser held to a plain one."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest

from bench import generate
from builder import browse, explorer
from builder.collection import collect, load
from builder.explorer import KINDS, NO_UNIT, OPERATORS, collation
from builder.render import render
from builder.search.text import fold
from builder.values import Kind, Operator, comparable_number
from tests.county import write_file
from tests.records import CENTRAL, ROOT, SCHEMAS, VALID
from tests.test_browser import preview
from tests.web import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from playwright.sync_api import Browser, Page

    from builder.catalogue import Summary
    from builder.collection import Collection
    from builder.rules import Subject

ASSETS = ROOT / "builder/theme/assets/jixiao"
FACETS = ("年度", "一级指标", "二级指标", "类型", "符号", "单位", "部门")
HOSTILE = "<img src=x onerror=alert(1)>&amp;\"'"
ODD = (
    *("≥1.5 万件", "300-500 人", "2024 年 6 月底前", "不断提高", "≤3 小时", "180 分钟", "约 20 个", "±5%"),
    *("3000 元/人/年", "", "看不懂 12 乱 34", "≥５％", "13.00 万元", "130000 元"),
)
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
SHELL = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>示例站</title><link rel="stylesheet" href="../assets/explorer.css"><body class="md-typeset">{page}
<script type="module" src="../assets/explorer-page.js"></script>"""


def _odd() -> str:
    """A sound record with values of every sort, one of them missing, and a hostile name."""
    rows = "".join(
        f"      - 三级指标: 示例怪值{number}\n        指标值: {f'{value!r}' if value else 'null'}\n"
        for number, value in enumerate(ODD)
    )
    head, tail = VALID.split("      - 三级指标: 办理件数\n        指标值: ≥980 项\n")
    named = head.replace("项目名称: 示例项目", "项目名称: '" + HOSTILE.replace("'", "''") + "'")
    waived = f"  - 规则: C02\n    指标: 示例怪值{ODD.index('')}\n    理由: 示例\n"
    return f"{named}{rows}{tail}豁免:\n  - 规则: T01\n    理由: 示例\n{waived}"


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """Three years, two forms, some hundreds of rows."""
    base = tmp_path_factory.mktemp("explorer")
    generate.write(base / "targets", seed=5, years=(2023, 2024), departments=3, projects=24)
    for name, text in {"2024/999001/怪.yml": _odd(), "2025/999001/三.yml": CENTRAL}.items():
        write_file(base / "targets" / name, text.encode())
    return collect([Path("targets")], SCHEMAS, base=base)


def _items(collection: Collection) -> Iterator[tuple[Subject, Summary]]:
    for year in collection.catalogue.years:
        for department in year.departments:
            for item in department.projects:
                yield load(item, collection), item


def _files(items: Iterable[tuple[Subject, Summary]]) -> dict[str, bytes]:
    taken = ((item.id.year, explorer.taken(subject, item)) for subject, item in items)
    return dict(explorer.files(taken, SCHEMAS.forms.values()))


@pytest.fixture(scope="module")
def site(collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page, its scripts, and its data."""
    folder = tmp_path_factory.mktemp("table")
    for name, data in _files(_items(collection)).items():
        write_file(folder / "indicators/data" / name, data)
    for pattern in ("explorer*", "search.js"):
        for path in ASSETS.glob(pattern):
            write_file(folder / "assets" / path.name, path.read_bytes())
    page = render("pages/indicators.html", root="../", view=browse.indicators(collection.catalogue))
    write_file(folder / "indicators/index.html", SHELL.format(policy=POLICY, page=page).encode())
    write_file(folder / "blank.html", b"<!doctype html><title>.</title>")
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site, prefix="/some/where/") as where:
        yield where


# A plain reading of the same data

_Row = dict[str, Any]


def _rows(collection: Collection) -> list[_Row]:
    found = []
    slots = [(level1.name, slot.name) for form in SCHEMAS.forms.values() for level1, slot in form.slots]
    for subject, item in _items(collection):
        for number, row in enumerate(subject.rows):
            value, indicator = row.value, row.indicator
            base = comparable_number(value) if value and value.understood else None
            unit = (
                "/".join((value.magnitude + (value.unit.name if value.unit else ""), *value.per))
                if value
                else ""
            )
            found.append(
                {
                    "key": (item.id.year, item.id.department, item.id.stem, number),
                    "年度": str(item.id.year),
                    "一级指标": indicator.level1,
                    "二级指标": indicator.level2,
                    "类型": value.kind.value if value else "无指标值",
                    "符号": value.operator.value if value and value.operator else "无符号",
                    "单位": unit if unit and base else NO_UNIT,
                    "部门": item.department,
                    "三级指标": indicator.name,
                    "指标值": indicator.value or "",
                    "项目": item.name,
                    "number": value.number if value and base else None,
                    "base": base,
                    "slot": slots.index((indicator.level1, indicator.level2)),
                }
            )
    return found


def _fits(row: _Row, query: _Row) -> bool:
    texts = [fold(row[name]) for name in ("三级指标", "指标值", "项目", "部门")]
    number = row["number"]
    return (
        all(any(fold(word) in text for text in texts) for word in query["question"].split())
        and (query["from"] is None or (number is not None and number >= query["from"]))
        and (query["to"] is None or (number is not None and number <= query["to"]))
    )


def _answer(rows: Sequence[_Row], query: _Row) -> tuple[list[Any], dict[str, dict[str, int]]]:
    chosen = query["facets"]
    asked = [row for row in rows if _fits(row, query)]
    counts = {
        facet: dict(
            Counter(
                row[facet]
                for row in asked
                if all(row[other] in values for other, values in chosen.items() if other != facet)
            )
        )
        for facet in FACETS
    }
    found = [row for row in asked if all(row[facet] in values for facet, values in chosen.items())]
    return [row["key"] for row in _sorted(found, query["column"], query["descending"])], counts


def _key(row: _Row, column: str, *, descending: bool) -> Any:  # noqa: ANN401  whatever sorts
    match column:
        case "类别":
            return row["slot"]
        case "符号":
            sign = row["符号"]
            return None if sign == "无符号" else [one.value for one in Operator].index(sign)
        case "数值":
            base = row["base"]
            return base and (collation(base[1]), float(-base[0] if descending else base[0]))
        case "年度":
            return int(row["年度"])
        case "单位":
            return None if row["单位"] == NO_UNIT else collation(row["单位"])
        case _:
            return collation(row[column]) if row[column] else None


def _sorted(rows: list[_Row], column: str | None, descending: bool) -> list[_Row]:  # noqa: FBT001  as asked
    if column is None:
        return rows
    keyed = [(row, _key(row, column, descending=descending)) for row in rows]
    present = [pair for pair in keyed if pair[1] is not None]
    backwards = descending and column != "数值"
    present.sort(key=lambda pair: pair[1], reverse=backwards)
    return [row for row, _ in present] + [row for row, key in keyed if key is None]


def _queries(rows: Sequence[_Row], number: int) -> Iterator[_Row]:
    dice = random.Random(3)  # noqa: S311  a fixed choice of questions
    words = [
        "满意度",
        "示例",
        "办理 示例县",
        "≥9",
        "% 率",
        "９８%",
        "没有的词",
        "怪值",
        "<IMG",
        "经费（0001）",
    ]
    for _ in range(number):
        facets = {
            facet: sorted({dice.choice(rows)[facet] for _ in range(dice.randint(1, 3))})
            for facet in FACETS
            if dice.random() < 0.2
        }
        yield {
            "question": dice.choice(words) if dice.random() < 0.4 else "",
            "facets": facets,
            "from": dice.choice([1, 90, 1.5]) if dice.random() < 0.2 else None,
            "to": dice.choice([99, 300, 98.5]) if dice.random() < 0.2 else None,
            "column": dice.choice([None, *(column.name for column in browse.COLUMNS)]),
            "descending": dice.random() < 0.5,
        }


_ANSWERS = """
async ({base, queries}) => {
  const { open } = await import(new URL("../../assets/explorer.js", base));
  const table = await open(base);
  await table.load(new Set());
  const numbers = new Map();
  for (let number = 0; number < table.rows; number++) {
    const { address } = table.row(number);
    numbers.set(address, [...(numbers.get(address) ?? []), number]);
  }
  return queries.map((query) => {
    const { rows, facets } = table.select({
      ...query,
      facets: new Map(Object.entries(query.facets).map(([facet, values]) => [facet, new Set(values)])),
      from: query.from ?? NaN,
      to: query.to ?? NaN,
      column: query.column ?? undefined,
    });
    const keys = Array.from(rows, (number) => {
      const { address } = table.row(number);
      return [address, numbers.get(address).indexOf(number)];
    });
    const counted = [...facets].map(([facet, counts]) => [facet, Object.fromEntries(counts)]);
    return [keys, Object.fromEntries(counted)];
  });
}
"""


@pytest.mark.browser
def test_the_browser_filters_counts_and_sorts_as_a_plain_reading_does(
    page: Page, address: str, collection: Collection
) -> None:
    rows = _rows(collection)
    queries = list(_queries(rows, 150))
    page.goto(f"{address}blank.html")
    given_back = page.evaluate(_ANSWERS, {"base": f"{address}indicators/data/", "queries": queries})
    found_some = 0
    for query, (keys, facets) in zip(queries, given_back, strict=True):
        expected, counts = _answer(rows, query)
        found = [(*unquote(where).strip("/").split("/"), number) for where, number in keys]
        assert [(int(year), code, stem, number) for year, code, stem, number in found] == expected, query
        assert facets == counts, query
        found_some += bool(found)
    assert len(rows) > 700
    assert found_some > 60, "the questions find something"


@pytest.mark.browser
def test_a_row_shows_what_the_record_says(page: Page, address: str, collection: Collection) -> None:
    page.goto(f"{address}blank.html")
    shown = page.evaluate(
        """async (base) => {
          const { open } = await import(new URL("../../assets/explorer.js", base));
          const table = await open(base);
          await table.load(new Set());
          return Array.from({ length: table.rows }, (_, number) => table.row(number));
        }""",
        f"{address}indicators/data/",
    )
    names = {
        "level1": "一级指标",
        "level2": "二级指标",
        "name": "三级指标",
        "value": "指标值",
        "kind": "类型",
    }
    names |= {"operator": "符号", "unit": "单位", "project": "项目", "department": "部门"}
    for one, row in zip(shown, _rows(collection), strict=True):
        assert {key: one[key] for key in names} == {key: row[name] for key, name in names.items()}
        assert one["number"] == ("" if row["number"] is None else f"{row['number']:f}")
    by_text = {one["value"]: (one["number"], one["upper"], one["unit"]) for one in shown}
    assert by_text["≥1.5 万件"] == ("1.5", "", "万件")
    assert by_text["300-500 人"] == ("300", "500", "人")
    assert by_text["3000 元/人/年"] == ("3000", "", "元/人/年")
    assert by_text["不断提高"] == ("", "", "无单位")


def test_the_same_data_gives_the_same_files_and_an_edit_renames_one_year_alone(
    collection: Collection,
) -> None:
    items = list(_items(collection))
    first, again = _files(items), _files(items)
    assert first == again
    fewer = _files(pair for pair in items if pair[1].id.stem != "怪")
    changed = {name[:4] for name in {*first} ^ {*fewer}}
    assert changed == {"2024"}


def test_kinds_and_signs_are_those_of_the_values() -> None:
    assert KINDS[:-1] == tuple(kind.value for kind in Kind)
    assert OPERATORS[:-1] == tuple(operator.value for operator in Operator)


def test_a_collection_without_projects_has_a_table_without_rows() -> None:
    assert [*_files([])] == [explorer.MANIFEST]


# The page


def _open(page: Page, where: str) -> None:
    page.goto(where)
    _done(page)


def _done(page: Page) -> None:
    page.locator("#explorer[data-state=done]").wait_for(timeout=10_000)


def _state(page: Page) -> str:
    return unquote(page.evaluate("location.search"))


def _column(page: Page, number: int) -> list[str]:
    return page.locator(f"tbody tr > :nth-child({number})").all_inner_texts()


@pytest.mark.browser
def test_all_rows_are_there_in_pages_of_fifty(page: Page, address: str, collection: Collection) -> None:
    rows = _rows(collection)
    _open(page, f"{address}indicators/")
    assert page.get_by_role("status").inner_text() == f"全部 {len(rows)} 个指标"
    assert _column(page, 2) == [row["三级指标"] for row in rows[:50]]
    page.get_by_role("link", name="下一页").press("Enter")
    page.get_by_text("第 2 页").wait_for()
    assert _state(page) == "?页=2"
    assert _column(page, 2) == [row["三级指标"] for row in rows[50:100]]
    page.get_by_role("link", name="最后一页").click()
    page.get_by_text(f"第 {-(-len(rows) // 50)} 页").wait_for()
    assert page.get_by_role("link", name="下一页", disabled=True).count() == 1
    page.go_back()
    page.get_by_text("第 2 页").wait_for()
    link = page.locator("tbody a").first
    assert (
        link.get_attribute("href") == "../" + "/".join(quote(str(part)) for part in rows[50]["key"][:3]) + "/"
    )


@pytest.mark.browser
def test_a_heading_sorts_up_then_down_then_not_and_says_so(page: Page, address: str) -> None:
    _open(page, f"{address}indicators/?单位=%25")
    head = page.get_by_role("columnheader", name="数值")
    assert head.get_attribute("aria-sort") is None
    head.get_by_role("button").press("Enter")
    page.locator("th[aria-sort=ascending]").wait_for()
    up = [float(text) for text in _column(page, 5)]
    assert up == sorted(up)
    assert _state(page) == "?排序=数值&单位=%"
    head.get_by_role("button").press("Enter")
    page.locator("th[aria-sort=descending]").wait_for()
    down = [float(text) for text in _column(page, 5)]
    assert down == sorted(down, reverse=True)
    assert down[0] > up[0]
    head.get_by_role("button").press("Enter")
    page.locator("th[aria-sort]").wait_for(state="detached")
    assert _state(page) == "?单位=%"


@pytest.mark.browser
def test_a_facet_narrows_by_keyboard_and_the_way_back_widens_again(page: Page, address: str) -> None:
    _open(page, f"{address}indicators/?q=满意度")
    whole = page.get_by_role("status").inner_text()
    box = page.get_by_role("group", name="部门").get_by_role("checkbox").first
    box.focus()
    page.keyboard.press("Space")
    page.locator(".explorer-status", has_not_text=whole).wait_for()
    assert page.evaluate("document.activeElement.name") == "部门"
    narrow, state = page.get_by_role("status").inner_text(), _state(page)
    assert state.startswith("?q=满意度&部门=")
    page.reload()
    page.get_by_text(narrow).wait_for()
    page.go_back()
    page.get_by_text(whole).wait_for()
    page.go_forward()
    page.get_by_text(narrow).wait_for()
    page.get_by_role("button", name="清除筛选").press("Enter")
    page.get_by_text("全部", exact=False).first.wait_for()
    _done(page)
    assert _state(page) == ""
    assert page.get_by_role("searchbox").input_value() == ""


@pytest.mark.browser
def test_what_is_typed_filters_by_itself_and_leaves_one_step_back(page: Page, address: str) -> None:
    _open(page, f"{address}indicators/")
    before = page.evaluate("history.length")
    page.get_by_role("searchbox").press_sequentially("满意", delay=300)
    page.wait_for_url("**/?q=" + quote("满意"))
    _done(page)
    assert page.evaluate("history.length") == before + 1
    assert all(
        "满意" in "".join(cells) for cells in zip(*(_column(page, at) for at in range(1, 9)), strict=True)
    )


@pytest.mark.browser
def test_only_the_years_asked_for_are_fetched(page: Page, address: str) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/data/")[2]))
    _open(page, f"{address}indicators/?年度=2024")
    asked = [name[:4] for name in fetched if name[:2] == "20"]
    assert asked == ["2024"]
    years = page.get_by_role("group", name="年度")
    assert "共" in years.locator("label", has_text="2023").inner_text()
    years.get_by_role("checkbox").nth(2).press("Space")
    page.locator("label", has_text="2023").get_by_text("共").wait_for(state="detached")
    _done(page)
    assert sorted(name[:4] for name in fetched if name[:2] == "20") == ["2023", "2024"]


@pytest.mark.browser
def test_what_the_data_says_is_text(page: Page, address: str) -> None:
    _open(page, f"{address}indicators/?q={quote('<img')}")
    assert _column(page, 7)[0] == HOSTILE
    assert page.locator("#explorer img").count() == 0


@pytest.mark.browser
def test_an_address_made_up_by_hand_breaks_nothing(page: Page, address: str) -> None:
    _open(page, f"{address}indicators/?排序=胡乱&页=-7&从=abc&类型=没有&降序=1")
    assert "没有符合条件的指标" in page.get_by_role("status").inner_text()
    _open(page, f"{address}indicators/?排序=胡乱&页=99999")
    assert page.locator("tbody tr").count() > 0


@pytest.mark.browser
def test_without_scripts_the_page_says_where_the_csv_is(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}indicators/")
    assert page.locator("noscript a").first.get_attribute("href") == "../data/"
    assert "CSV" in page.locator("noscript").inner_text()
    assert not page.get_by_role("table").is_visible()
    context.close()


@pytest.mark.browser
def test_a_phone_shows_cards_that_do_not_scroll_sideways(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    _open(page, f"{address}indicators/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


@pytest.mark.browser
def test_the_preview_has_the_table_too(page: Page, workplace: Callable[..., Path]) -> None:

    with preview(workplace()) as where:
        _open(page, f"{where}indicators/")
        assert page.get_by_role("status").inner_text() == "全部 7 个指标"
