"""What of a text the lexical half of an index looks at: its tokens, English plurals folded to the singular."""

from __future__ import annotations

from factcheck.text.tokens import TOKENIZER_VERSION, tokenize

ANALYSIS = f"tokens-{TOKENIZER_VERSION}/plurals-1"
"""Stands in every index; one that was built with another analysis finds nothing reliably and is refused."""

_SHORTEST = 4


def analyse(text: str) -> list[str]:
    """Return the terms of a passage or a query, with repetitions.

    No word is thrown away: on development queries lists of stop words cost more than they gave.
    """
    return [_singular(token) for token in tokenize(text)]


def _singular(token: str) -> str:
    """Fold a plural; what comes out need not be a word, only the same for both forms.

    Source: Harman, "How Effective Is Suffixing?", 1991, table 1: the S stemmer, whose first rule that fits decides.
    """
    if len(token) < _SHORTEST or token[-1] != "s" or not token.isascii() or not token.isalpha():
        return token
    if token.endswith("ies"):
        return token if token[-4] in "ae" else f"{token[:-3]}y"
    if token.endswith("es"):
        return token if token[-3] in "aeo" else token[:-1]
    return token if token[-2] in "us" else token[:-1]
