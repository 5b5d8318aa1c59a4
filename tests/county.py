"""Small invented collections (示例) on disk, with configuration, and what was built of them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.records import ROOT, VALID

if TYPE_CHECKING:
    from pathlib import Path

DEPARTMENT = '部门名称: 示例局\n批复日期: "2024-02-01"\n公开日期: "2024-02-10"\n'
PAGE = "# 示例\n\n示例数据。\n"
GIT = ("-c", "user.name=示例", "-c", "user.email=example@example.org", "-c", "commit.gpgsign=false")


def make(folder: Path, *, office: bool = False) -> Path:
    """Six projects of two departments in two years, with one hand-written page."""
    (folder / "docs").mkdir(parents=True)
    (folder / "docs/note.md").write_text(PAGE, encoding="utf-8")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    if not office:
        settings = settings.replace("office: true", "office: false")
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    for code in ("999001", "999002"):
        for year in (2023, 2024):
            write(folder, f"{year}/{code}/部门.yml", DEPARTMENT)
        write(folder, f"2024/{code}/甲.yml", record("甲", code=code, number=1))
        write(folder, f"2024/{code}/乙.yml", record("乙", code=code, number=2))
        write(folder, f"2023/{code}/甲.yml", record("甲", code=code, number=1, year=2023))
    return folder


def record(name: str, *, code: str = "999001", number: int = 1, year: int = 2024, target: int = 980) -> str:
    """A sound record."""
    text = VALID.replace("示例项目", f"示例项目{name}").replace("≥980 项", f"≥{target} 项")
    text = text.replace("年度: 2024", f"年度: {year}").replace('"999001"', f'"{code}"')
    return text.replace("序号: 1", f"序号: {number}")


def write(folder: Path, name: str, text: str) -> None:
    """One file of data, by its path under ``targets``."""
    write_file(folder / "targets" / name, text.encode())


def write_file(path: Path, data: bytes) -> None:
    """One file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def commit(folder: Path, message: str, day: str = "2024-03-01") -> None:
    """Commit everything in ``folder``, a repository from now on."""
    when = f"{day}T09:00:00+08:00"
    environment = {**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    if not (folder / ".git").exists():
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
        (folder / ".gitignore").write_text(".cache/\n/one/\n/two/\n/site/\n", encoding="utf-8")
    subprocess.run(["git", *GIT, "add", "--all"], cwd=folder, check=True)
    command = ["git", *GIT, "commit", "--quiet", "--message", message]
    subprocess.run(command, cwd=folder, check=True, env=environment)


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def build(folder: Path, *words: str, code: Path = ROOT, **environment: str) -> str:
    """Run ``jixiao build`` in ``folder``, with the program as it stands in ``code``; what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "builder", "build", *words],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(code), **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
