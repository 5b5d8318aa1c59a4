"""When each file last changed. Without git nothing is known, and all else works."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from builder.gitref.command import GitError, run, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_COMMIT = "\x01"


def last_changes(folder: Path) -> Mapping[str, str]:
    """The date (``YYYY-MM-DD``, committer's) of the last commit that changed each file under ``folder``.

    Keys are absolute POSIX paths. Left out: a file with uncommitted changes, and one whose last change lies
    beyond the edge of a shallow clone, for a wrong date is worse than none. One pass of git whatever the
    number of files. Empty without git or outside a repository.
    """
    try:
        top = text(run(folder, "rev-parse", "--show-toplevel"))
        log = text(run(folder, "log", "-z", f"--format={_COMMIT}%H %cs", *_NAMES, "-c", "--", "."))
        dirty = text(run(folder, "status", "--porcelain", "-z", *_TRACKED, "--", "."))
        edges = shallow_edges(folder)
    except GitError:
        return {}
    root = Path(top.rstrip("\n"))
    unknown = {record[3:] for record in dirty.split("\0") if record}
    dates = _first_seen(log, edges=edges)
    return {(root / name).as_posix(): date for name, date in dates if name not in unknown and date}


_NAMES = ("--name-only", "--no-renames")
_TRACKED = ("--no-renames", "--untracked-files=no")


def _first_seen(log: str, *, edges: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each file with the date of the newest commit that names it; no date when that commit is an edge."""
    seen: set[str] = set()
    date = ""
    for part in log.split("\0"):
        name = part.lstrip("\n")
        if name.startswith(_COMMIT):
            commit, _, when = name[1:].partition(" ")
            # With -z the first file of a commit follows its header after a line end.
            when, _, name = when.partition("\n")
            date = "" if commit in edges else when
        if name and not name.startswith(_COMMIT) and name not in seen:
            seen.add(name)
            yield name, date


def shallow_edges(folder: Path) -> frozenset[str]:
    """The commits at which a shallow clone was cut: git shows them as adding every file."""
    place = text(run(folder, "rev-parse", "--git-path", "shallow"))
    path = folder / place.rstrip("\n")
    return frozenset(path.read_text(encoding="ascii").split()) if path.is_file() else frozenset()
