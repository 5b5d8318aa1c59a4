from __future__ import annotations

import json
import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from builder import manifest, published
from builder.errors import BuilderError
from builder.manifest import NAME, Digest, Manifest, Source
from builder.published import UnreachedError
from builder.tree import digest
from tests.command import run
from tests.records import ROOT, VALID
from tests.test_gitref import git
from tests.web import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests import command

PAGE = "2024/999001/示例/index.html"
RECORD = "targets/2024/999001/示例.yml"
DEPARTMENT = "部门名称: 示例局\n"


def _repository(folder: Path, message: str = "first") -> Path:
    """A repository with one project, its department and this project's pages."""
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / "docs" / "data-provenance.md").write_text("# 数据来源\n\n示例。\n", encoding="utf-8")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    (folder / ".gitignore").write_text("site\n", encoding="utf-8")
    _write(folder, "示例", VALID)
    _write(folder, "部门", DEPARTMENT)
    git(folder, "init", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-m", message)
    return folder


def _write(folder: Path, stem: str, text: str) -> None:
    path = folder / "targets" / "2024" / "999001" / f"{stem}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _build(folder: Path, *words: str) -> command.Done:
    done = run(folder, "build", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository and the site built from it."""
    folder = _repository(tmp_path_factory.mktemp("verify") / "库")
    _build(folder)
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of them to spoil."""
    return shutil.copytree(built, tmp_path / "库")


def _faults(folder: Path, *words: str, site: str = "site") -> dict[tuple[str, str], str]:
    done = run(folder, "verify", site, "--format", "json", *words)
    data = json.loads(done.stdout)
    assert done.returncode == (1 if data["faults"] else 0), done.stderr
    return {(fault["kind"], fault["path"]): fault["message"] for fault in data["faults"]}


def _manifest(folder: Path) -> Manifest:
    return manifest.parse((folder / "site" / NAME).read_bytes())


def _reseal(folder: Path, name: str) -> None:
    """Make the manifest agree with a changed file, as whoever changed it would."""
    path = folder / "site" / NAME
    listed = manifest.parse(path.read_bytes())
    digests = {**listed.files, name: manifest.digest((folder / "site" / name).read_bytes())}
    path.write_bytes(
        manifest.as_bytes(
            Manifest(listed.builder, listed.commit, listed.dirty, listed.previous, digests, listed.sources)
        )
    )


def _flip(path: Path, *, at: int = 100) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


def test_a_site_as_it_was_built_agrees_in_every_file_and_text(folder: Path) -> None:
    done = run(folder, "verify", "site")
    files = sum(1 for path in (folder / "site").rglob("*") if path.is_file()) - 1
    assert done.returncode == 0
    assert done.stdout.endswith(f"核对了 {files} 个文件，2 份原文：全部相符。\n")
    assert f"原文来自提交 {_manifest(folder).commit}。" in done.stdout


@pytest.mark.parametrize("name", [PAGE, "index.html", "sitemap.xml", "assets/jixiao/site.css"])
def test_one_flipped_byte_is_named(folder: Path, name: str) -> None:
    _flip(folder / "site" / name)
    assert [path for _, path in _faults(folder)] == [name]
    done = run(folder, "verify", "site")
    assert f"改动 {name}：内容与清单不同：SHA-256 应是" in done.stdout


def test_a_missing_and_an_extra_file_are_named(folder: Path) -> None:
    (folder / "site" / PAGE).unlink()
    (folder / "site" / "多.html").write_text("多", encoding="utf-8")
    (folder / "site" / "链接").symlink_to(folder)
    assert _faults(folder).keys() == {("missing", PAGE), ("extra", "多.html"), ("extra", "链接")}


def test_a_page_that_does_not_show_the_text_in_git_is_named_though_the_manifest_agrees(folder: Path) -> None:
    page = folder / "site" / PAGE
    page.write_text(page.read_text(encoding="utf-8").replace("≥98%", "≥95%"), encoding="utf-8")
    _reseal(folder, PAGE)
    assert _faults(folder) == {("page", PAGE): "网页上的表与原文不同：原文是“≥98%”，网页是“≥95%”"}


def test_a_page_with_a_second_table_is_named(folder: Path) -> None:
    page = folder / "site" / PAGE
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("</main>", '<table class="target-form"></table></main>'), encoding="utf-8")
    _reseal(folder, PAGE)
    assert _faults(folder).keys() == {("page", PAGE)}


def test_a_text_that_is_not_the_one_in_the_revision_is_named(folder: Path) -> None:
    _write(folder, "示例", VALID.replace("≥980 项", "≥900 项"))
    git(folder, "commit", "-am", "lower")
    assert _faults(folder) == {}, "the commit of the manifest is still there"
    assert _faults(folder, "--revision", "HEAD").keys() == {("source", RECORD), ("page", PAGE)}
    git(folder, "rm", "-q", RECORD)
    git(folder, "commit", "-m", "gone")
    assert _faults(folder, "--revision", "main") == {("source", RECORD): "网站上有，这个版本里没有这个文件"}


def test_an_uncommitted_text_is_published_as_such_and_does_not_agree(folder: Path) -> None:
    assert not _manifest(folder).dirty
    _write(folder, "示例", VALID.replace("≥980 项", "≥900 项"))
    _build(folder)
    assert _manifest(folder).dirty
    assert _faults(folder).keys() == {("source", RECORD), ("page", PAGE)}
    assert "另有没有提交的改动" in run(folder, "verify", "site").stdout


def test_windows_line_ends_in_the_folder_are_the_same_text(folder: Path) -> None:
    path = folder / RECORD
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    _build(folder)
    assert _faults(folder) == {}


def test_the_same_text_gives_the_same_manifest_anywhere(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "另一处"
    git(tmp_path, "clone", str(folder), str(other))
    _build(other)
    assert (other / "site" / NAME).read_bytes() == (folder / "site" / NAME).read_bytes()


def test_a_withheld_record_does_not_show_in_any_way(folder: Path) -> None:
    sealed = (folder / "site" / NAME).read_bytes()
    _write(folder, "秘密", f"公开: 否\n{VALID}".replace("示例项目", "秘密项目"))
    done = run(folder, "build")
    assert done.returncode == 0, done.stdout
    assert (folder / "site" / NAME).read_bytes() == sealed


def test_the_digest_of_the_manifest_is_printed_by_build_and_by_verify(folder: Path) -> None:
    printed = _build(folder).stdout
    own = digest((folder / "site" / NAME).read_bytes())
    assert own in printed
    assert f"清单的 SHA-256：{own}\n" in run(folder, "verify", "site").stdout


def test_a_manifest_made_anew_is_seen_by_its_digest(folder: Path) -> None:
    own = digest((folder / "site" / NAME).read_bytes())
    assert run(folder, "verify", "site", "--digest", own.upper()).returncode == 0
    _flip(folder / "site" / "sitemap.xml")
    _reseal(folder, "sitemap.xml")
    assert run(folder, "verify", "site").returncode == 0, "the manifest alone cannot tell"
    done = run(folder, "verify", "site", "--digest", own)
    assert done.returncode == 1
    assert f"不是要找的清单：SHA-256 应是 {own}" in done.stdout
    assert "1 处不符" in done.stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"dirty": false', b'"dirty": false '),
        (b'"dirty": false', b'"dirty": false,\n"dirty": false'),
        (b'"dirty": false', b'"dirty": 0'),
        (b'"format": 1', b'"format": 2'),
        (b'"format": 1', b'"format": [1]'),
        (b'{"path": "index.html"', b'{"path": "../index.html"'),
        (b'{"path": "index.html"', b'{"path": "/etc/passwd"'),
        (b'{"path": "index.html"', b'{"path": "\\ud800"'),
        (b'"files": [', b'"files": [[],'),
        (b'"page": "2024/999001/"', b'"page": "2024/999002/"'),
        (b"{\n", b"[" * 100_000),
        (b"{\n", b"\xff"),
        (b"{\n", b""),
    ],
)
def test_a_manifest_that_the_program_would_not_write_is_refused(folder: Path, old: bytes, new: bytes) -> None:
    path = folder / "site" / NAME
    raw = path.read_bytes()
    assert old in raw
    path.write_bytes(raw.replace(old, new, 1))
    done = run(folder, "verify", "site")
    assert done.returncode == 2
    assert f"无法继续：{NAME} " in done.stderr


