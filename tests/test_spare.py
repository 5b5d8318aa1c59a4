"""The tree of the site before last becomes the next site: the same to the byte, and not trusted blindly."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from builder import cli, workers
from builder.inventory import Inventory
from builder.spare import Spare
from builder.store import Part, Stored
from tests import county
from tests.records import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = "2023/999001/甲/index.html"
KILLS = int(os.environ.get("JIXIAO_SPARE_KILLS", "8"))
"""How often a build is killed that takes up such a tree."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no inodes to tell a file by")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A small collection whose next build finds a spare tree."""
    folder = county.make(tmp_path / "work")
    for target in (980, 970):
        _edit(folder, target)
        county.build(folder, "--workers", "1")
    assert _spare(folder).is_dir()
    return folder


def _edit(folder: Path, target: int) -> None:
    county.write(folder, "2024/999001/乙.yml", county.record("乙", number=2, target=target))


def _withheld(name: str, *, number: int) -> str:
    return f"{county.record(name, code='999002', number=number)}公开: 否\n"


def _spare(folder: Path) -> Path:
    (spare,) = (folder / ".cache/jixiao/spare").glob("*")
    return spare / "site"


def _tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything in a folder, folders too, with its mode."""
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_mode,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in folder.rglob("*")
    }


def _cold(folder: Path) -> dict[str, tuple[int, bytes]]:
    county.build(folder, "--workers", "1", "--no-cache", "--site-dir", "cold")
    return _tree(folder / "cold")


def test_every_build_of_a_long_row_is_the_cold_build(place: Path) -> None:
    """Edits, projects that come and go, another hand-written page; what stays is the same file."""
    page = place / "site" / PAGE
    steps: list[Callable[[], object]] = [
        lambda: _edit(place, 960),
        lambda: county.write(place, "2024/999003/丙.yml", county.record("丙", code="999003")),
        lambda: county.write(place, "2024/999003/部门.yml", county.DEPARTMENT),
        lambda: shutil.rmtree(place / "targets/2024/999003"),
        (place / "targets/2024/999002/乙.yml").unlink,
        lambda: (place / "docs/note.md").rename(place / "docs/other.md"),
        lambda: None,
        lambda: county.write(place, "2024/999002/丁.yml", county.record("丁", code="999002", number=3)),
        lambda: county.write(place, "2024/999002/戊.yml", _withheld("戊", number=2)),
        # The others have their own numbers again, though no text of theirs has changed.
        (place / "targets/2024/999002/戊.yml").unlink,
        lambda: _edit(place, 980),
    ]
    for step in steps:
        before, number = page.read_bytes(), page.stat().st_ino
        step()
        county.build(place, "--workers", "1")
        assert _tree(place / "site") == _cold(place)
        assert (page.read_bytes() == before) == (page.stat().st_ino == number)
        assert not [path for path in place.iterdir() if path.name.startswith(".site")]


def test_what_somebody_did_to_the_trees_does_not_reach_the_next_site(place: Path) -> None:
    """Though sizes and times are as they were."""
    spare, site = _spare(place), place / "site"
    for root, name in ((spare, PAGE), (site, "2024/999002/甲/index.html"), (spare, "2023/999002/index.html")):
        path = root / name
        facts = path.stat()
        path.write_bytes(path.read_bytes().replace("示例".encode(), "实例".encode()))
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    (spare / "2024/more").mkdir()
    (spare / "2024/more/index.html").write_text("示例", encoding="utf-8")
    (spare / "2024/999001/甲/index.html").chmod(0o600)
    linked = spare / "2024/999001/index.html"
    moved = linked.rename(place / "elsewhere.html")
    linked.symlink_to(moved)
    shutil.rmtree(spare / "2024/999002")
    (spare / "2024/999002").write_text("示例", encoding="utf-8")
    (spare / "2023/999001/leads").symlink_to(place / "docs")
    _edit(place, 960)
    county.build(place, "--workers", "1")
    assert _tree(site) == _cold(place)
    assert not (site / "2024/999001/index.html").is_symlink()
    assert (place / "docs/note.md").exists()


