"""What of a text the lexical half of an index looks at: its tokens, English inflections folded into one stem."""

from __future__ import annotations

import threading

import Stemmer

from factcheck.text.tokens import TOKENIZER_VERSION, tokenize

ANALYSIS = f"tokens-{TOKENIZER_VERSION}/snowball-english-{Stemmer.version()}"
"""Stands in every index; one that was built with another analysis finds nothing reliably and is refused."""

_SHORTEST = 3
_OPENERS = frozenset(
    "what when where who whom whose which why how is are was were do does did has have had can could may might must"
    " will would shall should".split()
)
_FUNCTION_WORDS = _OPENERS | frozenset(
    "a an the of in on at to for from by with and or but as be been being it its this that these those there than then"
    " so such into not no".split()
)


class _Local(threading.local):
    """One stemmer a thread: it keeps a cache and is not made for two at once."""

    def __init__(self) -> None:
        self.stemmer = Stemmer.Stemmer("english")


_LOCAL = _Local()


def analyse(text: str) -> list[str]:
    """Return the terms of a passage or a claim, with repetitions.

    Words of plain letters are stemmed, which is for finding and not for reading: "national" and "nation" meet. Numbers,
    mixed tokens and other scripts stay as they are.

    Source: Porter, "Snowball: A language for stemming algorithms", 2001; the English stemmer.
    """
    return _stemmed(tokenize(text))


def analyse_query(text: str) -> list[str]:
    """Return the terms that are sought for a query, with repetitions.

    Of a question the words that ask are left out: no answer holds them. A claim is sought with all its words: on
    development queries a list of stop words cost claims more than it gave.
    """
    tokens = tokenize(text)
    asks = bool(tokens) and (tokens[0] in _OPENERS or text.rstrip().endswith("?"))
    said = [token for token in tokens if token not in _FUNCTION_WORDS] if asks else tokens
    return _stemmed(said or tokens)


def _stemmed(tokens: list[str]) -> list[str]:
    stem = _LOCAL.stemmer.stemWord
    return [
        stem(token) if len(token) >= _SHORTEST and token.isascii() and token.isalpha() else token for token in tokens
    ]
