"""The content of each kind of page, character for character. ``pytest --update-goldens`` writes it anew."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from builder import entries, site
from builder.collection import collect
from tests.records import ROOT, SCHEMAS, VALID

if TYPE_CHECKING:
    from builder.collection import Collection

GOLDEN = Path(__file__).parent / "golden"
CENTRAL = (ROOT / "tests/examples/good/central-2021.yml").read_text(encoding="utf-8")
DEPARTMENT = """\
部门名称: 示例局
附件标题: 附件 1：示例局项目支出预算绩效目标表
批复日期: "2024-02-08"
公开日期: "2024-02-20"
联系电话: "0000-1234567"
公开网址: https://www.example.gov.cn/zwgk/
"""
WAIVED = VALID.replace("序号: 1", "序号: 2").replace("示例项目", "示例项目二").replace("≥980 项", "null") + (
    "豁免:\n  - 规则: C02\n    指标: 办理件数\n    理由: 批复原文没有指标值\n"
)
SETTINGS = site.Settings("示例站", view_url="https://git.example.org/blob/main/{path}")


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """Three years, two forms, a waiver, and a department with facts."""
    base = tmp_path_factory.mktemp("golden")
    for name, text in {
        "2024/999001/一.yml": VALID,
        "2024/999001/二.yml": WAIVED,
        "2024/999001/部门.yml": DEPARTMENT,
        "2023/999001/一.yml": VALID.replace("年度: 2024", "年度: 2023").replace("≥980 项", "≥960 项"),
        "2025/999001/三.yml": CENTRAL,
    }.items():
        path = base / "targets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    collected = collect([Path("targets")], SCHEMAS, base=base)
    assert collected.outcome.problems == ()
    return collected


def _name(address: str) -> str:
    return (unquote(address).strip("/").replace("/", "-") or "home") + ".html"


def test_each_page_has_the_content_on_record(collection: Collection, pytestconfig: pytest.Config) -> None:
    made = {}
    for entry in entries.entries(collection.catalogue):
        page = site.page(entry, collection, SETTINGS)
        made[_name(page.address)] = (
            f"<!-- title: {page.title}\n     description: {page.description} -->\n{page.content}\n"
        )
    if pytestconfig.getoption("--update-goldens"):
        GOLDEN.mkdir(exist_ok=True)
        for old in GOLDEN.glob("*.html"):
            old.unlink()
        for name, text in made.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
    recorded = {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.html")}
    assert {*made} == {*recorded}
    for name, text in made.items():
        difference = difflib.unified_diff(recorded[name].splitlines(), text.splitlines(), lineterm="", n=1)
        assert "\n".join(difference) == "", name
