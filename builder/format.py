"""The one layout of a data file: YAML text in; the same data in the same words out, as the contract has it.

Only layout changes: the order of keys, quotes, indentation, empty lines, line ends. Comments stay with what
they stand above or beside. What the reader finds fault with is left alone, for a layout built on a misread
text could lose something; and every result is read back and compared before it is given away.

Why not a library: one that keeps comments keeps the spelling of each value too, so the rules for quotes would
still be ours; it reads by other rules than ours; and it hangs a comment on the node before it, so comments
would travel wrongly when keys are sorted. The places that ``source`` notes are all that is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import decode, yaml_block, yaml_comments
from builder.plain import form_schema
from builder.problem import Problem, Severity
from builder.source import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.plain import Plain
    from builder.problem import Place
    from builder.schema import Schemas
    from builder.source import Document, Json


def layout(raw: bytes, file: str, schemas: Schemas) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of one file laid out; ``None``, and the reader's problems, where it is to be left alone."""
    document, problems = parse(raw, file)
    if document is None or problems:
        return None, problems
    text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    if not document.data:
        return text, ()
    tree = yaml_comments.read(text, document)
    yaml_block.arrange(tree.root, form_schema(document.data, schemas))
    result = "\n".join([*tree.head, *yaml_block.render(tree.root)]) + "\n"
    if not _same(document, tree, result):
        return None, (_too_unusual(file, document.place(())),)
    return result, ()


def format_text(text: str, schemas: Schemas) -> str:
    """``text`` laid out, or as it is where the reader finds fault with it."""
    result, _ = layout(text.encode(), "", schemas)
    return text if result is None else result


def write_project(data: Mapping[str, Json], schemas: Schemas) -> str:
    """The YAML text of plain data (a project, or a department's facts), as ``format_text`` would leave it.

    The unit of the amounts is noted beside 项目资金.
    """
    block = yaml_block.build(dict(data))
    if not isinstance(block, yaml_block.Block):
        return "{}\n"
    yaml_block.arrange(block, form_schema(data, schemas))
    form = schemas.forms.get(decode.form_id(data) or "")
    for entry in block.entries:
        if form and entry.key == decode.FUNDING:
            entry.trail = f"# {form.currency}"
    return "\n".join(yaml_block.render(block)) + "\n"


def _same(before: Document, tree: yaml_comments.Tree, text: str) -> bool:
    """Whether a laid out text still says the same and has the same comments."""
    after, problems = parse(text.encode(), before.file)
    if after is None or problems or exact(after.data) != exact(before.data):
        return False
    return sorted(yaml_comments.read(text, after).comments) == sorted(tree.comments)


def exact(value: Json | Plain) -> object:
    """A value for comparison: types and digits count, the order of keys does not."""
    match value:
        case dict():
            return {key: exact(item) for key, item in value.items()}
        case list():
            return [exact(item) for item in value]
        case _:
            return type(value), str(value)


def _too_unusual(file: str, place: Place) -> Problem:
    hint = "请改成普通的写法：每行一个“键: 值”，列表每项一行，以“- ”开头。"
    message = "这种少见的 YAML 写法不能自动整理"
    return Problem(file, place.line, place.column, "Y06", Severity.ERROR, message, hint)
