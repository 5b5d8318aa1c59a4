"""The shape of ``builder/``: imports run one way, and each outside library has its place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

BUILDER = Path(__file__).parent.parent / "builder"

ROWS = (
    ("frozen",),
    (
        "problem",
        "errors",
        "markdown",
        "version",
        "fingerprint",
        "charts",
        "compiled",
        "scratch",
        "garbage",
        "yaml_scalars",
    ),
    ("values", "manifest", "workers", "store", "staging", "gathering"),
    ("form", "model", "yaml_faults", "means", "inventory", "bundle"),
    ("shape", "spare", "yaml_usual"),
    ("source",),
    ("schema", "tree"),
    ("decode", "yaml_text"),
    ("rules", "yaml_block", "wording", "plain", "pairing"),
    ("waivers", "grid", "catalogue", "address", "downloads"),
    ("yaml_comments", "field_table", "skeleton", "editor_schema", "publisher", "charted"),
    ("check", "views", "format", "shown", "published", "yaml_lines"),
    ("codes", "diff", "browse", "offered", "edit"),
    ("manual", "fill_forms"),
    ("report", "render", "frames", "search", "gitref", "sitemap"),
    ("history", "atom", "filling", "engine"),
    ("checking",),
    ("exports", "importers", "comparison", "touched", "collection", "configuration", "explorer"),
    ("diff_report", "desk"),
    ("across", "adjusted"),
    ("entries",),
    ("site",),
    ("publication",),
    ("units", "verification"),
    ("publish", "preview"),
    ("seal",),
    ("mkdocs_plugin",),
    ("serve",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
"""Lowest first; a module imports only from rows below its own."""

ROW = {module: number for number, row in enumerate(ROWS) for module in row}

PLACES = {
    "yaml": {"source"},
    "jsonschema": {"schema", "shape"},
    "jsonschema_rs": {"schema"},
    "jinja2": {"render", "compiled", "mkdocs_plugin"},
    "leather": {"charts"},
    "mkdocs": {"mkdocs_plugin"},
    "material": {"mkdocs_plugin"},
    "watchfiles": {"serve"},
    "subprocess": {"gitref", "importers"},
    "xlsxwriter": {"exports"},
    "typst": {"exports"},
    "pdfplumber": {"importers"},
    "pdfminer": {"importers"},
    "pikepdf": {"exports", "importers"},
    "pylopdf_fonts_zh_cn": {"exports"},
    "concurrent": {"workers", "published"},
    "multiprocessing": {"workers", "importers"},
    "distributed": {"workers"},
    "http": {"serve", "published"},
    "argparse": {"cli", "commands"},
}
"""Outside libraries and the only modules that may use them."""

PURE = {
    *(
        "frozen",
        "problem",
        "errors",
        "markdown",
        "values",
        "form",
        "model",
        "yaml_faults",
        "yaml_scalars",
        "yaml_usual",
        "shape",
        "source",
        "decode",
    ),
    *(
        "yaml_text",
        "yaml_block",
        "yaml_comments",
        "rules",
        "waivers",
        "grid",
        "catalogue",
        "address",
        "wording",
    ),
    *("field_table", "skeleton", "editor_schema", "check", "views", "format", "codes", "manual", "diff"),
    *("report", "frames", "search", "sitemap", "manifest", "shown"),
    *("browse", "explorer", "across", "downloads", "offered", "charts", "charted", "entries", "fill_forms"),
    *("plain", "pairing", "yaml_lines", "edit", "filling"),
}
"""Modules that touch no file, clock or stream."""

IMPURE_NAMES = {"open", "print", "input"}
IMPURE_MODULES = {"os", "sys", "time", "socket", "tempfile", "shutil", "subprocess", "random"}
YET_PURE = {"sys.intern"}


def _module(path: Path) -> str:
    return path.relative_to(BUILDER).parts[0].removesuffix(".py")


FILES = sorted(path for path in BUILDER.rglob("*.py") if path.name != "__init__.py" or path.parent != BUILDER)


def _imports(path: Path) -> set[str]:
    """Dotted names of everything imported, typing-only and local imports included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "relative imports hide the row"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _ours(path: Path) -> set[str]:
    return {name.split(".")[1] for name in _imports(path) if name.startswith("builder.")}


def test_every_module_has_a_row() -> None:
    assert {_module(path) for path in FILES} == set(ROW)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(BUILDER)))
def test_imports_run_from_a_higher_row_to_a_lower(path: Path) -> None:
    module = _module(path)
    upward = {other for other in _ours(path) - {module} if ROW[other] >= ROW[module]}
    assert not upward, f"{module} may not import {upward}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(BUILDER)))
def test_each_outside_library_stays_in_its_place(path: Path) -> None:
    used = {name.split(".")[0] for name in _imports(path)}
    strays = {library for library in used & set(PLACES) if _module(path) not in PLACES[library]}
    assert not strays


@pytest.mark.parametrize(
    "path", [path for path in FILES if _module(path) in PURE], ids=lambda path: str(path.relative_to(BUILDER))
)
def test_the_core_touches_nothing_outside(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & IMPURE_NAMES
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not asked & {"today", "now", "utcnow"}, "today is a parameter"
    assert not {name.split(".")[0] for name in _imports(path) - YET_PURE} & IMPURE_MODULES


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{path.name}:{node.name}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    ]
    assert not long
