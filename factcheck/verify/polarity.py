"""The checker that turns on the small words: "not", "no longer", "none of", "all", "except", "only", "first", "than".

Word overlap cannot tell "Florin is a member" from "Florin is no longer a member". This checker speaks only where a
sentence of the evidence has every word of content of the claim, in the claim's order, and at least one of the two has
an operator; then it compares what the operators make of those words:

- negation by parity, so that "did not fail to win" is won;
- quantifiers by the square of opposition: "all" against "not all" and "none", "none" against "some";
- exceptions and "only" against what the evidence excepts or adds;
- ranks and superlatives ("the largest" against "the second largest", "the smallest");
- comparisons by direction: "A is larger than B" against "B is larger than A" and "A is smaller than B";
- words that exclude each other: "rose" against "fell", "south of" against "north of" (`factcheck.verify.opposites`).

Where the scope cannot be told (an operator that acts on another word, a question, a supposition, a number that
differs), it is silent.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.text.sentences import split_sentences
from factcheck.types import Case, CheckResult, Correction, Evidence, Judgement, Probabilities, Rule, Span, Stance
from factcheck.verify.operators import (
    ANTONYMS,
    BOUNDARIES,
    EXISTENTIAL,
    LESS,
    MEANT,
    MORE,
    NEGATORS,
    OPERATORS,
    OPPOSITE,
    RANKS,
    Force,
    Token,
    force,
    negators,
    scope,
    tokens_of,
)
from factcheck.verify.opposites import turned
from factcheck.verify.superlatives import another_bearer, claimed

NAME = "polarity"
WEIGHT = 0.9
_LONGEST = 400
_MOST_SENTENCES = 400
_LEAST_WORDS = 2
_SUPPOSED = re.compile(
    r"\?\s*$|？\s*$|^\s*(?:if|suppose|imagine)\b|\b(?:(?-i:may)|might|could|would|should|reportedly|allegedly|perhaps"
    r"|probably|possibly|set to|planned|scheduled|upcoming|will"
    r"|claim(?:s|ed)?|believ\w+|said|says|myth|according|denie[sd]|rumou?r\w*)\b",
    re.IGNORECASE,
)
_OPPOSED = {
    Force.PLAIN: {Force.DENIED, Force.NONE},
    Force.DENIED: {Force.PLAIN, Force.ALL},
    Force.ALL: {Force.NONE, Force.NOT_ALL, Force.DENIED, Force.EXCEPT},
    Force.SOME: {Force.NONE, Force.DENIED},
    Force.NONE: {Force.SOME, Force.ALL, Force.PLAIN, Force.EXCEPT},
    Force.NOT_ALL: {Force.ALL},
}
_ENTAILED = {
    Force.PLAIN: {Force.ALL},
    Force.DENIED: {Force.DENIED, Force.NONE},
    Force.ALL: {Force.ALL},
    Force.SOME: {Force.SOME, Force.ALL},
    Force.NONE: {Force.NONE, Force.DENIED},
    Force.NOT_ALL: {Force.NOT_ALL, Force.NONE, Force.EXCEPT},
}


class PolarityChecker:
    """Compares negation, quantifiers, ranks and comparisons; light, needs no model and keeps no state."""

    @property
    def name(self) -> str:
        """As it stands in judgements."""
        return NAME

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        """Judge each case by its small words."""
        return [CheckResult(judgements=tuple(_judge(case))) for case in cases]


@dataclass(frozen=True, slots=True)
class _Outcome:
    supports: bool
    here: str
    there: str
    correction: Correction | None = None


def _judge(case: Case) -> list[Judgement]:
    text = case.claim.text
    if len(text) > _LONGEST or _SUPPOSED.search(text):
        return []
    claim = tokens_of(text)
    if len(split_sentences(text)) > 1:
        return []
    return [j for evidence in case.evidence if (j := _look_at(claim, text, evidence)) is not None]


def _look_at(claim: list[Token], text: str, evidence: Evidence) -> Judgement | None:
    """Return what the first sentence that has all of the claim says of it."""
    words = {token.stem for token in claim if token.content}
    if len(words) < _LEAST_WORDS:
        return None
    found: list[tuple[_Outcome, Span]] = []
    heading, affirmed = _heading(evidence), False
    most = claimed(text)
    title = "" if evidence.passage is None else evidence.passage.title
    for sentence in split_sentences(evidence.text)[:_MOST_SENTENCES]:
        written = sentence.of(evidence.text)
        if len(written) > 4 * _LONGEST or _SUPPOSED.search(written):
            continue
        tokens = tokens_of(evidence.text, sentence.start, sentence.end)
        outcome = _compare(claim, tokens)
        if outcome is None and (pair := turned(claim, tokens, heading)) is not None:
            outcome = None if pair.agrees else _Outcome(False, f"“{pair.here}”", f"“{pair.there}”", pair.correction)
            affirmed |= pair.agrees
        if outcome is None and most is not None:
            another = another_bearer(most, evidence.text, sentence, title)
            outcome = None if another is None else _Outcome(False, f"“{most['most']}”", f"“{another.words}” of another")
        if outcome is not None:
            found.append((outcome, sentence))
    if not found or len({outcome.supports for outcome, _ in found} | {True} & {affirmed}) > 1:
        return None
    outcome, span = found[0]
    return _judgement(evidence, outcome, span)


def _heading(evidence: Evidence) -> frozenset[str]:
    passage = evidence.passage
    written = "" if passage is None else f"{passage.title} {passage.section}"
    return frozenset(token.stem for token in tokens_of(written) if token.content)


def _compare(claim: list[Token], tokens: list[Token]) -> _Outcome | None:
    comparison = _compared(claim, tokens)
    if comparison is not None:
        return comparison
    rank = _ranked(claim, tokens)
    if rank is not None:
        return rank
    places = _places(claim, tokens)
    if places is None:
        return None
    only = _only(claim, tokens, places)
    if only is not None:
        return only
    return _quantified(claim, tokens, places)


def _places(claim: list[Token], tokens: list[Token]) -> list[int] | None:
    """Return where each word of content stands in the sentence, in order; None where one is missing."""
    places = []
    at = 0
    for token in claim:
        if not token.content:
            continue
        while at < len(tokens) and tokens[at].stem != token.stem:
            at += 1
        if at == len(tokens):
            return None
        places.append(at)
        at += 1
    return places


# ---------------------------------------------------------------------------------------------- negation, quantifiers


def _quantified(claim: list[Token], tokens: list[Token], places: list[int]) -> _Outcome | None:
    begin, last = _clause_start(tokens, places[0]), places[-1]
    end = last + 1 + (last + 1 < len(tokens) and tokens[last + 1].text in {"only", "either"})
    if "or" in {t.text for t in (*claim, *tokens[begin : end + 1])} or _is_compound(claim):
        return None
    if len(negators(tokens, 0, len(tokens))) > len(negators(tokens, begin, end)):
        return None  # what another clause denies may be this one
    here, there = force(claim, 0, len(claim)), force(tokens, begin, end)
    if Force.UNCLEAR in {here, there} or (here is Force.PLAIN and there is Force.PLAIN):
        return None
    if here is Force.SOME and there is Force.SOME and _amounts(claim) != _amounts(tokens[begin:end]):
        return None
    matched = set(places)
    if not all(scope(tokens, at) in matched for at in negators(tokens, begin, end)):
        return None
    # A denial of the clause's verb must not be followed by another clause that holds the rest of the claim.
    if _is_broken(tokens, places):
        return None
    if there is Force.DENIED and here is Force.PLAIN and _adds(tokens, places):
        return None
    if there in _OPPOSED.get(here, ()):
        return _Outcome(False, _told(claim, here), _told(tokens[begin:end], there))
    if there in _ENTAILED.get(here, ()) and not _adds(tokens, places) and not _says_more(claim, tokens):
        return _Outcome(True, _told(claim, here), _told(tokens[begin:end], there))
    return None


def _clause_start(tokens: list[Token], at: int) -> int:
    """Go back from a word to the beginning of its clause."""
    while at > 0 and tokens[at - 1].text not in BOUNDARIES and not tokens[at - 1].content:
        at -= 1
    return at


def _is_compound(claim: list[Token]) -> bool:
    """Say whether the claim denies in one clause and says more in another."""
    denying = negators(claim, 0, len(claim))
    if denying and any(t.text == "but" for t in claim):
        return True
    return len(denying) > 1 and any(t.text in BOUNDARIES for t in claim[denying[0] : denying[-1]])


def _amounts(tokens: list[Token]) -> set[str]:
    return {t.text for t in tokens if t.text in EXISTENTIAL and not t.name}


def _is_broken(tokens: list[Token], places: list[int]) -> bool:
    """Say whether a clause ends between the words of the claim, or they stand far apart."""
    for before, after in itertools.pairwise(places):
        between = tokens[before + 1 : after]
        if len(between) > 8 or any(
            t.text in {";", ":", "but", "although", "though", "while", "whereas"} for t in between
        ):
            return True
        if sum(t.content for t in between) > 3 or sum(t.text == "," for t in between) % 2 == 1:
            return True
    return False


def _adds(tokens: list[Token], places: list[int]) -> bool:
    """Say whether the clause has more than the claim: "does not play on Mondays" is no "does not play"."""
    matched, end = set(places), places[-1] + 1
    while end < len(tokens) and tokens[end].text not in {";", ":", ".", "but", "although", "while"}:
        end += 1
    return any(tokens[at].content and at not in matched for at in range(places[0], end))


def _says_more(claim: list[Token], tokens: list[Token]) -> bool:
    """Say whether the claim denies with a word that says more than "not": who did not paint need not have refused."""
    meant = {t.text for t in claim if t.text in MEANT}
    return not meant <= {t.text for t in tokens}


def _told(tokens: list[Token], found: Force) -> str:
    words = [t.text for t in tokens if t.text in OPERATORS and not t.name]
    return f"“{' '.join(words[:3])}”" if words else f"no denial ({found.value})"


# --------------------------------------------------------------------------------------------------------------- only


def _only(claim: list[Token], tokens: list[Token], places: list[int]) -> _Outcome | None:
    """Read "only in Gormley" against "in Gormley and in Zubrowka"."""
    marks = [at for at, token in enumerate(claim) if token.text == "only" and not token.name]
    if len(marks) != 1 or any(t.text in NEGATORS for t in claim) or negators(tokens, places[0], places[-1] + 1):
        return None
    acted = scope(claim, marks[0])
    if acted is None or any(t.text == "only" for t in tokens):
        return None
    order = [at for at, token in enumerate(claim) if token.content]
    at = places[order.index(acted)]
    # To the end of a name of several words.
    while at + 1 < len(tokens) and tokens[at].name and tokens[at + 1].name and (at + 1) in places:
        at += 1
    listed = tokens[at + 1 : at + 4]
    joined = bool(listed) and listed[0].text in {"and", ","}
    added = next((t for t in listed[1:] if t.content), None)
    claimed = {t.stem for t in claim if t.content}
    if not joined or added is None or added.stem in claimed or added.name is not tokens[at].name or not added.name:
        return None
    return _Outcome(False, f"only {claim[acted].text}", f"{added.text} too")


# ---------------------------------------------------------------------------------------------- ranks, superlatives


def _superlative(token: Token) -> bool:
    return token.text in ANTONYMS or (len(token.text) > 5 and token.text.endswith("est") and not token.name)


def _ranked(claim: list[Token], tokens: list[Token]) -> _Outcome | None:
    """Read "the largest" against "the second largest" and "the smallest", the rest of the claim being there."""
    marks = [at for at, token in enumerate(claim) if _superlative(token)]
    if len(marks) != 1 or negators(claim, 0, len(claim)) or any(t.text == "of" for t in claim[: marks[0]]):
        return None
    mark = marks[0]
    word = claim[mark].text
    rest = [t for at, t in enumerate(claim) if at != mark and not (at == mark - 1 and t.text in RANKS)]
    for at, token in enumerate(tokens):
        if token.text not in {word, ANTONYMS.get(word, "")} or token.text in {"first", "last", "most", "least"}:
            continue
        bare = [t for i, t in enumerate(tokens) if i != at and not (i == at - 1 and t.text in RANKS)]
        places = _places(rest, bare)
        if places is None or negators(tokens, 0, len(tokens)) or _is_broken(bare, places):
            continue
        # The superlative must stand where the claim has it: between the same words.
        before = sum(t.content for t in claim[:mark]) - (mark > 0 and claim[mark - 1].text in RANKS)
        inside = (before == 0 or places[before - 1] < at) and (before == len(places) or places[before] >= at - 1)
        if not inside or _one_of(tokens, at) or sum(_superlative(t) for t in tokens) > 1:
            continue
        here, there = _rank(claim, mark), _rank(tokens, at)
        if here == there and token.text == word:
            return None
        return _Outcome(False, f"“{_shown(claim, mark)}”", f"“{_shown(tokens, at)}”")
    return None


def _rank(tokens: list[Token], at: int) -> int:
    return RANKS.get(tokens[at - 1].text, 1) if at else 1


def _one_of(tokens: list[Token], at: int) -> bool:
    return any(t.text in {"one", "among", "of"} for t in tokens[max(0, at - 3) : at])


def _shown(tokens: list[Token], at: int) -> str:
    ranked = at > 0 and tokens[at - 1].text in RANKS
    return f"{tokens[at - 1].text} {tokens[at].text}" if ranked else tokens[at].text


# -------------------------------------------------------------------------------------------------------- comparisons


@dataclass(frozen=True, slots=True)
class _Comparison:
    left: frozenset[str]
    right: frozenset[str]
    word: str
    denied: bool


def _comparison(tokens: list[Token]) -> _Comparison | None:
    """Read "A is larger than B"; None where a sentence compares nothing, or twice."""
    than = [at for at, token in enumerate(tokens) if token.text == "than"]
    if len(than) != 1:
        return None
    marks = [at for at in range(max(0, than[0] - 3), than[0]) if tokens[at].text in MORE | LESS]
    if len(marks) != 1 or tokens[marks[0]].text in {"more", "less", "fewer"}:
        return None
    mark = marks[0]
    left = frozenset(t.stem for t in tokens[:mark] if t.content)
    right = frozenset(t.stem for t in tokens[than[0] + 1 :] if t.content)
    if not left or not right or any(t.content for t in tokens[mark + 1 : than[0]]):
        return None
    denied = len(negators(tokens, 0, mark)) % 2 == 1
    return _Comparison(left, right, tokens[mark].text, denied)


def _compared(claim: list[Token], tokens: list[Token]) -> _Outcome | None:
    here, there = _comparison(claim), _comparison(tokens)
    if here is None or there is None or here.left == here.right:
        return None
    straight = here.left <= there.left and here.right <= there.right
    turned = here.left <= there.right and here.right <= there.left
    if straight is turned:
        return None
    if there.word not in {here.word, OPPOSITE.get(here.word, "")} and OPPOSITE.get(there.word) != here.word:
        return None
    same = (there.word == here.word) is straight
    shown_here = f"{'not ' if here.denied else ''}{here.word}"
    shown_there = f"{'not ' if there.denied else ''}{there.word}{'' if straight else ' the other way round'}"
    if not there.denied:
        return _Outcome(same is not here.denied, shown_here, shown_there)
    if same:
        # "Not larger" leaves "equal": it refutes "larger", and supports its denial.
        return _Outcome(here.denied, shown_here, shown_there)
    return None


# ----------------------------------------------------------------------------------------------------------- in words


def _judgement(evidence: Evidence, outcome: _Outcome, span: Span) -> Judgement:
    passage = evidence.passage
    place = " › ".join(p.strip() for p in (passage.title, passage.section) if p.strip()) if passage else ""
    source = evidence.source or "the evidence"
    said = f"{place} says {outcome.there} ({source})" if place else f"{source} says {outcome.there}"
    rest = (1 - WEIGHT) / 5
    for_it, against = (WEIGHT, rest) if outcome.supports else (rest, WEIGHT)
    return Judgement(
        evidence_ids=(evidence.id,),
        stance=Stance.SUPPORTS if outcome.supports else Stance.REFUTES,
        probabilities=Probabilities(supported=for_it, refuted=against, not_enough_info=1 - for_it - against),
        checker=NAME,
        rule=Rule.NEGATION,
        reason=f"Of the same words the claim says {outcome.here}; {said}.",
        span=span,
        correction=outcome.correction,
    )
