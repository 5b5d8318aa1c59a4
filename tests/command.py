"""The command run inside the test's own process: the real one, but for the slow start of Python."""

from __future__ import annotations

import os
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING
from unittest.mock import patch

from builder import cli

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


def run(folder: Path, *words: str, **environment: str) -> Done:
    """Run ``jixiao WORDS`` in ``folder``."""
    said, complained = StringIO(), StringIO()
    with (
        chdir(folder),
        patch.dict(os.environ, environment),
        redirect_stdout(said),
        redirect_stderr(complained),
    ):
        code = cli.main(words)
    return Done(code, said.getvalue(), complained.getvalue())
