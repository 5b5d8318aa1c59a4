"""The settings in ``docs/deploy/`` in the servers they are for: nginx and Apache started and asked for files.

A server gets a copy of the site, so that it can read it whoever it runs as, and the sample with nothing
changed but place, port and path.
"""

from __future__ import annotations

import getpass
import gzip
import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from audit import delivery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPMessage

SAMPLES = Path(__file__).parent.parent / "docs" / "deploy"
PROGRAMS = {"nginx": ("nginx",), "apache": ("apache2", "httpd")}
_OPTIONS = {"nginx": ("-c",), "apache": ("-DFOREGROUND", "-f")}
_PLACES = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin{os.pathsep}/usr/local/sbin"
_SECONDS = 10
_SMALLEST = 500
"""Bytes below which the samples do not compress."""

_MODULES = ("alias", "authz_core", "deflate", "dir", "filter", "headers", "mime", "mpm_event", "unixd")
_MODULE_PLACES = ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/local/apache2/modules")


class ServerError(Exception):
    """A server did not start; the message is its own."""


def program(server: str) -> str | None:
    """Where a server's program is, if it is installed."""
    return next(filter(None, (shutil.which(name, path=_PLACES) for name in PROGRAMS[server])), None)


def sample(server: str) -> str:
    """The sample of settings for a server."""
    return (SAMPLES / f"{server}.conf").read_text(encoding="utf-8")


@contextmanager
def started(server: str, site: Path, *, prefix: str) -> Iterator[tuple[Path, int]]:
    """A server with a site built for ``prefix``; gives the folder it serves and its port.

    Raises:
        ServerError: it does not start.
    """
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        base = Path(scratch)
        base.chmod(0o755)
        folder = base / "www" / prefix.strip("/")
        shutil.copytree(site, folder)
        _stand_in(folder)
        port = _free_port()
        settings = base / "server.conf"
        settings.write_text(
            {"nginx": _nginx, "apache": _apache}[server](base, port, prefix), encoding="utf-8"
        )
        log = stack.enter_context((base / "log").open("wb"))
        command = [program(server) or server, *_OPTIONS[server], str(settings)]
        process = stack.enter_context(subprocess.Popen(command, stdout=log, stderr=log))
        try:
            _wait(process, port, base / "log")
            yield folder, port
        finally:
            process.terminate()


def _stand_in(folder: Path) -> None:
    """A file where the form's worker is, in a site that has none: its policy is another."""
    file = folder / delivery.ENGINE
    if not file.exists():
        file.write_text("stand-in", encoding="ascii")


