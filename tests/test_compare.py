"""Comparisons: one project over its years, and any two projects in the browser."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest

from bench import generate
from builder import across, address, entries, site
from builder.across import Fate
from builder.collection import collect, load
from tests.conftest import jixiao
from tests.county import write_file
from tests.records import CENTRAL, ROOT, SCHEMAS, VALID
from tests.web import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from builder.across import AcrossView
    from builder.collection import Collection

HOSTILE = "<img src=x onerror=alert(1)>"
NEXT = (
    VALID.replace("年度: 2024", "年度: 2025", 1)
    .replace("13.00", "14.30")
    .replace("≥980 项", "≥1000 项")
    .replace("≤0.3 万元", "≤0.4 万元")
    .replace("培训率\n        指标值: ≥98%", "培训率\n        指标值: ≥98 %")
    .replace("三级指标: 按期办结率", "三级指标: 事项按期办结率")
    .replace(
        "      - 三级指标: 自助终端使用年限\n        指标值: ≥5 年\n",
        "      - 三级指标: 电子证照共享目录\n        指标值: 长期可用\n",
    )
    .replace("示例目标一", "示例目标二\n  - 另外一件完全不同的事")
)
LAST = NEXT.replace("年度: 2025", "年度: 2026", 1).replace("项目期: 1 年", "项目期: 2 年")


def _collected(base: Path, **texts: str) -> Collection:
    """A collection of records named ``y2024_甲`` after year and stem."""
    for name, text in texts.items():
        year, stem = name[1:].split("_")
        write_file(base / "targets" / year / "999001" / f"{stem}.yml", text.encode())
    return collect([Path("targets")], SCHEMAS, base=base)


def _view(collection: Collection, stem: str = "甲") -> AcrossView:
    items = next(years for one, years in across.groups(collection.catalogue).items() if one.stem == stem)
    return across.view(items, [load(item, collection) for item in items], SCHEMAS.words)


def _marks(view: AcrossView) -> dict[str, list[tuple[str | None, str]]]:
    return {
        track.name: [
            (cell.text, f"{cell.mark.sign} {cell.mark.word}" if cell.mark else "") for cell in track.cells
        ]
        for track in view.indicators
    }


def test_each_indicator_says_what_became_of_it(tmp_path: Path) -> None:
    view = _view(_collected(tmp_path, y2024_甲=VALID, y2025_甲=NEXT))
    assert _marks(view) == {
        "办理件数": [("≥980 项", ""), ("≥1000 项", "▲ 目标提高")],
        "培训率": [("≥98%", ""), ("≥98 %", "◆ 写法改动，意思不变")],
        "事项按期办结率": [("≥99%", ""), ("≥99%", "◆ 指标改名")],
        "培训投入": [("≤0.3 万元", ""), ("≤0.4 万元", "▼ 目标放宽")],
        "群众平均跑动次数": [("≤1 次", ""), ("≤1 次", "＝ 不变")],
        "电子证照共享目录": [(None, ""), ("长期可用", "＋ 新增")],
        "自助终端使用年限": [("≥5 年", ""), (None, "－ 删去")],
        "群众满意度": [("≥98%", ""), ("≥98%", "＝ 不变")],
    }
    renamed = next(track for track in view.indicators if track.name == "事项按期办结率")
    assert renamed.cells[1].note == "上年名称：按期办结率"


def test_a_step_counts_what_its_table_shows(tmp_path: Path) -> None:
    view = _view(_collected(tmp_path, y2024_甲=VALID, y2025_甲=NEXT))
    (step,) = view.steps
    assert step.years == "2024 → 2025 年度"
    counts = {mark.fate: count for mark, count in step.counts}
    assert counts == {
        Fate.NEW: 1,
        Fate.GONE: 1,
        Fate.RAISED: 1,
        Fate.LOWERED: 1,
        Fate.OTHER: 2,
        Fate.SAME: 2,
    }
    assert step.others == ()


def test_money_is_told_as_more_or_less_and_judged_as_neither(tmp_path: Path) -> None:
    view = _view(_collected(tmp_path, y2024_甲=VALID, y2025_甲=NEXT))
    first, second = view.money
    assert (first.total, first.mark) == ("13.00 万元", None)
    assert second.mark
    assert (second.total, second.mark.fate, second.mark.sign) == ("14.30 万元", Fate.OTHER, "▲")
    assert second.mark.word == "增加 1.3 万元（10.0%）"


def test_goals_are_matched_by_likeness(tmp_path: Path) -> None:
    view = _view(_collected(tmp_path, y2024_甲=VALID, y2025_甲=NEXT))
    marks = [[cell.mark.word if cell.mark else "" for cell in track.cells] for track in view.goals]
    assert marks == [["", "改写"], ["", "新增"]]


def test_three_years_stand_side_by_side_and_a_change_of_another_key_is_said(tmp_path: Path) -> None:
    view = _view(_collected(tmp_path, y2024_甲=VALID, y2025_甲=NEXT, y2026_甲=LAST))
    assert view.years == (2024, 2025, 2026)
    marks = _marks(view)
    assert marks["办理件数"][2] == ("≥1000 项", "＝ 不变")
    assert marks["自助终端使用年限"] == [("≥5 年", ""), (None, "－ 删去"), (None, "")]
    assert marks["电子证照共享目录"] == [(None, ""), ("长期可用", "＋ 新增"), ("长期可用", "＝ 不变")]
    assert view.steps[1].others == ("项目期 1 年 → 2 年：栏目改动",)


def test_what_comes_back_after_a_year_is_new_again(tmp_path: Path) -> None:
    back = VALID.replace("年度: 2024", "年度: 2026", 1)
    view = _view(_collected(tmp_path, y2024_甲=VALID, y2025_甲=NEXT, y2026_甲=back))
    of_name = [track for track in view.indicators if track.name == "自助终端使用年限"]
    words = [[cell.mark.word if cell.mark else "" for cell in track.cells] for track in of_name]
    assert words == [["", "", "新增"], ["", "删去", ""]]


def test_forms_of_two_places_can_be_compared(tmp_path: Path) -> None:
    view = _view(_collected(tmp_path, y2024_甲=VALID, y2025_甲=CENTRAL))
    assert len(view.years) == 2
    assert view.steps[0].counts


def test_a_withheld_year_is_not_there(tmp_path: Path) -> None:
    secret = NEXT.replace("年度: 2025", "年度: 2026", 1).replace("项目名称:", "公开: 否\n项目名称:")
    collection = _collected(tmp_path, y2024_甲=VALID, y2025_甲=NEXT, y2026_甲=secret)
    assert _view(collection).years == (2024, 2025)
    alone = _collected(tmp_path / "other", y2024_甲=VALID, y2026_甲=secret)
    assert across.groups(alone.catalogue) == {}


def test_only_projects_of_two_years_have_a_page_and_each_year_links_to_it(tmp_path: Path) -> None:
    other = VALID.replace("序号: 1", "序号: 2").replace("示例项目", "示例项目二")
    collection = _collected(tmp_path, y2024_甲=VALID, y2025_甲=NEXT, y2024_乙=other)
    listed = list(entries.entries(collection.catalogue))
    pages = [entry.address for entry in listed if isinstance(entry, entries.AcrossEntry)]
    assert pages == [address.across("999001", "甲")]
    settings = site.Settings("示例站")
    for entry in listed:
        if isinstance(entry, entries.ProjectEntry):
            content = site.page(entry, collection, settings).content
            assert (f'"../../../{pages[0]}"' in content) == (entry.project.id.stem == "甲")
            assert f'compare/?a={address.project(entry.project.id)[:-1]}"' in content


# In the browser


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site with generated projects of two years, and two that are known to the letter."""
    folder = tmp_path_factory.mktemp("compare")
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / "docs" / "data-provenance.md").write_text("# 数据来源\n\n示例。\n", encoding="utf-8")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    generate.write(folder / "targets", seed=5, years=(2024, 2025), departments=2, projects=6)
    hostile = (
        NEXT.replace("项目名称: 示例项目", f"项目名称: {HOSTILE}") + "豁免:\n  - 规则: T01\n    理由: 示例\n"
    )
    for name, text in {"2024/999001/甲.yml": VALID, "2025/999001/乙-丙.yml": hostile}.items():
        write_file(folder / "targets" / name, text.encode())
    done = jixiao(folder, "build")
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def where(built: Path) -> Iterator[str]:
    with served(built, prefix="/some/where/") as address_:
        yield address_


