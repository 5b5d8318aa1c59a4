"""Whether a published site is what its manifest says, and whether that is the text in git.

Three questions: is every file as listed; is the text behind every page that of the commit; does the official
table on every page show that text.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from builder import decode, manifest, shown, tree
from builder.errors import BuilderError
from builder.frozen import frozen
from builder.gitref.command import GitError, run
from builder.gitref.revision import blobs, commit, files
from builder.manifest import Digest, Flaw
from builder.published import UnreachedError
from builder.source import MAX_BYTES, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from builder.manifest import Manifest, Source
    from builder.published import Site
    from builder.schema import Schemas

_MANIFEST_LIMIT = 512 << 20
_ROOM = 1 << 20
"""Bytes that a file may be larger than listed and still be read."""


_PATIENCE = 20
"""Files that could not be read before the rest is given up."""


class Kind(StrEnum):
    """What can be wrong; ``changed``, ``missing`` and ``extra`` are of files, the rest of what is behind."""

    CHANGED = Flaw.CHANGED
    MISSING = Flaw.MISSING
    EXTRA = Flaw.EXTRA
    UNREACHED = "unreached"
    COMMIT = "commit"
    SOURCE = "source"
    PAGE = "page"


@frozen(order=True)
class Fault:
    """One thing that is not as it should be: a path (in the site, or of a source), and a sentence."""

    path: str
    kind: Kind
    message: str


@frozen()
class Verdict:
    """What came of it. ``digest`` is the manifest's own; ``revision`` the commit compared with, if any."""

    digest: str
    manifest: Manifest
    listed: bool
    revision: str | None
    faults: tuple[Fault, ...]


@frozen()
class Repository:
    """Where the texts are: a folder from which their paths count, and the revision asked for, if any."""

    folder: Path
    schemas: Schemas
    revision: str | None = None


def verify(site: Site, repository: Repository, *, progress: Callable[[int], None] | None = None) -> Verdict:
    """Compare everything; ``progress`` is told the number of files done.

    Raises:
        BuilderError: the site has no manifest, or there is no such revision.
    """
    raw = _manifest(site)
    listed = manifest.parse(raw)
    revision, faults = _revision(listed, repository)
    texts = _texts(repository, revision, listed) if revision else {}
    faults += [fault for source in listed.sources if revision and (fault := _source(source, texts))]
    faults += _files(site, listed, _Pages(listed, texts, repository.schemas), progress)
    names = site.names()
    return Verdict(tree.digest(raw), listed, names is not None, revision, tuple(sorted(faults)))


def _manifest(site: Site) -> bytes:
    try:
        raw = site.read(manifest.NAME, _MANIFEST_LIMIT)
    except UnreachedError as error:
        raise BuilderError(f"{manifest.NAME} {error}。") from error
    if raw is None:
        raise BuilderError(f"没有 {manifest.NAME}：不是 jixiao build 生成的网站，或者清单没有一起发布。")
    return raw


def _revision(listed: Manifest, repository: Repository) -> tuple[str | None, list[Fault]]:
    """The commit to compare with, and a fault where one was due and cannot be had."""
    if repository.revision is not None:
        return commit(repository.folder, repository.revision), []
    try:
        run(repository.folder, "rev-parse", "--git-dir")
    except GitError:
        return None, []
    if listed.commit is None:
        # In a repository silence would pass for proof.
        return None, [Fault("", Kind.COMMIT, "清单没有写从哪个提交生成：请用 --revision 写明与哪个版本核对")]
    try:
        return commit(repository.folder, listed.commit), []
    except GitError:
        message = f"这个仓库里没有清单写的提交 {listed.commit}：请先 git fetch，或到发布这个网站的仓库里运行"
        return None, [Fault("", Kind.COMMIT, message)]


def _texts(repository: Repository, revision: str, listed: Manifest) -> Mapping[str, bytes]:
    """The text of every source at the revision; left out where there is none."""
    ids = files(repository.folder, revision, ".")
    wanted = {source.path: ids[source.path] for source in listed.sources if source.path in ids}
    data = {blob.id: blob.data for blob in blobs(repository.folder, wanted.values(), limit=MAX_BYTES)}
    return {path: data[id_] for path, id_ in wanted.items()}


