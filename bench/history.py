"""A repository of many files and many commits, and how long its history takes.

``python -m bench.history FOLDER --projects 10000 --commits 1000 --edits 10``: one commit brings every file,
the others each change a target in some of them. The repository is made by git's own import, once.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench import generate
from builder import schema
from builder.history import History, Sort

if TYPE_CHECKING:
    from typing import IO

_NUMBER = re.compile(r"(指标值: \D*)([0-9]+)")
_DAY = 86_400
_START = 1_700_000_000


def make(folder: Path, *, projects: int, commits: int, edits: int) -> None:
    """Write the repository into an empty folder."""
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main", "."], cwd=folder, check=True)
    made = generate.collection(seed=1, years=(2024,), departments=max(1, projects // 20), projects=projects)
    files = {f"targets/{path.as_posix()}": text for path, text in made}
    dice = random.Random(2)  # noqa: S311  invented data, not secrets
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE) as git:
        stream = git.stdin
        if stream is None:
            return
        _commit(stream, 0, files)
        names = sorted(name for name in files if not name.endswith("部门.yml"))
        for number in range(1, commits):
            changed = {name: _edited(files[name], dice) for name in dice.sample(names, edits)}
            files |= changed
            _commit(stream, number, changed)
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=folder, check=True)


def _edited(text: str, dice: random.Random) -> str:
    """One number of one target moved."""
    found = dice.choice([*_NUMBER.finditer(text)])
    return f"{text[: found.start(2)]}{int(found[2]) + 1}{text[found.end(2) :]}"


def _commit(stream: IO[bytes], number: int, files: dict[str, str]) -> None:
    message = f"示例修改 {number}\n\n调整原因：示例\n".encode()
    head = f"commit refs/heads/main\ncommitter t <t@example> {_START + number * _DAY} +0800\n"
    stream.write(head.encode() + b"data %d\n%s" % (len(message), message))
    for name, text in files.items():
        raw = text.encode()
        stream.write(f"M 100644 inline {name}\ndata {len(raw)}\n".encode() + raw + b"\n")


def main() -> None:
    """Make the repository unless it is there, and read its history."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--commits", type=int, default=1_000)
    parser.add_argument("--edits", type=int, default=10)
    options = parser.parse_args()
    if not options.folder.exists():
        make(options.folder, projects=options.projects, commits=options.commits, edits=options.edits)
    schemas = schema.load(schema.default_folder())
    start = time.perf_counter()
    found = History(options.folder, "targets", schemas)
    found.names()
    log = time.perf_counter() - start
    records = [*found.records()]
    whole = time.perf_counter() - start
    entries = [entry for record in records for entry in record.entries]
    adjusted = sum(entry.sort is Sort.ADJUSTMENT for entry in entries)
    print(f"{len(records)} 个项目，{len(found.line.steps)} 次提交，{len(entries)} 条记录（调整 {adjusted}）")
    print(f"git log {log:.2f} s, whole {whole:.2f} s")


if __name__ == "__main__":
    main()
