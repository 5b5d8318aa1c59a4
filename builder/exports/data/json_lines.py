"""JSON Lines: one project a line, in the shape of a single project's JSON file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from builder.exports.data.rows import Record


@contextmanager
def writer(path: Path) -> Iterator[Callable[[Record], None]]:
    """Write the line of each record that has one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as stream:

        def write(record: Record) -> None:
            if record.line:
                stream.write(record.line + "\n")

        yield write
