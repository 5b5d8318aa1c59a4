"""Layouts of forms as places print them, drawn as data and written in every format."""
