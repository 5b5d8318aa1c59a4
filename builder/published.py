"""A published site as anyone can see it, file by file: a folder, or an address on the web.

Nothing that a server says is trusted: answers are cut at a size, slow ones are given up, and a server that
sends its readers to another host is not followed.
"""

from __future__ import annotations

import os
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from http import HTTPStatus
from http.client import HTTPException
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from builder.errors import BuilderError
from builder.frozen import frozen
from builder.version import version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from concurrent.futures import Future
    from http.client import HTTPMessage, HTTPResponse
    from urllib.request import OpenerDirector

    Answer = tuple[str, "bytes | UnreachedError | None"]

_TOGETHER = 8  # requests at one time
_TIMEOUT = 30  # seconds for one sign of life
_DEADLINE = 120.0  # seconds for one file
_TRIES = 2
_CHUNK = 1 << 16
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


class UnreachedError(BuilderError):
    """A file may be there, but could not be read to its end; the message says why."""


class Site(Protocol):
    """Where a site is published."""

    def names(self) -> frozenset[str] | None:
        """Every file there is, by its path from the root; ``None`` where nobody can list them."""

    def read(self, name: str, limit: int) -> bytes | None:
        """One file, ``None`` where there is none.

        Raises:
            UnreachedError: it could not be read, or is larger than ``limit`` bytes.
        """

    def read_all(self, wanted: Mapping[str, int]) -> Iterator[Answer]:
        """The files named, each with its limit, in the order given."""


def site(where: str) -> Site:
    """The site in a folder or at an address.

    Raises:
        BuilderError: no such folder, or no address of the web.
    """
    if "://" not in where:
        if not Path(where).is_dir():
            raise BuilderError(f"找不到文件夹“{where}”：请写网站的文件夹，或以 https:// 开头的网址。")
        return Folder(Path(where))
    if not _is_address(where):
        raise BuilderError(f"“{where}”不是网址：请写以 https:// 或 http:// 开头的完整网址。")
    if "?" in where or "#" in where:
        raise BuilderError(f"网址“{where}”里不要有“?”和“#”后面的部分：请写网站首页的网址。")
    return Web(_encoded(f"{where.rstrip('/')}/"))


def _encoded(address: str) -> str:
    """An address in ASCII, its host's name too."""
    parts = urlsplit(address)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    host = f"[{host}]" if ":" in host else host
    netloc = f"{host}:{parts.port}" if parts.port else host
    return f"{parts.scheme}://{netloc}{quote(parts.path, safe='/%')}"


def _is_address(where: str) -> bool:
    try:
        parts = urlsplit(where)
        host = (parts.hostname or "").encode("idna")
        return parts.scheme in {"http", "https"} and bool(host) and parts.port != 0
    except ValueError:  # UnicodeError is one
        return False


@frozen()
class Folder:
    """A site in a folder."""

    path: Path

    def names(self) -> frozenset[str] | None:
        """Every file under the folder; links to folders are not followed, and count as files."""
        found: set[str] = set()
        for walked, folders, files in os.walk(self.path):
            here = Path(walked)
            links = (name for name in folders if (here / name).is_symlink())
            found.update((here / name).relative_to(self.path).as_posix() for name in (*files, *links))
        return frozenset(found)

    def read(self, name: str, limit: int) -> bytes | None:
        """One file."""
        path = self.path / name
        try:
            if not path.is_file():
                return None
            with path.open("rb") as stream:
                return _bounded(stream.read(limit + 1), limit)
        except OSError as error:
            raise UnreachedError(f"读不了：{error.strerror}") from error

    def read_all(self, wanted: Mapping[str, int]) -> Iterator[Answer]:
        """One file after the other."""
        return (_answer(self, name, limit) for name, limit in wanted.items())


@frozen()
class Web:
    """A site at an address, which ends in a slash. Pages are asked for as readers do, by their folder."""

    address: str

    def names(self) -> frozenset[str] | None:
        """Nobody can list what a server holds."""
        return None

    def read(self, name: str, limit: int) -> bytes | None:
        """One file, asked for twice before it is given up."""
        for left in reversed(range(_TRIES)):
            try:
                return self._ask(name, limit)
            except HTTPError as error:
                with error:
                    if error.code in _GONE:
                        return None
                    if not left or error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                        raise UnreachedError(f"服务器的回答是 {error.code}") from error
            except (OSError, HTTPException, ValueError) as error:
                if not left:
                    raise UnreachedError(f"取不到：{_why(error)}") from error
        raise AssertionError

    def read_all(self, wanted: Mapping[str, int]) -> Iterator[Answer]:
        """Several at a time; no more are asked for than are taken."""
        with ThreadPoolExecutor(_TOGETHER) as pool:
            waiting = iter(wanted.items())
            asked = deque(self._start(pool, islice(waiting, 2 * _TOGETHER)))
            try:
                while asked:
                    yield asked.popleft().result()
                    asked.extend(self._start(pool, islice(waiting, 1)))
            finally:
                pool.shutdown(cancel_futures=True)

    def _start(self, pool: ThreadPoolExecutor, files: Iterable[tuple[str, int]]) -> list[Future[Answer]]:
        return [pool.submit(_answer, self, name, limit) for name, limit in files]

    def _ask(self, name: str, limit: int) -> bytes:
        address = f"{self.address}{quote(name.removesuffix('index.html') if _is_page(name) else name)}"
        # A CDN must not change the bytes on their way.
        headers = {"User-Agent": f"jixiao/{version()}", "Accept-Encoding": "identity"}
        request = Request(address, headers=headers)  # noqa: S310  http and https only, see ``site``
        with _opener().open(request, timeout=_TIMEOUT) as answer:
            return _received(answer, limit)


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return f"{_TIMEOUT} 秒没有回答"
    return getattr(reason, "strerror", None) or str(reason) or "连接断了"


class _SameHost(HTTPRedirectHandler):
    """Follows a server to another address of its own, from http to https say, and nowhere else."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The next request."""
        there = urlsplit(newurl)
        if there.hostname != urlsplit(req.full_url).hostname or there.scheme not in {"http", "https"}:
            raise UnreachedError(f"服务器要转到别处：{newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@cache
def _opener() -> OpenerDirector:
    # Made once: it loads every certificate of the system.
    return build_opener(_SameHost)


def _received(answer: HTTPResponse, limit: int) -> bytes:
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise UnreachedError("服务器没有按要求给出原样的文件，而是压缩过的")
    stop = time.monotonic() + _DEADLINE
    data = bytearray()
    while len(data) <= limit and (chunk := answer.read1(_CHUNK)):
        data += chunk
        if time.monotonic() > stop:
            raise UnreachedError(f"太慢，{_DEADLINE:.0f} 秒没有收完")
    promised = answer.headers.get("Content-Length")
    if promised and promised.isdecimal() and len(data) < min(int(promised), limit + 1):
        raise UnreachedError("没有收完，连接就断了")
    return _bounded(bytes(data), limit)


def _bounded(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise UnreachedError(f"比 {limit} 字节还大")
    return data


def _is_page(name: str) -> bool:
    return name == "index.html" or name.endswith("/index.html")


def _answer(where: Site, name: str, limit: int) -> Answer:
    try:
        return name, where.read(name, limit)
    except UnreachedError as error:
        return name, error
