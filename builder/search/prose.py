"""The text of a rendered page, a field for each heading, paragraph, cell and item: HTML in, texts out."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt"),
    *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
    *("hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot"),
    *("th", "thead", "tr", "ul"),
}
_UNSEEN = {"script", "style", "svg", "template", "math"}
_ANCHOR = "headerlink"
"""Class of the sign beside a heading that links to it."""


def paragraphs(html: str) -> tuple[str, ...]:
    """The texts of the blocks, in order, runs of white space as one space."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return tuple(reader.found)


class _Reader(HTMLParser):
    """Gathers text until a block begins or ends."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.pieces: list[str] = []
        self.unseen = ""
        self.depth = 0

    def end_block(self) -> None:
        text = " ".join("".join(self.pieces).split())
        if text:
            self.found.append(text)
        self.pieces = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        hidden = tag in _UNSEEN or _ANCHOR in (dict(attrs).get("class") or "").split()
        if not self.unseen and hidden:
            self.unseen = tag
        self.depth += tag == self.unseen
        if tag in _BLOCKS:
            self.end_block()
        elif tag == "br":
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.unseen:
            self.depth -= 1
            self.unseen = self.unseen if self.depth else ""
        if tag in _BLOCKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.pieces.append(data)
