"""This program and what it stands on as one zip, to be unpacked in the browser: what is needed there."""

from __future__ import annotations

import ast
import zipfile
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from builder.render import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DOOR = "builder.desk"
_TEMPLATES = ("parts/target_form.html",)
_STAND_IN = Path(__file__).with_name("rpds.py")
_LIBRARIES = {
    "PyYAML": ("yaml",),
    "jsonschema": ("jsonschema",),
    "jsonschema-specifications": ("jsonschema_specifications",),
    "referencing": ("referencing",),
    "attrs": ("attr", "attrs"),
    "Jinja2": ("jinja2",),
    "MarkupSafe": ("markupsafe",),
}
"""Package → its import names. rpds-py is compiled; a stand-in takes its place."""

_UNUSED = ("tests", "benchmarks", "__pycache__")
_SUFFIXES = {".py", ".json"}


def program(forms: Path, rules: Path) -> bytes:
    """The zip, not compressed: modules, libraries, templates, and the forms and rules of the place."""
    contents = {**dict(_code()), **dict(_own(forms, rules))}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(contents):
            archive.writestr(zipfile.ZipInfo(name), contents[name])
    return packed.getvalue()


def _own(forms: Path, rules: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(forms.glob("*.json")):
        yield f"schema/{path.name}", path.read_bytes()
    if rules.is_file():
        yield "rules.yml", rules.read_bytes()


@cache
def _code() -> tuple[tuple[str, bytes], ...]:
    return (*_builder(), *_templates(), ("rpds.py", _STAND_IN.read_bytes()), *_libraries())


def _builder() -> Iterator[tuple[str, bytes]]:
    root = Path(__file__).parents[2]
    for path in modules():
        yield path.relative_to(root).as_posix(), path.read_bytes()


def _templates() -> Iterator[tuple[str, bytes]]:
    for name in _TEMPLATES:
        yield f"builder/templates/{name}", (TEMPLATES / name).read_bytes()


def modules() -> tuple[Path, ...]:
    """The files of this program that are imported when the desk is opened, by name."""
    found: dict[str, Path] = {}
    waiting = [_DOOR]
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if name not in found and path is not None:
            found[name] = path
            waiting += [*_imported(path), name.rpartition(".")[0]]
    return tuple(found[name] for name in sorted(found))


def _path(name: str) -> Path | None:
    """The file of a module of ours; a name that is no module has none."""
    parts = name.split(".")
    if parts[0] != "builder":
        return None
    place = Path(__file__).parents[2].joinpath(*parts)
    candidates = (place / "__init__.py", place.with_suffix(".py"))
    return next((path for path in candidates if path.is_file()), None)


def _imported(path: Path) -> Iterator[str]:
    """Names that a module imports when it is imported itself, and what may be modules among what it takes."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if _is_for_types(node) or isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        waiting += ast.iter_child_nodes(node)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _libraries() -> Iterator[tuple[str, bytes]]:
    for names in _LIBRARIES.values():
        for name in names:
            spec = find_spec(name)
            if spec is None or spec.origin is None:
                raise ModuleNotFoundError(name)
            root = Path(spec.origin).parent
            for path in sorted(root.rglob("*")):
                inside = path.relative_to(root)
                if path.is_file() and _is_needed(inside):
                    yield f"{name}/{inside.as_posix()}", path.read_bytes()


def _is_needed(path: Path) -> bool:
    return not set(path.parts) & set(_UNUSED) and (path.suffix in _SUFFIXES or not path.suffix)


def licences(python: Mapping[str, str]) -> str:
    """Whose work the engine contains, and under which terms; for whoever receives it."""
    lines = ["本文件夹里的程序由下列软件组成，各按自己的许可证使用：", ""]
    lines.append(_line(python["name"], python["version"], python["license"], python["homepage"]))
    lines.append(_line("CPython", "", "PSF-2.0", "https://www.python.org/"))
    lines += [_line(name, *_described(name)) for name in _LIBRARIES]
    lines += ["", "pyodide.js、pyodide.asm.js、python.bin、library.bin 取自 Pyodide 的发行包，没有改动"]
    lines += ["（python.bin 和 library.bin 压缩过，library.bin 只留下用得到的模块），源代码见它的主页。", ""]
    return "\n".join((*lines, *(text for name in _LIBRARIES for text in _texts(name))))


def _described(name: str) -> tuple[str, str, str]:
    """Version, licence and home page, as the package says."""
    told = metadata.metadata(name)
    fields = (told.get_all(field) or [] for field in ("License-Expression", "License"))
    licence = next((value for values in fields for value in values), "")
    pages = dict(value.lower().split(", ", 1) for value in told.get_all("Project-URL") or [])
    return metadata.version(name), licence, next((pages[key] for key in _PAGES if key in pages), "")


_PAGES = ("homepage", "source", "source code", "documentation")


def _texts(name: str) -> Iterator[str]:
    """The licence texts in a package."""
    for file in metadata.files(name) or []:
        if file.stem.upper() in {"LICENSE", "LICENCE", "COPYING"} and ".dist-info" in str(file):
            text = Path(str(file.locate())).read_text(encoding="utf-8")
            yield f"{'-' * 20} {name}\n\n{text.strip()}\n"


def _line(*parts: str) -> str:
    return "  " + "  ".join(filter(None, parts))
