"""What a change touched: of all problems, those that reviewers of the change must see.

A problem belongs to a change when its file was changed, or when it was not there before: a rule across files
may speak in a file that nobody touched.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from builder import rules, tree
from builder.check import examine, judge
from builder.frozen import frozen
from builder.gitref.revision import blobs, files
from builder.source import MAX_BYTES
from builder.tree import SourceFile
from builder.waivers import WAIVER_CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from builder.gitref.changed import Change
    from builder.problem import Problem
    from builder.report import Outcome
    from builder.rules import Settings
    from builder.schema import Schemas

    Entry: TypeAlias = "tuple[str, str, str]"

_FROM_ELSEWHERE = {*(rule.code for rule in rules.CROSS_RULES), *WAIVER_CODES}
"""Codes that a change of one file can bring into another: rules across files, and the waivers of those."""


@frozen()
class Basis:
    """What was checked, and by what."""

    paths: Sequence[Path]
    schemas: Schemas
    settings: Settings


def only(outcome: Outcome, change: Change, basis: Basis) -> Outcome:
    """The outcome with nothing listed but the problems of the change."""
    names = {problem.file for problem in outcome.problems} | {item.problem.file for item in outcome.waived}
    changed = {name for name in names if change.has(Path(name))}
    doubtful = [
        problem
        for problem in outcome.problems
        if problem.file not in changed and problem.code in _FROM_ELSEWHERE
    ]
    before = set(_before(change, basis)) if doubtful else set()
    new = {problem for problem in doubtful if problem not in before}
    return outcome.only(lambda problem: problem.file in changed or problem in new)


def _before(change: Change, basis: Basis) -> Iterator[Problem]:
    """Every problem that the touched departments had where the change set out."""
    departments = {identity.department for file in change.files if (identity := tree.identity(file))}
    entries = sorted(_entries(change, basis.paths, departments))
    for _, group in groupby(entries, key=lambda entry: entry[0]):
        examined = [examine(file, basis.schemas) for file in _read(list(group))]
        for checked in judge(examined, basis.settings):
            yield from checked.problems


def _entries(change: Change, paths: Iterable[Path], departments: set[str]) -> Iterator[Entry]:
    """Department, name and blob of each file that stood under ``paths``; names are as the check has them."""
    for path in paths:
        for name, blob in files(tree.HERE, change.base, path.as_posix()).items():
            identity = tree.identity(Path(name))
            if identity and identity.department in departments and name.endswith(".yml"):
                yield identity.department, name, blob


def _read(entries: list[Entry]) -> Iterator[SourceFile]:
    wanted = (id_ for _, _, id_ in entries)
    data = {blob.id: blob.data for blob in blobs(tree.HERE, wanted, limit=MAX_BYTES + 1)}
    for _, name, id_ in entries:
        yield SourceFile(name, data[id_], tree.identity(Path(name)))
