"""One form as read: the data of a YAML file, where each value came from, what is doubtful and what is left.

Never a Project: the data may lack keys and hold 二级指标 that the form does not have, and ``jixiao check``
says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.frozen import frozen

if TYPE_CHECKING:
    from builder.form import Form
    from builder.importers.doubts import Doubt
    from builder.importers.table import Cell
    from builder.problem import Path
    from builder.source import Json


@frozen()
class Origin:
    """One value of the YAML and the cells it was taken from."""

    path: Path
    cells: tuple[Cell, ...]


@frozen()
class Draft:
    """One form. ``labels``: cells that only hold the form's own words; ``left``: cells not taken, and why."""

    form: Form
    data: dict[str, Json]
    origins: tuple[Origin, ...]
    labels: tuple[Cell, ...]
    left: tuple[tuple[Cell, str], ...]
    doubts: tuple[Doubt, ...]

    def value(self, path: Path) -> Json:
        """The value at a path of the data; ``None`` where there is none."""
        value: Json = self.data
        for step in path:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value


@frozen()
class Imported:
    """All forms of one file, what stood outside them, and what is wrong with the file as a whole."""

    file: str
    drafts: tuple[Draft, ...]
    left: tuple[tuple[Cell, str], ...]
    doubts: tuple[Doubt, ...]
