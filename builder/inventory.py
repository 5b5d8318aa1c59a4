"""The files of a site with their digests: known from when they were put in place, or read.

To read every file of a large site once more takes longer than most of what changed it.
"""

from __future__ import annotations

import os
import tempfile
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from builder.manifest import Digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.store import Stored


class Inventory:
    """What is known of the files under ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Digest] = {}
        self._until = 0

    def add(self, stored: Stored) -> None:
        """Take in what was kept of files that are in place; parts that are no files have a colon."""
        for name, part in stored.parts.items():
            if not name.startswith(":"):
                self._known[name] = Digest(part.size, part.sha256)

    def close(self) -> None:
        """All that was added is in place; whatever is changed from now on is read again.

        The clock is that of the file system, which is not that of the program.
        """
        with tempfile.TemporaryFile(dir=self._folder) as stream:
            self._until = _changed(os.fstat(stream.fileno()))

    def of(self, path: str) -> Digest:
        """One file, by its path from the folder, as it was put in place."""
        return self._known.get(path) or _read(self._folder / path)

    def all(self) -> Iterator[tuple[str, Digest]]:
        """Every file under the folder, in no order."""
        return self._under(str(self._folder), "")

    def _under(self, folder: str, inside: str) -> Iterator[tuple[str, Digest]]:
        with os.scandir(folder) as found:
            for entry in found:
                path = inside + entry.name
                if entry.is_dir():
                    if not entry.is_symlink():
                        yield from self._under(entry.path, f"{path}/")
                    continue
                known = self._known.get(path)
                is_sure = known and _changed(entry.stat()) < self._until
                yield path, known if known and is_sure else _read(Path(entry.path))


def _changed(facts: os.stat_result) -> int:
    """When a file was last changed, ns: one clock can be set back, the other is none on Windows."""
    return max(facts.st_mtime_ns, facts.st_ctime_ns)


def _read(path: Path) -> Digest:
    with path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
        return Digest(stream.tell(), digest)
