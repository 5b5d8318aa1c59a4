"""git as a program: words in, bytes out. What it refuses becomes a GitError with a Chinese sentence."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from builder.errors import BuilderError

if TYPE_CHECKING:
    from pathlib import Path

GIT = ("git", "-c", "core.quotePath=false", "-c", "log.showSignature=false")

_NO_GIT = "没有找到 git 程序，不能读以前的版本：请安装 git 后再试。"
_SENTENCES = {
    "not a git repository": "“{folder}”不在 git 仓库里，没有以前的版本可以比较。",
    "dubious ownership": (
        "git 认为“{folder}”所在的仓库属于别的用户，不肯读：确认可信后，运行 "
        "git config --global --add safe.directory 仓库的完整路径。"
    ),
}


class GitError(BuilderError):
    """git is missing, or refused what was asked."""


def run(folder: Path, *words: str) -> bytes:
    """What ``git WORDS`` prints in ``folder``.

    Raises:
        GitError: no git, no repository, or a refusal.
    """
    try:
        done = subprocess.run(  # noqa: S603  no shell; words from users are held to be names by the callers
            [*GIT, *words], cwd=folder, capture_output=True, check=False, env=environment()
        )
    except OSError as error:
        raise GitError(_NO_GIT) from error
    if done.returncode:
        raise GitError(_sentence(folder, done.stderr.decode("utf-8", "replace")))
    return done.stdout


def environment() -> dict[str, str]:
    """The environment of git: its messages in one language, no questions asked, no lock taken."""
    return {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


def text(raw: bytes) -> str:
    """Names and refs as git gives them; bytes that are no UTF-8 survive the way back to the disk."""
    return raw.decode("utf-8", "surrogateescape")


def _sentence(folder: Path, said: str) -> str:
    for words, sentence in _SENTENCES.items():
        if words in said:
            return sentence.format(folder=folder)
    first = next(iter(said.strip().splitlines()), "没有说明原因")
    return f"git 没有做成：{first}"
