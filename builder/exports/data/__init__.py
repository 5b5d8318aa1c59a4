"""The whole collection as files for other programs: one module a format.

Projects give ``slices`` as they stream by, and of these the files of every scope are made.

Rows and columns are described once, in ``columns``; every format, the data package and the data dictionary
read that description.
"""
