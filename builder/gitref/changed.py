"""What changed since a revision: every file that differs, those not yet committed included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.gitref.command import GitError, run, text
from builder.gitref.dates import shallow_edges
from builder.gitref.revision import commit

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = ("--name-only", "-z", "--no-renames", "--no-ext-diff")
_SHALLOW = "这是浅克隆，只取了最近的历史：请先运行 git fetch --unshallow。"


@frozen()
class Change:
    """A change: the commit it set out from, and every file it touched, by its full path."""

    base: str
    files: frozenset[Path]

    def has(self, path: Path) -> bool:
        """Whether it touched a file."""
        return _full(path) in self.files

    def is_under(self, path: Path) -> bool:
        """Whether it touched a file or, in a folder, any file."""
        full = _full(path)
        return any(file == full or full in file.parents for file in self.files)


def change_since(folder: Path, revision: str) -> Change:
    """The change of the repository around ``folder`` since its history parted from ``revision``.

    Its files were changed, added or deleted, committed or not; a renamed one is there by both names. What git
    ignores is left out.

    Raises:
        GitError: no git, no repository, no such revision, or no common history.
    """
    top = Path(text(run(folder, "rev-parse", "--show-toplevel")).rstrip("\n"))
    base = _parted(folder, revision)
    differ = run(top, "diff", *_NAMES, base, "--")
    new = run(top, "ls-files", "-z", "--others", "--exclude-standard")
    return Change(base, frozenset(top / name for name in (*_split(differ), *_split(new))))


def _full(path: Path) -> Path:
    # The last part is kept: a changed link is a change of the link, wherever it leads.
    return path.parent.resolve() / path.name


def _parted(folder: Path, revision: str) -> str:
    ours, theirs = commit(folder, "HEAD"), commit(folder, revision)
    try:
        return text(run(folder, "merge-base", ours, theirs)).strip()
    except GitError as error:
        more = _SHALLOW if shallow_edges(folder) else "请换一个有共同历史的版本。"
        raise GitError(f"“{revision}”和现在的版本没有共同的历史。{more}") from error


def _split(names: bytes) -> Iterator[str]:
    return (name for name in text(names).split("\0") if name)
