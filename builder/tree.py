"""The folder of targets on disk: which files there are, whose they are, and their bytes.

The only module that reads data files. Layout: ``<年度>/<部门代码>/<项目>.yml``, with the department's own
``部门.yml`` beside its projects. A file that cannot or must not be read becomes a Problem, no exception.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from builder.errors import BuilderError
from builder.frozen import Packed, frozen
from builder.model import ProjectId
from builder.problem import Problem, Severity
from builder.source import MAX_BYTES, too_large

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEPARTMENT_FILE = "部门.yml"
HERE = Path()
_YEAR = re.compile(r"[0-9]{4}")
_UNSAFE_STEM = re.compile(r"""[\\/:*?"'<>|#%&;{}\x00-\x20\x7f]|^[.\-_~]|[. ]$""")
_MAX_STEM = 180  # bytes; file systems take 255 for a name, and ".yml" or more must fit
_DEPTH = 3  # 年度 / 部门代码 / file


@frozen()
class SourceFile:
    """One file: ``name`` as shown to users, its bytes (``None`` when unreadable) and what its path says.

    ``id`` is ``None`` where the path is not of the form ``<年度>/<部门代码>/<项目>.yml``; for a department's
    file its stem is ``部门``.
    """

    name: str
    raw: bytes | None
    id: ProjectId | None
    problems: tuple[Problem, ...] = ()

    @property
    def is_department(self) -> bool:
        """Whether this is a ``部门.yml``."""
        return self.name.rpartition("/")[2] == DEPARTMENT_FILE


@frozen()
class Name(Packed):
    """A file found and not yet read, by its path as shown to users; ``refused`` when it will not be.

    ``inside``: its folder of data. Paths are texts here, as there are very many.
    """

    path: str
    inside: Path
    id: ProjectId | None
    in_folder: bool = True
    refused: SourceFile | None = None

    def stamp(self, base: Path) -> tuple[int, int, int] | None:
        """What changes whenever the file does, short of a forged clock; ``None`` where it cannot be seen."""
        try:
            facts = os.stat(os.path.join(base, self.path))  # noqa: PTH116, PTH118  no Path for each
        except OSError:
            return None
        return facts.st_mtime_ns, facts.st_size, facts.st_ino

    def read(self, base: Path) -> SourceFile:
        """The file and its bytes, or why there are none."""
        if self.refused is not None:
            return self.refused
        file = _read(self.path, base, self.inside, self.id)
        return placed(file) if self.in_folder else file


def listed(paths: Iterable[Path], *, base: Path = HERE) -> Iterator[tuple[Name, ...]]:
    """The YAML files named by ``paths`` (files or folders), a department over all its years at a time.

    Departments come by code, files within one by year and name; files whose path says no department come one
    by one at the end. Relative paths start at ``base``; names are as the paths were given.

    Raises:
        BuilderError: a path does not exist.
    """
    names = sorted((name for path in paths for name in _find(path, base)), key=_order)
    for _, members in groupby(names, key=_group):
        yield tuple(members)


def read(paths: Iterable[Path], *, base: Path = HERE) -> Iterator[tuple[SourceFile, ...]]:
    """The same, read: no more than one department is held at a time.

    Raises:
        BuilderError: a path does not exist.
    """
    for names in listed(paths, base=base):
        yield tuple(name.read(base) for name in names)


def _order(name: Name) -> tuple[bool, str, int, str]:
    if name.id is None:
        return (True, name.path, 0, "")
    return (False, name.id.department, name.id.year, name.path)


def _group(name: Name) -> tuple[bool, str]:
    return (name.id is None, name.id.department if name.id else name.path)


def _find(path: Path, base: Path) -> Iterator[Name]:
    full = base / path
    if not full.exists() and not full.is_symlink():
        raise BuilderError(f"找不到“{path}”：请核对路径，或到项目根目录下运行。")
    if full.is_dir():
        yield from _find_in(path, base)
    else:
        yield Name(path.as_posix(), path.parent, identity(full), in_folder=False)


