"""``jixiao check`` against the least any checker must do: read the YAML in C, and apply the schema.

``python -m bench.check [--projects 10000] [--rounds 3]`` prints a table with the ratios.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench import generate
from bench.measure import Contender, machine, race, table

SCHEMA = Path(__file__).parent.parent / "schema"
BASELINE = """
import json, pathlib, sys
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

folder = pathlib.Path(sys.argv[2])
raw = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.schema.json")}
registry = Registry().with_resources((name, Resource.from_contents(text)) for name, text in raw.items())
validator = Draft202012Validator(raw["project.schema.json"], registry=registry)
faults = 0
for path in pathlib.Path(sys.argv[1]).rglob("*.yml"):
    if path.name != "部门.yml":
        faults += sum(1 for _ in validator.iter_errors(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)))
sys.exit(bool(faults))
"""


def main() -> None:
    """Generate, race, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jixiao-bench-") as scratch:
        folder = Path(scratch)
        departments = max(1, options.projects // 50)
        generate.write(
            folder / "targets", seed=1, years=(2024,), departments=departments, projects=options.projects
        )
        ours, least, *others = contenders(folder)
        facts = machine()
        race([ours, least, *others], rounds=options.rounds)
        print(f"{options.projects} 个项目，各 {options.rounds} 轮。{facts}\n")
        print(table([ours, least, *others], against=least))


def contenders(folder: Path) -> list[Contender]:
    """The check of ``folder/targets`` by this project, by the least that is needed, and by others."""
    python = sys.executable
    return [
        Contender("jixiao check", [python, "-m", "builder", "check", "--format", "json"], folder),
        Contender("PyYAML (C) + jsonschema", [python, "-c", BASELINE, "targets", str(SCHEMA)], folder),
        *_others(folder),
    ]


def _others(folder: Path) -> list[Contender]:
    """check-jsonschema, where it is installed; it too takes the schema only."""
    program = Path(sys.executable).with_name("check-jsonschema")
    if not program.exists():
        return []
    files = [str(path) for path in (folder / "targets").rglob("*.yml") if path.name != "部门.yml"]
    listed = folder / "files.txt"
    listed.write_text("\n".join(files), encoding="utf-8")
    schema = f"--base-uri {SCHEMA.as_uri()}/ --schemafile {SCHEMA / 'project.schema.json'}"
    return [
        Contender("check-jsonschema", ["sh", "-c", f"xargs -a {listed} -d '\\n' {program} {schema}"], folder)
    ]


if __name__ == "__main__":
    main()
