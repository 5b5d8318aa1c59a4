"""Programs run as whole processes, taken in turns, so that a noisy machine is noisy for all of them alike."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_KILO = 1024


@dataclass
class Contender:
    """One program: what it is called, its command line, and what each run took."""

    name: str
    command: Sequence[str]
    folder: Path
    allowed: frozenset[int] = frozenset({0})
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """The median time in seconds."""
        return median(self.seconds)


def race(contenders: Sequence[Contender], *, rounds: int) -> None:
    """Run every contender ``rounds`` times, one after the other in each round."""
    for _ in range(rounds):
        for one in contenders:
            seconds, megabytes = _run(one)
            one.seconds.append(seconds)
            one.megabytes.append(megabytes)


def _run(one: Contender) -> tuple[float, float]:
    """Wall time, and the peak of the memory of the process (its children not included)."""
    started = time.perf_counter()
    with subprocess.Popen(
        one.command, cwd=one.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in one.allowed:
        raise SystemExit(f"{one.name} ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / _KILO


def table(contenders: Sequence[Contender], *, against: Contender) -> str:
    """A Markdown table: median, fastest, peak memory, and the ratio of medians to ``against``."""
    lines = ["| 程序 | 中位数（秒） | 最快（秒） | 内存峰值（MB） | 倍数 |", "|---|---:|---:|---:|---:|"]
    lines += (
        f"| {one.name} | {one.middle:.2f} | {min(one.seconds):.2f} | {max(one.megabytes):.0f} "
        f"| {one.middle / against.middle:.2f} |"
        for one in contenders
    )
    return "\n".join(lines)


def machine() -> str:
    """What the figures were measured on."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    limit = resource.getpagesize()
    return (
        f"{platform.system()} {platform.machine()}，Python {platform.python_version()}，"
        f"{os.cpu_count()} 核，内存页 {limit} 字节，开始时负载 {load:.1f}"
    )
