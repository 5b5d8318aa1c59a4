"""The preview server: hand-written pages from a folder, data pages filled when they are asked for.

A native watcher sees an edit; the data is checked again and open pages reload by themselves. While the data
has errors the last good pages stay, and every open page says what is wrong. For one's own machine, not for
the public.
"""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from watchfiles import watch

from builder import engine, fill_forms, mkdocs_plugin, preview, publish, render, report, schema
from builder.entries import ProjectEntry, entries
from builder.errors import BuilderError
from builder.frozen import frozen
from builder.means import Memory, modest
from builder.publication import data_page
from builder.units import EXPLORER_FOLDER, SEARCH_FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from builder.entries import Entry
    from builder.means import Means
    from builder.mkdocs_plugin import Prepared
    from builder.publication import Publication

    Say = Callable[[str], None]

_OWN = "/__jixiao/"
_SCRIPT = Path(__file__).with_name("serve_reload.js")
_TAG = f'<script type="module" src="{_OWN}reload.js"></script></head>'
_HEARTBEAT = 15.0  # seconds between signs of life, so that closed pages are noticed


@frozen(slots=False)
class Edition:
    """What is served at one moment: the folder MkDocs wrote, and what its data pages are filled from."""

    folder: Path
    publication: Publication
    prepared: Prepared
    means: Means

    @cached_property
    def pages(self) -> Mapping[str, Entry]:
        """Every data page by its address, decoded."""
        return {_path(entry): entry for entry in entries(self.publication.collection.catalogue)}

    @cached_property
    def table(self) -> Mapping[str, bytes]:
        """The table of all indicators, made when first asked for."""
        return dict(preview.explorer_files(self.publication))

    @cached_property
    def index(self) -> Mapping[str, bytes]:
        """The search index, made when first asked for."""
        return dict(preview.search_files(self.publication))

    @cached_property
    def engine(self) -> Mapping[str, bytes]:
        """The engine of 填报, made when first asked for."""
        return dict(engine.files(self.publication.kit)) if self.publication.kit else {}


def _path(entry: Entry) -> str:
    """An entry's address, decoded; a project's, of which there are many, without being encoded first."""
    if isinstance(entry, ProjectEntry):
        identity = entry.project.id
        return f"{identity.year}/{identity.department}/{identity.stem}/"
    return unquote(entry.address)


@dataclass(slots=True)
class Preview:
    """The current edition and its number, and what is wrong at the moment; shared by all threads."""

    edition: Edition
    number: int = 1
    trouble: str = ""
    changed: threading.Condition = field(default_factory=threading.Condition)

    def announce(self, edition: Edition | None, trouble: str) -> None:
        """Put a new edition in place, or keep the old one and say what is wrong."""
        with self.changed:
            self.edition = edition or self.edition
            self.trouble = trouble
            self.number += 1
            self.changed.notify_all()


def run(config_file: Path, *, host: str, port: int, say: Say) -> None:
    """Serve until interrupted.

    Raises:
        BuilderError: the first build failed, or the port is taken.
    """
    folder = tempfile.TemporaryDirectory(prefix="jixiao-serve-", ignore_cleanup_errors=True)
    with folder as scratch, modest(Memory()) as means:
        preview = Preview(_edition(config_file, Path(scratch), means))
        with _server(preview, host, port) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            shown = f"[{host}]" if ":" in host else host
            say(f"预览：http://{shown}:{server.server_address[1]}/（按 Ctrl+C 停止）")
            try:
                _follow(config_file, Path(scratch), preview, say)
            finally:
                server.shutdown()


def _edition(config_file: Path, scratch: Path, means: Means) -> Edition:
    prepared = mkdocs_plugin.prepare(config_file, means=means)
    outcome = prepared.collection.outcome
    if outcome.failed(strict=False):
        raise BuilderError("数据有错误，无法预览：\n" + _words(outcome))
    folder = Path(tempfile.mkdtemp(dir=scratch))
    return Edition(folder, prepared.build(folder, pages=False), prepared, means)


def _words(outcome: report.Outcome) -> str:
    return "\n".join(report.one_line(problem) for problem in outcome.problems)


def _follow(config_file: Path, scratch: Path, preview: Preview, say: Say) -> None:
    """Watch and refresh for ever. ``watch`` ends when Ctrl+C is pressed."""
    targets, rest = _watched(config_file, preview.edition.prepared)
    stamp = config_file.stat().st_mtime_ns
    while True:
        for changes in watch(targets, *rest, step=20, debounce=200, rust_timeout=500, yield_on_timeout=True):
            edited = {Path(name) for _, name in changes}
            with suppress(OSError):  # between an editor's delete and its rename
                if config_file.stat().st_mtime_ns != stamp:
                    stamp = config_file.stat().st_mtime_ns
                    edited.add(config_file)
            if edited:
                data = frozenset(edited) if _all_under(targets, edited) else None
                _refresh(config_file, scratch, preview, say, data)
        return


def _all_under(folder: Path, paths: Iterable[Path]) -> bool:
    return all(path.is_relative_to(folder) for path in paths)


def _watched(config_file: Path, prepared: Prepared) -> tuple[Path, tuple[Path, ...]]:
    base = config_file.resolve().parent
    folders = (
        Path(prepared.config.docs_dir),
        base / prepared.plugin.config.schema if prepared.plugin.config.schema else schema.default_folder(),
        mkdocs_plugin.THEME,
        render.TEMPLATES,
    )
    return base / prepared.plugin.config.targets, tuple(folder for folder in folders if folder.is_dir())


