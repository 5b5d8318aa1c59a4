"""The one door through which the browser's page asks: a request as JSON in, the answer as JSON out."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from builder import configuration, filling, schema
from builder.errors import BuilderError
from builder.frozen import frozen

if TYPE_CHECKING:
    from pathlib import Path

    from builder.rules import Settings
    from builder.schema import Schemas


@frozen()
class Desk:
    """The forms and the rule settings of a place, ready to answer."""

    schemas: Schemas
    settings: Settings

    def answer(self, request: str) -> str:
        """``{"ask": "check", "with": [...]}`` → ``{"answer": ...}``, or ``{"error": one sentence}``."""
        asked = json.loads(request, parse_float=Decimal)
        try:
            told = {"answer": self._answer(asked["ask"], asked["with"])}
        except BuilderError as error:
            told = {"error": str(error)}
        return json.dumps(told, separators=(",", ":"))

    def _answer(self, ask: str, words: list[object]) -> object:
        match ask, words:
            case "read", [str(text)]:
                return filling.read(text, self.schemas)
            case "check", [str(text), str(name), dict(beside)]:
                return filling.check(text, name, beside, self.schemas, self.settings)
            case "write", [None | str() as original, dict(data)]:
                return filling.write(original, data, self.schemas)
            case "preview", [str(text), str(name)]:
                return filling.preview(text, name, self.schemas)
            case _:
                raise BuilderError(f"没有“{ask}”这一项，或者给它的内容不对。")


def open_desk(folder: Path) -> Desk:
    """The desk of a folder that holds ``schema`` and, where the place has one, its rules file.

    Raises:
        BuilderError: one of them is broken.
    """
    return Desk(schema.load(folder / "schema"), configuration.rules(folder / configuration.RULES_FILE))
