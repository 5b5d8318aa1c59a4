"""What was written: each file with its size and SHA-256, and the list that ``sha256sum -c`` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import downloads
from builder.downloads import Listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.inventory import Inventory


def listed(path: str, inventory: Inventory) -> Listed:
    """A file of the site."""
    digest = inventory.of(path)
    return Listed(path, digest.size, digest.sha256)


def checksums(files: Iterable[Listed]) -> str:
    """The text of SHA256SUMS, with paths from its own folder, ``data/``."""
    inside = f"{downloads.FOLDER}/"
    return "".join(f"{file.sha256}  {file.path.removeprefix(inside)}\n" for file in files)
