"""The official form as a Word, Excel or PDF file, from the one grid: one project, or a department's, bound.

A Document in, the bytes of a file out: the same bytes for the same Document, wherever and whenever. What a
format needs beyond the core is an extra (``office``) and is looked for only when that format is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from builder.errors import BuilderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.exports.office.document import Document

FORMATS = {"docx": "Word", "xlsx": "Excel", "pdf": "PDF"}
"""What can be made, by suffix, with the name a user knows it by."""


def writer(suffix: str) -> Callable[[Document], bytes]:
    """The function that makes the file of a document; ``suffix`` is one of ``FORMATS``.

    It raises a BuilderError where a document does not fit the format.

    Raises:
        BuilderError: the libraries of the format are not installed.
    """
    try:
        module = import_module(f"builder.exports.office.{suffix}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("builder"):
            raise
        raise BuilderError(
            f"生成 {FORMATS[suffix]} 文件还缺“{error.name}”：请运行 pip install 'jixiao[office]'。"
        ) from error
    write: Callable[[Document], bytes] = module.write
    return write
