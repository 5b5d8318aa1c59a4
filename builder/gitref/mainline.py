"""What was done to the files of a folder, commit by commit, as the published branch saw it: one pass of git.

The line followed is that of first parents, for what stood on a side branch was not published until it was
merged. A merge counts as one step, with the commits that it brought in beside it.
"""

from __future__ import annotations

import posixpath
import sys
from typing import TYPE_CHECKING, NamedTuple

from builder.frozen import frozen
from builder.gitref.command import run, text
from builder.gitref.dates import shallow_edges

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_COMMIT = "\x01"
_FORMAT = f"--format={_COMMIT}%H%x00%P%x00%cI%x00%B%x00"
_WAY = ("--full-history", "--sparse", "--topo-order", "--diff-merges=first-parent", "--encoding=UTF-8")
_DIFF = ("-z", "--raw", "--no-abbrev", "--no-renames", "--root", "--no-color")
_PLAIN = {"100644", "100755"}


class Touch(NamedTuple):
    """One file that a commit touched: the blobs before and after, ``None`` where it was not there."""

    name: str
    old: str | None
    new: str | None


@frozen()
class Commit:
    """One commit: ``time`` is the committer's, ISO 8601; ``files`` are seen from its first parent."""

    id: str
    time: str
    message: str
    parents: tuple[str, ...]
    files: tuple[Touch, ...]

    @property
    def date(self) -> str:
        """``YYYY-MM-DD``, where the committer was."""
        return self.time[:10]


@frozen()
class Step:
    """One commit of the line, and the commits that it brought in where it is a merge, oldest first."""

    commit: Commit
    merged: tuple[Commit, ...] = ()


@frozen()
class Mainline:
    """The line that leads to ``HEAD``, oldest first. ``is_cut``: it has no start, in a shallow clone."""

    steps: tuple[Step, ...]
    is_cut: bool


def mainline(folder: Path, path: str) -> Mainline:
    """Every commit of the line and the files under ``path`` that it touched, by their names from ``folder``.

    Links are left out: a file that is a link has no history of its own.

    Raises:
        GitError: no git, no repository, or no commit.
    """
    prefix = text(run(folder, "rev-parse", "--show-prefix")).rstrip("\n")
    log = text(run(folder, "log", *_WAY, *_DIFF, _FORMAT, "HEAD", "--", f":(literal){path}"))
    commits = {commit.id: commit for commit in _commits(log, prefix)}
    first = next(iter(commits), None)
    steps = tuple(_steps(commits, first)) if first else ()
    return Mainline(steps, bool(steps) and steps[0].commit.id in shallow_edges(folder))


def latest(folder: Path, path: str) -> str:
    """The last commit of the line; empty where none touched ``path``.

    Raises:
        GitError: no git, no repository, or no commit.
    """
    return text(run(folder, "log", *_WAY, "-1", "--format=%H", "HEAD", "--", f":(literal){path}")).strip()


def _commits(log: str, prefix: str) -> Iterator[Commit]:
    """The commits in git's output, newest first."""
    parts = iter(log.split("\0"))
    part = next(parts, "")
    while part.startswith(_COMMIT):
        parents, time, message = next(parts), next(parts), next(parts)
        next(parts)  # what stands between a header and its files
        files = []
        following = next(parts, "")
        while (facts := following.lstrip("\n")).startswith(":"):
            files.append(_touch(facts, _from_here(next(parts), prefix)))
            following = next(parts, "")
        yield Commit(part[1:], time, message, tuple(parents.split()), tuple(filter(None, files)))
        part = following


def _touch(facts: str, name: str) -> Touch | None:
    old_mode, new_mode, old, new, _ = facts[1:].split(" ")
    touch = Touch(sys.intern(name), old if old_mode in _PLAIN else None, new if new_mode in _PLAIN else None)
    return touch if touch.old != touch.new else None


def _from_here(name: str, prefix: str) -> str:
    if not prefix:
        return name
    return name[len(prefix) :] if name.startswith(prefix) else posixpath.relpath(name, prefix)


def _steps(commits: Mapping[str, Commit], head: str) -> Iterator[Step]:
    """The first parents of ``head``, oldest first, each with what it brought in that was not there before."""
    line = [commits[head]]
    while line[-1].parents and line[-1].parents[0] in commits:
        line.append(commits[line[-1].parents[0]])
    known = {commit.id for commit in line}
    for commit in reversed(line):
        yield Step(commit, tuple(_brought(commit, commits, known)))


def _brought(merge: Commit, commits: Mapping[str, Commit], known: set[str]) -> list[Commit]:
    waiting = [parent for parent in merge.parents[1:] if parent in commits]
    found = []
    while waiting:
        one = waiting.pop()
        if one not in known:
            known.add(one)
            found.append(commits[one])
            waiting += (parent for parent in commits[one].parents if parent in commits)
    return sorted(found, key=lambda commit: commit.time)
