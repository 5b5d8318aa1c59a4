"""The files of a site with their digests: known from when they were put in place, or read.

To read every file of a large site once more takes longer than most of what changed it.
"""

from __future__ import annotations

import os
import struct
import sys
import tempfile
from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from builder.manifest import Digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.store import Part, Stored

_FACTS = struct.Struct("<QQQqq")
_SIZE = 8  # bytes


def facts_of(stat: os.stat_result) -> bytes:
    """A file as it is seen, in few bytes, as there are very many.

    Device, size, mode, and when it was written and when changed in any way (ns): what cannot all stay the
    same when a file is changed.
    """
    return _FACTS.pack(stat.st_dev, stat.st_size, stat.st_mode, stat.st_mtime_ns, stat.st_ctime_ns)


def sha256_of(packed: bytes) -> bytes:
    """The SHA-256 of a file, of what ``Known.packed`` gives."""
    return packed[_SIZE:]


def names_of(stored: Stored) -> Iterator[str]:
    """The files that were kept; parts that are no files have a colon."""
    return (name for name in stored.parts if not name.startswith(":"))


def _digest_of(part: Part) -> Digest:
    return Digest(part.size, part.sha256)


_PACKED = _SIZE + 32  # bytes
_FEW = 8
"""A folder of more files is held as a dictionary, in which one is found at once."""


class Known(Mapping[str, Digest]):
    """Files by path, folder by folder and in few bytes, as there are very many.

    Most folders have few files: those are held as their names and one string of bytes.
    """

    def __init__(self) -> None:
        self._folders: dict[str, tuple[tuple[str, ...], bytes] | dict[str, bytes]] = {}
        self._count = 0

    def put(self, path: str, digest: Digest) -> None:
        """Note a file; what was noted of it before no longer holds."""
        folder, _, name = path.rpartition("/")
        packed = digest.size.to_bytes(_SIZE, "little") + bytes.fromhex(digest.sha256)
        held = self._folders.get(folder, _NONE)
        if isinstance(held, dict):
            self._count += name not in held
            held[name] = packed
            return
        names, together = held
        if name in names:
            at = names.index(name) * _PACKED
            self._folders[folder] = names, together[:at] + packed + together[at + _PACKED :]
            return
        self._count += 1
        if len(names) < _FEW:  # many folders have files of the same names
            self._folders[folder] = (*names, sys.intern(name)), together + packed
        else:
            self._folders[folder] = {**dict(_each(names, together)), name: packed}

    def packed(self, path: str) -> bytes | None:
        """A file's size and its SHA-256, if it is known."""
        folder, _, name = path.rpartition("/")
        held = self._folders.get(folder, _NONE)
        if isinstance(held, dict):
            return held.get(name)
        names, together = held
        if name not in names:
            return None
        at = names.index(name) * _PACKED
        return together[at : at + _PACKED]

    def __getitem__(self, path: str) -> Digest:
        if packed := self.packed(path):
            return _unpacked(packed)
        raise KeyError(path)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self.packed(path) is not None

    def __iter__(self) -> Iterator[str]:
        for folder, held in self._folders.items():
            names = held if isinstance(held, dict) else held[0]
            yield from (f"{folder}/{name}" if folder else name for name in names)

    def __len__(self) -> int:
        return self._count


_NONE: tuple[tuple[str, ...], bytes] = ((), b"")


def _unpacked(packed: bytes) -> Digest:
    return Digest(int.from_bytes(packed[:_SIZE], "little"), packed[_SIZE:].hex())


def _each(names: tuple[str, ...], together: bytes) -> Iterator[tuple[str, bytes]]:
    return ((name, together[at * _PACKED : (at + 1) * _PACKED]) for at, name in enumerate(names))


class Inventory:
    """What is known of the files under ``folder``.

    ``kept``: those whose files are not in place yet; ``seen``, by inode, those that were found as known, if
    most files were kept: their facts and their SHA-256. ``is_ours``: whether nothing but this program changes
    files once all are in place.
    """

    is_ours = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = Known()
        self._until = 0
        self.kept: list[Stored] = []
        self.seen: dict[int, bytes] = {}
        self._there: set[str] = set()
        self._seen_there: Mapping[int, bytes] = {}

    @property
    def known(self) -> Known:
        """Files that are in place, or will be."""
        return self._known

    @property
    def is_mostly_kept(self) -> bool:
        """Whether most files are not in place yet, as they come from an earlier build or may be as before."""
        return 2 * sum(1 for one in self.kept for _ in names_of(one)) >= len(self._known)

    def add(self, stored: Stored, *, is_placed: bool) -> None:
        """Take in files that are in place, or that are yet to be put there."""
        for name in names_of(stored):
            self._known.put(name, _digest_of(stored.parts[name]))
        if not is_placed:
            self.kept.append(stored)

    def found(self, there: set[str], seen: Mapping[int, bytes]) -> None:
        """Files were in place before this build, and have just been ``seen`` to be as they should be."""
        self._there, self._seen_there = there, seen

    def close(self) -> None:
        """All is in place; whatever is changed from now on is read again.

        The clock is that of the file system, which is not that of the program.
        """
        with tempfile.TemporaryFile(dir=self._folder) as stream:
            self._until = _changed(os.fstat(stream.fileno()))

    def of(self, path: str) -> Digest:
        """One file, by its path from the folder, as it was put in place."""
        return self._known.get(path) or _read(self._folder / path)

    def all(self) -> Iterator[tuple[str, Digest]]:
        """Every file under the folder, in the order of their paths."""
        known, until = self._known, self._until
        seen = self.seen if self.is_mostly_kept else None
        there = self._there if self.is_ours else set()
        for path, entry in files(self._folder):
            packed = known.packed(path)
            if packed and path in there and (before := self._seen_there.get(entry.inode())):
                if seen is not None:
                    seen[entry.inode()] = before
                yield path, _unpacked(packed)
                continue
            facts = entry.stat()
            if packed and _changed(facts) < until:
                if seen is not None:
                    seen[facts.st_ino] = facts_of(facts) + sha256_of(packed)
                yield path, _unpacked(packed)
            else:
                yield path, _read(Path(entry.path))


def files(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file under a folder by its path from there, in order of paths; no linked folders are entered."""
    yield from _files(str(folder), "")


def _files(above: str, inside: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(above) as found:
        # A folder's paths all go on with a slash after its name.
        entries = sorted((f"{entry.name}/" if entry.is_dir() else entry.name, entry) for entry in found)
    for name, entry in entries:
        if not entry.is_dir():
            yield inside + name, entry
        elif not entry.is_symlink():
            yield from _files(entry.path, inside + name)


def _changed(facts: os.stat_result) -> int:
    """When a file was last changed, ns: one clock can be set back, the other is none on Windows."""
    return max(facts.st_mtime_ns, facts.st_ctime_ns)


def _read(path: Path) -> Digest:
    with path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
        return Digest(stream.tell(), digest)
