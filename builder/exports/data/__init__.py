"""The whole collection as files for other programs: one module a format, all made while projects stream by.

Rows and columns are described once, in ``columns``; every format, the data package and the data dictionary
read that description.
"""
