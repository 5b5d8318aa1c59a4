"""Where work is done: here, in a process a core, or on a cluster; the same answers in the same order.

Work is a function of one job and of what all jobs share. Both must be importable and picklable; what is
shared goes to a worker once, through a file. Jobs are taken as they are needed, one by one or a few together.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import islice
from multiprocessing import get_all_start_methods, get_context, parent_process
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from builder import garbage, scratch
from builder.errors import BuilderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from multiprocessing.context import BaseContext

Job = TypeVar("Job")
Shared = TypeVar("Shared")
Result = TypeVar("Result")

LEAST = 3.0
"""Seconds of work for which it pays to start processes."""

_FOLDER = "jixiao-workers"
"""What the folders are called through which jobs get what they share."""

_AHEAD = 3
"""Jobs, or handfuls of them, not yet done that each worker is given: enough that none waits."""

_MOST = 300
"""Jobs, or handfuls, for each worker whose results are held while an earlier one is not done."""


class Workers(Protocol):
    """Whoever does jobs."""

    @property
    def number(self) -> int:
        """How many jobs are done at a time."""

    def expect(self, seconds: float) -> None:
        """Get ready for about so much work, which is to come."""

    def run(
        self,
        function: Callable[[Job, Shared], Result],
        jobs: Iterable[Job],
        shared: Shared,
        *,
        seconds: float,
        together: int = 1,
    ) -> Iterator[Result]:
        """The result of each job, in the order of the jobs; ``seconds``: about how much work it is in all.

        ``together``: how many are handed over at a time, where one is so little that this takes as long.

        Raises:
            BuilderError: a job could not be done, or its worker was lost.
        """

    def rest(self) -> None:
        """Give back what work has taken, as memory, where it is of this machine; more work may come."""


class Here:
    """This very process."""

    number = 1

    def expect(self, seconds: float) -> None:
        """Nothing is needed."""

    def rest(self) -> None:
        """There is nothing to give back."""

    def run(
        self,
        function: Callable[[Job, Shared], Result],
        jobs: Iterable[Job],
        shared: Shared,
        *,
        seconds: float,
        together: int = 1,
    ) -> Iterator[Result]:
        """Each job when its result is asked for."""
        del seconds, together
        return (function(job, shared) for job in jobs)


class _Elsewhere:
    """What a pool of processes and a cluster have in common: a window of jobs that are under way."""

    def __init__(
        self,
        number: int,
        scratch: Path,
        submit: Callable[..., Future[Any]],
        start: Callable[[], None] | None = None,
        stop: Callable[[], None] | None = None,
        *,
        least: float = 0.0,
    ) -> None:
        self.number = number
        self._scratch = scratch
        self._submit = submit
        self._start = start
        self._stop = stop
        self._least = least
        self._given = 0
        self._is_at_work = False

    def expect(self, seconds: float) -> None:
        """Start the processes, which may take them a while, if there will be enough to do."""
        if self._start and seconds >= self._least and not self._given:
            self._start()

    def rest(self) -> None:
        """End the processes of this machine; others start if there is enough to do once more."""
        if self._stop:
            self._stop()
            self._is_at_work = False

    def run(
        self,
        function: Callable[[Job, Shared], Result],
        jobs: Iterable[Job],
        shared: Shared,
        *,
        seconds: float,
        together: int = 1,
    ) -> Iterator[Result]:
        """Each job in some process, a few ahead of the one whose result is asked for.

        Little work is done here, unless processes are at work already.
        """
        if seconds < self._least and not self._is_at_work:
            yield from Here().run(function, jobs, shared, seconds=seconds)
            return
        self._given += 1
        self._is_at_work = True
        path = self._scratch / f"{self._given}.pickle"
        path.write_bytes(pickle.dumps((function, shared), pickle.HIGHEST_PROTOCOL))
        waiting: deque[Future[list[Result]]] = deque()
        # A long job must not keep the others idle behind it: they go on, and their results wait.
        free = threading.Semaphore(self.number * _AHEAD)
        try:
            for some in in_parts(jobs, together):
                free.acquire()
                future = self._submit(_do, path, some)
                future.add_done_callback(lambda _: free.release())
                waiting.append(future)
                while waiting and (waiting[0].done() or len(waiting) >= self.number * _MOST):
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            _abandon(waiting)


def _abandon(waiting: Iterable[Future[Any]]) -> None:
    """See that nothing goes on being done when a job has failed: its folder is about to be removed."""
    for future in [one for one in waiting if not one.cancel()]:
        with suppress(Exception):  # one failure is told already
            future.result()


@lru_cache(maxsize=2)
def _shared(path: Path) -> tuple[Callable[[Any, Any], Any], Any]:
    # Written by this very program a moment ago, in a folder that only its user can write to.
    function, shared = pickle.loads(path.read_bytes())  # noqa: S301
    return function, shared


def _nothing() -> None:
    """A job to start a process with."""


def _do(path: Path, jobs: Iterable[object]) -> list[object]:
    function, shared = _shared(path)
    return [function(job, shared) for job in jobs]


def in_parts(jobs: Iterable[Job], size: int) -> Iterator[tuple[Job, ...]]:
    """The same, so many together; the last may be fewer."""
    jobs = iter(jobs)
    return iter(lambda: tuple(islice(jobs, size)), ())


@contextmanager
def processes(number: int, loads: Sequence[str] = ()) -> Iterator[Workers]:
    """That many processes of this machine; ``loads``: modules that they need for most jobs."""
    with scratch.folder(Path(gettempdir()), _FOLDER) as folder:
        pool = _Pool(number, loads)
        try:
            yield _Elsewhere(number, folder, pool.submit, pool.start, pool.shut, least=LEAST)
        except BrokenProcessPool as error:
            hint = "多半是内存不够：请用 --workers 1 再试。"
            raise BuilderError(f"有一个工作进程意外结束了，没有生成网站。{hint}") from error
        finally:
            pool.shut()


class _Pool:
    """Processes, started when they are expected or else with the first job."""

    def __init__(self, number: int, loads: Sequence[str]) -> None:
        self._number = number
        self._loads = loads
        self._made: ProcessPoolExecutor | None = None

    def start(self) -> None:
        """Before any work: as copies of this process, which has loaded everything, where that is sound."""
        if self._made:
            return
        if _is_alone():
            self._submit_nothing(self._pool(get_context("fork")))
        else:
            made = self._pool(_context(self._loads))
            threading.Thread(target=self._submit_nothing, args=(made,), daemon=True).start()

    def submit(self, function: Callable[..., Any], *given: object) -> Future[Any]:
        """Have a job done."""
        return (self._made or self._pool(_context(self._loads))).submit(function, *given)

    def shut(self) -> None:
        """Wait for what is being done, and do no more."""
        if self._made:
            self._made.shutdown(wait=True, cancel_futures=True)
            self._made = None

    def _pool(self, context: BaseContext) -> ProcessPoolExecutor:
        self._made = ProcessPoolExecutor(self._number, context, initializer=_begin)
        return self._made

    def _submit_nothing(self, made: ProcessPoolExecutor) -> None:
        with suppress(RuntimeError):  # all is over already
            for _ in range(self._number):
                made.submit(_nothing)


def _is_alone() -> bool:
    """Whether a copy of this process is sound: one of a process with threads can hang, on macOS any.

    Threads are counted by the system, as Python does not know all of them.
    """
    if sys.platform != "linux":
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208  names are all that is asked
    except OSError:
        return False


def _context(loads: Sequence[str]) -> BaseContext:
    """How processes are started in the midst of work: not as copies of this one, which may hold pipes open.

    Where it is possible, they are copies of one that has loaded those modules, and done nothing else.
    """
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([*loads])
    return context


def _begin() -> None:
    """In a new process: leave Ctrl+C to the one that started it, and end when that one ends."""
    garbage.seldom()
    garbage.spare()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def cluster(address: str, beside: Path) -> Iterator[Workers]:
    """The workers of a Dask cluster, which see the same files under the same paths.

    ``beside``: an existing folder that they all can read. A worker that is lost costs only its jobs: the
    cluster does them again elsewhere.

    Raises:
        BuilderError: the library is missing, or the cluster does not answer.
    """
    try:
        from distributed import Client  # noqa: PLC0415  an extra that most do without
    except ImportError as error:
        raise BuilderError("没有安装集群用的库：请运行 pip install 'jixiao[cluster]'。") from error
    try:
        client: Any = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise BuilderError(f"连不上集群“{address}”：请核对地址，并看看调度程序是否在运行。") from error
    with client, scratch.folder(beside, _FOLDER) as folder:
        threads = sum(client.nthreads().values())
        if not threads:
            raise BuilderError(f"集群“{address}”里没有工作进程：请先启动 dask worker。")

        def submit(function: Callable[..., Any], *given: object) -> Future[Any]:
            return client.submit(function, *given, pure=False)  # type: ignore[no-any-return]

        yield _Elsewhere(threads, folder, submit)


def cores() -> int:
    """How many processes this machine has room for."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
