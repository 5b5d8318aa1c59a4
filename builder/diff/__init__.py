"""What a change does to the targets: two snapshots of the data in, Changes out. Words are made elsewhere."""

from builder.diff.compare import changes, published, unread
from builder.diff.reading import read, read_department
from builder.diff.records import Change, Kind, Reason, Snapshot, Tier, Unread, Version, tier

__all__ = [
    "Change",
    "Kind",
    "Reason",
    "Snapshot",
    "Tier",
    "Unread",
    "Version",
    "changes",
    "published",
    "read",
    "read_department",
    "tier",
    "unread",
]
