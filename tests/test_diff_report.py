from __future__ import annotations

import html
import json
import re
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import diff
from builder.comparison import Comparison
from builder.diff import Kind, Reason, Tier, tier
from builder.diff_report import words
from builder.diff_report.arrange import groups
from builder.diff_report.html import as_html
from builder.diff_report.markdown import LIMIT, MARKER, as_markdown, escaped
from builder.diff_report.text import as_json, as_text, summary
from tests.changes import NAME, changes, edited, version
from tests.conftest import jixiao
from tests.records import VALID
from tests.story import ONE, tell
from tests.test_gitref import git

if TYPE_CHECKING:
    from pathlib import Path

    from builder.diff import Change

WEAKER = edited(("群众满意度\n        指标值: ≥98%", "群众满意度\n        指标值: ≥95%"))


def _comparison(found: tuple[Change, ...], files: int = 1) -> Comparison:
    return Comparison("main", None, files, found, ())


def _many(number: int) -> Comparison:
    """So many projects with a target that got weaker, in ten departments; one loses money as well."""
    (change,) = changes({NAME: VALID}, {NAME: WEAKER})
    found = [
        replace(
            change,
            file=f"targets/2024/{n % 10:06}/项目{n}.yml",
            project=f"示例项目{n}",
            id=change.id._replace(department=f"{n % 10:06}") if change.id else None,
        )
        for n in range(number)
    ]
    if number > 1:
        lost = replace(found[7 % number], kind=Kind.INDICATOR_REMOVED, after=None)
        found.append(lost)
    found.sort(key=lambda one: list(Kind).index(one.kind))
    return _comparison(tuple(found), number)


def test_a_weaker_target_reads_as_the_form_would_say_it() -> None:
    (change,) = changes({NAME: VALID}, {NAME: WEAKER})
    assert words.message(change) == "群众满意度 ≥98% → ≥95%：目标降低"


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason) -> None:
    (change,) = changes({NAME: VALID}, {NAME: WEAKER})
    known = {Reason.FLOOR, Reason.CEILING, Reason.GONE, Reason.FILLED}
    kinds = (Kind.TARGET_WEAKER, Kind.TARGET_STRICTER) if reason in known else (Kind.TARGET_UNCLEAR,)
    said = [words.verdict(replace(change, kind=kind, reason=reason)) for kind in kinds]
    assert all(re.fullmatch("[\u4e00-\u9fff，（）“”]+", one) for one in said)


def test_every_kind_has_a_title_of_its_own() -> None:
    assert words.TITLES.keys() == {*Kind}
    assert len(set(words.TITLES.values())) == len(Kind)


def test_long_texts_are_cut_to_where_they_differ() -> None:
    same = "保障划转事项审批工作有序推进，" * 10
    before, after = words.focused(f"{same}甲{same}", f"{same}乙{same}")
    assert "甲" in before
    assert "乙" in after
    assert max(len(before), len(after)) < 70
    assert words.focused("甲", "乙") == ("甲", "乙")


@given(st.text(), st.text())
def test_what_differs_is_still_seen_to_differ_after_the_cut(one: str, other: str) -> None:
    before, after = words.focused(one * 5, other * 5)
    assert (before == after) == (one == other)


def test_json_has_the_promised_shape() -> None:
    document = json.loads(as_json(_comparison(changes({NAME: VALID}, {NAME: WEAKER}))))
    assert document["changes"] == [
        {
            "file": NAME,
            "project": "示例项目",
            "kind": "target-weaker",
            "indicator": "群众满意度",
            "before": "≥98%",
            "after": "≥95%",
            "message": "群众满意度 ≥98% → ≥95%：目标降低",
        }
    ]
    none = dict.fromkeys(map(str, Kind), 0)
    assert document["counts"] == {"files": 1, "changes": 1, **none, "target-weaker": 1}
    assert document["unread"] == []


def test_what_cannot_be_read_is_in_every_report() -> None:
    old, new = (version(),), (version("- 1\n"),)
    comparison = Comparison("main", None, 1, (), diff.unread(old, new))
    for report in ("\n".join(as_text(comparison)), as_markdown(comparison), as_html(comparison)):
        assert "现在的版本写得不对，整个文件没有比较" in report
    assert "无实质变化" not in summary(comparison)
    (item,) = json.loads(as_json(comparison))["unread"]
    assert item["after"][0]["code"] == "Y06"


def test_control_characters_reach_no_terminal_and_no_page() -> None:
    (change,) = changes({NAME: VALID}, {NAME: WEAKER})
    nasty = replace(change, indicator="\x1b[31m\u202e\u200b\n\r\x07", project="\x1b]0;x\x07", before="\u2028")
    comparison = _comparison((nasty,))
    for report in ("".join(as_text(comparison)), as_markdown(comparison), as_html(comparison)):
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e\u2028\u200b]", report.replace("\n", ""))


NASTY = (
    'a|b `c` **d** <b onclick="x">x</b> @all me@x.cn #12 !3 https://a.cn www.b.cn [l](javascript:x) '
    "![i](y) :smile: $x$ --> </details></table> \n\n# h\n\n| | |\n~~s~~ \\| &amp; {{ x }} \u202e"
)


