"""What is wrong with the data, as values: a finding has a path, a problem has a place.

Nothing here reads, prints or raises; every other module may import it and it imports none.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import NamedTuple

from builder.frozen import Packed, frozen

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a document to one value."""


class Severity(StrEnum):
    """严重程度: ``error`` stops publication, ``warning`` wants an answer, ``info`` is advice."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITY_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
"""What a reader sees for each severity."""


class Place(NamedTuple):
    """A place in a text: line and column count from 1, in code points."""

    line: int
    column: int


@frozen()
class Finding:
    """检查发现: what a rule found, at a path in one record.

    ``message`` says what is wrong, ``hint`` what to write instead, both in Chinese.
    ``on_key`` aims at the key of the path's last step rather than at its value.
    """

    code: str
    path: Path
    message: str
    hint: str = ""
    on_key: bool = False


@frozen(order=True)
class Problem(Packed):
    """问题: a fault in a file, at its place, ready to be shown. Sorts by file and place.

    ``path`` is that of the finding behind it, where there is one; two problems are equal without it.
    """

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    hint: str = ""
    path: Path = field(default=(), compare=False, repr=False)


@frozen(order=True)
class Waived(Packed):
    """A problem answered by a waiver (豁免), with the waiver's reason (理由)."""

    problem: Problem
    reason: str
