"""What commands share when they speak to a terminal: code frames, colour, progress, MkDocs' warnings."""

from __future__ import annotations

import logging
import os
import sys
from functools import lru_cache
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from builder import version as program

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

OK, FOUND = 0, 1
"""Exit statuses of a command that ran."""

_PROGRESS_EVERY = 500
_SHOWN_BYTES = 1 << 20


def say(line: str) -> None:
    """A line for the person at the terminal; results go to standard output instead."""
    print(line, file=sys.stderr)


def is_terminal() -> bool:
    """Whether standard output is a terminal that wants colour."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def as_utf8() -> None:
    """Write what is meant for programs as UTF-8, whatever the terminal knows."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")


def version() -> str:
    """The version of this program."""
    return program.version()


def lines_under(base: Path) -> Callable[[str], tuple[str, ...]]:
    """A function from a file name to the file's lines, for code frames; none when it cannot be shown."""

    @lru_cache(maxsize=8)
    def lines(file: str) -> tuple[str, ...]:
        try:
            with (base / file).open("rb") as stream:
                text = stream.read(_SHOWN_BYTES).decode("utf-8-sig", errors="replace")
        except OSError:
            return ()
        return tuple(text.replace("\r\n", "\n").split("\n"))

    return lines


def progress(what: str) -> Callable[[int], None] | None:
    """A counter on a terminal's last line, for long work only; ``what`` has ``{}`` for the number."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int) -> None:
        if done % _PROGRESS_EVERY == 0:
            print(f"\r{what.format(done)}", end="", file=sys.stderr, flush=True)

    return tell


def log_warnings() -> None:
    """Show what MkDocs and the plugin have to say from warnings upwards."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.setLevel(logging.WARNING)
    logger.addHandler(handler)


def add_config(parser: argparse.ArgumentParser) -> None:
    """The option that names the configuration."""
    default = Path("mkdocs.yml")
    parser.add_argument(
        "--config", type=Path, default=default, metavar="文件", help="配置文件，默认 mkdocs.yml"
    )


def add_schema(parser: argparse.ArgumentParser) -> None:
    """The option that names the folder of forms."""
    parser.add_argument("--schema", type=Path, metavar="文件夹", help="表样所在的文件夹，默认用随程序安装的")
