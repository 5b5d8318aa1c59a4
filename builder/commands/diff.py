"""``jixiao diff``: what a change does to the targets."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from pathlib import Path

from builder import configuration, schema
from builder.commands import terminal
from builder.comparison import Data, compare
from builder.diff import Kind
from builder.diff_report.html import as_html
from builder.diff_report.markdown import as_markdown
from builder.diff_report.text import as_json, as_text

HELP = "比较两个版本，看目标改了什么"
DESCRIPTION = (
    "比较两个版本的绩效目标，用表上的话说改了什么：目标降低还是提高，资金增减，指标增删。"
    "直接读 git 里的内容，不改动任何文件。不写版本，就从与 main 分开的地方比到现在的文件。"
    "退出码：0 比较完了，不论有什么变化；1 有 --fail-on 点名的变化；2 无法运行。"
)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "base", nargs="?", metavar="原来的版本", help="分支、标签或提交号，默认是与 main 分开的地方"
    )
    parser.add_argument("head", nargs="?", metavar="现在的版本", help="默认是现在的文件，没有提交的也算")
    parser.add_argument(
        "--format", choices=("text", "markdown", "json", "html"), default="text", help="输出格式，默认 text"
    )
    parser.add_argument(
        "--fail-on",
        type=_kinds,
        default=frozenset(),
        metavar="种类",
        help="有这些种类的变化就退出码 1，用逗号隔开",
    )
    parser.add_argument("--all", action="store_true", help="没有改动的文件里新出现的问题也列出来")
    parser.add_argument(
        "--targets",
        type=Path,
        default=Path("targets"),
        metavar="文件夹",
        help="数据所在的文件夹，默认 targets",
    )
    terminal.add_schema(parser)


def _kinds(words: str) -> frozenset[Kind]:
    names = [word.strip() for word in words.split(",") if word.strip()]
    for name in names:
        if name not in {*Kind}:
            near = get_close_matches(name, [*Kind], 1)
            hint = f"是不是想写“{near[0]}”？" if near else f"可以写：{'、'.join(Kind)}。"
            raise argparse.ArgumentTypeError(f"没有“{name}”这种变化。{hint}")
    return frozenset(map(Kind, names))


def run(options: argparse.Namespace) -> int:
    """Compare, report, and say whether a change was found that was asked about."""
    data = Data(
        folder=Path(),
        targets=options.targets,
        schemas=schema.load(options.schema or schema.default_folder()),
        settings=configuration.rules(Path(configuration.RULES_FILE)),
    )
    comparison = compare(data, options.base, options.head, every=options.all)
    match options.format:
        case "markdown":
            print(as_markdown(comparison), end="")
        case "json":
            print(as_json(comparison))
        case "html":
            print(as_html(comparison), end="")
        case _:
            for line in as_text(comparison, colour=terminal.is_terminal()):
                print(line)
    found = options.fail_on & {change.kind for change in comparison.changes}
    return terminal.FOUND if found else terminal.OK
