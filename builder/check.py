"""The whole check: shape, meaning, waivers, and the place of everything found.

A file is examined by itself, then a department's files are judged together. Bytes in, Checked out; nothing is
read or printed. Shape faults and rule findings end as Problems alike.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from builder import decode, rules, waivers
from builder.frozen import frozen
from builder.problem import Finding, Problem, Severity, Waived
from builder.rules import Group, Settings, subject
from builder.schema import validate
from builder.source import parse
from builder.yaml_faults import READER_CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from builder.gathering import Kind
    from builder.model import Department, Project, Waiver
    from builder.problem import Path
    from builder.rules import Subject
    from builder.schema import Schemas
    from builder.source import Document, Json
    from builder.tree import SourceFile

PATH_CODES = {"P00": "文件的位置与内容不一致", "P06": "曾用路径与别的页面冲突"}
"""Code → title of what the check itself finds, beside reader, schema, rules and waivers."""

HISTORY_CODES = {"H01": "公开以后改了目标，没有调整记录", "H02": "调整记录的日期没有对应的改动"}
"""Code → title of what only git's history shows; warnings."""

USUAL = Settings()
"""Every rule as it comes."""


@frozen()
class Checked:
    """One file, checked. ``project`` or ``department`` is there when the file may be published.

    ``more``: how many problems of a kind there are besides, whose places were not wanted.
    """

    file: SourceFile
    project: Project | None = None
    department: Department | None = None
    problems: tuple[Problem, ...] = ()
    waived: tuple[Waived, ...] = ()
    more: tuple[tuple[Kind, int], ...] = ()


@frozen()
class Examined:
    """One file, looked at by itself: what was found in its text and shape, and what rules can look at.

    ``wrong`` are the paths whose shape is wrong: what rules say there would only repeat it.
    """

    file: SourceFile
    document: Document | None = None
    found: tuple[Problem, ...] = ()
    subject: Subject | None = None
    department: Department | None = None
    wrong: frozenset[Path] = frozenset()


def check(file: SourceFile, schemas: Schemas, settings: Settings = USUAL) -> Checked:
    """Everything that can be said of one file by itself."""
    (checked,) = judge((examine(file, schemas),), settings)
    return checked


def examine(file: SourceFile, schemas: Schemas) -> Examined:
    """The text and shape of one file, and what it says as far as its shape is right."""
    if file.raw is None:
        return Examined(file, found=file.problems)
    document, problems = parse(file.raw, file.name)
    if document is None:
        return Examined(file, found=problems)
    if file.is_department:
        found = {*problems, *_located(validate(document.data, schemas, "department"), document)}
        department = None if found else decode.department(document.data)
        return Examined(file, document, tuple(found), department=department)
    return _examine_project(file, document, problems, schemas)


def _examine_project(
    file: SourceFile, document: Document, problems: tuple[Problem, ...], schemas: Schemas
) -> Examined:
    shape = tuple(validate(document.data, schemas, "project"))
    found = {*problems, *_located(shape, document), *_located(_misplaced(file, document.data), document)}
    form = schemas.forms.get(decode.form_id(document.data) or "")
    if form is None:
        return Examined(file, document, tuple(found))
    # A missing key is reported at its parent, which is not itself wrong.
    wrong = frozenset(finding.path for finding in shape if finding.code != "S02")
    project = decode.project(document.data, form, wrong=wrong)
    looked_at = subject(project, form, schemas.words, schemas.terms, file.id)
    return Examined(file, document, tuple(found), looked_at, wrong=wrong)


def judge(
    examined: Sequence[Examined], settings: Settings = USUAL, most: int | None = None
) -> tuple[Checked, ...]:
    """The files of one department, checked by every rule, those across files too; in the order given.

    ``most``: when so many problems of a kind are found, those of the files that follow are only counted.
    """
    findings = [list(rules.run(one.subject, settings)) if one.subject is not None else [] for one in examined]
    for target, finding in rules.run_across(_group(examined), settings):
        for one, of_file in zip(examined, findings, strict=True):
            if target is one.subject or (one.department is not None and _year(one) == target):
                of_file.append(finding)
    checked = []
    known: Counter[Kind] = Counter()
    enough: frozenset[Kind] = frozenset()
    for one, found in zip(examined, findings, strict=True):
        checked.append(_judged(one, found, settings, enough))
        if most is not None:
            known.update((problem.severity, problem.code) for problem in checked[-1].problems)
            enough = frozenset(kind for kind, number in known.items() if number >= most)
    return tuple(checked)


