"""Records: frozen dataclasses, to whoever checks the types, that are quick to define, to make and to pickle.

``dataclass`` compiles six methods for each class, which takes a third of the start of a command; a frozen one
sets each field by a call, and with slots is pickled field by field. There are some two hundred classes of
records here, and of some of them a million records.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(*, eq: bool = True, order: bool = False, slots: bool = True) -> Callable[[type[T]], type[T]]:
    """The class as a record, frozen for the type checker, which sees every line of this program.

    ``eq`` and ``order`` as of ``dataclass``: by its fields, or else each is equal to itself only.
    """

    def made(kind: type[T]) -> type[T]:
        kind = dataclass(eq=False, repr=False, slots=slots)(kind)
        methods: dict[str, Callable[..., Any]] = {"__repr__": _repr}
        if eq:
            methods |= _compared(_getter(kind, "compare"), is_ordered=order)
        for name, method in methods.items():
            setattr(kind, name, method)
        return kind

    return made


def _repr(self: Any) -> str:  # noqa: ANN401  any record
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _compared(values: Callable[[Any], Any], *, is_ordered: bool) -> dict[str, Callable[..., Any]]:
    """The methods that compare records of one class by what ``values`` gives of each."""

    def equal(self: Any, other: Any) -> bool:  # noqa: ANN401  any record, anything
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def less(self: Any, other: Any) -> bool:  # noqa: ANN401  the same
        return values(self) < values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:  # noqa: ANN401  any record
        return hash(values(self))

    return {"__eq__": equal, "__hash__": hashed, **({"__lt__": less} if is_ordered else {})}


def _getter(kind: type[Any], mark: str = "init") -> Callable[[Any], Any]:
    """What gives the values of those fields of a record that have the mark."""
    names = [one.name for one in fields(kind) if getattr(one, mark)]
    return attrgetter(*names) if names else lambda _: ()


class Packed:
    """A record of two fields or more that is pickled as their values, and made anew from them."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[..., Packed], tuple[Any, ...]]:
        kind = type(self)
        values = _VALUES.get(kind) or _VALUES.setdefault(kind, _getter(kind))
        return kind, values(self)


_VALUES: dict[type[Packed], Callable[[Packed], tuple[Any, ...]]] = {}
