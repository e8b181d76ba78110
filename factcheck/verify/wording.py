"""How a claim says what it says: negated, hedged, with words that no fact accounts for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from factcheck.graph.names import name_tokens
from factcheck.graph.relations import LIGHT, PREPOSITIONS, stem
from factcheck.text.attitudes import tells_of_opinion
from factcheck.text.stems import stem as plain_stem
from factcheck.types import Correction, Span

_HEDGES = re.compile(
    r"\b(?:(?-i:may)|might|could|would|should|reportedly|allegedly|supposedly|rumou?red|claim(?:s|ed)?|believ\w+|thought|myth"
    r"|according to|if|perhaps|probably|possibly|maybe|fictional|hypothetical|almost|nearly became|planned|proposed"
    r"|unlike|in contrast (?:to|with)|as opposed to"
    r"|intended|wanted|hoped|tried|attempted|failed to|considered|asked|whether)\b"
    r"|可能|也許|也许|據說|据说|或許|或许|如果|傳聞|传闻",
    re.IGNORECASE,
)
_ANOTHER_TIME = re.compile(
    r"\b(?:former(?:ly)?|previous(?:ly)?|once|until|used to|no longer|any ?more|ex-|historical(?:ly)?|initially|first"
    r"|original(?:ly)?|old|ancient|future|next|second|third|last|then|temporar\w+|provisional|de facto|unofficial"
    r"|early|before|after|since)\b|曾經|曾经|曾|以前|前任|不再|原本|直到|後來|后来",
    re.IGNORECASE,
)
_NEGATORS = re.compile(
    r"\b(?:not|never|cannot|neither|nor|none|without)\b|n['’]t\b|\bno\b(?!\.)|並非|并非|不是|沒有|没有|並不|并不|未曾|從未|从未"
    r"|不在|不位|不屬|不属|不與|不与|不流|不生|不繞|不绕|非由|不由",
    re.IGNORECASE,
)
_REMOVALS = (
    (re.compile(r"\b(?P<keep>is|are|was|were)\s+not\b", re.I), r"\g<keep>"),
    (re.compile(r"\b(?P<keep>is|are|was|were)n['’]t\b", re.I), r"\g<keep>"),
    (re.compile(r"\s+never\b", re.I), ""),
    (re.compile("並非|并非|並不是|并不是|不是"), "是"),
    (re.compile("不(?=在|位|屬|属|與|与|流|繞|绕)"), ""),
)
_KIND_WORDS = """
city country town village planet river mountain mount element chemical book novel work state place called named known
officially located situated found year date value equal equals exactly total there about approximately around roughly
over became become metre meter kilometre kilometer square degree celsius gram per cubic centimetre day number one can
"""
_HARMLESS = frozenset(stem(word) for word in _KIND_WORDS.split())
_EPITHETS = """
famous well great physicist chemist scientist writer author inventor poet playwright novelist republic kingdom island
ocean sea lake person man woman famed renowned currently today now french british english german american polish italian
chinese one being major large beautiful modern nation
"""
_TOLERATED = _HARMLESS | {stem(word) for word in _EPITHETS.split()}
_HANZI_LIGHT = frozenset("的是了在於于為为有位與与和之一座個个颗顆名年月日市国國城州河山人就也由被")


@dataclass(frozen=True, slots=True)
class Polarity:
    """Whether the claim denies what its words say, and how to take the denial out.

    Attributes:
        clear: False where more than one word denies, or it cannot be seen what is denied.
    """

    negated: bool
    clear: bool
    removal: Correction | None = None


def polarity_of(text: str, names: Iterable[Span]) -> Polarity:
    """Read the claim's negation; words inside names deny nothing."""
    spans = list(names)
    found = [m for m in _NEGATORS.finditer(text) if not any(s.start <= m.start() < s.end for s in spans)]
    if not found:
        return Polarity(negated=False, clear=True)
    if len(found) > 1 or re.match(r"neither|nor|none|without|no$", found[0].group(), re.I):
        return Polarity(negated=True, clear=False)
    for pattern, kept in _REMOVALS:
        match = pattern.search(text)
        if match is not None and match.start() <= found[0].start() <= match.end():
            replacement = match.expand(kept) if kept.startswith("\\") else kept
            return Polarity(
                True, True, Correction(span=Span(start=match.start(), end=match.end()), replacement=replacement)
            )
    return Polarity(negated=True, clear=True)


def is_hedged(text: str) -> bool:
    """Say whether the claim only supposes, asks or reports."""
    return text.rstrip().endswith(("?", "？")) or _HEDGES.search(text) is not None or tells_of_opinion(text)


