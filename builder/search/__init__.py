"""Search that is exact in Chinese: what is found, the index that finds it, its reader for tests and tools.

Measured on invented projects of five years, 128 questions each, ten results shown; KB are bytes of bodies:

========================  ======================  ====================
projects                  10,000                  100,000
========================  ======================  ====================
index                     19.3 MB, 22,000 files   172 MB, 74,000 files
writing it, one process   30-45 s of CPU          380 s of CPU
memory above the records  190 MB                  1.5 GB
manifest                  20 KB                   188 KB
a later question, median  16 KB                   67 KB
a later question, most    31 KB                   182 KB
========================  ======================  ====================

So the limit for first questions of 100 KB and later ones of 40 KB is some 10,000 projects over five years:
the manifest grows by two bytes a project, lists with the projects of a year, and every year is asked.
Answers stay exact beyond it. Memory is that of one year's records and files, whatever the number of years.
"""

from builder.search.grams import Grams
from builder.search.query import Answer, search, segments
from builder.search.record import Record, page_record, project_record
from builder.search.write import Part, manifest_file, write, year_files

__all__ = [
    "Answer",
    "Grams",
    "Part",
    "Record",
    "manifest_file",
    "page_record",
    "project_record",
    "search",
    "segments",
    "write",
    "year_files",
]
