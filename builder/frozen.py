"""Records: frozen dataclasses, to whoever checks the types, that are quick to define, to make and to pickle.

``dataclass`` compiles six methods for each class, which takes a third of the start of a command; a frozen one
sets each field by a call, and with slots is pickled field by field. There are some two hundred classes of
records here, and of some of them a million records.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(*, eq: bool = True, order: bool = False, slots: bool = True) -> Callable[[type[T]], type[T]]:
    """The class as a record, frozen for the type checker, which sees every line of this program.

    ``eq`` and ``order`` as of ``dataclass``: by its fields, or else each is equal to itself only. How records
    print and compare is not for the class to say: methods of its own for that are replaced.
    """

    def made(kind: type[T]) -> type[T]:
        kind = dataclass(eq=False, repr=False, slots=slots)(kind)
        methods: dict[str, Callable[..., Any]] = {"__repr__": _shown(kind)}
        if eq:
            methods |= _compared(_getter(kind, "compare"), is_ordered=order)
        for name, method in methods.items():
            setattr(kind, name, method)
        return kind

    return made


def _shown(kind: type[Any]) -> Callable[[Any], str]:
    """How records of a class print, as dataclasses do."""
    names = [one.name for one in fields(kind) if one.repr]
    form = f"{kind.__qualname__}({', '.join(f'{name}=%r' for name in names)})"
    values = _getter(kind, "repr")

    def printed(self: Any) -> str:  # noqa: ANN401  any record
        return form % values(self)

    return printed


def _compared(values: Callable[[Any], tuple[Any, ...]], *, is_ordered: bool) -> dict[str, Callable[..., Any]]:
    """The methods that compare records of one class by what ``values`` gives of each."""

    def by(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def compared(self: Any, other: Any) -> Any:  # noqa: ANN401  any record, anything
            if other.__class__ is not self.__class__:
                return NotImplemented
            return compare(values(self), values(other))

        return compared

    def hashed(self: Any) -> int:  # noqa: ANN401  any record
        return hash(values(self))

    ways: dict[str, Callable[[Any, Any], Any]] = {"__eq__": operator.eq}
    if is_ordered:
        ways |= {"__lt__": operator.lt, "__le__": operator.le, "__gt__": operator.gt, "__ge__": operator.ge}
    return {"__hash__": hashed, **{name: by(way) for name, way in ways.items()}}


def _getter(kind: type[Any], mark: str = "init") -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of those fields of a record that have the mark."""
    names = [one.name for one in fields(kind) if getattr(one, mark)]
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda one: tuple([getattr(one, name) for name in names])


class Packed:
    """A record that is pickled as the values of its fields, and made anew from them."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[..., Packed], tuple[Any, ...]]:
        kind = type(self)
        values = _VALUES.get(kind) or _VALUES.setdefault(kind, _getter(kind))
        return kind, values(self)


_VALUES: dict[type[Packed], Callable[[Packed], tuple[Any, ...]]] = {}