def _find_in(folder: Path, base: Path) -> Iterator[Name]:
    for walked, folders, files in os.walk(base / folder):
        parent = folder / Path(walked).relative_to(base / folder)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            link = parent / name
            if (base / link).is_symlink():
                refused = _refused(
                    link.as_posix(), "Y13", "这个文件夹是符号链接", "请把文件夹本身放进数据目录。"
                )
                yield Name(link.as_posix(), folder, None, refused=refused)
        place = identity(base / parent / DEPARTMENT_FILE)
        above = (parent / "x").as_posix()[:-1]
        for name in files:
            if is_data(name):
                stem = name.rpartition(".")[0]
                yield Name(above + name, folder, place and ProjectId(place.year, place.department, stem))


def is_data(name: str) -> bool:
    """Whether a file of that name is looked at in a folder."""
    stem, _, suffix = name.rpartition(".")
    return suffix.lower() in {"yml", "yaml"} and bool(stem) and not name.startswith(".")


def placed(file: SourceFile) -> SourceFile:
    """Refuse a file of a folder whose path says too little to publish it, or holds what no address can."""
    if file.raw is None:
        return file
    if file.id is None:
        hint = "请放在“<年度>/<部门代码>/”文件夹下，例如 targets/2024/067001/项目.yml。"
        return _refused(file.name, "Y14", "文件放错了位置，不知道属于哪个年度和部门", hint)
    stem = file.id.stem
    if not _is_fit(stem):
        hint = "文件名请用汉字、字母、数字和短横，不超过 60 个字。"
        return _refused(file.name, "Y14", f"文件名“{stem}”不能用作网址", hint)
    return file


def _is_fit(stem: str) -> bool:
    """Whether a stem can stand in an address and in a file name everywhere."""
    too_long = len(stem.encode("utf-8", "surrogateescape")) > _MAX_STEM
    return not (_UNSAFE_STEM.search(stem) or too_long or unicodedata.normalize("NFC", stem) != stem)


def read_file(path: Path, *, base: Path = HERE, inside: Path) -> SourceFile:
    """One file's bytes, refused with a problem when it is no plain file, too large, or outside ``inside``."""
    return _read(path.as_posix(), base, inside, None)


def _read(name: str, base: Path, inside: Path, known: ProjectId | None) -> SourceFile:
    """The same by its path as text; ``known``: what that says, where it has been found out."""
    full = os.path.join(base, name)  # noqa: PTH118  no Path for each of many files
    if not name.endswith(".yml") or name.rpartition("/")[2] == ".yml":
        path = Path(name)
        return _refused(name, "Y14", f"扩展名是“{path.suffix}”", f"请改名为“{path.stem}.yml”。")
    try:
        facts = os.lstat(full)
        if stat.S_ISLNK(facts.st_mode):
            if not _is_inside(Path(full), base / inside):
                hint = "请把文件本身放进数据目录。"
                return _refused(name, "Y13", "这是一个指向数据目录之外的符号链接", hint)
            facts = os.stat(full)  # noqa: PTH116  no more of Path than is needed for each of many files
        if not stat.S_ISREG(facts.st_mode):
            return _refused(name, "Y01", "这不是普通文件", "请换成普通的文本文件。")
        if facts.st_size > MAX_BYTES:
            fault = too_large(facts.st_size)
            return _refused(name, fault.code, fault.message, fault.hint)
        with open(full, "rb", buffering=0) as stream:  # noqa: PTH123  the same
            return SourceFile(name, stream.read(), known or identity(Path(full)))
    except OSError as error:
        reason = "没有读取权限" if isinstance(error, PermissionError) else str(error.strerror)
        return _refused(name, "Y01", f"文件读不了：{reason}", "请检查文件的权限和磁盘。")


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a dangling link, or one that points at itself
        return False


def identity(path: Path) -> ProjectId | None:
    """What the last three parts of a path say: 年度, 部门代码 and stem."""
    parts = path.absolute().parts[-_DEPTH:]
    if len(parts) < _DEPTH or not _YEAR.fullmatch(parts[0]):
        return None
    return ProjectId(int(parts[0]), parts[1], path.stem)


def digest(raw: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return sha256(raw).hexdigest()


def _refused(name: str, code: str, message: str, hint: str) -> SourceFile:
    problem = Problem(name, 1, 1, code, Severity.ERROR, message, hint)
    return SourceFile(name, None, identity(Path(name)), (problem,))
