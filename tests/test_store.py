"""What is kept between builds: never stale, safe to delete, safe under two builds at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from builder import cli
from builder.store import Store
from tests import county
from tests.records import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Change = Callable[[Path], None]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection in git with a site built from it, a cache full of it, and a copy of the program."""
    folder = county.make(tmp_path_factory.mktemp("kept"))
    for name in ("builder", "schema"):
        shutil.copytree(ROOT / name, folder / "code" / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(folder / "code/schema", folder / "schema")
    settings = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings.replace("targets: targets", "targets: targets\n      schema: schema")
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    county.commit(folder, "示例数据")
    county.build(folder, "--site-dir", "one", code=folder / "code")
    return folder


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _project(folder: Path) -> None:
    county.write(folder, "2024/999001/乙.yml", county.record("乙", number=2, target=970))


def _new(folder: Path) -> None:
    county.write(folder, "2024/999002/丙.yml", county.record("丙", code="999002", number=3))


def _gone(folder: Path) -> None:
    (folder / "targets/2024/999001/乙.yml").unlink()


def _department(folder: Path) -> None:
    _edit(folder / "targets/2024/999001/部门.yml", "02-10", "02-12")


def _form(folder: Path) -> None:
    path = folder / "schema/ningxia-2024.schema.json"
    _edit(path, '"title": "部门项目支出预算绩效目标表"', '"title": "示例目标表"')


def _terms(folder: Path) -> None:
    _edit(folder / "schema/units.json", "{", '{ "$comment": "示例",')


def _template(folder: Path) -> None:
    _edit(folder / "code/builder/templates/pages/project.html", "<h1", '<h1 data-example="1"')


def _code(folder: Path) -> None:
    _edit(folder / "code/builder/wording.py", '"""', '"""Example. ')


def _settings(folder: Path) -> None:
    _edit(folder / "mkdocs.yml", "site_name: 预算绩效目标公开", "site_name: 示例网站")


def _rules(folder: Path) -> None:
    (folder / "rules.yml").write_text("X05:\n  严重程度: 关闭\n", encoding="utf-8")


def _hand_page(folder: Path) -> None:
    (folder / "docs/note.md").write_text("# 示例\n\n换了一句。\n", encoding="utf-8")


def _history(folder: Path) -> None:
    county.write(folder, "2024/999001/甲.yml", county.record("甲", target=900))
    county.commit(folder, "调低\n\n调整原因：示例", day="2024-05-01")


def _message(folder: Path) -> None:
    """The text on disk is what it was, and only the past is another."""
    county.write(folder, "2024/999001/甲.yml", county.record("甲", target=900))
    county.commit(folder, "调低\n\n调整原因：示例", day="2024-05-01")
    county.write(folder, "2024/999001/甲.yml", county.record("甲"))
    county.commit(folder, "恢复\n\n调整原因：示例", day="2024-06-01")


CHANGES: list[Change] = [
    *(_project, _new, _gone, _department, _form, _terms, _template, _code, _settings, _rules, _hand_page),
    *(_history, _message),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_a_warm_build_after_any_change_is_the_cold_build(built: Path, tmp_path: Path, change: Change) -> None:
    """Also where the tree of the site before last is taken up, as it is from the third build on."""
    folder = tmp_path / "work"
    shutil.copytree(built, folder)
    for _ in range(2):
        county.build(folder, "--site-dir", "one", code=folder / "code")
    change(folder)
    county.build(folder, "--site-dir", "one", code=folder / "code")
    county.build(folder, "--site-dir", "two", "--no-cache", code=folder / "code")
    warm, cold = county.files(folder / "one"), county.files(folder / "two")
    assert [name for name in {*warm, *cold} if warm.get(name) != cold.get(name)] == []
    seldom_seen = {"_terms", "_code", "_rules"}
    assert (warm != county.files(built / "one")) or change.__name__ in seldom_seen


def _entries(folder: Path) -> set[str]:
    return {path.name for path in (folder / ".cache/jixiao").glob("[0-9a-f][0-9a-f]/*")}


def test_another_version_of_a_library_makes_everything_anew(built: Path, tmp_path: Path) -> None:
    folder, libraries = tmp_path / "work", tmp_path / "libraries"
    shutil.copytree(built, folder)
    before = _entries(folder)
    facts = libraries / "example_library-1.0.dist-info/METADATA"
    facts.parent.mkdir(parents=True)
    facts.write_text("Metadata-Version: 2.1\nName: example-library\nVersion: 1.0\n", encoding="utf-8")
    county.build(folder, "--site-dir", "one", PYTHONPATH=f"{folder / 'code'}{os.pathsep}{libraries}")
    assert not before & (_entries(folder) - before)
    assert len(_entries(folder)) == 2 * len(before)


def test_nothing_is_made_again_when_nothing_changed(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    shutil.copytree(built, folder)
    before = _entries(folder)
    county.build(folder, "--site-dir", "two", code=folder / "code")
    assert _entries(folder) == before
    assert county.files(folder / "two") == county.files(folder / "one")


def test_a_file_that_stays_the_same_stays_the_same_file(built: Path, tmp_path: Path) -> None:
    """It is linked from the old site: neither written again nor, for a server, newer than it was."""
    folder = tmp_path / "work"
    shutil.copytree(built, folder)
    page = folder / "one/2023/999001/甲/index.html"
    before = page.stat()
    _project(folder)
    county.build(folder, "--site-dir", "one", code=folder / "code")
    after = page.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert after.st_nlink == 2  # the other is that of the old site, kept for the next build


def test_nothing_is_taken_from_an_old_site_that_somebody_changed(built: Path, tmp_path: Path) -> None:
    """Not a byte of it, though its size and its times are as they were; no link, and no permissions."""
    folder = tmp_path / "work"
    shutil.copytree(built, folder)
    changed, linked, closed, gone = (
        folder / "one/2023" / name / "index.html" for name in ("999001/甲", "999002/甲", "999001", "999002")
    )
    facts = changed.stat()
    changed.write_bytes(changed.read_bytes().replace("示例".encode(), "实例".encode()))
    os.utime(changed, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    moved = linked.rename(tmp_path / "elsewhere.html")
    linked.symlink_to(moved)
    closed.chmod(0o600)
    gone.unlink()
    county.build(folder, "--site-dir", "one", code=folder / "code")
    assert county.files(folder / "one") == county.files(built / "one")
    assert not linked.is_symlink()
    assert moved.stat().st_nlink == 1
    assert closed.stat().st_mode == (built / "one/2023/999001/index.html").stat().st_mode


def test_what_another_plugin_changes_is_sealed_as_it_is(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the digest of the page was known before, from the cache."""
    folder = tmp_path / "work"
    shutil.copytree(built, folder)
    monkeypatch.chdir(folder)
    (folder / "hook.py").write_text(
        "from pathlib import Path\n\n\ndef on_post_build(config):\n"
        "    page = Path(config.site_dir, '2023/999001/甲/index.html')\n"
        "    page.write_text(page.read_text(encoding='utf-8') + '<!-- 示例 -->', encoding='utf-8')\n",
        encoding="utf-8",
    )
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as stream:
        stream.write("\nhooks:\n  - hook.py\n")
    for _ in range(2):
        county.build(folder, "--site-dir", "one", code=folder / "code")
        assert "<!-- 示例 -->" in (folder / "one/2023/999001/甲/index.html").read_text(encoding="utf-8")
        assert cli.main(["verify", "one"]) == 0


def test_a_damaged_or_deleted_cache_does_no_harm(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    shutil.copytree(built, folder)
    kept = sorted(path for path in (folder / ".cache/jixiao").rglob("*") if path.is_file())
    for number, path in enumerate(kept):
        data = bytearray(path.read_bytes())
        match number % 4:
            case 0:
                data[len(data) // 2] ^= 1
            case 1:
                data = data[: len(data) // 2]
            case 2:
                data[-5] ^= 1
            case _:
                data.clear()
        path.write_bytes(data)
    county.build(folder, "--site-dir", "two", code=folder / "code")
    assert county.files(folder / "two") == county.files(built / "one")
    shutil.rmtree(folder / ".cache")
    county.build(folder, "--site-dir", "two", code=folder / "code")
    assert county.files(folder / "two") == county.files(built / "one")


def test_two_builds_at_once_share_a_cache(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    shutil.copytree(built, folder)
    shutil.rmtree(folder / ".cache")
    command = [sys.executable, "-m", "builder", "build", "--site-dir"]
    environment = {**os.environ, "PYTHONPATH": str(folder / "code")}
    both = [
        subprocess.Popen([*command, name], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        for name in ("two", "three")
    ]
    assert [process.wait() for process in both] == [0, 0]
    wanted = county.files(built / "one")
    assert county.files(folder / "two") == wanted == county.files(folder / "three")


def test_the_store_gives_back_what_it_was_given_and_forgets_what_is_not_used(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")
    (tmp_path / "large").write_bytes(b"x" * 3_000_000)
    store.put("ab" * 32, [("a/b.html", "示例".encode()), (":note", b""), ("large", tmp_path / "large")])
    found = store.find("ab" * 32)
    assert found
    assert found.read("a/b.html") == "示例".encode()
    assert found.copy(["a/b.html", "large"], tmp_path / "out")
    assert (tmp_path / "out/large").read_bytes() == b"x" * 3_000_000
    assert store.find("cd" * 32) is None
    store.prune()
    assert store.find("ab" * 32)
    old = time.time() - 8 * 24 * 3600
    os.utime(found.path, (old, old))
    store.prune()
    assert store.find("ab" * 32) is None
