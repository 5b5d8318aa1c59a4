"""The same pages by Hugo: content adapters over the same YAML files, this site's own page as the layout."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from builder import frames, schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.frames import Frame

TEMPLATES = Path(__file__).parent
_CONFIGURATION = """
baseURL = "http://localhost:8000/"
title = "预算绩效目标公开"
locale = "zh-CN"
disableKinds = ["home", "taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404"]
enableGitInfo = false
disableHugoGeneratorInject = true
timeout = "30m"
[module]
[[module.mounts]]
source = "content"
target = "content"
[[module.mounts]]
source = "layouts"
target = "layouts"
[[module.mounts]]
source = "data"
target = "data"
[[module.mounts]]
source = {targets}
target = "assets/targets"
"""


def program() -> str | None:
    """The Hugo binary itself, where it is installed: what stands on PATH starts Python first."""
    places = Path(sys.executable).parent.parent.glob("lib/python*/site-packages/hugo/binaries/hugo*")
    found = next((str(path) for path in places if os.access(path, os.X_OK)), None)
    return found or shutil.which("hugo")


def command(binary: str, site: Path, output: Path, cache: Path) -> list[str]:
    """A cold build: nothing is kept from one run to the next, and nothing is minified."""
    quiet = ("--quiet", "--noBuildLock", "--ignoreCache", "--noTimes", "--noChmod")
    places = ("--source", str(site), "--destination", str(output), "--cacheDir", str(cache))
    return [binary, "build", *quiet, *places]


def write(site: Path, targets: Path, chrome: Mapping[int, Frame]) -> None:
    """A Hugo site below ``site`` over the files of ``targets``; ``chrome``: a frame for each depth."""
    for name in ("content", "layouts", "data"):
        (site / name).mkdir(parents=True)
    text = _CONFIGURATION.format(targets=json.dumps(str(targets.resolve())))
    (site / "hugo.toml").write_text(text, encoding="utf-8")
    form = json.dumps([*_levels()], ensure_ascii=False)
    (site / "data" / "form.json").write_text(form, encoding="utf-8")
    _layout(site, "project", "page", chrome[3])
    _layout(site, "department", "section", chrome[2])
    _layout(site, "year", "section", chrome[1])
    adapter = (TEMPLATES / "adapter.gotmpl").read_text(encoding="utf-8")
    for year in sorted(path for path in targets.iterdir() if path.is_dir()):
        title = f"{year.name} 年度项目支出预算绩效目标"
        _section(site / "content" / year.name, "year", title, {"year": year.name})
        for folder in sorted(path for path in year.iterdir() if path.is_dir()):
            own = (folder / "部门.yml").read_text(encoding="utf-8").splitlines()[0].partition(": ")[2]
            place = site / "content" / year.name / folder.name
            _section(place, "department", f"{own} {title}", {"year": year.name, "code": folder.name})
            made = adapter.replace("FOLDER", json.dumps(f"{year.name}/{folder.name}"))
            (place / "_content.gotmpl").write_text(made, encoding="utf-8")


def _section(folder: Path, kind: str, title: str, parameters: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    matter = {"title": title, "type": kind, "params": parameters}
    (folder / "_index.md").write_text(json.dumps(matter, ensure_ascii=False) + "\n", encoding="utf-8")


def _layout(site: Path, kind: str, file: str, frame: Frame) -> None:
    head = "project-head" if kind == "project" else "list-head"
    description = "{{ .Params.summary }}" if kind == "project" else "{{ .Title }}"
    slots = {
        frames.TITLE: "{{ .Title }}",
        frames.DESCRIPTION: description,
        frames.HEAD: (TEMPLATES / f"{head}.html").read_text(encoding="utf-8"),
        frames.CONTENT: (TEMPLATES / f"{kind}.html").read_text(encoding="utf-8"),
    }
    parts = [frame.pieces[0]]
    for slot, piece in zip(frame.slots, frame.pieces[1:], strict=True):
        parts += (slots.get(slot, "{{ .Permalink }}"), piece)
    path = site / "layouts" / kind / f"{file}.html"
    path.parent.mkdir(parents=True)
    path.write_text("".join(parts), encoding="utf-8")


def _levels() -> Iterator[dict[str, object]]:
    """The taxonomy of the generated form, in order."""
    form = schema.load(schema.default_folder()).forms["ningxia-2024"]
    levels: dict[str, list[dict[str, str]]] = {}
    for level1, slot in form.slots:
        entry = {"name": slot.name, "mark": slot.mark or "", "description": slot.description}
        levels.setdefault(level1.name, []).append(entry)
    for name, slots in levels.items():
        yield {"name": name, "slots": slots}
