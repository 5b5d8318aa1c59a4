"""``datapackage.json``: the CSV files of everything, described by the Frictionless Data Package (v1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder import downloads
from builder.exports.data.columns import LONG, Type
from builder.exports.data.csv_files import FALSE, GUARD, TRUE
from builder.exports.data.scopes import TABLE_FILES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.downloads import Listed
    from builder.exports.data.about import About
    from builder.exports.data.columns import Column, Table

FILES = {
    LONG.name: downloads.scope_file("csv"),
    **{t.name: downloads.table_file(t.name) for t in TABLE_FILES},
}
"""Path of the CSV file of each table, by its name."""

_NOTE = f"文字以 = + - @ 等开头的，前面加了一个 {GUARD}，免得被表格软件当作公式；去掉一个就是原文。"


def package(files: Mapping[str, Listed], about: About) -> dict[str, Any]:
    """The descriptor; ``files`` by path."""
    tables = {LONG.name: LONG, **{table.name: table for table in TABLE_FILES}}
    return {
        "profile": "data-package",
        "name": "jixiao",
        "title": about.site_name,
        "description": f"{about.notice}政府项目的预算绩效目标。{_NOTE}",
        **({"notice": about.notice} if about.notice else {}),
        **({"homepage": about.site_url} if about.site_url else {}),
        **_licences(about),
        "resources": [_resource(table, files[FILES[name]], tables) for name, table in tables.items()],
    }


def _licences(about: About) -> dict[str, Any]:
    if not about.licence:
        return {}
    where = {"path": about.licence_url} if about.licence_url else {"name": "other"}
    return {"licenses": [{**where, "title": about.licence}]}


def _resource(table: Table, file: Listed, tables: Mapping[str, Table]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "path": file.path.removeprefix(f"{downloads.FOLDER}/"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": _schema(table, tables),
    }


def _schema(table: Table, tables: Mapping[str, Table]) -> dict[str, Any]:
    titles = {column.name: column.title for column in table.columns}
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": [titles[name] for name in table.key],
    }
    if table.project:
        target = tables["projects"]
        (key,) = (column.title for column in target.columns if column.name in target.key)
        reference = {"resource": target.name, "fields": [key]}
        schema["foreignKeys"] = [{"fields": [titles[table.project]], "reference": reference}]
    return schema


def _field(column: Column) -> dict[str, Any]:
    constraints = {
        **({"required": True} if column.required else {}),
        **({"enum": list(column.choices)} if column.choices else {}),
    }
    truth = {"trueValues": [TRUE], "falseValues": [FALSE]} if column.type is Type.BOOLEAN else {}
    return {
        "name": column.title,
        "type": column.type.value,
        "description": f"{column.description}（程序用的名字：{column.name}）",
        **truth,
        **({"constraints": constraints} if constraints else {}),
    }
