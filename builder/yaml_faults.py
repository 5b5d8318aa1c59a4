"""YAML's own complaints and risky spellings, said in Chinese with what to write instead.

In: a text, or the line on which the parser gave up. Out: faults with a place, and where the cause is plain a
repaired text of the same lines, so that the reader can go on and find the next fault. Never published: a text
that needed a repair is reported, the repair only keeps the search going.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.problem import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

READER_CODES = {
    "Y01": "文件读不了或太大",
    "Y02": "文件不是 UTF-8 编码",
    "Y03": "文件是空的",
    "Y04": "看不见的控制字符",
    "Y05": "制表符或全角空格缩进",
    "Y06": "YAML 语法错误",
    "Y07": "同一个键写了两次",
    "Y08": "使用了锚点或别名",
    "Y09": "使用了类型标签",
    "Y10": "嵌套太深",
    "Y11": "文字需要加引号",
    "Y12": "文字折行",
    "Y13": "符号链接指向数据目录之外",
    "Y14": "文件名不合规定",
    "Y15": "全角冒号或冒号后缺空格",
    "Y16": "全角引号当作引号",
    "Y17": "文字后面跟着注释",
}
"""Code → title of every fault that reading a file can have."""


@frozen()
class Fault:
    """A fault of the text itself, at its place."""

    place: Place
    code: str
    message: str
    hint: str = ""


@frozen()
class Repair:
    """Replace columns ``start`` to ``end`` (from 0) of line ``line`` (from 0) by ``text`` and parse again."""

    line: int
    start: int
    end: int
    text: str


INVISIBLE = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f"
)
"""Characters that no reader can see, as a class of a pattern.

