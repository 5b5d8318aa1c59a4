"""Everything a checkout needs, one word each: ``python3 tasks.py site`` (Windows: ``py tasks.py site``).

Needs Python 3.11 or newer and nothing else: the environment is made in ``.venv/`` from the lock files.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {
    "site": ROOT / "requirements.lock",
    "dev": ROOT / "requirements-dev.lock",
    "bench": ROOT / "requirements-bench.lock",
}
NPM = ROOT / ".cache" / "npm"
"""What the tests start from npm."""

LIGHTHOUSE = ROOT / ".cache" / "lighthouse"
"""What only the audit does."""

PYODIDE, PYODIDE_LOCK = ROOT / ".cache" / "engine", ROOT / "builder" / "engine" / "node"
"""Python for the browser, and the lock file that names it."""

_OLDEST = (3, 11)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_BROWSER_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


class CannotError(Exception):
    """The task cannot be done; the message says what to do."""


def setup(kind: str) -> None:
    """Make ``.venv/`` hold exactly what the lock file of ``kind`` names, and this checkout."""
    if sys.version_info < _OLDEST:
        raise CannotError("需要 Python 3.11 或更新的版本。(Python 3.11 or newer is needed.)")
    if not PYTHON.exists():
        _say("准备 Python 环境 .venv ……")
        _venv()
    stamp = VENV / f"jixiao-{kind}.stamp"
    wanted = _digest(LOCKS[kind], ROOT / "pyproject.toml")
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    _say("安装依赖 ……")
    pip = (str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, "--require-hashes", "--requirement", str(LOCKS[kind]))
    _run(*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    # As pip does with libraries; else each start would do it anew where Python is told to write nothing.
    _run(str(PYTHON), "-m", "compileall", "-q", str(ROOT / "builder"))
    stamp.write_text(wanted, encoding="ascii")


def _venv() -> None:
    make = (sys.executable, "-m", "venv", str(VENV))
    if subprocess.run(make, check=False).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if not _may_apt():
        raise CannotError("建不成 .venv：请先装上 Python 的 venv 模块（Debian：apt install python3-venv）。")
    _apt("python3-venv")
    _run(*make)


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def browser() -> str:
    """The path of a Chromium for the browser tests, installed if there is none."""
    found = find_browser()
    if found is None:
        _say("安装浏览器测试用的 Chromium ……")
        if _may_apt():
            _apt("chromium", "fonts-noto-cjk")
        else:
            _run(str(PYTHON), "-m", "playwright", "install", "chromium")
        found = find_browser()
    if found is None:
        raise CannotError("没有可用的 Chromium：请装上它，或用环境变量 JIXIAO_CHROMIUM 指明它的路径。")
    return found


def office() -> None:
    """See that LibreOffice is there for the tests that open documents in it."""
    if shutil.which("soffice") or shutil.which("libreoffice"):
        return
    if not _may_apt():
        raise CannotError("测试要用 LibreOffice 打开文件：请先装上它，并让 soffice 在 PATH 上。")
    _say("安装测试用的 LibreOffice ……")
    _apt("libreoffice-writer", "libreoffice-calc")


def java() -> None:
    """See that Java is there for the HTML checker."""
    if shutil.which("java"):
        return
    if not _may_apt():
        raise CannotError("检查网页要用 Java：请先装上它（11 或更新），并让 java 在 PATH 上。")
    _say("安装检查网页用的 Java ……")
    _apt("default-jre-headless")


def node_packages(lock: Path, folder: Path) -> None:
    """See that the npm packages that the lock file in ``lock`` names are there in ``folder``."""
    npm = shutil.which("npm")
    if npm is None and _may_apt():
        _say("安装测试用的 Node.js ……")
        _apt("nodejs", "npm")
        npm = shutil.which("npm")
    if npm is None:
        raise CannotError("要用 npm 安装编辑器的 YAML 服务和检查网页的程序：请先装上 Node.js。")
    if not _fetched(npm, lock, folder):
        raise CannotError("npm 没有装成要用的软件包，原因见上面。")


def engine() -> None:
    """Fetch Python for the browser, with which the page 填报 checks, where npm is there to do it.

    Without it the site is built all the same, and says what it lacks.
    """
    if npm := shutil.which("npm"):
        _fetched(npm, PYODIDE_LOCK, PYODIDE)


def _fetched(npm: str, lock: Path, folder: Path) -> bool:
    """Whether ``folder`` holds the packages that the lock file names; they are fetched if need be."""
    stamp, wanted = folder / "jixiao.stamp", _digest(lock / "package.json", lock / "package-lock.json")
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return True
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(lock / name, folder)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    if subprocess.run((npm, "ci", *quiet, "--prefix", str(folder)), cwd=ROOT, check=False).returncode:
        return False
    stamp.write_text(wanted, encoding="ascii")
    return True


def find_browser() -> str | None:
    """A Chromium that is there: JIXIAO_CHROMIUM, on PATH, in its usual place, or Playwright's own."""
    named = os.environ.get("JIXIAO_CHROMIUM")
    if named:
        return named
    candidates = (*(shutil.which(name) for name in _BROWSERS), *_BROWSER_PLACES, *_playwright_browser())
    return next((path for path in candidates if path and Path(path).exists()), None)


