"""Compiled templates are used again for the same text only, and none is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import DictLoader, Environment

from builder.compiled import Compiled

if TYPE_CHECKING:
    from pathlib import Path


def _environment(folder: Path, by: str, **templates: str) -> Environment:
    environment = Environment(loader=DictLoader(templates), autoescape=True)
    kept = Compiled(environment, by)
    kept.directory = str(folder)
    environment.bytecode_cache = kept
    return environment


def _forbid(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    def compiled(*_: object, **__: object) -> None:
        raise AssertionError("compiled once more")

    monkeypatch.setattr(environment, "compile", compiled)


def test_a_template_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _environment(tmp_path, "one", page="甲 {{ x }}").get_template("page").render(x="<") == "甲 &lt;"
    second = _environment(tmp_path, "one", page="甲 {{ x }}")
    _forbid(second, monkeypatch)
    assert second.get_template("page").render(x="<") == "甲 &lt;"


def test_another_text_another_program_and_another_syntax_are_compiled_anew(tmp_path: Path) -> None:
    def kept() -> bytes:
        (file,) = tmp_path.iterdir()
        return file.read_bytes()

    assert _environment(tmp_path, "one", page="甲").get_template("page").render() == "甲"
    before = kept()
    assert _environment(tmp_path, "one", page="乙").get_template("page").render() == "乙"
    after = kept()
    assert before != after
    _environment(tmp_path, "two", page="乙").get_template("page")
    assert after != kept()
    after = kept()
    environment = _environment(tmp_path, "two", page="乙")
    environment.trim_blocks = True
    changed = Compiled(environment, "two")
    changed.directory = str(tmp_path)
    environment.bytecode_cache = changed
    environment.get_template("page")
    assert after != kept()


@pytest.mark.parametrize("size", [0, 3, 20, 80, 200])
def test_a_damaged_file_costs_only_time(tmp_path: Path, size: int) -> None:
    _environment(tmp_path, "one", page="甲 {{ x }}").get_template("page")
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:size])
    assert _environment(tmp_path, "one", page="甲 {{ x }}").get_template("page").render(x=1) == "甲 1"
    assert file.read_bytes() == whole


def test_nothing_is_kept_where_there_is_no_folder_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert _environment(folder, "one", page="甲").get_template("page").render() == "甲"
    assert not folder.exists()
