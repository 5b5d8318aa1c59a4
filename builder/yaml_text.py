r"""One value as YAML text: the only place that decides whether text needs quotes.

Small enough to be written a second time in another language. The rules, in order, for text:

1. Text of several lines, none with white space at its ends, the first and the last not empty, and no
   invisible character in it, is a literal block: ``|``, or ``|-`` when no line end closes it. Keys never are.
2. Double quotes, with the escapes of JSON plus ``\UXXXXXXXX``, for what a reader could take for something
   else: empty text; white space at either end; a first character YAML gives a meaning; ``: `` or `` #``
   inside, or ``:`` at the end; digits with signs only, and other spellings that some reader of YAML 1.1 or
   1.2 turns into a number, date or truth value; whole text in ``“ ”``; any invisible character.
3. Double quotes too where a comment follows on the line: behind bare text it could be lost text.
4. Else plain, as it is.

Numbers keep their digits, ``null``, ``true`` and ``false`` are those words, and a line is never folded.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.source import Json

_SPACES = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = (
    "\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f"
)
_ESCAPED = re.compile(f'[\\\\"{_INVISIBLE}]')
_ESCAPES: Mapping[str, str] = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}

_WORDS: Mapping[bool | None, str] = {None: "null", True: "true", False: "false"}
_SHORT = 4  # hexadecimal digits of an escape without capital U

_NEEDS_QUOTES = re.compile(
    rf"""
    | [{_SPACES}] .* | .* [{_SPACES}]
    | [-?:,\[\]{{}}#&*!|>'"%@`] .*
    | .* (?: :\ | \ \# ) .* | .* :
    | [-+]? [0-9.] [-0-9_.,:]* (?: e [-+]? [0-9]* )?                # 067001  1_000  1,300  1e3  12:30
    | [-+]? e [-+]? [0-9]+                                          # e1
    | [-+]? 0 [xob] [0-9a-f_]*
    | [0-9]{{4}} - [0-9]{{1,2}} - [0-9]{{1,2}} (?: [t\ ] .* )?       # 2024-12-31
    | [-+]? \. (?: inf | nan )
    | y | yes | n | no | on | off | true | false | null | ~ | = | <<
    | [“”] [^“”]* [“”]
    | .* [{_INVISIBLE}] .*
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII | re.DOTALL,
)
_LINE = rf"[^\s{_INVISIBLE}](?:[^{_INVISIBLE}]*[^\s{_INVISIBLE}])?"
_LITERAL = re.compile(rf"{_LINE}(?:\n+{_LINE})*\n?")


def key(text: str) -> str:
    """A key as it stands before its colon."""
    return quoted(text) if _NEEDS_QUOTES.fullmatch(text) else text


def lines(value: Json, *, commented: bool = False) -> list[str]:
    """A value as it is written: one line, or the head of a literal block and the lines of its text.

    Of lists and mappings only the empty ones are values in this sense. ``commented``: a comment follows.
    """
    match value:
        case str():
            return _text(value, commented=commented)
        case Decimal():
            return [f"{value:f}"]
        case bool() | None:
            return [_WORDS[value]]
        case _:
            return [str(value)]


def quoted(text: str) -> str:
    """Any text in double quotes."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    number = f"{ord(char):04x}"
    return _ESCAPES.get(char) or (f"\\u{number}" if len(number) == _SHORT else f"\\U{number:0>8}")


def _text(text: str, *, commented: bool) -> list[str]:
    if "\n" in text and _LITERAL.fullmatch(text):
        head = "|" if text.endswith("\n") else "|-"
        return [head, *text.removesuffix("\n").split("\n")]
    return [quoted(text) if commented else key(text)]
