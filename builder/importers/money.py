"""项目资金: the amounts of this year's total and its sources, in the unit of the form.

Units are converted exactly and never in silence: the doubt names both numbers.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers.doubts import Doubt
from builder.importers.labels import AMOUNTS, Word, currency, plain, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.importers.head import Head, Pair
    from builder.importers.table import Cell

_POWERS = {"元": 0, "千元": 3, "万元": 4, "百万元": 6, "亿元": 8}
_AMOUNT = re.compile(
    r"[¥￥]?(?P<number>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,24})(?:\.[0-9]{1,12})?)(?P<unit>百万元|千元|亿元|万元|元|万)?"
)
_LONGEST = 60  # characters of an amount with its unit
_YEARLY = re.compile("年度|当年|本年|[12][0-9]{3}年")
_NOTHING = {"", "/", "-", "—", "--", "——", "无", "\\", "*"}


@frozen()
class Amount:
    """An amount: its number as printed without commas, the unit written beside it, and its cell."""

    number: Decimal
    unit: str | None
    cell: Cell


@frozen()
class Fund:
    """One row of 项目资金; ``amount`` in the form's unit, ``None`` where the cell has no number."""

    word: Word
    amount: Decimal | None
    pair: Pair
    cell: Cell | None
    doubts: tuple[Doubt, ...]


@frozen()
class Money:
    """What the form says of money, and the cells with amounts that are not of this year's target."""

    funds: tuple[Fund, ...]
    left: tuple[tuple[Cell, str], ...]
    labels: tuple[Cell, ...]
    doubts: tuple[Doubt, ...]


def parse(text: str, cell: Cell) -> Amount | None:
    """The amount in a cell, ``None`` when it is none."""
    found = _AMOUNT.fullmatch(squeezed(text)) if len(text) <= _LONGEST else None
    if not found:
        return None
    unit = "万元" if found["unit"] == "万" else found["unit"]
    return Amount(Decimal(found["number"].replace(",", "")), unit, cell)


def read(head: Head, unit: str, beside: str | None) -> Money:
    """The amounts in ``head`` in ``unit`` (元 or 万元); ``beside``: the unit named near the table."""
    pairs = [pair for pair in head.pairs if pair.word in AMOUNTS]
    totals = _totals(head, pairs)
    chosen, doubts = _chosen(totals)
    left: list[tuple[Cell, str]] = []
    funds: list[Fund] = []
    seen: set[Word] = set()
    for pair in [*([chosen] if chosen else []), *(pair for pair in pairs if pair is not chosen)]:
        why = _why_not(pair, chosen, pairs, totals)
        if not why and pair.word in seen:
            why = "同一项资金印了两处，取了前一处"
        if why:
            left += ((cell, why) for cell in (pair.label, *pair.values))
            continue
        word = Word.TOTAL if pair is chosen else pair.word
        seen.add(word)
        fund, others = _fund(word, pair, head, (unit, beside))
        funds.append(fund)
        left += others
    for pair in head.of(Word.EXECUTION)[:1]:
        fund, others = _score(pair)
        funds.append(fund)
        left += others
    headings = [pair.label for pair in head.of(Word.FUNDING, Word.THIS_YEAR, Word.OTHER_YEAR)]
    return Money(tuple(funds), tuple(left), tuple(headings), doubts)


def _score(pair: Pair) -> tuple[Fund, list[tuple[Cell, str]]]:
    """执行率分值: a plain number beside its label."""
    cell = pair.label if pair.match.rest else next(iter(pair.values), None)
    amount = parse(pair.text, cell) if cell is not None else None
    doubts: tuple[Doubt, ...] = ()
    if amount is None or amount.unit:
        text = f"“{pair.text}”不是分值" if pair.text else "执行率分值没有填"
        path = ("项目资金", str(Word.EXECUTION))
        doubts = (Doubt("I08", text, "请对照原件补写。", cell or pair.label, path),)
    number = amount.number if amount and not amount.unit else None
    others = [(cell, "执行率分值旁边还有别的内容") for cell in pair.values[1:]]
    return Fund(Word.EXECUTION, number, pair, cell, doubts), others


def _totals(head: Head, pairs: Sequence[Pair]) -> list[Pair]:
    totals = [pair for pair in pairs if pair.word is Word.TOTAL]
    if not totals:  # 项目资金 with the amount right beside it
        totals = [pair for pair in head.of(Word.FUNDING) if pair.values and parse(pair.text, pair.values[0])]
    return totals


def _chosen(totals: Sequence[Pair]) -> tuple[Pair | None, tuple[Doubt, ...]]:
    """This year's total: our key's own word, else the one that says it is of a year, else the first."""
    ranked = sorted(
        totals,
        key=lambda pair: (pair.match.near, not _YEARLY.search(plain(pair.label.text)), not pair.values),
    )
    if not ranked:
        return None, ()
    best = ranked[0]
    doubts = []
    if best.match.near or best.word is Word.FUNDING:
        text = f"“{plain(best.label.text)}”读作“年度资金总额”"
        doubts.append(
            Doubt("I11", text, "请核对是不是本年度的总额。", best.label, ("项目资金", str(Word.TOTAL)))
        )
    return best, tuple(doubts)


