"""What is kept of very many units, in few bytes: it is held all at once, and handed to other processes."""

from __future__ import annotations

import struct
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from builder.frozen import Packed, frozen
from builder.store import Part, Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from builder.store import Store

_KEY = 32  # bytes
_PART = struct.Struct("<QQ32s")
_SHA = 16  # where the SHA-256 of a part stands


@frozen()
class Bundle(Packed):
    """Parts of the same ``names`` of many entries of one store.

    ``packed``: of each entry its key, and of each part where it stands, its length and its SHA-256.
    """

    names: tuple[str, ...]
    packed: bytes

    @staticmethod
    def of(entries: Iterable[Stored], names: Sequence[str]) -> Bundle:
        """Those parts, which each entry has."""
        packed = bytearray()
        for one in entries:
            packed += bytes.fromhex(one.path.name)
            for part in map(one.parts.__getitem__, names):
                packed += _PART.pack(part.start, part.size, bytes.fromhex(part.sha256))
        return Bundle(tuple(names), bytes(packed))

    @staticmethod
    def joined(bundles: Iterable[Bundle]) -> Bundle:
        """The entries of all, which have parts of the same names."""
        held = [*bundles]
        return Bundle(held[0].names, b"".join(one.packed for one in held)) if held else EMPTY

    def only(self, names: Iterable[str]) -> Bundle:
        """The same with no parts but those."""
        wanted = tuple(names)
        if not self.packed:
            return Bundle(wanted, b"")
        places = [*map(self._place, wanted)]
        packed = bytearray()
        for entry in self._entries():
            packed += entry[:_KEY]
            for at in places:
                packed += entry[at : at + _PART.size]
        return Bundle(wanted, bytes(packed))

    def digest(self) -> str:
        """What stands for the content of all parts, whatever entries they are in."""
        known = sha256()
        for entry in self._entries():
            for at in range(_KEY + _SHA, len(entry), _PART.size):
                known.update(entry[at : at + _PART.size - _SHA])
        return known.hexdigest()

    def stored(self, store: Store) -> Iterator[Stored]:
        """Each entry, in the store that they are of."""
        for entry in self._entries():
            facts = _PART.iter_unpack(entry[_KEY:])
            parts = (Part(start, size, sha.hex()) for start, size, sha in facts)
            yield Stored(store.path(entry[:_KEY].hex()), dict(zip(self.names, parts, strict=True)))

    def readers(self, store: Store) -> Iterator[Callable[[str], bytes | None]]:
        """For each entry what reads a part of it, as ``Stored.read`` does; holds nothing but its place."""
        return (partial(self._read, store, at) for at in range(0, len(self.packed), self._size))

    def _read(self, store: Store, at: int, name: str) -> bytes | None:
        start, size, sha = _PART.unpack_from(self.packed, at + self._place(name))
        path = store.path(self.packed[at : at + _KEY].hex())
        return Stored(path, {name: Part(start, size, sha.hex())}).read(name)

    @property
    def _size(self) -> int:
        return _KEY + len(self.names) * _PART.size

    def _place(self, name: str) -> int:
        return _KEY + self.names.index(name) * _PART.size

    def _entries(self) -> Iterator[bytes]:
        size = self._size
        return (self.packed[at : at + size] for at in range(0, len(self.packed), size))


EMPTY = Bundle((), b"")
