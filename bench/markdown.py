"""The same pages for plain MkDocs and Material: Markdown files with the same tables, and a configuration."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

import yaml

from bench.workplace import ROOT
from builder import decode, schema
from builder.grid import form_grid
from builder.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from builder.form import Form


def write(folder: Path, targets: Path, *, search: bool = False) -> None:
    """Markdown pages below ``folder/docs`` for every project, department and year of ``targets``.

    ``search``: with Material's own.
    """
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    head, _, rest = text.partition("\nplugins:")
    extensions = rest[rest.index("\nmarkdown_extensions:") : rest.index("\nnav:")]
    ending = (
        f"{extensions}\nplugins: [{'search' if search else ''}]\nnot_in_nav: /*/\nnav:\n  - 首页: index.md\n"
    )
    folder.mkdir(parents=True)
    # Material's own words: the project's own language file is not there.
    configuration = head.replace("language: zh-CN", "language: zh") + ending
    (folder / "mkdocs.yml").write_text(configuration, encoding="utf-8")
    _page(folder / "docs" / "index.md", "示例", "# 示例\n")
    form = schema.load(schema.default_folder()).forms["ningxia-2024"]
    for year in sorted(path for path in targets.iterdir() if path.is_dir()):
        owners = sorted(path for path in year.iterdir() if path.is_dir())
        departments = [
            (own.name, _department(folder / "docs" / year.name / own.name, own, form)) for own in owners
        ]
        rows = "\n".join(f"| [{name}]({code}/index.md) | {count} |" for code, (name, count) in departments)
        title = f"{year.name} 年度项目支出预算绩效目标"
        _page(
            folder / "docs" / year.name / "index.md",
            title,
            f"# {title}\n\n| 部门 | 项目（个） |\n|---|---:|\n{rows}\n",
        )


def _department(target: Path, source: Path, form: Form) -> tuple[str, int]:
    """The pages of one department in one year; its name, and how many projects it has."""
    rows = []
    records = [(path.stem, _read(path)) for path in source.glob("*.yml") if path.stem != "部门"]
    records.sort(key=lambda record: record[1]["序号"])
    for stem, data in records:
        _page(target / f"{stem}.md", data["项目名称"], "\n".join(_project(data, form)))
        money = data["项目资金"]["年度资金总额"]
        rows.append(
            f"| {data['序号']} | [{data['项目名称']}]({stem}.md) | {data['项目属性']} | {money} 万元 |"
        )
    name = _read(source / "部门.yml")["部门名称"]
    heads = "| 序号 | 项目名称 | 项目属性 | 年度资金总额 |\n|---:|---|---|---:|\n"
    title = f"{name} {source.parent.name} 年度项目支出预算绩效目标"
    _page(target / "index.md", title, f"# {title}\n\n## 项目\n\n{heads}" + "\n".join(rows) + "\n")
    return name, len(rows)


def _project(data: dict[str, Any], form: Form) -> Iterator[str]:
    """One project: text and simple tables in Markdown, the form with its merged cells in HTML."""
    project = decode.project(data, form)
    yield f"# {project.name}\n"
    yield f"{project.year} 年度，{project.unit}在这个项目上安排 {project.total} 万元。\n"
    yield f"定了 {len(project.goals)} 条年度总体目标、{len(project.indicators)} 个绩效指标。\n"
    yield render("parts/target_form.html", view={"form": form_grid(project, form)})
    yield "\n## 逐条看懂这些指标\n\n| 三级指标 | 指标值原文 | 读作 | 方向 |\n|---|---|---|---|"
    for row in project.indicators:
        yield f"| {row.level2} {row.name} | {row.value} | 读作 {row.value} | 越高越好 |"
    yield "\n## 这些名称是什么意思\n"
    used = {level2 for level2, _ in groupby(row.level2 for row in project.indicators)}
    for _, slot in form.slots:
        if slot.name in used:
            yield f"- **{slot.name}**：{slot.description}"


def _page(path: Path, title: str, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\n{text}", encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return data
