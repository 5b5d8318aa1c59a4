"""A zip archive written from deflated pieces, which the standard library would deflate again.

The format is that of APPNOTE 6.3.3, without any of its extensions: no entry and no archive reaches 4 GiB.
The same pieces give the same bytes: every entry has the first date that the format knows.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO

from builder.errors import BuilderError
from builder.exports.data.deflated import END, joined_crc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from builder.exports.data.deflated import Piece

_MOST = 0xFFFFFFFF
_VERSION, _DEFLATED = 20, 8
_DAY = 1 << 5 | 1  # 1980-01-01
_FACTS = "5H3I2H"
"""Version, flags, method, time, day; CRC, size deflated and not; lengths of the name and of more facts."""
_LOCAL = Struct(f"<4s{_FACTS}")
_CENTRAL = Struct(f"<4sH{_FACTS}3H2I")
_END = Struct("<4s4H2IH")


@dataclass(slots=True)
class Archive:
    """An archive being written; ``central`` is the directory at its end."""

    stream: BinaryIO
    central: list[bytes] = field(default_factory=list)

    def add(self, name: str, pieces: Iterable[Piece]) -> None:
        """Write one entry; ``name`` in ASCII.

        Raises:
            BuilderError: it is too large for the format.
        """
        word, start = name.encode("ascii"), self.stream.tell()
        self.stream.seek(_LOCAL.size + len(word), 1)
        crc, size, deflated = 0, 0, len(END)
        for piece in pieces:
            crc = joined_crc(crc, piece)
            size += piece.size
            deflated += self.stream.write(piece.data)
        end = self.stream.tell() + self.stream.write(END)
        if max(size, end) > _MOST:
            raise BuilderError(f"Excel 文件里的“{name}”超过 4 GiB，放不下：请分年度发布。")
        facts = (_VERSION, 0, _DEFLATED, 0, _DAY, crc, deflated, size, len(word), 0)
        self.stream.seek(start)
        self.stream.write(_LOCAL.pack(b"PK\x03\x04", *facts) + word)
        self.stream.seek(end)
        self.central.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, *facts, 0, 0, 0, 0, start) + word)

    def end(self) -> None:
        """Write the directory."""
        start, directory, count = self.stream.tell(), b"".join(self.central), len(self.central)
        self.stream.write(directory)
        self.stream.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0))


@contextmanager
def writing(path: Path) -> Iterator[Archive]:
    """A new archive, which is whole afterwards."""
    with path.open("wb") as stream:
        archive = Archive(stream)
        yield archive
        archive.end()
