"""What the validator found, said in Chinese: what is wrong and what to write instead.

In: jsonschema's errors, of which only keyword, path, value and subschema are read, never the English message.
Out: Findings. The subschema's own Chinese words (``examples``, ``patternErrorMessage``) are used where there
are any.
"""

from __future__ import annotations

import re
from decimal import Decimal
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from builder.frozen import frozen
from builder.problem import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jsonschema.exceptions import ValidationError

    from builder.problem import Path

SHAPE_CODES = {
    "S01": "不认识的键",
    "S02": "缺少必须写的键",
    "S03": "值的类型不对",
    "S04": "值不在可选范围内",
    "S05": "文字为空或写法不对",
    "S06": "数超出范围",
    "S07": "一组内容是空的或项数不对",
}
"""Code → title of everything the shape of a file can have wrong."""

_KINDS = {
    "string": "文字",
    "number": "数",
    "integer": "整数",
    "array": "列表",
    "object": "分组",
    "boolean": "true 或 false",
}
_NUMBER = re.compile(r"([0-9][0-9,，]*(?:\.[0-9]+)?)\s*(?:万元|年度|年|分|个|%|)")
_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][^:#\"'\[\]{}]*")
_VISIBLE = re.compile(r"[^\s\u200b-\u200f\ufeff]")
_NEAR = 0.5
_TELLING = 4
_FEW = 9
_SHOWN = 30


@frozen()
class Vocabulary:
    """Where each known key belongs, in words: in this form (``here``) and in other forms (``elsewhere``)."""

    here: Mapping[str, tuple[str, ...]]
    elsewhere: Mapping[str, tuple[str, ...]]


@frozen()
class _Error:
    """What is read of an error: ``value`` at ``path`` fails ``keyword: wanted`` of ``schema``."""

    keyword: str
    wanted: Any
    value: Any
    path: Path
    schema: Mapping[str, Any]


def explain(error: ValidationError, vocabulary: Vocabulary) -> Iterator[Finding]:
    """The findings in one error of the validator. Its keyword must be one of ``EXPLAINED``."""
    keyword, path = str(error.validator), tuple(error.absolute_path)
    schema = error.schema if isinstance(error.schema, dict) else {}
    taken = _Error(keyword, error.validator_value, error.instance, path, schema)
    yield from EXPLAINED[keyword](taken, vocabulary)


def places(schema: Mapping[str, Any], where: str = "文件最外层") -> Iterator[tuple[str, str]]:
    """Every key of a resolved schema, with the words for where it belongs."""
    for key, value in schema.get("properties", {}).items():
        yield key, where
        inner = key if where == "文件最外层" else f"{where} → {key}"
        yield from places(value, inner)
        items = value.get("items", {})
        yield from places(items, items.get("title", inner))


def _unknown_keys(error: _Error, vocabulary: Vocabulary) -> Iterator[Finding]:
    schema = error.schema
    known = [*schema.get("properties", {})]
    for key in error.value:
        if key not in known:
            message = f"不认识的键“{_short(key)}”"
            hint = _belongs(key, vocabulary) or _near(key, known, vocabulary)
            hint += f"这里可以写：{_listed(known)}。" if len(known) <= _FEW else ""
            hint = hint or "请对照表样改成表上的栏目名称，或删去这一行。"
            yield Finding("S01", (*error.path, key), message, hint, on_key=True)


def _belongs(key: str, vocabulary: Vocabulary) -> str:
    if key in vocabulary.here:
        where = "或".join(f"“{place}”" for place in vocabulary.here[key])
        return f"“{key}”应写在{where}之下，请检查缩进。"
    if key in vocabulary.elsewhere:
        return f"这份表样没有“{key}”，表样{_listed(vocabulary.elsewhere[key])}才有。"
    return ""


def _near(word: str, known: Iterable[str], vocabulary: Vocabulary) -> str:
    """Ask whether a known word was meant: all that are equally near, as 效益指标 names are alike."""
    here = _nearest(word, known)
    # A short word is near to too much: 单位 beside an indicator is not 实施单位.
    far = _nearest(word, {*vocabulary.here} | {*known}) if len(word) >= _TELLING else here
    if far and not {*far} & {*here}:
        where = "或".join(f"“{place}”" for place in vocabulary.here[far[0]])
        return f"是不是想写{where}之下的“{far[0]}”？"
    meant = "或".join(f"“{other}”" for other in here)
    return f"是不是想写{meant}？" if meant else ""


def _nearest(word: str, known: Iterable[str]) -> list[str]:
    scores = {other: SequenceMatcher(None, word, other).ratio() for other in known}
    best = max(_NEAR, *scores.values(), 0)
    return sorted(other for other, score in scores.items() if score == best)


def _missing_keys(error: _Error, _: Vocabulary) -> Iterator[Finding]:
    properties = error.schema.get("properties", {})
    for key in error.wanted:
        if key not in error.value:
            hint = f"请补上：{_example(key, properties.get(key, {}))}"
            yield Finding("S02", error.path, f"{_inside(error)}缺少“{key}”", hint)


def _inside(error: _Error) -> str:
    return f"{_subject(error.path)}里" if error.path else "文件"


def _example(key: str, schema: Mapping[str, Any]) -> str:
    example = next(iter(schema.get("examples", ())), None)
    if isinstance(example, dict):
        return f"“{key}:”，其下缩进写{_listed(schema.get('properties', example))}。"
    if isinstance(example, list):
        return f"“{key}:”，其下每项一行，以“- ”开头。"
    return f"{key}: {_yaml(example)}" if example is not None else f"{key}: …"


def _wrong_type(error: _Error, _: Vocabulary) -> Iterator[Finding]:
    value, path, schema = error.value, error.path, error.schema
    wanted = [error.wanted] if isinstance(error.wanted, str) else error.wanted
    kind = next(iter(wanted), "string")
    if value is None:
        code = {"string": "S05", "array": "S07", "object": "S07"}.get(kind, "S03")
        yield Finding(code, path, f"{_subject(path)}没有填写", _fill(kind, path, schema))
        return
    shown = f" {_yaml(value)}" if isinstance(value, int | Decimal) else ""
    shown = f"“{_short(value)}”" if isinstance(value, str) else shown
    message = f"{_subject(path)}要写{_KINDS[kind]}，这里写成了{_kind_of(value)}{shown}"
    yield Finding("S03", path, message, _retype(kind, value, path, schema))


def _kind_of(value: object) -> str:
    match value:
        case bool():
            return "真假值"
        case str():
            return "文字"
        case int():
            return "整数"
        case Decimal():
            return "小数"
        case list():
            return "列表"
        case _:
            return "分组"


def _fill(kind: str, path: Path, schema: Mapping[str, Any]) -> str:
    if kind in {"array", "object"}:
        return _compose(kind, None, schema) + "可以不写的，没有内容就连键一起删去。"
    if kind == "number":
        return f"请写一个数，没有就写 0；表上空白就删去这一行。{_such(path, schema)}"
    return f"请填写；可以不写的，没有内容就连键一起删去。{_such(path, schema)}"


def _retype(kind: str, value: object, path: Path, schema: Mapping[str, Any]) -> str:
    if kind in {"array", "object"}:
        return _compose(kind, value, schema)
    if kind == "string":
        return _as_text(value, path)
    if isinstance(value, str) and (match := _NUMBER.fullmatch(value.strip())):
        number = re.sub("[,，]", "", match[1])
        return f"只写数，不加引号、单位和逗号：{_line(path, number)}"
    plain = "小数点和其他字" if kind == "integer" else "单位和逗号"
    return f"只写{_KINDS[kind]}，不加引号、{plain}。{_such(path, schema)}"


def _as_text(value: object, path: Path) -> str:
    if isinstance(value, dict):
        return "请写成一行文字；文字里有冒号或以花括号开头时，整段加引号。"
    if isinstance(value, list):
        return "请写成一行文字，不以“- ”开头；文字以方括号开头时，整段加引号。"
    return f"请加引号：{_line(path, _quoted(_yaml(value)))}"


def _compose(kind: str, value: object, schema: Mapping[str, Any]) -> str:
    if kind == "array":
        if isinstance(value, dict):
            return "请在每一条的第一行前加“- ”。"
        return "请另起一行，缩进后每项一行，以“- ”开头。"
    keys = _listed(list(schema.get("properties", ()))[:_FEW])
    start = "请去掉“- ”，" if isinstance(value, list) else "请另起一行，"
    return f"{start}缩进后写{keys}等键，每个键一行。"


def _not_listed(error: _Error, _: Vocabulary) -> Iterator[Finding]:
    allowed = error.wanted if error.keyword == "enum" else [error.wanted]
    words = [str(word) for word in allowed]
    value = error.value
    near = _near(value, words, Vocabulary({}, {})) if isinstance(value, str) else ""
    listed = f"可以写：{_listed(words)}。" if len(words) <= _FEW else ""
    shown = f"“{_short(value)}”" if isinstance(value, str) else _kind_of(value)
    message = f"{_subject(error.path)}不能是{shown}"
    yield Finding("S04", error.path, message, near + listed)


def _bad_text(error: _Error, _: Vocabulary) -> Iterator[Finding]:
    path, schema, value = error.path, error.schema, str(error.value)
    if not _VISIBLE.search(value):
        yield Finding("S05", path, f"{_subject(path)}是空的", _fill("string", path, schema))
        return
    hint = schema.get("patternErrorMessage", "") or _such(path, schema)
    yield Finding("S05", path, f"{_subject(path)}的写法不对：“{_short(value)}”", hint)


def _text_length(error: _Error, vocabulary: Vocabulary) -> Iterator[Finding]:
    length, limit = len(error.value), error.wanted
    if not _VISIBLE.search(error.value):
        yield from _bad_text(error, vocabulary)
        return
    many = error.keyword == "maxLength"
    message = f"{_subject(error.path)}有 {length} 个字，{'最多' if many else '最少'} {limit} 个"
    hint = "请只写必要的文字，其余写在备注或说明里。" if many else "请写完整。"
    yield Finding("S05", error.path, message, hint)


def _out_of_range(error: _Error, _: Vocabulary) -> Iterator[Finding]:
    path, schema = error.path, error.schema
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = f"{low} 到 {high} 之间" if low is not None and high is not None else ""
    bounds = bounds or (f"不小于 {low}" if low is not None else f"不大于 {high}")
    message = f"{_subject(path)}是 {_yaml(error.value)}，应{'在 ' if '之间' in bounds else ''}{bounds}"
    yield Finding("S06", path, message, f"请对照批复的表核对这个数。{_such(path, schema)}")


def _bad_count(error: _Error, _: Vocabulary) -> Iterator[Finding]:
    path, schema = error.path, error.schema
    if not error.value:
        kind = "array" if isinstance(error.value, list) else "object"
        yield Finding("S07", path, f"{_subject(path)}是空的", _fill(kind, path, schema))
        return
    bound = "最多" if error.keyword.startswith("max") else "最少"
    message = f"{_subject(path)}有 {len(error.value)} 项，{bound} {error.wanted} 项"
    yield Finding("S07", path, message, "请删去多余的项。" if bound == "最多" else "请补足。")


EXPLAINED: Mapping[str, Callable[[_Error, Vocabulary], Iterator[Finding]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "type": _wrong_type,
    "enum": _not_listed,
    "const": _not_listed,
    "pattern": _bad_text,
    "minLength": _text_length,
    "maxLength": _text_length,
    "minimum": _out_of_range,
    "maximum": _out_of_range,
    "minItems": _bad_count,
    "maxItems": _bad_count,
    "minProperties": _bad_count,
    "maxProperties": _bad_count,
}
"""Every keyword that may reject a document. A schema with another one is refused when it is loaded."""


def _subject(path: Path) -> str:
    """The thing at a path: “项目名称”, or “年度总体目标”的第 2 项."""
    if not path:
        return "文件"
    if isinstance(path[-1], int):
        return f"{_subject(path[:-1])}的第 {path[-1] + 1} 项"
    return f"“{_short(path[-1])}”"


def _line(path: Path, value: str) -> str:
    return f"{path[-1]}: {value}" if path and isinstance(path[-1], str) else f"- {value}"


def _such(path: Path, schema: Mapping[str, Any]) -> str:
    example = next(iter(schema.get("examples", ())), None)
    return "" if example is None else f"例如：{_line(path, _yaml(example))}"


def _yaml(value: object) -> str:
    """A scalar as it is written in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else _quoted(value)
    return str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _listed(words: Iterable[str]) -> str:
    return "、".join(f"“{word}”" for word in words)
