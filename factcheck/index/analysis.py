"""What of a text the lexical half of an index looks at."""

from __future__ import annotations

from factcheck.text.tokens import TOKENIZER_VERSION, tokenize

ANALYSIS = f"tokens-{TOKENIZER_VERSION}"
"""Stands in every index; one that was built with another analysis finds nothing reliably and is refused."""


def analyse(text: str) -> list[str]:
    """Return the terms of a passage or a query, with repetitions."""
    return tokenize(text)
