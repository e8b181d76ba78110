"""Names as the linker compares them: folded to tokens, so that case, width, accents and script do not matter.

`Curie's` gives `curie`; ideographs are tokens of their own, traditional folded to simplified, so that `瑪麗·居禮` and
`玛丽·居礼` are the same name. A key is the tokens with a blank between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from factcheck.text.tokens import CJK, tokenize, tokens_with_spans

MAX_NAME_TOKENS = 24
"""Longer labels are sentences, not names."""

ARTICLES = frozenset({"the", "a", "an"})
_IDEOGRAPH = re.compile(f"[{CJK}]")
_PARENTHESES = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_COMMA = re.compile(r"\s*,.*$")

# Words that are never a name by themselves in running text, whatever films and songs are called.
_COMMON = """
a about after all also an and any are as at be because been before but by can could did do does during each for
from had has have he her here hers him his how i if in into is it its just may me might more most my no nor not
now of off on one only or other our out over own same she should so some such than that the their them then
there these they this those three to too two under until up us very was we were what when where which while who
whom whose why will with would you your yes ever never first last year years day people it's time world new old
good great man woman life live name known made part work
"""
_FUNCTION_WORDS = frozenset(_COMMON.split())


class NameToken(NamedTuple):
    """A token and its place in the text, in code points, half-open."""

    text: str
    start: int
    end: int


@lru_cache(4096)
def name_tokens(text: str) -> tuple[NameToken, ...]:
    """Return the tokens of a claim with their places; ideographs one by one. Remembered: a claim is read many times."""
    if not _IDEOGRAPH.search(text):
        return tuple(NameToken(token, span.start, span.end) for token, span in tokens_with_spans(text))
    return tuple(_characters(text))


def _characters(text: str) -> Iterator[NameToken]:
    tokens = tokens_with_spans(text)
    for i, (token, span) in enumerate(tokens):
        if len(token) != 2 or not _IDEOGRAPH.match(token):
            yield NameToken(token, span.start, span.end)
            continue
        # Bigrams of one run overlap by a character: each gives its first, the run's last one both.
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        if following is not None and following.span.start < span.end:
            yield NameToken(token[0], span.start, following.span.start)
        else:
            middle = max(span.start + 1, span.end - 1)
            yield NameToken(token[0], span.start, middle)
            yield NameToken(token[1], middle, span.end)


def key_of(name: str) -> str | None:
    """Return the key under which a name is found, or None where nothing of it can be compared."""
    tokens = tokenize(name) if name.isascii() else [token.text for token in name_tokens(name)]
    return " ".join(tokens) if 0 < len(tokens) <= MAX_NAME_TOKENS else None


def derived_names(name: str) -> Iterator[str]:
    """Yield shorter forms that people use: without what stands in brackets, behind a comma, or a leading article."""
    bare = _PARENTHESES.sub("", name)
    if bare and bare != name:
        yield bare
    head = _COMMA.sub("", bare)
    if head and head != bare:
        yield head
    first, _, rest = bare.partition(" ")
    if first.lower() in ARTICLES and rest:
        yield rest


_CLASS_ENDS = frozenset("language people cuisine film movie novel book album comics".split())


def shorter_names(name: str, owner: str = "") -> Iterator[str]:
    """Yield how texts call a value where it is clear of what kind it is: English for the English language.

    Args:
        name: of the value.
        owner: of what it is a value of: "Prime Minister of Romania" is Romania's Prime Minister.
    """
    yield from derived_names(name)
    head, _, last = name.rpartition(" ")
    if head and last.lower() in _CLASS_ENDS:
        yield head
    for joint in (" of the ", " of ", " in the ", " in "):
        first, found, rest = name.partition(joint)
        if found and first and rest and (rest.lower() in owner.lower() or joint.startswith(" in")):
            yield first


def is_function_word(key: str) -> bool:
    """Say whether a one-word key is too common to be a name by itself."""
    return key in _FUNCTION_WORDS or (key.isascii() and key.isdigit() and len(key) < 3)


def singulars(token: str) -> Iterator[str]:
    """Yield what the token may be the plural of."""
    if len(token) < 4 or not token.endswith("s") or token.endswith("ss"):
        return
    yield token[:-1]
    if token.endswith("ies"):
        yield token[:-3] + "y"
    elif token.endswith("es"):
        yield token[:-2]
