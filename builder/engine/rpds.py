"""In place of rpds-py, which is compiled and has no build for the browser: what ``referencing`` uses of it.

Small containers that never change; each change gives a new one, copied. A test holds them to the real ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class HashTrieMap(Mapping[Any, Any]):
    """A mapping."""

    __slots__ = ("_of",)

    def __init__(self, value: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = (), **more: object) -> None:
        self._of: dict[Any, Any] = dict(value, **more)

    @classmethod
    def convert(cls, value: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> HashTrieMap:
        """``value`` itself if it is one already."""
        return value if isinstance(value, cls) else cls(value)

    def __getitem__(self, key: object) -> Any:  # noqa: ANN401  of any kind, as the real one's
        return self._of[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)

    def __hash__(self) -> int:
        return hash(frozenset(self._of.items()))

    def insert(self, key: object, val: object) -> HashTrieMap:
        """With one more, or with another value for a key."""
        return HashTrieMap({**self._of, key: val})

    def remove(self, key: object) -> HashTrieMap:
        """Without a key, which must be there."""
        self._of[key]
        return self.discard(key)

    def discard(self, key: object) -> HashTrieMap:
        """Without a key."""
        return HashTrieMap({other: value for other, value in self._of.items() if other != key})

    def update(self, *more: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> HashTrieMap:
        """With all of ``more``."""
        whole = dict(self._of)
        for each in more:
            whole.update(each)
        return HashTrieMap(whole)


class HashTrieSet(frozenset[Any]):
    """A set."""

    __slots__ = ()

    def insert(self, value: object) -> HashTrieSet:
        """With one more."""
        return HashTrieSet({*self, value})

    def remove(self, value: object) -> HashTrieSet:
        """Without a member, which must be there."""
        if value not in self:
            raise KeyError(value)
        return self.discard(value)

    def discard(self, value: object) -> HashTrieSet:
        """Without a member."""
        return HashTrieSet(self - {value})

    def update(self, *more: Iterable[Any]) -> HashTrieSet:
        """With all of ``more``."""
        return HashTrieSet(self.union(*more))


class List(tuple[Any, ...]):
    """A list that grows at its front."""

    __slots__ = ()

    def push_front(self, value: object) -> List:
        """With one more, at the front."""
        return List((value, *self))

    def drop_first(self) -> List:
        """Without the first."""
        if not self:
            raise IndexError
        return List(self[1:])
