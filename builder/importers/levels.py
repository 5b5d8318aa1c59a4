"""一级指标 and 二级指标 of all forms, known again in a cell, and their place in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers.labels import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from builder.form import Form

_ENDING = "指标"
_OTHER_WORDS = {
    "服务对象满意度指标": """
        满意度指标 满意度 社会公众或服务对象满意度指标 社会公众满意度指标 服务对象或受益人满意度指标
        服务对象或项目受益人满意度指标 受益对象满意度指标 群众满意度指标 社会公众或服务对象满意度
    """,
    "可持续影响指标": """
        可持续性影响指标 可持续影响效益指标 可持续发展影响指标 可持续效益指标 可持续性指标
    """,
    "生态环境成本指标": "环境成本指标 生态成本指标",
    "生态效益指标": "环境效益指标 生态环境效益指标",
}
"""What other places call a 二级指标: near to it, not the same word."""


@frozen()
class Levels:
    """By the plain words of a label the 一级 or 二级 it names; of a 二级 also whether only nearly."""

    level1: Mapping[str, str]
    level2: Mapping[str, tuple[str, bool]]

    def is_full(self, text: str) -> bool:
        """Whether a text is the whole name of some level, as no 三级指标 should be called."""
        words = plain(text)
        return words.endswith(_ENDING) and (words in self.level1 or words in self.level2)

    def is_any(self, text: str) -> bool:
        """Whether a text names some level, in full or in short."""
        words = plain(text)
        return words in self.level1 or words in self.level2

    def begun(self, text: str) -> tuple[str, ...]:
        """The names that begin with ``text``: a label that was cut by the end of a page."""
        words = plain(text)
        names = [*self.level1, *self.level2]
        return tuple(name for name in names if len(words) > 1 and name.startswith(words) and name != words)

    def is_rest(self, text: str) -> bool:
        """Whether ``text`` is only the end of a label whose beginning stands above."""
        words = plain(text)
        names = [*self.level1, *self.level2]
        return bool(words) and not self.is_any(text) and any(name.endswith(words) for name in names)


def of_forms(forms: Iterable[Form]) -> Levels:
    """The levels of all forms together."""
    level1: dict[str, str] = {}
    level2: dict[str, tuple[str, bool]] = {}
    for form in forms:
        for one in form.level1:
            level1 |= dict.fromkeys(_spellings(one.name), one.name)
            for slot in one.level2:
                level2 |= dict.fromkeys(_spellings(slot.name), (slot.name, False))
    for name, others in _OTHER_WORDS.items():
        known = any(name == full for full, _ in level2.values())
        for other in others.split() if known else ():
            for words in _spellings(other):
                level2.setdefault(words, (name, True))
    return Levels(level1, level2)


def _spellings(name: str) -> set[str]:
    return {plain(name), plain(name.removesuffix(_ENDING))}


@frozen()
class Home:
    """Where a row belongs in a form. ``fits``: it has such a 二级; ``moved``: not where it was printed."""

    level1: str
    level2: str
    fits: bool
    moved: bool


def home(form: Form, level1: str | None, level2: str | None) -> Home:
    """Where a row of the stated 一级 and 二级 belongs; stated names are kept where the form has none such."""
    parents = {slot.name: parent.name for parent, slot in form.slots}
    one = next((parent for parent in form.level1 if parent.name == level1), None)
    if level2 is None and one is not None and len(one.level2) == 1:
        return Home(one.name, one.level2[0].name, fits=True, moved=True)
    if level2 is None or level2 not in parents:
        return Home(level1 or "", level2 or "", fits=False, moved=False)
    return Home(parents[level2], level2, fits=True, moved=level1 is not None and level1 != parents[level2])
