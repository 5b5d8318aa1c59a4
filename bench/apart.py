"""``python -m bench.apart build …``: a build in this process, which prints what two files of everything took.

The Excel and the SQLite file of the whole collection hold every row: any edit changes them, however little
else is made anew.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from builder import cli
from builder.exports.data import scopes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from builder.exports.data.scopes import Scope
    from builder.store import Store

SAID = "apart: "
"""What the line begins with that is printed last; behind it stand the seconds."""


def main() -> int:
    """Build as told, with the time of the two files taken."""
    spent = 0.0
    write = scopes.write

    def timed(scope: Scope, suffix: str, folder: Path, store: Store) -> Iterator[str]:
        nonlocal spent
        started = time.perf_counter()
        yield from write(scope, suffix, folder, store)
        if scope.year is None and suffix in {"xlsx", "sqlite"}:
            spent += time.perf_counter() - started

    scopes.write = timed
    status = cli.main([*sys.argv[1:], "--workers", "1"])
    print(f"{SAID}{spent:.2f}")
    return status


if __name__ == "__main__":
    sys.exit(main())
