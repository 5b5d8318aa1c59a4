"""A folder built beside the one it is to replace: all of it takes its place at once, or nothing changes.

A build that was killed leaves its folder behind; the next one removes it. A folder in use is locked, so that
two builds do not take each other's away.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from builder.errors import BuilderError

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK = ".lock"
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_AT_FDCWD = -100
_UNKNOWN = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}
"""What a system or a file system answers that cannot exchange two names in one step."""


@contextmanager
def staged(final: Path) -> Iterator[Path]:
    """A folder beside ``final`` to build in; on success it takes the place of ``final``, else it is removed.

    Raises:
        BuilderError: the folder cannot be written beside ``final``, or the disk is full.
    """
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(final)
        place = Path(tempfile.mkdtemp(prefix=f".{final.name}-", dir=final.parent))
        lock = _locked(place)
    except OSError as error:
        raise BuilderError(f"不能在“{final.parent}”里写文件：{error.strerror}。") from error
    try:
        site = place / final.name
        site.mkdir()
        yield site
        _replace(site, final)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        hint = "原有网站没有改动。请腾出空间再试，或用 --no-cache 少占一些。"
        raise BuilderError(f"磁盘满了，没有生成网站：{error.strerror}。{hint}") from error
    finally:
        lock.close()
        shutil.rmtree(place, ignore_errors=True)


def _locked(place: Path) -> IO[bytes]:
    """A file in the folder that is locked as long as it is open, and at the latest until the process ends."""
    lock = (place / _LOCK).open("wb")
    if sys.platform != "win32":
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _remove_leftovers(final: Path) -> None:
    """Remove what builds that were killed have left beside ``final``."""
    for place in final.parent.glob(f".{final.name}-*"):
        with contextlib.suppress(OSError), (place / _LOCK).open("rb") as lock:
            if sys.platform != "win32":
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A site that was moved aside, and its successor never came: it goes back.
            old = place / f"{final.name}-old"
            if old.exists() and not final.exists():
                old.rename(final)
            shutil.rmtree(place, ignore_errors=True)


def _replace(site: Path, final: Path) -> None:
    old = site.with_name(f"{final.name}-old")
    try:
        if not final.exists():
            site.rename(final)
        elif not _exchanged(site, final):
            final.rename(old)
            site.rename(final)
    except OSError as error:
        if old.exists() and not final.exists():
            old.rename(final)
        hint = "请关掉正在使用它的程序；如果它是挂载点，请用 --site-dir 换一个文件夹。"
        raise BuilderError(f"换不下“{final}”，原有网站没有改动：{error.strerror}。{hint}") from error


def _exchanged(one: Path, other: Path) -> bool:
    """Whether two names were exchanged in one step, as Linux can; then there is no moment without a site."""
    try:
        exchange = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    if exchange(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number))
