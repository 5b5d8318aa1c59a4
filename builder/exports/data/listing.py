"""What was written: each file with its size and SHA-256, and the list that ``sha256sum -c`` reads."""

from __future__ import annotations

from hashlib import file_digest
from typing import TYPE_CHECKING

from builder import downloads
from builder.downloads import Listed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def listed(folder: Path, path: str) -> Listed:
    """A file under the site's folder as it stands there."""
    full = folder / path
    with full.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    return Listed(path, full.stat().st_size, digest)


def checksums(files: Iterable[Listed]) -> str:
    """The text of SHA256SUMS, with paths from its own folder, ``data/``."""
    inside = f"{downloads.FOLDER}/"
    return "".join(f"{file.sha256}  {file.path.removeprefix(inside)}\n" for file in files)
