"""The files of the engine, for the folder ``fill/engine`` of the site.

The large ones are deflated here, as servers seldom do it for such files; the page inflates them.
"""

from __future__ import annotations

import json
import zlib
from functools import cache
from typing import TYPE_CHECKING

from builder.engine import pack, pyodide
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "fill/engine"
"""Where the engine stands in the site."""


@frozen()
class Kit:
    """What an engine is made of: Pyodide's folder, that of the forms, and the rules file, if there is one."""

    pyodide: Path
    forms: Path
    rules: Path


def made_from(kit: Kit) -> tuple[object, ...]:
    """All that the files depend on, beside the program itself and the forms."""
    rules = kit.rules.read_bytes() if kit.rules.is_file() else b""
    return (*pyodide.digests(kit.pyodide), rules)


def files(kit: Kit) -> Iterator[tuple[str, bytes]]:
    """Every file of the engine: its name under ``FOLDER`` and its bytes."""
    loaded = (*_python(kit.pyodide), ("jixiao.bin", _deflated(pack.program(kit.forms, kit.rules))))
    sizes = {name: len(data) for name, data in loaded}
    contents = {"lock": pyodide.lock(kit.pyodide), "sizes": sizes}
    yield from loaded
    yield "contents.json", json.dumps(contents, separators=(",", ":")).encode()
    yield "licences.txt", pack.licences(pyodide.about(kit.pyodide)).encode()


@cache
def _python(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """Pyodide. Its modules get the suffix that every server knows as JavaScript."""
    return (
        ("pyodide.js", (folder / "pyodide.mjs").read_bytes()),
        ("pyodide.asm.js", (folder / "pyodide.asm.mjs").read_bytes()),
        ("python.bin", _deflated((folder / "pyodide.asm.wasm").read_bytes())),
        ("library.bin", _deflated(pyodide.needed_modules(folder))),
    )


def _deflated(data: bytes) -> bytes:
    return zlib.compress(data, 5)
