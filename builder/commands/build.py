"""``jixiao build``: check the data and write the site."""

from __future__ import annotations

import time
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from builder import manifest, means, mkdocs_plugin, report, site, staging, tree, units
from builder.commands import terminal
from builder.errors import BuilderError
from builder.spare import Spare
from builder.store import SpoiltError

if TYPE_CHECKING:
    import argparse

    from builder.means import Means

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
    parser.add_argument("--only", choices=("pages",), metavar="pages", help="只写网页，不写检索、下载和清单")
    add_means(parser)


def add_means(parser: argparse.ArgumentParser) -> None:
    """The options that say by whom the work is done, and what is kept of it."""
    parser.add_argument("--workers", type=_number, metavar="个数", help="用几个进程，默认与处理器核数相同")
    parser.add_argument("--scheduler", metavar="地址", help="交给 Dask 集群去做，如 tcp://10.0.0.1:8786")
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="文件夹",
        help="没有变的部分存在哪里，下次不必重做，默认在配置文件旁边的 .cache/jixiao；可以随时删掉",
    )
    parser.add_argument("--no-cache", action="store_true", help="全部重做，也不留下缓存")


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


_number.__name__ = "正整数"


def run(options: argparse.Namespace) -> int:
    """Check, report, and build unless errors were found."""
    terminal.log_warnings()
    started = time.monotonic()
    previous = _digest(options.previous) if options.previous else None
    beside = options.config.absolute().parent
    cache = None if options.no_cache else options.cache or beside / CACHE
    opened = means.opened(
        number=options.workers,
        scheduler=options.scheduler,
        cache=cache,
        scratch=beside,
        loads=(units.__name__,),
        makes=site.body if options.only == "pages" else None,
    )
    with opened as given:
        try:
            return _build(options, given, previous, started, cache)
        except SpoiltError:
            terminal.say("缓存里有损坏的内容：把它们找出来删掉，再来一遍……")
            given.store.weed()
            return _build(options, given, previous, started, cache)


CACHE = Path(".cache", "jixiao")
"""Where what was made is kept, beside the configuration."""


def _build(
    options: argparse.Namespace, given: Means, previous: str | None, started: float, cache: Path | None
) -> int:
    prepared = mkdocs_plugin.prepare(options.config, strict=options.strict, means=given)
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
    only_pages = options.only == "pages"
    # Machines of a cluster may go on seeing a folder under its old name for a while.
    spare = Spare(folder, None if options.scheduler else cache) if cache else None
    with staging.staged(folder, spare.keep if spare else staging.of_no_use) as place:
        prepared.build(place, only_pages=only_pages, means=given, previous=previous, spare=spare)
    print(f"网站已生成：{folder}（{time.monotonic() - started:.1f} 秒）")
    if not only_pages:
        with (folder / manifest.NAME).open("rb") as stream:
            print(f"发布清单 {manifest.NAME} 的 SHA-256：{file_digest(stream, 'sha256').hexdigest()}")
    return terminal.OK


def _digest(path: Path) -> str:
    """The digest of a manifest, read to be sure that it is one."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BuilderError(f"“{path}”读不了：{error.strerror}。") from error
    manifest.parse(raw)
    return tree.digest(raw)
