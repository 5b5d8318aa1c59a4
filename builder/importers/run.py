"""Files → everything that an import makes of them, as values; one bad file does not stop the others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from builder.errors import BuilderError
from builder.importers import reader
from builder.importers.doubts import Doubt
from builder.importers.draft import Imported
from builder.importers.recognise import recognise
from builder.importers.refusal import MAX_FILE, Refused

if TYPE_CHECKING:
    from pathlib import Path

    from builder.schema import Schemas


def import_file(path: Path, schemas: Schemas, form: str | None = None) -> Imported:
    """The forms in one file; a file that is not read is an Imported with nothing but the reason.

    Raises:
        BuilderError: there is no such file.
    """
    name = path.as_posix()
    try:
        return reader.read(_bytes(path), path.name, partial(recognise, file=name, schemas=schemas, form=form))
    except Refused as refusal:
        return Imported(name, (), (), (Doubt("I01", str(refusal), refusal.hint),))


def _bytes(path: Path) -> bytes:
    if not path.exists():
        raise BuilderError(f"找不到“{path}”：请核对文件名。")
    if not path.is_file():
        raise Refused("这不是普通文件", "请逐个写出要导入的文件。")
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_FILE + 1)
    except OSError as error:
        reason = "没有读取权限" if isinstance(error, PermissionError) else str(error.strerror)
        raise Refused(f"文件读不了：{reason}", "请检查文件的权限和磁盘。") from error
