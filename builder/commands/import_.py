"""``jixiao import``: documents in; YAML files for a person to review, and a report of every cell, out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from builder import report as reports
from builder import schema
from builder.commands import terminal
from builder.errors import BuilderError
from builder.importers import report, write
from builder.importers.kind import SUFFIXES
from builder.importers.run import import_file
from builder.problem import Severity

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from builder.importers.write import Written
    from builder.problem import Problem

HELP = "从 Word、Excel、网页、PDF 和文本导入"
DESCRIPTION = (
    f"读出文件里的绩效目标表，写成 YAML 和一份导入报告，由人核对后再放进 targets。可以导入 {SUFFIXES}；"
    "其中 .doc、.xls、.odt、.ods、.rtf 要装有 LibreOffice。宏和外部链接不会执行。"
    "退出码：0 没有错误；1 有文件或表不能导入（--strict 时有疑问也算）；2 无法运行。"
)

REPORT = "导入报告.md"


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("files", nargs="+", type=Path, metavar="文件", help="要导入的文件")
    default = Path("导入")
    parser.add_argument("--output", type=Path, default=default, metavar="文件夹", help="写到哪里，默认“导入”")
    parser.add_argument("--form", metavar="表样", help="按哪份表样导入，默认由程序按指标选")
    parser.add_argument("--overwrite", action="store_true", help="覆盖已有的文件")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出格式，默认 text")
    parser.add_argument("--strict", action="store_true", help="有警告也算不通过")
    terminal.add_schema(parser)


def run(options: argparse.Namespace) -> int:
    """Read all files, write what was found, and say what is to be looked at."""
    schemas = schema.load(options.schema or schema.default_folder())
    if options.form is not None and options.form not in schemas.forms:
        raise BuilderError(f"没有表样“{options.form}”；可以写：{'、'.join(schemas.forms)}。")
    imported = [import_file(path, schemas, options.form) for path in dict.fromkeys(options.files)]
    written = write.files(imported, schemas)
    texts = {one.path: one.text for one in written}
    texts[REPORT] = report.as_markdown(imported, written)
    _write(options.output, texts, overwrite=options.overwrite)
    found = report.problems(imported)
    if options.format == "json":
        print(json.dumps(report.as_data(imported, written), ensure_ascii=False, indent=2))
    else:
        _say(found, written, options.output)
        print(report.summary(imported, written))
    return _status(found, strict=options.strict)


def _say(found: Sequence[Problem], written: Sequence[Written], folder: Path) -> None:
    for problem in found:
        print(reports.one_line(problem))
    for one in written:
        print(f"已写 {folder / one.path}")
    print(f"已写 {folder / REPORT}：每个值从哪里来，哪些内容没有导入。")
    if written:
        print(f"核对之后运行 jixiao check {folder}，再放进 targets。")


def _status(found: Sequence[Problem], *, strict: bool) -> int:
    wrong = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return terminal.FOUND if any(problem.severity in wrong for problem in found) else terminal.OK


def _write(folder: Path, texts: dict[str, str], *, overwrite: bool) -> None:
    """Write all files, or none where one of them is there already."""
    there = [name for name in texts if (folder / name).exists()]
    if there and not overwrite:
        raise BuilderError(
            f"“{folder / there[0]}”已经有了，没有写任何文件；请换一个 --output，或加 --overwrite 覆盖。"
        )
    try:
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise BuilderError(f"写不了“{folder}”：{error.strerror}。") from error
