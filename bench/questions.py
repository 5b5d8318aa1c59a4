"""Questions of many kinds about a collection, and their true answers by a plain scan with Python's ``in``."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_OF_KIND = 8
_PLAIN = str.isalnum


@dataclass(frozen=True, slots=True)
class Text:
    """One project: its address from the root and its folded fields."""

    address: str
    fields: tuple[str, ...]


def fold(text: str) -> str:
    """The form in which texts are compared."""
    return "".join(normalize("NFKC", text).casefold().split())


def texts(targets: Path) -> list[Text]:
    """Every project below ``targets``, read with nothing of this project's own."""
    found = []
    for path in sorted(targets.rglob("*.yml")):
        if path.stem == "部门":
            continue
        data = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        rows = [row for level1 in data["绩效指标"].values() for level2 in level1.values() for row in level2]
        fields = [data["项目名称"], data["主管部门"], data["实施单位"], *data["年度总体目标"]]
        fields += [text for row in rows for text in (row["三级指标"], str(row["指标值"]))]
        address = f"{path.relative_to(targets).with_suffix('').as_posix()}/"
        found.append(Text(address, tuple(map(fold, fields))))
    return found


def truth(question: str, records: Sequence[Text]) -> set[str]:
    """The addresses of the projects in which every word of the question occurs."""
    words = [fold(word) for word in question.split()]
    return {
        record.address
        for record in records
        if all(any(word in field for field in record.fields) for word in words)
    }


def questions(records: Sequence[Text], seed: int = 7) -> list[str]:
    """64 questions cut from the texts, eight of each kind; the first eight are one of each."""
    dice = random.Random(seed)  # noqa: S311  invented data, not secrets
    kinds: tuple[Callable[[], str], ...] = (
        lambda: dice.choice(records).fields[0],
        lambda: _cut(dice, records, 6, 10),
        lambda: _cut(dice, records, 3, 4),
        lambda: _cut(dice, records, 2, 2),
        lambda: _cut(dice, records, 1, 1),
        lambda: _signed(dice, records),
        lambda: _numbered(dice, records),
        lambda: f"{_cut(dice, records, 2, 3)} {_cut(dice, records, 2, 4)}",
    )
    asked = [kind() for _ in range(_OF_KIND) for kind in kinds]
    asked[-1] = "没有这样的文字"
    return asked


def _cut(dice: random.Random, records: Sequence[Text], least: int, most: int) -> str:
    return next(_pieces(dice, records, least, most, lambda part: all(map(_PLAIN, part))))


def _signed(dice: random.Random, records: Sequence[Text]) -> str:
    return next(_pieces(dice, records, 3, 6, lambda part: not all(map(_PLAIN, part))))


def _numbered(dice: random.Random, records: Sequence[Text]) -> str:
    return next(_pieces(dice, records, 2, 5, lambda part: any(map(str.isdigit, part))))


def _pieces(
    dice: random.Random, records: Sequence[Text], least: int, most: int, wanted: Callable[[str], bool]
) -> Iterator[str]:
    """Pieces of texts, as they come, that are what is wanted."""
    while True:
        field = dice.choice(dice.choice(records).fields)
        length = dice.randint(least, most)
        if len(field) >= length:
            start = dice.randrange(len(field) - length + 1)
            part = field[start : start + length]
            if wanted(part) and '"' not in part:
                yield part
