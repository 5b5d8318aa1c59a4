"""The site before last, kept to become the next one: whatever has not changed stands in it already.

Most of its files are second names of those of the present site, so it costs little more than its folders. In
what state it is does not matter: a file in it counts only where the last build saw that very file, by its
inode, and nothing about it has changed since. All else is removed, and put in place as in an empty folder.
"""

from __future__ import annotations

import glob
import os
import pickle
import shutil
import stat
import time
from contextlib import suppress
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from builder.inventory import facts_of, sha256_of
from builder.store import MODE, WEEK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from builder.inventory import Inventory, Known
    from builder.workers import Workers

_FOLDER, _SITE, _SEEN = "spare", "site", "seen"
_DIGEST = 32  # bytes

_MODE = stat.S_IFREG | MODE

_HAS_INODES = os.name != "nt"
"""Elsewhere a file can be changed, and its times set back, with no trace."""


class Spare:
    """The present site, and the one before it, where that has been kept.

    Args:
        site: the present site, which need not exist.
        cache: the folder of all that is kept for later builds; ``None``: no tree is kept, nor used.
    """

    def __init__(self, site: Path, cache: Path | None) -> None:
        self.site = site
        self._is_of_use = False
        self._folder: Path | None = None
        if cache:
            name = sha256(os.fsencode(site.absolute())).hexdigest()[:16]
            self._folder = cache / _FOLDER / name

    def take(self, place: Path, inventory: Inventory, workers: Workers) -> set[str]:
        """Put the spare tree in the place of the folder ``place``, whose files go into it.

        Whoever moves it away has it to himself. ``inventory``: the files, by their paths from the site's
        root, that may be in it, and who is told which are. Those are given back; all but these and the files
        of ``place`` are removed.
        """
        if self._folder is None:
            return set()
        wanted = inventory.known
        aside = place.with_name(f"{place.name}-new")
        seen = self._seen()
        place.rename(aside)
        try:
            (self._folder / _SITE).rename(place)
        except OSError:  # there is none
            aside.rename(place)
            return set()
        try:
            for now, before in renamed(place, wanted).items():
                (place / before).rename(place / now)
            there = _clear(str(place), wanted, seen, workers)
        except OSError:  # somebody else's files, or such as cannot be removed
            place.rename(place.with_name(f"{place.name}-spoilt"))
            aside.rename(place)
            return set()
        _move(str(aside), str(place))
        inventory.found(there, seen)
        return there

    def note(self, inventory: Inventory) -> None:
        """What the inventory saw in the new site.

        Where few of its files are from before, the present site shares too little with it to be kept.
        """
        if self._folder is None or not _HAS_INODES or not inventory.is_mostly_kept:
            return
        data = pickle.dumps(inventory.seen, pickle.HIGHEST_PROTOCOL)
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            written = self._folder / f"{_SEEN}-{os.getpid()}"
            written.write_bytes(sha256(data).digest() + data)
            written.replace(self._folder / _SEEN)
            self._is_of_use = True

    def keep(self, old: Path) -> None:
        """Take over what was the site until now, if that is of use, and remove what has long been of none."""
        if self._folder is None:
            return
        if not self._is_of_use:
            shutil.rmtree(self._folder, ignore_errors=True)
        else:
            with suppress(OSError):  # another build was faster, or it is on another disk
                old.rename(self._folder / _SITE)
            with suppress(OSError):
                os.utime(self._folder)
        for other in self._folder.parent.glob("*"):
            with suppress(OSError):
                if other.stat().st_mtime < time.time() - WEEK:
                    shutil.rmtree(other, ignore_errors=True)

    def _seen(self) -> Mapping[int, bytes]:
        with suppress(OSError):
            raw = (self._folder / _SEEN).read_bytes() if self._folder else b""
            if sha256(raw[_DIGEST:]).digest() == raw[:_DIGEST]:
                # Written by this program in its own folder.
                return pickle.loads(raw[_DIGEST:])  # type: ignore[no-any-return]  # noqa: S301
        return {}


