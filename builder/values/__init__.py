"""指标值: text ↔ Value. ``parse`` reads any text, ``canonical`` writes what it read."""

from __future__ import annotations

from builder.values.parser import parse
from builder.values.phrases import name_direction
from builder.values.printer import canonical, canonical_with, comparable_number, comparable_upper
from builder.values.value import (
    Deadline,
    Direction,
    Doubt,
    Kind,
    Moment,
    Operator,
    Precision,
    Source,
    Suspicion,
    Unit,
    Value,
)
from builder.values.vocabulary import Vocabulary, vocabulary

__all__ = [
    "Deadline",
    "Direction",
    "Doubt",
    "Kind",
    "Moment",
    "Operator",
    "Precision",
    "Source",
    "Suspicion",
    "Unit",
    "Value",
    "Vocabulary",
    "canonical",
    "canonical_with",
    "comparable_number",
    "comparable_upper",
    "name_direction",
    "parse",
    "vocabulary",
]
