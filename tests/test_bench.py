from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from bench import generate, pagefind, results
from bench.measure import Contender, race
from bench.questions import Text, fold, questions, texts, truth
from bench.server import serving
from builder import schema
from builder.collection import collect
from builder.problem import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page


def _collection(folder: Path, *, lasting: bool = True) -> dict[str, str]:
    generate.write(folder, seed=3, years=(2024, 2025), departments=2, projects=10, lasting=lasting)
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.yml")
    }


def test_the_same_seed_makes_the_same_collection_and_it_has_no_errors(tmp_path: Path) -> None:
    assert _collection(tmp_path / "one") == _collection(tmp_path / "two")
    schemas = schema.load(schema.default_folder())
    outcome = collect([tmp_path / "one"], schemas, base=tmp_path).outcome
    assert outcome.projects == 20
    assert not [problem for problem in outcome.problems if problem.severity is Severity.ERROR]


def test_projects_go_on_in_the_next_year_unless_that_is_not_wanted(tmp_path: Path) -> None:
    def shared(files: dict[str, str]) -> int:
        stems = {name.partition("/")[2] for name in files if name.startswith("2024") and "部门" not in name}
        return sum(f"2025/{stem}" in files for stem in stems)

    assert shared(_collection(tmp_path / "lasting")) == 10
    assert shared(_collection(tmp_path / "new", lasting=False)) == 0


def test_a_run_is_measured_with_what_it_wrote_and_a_failing_program_is_left_out(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = "import pathlib, sys; data = bytearray(60_000_000); pathlib.Path('out/a').write_bytes(data[:5])"
    held = f"import time; {code}; time.sleep(0.4)"
    (tmp_path / "out").mkdir()
    good = Contender("good", [sys.executable, "-c", held], tmp_path, output=tmp_path / "out")
    bad = Contender("bad", [sys.executable, "-c", "raise SystemExit('没有 /opt/some/where/Hugo')"], tmp_path)
    race([good, bad], rounds=2)
    assert len(good.runs) == 2
    assert (good.runs[0].size, good.runs[0].files) == (5, 1)
    assert good.fastest >= 0.4
    assert good.megabytes > 50
    assert (bad.runs, bad.failure) == ([], "退出码 1：没有 Hugo")
    assert "bad 没有跑成" in capfd.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_processes_that_a_program_does_not_wait_for_count_too(tmp_path: Path) -> None:
    busy = "import time; t = time.process_time() + 0.5\nwhile time.process_time() < t: pass"
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {busy!r}])"
    one = Contender("example", [sys.executable, "-c", code], tmp_path)
    race([one], rounds=1)
    assert one.cpu >= 0.5
    assert one.fastest < one.cpu


def test_a_table_takes_the_place_of_its_predecessor_and_the_text_around_it_stays(tmp_path: Path) -> None:
    file, document = tmp_path / "results.json", tmp_path / "page.md"
    document.write_text(f"# 快慢\n\n{results.BEGIN}\n旧\n{results.END}\n\n说明\n", encoding="utf-8")
    for kind, size, figure in (("search", 1000, "1"), ("pages", 1000, "2"), ("search", 1000, "3")):
        part = results.Part(kind, size, ("程序", "秒"), (("甲", figure),), ("注",))
        results.keep(part, file=file, document=document)
    text = document.read_text(encoding="utf-8")
    assert text.startswith("# 快慢\n\n<!-- bench: begin -->\n\n### 只写页面：1,000 个项目\n\n| 程序 | 秒 |\n")
    assert text.endswith("<!-- bench: end -->\n\n说明\n")
    assert "旧" not in text
    assert [line for line in text.splitlines() if line.startswith("| 甲")] == ["| 甲 | 2 |", "| 甲 | 3 |"]
    assert len(results.load(file)) == 2


def test_questions_are_of_every_kind_and_truth_is_a_plain_scan(tmp_path: Path) -> None:
    _collection(tmp_path)
    records = texts(tmp_path)
    asked = questions(records)
    assert len(asked) == 64
    assert asked == questions(records)
    assert all(truth(question, records) for question in asked[:7])
    assert not truth(asked[-1], records)
    two = [Text("a/", (fold("Ａ 产出≥98%"), "甲")), Text("b/", ("产出", "≥98%"))]
    assert truth("产出≥98", two) == {"a/"}
    assert truth("产出 98%", two) == {"a/", "b/"}


def test_pagefind_is_asked_for_pairs_side_by_side_and_for_one_character_as_it_is() -> None:
    assert pagefind.encoded("甲") == "x7532"
    assert pagefind.encoded("甲≥9") == "x7532x2265 x2265x39"


def test_the_server_counts_what_it_sends(tmp_path: Path, page: Page) -> None:
    (tmp_path / "index.html").write_text("<title>t</title>" + "x" * 5000, encoding="utf-8")
    with serving(tmp_path) as served:
        page.goto(f"{served.address}index.html")
        own = served.of("/index.html")
    assert len(own) == 1
    assert 5000 < own[0].size < 5500
