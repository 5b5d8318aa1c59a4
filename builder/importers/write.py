"""Drafts → YAML files to review: ``<年度>/<部门代码>/<项目>.yml``, doubts as comments at their values."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING

from builder.format import write_project
from builder.frozen import frozen
from builder.source import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from builder.importers.doubts import Doubt
    from builder.importers.draft import Draft, Imported
    from builder.schema import Schemas
    from builder.source import Document

MARK = "待核"
_UNFIT = re.compile(r"[^\w-]+")
_MAX_STEM = 180  # bytes; file systems take 255 for a name
_MAX_COMMENT = 200
_NAMELESS = "未命名"
_DEPARTMENT = "部门"  # the name of the department's own file
_NO_YEAR, _NO_CODE = "年度不明", "代码不明"


@frozen()
class Written:
    """One file to write: its path below the output folder, its text, and the draft it is made of."""

    path: str
    text: str
    draft: Draft
    source: str


def files(imported: Iterable[Imported], schemas: Schemas) -> tuple[Written, ...]:
    """A file for every draft; two projects of one name get different files."""
    used: Counter[str] = Counter()
    return tuple(_file(draft, one.file, schemas, used) for one in imported for draft in one.drafts)


def _file(draft: Draft, source: str, schemas: Schemas, used: Counter[str]) -> Written:
    folder = f"{draft.data.get('年度', _NO_YEAR)}/{draft.data.get('部门代码', _NO_CODE)}"
    path = f"{folder}/{stem(str(draft.data.get('项目名称', _NAMELESS)))}"
    used[path] += 1
    suffix = f"-{used[path]}" if used[path] > 1 else ""
    return Written(f"{path}{suffix}.yml", _text(draft, source, schemas), draft, source)


def stem(name: str) -> str:
    """A file name for a project that is fit for an address, as near to its name as can be."""
    fit = _UNFIT.sub("", unicodedata.normalize("NFC", name)).lstrip("-_")
    fit = unicodedata.normalize("NFC", fit.encode()[:_MAX_STEM].decode(errors="ignore"))
    return fit if fit and fit != _DEPARTMENT else _NAMELESS


def _text(draft: Draft, source: str, schemas: Schemas) -> str:
    """The data laid out, with a comment above every value that is in doubt."""
    text = write_project(draft.data, schemas)
    document, _ = parse(text.encode(), "")
    lines = text.split("\n")
    comments: dict[int, list[str]] = {}
    if document is not None:
        for doubt in draft.doubts:
            if doubt.path is not None:
                comments.setdefault(_line(document, doubt), []).append(_comment(doubt))
    body = [line for number, line in enumerate(lines, 1) for line in (*_above(comments, number, lines), line)]
    asked = (
        f"有 {sum(map(len, comments.values()))} 处注明“{MARK}”，请逐处核对，改好后删去注释。"
        if comments
        else ""
    )
    name = _clean(PurePath(source).name)
    head = f"# 由 jixiao import 从“{name}”读出。{asked}"
    return "\n".join([head, "", *body])


def _line(document: Document, doubt: Doubt) -> int:
    """The line of a doubt's value, or of the nearest value around it."""
    path = doubt.path or ()
    while path:
        if path in document.keys:
            return document.keys[path].line
        if path in document.values:
            return document.values[path].line
        path = path[:-1]
    return 1


def _above(comments: dict[int, list[str]], number: int, lines: Sequence[str]) -> Iterator[str]:
    line = lines[number - 1]
    indent = line[: len(line) - len(line.lstrip())]
    yield from (indent + comment for comment in dict.fromkeys(comments.get(number, ())))


def _comment(doubt: Doubt) -> str:
    where = f" {doubt.cell.address}" if doubt.cell else ""
    return f"# {MARK} {doubt.code}{_clean(where)}：{_clean(doubt.message)}"


def _clean(text: str) -> str:
    """Text on one line without what cannot be seen, for a comment."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    shown = line if len(line) <= _MAX_COMMENT else f"{line[:_MAX_COMMENT]}…"
    return f" {shown}" if text.startswith(" ") else shown
