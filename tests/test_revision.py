from __future__ import annotations

import os
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from builder.gitref.command import GitError
from builder.gitref.revision import blob_id, blobs, commit, files, main_branches, merge_base
from tests.test_gitref import git


def _commit(folder: Path, message: str = "change", **texts: str | None) -> str:
    """Write (or with ``None`` remove) files of ``targets/`` and commit; the commit's name."""
    for name, text in texts.items():
        path = folder / "targets" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8", newline="")
    git(folder, "add", "-A")
    git(folder, "commit", "-m", message)
    return commit(folder, "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "仓库"
    folder.mkdir()
    git(folder, "init", "-b", "main")
    _commit(folder, 甲="甲一\n", 乙="乙一\n")
    return folder


def _texts(folder: Path, revision: str, path: str = "targets") -> dict[str, str]:
    ids = files(folder, commit(folder, revision), path)
    found = {blob.id: blob.data.decode() for blob in blobs(folder, ids.values(), limit=1 << 20)}
    return {name: found[id_] for name, id_ in ids.items()}


def test_files_are_read_as_they_stood_whatever_lies_in_the_folder_now(repository: Path) -> None:
    first = commit(repository, "HEAD")
    _commit(repository, 甲="甲二\n", 丙="丙一\n")
    (repository / "targets" / "甲.yml").write_text("未提交", encoding="utf-8")
    assert _texts(repository, first) == {"targets/甲.yml": "甲一\n", "targets/乙.yml": "乙一\n"}
    assert _texts(repository, "main")["targets/甲.yml"] == "甲二\n"


def test_names_count_from_the_folder_asked_about_not_from_the_top(repository: Path) -> None:
    git(repository, "mv", "targets", "数据")
    (repository / "子").mkdir()
    git(repository, "mv", "数据", "子/targets")
    git(repository, "commit", "-m", "move")
    assert _texts(repository / "子", "HEAD").keys() == {"targets/甲.yml", "targets/乙.yml"}
    assert _texts(repository, "HEAD") == {}


def test_names_with_spaces_quotes_and_line_ends_survive(repository: Path) -> None:
    _commit(repository, **{'空 格"引号': "一", "换\n行": "二"})
    assert {'targets/空 格"引号.yml', "targets/换\n行.yml"} < _texts(repository, "HEAD").keys()


def test_branches_tags_and_parts_of_names_are_revisions(repository: Path) -> None:
    git(repository, "tag", "-a", "批复", "-m", "示例")
    git(repository, "branch", "修改")
    head = commit(repository, "HEAD")
    assert {commit(repository, name) for name in ("批复", "修改", "main", head[:8], "@")} == {head}


@pytest.mark.parametrize(
    "name", ["没有", "HEAD~9", "--help", "-x", "main:targets", "", "..", "HEAD targets", "HEAD\nmain"]
)
def test_an_unknown_revision_is_one_sentence(repository: Path, name: str) -> None:
    with pytest.raises(GitError, match="找不到版本"):
        commit(repository, name)


def test_in_a_shallow_clone_the_advice_is_to_fetch_the_rest(repository: Path, tmp_path: Path) -> None:
    _commit(repository, 甲="甲二\n")
    git(tmp_path, "clone", "--depth", "1", f"file://{repository}", "浅")
    assert _texts(tmp_path / "浅", "HEAD")["targets/甲.yml"] == "甲二\n"
    with pytest.raises(GitError, match=r"浅克隆.*unshallow"):
        commit(tmp_path / "浅", "HEAD~1")


def test_outside_a_repository_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="不在 git 仓库里"):
        commit(tmp_path, "HEAD")


def test_without_git_it_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(GitError, match="没有找到 git"):
        commit(repository, "HEAD")


def test_a_repository_of_another_user_comes_with_the_remedy(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitError, match=r"safe\.directory"):
        commit(repository, "HEAD")


def test_before_the_first_commit_there_is_no_head(tmp_path: Path) -> None:
    git(tmp_path, "init", "-b", "main")
    with pytest.raises(GitError, match="找不到版本“HEAD”"):
        commit(tmp_path, "HEAD")
    with pytest.raises(GitError, match="找不到 main 分支"):
        main_branches(tmp_path)


