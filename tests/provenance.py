"""What the source text of 平罗县审批服务管理局 2024 says, read without the YAML and without ``builder``.

In: ``原文.txt`` (rows of tab-separated cells) and the repairs declared below. Out: the six forms as records,
and the cells each official form must print. A repair only says *where* the texts of a broken row stand, so no
text can be altered here; a row that is broken and not declared is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FOLDER = Path(__file__).parent.parent / "targets" / "2024" / "067001"
SOURCE = FOLDER / "原文.txt"
SHA256 = "75672c858359498ec750226d9d6022997ebc51eadf08fd585fe43b1e5e0be392"

STEMS = {
    1: "政府长聘人员经费",
    2: "审批业务工作经费",
    3: "政务大厅设备维护及办公楼运行经费",
    4: "政府类投资项目概算评审费",
    5: "12345民生服务平台工作经费",
    6: "水土保持和食品生产许可评审费",
}
"""Number of the form → stem of its YAML file."""

PRINTED = {
    "(2024 年度)": "（2024 年度）",
    "(2024年度)": "（2024 年度）",
    "项目资金 (万元)": "项目资金（万元）",
    "年度资金总额:": "年度资金总额：",
    "其中:财政拨款": "其中：财政拨款",
    "其中: 财政拨款": "其中：财政拨款",
    "效益指 标": "效益指标",
    "满意度 指标": "满意度指标",
    "数量指标 (必填硬性指标)": "数量指标（必填硬性指标）",
    "质量指标 (必填)": "质量指标（必填）",
    "时效指标 (必填)": "时效指标（必填）",
    "成本指标 （必填硬性指标）": "成本指标（必填硬性指标）",
    "成本指标 (必填硬性指标)": "成本指标（必填硬性指标）",
    "经济效益指标 (选填)": "经济效益指标（选填）",
    "社会效益指标 (必填)": "社会效益指标（必填）",
    "可持续影响指标 （必填）": "可持续影响指标（必填）",
    "可持续影响指标 (必填)": "可持续影响指标（必填）",
    "可持续影响指标(必填)": "可持续影响指标（必填）",
    "服务对象满意度指标 （必填）": "服务对象满意度指标（必填）",
    "服务对象满意度指标 (必填)": "服务对象满意度指标（必填）",
}
"""Spellings of the form's own words in the extracted text → as every form prints them."""

LEVELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}
"""一级 → 二级, in the order of the form."""

HEADINGS = ("名称", "一级指标", "二级指标", "三级指标", "指标值")
BLOCK = "绩效指标"
GOALS = "年度总体目标"
OWNER = "主管部门及代码"
FUNDS = {"年度资金总额：": "年度资金总额", "其中：财政拨款": "财政拨款", "其他资金": "其他资金"}
KEPT = ("项目名称", "实施单位", "项目属性", "项目期")
TAGGED = 75
"""The line whose goals stand between ``<p>`` tags."""

Cell = tuple[int, int]
"""Line of 原文.txt, from 1, and place in that line, from 0."""


@dataclass(frozen=True, slots=True)
class Repair:
    """Where the texts of one broken row stand; ``what`` is the reason as the public page gives it.

    ``level1`` holds the pieces of the 一级指标; none means that the row has no such label and the one above
    goes on, as does ``None`` for ``level2``. ``None`` for ``value``: the source has no value.
    """

    form: int
    line: int
    level1: tuple[Cell, ...]
    level2: int | None
    name: int
    value: int | None
    what: str


LEFT = "整行左移一栏"
RIGHT = "整行右移一栏"
LOST = "整行右移一栏，后面没有指标值"
SPLIT = "标签中间被断开"
SHIFTED = "二级指标落在一级指标栏"


def _stray(column: str, slot: str, after: str) -> str:
    return f"三级指标落在{column}；上面是{slot}，下面是{after}，归入{slot}"


