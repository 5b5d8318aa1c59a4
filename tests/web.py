"""A static server for built folders, as plain as any: files under a prefix, nothing else."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Policy = Callable[[str], str]


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: object, prefix: str, policy: Policy, **options: object) -> None:
        self.prefix = prefix
        self.policy = policy
        super().__init__(*args, **options)  # type: ignore[arg-type]  # the server's own arguments

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing of each request."""

    def end_headers(self) -> None:
        """With the policy for the address, if there is one."""
        if policy := self.policy(urlsplit(self.path).path):
            self.send_header("Content-Security-Policy", policy)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        """Only what stands under the prefix is there."""
        if not urlsplit(path).path.startswith(self.prefix):
            return super().translate_path("/no-such-file")
        return super().translate_path(path[len(self.prefix) - 1 :])


@contextmanager
def served(folder: Path, *, prefix: str = "/", policy: Policy = lambda _: "") -> Iterator[str]:
    """The address under which ``folder`` is served on loopback; ``prefix`` begins and ends with a slash.

    ``policy``: from the path of an address to its Content-Security-Policy.
    """
    handler = partial(_Handler, prefix=prefix, policy=policy, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
        finally:
            server.shutdown()
