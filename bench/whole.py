"""All but the pages alone: the whole build, from nothing and after one edit, preview, check and diff."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import quote

from bench import apart, check, workplace
from bench.measure import Contender, Watch, emptied, race, say
from bench.results import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bench.workplace import Workplace

_COLUMNS = ("做什么", "秒（中位）", "最快～最慢", "CPU 秒", "内存 MB", "写出文件", "写出 MB")
_COMMITS, _EDITS = 20, 10
"""The history before the build: so many commits, each with so many edits."""
_CHANGED = 50
"""Files changed for the diff."""
_LONGEST = 300.0  # seconds to wait for a preview


_EDITED = 3
"""Builds after an edit, at least: the first of them has no tree to start from, see ``builder.spare``."""


def measure(scratch: Path, projects: int, *, rounds: int, brief: bool = False) -> Part:
    """One table of what this project does besides pages; ``brief``: only builds."""
    say(f"整个构建等，{projects:,} 个项目：准备……")
    place = workplace.make(scratch / "whole", projects, lasting=True)
    _history(place)
    output = scratch / "whole-site"
    cold, warm = _builds(place, output)
    race([cold], rounds=rounds)
    race([warm], rounds=max(rounds, _EDITED))
    rows = [*_rows([cold, warm]), *_apart(place, output)]
    asked: list[Contender] = []
    if not brief:
        rows += _preview(place, rounds)
        asked = [*check.contenders(place.folder), _diff(place)]
        race(asked, rounds=rounds)
        rows += _rows(asked)
    failed = [one for one in (cold, warm, *asked) if one.failure]
    return Part("whole", place.projects, _COLUMNS, tuple(rows), tuple(_notes(failed)))


def _history(place: Workplace) -> None:
    workplace.commit(place, "示例数据")
    files = _files(place)
    dice = random.Random(3)  # noqa: S311  invented data, not secrets
    for turn in range(_COMMITS):
        for path in dice.sample(files, min(_EDITS, len(files))):
            workplace.edit(path, turn)
        workplace.commit(place, f"示例修改 {turn}")


def _files(place: Workplace) -> list[Path]:
    return sorted(path for path in place.targets.rglob("*.yml") if path.stem != "部门")


def _builds(place: Workplace, output: Path) -> tuple[Contender, Contender]:
    command = place.jixiao("build", "--site-dir", str(output))
    cold = Contender(
        "整个构建（页面、检索、下载、调整记录、清单），从头",
        command,
        place.folder,
        output=output,
        before=emptied(output, place.folder / ".cache"),
    )
    warm = Contender("改一个文件以后，整个构建", command, place.folder, output=output, before=_editor(place))
    return cold, warm


def _apart(place: Workplace, output: Path) -> Iterator[tuple[str, ...]]:
    """Of a build after one edit: the two files that hold every row."""
    _editor(place, skip=90)()
    command = [sys.executable, "-m", "bench.apart", "build", "--site-dir", str(output)]
    environment = {**os.environ, "PYTHONPATH": str(workplace.ROOT)}
    done = subprocess.run(
        command, cwd=place.folder, capture_output=True, encoding="utf-8", check=False, env=environment
    )
    found = done.stdout.rpartition(apart.SAID)[2].strip() if apart.SAID in done.stdout else "—"
    label = "其中全部数据的 Excel 和 SQLite（在一个进程里）"
    say(f"  {label}：{found} 秒")
    yield (label, found, *["—"] * (len(_COLUMNS) - 2))


def _editor(place: Workplace, skip: int = 0) -> Callable[[], None]:
    """What edits one more file each time it is called, after the first ``skip``."""
    files = iter(_files(place)[:: max(1, place.projects // 97)][skip:])

    def edit_next() -> None:
        workplace.edit(next(files), 1000)

    return edit_next


def _diff(place: Workplace) -> Contender:
    """The working tree against the last commit; some files stand changed from the builds, the rest now."""
    changed = _files(place)[:: max(1, place.projects // _CHANGED)][:_CHANGED]
    subprocess.run(["git", "checkout", "-q", "."], cwd=place.folder, check=True)
    for path in changed:
        workplace.edit(path, 2000)
    name = f"jixiao diff（改了 {len(changed)} 个文件）"
    return Contender(name, place.jixiao("diff", "HEAD", "--format", "json"), place.folder)


def _preview(place: Workplace, rounds: int) -> Iterator[tuple[str, ...]]:
    """From a saved edit to the new page over HTTP, under ``jixiao serve``."""
    path = _files(place)[place.projects // 2]
    label = "预览：存盘到网页上看到新内容"
    try:
        with _served(place) as (address, watch):
            relative = path.relative_to(place.targets).with_suffix("").as_posix()
            waits = [_wait(path, f"{address}{quote(relative)}/", 3000 + turn) for turn in range(rounds + 2)]
            peak = watch.peak
    except (OSError, TimeoutError) as error:
        say(f"  预览没有跑成：{error}")
        yield (label, *["—"] * (len(_COLUMNS) - 1))
        return
    say(f"  {label}：{median(waits):.2f} 秒")
    yield (label, f"{median(waits):.2f}", f"{min(waits):.2f}～{max(waits):.2f}", "—", f"{peak:.0f}", "—", "—")


@contextmanager
def _served(place: Workplace) -> Iterator[tuple[str, Watch]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        place.jixiao("serve", "--port", str(port)),
        cwd=place.folder,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        watch = Watch(process.pid)
        address = f"http://127.0.0.1:{port}/"
        try:
            _until(lambda: process.poll() is not None or bool(_get(address)))
            if process.poll() is not None:
                raise OSError(f"退出码 {process.returncode}")
            yield address, watch
        finally:
            process.terminate()
            watch.stop()


def _wait(path: Path, address: str, turn: int) -> float:
    _until(lambda: bool(_get(address)))
    started = time.perf_counter()
    wanted = workplace.edit(path, turn).encode()
    _until(lambda: wanted in _get(address))
    return time.perf_counter() - started


def _until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + _LONGEST
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"{_LONGEST:.0f} 秒内没有等到")
        time.sleep(0.01)


def _get(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=_LONGEST) as answer:  # noqa: S310  our own server
            body: bytes = answer.read()
    except OSError:
        return b""
    return body


def _rows(contenders: Sequence[Contender]) -> Iterator[tuple[str, ...]]:
    for one in contenders:
        if not one.runs:
            yield (one.name, *["—"] * (len(_COLUMNS) - 1))
            continue
        last = one.runs[-1]
        yield (
            one.name,
            f"{one.middle:.2f}",
            f"{one.fastest:.2f}～{one.slowest:.2f}",
            f"{one.cpu:.2f}",
            f"{one.megabytes:.0f}",
            f"{last.files:,}" if one.output else "—",
            f"{last.size / 1e6:.1f}" if one.output else "—",
        )


def _notes(failed: Sequence[Contender]) -> Iterator[str]:
    yield (
        f"同一批项目的五个年度；构建以前有 {_COMMITS} 次提交，每次改 {_EDITS} 个文件；"
        "不生成 Word、Excel、PDF（每个项目另需约 0.06 秒）。"
    )
    yield "“PyYAML (C) + jsonschema”是任何检查都省不掉的最少的事：用 C 读 YAML，用参考实现套 JSON Schema。"
    yield from (f"{one.name} 没有跑成：{one.failure}" for one in failed)
