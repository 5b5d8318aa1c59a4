"""What is known of one project's past: frozen records, no words for users."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.diff import Change
    from builder.model import ProjectId


class Sort(StrEnum):
    """调整 or 更正: whether what is promised changed, or only how it is written."""

    ADJUSTMENT = "adjustment"
    CORRECTION = "correction"


@frozen()
class Entry:
    """One commit that changed a project in meaning.

    ``time`` is the committer's, ISO 8601; ``order`` the commit's place in the line, for two of one day.
    ``reasons`` are the lines 调整原因 and 更正原因 of the message. ``restores``: where the commit brings back
    an earlier text, the date of that. ``changes`` are loss first.
    """

    time: str
    commit: str
    order: int
    sort: Sort
    changes: tuple[Change, ...]
    reasons: tuple[str, ...] = ()
    restores: str | None = None

    @property
    def date(self) -> str:
        """``YYYY-MM-DD``."""
        return self.time[:10]


@frozen()
class Record:
    """调整记录 of one project since it was first published, newest first.

    ``file`` is its name at the end, ``begins`` the date of the first commit looked at. ``is_partial``: what
    was before ``begins`` is not known, as in a shallow clone. ``is_gone``: the file is no longer there.
    """

    file: str
    id: ProjectId | None
    entries: tuple[Entry, ...]
    begins: str
    is_partial: bool
    is_gone: bool

    @property
    def project(self) -> str:
        """项目名称 as it was at the last change, or the file's stem."""
        return self.entries[0].changes[0].project if self.entries else self.id.stem if self.id else self.file

    @property
    def department(self) -> str:
        """主管部门 as it was at the last change."""
        return self.entries[0].changes[0].department if self.entries else ""


@frozen()
class Told:
    """Records read before, by file, for whoever has no git at hand."""

    known: Mapping[str, Record]

    def record(self, file: str) -> Record | None:
        """The record of one file; ``None`` where none is known."""
        return self.known.get(file)
