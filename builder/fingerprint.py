"""What everything that is made depends on, whatever the data: this program, its libraries, and Python."""

from __future__ import annotations

import os
import sqlite3
import sys
import zlib
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE = Path(__file__).parent
_SUFFIXES = {".py", ".html", ".xml", ".rels", ".typ", ".json", ".js", ".css", ".svg"}


@cache
def of_program() -> str:
    """A digest of the program's own files, of the versions of all installed libraries, and of Python."""
    known = sha256()
    for part in (sys.version, zlib.ZLIB_RUNTIME_VERSION, sqlite3.sqlite_version, *_libraries()):
        known.update(f"{part}\n".encode("utf-8", "surrogateescape"))
    known.update(of_folder(_CODE).encode())
    return known.hexdigest()


def _libraries() -> list[str]:
    """What the metadata of each installed library begin with: among it stand its name and its version."""
    found: set[str] = set()
    for folder in {*map(os.path.abspath, sys.path)}:
        try:
            names = os.listdir(folder)  # noqa: PTH208  hundreds of names, of which few are asked for
        except OSError:  # modules in one file (zip), or nothing
            found.update(_stamp(Path(folder)))
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                found.add(f"{name} {_beginning(f'{folder}/{name}')}")
    return sorted(found)


_BEGINNING = 512  # bytes


def _beginning(path: str) -> str:
    """Of the file that holds the metadata: which it is depends on how the library was installed."""
    for name in (f"{path}/METADATA", f"{path}/PKG-INFO", path):
        with suppress(OSError), open(name, "rb") as stream:  # noqa: PTH123  no Path for each of many files
            return stream.read(_BEGINNING).decode("utf-8", "replace")
    return ""


def _stamp(path: Path) -> Iterator[str]:
    with suppress(OSError):
        facts = path.stat()
        yield f"{path} {facts.st_size} {facts.st_mtime_ns}"


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
