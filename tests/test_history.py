from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from builder import adjusted, workers
from builder.collection import collect
from builder.diff_report import words
from builder.gitref import revision
from builder.history import History, Sort
from builder.history import read as reader
from builder.history.sort import is_slip, reasons
from builder.means import Means
from builder.store import Store
from tests import command, story
from tests.changes import edited
from tests.conftest import jixiao
from tests.records import SCHEMAS, VALID
from tests.test_gitref import git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from builder.history import Record

ONE = "targets/2024/999001/示例.yml"
LOWER = ("群众满意度\n        指标值: ≥98%", "群众满意度\n        指标值: ≥95%")
RAISED = ("≥980 项", "≥990 项")
TYPO = ("培训率", "参与培训率")
ATOM = {"a": "http://www.w3.org/2005/Atom"}
DECLARED = '调整记录:\n  - 日期: "{}"\n    批复文号: 示例财发〔2024〕30 号\n    原因: 年中追加预算\n'


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def commit(folder: Path, message: str, date: str, **texts: str | None) -> None:
    """Write, or with ``None`` remove, files of one department and commit."""
    for stem, text in texts.items():
        path = folder / "targets/2024/999001" / f"{stem}.yml"
        if text is None:
            path.unlink()
        else:
            write(folder, path.relative_to(folder).as_posix(), text)
    git(folder, "add", "-A", date=date)
    git(folder, "commit", "-q", "--allow-empty", "-m", message, date=date)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "仓库"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "公开", "2024-02-20", 示例=VALID)
    return folder


def record(folder: Path, name: str = ONE) -> Record:
    found = History(folder, "targets", SCHEMAS).record(name)
    assert found
    return found


def told(found: Record) -> list[tuple[str, str, list[str]]]:
    """Date, sort and words of every entry, oldest first."""
    return [
        (entry.date, str(entry.sort), [words.message(change) for change in entry.changes])
        for entry in reversed(found.entries)
    ]


@pytest.fixture(scope="module")
def tale(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("tale")
    return folder, story.tell(folder)


def test_a_told_history_yields_every_change_of_every_project_and_no_other(
    tale: tuple[Path, list[str]],
) -> None:
    folder, names = tale
    aside = {"problem-new", "problem-fixed", "waiver-added", "waiver-removed"}
    expected = {
        name: Counter(words_ for kind, words_ in step.expected if kind not in aside)
        for name, step in zip(names, story.STEPS, strict=True)
    }
    # The department's own file, and the coming of a project, are no change of a project.
    expected[names[1]].clear()
    expected = {
        name: Counter({text: n for text, n in found.items() if not text.startswith("部门名称")})
        for name, found in expected.items()
    }
    found: dict[str, Counter[str]] = {name: Counter() for name in names}
    for one in History(folder, "targets", SCHEMAS).records():
        for entry in one.entries:
            found[entry.commit].update(words.message(change) for change in entry.changes)
    assert found == expected


def test_a_told_history_is_sorted_into_adjustments_and_corrections(tale: tuple[Path, list[str]]) -> None:
    folder, names = tale
    sorts = {
        entry.commit: entry.sort
        for one in History(folder, "targets", SCHEMAS).records()
        for entry in one.entries
    }
    messages = {name: step.message for name, step in zip(names, story.STEPS, strict=True)}
    slight = {messages[name] for name, sort in sorts.items() if sort is Sort.CORRECTION}
    assert slight == {"指标改名", "加备注", "部门改名", "文件改名", "改部门代码"}


def test_each_entry_has_the_committers_date_and_a_project_keeps_its_past_under_a_new_name(
    tale: tuple[Path, list[str]],
) -> None:
    folder, _ = tale
    moved = record(folder, "targets/2024/999002/河道.yml")
    assert moved.begins == "2024-01-02"
    assert [entry.date for entry in moved.entries][:3] == ["2024-02-13", "2024-02-12", "2024-02-11"]
    assert not moved.is_partial
    assert not moved.is_gone


def test_what_only_changes_the_layout_is_left_out(repository: Path) -> None:
    commit(repository, "注释", "2024-03-01", 示例=f"# 说明\n{VALID}")
    commit(repository, "别的文件", "2024-03-02", 别的=VALID)
    assert told(record(repository)) == []


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("改\n\n调整原因: 示例一", ("示例一",)),
        ("改\n\n调整原因：示例一\n调整原因：示例二\n", ("示例一", "示例二")),
        ("* 改\n  - 调整原因： 示例 一 \n\nReviewed-by: a", ("示例 一",)),
        ("改\n\n调整原因：\n下一行", ()),
        ("为调整原因：补说明", ()),
    ],
)
def test_the_reason_is_the_line_of_that_name_with_either_colon(
    repository: Path, message: str, expected: tuple[str, ...]
) -> None:
    commit(repository, message, "2024-03-01", 示例=edited(LOWER))
    (entry,) = record(repository).entries
    assert (entry.reasons, entry.sort) == (expected, Sort.ADJUSTMENT)


