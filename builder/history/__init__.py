"""What became of each project since it was published: git's log in, Records out.

``trails`` follows files through commits, ``turns`` and ``sort`` say what each did, ``read`` lends them git.
"""

from builder.history.read import History
from builder.history.records import Entry, Record, Sort, Told

__all__ = ["Entry", "History", "Record", "Sort", "Told"]