def test_a_digest_or_a_size_that_was_edited_names_its_file(folder: Path) -> None:
    path = folder / "site" / NAME
    size = _manifest(folder).files[PAGE].size
    old = f'"path": "{PAGE}", "size": {size}'
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, f'"path": "{PAGE}", "size": {size + 1}'), encoding="utf-8")
    assert _faults(folder).keys() == {("changed", PAGE)}


def test_each_publication_can_name_the_one_before(folder: Path) -> None:
    old = folder / "old.json"
    shutil.copy(folder / "site" / NAME, old)
    _build(folder, "--previous", "old.json")
    assert _manifest(folder).previous == digest(old.read_bytes())
    assert f"上一次发布的清单：{digest(old.read_bytes())}" in run(folder, "verify", "site").stdout


@pytest.mark.parametrize("name", ["mkdocs.yml", "没有.json"])
def test_a_previous_manifest_that_is_none_stops_the_build(folder: Path, name: str) -> None:
    done = run(folder, "build", "--previous", name)
    assert done.returncode == 2
    assert "无法继续" in done.stderr


def test_outside_a_repository_only_the_files_are_compared_and_that_is_said(
    folder: Path, tmp_path: Path
) -> None:
    done = run(tmp_path, "verify", str(folder / "site"))
    assert done.returncode == 0
    assert "没有与 git 里的原文核对" in done.stdout


