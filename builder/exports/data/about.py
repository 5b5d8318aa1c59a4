"""What every export is told: where it writes, and what the site says of itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.store import make_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from builder.schema import Schemas

_json = json.JSONEncoder(ensure_ascii=False).encode


def _lines(value: object) -> str:
    if not value or not isinstance(value, list | tuple):
        return _json(value)
    items = ",\n  ".join(map(_json, value))
    return f"[\n  {items}\n ]"


@frozen()
class About:
    """``folder`` is the site's; ``site_url`` ends in a slash; it and ``licence`` are empty where none is set.

    ``offices``: the office formats to make of each project. ``notice`` stands above every page, or is empty.
    """

    folder: Path
    schemas: Schemas
    site_name: str
    site_url: str = ""
    licence: str = ""
    offices: tuple[str, ...] = ()
    notice: str = ""

    def write(self, path: str, data: bytes) -> None:
        """Write one file under the folder, making its folders."""
        full = f"{self.folder}/{path}"
        if path.endswith("/index.html"):  # a page mostly is the first file of its folder
            make_folder(full.rpartition("/")[0])
        try:
            stream = open(full, "wb", buffering=0)  # noqa: PTH123, SIM115  no Path for each of many files
        except FileNotFoundError:
            make_folder(full.rpartition("/")[0])
            stream = open(full, "wb", buffering=0)  # noqa: PTH123, SIM115  the same
        with stream:
            written = stream.write(data)
            while written < len(data):  # 2 GiB at a time, at most
                written += stream.write(data[written:])

    def write_json(self, path: str, data: Mapping[str, object]) -> None:
        """Write one JSON file, readable by people: each key and each item of a list on a line of its own."""
        lines = ",\n".join(f" {_json(key)}: {_lines(value)}" for key, value in data.items())
        self.write(path, f"{{\n{lines}\n}}\n".encode())

    @property
    def licence_url(self) -> str:
        """The licence, where it is an address."""
        return self.licence if self.licence.startswith(("https://", "http://")) else ""
