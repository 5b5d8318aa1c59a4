"""The forms (表样) under ``schema/`` and the shape check: data in, Findings in Chinese out.

Schemas are read from disk only. Their references are resolved when they are loaded, so that an error carries
the Chinese words of the place where it happened; a test holds this reading and the plain one together.
"""

from __future__ import annotations

import json
import re
from dataclasses import field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from builder import form as forms
from builder import values
from builder.errors import SchemaError
from builder.form import FUNDING, Form
from builder.frozen import frozen
from builder.shape import EXPLAINED, SHAPE_CODES, Vocabulary, explain, places

try:
    import jsonschema_rs
except ModuleNotFoundError:  # in a browser there is none
    jsonschema_rs = None  # type: ignore[assignment]  # asked for before it is used

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import Draft202012Validator

    from builder.problem import Finding
    from builder.source import Json

__all__ = ["SHAPE_CODES", "Form", "Kind", "Schemas", "default_folder", "load", "validate"]

Kind = Literal["project", "department"]
"""What a file is: a project, or the facts of a department (部门.yml)."""

FORM = "表样"
UNITS = "units.json"
TERMS = "terms.json"
_SUFFIX = ".schema.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAMED = {"properties", "$defs"}
_NESTED = {"items", "if", "then", "else"}
_SILENT = {
    *("$schema", "$id", "$comment", "$ref", "title", "description", "examples", "allOf"),
    *("markdownDescription", "patternErrorMessage", "errorMessage"),
}
_Schema = dict[str, Any]


@frozen()
class Schemas:
    """All schemas of one folder. ``resolved``: by name (``project``, ``ningxia-2024``), no ``$ref`` left.

    ``words`` are those of 指标值, ``terms`` the groups of words by which rules judge. ``digest`` stands for
    all that the folder says.
    """

    forms: Mapping[str, Form]
    resolved: Mapping[str, _Schema] = field(repr=False)
    words: values.Vocabulary = field(repr=False, compare=False)
    terms: Mapping[str, tuple[str, ...]] = field(repr=False)
    digest: str = ""
    _validators: dict[str, Draft202012Validator] = field(default_factory=dict, repr=False, compare=False)
    _vocabularies: dict[str, Vocabulary] = field(default_factory=dict, repr=False, compare=False)
    _quick: dict[str, jsonschema_rs.Draft202012Validator] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __reduce__(self) -> tuple[type[Schemas], tuple[object, ...]]:
        """For worker processes: each compiles its own validators."""
        return Schemas, (self.forms, self.resolved, self.words, self.terms, self.digest)

    def validator(self, name: str) -> Draft202012Validator:
        """The compiled validator of one schema, made when first asked for."""
        if name not in self._validators:
            self._validators[name] = _reference(self.resolved[name])
        return self._validators[name]

    def is_sound(self, data: dict[str, Json], name: str) -> bool:
        """Whether ``data`` surely fits: the quick answer, which the reference validator never contradicts.

        2024.0 counts as a whole number for the quick validator and not for ours; the reader writes whole
        numbers as ``int``, so such a decimal is left to the reference. Without the quick validator all is.
        """
        if jsonschema_rs is None:
            return False
        if name not in self._quick:
            self._quick[name] = jsonschema_rs.Draft202012Validator(self.resolved[name])
        return not _has_whole_decimal(data) and self._quick[name].is_valid(data)

    def vocabulary(self, name: str) -> Vocabulary:
        """Where the keys of one schema belong, and which forms have the keys it lacks."""
        if name not in self._vocabularies:
            here = _grouped(places(self.resolved[name]))
            others = (
                (key, other)
                for other in self.forms
                if name in self.forms
                for key, _ in places(self.resolved[other])
                if key not in here
            )
            self._vocabularies[name] = Vocabulary(here, _grouped(others))
        return self._vocabularies[name]