def test_the_base_is_where_the_branch_left_main(repository: Path) -> None:
    left = commit(repository, "HEAD")
    git(repository, "checkout", "-b", "修改")
    _commit(repository, 甲="甲二\n")
    git(repository, "checkout", "main")
    _commit(repository, 乙="乙二\n")
    git(repository, "checkout", "修改")
    assert merge_base(repository, "HEAD", main_branches(repository)) == left


def test_a_local_main_that_lags_behind_the_remote_does_not_count(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "克隆"
    git(tmp_path, "clone", str(repository), str(clone))
    newest = _commit(repository, 乙="乙二\n")
    git(clone, "fetch")
    git(clone, "checkout", "-b", "修改", "origin/main")
    _commit(clone, 甲="甲二\n")
    assert merge_base(clone, "HEAD", main_branches(clone)) == newest


def test_branches_without_common_history_are_one_sentence(repository: Path) -> None:
    git(repository, "checkout", "--orphan", "另起")
    _commit(repository, 甲="甲二\n")
    with pytest.raises(GitError, match="没有共同的历史"):
        merge_base(repository, "HEAD", ["main"])


def test_ids_are_those_git_gives(repository: Path) -> None:
    ids = files(repository, commit(repository, "HEAD"), "targets")
    id_ = ids["targets/甲.yml"]
    assert blob_id("甲一\n".encode(), id_) == id_


def test_a_repository_with_the_longer_hash_is_read_alike(tmp_path: Path) -> None:
    git(tmp_path, "init", "-b", "main", "--object-format=sha256")
    _commit(tmp_path, 甲="甲一\n")
    (id_,) = files(tmp_path, commit(tmp_path, "HEAD"), "targets").values()
    assert len(id_) == len(sha256().hexdigest())
    assert blob_id("甲一\n".encode(), id_) == id_


def test_a_link_stands_for_its_file_and_one_that_leads_away_for_nothing(repository: Path) -> None:
    (repository / "外.yml").write_text("外", encoding="utf-8")
    for name, target in (("同一", "甲.yml"), ("外面", "../外.yml"), ("悬空", "没有.yml")):
        (repository / "targets" / f"{name}.yml").symlink_to(target)
    git(repository, "add", "-A")
    git(repository, "commit", "-m", "links")
    assert _texts(repository, "HEAD") == {
        "targets/甲.yml": "甲一\n",
        "targets/乙.yml": "乙一\n",
        "targets/同一.yml": "甲一\n",
    }


def test_a_huge_file_is_cut_and_the_next_one_is_still_whole(repository: Path) -> None:
    _commit(repository, 大="大" * 100_000, 末="末\n")
    ids = files(repository, commit(repository, "HEAD"), "targets")
    found = {blob.id: blob for blob in blobs(repository, ids.values(), limit=1000)}
    assert (found[ids["targets/大.yml"]].size, len(found[ids["targets/大.yml"]].data)) == (300_000, 1000)
    assert found[ids["targets/末.yml"]].data == "末\n".encode()


def test_any_number_of_files_takes_one_process(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _commit(repository, **{f"项目{number}": f"内容{number}\n" for number in range(1200)})
    ids = files(repository, commit(repository, "HEAD"), "targets")
    started: list[object] = []
    start = subprocess.Popen.__init__

    def count(self: subprocess.Popen[bytes], *words: Any, **options: Any) -> None:  # noqa: ANN401  as Popen has it
        started.append(self)
        start(self, *words, **options)

    monkeypatch.setattr(subprocess.Popen, "__init__", count)
    assert len(list(blobs(repository, ids.values(), limit=1 << 20))) == 1202
    assert len(started) == 1


def test_an_object_that_is_not_there_is_one_sentence(repository: Path) -> None:
    with pytest.raises(GitError, match="缺少对象"):
        list(blobs(repository, ["0" * 40], limit=10))


def test_a_reader_that_stops_early_leaves_no_process(repository: Path) -> None:
    def children() -> set[str]:
        listed = Path(f"/proc/self/task/{os.getpid()}/children")
        return {*listed.read_text(encoding="ascii").split()} if listed.exists() else set()

    ids = files(repository, commit(repository, "HEAD"), "targets")
    before = children()
    reading = blobs(repository, ids.values(), limit=10)
    next(reading)
    reading.close()
    assert children() <= before
