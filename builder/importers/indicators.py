"""Rows as read → 绩效指标 of one form: where each row belongs in it, and every doubt at its path."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from builder.importers.doubts import Doubt, of_remarks
from builder.importers.draft import Origin
from builder.importers.labels import plain, squeezed
from builder.importers.levels import home

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.form import Form
    from builder.importers.levels import Home
    from builder.importers.rows import Piece, Row
    from builder.importers.table import Cell
    from builder.problem import Path
    from builder.source import Json

_KEY, _NAME, _VALUE, _WEIGHT, _EXPLANATION, _NOTE = (
    "绩效指标",
    "三级指标",
    "指标值",
    "权重",
    "指标解释",
    "备注",
)
_SCORE = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_MOST = 100


@dataclass(slots=True)
class Indicators:
    """绩效指标 as data, with origins, doubts and cells that could not be placed."""

    data: dict[str, Json] = field(default_factory=dict)
    origins: list[Origin] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    left: list[tuple[Cell, str]] = field(default_factory=list)


def misfits(form: Form, rows: Sequence[Row]) -> tuple[int, int]:
    """How badly rows fit a form: rows without a place, rows printed under another 一级."""
    homes = [_home(form, row) for row in rows]
    return sum(not one.fits for one in homes), sum(one.moved for one in homes)


def of_rows(form: Form, rows: Sequence[Row]) -> Indicators:
    """The rows put in their places in ``form``, in the order in which they were printed."""
    result = Indicators()
    seen: list[tuple[str, str]] = []
    for row in rows:
        place = _home(form, row)
        if not place.level1 or not place.level2:
            result.doubts.append(_homeless(row))
            result.left += ((cell, "不知道属于哪个一级、二级指标") for cell in _cells(row))
            continue
        groups = result.data.setdefault(place.level1, {})
        items = groups.setdefault(place.level2, []) if isinstance(groups, dict) else []
        if isinstance(items, list):
            path: Path = (_KEY, place.level1, place.level2, len(items))
            items.append(_item(row, path, result))
            result.doubts += (replace(doubt, path=path) for doubt in row.doubts)
            result.doubts += _place_doubts(row, place, path)
            key = (place.level1, place.level2)
            if key in seen[:-1] and key != seen[-1]:
                text = f"“{place.level2}”分在几处，已放到一起"
                result.doubts.append(Doubt("I06", text, "请核对归类。", row.name.cells[0], path))
            if not seen or seen[-1] != key:
                seen.append(key)
    return result


def _home(form: Form, row: Row) -> Home:
    level1 = row.level1.name if row.level1 else None
    return home(form, level1, row.level2.name if row.level2 else None)


def _homeless(row: Row) -> Doubt:
    text = f"“{row.name.text}”没有写进 YAML：不知道属于哪个一级、二级指标"
    return Doubt("I06", text, "请对照原件补进 YAML。", row.name.cells[0])


def _cells(row: Row) -> Iterator[Cell]:
    for piece in (row.name, row.value, row.weight, row.explanation, row.note):
        if piece is not None:
            yield from piece.cells


def _item(row: Row, path: Path, result: Indicators) -> Json:
    """One indicator as data; its origins and the reader's remarks go into ``result``."""
    item: dict[str, Json] = {_NAME: row.name.text, _VALUE: row.value.text if row.value else None}
    texts: dict[str, Piece | None] = {_EXPLANATION: row.explanation, _NOTE: row.note}
    item |= {key: piece.text for key, piece in texts.items() if piece is not None}
    weight = _weight(row, path, result)
    if weight is not None:
        item[_WEIGHT] = weight
    pieces = {
        _NAME: row.name,
        _VALUE: row.value,
        **texts,
        _WEIGHT: row.weight if weight is not None else None,
    }
    for key, piece in pieces.items():
        if piece is not None:
            result.origins.append(Origin((*path, key), piece.cells))
            result.doubts += of_remarks(piece.cells, path)
    return item


def _weight(row: Row, path: Path, result: Indicators) -> Decimal | None:
    if row.weight is None:
        return None
    cell = row.weight.cells[0]
    text = squeezed(row.weight.text).removesuffix("分")
    if cell.bottom > row.line.row + 1 or cell.row < row.line.row:
        result.left.append((cell, "分值一格跨了几行"))
        message = f"分值“{row.weight.text}”一格跨了几行，没有写进去"
        result.doubts.append(Doubt("I08", message, "请对照原件分给各条。", cell, path))
        return None
    if not _SCORE.fullmatch(text) or Decimal(text) > _MOST:
        result.left.append((cell, "不是分值"))
        message = f"“{row.weight.text}”不是 0 到 100 的分值，没有写进去"
        result.doubts.append(Doubt("I08", message, "请对照原件补写权重。", cell, path))
        return None
    return Decimal(text)


def _place_doubts(row: Row, place: Home, path: Path) -> Iterator[Doubt]:
    stated1 = row.level1.name if row.level1 else ""
    cell = row.name.cells[0]
    if not place.fits:
        text = f"表样里没有“{place.level1}”下的“{place.level2}”，照原表写"
        yield Doubt("I06", text, "jixiao check 会指出；请改到合适的二级指标下，或换用别的表样。", cell, path)
    elif place.moved and row.level2 is None:
        yield Doubt("I06", f"原表没有二级指标，归入“{place.level2}”", "请核对归类。", cell, path)
    elif place.moved:
        text = f"原表把“{place.level2}”印在“{stated1}”下，按表样归入“{place.level1}”"
        yield Doubt("I06", text, "请核对归类。", cell, path)
    if row.level2 is not None and place.fits:
        written = plain(row.level2.cell.text)
        if written.removesuffix("指标") != place.level2.removesuffix("指标") and not row.doubts:
            yield Doubt("I06", f"二级指标“{written}”读作“{place.level2}”", "请核对归类。", cell, path)
