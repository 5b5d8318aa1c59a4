"""Programs run as whole processes, taken in turns, so that a noisy machine is noisy for all of them alike."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_KILO = 1024
_PAUSE, _TIMES = 0.05, 20
"""Seconds between two looks at the memory, and how many times as long as a look takes, at least: the system
goes through all of a process's pages, which it is not to be measured by.
"""
_FOLDERS = re.compile(r"(?:/[^/\s'\"]+)+/")
"""Where things stand on this machine is nobody's business."""
_TAIL = 200  # characters of the last line of a failed program


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took: wall and CPU seconds, peak memory in MB, bytes and files written.

    CPU time counts all of its processes. The peak is the sum over its processes at one moment, a page that
    several share counted once (on Linux; elsewhere that of the first process alone).
    """

    seconds: float
    cpu: float
    megabytes: float
    size: int = 0
    files: int = 0


@dataclass
class Contender:
    """One program: what it is called, its command line, where it writes, and what each run took.

    ``before`` sets the stage for each run and is not timed; ``pattern`` says which files of ``output`` count.
    """

    name: str
    command: Sequence[str]
    folder: Path
    allowed: frozenset[int] = frozenset({0})
    output: Path | None = None
    pattern: str = "*"
    before: Callable[[], None] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    failure: str = ""

    @property
    def middle(self) -> float:
        """The median time in seconds."""
        return median(run.seconds for run in self.runs)

    @property
    def fastest(self) -> float:
        """The shortest time in seconds."""
        return min(run.seconds for run in self.runs)

    @property
    def slowest(self) -> float:
        """The longest time in seconds."""
        return max(run.seconds for run in self.runs)

    @property
    def cpu(self) -> float:
        """The median CPU time in seconds."""
        return median(run.cpu for run in self.runs)

    @property
    def megabytes(self) -> float:
        """The highest peak of memory."""
        return max(run.megabytes for run in self.runs)


def race(contenders: Sequence[Contender], *, rounds: int) -> None:
    """Run every contender ``rounds`` times, one after the other in each round; who fails is out."""
    for turn in range(1, rounds + 1):
        for one in contenders:
            if one.failure:
                continue
            run = measured(one)
            if run:
                one.runs.append(run)
                say(f"  第 {turn} 轮 {one.name}：{run.seconds:.2f} 秒，{run.megabytes:.0f} MB")
            else:
                say(f"  {one.name} 没有跑成：{one.failure}")


def measured(one: Contender) -> Run | None:
    """One run; ``None`` when it ended badly, and why is noted."""
    if one.before:
        one.before()
    if hasattr(os, "sync"):
        os.sync()  # what the run before has left to be written is not this one's work
    with tempfile.TemporaryFile() as said:
        try:
            run, status = _run(one, said.fileno())
        except OSError as error:
            one.failure = str(error)
            return None
        if status not in one.allowed:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            last = _FOLDERS.sub("", lines[-1])[-_TAIL:] if lines else ""
            one.failure = f"退出码 {status}：{last}"
            return None
    return run


def _run(one: Contender, said: int) -> tuple[Run, int]:
    adopts = _adopt(adopts=True)
    try:
        return _watched(one, said, adopts=adopts)
    finally:
        _adopt(adopts=False)


def _watched(one: Contender, said: int, *, adopts: bool) -> tuple[Run, int]:
    started = time.perf_counter()
    environment = {**os.environ, **one.environment}
    # Programs are measured as they are used: started from compiled modules.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with subprocess.Popen(
        one.command, cwd=one.folder, stdout=said, stderr=said, env=environment, start_new_session=True
    ) as process:
        watch = Watch(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu = usage.ru_utime + usage.ru_stime + (_left_behind(process.pid) if adopts else 0.0)
    # The system's own figure counts, for a started program, the starter's memory too.
    peak = watch.stop() or usage.ru_maxrss / (_KILO if sys.platform != "darwin" else _KILO * _KILO)
    size, files = weight(one.output, one.pattern) if one.output else (0, 0)
    return Run(seconds, cpu, peak, size, files), process.returncode


_CHILD_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


def _adopt(*, adopts: bool) -> bool:
    """Have processes come to this one when their parent ends; whether they do, as only Linux sees to it."""
    return sys.platform == "linux" and not ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, int(adopts), 0, 0, 0)


def _left_behind(group: int) -> float:
    """The CPU seconds of those processes of a program for whose end it did not wait."""
    seconds = 0.0
    with suppress(ChildProcessError):
        while True:
            _, _, usage = os.wait4(-group, 0)
            seconds += usage.ru_utime + usage.ru_stime
    return seconds


class Watch:
    """Looks at the memory of a session's processes until told to stop."""

    def __init__(self, session: int) -> None:
        self.session = session
        self.peak = 0.0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self) -> None:
        pause = _PAUSE
        while not self.done.wait(pause):
            started = time.perf_counter()
            self.peak = max(self.peak, sum(map(_kilobytes, _members(self.session))) / _KILO)
            pause = max(_PAUSE, _TIMES * (time.perf_counter() - started))

    def stop(self) -> float:
        """The peak in MB."""
        self.done.set()
        self.thread.join()
        return self.peak


def _members(session: int) -> list[int]:
    """The processes of a session, where the system tells."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError, ValueError):
            if int(path.read_bytes().rpartition(b")")[2].split()[3]) == session:
                found.append(int(path.parent.name))
    return found


def _kilobytes(process: int) -> int:
    """The memory of a process, of what it shares its share."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1])
    return 0


def weight(folder: Path, pattern: str = "*") -> tuple[int, int]:
    """Bytes and number of the files below a folder."""
    sizes = [path.stat().st_size for path in folder.rglob(pattern) if path.is_file()]
    return sum(sizes), len(sizes)


_ROOM = 20e9  # bytes
_NUMBERS = count(1)


def emptied(*folders: Path) -> Callable[[], None]:
    """What puts folders away, for use before a run. They go when all is measured, if there is room till then.

    Some file systems (ext4) make no new file where one was removed within the last minute, and look at every
    such place: the more was removed before a run, the longer it takes.
    """

    def put_away() -> None:
        for folder in folders:
            if folder.exists() and shutil.disk_usage(folder).free > _ROOM:
                folder.rename(f"{folder}-old-{next(_NUMBERS)}")
            shutil.rmtree(folder, ignore_errors=True)

    return put_away


def table(contenders: Sequence[Contender], *, against: Contender) -> str:
    """A Markdown table: median, fastest, peak memory, and the ratio of medians to ``against``."""
    lines = ["| 程序 | 中位数（秒） | 最快（秒） | 内存峰值（MB） | 倍数 |", "|---|---:|---:|---:|---:|"]
    lines += (
        f"| {one.name} | {one.middle:.2f} | {one.fastest:.2f} | {one.megabytes:.0f} "
        f"| {one.middle / against.middle:.2f} |"
        for one in contenders
        if one.runs
    )
    return "\n".join(lines)


def machine() -> str:
    """What the figures were measured on."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"{_processor()}，{os.cpu_count()} 核，内存 {_memory():.0f} GB，{platform.system()} "
        f"{platform.release()}，Python {platform.python_version()}，开始时负载 {load:.1f}"
    )


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> float:
    with suppress(ValueError, OSError, AttributeError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _KILO**3
    return 0.0


def say(line: str) -> None:
    """A line of progress."""
    print(line, file=sys.stderr, flush=True)