Line separators besides LF and CRLF would shift every later line number against the editor's.
"""

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_LONE_CR = re.compile("\r(?!\n)")
_BAD_INDENT = re.compile("^[ \u3000\t]*[\t\u3000][ \u3000\t]*", re.MULTILINE)
_KEY = r"^(?P<head>\s*(?:-\s+)*)(?P<key>[^\s:：#\"'\[\]{},>|*&!%@`-][^:：#\n]{0,40}?)"
_FULL_COLON = re.compile(_KEY + r"(?P<colon>\s*：\s*)(?P<rest>.*)$")
_NO_SPACE = re.compile(_KEY + r"(?P<colon>:\u3000|:(?=[^\s:：/]))(?P<rest>.*)$")
_SPECIAL_VALUE = re.compile(
    # A dash and a space at the start of a line is a list item; only behind a key is it a value.
    r"^(?P<head>\s*(?:-\s+)*(?:[^\s:：#-][^:：#\n]*?:\s+(?=-)|[^\s:：#-][^:：#\n]*?:\s+|))"
    r"(?P<value>(?:[>|%@`*&!?\[\]{},]|-(?=\S)|(?<=:\s)-).*?)\s*$"
)
_TWO_COLONS = re.compile(
    r"^(?P<head>\s*(?:-\s+)*[^\s:：#\"'][^:：#\n]*?:\s+)(?P<value>[^\"'\s].*?:(?:\s.*|))$"
)
_BROKEN_QUOTE = re.compile(r"^(?P<head>\s*(?:-\s+)*(?:[^\s:：#][^:：#\n]*?:\s+)?)(?P<value>[\"'].*?)\s*$")


def invisible(text: str) -> Iterator[Fault]:
    """Faults for characters no reader can see: controls, zero-width and bidirectional marks, lone CR."""
    for match in (*_INVISIBLE.finditer(text), *_LONE_CR.finditer(text)):
        yield Fault(
            place_of(text, match.start()),
            "Y04",
            f"这里有一个看不见的字符（U+{ord(match.group()):04X}）",
            "请删掉它；从网页或 PDF 复制文字时常会带进来。",
        )


def bad_whitespace(text: str) -> Iterator[Fault]:
    """Faults for tabs, and for full-width spaces in the indentation."""
    for match in _BAD_INDENT.finditer(text):
        offset = match.start() + next(i for i, char in enumerate(match.group()) if char in "\t\u3000")
        what = "制表符（Tab）" if text[offset] == "\t" else "全角空格"
        yield Fault(
            place_of(text, offset), "Y05", f"行首缩进用了{what}", "请改成半角空格，每一级缩进两个空格。"
        )
    for match in re.finditer("\t", text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if before.strip(" \u3000\t"):
            yield Fault(place_of(text, match.start()), "Y05", "行内有制表符（Tab）", "请改成一个半角空格。")


def whiten(text: str) -> str:
    """The text with every character reported above replaced by one space, so that places stay true."""
    text = _LONE_CR.sub(" ", _INVISIBLE.sub(" ", text)).replace("\t", " ")
    return _BAD_INDENT.sub(lambda match: " " * len(match.group()), text)


def place_of(text: str, offset: int) -> Place:
    """Line and column, from 1, of a character offset."""
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def explain(lines: list[str], error_line: int, context_line: int | None) -> tuple[Fault, Repair | None]:
    """What is wrong near the line (from 0) where the parser gave up, and a repair if the cause is plain."""
    last = len(lines) - 1
    for number in dict.fromkeys((error_line, context_line, error_line - 1)):
        if number is not None and 0 <= number <= last and (found := _explain_line(lines[number], number)):
            return found
    line = min(max(error_line, 0), last)
    column = len(lines[line]) - len(lines[line].lstrip()) + 1
    fault = Fault(
        Place(line + 1, min(column, len(lines[line]) + 1)),
        "Y06",
        "这一行附近不合 YAML 语法",
        "请核对缩进（同级对齐，每级两个空格）、引号成对、键后有半角冒号和一个空格；含特殊符号的文字请加半角双引号。",
    )
    return fault, None


def _explain_line(line: str, number: int) -> tuple[Fault, Repair | None] | None:
    if match := _FULL_COLON.match(line) or _NO_SPACE.match(line):
        return _colon(match, number)
    if match := _SPECIAL_VALUE.match(line):
        return _quote_it(match, number)
    if match := _BROKEN_QUOTE.match(line):
        return _broken_quote(match, number)
    if match := _TWO_COLONS.match(line):
        return _quote_it(match, number)
    return None


def _colon(match: re.Match[str], number: int) -> tuple[Fault, Repair]:
    key, rest = match["key"].strip(), match["rest"]
    full = "：" in match["colon"]
    start = match.start("colon") + (match["colon"].index("：") if full else 0)
    message = f"“{key}”后面用了全角冒号“：”" if full else f"“{key}:”的冒号后面缺一个半角空格"
    written = f"{key}: {rest}".rstrip()
    fault = Fault(Place(number + 1, start + 1), "Y15", message, f"请写成半角冒号加一个空格：{written}")
    return fault, Repair(number, match.start("colon"), match.end("colon"), ": ")


def _quote_it(match: re.Match[str], number: int) -> tuple[Fault, Repair]:
    value = match["value"].strip()
    quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    why = f"以“{value[0]}”开头" if value[0] in ">|%@`*&!?[]{},-" else "中间有冒号"
    fault = Fault(
        Place(number + 1, match.start("value") + 1),
        "Y11",
        f"“{value}”{why}，在 YAML 里有特殊含义",
        f"请加半角双引号：{quoted}",
    )
    return fault, _placeholder(match, number)


def _broken_quote(match: re.Match[str], number: int) -> tuple[Fault, Repair]:
    fault = Fault(
        Place(number + 1, match.start("value") + 1),
        "Y06",
        "引号没有成对，或引号后面还有文字",
        '整段文字要包在同一对半角引号里；文字里的半角双引号写成 \\"，或改用全角引号“ ”。',
    )
    return fault, _placeholder(match, number)


def _placeholder(match: re.Match[str], number: int) -> Repair:
    width = match.end("value") - match.start("value")
    return Repair(number, match.start("value"), match.end("value"), "字" * width)


_AMBIGUOUS = re.compile(
    r"""
    [-+]?0[0-9_]+(?:\.[0-9]*)?                          # 067001
    | [-+]?[0-9][0-9]*_[0-9_.]*                         # 1_000
    | [-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+   # 1e3
    | \+[0-9]+(?:\.[0-9]*)? | [-+]?\.[0-9]+ | [-+]?[0-9]+\.  # +5  .5  5.
    | 0[xob][0-9a-fA-F_]+                               # 0x1f
    | [-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?         # 12:30
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?        # 2024-12-31
    | [-+]?\.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN)
    | (?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)
    | (?:True|TRUE|False|FALSE|Null|NULL) | = | <<
    """,
    re.VERBOSE,
)


def is_ambiguous(plain: str) -> bool:
    """Whether YAML readers disagree on what this unquoted text is (number, date, yes/no ...)."""
    return _AMBIGUOUS.fullmatch(plain) is not None
