"""Two snapshots in, every change in meaning out. Layout, comments and the order of keys mean nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from builder.decode import INDICATORS, WAIVERS
from builder.diff import answers, fields, indicators, pair
from builder.diff.records import RANK, Change, Kind, Unread
from builder.tree import DEPARTMENT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.diff.pair import Pair
    from builder.diff.records import Snapshot, Version
    from builder.values import Vocabulary


def changes(old: Snapshot, new: Snapshot, words: Vocabulary) -> tuple[Change, ...]:
    """Every change between two snapshots: by kind, loss first, then by file and place in it.

    ``words`` are those of 指标值; they tell which way an indicator points.
    """
    pairs = pair.files(*published(old, new))
    found = (change for both in pairs for change in _of_file(both, words))
    return tuple(sorted(found, key=lambda change: (RANK[change.kind], change.file)))


def between(old: Version | None, new: Version | None, words: Vocabulary) -> tuple[Change, ...]:
    """Every change from one version to another of what is known to be the same file."""
    before, after = published((old,) if old else (), (new,) if new else ())
    if not before and not after:
        return ()
    both = pair.Pair(next(iter(before), None), next(iter(after), None))
    return tuple(sorted(_of_file(both, words), key=lambda change: RANK[change.kind]))


def unread(old: Snapshot, new: Snapshot) -> tuple[Unread, ...]:
    """What cannot be compared, whole or in part, and why."""
    return tuple(item for both in pair.files(*published(old, new)) if (item := _unread(both)))


def published(old: Snapshot, new: Snapshot) -> tuple[Snapshot, Snapshot]:
    """Both snapshots without what is withheld (公开: 否), which no report may show.

    What cannot be read counts as withheld where the other side is.
    """
    withheld = {version.file for version in (*old, *new) if version.is_withheld}
    before, after = (
        tuple(
            version
            for version in side
            if not version.is_withheld and (version.is_read or version.file not in withheld)
        )
        for side in (old, new)
    )
    return before, after


def _unread(both: Pair) -> Unread | None:
    before, after = (
        version.problems if version and (version.wrong or not version.is_read) else () for version in both
    )
    versions = [version for version in both if version]
    whole = not all(version.is_read for version in versions)
    keys = () if whole else tuple(sorted({key for version in versions for key in version.wrong}))
    return Unread(both.file, before, after, keys) if whole or keys else None


def _of_file(both: Pair, words: Vocabulary) -> Iterator[Change]:
    old, new = both
    here = new or old
    if here is None:
        return
    renamed = old.file if old and new and old.file != new.file else None
    make = partial(
        Change,
        file=here.file,
        id=here.id,
        project=_name(here),
        department=_department(here),
        old_file=renamed,
    )
    if old and new:
        yield from _of_both(old, new, make, words)
    else:
        yield _come_or_gone(old, new, make)
        yield from answers.problems(old, new, make, {})


def _name(version: Version) -> str:
    if version.subject:
        return version.subject.project.name
    if version.department:
        return version.department.name
    return version.id.stem if version.id else version.file


def _department(version: Version) -> str:
    if version.subject:
        return version.subject.project.department
    return version.department.name if version.department else ""


def _come_or_gone(old: Version | None, new: Version | None, make: partial[Change]) -> Change:
    here = new or old
    if here is None or here.file.endswith(f"/{DEPARTMENT_FILE}"):
        return make(Kind.DEPARTMENT_CHANGED, before=_said(old), after=_said(new))
    kind = Kind.PROJECT_REMOVED if new is None else Kind.PROJECT_ADDED
    total = fields.total_wan(here.subject) if here.subject else None
    amount = -total if total is not None and new is None else total
    return make(kind, before=_said(old), after=_said(new), amount=amount)


def _said(version: Version | None) -> str | None:
    """A whole file in a few words."""
    if version is None:
        return None
    if version.subject is None:
        return _name(version)
    project, form = version.subject.project, version.subject.form
    total = "" if project.total is None else f"{project.total:f} {form.currency}，"
    return f"{total}{len(project.indicators)} 个指标"


def _of_both(old: Version, new: Version, make: partial[Change], words: Vocabulary) -> Iterator[Change]:
    if old.file != new.file and _name(old) == _name(new):
        yield make(Kind.PROJECT_RENAMED, before=old.file, after=new.file)
    wrong = old.wrong | new.wrong
    names: dict[str, str] = {}
    if old.subject and new.subject:
        one, other = old.subject.rows, new.subject.rows
        pairs = pair.rows(one, other)
        names = {one[left].indicator.name: other[right].indicator.name for left, right in pairs.items()}
        yield from fields.of_project(old.subject, new.subject, wrong, make)
        if INDICATORS not in wrong:
            yield from indicators.changes(old.subject, new.subject, pairs, make, words)
    elif old.department and new.department:
        yield from fields.of_department(old.facts, new.facts, make)
    if old.is_read and new.is_read and WAIVERS not in wrong:
        yield from answers.waivers(old, new, make, names)
    yield from answers.problems(old, new, make, names)