def _playwright_browser() -> Iterator[str]:
    code = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    if PYTHON.exists():
        done = subprocess.run([str(PYTHON), "-c", code], check=False, capture_output=True, text=True)
        yield done.stdout.strip()


def _may_apt() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt(*packages: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run("apt-get", "update", "-qq", env=quiet)
    _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, env=quiet)


def site(words: Sequence[str]) -> None:
    """Build the site into ``site/``."""
    setup("site")
    engine()
    _jixiao("build", *words)


def serve(words: Sequence[str]) -> None:
    """Preview the site; edits show by themselves."""
    setup("site")
    engine()
    _jixiao("serve", *words)


def demo(words: Sequence[str]) -> None:
    """Build an invented county into ``site-demo/``; ``--serve`` shows it."""
    setup("site")
    _run(str(PYTHON), "-m", "bench.demo", *words)


def check(words: Sequence[str]) -> None:
    """Check the data."""
    setup("site")
    _jixiao("check", *words)


def test(words: Sequence[str]) -> None:
    """Lint, types and every test, the browser ones included."""
    setup("dev")
    chromium = browser()
    office()
    java()
    node_packages(ROOT / "tests" / "node", NPM)
    node_packages(PYODIDE_LOCK, PYODIDE)
    _run(str(PYTHON), "-m", "ruff", "check", ".")
    _run(str(PYTHON), "-m", "ruff", "format", "--check", ".")
    _run(str(PYTHON), "-m", "mypy")
    spread = ("--numprocesses", "auto", "--dist", "loadfile")
    _run(str(PYTHON), "-m", "pytest", *spread, *words, env={**os.environ, "JIXIAO_CHROMIUM": chromium})


def bench(words: Sequence[str]) -> None:
    """Measure pages, builds, check, diff and search beside other programs; the figures go into the docs."""
    setup("dev")
    setup("bench")
    _run(str(PYTHON), "-m", "bench", *words, env={**os.environ, "JIXIAO_CHROMIUM": browser()})


def audit(words: Sequence[str]) -> None:
    """Measure the finished site: weight, Lighthouse, HTML, accessibility, links, server settings."""
    setup("dev")
    chromium = browser()
    java()
    node_packages(ROOT / "tests" / "node", NPM)
    node_packages(ROOT / "audit" / "node", LIGHTHOUSE)
    _run(str(PYTHON), "-m", "audit", *words, env={**os.environ, "JIXIAO_CHROMIUM": chromium})


def format_code(words: Sequence[str]) -> None:
    """Lay out the Python code and mend what the linter can mend."""
    setup("dev")
    _run(str(PYTHON), "-m", "ruff", "check", "--fix", ".", *words)
    _run(str(PYTHON), "-m", "ruff", "format", ".")


def lock(words: Sequence[str]) -> None:
    """Write the lock files anew from pyproject.toml."""
    setup("dev")
    compile_ = (str(PYTHON), "-m", "uv", "pip", "compile", "pyproject.toml", "--universal", "--quiet", *words)
    form = ("--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate")
    options = (*form, "--extra", "office")
    _run(*compile_, *options, "--group", "build", "--output-file", str(LOCKS["site"]))
    dev = ("--group", "dev", "--constraint", str(LOCKS["site"]), "--output-file", str(LOCKS["dev"]))
    _run(*compile_, *options, "--group", "build", *dev)
    only = [word for word in compile_ if word != "pyproject.toml"]
    peers = ("--group", "pyproject.toml:bench", "--constraint", str(LOCKS["dev"]))
    _run(*only, *form, *peers, "--output-file", str(LOCKS["bench"]))


def clean(words: Sequence[str]) -> None:
    """Remove what was built; the environment stays unless ``--all`` is given."""
    places = [
        "site",
        "site-demo",
        ".cache",
        "dist",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".hypothesis",
    ]
    for place in [*places, *([".venv"] if "--all" in words else [])]:
        shutil.rmtree(ROOT / place, ignore_errors=True)


TASKS: dict[str, Callable[[Sequence[str]], None]] = {
    "site": site,
    "serve": serve,
    "demo": demo,
    "check": check,
    "test": test,
    "bench": bench,
    "audit": audit,
    "format": format_code,
    "lock": lock,
    "clean": clean,
}


def _jixiao(*words: str) -> None:
    _run(str(PYTHON), "-m", "builder", *words)


def _run(*words: str, env: dict[str, str] | None = None) -> None:
    """Run a program here; its own exit status becomes ours when it fails."""
    done = subprocess.run(words, cwd=ROOT, env=env, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Run the task named on the command line; what follows its name is handed on to the program it runs."""
    listed = "\n".join(f"  {name:8} {task.__doc__}" for name, task in TASKS.items())
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog=f"tasks:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("task", choices=TASKS)
    options, words = parser.parse_known_args()
    try:
        TASKS[options.task](words)
    except CannotError as error:
        _say(str(error))
        sys.exit(2)


if __name__ == "__main__":
    main()
