"""``jixiao build``: check the data and write the site."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from builder import manifest, mkdocs_plugin, publish, report, tree
from builder.commands import terminal
from builder.errors import BuilderError

if TYPE_CHECKING:
    import argparse

HELP = "检查数据并生成网站"
DESCRIPTION = "检查数据并生成网站。先写到旁边的临时文件夹，全部成功才换下原有网站。退出码与 check 相同。"


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    terminal.add_config(parser)
    parser.add_argument("--site-dir", type=Path, metavar="文件夹", help="网站写到哪里，默认按配置（site）")
    parser.add_argument("--strict", action="store_true", help="有警告也算不通过")
    parser.add_argument(
        "--previous", type=Path, metavar="文件", help="上一次发布的 manifest.json，把它的摘要记进这一次的清单"
    )
    parser.add_argument("--release", action="store_true", help="正式发布：网站须有的信息没有配齐，就不生成")


def run(options: argparse.Namespace) -> int:
    """Check, report, and build unless errors were found."""
    terminal.log_warnings()
    started = time.monotonic()
    previous = _digest(options.previous) if options.previous else None
    prepared = mkdocs_plugin.prepare(options.config, strict=options.strict)
    outcome = prepared.collection.outcome
    lines = terminal.lines_under(options.config.parent)
    for line in report.as_text(outcome, lines, colour=terminal.is_terminal()):
        print(line)
    if outcome.failed(strict=options.strict):
        terminal.say("没有生成网站；原有网站（如果有）没有改动。")
        return terminal.FOUND
    if options.release and (lacking := prepared.unready()):
        terminal.say(f"不能发布，“{options.config}”还缺：\n" + "\n".join(f"  {item}" for item in lacking))
        return terminal.FOUND
    folder = (options.site_dir or prepared.folder).absolute()
    with publish.staged(folder) as staging:
        prepared.build(staging, previous=previous)
    print(f"网站已生成：{folder}（{time.monotonic() - started:.1f} 秒）")
    print(f"发布清单 {manifest.NAME} 的 SHA-256：{_digest(folder / manifest.NAME)}")
    return terminal.OK


def _digest(path: Path) -> str:
    """The digest of a manifest, read to be sure that it is one."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BuilderError(f"“{path}”读不了：{error.strerror}。") from error
    manifest.parse(raw)
    return tree.digest(raw)
