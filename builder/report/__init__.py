"""Problems in words, one module a format: for a terminal, for programs, for code hosts. Values in, text out.

Nothing here prints or writes. ``Outcome`` is what every format is made from.
"""

from builder.report.github import as_github
from builder.report.gitlab import as_gitlab
from builder.report.json_object import as_json
from builder.report.markdown import as_markdown
from builder.report.outcome import Outcome
from builder.report.rdjsonl import as_rdjsonl
from builder.report.sarif import as_sarif
from builder.report.text import as_text, frame, one_line, summary

__all__ = [
    "Outcome",
    "as_github",
    "as_gitlab",
    "as_json",
    "as_markdown",
    "as_rdjsonl",
    "as_sarif",
    "as_text",
    "frame",
    "one_line",
    "summary",
]
