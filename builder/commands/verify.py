"""``jixiao verify``: whether a published site is what its manifest says, and the text in git."""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from builder import published, schema
from builder.commands import terminal
from builder.report.text import printable
from builder.verification import Kind, Repository, verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.verification import Verdict

HELP = "核对发布出去的网站"
DESCRIPTION = (
    "逐个文件核对网站和它的发布清单 manifest.json。在 git 仓库里运行时，还核对每张表的原文"
    "是不是清单写的那个提交里的，网页上的表是不是原文。退出码：0 全部相符；1 有不符的，逐个列出；2 无法核对。"
)
_TITLES = {
    Kind.CHANGED: "改动",
    Kind.MISSING: "缺少",
    Kind.EXTRA: "多出",
    Kind.UNREACHED: "没有核对",
    Kind.COMMIT: "没有核对",
    Kind.SOURCE: "原文不符",
    Kind.PAGE: "网页不符",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("site", metavar="网站", help="网站所在的文件夹，或首页的网址")
    parser.add_argument("--revision", metavar="版本", help="与这个版本的原文核对，默认是清单写的提交")
    parser.add_argument(
        "--digest", type=_digest, metavar="摘要", help="清单自己的 SHA-256 应当是这个，生成网站时显示过"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出格式，默认 text")
    terminal.add_schema(parser)


def _digest(word: str) -> str:
    if not _DIGEST.fullmatch(word.lower()):
        raise argparse.ArgumentTypeError(f"“{word}”不是 SHA-256：应是 64 个十六进制数字。")
    return word.lower()


def run(options: argparse.Namespace) -> int:
    """Compare, report, and say whether everything agreed."""
    schemas = schema.load(options.schema or schema.default_folder())
    verdict = verify(
        published.site(options.site),
        Repository(Path(), schemas, options.revision),
        progress=terminal.progress("已核对 {} 个文件"),
    )
    is_other = options.digest is not None and options.digest != verdict.digest
    if options.format == "json":
        terminal.as_utf8()
        print(json.dumps(_data(verdict, options.site, options.digest), ensure_ascii=False))
    else:
        for line in _lines(verdict, options.site, options.digest if is_other else None):
            print(line)
    return terminal.FOUND if verdict.faults or is_other else terminal.OK


def _lines(verdict: Verdict, site: str, wanted: str | None) -> Iterator[str]:
    made = verdict.manifest
    yield f"网站：{printable(site)}"
    yield f"清单的 SHA-256：{verdict.digest}"
    yield f"生成：jixiao {printable(made.builder)}，{_origin(verdict)}"
    if made.previous:
        yield f"上一次发布的清单：{made.previous}"
    if wanted:
        yield f"不是要找的清单：SHA-256 应是 {wanted}"
    for fault in verdict.faults:
        path = f" {printable(fault.path)}" if fault.path else ""
        yield f"{_TITLES[fault.kind]}{path}：{printable(fault.message)}"
    yield from _scope(verdict)
    yield _sum(verdict, wanted)


def _origin(verdict: Verdict) -> str:
    if verdict.manifest.commit is None:
        return "没有写提交"
    dirty = "，另有没有提交的改动" if verdict.manifest.dirty else ""
    return f"提交 {verdict.manifest.commit}{dirty}"


def _scope(verdict: Verdict) -> Iterator[str]:
    """What was not looked at, which nobody must take for sound."""
    if not verdict.listed:
        yield "通过网址核对，看不到清单以外多出的文件。"
    if verdict.revision is None:
        yield "没有与 git 里的原文核对：请到存放原文的仓库里运行。"
    else:
        yield f"原文来自提交 {verdict.revision}。"


def _sum(verdict: Verdict, wanted: str | None) -> str:
    made = verdict.manifest
    counted = f"核对了 {len(made.files)} 个文件，{len(made.sources)} 份原文"
    number = len(verdict.faults) + bool(wanted)
    return f"{counted}：{f'{number} 处不符' if number else '全部相符'}。"


def _data(verdict: Verdict, site: str, wanted: str | None) -> dict[str, object]:
    made = verdict.manifest
    counts = {"files": len(made.files), "sources": len(made.sources)}
    faults = Counter(fault.kind for fault in verdict.faults)
    return {
        "site": site,
        "digest": verdict.digest,
        "expected_digest": wanted,
        "builder": made.builder,
        "commit": made.commit,
        "dirty": made.dirty,
        "previous": made.previous,
        "compared_with": verdict.revision,
        "extra_files_seen": verdict.listed,
        "faults": [
            {"kind": fault.kind, "path": fault.path, "message": fault.message} for fault in verdict.faults
        ],
        "counts": counts | {kind.value: faults[kind] for kind in Kind},
    }
