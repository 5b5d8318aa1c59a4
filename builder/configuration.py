"""What a place sets for itself in ``rules.yml``: read from disk, refused with places when it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.errors import BuilderError
from builder.rules import BY_CODE, Settings
from builder.rules import settings as rule_settings
from builder.source import parse

if TYPE_CHECKING:
    from pathlib import Path

RULES_FILE = "rules.yml"
"""Beside mkdocs.yml; need not exist."""


def rules(path: Path) -> Settings:
    """The rule settings in ``path``, or the usual ones where there is no such file.

    Raises:
        BuilderError: the file cannot be read or says something no rule knows; every fault with its place.
    """
    if not path.exists():
        return Settings()
    try:
        document, problems = parse(path.read_bytes(), str(path))
    except OSError as error:
        raise BuilderError(f"“{path}”读不了：{error.strerror}。") from error
    faults = [f"{path}:{one.line}:{one.column} {one.message}。{one.hint}" for one in problems]
    settings = Settings()
    if document is not None and not faults:
        settings, findings = rule_settings.read(document.data, BY_CODE)
        for finding in findings:
            place = document.place(finding.path, on_key=finding.on_key)
            faults.append(f"{path}:{place.line}:{place.column} {finding.message}。{finding.hint}")
    if faults:
        raise BuilderError("规则设置写得不对：\n" + "\n".join(faults))
    return settings
