"""``python -m bench``: everything measured, and the tables of docs/performance.md written anew.

``--sizes 1000 10000 100000``, ``--only pages whole search``, ``--rounds 3``; see docs/performance.md.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench import pages, results, search, whole
from bench.measure import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.results import Part


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000], help="numbers of projects")
    parser.add_argument("--only", nargs="+", choices=results.TITLES, default=[*results.TITLES])
    parser.add_argument("--search", action="store_const", const=["search"], dest="only", help="only search")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each program")
    parser.add_argument("--brief", action="store_true", help="of the whole only the builds")
    parser.add_argument("--mkdocs", action="store_true", help="plain MkDocs at every size")
    parser.add_argument("--python", help="another Python of the same version, to write the pages with too")
    parser.add_argument("--keep", action="store_true", help="leave the scratch folder")
    parser.add_argument("--dry", action="store_true", help="print only, write no document")
    options = parser.parse_args()
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="jixiao-bench-"))
    try:
        for name, one in _parts(options):
            scratch = folder / name
            scratch.mkdir()
            part = one(scratch)
            print(f"\n{part.markdown}\n", flush=True)
            if not options.dry:
                results.keep(part)
            if not options.keep:
                shutil.rmtree(scratch, ignore_errors=True)
    finally:
        if options.keep:
            say(f"临时文件留在 {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    say(f"共用 {(time.monotonic() - started) / 60:.1f} 分钟")


def _parts(options: argparse.Namespace) -> Iterator[tuple[str, Callable[[Path], Part]]]:
    """Every measurement asked for, the small sizes first."""
    rounds = options.rounds
    for projects in sorted(options.sizes):
        every: dict[str, Callable[[Path], Part]] = {
            "pages": partial(
                pages.measure,
                projects=projects,
                rounds=rounds,
                with_mkdocs=options.mkdocs,
                python=options.python,
            ),
            "whole": partial(whole.measure, projects=projects, rounds=rounds, brief=options.brief),
            "search": partial(search.measure, projects=projects, rounds=rounds),
        }
        for kind in results.TITLES:
            if kind in options.only:
                yield f"{kind}-{projects}", every[kind]


if __name__ == "__main__":
    main()