def test_in_a_repository_without_the_commit_nothing_passes_for_proof(folder: Path, tmp_path: Path) -> None:
    other = _repository(tmp_path / "别的", message="other")
    shutil.copytree(folder / "site", other / "site")
    ((kind, _), message), *_ = _faults(other).items()
    assert (kind, "这个仓库里没有清单写的提交" in message) == ("commit", True)
    assert _faults(other, "--revision", "main") == {}


def test_a_site_built_without_git_names_no_commit_and_a_revision_can_be_given(folder: Path) -> None:
    shutil.move(folder / ".git", folder / "kept")
    _build(folder)
    shutil.move(folder / "kept", folder / ".git")
    assert _manifest(folder).commit is None
    assert _faults(folder).keys() == {("commit", "")}
    assert _faults(folder, "--revision", "main") == {}


@pytest.mark.parametrize(
    "words",
    [
        ["没有的文件夹"],
        ["targets"],
        ["ftp://example.invalid/"],
        ["http://[::1/"],
        ["http://127.0.0.1:99999/"],
        ["http://127.0.0.1:1/"],
        ["http://127.0.0.1/?a=b"],
        ["site", "--revision", "没有"],
    ],
)
def test_what_cannot_be_compared_exits_2_with_one_sentence(folder: Path, words: list[str]) -> None:
    done = run(folder, "verify", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("无法继续：")


# On the web


def test_a_site_on_the_web_agrees_and_one_flipped_byte_is_named(folder: Path) -> None:
    with served(folder / "site", prefix="/some/where/") as address:
        assert _faults(folder, site=address) == {}
        assert "看不到清单以外多出的文件" in run(folder, "verify", address.rstrip("/")).stdout
        _flip(folder / "site" / PAGE)
        (folder / "site" / "sitemap.xml").unlink()
        assert _faults(folder, site=address).keys() == {("changed", PAGE), ("missing", "sitemap.xml")}


def test_an_address_in_chinese_is_asked_for_as_a_browser_does() -> None:
    site = published.site("https://用户@示例.网址:8443/绩效 目标/%E5%B9%B4/")
    assert site == published.Web(
        "https://xn--fsq092h.xn--ses554g:8443/%E7%BB%A9%E6%95%88%20%E7%9B%AE%E6%A0%87/%E5%B9%B4/"
    )


class _Rude(BaseHTTPRequestHandler):
    """A server that answers badly, by the first part of the path."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing of each request."""

    def do_GET(self) -> None:
        """Answer badly."""
        match self.path.strip("/"):
            case "huge":
                self._answer(200, {}, b"x" * 5000)
            case "short":
                self._answer(200, {"Content-Length": "100"}, b"x")
            case "zipped":
                self._answer(200, {"Content-Encoding": "gzip"}, b"x")
            case "away":
                self._answer(302, {"Location": "http://localhost:1/x"}, b"")
            case "file":
                self._answer(302, {"Location": "file:///etc/hostname"}, b"")
            case "broken":
                self._answer(500, {}, b"")
            case "gone":
                self._answer(410, {}, b"")
            case "moved":
                self._answer(301, {"Location": "/good"}, b"")
            case "good":
                self._answer(200, {}, b"good")
            case _:
                self.wfile.write(b"nonsense\r\n\r\n")
        self.close_connection = True

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _rude() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Rude) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("huge", "比 1000 字节还大"),
        ("short", "没有收完"),
        ("zipped", "压缩过"),
        ("away", "转到别处"),
        ("file", "转到别处|302"),
        ("broken", "500"),
        ("nonsense", "取不到"),
    ],
)
def test_a_bad_answer_is_a_reason_not_a_verdict(path: str, why: str) -> None:
    with _rude() as address, pytest.raises(UnreachedError, match=why):
        published.site(address).read(path, 1000)


