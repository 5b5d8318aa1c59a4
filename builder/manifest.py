"""What a publication held: the digest of every file, and of the text behind every page, as one JSON file.

A Manifest in, bytes out, and back; nothing is read or written here. The same publication gives the same
bytes, whenever and wherever it is made, so that one digest stands for all of it.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from builder.errors import BuilderError
from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

NAME = "manifest.json"
"""Where the manifest stands in the site; the only file it does not list."""

FORMAT = 1
"""Version of the layout of the file."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")


@frozen(order=True)
class Digest:
    """One file's content: size in bytes, and SHA-256 in hexadecimal."""

    size: int
    sha256: str


@frozen(order=True)
class Source:
    """The text behind a page: its path in the repository, the page's address, the SHA-256 of its bytes."""

    path: str
    page: str
    sha256: str


@frozen()
class Manifest:
    """One publication. ``files`` by path from the site's root; ``sources`` of everything published.

    ``commit`` is what was built from, where git knows, and ``dirty`` whether something published was not yet
    committed; ``builder`` is the program's version, ``previous`` the digest of the manifest before this one.
    """

    builder: str
    commit: str | None
    dirty: bool
    previous: str | None
    files: Mapping[str, Digest]
    sources: tuple[Source, ...]


class Flaw(StrEnum):
    """How a site differs from its manifest."""

    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"


@frozen(order=True)
class Difference:
    """One file that is not as the manifest has it; ``found`` is ``None`` for a missing one."""

    path: str
    flaw: Flaw
    expected: Digest | None
    found: Digest | None


def as_bytes(manifest: Manifest) -> bytes:
    """The file: JSON with one entry a line, sorted by path."""
    return b"".join(pieces(manifest))


def pieces(manifest: Manifest, files: Iterable[tuple[str, Digest]] | None = None) -> Iterator[bytes]:
    """The same in pieces, as it may be large.

    ``files`` in the order of their paths, where those of the manifest are too many to be held.
    """
    head = {
        "format": FORMAT,
        "builder": manifest.builder,
        "commit": manifest.commit,
        "dirty": manifest.dirty,
        "previous": manifest.previous,
    }
    listed = (
        f'{{"path": {_json(path)}, "size": {digest.size}, "sha256": "{digest.sha256}"}}'
        for path, digest in (sorted(manifest.files.items()) if files is None else files)
    )
    sources = (
        f'{{"path": {_json(source.path)}, "page": {_json(source.page)}, "sha256": "{source.sha256}"}}'
        for source in sorted(manifest.sources)
    )
    lines = "".join(f"{_json(key)}: {_json(value)},\n" for key, value in head.items())
    yield f"{{\n{lines}".encode()
    yield from _rows("files", listed)
    yield b",\n"
    yield from _rows("sources", sources)
    yield b"\n}\n"


_ROWS = 4096
"""Lines that are put together at a time."""


def _rows(key: str, rows: Iterator[str]) -> Iterator[bytes]:
    before = f'"{key}": ['
    while some := ",\n".join(islice(rows, _ROWS)):
        yield f"{before}\n{some}".encode()
        before = ","
    yield b"\n]" if before == "," else f"{before}]".encode()


_json = json.JSONEncoder(ensure_ascii=False).encode


def parse(raw: bytes) -> Manifest:
    """The manifest that a file holds. It must be letter for letter what ``as_bytes`` writes.

    Raises:
        BuilderError: it is none, or of a later format.
    """
    try:
        data = json.loads(raw)
        if _whole(data["format"]) != FORMAT:
            raise BuilderError(f"{NAME} 的格式版本是 {data['format']}，这个程序只认识 {FORMAT}：请升级程序。")
        manifest = _manifest(data)
        written = as_bytes(manifest)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BuilderError(f"{NAME} 不是发布清单，或已经损坏。") from error
    # One spelling only: no key twice, none that is not looked at, nothing between the lines.
    if written != raw:
        raise BuilderError(f"{NAME} 与程序写出的样子不同，可能被改动过。")
    return manifest


def _manifest(data: Mapping[str, object]) -> Manifest:
    files = {_path(row["path"]): _digest(row) for row in _list(data["files"])}
    sources = tuple(
        Source(_path(row["path"]), _page(row["page"]), _matching(_SHA256, row["sha256"]))
        for row in _list(data["sources"])
    )
    if NAME in files or any(page_file(source.page) not in files for source in sources):
        raise ValueError(files)
    commit, previous = data["commit"], data["previous"]
    return Manifest(
        builder=_text(data["builder"]),
        commit=None if commit is None else _matching(_COMMIT, commit),
        dirty=_flag(data["dirty"]),
        previous=None if previous is None else _matching(_SHA256, previous),
        files=files,
        sources=sources,
    )


def _list(value: object) -> Iterator[Mapping[str, object]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValueError(value)
    yield from value


def _digest(row: Mapping[str, object]) -> Digest:
    return Digest(_whole(row["size"]), _matching(_SHA256, row["sha256"]))


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value


def _path(value: object) -> str:
    """A path that stays below the folder it is joined to."""
    path = _text(value)
    if _UNSAFE.search(path) or any(part in {"", ".", ".."} for part in path.split("/")):
        raise ValueError(path)
    return path


def _page(value: object) -> str:
    """An address from the site's root, ending in a slash; the root itself is empty."""
    page = _text(value)
    return f"{_path(page.removesuffix('/'))}/" if page else page


def _matching(pattern: re.Pattern[str], value: object) -> str:
    text = _text(value)
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def digest(data: bytes) -> Digest:
    """The digest of one file's content."""
    return Digest(len(data), sha256(data).hexdigest())


def page_file(page: str) -> str:
    """The file that holds the page at an address of a ``Source``."""
    return f"{page}index.html"


def differences(manifest: Manifest, found: Mapping[str, Digest]) -> tuple[Difference, ...]:
    """Every file that was changed, is missing or was never listed, by path; ``found``: the site as it is."""
    listed = manifest.files
    return tuple(
        Difference(path, _flaw(path, listed, found), listed.get(path), found.get(path))
        for path in sorted({*listed, *found} - {NAME})
        if listed.get(path) != found.get(path)
    )


def _flaw(path: str, listed: Mapping[str, Digest], found: Mapping[str, Digest]) -> Flaw:
    if path not in listed:
        return Flaw.EXTRA
    return Flaw.CHANGED if path in found else Flaw.MISSING
