"""One thing that was measured, and the table of them all."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was checked, of what, what came out, what is asked, and whether it is met.

    ``faults`` say in full what was found, one sentence each.
    """

    check: str
    subject: str
    result: str
    wanted: str = ""
    met: bool = True
    faults: tuple[str, ...] = ()


def counted(check: str, subject: str, faults: list[str]) -> Row:
    """A check that must find nothing."""
    return Row(check, subject, f"{len(faults)} 处", "0 处", not faults, tuple(faults))


def table(rows: list[Row]) -> str:
    """The rows as text in columns, wide characters counted as two, each fault below its row."""
    cells = [("检查", "对象", "结果", "要求", "")]
    cells += [(row.check, row.subject, row.result, row.wanted, "" if row.met else "不合格") for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(map(_padded, line, widths)).rstrip() for line in cells]
    for number, row in reversed(list(enumerate(rows, 1))):
        lines[number + 1 : number + 1] = [f"    {fault}" for fault in row.faults]
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