def test_a_change_that_the_commit_calls_a_correction_is_one(repository: Path) -> None:
    commit(repository, "改\n\n更正原因：抄错一位", "2024-03-01", 示例=edited(RAISED))
    (entry,) = record(repository).entries
    assert (entry.reasons, entry.sort) == (("抄错一位",), Sort.CORRECTION)
    assert reasons(["更正原因：甲", "调整原因：乙"]) == (("甲", "乙"), False)


@pytest.mark.parametrize(
    ("before", "after", "slip"),
    [
        ("保障窗囗人员到位", "保障窗口人员到位", True),
        ("提高的的效率", "提高的效率", True),
        ("一、保障到位；方便群众", "一、保障到位，方便群众", True),
        ("投入1.5万元", "投入15万元", False),
        ("完成5项", "完成6项", False),
        ("办理不积压", "办理积压", False),
        ("事项不积压", "事项基本不积压", False),
        ("效率提高", "效率降低", False),
        ("群众较满意", "群众很满意", False),
        ("保障示例甲", "支持示例乙", False),
        ("", "示例", False),
    ],
)
def test_a_slip_of_the_pen_is_told_from_a_change_of_the_promise(
    before: str, after: str, *, slip: bool
) -> None:
    assert is_slip(before, after) is is_slip(after, before) is slip


@pytest.mark.parametrize(
    ("edits", "sort"),
    [
        ([TYPO], Sort.CORRECTION),
        ([("≥980 项", "≥ 980项")], Sort.CORRECTION),
        ([("年度资金总额: 13.00", "年度资金总额: 13.0")], Sort.CORRECTION),
        ([("示例目标一", "示列目标一")], Sort.CORRECTION),
        ([("示例目标一", "示例目标二")], Sort.ADJUSTMENT),
        ([("项目期: 1 年", "项目期: 3 年")], Sort.ADJUSTMENT),
        ([TYPO, LOWER], Sort.ADJUSTMENT),
        ([("≥980 项", "≥980 件")], Sort.ADJUSTMENT),
        ([("培训率", "未培训率")], Sort.ADJUSTMENT),
    ],
)
def test_a_commit_is_a_correction_only_if_all_of_it_is(
    repository: Path, edits: list[tuple[str, str]], sort: Sort
) -> None:
    commit(repository, "改", "2024-03-01", 示例=edited(*edits))
    (entry,) = record(repository).entries
    assert entry.sort is sort


def test_a_branch_counts_once_on_the_day_of_its_merge_with_the_reasons_of_its_commits(
    repository: Path,
) -> None:
    git(repository, "checkout", "-q", "-b", "修改")
    commit(repository, "试\n\n调整原因：示例原因", "2024-03-01", 示例=edited(("≥980 项", "≥1 项")))
    commit(repository, "再试", "2024-03-02", 示例=edited(RAISED))
    commit(repository, "别的\n\n调整原因：与它无关", "2024-03-03", 别的=VALID)
    git(repository, "checkout", "-q", "main")
    commit(repository, "同时", "2024-03-04", 第三=VALID)
    git(repository, "merge", "-q", "--no-ff", "-m", "合并", "修改", date="2024-03-09")
    found = record(repository)
    assert told(found) == [("2024-03-09", "adjustment", ["办理件数 ≥980 项 → ≥990 项：目标提高"])]
    assert found.entries[0].reasons == ("示例原因",)


