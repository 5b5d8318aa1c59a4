"""The engine of 填报: this program made ready to run in a browser.

Python itself comes as Pyodide, which must be on the machine when the site is built; the site works without.
"""

from builder.engine.files import FOLDER, Kit, files, made_from
from builder.engine.pyodide import MISSING, find

__all__ = ["FOLDER", "MISSING", "Kit", "files", "find", "made_from"]
