"""``jixiao history``: what became of a project since it was published."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from builder import adjusted, checking, means, schema
from builder.collection import collect
from builder.commands import terminal
from builder.diff_report.history import as_json, as_text
from builder.errors import BuilderError

if TYPE_CHECKING:
    import argparse

    from builder.collection import Collection
    from builder.history import Record
    from builder.means import Means
    from builder.model import Adjustment

HELP = "看一个项目公开以来改过什么"
DESCRIPTION = (
    "从 git 的提交里读出项目公开以来的改动：哪天改的、改了什么、是调整还是更正、原因是什么。"
    "调整是目标、指标、资金等内容变了，更正是只改了写法或名称。原因取自提交说明里“调整原因：”开头的一行。"
    "退出码：0 读完了；2 无法运行。"
)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "path", type=Path, metavar="路径", help="项目文件，或放项目的文件夹；已经删去的也可以"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出格式，默认 text")
    parser.add_argument(
        "--targets",
        type=Path,
        default=Path("targets"),
        metavar="文件夹",
        help="数据所在的文件夹，默认 targets",
    )
    terminal.add_schema(parser)


def run(options: argparse.Namespace) -> int:
    """Read the history of a file, or of every file under a folder, and print it."""
    schemas = schema.load(options.schema or schema.default_folder())
    path = Path(os.path.relpath(options.path))
    # Only what the files say now of former paths and adjustments is needed of them.
    with means.processes(loads=(checking.__name__,)) as given:
        collection = collect([path] if path.exists() else [], schemas, means=given)
        records = _records(adjusted.with_history(collection, options.targets.as_posix()), path, given)
    if options.format == "json":
        terminal.as_utf8()
        print(as_json(records))
    else:
        for line in as_text(records):
            print(line)
    return terminal.OK


def _records(collection: Collection, path: Path, given: Means) -> list[tuple[Record, tuple[Adjustment, ...]]]:
    history = collection.history
    if history is None or not history.is_known:
        raise BuilderError("没有 git 的历史：请在 git 仓库里运行，并至少提交过一次。")
    stated = adjusted.declarations(collection)
    wanted = path.as_posix().rstrip("/")
    names = [name for name in history.names() if name == wanted or name.startswith(f"{wanted}/")]
    if not names:
        raise BuilderError(f"“{path}”没有提交过的项目文件：请核对路径，新文件要先提交。")
    records = ((name, history.record(name)) for name in history.prepared(names, given))
    return [(record, stated.get(name, ())) for name, record in records if record]
