"""Two revisions of the data, or a revision and the files on disk: what changed in meaning.

Listings are compared by object id first, so that only files that differ are read.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from builder import diff, tree
from builder.check import examine
from builder.errors import BuilderError
from builder.frozen import frozen
from builder.gitref import revision
from builder.problem import Problem, Severity
from builder.source import MAX_BYTES, too_large
from builder.tree import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from builder.check import Examined
    from builder.diff import Change, Snapshot, Unread
    from builder.gitref.revision import Blob
    from builder.rules import Settings
    from builder.schema import Schemas


@frozen()
class Comparison:
    """What came of a comparison. ``old`` and ``new`` name the two sides, ``files`` counts those that differ.

    ``new`` is ``None`` for the files on disk.
    """

    old: str
    new: str | None
    files: int
    changes: tuple[Change, ...]
    unread: tuple[Unread, ...]


@frozen()
class Data:
    """Where the data stands, ``targets`` under ``folder``, and how it is read."""

    folder: Path
    targets: Path
    schemas: Schemas
    settings: Settings


@frozen()
class _Side:
    """One side: the object id of every data file, and the content of those on disk that may be needed."""

    ids: dict[str, str]
    on_disk: dict[str, SourceFile] | None = None


def compare(data: Data, old: str | None, new: str | None = None, *, every: bool = False) -> Comparison:
    """The changes from revision ``old`` to revision ``new``, or to the files on disk.

    Without ``old``: from where the main branch was left. With ``every`` the problems of all files count, for
    a rule across files may speak where nothing was touched.

    Raises:
        BuilderError: no git, no such revision, no data in either.
    """
    if old is None:
        branches = revision.main_branches(data.folder)
        old = revision.merge_base(data.folder, new or "HEAD", branches)
    before = _Side(_files(data, old))
    after = _on_disk(data, before.ids, every=every) if new is None else _Side(_files(data, new))
    if not before.ids and not after.ids:
        raise BuilderError(f"两个版本的“{data.targets}”里都没有项目文件：请核对文件夹和版本。")
    differing = {name for name in before.ids | after.ids if before.ids.get(name) != after.ids.get(name)}
    wanted = _departments(data, differing, {*before.ids, *after.ids}) if every else differing
    sides = (before, after)
    was, is_now = _together(data, sides, wanted) if every else (_alone(data, side, wanted) for side in sides)
    changes = diff.changes(was, is_now, data.schemas.words)
    shown = {version.file for side in diff.published(was, is_now) for version in side}
    return Comparison(old, new, len(differing & shown), changes, diff.unread(was, is_now))


def _files(data: Data, name: str) -> dict[str, str]:
    commit = revision.commit(data.folder, name)
    listed = revision.files(data.folder, commit, data.targets.as_posix())
    return {file: id_ for file, id_ in listed.items() if _is_data(data, file)}


def _is_data(data: Data, name: str) -> bool:
    """Whether a name is that of a project or a 部门.yml; a file in a wrong place is the check's business."""
    parent, _, file = name.rpartition("/")
    return file.endswith(".yml") and "/." not in f"/{name}" and _department(data.folder, parent) is not None


@cache
def _department(folder: Path, parent: str) -> str | None:
    """The department to which files in a folder belong, if to any."""
    identity = tree.identity(folder / parent / tree.DEPARTMENT_FILE)
    return identity.department if identity else None


def _on_disk(data: Data, like: Mapping[str, str], *, every: bool) -> _Side:
    """The files on disk, with the ids git would give them; content is kept only where it may be needed."""
    ids: dict[str, str] = {}
    kept: dict[str, SourceFile] = {}
    sample = next(iter(like.values()), "")
    for group in tree.read([data.targets], base=data.folder):
        for file in group:
            if not _is_data(data, file.name):
                continue
            known = like.get(file.name)
            ids[file.name] = _id(file, known, sample)
            if every or ids[file.name] != known:
                kept[file.name] = file
    return _Side(ids, kept)


def _id(file: SourceFile, known: str | None, sample: str) -> str:
    """The id of a file's content; that of its content with plain line ends where git stored it so."""
    if file.raw is None:
        return ""
    id_ = revision.blob_id(file.raw, sample)
    if id_ != known and b"\r\n" in file.raw:
        plain = revision.blob_id(file.raw.replace(b"\r\n", b"\n"), sample)
        return plain if plain == known else id_
    return id_


def _departments(data: Data, differing: set[str], names: set[str]) -> set[str]:
    """All files of the departments in which anything differs."""
    touched = {_department_of(data, name) for name in differing}
    return {name for name in names if _department_of(data, name) in touched}


def _department_of(data: Data, name: str) -> str:
    return _department(data.folder, name.rpartition("/")[0]) or ""


def _alone(data: Data, side: _Side, wanted: set[str]) -> Snapshot:
    """Every file by itself."""
    return tuple(diff.read(file, data.schemas, data.settings) for file in _load(data, side, wanted))


def _together(data: Data, sides: tuple[_Side, _Side], wanted: set[str]) -> Iterator[Snapshot]:
    """Both snapshots by whole departments; what is the same in both is looked at once."""
    known: dict[tuple[str, str], Examined] = {}
    for side in sides:
        departments: dict[str, list[Examined]] = {}
        for file in _load(data, side, wanted):
            key = file.name, side.ids[file.name]
            if key not in known:
                known[key] = examine(file, data.schemas)
            departments.setdefault(_department_of(data, file.name), []).append(known[key])
        groups = (diff.read_department(group, data.settings) for group in departments.values())
        yield tuple(version for group in groups for version in group)


def _load(data: Data, side: _Side, wanted: set[str]) -> Iterator[SourceFile]:
    names = sorted(wanted & side.ids.keys())
    if side.on_disk is not None:
        yield from (side.on_disk[name] for name in names)
        return
    found = revision.blobs(data.folder, (side.ids[name] for name in names), limit=MAX_BYTES)
    blobs = {blob.id: blob for blob in found}
    yield from (_source(data, name, blobs[side.ids[name]]) for name in names)


def _source(data: Data, name: str, blob: Blob) -> SourceFile:
    identity = tree.identity(data.folder / name)
    if blob.size <= MAX_BYTES:
        return SourceFile(name, blob.data, identity)
    fault = too_large(blob.size)
    problem = Problem(name, 1, 1, fault.code, Severity.ERROR, fault.message, fault.hint)
    return SourceFile(name, None, identity, (problem,))
