"""The invented county as a site that shows everything at work, every page of it marked 示例数据.

``python -m bench.demo`` makes the county's repository, with the configuration of this one, under
``.cache/demo/`` and builds it into ``site-demo/``, beside the real site.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench import county

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.county import Commit

ROOT = Path(__file__).parent.parent
SITE_NAME = "示例县预算绩效目标公开（示例数据）"
NOTICE = "示例数据：本站的部门、项目、金额和指标都由程序生成，不是任何地方的真实数据。"
SOURCE = f"# 数据来源\n\n{NOTICE}\n\n生成的办法在 `bench/county.py` 里；同样的种子总是生成同样的内容。\n"
_HOUR = 9
_SETTINGS = {
    r"^site_name:.*$": f"site_name: {SITE_NAME}",
    r"^site_description:.*$": f"site_description: {NOTICE}",
    r'^( +)notice: ""$': rf"\g<1>notice: {NOTICE}",
    r'^( +)host: ""': r"\g<1>host: 示例县财政局",
    r'^( +)contact: ""': r'\g<1>contact: "示例电话 0000-1234500"',
    r'^( +)data_licence: ""$': r"\g<1>data_licence: 示例数据，可以任意使用",
}
"""What is changed in the configuration: lines and what takes their place."""


def make(
    folder: Path,
    *,
    seed: int = 1,
    years: int = 3,
    departments: int = 20,
    projects: int = 400,
    office: bool = False,
) -> None:
    """Write the county's repository, configuration and hand-written pages into ``folder``, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    span = tuple(range(2026 - years, 2026))
    _import(folder, county.history(seed=seed, years=span, departments=departments, projects=projects))
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / "docs" / "data-provenance.md").write_text(SOURCE, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(_configuration(office=office), encoding="utf-8")


def _configuration(*, office: bool) -> str:
    """This repository's configuration under the county's name.

    Raises:
        ValueError: a line that is to be changed is not there.
    """
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    wanted = {**_SETTINGS, r"^( +)office: .*$": rf"\g<1>office: {str(office).lower()}"}
    for line, instead in wanted.items():
        text, count = re.subn(line, instead, text, flags=re.MULTILINE)
        if count != 1:
            raise ValueError(f"mkdocs.yml: {count} lines like {line}")
    return text


def _import(folder: Path, commits: Iterable[Commit]) -> None:
    """Make the repository by git's own import; dates and names are fixed, so are the commits' names."""
    git = ("git", "-c", "core.autocrlf=false", "-c", "core.quotepath=false")
    subprocess.run([*git, "init", "-q", "-b", "main", "."], cwd=folder, check=True)
    stream = b"".join(map(_commit, commits))
    subprocess.run([*git, "fast-import", "--quiet"], cwd=folder, input=stream, check=True)
    subprocess.run([*git, "reset", "-q", "--hard"], cwd=folder, check=True)


def _commit(commit: Commit) -> bytes:
    seconds = int(datetime.fromisoformat(f"{commit.day}T{_HOUR:02d}:00:00").replace(tzinfo=UTC).timestamp())
    head = f"commit refs/heads/main\ncommitter {commit.author} <demo@example.invalid> {seconds} +0800\n"
    parts = [head.encode(), _data(commit.message)]
    for name, text in commit.files.items():
        if text is None:
            parts.append(f"D {name}\n".encode())
        else:
            parts += (f"M 100644 inline {name}\n".encode(), _data(text))
    return b"".join(parts)


def _data(text: str) -> bytes:
    raw = text.encode()
    return b"data %d\n%s\n" % (len(raw), raw)


def build(folder: Path, site: Path) -> None:
    """Build the site as a publisher would.

    Raises:
        subprocess.CalledProcessError: the build failed.
    """
    command = [sys.executable, "-m", "builder", "build", "--config", str(folder / "mkdocs.yml"), "--site-dir"]
    place = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [*command, str(site)],
        cwd=ROOT,
        check=False,
        env={**os.environ, **place},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    # Hundreds of lines on what the check found are of no use here; on a failure they are.
    lines = done.stdout.splitlines()
    print("\n".join(lines if done.returncode else lines[-3:]), flush=True)
    done.check_returncode()


def main() -> None:
    """Make, build, and say how to look at it; with ``--serve`` show it."""
    options = _options()
    if shutil.which("git") is None:
        sys.exit("示例县要有修改的历史：请先装上 git。")
    start = time.monotonic()
    size = {"years": options.years, "departments": options.departments, "projects": options.projects}
    make(options.folder, seed=options.seed, office=options.office, **size)
    print(f"示例县的数据：{options.folder}（{time.monotonic() - start:.1f} 秒）", flush=True)
    try:
        build(options.folder, options.site_dir)
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
    serve = (sys.executable, "-m", "http.server", "-d", str(options.site_dir))
    where = ("--bind", "127.0.0.1", str(options.port))
    print(f"看示例网站：{shlex.join((*serve, *where))}，再打开 http://127.0.0.1:{options.port}/", flush=True)
    if options.serve:
        with suppress(KeyboardInterrupt):
            subprocess.run((*serve, *where), check=False)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    most = len(county.works())
    parser.add_argument("--projects", type=int, default=400, help="projects in each year")
    parser.add_argument("--departments", type=int, default=most, choices=range(1, most + 1), metavar="N")
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=ROOT / ".cache" / "demo")
    parser.add_argument("--site-dir", type=Path, default=ROOT / "site-demo")
    parser.add_argument("--office", action="store_true", help="Word, Excel and PDF of each project too")
    parser.add_argument("--serve", action="store_true", help="show the site when it is built")
    parser.add_argument("--port", type=int, default=8001)
    options = parser.parse_args()
    if options.years < 1 or options.projects < options.departments:
        parser.error("at least one year, and one project for each department")
    return options


if __name__ == "__main__":
    main()
