"""A record as plain JSON values, for programs that know neither decimals nor large numbers; and back.

An amount becomes the text of its digits as written ("13.00"), and so does any number a double cannot hold.
On the way back a text where the form wants a number is that number again, digits and all.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from builder import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.schema import Schemas
    from builder.source import Json

Plain = dict[str, "Plain"] | list["Plain"] | str | int | bool | None
"""What JSON and every reader of it hold alike."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,99})(?P<fraction>\.[0-9]{1,99})?")
_LARGEST = 2**53 - 1  # a double holds every whole number up to here


def form_schema(data: Mapping[str, Any], schemas: Schemas) -> Mapping[str, Any]:
    """The resolved schema of a record's form or of a department's facts; empty where the data names none."""
    name = decode.form_id(data) or ""
    if name in schemas.forms:
        return schemas.resolved[name]
    return schemas.resolved["department"] if decode.DEPARTMENT_NAME in data else {}


def inner(schema: Mapping[str, Any], step: str | int) -> Mapping[str, Any]:
    """The schema of a mapping's key or of a list's items; empty where nothing is said."""
    found = schema.get("items", {}) if isinstance(step, int) else schema.get("properties", {}).get(step, {})
    return found if isinstance(found, dict) else {}


def plain(value: Json, schema: Mapping[str, Any]) -> Plain:
    """Data as JSON holds it."""
    match value:
        case dict():
            return {key: plain(item, inner(schema, key)) for key, item in value.items()}
        case list():
            return [plain(item, inner(schema, index)) for index, item in enumerate(value)]
        case Decimal():
            return f"{value:f}"
        case int() if not isinstance(value, bool) and (_is_amount(schema) or abs(value) > _LARGEST):
            return str(value)
        case _:
            return value


def typed(value: Plain | Decimal, schema: Mapping[str, Any]) -> Json:
    """Data as the reader of YAML would give it."""
    match value:
        case dict():
            return {key: typed(item, inner(schema, key)) for key, item in value.items()}
        case list():
            return [typed(item, inner(schema, index)) for index, item in enumerate(value)]
        case str() if _is_amount(schema):
            return _number(value)
        case Decimal():
            return _number(f"{value:f}")
        case _:
            return value


def _is_amount(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "number"


def _number(text: str) -> Json:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    return Decimal(text) if match["fraction"] else int(text)