def test_a_file_that_is_gone_is_missing_and_one_that_moved_on_the_same_host_is_followed() -> None:
    with _rude() as address:
        site = published.site(address)
        assert (site.read("gone", 10), site.read("moved", 10)) == (None, b"good")


def test_what_could_not_be_read_is_named_and_after_twenty_the_rest_is_given_up(tmp_path: Path) -> None:
    def serve(number: int) -> command.Done:
        files = {f"{one}.html": Digest(1, "0" * 64) for one in range(number)}
        listed = manifest.as_bytes(Manifest("1", None, dirty=False, previous=None, files=files, sources=()))
        (tmp_path / NAME).write_bytes(listed)
        for name in files:
            (tmp_path / name).write_bytes(b"x" * (2 << 20))
        with served(tmp_path) as address:
            return run(tmp_path, "verify", address)

    few = serve(2)
    assert (few.returncode, "没有核对 1.html：比" in few.stdout) == (1, True)
    many = serve(21)
    assert (many.returncode, "已有 20 个文件没有取到" in many.stderr) == (2, True)


# The file


@pytest.mark.parametrize("path", ["", "/a", "a//b", "a/../b", ".", "a\\b", "a\nb", "a/"])
def test_no_path_of_a_manifest_leads_out_of_the_folder(path: str) -> None:
    files = {path: Digest(1, "0" * 64)}
    raw = manifest.as_bytes(Manifest("1", None, dirty=False, previous=None, files=files, sources=()))
    with pytest.raises(BuilderError, match="不是发布清单"):
        manifest.parse(raw)


def test_what_is_written_is_what_is_read() -> None:
    made = Manifest(
        builder='1"\\',
        commit="a" * 64,
        dirty=True,
        previous="b" * 64,
        files={'2024/甲 "/index.html': Digest(3, "c" * 64), "index.html": Digest(0, "d" * 64)},
        sources=(Source("targets/甲.yml", '2024/甲 "/', "e" * 64), Source("部门.yml", "", "f" * 64)),
    )
    assert manifest.parse(manifest.as_bytes(made)) == made