def _source(source: Source, texts: Mapping[str, bytes]) -> Fault | None:
    text = texts.get(source.path)
    if text is None:
        return Fault(source.path, Kind.SOURCE, "网站上有，这个版本里没有这个文件")
    # Where git gave out Windows line ends, the text read was that.
    spelled = (text, text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    if source.sha256 in {sha256(one).hexdigest() for one in spelled}:
        return None
    return Fault(source.path, Kind.SOURCE, "生成网页用的内容与这个版本里的不同")


@frozen()
class _Pages:
    """What the pages of the projects must show."""

    listed: Manifest
    texts: Mapping[str, bytes]
    schemas: Schemas

    def by_file(self) -> Mapping[str, Source]:
        """The source of each project's page that can be compared."""
        sources = (source for source in self.listed.sources if source.path in self.texts)
        return {
            manifest.page_file(source.page): source
            for source in sources
            if not source.path.endswith(f"/{tree.DEPARTMENT_FILE}")
        }

    def fault(self, source: Source, page: bytes) -> Fault | None:
        """What is wrong with one page."""
        document, _ = parse(self.texts[source.path], source.path)
        form = self.schemas.forms.get(decode.form_id(document.data) or "") if document else None
        if document is None or form is None:
            return Fault(source.path, Kind.SOURCE, "这个版本里的内容读不出来，不能与网页核对")
        wanted = shown.expected(decode.project(document.data, form), form)
        found = shown.cells(page.decode("utf-8", "replace"))
        if found == wanted:
            return None
        message = _unlike(wanted, found) if found is not None else "网页里没有绩效目标表，或者不止一张"
        return Fault(manifest.page_file(source.page), Kind.PAGE, message)


def _unlike(wanted: tuple[str, ...], found: tuple[str, ...]) -> str:
    pairs = ((one, other) for one, other in zip(wanted, found, strict=False) if one != other)
    one, other = next(pairs, ("", ""))
    if one or other:
        return f"网页上的表与原文不同：原文是“{one}”，网页是“{other}”"
    return f"网页上的表与原文不同：原文有 {len(wanted)} 格，网页有 {len(found)} 格"


def _files(
    site: Site, listed: Manifest, pages: _Pages, progress: Callable[[int], None] | None
) -> Iterator[Fault]:
    """Every file compared with the manifest, every page with its text."""
    found: dict[str, Digest] = {}
    unreached = 0
    of_pages = pages.by_file()
    wanted = {name: digest.size + _ROOM for name, digest in listed.files.items()}
    for done, (name, answer) in enumerate(site.read_all(wanted), 1):
        if progress:
            progress(done)
        if isinstance(answer, UnreachedError):
            yield Fault(name, Kind.UNREACHED, str(answer))
            found[name] = listed.files[name]
            unreached += 1
            if unreached == _PATIENCE:
                raise BuilderError(
                    f"已有 {unreached} 个文件没有取到，不再继续。最后一个是“{name}”：{answer}。"
                )
        elif answer is not None:
            found[name] = manifest.digest(answer)
            if name in of_pages and (fault := pages.fault(of_pages[name], answer)):
                yield fault
    extra = (site.names() or frozenset()) - listed.files.keys()
    found |= dict.fromkeys(extra, Digest(0, ""))
    for difference in manifest.differences(listed, found):
        yield Fault(difference.path, Kind(difference.flaw), _words(difference))


def _words(difference: manifest.Difference) -> str:
    expected, found = difference.expected, difference.found
    if expected is None:
        return "清单里没有这个文件"
    if found is None:
        return "清单里有，网站上没有"
    if expected.size != found.size:
        return f"内容与清单不同：应有 {expected.size} 字节，实有 {found.size} 字节"
    return f"内容与清单不同：SHA-256 应是 {expected.sha256}，实际是 {found.sha256}"
