"""A small server that sends a built site as ``docs/deploy/`` asks servers to: under a path, compressed."""

from __future__ import annotations

import gzip
import threading
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from audit import delivery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LEVEL = 6
_SMALLEST = 500
"""Below so many bytes compressing is not worth while."""


def on_the_wire(body: bytes, path: str) -> bytes:
    """A file's bytes as they are sent to a browser that takes gzip."""
    if len(body) < _SMALLEST or delivery.media_type(path) not in delivery.COMPRESSED:
        return body
    return gzip.compress(body, _LEVEL, mtime=0)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, folder: Path, prefix: str) -> None:
        self.folder, self.prefix = folder, prefix
        super().__init__(*args)  # type: ignore[arg-type]  # the server's own arguments

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing of each request."""

    def do_GET(self) -> None:
        """Send one file, or the page for what is not there."""
        asked = unquote(urlsplit(self.path).path)
        path = asked.removeprefix(self.prefix) if asked.startswith(self.prefix) else "404.html"
        file = (self.folder / path).resolve()
        if file.is_dir() and path and not path.endswith("/"):
            self._redirect()
            return
        if file.is_dir():
            file, path = file / "index.html", f"{path}index.html"
        if file.is_file() and file.is_relative_to(self.folder) and asked.startswith(self.prefix):
            self._send(HTTPStatus.OK, path, file.read_bytes())
        else:
            self._send(HTTPStatus.NOT_FOUND, "404.html", (self.folder / "404.html").read_bytes())

    def _redirect(self) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", f"{urlsplit(self.path).path}/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, path: str, body: bytes) -> None:
        sent = on_the_wire(body, path) if "gzip" in self.headers.get("Accept-Encoding", "") else body
        self.send_response(status)
        for name, value in delivery.headers(path).items():
            self.send_header(name, value)
        if sent is not body:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)


@contextmanager
def served(folder: Path, *, prefix: str) -> Iterator[str]:
    """The address under which ``folder`` is served on loopback; ``prefix`` begins and ends with a slash."""
    handler = partial(_Handler, folder=folder.resolve(), prefix=prefix)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
        finally:
            server.shutdown()