def _nginx(base: Path, port: int, prefix: str) -> str:
    text = sample("nginx").replace("/ysjx/", prefix).replace("/srv/www", f"{base}/www")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};")
    places = "".join(
        f"{name}_temp_path {base}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = f"user {getpass.getuser()};\n" if _is_root() else ""
    top = f"daemon off;\n{user}pid {base}/pid;\nerror_log stderr warn;\nevents {{}}\n"
    return f"{top}http {{\naccess_log off;\n{places}{text}}}\n"


def _apache(base: Path, port: int, prefix: str) -> str:
    text = sample("apache").replace("^/ysjx$", f"^{prefix[:-1]}$")
    text = text.replace("/srv/www/ysjx/", f"{base}/www{prefix}").replace("/ysjx/", prefix)
    modules = next((place for place in _MODULE_PLACES if Path(place).is_dir()), _MODULE_PLACES[0])
    # Which modules are built in differs from system to system.
    loads = "".join(
        f"<IfModule !{name}_module>\nLoadModule {name}_module {modules}/mod_{name}.so\n</IfModule>\n"
        for name in _MODULES
    )
    user = "User nobody\nGroup nogroup\n" if _is_root() else ""
    top = f"ServerName 127.0.0.1\nListen 127.0.0.1:{port}\nServerRoot {base}\n"
    files = f"PidFile {base}/pid\nErrorLog {base}/log\nTypesConfig /dev/null\n"
    return f"{top}{loads}{user}{files}{text}"


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise ServerError(log.read_text(encoding="utf-8", errors="replace"))


def faults(server: str, site: Path, *, prefix: str) -> list[str]:
    """What a server does otherwise than ``delivery`` says, one sentence each.

    Raises:
        ServerError: it does not start.
    """
    with started(server, site, prefix=prefix) as (folder, port):
        asked = _Asked(folder, prefix, HTTPConnection("127.0.0.1", port, timeout=_SECONDS))
        found = [fault for path in _examples(folder) for fault in asked.file(path)]
        found += asked.lost("no/such/页")
        found += [*asked.folder_without_slash("search/"), *asked.folder_without_slash("")]
        found += asked.unchanged("index.html")
        asked.connection.close()
        return found


def _examples(folder: Path) -> list[str]:
    """One file of every extension and of every set of headers, and some pages, from the site's root."""
    files = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    by_kind = {(Path(file).suffix, *delivery.headers(file).values()): file for file in files}
    pages = [file.removesuffix("index.html") for file in files if file.endswith("/index.html")][:10]
    return ["", *by_kind.values(), *pages]


class _Asked:
    """A server that is asked for files of the site in ``site``."""

    def __init__(self, site: Path, prefix: str, connection: HTTPConnection) -> None:
        self.site, self.prefix, self.connection = site, prefix, connection

    def get(self, path: str, **fields: str) -> tuple[int, HTTPMessage, bytes]:
        """Status, header fields and body of one answer; ``path`` is whole and not percent-encoded."""
        self.connection.request("GET", quote(path), headers={"Accept-Encoding": "gzip", **fields})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def file(self, path: str) -> list[str]:
        """A file that is there."""
        name = f"{path}index.html" if path.endswith("/") or not path else path
        return self._compared(path, HTTPStatus.OK, name)

    def lost(self, path: str) -> list[str]:
        """An address that leads nowhere gives the page that says so."""
        return self._compared(path, HTTPStatus.NOT_FOUND, "404.html")

    def _compared(self, path: str, wanted: HTTPStatus, name: str) -> list[str]:
        status, fields, body = self.get(self.prefix + path)
        found = [f"{path}：状态 {status}，应为 {wanted}"] if status != wanted else []
        for field, value in delivery.headers(name).items():
            given = "; ".join(fields.get_all(field) or ["没有"])
            if given.replace(" ", "").lower() != value.replace(" ", "").lower():
                found.append(f"{path}：{field} 是 {given}，应为 {value}")
        packed = fields.get("Content-Encoding") == "gzip"
        small = (self.site / name).stat().st_size < _SMALLEST
        # Apache does not compress the page for what is not there, which is no loss.
        judged = status == HTTPStatus.OK and not small
        if judged and packed != (delivery.media_type(name) in delivery.COMPRESSED):
            found.append(f"{path}：{'压缩了' if packed else '没有压缩'}")
        if (gzip.decompress(body) if packed else body) != (self.site / name).read_bytes():
            found.append(f"{path}：内容不是 {name}")
        return found

    def folder_without_slash(self, path: str) -> list[str]:
        """A folder's address without its slash leads to the one with it, under the same path."""
        whole = self.prefix + path
        status, fields, _ = self.get(whole[:-1])
        place = fields.get("Location", "")
        right = status == HTTPStatus.MOVED_PERMANENTLY and place.endswith(whole)
        return [] if right else [f"{whole[:-1]}：没有转向 {whole}（{status} {place}）"]

    def unchanged(self, path: str) -> list[str]:
        """What the browser has already is not sent again."""
        _, fields, _ = self.get(self.prefix + path)
        status, _, _ = self.get(self.prefix + path, **{"If-None-Match": fields.get("ETag", "")})
        kept = status == HTTPStatus.NOT_MODIFIED
        return [] if kept else [f"{path}：没有变的文件又发了一次（{status}）"]
