"""A whole folder of targets, read and checked: one Outcome for the reports and one Catalogue for the pages.

Departments stream through; what is kept of each file is a Summary, its problems and its answered findings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from builder import decode, tree
from builder.catalogue import catalogue, summarise
from builder.check import USUAL, examine, judge
from builder.errors import BuilderError
from builder.report import Outcome
from builder.rules import subject
from builder.source import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from builder.catalogue import Catalogue, Summary
    from builder.check import Checked
    from builder.model import Department, ProjectId
    from builder.problem import Problem, Waived
    from builder.rules import Settings, Subject
    from builder.schema import Schemas


@dataclass(frozen=True, slots=True)
class Collection:
    """全部数据: what was checked under ``base``. ``waived`` holds the answered findings by file name."""

    base: Path
    schemas: Schemas
    outcome: Outcome
    catalogue: Catalogue
    waived: Mapping[str, tuple[Waived, ...]]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of one checked file: neither its bytes nor its Project."""

    file: str
    id: ProjectId | None
    problems: tuple[Problem, ...]
    waived: tuple[Waived, ...]
    summary: Summary | None
    department: Department | None
    withheld: bool


def collect(
    paths: Iterable[Path],
    schemas: Schemas,
    *,
    base: Path = tree.HERE,
    settings: Settings = USUAL,
    progress: Callable[[int], None] | None = None,
) -> Collection:
    """Read and check every file under ``paths``; ``progress`` is told the number of files done.

    Raises:
        BuilderError: a path does not exist.
    """
    kept = []
    for checked in _checked(paths, schemas, base, settings):
        kept.append(_keep(checked, schemas))
        if progress:
            progress(len(kept))
    summaries = tuple(item.summary for item in kept if item.summary)
    outcome = Outcome(
        problems=tuple(sorted(problem for item in kept for problem in item.problems)),
        waived=tuple(sorted(answer for item in kept for answer in item.waived)),
        files=len(kept),
        projects=len(summaries),
        indicators=sum(item.indicators for item in summaries),
    )
    departments = ((item.id, item.file, item.department) for item in kept if item.department and item.id)
    waived = {item.file: item.waived for item in kept if item.waived and not item.withheld}
    gaps = {(item.id.year, item.id.department) for item in kept if item.withheld and item.id}
    published = catalogue(summaries, departments, renumber=gaps)
    return Collection(base, schemas, outcome, published, waived)


def _checked(paths: Iterable[Path], schemas: Schemas, base: Path, settings: Settings) -> Iterator[Checked]:
    for group in tree.read(paths, base=base):
        yield from judge([examine(file, schemas) for file in group], settings)


def _keep(checked: Checked, schemas: Schemas) -> _Kept:
    project = checked.project
    withheld = project is not None and project.withheld
    return _Kept(
        file=checked.file.name,
        id=checked.file.id,
        problems=checked.problems,
        waived=checked.waived,
        summary=summarise(project, checked.file, schemas) if project and not withheld else None,
        department=checked.department,
        withheld=withheld,
    )


def load(item: Summary, collection: Collection) -> Subject:
    """The whole project behind a Summary, read again, with its form and its values as understood.

    Raises:
        BuilderError: the file has changed since it was checked.
    """
    path = Path(item.file)
    file = tree.read_file(path, base=collection.base, inside=path.parent)
    if file.raw is None or tree.digest(file.raw) != item.digest:
        raise BuilderError(f"“{item.file}”在检查之后又被改动了：请重新运行。")
    document, _ = parse(file.raw, file.name)
    form = collection.schemas.forms.get(decode.form_id(document.data) or "") if document else None
    if document is None or form is None:
        raise BuilderError(f"“{item.file}”读不出来了：请重新运行。")
    schemas = collection.schemas
    project = replace(decode.project(document.data, form), number=item.number)
    return subject(project, form, schemas.words, schemas.terms, item.id)
