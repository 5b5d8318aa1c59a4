"""Records are what frozen dataclasses are, in less time."""

from __future__ import annotations

import operator
import pickle
from dataclasses import dataclass, field, replace
from functools import cached_property

import pytest

from builder.frozen import Packed, frozen


@frozen(order=True)
class Ours(Packed):
    """A record."""

    name: str
    number: int = 0
    note: str = field(default="", compare=False)
    shy: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, order=True)
class Theirs:
    """The same as a dataclass."""

    name: str
    number: int = 0
    note: str = field(default="", compare=False)
    shy: str = field(default="", repr=False)


VALUES = [
    ("示例", 1, "甲", "乙"),
    ("示例", 1, "丙", "乙"),
    ("示例", 1, "甲", "丁"),
    ("示例", 2, "甲", "乙"),
    ("例", 1, "", ""),
]


@pytest.mark.parametrize("one", VALUES)
@pytest.mark.parametrize("other", VALUES)
def test_records_compare_as_dataclasses_do(
    one: tuple[str, int, str, str], other: tuple[str, int, str, str]
) -> None:
    assert (Ours(*one) == Ours(*other)) is (Theirs(*one) == Theirs(*other))
    for way in (operator.lt, operator.le, operator.gt, operator.ge):
        assert way(Ours(*one), Ours(*other)) is way(Theirs(*one), Theirs(*other))
    assert (hash(Ours(*one)) == hash(Ours(*other))) is (Theirs(*one) == Theirs(*other))


def test_a_record_prints_as_a_dataclass_does() -> None:
    assert repr(Ours(*VALUES[0])) == repr(Theirs(*VALUES[0])).replace("Theirs", "Ours")


def test_a_record_equals_none_of_another_class_and_is_not_ordered_among_them() -> None:
    assert Ours(*VALUES[0]) != Theirs(*VALUES[0])  # type: ignore[comparison-overlap]
    with pytest.raises(TypeError):
        assert Ours("示例") < Theirs("示例")  # type: ignore[operator]


def test_a_record_comes_back_from_a_pickle_whole_and_can_be_made_anew_with_a_change() -> None:
    made = Ours(*VALUES[0])
    again = pickle.loads(pickle.dumps(made))  # noqa: S301  made here
    assert (again, again.note, again.shy) == (made, "甲", "乙")
    assert replace(made, number=5) == Ours("示例", 5, "甲", "乙")


def test_the_type_checker_refuses_to_change_a_record() -> None:
    """That it does is checked with the types: where it did not, the remark would be one too many."""
    made = Ours("示例")
    made.name = "改"  # type: ignore[misc]
    assert not hasattr(made, "__dict__")


@frozen(eq=False, slots=False)
class Alone:
    """A record equal to itself only, which may work something out once."""

    name: str

    @cached_property
    def twice(self) -> str:
        """Worked out when it is asked for."""
        return self.name * 2


def test_a_record_may_be_equal_to_itself_only() -> None:
    one = Alone("甲")
    assert one == one  # noqa: PLR0124  that is what is asked
    assert one != Alone("甲")
    assert (one.twice, one.twice) == ("甲甲", "甲甲")


@frozen()
class Nothing:
    """A record of no fields."""


def test_records_of_no_fields_are_all_equal() -> None:
    assert Nothing() == Nothing()
    assert len({Nothing(), Nothing()}) == 1
