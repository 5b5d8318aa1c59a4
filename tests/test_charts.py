"""Charts: what is drawn, that it keeps to the site's security policy, and that the numbers are the data's."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import charted, views
from builder.catalogue import Catalogue, DepartmentYear, Summary, Year, amount
from builder.charts import Bar, Chart, shortened, svg
from builder.collection import collect, load
from builder.model import ProjectId
from builder.render import render
from tests.records import ROOT, SCHEMAS, VALID

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = "</svg><script>alert(1)</script>&lt;'\"示例"
MONEY = {"甲": Decimal("13.00"), "乙": Decimal("6.5"), "丙": Decimal("3.25")}


def _chart(*bars: Bar) -> Chart:
    return Chart("example", f"示例图{HOSTILE}", f"说明{HOSTILE}", bars)


def _money(**totals: Decimal) -> Chart:
    return _chart(*(Bar(name, total, amount(total)) for name, total in totals.items()))


def _drawn(chart: Chart) -> ET.Element:
    return ET.fromstring(svg(chart))  # noqa: S314  our own


def _texts(root: ET.Element) -> list[str | None]:
    return [text.text for text in root.findall("text")]


def _widths(root: ET.Element, kind: str = "part") -> list[float]:
    return [float(one.get("width", "")) for one in root.iter("rect") if one.get("class") == kind]


def _project(number: int, total: str, *, currency: str = "万元", year: int = 2024) -> Summary:
    return Summary(
        *(ProjectId(year, "999001", f"示例{number}"), "", "", number, f"示例项目{number}", "示例局", None),
        *(Decimal(total), currency, (("产出指标", "数量指标", 3), ("效益指标", "社会效益指标", 2)), (3, 1)),
    )


def _department(code: str, *totals: str, year: int = 2024) -> DepartmentYear:
    projects = tuple(_project(number, total, year=year) for number, total in enumerate(totals, 1))
    return DepartmentYear(year, code, f"示例局{code}", None, None, projects)


def test_a_chart_is_one_image_with_a_title_and_a_description() -> None:
    root = _drawn(_money(**MONEY))
    assert (root.tag, root.get("role")) == ("svg", "img")
    named = {one.get("id"): one.text for one in root if one.get("id")}
    said = [named[name] for name in (root.get("aria-labelledby") or "").split()]
    assert said == [f"示例图{HOSTILE}", f"说明{HOSTILE}"]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn"))),
    st.decimals(0, 10**9, places=4),
)
def test_nothing_in_a_chart_breaks_out_of_it_or_needs_what_the_policy_forbids(
    name: str, value: Decimal
) -> None:
    chart = _chart(Bar(name, value + 1, name, value, name), Bar(HOSTILE, 1, HOSTILE, aside=HOSTILE))
    root = _drawn(chart)
    assert {one.tag for one in root.iter()} <= {"svg", "title", "desc", "rect", "text"}
    harmless = {"role", "aria-labelledby", "id", "class", "viewBox", "preserveAspectRatio", "text-anchor"}
    assert {key for one in root.iter() for key in one.keys()} <= {  # noqa: SIM118  of an Element
        *harmless,
        *("x", "y", "dx", "width", "height"),
    }
    assert "<script" not in svg(chart)
    assert HOSTILE in _texts(root)


def test_bars_are_as_long_as_their_values_and_labels_are_exact() -> None:
    root = _drawn(_money(**MONEY))
    assert _widths(root) == [100, 50, 25]
    assert _texts(root) == ["甲", "13.00", "乙", "6.5", "丙", "3.25"]
    box = root.find("svg")
    assert box is not None
    share = float((box.get("width") or "").rstrip("%"))
    ends = [float((text.get("x") or "").rstrip("%")) for text in root.findall("text") if text.get("dx")]
    assert ends == [share, share / 2, share / 4]


def test_a_filled_part_lies_over_its_whole() -> None:
    root = _drawn(_chart(Bar("甲", 8, "2 / 8", 2, "25%"), Bar("乙", 4, "4 / 4", 4, "100%")))
    assert [one.get("class") for one in root.iter("rect")] == ["whole", "part"] * 2
    assert (_widths(root, "whole"), _widths(root)) == ([100, 50], [25, 50])


def test_bars_do_not_overlap_and_stand_below_their_names() -> None:
    root = _drawn(_chart(*(Bar(f"示例{number}", number, "1") for number in range(1, 13))))
    box = root.find("svg")
    assert box is not None
    em = float((box.get("height") or "").removesuffix("em")) / float((box.get("viewBox") or "").split()[3])
    top = float((box.get("y") or "").removesuffix("em"))
    names = [float((one.get("y") or "").removesuffix("em")) for one in root.findall("text")][::2]
    bars = [
        (
            top + em * float(one.get("y", "")),
            top + em * (float(one.get("y", "")) + float(one.get("height", ""))),
        )
        for one in root.iter("rect")
    ]
    assert all(name < start for name, (start, _) in zip(names, bars, strict=True))
    assert all(end < name - 0.8 for (_, end), name in zip(bars, names[1:], strict=False))
    assert bars[-1][1] <= float((root.get("height") or "").removesuffix("em"))


def test_two_items_of_one_name_are_two_bars() -> None:
    assert _widths(_drawn(_chart(Bar("同名", 4, "4"), Bar("同名", 2, "2")))) == [100, 50]


@pytest.mark.parametrize("bars", [(), (Bar("零", 0, "0"),), (Bar("零", Decimal("0.00"), "0.00", 0),) * 2])
def test_no_length_no_drawing(bars: tuple[Bar, ...]) -> None:
    assert svg(_chart(*bars)) == ""


def test_nothing_beside_something_has_a_label_and_no_length() -> None:
    root = _drawn(_chart(Bar("甲", 3, "3"), Bar("乙", 0, "0")))
    assert _widths(root) == [100, 0]
    assert _texts(root)[-1] == "0"


@pytest.mark.parametrize("bar", [Bar("负", Decimal(-1), "-1"), Bar("负", 2, "2", -1), Bar("超", 2, "2", 3)])
def test_less_than_nothing_and_more_than_all_cannot_be_drawn(bar: Bar) -> None:
    with pytest.raises(ValueError, match="a bar of"):
        svg(_chart(Bar("甲", 5, "5"), bar))


@pytest.mark.parametrize("value", [Decimal("0.0001"), Decimal("123456789012.3456"), Decimal(10) ** 30])
def test_very_small_and_very_large_amounts_are_drawn(value: Decimal) -> None:
    assert _widths(_drawn(_chart(Bar("甲", value, amount(value)), Bar("乙", value / 2, "")))) == [100, 50]


def test_the_same_numbers_give_the_same_text_in_every_process() -> None:
    program = (
        "from builder.charts import *\n"
        "print(svg(Chart('a', 'b', 'c', tuple(Bar(str(n), n, '1', n // 2) for n in range(9)))), end='')"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "123"
    }
    assert len(made) == 1


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn")), max_size=60))
def test_a_name_is_whole_or_ends_in_an_ellipsis(name: str) -> None:
    for limit in (Decimal(15), Decimal("0.4"), Decimal(0)):
        short = shortened(name, limit)
        assert short == name or (short.endswith("…") and name.startswith(short[:-1]))
        assert len(short) <= 1 + max(int(limit / Decimal("0.6")), 1)


def test_a_long_name_has_a_shorter_one_for_narrow_screens() -> None:
    root = _drawn(_chart(Bar("示" * 18, 2, "2"), Bar("示" * 40, 1, "1"), Bar("短", 1, "1")))
    names = {(one.get("class"), one.text) for one in root.findall("text") if not one.get("x")}
    assert names == {
        *(("wide", "示" * 18), ("narrow", "示" * 14 + "…")),
        *(("wide", "示" * 21 + "…"), ("narrow", "示" * 14 + "…")),
        (None, "短"),
    }


def test_departments_are_charted_by_their_money_and_those_without_are_told() -> None:
    year = Year(2024, (_department("1", "0", "6.50"), _department("2", "20"), _department("3", "0.00")))
    money, kinds = charted.of_year(year)
    assert [(bar.name, bar.label) for bar in money.chart.bars] == [("示例局2", "20"), ("示例局1", "6.50")]
    assert (
        money.note == "从多到少，共 2 个部门；另有 1 个没有金额或金额为零，没有画。全部数字见下面的部门列表。"
    )
    assert money.chart.summary == "横条图，2 条；最长的是“示例局2”，20 万元。"
    assert kinds.rows == (("数量指标", "12", "12", "100%"), ("社会效益指标", "8", "4", "50%"))
    assert kinds.above == ("产出指标", "效益指标")
    assert "共 20 个绩效指标，其中 16 个（80%）" in kinds.note


def test_of_three_hundred_departments_ten_are_drawn_and_the_rest_summed_exactly() -> None:
    totals = [f"{number}.0{number % 10}" for number in range(1, 301)]
    year = Year(2024, tuple(_department(f"{number:03}", total) for number, total in enumerate(totals)))
    money = charted.of_year(year)[0]
    assert [bar.label for bar in money.chart.bars] == totals[:-11:-1]
    rest = sum(map(Decimal, totals[:-10]), Decimal())
    assert f"其余 290 个合计 {amount(rest)} 万元" in money.note
    assert sum((bar.value for bar in money.chart.bars), rest) == year.total_wan
    assert len(svg(money.chart)) < 4000


def test_one_bar_and_bars_all_alike_are_no_chart() -> None:
    lonely, alike = _department("1", "13.00", "0"), _department("2", "13", "13.00")
    for department in (lonely, alike):
        assert [one.chart.key for one in charted.of_department(department)] == ["kinds"]
    assert charted.of_years(Catalogue((Year(2024, (lonely,)), Year(2023, (lonely,))))) == ()
    assert charted.of_years(Catalogue((Year(2024, (lonely,)),))) == ()
    assert charted.of_project((_project(1, "13.00", year=2023), _project(1, "13.0"))) == ()
    assert charted.of_home(Catalogue(())) == charted.of_years(Catalogue(())) == ()


def test_years_stand_side_by_side_in_order_of_time() -> None:
    years = tuple(
        Year(year, (_department("1", *(["6.50"] * (year - 2020)), year=year),)) for year in (2025, 2024, 2023)
    )
    money, indicators = charted.of_years(Catalogue(years))
    assert [bar.label for bar in money.chart.bars] == ["19.50", "26.00", "32.50"]
    assert indicators.rows[0] == ("2023 年度", "15", "12", "80%")
    labels = [(bar.label, bar.aside) for bar in indicators.chart.bars]
    assert labels == [("12 / 15", "80%"), ("16 / 20", "80%"), ("20 / 25", "80%")]


def test_amounts_in_different_units_are_charted_in_one() -> None:
    mixed = (_project(1, "650000", currency="元", year=2023), _project(1, "13.00"))
    (money,) = charted.of_project(mixed)
    assert [(bar.value, bar.label) for bar in money.chart.bars] == [(65, "65"), (13, "13.00")]
    assert money.chart.title == "各年度资金总额（万元）"
    (yuan,) = charted.of_project((mixed[0], _project(1, "130.00", currency="元")))
    assert (yuan.chart.title, yuan.chart.bars[1].label) == ("各年度资金总额（元）", "130.00")


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 9, "0%"), (9, 9, "100%"), (1, 3, "33%"), (999, 1000, ">99%"), (1, 1000, "<1%"), (0, 0, "—")],
)
def test_all_and_nothing_are_said_only_where_it_is_so(part: int, whole: int, said: str) -> None:
    assert charted.share(part, whole) == said


def test_kinds_of_one_name_are_told_apart_and_more_than_twelve_are_left_to_the_table() -> None:
    slots = tuple((f"一级 {number % 2}", f"指标 {number // 2}", 99 - number) for number in range(14))
    item = replace(_project(1, "1"), slots=slots, measurable=(0,) * 14)
    (kinds,) = charted.of_department(replace(_department("1"), projects=(item,)))
    assert [bar.name for bar in kinds.chart.bars][:3] == [
        "指标 0（一级 0）",
        "指标 0（一级 1）",
        "指标 1（一级 0）",
    ]
    assert (len(kinds.chart.bars), len(kinds.rows)) == (10, 14)
    assert kinds.note.endswith("图中是最多的 10 类，其余 4 类见表。")


def test_measurable_is_what_the_page_of_a_project_calls_so(tmp_path: Path) -> None:
    path = tmp_path / "targets/2024/999001/示例.yml"
    path.parent.mkdir(parents=True)
    path.write_text(VALID.replace("≥98%", "有效提高", 1), encoding="utf-8")
    collected = collect([Path("targets")], SCHEMAS, base=tmp_path)
    department = collected.catalogue.years[0].departments[0]
    (item,) = department.projects
    page = views.targets(load(item, collected))
    assert "7 个绩效指标，其中 6 个有数或期限、可以衡量" in page.summary[1]
    (kinds,) = charted.of_department(department)
    assert "共 7 个绩效指标，其中 6 个（86%）有数或期限、可以衡量" in kinds.note
    assert ("质量指标", "1", "0", "0%") in kinds.rows


def test_the_numbers_stand_beside_the_chart_as_a_table() -> None:
    year = Year(2024, (_department("1", "6.50"), _department("2", "20")))
    html = render("parts/charts.html", charts=charted.of_year(year))
    assert html.count("<svg role=") == html.count("<figcaption>") == 2
    root = ET.fromstring(html)  # noqa: S314  our own
    (table,) = root.iter("table")
    cells = [["|".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
    assert cells == [
        ["二级指标", "指标（个）", "可衡量（个）", "占比"],
        ["产出指标|数量指标", "6", "6", "100%"],
        ["效益指标|社会效益指标", "4", "2", "50%"],
    ]
    assert [row.find("th") is not None for row in table.iter("tr")] == [True] * 3
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len({*ids}) == 4


@pytest.mark.browser
@pytest.mark.parametrize(("large", "least"), [(False, 12), (True, 18)])
def test_texts_in_charts_stay_legible_and_inside_on_a_phone(
    browser: Browser, real_address: str, *, large: bool, least: int
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{real_address}2024/067001/")
    if large:
        page.get_by_role("button", name="大字").click()
    found = page.evaluate(
        """() => [...document.querySelectorAll(".chart > svg")].map((chart) => {
          const texts = [...chart.querySelectorAll("text")].filter((one) => one.checkVisibility());
          return {
            least: Math.min(...texts.map((one) => parseFloat(getComputedStyle(one).fontSize))),
            right: Math.max(...texts.map((one) => one.getBoundingClientRect().right)),
            edge: chart.getBoundingClientRect().right,
            height: chart.getBoundingClientRect().height,
            bottom: Math.max(...texts.map((one) => one.getBoundingClientRect().bottom))
              - chart.getBoundingClientRect().top,
          };
        })"""
    )
    page.context.close()
    assert len(found) == 2
    for chart in found:
        assert chart["least"] >= least
        assert chart["right"] <= chart["edge"] + 0.5
        assert chart["bottom"] <= chart["height"] + 1


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "forced"), [("light", "none"), ("dark", "none"), ("dark", "active")])
def test_bars_stand_out_from_the_page_in_every_look(
    browser: Browser, real_address: str, scheme: str, forced: str
) -> None:
    context = browser.new_context(color_scheme=scheme, forced_colors=forced)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{real_address}2024/067001/")
    part, paper = page.evaluate(
        """() => {
          const light = (colour) => {
            const canvas = new OffscreenCanvas(1, 1).getContext("2d");
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((byte) => byte / 255)
              .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
              .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
          };
          const bar = getComputedStyle(document.querySelector(".chart .part"));
          return [light(bar.fill), light(getComputedStyle(document.body).backgroundColor)];
        }"""
    )
    context.close()
    brighter, darker = max(part, paper), min(part, paper)
    assert (brighter + 0.05) / (darker + 0.05) >= 4.5
