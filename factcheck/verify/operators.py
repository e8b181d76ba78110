"""The small words that turn a sentence: negation, quantifiers, "only", ranks; read with the word that they act on.

An operator acts on the next word of content within its clause, a few words on; that is its scope here. What stands in
a name ("Never Let Me Go") acts on nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from factcheck.text.stems import LIGHT, STOP, stem

_WORD = re.compile(r"[A-Za-z]+?(?=n['’]t\b)|n['’]t\b|[^\W_]+(?:[.'’-][^\W_]+)*|[^\w\s]")
_REACH = 5

MEANT = frozenset("failed fails fail refused refuses refuse unable incapable lacks lacked".split())
NEGATORS = frozenset("not n't never no cannot without neither nor none nobody".split()) | MEANT
UNIVERSAL = frozenset("all every each both everyone everything always entirely".split())
EXISTENTIAL = frozenset("some several many few most sometimes often partly".split())
EXCEPTIONS = frozenset("except excluding apart besides".split())
RANKS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "8th": 8, "9th": 9, "10th": 10, "1st": 1,
}  # fmt: skip
ANTONYMS = {
    "largest": "smallest", "biggest": "smallest", "greatest": "smallest", "highest": "lowest", "longest": "shortest",
    "tallest": "shortest", "oldest": "youngest", "earliest": "latest", "heaviest": "lightest", "hottest": "coldest",
    "richest": "poorest", "fastest": "slowest", "deepest": "shallowest", "widest": "narrowest", "best": "worst",
    "most": "least", "first": "last", "newest": "oldest",
}  # fmt: skip
ANTONYMS |= {there: here for here, there in ANTONYMS.items() if there not in ANTONYMS}
MORE = frozenset(
    "larger greater bigger more higher longer taller heavier hotter warmer later wider broader deeper older faster"
    " denser richer thicker stronger".split()
)
LESS = frozenset(
    "smaller lesser less fewer lower shorter lighter colder cooler earlier narrower shallower younger newer slower"
    " poorer thinner weaker".split()
)
OPPOSITE = {
    "larger": "smaller", "greater": "less", "bigger": "smaller", "more": "less", "higher": "lower",
    "longer": "shorter", "taller": "shorter", "heavier": "lighter", "hotter": "colder", "warmer": "colder",
    "later": "earlier", "wider": "narrower", "deeper": "shallower", "older": "younger", "faster": "slower",
    "broader": "narrower", "richer": "poorer", "thicker": "thinner", "stronger": "weaker", "newer": "older",
    "poorer": "richer", "thinner": "thicker", "weaker": "stronger",
    "smaller": "larger", "less": "greater", "fewer": "more", "lower": "higher", "shorter": "longer",
    "lighter": "heavier", "colder": "hotter", "cooler": "warmer", "earlier": "later", "narrower": "wider",
    "shallower": "deeper", "younger": "older", "slower": "faster",
}  # fmt: skip
BOUNDARIES = frozenset(
    (
        ",",
        ";",
        ":",
        "(",
        ")",
        "but",
        "and",
        "or",
        "that",
        "which",
        "who",
        "because",
        "although",
        "though",
        "while",
        "if",
    )
)
_NOT_NEGATING = {
    "not": frozenset(("only", "just", "merely", "until", "least", "most", "under", "over", "below", "above")),
    "no": frozenset((".", ",", "doubt", "matter", "i", "we", "he", "she", "it", "they", "you", "there", "this")),
}  # "No, I did": an answer denies what was asked, not what follows
_BOUNDING = frozenset("less more fewer later earlier".split())


class Force(StrEnum):
    """What a sentence says of how much of its subject: the corners of the square of opposition, and plain words."""

    PLAIN = "plain"
    ALL = "all"
    SOME = "some"
    NONE = "none"
    NOT_ALL = "not all"
    DENIED = "denied"
    EXCEPT = "except"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its stem.

    Attributes:
        content: whether it says something by itself.
        name: capitalised, and not the sentence's first word.
    """

    text: str
    stem: str
    start: int
    content: bool
    name: bool


def tokens_of(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Cut a sentence into tokens."""
    found: list[Token] = []
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        word = match.group()
        lowered = word.lower().replace("’", "'")
        reduced = stem(word)
        # "Never Let Me Go": no sentence goes on with a capital after "never".
        titled = not found and lowered == "never" and text[match.end() + 1 : match.end() + 2].isupper()
        name = word[:1].isupper() and (bool(found) or titled)
        operator = lowered in OPERATORS and not name
        content = word[:1].isalnum() and not operator and reduced not in STOP and reduced not in LIGHT
        found.append(Token(lowered, reduced, match.start(), content, name))
    return found


OPERATORS = frozenset(
    (
        *NEGATORS,
        *UNIVERSAL,
        *EXISTENTIAL,
        *EXCEPTIONS,
        "only",
        "longer",
        "any",
        "yet",
        "ever",
        "either",
        "anyone",
        "anything",
    )
)


def scope(tokens: list[Token], at: int) -> int | None:
    """Return the place of the word that an operator acts on, or None where its clause ends before one."""
    for place in range(at + 1, min(len(tokens), at + 1 + _REACH)):
        if tokens[place].text in BOUNDARIES:
            return None
        if tokens[place].content:
            return place
    return None


def negators(tokens: list[Token], first: int, last: int) -> list[int]:
    """Return the places of words that deny, within `[first, last)`; "no longer" and "not … any" deny once."""
    found = []
    for at in range(first, last):
        token = tokens[at]
        if token.text not in NEGATORS or token.name:
            continue
        following = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if following in _NOT_NEGATING.get(token.text, ()) and not (token.text == "no" and following == "longer"):
            continue
        if token.text == "no" and following[:1].isdigit():
            continue
        if following in _BOUNDING and at + 2 < len(tokens) and tokens[at + 2].text == "than":
            continue  # "no more than five", but not "no more options"
        if token.text.startswith(("fail", "refuse")) and following != "to":
            continue
        found.append(at)
    return found


def force(tokens: list[Token], first: int, last: int) -> Force:
    """Read what `[first, last)` says of how much, and whether it denies it; UNCLEAR where that cannot be told."""
    denying = negators(tokens, first, last)
    words = [(at, tokens[at].text) for at in range(first, last) if not tokens[at].name]
    universal = [at for at, word in words if word in UNIVERSAL]
    existential = [at for at, word in words if word in EXISTENTIAL]
    if any(word in EXCEPTIONS for _, word in words):
        return Force.EXCEPT if universal and not denying else Force.UNCLEAR
    none = [at for at in denying if tokens[at].text in {"none", "neither", "nobody", "no"} and tokens[at].text != "nor"]
    if any(tokens[at].text == "no" and at + 1 < len(tokens) and tokens[at + 1].text == "longer" for at in none):
        none = []
    if universal and existential:
        return Force.UNCLEAR
    if universal:
        if not denying:
            return Force.ALL
        # "Not all are" is clear; "all are not" may mean either.
        return Force.NOT_ALL if len(denying) == 1 and denying[0] + 1 == universal[0] else Force.UNCLEAR
    if existential:
        return Force.SOME if not denying else Force.UNCLEAR
    if len(denying) > 1:
        if none:
            return Force.UNCLEAR
        return Force.PLAIN if len(denying) % 2 == 0 else Force.DENIED
    if none:
        return Force.NONE
    return Force.DENIED if denying else Force.PLAIN