def _refresh(
    config_file: Path, scratch: Path, preview: Preview, say: Say, data: frozenset[Path] | None
) -> None:
    """A new edition; ``data``: the edited files, where nothing but data was edited."""
    means = preview.edition.means
    try:
        edition = _lightly(preview.edition, data) if data else _fully(config_file, scratch, means)
    except BuilderError as error:
        say(str(error))
        preview.announce(None, str(error))
        return
    old = preview.edition
    preview.announce(edition, "")
    say("已更新")
    if old.folder != edition.folder:
        shutil.rmtree(old.folder, ignore_errors=True)


def _lightly(edition: Edition, edited: frozenset[Path]) -> Edition:
    """Only data changed: check what did; the frames and hand-written pages stay."""
    if edition.means.memory:
        edition.means.memory.note(edited)
    collection = edition.prepared.checked_again(edition.means)
    if collection.outcome.failed(strict=False):
        raise BuilderError("数据有错误，页面停在上一次正确的样子：\n" + _words(collection.outcome))
    return replace(edition, publication=replace(edition.publication, collection=collection))


def _fully(config_file: Path, scratch: Path, means: Means) -> Edition:
    """Anything may have changed: nothing is remembered."""
    render.forget_templates()
    return _edition(config_file, scratch, replace(means, memory=Memory()))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    preview: Preview


def _server(preview: Preview, host: str, port: int) -> _Server:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    kind = type("Server", (_Server,), {"address_family": family, "preview": preview})
    try:
        server: _Server = kind((host, port), _Handler)
    except OSError as error:
        hint = "请用 --port 换一个端口。"
        raise BuilderError(f"不能在 {host}:{port} 上监听：{error.strerror or error}。{hint}") from error
    return server


class _Handler(SimpleHTTPRequestHandler):
    """One request."""

    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing of each request."""

    def do_GET(self) -> None:
        """Answer from memory what depends on the data, the rest from the folder."""
        preview = self.server.preview
        path = unquote(urlsplit(self.path).path)
        edition = preview.edition
        if path == f"{_OWN}reload.js":
            self._send(_SCRIPT.read_bytes(), "text/javascript; charset=utf-8")
        elif path == f"{_OWN}events":
            self._events(preview)
        elif (entry := edition.pages.get(path[1:])) is not None:
            self._page(entry, edition)
        elif path.startswith(f"/{SEARCH_FOLDER}/"):
            self._index(edition.index, path[len(SEARCH_FOLDER) + 2 :])
        elif path.startswith(f"/{EXPLORER_FOLDER}/"):
            self._index(edition.table, path[len(EXPLORER_FOLDER) + 2 :])
        elif path.startswith(f"/{engine.FOLDER}/"):
            self._index(edition.engine, path[len(engine.FOLDER) + 2 :])
        elif path == f"/{fill_forms.FILE}":
            self._index({path: publish.forms_json(edition.publication)}, path)
        elif path.endswith((".json", ".yml")) and f"{path[1:].rpartition('/')[0]}/" in edition.pages:
            self._facts(edition, path)
        elif f"{path[1:]}/" in edition.pages:
            self._redirect(f"{self.path}/")
        else:
            self._file(edition.folder, path)

    def _page(self, entry: Entry, edition: Edition) -> None:
        try:
            self._html(data_page(entry, edition.publication).decode())
        except BuilderError:  # edited this very moment; the next edition will come and reload the page
            self._html(f"<!doctype html><html><head><title>…</title>{_TAG}")

    def _html(self, text: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(text.replace("</head>", _TAG, 1).encode(), "text/html; charset=utf-8", status)

    def _facts(self, edition: Edition, path: str) -> None:
        """The JSON and the YAML beside a project's page."""
        entry = edition.pages[f"{path[1:].rpartition('/')[0]}/"]
        files = {}
        with suppress(BuilderError):  # edited this very moment
            if isinstance(entry, ProjectEntry):
                stem = entry.project.id.stem
                files[f"{stem}.json"] = preview.project_json(entry, edition.publication)
                files[f"{stem}.yml"] = preview.project_yaml(entry, edition.publication)
        self._index(files, path.rpartition("/")[2])

    def _index(self, files: Mapping[str, bytes], name: str) -> None:
        data = files.get(name)
        if data is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            self._send(data, self.guess_type(name))

    def _file(self, folder: Path, path: str) -> None:
        file = (folder / path.lstrip("/")).resolve()
        if not file.is_relative_to(folder.resolve()) or "\0" in path:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        if file.is_dir() and not path.endswith("/"):
            self._redirect(f"{self.path}/")
            return
        file = file / "index.html" if file.is_dir() else file
        if file.suffix == ".html" and file.is_file():
            self._html(file.read_text(encoding="utf-8"))
        elif file.is_file():
            self._send(file.read_bytes(), self.guess_type(file))
        else:
            missing = folder / "404.html"
            text = missing.read_text(encoding="utf-8") if missing.is_file() else "<head></head>404"
            self._html(text, HTTPStatus.NOT_FOUND)

    def _redirect(self, where: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, data: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def _events(self, preview: Preview) -> None:
        """A stream of server-sent events: one at once, one at each change, and signs of life between."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        known = 0
        with suppress(OSError):  # the page was closed
            while True:
                with preview.changed:
                    if preview.number == known:
                        preview.changed.wait(_HEARTBEAT)
                    fresh, known, trouble = preview.number != known, preview.number, preview.trouble
                message: dict[str, Any] = {"number": known, "trouble": trouble}
                self.wfile.write(f"data: {json.dumps(message)}\n\n".encode() if fresh else b":\n\n")
                self.wfile.flush()
