"""Text as Markdown that shows it letter by letter, on a site made by MkDocs and on code hosts alike.

What means something in Markdown is written as a character reference, which no reader takes for markup.
"""

from __future__ import annotations

import re

_MARKUP = r"[&<>\\`*_{}\[\]|~$]|^[#+=-]|^[0-9](?=[0-9]*[.)])"
_LINKED = r"@(?=\w)|#(?=[0-9])|:(?=//)|\bwww(?=\.)"
"""What a code host would turn into a mention, or into a link to an issue or a page."""
_SPECIAL = re.compile(f"(?P<linked>{_LINKED})|{_MARKUP}", re.IGNORECASE)


def escaped(text: str) -> str:
    """Text on one line that means nothing but itself, in a paragraph or in the cell of a table."""
    return _SPECIAL.sub(_plain, " ".join(text.split()))


def _plain(match: re.Match[str]) -> str:
    sign = match[0] if match[0].isalpha() else f"&#{ord(match[0])};"
    # An empty comment parts the sign from what follows and shows nothing.
    return f"{sign}<!-- -->" if match["linked"] else sign


def code(text: str) -> str:
    """Text as code within a line; also fit for the cell of a table."""
    line = " ".join(text.split()).replace("|", "\\|")
    ticks = "`" * (_longest_run(line) + 1)
    inside = f" {line} " if not line or line.startswith("`") or line.endswith("`") else line
    return f"{ticks}{inside}{ticks}"


def fence(text: str, kind: str = "") -> str:
    """Text as a block of code."""
    ticks = "`" * max(3, _longest_run(text) + 1)
    return f"{ticks}{kind}\n{text.rstrip()}\n{ticks}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
