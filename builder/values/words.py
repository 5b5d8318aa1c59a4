"""The words and signs that stand for an operator. They are grammar, not vocabulary: each needs its meaning.

以上, 以下, 以内 include the number, 超过, 不满 do not (民法典第一千二百五十九条).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.values.value import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

_BEFORE = {
    Operator.AT_LEAST: (
        "≥ ≥= >= => 大于等于 大于或等于 大于或者等于 不低于 不少于 不小于 不短于 "
        "不得低于 不得少于 不得小于 应不低于 应不少于 至少 最少 最低"
    ),
    Operator.MORE: "> 大于 超过 超出 高于 多于 逾",
    Operator.EQUAL: "= == 等于",
    Operator.LESS: "< 小于 低于 少于 短于 不足 不满 未满 不到",
    Operator.AT_MOST: (
        "≤ ≤= <= =< 小于等于 小于或等于 小于或者等于 不高于 不超过 不多于 不大于 不长于 不超出 "
        "不得超过 不得高于 不得大于 不得多于 应不超过 未超过 至多 最多 最高 最长"
    ),
    Operator.WITHIN: "± +- +/- 正负",
}
_SOFT = {
    Operator.AT_LEAST: "达到 达 达至 力争达到 提高到 提高至 提升到 提升至 增加到 增加至 增长到 增长至",
    Operator.AT_MOST: (
        "控制在 降到 降至 降低到 降低至 下降到 下降至 减少到 减少至 压缩到 压缩至 缩短到 缩短至"
    ),
}
_AFTER = {
    Operator.AT_LEAST: "以上 及以上 或以上 及其以上 以上含 及更多",
    Operator.AT_MOST: "以下 及以下 或以下 以内 之内 内 范围内 范围以内",
}

SOFT = {word: operator for operator, words in _SOFT.items() for word in words.split()}
"""In front of a number, giving way to a plainer word: 达到 98% is ≥, 达到 98% 左右 is not."""

BEFORE = {word: operator for operator, words in _BEFORE.items() for word in words.split()} | SOFT
"""In front of a number."""

AFTER = {word: operator for operator, words in _AFTER.items() for word in words.split()}
"""Behind a number."""

ABOUT_BEFORE = ("约", "大约", "约为", "大概", "近", "将近", "接近")
ABOUT_AFTER = ("左右", "上下")
INCLUDED = ("(含)", "含")
"""Between a number and 以上, or behind it: what 以上 says anyway."""

SIGNS = "≥≤><=±"


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of ``words``, the longest that fits."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w))) + ")"
