"""``jixiao fmt``: data files in the one layout; only layout changes, only files that differ are written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from builder import format as formats
from builder import report, schema, tree
from builder.commands import terminal
from builder.errors import BuilderError
from builder.frozen import frozen

if TYPE_CHECKING:
    import argparse

    from builder.problem import Problem

HELP = "整理数据文件的排版"
DESCRIPTION = (
    "整理数据文件的排版：栏目顺序、引号、缩进、空行。内容一字不改，注释保留。有语法错误的文件不动，列出错误。"
    "退出码：0 完成；1 有不能整理的文件，或 --check 时有需要整理的文件；2 无法运行。"
)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="路径", help="文件或文件夹，默认 targets")
    parser.add_argument("--check", action="store_true", help="只列出需要整理的文件，不改动")
    terminal.add_schema(parser)


def run(options: argparse.Namespace) -> int:
    """Lay out what is not, report what cannot be, and say how many."""
    schemas = schema.load(options.schema or schema.default_folder())
    groups = tree.read(options.paths or [Path("targets")])
    done = [_lay_out(file, schemas, check=options.check) for group in groups for file in group]
    lines = terminal.lines_under(Path())
    for problem in (problem for one in done for problem in one.problems):
        for line in report.frame(problem, lines, colour=terminal.is_terminal()):
            print(line)
    changed = sum(one.changed for one in done)
    broken = sum(bool(one.problems) for one in done)
    print(_summary(len(done), changed, broken, check=options.check))
    return terminal.FOUND if broken or (changed and options.check) else terminal.OK


@frozen()
class _Done:
    """What came of one file: whether its layout is (or would be) another, or why it was left alone."""

    changed: bool = False
    problems: tuple[Problem, ...] = ()


def _lay_out(file: tree.SourceFile, schemas: schema.Schemas, *, check: bool) -> _Done:
    if file.raw is None:
        return _Done(problems=file.problems)
    text, problems = formats.layout(file.raw, file.name, schemas)
    if text is None or text.encode() == file.raw:
        return _Done(problems=problems)
    print(f"{file.name}：{'需要整理' if check else '已整理'}")
    if not check:
        write(Path(file.name), text)
    return _Done(changed=True)


def _summary(files: int, changed: int, broken: int, *, check: bool) -> str:
    counts = [f"{changed} 个{'需要整理' if check else '已整理'}"] if changed else []
    counts += [f"{broken} 个有错误，没有改动"] if broken else []
    return f"看了 {files} 个文件：{'，'.join(counts) or '排版都合规定'}。"


def write(path: Path, text: str) -> None:
    """Put ``text`` in the place of a file in one step, so that nothing is lost when the machine stops midway.

    Raises:
        BuilderError: the file cannot be written.
    """
    real = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{real.name[:40]}-", dir=real.parent)
    except OSError as error:
        raise BuilderError(f"不能在“{real.parent}”里写文件：{error.strerror}。") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(real.stat().st_mode & 0o7777)
        Path(name).replace(real)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise BuilderError(f"“{path}”写不了：{error.strerror}。原文件没有改动。") from error
