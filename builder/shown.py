"""The official table as a published page shows it, and as the text in git says it, cell by cell."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from builder.grid import form_grid

if TYPE_CHECKING:
    from builder.form import Form
    from builder.model import Project

_TABLE = re.compile(r'<table class="target-form".*?</table>', re.DOTALL)
_CELL = re.compile(r"<(t[dh])\b[^>]*>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def cells(page: str) -> tuple[str, ...] | None:
    """The texts of the table's cells, white space apart; ``None`` unless the page has exactly one table."""
    tables = _TABLE.findall(page)
    if len(tables) != 1:
        return None
    return tuple(_plain(unescape(_TAG.sub("", cell))) for _, cell in _CELL.findall(tables[0]))


def expected(project: Project, form: Form) -> tuple[str, ...]:
    """The same of a project's text."""
    return tuple(_plain("".join(cell.lines)) for line in form_grid(project, form).lines for cell in line)


def _plain(text: str) -> str:
    return "".join(text.split())
