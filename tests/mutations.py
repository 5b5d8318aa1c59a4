"""Single typed defects (错误) laid into the six real files: one edit each, and the place and code due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.records import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted(ROOT.glob("targets/2024/067001/*.yml"))
    if path.name != "部门.yml"
}


@dataclass(frozen=True)
class Mutation:
    """One defect: what kind, in which file, the text after it, and where (line from 1) which code is due."""

    kind: str
    stem: str
    text: str
    line: int
    code: str


@dataclass(frozen=True)
class Row:
    """One indicator of a file: the lines (from 0) of its name and of its value, and under which 二级指标."""

    level2: str
    name_line: int
    value_line: int
    name: str
    value: str


def rows(lines: list[str]) -> Iterator[Row]:
    """The indicators in a file's lines that have a value."""
    level2 = ""
    for number, line in enumerate(lines):
        if line.startswith("豁免"):
            return
        if match := re.fullmatch(r"    (\S+指标):", line):
            level2 = match[1]
        if line.startswith("      - 三级指标: "):
            value = lines[number + 1].removeprefix("        指标值: ")
            if value != "null":
                yield Row(level2, number, number + 1, line.removeprefix("      - 三级指标: "), value)


def _edit(kind: str, stem: str, number: int, new: str | None, code: str, line: int | None = None) -> Mutation:
    """Replace one line (from 0) or delete it; the problem is due there unless ``line`` says where."""
    lines = FILES[stem].split("\n")
    lines[number : number + 1] = [] if new is None else new.split("\n")
    return Mutation(kind, stem, "\n".join(lines), (number if line is None else line) + 1, code)


def mutations() -> Iterator[Mutation]:
    """Every defect, in a fixed order."""
    for stem, text in FILES.items():
        lines = text.split("\n")
        yield from _syntax(stem, lines)
        yield from _head(stem, lines)
        yield from _money(stem, lines)
        yield from _goals(stem, lines)
        yield from _shape(stem, lines)
        for row in rows(lines):
            yield from _values(stem, lines, row)


def _line(lines: list[str], start: str) -> int:
    return next(number for number, line in enumerate(lines) if line.startswith(start))


def _syntax(stem: str, lines: list[str]) -> Iterator[Mutation]:
    code = _line(lines, "部门代码")
    yield _edit("代码不加引号", stem, code, "部门代码: 067001", "Y11")
    for key in ("年度", "项目名称", "主管部门", "实施单位", "项目属性", "项目期"):
        number = _line(lines, key)
        yield _edit("全角冒号", stem, number, lines[number].replace(": ", "：", 1), "Y15")
        yield _edit("键写了两次", stem, number, f"{lines[number]}\n{lines[number]}", "Y07", number + 1)
    for start in ("  财政拨款", "  产出指标", "    数量指标"):
        number = _line(lines, start)
        yield _edit("制表符缩进", stem, number, re.sub("^ +", "\t", lines[number]), "Y05")
    name = _line(lines, "项目名称")
    yield _edit("看不见的字符", stem, name, lines[name] + "\u200b", "Y04")
    yield _edit("文字后面跟着注释", stem, name, lines[name] + " #1 期", "Y17")
    yield _edit("全角引号", stem, code, "部门代码: “067001”", "Y16")


def _head(stem: str, lines: list[str]) -> Iterator[Mutation]:
    year, code = _line(lines, "年度"), _line(lines, "部门代码")
    yield _edit("年度与文件夹不一致", stem, year, "年度: 2023", "P00")
    yield _edit("年度不是整数", stem, year, "年度: 2024 年", "S03")
    yield _edit("代码与文件夹不一致", stem, code, '部门代码: "067002"', "P00")
    yield _edit("部门名称与其他表不一致", stem, _line(lines, "主管部门"), "主管部门: 平罗县行政审批局", "X02")
    yield _edit("表样不存在", stem, 0, "表样: ningxia-2042", "S04")
    for key in ("项目名称", "实施单位", "项目属性", "项目期"):
        yield _edit("缺一个栏目", stem, _line(lines, key), None, "S02", 0)
    unit = _line(lines, "实施单位")
    yield _edit("文字前后有空格", stem, unit, '实施单位: "平罗县审批服务管理局本级 "', "T06")
    yield _edit("栏目是空的", stem, unit, "实施单位:", "S05")