def test_what_others_code_changes_in_a_file_of_the_tree_is_sealed_as_it_is(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the file was seen to be as it should be a moment before."""
    monkeypatch.chdir(place)
    (place / "hook.py").write_text(
        "from pathlib import Path\n\n\ndef on_post_build(config):\n"
        f"    page = Path(config.site_dir, {PAGE!r})\n"
        "    page.write_text(page.read_text(encoding='utf-8') + '<!-- 示例 -->', encoding='utf-8')\n",
        encoding="utf-8",
    )
    with (place / "mkdocs.yml").open("a", encoding="utf-8") as stream:
        stream.write("\nhooks:\n  - hook.py\n")
    _edit(place, 960)
    county.build(place, "--workers", "1")
    assert "<!-- 示例 -->" in (place / "site" / PAGE).read_text(encoding="utf-8")
    assert cli.main(["verify", "site"]) == 0


def test_a_large_tree_is_looked_at_by_several_processes(tmp_path: Path) -> None:
    """Of which each gives back the files of its folders; changed, strange and unknown ones are removed."""
    names = [
        f"{top}/{code}/{stem}/{name}" for top in "ab" for code in "cde" for stem in "fg" for name in "hi"
    ]
    names += ["j", "a/j", "a/c/j", "a/c/f/k/l/m"]
    site = tmp_path / "site"
    for name in (*names, "a/d/unknown", "b/only/unknown"):
        county.write_file(site / name, name.encode())
    stored = Stored(tmp_path, {name: Part(0, len(name), sha256(name.encode()).hexdigest()) for name in names})
    before = Inventory(site)
    before.add(stored, is_placed=False)
    time.sleep(0.02)
    before.close()
    assert len([*before.all()]) == len(names) + 2
    spare = Spare(site, tmp_path / "cache")
    spare.note(before)
    (site / "a/c/f/h").write_text("x", encoding="utf-8")
    (site / "b/c/leads").symlink_to(site / "a")
    spare.keep(site)
    now = Inventory(tmp_path / "new")
    now.add(stored, is_placed=False)
    county.write_file(tmp_path / "new/a/c/f/new", b"new")
    with workers.processes(2) as pool:
        [*pool.run(_nothing, range(8), None, seconds=9)]
        there = spare.take(tmp_path / "new", now, pool)
    assert there == {*names} - {"a/c/f/h"}
    assert {*county.files(tmp_path / "new")} == there | {"a/c/f/new"}
    assert not (tmp_path / "new/b/only").exists()
    assert not (tmp_path / "new/b/c/leads").is_symlink()


def _nothing(job: int, shared: None) -> None:
    """So that the processes are at work."""
    del job, shared


def test_files_have_the_permissions_that_new_ones_get(place: Path) -> None:
    before = os.umask(0o027)
    try:
        _edit(place, 960)
        county.build(place, "--workers", "1")
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in (place / "site").rglob("*") if path.is_file()}
    assert modes == {0o640}


@pytest.mark.parametrize("damage", ["cut", "flipped", "gone"])
def test_without_a_sound_list_of_what_was_seen_nothing_is_trusted(place: Path, damage: str) -> None:
    seen = _spare(place).with_name("seen")
    raw = bytearray(seen.read_bytes())
    if damage == "gone":
        seen.unlink()
    else:
        raw[-20] ^= 1
        seen.write_bytes(raw if damage == "flipped" else raw[: len(raw) // 2])
    page = place / "site" / PAGE
    number = page.stat().st_ino
    _edit(place, 960)
    county.build(place, "--workers", "1")
    assert _tree(place / "site") == _cold(place)
    assert page.stat().st_ino == number  # linked, as its content was looked at


def test_nothing_is_written_into_the_present_site(place: Path) -> None:
    """Whose files are also those of the tree in which the next one is made."""
    site = place / "site"
    held = {path: path.open("rb") for path in site.rglob("*") if path.is_file()}
    before = {path: stream.read() for path, stream in held.items()}
    _edit(place, 960)
    county.write(place, "2023/999001/甲.yml", county.record("甲", number=1, year=2023, target=900))
    (place / "docs/note.md").write_text("# 示例\n\n另一句。\n", encoding="utf-8")
    county.build(place, "--workers", "1")
    for path, stream in held.items():
        stream.seek(0)
        assert stream.read() == before[path], path
        stream.close()


def test_where_little_is_the_same_the_old_tree_is_not_kept(place: Path) -> None:
    settings = (place / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings.replace("site_name: 预算绩效目标公开", "site_name: 示例网站")
    (place / "mkdocs.yml").write_text(settings, encoding="utf-8")
    county.build(place, "--workers", "1")
    assert not [*(place / ".cache/jixiao/spare").glob("*/site")]
    assert _tree(place / "site") == _cold(place)


def test_two_builds_at_once_do_not_share_it(place: Path) -> None:
    _edit(place, 960)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "builder", "build", "--workers", "1"]
    both = [subprocess.Popen(words, cwd=place, env=environment, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert _tree(place / "site") == _cold(place)


def test_a_build_that_is_killed_while_it_takes_it_up_leaves_the_old_site_or_the_new_one(place: Path) -> None:
    sites, longest = {}, 0.0
    for target in (960, 970):
        _edit(place, target)
        started = time.monotonic()
        county.build(place, "--workers", "1")
        longest = time.monotonic() - started
        sites[target] = _tree(place / "site")
    moments = random.Random(7)  # noqa: S311  a fixed sequence of moments
    words = [sys.executable, "-m", "builder", "build", "--workers", "1"]
    for turn in range(KILLS):
        _edit(place, (960, 970)[turn % 2])
        process = subprocess.Popen(words, cwd=place, stdout=subprocess.DEVNULL)
        # Trees are put together in the last third.
        time.sleep(longest * moments.uniform(0.65, 1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert _tree(place / "site") in sites.values()
        county.build(place, "--workers", "1")
        assert _tree(place / "site") == sites[(960, 970)[turn % 2]]
        county.build(place, "--workers", "1")  # so that there is a tree again
    assert not [path for path in place.iterdir() if path.name.startswith(".site")]
