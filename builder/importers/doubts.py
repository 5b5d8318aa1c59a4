"""What an import is unsure of: one code for each kind, and a place in the imported file and in the YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.problem import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.importers.table import Cell
    from builder.problem import Path

IMPORT_CODES = {
    "I01": ("文件不能导入", Severity.ERROR),
    "I02": ("没有找到项目的绩效目标表", Severity.ERROR),
    "I03": ("表上没有这一栏", Severity.WARNING),
    "I04": ("这一行错位", Severity.WARNING),
    "I05": ("没有指标值", Severity.WARNING),
    "I06": ("一级、二级指标与表样不同", Severity.WARNING),
    "I07": ("金额单位", Severity.WARNING),
    "I08": ("数读不出", Severity.WARNING),
    "I09": ("表样由程序选定", Severity.INFO),
    "I10": ("这是自评表或监控表", Severity.WARNING),
    "I11": ("栏目名称相近", Severity.INFO),
    "I12": ("有两处内容，取了一处", Severity.WARNING),
    "I13": ("目标由程序分条", Severity.INFO),
    "I14": ("指标值由几格拼成", Severity.INFO),
    "I15": ("格子里还有别的东西", Severity.WARNING),
    "I16": ("没有认出的内容", Severity.WARNING),
    "I17": ("文件里没有导入的东西", Severity.INFO),
    "I18": ("空格按上面的归类", Severity.INFO),
    "I19": ("这里分页", Severity.INFO),
}
"""Code → title and severity of everything an import can be unsure of."""


_UNREAD = re.compile("[\ufffd\ue000-\uf8ff〓]")  # what stands for a character that was not to be had


@frozen()
class Doubt:
    """One thing to look at: ``cell`` where it stands in the imported file, ``path`` where in the YAML."""

    code: str
    message: str
    hint: str = ""
    cell: Cell | None = None
    path: Path | None = None


def problem(doubt: Doubt, file: str) -> Problem:
    """A doubt as a problem at its place in the imported file; the message names the cell."""
    _, severity = IMPORT_CODES[doubt.code]
    if doubt.cell is None:
        return Problem(file, 1, 1, doubt.code, severity, doubt.message, doubt.hint)
    message = f"{doubt.cell.address}：{doubt.message}"
    return Problem(file, doubt.cell.line, doubt.cell.position, doubt.code, severity, message, doubt.hint)


def of_remarks(cells: tuple[Cell, ...], path: Path) -> Iterator[Doubt]:
    """What the reader said of the cells from which one value was taken."""
    for cell in cells:
        for remark in cell.remarks:
            yield Doubt("I15", remark, "请对照原件核对。", cell, path)
        if _UNREAD.search(cell.text):
            yield Doubt("I15", "有的字没有读出来", "请对照原件补上缺的字。", cell, path)
