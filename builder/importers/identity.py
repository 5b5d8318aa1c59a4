"""Labels of the upper part → the fields of a project: 年度, 序号, names, code, each with its doubts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from builder.importers.doubts import Doubt, of_remarks
from builder.importers.draft import Origin
from builder.importers.labels import FORM_TITLE, Word, currency, plain, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.importers.head import Head, Pair
    from builder.importers.table import Cell
    from builder.source import Json

_SIMPLE = (Word.NAME, Word.UNIT, Word.ATTRIBUTE, Word.PERIOD)
_YEAR = re.compile(r"(20[0-9]{2})年度")
_TITLE_YEAR = re.compile(r"(20[0-9]{2})年(?!度?[0-9])")  # in a title; a date is no budget year
_ONLY_YEAR = re.compile(r"[（(]?(20[0-9]{2})年?度?[）)]?")
_NUMBER = re.compile(r"表([0-9]{1,3})(?:[（(]|$)")
_CODES = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"(?P<name>.*\S)\s*[（(\[【]\s*(?P<code>[0-9]{3,21})\s*[）)\]】]",
        r"(?P<name>.*\S)\s+(?P<code>[0-9]{3,21})",
        r"(?P<name>.*?\S)[:：、,，—－-]+(?P<code>[0-9]{3,21})",
        r"(?P<name>.*[^0-9\s])(?P<code>[0-9]{3,21})",
        r"[（(\[【]?\s*(?P<code>[0-9]{3,21})\s*[）)\]】]?\s*[—－、:：_-]*\s*(?P<name>[^0-9\s].*)",
    )
)
"""A name and a code in one cell: in brackets, apart, right behind, in front."""

_TITLE_LENGTH = 80
_LONGEST = 200  # characters of a department's name with its code


@dataclass(slots=True)
class Identity:
    """The fields as data, with all that goes with them; ``unit``: that of money, where it is named."""

    data: dict[str, Json] = field(default_factory=dict)
    origins: list[Origin] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    labels: list[Cell] = field(default_factory=list)
    left: list[tuple[Cell, str]] = field(default_factory=list)
    unit: str | None = None

    def put(self, key: str, value: Json, cells: tuple[Cell, ...]) -> None:
        """Set one field, once."""
        self.data[key] = value
        self.origins.append(Origin((key,), cells))
        self.doubts += of_remarks(cells, (key,))


def read(head: Head) -> Identity:
    """The fields in the upper part of one form."""
    result = Identity()
    _titles(head, result)
    for word in _SIMPLE:
        pair = _chosen(head, (word,), result)
        if pair is not None:
            result.put(str(word), pair.text, pair.cells)
            if "\n" in pair.text:
                text = f"“{word}”一格里有换行，照原样写"
                result.doubts.append(Doubt("I15", text, "多余的换行请删去。", pair.cells[0], (str(word),)))
    _owner(head, result)
    return result


def _titles(head: Head, result: Identity) -> None:
    """Year and number in the title and the lines round it, or beside a label 年度."""
    years: list[tuple[int, Cell]] = []
    for pair in head.of(Word.YEAR):
        result.labels.append(pair.label)
        if found := _ONLY_YEAR.fullmatch(squeezed(pair.text)):
            years.append((int(found[1]), pair.cells[0]))
        else:
            result.left += ((cell, "不是年度") for cell in pair.values)
    only = [(cell, found) for cell in head.strays if (found := _ONLY_YEAR.fullmatch(squeezed(cell.text)))]
    years = [*((int(found[1]), cell) for cell, found in only), *years]
    result.labels += (cell for cell, _ in only)
    for cell in head.strays:
        words = squeezed(cell.text)
        is_title = bool(FORM_TITLE.search(words))
        if len(words) > _TITLE_LENGTH or not (is_title or _YEAR.search(words)):
            continue
        if is_title:
            result.labels.append(cell)
            if (number := _NUMBER.search(words)) and "序号" not in result.data and int(number[1]):
                result.put("序号", int(number[1]), (cell,))
        found_years = (_TITLE_YEAR if is_title else _YEAR).findall(words)
        years += ((int(year), cell) for year in found_years if cell not in [one for _, one in years])
    _year(years, result)
    units = [(cell, unit) for cell in head.strays if (unit := currency(cell.text))]
    units += [(pair.label, unit) for pair in head.of(Word.CURRENCY) if (unit := currency(f"（{pair.text}）"))]
    result.labels += (cell for cell, _ in units)
    result.unit = units[0][1] if units else None
    for pair in head.of(Word.CURRENCY):
        if currency(f"（{pair.text}）"):
            result.labels += (pair.label, *pair.values)


def _year(years: Sequence[tuple[int, Cell]], result: Identity) -> None:
    if not years:
        return
    year, cell = years[0]
    result.put("年度", year, (cell,))
    others = sorted({other for other, _ in years} - {year})
    if others:
        text = f"年度有几种写法：{year}、{'、'.join(map(str, others))}，取了 {year}"
        result.doubts.append(Doubt("I12", text, "请核对年度。", cell, ("年度",)))


def _chosen(head: Head, words: tuple[Word, ...], result: Identity) -> Pair | None:
    """The pair to take for a field: one of our key's own word before one that is only near to it."""
    pairs = [pair for pair in head.of(*words) if pair.text]
    result.labels += (pair.label for pair in head.of(*words) if not pair.match.rest)
    if not pairs:
        return None
    best = min(pairs, key=lambda pair: pair.match.near)
    key = str(Word.DEPARTMENT if best.word is Word.OWNER else best.word)
    others = {pair.text for pair in pairs if pair is not best and pair.match.near == best.match.near} - {
        best.text
    }
    if best.match.near:
        text = (
            f"“{plain(best.label.text)}”读作“{key}”"
            if not best.match.rest
            else f"“{best.label.text}”里读出“{key}”"
        )
        result.doubts.append(Doubt("I11", text, "请核对。", best.label, (key,)))
    if others:
        text = f"“{key}”有几处不同的内容，取了“{best.text}”"
        result.doubts.append(Doubt("I12", text, "请核对。", best.cells[0], (key,)))
    if best.unsure:
        text = f"“{best.text}”像是另一栏的名称，这里读作“{key}”的内容"
        result.doubts.append(Doubt("I12", text, "请核对。", best.cells[0], (key,)))
    for pair in pairs:
        spare = (
            pair.values[1:]
            if pair is best and not pair.match.rest
            else pair.values
            if pair is not best
            else ()
        )
        why = "同一栏有几处内容" if pair is not best else f"在“{key}”的内容之后，没有认出是什么"
        result.left += ((cell, why) for cell in spare)
        if pair is best:
            result.doubts += (
                Doubt(
                    "I16",
                    f"“{cell.text}”在“{key}”的内容之后，没有导入",
                    "请核对它是不是这一栏的内容。",
                    cell,
                    (key,),
                )
                for cell in spare
            )
    return best


