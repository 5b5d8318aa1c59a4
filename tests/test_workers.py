"""By whom the work is done makes no difference to what comes out; who is lost costs no more than his jobs."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builder import workers
from builder.collection import collect
from builder.errors import BuilderError
from tests import county
from tests.records import ROOT, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator


def double(job: int, shared: int) -> int:
    """A job for the tests: quick, and slower the earlier it is."""
    time.sleep(0.02 / (job + 1))
    return job * shared


def vanish(job: int, shared: int) -> int:
    """A job that ends its process."""
    os._exit(job + shared)


def fail(job: int, shared: int) -> int:
    """A job that cannot be done."""
    raise BuilderError(f"示例 {job} {shared}")


def wait_for_last(job: int, shared: Path) -> bool:
    """The first job ends when the last is done, which says so in a file."""
    if job == LAST:
        shared.touch()
    end = time.monotonic() + 20
    while job == 0 and not shared.exists() and time.monotonic() < end:
        time.sleep(0.01)
    return shared.exists()


LAST = 60


def test_a_long_job_keeps_no_other_worker_idle(tmp_path: Path) -> None:
    with workers.processes(2) as pool:
        found = [*pool.run(wait_for_last, range(LAST + 1), tmp_path / "done", seconds=9)]
    assert (found[0], len(found)) == (True, LAST + 1)


def test_totals_are_worked_out_while_a_job_is_handed_on() -> None:
    """A thread of its own hands jobs on: what is worked out of them meanwhile must not be a part of them."""
    (year,) = collect([Path("targets")], SCHEMAS, base=ROOT).catalogue.years
    (department,) = year.departments
    job = pickle.dumps((year, department))
    assert year.indicators == department.indicators > 0
    assert year.total_wan == department.total_wan > 0
    assert year.projects == len(department.projects)
    assert pickle.dumps((year, department)) == job


def test_results_come_in_the_order_of_the_jobs() -> None:
    with workers.processes(2) as pool:
        assert [*pool.run(double, range(40), 3, seconds=9)] == [*range(0, 120, 3)]
        assert [*pool.run(double, [1], 4, seconds=0)] == [4]
    assert [*workers.Here().run(double, range(40), 3, seconds=9)] == [*range(0, 120, 3)]


@pytest.mark.parametrize("number", [0, 1, 7, 40, 41])
def test_jobs_handed_over_together_are_done_one_by_one(number: int) -> None:
    with workers.processes(2) as pool:
        found = [*pool.run(double, range(number), 3, seconds=9, together=8)]
    assert found == [*range(0, 3 * number, 3)]


def own_process(job: int, shared: int) -> int:
    """Which process does it."""
    return os.getpid() + 0 * (job + shared)


def test_processes_that_rest_are_gone_and_others_do_what_comes_then() -> None:
    with workers.processes(2) as pool:
        before = {*pool.run(own_process, range(20), 0, seconds=9)}
        pool.rest()
        assert not any(Path(f"/proc/{number}").exists() for number in before)
        assert {*pool.run(own_process, [1], 0, seconds=0)} == {os.getpid()}
        after = {*pool.run(own_process, range(20), 0, seconds=9)}
        assert not after & {*before, os.getpid()}
        pool.rest()
        pool.rest()
        assert [*pool.run(double, range(4), 3, seconds=9)] == [*range(0, 12, 3)]


def test_little_work_starts_no_process() -> None:
    with workers.processes(2) as pool:
        (where,) = pool.run(whereabouts, [0], 0, seconds=workers.LEAST / 2)
    assert where == os.getpid()


def whereabouts(job: int, shared: int) -> int:
    """The process that does the job."""
    del job, shared
    return os.getpid()


def test_a_lost_process_and_a_job_that_fails_end_in_a_sentence() -> None:
    with pytest.raises(BuilderError, match="意外结束"), workers.processes(2) as pool:
        list(pool.run(vanish, [1], 1, seconds=9))
    with pytest.raises(BuilderError, match="示例 1 2"), workers.processes(2) as pool:
        list(pool.run(fail, [1], 2, seconds=9))


def parents(job: int, shared: int) -> tuple[int, int]:
    """The process that does the job, and the one it was started by; not so fast that one does all jobs."""
    del job, shared
    time.sleep(0.1)
    return os.getpid(), os.getppid()


def said_by(folder: Path, *lines: str) -> list[int]:
    """The numbers that a program prints in a process of its own, which has two workers at hand."""
    script = folder / "script.py"
    code = (
        "import _thread, os, signal, subprocess, time",
        "from builder import workers",
        "from tests.test_workers import parents",
        "if __name__ == '__main__':",
        "    with workers.processes(2) as pool:",
        *(f"        {line}" for line in lines),
    )
    script.write_text("\n".join(code), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, check=False, env=environment, timeout=60)
    return [int(word) for word in done.stdout.split()]


START = "pool.expect(9)"
TELL = (
    "print(os.getpid(), *(number for pair in pool.run(parents, range(4), 0, seconds=9) for number in pair),"
    " flush=True)"
)


@pytest.mark.parametrize("start", [START, "pass"])
def test_processes_do_not_outlive_a_parent_that_is_killed(tmp_path: Path, start: str) -> None:
    _, *pairs = said_by(tmp_path, start, TELL, "os.kill(os.getpid(), signal.SIGKILL)")
    children = {*pairs[::2]}
    assert len(children) == 2
    for _ in range(100):
        if not any(map(_is_alive, children)):
            break
        time.sleep(0.1)
    assert not any(map(_is_alive, children))


def test_processes_that_are_expected_again_are_not_started_again(tmp_path: Path) -> None:
    children = "print(len(multiprocessing.active_children()))"
    assert said_by(tmp_path, "import multiprocessing", START, START, children) == [2]


@pytest.mark.skipif(sys.platform != "linux", reason="only there are processes started as copies")
@pytest.mark.parametrize(
    ("lines", "are_copies"),
    [
        ((START,), True),
        ((), False),  # in the midst of work
        (("_thread.start_new_thread(time.sleep, (9,))", START), False),
    ],
)
def test_processes_are_copies_of_one_that_has_no_threads_and_no_work_yet(
    tmp_path: Path, lines: tuple[str, ...], *, are_copies: bool
) -> None:
    own, *pairs = said_by(tmp_path, *lines, TELL)
    assert {parent == own for parent in pairs[1::2]} == {are_copies}


def test_a_pipe_that_was_open_when_processes_were_started_can_be_closed(tmp_path: Path) -> None:
    """As those of git are, which ends when its input does."""
    opened = "cat = subprocess.Popen(['cat'], stdin=subprocess.PIPE)"
    assert said_by(tmp_path, opened, TELL, "cat.stdin.close()", "print(cat.wait(timeout=20))")[-1] == 0


def _is_alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as stream:  # noqa: PTH123  not a file of ours
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_several_processes_build_what_one_does(tmp_path: Path) -> None:
    folder = county.make(tmp_path / "work", office=True)
    for number in range(3, 60):
        county.write(folder, f"2024/999001/示{number}.yml", county.record(f"示{number}", number=number))
    county.build(folder, "--no-cache", "--workers", "1", "--site-dir", "one")
    county.build(folder, "--no-cache", "--workers", "3", "--site-dir", "two")
    assert county.files(folder / "one") == county.files(folder / "two")


@contextmanager
def _cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    scheduler = (
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-dashboard",
    )
    worker = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    with ExitStack() as stack:
        started = []
        for words in (scheduler, worker, worker):
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            command = [sys.executable, "-m", *words]
            process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)
            started.append(process)
        yield address, started[1:]


def test_a_cluster_builds_what_one_machine_does_even_when_it_loses_a_worker(tmp_path: Path) -> None:
    folder = county.make(tmp_path / "work", office=True)
    for number in range(3, 150):
        county.write(folder, f"2024/999001/示{number}.yml", county.record(f"示{number}", number=number))
    county.build(folder, "--no-cache", "--workers", "1", "--site-dir", "one")
    (tmp_path / "cluster").mkdir()
    with _cluster(tmp_path / "cluster") as (address, (lost, _)):
        command = [sys.executable, "-m", "builder", "build", "--scheduler", address, "--site-dir", "two"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        building = subprocess.Popen([*command, "--no-cache"], cwd=folder, env=environment)
        while building.poll() is None and not [*folder.glob(".two-*/two/2024/999001/示*/index.html")]:
            time.sleep(0.05)
        assert building.poll() is None, "the build was over before a worker could be lost"
        lost.kill()
        assert building.wait() == 0
    assert county.files(folder / "one") == county.files(folder / "two")
    assert [path.name for path in folder.glob(".*") if path.name != ".cache"] == []


def test_a_cluster_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BuilderError, match="连不上集群"), workers.cluster("tcp://127.0.0.1:9", tmp_path):
        pass
