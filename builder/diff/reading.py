"""Files of one revision, as the check sees them, to Versions that can be compared. Nothing is raised."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from builder import decode
from builder.check import Checked, examine, judge
from builder.decode import at
from builder.diff.records import Version
from builder.problem import Place
from builder.rules import CROSS_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from builder.check import Examined
    from builder.problem import Problem
    from builder.rules import Settings
    from builder.schema import Schemas
    from builder.source import Json
    from builder.tree import SourceFile

UNUSED = "W01"
"""The code of a waiver that answers nothing."""


def read(file: SourceFile, schemas: Schemas, settings: Settings) -> Version:
    """One file by itself. That a waiver of a rule across files goes unused says nothing there."""
    examined = examine(file, schemas)
    (checked,) = judge((examined,), settings)
    found = version(examined, checked)
    across = {rule.code for rule in CROSS_RULES}
    waivers = [waiver for waiver in found.waivers if waiver.rule in across]
    if examined.document is None or not waivers:
        return found
    idle = {examined.document.place(at(waiver, "rule")) for waiver in waivers}
    problems = (
        one for one in found.problems if one.code != UNUSED or Place(one.line, one.column) not in idle
    )
    return replace(found, problems=tuple(problems))


def read_text(file: SourceFile, schemas: Schemas) -> Version:
    """One file without what rules say of it: what an old version says, whatever is asked of it today."""
    examined = examine(file, schemas)
    return version(examined, Checked(file, problems=tuple(sorted(examined.found))))


def read_department(examined: Sequence[Examined], settings: Settings) -> tuple[Version, ...]:
    """All files of one department, with what rules across files find."""
    return tuple(map(version, examined, judge(examined, settings)))


def version(examined: Examined, checked: Checked) -> Version:
    """What a comparison needs of one checked file."""
    is_department = examined.department is not None and examined.document is not None
    return Version(
        file=examined.file.name,
        id=examined.file.id,
        subject=examined.subject,
        department=examined.department,
        facts=_facts(examined.document.data) if is_department and examined.document else {},
        problems=checked.problems,
        waived=tuple(item.problem for item in checked.waived),
        wrong=frozenset(str(path[0]) for path in examined.wrong if path),
        about=_about(examined, checked.problems) if checked.problems else {},
    )


def _about(examined: Examined, problems: Iterable[Problem]) -> dict[Problem, str]:
    """The indicator at the place of each problem, or the top key there."""
    document = examined.document
    if document is None:
        return {}
    places = {place: path for paths in (document.keys, document.values) for path, place in paths.items()}
    rows = examined.subject.rows if examined.subject else ()
    names = {row.indicator.path: row.indicator.name for row in rows}
    about = {}
    for problem in problems:
        if path := places.get(Place(problem.line, problem.column)):
            row = next((names[path[:end]] for end in range(len(path), 0, -1) if path[:end] in names), None)
            about[problem] = row or str(path[0])
    return about


def _facts(data: dict[str, Json]) -> dict[str, str]:
    """The plain texts of a 部门.yml; what holds more, as 豁免 does, is compared elsewhere."""
    plain = {key: value for key, value in data.items() if key != decode.WAIVERS}
    return {key: "" if value is None else str(value) for key, value in plain.items()}