def test_a_revert_is_a_change_back_and_says_to_when(repository: Path) -> None:
    commit(repository, "降低", "2024-03-01", 示例=edited(LOWER))
    git(repository, "revert", "--no-edit", "HEAD", date="2024-03-05")
    last = record(repository).entries[0]
    assert (last.date, last.restores) == ("2024-03-05", "2024-02-20")
    assert [words.message(change) for change in last.changes] == ["群众满意度 ≥95% → ≥98%：目标提高"]


def test_a_file_that_was_removed_and_came_back_goes_on(repository: Path) -> None:
    commit(repository, "删", "2024-03-01", 示例=None)
    gone = record(repository)
    assert (gone.is_gone, gone.project) == (True, "示例项目")
    commit(repository, "又来", "2024-03-02", 示例=edited(LOWER))
    assert [(date, len(found)) for date, _, found in told(record(repository))] == [
        ("2024-03-01", 1),
        ("2024-03-02", 2),
    ]


def test_a_text_that_could_not_be_read_does_not_hide_what_was_changed_with_it(repository: Path) -> None:
    broken = edited(("绩效指标:", "绩效指标"), LOWER)
    commit(repository, "写坏\n\n调整原因：示例", "2024-03-01", 示例=broken)
    commit(repository, "修好", "2024-03-02", 示例=edited(LOWER))
    (entry,) = record(repository).entries
    assert (entry.date, entry.reasons) == ("2024-03-02", ("示例",))
    assert [words.message(change) for change in entry.changes] == ["群众满意度 ≥98% → ≥95%：目标降低"]


def test_nothing_is_told_of_the_time_when_a_project_was_withheld(repository: Path) -> None:
    withheld = VALID.replace("项目期:", "公开: 否\n项目期:")
    commit(repository, "改", "2024-03-01", 示例=edited(LOWER))
    commit(repository, "收回", "2024-03-02", 示例=withheld)
    history = History(repository, "targets", SCHEMAS)
    assert history.record(ONE) is None
    assert [*history.records()] == []
    commit(repository, "又公开", "2024-03-03", 示例=edited(("≥980 项", "≥1 项")))
    assert told(record(repository)) == []
    commit(repository, "再收回", "2024-03-04", 示例=withheld)
    commit(repository, "删去", "2024-03-05", 示例=None)
    assert [*History(repository, "targets", SCHEMAS).records()] == []


def test_a_shallow_clone_says_that_its_record_is_partial(repository: Path, tmp_path: Path) -> None:
    commit(repository, "降低", "2024-03-01", 示例=edited(LOWER))
    commit(repository, "提高", "2024-03-02", 示例=edited(LOWER, RAISED))
    commit(repository, "新来", "2024-03-03", 新来=VALID)
    git(tmp_path, "clone", "-q", "--depth", "3", f"file://{repository}", "浅")
    found = record(tmp_path / "浅")
    assert (found.is_partial, found.begins) == (True, "2024-03-01")
    assert [date for date, _, _ in told(found)] == ["2024-03-02"]
    assert not record(tmp_path / "浅", "targets/2024/999001/新来.yml").is_partial


def test_without_git_nothing_is_known(tmp_path: Path) -> None:
    write(tmp_path, ONE, VALID)
    history = History(tmp_path, "targets", SCHEMAS)
    assert (history.is_known, history.record(ONE), [*history.records()]) == (False, None, [])


def test_data_below_the_top_of_a_repository_is_found(repository: Path) -> None:
    commit(repository, "降低", "2024-03-01", 示例=edited(LOWER))
    (repository / "子").mkdir()
    git(repository, "mv", "targets", "子/targets")
    git(repository, "commit", "-q", "-m", "搬", date="2024-03-02")
    write(repository, f"子/{ONE}", edited(LOWER, RAISED))
    git(repository, "commit", "-qam", "提高", date="2024-03-03")
    # Where the folder itself came from is not followed.
    assert [date for date, _, _ in told(record(repository / "子"))] == ["2024-03-03"]


