"""Horizontal bars as inline SVG: numbers in, SVG text out. The only module that knows the charting library.

The library measures and places the bars. They are set in a box of their own that is stretched to the width of
the page; the texts stand in units of the font (``em``) and in shares of the width (``%``), so that they keep
their size on a narrow screen and grow with large text. Colours are the style sheet's.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from html import escape
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from leather import Series
from leather.scales import Linear, Ordinal
from leather.shapes import Bars

from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

SHARES = Linear(0, 100)
"""The scale of every chart: lengths in percent of the longest bar. Made once, as it is dear to make."""

PITCH = Decimal("3.15")
"""From one bar to the next, em: a line for the name, one for the bar, one of space."""

LINES = 3
NAME_LINE = Decimal("0.9")
VALUE_LINE = Decimal("2.13")
TOP = Decimal("0.2")
"""Where the first name and the first value stand, and how far the box of bars is moved down, em."""

LONG, SHORT = 22, 15
"""Width of a name, em, in a wide and in a narrow figure; the style sheet shows one of the two."""

NARROWEST = Decimal(16)
"""Width of the narrowest figure, em: 320 px in large text."""

GAP = Decimal("0.4")
WIDE, SLIM = Decimal(1), Decimal("0.6")
"""Space between bar and value, and widths of a Chinese and of another character, em."""


@frozen()
class Bar:
    """One bar: how long, its name above and its label behind.

    ``part``: how much of it is filled; by itself, all of it. ``aside`` stands at the end of the name's line.
    """

    name: str
    value: Decimal | int
    label: str
    part: Decimal | int | None = None
    aside: str = ""

    @property
    def filled(self) -> Decimal | int:
        """How much of it is filled."""
        return self.value if self.part is None else self.part


@frozen()
class Chart:
    """Bars in order. ``key`` tells it from other charts of its page; ``summary`` says what it shows."""

    key: str
    title: str
    summary: str
    bars: tuple[Bar, ...]


def svg(chart: Chart) -> str:
    """The chart as an ``svg`` element with title and description; nothing for no bars or none with a length.

    Raises:
        ValueError: a bar is shorter than nothing, or more than all of it is filled.
    """
    for bar in chart.bars:
        if not 0 <= bar.filled <= bar.value:
            raise ValueError(f"a bar of {bar.value} with {bar.filled} filled")
    if not any(bar.value for bar in chart.bars):
        return ""
    width = _share(chart.bars)
    height = PITCH * len(chart.bars) - PITCH / LINES + TOP
    title, description = f"chart-{chart.key}-title", f"chart-{chart.key}-summary"
    longest = Decimal(max(bar.value for bar in chart.bars))
    box = {"width": f"{width}%", "preserveAspectRatio": "none", "y": f"{TOP}em"}
    box |= {"height": f"{PITCH * len(chart.bars)}em", "viewBox": f"0 0 100 {LINES * len(chart.bars)}"}
    drawn = [
        _element("title", {"id": title}, _escaped(chart.title)),
        _element("desc", {"id": description}, _escaped(chart.summary)),
        _element("svg", box, "".join(_rectangles(chart.bars, longest))),
    ]
    for number, bar in enumerate(chart.bars):
        drawn += _names(bar, f"{PITCH * number + NAME_LINE}em")
        end = {"x": _short(width * Decimal(bar.value) / longest) + "%", "dx": f"{GAP}em"}
        drawn.append(_text(bar.label, end, f"{PITCH * number + VALUE_LINE}em"))
    root = {"role": "img", "aria-labelledby": f"{title} {description}", "height": f"{height:.2f}em"}
    return _element("svg", root, "".join(drawn))


def _share(bars: Sequence[Bar]) -> int:
    """How much of the width the longest bar may have so that all labels fit beside, %."""
    longest = max(_width(bar.label) for bar in bars) + GAP
    return max(30, int(100 * (1 - longest / NARROWEST)))


def _rectangles(bars: Sequence[Bar], longest: Decimal) -> Iterator[str]:
    """The bars as the library draws them, in a box 100 wide; a filled part after its whole, so above it.

    Only the bars of its chart, and no axes: every bar carries its own label.
    """
    lines = [str(number) for number in range(LINES * len(bars))]
    data = []
    for line, bar in zip(lines[1::LINES], bars, strict=True):
        data += [(bar.value * 100 / longest, line, "whole")] if bar.part is not None else []
        data += [(bar.filled * 100 / longest, line, "part")]
    shape, places = Bars(lambda datum: datum.row[2]), Ordinal(lines[::-1])
    drawn: Any = shape.to_svg(100, len(lines), SHARES, places, Series(data), None)
    for one in drawn:
        place = {key: _short(Decimal(one.get(key))) for key in ("y", "width", "height")}
        yield _element("rect", {"class": one.get("fill"), **place})


def _names(bar: Bar, line: str) -> Iterator[str]:
    """The name, where it is long also a shorter one for narrow figures, and what stands aside."""
    taken = _width(bar.aside) + WIDE if bar.aside else Decimal()
    wide, narrow = (shortened(bar.name, limit - taken) for limit in (LONG, SHORT))
    variants = {"": wide} if wide == narrow else {"wide": wide, "narrow": narrow}
    for variant, text in variants.items():
        yield _text(text, {"class": variant} if variant else {}, line)
    if bar.aside:
        yield _text(bar.aside, {"x": "100%", "text-anchor": "end"}, line)


def _text(text: str, attributes: dict[str, str], line: str) -> str:
    return _element("text", {**attributes, "y": line}, _escaped(text))


def _element(name: str, attributes: Mapping[str, str], inside: str = "") -> str:
    """An element of attributes that need no escaping: none of them comes from the data."""
    said = "".join([f' {key}="{value}"' for key, value in attributes.items()])
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said} />"


def _escaped(text: str) -> str:
    return escape(text, quote=False)


@lru_cache(maxsize=1 << 10)
def shortened(name: str, limit: Decimal) -> str:
    """The name, or as much of it as fits into ``limit`` em, with an ellipsis."""
    if _width(name) <= limit:
        return name
    taken = accumulate(map(_width, name), initial=WIDE)
    fitting = sum(1 for _ in takewhile(limit.__ge__, taken))  # the ellipsis, and so many characters but one
    return f"{name[: max(fitting - 1, 0)].rstrip()}…"


@lru_cache(maxsize=1 << 10)
def _width(text: str) -> Decimal:
    return sum((WIDE if east_asian_width(one) in "WFA" else SLIM for one in text), Decimal())


def _short(number: Decimal) -> str:
    """Two decimals at most."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