def test_data_is_only_text_in_markdown() -> None:
    (change,) = changes({NAME: VALID}, {NAME: WEAKER})
    nasty = replace(change, project=NASTY, indicator=NASTY, before=NASTY, after=NASTY + "2", department=NASTY)
    report = as_markdown(_comparison((nasty, replace(nasty, file=f"targets/{NASTY}.yml"))))
    rows = [line for line in report.splitlines() if line.startswith("| ▼ 目标降低 |")]
    assert {line.count("|") for line in rows if "&#" in line} == {5}
    assert report.count("<details>") == report.count("</details>") == 2
    for active in ("<b", "**d", "`c", "@all", " #12", "[l]", "https:", "www.b", ":smile", "$x", "~~", "{{"):
        assert active not in report


def test_an_escaped_text_reads_as_it_was_and_keeps_its_limit() -> None:
    shown = html.unescape(escaped(NASTY, 2000).replace("<!-- -->", ""))
    assert shown == " ".join(words.printable(NASTY).split())
    assert len(escaped(NASTY, 50)) <= 51
    assert not re.search("&#?[0-9]*…", escaped("|" * 100, 50))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("|<&~@a#1\n\U0001f600中"), min_size=1, max_size=300), min_size=4, max_size=4
    ),
    st.integers(1, 400),
    st.integers(1, 60),
)
def test_the_comment_never_passes_its_limit(texts: list[str], files: int, rows: int) -> None:
    (change,) = changes({NAME: VALID}, {NAME: WEAKER})
    project, before, after, department = texts
    nasty = replace(
        change, project=project, indicator=before, before=before, after=after, department=department
    )
    found = tuple(replace(nasty, file=f"{project}{n}") for n in range(files) for _ in range(rows))
    report = as_markdown(_comparison(found, files))
    assert len(report.encode("utf-16-le")) // 2 < LIMIT
    assert report.startswith(MARKER)
    assert report.count("<details>") == report.count("</details>")


@pytest.mark.parametrize("number", [1, 6, 20, 21, 500, 5000])
def test_a_comment_shows_all_it_can_and_says_what_it_left_out(number: int) -> None:
    report = as_markdown(_many(number))
    assert len(report) < LIMIT
    shown = report.count("<details>")
    left = re.search(r"另有 (\d+) 个文件的变化没有列出", report)
    assert shown + (int(left[1]) if left else 0) == number
    assert left is None or len(report) > LIMIT - 1000


def test_of_many_projects_the_outstanding_comes_first_and_departments_are_summed() -> None:
    report = as_markdown(_many(500))
    assert "| 000007 示例局 | 50 | 51 | 0 | 0 | 0 |" in report
    details = report[report.index("<details>") :]
    assert details.startswith("<details><summary>示例项目7（▼ 2）")


def test_a_project_that_loses_comes_before_one_with_a_rarer_change() -> None:
    (loss,) = changes({NAME: VALID}, {NAME: WEAKER})
    rare = replace(loss, kind=Kind.NOTE_CHANGED, file="b", project="少见")
    found = (*(replace(loss, file=f"c{n}") for n in range(5)), rare)
    assert [group.project for group in groups(found)] == ["示例项目"] * 5 + ["少见"]


def test_loss_comes_first_in_every_report() -> None:
    assert [tier(kind) for kind in Kind] == sorted(map(tier, Kind), key=list(Tier).index)


