"""A view and a template's name in, HTML out. Everything from data is escaped; an unknown name is an error."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.compiler import CodeGenerator
from markupsafe import escape

if TYPE_CHECKING:
    from jinja2 import nodes

    from builder.charts import Chart

TEMPLATES = Path(__file__).parent / "templates"


_SPECIAL = re.compile("[&<>'\"]")


def _escaped(value: object) -> str:
    """As ``escape``, but a text without anything to escape stays as it is: most are, and there are many."""
    return value if isinstance(value, str) and not _SPECIAL.search(value) else escape(value)


class _Generator(CodeGenerator):
    """Makes templates print by ``_escaped`` what others print by ``escape``."""

    def _output_child_pre(self, node: nodes.Expr, frame: object, finalize: object) -> None:
        del node, frame, finalize
        self.write("environment.escaped(")


class _Environment(Environment):
    """Where all output is escaped."""

    code_generator_class = _Generator
    escaped = staticmethod(_escaped)


@cache
def _environment() -> Environment:
    environment = _Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,  # all templates are kept
    )
    environment.globals.clear()  # what no template asks for would be copied for every page
    environment.filters["svg"] = _svg
    return environment


def _svg(chart: Chart) -> str:
    from builder import charts  # noqa: PLC0415  pages without a chart are made in browsers too, which lack it

    return charts.svg(chart)


def forget_templates() -> None:
    """Read templates anew next time, after they have been edited."""
    _environment.cache_clear()


def render(template: str, **context: object) -> str:
    """The HTML of one page's content, from a template and the values its header comment names."""
    return _environment().get_template(template).render(context)
