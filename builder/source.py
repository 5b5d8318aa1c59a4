"""Bytes of one YAML file in; a Document out: plain data and the place of every key and value.

The accepted language is the JSON subset of YAML 1.2 and nothing else, so that a clerk's text means the same
to every reader: what others would turn into an octal, a date or a yes/no is refused with the advice to
quote it. Every fault is a Problem; nothing is raised for bad input.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from builder.frozen import frozen
from builder.problem import Path, Place, Problem, Severity
from builder.yaml_faults import (
    Fault,
    Repair,
    bad_whitespace,
    explain,
    invisible,
    is_ambiguous,
    place_of,
    whiten,
)
from builder.yaml_scalars import unquoted
from builder.yaml_usual import usual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.problem import Path
    from builder.yaml_faults import Repair
    from builder.yaml_usual import Spot

Json = dict[str, "Json"] | list["Json"] | str | int | Decimal | bool | None
"""What a document is made of. Decimals keep their printed digits; no floats, no dates."""

MAX_BYTES = 1 << 20
"""A form is some 4 KB; a file over 1 MiB is not a form."""

MAX_DEPTH = 64
MAX_FAULTS = 50
_TOO_DEEP = ("Y10", f"嵌套超过 {MAX_DEPTH} 层", "请检查多余的括号或缩进。")
Event: TypeAlias = Any
Mark: TypeAlias = Any  # PyYAML's published types know neither anchors nor the C parser's marks


class _PlainLoader(yaml.SafeLoader):
    """The parser in Python, where there is no compiled one; it refuses the escapes that the other does."""

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Mark) -> list[str]:  # noqa: FBT001  PyYAML's
        """A part of a quoted text."""
        try:
            chunks: list[str] = super().scan_flow_scalar_non_spaces(double, start_mark)
            "".join(chunks).encode()
        except ValueError as error:
            raise yaml.MarkedYAMLError(None, start_mark, str(error), self.get_mark()) from error
        return chunks


_LOADER: Any = getattr(yaml, "CSafeLoader", _PlainLoader)
_JOINED_COMMENT = re.compile(r"[|>][-+0-9]*#")


def _loader(text: str) -> Any:  # noqa: ANN401  PyYAML's compiled parser has no type
    """The parser for a text: the one in Python where the compiled one would take what the other does not."""
    in_brackets = "?" in text and ("[" in text or "{" in text)
    return _PlainLoader if in_brackets or _JOINED_COMMENT.search(text) else _LOADER


class _Places(Mapping["Path", Place]):
    """Places by path, each made when it is asked for, as few of them ever are."""

    __slots__ = ("spots",)

    def __init__(self, spots: Mapping[Path, Spot]) -> None:
        self.spots = spots

    def __getitem__(self, path: Path) -> Place:
        return _place(self.spots[path])

    def __contains__(self, path: object) -> bool:
        return path in self.spots

    def __iter__(self) -> Iterator[Path]:
        return iter(self.spots)

    def __len__(self) -> int:
        return len(self.spots)


@frozen()
class Document:
    """One file as data. ``values`` and ``keys`` give the place of each path's value and of its last key."""

    file: str
    data: dict[str, Json]
    values: Mapping[Path, Place]
    keys: Mapping[Path, Place]

    def place(self, path: Path, *, on_key: bool = False) -> Place:
        """The place of a path's value (or of its key), or of its nearest written parent."""
        while path:
            found = (self.keys.get(path) if on_key else None) or self.values.get(path)
            if found:
                return found
            path = path[:-1]
        return self.values.get((), Place(1, 1))


