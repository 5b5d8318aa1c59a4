"""What a file is, by its first bytes and not its name: some systems export web pages named ``.xls``."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

from builder.importers.package import encrypted
from builder.importers.refusal import MAX_FILE, Refused


class Kind(StrEnum):
    """A format that can be read, or the one LibreOffice makes of it."""

    DOCX = "docx"
    XLSX = "xlsx"
    PACKAGE = "package"
    HTML = "html"
    TEXT = "text"
    PDF = "pdf"
    OLD_WORD = "old word"
    OLD_EXCEL = "old excel"


SUFFIXES = ".docx、.xlsx、.doc、.xls、.odt、.ods、.rtf、.html、.md、.txt、.tsv、.pdf"
"""What the user is told can be read."""

_ZIP, _OLE, _PDF, _RTF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-", b"{\\rtf"
_PAGE = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_TEXTS = {".txt", ".tsv", ".tab", ".md", ".markdown"}
_PAGES = {".html", ".htm", ".xhtml"}
_SHEETS = {".xls", ".xlt", ".ods", ".et"}
_HEAD = 4096


def kind(raw: bytes, name: str) -> Kind:
    """The kind of a file.

    Raises:
        Refused: empty, too large, encrypted, or of a kind that is not read.
    """
    suffix = PurePath(name).suffix.lower()
    if not raw:
        raise Refused("文件是空的")
    if len(raw) > MAX_FILE:
        raise Refused(f"文件有 {len(raw):,} 字节，超过上限 {MAX_FILE:,} 字节", "请只保留绩效目标表再导入。")
    if raw.startswith(_OLE):
        return _old(raw, suffix)
    if raw.startswith(_ZIP):
        return _zip(raw, suffix)
    if raw.startswith(_RTF):
        return Kind.OLD_WORD
    if _PDF in raw[:1024]:
        return Kind.PDF
    if suffix in _PAGES or _PAGE.match(raw[:_HEAD]):
        return Kind.HTML
    if suffix in _TEXTS and b"\0" not in raw[:_HEAD].replace(b"\0\0", b""):
        return Kind.TEXT
    raise Refused(f"不认识这种文件（{suffix or '没有扩展名'}）", f"可以导入的有：{SUFFIXES}。")


def _old(raw: bytes, suffix: str) -> Kind:
    """Word and Excel before 2007; a newer file with a password is wrapped in the same container."""
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise encrypted()
    if "Workbook".encode("utf-16-le") in raw or (
        suffix in _SHEETS and "WordDocument".encode("utf-16-le") not in raw
    ):
        return Kind.OLD_EXCEL
    return Kind.OLD_WORD


def _zip(raw: bytes, suffix: str) -> Kind:
    if b"mimetypeapplication/vnd.oasis.opendocument" in raw[:200]:
        return Kind.OLD_EXCEL if b"spreadsheet" in raw[:200] or suffix in _SHEETS else Kind.OLD_WORD
    return Kind.PACKAGE
