"""One type scale and one scale of space: what every style sheet of the site is held to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ASSETS = Path(__file__).parent.parent / "builder" / "theme" / "assets" / "jixiao"
SHEETS = sorted(ASSETS.glob("*.css"))
_DECLARATION = re.compile(r"(?P<name>[\w-]+)\s*:\s*(?P<value>[^;{}]+);")
_SPACE = re.compile(r"(margin|padding|gap|row-gap|column-gap)(-[a-z-]+)?")
_PAPER = re.compile(r"[0-9.]+(pt|mm)")


def _declared(path: Path) -> list[tuple[str, str]]:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [(found["name"], found["value"].strip()) for found in _DECLARATION.finditer(text)]


def _scale(kind: str) -> list[float]:
    sizes = [
        float(value.removesuffix("rem"))
        for name, value in _declared(ASSETS / "site.css")
        if re.fullmatch(rf"--jx-{kind}-[0-9]", name)
    ]
    return sizes[:6]


@pytest.mark.parametrize("kind", ["text", "space"])
def test_a_scale_has_six_steps_each_larger_than_the_one_before(kind: str) -> None:
    steps = _scale(kind)
    assert len(steps) == 6
    assert steps == sorted(set(steps))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sizes_of_type_are_those_of_the_scale(path: Path) -> None:
    sizes = [value for name, value in _declared(path) if name == "font-size"]
    others = {value for value in sizes if not value.startswith("var(--jx-text-")}
    assert {value for value in others if not _PAPER.fullmatch(value)} <= {"inherit", "165%"}


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_space_is_that_of_the_scale(path: Path) -> None:
    spaces = [value for name, value in _declared(path) if _SPACE.fullmatch(name)]
    assert [value for value in spaces if re.search(r"[0-9]rem|[0-9]px", value)] == []


def test_numbers_stand_under_one_another() -> None:
    assert ("font-variant-numeric", "tabular-nums") in _declared(ASSETS / "site.css")
