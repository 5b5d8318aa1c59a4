"""A view and a template's name in, HTML out. Everything from data is escaped; an unknown name is an error."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import markupsafe
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.compiler import CodeGenerator
from jinja2.nodes import Name

from builder.compiled import Compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jinja2 import Template
    from jinja2.compiler import Frame
    from jinja2.nodes import Expr, Node

    from builder.charts import Chart

TEMPLATES = Path(__file__).parent / "templates"
_INCLUDE = re.compile(r'\{%(-?) include "([^"]+)" (-?)%\}')


def _escape_text(text: str) -> str:
    return str(markupsafe.escape(text))


# The library's own first step, which leaves a text as it is where there is nothing to escape in it.
_escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", _escape_text)


class _Loader(FileSystemLoader):
    """Templates with the parts that they include in their place: each would take a context every time."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The whole text of a template."""
        source, filename, is_current = super().get_source(environment, template)

        def part(match: re.Match[str]) -> str:
            inside = self.get_source(environment, match[2])[0].removesuffix("\n")
            return f"{{%{match[1]} with %}}{inside}{{% endwith {match[3]}%}}"

        return _INCLUDE.sub(part, source), filename, is_current


class _Generator(CodeGenerator):
    """Templates that gather their pieces in a list, as a template is always wanted whole.

    They make no object of each text that is escaped: in most there is nothing to escape.
    """

    def blockvisit(self, nodes: Iterable[Node], frame: Frame) -> None:
        if not frame.rootlevel or self.blocks:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        if isinstance(node, Name):  # most are the variables of a loop, and most of these are texts
            name = frame.symbols.ref(node.name)
            self.write(f"environment.text({name}) if {name}.__class__ is str else ")
        self.write("environment.escaped(")


class _Environment(Environment):
    code_generator_class = _Generator
    text = staticmethod(_escaped)

    def escaped(self, value: object) -> str:
        """A value as it stands in HTML."""
        if value.__class__ is str:
            return _escaped(value)
        if value.__class__ is int:
            return str(value)
        return self.filters["escape"](value)  # type: ignore[no-any-return]


_BY = f"{jinja2.__version__} {sha256(Path(__file__).read_bytes()).hexdigest()}"
"""What makes code of a template: the library, and this module as it was loaded."""


@cache
def _environment() -> Environment:
    environment = _Environment(
        loader=_Loader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.globals.clear()  # a template sees what it is handed, and each would be handed these too
    environment.filters["svg"] = _svg
    environment.bytecode_cache = Compiled(environment, _BY)
    return environment


def _svg(chart: Chart) -> str:
    from builder import charts  # noqa: PLC0415  pages without a chart are made in browsers too, which lack it

    return charts.svg(chart)


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


def forget_templates() -> None:
    """Read templates anew next time, after they have been edited."""
    _template.cache_clear()
    _environment.cache_clear()


def render(template: str, **context: object) -> str:
    """The HTML of one page's content, from a template and the values its header comment names."""
    return _template(template).render(context)
