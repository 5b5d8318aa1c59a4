"""A number of a spreadsheet and its number format → the text that is printed.

Only formats that print a number as it is written by hand are followed; for any other the second result is
false.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

BUILT_IN = {
    **dict(enumerate(("0", "0.00", "#,##0", "#,##0.00"), 1)),
    **dict(enumerate(("0%", "0.00%", "0.00E+00", "# ?/?", "# ??/??"), 9)),
    **dict(enumerate(("#,##0 ;(#,##0)", "#,##0 ;[Red](#,##0)"), 37)),
    **dict(enumerate(("#,##0.00;(#,##0.00)", "#,##0.00;[Red](#,##0.00)"), 39)),
    49: "@",
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "yyyy-mm-dd"),
}
"""Number formats that files name by number only; the dates among them differ by country."""

GENERAL = "General"
_WIDE = Context(prec=80)
_DIGITS = 15  # what a spreadsheet keeps of a number
_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<plain>.)', re.DOTALL
)
_PLACES = re.compile(r"(?P<whole>[#0?,]*)(?:\.(?P<decimals>[#0?]*))?")
_DAY = re.compile("[ymdhsYMDHS]")


def exact(raw: str) -> Decimal | None:
    """The number a cell holds, in the fifteen digits a spreadsheet works with; ``None`` when it is none."""
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > 2 * _DIGITS:
        return None
    return Decimal(f"{number:.{_DIGITS}g}").normalize()


def shown(raw: str, code: str) -> tuple[str, bool]:
    """What is printed for ``raw`` under the number format ``code``, and whether that is certain."""
    number = exact(raw)
    if number is None:
        return raw, False
    if code in {"", GENERAL, "@"}:
        return f"{number:f}", True
    sections = _sections(code)
    section = sections[1] if number < 0 and len(sections) > 1 else sections[0]
    if number == 0 and len(sections) > 2:  # noqa: PLR2004  positive; negative; zero
        section = sections[2]
    printed = _printed(abs(number) if section is not sections[0] else number, section)
    return (f"{number:f}", False) if printed is None else printed


def is_date(code: str) -> bool:
    """Whether a number format prints a date or a time."""
    return any(
        match["plain"] is not None and _DAY.match(match["plain"])
        for match in _TOKENS.finditer(code.replace(GENERAL, ""))
    )


def _sections(code: str) -> list[str]:
    parts = [""]
    for match in _TOKENS.finditer(code):
        if match.group() == ";":
            parts.append("")
        else:
            parts[-1] += match.group()
    return parts


def _printed(number: Decimal, section: str) -> tuple[str, bool] | None:
    """The text of one section; ``None`` when the section asks for what is not known here."""
    before, pattern, after = "", "", ""
    for match in _TOKENS.finditer(section.replace(GENERAL, "#.###############")):
        char = match["plain"] or ""
        literal = match["quoted"] or match["escaped"] or ""
        if match["bracket"] is not None and match["bracket"].lower() not in {"red", "blue", "black", "color"}:
            return None
        if char and char in "#0?,." and not after:
            pattern += char
        elif char in {"E", "/", "@"} or _DAY.match(char) or (char and char in "#0?"):
            return None
        elif pattern:
            after += literal or char
        else:
            before += literal or char
    return _number(number, before, pattern, after)


def _number(number: Decimal, before: str, pattern: str, after: str) -> tuple[str, bool] | None:
    places = _PLACES.fullmatch(pattern)
    if not places or not pattern or places["whole"].endswith(","):
        return None
    shift = 2 if "%" in before + after else 0
    decimals = places["decimals"] or ""
    full = number.scaleb(shift)
    rounded = full.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP, _WIDE)
    text = f"{rounded:{',' if ',' in places['whole'] else ''}f}"
    whole, _, rest = text.partition(".")
    whole = whole.zfill(places["whole"].count("0"))
    kept = rest.rstrip("0").ljust(decimals.count("0"), "0")
    text = f"{whole}.{kept}" if kept else whole
    return f"{before}{text}{after}".strip(), rounded == full
