"""The check of many departments: what a running program remembers of it, and what is kept of problems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import move, rmtree
from typing import TYPE_CHECKING

import pytest

from builder import mkdocs_plugin, report, schema, site
from builder.collection import collect, load, made_before
from builder.gathering import Gathering
from builder.means import Means, Memory, modest
from builder.problem import Problem, Severity
from builder.rules import rule
from builder.store import passing
from builder.workers import Here
from tests import county
from tests.records import VALID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from builder.catalogue import Summary
    from builder.collection import Collection

SCHEMAS = schema.load(schema.default_folder())
DEPARTMENT = Path("targets", "2024", "999001")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Path, Means]]:
    """A folder with two departments, looked at twice: from now on only what was edited is looked at."""
    for code in ("999001", "999002"):
        for stem in ("甲", "乙"):
            _write(tmp_path / "targets" / "2024" / code / f"{stem}.yml", code, stem)
    with modest(Memory()) as means:
        _look(tmp_path, means)
        _look(tmp_path, means)
        yield tmp_path, means


def _write(path: Path, code: str, stem: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = VALID.replace("999001", code).replace("示例项目", f"示例项目{stem}")
    path.write_text(text, encoding="utf-8")


def _look(base: Path, means: Means, *edited: Path) -> Collection:
    if means.memory:
        means.memory.note(frozenset(edited))
    return collect([Path("targets")], SCHEMAS, base=base, means=means)


def _names(collection: Collection) -> dict[str, str]:
    return {
        project.file: project.name
        for year in collection.catalogue.years
        for department in year.departments
        for project in department.projects
    }


def _rename(folder: Path) -> Path:
    path = folder / "甲.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("示例项目甲", "示例改名"), encoding="utf-8")
    return path


def _add(folder: Path) -> Path:
    _write(folder / "丙.yml", "999001", "丙")
    return folder / "丙.yml"


def _remove(folder: Path) -> Path:
    (folder / "甲.yml").unlink()
    return folder / "甲.yml"


def _remove_all(folder: Path) -> Path:
    rmtree(folder)
    return folder


def _move_in(folder: Path) -> Path:
    """A whole department comes from elsewhere, of which a watcher tells the folder only."""
    _write(folder.parents[2] / "elsewhere" / "999003" / "丁.yml", "999003", "丁")
    move(folder.parents[2] / "elsewhere" / "999003", folder.parent)
    return folder.parent / "999003"


def _leave_a_swap_file(folder: Path) -> Path:
    _rename(folder)
    (folder / ".甲.yml.swp").write_bytes(b"\0")
    return folder / "甲.yml"


CHANGES = (_rename, _add, _remove, _remove_all, _move_in, _leave_a_swap_file)


@pytest.mark.parametrize("change", CHANGES)
def test_after_an_edit_the_data_is_as_if_all_had_been_looked_at(
    watched: tuple[Path, Means], change: Callable[[Path], Path]
) -> None:
    """Whatever was edited, added, removed or moved, with what an editor leaves beside it."""
    base, means = watched
    edited = change(base / DEPARTMENT)
    beside = base / DEPARTMENT / "4913"
    found = _look(base, means, edited, beside, *(base / DEPARTMENT).glob(".*"))
    assert _names(found) == _names(collect([Path("targets")], SCHEMAS, base=base))


def test_a_file_that_nobody_said_was_edited_is_not_looked_at_again(watched: tuple[Path, Means]) -> None:
    """That is what makes a preview fast: neither folders nor the other files are asked for."""
    base, means = watched
    _rename(base / "targets" / "2024" / "999002")
    edited = _rename(base / DEPARTMENT)
    assert sorted(_names(_look(base, means, edited)).values()) == [
        "示例改名",
        "示例项目乙",
        "示例项目乙",
        "示例项目甲",
    ]


def test_what_was_edited_while_a_look_failed_is_looked_at_the_next_time(watched: tuple[Path, Means]) -> None:
    """A folder of data that was away for a moment loses no edit."""
    base, means = watched
    edited = _rename(base / DEPARTMENT)
    (base / "targets").rename(base / "away")
    with pytest.raises(Exception, match="找不到"):
        _look(base, means, edited, base / "targets")
    (base / "away").rename(base / "targets")
    assert "示例改名" in _names(_look(base, means, base / "targets")).values()


def _problem(number: int, code: str = "N01", severity: Severity = Severity.WARNING) -> Problem:
    return Problem(f"{number:04}.yml", 1, 1, code, severity, "示例")


def test_of_many_problems_of_a_kind_the_first_are_kept_and_the_rest_counted() -> None:
    """Each severity and code by itself, and numbers that come from elsewhere are added."""
    gathering = Gathering(2)
    gathering.add(_problem(number) for number in (1, 2, 3))
    gathering.add([_problem(0, "X01", Severity.ERROR)], [((Severity.WARNING, "N01"), 4)])
    gathered = gathering.result()
    assert [(one.file, one.code) for one in gathered.problems] == [
        ("0000.yml", "X01"),
        ("0001.yml", "N01"),
        ("0002.yml", "N01"),
    ]
    assert gathered.more == {(Severity.WARNING, "N01"): 5}


def test_problems_that_were_only_counted_count_and_stop_a_strict_build() -> None:
    """Neither the numbers nor the verdict depend on what was kept."""
    problems = [_problem(number) for number in range(9)]
    few, all_of_them = Gathering(4), Gathering()
    few.add(problems)
    all_of_them.add(problems)
    kept, whole = (_outcome(one) for one in (few, all_of_them))
    assert kept.count(Severity.WARNING) == whole.count(Severity.WARNING) == 9
    assert kept.failed(strict=True)
    assert report.summary(kept) == report.summary(whole)
    assert "    ……另有 5 处，用 jixiao check 可以看到全部" in [*report.as_text(kept, lambda _: ())]
    assert not any("另有" in line for line in report.as_text(whole, lambda _: ()))


def _outcome(gathering: Gathering) -> report.Outcome:
    gathered = gathering.result()
    return report.Outcome(gathered.problems, (), 9, 9, 9, more=gathered.more)


def test_a_project_is_kept_with_its_values_and_read_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path / DEPARTMENT / "甲.yml", "999001", "甲")
    with modest() as means:
        collection = collect([Path("targets")], SCHEMAS, base=tmp_path, means=means)
        (item,) = collection.catalogue.years[0].departments[0].projects
        read = load(item, replace(collection, spool={}))
        monkeypatch.delattr(rule, "parse")
        kept = load(item, collection)
    assert repr(kept.rows) == repr(read.rows)
    assert (kept.project, kept.rows, kept.texts, kept.id) == (read.project, read.rows, read.texts, read.id)
    assert any(row.value and row.value.number for row in kept.rows)


def test_pages_made_while_checking_are_those_made_of_the_text_read_again(tmp_path: Path) -> None:
    """A withheld project leaves a gap, so that the others of its department get other numbers."""
    folder = county.make(tmp_path / "work")
    withheld = county.record("丙", number=1).replace("序号: 1", '序号: 1\n公开: "否"')
    county.write(folder, "2024/999001/丙.yml", withheld)
    county.write(folder, "2024/999001/甲.yml", county.record("甲", number=2))
    county.write(folder, "2024/999001/乙.yml", county.record("乙", number=3))
    built: list[dict[str, bytes]] = []
    items: list[Summary] = []
    for makes in (site.body, None):
        with passing() as parts:
            means = Means(Here(), parts, makes=makes)
            prepared = mkdocs_plugin.prepare(folder / "mkdocs.yml", means=means)
            years = prepared.collection.catalogue.years
            items = [item for year in years for which in year.departments for item in which.projects]
            made = {type(made_before(item, prepared.collection)) for item in items}
            assert made == ({site.Body, type(None)} if makes else {type(None)})
            target = tmp_path / f"site-{len(built)}"
            prepared.build(target, only_pages=True, means=means)
            built.append(county.files(target))
    assert built[0] == built[1]
    assert sum(name.endswith("index.html") for name in built[0]) > len(items)
    # MkDocs' list of pages would name the frames, and say when it was made.
    assert not any(name.startswith("sitemap") for name in built[0])
