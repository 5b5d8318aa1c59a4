"""What was measured, kept in one file, and written as tables into the documentation between two marks."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench import measure

FILE = Path(__file__).with_name("results.json")
DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
TITLES = {
    "pages": "只写页面",
    "whole": "整个构建、改一处、检查、比较",
    "search": "搜索",
}


@dataclass(frozen=True)
class Part:
    """One table: which measurement, for how many projects; a row is texts under ``columns``."""

    kind: str
    projects: int
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    machine: str = field(default_factory=measure.machine)
    taken: str = field(default_factory=lambda: f"{datetime.now(UTC).astimezone():%Y-%m-%d %H:%M}")

    @property
    def markdown(self) -> str:
        """The table with what was measured above it and notes below."""
        lines = [
            f"### {TITLES[self.kind]}：{self.projects:,} 个项目\n",
            "| " + " | ".join(self.columns) + " |",
            "|---" + "|---:" * (len(self.columns) - 1) + "|",
            *("| " + " | ".join(row) + " |" for row in self.rows),
            "",
            *(f"- {note}" for note in (*self.notes, f"{self.taken} 量于 {self.machine}。")),
        ]
        return "\n".join(lines)


def load(file: Path = FILE) -> list[Part]:
    """The tables of earlier runs."""
    if not file.exists():
        return []
    return [
        Part(
            item["kind"],
            item["projects"],
            tuple(item["columns"]),
            tuple(tuple(row) for row in item["rows"]),
            tuple(item["notes"]),
            item["machine"],
            item["taken"],
        )
        for item in json.loads(file.read_text(encoding="utf-8"))
    ]


def keep(part: Part, *, file: Path = FILE, document: Path = DOCUMENT) -> None:
    """Put a table in the place of its predecessor, in the file and in the documentation."""
    others = [one for one in load(file) if (one.kind, one.projects) != (part.kind, part.projects)]
    parts = sorted([*others, part], key=lambda one: ([*TITLES].index(one.kind), one.projects))
    text = json.dumps([asdict(one) for one in parts], ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")
    publish(parts, document)


def publish(parts: list[Part], document: Path = DOCUMENT) -> None:
    """Write the tables between the marks of a document, where it has them."""
    if not document.exists():
        return
    before, begin, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if begin and end:
        tables = "\n\n".join(part.markdown for part in parts)
        document.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}", encoding="utf-8")
