"""What can be downloaded and where it stands: kinds of file, names and addresses. Makes no file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from builder.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Collection

    from builder.model import ProjectId

FOLDER = "data"
API = "api/v1"
CHECKSUMS_FILE = f"{FOLDER}/SHA256SUMS"
FEED = f"{FOLDER}/feed.xml"
CATALOGUE = f"{FOLDER}/catalog.jsonld"
PACKAGE = f"{FOLDER}/datapackage.json"
OPENAPI = f"{API}/openapi.json"


@frozen()
class Kind:
    """A kind of file: its suffix, what people call it, what it holds, and its media type."""

    suffix: str
    title: str
    about: str
    media: str


@frozen()
class Listed:
    """One file: its path from the site's root (not encoded), its size in bytes and its SHA-256."""

    path: str
    size: int
    sha256: str


PROJECT_KINDS = (
    Kind("yml", "YAML", "数据原样，键就是表上的栏目", "application/yaml"),
    Kind("json", "JSON", "给程序用：原文和读出的含义", "application/json"),
    Kind(
        "docx",
        "Word",
        "照官方表样排印，可以修改",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    Kind(
        "xlsx",
        "Excel",
        "照官方表样排印，金额是数",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    Kind("pdf", "PDF", "照官方表样排印，适合打印", "application/pdf"),
)
"""Files of one project, beside its page."""

OFFICE = ("docx", "xlsx", "pdf")
"""Those of them that need the libraries of the extra ``office``."""

SCOPE_KINDS = (
    Kind(
        "xlsx",
        "Excel",
        "每个指标一行，另有项目、资金、目标、部门各表",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    Kind("csv", "CSV", "每个指标一行，UTF-8（带 BOM）", "text/csv"),
    Kind("jsonl", "JSON Lines", "每个项目一行，形状与单个项目的 JSON 相同", "application/jsonl"),
    Kind("sqlite", "SQLite", "数据库，表之间可以连接查询", "application/vnd.sqlite3"),
)
"""Files of a department in a year, of a year, and of everything."""


def stem(year: int | None = None, department: str | None = None) -> str:
    """``jixiao``, ``jixiao-2024``, ``jixiao-2024-067001``: the files keep apart when they are saved."""
    return "-".join(str(part) for part in ("jixiao", year, department) if part is not None)


def scope_file(suffix: str, year: int | None = None, department: str | None = None) -> str:
    """``data/2024/067001/jixiao-2024-067001.csv``, from the site's root, not encoded."""
    parts = (FOLDER, year, department, f"{stem(year, department)}.{suffix}")
    return "/".join(str(part) for part in parts if part is not None)


def table_file(table: str) -> str:
    """``data/tables/projects.csv``: one table of everything."""
    return f"{FOLDER}/tables/{table}.csv"


def project_file(identity: ProjectId, suffix: str) -> str:
    """``2024/067001/项目/项目.yml``, in the folder of the project's page, not encoded."""
    place = f"{identity.year}/{identity.department}/{identity.stem}"
    return f"{place}/{identity.stem}.{suffix}"


def api_project(identity: ProjectId) -> str:
    """``api/v1/projects/2024/067001/项目.json``, not encoded."""
    return f"{API}/projects/{identity.year}/{identity.department}/{identity.stem}.json"


def department_feed(code: str) -> str:
    """``data/feeds/067001.xml``: one department over all years, not encoded."""
    return f"{FOLDER}/feeds/{code}.xml"


def href(path: str) -> str:
    """A path as an address."""
    return quote(path)


@frozen()
class Offer:
    """A file as a page offers it: its title, what it holds, its address from the site's root."""

    title: str
    about: str
    href: str


def of_project(identity: ProjectId, suffixes: Collection[str]) -> tuple[Offer, ...]:
    """The files of a project; ``suffixes``: those that were made."""
    kinds = (kind for kind in PROJECT_KINDS if kind.suffix in suffixes)
    return tuple(Offer(kind.title, kind.about, href(project_file(identity, kind.suffix))) for kind in kinds)


def of_scope(year: int, department: str | None = None) -> tuple[Offer, ...]:
    """The files of a year, or of a department in it."""
    return tuple(
        Offer(kind.title, kind.about, href(scope_file(kind.suffix, year, department))) for kind in SCOPE_KINDS
    )
