"""Measuring, and the invented collections it is done on. Nothing here is needed to publish."""
