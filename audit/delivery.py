"""What a server has to send with each file of the site: type, policy, caching, and whether compressed.

``docs/deploy/`` says the same to nginx, Apache and IIS; ``server`` does it here, ``deployed`` holds real
servers to it. Addresses are relative to the site's root and not percent-encoded.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

BINARY = "application/octet-stream"
"""Data for the site's own scripts, most of it without an extension: compressed already."""

TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "csv": "text/csv",
    "txt": "text/plain",
    "sh": "text/plain",
    "conf": "text/plain",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "jsonld": "application/ld+json",
    "map": "application/json",
    "yml": "application/yaml",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webp": "image/webp",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
    "wasm": "application/wasm",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sqlite": "application/vnd.sqlite3",
    "zip": "application/zip",
    "whl": "application/zip",
    "gz": "application/gzip",
    "bin": BINARY,
}
"""By the extension of a file's name."""

WITH_CHARSET = frozenset(
    {"text/html", "text/css", "text/javascript", "text/csv", "text/plain", "application/xml"}
)
COMPRESSED = WITH_CHARSET | {
    *("application/json", "application/jsonl", "application/ld+json", "application/yaml"),
    *("image/svg+xml", "application/wasm", "application/vnd.sqlite3"),
}
"""What gzip makes smaller. The data of the search is compressed already, as are documents and pictures."""

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_ENGINE_POLICY = {**_POLICY, "script-src": "'self' 'wasm-unsafe-eval'"}

ENGINE = "assets/jixiao/fill-worker.js"
"""The worker of the form page: a worker keeps to the policy that came with its own script."""

_NAMED_BY_CONTENT = re.compile(
    r"assets/(?:javascripts|stylesheets)/.+\.[0-9a-f]{8}\.min\.(?:js|css)$"
    r"|(?:search|indicators)/data/[0-9a-z]+-[0-9a-f]{12}(?:/|$)"
)
"""Files whose names change with what they hold."""


def media_type(path: str) -> str:
    """The type of a file."""
    name = PurePosixPath(path).name
    if name == "SHA256SUMS":
        return "text/plain"
    return TYPES.get(PurePosixPath(name).suffix[1:], BINARY)


def policy(path: str) -> str:
    """The content security policy of a file."""
    directives = _ENGINE_POLICY if path == ENGINE else _POLICY
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def caching(path: str) -> str:
    """Kept for a year without asking, or asked for each time."""
    return "public, max-age=31536000, immutable" if _NAMED_BY_CONTENT.match(path) else "no-cache"


def headers(path: str) -> dict[str, str]:
    """The header fields of a file, without those about its bytes."""
    kind = media_type(path)
    return {
        "Content-Type": f"{kind}; charset=utf-8" if kind in WITH_CHARSET else kind,
        "Content-Security-Policy": policy(path),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": caching(path),
    }
