"""A plain static server that says what it sent: no compression, connections kept, every byte counted.

One thread answers every connection, and sends each answer in one piece. A server that writes head and body
apart makes browsers wait 40 ms for the body: the system holds it back until the head is acknowledged.
"""

from __future__ import annotations

import asyncio
import mimetypes
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Sent:
    """One answer: the path asked for, and the bytes of its head and body."""

    path: str
    size: int


@dataclass
class Served:
    """The address of a served folder, and all that was sent since ``clear``."""

    address: str
    sent: list[Sent] = field(default_factory=list)

    def clear(self) -> None:
        """Forget what was sent."""
        self.sent.clear()

    def of(self, *parts: str) -> list[Sent]:
        """What was sent from paths that contain one of ``parts``; everything, when none is given."""
        return [one for one in self.sent if not parts or any(part in one.path for part in parts)]


def _answer(folder: Path, target: str) -> bytes:
    """Head and body for what a request asks of ``folder``."""
    place = unquote(urlsplit(target).path).lstrip("/")
    path = folder / place / "index.html" if place.endswith("/") or not place else folder / place
    found = path.is_file() and path.resolve().is_relative_to(folder)
    status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
    body = path.read_bytes() if found else b""
    head = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {mimetypes.guess_type(path.name)[0] or 'application/octet-stream'}",
        f"Content-Length: {len(body)}",
        *([f"Last-Modified: {formatdate(path.stat().st_mtime, usegmt=True)}"] if found else []),
        "Connection: keep-alive",
    ]
    return "\r\n".join(head).encode() + _END + body


class _Connection(asyncio.Protocol):
    """One connection of a browser; only GET is understood, which has no body."""

    transport: asyncio.Transport

    def __init__(self, folder: Path, served: Served, kept: set[asyncio.Transport]) -> None:
        self.folder = folder
        self.served = served
        self.kept = kept
        self.unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = transport  # type: ignore[assignment]  # that of a stream
        self.kept.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  the base class's name
        """Forget it; a browser that goes away is no error."""
        self.kept.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        *whole, self.unread = (self.unread + data).split(_END)
        for request in whole:
            _, target, _ = request.split(b"\r\n", 1)[0].decode("ascii").split(" ")
            answer = _answer(self.folder, target)
            self.served.sent.append(Sent(target, len(answer)))
            self.transport.write(answer)


async def _serve(folder: Path, served: Served, ready: threading.Event, stop: asyncio.Event) -> None:
    kept: set[asyncio.Transport] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(folder, served, kept), "127.0.0.1", 0)
    served.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    ready.set()
    await stop.wait()
    server.close()
    for transport in kept:
        transport.abort()
    await asyncio.sleep(0)  # until all are told


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """``folder`` on loopback."""
    served = Served("")
    ready, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()
    answer = _serve(folder.resolve(), served, ready, stop)
    thread = threading.Thread(target=loop.run_until_complete, args=(answer,), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield served
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
