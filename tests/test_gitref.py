from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from builder.gitref import last_changes

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *words: str, date: str = "2024-01-01") -> None:
    when = f"{date}T12:00:00+08:00"
    identity = {
        f"GIT_{who}_{what}": "test@example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    subprocess.run(
        ["git", *words], cwd=folder, check=True, capture_output=True, env={**os.environ, **identity, **dates}
    )


def _commit(folder: Path, date: str, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    git(folder, "add", "-A", date=date)
    git(folder, "commit", "-m", "change", date=date)


def _repository(folder: Path) -> Path:
    folder.mkdir()
    git(folder, "init", "-b", "main")
    _commit(folder, "2024-01-05", 甲="1", 乙="1")
    _commit(folder, "2024-03-09", 甲="2")
    return folder


def _dates(folder: Path) -> dict[str, str]:
    return {name.rsplit("/", 1)[1]: date for name, date in last_changes(folder).items()}


def test_each_file_has_the_date_of_its_last_commit(tmp_path: Path) -> None:
    folder = _repository(tmp_path / "repo")
    assert _dates(folder) == {"甲.yml": "2024-03-09", "乙.yml": "2024-01-05"}


def test_a_file_with_uncommitted_changes_has_no_date(tmp_path: Path) -> None:
    folder = _repository(tmp_path / "repo")
    (folder / "甲.yml").write_text("3", encoding="utf-8")
    (folder / "丙.yml").write_text("new", encoding="utf-8")
    assert _dates(folder) == {"乙.yml": "2024-01-05"}


def test_a_shallow_clone_claims_no_date_it_cannot_know(tmp_path: Path) -> None:
    folder = _repository(tmp_path / "repo")
    _commit(folder, "2024-05-01", 丙="1")
    git(tmp_path, "clone", "--depth", "1", f"file://{folder}", "shallow")
    assert _dates(tmp_path / "shallow") == {}


def test_without_a_repository_nothing_is_known(tmp_path: Path) -> None:
    assert last_changes(tmp_path) == {}


def test_a_merge_dates_only_what_it_changed_itself(tmp_path: Path) -> None:
    folder = _repository(tmp_path / "repo")
    git(folder, "checkout", "-b", "side", "HEAD~1")
    _commit(folder, "2024-02-01", 乙="2")
    git(folder, "checkout", "main")
    git(folder, "merge", "--no-ff", "-m", "merge", "side", date="2024-06-01")
    assert _dates(folder) == {"甲.yml": "2024-03-09", "乙.yml": "2024-02-01"}
