"""``jixiao serve``: a preview on one's own machine that follows every edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import serve
from builder.commands import terminal

if TYPE_CHECKING:
    import argparse

HELP = "在本机预览网站，改了文件就自动刷新"
DESCRIPTION = "在本机预览网站。改动数据、文档或配置后，打开着的页面会自动刷新；按 Ctrl+C 停止。"


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    terminal.add_config(parser)
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="地址", help="监听地址，默认只限本机 127.0.0.1"
    )
    parser.add_argument("--port", type=int, default=8000, metavar="端口", help="端口，默认 8000")


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl+C."""
    terminal.log_warnings()
    serve.run(options.config, host=options.host, port=options.port, say=terminal.say)
    return terminal.OK
