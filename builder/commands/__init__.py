"""The commands of ``jixiao``, one module each: its options, and a function from options to exit status.

Exit 0: no errors; 1: errors found, or warnings under ``--strict``; 2: cannot run (a BuilderError).
"""
