from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builder.comparison import Data, compare
from builder.diff import Kind
from builder.diff_report import words
from builder.rules import Settings
from tests.records import SCHEMAS
from tests.story import STEPS, tell

if TYPE_CHECKING:
    from builder.comparison import Comparison


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Where the story lies, and its commits."""
    folder = tmp_path_factory.mktemp("story")
    return folder, tell(folder)


def _compared(folder: Path, old: str | None, new: str | None = None, *, every: bool = False) -> Comparison:
    return compare(Data(folder, Path("targets"), SCHEMAS, Settings()), old, new, every=every)


def _said(comparison: Comparison) -> list[tuple[str, str]]:
    """Kind and words; of a problem its code, for its words are the rule's own."""
    return [
        (str(change.kind), change.problem.code if change.problem else words.message(change))
        for change in comparison.changes
    ]


@pytest.mark.parametrize("number", range(1, len(STEPS)), ids=[step.message for step in STEPS[1:]])
def test_each_commit_says_what_it_does_to_the_targets_and_nothing_else(
    told: tuple[Path, list[str]], number: int
) -> None:
    folder, commits = told
    step = STEPS[number]
    assert _said(_compared(folder, f"{commits[number]}^1", commits[number])) == list(step.expected)


def test_the_story_is_long_and_knows_every_kind() -> None:
    assert len(STEPS) >= 40
    assert {kind for step in STEPS for kind, _ in step.expected} == {*Kind}


def test_from_first_to_last_only_what_remains_is_told(told: tuple[Path, list[str]]) -> None:
    folder, commits = told
    kinds = {str(change.kind) for change in _compared(folder, commits[0], commits[-1]).changes}
    assert {"target-weaker", "project-added", "project-renamed"} < kinds
    assert not kinds & {"made-qualitative", "deadline-later", "goal-removed"}
    assert _said(_compared(folder, commits[-1], commits[-1])) == []
