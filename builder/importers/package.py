"""The parts of an Office file (a zip of XML), each read within bounds.

Nothing is run, fetched or written to disk. What a person should know of the package (macros, links to other
files) is said in ``notes``.
"""

from __future__ import annotations

import io
import posixpath
import zlib
from dataclasses import field
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from builder.frozen import frozen
from builder.importers import markup
from builder.importers.refusal import MAX_ENTRIES, MAX_PART, MAX_RATIO, MAX_UNPACKED, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element
    from zipfile import ZipInfo

_SMALL = 1 << 20  # below it the ratio says nothing
_ENCRYPTED = 1
_DAMAGED = Refused("文件已损坏，不是完整的 Office 文件", "请用 Word、WPS 或 Excel 打开后另存一份再导入。")


@frozen()
class Package:
    """An open Office file. ``main``: the name of its main part."""

    main: str
    entries: Mapping[str, ZipInfo]
    archive: ZipFile
    taken: list[int] = field(default_factory=list)

    def part(self, name: str) -> Element | None:
        """One part as XML; ``None`` where the file has none of that name."""
        return markup.parse(self.read(name)) if name in self.entries else None

    def read(self, name: str) -> bytes:
        """The bytes of one part."""
        entry = self.entries[name]
        _bound(entry)
        try:
            with self.archive.open(entry) as stream:
                raw = stream.read(MAX_PART + 1)
        except (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
            raise _DAMAGED from error
        self.taken.append(len(raw))
        if len(raw) > MAX_PART or sum(self.taken) > MAX_UNPACKED:
            raise _bomb()
        return raw

    def related(self, name: str) -> dict[str, str]:
        """What a part refers to inside the package: by the id of the reference, the name of the part."""
        return {reference.id: reference.target for reference in self._references(name)}

    def of_type(self, name: str, kind: str) -> Iterator[str]:
        """The parts of one type (the last step of its address) that a part refers to."""
        return (reference.target for reference in self._references(name) if reference.kind == kind)

    def _references(self, name: str) -> Iterator[_Reference]:
        folder, file = posixpath.split(name)
        relations = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        for relation in relations if relations is not None else ():
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
                kind = relation.get("Type", "").rpartition("/")[2]
                yield _Reference(relation.get("Id", ""), kind, target.lstrip("/"))


@frozen()
class _Reference:
    id: str
    kind: str
    target: str


def open_package(raw: bytes) -> Package:
    """The package in ``raw``.

    Raises:
        Refused: not a sound, unencrypted, reasonable package.
    """
    try:
        archive = ZipFile(io.BytesIO(raw))
    except (BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise _DAMAGED from error
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise _bomb()
    if any(entry.flag_bits & _ENCRYPTED for entry in infos):
        raise encrypted()
    entries = {entry.filename: entry for entry in infos}
    package = Package("", entries, archive)
    main = next(package.of_type("", "officeDocument"), None)
    return Package(main or "", entries, archive)


def encrypted() -> Refused:
    """The refusal of a file with a password."""
    return Refused("文件加了密码", "请在 Word、WPS 或 Excel 里去掉密码，另存一份再导入。")


def notes(package: Package) -> Iterator[str]:
    """What the package holds beside its text that a reader should know of."""
    names = [name.lower() for name in package.entries]
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        yield "文件里有宏。宏没有运行，也没有导入。"
    if any("/externallinks/" in f"/{name}" for name in names):
        yield "文件里有指向别的工作簿的链接。没有打开那些文件，格子里取的是保存时的结果。"
    if any(part in f"/{name}" for name in names for part in ("/embeddings/", "/activex/", "/afchunk")):
        yield "文件里有嵌入的对象。里面的内容没有导入。"
    if any("/media/" in f"/{name}" for name in names):
        yield "文件里有图片。图片里的字没有导入。"
    if targets := sorted(set(_outside(package))):
        yield f"文件里有指向外部的链接，没有打开：{'、'.join(targets[:5])}。"


def _outside(package: Package) -> Iterator[str]:
    """Addresses that would be fetched by opening the file in Office; plain hyperlinks are not."""
    for name in package.entries:
        if name.endswith(".rels"):
            relations = package.part(name)
            for relation in relations if relations is not None else ():
                kind = relation.get("Type", "").rpartition("/")[2]
                if relation.get("TargetMode") == "External" and kind != "hyperlink":
                    yield relation.get("Target", "")[:100]


def _bound(entry: ZipInfo) -> None:
    packed = max(entry.compress_size, 1)
    if entry.file_size > MAX_PART or (entry.file_size > _SMALL and entry.file_size > MAX_RATIO * packed):
        raise _bomb()


def _bomb() -> Refused:
    return Refused(
        "文件解压后大得不合常理，没有读取",
        f"正常的附件解压后不到 {MAX_UNPACKED >> 20} MB；请检查文件来源，或另存一份再导入。",
    )
