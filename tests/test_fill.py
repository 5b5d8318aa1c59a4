"""填报 in a real Chromium with the real engine: typed, pasted, undone, kept, checked and handed over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest

from audit.__main__ import AXE
from audit.axe import RULES
from builder import fill_forms
from builder.source import parse
from tests.records import CENTRAL, ROOT, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

pytestmark = pytest.mark.browser

FILES = sorted(path for path in ROOT.glob("targets/2024/067001/*.yml") if path.stem != "部门")
STEM = "政府长聘人员经费"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'"
)
NEW_URL = "https://git.example/new/{folder}?filename={name}&value={text}"
EDIT_URL = "https://git.example/edit/{path}"

EXCEL = (
    "一级指标\t二级指标\t三级指标\t指标值\n"
    "产出指标\t数量指标\t办理件数\t≥980 项\n"
    "\t\t培训期数\t≥10 期\n"
    '\t质量指标\t"合格率\n（抽查）"\t≥98%\n'
    "满意度指标\t服务对象满意度指标\t群众满意度\t≥95%\n"
    "其他指标\t创新指标\t没有这一类\t1 项\n"
)
WORD = """\
<html><body><table class=MsoTable>
<tr><td rowspan=5>绩<br>效指标</td><td>一级指标</td><td>二级指标</td>
<td colspan=2>三级指标</td><td>指标值</td></tr>
<tr><td rowspan=3><p>产出指标</p></td><td rowspan=2>数量指标<br>（必填硬性指标）</td>
<td colspan=2>办理件数</td><td>≥980 项</td></tr>
<tr><td colspan=2>培训期数</td><td>≥10 期</td></tr>
<tr><td>成本指标</td><td colspan=2>培训<b>投入</b></td><td>≤0.3 万元</td></tr>
<tr><td>效益指标</td><td>社会效益指标</td><td colspan=2>平均跑动次数</td><td>≤1 次</td></tr>
</table></body></html>"""
PASTE = """([control, html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  const options = { clipboardData: data, bubbles: true, cancelable: true };
  control.dispatchEvent(new ClipboardEvent("paste", options));
}"""


def _sends_policy(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, headers={**response.headers, "content-security-policy": POLICY})


def _with_host(route: Route) -> None:
    told = {**route.fetch().json(), "new_url": NEW_URL, "edit_url": EDIT_URL}
    route.fulfill(json=told)


class Desk:
    """The page as a clerk sees it."""

    def __init__(self, page: Page, where: str) -> None:
        self.page = page
        self.where = where

    def start(self) -> None:
        """The ways to begin, without any draft; the engine, once it runs, goes on running."""
        close = self.page.get_by_role("button", name="回到开始")
        if close.is_visible():
            close.click()
        for draft in self.page.get_by_role("button", name="删去草稿").all():
            draft.click()

    def begin(self, form: str = "宁夏 2024 年表样") -> None:
        """A new form."""
        self.start()
        self.page.get_by_role("radio", name=form).check()
        self.page.get_by_role("button", name="开始填").click()

    def open(self, stem: str = STEM) -> None:
        """A published project, found by its name."""
        self.start()
        box = self.page.get_by_label("项目名称、单位或指标里的文字")
        box.fill("")
        box.focus()
        self.page.get_by_role("button", name="修改：").first.wait_for()
        project = next(one["项目名称"] for path, one in DATA.items() if path.stem == stem)
        self.page.get_by_role("button", name=f"修改：{project}").click()
        self.field("年度").wait_for(timeout=60_000)

    def field(self, key: str) -> Locator:
        """The control of a key."""
        return self.page.locator(f'[data-key="{key}"]')

    def slot(self, level2: str) -> Locator:
        """The rows of a 二级指标."""
        return self.page.locator(f'tbody[data-level2="{level2}"]')

    def cell(self, level2: str, row: int, column: str = "三级指标") -> Locator:
        """One cell of the grid."""
        return self.slot(level2).locator(f'[data-column="{column}"]').nth(row)

    def rows(self, level2: str) -> list[list[str]]:
        """The texts of a 二级指标, row by row."""
        rows = self.slot(level2).locator("tr[data-row]").all()
        return [[cell.input_value() for cell in row.locator("textarea").all()] for row in rows]

    def write(self, text: str, *keys: str) -> None:
        """As an input method hands over a phrase, and then keys."""
        self.page.keyboard.insert_text(text)
        for key in keys:
            self.page.keyboard.press(key)

    def file(self) -> tuple[str, str]:
        """What is downloaded: name and text."""
        with self.page.expect_download(timeout=60_000) as download:
            self.page.locator("#fill-download").click(timeout=60_000)
        return download.value.suggested_filename, download.value.path().read_text(encoding="utf-8")


def _data(text: str) -> dict[str, Any]:
    document, problems = parse(text.encode(), "x.yml")
    assert document, problems
    return dict(document.data)


DATA = {path: _data(path.read_text(encoding="utf-8")) for path in FILES}


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    context.route("**/*", _sends_policy)
    context.route("**/fill/forms.json", _with_host)
    yield context
    context.close()


@pytest.fixture(scope="module")
def whole(context: BrowserContext, real_address: str) -> tuple[Desk, list[str]]:
    """One page for most tests, because the engine takes seconds to start; and what it complained of."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
    page.goto(f"{real_address}fill/")
    page.locator("#fill[data-state=done]").wait_for()
    return Desk(page, real_address), faults


@pytest.fixture
def desk(whole: tuple[Desk, list[str]]) -> Iterator[Desk]:
    desk, faults = whole
    faults.clear()
    desk.start()
    yield desk
    assert faults == []


# What the page is told


def test_every_field_and_kind_of_indicator_of_every_form_reaches_the_page() -> None:
    told = json.loads(fill_forms.text(SCHEMAS, folder="targets", new_url="", edit_url=""))
    assert [form["id"] for form in told["forms"]] == list(SCHEMAS.forms)
    for form in told["forms"]:
        schema = SCHEMAS.resolved[form["id"]]
        assert [field["key"] for field in form["fields"]] == list(schema["properties"])
        assert {field["key"] for field in form["fields"] if field["required"]} == set(schema["required"])
        listed = [(group["name"], slot["name"]) for group in form["level1"] for slot in group["level2"]]
        assert listed == [(one.name, slot.name) for one, slot in SCHEMAS.forms[form["id"]].slots]
    assert "要加引号" not in json.dumps(told["forms"], ensure_ascii=False)


# Typing


def _type(desk: Desk, data: dict[str, Any]) -> None:
    """Type a whole record with the keyboard alone, from the first field on."""
    desk.field("年度").focus()
    names = ["年度", "序号", "项目名称", "主管部门", "部门代码", "实施单位", "项目属性", "项目期"]
    for name in names:
        desk.write(str(data.get(name, "")), "Enter")
    for amount in data["项目资金"].values():
        desk.write(str(amount), "Enter")
    for goal in data["年度总体目标"]:
        desk.write(goal, "Enter")
    desk.page.keyboard.press("Enter")
    for level1, slot in SCHEMAS.forms["ningxia-2024"].slots:
        for row in data["绩效指标"].get(level1.name, {}).get(slot.name, ()):
            desk.write(row["三级指标"], "Tab")
            desk.write(row["指标值"] or "", "Enter")
        desk.page.keyboard.press("Enter")
    for waiver in data.get("豁免", ()):
        _waive(desk, waiver)


def _waive(desk: Desk, waiver: dict[str, Any]) -> None:
    desk.page.get_by_role("button", name="＋ 加一条豁免").click()
    names = waiver.get("指标", "")
    desk.write(waiver["规则"], "Tab")
    desk.write(names if isinstance(names, str) else "\n".join(names), "Tab")
    desk.write(waiver["理由"])
    rare = [key for key in ("二级指标", "目标", "栏目") if key in waiver]
    if rare:
        last = desk.page.locator(".fill-records > li").last
        last.locator("summary").click()
        for key in rare:
            last.get_by_label(key, exact=True).fill(str(waiver[key]))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_published_form_typed_anew_is_the_same_file(desk: Desk, path: Path) -> None:
    desk.begin()
    _type(desk, DATA[path])
    name, text = desk.file()
    assert _data(text) == DATA[path]
    assert text == path.read_text(encoding="utf-8")
    assert name == f"{fill_stem(DATA[path]['项目名称'])}.yml"


def fill_stem(name: str) -> str:
    """The file's name that the page proposes: letters and digits of the project's name."""
    return "".join(letter for letter in name if letter.isalnum() or letter in "_-")


def test_enter_after_tabs_returns_to_the_column_where_they_began(desk: Desk) -> None:
    desk.begin()
    desk.cell("数量指标", 0).focus()
    desk.write("甲", "Tab")
    desk.write("1 项", "Enter")
    desk.write("乙", "Tab")
    desk.write("2 项", "ArrowUp")
    desk.write("3 项", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "End")
    desk.write("丙")
    assert desk.rows("数量指标") == [["甲丙", "3 项"], ["乙", "2 项"]]


# Pasting


def _paste(desk: Desk, control: Locator, *, html: str = "", text: str = "") -> None:
    control.focus()
    desk.page.evaluate(PASTE, [control.element_handle(), html, text])


def test_rows_from_a_spreadsheet_find_their_groups_and_the_rest_is_shown(desk: Desk) -> None:
    desk.begin()
    _paste(desk, desk.cell("时效指标", 0), text=EXCEL)
    assert desk.rows("数量指标") == [["办理件数", "≥980 项"], ["培训期数", "≥10 期"]]
    assert desk.rows("质量指标") == [["合格率 （抽查）", "≥98%"]]
    assert desk.rows("服务对象满意度指标") == [["群众满意度", "≥95%"]]
    assert desk.rows("时效指标") == [["", ""]]
    lost = desk.page.locator(".fill-lost").inner_text()
    assert "没有这一类" in lost
    assert "创新指标" in lost


def test_a_table_from_a_word_processor_with_merged_cells_finds_its_groups(desk: Desk) -> None:
    desk.begin()
    _paste(desk, desk.cell("数量指标", 0), html=WORD, text="办理件数")
    assert desk.rows("数量指标") == [["办理件数", "≥980 项"], ["培训期数", "≥10 期"]]
    assert desk.rows("成本指标") == [["培训投入", "≤0.3 万元"]]
    assert desk.rows("社会效益指标") == [["平均跑动次数", "≤1 次"]]
    assert desk.page.locator(".fill-lost").is_hidden()


def test_pasting_the_same_rows_again_renews_them(desk: Desk) -> None:
    desk.begin()
    _paste(desk, desk.cell("数量指标", 0), text=EXCEL)
    _paste(desk, desk.cell("数量指标", 0), text=EXCEL.replace("980", "990"))
    assert desk.rows("数量指标") == [["办理件数", "≥990 项"], ["培训期数", "≥10 期"]]


def test_a_plain_block_lands_where_the_caret_is(desk: Desk) -> None:
    desk.begin()
    desk.cell("数量指标", 0).fill("甲")
    _paste(desk, desk.cell("数量指标", 0, "指标值"), text="1 项\t多余\n2 项")
    assert desk.rows("数量指标") == [["甲", "1 项"], ["", "2 项"]]
    assert "多余" in desk.page.locator(".fill-lost").inner_text()


def test_one_cell_goes_in_at_the_caret(desk: Desk) -> None:
    desk.begin()
    desk.cell("数量指标", 0).fill("件数")
    desk.page.keyboard.press("Home")
    _paste(desk, desk.cell("数量指标", 0), text="办理\n")
    assert desk.rows("数量指标") == [["办理件数", ""]]


def test_pasted_goals_lose_the_numbers_that_the_form_prints(desk: Desk) -> None:
    desk.begin()
    goal = desk.page.get_by_label("年度总体目标第 1 条")
    _paste(desk, goal, text="目标 1：甲\n目标2: 乙\n3、2024 年丙\n\n")
    shown = [one.input_value() for one in desk.page.locator(".fill-list").first.locator("textarea").all()]
    assert shown == ["甲", "乙", "2024 年丙"]


# Changing


def test_rows_move_by_keyboard_menu_and_pointer_over_the_borders_of_groups(desk: Desk) -> None:
    desk.begin()
    _paste(desk, desk.cell("数量指标", 0), text=EXCEL)
    desk.cell("数量指标", 0).press("Alt+ArrowDown")
    assert [row[0] for row in desk.rows("数量指标")] == ["培训期数", "办理件数"]
    assert desk.page.evaluate("document.activeElement.value") == "办理件数"
    desk.page.keyboard.press("Alt+ArrowDown")
    assert [row[0] for row in desk.rows("质量指标")] == ["办理件数", "合格率 （抽查）"]
    desk.slot("质量指标").get_by_role("button", name="更多操作").first.click()
    desk.page.get_by_role("menuitem", name="移到 产出指标 › 成本指标").click()
    assert [row[0] for row in desk.rows("成本指标")][-1] == "办理件数"
    grip = desk.slot("成本指标").locator(".fill-grip").last
    grip.scroll_into_view_if_needed()
    target = desk.slot("质量指标").locator("tr[data-row]").first
    start, end = grip.bounding_box(), target.bounding_box()
    assert start
    assert end
    desk.page.mouse.move(start["x"] + 5, start["y"] + 5)
    desk.page.mouse.down()
    desk.page.mouse.move(end["x"] + 40, end["y"] + 5, steps=4)
    desk.page.mouse.up()
    assert [row[0] for row in desk.rows("质量指标")] == ["办理件数", "合格率 （抽查）"]


def test_everything_can_be_undone_and_redone(desk: Desk) -> None:
    desk.begin()
    blank = desk.rows("数量指标")
    _paste(desk, desk.cell("数量指标", 0), text=EXCEL)
    pasted = desk.rows("数量指标")
    desk.cell("数量指标", 1).press("Alt+Delete")
    assert len(desk.rows("数量指标")) == 1
    desk.cell("数量指标", 0, "指标值").press("End")
    desk.page.keyboard.type("以上", delay=10)
    for _ in range(3):
        desk.page.keyboard.press("Control+z")
    assert desk.rows("数量指标") == blank
    desk.page.keyboard.press("Control+y")
    assert desk.rows("数量指标") == pasted
    desk.page.get_by_role("button", name="重做").click()
    desk.page.get_by_role("button", name="重做").click()
    assert desk.rows("数量指标") == [["办理件数", "≥980 项以上"]]
    assert desk.page.get_by_role("button", name="重做").is_disabled()


def test_another_form_has_its_own_columns_and_adds_up_the_weights(desk: Desk) -> None:
    desk.start()
    desk.page.get_by_label("从代码托管平台或记事本里复制的").fill(CENTRAL)
    desk.page.get_by_role("button", name="打开", exact=True).click()
    desk.page.get_by_text("权重合计").wait_for()
    assert desk.page.get_by_text("权重合计").inner_text() == "权重合计 90，应为 90"
    weight = desk.cell("数量指标", 0, "权重")
    weight.fill("1.5")
    assert "differs" in (desk.page.get_by_text("权重合计").get_attribute("class") or "")
    _, text = desk.file()
    before, after = CENTRAL.splitlines(), text.splitlines()
    assert len(before) == len(after)
    assert [new.strip() for old, new in zip(before, after, strict=True) if old != new] == ["权重: 1.5"]


# A published project


def test_one_changed_value_of_a_published_project_is_a_difference_of_one_line(desk: Desk) -> None:
    desk.open()
    desk.cell("数量指标", 0, "指标值").fill("≥990 项")
    desk.page.get_by_text("去掉 1 行，写入 1 行").wait_for(timeout=60_000)
    diff = desk.page.get_by_role("region", name="改动的行")
    assert diff.locator(".old").all_inner_texts() == ["-         指标值: 980 项"]
    assert diff.locator(".new").all_inner_texts() == ["+         指标值: ≥990 项"]
    name, text = desk.file()
    source = (ROOT / f"targets/2024/067001/{STEM}.yml").read_text(encoding="utf-8")
    assert name == f"{STEM}.yml"
    assert text == source.replace("指标值: 980 项", "指标值: ≥990 项")


def test_opening_changes_nothing(desk: Desk) -> None:
    for path in FILES:
        desk.open(path.stem)
        assert desk.file() == (path.name, path.read_text(encoding="utf-8"))


def test_a_projects_page_leads_to_its_form(desk: Desk, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{desk.where}2024/067001/{quote(STEM)}/")
    page.get_by_role("link", name="用填报页修改").click()
    page.get_by_role("heading", name=STEM).wait_for(timeout=60_000)
    page.locator(".fill-count", has_text="提示").wait_for(timeout=60_000)
    assert page.locator("#fill-stem").input_value() == STEM
    page.close()


def test_next_years_form_begins_as_a_copy_with_the_same_name(desk: Desk) -> None:
    desk.start()
    desk.page.get_by_label("项目名称、单位或指标里的文字").fill("长聘")
    desk.page.get_by_role("button", name=f"照着填下一年：{STEM}").click()
    desk.page.get_by_text("新文件，共").wait_for(timeout=60_000)
    name, text = desk.file()
    data = _data(text)
    assert (name, data["年度"], "豁免" in data) == (f"{STEM}.yml", 2025, False)
    assert "targets/2025/067001/" in desk.page.locator(".fill-name").inner_text()


# Checking


def test_a_finding_stands_at_its_cell_and_the_list_leads_there(desk: Desk) -> None:
    desk.open()
    cell = desk.cell("数量指标", 0, "指标值")
    cell.fill("990")
    said = desk.slot("数量指标").locator(".fill-finding.error")
    said.wait_for(timeout=60_000)
    assert "没有单位" in said.inner_text()
    assert said.get_attribute("id") in (cell.get_attribute("aria-describedby") or "").split()
    assert cell.get_attribute("aria-invalid") == "true"
    desk.page.locator(".fill-goto", has_text="没有单位").click()
    assert desk.page.evaluate("document.activeElement.value") == "990"
    cell.fill("≥990 项")
    said.wait_for(state="detached")
    assert cell.get_attribute("aria-invalid") is None


def test_what_is_not_filled_in_yet_is_listed_apart_and_found_at_its_field(desk: Desk) -> None:
    desk.begin()
    waiting = desk.page.locator(".fill-empty summary")
    waiting.wait_for(timeout=60_000)
    assert desk.page.locator(".fill-finding").count() == 0
    assert desk.page.locator(".fill-problems").first.locator("li").count() == 0
    desk.field("项目名称").focus()
    desk.page.keyboard.press("Enter")
    holder = desk.page.locator("[data-holder]", has=desk.field("项目名称"))
    holder.locator(".fill-finding").wait_for()
    assert "缺少“项目名称”" in holder.locator(".fill-finding").inner_text()


def test_a_finding_can_be_waived_with_a_reason(desk: Desk) -> None:
    desk.open()
    desk.page.locator(".fill-problems > li", has_text="“255 大项”没有比较符号").get_by_role(
        "button", name="写豁免"
    ).click(timeout=60_000)
    desk.write("示例理由")
    name = desk.cell("数量指标", 1).input_value()
    desk.page.locator(".fill-problems > li", has_text="“255 大项”").wait_for(state="detached")
    _, text = desk.file()
    waiver = _data(text)["豁免"][-1]
    assert (waiver["指标"], waiver["理由"]) == (name, "示例理由")


def test_the_preview_is_the_official_form_with_what_was_typed(desk: Desk) -> None:
    desk.open()
    desk.cell("数量指标", 0, "指标值").fill("<b>990</b> 项")
    desk.page.get_by_text("预览：公开时的样子").click()
    paper = desk.page.locator(".fill-paper table.target-form")
    paper.get_by_text("<b>990</b> 项").wait_for(timeout=60_000)
    assert paper.locator("b").count() == 0
    assert STEM in paper.inner_text()


# Drafts


def test_a_draft_is_offered_after_a_reload_and_can_be_deleted(desk: Desk, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{desk.where}fill/")
    page.get_by_role("button", name="开始填").click()
    other = Desk(page, desk.where)
    other.field("项目名称").fill("示例草稿")
    _paste(other, other.cell("数量指标", 0), text=EXCEL)
    page.reload()
    page.get_by_role("button", name="接着填：示例草稿").click()
    assert other.field("项目名称").input_value() == "示例草稿"
    assert len(other.rows("数量指标")) == 2
    page.get_by_role("button", name="回到开始").click()
    page.get_by_role("button", name="删去草稿：示例草稿").click()
    assert page.get_by_text("没有交的草稿").is_hidden()
    page.reload()
    page.locator("#fill[data-state=done]").wait_for()
    assert page.get_by_text("示例草稿").count() == 0
    page.close()


def test_a_browser_that_keeps_nothing_says_so_and_warns_before_leaving(
    browser: Browser, real_address: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'SecurityError'); };"
    )
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{real_address}fill/")
    page.get_by_role("button", name="开始填").click()
    page.locator('[data-key="项目名称"]').type("示例")
    page.get_by_text("草稿没有存下").wait_for()
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()
    assert errors == []
    context.close()


def test_a_draft_saved_as_a_file_goes_on_elsewhere(desk: Desk) -> None:
    desk.begin()
    desk.field("项目名称").fill("示例带走")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("button", name="把草稿存成文件").click()
    path = download.value.path()
    desk.start()
    desk.page.get_by_label("选一个 .yml 文件").set_input_files(
        {"name": "示例.json", "mimeType": "application/json", "buffer": path.read_bytes()}
    )
    desk.page.get_by_role("heading", name="示例带走").wait_for()


# Out


def test_the_code_hosts_page_opens_with_the_text_where_it_fits_and_without_where_it_does_not(
    desk: Desk, context: BrowserContext
) -> None:
    context.route("https://git.example/**", lambda route: route.fulfill(body="", content_type="text/html"))
    desk.begin()
    desk.field("年度").fill("2024")
    desk.field("部门代码").fill("067001")
    desk.field("项目名称").fill("示例项目")
    with context.expect_page() as opened:
        desk.page.get_by_role("button", name="到代码托管平台提交新文件").click(timeout=60_000)
    address = urlsplit(opened.value.url)
    asked = parse_qs(address.query)
    assert unquote(address.path) == "/new/targets/2024/067001"
    assert asked["filename"] == ["示例项目.yml"]
    assert _data(asked["value"][0])["项目名称"] == "示例项目"
    desk.open()
    desk.cell("数量指标", 0, "指标值").fill("≥990 项")
    with context.expect_page() as opened:
        desk.page.get_by_role("button", name="到代码托管平台提交修改").click(timeout=60_000)
    assert unquote(opened.value.url) == f"https://git.example/edit/targets/2024/067001/{STEM}.yml"
    assert "全选原来的内容，粘贴替换" in desk.page.locator("#fill-out .notice").inner_text()


# Bad input and a missing engine


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("表样: ningxia-2024\n部门代码: 067001\n", "第 2 行"),
        ("年度: 2024\n", "“表样”要写 ningxia-2024 或 central-2021"),
        ("- 甲\n", "打不开"),
    ],
)
def test_a_text_that_is_no_record_is_refused_in_a_sentence(desk: Desk, text: str, words: str) -> None:
    desk.page.get_by_label("从代码托管平台或记事本里复制的").fill(text)
    desk.page.get_by_role("button", name="打开", exact=True).click()
    desk.page.get_by_role("alert").filter(has_text=words).wait_for(timeout=60_000)


