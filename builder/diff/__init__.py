"""What a change does to the targets: two snapshots of the data in, Changes out. Words are made elsewhere."""

from builder.diff.compare import between, changes, published, unread
from builder.diff.pair import files as pairs
from builder.diff.reading import read, read_department, read_text
from builder.diff.records import Change, Kind, Reason, Snapshot, Tier, Unread, Version, tier

__all__ = [
    "Change",
    "Kind",
    "Reason",
    "Snapshot",
    "Tier",
    "Unread",
    "Version",
    "between",
    "changes",
    "pairs",
    "published",
    "read",
    "read_department",
    "read_text",
    "tier",
    "unread",
]
