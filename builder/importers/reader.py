"""A file's bytes → Document, whatever its kind, in a process of its own with limits of time and memory.

What a hostile file can do to a parser ends with that process; the user gets one sentence.
"""

from __future__ import annotations

import multiprocessing
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

from builder.importers import docx, html, office, package, pdf, text, xlsx
from builder.importers.kind import Kind, kind
from builder.importers.refusal import MAX_MEMORY, MAX_SECONDS, Refused

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from builder.importers.table import Document

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Then(Protocol[T_co]):
    """What is to be made of a document."""

    def __call__(self, document: Document, /) -> T_co:
        """Make it."""
        ...


_BROKEN = "请用原来的程序打开，另存一份再导入。"


def read(raw: bytes, name: str, then: Then[T], *, seconds: float = MAX_SECONDS) -> T:
    """What ``then`` makes of the document in a file called ``name``; both happen in the other process.

    ``then`` and what it gives back must be fit to be sent there and back.

    Raises:
        Refused: it cannot or must not be read.
    """
    found = kind(raw, name)
    if found in {Kind.OLD_WORD, Kind.OLD_EXCEL}:
        suffix = "." + name.rpartition(".")[2].lower() if "." in name else ""
        raw = office.convert(raw, suffix, "docx" if found is Kind.OLD_WORD else "xlsx")
        found = Kind.PACKAGE
    return _apart(raw, found, then, seconds)


def _apart(raw: bytes, found: Kind, then: Then[T], seconds: float) -> T:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, raw, found, then), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise Refused(f"读了 {seconds:g} 秒还没读完", "文件太大或结构异常；请拆成几个文件再导入。")
        result = receiver.recv()
    except EOFError as error:
        raise Refused("文件太大或已损坏，读的时候中断了", _BROKEN) from error
    finally:
        process.kill()
        process.join()
        receiver.close()
    if isinstance(result, tuple):
        raise Refused(*result)
    made: T = result[0]
    return made


def _work(sender: Connection, raw: bytes, found: Kind, then: Then[T]) -> None:
    """The other process: sends a list with the result, or what a Refused is made of."""
    _limit()
    try:
        sender.send([then(document(raw, found))])
    except Refused as refusal:
        sender.send((str(refusal), refusal.hint))
    except MemoryError:
        sender.send(("文件展开后太大，内存不够", "请拆成几个文件再导入。"))
    except Exception as error:  # noqa: BLE001  a damaged file can make a parser raise anything
        sender.send((f"文件的结构读不懂（{type(error).__name__}）", _BROKEN))


def _limit() -> None:
    """No more memory than any real file needs; Windows has no such limit, there only time is bounded."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  exists only here

        with suppress(ValueError, OSError):  # a system may know no such limit, or have a lower one
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def document(raw: bytes, found: Kind) -> Document:
    """The document of a file of one kind, read in this process and without limits of time and memory."""
    if found is Kind.HTML:
        return html.read(html.decode(raw))
    if found is Kind.TEXT:
        return text.read(html.decode(raw))
    if found is Kind.PDF:
        return pdf.read(raw)
    opened = package.open_package(raw)
    if opened.main.startswith("xl/"):
        return xlsx.read(opened)
    if opened.main.startswith("word/"):
        return docx.read(opened)
    raise Refused("这个压缩包不是 Word 或 Excel 文件", "请解压后导入里面的文件。")