def _money(stem: str, lines: list[str]) -> Iterator[Mutation]:
    total, source = _line(lines, "  年度资金总额"), _line(lines, "  财政拨款")
    amount = lines[source].split(": ")[1]
    yield _edit("金额带单位", stem, source, f"  财政拨款: {amount} 万元", "S03")
    yield _edit("来源之和不等于总额", stem, source, f"  财政拨款: {amount}1", "M01", total)
    yield _edit("总额写错", stem, total, "  年度资金总额: 1.5", "M01")
    whole = f"{float(amount) * 10000:.0f}"
    yield _edit("把元填进万元", stem, source, f"  财政拨款: {whole}", "M02")
    yield _edit("金额为负", stem, source, f"  财政拨款: -{amount}", "M03")
    yield _edit("小数太多", stem, total, f"  年度资金总额: {float(amount):.7f}", "M03")
    yield _edit("其他资金写“无”", stem, _line(lines, "  其他资金"), "  其他资金: 无", "S03")


def _goals(stem: str, lines: list[str]) -> Iterator[Mutation]:
    number = _line(lines, "年度总体目标") + 1
    goal = lines[number].removeprefix("  - ")
    yield _edit("目标自带编号", stem, number, f'  - "目标 1: {goal}"', "T03")
    yield _edit("网页标签", stem, number, f"  - <p>{goal}</p>", "T01")
    yield _edit("片段重复", stem, number, f"  - {goal[:6]}{goal}", "T02")
    yield _edit("手机号码", stem, number, f"  - {goal}联系人 13912345678", "P02")
    yield _edit("身份证号", stem, number, f"  - {goal}11010519491231002X", "P02")
    yield _edit("密级标志", stem, number, f"  - 机密★{goal}", "P01")
    yield _edit("目标折行", stem, number, f"  - {goal[:8]}\n    {goal[8:]}", "Y12")


def _shape(stem: str, lines: list[str]) -> Iterator[Mutation]:
    slots = [number for number, line in enumerate(lines) if re.fullmatch(r"    \S+指标:", line)]
    for number in slots:
        name = lines[number].strip(" :")
        yield _edit("二级指标写错", stem, number, f"    {name[:-1]}际:", "S01")
        if name in {"经济效益指标", "生态效益指标"}:
            continue
        end = next(n for n in range(number + 1, len(lines)) if not lines[n].startswith("      "))
        text = "\n".join(lines[:number] + lines[end:])
        level1 = max(n for n in range(number) if re.fullmatch(r"  \S+指标:", lines[n]))
        alone = re.fullmatch(r"  \S+指标:", lines[number - 1]) and not lines[end].startswith("    ")
        if not alone:
            yield Mutation("缺必填的二级指标", stem, text, level1 + 1, "C01")


def _values(stem: str, lines: list[str], row: Row) -> Iterator[Mutation]:
    yield _edit("漏了指标值", stem, row.value_line, None, "C02", row.name_line)
    yield _edit("键名写错", stem, row.value_line, lines[row.value_line].replace("指标值", "指标直"), "S01")
    for kind, new, code in (*_by_text(row), *_by_slot(row)):
        yield _edit(kind, stem, row.value_line, f"        指标值: {new}", code)
    if row.level2 == "数量指标":
        again = f"{lines[row.value_line]}\n{lines[row.name_line]}\n{lines[row.value_line]}"
        yield _edit("同一指标写两次", stem, row.value_line, again, "X04", row.value_line + 1)


def _by_text(row: Row) -> Iterator[tuple[str, str, str]]:
    """Defects that the text of a value invites: what kind, the new value, the code due."""
    if row.value.startswith('">'):
        yield "大于号不加引号", row.value.strip('"'), "Y11"
    if match := re.fullmatch(r"≥(\d\d) ?%", row.value):
        yield "≥ 认成 2", f"2{match[1]}%", "V08"
        yield "百分比超过 100", f"≥1{match[1]}%", "A04"
        yield "前后矛盾", f"≥{match[1]}%以下", "V01"
        yield "写成完成情况", "达成预期指标", "V10"
    if re.fullmatch(r"\d+ [^/]+", row.value) and "年" not in row.value and "小时" not in row.value:
        yield "漏了单位", f'"{row.value.split()[0]}"', "C04"
        yield "一格两个值", f"{row.value}；2 次", "V09"
    if row.value.startswith("2024 年"):
        yield "期限在年度之外", "2025 年底", "F01"
    if "%" in row.value or re.match(r"\d", row.value):
        yield "占位文字", "XX", "V04"
        yield "只有符号", '"*"', "V03"


def _by_slot(row: Row) -> Iterator[tuple[str, str, str]]:
    """Defects that the 二级指标 or the name of an indicator invites."""
    if row.level2 == "成本指标" and re.fullmatch(r"[\d.]+ 万?元", row.value):
        yield "成本写成下限", f"≥{row.value}", "A01"
    if row.level2 == "服务对象满意度指标" and "%" in row.value:
        yield "满意度不是百分比", "不断优化", "A09"
    if "投诉率" in row.name:
        yield "方向反了", "≥5%", "A05"
