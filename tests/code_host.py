"""A code host on loopback, as far as comments need one: it answers, keeps comments, and remembers."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    data: Any


@dataclass(slots=True)
class Host:
    """``answers`` by path: a value for JSON, bytes, or ``Redirect``.

    Comments are listed and posted at ``comments_at``, edited below ``edited_at``; ``author`` posts them.
    """

    comments_at: str
    edited_at: str
    author: Mapping[str, object]
    answers: dict[str, object] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    address: str = ""

    def answer(self, asked: Asked) -> object:
        """What is said to a request; ``None`` for not found."""
        self.asked.append(asked)
        if asked.path == self.comments_at and asked.method == "GET":
            size, page = (int(asked.query[key][0]) for key in ("per_page", "page"))
            return self.comments[(page - 1) * size : page * size]
        if asked.path == self.comments_at:
            self.comments.append({"id": len(self.comments) + 1, "body": asked.data["body"], **self.author})
            return self.comments[-1]
        if asked.path.startswith(f"{self.edited_at}/"):
            comment = self.comments[int(asked.path.rpartition("/")[2]) - 1]
            comment["body"] = asked.data["body"]
            return comment
        return self.answers.get(asked.path)

    @property
    def written(self) -> list[tuple[str, str]]:
        """Method and path of every request that wrote something."""
        return [(one.method, one.path) for one in self.asked if one.method != "GET"]


@dataclass(frozen=True, slots=True)
class Redirect:
    """An answer that sends on to another address."""

    to: str


class _Handler(BaseHTTPRequestHandler):
    host: Host

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing of each request."""

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        data = json.loads(raw) if raw else None
        asked = Asked(self.command, parts.path, parse_qs(parts.query), dict(self.headers), data)
        answer = self.host.answer(asked)
        if isinstance(answer, Redirect):
            self.send_response(302)
            self.send_header("Location", answer.to)
            self.end_headers()
            return
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(404 if answer is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = _handle  # noqa: N815  the base class's names


@contextmanager
def served(host: Host) -> Iterator[Host]:
    """The host at its ``address`` on loopback."""
    handler = type("Handler", (_Handler,), {"host": host})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield host
        finally:
            server.shutdown()
