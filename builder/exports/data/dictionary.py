"""The page 数据说明: every file, table and column that is given away, made from what the exports read.

Where a column holds what a form's 栏目 says, the words of the form's schema stand beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder import decode, downloads
from builder.exports.data.columns import LONG, OF_PROJECT, TABLES, Type
from builder.exports.data.csv_files import DANGEROUS, FALSE, GUARD, TRUE
from builder.exports.data.openapi import VERSION
from builder.markdown import code, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.exports.data.columns import Column, Table
    from builder.schema import Schemas

_TYPES = {
    Type.TEXT: "文字",
    Type.INTEGER: "整数",
    Type.NUMBER: "小数",
    Type.BOOLEAN: "是否",
    Type.DATE: "日期",
}

_HEAD = """\
# 数据说明

写给要用这些数据的人：有哪些文件、每一列是什么。下载在[下载页](jixiao:data)，单个项目的文件在各项目的页面上。
本页由程序按导出的列和 `schema/` 里的表样生成，请不要直接改。
"""


def page(schemas: Schemas) -> str:
    """The whole page, Markdown."""
    described = _described(schemas)
    tables = (_table(table, described) for table in TABLES)
    return "\n".join([_HEAD, _files(), _conventions(), "## 各表的列 {#tables}\n", _long(), *tables])


def _files() -> str:
    rows = [
        *(
            _row(code(downloads.scope_file(kind.suffix)), escaped(kind.about))
            for kind in downloads.SCOPE_KINDS
        ),
        _row(code(downloads.scope_file("csv", 2024)), "一个年度；Excel、JSON Lines、SQLite 也各有一份"),
        _row(code(downloads.scope_file("csv", 2024, "067001")), "一个部门的一个年度，同上"),
        *(
            _row(code(downloads.table_file(table.name)), f"全部数据：{escaped(table.description)}")
            for table in TABLES
            if table.name != LONG.name
        ),
        _row(code(downloads.PACKAGE), "上面全部 CSV 的说明，Frictionless Data Package"),
        _row(code(downloads.CATALOGUE), "DCAT 目录和 schema.org 的 Dataset，JSON-LD"),
        _row(
            code(downloads.FEED), f"新增和修改的项目，Atom；每个部门的在 {code(downloads.FOLDER + '/feeds/')}"
        ),
        _row(code(downloads.CHECKSUMS_FILE), "`data/` 里各文件的 SHA-256，用 `sha256sum -c` 核对"),
        _row(code(f"{downloads.API}/index.json"), "静态的数据接口，改动记在[接口变更](api-changelog.md)"),
        _row(code(downloads.OPENAPI), f"接口的说明，OpenAPI 3.1，现在是 {VERSION}"),
    ]
    return "\n".join(["## 文件 {#files}", "", *_heads("文件", "内容"), *rows, ""])


def _conventions() -> str:
    signs = " ".join(code(sign) for sign in DANGEROUS if sign.isprintable())
    return f"""\
## 各种格式怎样写 {{#conventions}}

- **项目标识**是“年度/部门代码/文件名”，与网址、与 git 里的路径一致；序号会变，不要用它认项目。
- **原文**（指标值等）一字不改。**读出的含义**由程序从指标值读出，供比较和汇总，与原文不一致时以原文为准。
- **金额**的小数位照表上写，13.00 就是 13.00。JSON 里小数一律写成文字，免得程序按浮点数丢掉位数。
- **CSV** 是 UTF-8，带 BOM，行尾 CRLF，列名是中文。是否写作“{TRUE}”“{FALSE}”，没有的空着。
- **CSV 里的公式**：文字以 {signs} 、制表符、换行或 {code(GUARD)} 开头的，前面多写一个 {code(GUARD)}，
  免得被表格软件当作公式运行。还原的办法：文字列的第一个字是 {code(GUARD)} 的，去掉这一个。
- **Excel** 里文字就是文字，不加 {code(GUARD)}；数是数，位数太多、放进去会变的写成文字。
  超过 1048576 行的接着写在下一个工作表。
- **SQLite** 的列不限类型，超过 15 位有效数字的小数存成文字；印在末尾的 0 以 CSV 和 JSON 为准。
- **JSON Lines** 每行一个项目，内容与项目页面上的 JSON 相同，列名用下面“程序用的名字”。
  `meaning` 里没有读出的不写。
- **YAML** 是整理过的数据原样，键就是表上的栏目，见[表样栏目](fields.md)；填报人写的注释只在 git 里。
- **豁免**是检查指出、按批复原文保留的地方，连同理由一起公开。
- 依法不予公开的项目不在任何文件里，合计也不含它们。
"""


def _long() -> str:
    """What the long table takes from the table of projects."""
    moved = [f"{code(name)}（{code(new)}）" for name, new in OF_PROJECT.items() if name != new]
    return (
        f"CSV 和 Excel 的“{LONG.title}”每行除了指标，前面还有它的项目的"
        f" {len(OF_PROJECT)} 列，列名与“项目”表相同；程序用的名字不同的有 {'、'.join(moved)}。\n"
    )


def _table(table: Table, described: Mapping[str, str]) -> str:
    rows = (
        _row(
            escaped(column.title),
            code(column.name),
            _type(column),
            escaped(column.description) + _words(table, column, described),
        )
        for column in table.columns
    )
    key = "、".join(code(name) for name in table.key)
    return "\n".join(
        [
            f"### {table.title} {{#{table.name}}}",
            "",
            f"{code(table.name)}。{escaped(table.description)}一行由 {key} 认定。",
            "",
            *_heads("列", "程序用的名字", "类型", "说明"),
            *rows,
            "",
        ]
    )


def _type(column: Column) -> str:
    choices = f"：{'、'.join(escaped(choice) for choice in column.choices)}" if column.choices else ""
    return f"{_TYPES[column.type]}{choices}{'' if column.required else '，可以空'}"


def _words(table: Table, column: Column, described: Mapping[str, str]) -> str:
    """What the schema says of the 栏目 of the same name, where it says more."""
    said = described.get(f"{table.name}/{column.title}", "")
    return f"表样的说明：{escaped(said)}" if said and said != column.description else ""


def _described(schemas: Schemas) -> Mapping[str, str]:
    """Descriptions of 栏目 by table and title; those of the first form that has one."""
    found: dict[str, str] = {}
    for form in schemas.forms:
        properties = schemas.resolved[form]["properties"]
        funding = properties[decode.FUNDING]["properties"]
        for table, group in (
            ("projects", properties),
            ("projects", funding),
            ("indicators", _row_keys(properties)),
        ):
            for key, schema in group.items():
                found.setdefault(f"{table}/{key}", schema.get("description", ""))
    for key, schema in schemas.resolved["department"]["properties"].items():
        found.setdefault(f"departments/{key}", schema.get("description", ""))
    return found


def _row_keys(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """The keys of one indicator, as the first 二级指标 has them."""
    level1 = next(iter(properties[decode.INDICATORS]["properties"].values()))
    slot = next(iter(level1["properties"].values()))
    keys: Mapping[str, Any] = slot["items"]["properties"]
    return keys


def _heads(*words: str) -> Iterator[str]:
    yield _row(*words)
    yield _row(*("---" for _ in words))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
