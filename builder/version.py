"""Which version of the program this is."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """The version of this program."""
    try:
        return metadata.version("jixiao")
    except metadata.PackageNotFoundError:
        return "（未安装）"
