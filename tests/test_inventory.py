"""What is known of the files of a site, in few bytes."""

from __future__ import annotations

import random
from hashlib import sha256

from builder.inventory import Known
from builder.manifest import Digest


def _digest(number: int) -> Digest:
    return Digest(number, sha256(str(number).encode()).hexdigest())


def test_what_was_noted_last_of_each_file_is_known() -> None:
    """In folders of few files and of many, in the site's own folder, and noted again in any order."""
    dice = random.Random(1)  # noqa: S311  no secrets
    paths = [
        f"{year}/{stem}/{name}" for year in (2023, 2024) for stem in "甲乙丙" for name in ("a", "b", "c")
    ]
    paths += [f"search/{number}" for number in range(30)] + ["index.html", "robots.txt"]
    known, expected = Known(), dict[str, Digest]()
    for number in range(400):
        path = dice.choice(paths)
        known.put(path, _digest(number))
        expected[path] = _digest(number)
        assert len(known) == len(expected)
        assert known[path] == expected[path]
    assert dict(known) == expected
    assert {*known} == {*paths}
    for path in ("index", "2023", "2023/甲", "2023/甲/d", "search/30", "search/", ""):
        assert path not in known
        assert known.get(path) is None