def _group(examined: Sequence[Examined]) -> Group:
    subjects = sorted(
        (one.subject for one in examined if one.subject is not None),
        key=lambda item: (item.project.year, item.project.number or 0),
    )
    departments = {_year(one): one.department for one in examined if one.department is not None}
    return Group(tuple(subjects), departments)


def _year(one: Examined) -> int:
    return one.file.id.year if one.file.id else 0


def _judged(
    one: Examined, findings: Iterable[Finding], settings: Settings, enough: frozenset[Kind]
) -> Checked:
    if one.document is None:
        return Checked(one.file, problems=tuple(sorted(one.found)))
    project = one.subject.project if one.subject else None
    declared: tuple[Waiver, ...] = ()
    if project is not None:
        declared = project.waivers
    elif one.department is not None:
        declared = one.department.waivers
    findings = (finding for finding in findings if finding.path not in one.wrong)
    standing, answered = waivers.apply(findings, declared, project.indicators if project else ())
    # Where the text itself is at fault, the reader went on with a stand-in that no rule should judge.
    unread = {problem.line for problem in one.found if problem.code in READER_CODES}
    more: tuple[tuple[Kind, int], ...] = ()
    if enough and not unread:
        standing, more = _counted(standing, settings, enough)
    located = _located(standing, one.document, settings)
    problems = {*one.found, *(problem for problem in located if problem.line not in unread)}
    waived = (
        Waived(problem, waiver.reason)
        for finding, waiver in answered
        for problem in _located((finding,), one.document, settings)
    )
    severities = (*(problem.severity for problem in problems), *(severity for (severity, _), _ in more))
    fit = Severity.ERROR not in severities
    return Checked(
        one.file,
        project if fit else None,
        one.department if fit else None,
        tuple(sorted(problems)),
        tuple(sorted(waived)),
        more,
    )


def _counted(
    findings: Iterable[Finding], settings: Settings, enough: frozenset[Kind]
) -> tuple[tuple[Finding, ...], tuple[tuple[Kind, int], ...]]:
    """The findings whose places are wanted, and how many there are of each kind of which there are enough.

    Two with one message may turn out to be the same problem, so their places are wanted.
    """
    wanted: list[Finding] = []
    others: dict[Kind, list[Finding]] = {}
    for finding in findings:
        kind = severity_of(finding.code, settings), finding.code
        (others.setdefault(kind, []) if kind in enough else wanted).append(finding)
    more = []
    for kind, some in others.items():
        if len(some) > 1 and len({finding.message for finding in some}) < len(some):
            wanted += some
        else:
            more.append((kind, len(some)))
    return tuple(wanted), tuple(more)


def _misplaced(file: SourceFile, data: dict[str, Json]) -> Iterator[Finding]:
    """P00: the folders say the same year and department as the file. Silent where a path says nothing."""
    if file.id is None:
        return
    year, code = data.get(decode.YEAR), data.get(decode.DEPARTMENT_CODE)
    if isinstance(year, int) and year != file.id.year:
        hint = f"请把文件移到“{year}”文件夹，或把年度改成 {file.id.year}。"
        yield Finding("P00", (decode.YEAR,), f"年度是 {year}，文件却在“{file.id.year}”文件夹里", hint)
    if isinstance(code, str) and code != file.id.department:
        hint = f"请把文件移到“{code}”文件夹，或改正部门代码。"
        message = f"部门代码是“{code}”，文件却在“{file.id.department}”文件夹里"
        yield Finding("P00", (decode.DEPARTMENT_CODE,), message, hint)


def _located(
    findings: Iterable[Finding], document: Document, settings: Settings = USUAL
) -> Iterator[Problem]:
    for finding in findings:
        place = document.place(finding.path, on_key=finding.on_key)
        yield Problem(
            document.file,
            place.line,
            place.column,
            finding.code,
            severity_of(finding.code, settings),
            finding.message,
            finding.hint,
            finding.path,
        )


def severity_of(code: str, settings: Settings = USUAL) -> Severity:
    """The severity of a code; shape and path faults are errors."""
    if rule := rules.BY_CODE.get(code):
        return settings.severity(rule) or rule.severity
    if code in waivers.WAIVER_CODES:
        return waivers.WAIVER_CODES[code][1]
    return Severity.WARNING if code in HISTORY_CODES else Severity.ERROR
