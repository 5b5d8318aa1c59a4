"""A view and a template's name in, HTML out. Everything from data is escaped; an unknown name is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from builder.charts import Chart

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
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
