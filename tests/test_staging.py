"""A new site takes the old one's place at once, or nothing changes, whatever happens on the way."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builder import staging
from builder.errors import BuilderError
from tests import command, county

if TYPE_CHECKING:
    from collections.abc import Iterator

KILLS = int(os.environ.get("JIXIAO_KILLS", "50"))
"""How often a build is killed; each one is forked from a process that has all its modules."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small collection with a site, and a later state of its data."""
    folder = county.make(tmp_path_factory.mktemp("staged"))
    county.build(folder, "--workers", "1")
    county.write(folder, "2024/999001/乙.yml", county.record("乙", number=2, target=970))
    return folder


def _leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.glob(".site-*")]


KILLER = """
import os, random, signal, sys, time
from builder import cli
import mkdocs.commands.build, material, builder.mkdocs_plugin, builder.engine
from builder.exports import office
seed, rounds, longest = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
moments = random.Random(seed)
for _ in range(rounds):
    child = os.fork()
    if child == 0:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1), os.dup2(quiet, 2)
        os._exit(cli.main(["build", "--workers", "1"]))
    time.sleep(moments.uniform(0, longest))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    print("killed", flush=True)
    sys.stdin.readline()
"""


def test_a_build_that_is_killed_at_any_moment_leaves_the_old_site_or_the_new_one(place: Path) -> None:
    old = county.files(place / "site")
    started = time.monotonic()
    county.build(place, "--workers", "1", "--no-cache", "--site-dir", "other")
    longest = time.monotonic() - started
    new = county.files(place / "other")
    assert new != old
    arguments = [
        sys.executable,
        "-c",
        KILLER,
        "2024",
        str(KILLS),
        str(longest),
    ]
    found = []
    with subprocess.Popen(
        arguments, cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdin
        assert process.stdout
        for _ in process.stdout:
            found.append(county.files(place / "site"))
            process.stdin.write("\n")
            process.stdin.flush()
    assert process.returncode == 0
    assert len(found) == KILLS
    assert all(site in (old, new) for site in found)
    county.build(place, "--workers", "1")
    assert county.files(place / "site") == new
    assert _leftovers(place) == []


@contextmanager
def _small_disk(size: str) -> Iterator[Path]:
    """A file system of that size, where the system allows to make one, else nothing to test on."""
    folder = Path("/tmp/jixiao-small-disk")  # noqa: S108  a place to mount at
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small file system here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("words", [(), ("--no-cache",), ("--workers", "3")])
def test_a_full_disk_leaves_the_old_site_and_says_so(tmp_path: Path, words: tuple[str, ...]) -> None:
    source = county.make(tmp_path / "work")
    for number in range(3, 600 if words == ("--workers", "3") else 30):
        county.write(source, f"2024/999001/示{number}.yml", county.record(f"示{number}", number=number))
    county.build(source, "--no-cache", "--only", "pages", "--site-dir", "small")
    blocks = sum(len(data) // 4096 + 2 for data in county.files(source).values())
    with _small_disk(f"{4 * blocks + 1500}k") as disk:
        folder = disk / "work"
        shutil.copytree(source, folder)
        before = county.files(folder / "small")
        done = command.run(folder, "build", "--site-dir", "small", *words)
        assert done.returncode == 2, done.stdout + done.stderr
        assert "磁盘满了" in done.stderr or "空间" in done.stderr
        assert "Traceback" not in done.stderr
        assert county.files(folder / "small") == before
        assert [path.name for path in folder.glob(".small-*")] == []


def test_where_nothing_can_be_written_the_reason_is_said(place: Path) -> None:
    (place / "file").write_text("", encoding="utf-8")
    for target in ("file/site", "/proc/site"):
        done = command.run(place, "build", "--site-dir", target)
        assert (done.returncode, "不能在" in done.stderr) == (2, True), done.stderr


def test_a_file_that_cannot_be_read_any_more_ends_in_a_sentence(tmp_path: Path) -> None:
    folder = county.make(tmp_path / "work")
    assert command.run(folder, "build").returncode == 0
    before = county.files(folder / "site")
    path = folder / "targets/2024/999001/甲.yml"
    path.unlink()
    path.symlink_to(path)
    done = command.run(folder, "build")
    assert done.returncode == 1
    assert "甲.yml" in done.stdout
    assert county.files(folder / "site") == before


@pytest.mark.parametrize("moment", ["before the folder", "while building", "while removing", "long ago"])
def test_what_a_killed_build_left_is_removed_and_a_running_one_not(tmp_path: Path, moment: str) -> None:
    final = tmp_path / "site"
    with staging.staged(final) as running:
        (running / "a").write_text("1", encoding="utf-8")
        dead = tmp_path / ".site-0123abcd"
        if moment != "before the folder":
            (dead / "site").mkdir(parents=True)
        if moment != "long ago":
            (tmp_path / ".site-0123abcd.lock").touch()
        with staging.staged(final) as second:
            (second / "a").write_text("2", encoding="utf-8")
        assert len(_leftovers(tmp_path)) == 2  # the running one and its lock
        assert running.exists()
        assert (final / "a").read_text(encoding="utf-8") == "2"
    assert (final / "a").read_text(encoding="utf-8") == "1"
    assert _leftovers(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="locks of another kind")
def test_a_file_system_without_locks_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl  # noqa: PLC0415  not on every system

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "示例")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with staging.staged(tmp_path / "site") as running, staging.staged(tmp_path / "site") as site:
        (site / "a").write_text("1", encoding="utf-8")
        assert running.exists()
    assert (tmp_path / "site").exists()


def test_a_build_leaves_alone_what_lies_beside_a_site_with_a_longer_name(tmp_path: Path) -> None:
    (tmp_path / ".site-demo-0123abcd").mkdir()
    with staging.staged(tmp_path / "site"):
        pass
    assert (tmp_path / ".site-demo-0123abcd").exists()


def test_without_an_exchange_in_one_step_the_site_is_replaced_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "_exchanged", lambda *_: False)
    final = tmp_path / "site"
    for text in "12":
        with staging.staged(final) as site:
            (site / "a").write_text(text, encoding="utf-8")
    assert (final / "a").read_text(encoding="utf-8") == "2"
    # Killed between the two steps: the next build puts the old site back first.
    aside = tmp_path / ".site-0123abcd"
    aside.mkdir()
    (tmp_path / ".site-0123abcd.lock").touch()
    final.rename(aside / "site-old")
    with pytest.raises(BuilderError, match="示例"), staging.staged(final):
        raise BuilderError("示例")
    assert (final / "a").read_text(encoding="utf-8") == "2"


def test_ctrl_c_leaves_the_old_site_and_no_process(place: Path) -> None:
    before = county.files(place / "site")
    command_line = [sys.executable, "-m", "builder", "build", "--no-cache"]
    process = subprocess.Popen(command_line, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while not list(place.glob(".site-*/site")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert county.files(place / "site") == before
    assert _leftovers(place) == []
