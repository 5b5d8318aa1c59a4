"""Search that is exact in Chinese: what is found, the index that finds it, its reader for tests and tools."""

from builder.search.query import Answer, search, segments
from builder.search.record import Record, page_record, project_record
from builder.search.write import write

__all__ = ["Answer", "Record", "page_record", "project_record", "search", "segments", "write"]