def test_the_form_works_without_the_engine_and_says_so(browser: Browser, real_address: str) -> None:
    context = browser.new_context()
    context.route("**/fill/engine/**", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{real_address}fill/")
    page.get_by_role("button", name="开始填").click()
    page.get_by_text("检查程序启动不了").wait_for(timeout=60_000)
    desk = Desk(page, real_address)
    desk.cell("数量指标", 0).focus()
    desk.write("甲", "Enter")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert desk.rows("数量指标") == [["", ""]]
    assert page.locator("#fill-download").is_disabled()
    assert page.get_by_role("button", name="再试一次").is_visible()
    context.close()


def test_a_project_that_is_not_there_is_answered_in_a_sentence(desk: Desk, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{desk.where}fill/?project=2024/067001/{quote('没有')}")
    page.get_by_role("alert").filter(has_text="没有找到这个项目").wait_for()
    page.close()


# Looks


def test_axe_finds_nothing_while_one_fills_in_light_or_dark_wide_or_narrow(desk: Desk) -> None:
    page = desk.page
    desk.open()
    page.locator(".fill-finding").first.wait_for(timeout=60_000)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.locator(".fill-paper table").wait_for(timeout=60_000)
    page.locator('[data-column="指标值"]').first.fill("990")
    page.locator(".fill-diff .new").wait_for(timeout=60_000)
    page.get_by_role("button", name="更多操作").first.click()
    faults = []
    for dark, width in ((False, 1280), (True, 1280), (True, 360)):
        if dark and width > 360:
            page.get_by_title("换成深色").click()
            page.locator("body[data-md-color-scheme=slate]").wait_for()
        page.set_viewport_size({"width": width, "height": 900})
        faults += _faults(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_title("换成浅色").click()
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.locator("#fill [style]").count() == 0
    assert faults == []


def _faults(page: Page) -> list[str]:
    """What axe finds; its source is handed over by the debugger, which no security policy stops."""
    page.evaluate(f"{AXE.read_text(encoding='utf-8')}; 0")
    tags = {"runOnly": {"type": "tag", "values": RULES}}
    found = page.evaluate("(options) => axe.run(document, options)", tags)["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]
