"""The schemas as editors want them: each in one piece, with nothing in it that an editor misuses.

The YAML server behind VS Code checks our schemas rightly as they are, but when it offers keys it neither
follows a ``$ref`` with words beside it nor prints an example that is a list, and it puts a real example where
the clerk's own text belongs. So what it reads is made from the schemas: references resolved, examples (which
stand in the help text too) and our own annotations left out.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.schema import Schemas

NAMES = ("project", "department")
"""The schemas that editors use, as named in ``Schemas.resolved``."""

_NESTED = {"items", "if", "then", "else", "additionalProperties"}
_LEFT_OUT = {"examples", "$id", "$comment"}


def text(name: str, schemas: Schemas) -> str:
    """One schema as JSON, indented."""
    return json.dumps(_plain(schemas.resolved[name]), ensure_ascii=False, indent=1, default=_number) + "\n"


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            plain[key] = {name: _plain(inner) for name, inner in value.items()}
        elif key in _NESTED and isinstance(value, dict):
            plain[key] = _plain(value)
        elif key == "allOf":
            plain[key] = [_plain(inner) for inner in value]
        elif key not in _LEFT_OUT and not key.startswith("x-"):
            plain[key] = value
    return plain


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(value)
