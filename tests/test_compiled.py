"""Compiled templates are used again for the same text only, and none is needed."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import DictLoader, Environment
from mkdocs.config import load_config
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files

from builder import compiled
from builder.compiled import Compiled
from builder.mkdocs_plugin import JixiaoPlugin, _list_quickly
from tests import county

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


def _environment(folder: Path, by: str, **templates: str) -> Environment:
    environment = Environment(loader=DictLoader(templates), autoescape=True)
    kept = Compiled(environment, by)
    kept.directory = str(folder)
    environment.bytecode_cache = kept
    return environment


def _forbid(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("compiled once more")

    monkeypatch.setattr(environment, "compile", refuse)


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


@pytest.mark.skipif(os.name == "nt", reason="there are no such permissions")
def test_who_can_read_the_program_can_read_what_is_kept(tmp_path: Path) -> None:
    _environment(tmp_path, "one", page="甲").get_template("page")
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(Path(compiled.__file__).stat().st_mode)


class OtherPlugin(BasePlugin):  # type: ignore[type-arg, no-untyped-call]  # MkDocs' base class is untyped
    """A plugin of somebody else, which may do anything to templates."""


def _kept_for(config: MkDocsConfig) -> bool:
    plugin = config.plugins["jixiao"]
    assert isinstance(plugin, JixiaoPlugin)
    environment = plugin.on_env(Environment(autoescape=True), config=config, files=Files([]))
    return environment.bytecode_cache is not None


def test_templates_of_the_theme_are_kept_unless_other_code_may_change_what_they_mean(tmp_path: Path) -> None:
    county.make(tmp_path)
    file = tmp_path / "mkdocs.yml"
    config = load_config(str(file))
    assert _kept_for(config)
    config.plugins["other"] = OtherPlugin()
    assert not _kept_for(config)
    (tmp_path / "hook.py").touch()
    with file.open("a", encoding="utf-8") as stream:
        stream.write("\nhooks:\n  - hook.py\n")
    assert not _kept_for(load_config(str(file)))


def test_hidden_folders_of_the_theme_are_not_listed_and_nothing_else_is_missing(tmp_path: Path) -> None:
    """Of what is listed, MkDocs drops what is hidden: so the files that it takes are the same."""
    county.make(tmp_path)
    config = load_config(str(tmp_path / "mkdocs.yml"))
    whole = config.theme.get_env().list_templates()
    _list_quickly(config)
    _list_quickly(config)
    listed = config.theme.get_env().list_templates()
    hidden = [name for name in whole if "/." in f"/{name}"]
    assert len(hidden) > len(listed) > 0
    assert {*whole} - {*listed} <= {*hidden}
    assert {*listed} <= {*whole}
