"""The same commit gives the same bytes, wherever, whenever and by whomever it is built."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests import county
from tests.records import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LATER = """
import time, datetime
_shift = 400 * 24 * 3600 + 12345.6
for _name in ("time", "localtime", "gmtime"):
    pass
_time = time.time
time.time = lambda: _time() + _shift
time.time_ns = lambda: int((_time() + _shift) * 1e9)
class _Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)
    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)
class _Day(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())
datetime.datetime, datetime.date = _Later, _Day
"""
"""Another day: the only thing here that is not real."""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a collection, whose targets were adjusted once."""
    folder = county.make(tmp_path_factory.mktemp("origin") / "work", office=True)
    county.commit(folder, "示例数据")
    county.write(folder, "2024/999001/甲.yml", county.record("甲", target=900))
    county.commit(folder, "调低\n\n调整原因：示例", day="2024-05-01")
    return folder


def _clone(origin: Path, folder: Path, *words: str) -> Path:
    subprocess.run(["git", "clone", "--quiet", *words, f"file://{origin}", str(folder)], check=True)
    return folder


def test_another_folder_zone_language_user_and_day_give_the_same_bytes(origin: Path, tmp_path: Path) -> None:
    one = _clone(origin, tmp_path / "one")
    two = _clone(origin, tmp_path / "elsewhere/数据/two")
    (tmp_path / "later").mkdir()
    (tmp_path / "later/sitecustomize.py").write_text(LATER, encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    county.build(one, TZ="Asia/Shanghai", LC_ALL="C.UTF-8")
    county.build(
        two,
        *("--workers", "2", "--no-cache"),
        TZ="America/St_Johns",
        LC_ALL="tr_TR.UTF-8",
        LANG="tr_TR.UTF-8",
        USER="nobody",
        LOGNAME="nobody",
        HOME=str(home),
        PYTHONHASHSEED="7",
        PYTHONPATH=f"{ROOT}{os.pathsep}{tmp_path / 'later'}",
    )
    first, second = county.files(one / "site"), county.files(two / "site")
    assert [name for name in {*first, *second} if first.get(name) != second.get(name)] == []
    assert "调整记录" in first["2024/999001/甲/index.html"].decode()


def test_what_git_does_not_know_changes_dates_and_nothing_else(origin: Path, tmp_path: Path) -> None:
    """An edit that is not committed has no date, a shallow clone no history, no git neither."""
    whole = _clone(origin, tmp_path / "whole")
    county.build(whole, "--no-cache")
    shallow = _clone(origin, tmp_path / "shallow", "--depth", "1")
    county.build(shallow, "--no-cache")
    bare = tmp_path / "bare"
    shutil.copytree(whole, bare, ignore=shutil.ignore_patterns(".git", "site"))
    county.build(bare, "--no-cache")
    edited = _clone(origin, tmp_path / "edited")
    county.write(edited, "2024/999002/乙.yml", county.record("乙", code="999002", number=2) + "# 一句\n")
    county.build(edited, "--no-cache")
    places = {
        name: county.files(folder / "site") for name, folder in [("whole", whole), ("shallow", shallow)]
    }
    places |= {name: county.files(folder / "site") for name, folder in [("bare", bare), ("edited", edited)]}
    page = "2024/999002/甲/index.html"
    assert places["edited"][page] == places["whole"][page]
    tables = {site[page].partition(b"<table")[2].partition(b"</table>")[0] for site in places.values()}
    assert len(tables) == 1
    dated = {name: site["sitemap.xml"].decode().count("<lastmod>") for name, site in places.items()}
    assert dated["bare"] == dated["shallow"] == 0
    assert 0 < dated["edited"] < dated["whole"]
    dirty = {name: b'"dirty": true' in site["manifest.json"] for name, site in places.items()}
    assert dirty == {"whole": False, "shallow": False, "bare": False, "edited": True}
    commit = {name: b'"commit": null' in site["manifest.json"] for name, site in places.items()}
    assert commit == {"whole": False, "shallow": False, "bare": True, "edited": False}
