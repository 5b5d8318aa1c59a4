"""Files as they stood at a revision, straight from git's objects: no checkout, two processes in all."""

from __future__ import annotations

import posixpath
import subprocess
from hashlib import sha1, sha256
from itertools import islice
from typing import IO, TYPE_CHECKING

from builder.frozen import frozen
from builder.gitref.command import GIT, GitError, environment, run, text
from builder.gitref.dates import shallow_edges

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping
    from pathlib import Path

_MAIN = (("main", "origin/main"), ("master", "origin/master"))
_LINK, _FILES = "120000", {"100644", "100755", "120000"}
_BATCH = 500  # object names that fit a pipe's buffer, so that neither side waits for the other
_CHUNK = 1 << 20
_SHALLOW = "这是浅克隆，只取了最近的历史：请先运行 git fetch --unshallow。"


@frozen()
class Blob:
    """The content of one object; ``data`` is cut at the limit asked for, ``size`` is not."""

    id: str
    size: int
    data: bytes


def commit(folder: Path, revision: str) -> str:
    """The full name of the commit that ``revision`` (a branch, a tag, a commit) means.

    Raises:
        GitError: no git, no repository, or no such revision.
    """
    run(folder, "rev-parse", "--git-dir")  # no repository is told apart from no such revision
    # git has no revision that begins with a dash; it would take it for an option.
    if revision.startswith("-"):
        raise _unknown(folder, revision)
    try:
        return text(run(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")).strip()
    except GitError as error:
        raise _unknown(folder, revision) from error


def _unknown(folder: Path, revision: str) -> GitError:
    more = _SHALLOW if shallow_edges(folder) else "用 git log --oneline 可以看有哪些版本。"
    return GitError(f"找不到版本“{revision}”：请核对分支名、标签或提交号。{more}")


def main_branches(folder: Path) -> tuple[str, ...]:
    """The names under which the main branch is known here: the local one, and the remote's.

    Raises:
        GitError: there is none.
    """
    run(folder, "rev-parse", "--git-dir")
    for names in _MAIN:
        refs = (f"refs/{'remotes' if '/' in name else 'heads'}/{name}" for name in names)
        if found := text(run(folder, "for-each-ref", "--format=%(refname)", *refs)).split():
            return tuple(found)
    raise GitError("找不到 main 分支，不知道与哪个版本比较：请写明，如 jixiao diff HEAD~1。")


def merge_base(folder: Path, revision: str, branches: Iterable[str]) -> str:
    """The nearest commit that ``revision`` shares with any of ``branches``.

    Raises:
        GitError: an unknown revision, or no common history.
    """
    ours, theirs = commit(folder, revision), [commit(folder, name) for name in branches]
    try:
        return text(run(folder, "merge-base", ours, *theirs)).strip()
    except GitError as error:
        more = _SHALLOW if shallow_edges(folder) else "请写明与哪个版本比较，如 jixiao diff HEAD~1。"
        raise GitError(f"“{revision}”和主分支没有共同的历史。{more}") from error


def files(folder: Path, commit_id: str, path: str) -> Mapping[str, str]:
    """Every file under ``path`` at a commit, by its name from ``folder``, with the id of its blob.

    A symbolic link stands for the file it points to within ``path``; one that points elsewhere is left out.
    """
    listing = text(run(folder, "ls-tree", "-r", "-z", commit_id, "--", path))
    found: dict[str, str] = {}
    links: dict[str, str] = {}
    for record in listing.split("\0"):
        facts, _, name = record.partition("\t")
        mode, _, rest = facts.partition(" ")
        if mode in _FILES:
            (links if mode == _LINK else found)[name] = rest.partition(" ")[2]
    return found | dict(_followed(folder, links, found)) if links else found


def _followed(folder: Path, links: Mapping[str, str], found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    targets = {blob.id: text(blob.data) for blob in blobs(folder, links.values(), limit=_CHUNK)}
    for name, id_ in links.items():
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), targets[id_]))
        if target in found:
            yield name, found[target]


def blobs(folder: Path, ids: Iterable[str], *, limit: int) -> Generator[Blob, None, None]:
    """The blobs of those ids, each once, in the order given; ``data`` holds at most ``limit`` bytes.

    Raises:
        GitError: an object is missing, as in a clone that left files out.
    """
    waiting = iter(dict.fromkeys(ids))
    words = [*GIT, "cat-file", "--batch"]
    with subprocess.Popen(  # noqa: S603  fixed words; ids come from git
        words,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    ) as git:
        if git.stdin is None or git.stdout is None:
            raise GitError("git 没有接上管道。")
        while batch := list(islice(waiting, _BATCH)):
            git.stdin.write("".join(f"{id_}\n" for id_ in batch).encode("ascii"))
            git.stdin.flush()
            for id_ in batch:
                yield _blob(id_, git.stdout, limit)


def _blob(id_: str, stream: IO[bytes], limit: int) -> Blob:
    head = stream.readline().split()
    if len(head) != 3 or head[1] != b"blob":  # noqa: PLR2004  id, type, size
        raise GitError(f"git 仓库里缺少对象 {id_}：仓库不完整，请重新克隆。")
    size = int(head[2])
    data = stream.read(min(size, limit))
    rest = size - len(data) + 1  # and the line end that git adds
    while rest > 0:
        rest -= len(stream.read(min(rest, _CHUNK))) or rest
    return Blob(id_, size, data)


def blob_id(raw: bytes, like: str) -> str:
    """The id git would give to ``raw``, in the kind of hash that ``like`` is."""
    whole = b"blob %d\0" % len(raw) + raw
    if len(like) == len(sha256().hexdigest()):
        return sha256(whole).hexdigest()
    return sha1(whole, usedforsecurity=False).hexdigest()
