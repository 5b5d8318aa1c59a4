"""The page 表样栏目: every key of every form, made from the schemas so that page and check cannot part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder import decode, yaml_block
from builder.markdown import escaped
from builder.yaml_block import Block, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.schema import Schemas

_KINDS = {
    "string": "文字",
    "number": "数",
    "integer": "整数",
    "array": "列表",
    "object": "分组",
    "null": " null",
}

_HEAD = """\
# 表样栏目

每个表样有哪些栏目、哪些必须写、写什么。本页由 `schema/` 里的表样生成，与检查用的是同一份，请不要直接改。

空白模板用 `jixiao new --template` 加上表样的代号打印。
"""


def page(schemas: Schemas) -> str:
    """The whole page, Markdown."""
    parts, shared = [_HEAD], dict[str, None]()
    for form in schemas.forms.values():
        parts.append(
            f"## {escaped(form.name)} {{#{form.id}}}\n\n代号 `{form.id}`。{escaped(form.description)}\n"
        )
        parts += _tables(form.id, schemas.resolved[form.id])
        shared |= dict.fromkeys(_lists(schemas.resolved[form.id]))
    department = schemas.resolved["department"]
    parts.append(
        f"## {escaped(department['title'])} {{#department}}\n\n{escaped(department['description'])}\n"
    )
    parts += _tables("department", department)
    shared |= dict.fromkeys(_lists(department))
    return "\n".join([*parts, "## 列表里的一项 {#items}\n", *shared])


def _tables(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    """A table for the top of the file and one for each group below it, in the order of the form."""
    yield _table(f"### 文件最外层 {{#{name}-top}}", schema)
    for key, inner in schema["properties"].items():
        if key == decode.INDICATORS:
            yield _indicators(f"### {key} {{#{name}-{key}}}", inner)
        elif "properties" in inner:
            yield _table(f"### {key} {{#{name}-{key}}}", inner)


def _lists(schema: Mapping[str, Any]) -> Iterator[str]:
    """A table for what each list under ``schema`` is made of."""
    items = schema.get("items", {})
    if "properties" in items:
        yield _table(f"### {escaped(items['title'])}", items)
    for inner in schema.get("properties", {}).values():
        yield from _lists(inner)


def _table(heading: str, schema: Mapping[str, Any]) -> str:
    rows = (
        _row(
            escaped(key),
            "是" if key in schema.get("required", ()) else "",
            _kind(inner),
            escaped(inner["description"]),
            _example(key, inner),
        )
        for key, inner in schema["properties"].items()
    )
    return "\n".join([heading, "", *_heads("栏目", "必须写", "写什么", "说明", "例"), *rows, ""])


def _indicators(heading: str, schema: Mapping[str, Any]) -> str:
    """一级指标 and 二级指标 with what the form prints beside them."""
    rows = (
        _row(escaped(level1), escaped(level2), _mark(slot), escaped(slot["description"]), _first(slot))
        for level1, group in schema["properties"].items()
        for level2, slot in group["properties"].items()
    )
    about = f"{escaped(schema['description'])}每个二级指标之下是列表，每条指标一项。"
    return "\n".join(
        [heading, "", about, "", *_heads("一级指标", "二级指标", "必填", "说明", "例"), *rows, ""]
    )


def _heads(*words: str) -> tuple[str, str]:
    return _row(*words), _row(*("---" for _ in words))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _mark(slot: Mapping[str, Any]) -> str:
    return escaped(slot.get("x-mark", "是" if slot["x-required"] else ""))


def _kind(schema: Mapping[str, Any]) -> str:
    """What kind of value is written, and its bounds."""
    choices = [schema["const"]] if "const" in schema else schema.get("enum")
    if choices:
        return "只能写 " + " 或 ".join(_code(str(choice)) for choice in choices)
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    words = "或".join(_KINDS[kind] for kind in kinds)
    low, high, most = schema.get("minimum"), schema.get("maximum"), schema.get("maxLength")
    if low is not None:
        words += f"，{low} 到 {high}" if high is not None else f"，不小于 {low}"
    return words + (f"，最多 {most} 字" if most is not None else "")


def _example(key: str, schema: Mapping[str, Any]) -> str:
    """The line to write; a group or a list of groups has a table of its own."""
    example = schema.get("const", schema["examples"][0])
    if isinstance(example, dict) or (isinstance(example, list) and isinstance(example[0], dict)):
        return "见下文"
    lines = yaml_block.render(Block([Entry(key, yaml_block.build(example))]))
    return "<br>".join(_code(line) for line in lines)


def _first(slot: Mapping[str, Any]) -> str:
    """The first indicator of a slot's example."""
    return "<br>".join(_code(line) for line in yaml_block.render(_block(slot["examples"][0][:1])))


def _block(rows: list[Any]) -> Block:
    return Block([Entry(None, yaml_block.build(row)) for row in rows])


def _code(line: str) -> str:
    # Leading spaces would be lost in a table's cell.
    text = line.lstrip(" ")
    return f"<code>{'&nbsp;' * (len(line) - len(text))}{escaped(text)}</code>"
