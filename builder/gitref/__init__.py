"""What git knows: when files last changed (``dates``) and what stood in them before (``revision``).

git is asked, never written to, and nothing is checked out. All else works without it.
"""

from builder.gitref.dates import last_changes

__all__ = ["last_changes"]