class _Page(HTMLParser):
    """The texts of a page, and every tag it opens."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "style", "onclick"}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_needs_nothing_beside_it_and_data_is_only_text_in_it() -> None:
    (change,) = changes({NAME: VALID}, {NAME: WEAKER})
    page = _Page(as_html(_comparison((replace(change, project=NASTY, indicator=NASTY, before="<script>"),))))
    assert not page.tags & {"script", "link", "img", "b", "iframe", "a"}
    assert "<script>" in page.texts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("story")
    git(made, "tag", "降低", tell(made)[2])
    git(made, "checkout", "-q", "-b", "再改")
    return made


def _edited(folder: Path, old: str, new: str) -> None:
    path = folder / "targets/2024/999001/政务窗口.yml"
    raw = path.read_bytes().decode()
    assert raw.count(old) == 1
    path.write_bytes(raw.replace(old, new).encode())


def test_without_words_the_command_compares_with_main_and_counts_what_is_not_committed(folder: Path) -> None:
    assert jixiao(folder, "diff").stdout.endswith("到现在的文件：无实质变化。\n")
    _edited(folder, "≥95%", "≥92%")
    (folder / "targets/2024/999001/新.yml").write_text(VALID.replace("示例项目", "新项目"), encoding="utf-8")
    done = jixiao(folder, "diff")
    git(folder, "checkout", "-q", "--", ".")
    (folder / "targets/2024/999001/新.yml").unlink()
    assert (done.returncode, done.stderr) == (0, "")
    assert "  ▼ 群众满意度 ≥95% → ≥92%：目标降低\n" in done.stdout
    assert "  ▲ 新增项目：新项目 13.00 万元，7 个指标\n" in done.stdout


def test_two_revisions_are_compared_whatever_lies_in_the_folder(folder: Path) -> None:
    done = jixiao(folder, "diff", "降低~1", "降低")
    assert "群众满意度 ≥98% → ≥95%：目标降低" in done.stdout


def test_a_change_of_layout_says_that_nothing_changed(folder: Path) -> None:
    path = folder / "targets/2024/999001/政务窗口.yml"
    raw = path.read_bytes()
    path.write_bytes(b"# \xe7\xa4\xba\xe4\xbe\x8b\n" + raw.replace(b"\r\n", b"\n"))
    done = jixiao(folder, "diff")
    path.write_bytes(raw)
    assert done.stdout.endswith("：无实质变化，1 个文件只改了写法。\n")


def test_plain_line_ends_in_git_and_windows_ends_on_disk_are_no_difference(folder: Path) -> None:
    name = "targets/2024/999001/部门.yml"
    raw = (folder / name).read_bytes()
    (folder / name).write_bytes(raw.replace(b"\n", b"\r\n"))
    done = jixiao(folder, "diff", "--format", "json")
    (folder / name).write_bytes(raw)
    assert json.loads(done.stdout)["counts"]["files"] == 0


def test_only_the_kinds_asked_about_fail(folder: Path) -> None:
    sides = ("降低~1", "降低")
    assert jixiao(folder, "diff", *sides).returncode == 0
    assert jixiao(folder, "diff", *sides, "--fail-on", "goal-removed,target-weaker").returncode == 1
    assert jixiao(folder, "diff", *sides, "--fail-on", "goal-removed").returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["没有"], "找不到版本“没有”"),
        (["--fail-on", "target-weakr"], "是不是想写“target-weaker”"),
        (["--fail-on", "xyz"], "可以写：project-removed、"),
        (["--targets", "没有"], "找不到“没有”"),
        (["main", "main", "--targets", "没有"], "里都没有项目文件"),
        (["--format", "xml"], "命令写得不对"),
    ],
)
def test_what_cannot_run_exits_2_with_one_sentence(folder: Path, words: list[str], said: str) -> None:
    done = jixiao(folder, "diff", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_repository_it_exits_2(tmp_path: Path) -> None:
    (tmp_path / "targets").mkdir()
    done = jixiao(tmp_path, "diff")
    assert done.returncode == 2
    assert "不在 git 仓库里" in done.stderr


def test_with_all_a_rule_across_files_speaks_in_a_file_that_nobody_touched(folder: Path) -> None:
    twin = folder / "targets/2024/999001/另一.yml"
    text = VALID.replace("示例项目", "另一项目").replace("主管部门: 示例局", "主管部门: 示例委")
    twin.write_text(text, encoding="utf-8")
    found = [
        {item["file"] for item in json.loads(done.stdout)["changes"] if item["kind"] == "problem-new"}
        for done in (jixiao(folder, "diff", "--format", "json", *more) for more in ([], ["--all"]))
    ]
    twin.unlink()
    untouched = "targets/2024/999001/政务窗口.yml"
    assert untouched not in found[0]
    assert untouched in found[1]


def test_files_in_no_place_are_no_projects(folder: Path) -> None:
    for name in ("targets/说明.yml", "targets/2024/999001/.隐藏.yml", "targets/2024/999001/旧.yaml"):
        (folder / name).write_text("表样: x\n", encoding="utf-8")
    done = jixiao(folder, "diff")
    for name in ("targets/说明.yml", "targets/2024/999001/.隐藏.yml", "targets/2024/999001/旧.yaml"):
        (folder / name).unlink()
    assert done.stdout.endswith("：无实质变化。\n")


def test_a_link_that_leads_out_of_the_data_is_not_followed(folder: Path) -> None:
    secret = folder / "秘密.yml"
    secret.write_text(VALID.replace("示例项目", "秘密项目"), encoding="utf-8")
    link = folder / "targets/2024/999001/外.yml"
    link.symlink_to(secret)
    done = jixiao(folder, "diff")
    link.unlink()
    secret.unlink()
    assert "Y13" in done.stdout
    assert "秘密项目" not in done.stdout


def test_a_file_too_large_to_be_a_form_is_said_to_be_so_at_a_revision(folder: Path) -> None:
    big = folder / "targets/2024/999001/大.yml"
    big.write_text("# 大\n" * 300_000, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "大")
    done = jixiao(folder, "diff", "HEAD~1", "HEAD")
    git(folder, "reset", "-q", "--hard", "HEAD~1")
    assert "Y01" in done.stdout
    assert done.returncode == 0


def test_the_command_can_be_stopped_by_its_reader(folder: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"'{jixiao(folder, '--version').args[0]}' -m builder diff main~30 main | head -1"],
        cwd=folder,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert "Traceback" not in done.stderr
    assert ONE.split("/", maxsplit=1)[0] in done.stdout
