"""``jixiao explain``: what a code means, why, and how to write it right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import manual
from builder.codes import CODES, nearest
from builder.commands import terminal
from builder.errors import BuilderError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

HELP = "说明检查报告里的编号"
DESCRIPTION = "说明一个编号：查什么、为什么、怎样写会被指出、怎样写不会。不写编号就列出全部。"


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("code", nargs="?", metavar="编号", help="例如 C01；不写就列出全部")
    parser.add_argument(
        "--format",
        choices=("text", "markdown"),
        default="text",
        metavar="格式",
        help="输出格式：text 给人看，默认；markdown 生成网站上的规则页",
    )


def run(options: argparse.Namespace) -> int:
    """Print the page of one code, or the list of all."""
    if options.format == "markdown":
        terminal.as_utf8()
    for line in _lines(options.code, is_markdown=options.format == "markdown"):
        print(line)
    return terminal.OK


def _lines(word: str | None, *, is_markdown: bool) -> Iterable[str]:
    if word is None:
        return (manual.page(),) if is_markdown else manual.listing()
    code = CODES.get(word.strip().upper())
    if code is None:
        near = "或".join(f"“{other}”" for other in nearest(word))
        hint = f"是不是想查{near}？" if near else ""
        raise BuilderError(f"没有“{word}”这个编号。{hint}用 jixiao explain 可以看到全部编号。")
    return manual.section(code) if is_markdown else manual.text(code)