def speaks_of_another_time(text: str, apart_from: Sequence[Span] = ()) -> bool:
    """Say whether the claim speaks of what was or will be: a graph of today refutes none of it."""
    return any(not any(span.start <= m.start() < span.end for span in apart_from) for m in _ANOTHER_TIME.finditer(text))


_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("begin outbreak onset broke", "end"),
        ("birth", "die"),
        ("found build open", "dissolve abolish demolish destroy"),
        ("first", "last"),
    )
)


def speaks_of_the_opposite(text: str, label: str) -> bool:
    """Say whether a claim speaks of the other end of what a property is about: an end, and not a beginning."""
    said, meant = (frozenset(plain_stem(token.text) for token in name_tokens(part)) for part in (text, label))
    return any(
        bool(said & one) and not said & other and bool(meant & other) and not meant & one
        for pair in _OPPOSITES
        for one, other in (pair, pair[::-1])
    )


def is_past(text: str, window: Span) -> bool:
    """Say whether the verb between subject and value is a past form of to be or to have."""
    return re.search(r"\b(?:was|were|had)\b", text[max(0, window.start - 4) : window.end], re.I) is not None


def tells_past(fact_text: str) -> bool:
    """Say whether the fact in words is about the past, or has no verb at all."""
    return re.search(r"\b(?:is|are|has|have|stands|lies|flows|orbits|melts|rises|shares)\b", fact_text) is None


def unaccounted(
    text: str, within: Span, spans: Iterable[Span], words: Iterable[str], *, tolerant: bool = False
) -> list[Span]:
    """Return the words of a part of the claim that nothing accounts for.

    Args:
        text: the claim.
        within: the part to look at.
        spans: parts that are accounted for: names, the property's words, the value.
        words: texts whose words add nothing new, such as the fact's own sentence.
        tolerant: let epithets pass ("the famous physicist"): they are claims of their own, but change no other.
    """
    covered = list(spans)
    known = {stem(token.text) for other in words for token in name_tokens(other)}
    known |= _TOLERATED if tolerant else _HARMLESS
    left = []
    for token in name_tokens(text):
        span = Span(start=token.start, end=token.end)
        if not within.contains(span) or any(span.overlaps(part) for part in covered):
            continue
        word = token.text
        if word in LIGHT or word in PREPOSITIONS or word in _HANZI_LIGHT:
            continue
        if stem(word) in known and not word[0].isdigit():
            continue
        left.append(span)
    return left


_DECISIVE = re.compile(
    r"only|all|every|each|most|least|none|always|never|ever|sole|both|either|half|twice|without|except|instead|rather"
    r"|first|second|third|last|next|former|formerly|older|younger|larger|smaller|more|less|fewer|than"
    r"|(?:larg|small|bigg|old|young|high|low|long|short|fast|slow|rich|poor|near|great|b|earli|lat|tall|deep|wor)e?st"
)


def decisive_words(text: str, spans: Iterable[Span], words: Iterable[str]) -> list[Span]:
    """Return the words outside of `spans` that can make another claim of a sentence: figures, names, "only", "oldest".

    Args:
        text: the claim.
        spans: parts that are accounted for.
        words: texts whose words are accounted for, such as the property's label and the full names.
    """
    covered = list(spans)
    known = {token.text for other in words for token in name_tokens(other)}
    found = []
    for number, token in enumerate(name_tokens(text)):
        span = Span(start=token.start, end=token.end)
        if any(span.overlaps(part) for part in covered) or token.text in known or token.text in LIGHT:
            continue
        capital = number > 0 and text[token.start].isupper() and stem(token.text) not in _TOLERATED
        if token.text[0].isdigit() or capital or _DECISIVE.fullmatch(token.text):
            found.append(span)
    return found


def is_conjoined(text: str, value: Span, names: Sequence[Span]) -> bool:
    """Say whether the value is one of several in a list: "Paris or Lyon"."""
    for other in names:
        if other == value:
            continue
        between = text[other.end : value.start] if other.end <= value.start else text[value.end : other.start]
        if re.fullmatch(r"\s*(?:,|,?\s*(?:and|or|&)|、|和|與|与|或|及)\s*(?:the\s+)?", between):
            return True
    return False


def with_article(text: str, span: Span, replacement: str) -> Correction:
    """Return a correction that takes a/an along where the new word asks for the other one."""
    before = re.search(r"\b([Aa]n?)\s+$", text[: span.start])
    if before is None:
        return Correction(span=span, replacement=replacement)
    article = "an" if replacement[:1].lower() in "aeiou" else "a"
    article = article.capitalize() if before[1][0].isupper() else article
    if article == before[1]:
        return Correction(span=span, replacement=replacement)
    whole = Span(start=before.start(1), end=span.end)
    return Correction(span=whole, replacement=f"{article} {replacement}")
