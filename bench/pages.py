"""The pages alone: this project, Hugo and plain MkDocs over the same YAML, and a plain copy of the files."""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench import hugo, markdown, workplace
from bench.measure import Contender, emptied, measured, race, say
from bench.results import Part
from builder import mkdocs_plugin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bench.workplace import Workplace
    from builder.frames import Frame

MOST_FOR_MKDOCS = 2_000
"""Beyond that plain MkDocs is left out, unless it is asked for: it takes minutes."""
PAGES = ("--only", "pages")
"""What makes this project write pages and nothing else."""
_COLUMNS = ("程序", "秒（中位）", "最快～最慢", "CPU 秒", "内存 MB", "页面", "MB", "KB/页", "毫秒/页", "倍数")
_COPY = """
import pathlib, sys
yaml, html, target = map(pathlib.Path, sys.argv[1:])
for path in yaml.rglob("*.yml"):
    path.read_bytes()
for path in html.rglob("*.html"):
    place = target / path.relative_to(html)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(path.read_bytes())
"""


def measure(
    scratch: Path, projects: int, *, rounds: int, with_mkdocs: bool = False, python: str | None = None
) -> Part:
    """One table of the pages alone; ``python``: another interpreter of the same version."""
    say(f"只写页面，{projects:,} 个项目：准备……")
    place = workplace.make(scratch / "pages", projects, lasting=False)
    contenders = [*_ours(place, scratch / "pages-jixiao", python), *_hugo(place, scratch)]
    if with_mkdocs or projects <= MOST_FOR_MKDOCS:
        contenders.append(_mkdocs(place, scratch))
    reference = Contender(
        "", place.jixiao("build", *PAGES, "--site-dir", str(scratch / "same")), place.folder
    )
    if measured(reference):
        contenders.append(_copy(place, scratch))
    race(contenders, rounds=rounds)
    return Part("pages", place.projects, _COLUMNS, tuple(_rows(contenders)), tuple(_notes(contenders)))


def _ours(place: Workplace, output: Path, python: str | None) -> Iterator[Contender]:
    before = emptied(output, place.folder / ".cache")
    for name, words in (("绩效", ()), ("绩效（--no-cache）", ("--no-cache",))):
        command = place.jixiao("build", *PAGES, *words, "--site-dir", str(output))
        yield Contender(name, command, place.folder, output=output, pattern="*.html", before=before)
    if python:
        command = [python, *place.jixiao("build", *PAGES, "--site-dir", str(output))[1:]]
        # The packages of this interpreter, which the other one, being of the same version, can load.
        paths = os.pathsep.join((str(workplace.ROOT), sysconfig.get_path("platlib")))
        yield Contender(
            f"绩效（{python}）",
            command,
            place.folder,
            output=output,
            pattern="*.html",
            before=before,
            environment={"PYTHONPATH": paths},
        )


def _hugo(place: Workplace, scratch: Path) -> Iterator[Contender]:
    site, output, cache = (scratch / f"hugo-{name}" for name in ("site", "output", "cache"))
    binary = hugo.program()
    if binary is None:
        yield Contender("Hugo", ["hugo"], scratch)
        return
    hugo.write(site, place.targets, chrome(place))
    command = hugo.command(binary, site, output, cache)
    for name, environment in (("Hugo", {}), ("Hugo（GOGC=400）", {"GOGC": "400"})):
        yield Contender(
            name,
            command,
            site,
            output=output,
            pattern="*.html",
            before=emptied(output, cache),
            environment=environment,
        )


def chrome(place: Workplace) -> Mapping[int, Frame]:
    """The frames of this site's own pages by depth."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = mkdocs_plugin.prepare(place.folder / "mkdocs.yml")
        frames: Mapping[int, Frame] = prepared.build(Path(folder), pages=False).frames
        return frames


def _mkdocs(place: Workplace, scratch: Path) -> Contender:
    site, output = scratch / "mkdocs", scratch / "mkdocs-output"
    markdown.write(site, place.targets)
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(output)]
    return Contender(
        "MkDocs + Material，Markdown 页面",
        command,
        site,
        output=output,
        pattern="*.html",
        before=emptied(output),
        environment={"NO_MKDOCS_2_WARNING": "1"},
    )


def _copy(place: Workplace, scratch: Path) -> Contender:
    output = scratch / "copied"
    command = [sys.executable, "-c", _COPY, str(place.targets), str(scratch / "same"), str(output)]
    return Contender(
        "照抄（读全部 YAML，写同样的页面）",
        command,
        scratch,
        output=output,
        pattern="*.html",
        before=emptied(output),
    )


def _rows(contenders: Sequence[Contender]) -> Iterator[tuple[str, ...]]:
    base = next((one for one in contenders if one.name == "Hugo" and one.runs), None)
    for one in contenders:
        if not one.runs:
            yield (one.name, *["—"] * (len(_COLUMNS) - 1))
            continue
        size, files = one.runs[-1].size, one.runs[-1].files or 1
        yield (
            one.name,
            f"{one.middle:.2f}",
            f"{one.fastest:.2f}～{one.slowest:.2f}",
            f"{one.cpu:.2f}",
            f"{one.megabytes:.0f}",
            f"{files:,}",
            f"{size / 1e6:.1f}",
            f"{size / files / 1000:.1f}",
            f"{one.middle / files * 1000:.2f}",
            f"{one.middle / base.middle:.2f}" if base else "—",
        )


def _notes(contenders: Sequence[Contender]) -> Iterator[str]:
    yield (
        "倍数以 Hugo 的中位数为 1；各程序轮流运行，每次都从空的输出文件夹和缓存开始。"
        "绩效平时把检查的结果和各页里只与一个项目有关的部分留在缓存里，供下次用；--no-cache 用完就删。"
    )
    yield (
        "Hugo 用内容适配器读同样的 YAML 文件，模板是本站自己的页面；不压缩，没有订阅、站点地图和分类页。"
        "“读作”一栏它照抄。"
    )
    if not any(one.name.startswith("MkDocs") for one in contenders):
        yield f"MkDocs 只在不超过 {MOST_FOR_MKDOCS:,} 个项目时运行，大的规模请按每页毫秒数推算。"
    yield from (f"{one.name} 没有跑成：{one.failure}" for one in contenders if one.failure)
