"""A plain static server that says what it sent: no compression, connections kept, every byte counted."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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


class _Counted:
    """A stream that counts what is written."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401  the server's own stream
        self.stream = stream
        self.count = 0

    def write(self, data: bytes) -> int:
        self.count += len(data)
        return int(self.stream.write(data))

    def __getattr__(self, name: str) -> object:
        return getattr(self.stream, name)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, served: Served, **options: object) -> None:
        self.served = served
        super().__init__(*args, **options)  # type: ignore[arg-type]  # the server's own arguments

    def setup(self) -> None:
        """Count from the start of a connection."""
        super().setup()
        self.counted = _Counted(self.wfile)
        self.wfile = self.counted  # type: ignore[assignment]  # it does what the stream does

    def do_GET(self) -> None:
        """Answer, and note what it weighed."""
        before = self.counted.count
        super().do_GET()
        self.served.sent.append(Sent(self.path, self.counted.count - before))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing of each request."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away is no error."""


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """``folder`` on loopback."""
    served = Served("")
    with _Server(("127.0.0.1", 0), partial(_Handler, served=served, directory=str(folder))) as server:
        served.address = f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield served
        finally:
            server.shutdown()
