"""Every code that a problem can have, with its words: of rules, and of reader, form, path and waivers."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from builder import rules
from builder.check import HISTORY_CODES, PATH_CODES, severity_of
from builder.frozen import frozen
from builder.shape import SHAPE_CODES
from builder.waivers import WAIVER_CODES
from builder.yaml_faults import READER_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.problem import Severity
    from builder.rules import CrossRule, Rule

GROUPS = {
    "C": "完整性",
    "R": "相关性",
    "A": "适当性",
    "F": "可行性",
    "V": "指标值的写法",
    "M": "资金",
    "T": "文字",
    "X": "文件之间",
    "P": "公开",
}
"""First letter of a rule → what its group is about."""

_OTHER = "其他"
_READER, _SHAPE, _PATH, _WAIVER = "文件的写法", "表样的栏目", "文件的位置", "豁免本身"
_HISTORY = "调整记录（用 jixiao check --history 检查）"
_NEAR = 0.4


@frozen()
class Code:
    """编号: its title, the severity it comes with, its group, and the rule behind it where there is one."""

    code: str
    title: str
    severity: Severity
    group: str
    rule: Rule | CrossRule | None = None


def _every() -> Iterator[Code]:
    order = [*GROUPS]
    listed = sorted(rules.BY_CODE.values(), key=lambda rule: (_rank(rule.code[0], order), rule.code))
    for rule in listed:
        yield Code(rule.code, rule.title, rule.severity, GROUPS.get(rule.code[0], _OTHER), rule)
    titles = {code: title for code, (title, _) in WAIVER_CODES.items()}
    for group, found in (
        (_READER, READER_CODES),
        (_SHAPE, SHAPE_CODES),
        (_PATH, PATH_CODES),
        (_WAIVER, titles),
        (_HISTORY, HISTORY_CODES),
    ):
        for code, title in found.items():
            yield Code(code, title, severity_of(code), group)


def _rank(letter: str, order: list[str]) -> int:
    return order.index(letter) if letter in order else len(order)


CODES: Mapping[str, Code] = {code.code: code for code in _every()}
"""Every code in the order of the public list: the rules by group, then what is found without them."""


def meaning(code: str) -> str:
    """What a code is about: what a rule asks for, or what is wrong; nothing for a code that is not known."""
    if code not in CODES:
        return ""
    return f"要求：{CODES[code].title}" if CODES[code].rule else CODES[code].title


def nearest(word: str) -> tuple[str, ...]:
    """Up to three codes that look like a word, of the same letter where there are any."""
    wanted = word.strip().upper()
    same = [code for code in CODES if code[:1] == wanted[:1]]
    return tuple(get_close_matches(wanted, same or CODES, 3, _NEAR))