def _open(page: Page, where: str) -> None:
    page.goto(where)
    page.locator("#compare[data-state=done]").wait_for(timeout=10_000)


def _verdicts(page: Page) -> dict[str, str]:
    table = page.get_by_role("table", name="绩效指标")
    names = table.locator("tbody th").all_inner_texts()
    return {
        name.split("\n")[-1]: cell
        for name, cell in zip(names, table.locator("tbody td:last-child").all_inner_texts(), strict=True)
    }


PAIR = f"compare/?a=2024/999001/甲&b={quote('2025/999001/乙-丙')}"


@pytest.mark.browser
def test_any_two_projects_are_compared_by_name_and_kind_alone(page: Page, where: str) -> None:
    _open(page, where + PAIR)
    assert _verdicts(page) == {
        "办理件数": "▲ 乙的数较大（越高越好）",
        "培训率": "＝ 数相同，写法不同",
        "按期办结率": "－ 只有甲有",
        "培训投入": "▼ 乙的数较大（越低越好）",
        "群众平均跑动次数": "＝ 相同",
        "自助终端使用年限": "－ 只有甲有",
        "群众满意度": "＝ 相同",
        "事项按期办结率": "＋ 只有乙有",
        "电子证照共享目录": "＋ 只有乙有",
    }
    assert (
        "只按名称配对：相同 3 个，不同 2 个，只有甲有 2 个，只有乙有 2 个。"
        in page.locator("#compare").inner_text()
    )
    assert page.get_by_role("table", name="项目和资金").locator("tr").last.inner_text().split("\t")[1:] == [
        "13.00 万元",
        "14.30 万元",
        "◆ 乙较多",
    ]


