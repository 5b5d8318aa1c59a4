"""Templates as Python code, kept beside this program's compiled modules: to compile them takes a while.

The code of a template is used again only for the same text, compiled by the same program. Where there is no
folder of compiled modules, no templates are kept either.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemBytecodeCache

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.bccache import Bucket


_SETTINGS = (
    *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"),
    *("comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix"),
    *("trim_blocks", "lstrip_blocks", "newline_sequence", "keep_trailing_newline"),
    *("optimized", "finalize", "autoescape"),
)
"""What an environment is told that changes the code of its templates."""


class Compiled(FileSystemBytecodeCache):
    """Compiled templates of one environment; ``by`` stands for the program that compiled them.

    A folder that cannot be written to, or a file in it that is damaged, costs only the time to compile.
    """

    def __init__(self, environment: Environment, by: str) -> None:
        super().__init__(str(Path(cache_from_source(__file__)).parent), "%s.template")
        settings = tuple(getattr(environment, name) for name in _SETTINGS)
        self._by = repr((by, type(environment).__qualname__, sorted(environment.extensions), settings))

    def get_source_checksum(self, source: str) -> str:
        """A digest of a template's text and of what compiles it."""
        return sha256(f"{self._by}\n{source}".encode("utf-8", "surrogatepass")).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was kept of a template, if that can be read."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001  whatever a damaged file makes pickle and marshal say
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template, if that can be written."""
        with suppress(OSError):
            super().dump_bytecode(bucket)
            # Whoever can read this program, and no one else.
            shutil.copymode(__file__, self._get_cache_filename(bucket))
