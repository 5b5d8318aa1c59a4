"""What is kept of very many units, in few bytes: nothing of it is lost on the way."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from builder.bundle import EMPTY, Bundle
from builder.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from builder.store import Stored

NAMES = (":one", ":two", ":three")


def _entries(store: Store, number: int, salt: str = "") -> list[Stored]:
    """Entries whose parts are named after the salt, at places that the entry's number decides."""
    return [
        store.put(
            sha256(f"{salt}{one}".encode()).hexdigest(),
            [("page.html", b"x" * one), *((name, f"{name}{one}".encode()) for name in NAMES)],
        )
        for one in range(number)
    ]


def _read(bundle: Bundle, store: Store) -> list[dict[str, bytes | None]]:
    return [{name: one.read(name) for name in one.parts} for one in bundle.stored(store)]


def test_every_part_of_every_entry_can_be_read_in_order(tmp_path: Path) -> None:
    store = Store(tmp_path)
    entries = _entries(store, 5)
    whole = Bundle.of(entries, NAMES)
    expected: list[dict[str, bytes | None]] = [
        {name: f"{name}{one}".encode() for name in NAMES} for one in range(5)
    ]
    assert _read(whole, store) == expected
    assert [{name: read(name) for name in NAMES} for read in whole.readers(store)] == expected
    assert [one.path for one in whole.stored(store)] == [one.path for one in entries]
    some = whole.only((":three", ":one"))
    assert _read(some, store) == [{name: one[name] for name in (":three", ":one")} for one in expected]
    first, rest = Bundle.of(entries[:2], NAMES), Bundle.of(entries[2:], NAMES)
    assert Bundle.joined((first, rest)) == whole
    assert Bundle.joined(()) == EMPTY
    assert _read(EMPTY, store) == _read(EMPTY.only((":one",)), store) == []


def test_its_digest_tells_content_and_order_and_nothing_else(tmp_path: Path) -> None:
    """Not the places of the parts in their entries, nor what these are called."""
    store, other = Store(tmp_path / "one"), Store(tmp_path / "two")
    entries, moved = _entries(store, 4), _entries(other, 4, salt="other")
    digest = Bundle.of(entries, NAMES).digest()
    assert Bundle.of(moved, NAMES).digest() == digest
    shifted = [
        other.put(one.path.name, [("longer", b"y" * 9), *((name, one.read(name) or b"") for name in NAMES)])
        for one in entries
    ]
    assert Bundle.of(shifted, NAMES).digest() == digest
    assert Bundle.of(entries[::-1], NAMES).digest() != digest
    assert Bundle.of(entries[:3], NAMES).digest() != digest
    assert Bundle.of(entries, NAMES[:2]).digest() != digest
