"""A form to be filled in: the YAML of a new file, made from a form's JSON Schema, with hints as comments.

What must be filled in stands there empty: ``""`` for text, so that the clerk writes between the quotes and
meets none of YAML's traps, nothing for a number. Left empty, the check names each of them. What may be left
out stands there as a comment with an example. Hints stand on lines of their own, above what they speak of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder import decode, yaml_block
from builder.form import printed
from builder.yaml_block import BLANK, Block, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from builder.form import Form
    from builder.schema import Schemas
    from builder.source import Json

_ADVICE = "# 请填好每一处空的引号和空着的数。“#”开头的行是说明，不会公开；用不着的可以删去。"


def project(form: Form, schemas: Schemas, answers: Mapping[str, Json]) -> str:
    """A new project's file on ``form``. ``answers``: what is known already, by key."""
    schema = schemas.resolved[form.id]
    root = _fold(_fields(schema, form, {**answers, decode.FORM: form.id}))
    for entry in root.entries:
        if entry.key == decode.FUNDING:
            entry.trail = f"# {form.currency}"
    return _text([f"# {form.title}：{form.name}", _ADVICE], root)


def department(schemas: Schemas, name: str) -> str:
    """A new 部门.yml."""
    schema = schemas.resolved["department"]
    answers: dict[str, Json] = {decode.DEPARTMENT_NAME: name}
    return _text([f"# {schema['title']}", _ADVICE], _fold(_fields(schema, None, answers)))


def _text(head: Iterable[str], root: Block) -> str:
    return "\n".join([*head, BLANK, *yaml_block.render(root)]) + "\n"


def _fold(entries: Iterable[tuple[Entry, bool]]) -> Block:
    """Entries to be filled in as a block; the others become comment lines above the next entry."""
    block, waiting = Block([]), list[str]()
    for entry, needed in entries:
        if needed:
            entry.before = waiting + entry.before
            block.entries.append(entry)
            waiting = []
        else:
            before, entry.before = entry.before, []
            waiting += [*before, *(f"# {line}" for line in yaml_block.render(Block([entry])))]
    block.end = waiting
    return block


def _fields(
    schema: Mapping[str, Any], form: Form | None, answers: Mapping[str, Json]
) -> Iterator[tuple[Entry, bool]]:
    """The entries of a whole file, and whether each must be filled in."""
    for key, inner in schema["properties"].items():
        needed = key in schema["required"]
        if key in answers:
            value: Block | Json = answers[key]
        elif key == decode.INDICATORS and form:
            value = _indicators(inner, form)
        elif needed:
            value = _blank(inner)
        else:
            value = yaml_block.build(inner["examples"][0])
        entry = Entry(key, value, before=_hints(inner), bare=value is None)
        if key == decode.INDICATORS and form:
            entry.before += _column_hints(inner, form)
        yield entry, needed


def _blank(schema: Mapping[str, Any]) -> Block | Json:
    """What is to be filled in: an empty text, a missing number, or a group of such."""
    match _kind(schema):
        case "object":
            return _fold(
                (Entry(key, value := _blank(inner), before=_hints(inner), bare=value is None), True)
                for key, inner in schema["properties"].items()
            )
        case "array":
            return Block([Entry(None, _blank(schema["items"]))])
        case "string":
            return ""
        case _:
            return None


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "string")
    return kind if isinstance(kind, str) else str(kind[0])


def _indicators(schema: Mapping[str, Any], form: Form) -> Block:
    """绩效指标: one empty row under each 二级指标 that must be filled in, or under all where none must."""
    strict = any(slot.required for _, slot in form.slots)
    groups = []
    for level1, group in schema["properties"].items():
        slots = [
            (Entry(level2, _rows(slot, form), before=_slot_hint(slot)), slot["x-required"] or not strict)
            for level2, slot in group["properties"].items()
        ]
        needed = any(wanted for _, wanted in slots)
        block = _fold((entry, wanted or not needed) for entry, wanted in slots)
        groups.append((Entry(level1, block, before=_hints(group)), needed))
    return _fold(groups)


def _rows(slot: Mapping[str, Any], form: Form) -> Block:
    return Block([Entry(None, Block([_empty(key, inner) for key, inner in _columns(slot, form)]))])


def _empty(key: str, schema: Mapping[str, Any]) -> Entry:
    value = _blank(schema)
    return Entry(key, value, bare=value is None)


def _columns(slot: Mapping[str, Any], form: Form) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The keys of one indicator that the form prints."""
    shown = {*printed(form.layout), *slot["items"]["required"]}
    return ((key, inner) for key, inner in slot["items"]["properties"].items() if key in shown)


def _column_hints(schema: Mapping[str, Any], form: Form) -> list[str]:
    """What goes into each column, said once above all rows."""
    slot = next(slot for group in schema["properties"].values() for slot in group["properties"].values())
    return [f"# {key}：{inner['description']}" for key, inner in _columns(slot, form)]


def _hints(schema: Mapping[str, Any]) -> list[str]:
    return [f"# {schema['description']}"]


def _slot_hint(slot: Mapping[str, Any]) -> list[str]:
    mark = f"{slot['x-mark']}。" if "x-mark" in slot else ""
    return [f"# {mark}{slot['description']}"]
