"""``python -m builder`` is ``jixiao``."""

from builder.cli import run

run()
