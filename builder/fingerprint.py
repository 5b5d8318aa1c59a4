"""What everything that is made depends on, whatever the data: this program, its libraries, and Python."""

from __future__ import annotations

import os
import sqlite3
import sys
import zlib
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

_CODE = Path(__file__).parent
_SUFFIXES = {".py", ".html", ".xml", ".rels", ".typ", ".json", ".js", ".css", ".svg"}


@cache
def of_program() -> str:
    """A digest of the program's own files, of the versions of all installed libraries, and of Python."""
    known = sha256()
    for part in (sys.version, zlib.ZLIB_RUNTIME_VERSION, sqlite3.sqlite_version, *_libraries()):
        known.update(f"{part}\n".encode())
    known.update(of_folder(_CODE).encode())
    return known.hexdigest()


def _libraries() -> list[str]:
    found = {f"{one.metadata['Name']} {one.version}" for one in metadata.distributions()}
    return sorted(found)


def of_folder(folder: Path) -> str:
    """A digest of the names and the bytes of the files below a folder that a program is made of."""
    known = sha256()
    for walked, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            path = Path(walked, name)
            if path.suffix in _SUFFIXES:
                data = path.read_bytes()
                known.update(f"{path.relative_to(folder).as_posix()} {len(data)}\n".encode())
                known.update(data)
    return known.hexdigest()


def of(*parts: object) -> str:
    """A digest of plain values (texts, numbers, tuples, frozen records of them), by how they print."""
    known = sha256()
    for part in parts:
        known.update(repr(part).encode("utf-8", "surrogateescape"))
        known.update(b"\0")
    return known.hexdigest()
