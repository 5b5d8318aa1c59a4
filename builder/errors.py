"""Our exceptions: the job cannot be done. Faults in the data are never raised (see ``problem``)."""

from __future__ import annotations


class BuilderError(Exception):
    """The job cannot be done; the message is one Chinese sentence for the user. Exit 2."""


class SchemaError(BuilderError):
    """A file under ``schema/`` is missing or broken."""


class FrameError(BuilderError):
    """The theme did not give back the marks by which a page is cut into a frame."""