@pytest.mark.browser
def test_what_the_data_says_is_text(page: Page, where: str) -> None:
    _open(page, where + PAIR)
    assert page.get_by_role("link", name=HOSTILE).count() == 1
    assert page.locator("#compare img").count() == 0


@pytest.mark.browser
def test_from_a_project_one_finds_another_and_the_address_says_both(page: Page, where: str) -> None:
    page.goto(f"{where}2024/999001/甲/")
    page.get_by_role("link", name="与另一个项目对比").click()
    page.get_by_text("请选定项目乙").wait_for()
    box = page.get_by_role("region", name="项目乙").get_by_role("searchbox")
    box.fill("示例 0002")
    box.press("Enter")
    page.locator("#compare li a").first.wait_for()
    assert page.evaluate("document.activeElement.tagName") == "A"
    page.keyboard.press("Enter")
    page.get_by_role("table", name="绩效指标").wait_for()
    assert "a=2024/999001/甲&b=202" in unquote(page.evaluate("location.search"))
    page.reload()
    page.get_by_role("table", name="绩效指标").wait_for()
    page.go_back()
    page.get_by_text("请选定项目乙").wait_for()
    assert page.get_by_role("table").count() == 0


@pytest.mark.browser
def test_the_address_of_a_page_can_be_pasted(page: Page, where: str) -> None:
    _open(page, f"{where}compare/?a=2024/999001/甲")
    box = page.get_by_role("region", name="项目乙").get_by_role("searchbox")
    box.fill(f"{where}2025/999001/{quote('乙-丙')}/?x=1#content")
    box.press("Enter")
    page.get_by_role("table", name="绩效指标").wait_for()
    assert len(_verdicts(page)) == 9


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "请选定项目甲和项目乙。"),
        ("?a=2024/999001/没有&b=2024/999001/甲", "项目甲“2024/999001/没有”没有找到"),
        ("?a=../../x&b=2024/../甲", "请选定项目甲和项目乙。"),
        ("?a=%E0%A4%A&b=2024/999001/甲", "请选定项目甲。"),
    ],
)
def test_an_address_that_names_no_project_is_answered_in_a_sentence(
    page: Page, where: str, query: str, words: str
) -> None:
    _open(page, f"{where}compare/{query}")
    assert words in page.get_by_role("status").inner_text()


@pytest.mark.browser
def test_the_page_over_the_years_needs_no_script_and_no_room(browser: Browser, where: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{where}2025/900000/示例项目0001/")
    page.get_by_role("link", name="各年度对比（2024、2025）").click()
    assert page.get_by_role("heading", level=1).inner_text().endswith("：各年度对比")
    assert page.locator("table.tracks .mark").count() > 5
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(f"{where}compare/")
    assert page.locator("noscript a").get_attribute("href") == "../"
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["2024/by-attribute/", "2024/by-kind/"])
def test_a_year_is_browsed_otherwise_without_script(browser: Browser, where: str, path: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{where}2024/")
    page.locator(f'.page-actions a[href$="{path}"]').click()
    assert page.url.endswith(path)
    assert page.locator("table.listing tbody tr").count() > 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


@pytest.mark.browser
def test_a_kind_leads_to_its_indicators(page: Page, where: str) -> None:
    page.goto(f"{where}2024/by-kind/")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="成本指标"))
    number = row.get_by_role("cell").first.inner_text()
    row.get_by_role("link").click()
    page.locator("#explorer[data-state=done]").wait_for()
    assert page.get_by_role("status").inner_text().startswith(f"{number} 个指标")


def test_a_deadline_within_its_own_year_is_no_delay_but_a_later_month_is(tmp_path: Path) -> None:
    def with_deadlines(year: int, *texts: str) -> str:
        rows = "".join(
            f"      - 三级指标: 第{number}批设备更新完成时间\n        指标值: {text}\n"
            for number, text in enumerate(texts)
        )
        record = VALID.replace("年度: 2024", f"年度: {year}", 1).replace("项目期: 1 年", "项目期: 3 年")
        return record.replace("    成本指标:\n", f"{rows}    成本指标:\n", 1)

    first = with_deadlines(2024, "2024年8月底前", "2024年8月底前", "8月底前", "2026年6月底前")
    second = with_deadlines(2025, "2025年8月底前", "2025年9月底前", "7月底前", "2026年6月底前")
    marks = _marks(_view(_collected(tmp_path, y2024_甲=first, y2025_甲=second)))
    told = [marks[f"第{number}批设备更新完成时间"][1][1] for number in range(4)]
    assert told == ["＝ 不变", "▼ 时限推迟", "▲ 时限提前", "＝ 不变"]
