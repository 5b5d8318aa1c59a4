"""What an 指标值 means: frozen records, exact decimals, the approved text kept to the letter."""

from __future__ import annotations

from dataclasses import field, fields
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from builder.frozen import Packed, frozen

if TYPE_CHECKING:
    from collections.abc import Callable

ONE = Decimal(1)


class Kind(StrEnum):
    """类型. ``UNKNOWN`` (未识别) is no kind of the form's: it says that the text was not read."""

    QUANTITY = "定量"
    QUALITY = "定性"
    TIME_LIMIT = "时限"
    RANGE = "区间"
    OPEN = "定量其他"
    NOT_APPLICABLE = "不适用"
    UNKNOWN = "未识别"


class Operator(StrEnum):
    """计算符号, in its canonical writing. ``WITHIN``: the number itself is a permitted deviation."""

    AT_LEAST = "≥"
    MORE = ">"
    EQUAL = "="
    LESS = "<"
    AT_MOST = "≤"
    WITHIN = "±"


class Direction(StrEnum):
    """指标方向性: ``UP`` (正向) when more is better, ``DOWN`` (反向) when less is, else ``NEUTRAL``.

    It speaks of the written number where there is one: in 同比下降 5% a larger 5 is better, so 正向.
    """

    UP = "正向"
    DOWN = "反向"
    NEUTRAL = "中性"


class Source(StrEnum):
    """Where a direction comes from: the operator, the end of the indicator's name, a word of the value."""

    OPERATOR = "符号"
    NAME = "名称"
    WORD = "词"
    NONE = "无"


class Precision(StrEnum):
    """精度: the calendar unit a date is given in."""

    DAY = "日"
    TEN_DAYS = "旬"
    MONTH = "月"
    QUARTER = "季"
    HALF = "半年"
    YEAR = "年"


class Doubt(StrEnum):
    """Why a text is suspected."""

    MISREAD = "疑似误识"
    UNIT_MISSING = "缺单位"
    UNIT_GLUED = "单位连写"
    SEVERAL = "不止一个值"
    EMPTY = "没有值"
    PLACEHOLDER = "占位文字"
    DATE = "日期有误"
    CONFLICT = "自相矛盾"
    AMBIGUOUS = "可作两解"
    COMPLETION = "完成情况"
    SPELLING = "写法"


@frozen()
class Suspicion(Packed):
    """疑点: what looks wrong in a text and what to write instead. The text itself is never repaired."""

    kind: Doubt
    message: str
    hint: str


@frozen()
class Unit(Packed):
    """度量单位. A unit the vocabulary lacks has no ``dimension`` (量纲), and its ``name`` is as written.

    One of it is ``scale`` of ``base``. ``counted`` is how it stands right after a number (3 个月).
    ``parts`` are the units it splits into after a slash (元/人年).
    """

    name: str
    dimension: str = ""
    base: str = ""
    scale: Decimal = ONE
    counted: str = ""
    parts: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the vocabulary has it."""
        return bool(self.dimension)


@frozen()
class Moment(Packed):
    """时点. A coarse one stands for its last day, or its first where a period begins.

    ``year`` is ``None`` where neither text nor caller gave one (February then ends on the 29th); ``month`` is
    ``None`` for a day of every month.
    """

    precision: Precision
    year: int | None
    month: int | None
    day: int


@frozen()
class Deadline(Packed):
    """期限: until ``last``, from ``first`` where a period is given, again in ``every`` year, quarter ...

    ``inclusive`` is ``None`` where the text leaves it open (6 月 30 日前).
    """

    last: Moment | None = None
    first: Moment | None = None
    every: str = ""
    inclusive: bool | None = True


@frozen()
class Value(Packed):
    """指标值: ``text`` to the letter, and what it means. Values are equal when they mean the same.

    ``number`` stands before ``magnitude`` (万; worth ``factor``) and ``unit``, as written: 5.9, 万, 件.
    ``upper`` ends a range. ``tolerance`` is what ± adds to a number, in ``tolerance_unit``. ``per`` are the
    units divided by. ``base`` is what a ``change`` (增长, 下降) starts from. ``phrase`` is the text without
    spaces where words are all there is, ``topic`` the words beside a number that say what is counted (满意度
    ≥98%). ``operator`` is ``None`` where none is written.
    """

    text: str = field(compare=False)
    kind: Kind
    understood: bool = True
    operator: Operator | None = None
    operator_written: str = field(default="", compare=False)
    number: Decimal | None = None
    upper: Decimal | None = None
    magnitude: str = ""
    factor: Decimal = ONE
    unit: Unit | None = None
    unit_written: str = field(default="", compare=False)
    per: tuple[str, ...] = ()
    tolerance: Decimal | None = None
    tolerance_unit: Unit | None = None
    approximate: bool = False
    change: str = ""
    base: str = ""
    deadline: Deadline | None = None
    phrase: str = ""
    topic: str = ""
    direction: Direction = Direction.NEUTRAL
    direction_source: Source = Source.NONE
    suspicions: tuple[Suspicion, ...] = field(default=(), compare=False)

    def __reduce__(self) -> tuple[Callable[..., Value], tuple[Any, ...]]:
        """By what is not as in most values."""
        more = {
            name: now for name, now, usual in zip(_MORE, _more(self), _USUAL, strict=True) if now is not usual
        }
        return _made, (self.text, self.kind, more)


_MORE = tuple(one.name for one in fields(Value))[2:]
_USUAL = tuple(one.default for one in fields(Value))[2:]
_more = attrgetter(*_MORE)


def _made(text: str, kind: Kind, more: dict[str, Any]) -> Value:
    return Value(text, kind, **more)
