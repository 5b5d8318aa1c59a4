from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builder import publisher
from builder.publisher import Publisher
from tests import command
from tests.records import VALID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SETTINGS = {
    "host": "示例县示例局",
    "contact": "0000-1234567",
    "site_code": "1234567890",
    "icp": "示例ICP备00000000号",
    "police": "示例公网安备 00000000000000号",
    "domain": "www.example.gov.cn",
    "badge_url": "https://www.example.gov.cn/badge",
    "report_url": "https://www.example.gov.cn/report",
}
DEPARTMENT = '部门名称: 示例局\n批复日期: "2024-02-08"\n公开日期: "{}"\n'


def _configured(folder: Path) -> None:
    config = folder / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    for key, value in SETTINGS.items():
        text = text.replace(f'        {key}: ""', f'        {key}: "{value}"')
    config.write_text(text, encoding="utf-8")


def _department(folder: Path, published: str) -> None:
    path = folder / "targets/2024/999001/部门.yml"
    path.write_text(DEPARTMENT.format(published), encoding="utf-8")


def test_a_release_is_refused_until_everything_is_configured(workplace: Callable[..., Path]) -> None:
    folder = workplace()
    done = command.run(folder, "build", "--release")
    assert done.returncode == 1
    assert "publisher 里没有“网站标识码”" in done.stderr
    assert "site_url" in done.stderr
    assert not (folder / "site").exists()
    _configured(folder)
    done = command.run(folder, "build", "--release", JIXIAO_SITE_URL="https://www.example.gov.cn/jx/")
    assert done.returncode == 0, done.stderr


def test_what_is_not_configured_is_visibly_so_and_what_is_stands_in_the_footer(
    workplace: Callable[..., Path],
) -> None:
    folder = workplace()
    assert command.run(folder, "build").returncode == 0
    page = (folder / "site/about/index.html").read_text(encoding="utf-8")
    assert page.count("未配置") == 7
    _configured(folder)
    assert command.run(folder, "build").returncode == 0
    for path in ("site/about/index.html", "site/2024/999001/示例/index.html", "site/404.html"):
        page = (folder / path).read_text(encoding="utf-8")
        assert "未配置" not in page
        assert "主办单位：示例县示例局" in page
        assert 'href="https://www.example.gov.cn/report"' in page
        assert '<meta name="SiteIDCode" content="1234567890">' in page


def test_a_project_page_has_the_regulated_names_of_all_three_scopes(workplace: Callable[..., Path]) -> None:
    folder = workplace()
    _configured(folder)
    _department(folder, "2024-02-20")
    assert command.run(folder, "build").returncode == 0
    page = (folder / "site/2024/999001/示例/index.html").read_text(encoding="utf-8")
    for name in ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnType", "ArticleTitle"):
        assert f'<meta name="{name}" content="' in page
    assert '<meta name="PubDate" content="2024-02-20 00:00">' in page
    assert '<meta name="ContentSource" content="示例局">' in page


def test_without_a_date_of_publication_none_is_claimed(workplace: Callable[..., Path]) -> None:
    folder = workplace(示例=VALID)
    assert command.run(folder, "build").returncode == 0
    assert "PubDate" not in (folder / "site/2024/999001/示例/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("published", "state"), [("2024-02-28", "按期"), ("2024-03-01", "晚 2 日")])
def test_the_board_counts_twenty_days_from_approval(
    workplace: Callable[..., Path], published: str, state: str
) -> None:
    folder = workplace()
    _department(folder, published)
    assert command.run(folder, "build").returncode == 0
    page = (folder / "site/2024/index.html").read_text(encoding="utf-8")
    assert "2024-02-28" in page
    assert state in page


def test_every_setting_has_a_label_and_is_missed_when_empty() -> None:
    assert {*publisher.LABELS} == {*SETTINGS}
    assert len(publisher.missing(Publisher())) == len(SETTINGS)
    assert publisher.missing(Publisher(**SETTINGS)) == ()
