"""A whole folder of targets, read and checked: one Outcome for the reports and one Catalogue for the pages.

Departments stream through; what is kept of each file is a Summary, its problems and its answered findings.
"""

from __future__ import annotations

from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from builder import decode, tree
from builder.catalogue import catalogue, share
from builder.check import USUAL
from builder.checking import NOTHING, Checking, before, checked, spool
from builder.errors import BuilderError
from builder.frozen import frozen
from builder.gathering import Gathering
from builder.problem import Problem, Severity
from builder.report import Outcome
from builder.rules import subject
from builder.source import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from builder.catalogue import Catalogue, Summary
    from builder.checking import Before, Kept, Read
    from builder.history import History, Told
    from builder.means import Means
    from builder.model import ProjectId
    from builder.problem import Waived
    from builder.rules import Settings, Subject
    from builder.schema import Schemas
    from builder.source import Json
    from builder.store import Stored


@frozen(eq=False)
class Collection:
    """全部数据: what was checked under ``base``. Each is equal to itself only.

    ``waived`` holds the answered findings by file name. ``history`` is what git knows, where it was asked;
    ``told`` what was read of it for a part of the data. ``spool``: where projects are kept as they were read,
    by file name.
    """

    base: Path
    schemas: Schemas
    outcome: Outcome
    catalogue: Catalogue
    waived: Mapping[str, tuple[Waived, ...]]
    history: History | None = None
    told: Told | None = None
    spool: Mapping[str, Stored] = field(default_factory=dict)

    def part(self) -> Collection:
        """The same without what grows with the data, for work on a few projects that are named to it."""
        nothing = Outcome(problems=(), waived=(), files=0, projects=0, indicators=0)
        return replace(self, outcome=nothing, catalogue=catalogue((), ()), waived={}, history=None, spool={})


def collect(
    paths: Iterable[Path],
    schemas: Schemas,
    *,
    base: Path = tree.HERE,
    settings: Settings = USUAL,
    progress: Callable[[int], None] | None = None,
    means: Means | None = None,
) -> Collection:
    """Read and check every file under ``paths``; ``progress`` is told the number of files done.

    ``means``: by whom, and what of it is kept; else it is done here, and all is kept. From its memory, which
    an earlier call with the same schemas and settings has filled, departments are taken whose files are as
    they were.

    Raises:
        BuilderError: a path does not exist.
    """
    kept: list[Kept] = []
    most = means.most if means else None
    gathering = Gathering(most)
    spooled: dict[str, Stored] = {}
    for found in checked(paths, Checking(base, schemas, settings, most), means):
        kept += found.kept
        if means and means.memory is None:  # other processes may have made it
            for item in found.kept:
                if item.summary:
                    share(item.summary)
        gathering.add(found.problems.problems, found.problems.more.items())
        spooled.update(spool(found))
        if progress:
            progress(len(kept))
    gathering.add(_collisions(kept))
    gathered = gathering.result()
    summaries = tuple(item.summary for item in kept if item.summary)
    outcome = Outcome(
        problems=gathered.problems,
        waived=tuple(sorted(answer for item in kept for answer in item.waived)),
        files=len(kept),
        projects=len(summaries),
        indicators=sum(item.indicators for item in summaries),
        more=gathered.more,
    )
    departments = ((item.id, item.file, item.department) for item in kept if item.department and item.id)
    waived = {item.file: answers for item, answers in _published_answers(kept)}
    gaps = {(item.id.year, item.id.department) for item in kept if item.withheld is not None and item.id}
    published = catalogue(summaries, departments, renumber=gaps)
    return Collection(base, schemas, outcome, published, waived, spool=spooled)


def _collisions(kept: Iterable[Kept]) -> Iterator[Problem]:
    """P06: a former place at which a project of the same year or later stands, or that two claim."""
    kept = tuple(kept)
    live = {item.id: item.file for item in kept if item.summary}
    claimed: dict[ProjectId, str] = {}
    for item in kept:
        for place, former in item.former:
            now = live.get(former)
            if now and (former == item.id or item.id is None or former.year >= item.id.year):
                what = "就是这个文件现在的路径" if former == item.id else f"现在是“{now}”的路径"
                hint = "请删去这一条，或改成这个项目原来的路径。"
            elif claimed.setdefault(former, item.file) != item.file:
                what = f"在“{claimed[former]}”里也写了"
                hint = "一个旧路径只能转到一个项目：请核对它原来是哪一个。"
            else:
                continue
            text = f"{former.year}/{former.department}/{former.stem}"
            message = f"曾用路径“{text}”{what}"
            yield Problem(item.file, place.line, place.column, "P06", Severity.ERROR, message, hint)


def _published_answers(kept: Iterable[Kept]) -> Iterator[tuple[Kept, tuple[Waived, ...]]]:
    """The answered findings of what is published; none that quotes the name of a withheld project."""
    kept = tuple(kept)
    secrets = {item.withheld for item in kept if item.withheld is not None}
    quotes = {f"“{name}”" for name in secrets if name}
    for item in kept:
        answers = tuple(
            answer for answer in item.waived if not any(name in answer.problem.message for name in quotes)
        )
        if answers and item.withheld is None:
            yield item, answers


def load(item: Summary, collection: Collection) -> Subject:
    """The whole project behind a Summary, read again, with its form and its values as understood.

    Raises:
        BuilderError: the file has changed since it was checked.
    """
    return load_with_data(item, collection)[0]


def load_with_data(item: Summary, collection: Collection) -> tuple[Subject, dict[str, Json]]:
    """The whole project behind a Summary, and the plain data of its file, numbered as it is published.

    Raises:
        BuilderError: the file has changed since it was checked.
    """
    project, values, read = _before(item, collection).read or _read_again(item, collection)
    schemas, data = collection.schemas, {**read}
    if decode.NUMBER in data:
        data[decode.NUMBER] = item.number
    if project.number != item.number:
        project = replace(project, number=item.number)
    form = schemas.forms[project.form]
    return subject(project, form, schemas.words, schemas.terms, item.id, values), data


def made_before(item: Summary, collection: Collection) -> object:
    """What was made of a project when it was checked (``Means.makes``), if by its number as published."""
    kept = _before(item, collection)
    return kept.made if kept.number == item.number else None


def _before(item: Summary, collection: Collection) -> Before:
    stored = collection.spool.get(item.file)
    return before(item.file, stored) if stored else NOTHING


def _read_again(item: Summary, collection: Collection) -> Read:
    path = Path(item.file)
    file = tree.read_file(path, base=collection.base, inside=path.parent)
    if file.raw is None or tree.digest(file.raw) != item.digest:
        raise BuilderError(f"“{item.file}”在检查之后又被改动了：请重新运行。")
    document, _ = parse(file.raw, file.name)
    form = collection.schemas.forms.get(decode.form_id(document.data) or "") if document else None
    if document is None or form is None:
        raise BuilderError(f"“{item.file}”读不出来了：请重新运行。")
    return decode.project(document.data, form), None, document.data
