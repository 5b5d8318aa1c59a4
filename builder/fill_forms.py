"""What the page 填报 must know of the forms, as plain JSON values made from the schemas.

Fields stand in printed order with title, description, kind and examples, beside them the taxonomy with its
marks, so that the page draws every form without a second list of fields.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from builder import decode
from builder.codes import CODES
from builder.form import IndicatorsBlock, printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.form import Form
    from builder.schema import Schemas

_QUOTING = "，要加引号"
"""What a description says of YAML, which the page writes by itself."""

FILE = "fill/forms.json"
"""Where it stands in the site."""


def text(schemas: Schemas, *, folder: str, new_url: str, edit_url: str) -> str:
    """The file for the page, JSON on one line.

    ``folder``: of the data, as in mkdocs.yml; ``new_url``, ``edit_url``: templates of the code host's pages.
    """
    told = {
        "folder": folder,
        "new_url": new_url,
        "edit_url": edit_url,
        "rules": [[code.code, code.title] for code in CODES.values() if code.rule],
        "forms": [_form(form, schemas.resolved[form.id]) for form in schemas.forms.values()],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=_number) + "\n"


def _form(form: Form, schema: Mapping[str, Any]) -> dict[str, Any]:
    level1 = schema["properties"][decode.INDICATORS]["properties"]
    return {
        "id": form.id,
        "name": form.name,
        "title": form.title,
        "description": form.description,
        "currency": form.currency,
        "weight_total": form.weight_total,
        "total": form.total.key,
        "funds": [field.key for field in form.funds],
        "fields": list(_fields(schema)),
        "columns": list(_columns(form, level1)),
        "level1": [_level1(name, group) for name, group in level1.items()],
    }


def _fields(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key, inner in schema["properties"].items():
        yield _field(key, inner, required=key in schema.get("required", ()))


def _field(key: str, schema: Mapping[str, Any], *, required: bool) -> dict[str, Any]:
    """One field; ``fields`` are those of a group, or of each item of a list of groups."""
    kind = _kind(key, schema)
    told = {
        "key": key,
        "title": schema["title"],
        "description": schema["description"].replace(_QUOTING, ""),
        "kind": kind,
        "required": required,
    }
    if "enum" in schema:
        told["choices"] = schema["enum"]
    if kind == "group":
        told["fields"] = list(_fields(schema))
    elif kind == "records":
        told["fields"] = list(_fields(schema["items"]))
        told["item"] = schema["items"]["title"]
    elif kind != "indicators":
        told["examples"] = schema["examples"]
    return told


def _kind(key: str, schema: Mapping[str, Any]) -> str:
    """How a field is filled in.

    ``form`` (表样), ``indicators``, ``group``, ``list`` (texts), ``records``, ``texts`` (one or several),
    ``choice``, ``integer``, ``number``, ``nullable`` (text that may be missing) or ``text``.
    """
    if key in {decode.FORM, decode.INDICATORS}:
        return "form" if key == decode.FORM else "indicators"
    match schema.get("type", "string"):
        case "object":
            return "group"
        case "array":
            return "records" if "properties" in schema["items"] else "list"
        case "integer" | "number" as kind:
            return str(kind)
        case [*kinds]:
            return "texts" if "array" in kinds else "nullable"
    return "choice" if "enum" in schema else "text"


def _columns(form: Form, level1: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The columns of an indicator; ``label``: what the form prints over them, empty where it prints none."""
    slot = next(slot for group in level1.values() for slot in group["properties"].values())
    shown = set(printed(form.layout))
    labels = dict(_labels(form))
    for field in _fields(slot["items"]):
        key = field["key"]
        yield {**field, "printed": field["required"] or key in shown, "label": labels.get(key, "")}


def _labels(form: Form) -> Iterator[tuple[str, str]]:
    for row in form.layout.rows:
        if isinstance(row, IndicatorsBlock):
            yield from ((cell.fields[0], cell.label or "") for cell in row.columns)


def _level1(name: str, group: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "description": group["description"],
        "level2": [
            {
                "name": level2,
                "mark": slot.get("x-mark", ""),
                "required": slot["x-required"],
                "description": slot["description"],
                "example": slot["examples"][0][0],
            }
            for level2, slot in group["properties"].items()
        ],
    }


def _number(value: object) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(value)
