"""``jixiao check``: every problem in the data, in one run."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from builder import adjusted, checking, configuration, means, report, schema, touched, tree
from builder.collection import collect
from builder.commands import terminal
from builder.errors import BuilderError
from builder.gitref.changed import change_since
from builder.gitref.command import GitError
from builder.report.markdown import STEP_SUMMARY

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from builder.collection import Collection
    from builder.gitref.changed import Change
    from builder.means import Means
    from builder.report import Outcome

HELP = "检查数据文件"
DESCRIPTION = (
    "检查数据文件，一次列出全部问题。退出码：0 没有错误；1 有错误（--strict 时警告也算）；2 无法运行。"
)
_FORMATS = {
    "text": "给人看",
    "json": "给程序看",
    "github": "GitHub Actions 标注",
    "gitlab": "GitLab Code Quality",
    "sarif": "SARIF 2.1.0",
    "rdjsonl": "reviewdog",
    "markdown": "摘要或评论",
}
_WHOLE: Mapping[str, Callable[[Outcome], str]] = {
    "json": report.as_json,
    "gitlab": report.as_gitlab,
    "sarif": lambda outcome: report.as_sarif(outcome, terminal.version()),
    "markdown": report.as_markdown,
}
"""Formats that are one text."""


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    formats = "；".join(f"{name} {what}" for name, what in _FORMATS.items())
    parser.add_argument("paths", nargs="*", type=Path, metavar="路径", help="文件或文件夹，默认 targets")
    parser.add_argument(
        "--format", choices=_FORMATS, default="text", metavar="格式", help=f"输出格式，默认 text：{formats}"
    )
    parser.add_argument(
        "--output", type=Path, metavar="文件", help="把 --format 的结果写进这个文件，屏幕上照常显示文字"
    )
    parser.add_argument(
        "--changed-since",
        metavar="版本",
        help="照常检查全部，只列出从这个版本（分支、标签、提交）分出以来的改动涉及的问题，退出码也只看这些",
    )
    parser.add_argument(
        "--history", action="store_true", help="再对照 git 的历史：公开以后改了目标的，有没有调整记录"
    )
    parser.add_argument("--strict", action="store_true", help="有警告也算不通过")
    parser.add_argument(
        "--rules", type=Path, metavar="文件", help=f"规则设置，默认 {configuration.RULES_FILE}（可以没有）"
    )
    terminal.add_schema(parser)


def run(options: argparse.Namespace) -> int:
    """Check, report, and say whether errors were found."""
    outcome, change = _checked(options)
    lines = _report(options.format, outcome, change)
    if options.output:
        _write(options.output, lines)
        lines = _report("text", outcome, change)
    elif options.format != "text":
        terminal.as_utf8()
    for line in lines:
        print(line)
    if options.format == "github":
        _summarise(outcome)
    return terminal.FOUND if outcome.failed(strict=options.strict) else terminal.OK


def _checked(options: argparse.Namespace) -> tuple[Outcome, Change | None]:
    """What the check came to, and the change it is about, where one is known."""
    schemas_folder = options.schema or schema.default_folder()
    rules_file = options.rules or Path(configuration.RULES_FILE)
    if options.rules and not rules_file.is_file():
        raise BuilderError(f"找不到规则设置“{rules_file}”：请核对路径。")
    schemas, settings = schema.load(schemas_folder), configuration.rules(rules_file)
    paths = options.paths or [Path("targets")]
    change = _change(options)
    progress = terminal.progress("已检查 {} 个文件")
    with means.processes(loads=(checking.__name__,)) as given:
        collection = collect(paths, schemas, settings=settings, progress=progress, means=given)
        outcome = _with_history(collection, paths, given) if options.history else collection.outcome
    # Forms and settings decide about every file: where they changed, nothing is beside the point.
    if change and options.changed_since and not any(map(change.is_under, (schemas_folder, rules_file))):
        outcome = touched.only(outcome, change, touched.Basis(paths, schemas, settings))
    return outcome, change


def _with_history(collection: Collection, paths: Sequence[Path], given: Means) -> Outcome:
    """The outcome, with what only the history shows, of one folder of data."""
    if len(paths) != 1 or not paths[0].is_dir():
        raise BuilderError("--history 要对照整个数据文件夹：请只写一个文件夹，或不写路径。")
    known = adjusted.with_history(collection, paths[0].as_posix())
    if known.history is None or not known.history.is_known:
        raise BuilderError("没有 git 的历史，--history 无法判断：请在 git 仓库里运行。")
    if known.history.is_partial:
        terminal.say("这是浅克隆，只对照了取到的历史。要全部对照，请先运行 git fetch --unshallow。")
    known.history.prepared(known.history.names(), given)
    found = (*collection.outcome.problems, *adjusted.problems(known))
    return replace(collection.outcome, problems=tuple(sorted(found)))


def _change(options: argparse.Namespace) -> Change | None:
    if options.changed_since:
        return change_since(tree.HERE, options.changed_since)
    target = os.environ.get("GITHUB_BASE_REF")
    if options.format == "github" and target:
        try:
            return change_since(tree.HERE, f"origin/{target}")
        except GitError:  # a shallow clone; the order is a courtesy
            return None
    return None


def _report(form: str, outcome: Outcome, change: Change | None) -> Iterable[str]:
    lines = terminal.lines_under(Path())
    if form in _WHOLE:
        return (_WHOLE[form](outcome),)
    if form == "github":
        summarised = bool(os.environ.get("GITHUB_STEP_SUMMARY"))
        return report.as_github(outcome, _is_changed(change), summarised=summarised)
    if form == "rdjsonl":
        return report.as_rdjsonl(outcome, lines)
    return report.as_text(outcome, lines, colour=terminal.is_terminal())


def _is_changed(change: Change | None) -> Callable[[str], bool]:
    return (lambda file: change.has(Path(file))) if change else (lambda _: False)


def _write(path: Path, lines: Iterable[str]) -> None:
    try:
        with path.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
            stream.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise BuilderError(f"“{path}”写不了：{error.strerror}。") from error


def _summarise(outcome: Outcome) -> None:
    """Add the whole report to the summary of the step, where GitHub Actions asks for one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8", errors="replace", newline="\n") as stream:
            stream.write(report.as_markdown(outcome, limit=STEP_SUMMARY))
    except OSError as error:
        terminal.say(f"摘要写不了：{error.strerror}。")
