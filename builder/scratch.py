"""Folders for what is being made: locked while in use, and removed by the next run where a run was killed.

The lock is a file beside the folder, made before it and removed after it. A folder without its lock is
therefore always a leftover, at whatever moment the run that made it was killed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_RANDOM = 4
"""Bytes in a folder's name; of one length, so that ``.a-*`` never takes in the folders of ``.a-b-*``."""

_ANY = "[0-9a-f]" * (2 * _RANDOM)
_LOCK = ".lock"
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}
"""What file systems answer that know no locks."""


def _nothing_to_save(folder: Path) -> None:
    """What most folders hold is of no use to anyone after a run was killed."""


@contextmanager
def folder(parent: Path, name: str, rescue: Callable[[Path], None] = _nothing_to_save) -> Iterator[Path]:
    """A new folder ``.name-…`` in ``parent``, removed in the end, as is first what killed runs left there.

    Args:
        parent: where the folder is made; it exists.
        name: what it is for; runs with the same name look after each other's leftovers.
        rescue: called with a leftover before it is removed.

    Raises:
        OSError: ``parent`` cannot be written.
    """
    _remove_leftovers(parent, name, rescue)
    place = parent / f".{name}-{secrets.token_hex(_RANDOM)}"
    lock = _lock_of(place)
    with _locked(lock):
        try:
            place.mkdir(mode=0o700)
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _lock_of(place: Path) -> Path:
    return place.with_name(place.name + _LOCK)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """A file that is locked until the block ends, at the latest until the process does, and then removed."""
    while True:
        stream = path.open("xb")
        if _is_locked(stream, path, wait=True):
            break
        stream.close()
    try:
        yield
    finally:
        _remove(stream, path)


def _is_locked(stream: IO[bytes], path: Path, *, wait: bool) -> bool:
    """Whether the lock was gained, and the path still leads to the file that was locked.

    Raises:
        OSError: another process holds it, and it was not waited for.
    """
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(stream, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if wait and error.errno in _NO_LOCKS:
            return True  # nobody can lock here, so nobody takes the folder for a leftover
        raise
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _remove(stream: IO[bytes], path: Path) -> None:
    """Give up a lock: where open files can be removed, it is removed before another run can gain it."""
    if sys.platform == "win32":
        stream.close()
    with contextlib.suppress(OSError):
        path.unlink()
    stream.close()


def _remove_leftovers(parent: Path, name: str, rescue: Callable[[Path], None]) -> None:
    """Remove the folders whose run has ended, then the locks that never got a folder or have lost it."""
    for place in parent.glob(f".{name}-{_ANY}"):
        with contextlib.suppress(OSError), _gained(_lock_of(place)):
            rescue(place)
            shutil.rmtree(place, ignore_errors=True)
    for lock in parent.glob(f".{name}-{_ANY}{_LOCK}"):
        with contextlib.suppress(OSError), _gained(lock):
            pass


@contextmanager
def _gained(lock: Path) -> Iterator[None]:
    """The lock of a run that has ended, removed afterwards; also where there is none any more.

    Raises:
        OSError: the run is still going on.
    """
    if sys.platform == "win32":
        # An open file cannot be removed there, which says the same as a lock.
        lock.unlink(missing_ok=True)
        yield
        return
    if not lock.exists():
        yield
        return
    with lock.open("r+b") as stream:
        if _is_locked(stream, lock, wait=False):
            yield
            lock.unlink(missing_ok=True)
