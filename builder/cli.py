"""The command ``jixiao``: words typed in, exit status out.

Every command ends here, however it ends: what cannot run exits 2 with one sentence, our own bug exits 3 with
a report file, and no user ever sees a traceback.
"""

from __future__ import annotations

import argparse
import errno
import logging
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, NoReturn

from builder import garbage
from builder.commands.terminal import FOUND, OK, say, version
from builder.errors import BuilderError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CANNOT, BUG, STOPPED = 2, 3, 130

COMMANDS = (
    "check",
    "explain",
    "build",
    "serve",
    "diff",
    "history",
    "export",
    "import",
    "new",
    "fmt",
    "verify",
)
"""Every command, in the order of the help; each is a module of ``builder.commands``."""


class _Help(argparse.HelpFormatter):
    """Help with a Chinese heading."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:  # noqa: ANN401  as argparse has it
        """Begin with 用法 in place of "usage"."""
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """argparse in Chinese; a usage mistake ends with status 2."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  as argparse has it
        super().__init__(**{"formatter_class": _Help, "add_help": False, **options})
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示用法")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words typed."""
        self.print_usage(sys.stderr)
        self.exit(CANNOT, f"{self.prog}：命令写得不对：{message}\n用 {self.prog} --help 查看用法。\n")


def run() -> NoReturn:
    """The console script."""
    garbage.seldom()
    status = main(sys.argv[1:])
    logging.shutdown()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except BrokenPipeError:
            pass
        except OSError as error:
            status = _unwritten(error)
    if status in {OK, FOUND}:
        # All goes with the process: to take it apart object by object would take longer than many a command.
        os._exit(status)
    sys.exit(status)


def main(argv: Sequence[str]) -> int:
    """Run one command and give its exit status; nothing below this raises to the user."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that knows only GBK must not end a run with a traceback.
            stream.reconfigure(errors="replace")
    options = _parser(argv[0] if argv else "").parse_args(argv)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except BuilderError as error:
        say(f"无法继续：{error}")
        return CANNOT
    except BrokenPipeError:
        # The reader (head, less) has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        say("已停止。")
        return STOPPED
    except OSError as error:
        return _unwritten(error) if error.errno == errno.ENOSPC else _bug(error)
    except Exception as error:  # noqa: BLE001  the boundary where our own bugs become a report
        return _bug(error)


def _parser(word: str) -> argparse.ArgumentParser:
    """The parser of all commands; where ``word`` is one of them, no other is loaded, which takes a while."""
    parser = _Parser(prog="jixiao", description="绩效：检查预算绩效目标文件，并发布为可检索的网站。")
    parser.add_argument("--version", action="version", version=f"jixiao {version()}", help="显示版本")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)
    for name in COMMANDS:
        if word in COMMANDS and word != name:
            commands.add_parser(name)
            continue
        command = import_module(f"builder.commands.{name}{'_' if iskeyword(name) else ''}")
        added = commands.add_parser(name, help=command.HELP, description=command.DESCRIPTION)
        command.options(added)
        added.set_defaults(command=command.run)
    return parser


def _unwritten(error: OSError) -> int:
    """What cannot be written out is no bug of ours."""
    with suppress(OSError):
        say(f"无法继续：写不下去了（{error.strerror}）。请检查磁盘空间。")
    return CANNOT


def _bug(error: Exception) -> int:
    with tempfile.NamedTemporaryFile(
        "w", prefix="jixiao-", suffix=".txt", delete=False, encoding="utf-8"
    ) as stream:
        stream.write(f"jixiao {version()}\nPython {sys.version}\n{' '.join(sys.argv)}\n\n")
        stream.writelines(traceback.format_exception(error))
    say(f"程序自身出错了（{type(error).__name__}），数据没有改动。请把这个文件发给维护者：{stream.name}")
    return BUG