def renamed(root: Path, wanted: Iterable[str]) -> dict[str, str]:
    """Folders named after what is in them, by the names they should have now, and what they are called."""
    folders = {path.rpartition("/")[0] for path in wanted}
    found = {}
    for folder in folders:
        above, _, name = folder.rpartition("/")
        stem, dash, _ = name.rpartition("-")
        if dash and not os.path.isdir(f"{root}/{folder}"):  # noqa: PTH112  no Path for each of many folders
            for old in sorted((root / above).glob(f"{glob.escape(stem)}-*")):
                if old.is_dir() and f"{above}/{old.name}" not in folders:
                    found[folder] = f"{above}/{old.name}"
                    break
    return found


_DEPTH = 3
"""So many folders down, each folder with all that is in it is one job."""

_LOOK, _TOGETHER = 0.00001, 16
"""About how many seconds it takes to look at a file, and how many folders are one job."""


class _Looked(NamedTuple):
    """The files of one folder: their names, inodes, and facts; ``None`` where it is no plain file."""

    inside: str
    names: tuple[str, ...]
    inodes: tuple[int, ...]
    facts: tuple[bytes | None, ...]


def _clear(root: str, wanted: Known, seen: Mapping[int, bytes], workers: Workers) -> set[str]:
    """Remove from a folder what is not wanted, or not known to be as wanted; the paths of what is left."""
    there: set[str] = set()
    holding = {""}
    folders: list[str] = []
    upper, lower = _upper(root)
    looks = workers.run(_look, lower, root, seconds=_LOOK * len(wanted), together=_TOGETHER)
    for looked in chain(upper, chain.from_iterable(looks)):
        folders.append(looked.inside)
        for name, inode, facts in zip(looked.names, looked.inodes, looked.facts, strict=True):
            path = looked.inside + name
            packed = wanted.packed(path)
            if packed and facts and seen.get(inode) == facts + sha256_of(packed):
                there.add(path)
                holding.add(looked.inside)
            else:
                os.unlink(f"{root}/{path}")  # noqa: PTH108  no Path for each of many files
    for inside in sorted(folders, key=len, reverse=True):  # what is within before what it is in
        if inside in holding:
            holding.add(f"{inside[:-1].rpartition('/')[0]}/".removeprefix("/"))
        else:
            os.rmdir(f"{root}/{inside}")  # noqa: PTH106  the same
    return there


def _upper(root: str) -> tuple[list[_Looked], list[str]]:
    """The folders that are not so deep, looked at, and those that are jobs."""
    looked: list[_Looked] = []
    folders = [""]
    for _ in range(_DEPTH):
        below: list[str] = []
        for inside in folders:
            found, within = _look_into(root, inside)
            looked.append(found)
            below += within
        folders = below
    return looked, folders


def _look(inside: str, root: str) -> list[_Looked]:
    """A folder and all within it."""
    looked: list[_Looked] = []
    folders = [inside]
    for one in folders:
        found, within = _look_into(root, one)
        looked.append(found)
        folders += within
    return looked


def _look_into(root: str, inside: str) -> tuple[_Looked, list[str]]:
    """One folder, and those in it."""
    files: list[tuple[str, int, bytes | None]] = []
    folders: list[str] = []
    with os.scandir(f"{root}/{inside}") as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                folders.append(f"{inside}{entry.name}/")
                continue
            facts = entry.stat(follow_symlinks=False)
            is_plain = facts.st_mode == _MODE
            files.append((entry.name, facts.st_ino, facts_of(facts) if is_plain else None))
    names, inodes, all_facts = zip(*files, strict=True) if files else ((), (), ())
    return _Looked(inside, names, inodes, all_facts), folders


def _move(source: str, target: str) -> None:
    """Put all files of a folder into another, in place of those of the same names."""
    with os.scandir(source) as found:
        for entry in found:
            to = f"{target}/{entry.name}"
            if entry.is_dir(follow_symlinks=False) and os.path.isdir(to):  # noqa: PTH112  the same
                _move(entry.path, to)
            else:
                os.replace(entry.path, to)  # noqa: PTH105  the same
