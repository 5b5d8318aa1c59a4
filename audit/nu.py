"""Valid HTML: the Nu checker over the pages of a site, in one run of Java."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def errors(files: Iterable[Path], jar: Path) -> list[str]:
    """What is not valid in the files, one sentence each.

    Raises:
        FileNotFoundError: there is no Java or no checker.
    """
    java = shutil.which("java")
    if java is None or not jar.is_file():
        raise FileNotFoundError(java or "java")
    options = ("--errors-only", "--format", "json", "--exit-zero-always", "--stdout")
    done = subprocess.run(
        [java, "-jar", str(jar), *options, *map(str, files)],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return [_sentence(message) for message in json.loads(done.stdout)["messages"]]


def _sentence(message: dict[str, object]) -> str:
    file = unquote(urlsplit(str(message.get("url", ""))).path)
    place = f"{file}:{message.get('lastLine', '')}:{message.get('lastColumn', '')}"
    return f"{place} {message['message']} {str(message.get('extract', '')).strip()}"