def test_two_processes_and_what_they_kept_say_the_same_as_one(
    tale: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder, _ = tale
    alone = [*History(folder, "targets", SCHEMAS).records()]
    monkeypatch.setattr(workers, "LEAST", 0)
    with workers.processes(2) as pool:
        means = Means(pool, Store(tmp_path / "kept"), keeps=True)
        for _ in range(2):
            history = History(folder, "targets", SCHEMAS)
            history.prepared(history.names(), means)
            assert [*history.records()] == alone
            # The second time nothing is read any more.
            monkeypatch.setattr(reader, "_work", None)


def test_only_blobs_that_count_are_read_each_once(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        commit(repository, "新来", "2024-03-01", **{f"新来{number}": edited(("示例项目", f"示例{number}"))})
    commit(repository, "降低", "2024-03-02", 示例=edited(LOWER))
    commit(repository, "提高", "2024-03-03", 示例=edited(LOWER, RAISED))
    seen: list[str] = []
    real = revision.blobs

    def counting(folder: Path, ids: list[str], *, limit: int) -> Iterator[object]:
        seen.extend(ids)
        return real(folder, ids, limit=limit)

    monkeypatch.setattr(reader, "blobs", counting)
    assert len([*History(repository, "targets", SCHEMAS).records()]) == 6
    assert len(seen) == len(set(seen)) == 3


def _site(folder: Path, make: Callable[..., Path], *, url: str = "https://example.org/open/") -> Path:
    """The site of the data of a repository."""
    work = make()
    shutil.rmtree(work / "targets")
    shutil.copytree(folder / "targets", work / "targets")
    shutil.copytree(folder / ".git", work / ".git")
    config = work / "mkdocs.yml"
    if not url:
        text = config.read_text(encoding="utf-8")
        config.write_text(re.sub(r"(?m)^site_url:.*$", 'site_url: ""', text), encoding="utf-8")
    done = jixiao(work, "build", JIXIAO_SITE_URL=url)
    assert done.returncode == 0, done.stdout + done.stderr
    return work / "site"


def test_the_site_shows_adjustments_on_the_project_page_on_one_page_and_in_a_valid_feed(
    repository: Path, workplace: Callable[..., Path]
) -> None:
    commit(repository, "错字", "2024-03-01", 示例=edited(TYPO))
    hostile = "调整原因：<script>alert(1)</script> & \x02"
    text = edited(TYPO, LOWER) + DECLARED.format("2024-03-05")
    commit(repository, f"降低\n\n{hostile}", "2024-03-09", 示例=text)
    site = _site(repository, workplace)
    page = (site / "2024/999001/示例/index.html").read_text(encoding="utf-8")
    assert "<summary>调整记录：1 次调整，1 次更正</summary>" in page
    assert "群众满意度 ≥98% → ≥95%：目标降低" in page
    assert "原因：&lt;script&gt;alert(1)&lt;/script&gt; &amp; ·" in page
    assert "批准：2024-03-05 示例财发〔2024〕30 号：年中追加预算" in page
    changes = (site / "changes/index.html").read_text(encoding="utf-8")
    assert "目标降低" in changes
    assert "参与培训率" not in changes
    link = re.search(r'<a href="\.\./(2024/999001/[^"]*)#(h-[0-9a-f]+)"', changes)
    assert link
    assert f'id="{link[2]}"' in page
    assert 'type="application/atom+xml" title="调整记录" href="../changes.xml"' in changes
    assert 'href="changes/"' in (site / "index.html").read_text(encoding="utf-8")
    root = ET.fromstring((site / "changes.xml").read_bytes())  # noqa: S314  our own file
    assert root.findtext("a:id", "", ATOM) == "https://example.org/open/changes.xml"
    assert root.findtext("a:author/a:name", "", ATOM)
    (entry,) = root.findall("a:entry", ATOM)
    assert entry.findtext("a:updated", "", ATOM) == root.findtext("a:updated", "", ATOM)
    assert root.findtext("a:updated", "", ATOM) == "2024-03-09T12:00:00+08:00"
    assert entry.findtext("a:id", "", ATOM) == f"https://example.org/open/{link[1]}#{link[2]}"
    assert "目标降低" in entry.findtext("a:content", "", ATOM)


def test_there_is_no_feed_without_an_address_and_no_section_without_git(
    repository: Path, workplace: Callable[..., Path]
) -> None:
    shutil.rmtree(repository / ".git")
    (repository / ".git").mkdir()
    site = _site(repository, workplace, url="")
    assert not (site / "changes.xml").exists()
    assert "调整记录：" not in (site / "2024/999001/示例/index.html").read_text(encoding="utf-8")
    assert "没有取到修改历史" in (site / "changes/index.html").read_text(encoding="utf-8")


def test_the_day_of_publication_is_where_the_record_begins(repository: Path) -> None:
    commit(repository, "公开前", "2024-03-01", 示例=edited(RAISED))
    commit(repository, "当天", "2024-03-05", 示例=edited(RAISED, LOWER))
    department = '部门名称: 示例局\n公开日期: "2024-03-05"\n'
    commit(repository, "公开后", "2024-03-06", 示例=edited(LOWER), 部门=department)
    collection = adjusted.with_history(collect([Path("targets")], SCHEMAS, base=repository), "targets")
    (which,) = collection.catalogue.years[0].departments
    view = adjusted.of_project(which.projects[0], which, collection)
    assert view
    assert [row.date for row in view.rows] == ["2024-03-06", "2024-03-05"]
    (problem,) = adjusted.problems(collection)
    assert problem.message.startswith("2024-03-05 公开以后，2024-03-06 的提交 ")


def _found(folder: Path) -> list[tuple[str, int, int, str]]:
    done = command.run(folder, "check", "--history", "--format", "json")
    problems = json.loads(done.stdout)["problems"]
    return [(item["code"], item["line"], item["column"], item["severity"]) for item in problems]


def test_a_target_changed_without_a_declared_adjustment_is_found(repository: Path) -> None:
    commit(repository, "错字", "2024-03-01", 示例=edited(TYPO))
    commit(repository, "抄错\n\n更正原因：示例", "2024-03-02", 示例=edited(TYPO, RAISED))
    assert _found(repository) == []
    commit(repository, "降低", "2024-03-03", 示例=edited(TYPO, RAISED, LOWER))
    line = VALID.split("\n").index("绩效指标:") + 1
    assert _found(repository) == [("H01", line, 1, "warning")]
    assert command.run(repository, "check").stdout.count("H01") == 0


@pytest.mark.parametrize(
    ("date", "codes"), [("2024-03-03", []), ("2024-02-25", []), ("2024-03-04", ["H01", "H02"])]
)
def test_a_declared_adjustment_answers_a_change_on_its_day_or_soon_after(
    repository: Path, date: str, codes: list[str]
) -> None:
    text = edited(LOWER) + DECLARED.format(date)
    commit(repository, "降低", "2024-03-03", 示例=text)
    assert [code for code, *_ in _found(repository)] == codes


def test_a_declared_date_without_a_change_is_found_at_its_place(repository: Path) -> None:
    commit(repository, "只写记录", "2024-03-03", 示例=VALID + DECLARED.format("2024-03-01"))
    assert _found(repository) == [("H02", VALID.count("\n") + 2, 9, "warning")]
    # What was approved before git knew the file cannot be judged.
    commit(repository, "早的", "2024-03-04", 示例=VALID + DECLARED.format("2024-01-01"))
    assert _found(repository) == []


def test_history_against_git_needs_git_and_the_whole_folder(tmp_path: Path, repository: Path) -> None:
    write(tmp_path, ONE, VALID)
    assert command.run(tmp_path, "check", "--history").returncode == 2
    done = command.run(repository, "check", "--history", ONE)
    assert (done.returncode, "只写一个文件夹" in done.stderr) == (2, True)


def test_the_command_tells_one_file_a_folder_and_what_is_gone(repository: Path) -> None:
    commit(repository, "降低\n\n调整原因：示例原因", "2024-03-01", 示例=edited(LOWER), 别的=VALID)
    done = command.run(repository, "history", ONE)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"  2024-03-01 [0-9a-f]{10} 调整", lines[1])
    assert lines[2:4] == ["    ▼ 群众满意度 ≥98% → ≥95%：目标降低", "    原因：示例原因"]
    assert lines[-1] == "1 个项目：1 次调整，0 次更正。"
    found = json.loads(command.run(repository, "history", "targets/2024", "--format", "json").stdout)
    assert found["counts"] == {"projects": 2, "adjustment": 1, "correction": 0}
    assert found["projects"][0]["entries"][0]["changes"][0]["kind"] == "target-weaker"
    commit(repository, "删", "2024-03-02", 示例=None)
    assert "删去项目" in command.run(repository, "history", ONE).stdout


def test_the_command_says_in_a_sentence_why_it_cannot(repository: Path, tmp_path: Path) -> None:
    for folder, path in ((repository, "没有.yml"), (tmp_path, ONE)):
        done = command.run(folder, "history", path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("无法继续：")


FORMER = "曾用路径:\n  - 2024/999001/示例\n"


def test_a_former_path_joins_the_past_that_likeness_cannot(repository: Path) -> None:
    commit(repository, "降低", "2024-03-01", 示例=edited(LOWER))
    unlike = re.sub(r"三级指标: (.*)", r"三级指标: 全新\1事项之\1", edited(LOWER, ("示例项目", "全新名称")))
    unlike = unlike.replace("示例目标一", "另一件事").replace("指标值: ≥99%", "指标值: ≥97%")
    commit(repository, "换", "2024-03-02", 示例=None, 新名=unlike + FORMER)
    name = "targets/2024/999001/新名.yml"
    assert told(record(repository, name)) == []
    history = History(repository, "targets", SCHEMAS, {name: (ONE,)})
    found = history.record(name)
    assert found
    assert [date for date, _, _ in told(found)] == ["2024-03-01", "2024-03-02"]
    assert history.names() == (name,)


def test_an_old_address_leads_to_the_project_and_is_in_no_sitemap(workplace: Callable[..., Path]) -> None:
    folder = workplace(新名=VALID + FORMER + "  - 2023/999001/更旧\n")
    done = jixiao(folder, "build", "--strict", JIXIAO_SITE_URL="https://example.org/open/")
    assert done.returncode == 0, done.stdout + done.stderr
    page = (folder / "site/2024/999001/示例/index.html").read_text(encoding="utf-8")
    new = "2024/999001/%E6%96%B0%E5%90%8D/"
    assert f'<link rel="canonical" href="https://example.org/open/{new}">' in page
    assert f'<meta http-equiv="refresh" content="0; url=../../../{new}">' in page
    assert f'<a href="../../../{new}">示例项目</a>' in page
    assert (folder / "site/2023/999001/更旧/index.html").is_file()
    sitemap = (folder / "site/sitemap.xml").read_text(encoding="utf-8")
    assert new in sitemap
    assert "%E7%A4%BA%E4%BE%8B/" not in sitemap
    assert "2023/" not in sitemap


def test_a_former_path_where_a_project_stands_or_that_two_claim_is_found_at_its_place(tmp_path: Path) -> None:
    other = VALID.replace("示例项目", "示例项目二").replace("序号: 1", "序号: 2")
    write(tmp_path, ONE, VALID)
    write(tmp_path, "targets/2024/999001/乙.yml", other + FORMER)
    done = command.run(tmp_path, "check")
    assert (done.returncode, f"乙.yml:{len(VALID.splitlines()) + 2}:5 错误 P06" in done.stdout) == (1, True)
    write(tmp_path, ONE, VALID + "曾用路径:\n  - 2024/999001/旧\n")
    write(tmp_path, "targets/2024/999001/乙.yml", other + "曾用路径:\n  - 2024/999001/旧\n")
    done = command.run(tmp_path, "check")
    assert "曾用路径“2024/999001/旧”在“targets/2024/999001/乙.yml”里也写了" in done.stdout
    write(tmp_path, ONE, VALID + FORMER)
    assert "就是这个文件现在的路径" in command.run(tmp_path, "check").stdout


def test_a_project_under_another_code_or_name_is_compared_with_its_earlier_years(
    workplace: Callable[..., Path],
) -> None:
    folder = workplace(示例=VALID)
    later = VALID.replace("年度: 2024", "年度: 2025").replace('"999001"', '"999002"')
    write(folder, "targets/2025/999002/新名.yml", later + FORMER)
    done = jixiao(folder, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    old = (folder / "site/2024/999001/示例/index.html").read_text(encoding="utf-8")
    new = (folder / "site/2025/999002/新名/index.html").read_text(encoding="utf-8")
    assert 'http-equiv="refresh"' not in old
    for page in (old, new):
        assert "各年度对比（2024、2025）" in page
        assert "compare/999001/%E7%A4%BA%E4%BE%8B/" in page
    assert (folder / "site/compare/999001/示例/index.html").is_file()
