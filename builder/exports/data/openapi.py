"""``openapi.json``: the static API described by OpenAPI 3.1, its schemas made from the tables' columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder import downloads
from builder.exports.data.columns import DEPARTMENTS, FUNDS, INDICATORS, PROJECTS, READ, WAIVED, Type
from builder.exports.data.rows import SHAPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.exports.data.about import About
    from builder.exports.data.columns import Column

VERSION = f"{SHAPE}.0.0"
"""Of the API's shape; every change has an entry in docs/api-changelog.md."""

_TYPES: dict[Type, dict[str, Any]] = {
    Type.TEXT: {"type": "string"},
    Type.INTEGER: {"type": "integer"},
    Type.NUMBER: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    Type.BOOLEAN: {"type": "boolean"},
    Type.DATE: {"type": "string", "format": "date"},
}
_TEXT, _WHOLE, _EXACT = (_TYPES[kind] for kind in (Type.TEXT, Type.INTEGER, Type.NUMBER))
_VERSION = {"type": "string", "const": SHAPE, "description": "形状的版本。"}
_PLACE = {
    "page": {"type": "string", "description": "网页的网址；没有设置网站的网址时，从网站的首页算起。"},
    "url": {"type": "string", "description": "本对象的 JSON 的网址，规则同上。"},
}
_ADJUSTMENT = {"date": _TYPES[Type.DATE], "number": {"type": ["string", "null"]}, "reason": _TEXT}
_READ_NAMES = {column.name for column in READ}
_EXAMPLES = {"year": 2024, "department": "067001", "project": "项目"}


def description(about: About) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{about.site_name}：数据接口",
            "version": VERSION,
            "summary": "只读的静态 JSON 文件，不用登记，没有次数限制。",
            "description": "小数一律写成文字，免得丢失位数。以后只会增加内容；要改变或去掉已有的，"
            "另起新的版本，地址里的 v1 换成 v2。",
            **_licence(about),
        },
        "servers": [{"url": f"{about.site_url}{downloads.API}" if about.site_url else "."}],
        "paths": dict(_paths()),
        "components": {"schemas": _schemas()},
    }


def _licence(about: About) -> dict[str, Any]:
    if not about.licence:
        return {}
    where = {"url": about.licence_url} if about.licence_url else {}
    return {"license": {"name": about.licence, **where}}


def _paths() -> Iterable[tuple[str, Any]]:
    yield "/index.json", _get("index", "从这里开始", "Index")
    yield "/years.json", _get("years", "各年度", "Years")
    yield "/departments.json", _get("departments", "各年度的各部门", "Departments")
    yield "/years/{year}.json", _get("year", "一个年度和它的部门", "YearOfDepartments", "year")
    yield (
        "/departments/{year}/{department}.json",
        _get("department", "一个年度的一个部门和它的项目", "DepartmentOfProjects", "year", "department"),
    )
    yield (
        "/projects/{year}/{department}/{project}.json",
        _get("project", "一个项目的全部内容", "Project", "year", "department", "project"),
    )


def _get(name: str, summary: str, schema: str, *parameters: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {
        "get": {
            "operationId": f"get_{name}",
            "summary": summary,
            "parameters": [_parameter(parameter) for parameter in parameters],
            "responses": {
                "200": {"description": summary, "content": content},
                "404": {"description": "没有"},
            },
        }
    }


def _parameter(name: str) -> dict[str, Any]:
    schema = _WHOLE if name == "year" else _TEXT
    words = {"year": "年度", "department": "部门代码", "project": "项目文件的名字，不带扩展名"}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": words[name],
        "schema": schema,
        "example": _EXAMPLES[name],
    }


def _schemas() -> dict[str, Any]:
    of_year = {
        "year": _WHOLE,
        "departments": _WHOLE,
        "projects": _WHOLE,
        "indicators": _WHOLE,
        "total_wan": _EXACT,
        **_PLACE,
    }
    of_department = {**_properties(DEPARTMENTS.columns), **_PLACE}
    said = {"name": _TEXT, "notice": _nullable(_TEXT), "licence": _nullable(_TEXT)}
    index = {**said, "projects": _WHOLE, "indicators": _WHOLE}
    links = dict.fromkeys(("years", "departments", "openapi", "download"), _TEXT)
    return {
        "Index": _object({"version": _VERSION, **index, **links}),
        "Year": _object(of_year),
        "Department": _object(of_department),
        "ProjectInList": _object({**_in_list(), **_PLACE}),
        "Indicator": _object(_indicator()),
        "Project": _object(_project()),
        "Years": _object({"version": _VERSION, "years": _list("Year")}),
        "Departments": _object({"version": _VERSION, "departments": _list("Department")}),
        "YearOfDepartments": _object({"version": _VERSION, **of_year, "of_departments": _list("Department")}),
        "DepartmentOfProjects": _object(
            {"version": _VERSION, **of_department, "of_projects": _list("ProjectInList")}
        ),
    }


def _project() -> dict[str, Any]:
    counted = {"goals", "indicators"}
    return {
        "version": _VERSION,
        **_properties(column for column in PROJECTS.columns if column.name not in counted),
        "funds": {"type": "array", "items": _object(_properties(FUNDS.columns[2:4]))},
        "goals": {"type": "array", "items": _TEXT},
        "indicators": _list("Indicator"),
        "adjustments": {"type": "array", "description": "调整记录。", "items": _object(_ADJUSTMENT)},
        "former": {"type": "array", "description": "曾用路径，写法与项目标识相同。", "items": _TEXT},
        "waived": {"type": "array", "items": _object(_properties(WAIVED.columns[2:]))},
    }


def _indicator() -> dict[str, Any]:
    written = (column for column in INDICATORS.columns[1:] if column.name not in _READ_NAMES)
    read = {column.name: _property(column, always=True) for column in READ}
    meaning = {
        "type": "object",
        "description": "程序读出的含义，供参考，以原文为准；没有读出的不写。",
        "properties": read,
        "required": ["measurable", "plain"],
    }
    return {**_properties(written), "meaning": meaning}


def _in_list() -> dict[str, Any]:
    names = {"id", "name", "number", "attribute", "currency", "total", "total_wan", "indicators"}
    return _properties(column for column in PROJECTS.columns if column.name in names)


def _properties(columns: Iterable[Column]) -> dict[str, Any]:
    return {column.name: _property(column, always=column.required) for column in columns}


def _property(column: Column, *, always: bool) -> dict[str, Any]:
    """A column as a schema; one that may be empty may be null."""
    choices = {"enum": list(column.choices)} if column.choices else {}
    schema = {**_TYPES[column.type], **choices}
    told = {"title": column.title, "description": column.description}
    return {**told, **(schema if always else _nullable(schema))}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **more, "type": [schema["type"], "null"]}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties]}


def _list(schema: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}}
