"""Why a file is not read, and the bounds within which it is.

The bounds are far above any real attachment (a form is one or two pages, some 40 KB as a Word file) and low
enough that a file made to do harm ends in a sentence, not in a full memory.
"""

from __future__ import annotations

from builder.errors import BuilderError

MAX_FILE = 50 << 20  # bytes
MAX_PART = 64 << 20  # bytes of one part of an Office file, unpacked
MAX_UNPACKED = 96 << 20  # bytes of all the parts that are read
MAX_RATIO = 300  # unpacked to packed; Word and Excel themselves stay under 100
MAX_ENTRIES = 10_000  # parts of an Office file
MAX_DEPTH = 200  # elements of XML or HTML inside one another
MAX_CELLS = 300_000  # cells of all tables
MAX_COLUMNS = 256  # of one table
MAX_PAGES = 300  # of a PDF
MAX_SECONDS = 120  # for one file
MAX_CONVERSION = 180  # seconds for LibreOffice and one file
MAX_MEMORY = 3 << 30  # bytes of the process that reads one file


class Refused(BuilderError):  # noqa: N818  no error of ours; the file is not taken
    """A file that is not read. The message says why, ``hint`` what to do, both in Chinese."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def too_many_cells() -> Refused:
    """The refusal of a file with more cells than any attachment has."""
    return Refused(f"文件里的单元格超过 {MAX_CELLS:,} 个", "请只保留绩效目标表，拆成几个文件再导入。")