REPAIRS = (
    Repair(1, 15, ((15, 1), (18, 1)), 2, 3, 4, "“产出指标”被拆开：“产出”在本行，“指标”在第 18 行"),
    Repair(1, 18, (), None, 3, 4, "“指标”是第 15 行“产出指标”的后半"),
    Repair(1, 24, (), None, 1, 3, _stray("一级指标栏，指标值落在三级指标栏", "成本指标", "社会效益指标")),
    Repair(1, 28, ((28, 0),), 1, 2, 3, LEFT),
    Repair(2, 59, ((59, 1),), 2, 3, 4, SPLIT),
    Repair(2, 62, ((62, 1),), 2, 3, 4, SPLIT),
    Repair(3, 94, ((94, 2),), 3, 4, 5, RIGHT),
    Repair(3, 95, (), 3, 4, 5, RIGHT),
    Repair(3, 96, (), None, 1, 4, _stray("一级指标栏", "社会效益指标", "可持续影响指标")),
    Repair(3, 97, (), None, 1, 4, _stray("一级指标栏", "社会效益指标", "可持续影响指标")),
    Repair(3, 98, (), 1, 3, 4, SHIFTED),
    Repair(3, 99, (), None, 0, 3, _stray("名称栏，指标值落在三级指标栏", "可持续影响指标", "满意度指标")),
    Repair(3, 100, (), None, 0, 2, _stray("名称栏，指标值落在二级指标栏", "可持续影响指标", "满意度指标")),
    Repair(3, 101, ((101, 0),), 1, 2, 3, LEFT),
    Repair(3, 102, (), None, 2, 3, LEFT),
    Repair(4, 120, (), 3, 4, None, LOST),
    Repair(4, 121, (), None, 2, 4, _stray("二级指标栏", "时效指标", "成本指标")),
    Repair(
        *(4, 122, (), 2, 3, 4),
        "“效益指标”印在成本指标旁；成本指标属产出指标，“效益指标”归下一行的经济效益指标",
    ),
    Repair(4, 123, ((122, 1),), 3, 4, None, f"{LOST}；一级指标“效益指标”印在上一行"),
    Repair(4, 126, ((126, 0),), 1, 2, 3, LEFT),
    Repair(5, 152, ((152, 2),), 3, 4, 5, RIGHT),
    Repair(5, 153, (), None, 4, 5, RIGHT),
    Repair(5, 154, (), None, 1, 4, _stray("一级指标栏", "社会效益指标", "可持续影响指标")),
    Repair(5, 155, (), 1, 3, 4, SHIFTED),
    Repair(6, 185, ((185, 2),), 3, 4, None, LOST),
    Repair(6, 186, (), None, 1, 4, _stray("一级指标栏", "社会效益指标", "生态效益指标")),
    Repair(6, 187, (), None, 1, 4, _stray("一级指标栏", "社会效益指标", "生态效益指标")),
    Repair(6, 188, (), 1, 3, 4, SHIFTED),
    Repair(6, 189, (), 1, 3, 4, SHIFTED),
    Repair(6, 191, (), None, 0, 2, _stray("名称栏，指标值落在二级指标栏", "可持续影响指标", "满意度指标")),
    Repair(6, 192, ((192, 0),), 1, 2, 3, LEFT),
    Repair(6, 193, (), None, 2, 3, LEFT),
)
"""Every broken row of 绩效指标, in the order of the source."""

_BY_LINE = {repair.line: repair for repair in REPAIRS}


@dataclass(frozen=True, slots=True)
class Row:
    """One 三级指标 as read. ``label2`` is its 二级指标 with the mark; no ``value`` is ``None``."""

    line: int
    level1: str
    label2: str
    name: str
    value: str | None

    @property
    def level2(self) -> str:
        """The 二级指标 without its mark."""
        return self.label2.partition("（")[0]


@dataclass(frozen=True, slots=True)
class SourceForm:
    """One form of the source. ``head``: its cells before 绩效指标, in order, goals as one printed text."""

    number: int
    head: tuple[str, ...]
    goals: tuple[str, ...]
    rows: tuple[Row, ...]

    def field(self, label: str) -> str:
        """The text beside a label of the head."""
        return dict(pairwise(self.head))[label]


def source_lines() -> dict[int, tuple[str, ...]]:
    """The cells of every line that has text, by line number."""
    lines = SOURCE.read_text(encoding="utf-8").split("\n")
    return {number: tuple(line.split("\t")) for number, line in enumerate(lines, 1) if line.strip()}


def source_forms() -> dict[int, SourceForm]:
    """The six forms by number."""
    return {number: _form(number, lines) for number, lines in form_lines().items()}


def attachment() -> str:
    """The title above the first form."""
    return next(iter(source_lines().values()))[0]


def form_lines() -> dict[int, dict[int, tuple[str, ...]]]:
    """The lines of each form, from its title to the next one's."""
    forms: dict[int, dict[int, tuple[str, ...]]] = {}
    current: dict[int, tuple[str, ...]] = {}
    for line, cells in source_lines().items():
        if title := re.fullmatch("部门项目支出预算绩效目标表 ([1-9])", cells[0]):
            current = forms.setdefault(int(title[1]), {})
        current[line] = cells
    return forms


def label(text: str) -> str:
    """The form's own words as printed; any other text as it is."""
    return PRINTED.get(text, text)


def filled(cells: Iterable[str]) -> list[str]:
    """The cells that hold text."""
    return [cell for cell in cells if cell]


