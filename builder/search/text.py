"""What is compared: text after NFKC, case folding and removal of white space.

``search.js`` computes the same of every character that this Python's Unicode tables know.
"""

from __future__ import annotations

from unicodedata import normalize


def fold(text: str) -> str:
    """The form in which texts and questions are compared."""
    return "".join(normalize("NFKC", text).casefold().split())


def words(question: str) -> tuple[str, ...]:
    """The words of a question, folded; all of them must occur. None: the question asks for nothing."""
    return tuple(dict.fromkeys(word for word in map(fold, question.split()) if word))
