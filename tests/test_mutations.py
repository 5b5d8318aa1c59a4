"""A clerk's slips, one at a time, in the real files with their waivers: caught at the line, by the code."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from builder.check import examine, judge
from builder.model import ProjectId
from builder.tree import SourceFile
from tests.mutations import FILES, mutations
from tests.records import ROOT, SCHEMAS

if TYPE_CHECKING:
    from tests.mutations import Mutation

DEPARTMENT = (ROOT / "targets/2024/067001/部门.yml").read_bytes()


def _file(stem: str, text: str) -> SourceFile:
    return SourceFile(f"2024/067001/{stem}.yml", text.encode(), ProjectId(2024, "067001", stem))


SOUND = {stem: examine(_file(stem, text), SCHEMAS) for stem, text in FILES.items()}
BESIDE = examine(SourceFile("2024/067001/部门.yml", DEPARTMENT, ProjectId(2024, "067001", "部门")), SCHEMAS)


def _found(mutation: Mutation) -> set[tuple[int, str]]:
    """Lines and codes of every problem in the mutated file, judged among the other five and 部门.yml."""
    changed = examine(_file(mutation.stem, mutation.text), SCHEMAS)
    group = [changed if stem == mutation.stem else one for stem, one in SOUND.items()]
    checked = judge([*group, BESIDE])
    mine = next(one for one in checked if one.file.name.endswith(f"/{mutation.stem}.yml"))
    return {(problem.line, problem.code) for problem in mine.problems}


def test_the_real_files_have_no_error_or_warning_to_hide_behind() -> None:
    problems = [problem for one in judge([*SOUND.values(), BESIDE]) for problem in one.problems]
    assert [problem for problem in problems if problem.severity != "info"] == []


def test_every_single_defect_is_caught_at_its_line_by_its_code() -> None:
    every = list(mutations())
    missed = Counter[str]()
    shown = []
    for mutation in every:
        found = _found(mutation)
        if (mutation.line, mutation.code) not in found:
            missed[mutation.kind] += 1
            shown.append((mutation.kind, mutation.stem, mutation.line, mutation.code, sorted(found)[:6]))
    assert len(every) >= 300
    assert len({mutation.kind for mutation in every}) >= 40
    assert not missed, f"{missed}\n" + "\n".join(map(str, shown[:20]))
