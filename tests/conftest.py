from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

import tasks
from tests.records import ROOT, VALID
from tests.web import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

# A test run says the same each time; `pytest --hypothesis-profile=search` looks for new cases.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("steady")

# A run that a shell started in the background ignores Ctrl+C, and so would all programs that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Quiet and closed: no first-run pages, no calls home.
CHROMIUM_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


# The real site is built for, and served under, a sub-path, so that its page for what is not found works too.
ADDRESS, PREFIX = "http://localhost", "/some/where/"


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-goldens``: write the recorded pages anew; the reviewer reads the difference."""
    parser.addoption("--update-goldens", action="store_true")


def jixiao(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in ``folder`` as a user would; default-encoding warnings are errors."""
    return subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-m", "builder", *words],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **environment},
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; its absence is a failure, not a reason to skip."""
    path = tasks.find_browser()
    assert path, "no Chromium: run the tests with `make test`, which installs one"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page that fails the test on an error of a script."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    new = context.new_page()
    errors: list[str] = []
    new.on("pageerror", lambda error: errors.append(str(error)))
    yield new
    context.close()
    assert not errors


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository's own data, built once."""
    folder = tmp_path_factory.mktemp("real") / "site"
    done = jixiao(ROOT, "build", "--strict", "--site-dir", str(folder), JIXIAO_SITE_URL=ADDRESS + PREFIX)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def real_address(real_site: Path) -> Iterator[str]:
    """The real site served by a plain static server under a sub-path."""
    with served(real_site, prefix=PREFIX) as address:
        yield address


@pytest.fixture
def workplace(tmp_path: Path) -> Callable[..., Path]:
    """Make a small project of its own: this repository's configuration and pages with the given records."""

    def make(**records: str) -> Path:
        folder = tmp_path / "work"
        shutil.copytree(ROOT / "docs", folder / "docs")
        (folder / "docs" / "data-provenance.md").write_text("# 数据来源\n\n示例。\n", encoding="utf-8")
        shutil.copy(ROOT / "mkdocs.yml", folder)
        for stem, text in (records or {"示例": VALID}).items():
            path = folder / "targets" / "2024" / "999001" / f"{stem}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return make