def _grouped(pairs: Iterator[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    grouped: dict[str, dict[str, None]] = {}
    for key, where in pairs:
        grouped.setdefault(key, {})[where] = None
    return {key: tuple(wheres) for key, wheres in grouped.items()}


def validate(data: dict[str, Json], schemas: Schemas, kind: Kind) -> Iterator[Finding]:
    """Every fault in the shape of one document, by path, each once.

    A project without a valid 表样 is also measured against the form it fits best, so that its other faults
    show in the same run.
    """
    if schemas.is_sound(data, kind):
        return
    if kind == "department":
        found = _found(data, schemas, "department", schemas.vocabulary("department"))
    else:
        found = _project(data, schemas)
    yield from sorted(found, key=lambda finding: (_order(finding), finding.code, finding.message))


_AMOUNTS = {FUNDING, "项目支出", "权重"}


def _has_whole_decimal(value: Json) -> bool:
    """Whether a decimal like 2024.0 stands anywhere but where amounts and weights do."""
    inside = [value]
    for one in inside:
        if isinstance(one, dict):
            inside += [part for key, part in one.items() if part.__class__ is not str and key not in _AMOUNTS]
        elif isinstance(one, list):
            inside += [part for part in one if part.__class__ is not str]
        elif isinstance(one, Decimal) and one == one.to_integral_value():
            return True
    return False


def _project(data: dict[str, Json], schemas: Schemas) -> set[Finding]:
    name = data.get(FORM)
    if isinstance(name, str) and name in schemas.forms:
        return _found(data, schemas, "project", schemas.vocabulary(name))
    found = _found(data, schemas, "project", schemas.vocabulary("project"))
    guesses = (_found(data, schemas, form, schemas.vocabulary(form)) for form in schemas.forms)
    best = min(guesses, key=len, default=set())
    return found | {finding for finding in best if finding.path != (FORM,)}


def _found(data: dict[str, Json], schemas: Schemas, name: str, vocabulary: Vocabulary) -> set[Finding]:
    errors = schemas.validator(name).iter_errors(data)
    return {finding for error in errors for finding in explain(error, vocabulary)}


def _order(finding: Finding) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in finding.path)


def default_folder() -> Path:
    """Where the schemas stand: inside an installed package, or beside the package in a checkout."""
    package = Path(__file__).parent
    installed = package / "schema_files"
    return installed if installed.is_dir() else package.parent / "schema"


def load(folder: Path) -> Schemas:
    """All schemas in ``folder``; SchemaError, with a sentence for the user, when one is missing or broken."""
    raw = {path.name: _read(path) for path in sorted(folder.glob(f"*{_SUFFIX}"))}
    for name in ("project", "department", "form"):
        if name + _SUFFIX not in raw:
            raise SchemaError(
                f"文件夹 {folder} 里没有 {name}{_SUFFIX}；请恢复这个文件，或改正表样文件夹的设置。"
            )
    meta = raw.pop("form" + _SUFFIX)
    resolved = {name.removesuffix(_SUFFIX): _resolve(schema, name, raw) for name, schema in raw.items()}
    ids = tuple(resolved["project"].get("properties", {}).get(FORM, {}).get("enum", ()))
    words = values.vocabulary(_json(folder / UNITS))
    terms = {name: tuple(group) for name, group in _json(folder / TERMS)["terms"].items()}
    forms = {form: _form(form, resolved, meta) for form in ids}
    return Schemas(forms, resolved, words, terms, _digest(folder))


def _digest(folder: Path) -> str:
    known = sha256()
    for path in sorted(folder.glob("*.json")):
        data = path.read_bytes()
        known.update(f"{path.name} {len(data)}\n".encode())
        known.update(data)
    return known.hexdigest()


def _json(path: Path) -> _Schema:
    try:
        data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaError(f"{path} 读不了；请检查文件权限，并另存为 UTF-8。") from error
    except json.JSONDecodeError as error:
        raise SchemaError(f"{path} 第 {error.lineno} 行第 {error.colno} 列不是正确的 JSON。") from error
    if not isinstance(data, dict):
        raise SchemaError(f"{path} 的最外层应是花括号。")
    return data


def _reference(schema: _Schema) -> Draft202012Validator:
    """The reference validator: loaded only for what the quick one does not find sound."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415  takes a tenth of the start of a command

    return Draft202012Validator(schema)


def _is_schema(data: _Schema) -> bool:
    """Whether ``data`` surely is a schema: the quick answer, which goes by the dialect that is named."""
    if jsonschema_rs is None:
        return False
    if data.get("$schema") != _DIALECT:
        return False
    return jsonschema_rs.meta.is_valid(data) and _has_sound_patterns(data)


def _has_sound_patterns(schema: Any) -> bool:  # noqa: ANN401  any part of one
    """Whether its patterns are patterns, which the quick validator does not ask."""
    if isinstance(schema, list):
        return all(map(_has_sound_patterns, schema))
    if not isinstance(schema, dict):
        return True
    named = schema.get("patternProperties")
    try:
        for pattern in (schema.get("pattern"), *(named if isinstance(named, dict) else ())):
            if isinstance(pattern, str):
                re.compile(pattern)
    except re.error:
        return False
    return all(map(_has_sound_patterns, schema.values()))


def _read(path: Path) -> _Schema:
    schema = _json(path)
    if _is_schema(schema):
        return schema
    from jsonschema import Draft202012Validator  # noqa: PLC0415  as for _reference
    from jsonschema.exceptions import SchemaError as InvalidSchema  # noqa: PLC0415  the same

    try:
        Draft202012Validator.check_schema(schema)
    except InvalidSchema as error:
        where = "/".join(str(step) for step in error.absolute_path)
        raise SchemaError(f"{path} 里“{where}”处不符合 JSON Schema 2020-12。") from error
    return schema


def _fits(schema: _Schema, meta: _Schema) -> bool:
    """Whether a form's schema surely is as ``meta`` has it."""
    if jsonschema_rs is None:
        return False
    return jsonschema_rs.Draft202012Validator(meta).is_valid(schema)


def _form(name: str, resolved: Mapping[str, _Schema], meta: _Schema) -> Form:
    if name not in resolved:
        raise SchemaError(f"project{_SUFFIX} 里有表样 {name}，但没有 {name}{_SUFFIX}。")
    schema = resolved[name]
    for error in () if _fits(schema, meta) else _reference(meta).iter_errors(schema):
        where = "/".join(str(step) for step in error.absolute_path)
        fault = next(explain(error, Vocabulary({}, {})))
        raise SchemaError(f"{name}{_SUFFIX}“{where}”处：{fault.message}。{fault.hint}")
    if {schema["x-form"]["id"], schema["properties"][FORM]["const"]} != {name}:
        raise SchemaError(f"{name}{_SUFFIX} 的 x-form.id 和“{FORM}”的 const 都应是 {name}。")
    if {FORM: name} not in _chosen(resolved["project"]):
        raise SchemaError(f"project{_SUFFIX} 的 allOf 里没有按“{FORM}”选用 {name}{_SUFFIX} 的一条。")
    return forms.read(schema)


def _chosen(project: Mapping[str, Any]) -> list[dict[str, str]]:
    """The 表样 of every branch of the dispatching schema that leads to the form of that name."""
    branches = (
        (branch.get("if", {}).get("properties", {}).get(FORM, {}).get("const"), branch.get("then", {}))
        for branch in project.get("allOf", ())
    )
    return [{FORM: name} for name, then in branches if then.get("x-form", {}).get("id") == name]


def _resolve(schema: Any, file: str, raw: Mapping[str, _Schema], depth: int = 0) -> Any:  # noqa: ANN401  JSON
    """``schema`` with every ``$ref`` replaced by what it points to; words beside a ``$ref`` win."""
    if not isinstance(schema, dict):
        return schema
    result: _Schema = {}
    for key, value in schema.items():
        if key in _NAMED:
            result[key] = {name: _resolve(inner, file, raw, depth) for name, inner in value.items()}
        elif key in _NESTED or (key == "additionalProperties" and value is not False):
            result[key] = _resolve(value, file, raw, depth)
        elif key == "allOf":
            result[key] = [_resolve(inner, file, raw, depth) for inner in value]
        elif key in EXPLAINED or key in _SILENT or key.startswith("x-"):
            result[key] = value
        else:
            raise SchemaError(f"{file} 用了“{key}”，检查没有与它对应的中文说明；请换一种写法。")
    if "$ref" not in result:
        return result
    target, inner = _target(result.pop("$ref"), file, raw, depth)
    return _merged(_resolve(inner, target, raw, depth + 1), result, file)


def _target(ref: str, file: str, raw: Mapping[str, _Schema], depth: int) -> tuple[str, Any]:
    name, _, pointer = ref.partition("#")
    inner: Any = raw.get(name or file)
    for step in pointer.split("/")[1:]:
        inner = inner.get(step) if isinstance(inner, dict) else None
    if inner is None or depth > len(raw) + 8:
        raise SchemaError(f"{file} 引用的“{ref}”不存在，或绕回了自己。")
    return name or file, inner


def _merged(base: _Schema, beside: _Schema, file: str) -> _Schema:
    for key in base.keys() & beside.keys():
        if key in EXPLAINED and base[key] != beside[key]:
            raise SchemaError(f"{file} 在 $ref 旁边又写了不同的“{key}”，含义不清；请只写一处。")
    return {**base, **beside}
