"""XML bytes → elements by their local names, for files of unknown origin.

A document type declaration is refused, and with it every entity of the file's own: none can be expanded or
fetched.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat

from builder.importers.refusal import MAX_DEPTH, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element


def parse(raw: bytes) -> Element:
    """The root element; names of elements and attributes without their namespaces.

    Raises:
        Refused: no well-formed XML, a declaration of a document type, or elements too deep in one another.
    """
    builder, depth = TreeBuilder(), 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise Refused(f"文件里的标记嵌套超过 {MAX_DEPTH} 层", "请用 Word、WPS 或 Excel 另存一份再导入。")
        builder.start(_local(tag), {_local(name): value for name, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(tag))

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(raw, True)  # noqa: FBT003  expat takes no keyword
    except expat.ExpatError as error:
        raise Refused(
            f"文件已损坏：第 {error.lineno} 行的标记不完整", "请用 Word、WPS 或 Excel 另存一份再导入。"
        ) from error
    root: Element = builder.close()
    return root


def children(node: Element, *names: str) -> Iterator[Element]:
    """The children of some names."""
    return (child for child in node if child.tag in names)


def value(node: Element | None, *path: str) -> str | None:
    """The attribute ``val`` at the end of a path of children; ``None`` where the path breaks off."""
    for name in path:
        node = node.find(name) if node is not None else None
    return None if node is None else node.get("val", "")


def is_on(node: Element | None, *path: str) -> bool:
    """Whether a switch is there and not off."""
    return value(node, *path) not in {None, "0", "false", "off", "none"}


@lru_cache(1 << 12)
def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _refuse_declaration(*_: object) -> None:
    raise Refused(
        "文件里有文档类型声明（DTD），可能引用外部内容，没有读取", "请用 Word、WPS 或 Excel 另存一份再导入。"
    )