def goals(line: int, cell: str) -> tuple[str, ...]:
    """The goals in one cell, without their printed numbers, which must count from 1."""
    if line == TAGGED:
        cell = re.sub("</?p>", "", cell)
    first, *rest = re.split("目标 ([1-9]): ", cell)
    assert not first
    assert rest[::2] == [str(number) for number in range(1, len(rest) // 2 + 1)]
    return tuple(goal.removesuffix(" ") for goal in rest[1::2])


def _form(number: int, lines: Mapping[int, tuple[str, ...]]) -> SourceForm:
    start = next(line for line, cells in lines.items() if cells[: len(HEADINGS)] == HEADINGS)
    head: list[str] = []
    found: tuple[str, ...] = ()
    for line, cells in lines.items():
        texts = filled(cells)
        if line < start and texts[0] == GOALS:
            found = goals(line, texts[1])
            head += [GOALS, "\n".join(f"目标 {n}：{goal}" for n, goal in enumerate(found, 1))]
        elif line < start:
            head += map(label, texts)
    body = {line: cells for line, cells in lines.items() if line > start}
    return SourceForm(number, tuple(head), found, tuple(_rows(body, lines)))


def _rows(body: Mapping[int, tuple[str, ...]], lines: Mapping[int, tuple[str, ...]]) -> Iterator[Row]:
    level1 = label2 = ""
    for line, cells in body.items():
        places = _BY_LINE.get(line) or _regular(line, cells)
        level1 = label("".join(lines[at][cell] for at, cell in places.level1)) or level1
        label2 = label(cells[places.level2]) if places.level2 is not None else label2
        value = None if places.value is None else cells[places.value]
        yield Row(line, level1, label2, cells[places.name], value)


def _regular(line: int, cells: tuple[str, ...]) -> Repair:
    """Where the texts of a sound row stand: under their headings."""
    first, level1, level2, name, value, *more = cells
    assert first in {"", BLOCK}, f"line {line}: broken, and no repair declared"
    assert name, f"line {line}: broken, and no repair declared"
    assert value, f"line {line}: broken, and no repair declared"
    assert not any(more), f"line {line}: broken, and no repair declared"
    return Repair(0, line, ((line, 1),) if level1 else (), 2 if level2 else None, 3, 4, "")


def used_cells() -> Counter[Cell]:
    """How often the reading of the indicators takes each cell of the source."""
    body = {line: cells for line, cells in source_lines().items() if line in indicator_lines()}
    places = [_BY_LINE.get(line) or _regular(line, cells) for line, cells in body.items()]
    singles = (
        (place.line, cell)
        for place in places
        for cell in (place.level2, place.name, place.value)
        if cell is not None
    )
    return Counter([*(piece for place in places for piece in place.level1), *singles])


def indicator_lines() -> set[int]:
    """The lines below each form's heading row."""
    return {row.line for form in source_forms().values() for row in form.rows}


def expected_yaml(form: SourceForm) -> dict[str, Any]:
    """The data of one form's YAML file as nested texts, without its 豁免; a missing value is ``null``."""
    department, code = form.field(OWNER).split(" ")
    by_level1 = groupby(form.rows, key=lambda row: row.level1)
    indicators = {
        level1: {
            level2: [{"三级指标": row.name, "指标值": row.value or "null"} for row in group]
            for level2, group in groupby(rows, key=lambda row: row.level2)
        }
        for level1, rows in by_level1
    }
    kept = {key: form.field(key) for key in KEPT}
    return {
        "表样": "ningxia-2024",
        "年度": form.head[1].strip("（）").removesuffix(" 年度"),
        "序号": str(form.number),
        "项目名称": kept.pop("项目名称"),
        "主管部门": department,
        "部门代码": code,
        **kept,
        "项目资金": {key: form.field(printed) for printed, key in FUNDS.items()},
        GOALS: list(form.goals),
        BLOCK: indicators,
    }


def read_yaml(number: int) -> dict[str, Any]:
    """The data of one form's YAML file with every scalar as the text it is written with."""
    text = (FOLDER / f"{STEMS[number]}.yml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  makes nothing but texts
    return data


def leaves(data: object) -> Iterator[str]:
    """Every text of nested data, in order."""
    if isinstance(data, dict):
        for value in data.values():
            yield from leaves(value)
    elif isinstance(data, list):
        for value in data:
            yield from leaves(value)
    else:
        yield str(data)


def printed_cells(form: SourceForm) -> list[str]:
    """The text of every cell of the official form, left to right and downwards, empty ones too.

    Title and year line come first; the goals are one cell, a line each.
    """
    cells = [*form.head, *HEADINGS, BLOCK]
    above: Row | None = None
    for row in form.rows:
        if above is None or row.level1 != above.level1:
            cells.append(row.level1)
        if above is None or (row.level1, row.label2) != (above.level1, above.label2):
            cells.append(row.label2)
        cells += [row.name, row.value or ""]
        above = row
    return cells


def html_cells(html: str) -> list[str]:
    """The texts of the form's table in a page, as :func:`printed_cells` gives them."""
    reader = _TableReader()
    reader.feed(html)
    reader.close()
    return ["\n".join(part.strip() for part in cell) for cell in reader.cells]


class _TableReader(HTMLParser):
    """Collects the caption's parts and the cells of the table of class ``target-form``."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[list[str]] = []
        self.inside = False
        self.open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag == "table":
            self.inside = "target-form" in classes
        elif self.inside and (tag in {"caption", "td", "th"} or "subtitle" in classes):
            self.open = tag
            self.cells.append([""])
        elif self.open and tag == "p" and self.cells[-1] != [""]:
            self.cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.inside = False
        if tag == self.open:
            self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open:
            self.cells[-1][-1] += data


def total(forms: Iterable[SourceForm]) -> Decimal:
    """Sum of 年度资金总额, 万元."""
    return sum((Decimal(form.field("年度资金总额：")) for form in forms), Decimal())
