"""An import beside what was drawn: what is right, what carries a doubt, what is wrong in silence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from builder.importers.reader import document
from builder.importers.recognise import recognise
from tests.records import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.importers.draft import Draft, Imported
    from builder.importers.kind import Kind
    from builder.importers.table import Document
    from tests.importing.record import Leaves

INDICATORS = "绩效指标"
_NAME = "三级指标"


def imported(raw: bytes, kind: Kind, name: str = "示例") -> tuple[Document, Imported]:
    """A file as read and as recognised, in this process."""
    read = document(raw, kind)
    return read, recognise(read, name, SCHEMAS)


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:  # noqa: ANN401  YAML
    """Every single value of nested data with its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from leaves(item, (*path, number))
    else:
        yield path, value


def by_name(found: Leaves) -> Leaves:
    """The same with an indicator's name for its number, so that one row more or less moves no other."""
    names = {path[:-1]: str(value) for path, value in found.items() if path[-1] == _NAME}
    return {
        ((*path[:3], names[path[:4]], path[4]) if path[0] == INDICATORS else path): value
        for path, value in found.items()
    }


def score(expected: Leaves, draft: Draft) -> Counter[str]:
    """How many values are ``right``, ``flagged`` (a doubt points at them) or ``wrong``, these by path too."""
    plain: Leaves = dict(leaves({key: value for key, value in draft.data.items() if key != "表样"}))
    got, wanted = by_name(plain), by_name(expected)
    doubted = {doubt.path for doubt in draft.doubts if doubt.path is not None}
    flagged = {
        new for new, old in zip(got, plain, strict=True) if any(old[: len(path)] == path for path in doubted)
    }
    names = {path[3] for path in flagged if path[0] == INDICATORS}
    counts: Counter[str] = Counter()
    for path in {**wanted, **got}:
        missing = path not in got
        listed = path[0] == INDICATORS and path[3] in names
        absent = any(path[: len(other)] == other for other in doubted)
        if path in flagged or (missing and (listed or absent)):
            counts["flagged"] += 1
        elif wanted.get(path) == got.get(path) and not missing:
            counts["right"] += 1
        else:
            counts["wrong"] += 1
            counts[f"wrong: {path}: {wanted.get(path)!r} {got.get(path)!r}"] += 1
    return counts
