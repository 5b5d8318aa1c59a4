"""Pagefind at its best for exact Chinese: every pair of characters and every character as a word of its own.

A word is the code points in hexadecimal, so that no dictionary cuts it; index and page are forced to ``zh``,
where no stemming is done. Pages are lean: a title, filters, and the words.
"""

from __future__ import annotations

import json
import os
import sys
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.questions import Text

_EDGE = "xend"
"""Between two fields, so that no phrase runs across."""
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>示例</title><body><script type="module">
import * as pagefind from "./pagefind/pagefind.js";
const SHOWN = 10;
async function ask(words) {
  const start = performance.now();
  const answers = await Promise.all(words.map((word) => pagefind.search(`"${word}"`)));
  const [first, ...others] = answers.map((answer) => answer.results);
  const sets = others.map((results) => new Set(results.map((one) => one.id)));
  const hits = first.filter((one) => sets.every((set) => set.has(one.id)));
  const shown = await Promise.all(hits.slice(0, SHOWN).map((one) => one.data()));
  return { count: hits.length, links: shown.map((one) => one.url), spent: performance.now() - start };
}
window.ask = ask;
const asked = new URLSearchParams(location.search).getAll("q");
await pagefind.init();
const [answer] = await Promise.all([ask(asked), pagefind.filters()]);
window.first = { ...answer, spent: performance.now() };
</script>"""


def program() -> str | None:
    """The binary: the one that PAGEFIND_BINARY_PATH names, or that of the installed package."""
    named = os.environ.get("PAGEFIND_BINARY_PATH")
    places = Path(sys.executable).parent.parent.glob(
        "lib/python*/site-packages/pagefind_bin_extended/pagefind_extended*"
    )
    found = (str(path) for path in places if os.access(path, os.X_OK))
    return named or next(found, None)


def encoded(word: str) -> str:
    """A folded word of a question as the phrase that finds it."""
    return " ".join(_grams(word)) if len(word) > 1 else _gram(word)


def _gram(characters: str) -> str:
    return "x" + "x".join(f"{ord(character):x}" for character in characters)


def _grams(text: str) -> Iterator[str]:
    return (_gram(first + second) for first, second in pairwise(text))


def write(folder: Path, records: Sequence[Text]) -> None:
    """Lean pages of all records, at their addresses below ``folder``."""
    for record in records:
        year, department, _ = record.address.split("/", 2)
        words = f" {_EDGE} ".join(
            " ".join((*_grams(field), _EDGE, *map(_gram, field))) for field in record.fields
        )
        filters = f'<i data-pagefind-filter="年度">{year}</i><i data-pagefind-filter="部门">{department}</i>'
        title = f"<p data-pagefind-meta=title data-pagefind-ignore>{escape(record.fields[0])}</p>"
        text = f'<html lang="zh"><body data-pagefind-body>{title}{filters}<p>{words}</p>'
        path = folder / record.address / "index.html"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")


def lean(targets: str, folder: str) -> None:
    """Write the lean pages of a collection; what ``python -m bench.pagefind`` does."""
    from bench.questions import texts  # noqa: PLC0415  needed here only

    write(Path(folder), texts(Path(targets)))


def command(binary: str, pages: Path, output: Path) -> list[str]:
    """The command line that indexes the lean pages."""
    return [binary, "--site", str(pages), "--output-path", str(output), "--force-language", "zh"]


def script(words: Sequence[str]) -> str:
    """What asks a later question on the page."""
    return f"ask({json.dumps([encoded(word) for word in words])})"


if __name__ == "__main__":
    lean(*sys.argv[1:])