def parse(raw: bytes, file: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document in ``raw`` (``None`` when nothing could be made of it) and every fault found, in order."""
    faults: list[Fault] = []
    text = _decode(raw, faults)
    document = None
    if text is not None:
        if found := usual(text):
            return Document(file, found.data, _Places(found.values), _Places(found.keys)), ()
        faults += [*_first(invisible(text)), *_first(bad_whitespace(text))]
        data, reading = _read(whiten(text) if faults else text, faults)
        places = _Places(reading.values), _Places(reading.keys)
        document = Document(file, data, *places) if data is not None else None
    problems = (_problem(fault, file) for fault in sorted(faults, key=lambda f: (f.place, f.code)))
    return document, tuple(problems)


def _first(faults: Iterator[Fault]) -> Iterator[Fault]:
    yield from (fault for _, fault in zip(range(MAX_FAULTS), faults, strict=False))


def _problem(fault: Fault, file: str) -> Problem:
    return Problem(
        file, fault.place.line, fault.place.column, fault.code, Severity.ERROR, fault.message, fault.hint
    )


def _decode(raw: bytes, faults: list[Fault]) -> str | None:
    if len(raw) > MAX_BYTES:
        faults.append(too_large(len(raw)))
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        faults.append(Fault(Place(1, 1), "Y02", "文件是 UTF-16 编码", "请在编辑器里另存为 UTF-8。"))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        guess = "，看起来是 GBK（ANSI）编码" if _is_gbk(raw) else ""
        message = f"从这里开始不是 UTF-8 编码{guess}"
        faults.append(Fault(place_of(before, len(before)), "Y02", message, "请在编辑器里另存为 UTF-8。"))
        return None
    # Editors count a CRLF as one line end, and so does YAML.
    return text.replace("\r\n", "\n")


def _is_gbk(raw: bytes) -> bool:
    try:
        raw.decode("gbk")
    except UnicodeDecodeError:
        return False
    return True


def too_large(size: int) -> Fault:
    """The fault of a file over ``MAX_BYTES``."""
    return Fault(
        Place(1, 1),
        "Y01",
        f"文件有 {size:,} 字节，超过上限 {MAX_BYTES:,} 字节",
        "一个项目写一个文件，一张表通常只有几千字节；请检查是否放错了文件。",
    )


@frozen()
class _Reading:
    """What one pass over the events gathers, and the lines it reads."""

    lines: list[str]
    values: dict[Path, Spot] = field(default_factory=dict)
    keys: dict[Path, Spot] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, spot: Spot, code: str, message: str, hint: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(_place(spot), code, message, hint))


def _spot(mark: Mark) -> Spot:
    return mark.line, mark.column


def _place(spot: Spot) -> Place:
    line, column = spot
    return Place(line + 1, column + 1)


def _read(text: str, faults: list[Fault]) -> tuple[dict[str, Json] | None, _Reading]:
    """Parse; at a syntax error note it, mend the one line where the cause is plain, and go on."""
    lines = text.split("\n")
    had_whitespace_faults = any(fault.code == "Y05" for fault in faults)
    for _ in range(MAX_FAULTS):
        reading = _Reading(lines)
        try:
            data = _build("\n".join(lines), reading)
        except yaml.MarkedYAMLError as error:
            fault, repair = _syntax_fault(error, lines)
            if not (had_whitespace_faults and fault.code == "Y06"):
                faults.append(fault)
            if repair is None:
                return None, reading
            _mend(lines, repair)
        else:
            faults += reading.faults
            return data, reading
    return None, _Reading(lines)


def _mend(lines: list[str], repair: Repair) -> None:
    line = lines[repair.line]
    lines[repair.line] = line[: repair.start] + repair.text + line[repair.end :]


def _syntax_fault(error: yaml.MarkedYAMLError, lines: list[str]) -> tuple[Fault, Repair | None]:
    mark = error.problem_mark or error.context_mark
    if mark is not None and "nesting depth" in str(error.problem):
        # libyaml gives up by itself some way beyond our limit.
        brackets = [match.start() for match in re.finditer(r"[\[{]", lines[mark.line][: mark.column])]
        place = Place(mark.line + 1, (brackets[MAX_DEPTH - 1 :] or [mark.column])[0] + 1)
        return Fault(place, *_TOO_DEEP), None
    context = error.context_mark.line if error.context_mark else None
    return explain(lines, mark.line if mark else 0, context)


class _TooDeepError(Exception):
    """Nesting beyond ``MAX_DEPTH``; the rest of the file is not looked at."""


def _build(text: str, reading: _Reading) -> dict[str, Json] | None:
    builder = _Builder(reading)
    parser = _loader(text)(text)
    try:
        for event in iter(parser.get_event, None):
            builder.take(event)
    except _TooDeepError:
        return None
    finally:
        parser.dispose()
    return builder.finish()


@dataclass(slots=True)
class _Level:
    """An open mapping or list: its container, its path, and for a mapping the key waiting for a value."""

    container: dict[str, Json] | list[Json]
    path: Path
    is_mapping: bool
    key: str | None = None
    shadow: bool = False  # the value of a repeated key: read for faults, but not kept


class _Builder:
    """Turns the flat stream of YAML events into data, without recursion.

    ``names`` holds each key once, so that data with many equal keys is kept and stored in little room.
    """

    __slots__ = ("documents", "levels", "names", "reading", "root", "root_spot")

    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        self.levels: list[_Level] = []
        self.names: dict[str, str] = {}
        self.root: Json = None
        self.root_spot: Spot | None = None
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        """Use one event."""
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent():
                self._open(event, {})
            case yaml.SequenceStartEvent():
                self._open(event, [])
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.levels.pop()
            case yaml.AliasEvent():
                hint = f'如果“*{event.anchor}”本来就是文字，请加半角双引号："*{event.anchor}"'
                self.reading.fault(
                    _spot(event.start_mark), "Y08", "这里用了 YAML 别名（*），数据里不允许", hint
                )
                self._put(None, event)
            case yaml.DocumentStartEvent():
                self._document(event)

    def finish(self) -> dict[str, Json] | None:
        """The whole as a mapping, or ``None`` with a fault noted."""
        if isinstance(self.root, dict):
            return self.root
        spot = self.root_spot
        fault = Fault(Place(1, 1), "Y03", "文件是空的", "请从已有的项目文件复制一份再改。")
        if spot is not None and self.root is not None:
            hint = "每一行都写成“键: 值”，例如“年度: 2024”。"
            fault = Fault(_place(spot), "Y06", "文件的最外层不是“键: 值”的形式", hint)
        if not self.reading.faults:
            self.reading.faults.append(fault)
        return None

    def _document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents == 2:  # noqa: PLR2004  the second document of the file
            hint = "请删掉“---”；一个项目写一个文件。"
            self.reading.fault(_spot(event.start_mark), "Y06", "一个文件里写了两份内容（“---”）", hint)

    def _open(self, event: Event, container: dict[str, Json] | list[Json]) -> None:
        if len(self.levels) >= MAX_DEPTH:
            self.reading.fault(_spot(event.start_mark), *_TOO_DEEP)
            raise _TooDeepError
        if event.anchor is not None or event.tag is not None:
            self._refuse_decoration(event)
        if level := self._awaiting_key():
            hint = "键只能是一段文字；如果方括号、花括号是文字的一部分，请加半角双引号。"
            self.reading.fault(_spot(event.start_mark), "Y06", "这里应该是一个键", hint)
            level.key = ""
            self.reading.keys.setdefault((*level.path, ""), _spot(event.start_mark))
        path, shadow = self._put(container, event)
        self.levels.append(_Level(container, path, isinstance(container, dict), shadow=shadow))

    def _awaiting_key(self) -> _Level | None:
        """The innermost mapping, where what comes next is a key of it."""
        level = self.levels[-1] if self.levels else None
        return level if level and level.is_mapping and level.key is None else None

    def _scalar(self, event: Event) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse_decoration(event)
        if level := self._awaiting_key():
            self._key(level, event)
        else:
            self._put(self._value(event), event)

    def _key(self, level: _Level, event: Event) -> None:
        key = self.names.setdefault(event.value, event.value)
        path = (*level.path, key)
        if key in level.container and not level.shadow:
            first = self.reading.keys[path][0] + 1
            hint = f"第 {first} 行已经有“{key}”；请删掉一处，或改成正确的键。"
            self.reading.fault(_spot(event.start_mark), "Y07", f"“{key}”写了两次", hint)
        elif not level.shadow:
            self.reading.keys[path] = _spot(event.start_mark)
        level.key = key

    def _put(self, value: Json, event: Event) -> tuple[Path, bool]:
        """Store a value where it belongs; give its path and whether it is the value of a repeated key."""
        spot = _spot(event.start_mark)
        if not self.levels:
            if self.documents <= 1:
                self.root, self.root_spot = value, spot
                self.reading.values[()] = spot
            return (), self.documents > 1
        level = self.levels[-1]
        step: str | int
        container = level.container
        if isinstance(container, dict):
            step, level.key = level.key or "", None
            shadow = level.shadow or step in container
            if not shadow:
                container[step] = value
        else:
            step, shadow = len(container), level.shadow
            container.append(value)
        path = (*level.path, step)
        if not shadow:
            self.reading.values[path] = spot
        return path, shadow

    def _refuse_decoration(self, event: Event) -> None:
        if event.anchor is not None:
            hint = f"如果“&{event.anchor}”本来就是文字，请给整段文字加半角双引号。"
            self.reading.fault(_spot(event.start_mark), "Y08", "这里用了 YAML 锚点（&），数据里不允许", hint)
        if event.tag is not None:
            hint = "如果“!”本来就是文字的开头，请给整段文字加半角双引号。"
            self.reading.fault(
                _spot(event.start_mark), "Y09", "这里用了 YAML 类型标签（!），数据里不允许", hint
            )

    def _value(self, event: Event) -> Json:
        text: str = event.value
        if event.start_mark.line != event.end_mark.line and event.style != "|":
            hint = "YAML 会在折行处加一个空格，改变原文；请写在同一行里，行再长也没关系。"
            self.reading.fault(_spot(event.start_mark), "Y12", "文字折成了几行", hint)
            return text
        return text if event.style else self._plain(text, event)

    def _plain(self, text: str, event: Event) -> Json:
        value = unquoted(text)
        if value is not text:
            return value
        if text[0].isascii() and is_ambiguous(text):  # no date or word of YAML's own begins otherwise
            message = f"“{text}”不加引号时，不同软件会读成不同的东西"
            self.reading.fault(_spot(event.start_mark), "Y11", message, f'请加半角双引号："{text}"')
        elif len(text) > 1 and text[0] in "“”" and text[-1] in "“”" and not re.search("[“”]", text[1:-1]):
            hint = f'请改成半角引号："{text[1:-1]}"；如果全角引号是原文的一部分，请写成："{text}"'
            self.reading.fault(_spot(event.start_mark), "Y16", "文字用全角引号“ ”括了起来", hint)
        self._refuse_comment(text, event.end_mark)
        return text

    def _refuse_comment(self, text: str, end: Mark) -> None:
        """A comment right behind an unquoted text is most likely a part of the text that YAML drops."""
        line = self.reading.lines[end.line]
        rest = line[end.column :].lstrip(" ") if end.column < len(line) else ""
        if rest.startswith("#"):
            hint = f'如果“#”是原文的一部分，请给整段加半角双引号："{text} {rest}"；如果是注释，请另起一行写。'
            spot = end.line, len(line) - len(rest)
            self.reading.fault(spot, "Y17", f"“{text}”后面的“#”会被当作注释丢掉", hint)
