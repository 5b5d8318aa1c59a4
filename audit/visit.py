"""The weight of a first visit: what a real browser receives for one page, with nothing kept from before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@dataclass
class Visit:
    """Bytes received, headers included, by address without its question; ``document`` is the page's own."""

    document: int = 0
    received: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.received.values())


def first_visit(browser: Browser, url: str) -> Visit:
    """Open a page in a browser that has seen nothing, and wait until it asks for nothing more."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    session = context.new_cdp_session(page)
    visit, names, kinds = Visit(), dict[str, str](), dict[str, str]()

    def asked(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["request"]["url"].split("?")[0]
        kinds[event["requestId"]] = event.get("type", "")

    def came(event: dict[str, Any]) -> None:
        size, which = int(event["encodedDataLength"]), event["requestId"]
        if names[which].startswith("http"):
            visit.received[names[which]] = visit.received.get(names[which], 0) + size
        if kinds[which] == "Document":
            visit.document = size

    session.send("Network.enable")
    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", came)
    page.goto(url, wait_until="networkidle")
    context.close()
    return visit