def _why_not(pair: Pair, chosen: Pair | None, pairs: Sequence[Pair], totals: Sequence[Pair]) -> str:
    """Why an amount is not of this year's target; empty when it is."""
    if pair is chosen:
        return ""
    if pair.word is Word.LONG_TOTAL or pair in totals:
        return "不是本年度的总额"
    above = [
        other
        for other in (*pairs, *totals)
        if other.word in {Word.TOTAL, Word.LONG_TOTAL, Word.FUNDING}
        and (other.line, other.label.column) < (pair.line, pair.label.column)
    ]
    same = [
        other
        for other in above
        if other.label.column == pair.label.column and other.label.table == pair.label.table
    ]
    owner = max(same or above, key=lambda other: (other.line, other.label.column), default=None)
    if chosen is not None and owner is not None and owner is not chosen:
        return f"属于“{plain(owner.label.text)}”，不是本年度的"
    return "数据里没有这一项资金来源" if pair.word is Word.SOURCE else ""


def _fund(
    word: Word, pair: Pair, head: Head, units: tuple[str, str | None]
) -> tuple[Fund, list[tuple[Cell, str]]]:
    path = ("项目资金", str(word))
    cell, others, doubts = _this_year(pair, head)
    if pair.match.rest:
        cell = pair.label
    if pair.match.near and word is not Word.TOTAL:
        text = f"“{plain(pair.label.text)}”读作“{word}”"
        doubts.append(Doubt("I11", text, "请核对。", pair.label, path))
    text = pair.match.rest or (cell.text if cell is not None else "")
    amount = parse(text, cell) if cell is not None else None
    number = None
    if amount is not None:
        number, found = _converted(amount, pair, head, units)
        doubts += found
    elif squeezed(text) not in _NOTHING - {"无"} or word is Word.TOTAL:
        shown = f"“{text}”不是金额" if text else f"“{word}”没有金额"
        doubts.append(Doubt("I08", shown, "请对照原件补写；没有这项资金就写 0。", cell or pair.label, path))
    elif text:
        doubts.append(Doubt("I08", f"“{text}”没有写成金额", "没有这项资金就写 0。", cell, path))
    doubts = [Doubt(one.code, one.message, one.hint, one.cell, path) for one in doubts]
    return Fund(word, number, pair, cell, tuple(doubts)), others


def _this_year(pair: Pair, head: Head) -> tuple[Cell | None, list[tuple[Cell, str]], list[Doubt]]:
    """The cell of this year among the amounts of a row, by the headings over them."""
    if len(pair.values) < 2 and not head.of(Word.OTHER_YEAR):  # noqa: PLR2004  one amount needs no choice
        return (pair.values[0] if pair.values else None), [], []
    over = {cell: _heading_over(cell, head) for cell in pair.values}
    mine = [cell for cell, heading in over.items() if heading and heading.word is Word.THIS_YEAR]
    plain_ones = [cell for cell, heading in over.items() if heading is None]
    chosen = next(iter(mine or plain_ones), None)
    others = [
        (cell, f"“{plain(heading.label.text)}”一栏不是本年度的预算" if heading else "同一行还有别的内容")
        for cell, heading in over.items()
        if cell is not chosen
    ]
    doubts = []
    if chosen is None and pair.values:
        doubts.append(Doubt("I08", "看不出哪一个金额是本年度的", "请对照原件补写。", pair.label))
    elif chosen is not None and len(mine or plain_ones) > 1:
        doubts.append(Doubt("I12", f"这一行有几个金额，取了“{chosen.text}”", "请对照原件核对。", chosen))
    return chosen, others, doubts


def _heading_over(cell: Cell, head: Head) -> Pair | None:
    """The nearest heading of a year over a cell."""
    over = [
        pair
        for pair in head.of(Word.THIS_YEAR, Word.OTHER_YEAR)
        if pair.label.table == cell.table
        and pair.label.row < cell.row
        and pair.label.column < cell.right
        and pair.label.right > cell.column
    ]
    return max(over, key=lambda pair: pair.label.row, default=None)


def _converted(
    amount: Amount, pair: Pair, head: Head, units: tuple[str, str | None]
) -> tuple[Decimal, list[Doubt]]:
    """The amount in the form's unit; a doubt where its own differs, is missing or is named in two ways."""
    wanted, beside = units
    named = dict(_named_units(amount, pair, head))
    named |= {"表旁": beside} if beside else {}
    unit = next(iter(named.values()), None)
    if unit is None:
        text = f"表上没有写金额单位，按{wanted}写成 {amount.number:f}"
        return amount.number, [Doubt("I07", text, "请对照原件核对单位。", amount.cell)]
    doubts = []
    if len({*named.values()}) > 1:
        text = "、".join(f"{where}写的是{one}" for where, one in named.items())
        doubts.append(
            Doubt("I07", f"金额单位前后不一：{text}；按{unit}读", "请对照原件核对单位。", amount.cell)
        )
    if unit == wanted:
        return amount.number, doubts
    number = amount.number.scaleb(_POWERS[unit] - _POWERS[wanted])
    text = f"原表是 {amount.number:f} {unit}，换算成 {number:f} {wanted}"
    doubts.append(Doubt("I07", text, "请核对换算前后的两个数。", amount.cell))
    return number, doubts


def _named_units(amount: Amount, pair: Pair, head: Head) -> Iterator[tuple[str, str]]:
    if amount.unit:
        yield "金额旁", amount.unit
    if unit := currency(pair.label.text):
        yield "这一行的名称", unit
    heading = _heading_over(amount.cell, head)
    if heading and (unit := currency(heading.label.text)):
        yield "这一栏的名称", unit
    before = [other for other in head.of(Word.FUNDING) if other.line <= pair.line]
    if before and (unit := currency(before[-1].label.text)):
        yield "资金一栏的名称", unit
