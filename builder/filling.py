"""填报: what the page for filling in a form asks of the builder. Plain JSON values in, plain JSON values out.

The same reader, check, layout and printed form as everywhere else; nothing is decided here a second time.
"""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from builder import edit, tree
from builder.check import examine, judge
from builder.errors import BuilderError
from builder.format import write_project
from builder.grid import form_grid
from builder.plain import form_schema, plain, typed
from builder.problem import Place
from builder.render import render
from builder.source import parse
from builder.yaml_faults import READER_CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.plain import Plain
    from builder.problem import Path, Problem
    from builder.rules import Settings
    from builder.schema import Schemas
    from builder.source import Document
    from builder.tree import SourceFile

Answer = dict[str, Any]
"""A JSON object."""

_FORM_TEMPLATE = "parts/target_form.html"


def read(text: str, schemas: Schemas) -> Answer:
    """``data``, the plain data of a YAML text or null, and ``problems``, what the reader found."""
    document, problems = parse(_bytes(text), "")
    data = None if document is None else plain(document.data, form_schema(document.data, schemas))
    return {"data": data, "problems": [_told(problem, document) for problem in problems]}


def check(text: str, name: str, beside: Mapping[str, str], schemas: Schemas, settings: Settings) -> Answer:
    """What ``jixiao check`` says of one file: ``problems`` and ``waived``, each with its path into the data.

    ``name``: the file's path; ``beside``: other files of the department by path, checked with it.
    """
    texts = {**beside, name: text}
    files = sorted((_file(other, texts[other]) for other in texts), key=_order)
    examined = [examine(file, schemas) for file in files]
    at = next(number for number, file in enumerate(files) if file.name == name)
    document, checked = examined[at].document, judge(examined, settings)[at]
    return {
        "problems": [_told(problem, document) for problem in checked.problems],
        "waived": [{**_told(answer.problem, document), "reason": answer.reason} for answer in checked.waived],
    }


def write(original: str | None, data: Mapping[str, Plain], schemas: Schemas) -> str:
    """The text that means ``data``: laid out when there is no ``original``, else its smallest edit.

    Raises:
        BuilderError: the original cannot be read, or YAML cannot hold the data.
    """
    wanted = typed(dict(data), form_schema(data, schemas))
    if not isinstance(wanted, dict):
        raise TypeError(wanted)
    if original is not None:
        return edit.edit(original, wanted, schemas)
    text = write_project(wanted, schemas)
    if not edit.means(text, wanted, schemas):
        raise BuilderError(edit.CANNOT)
    return text


def preview(text: str, name: str, schemas: Schemas) -> str:
    """The HTML of the printed form as the project's page will have it.

    Raises:
        BuilderError: the text names no form.
    """
    examined = examine(_file(name, text), schemas)
    if examined.subject is None:
        raise BuilderError("还不能预览：请先写明表样，并改正语法错误。")
    return render(_FORM_TEMPLATE, view={"form": form_grid(examined.subject.project, examined.subject.form)})


def _order(file: SourceFile) -> tuple[int, str]:
    """As files come from disk: by year, then by path."""
    return (file.id.year if file.id else 0, file.name)


def _file(name: str, text: str) -> SourceFile:
    return tree.placed(tree.SourceFile(name, _bytes(text), tree.identity(FilePath("/", name))))


def _bytes(text: str) -> bytes:
    # A half of a pair, which only a browser's text can hold, is for the reader to refuse.
    return text.encode("utf-8", "surrogatepass")


def _told(problem: Problem, document: Document | None) -> Answer:
    path = _path_at(problem, document) if problem.code in READER_CODES else problem.path
    return {
        "path": _nearest(path, document),
        "line": problem.line,
        "column": problem.column,
        "severity": str(problem.severity),
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def _path_at(problem: Problem, document: Document | None) -> Path:
    """The path of the last key or value on the line of a problem, or of the last before that line."""
    places = [*document.keys.items(), *document.values.items()] if document is not None else []
    before = ((place, len(path), path) for path, place in places if place.line <= problem.line)
    return max(before, key=lambda one: one[:2], default=(Place(1, 1), 0, ()))[2]


def _nearest(path: Path, document: Document | None) -> list[str | int]:
    """As much of a path as leads to something in the data."""
    while document is not None and path and path not in document.values:
        path = path[:-1]
    return list(path) if document is not None else []
