from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from builder import tree
from builder.errors import BuilderError
from builder.model import ProjectId
from builder.source import MAX_BYTES

if TYPE_CHECKING:
    from pathlib import Path


def _write(path: Path, text: str = "a: 1\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _files(folder: Path) -> list[tree.SourceFile]:
    return [file for group in tree.read([folder]) for file in group]


def _codes(folder: Path) -> dict[str, list[str]]:
    return {
        file.name.removeprefix(f"{folder.as_posix()}/"): [problem.code for problem in file.problems]
        for file in _files(folder)
    }


def test_files_come_sorted_with_what_their_path_says(tmp_path: Path) -> None:
    _write(tmp_path / "2024" / "999001" / "乙.yml")
    _write(tmp_path / "2024" / "999001" / "部门.yml")
    _write(tmp_path / "2023" / "999001" / "甲.yml")
    _write(tmp_path / "2024" / "999001" / "原文.txt")
    files = _files(tmp_path)
    assert [file.id for file in files] == [
        ProjectId(2023, "999001", "甲"),
        ProjectId(2024, "999001", "乙"),
        ProjectId(2024, "999001", "部门"),
    ]
    assert [file.is_department for file in files] == [False, False, True]


def test_a_symlink_out_of_the_tree_is_refused_and_never_read(tmp_path: Path) -> None:
    secret = _write(tmp_path / "secret.yml", "secret: 1\n")
    folder = tmp_path / "targets"
    link = folder / "2024" / "999001" / "链接.yml"
    link.parent.mkdir(parents=True)
    link.symlink_to(secret)
    (file,) = _files(folder)
    assert file.raw is None
    assert [(problem.line, problem.column, problem.code) for problem in file.problems] == [(1, 1, "Y13")]


def test_a_symlinked_folder_and_a_dangling_link_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "targets"
    (folder / "2024" / "999001").mkdir(parents=True)
    (folder / "2025").symlink_to(tmp_path)
    (folder / "2024" / "999001" / "甲.yml").symlink_to("甲.yml")
    assert _codes(folder) == {"2025": ["Y13"], "2024/999001/甲.yml": ["Y13"]}


def test_a_fifty_megabyte_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "2024" / "999001" / "大.yml"
    path.parent.mkdir(parents=True)
    with path.open("wb") as stream:
        stream.truncate(50 << 20)
    (file,) = _files(tmp_path)
    assert file.raw is None
    assert [problem.code for problem in file.problems] == ["Y01"]
    assert f"{MAX_BYTES:,}" in file.problems[0].message


def test_a_pipe_named_like_a_file_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / "2024" / "999001" / "管道.yml"
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert _codes(tmp_path) == {"2024/999001/管道.yml": ["Y01"]}


@pytest.mark.parametrize(
    "name", ["甲 乙.yml", "a?b.yml", "a#b.yml", ("长" * 70) + ".yml", "e\u0301.yml", "_a.yml", "甲.yaml"]
)
def test_a_name_no_address_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    _write(tmp_path / "2024" / "999001" / name)
    assert list(_codes(tmp_path).values()) == [["Y14"]]


def test_a_file_at_the_wrong_depth_is_not_lost_in_silence(tmp_path: Path) -> None:
    folder = tmp_path / "targets"
    _write(folder / "甲.yml")
    assert _codes(folder) == {"甲.yml": ["Y14"]}


def test_a_department_comes_as_one_group_over_its_years(tmp_path: Path) -> None:
    for name in ("2023/001/甲.yml", "2024/001/甲.yml", "2024/001/部门.yml", "2024/002/乙.yml", "迷路.yml"):
        _write(tmp_path / name)
    groups = [
        [file.name.removeprefix(f"{tmp_path.as_posix()}/") for file in g] for g in tree.read([tmp_path])
    ]
    assert groups == [
        ["2023/001/甲.yml", "2024/001/甲.yml", "2024/001/部门.yml"],
        ["2024/002/乙.yml"],
        ["迷路.yml"],
    ]


def test_a_missing_path_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(BuilderError, match="找不到"):
        list(tree.read([tmp_path / "nowhere"]))
