"""Folders in which this project can be run: invented data, this site's own configuration and one page."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import generate

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parent.parent
YEARS = (2022, 2023, 2024, 2025, 2026)
OF_DEPARTMENT = 20
"""Projects of one department in one year, about."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """A folder with ``mkdocs.yml``, ``docs`` and ``targets``; ``projects`` of all years together."""

    folder: Path
    projects: int

    @property
    def targets(self) -> Path:
        """The folder of data."""
        return self.folder / "targets"

    def jixiao(self, *words: str) -> list[str]:
        """The command line of this project."""
        return [sys.executable, "-m", "builder", *words]


def make(folder: Path, projects: int, *, lasting: bool, years: Sequence[int] = YEARS) -> Workplace:
    """A workplace with so many projects over five years; ``lasting``: the same ones in each year.

    No office files are made: they take 0.06 s a project, whatever the rest takes.
    """
    folder.mkdir(parents=True)
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    head, _, _ = text.partition("\nnav:")
    configuration = f"{head}\nnav:\n  - 首页: index.md\n  - 关于: about.md\n"
    (folder / "mkdocs.yml").write_text(
        configuration.replace("office: true", "office: false"), encoding="utf-8"
    )
    (folder / "docs").mkdir()
    (folder / "docs" / "about.md").write_text("# 关于本站\n\n示例数据，只供量快慢。\n", encoding="utf-8")
    of_year = max(1, projects // len(years))
    departments = max(1, of_year // OF_DEPARTMENT)
    made = generate.write(
        folder / "targets",
        seed=1,
        years=tuple(years),
        departments=departments,
        projects=of_year,
        lasting=lasting,
    )
    return Workplace(folder, made)


def commit(place: Workplace, message: str) -> None:
    """Commit the data of the workplace, in a repository that is made for the first of them."""
    if not (place.folder / ".git").exists():
        subprocess.run(["git", "init", "-q", "-b", "main"], cwd=place.folder, check=True)
    who = ("-c", "user.name=示例", "-c", "user.email=sample@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "add", "targets"], cwd=place.folder, check=True)
    subprocess.run(["git", *who, "commit", "-q", "-m", message], cwd=place.folder, check=True)


def edit(path: Path, turn: int) -> str:
    """Change the project's name in one file: a page, a list and the index must follow. The new name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    name = f"示例改名{turn}{path.parent.name}{path.stem}"
    lines = [f"项目名称: {name}" if line.startswith("项目名称: ") else line for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name
