"""What was made before and need not be made again: named parts by key, in files that can be deleted any time.

A key stands for everything that its parts were made from, so nothing here ever grows stale. An entry is
written aside and renamed, so that two builds at once do no harm; one that is damaged counts as absent. What
has not been used for a week is removed.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
import time
from contextlib import contextmanager, suppress
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING

from builder import scratch
from builder.errors import BuilderError
from builder.frozen import Packed, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

WEEK = 7 * 24 * 3600.0  # seconds


class SpoiltError(BuilderError):
    """What was kept is not as it was written. All that is so is removed by ``Store.weed``."""

    def __init__(self) -> None:
        super().__init__("生成网站的途中缓存被改动或删除了，没有生成网站：请重新运行。")

    def __reduce__(self) -> tuple[type[SpoiltError], tuple[()]]:
        return SpoiltError, ()


_MAGIC = b"jixiao\x00\x01"
_TAIL = 8 + 32  # length of the index, and its digest
_CHUNK = 1 << 20


@frozen()
class Part(Packed):
    """Where a part stands in its entry, its length in bytes, and its SHA-256 in hexadecimal."""

    start: int
    size: int
    sha256: str


def _nowhere(name: str) -> None:
    """Nothing is known that may hold the same as a part."""
    del name


@frozen()
class Stored(Packed):
    """One entry: its file and its parts by name."""

    path: Path
    parts: Mapping[str, Part]

    def read(self, name: str) -> bytes | None:
        """A part, or ``None`` where it is not as it was written."""
        part = self.parts[name]
        with suppress(OSError), self.path.open("rb") as stream:
            stream.seek(part.start)
            data = stream.read(part.size)
            if sha256(data).hexdigest() == part.sha256:
                return data
        return None

    def copy(self, names: Iterable[str], folder: Path, old: Callable[[str], str | None] = _nowhere) -> bool:
        """Put parts below ``folder`` under their names; whether all were as they had been written.

        ``old``: which file may hold the same as a part; then that is linked, which costs less than to write
        it once more.
        """
        made: set[str] = set()
        with suppress(FileNotFoundError), self.path.open("rb") as stream:
            for name in names:
                target = f"{folder}/{name}"
                parent = target.rpartition("/")[0]
                if parent not in made:
                    make_folder(parent)
                    made.add(parent)
                part = self.parts[name]
                if (other := old(name)) and _linked(other, target, part):
                    continue
                if not _copied(stream, part, target):
                    return False
            return True
        return False


NOTHING = Stored(Path(), {})
"""No parts, and no entry."""


def make_folder(path: str) -> None:
    """Make a folder if need be, whose parent is mostly there already."""
    try:
        os.mkdir(path)  # noqa: PTH102  no Path for each of many files
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)  # noqa: PTH103  the same
    except FileExistsError:
        pass


def _linked(old: str, target: str, part: Part) -> bool:
    """Whether ``target`` is now a second name of a file that holds just this."""
    try:
        with open(old, "rb", buffering=0, opener=_itself) as stream:
            facts = os.fstat(stream.fileno())
            if facts.st_size != part.size or stat.S_IMODE(facts.st_mode) != MODE:
                return False
            if file_digest(stream, "sha256").hexdigest() != part.sha256:
                return False
        os.link(old, target)
    except OSError:  # not there, on another disk, or a file system without links
        return False
    return True


def _itself(path: str, flags: int) -> int:
    """Open a file; not what a symbolic link of that name leads to."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


def _mode() -> int:
    """The permissions that a new file gets."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


MODE = _mode()


def _copied(stream: IO[bytes], part: Part, target: str) -> bool:
    stream.seek(part.start)
    known, left = sha256(), part.size
    with open(target, "wb") as out:  # noqa: PTH123  the same
        while left and (chunk := stream.read(min(left, _CHUNK))):
            known.update(chunk)
            out.write(chunk)
            left -= len(chunk)
    return known.hexdigest() == part.sha256


@frozen()
class Store:
    """A folder of entries."""

    folder: Path

    @property
    def is_new(self) -> bool:
        """Whether nothing has been kept yet."""
        return not self.folder.exists()

    def path(self, key: str) -> Path:
        """Where the entry with a key is, or would be."""
        return self.folder / key[:2] / key

    def find(self, key: str) -> Stored | None:
        """The entry with a key, if it is there and whole."""
        path = self.path(key)
        try:
            with path.open("rb") as stream:
                index = _index(stream)
            os.utime(path)
        except OSError:
            return None
        return Stored(path, index) if index is not None else None

    def put(self, key: str, parts: Iterable[tuple[str, bytes | Path]]) -> Stored:
        """Keep parts, given as bytes or as files to copy.

        Raises:
            BuilderError: the folder cannot be written to.
        """
        path = self.path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as stream:
                try:
                    index = _written(stream.file, parts)
                    stream.close()
                    Path(stream.name).replace(path)
                except BaseException:
                    Path(stream.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            hint = "请检查磁盘空间和权限；也可以用 --no-cache 不用缓存。"
            raise BuilderError(f"缓存“{self.folder}”写不进去：{error.strerror}。{hint}") from error
        return Stored(path, index)

    def weed(self) -> None:
        """Remove every entry that is not as it was written."""
        for path in self._entries():
            if path.name.startswith("."):  # being written
                continue
            stored = self.find(path.name)
            if stored is None or any(stored.read(name) is None for name in stored.parts):
                with suppress(OSError):
                    path.unlink()

    def _entries(self) -> Iterator[Path]:
        return self.folder.glob("[0-9a-f][0-9a-f]/*")

    def prune(self, unused: float = WEEK) -> None:
        """Remove what has not been used for so many seconds, and what an interrupted build left."""
        before = time.time() - unused
        for path in self._entries():
            with suppress(OSError):
                if path.stat().st_mtime < before:
                    path.unlink()


def _written(stream: IO[bytes], parts: Iterable[tuple[str, bytes | Path]]) -> dict[str, Part]:
    stream.write(_MAGIC)
    index: dict[str, Part] = {}
    place = len(_MAGIC)
    for name, data in parts:
        known, size = sha256(), 0
        for chunk in _chunks(data):
            known.update(chunk)
            stream.write(chunk)
            size += len(chunk)
        index[name] = Part(place, size, known.hexdigest())
        place += size
    listed = {name: (part.start, part.size, part.sha256) for name, part in index.items()}
    head = json.dumps(listed, ensure_ascii=False).encode("utf-8", "surrogateescape")
    stream.write(head + sha256(head).digest() + len(head).to_bytes(8, "little"))
    return index


def _chunks(data: bytes | Path) -> Iterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    with data.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _index(stream: IO[bytes]) -> dict[str, Part] | None:
    """The index at the end of an entry, or ``None`` where the file is not one."""
    size = stream.seek(0, os.SEEK_END)
    if size < len(_MAGIC) + _TAIL:
        return None
    stream.seek(size - _TAIL)
    tail = stream.read(_TAIL)
    length = int.from_bytes(tail[32:], "little")
    if length > size - _TAIL - len(_MAGIC):
        return None
    stream.seek(size - _TAIL - length)
    head = stream.read(length)
    if sha256(head).digest() != tail[:32]:
        return None
    return {name: Part(*facts) for name, facts in json.loads(head).items()}


@contextmanager
def passing(beside: Path | None = None) -> Iterator[Store]:
    """A store for one build, which is gone afterwards; in a folder for such things, or in ``beside``."""
    with scratch.folder(beside or Path(tempfile.gettempdir()), "jixiao-parts") as folder:
        yield Store(folder)