def _owner(head: Head, result: Identity) -> None:
    """主管部门 and 部门代码, printed in one cell or in two."""
    code = _chosen(head, (Word.CODE,), result)
    if code is not None:
        if re.fullmatch("[0-9]{3,21}", squeezed(code.text)):
            result.put("部门代码", squeezed(code.text), code.cells)
        else:
            result.left += ((cell, "不是部门代码") for cell in code.cells)
            text = f"“{code.text}”不是部门代码"
            result.doubts.append(Doubt("I08", text, "请补写部门代码。", code.cells[0], ("部门代码",)))
    pair = _chosen(head, (Word.OWNER, Word.DEPARTMENT), result)
    if pair is None:
        return
    name, number = _split(pair.text)
    result.put("主管部门", name, pair.cells)
    if not number:
        if pair.word is Word.OWNER:
            text = f"“{pair.text}”里没有认出代码，整格写作主管部门"
            result.doubts.append(Doubt("I03", text, "请核对，补写部门代码。", pair.cells[0], ("主管部门",)))
        return
    if "部门代码" not in result.data:
        result.put("部门代码", number, pair.cells)
    elif result.data["部门代码"] != number:
        text = f"部门代码有两种写法：{result.data['部门代码']}、{number}"
        result.doubts.append(Doubt("I12", text, "请核对。", pair.cells[0], ("部门代码",)))
    if pair.word is Word.DEPARTMENT or not name[-1].isalnum():
        text = f"“{pair.text}”拆成主管部门“{name}”和部门代码“{number}”"
        for key in ("主管部门", "部门代码"):
            result.doubts.append(Doubt("I11", text, "请核对。", pair.cells[0], (key,)))


def _split(text: str) -> tuple[str, str]:
    if len(text) > _LONGEST:
        return text, ""
    found = next((match for pattern in _CODES if (match := pattern.fullmatch(text))), None)
    return (found["name"], found["code"]) if found else (text, "")


def missing(required: Sequence[str], data: dict[str, Json], beside: Cell | None) -> Iterator[Doubt]:
    """A doubt for each field that the form asks for and the document does not have."""
    for key in required:
        if key not in data:
            yield Doubt("I03", f"没有找到“{key}”", "请对照原件补写。", beside, (key,))
