"""What an unquoted text of YAML is: a constant, a number with its printed digits, or the text itself."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,99})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,99})\.[0-9]{1,99}")
_CONSTANTS: Mapping[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


def unquoted(text: str) -> str | int | Decimal | bool | None:
    """What a text without quotes stands for in the core schema of YAML 1.2, its odd numbers left out."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0].isascii():  # no number begins otherwise
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
    return text
