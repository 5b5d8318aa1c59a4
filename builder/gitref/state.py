"""The commit that the files on disk stand at, and which of them differ from it."""

from __future__ import annotations

from pathlib import Path

from builder.frozen import frozen
from builder.gitref.command import GitError, run, text
from builder.gitref.revision import commit


@frozen()
class State:
    """A commit and, by full path, what of the folder asked about is not as committed.

    ``changed`` holds tracked files that were edited or removed, ``new`` files that git does not know.
    """

    commit: str
    changed: frozenset[Path]
    new: frozenset[Path]


def state(folder: Path) -> State | None:
    """The state of ``folder``; ``None`` without git, outside a repository and before the first commit."""
    try:
        head = commit(folder, "HEAD")
        top = Path(text(run(folder, "rev-parse", "--show-toplevel")).rstrip("\n"))
        status = text(run(folder, "status", "--porcelain", "-z", "--no-renames", "-uall", "--", "."))
    except GitError:
        return None
    records = [(record[:2], top / record[3:]) for record in status.split("\0") if record]
    return State(
        head,
        frozenset(path for mark, path in records if mark != "??"),
        frozenset(path for mark, path in records if mark == "??"),
    )
