"""A folder built beside the one it is to replace: all of it takes its place at once, or nothing changes."""

from __future__ import annotations

import ctypes
import errno
import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from builder import scratch
from builder.errors import BuilderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_AT_FDCWD = -100
_UNKNOWN = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}
"""What a system or a file system answers that cannot exchange two names in one step."""


def of_no_use(old: Path) -> None:
    """Nobody wants what was replaced."""


@contextmanager
def staged(final: Path, keep: Callable[[Path], None] = of_no_use) -> Iterator[Path]:
    """A folder beside ``final`` to build in; on success it takes the place of ``final``, else it is removed.

    ``keep``: called with what stood in that place before; what is still there then is removed.

    Raises:
        BuilderError: the folder cannot be written beside ``final``, or the disk is full.
    """
    with ExitStack() as stack:
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            folder = scratch.folder(final.parent, final.name, rescue=lambda left: _put_back(left, final))
            site = stack.enter_context(folder) / final.name
            site.mkdir()
        except OSError as error:
            raise BuilderError(f"不能在“{final.parent}”里写文件：{error.strerror}。") from error
        try:
            yield site
            keep(_replace(site, final))
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            hint = "原有网站没有改动。请腾出空间再试，或用 --no-cache 少占一些。"
            raise BuilderError(f"磁盘满了，没有生成网站：{error.strerror}。{hint}") from error


def _put_back(left: Path, final: Path) -> None:
    """A site that was moved aside, and its successor never came, goes back."""
    old = _aside(left / final.name)
    if old.exists() and not final.exists():
        old.rename(final)


def _aside(site: Path) -> Path:
    return site.with_name(f"{site.name}-old")


def _replace(site: Path, final: Path) -> Path:
    """Put a site in its place; where the one before is now, if there was one."""
    old = _aside(site)
    try:
        if not final.exists():
            site.rename(final)
        elif _exchanged(site, final):
            return site
        else:
            final.rename(old)
            site.rename(final)
    except OSError as error:
        if old.exists() and not final.exists():
            old.rename(final)
        hint = "请关掉正在使用它的程序；如果它是挂载点，请用 --site-dir 换一个文件夹。"
        raise BuilderError(f"换不下“{final}”，原有网站没有改动：{error.strerror}。{hint}") from error
    return old


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
