"""``jixiao export``: the official forms as Word, Excel and PDF files."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from builder import configuration, report, schema
from builder.collection import collect, load
from builder.commands import terminal
from builder.errors import BuilderError
from builder.exports import office
from builder.exports.office import document
from builder.tree import identity

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from builder.catalogue import DepartmentYear
    from builder.collection import Collection
    from builder.exports.office.document import Document
    from builder.schema import Schemas

HELP = "导出可打印的绩效目标表（Word、Excel、PDF）"
DESCRIPTION = (
    "先检查，没有错误才导出。每个项目一个文件：<文件夹>/<年度>/<部门代码>/<项目>.docx；"
    "合订时每个部门一个文件：<文件夹>/<年度>/<部门代码>.docx。同名的旧文件会换成新的，别的文件不动。"
    "退出码：0 已导出；1 数据有错误，没有导出；2 无法运行。"
)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="路径", help="文件或文件夹，默认 targets")
    parser.add_argument(
        "--format",
        action="append",
        choices=tuple(office.FORMATS),
        help="docx（Word）、xlsx（Excel）或 pdf，可以写几次，默认三种都要",
    )
    parser.add_argument(
        "--output", type=Path, default=Path("export"), metavar="文件夹", help="写到哪里，默认 export"
    )
    parser.add_argument("--bound", action="store_true", help="每个部门合订成一个文件，按附件里的顺序")
    terminal.add_schema(parser)


def run(options: argparse.Namespace) -> int:
    """Check, and write the files unless errors were found."""
    started = time.monotonic()
    writers = {suffix: office.writer(suffix) for suffix in options.format or office.FORMATS}
    schemas = schema.load(options.schema or schema.default_folder())
    collection = _chosen(options.paths or [Path("targets")], schemas)
    if collection.outcome.failed(strict=False):
        lines = terminal.lines_under(Path())
        for line in report.as_text(collection.outcome, lines, colour=terminal.is_terminal()):
            print(line)
        terminal.say("没有导出：请先改正以上错误。")
        return terminal.FOUND
    progress = terminal.progress("已导出 {} 个文件")
    written = 0
    for stem, made in (_bound if options.bound else _single)(collection):
        for suffix, write in writers.items():
            _write(options.output / f"{stem}.{suffix}", write(made))
            written += 1
            if progress:
                progress(written)
    if not written:
        raise BuilderError(
            "没有可以导出的项目：文件应放在“<年度>/<部门代码>/”下，例如 targets/2024/067001/项目.yml；"
            "不公开的项目不导出。"
        )
    print(f"已导出 {written} 个文件：{options.output}（{time.monotonic() - started:.1f} 秒）")
    return terminal.OK


def _chosen(paths: Sequence[Path], schemas: Schemas) -> Collection:
    """What stands at the paths; a single file is read with its department, which numbers its table."""
    files = {path for path in paths if path.is_file() and identity(path)}
    folders = dict.fromkeys(path.parent if path in files else path for path in paths)
    settings = configuration.rules(Path(configuration.RULES_FILE))
    progress = terminal.progress("已检查 {} 个文件")
    collection = collect(folders, schemas, settings=settings, progress=progress)

    def chosen(file: str) -> bool:
        return any(
            Path(file) == path or (path not in files and Path(file).is_relative_to(path)) for path in paths
        )

    years = (
        replace(year, departments=tuple(_narrowed(department, chosen) for department in year.departments))
        for year in collection.catalogue.years
    )
    problems = tuple(problem for problem in collection.outcome.problems if chosen(problem.file))
    return replace(
        collection,
        outcome=replace(collection.outcome, problems=problems),
        catalogue=replace(collection.catalogue, years=tuple(years)),
    )


def _narrowed(department: DepartmentYear, chosen: Callable[[str], bool]) -> DepartmentYear:
    projects = dict.fromkeys(item for item in department.projects if chosen(item.file))
    return replace(department, projects=tuple(projects))


def _single(collection: Collection) -> Iterator[tuple[str, Document]]:
    """Each project's document and its path without suffix."""
    for department in _departments(collection):
        for item in department.projects:
            subject = load(item, collection)
            made = document.of_project(subject.project, subject.form, attachment=_attachment(department))
            yield f"{item.id.year}/{item.id.department}/{item.id.stem}", made


def _bound(collection: Collection) -> Iterator[tuple[str, Document]]:
    """Each department's document and its path without suffix."""
    for department in _departments(collection):
        subjects = (load(item, collection) for item in department.projects)
        made = document.of_department(
            ((subject.project, subject.form) for subject in subjects),
            name=department.name,
            year=department.year,
            attachment=_attachment(department),
        )
        yield f"{department.year}/{department.code}", made


def _attachment(department: DepartmentYear) -> str | None:
    return department.facts.attachment if department.facts else None


def _departments(collection: Collection) -> Iterator[DepartmentYear]:
    """The departments that have something to export."""
    departments = (department for year in collection.catalogue.years for department in year.departments)
    return (department for department in departments if department.projects)


def _write(path: Path, data: bytes) -> None:
    """Write a whole file or nothing; an older one stays until the new one is complete."""
    new = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            new.write_bytes(data)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise BuilderError(
            f"不能写“{path}”：{error.strerror}。如果它正在 Word 等程序里打开着，请先关闭。"
        ) from error
