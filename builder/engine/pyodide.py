"""Pyodide, the Python of the browser: where its package may stand, and what of it the engine needs."""

from __future__ import annotations

import json
import os
import zipfile
from fnmatch import fnmatchcase
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "JIXIAO_PYODIDE"
_PACKAGE = Path("node_modules", "pyodide")
_FILES = ("pyodide-lock.json", "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
_WANTED = json.loads(Path(__file__).with_name("node").joinpath("package.json").read_text(encoding="utf-8"))
VERSION: str = _WANTED["dependencies"]["pyodide"]
"""The one that is tested; another may hold another Python."""

MISSING = (
    f"填报页不能当场检查：这台机器上没有 Pyodide {VERSION}。装上 npm 后重新运行 make site 就会带上；"
    f"或者在 mkdocs.yml 旁边运行 npm install pyodide@{VERSION} 再生成；"
    f"不能联网的，用环境变量 {VARIABLE} 指明它解开后的文件夹。"
)
"""What a build says when there is none."""


def find(base: Path) -> Path | None:
    """The folder of Pyodide's package, if it is here: as named, beside the data, or in the checkout."""
    if named := os.environ.get(VARIABLE):
        candidates = [Path(named)]
    else:
        checkout = Path(__file__).parents[2]
        roots = (base / ".cache" / "engine", base, checkout / ".cache" / "engine")
        candidates = [root / _PACKAGE for root in roots]
    return next((folder for folder in candidates if _is_whole(folder)), None)


def _is_whole(folder: Path) -> bool:
    whole = all((folder / name).is_file() for name in (*_FILES, "package.json"))
    return whole and about(folder)["version"] == VERSION


def digests(folder: Path) -> tuple[str, ...]:
    """What the package's files are, each in SHA-256."""
    return tuple(sha256((folder / name).read_bytes()).hexdigest() for name in (*_FILES, "package.json"))


def about(folder: Path) -> dict[str, str]:
    """The name, version, licence and home page in the package's own description."""
    told = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    return {key: str(told.get(key, "")) for key in ("name", "version", "license", "homepage")}


def lock(folder: Path) -> dict[str, Any]:
    """What Pyodide must be told of itself when it starts; of its further packages none is used."""
    told = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    return {"info": told["info"], "packages": {}}


_UNUSED = (
    *("_pyrepl/*", "asyncio/windows_*", "asyncio/__main__.py", "concurrent/interpreters/*", "ctypes/*"),
    *("curses/*", "dbm/*", "email/*", "ensurepip/*", "html/*", "http/*", "multiprocessing/*", "profiling/*"),
    *("pydoc_data/*", "pyodide/console.py", "sqlite3/*", "tomllib/*", "unittest/*", "venv/*", "wsgiref/*"),
    *("xml/dom/*", "xml/sax/*", "xmlrpc/*", "zoneinfo/*", "bdb.py", "cProfile.py", "cmd.py", "code.py"),
    *("configparser.py", "csv.py", "doctest.py", "filecmp.py", "fileinput.py", "ftplib.py", "getopt.py"),
    *("getpass.py", "imaplib.py", "mailbox.py", "modulefinder.py", "netrc.py", "nturl2path.py"),
    *("optparse.py", "pdb.py", "pickletools.py", "plistlib.py", "poplib.py", "profile.py", "pstats.py"),
    *("pty.py", "pyclbr.py", "pydoc.py", "rlcompleter.py", "sched.py", "shelve.py", "smtplib.py"),
    *("socketserver.py", "statistics.py", "symtable.py", "tabnanny.py", "timeit.py", "trace.py"),
    *("tracemalloc.py", "turtle.py", "wave.py", "webbrowser.py", "zipapp.py"),
    *("encodings/big5*", "encodings/cp[!4]*", "encodings/cp4[!3]*", "encodings/euc_*", "encodings/hp_*"),
    *("encodings/iso*", "encodings/johab.py", "encodings/koi8*", "encodings/kz*", "encodings/mac_*"),
    *("encodings/palmos.py", "encodings/ptcp*", "encodings/shift_*", "encodings/tis_*"),
)
"""Modules of the standard library that neither the builder nor what it stands on ever asks for."""


def needed_modules(folder: Path) -> bytes:
    """The standard library as far as it is needed, as a zip that is not compressed."""
    packed = BytesIO()
    with zipfile.ZipFile(folder / "python_stdlib.zip") as whole, zipfile.ZipFile(packed, "w") as part:
        for name in _needed(whole.namelist()):
            part.writestr(zipfile.ZipInfo(name), whole.read(name))
    return packed.getvalue()


def _needed(names: list[str]) -> Iterator[str]:
    for name in sorted(names):
        if name.endswith(".py") and not any(fnmatchcase(name, pattern) for pattern in _UNUSED):
            yield name
