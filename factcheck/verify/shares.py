"""What the evidence counts and the claim gives as a share: "Of the 90 members, 30 are women", "a third of the members".

    share      "a third", "40 percent", "two out of three", "all", "most", "none", "not all", "all but two"
    growth     "doubled", "tripled", "halved", "rose by 40 dollars", "by two percentage points", "by 100 percent"
               beside "rose from 40 to 80 dollars"

A share is compared only where the evidence counts the same noun, part and whole, and says of the part every word that
the claim says of it. Whatever denies more than the share itself is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from factcheck.text.numbers import NumberForm, find_numbers
from factcheck.text.quantities import Bound, Quantity, QuantityKind, find_quantities
from factcheck.text.stems import LIGHT, STOP, stem
from factcheck.types import Evidence, Span
from factcheck.verify.comparison import Outcome, compare_quantities
from factcheck.verify.readings import Reading, read_evidence

_NUMBER = r"(?:\d[\d,]*|[a-z]+(?:-[a-z]+)?)"
_NOUN = r"(?:[a-z]+ ){0,2}?[a-z]+"
_OWNERS = r"(?:(?:the|its|their|his|her|all) )?"
_CLAIM = re.compile(
    rf"(?P<words>(?P<notall>not (?:all|every(?: one)?))|(?P<but>all but (?P<left>{_NUMBER}))|(?P<all>all|every|each)"
    rf"|(?P<none>none)|(?P<most>most|(?:a|the) majority)|(?P<several>{_NUMBER} (?:out of|in) {_NUMBER})"
    r"|(?P<share>.{3,48}?(?= of )))(?P<of> of)? (?:the |its |their |his |her )?(?P<noun>[a-z]+) (?P<rest>[a-z].*)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"\bof {_OWNERS}(?P<whole>{_NUMBER}) (?P<noun>{_NOUN}), (?:only )?(?P<part>{_NUMBER}) (?P<rest>[^.;]+)"
    rf"|(?<![\w,])(?P<part2>{_NUMBER}) (?:out )?of {_OWNERS}(?P<whole2>{_NUMBER}) (?P<noun2>{_NOUN}) (?P<rest2>[^.;]+)",
    re.IGNORECASE,
)
_NEXT_PART = re.compile(rf",? (?:and|but|while) (?={_NUMBER} )|, ")
_OUT_OF = re.compile(rf"(?P<part>{_NUMBER}) (?:out of|in) (?P<whole>{_NUMBER})", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:not|no|never|none|neither|nor|without|except|but|only)\b|n['’]t\b", re.IGNORECASE)
_GROWN = re.compile(
    r"\b(?:(?P<two>doubled)|(?P<three>tripled|trebled)|(?P<four>quadrupled)|(?P<half>halved))\b", re.IGNORECASE
)
_GROWTH = {"two": Fraction(2), "three": Fraction(3), "four": Fraction(4), "half": Fraction(1, 2)}
_CHANGED = re.compile(
    r"\b(?:(?P<up>rose|grew|increased|went up|climbed)|(?P<down>fell|dropped|decreased|declined|went down|sank)) by"
    r" (?P<by>.{1,60})",
    re.IGNORECASE,
)
_UP = frozenset("rose grew increas went up climb fell drop decreas declin down sank".split())
_LONGEST = 400
_MOST = 20_000  # characters of evidence
_NEARLY = Fraction(1, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share or a growth that the claim states beside the one that the evidence gives.

    Attributes:
        said: the words of the claim.
        there: where the evidence gives it.
        worth: what that comes to, in words.
        holds: whether they agree.
    """

    said: Span
    there: Span
    worth: str
    holds: bool


def compare_shares(claim: str, evidence: Evidence) -> Share | None:
    """Compare what a claim says of a part of a whole, or of growth, with what the evidence counts."""
    if len(claim) > _LONGEST or not claim.isascii():
        return None
    return _grown(claim, evidence) or _parted(claim, evidence.text)


def _parted(claim: str, evidence: str) -> Share | None:
    match = _CLAIM.match(claim)
    if match is None or _DENIES.search(match["rest"]):
        return None
    words = _content(match["rest"])
    noun = stem(match["noun"])
    counts = [c for c in _counts(evidence) if c.noun == noun and words and words <= c.words]
    if len(counts) != 1:
        return None
    found = counts[0]
    holds = _holds(match, found)
    if holds is None:
        return None
    end = match.end("words")
    worth = f"{found.part} of {found.whole}"
    return Share(said=Span(start=0, end=end), there=found.span, worth=worth, holds=holds)


@dataclass(frozen=True, slots=True)
class _Count:
    part: int
    whole: int
    noun: str
    words: frozenset[str]
    span: Span


def _counts(evidence: str) -> Iterator[_Count]:
    """Yield what the evidence counts of a whole."""
    for match in _COUNTED.finditer(evidence[:_MOST]):
        suffix = "" if match["whole"] else "2"
        part, whole = _whole_number(match[f"part{suffix}"]), _whole_number(match[f"whole{suffix}"])
        if part is None or whole is None or not 0 <= part <= whole or not whole:
            continue
        rest = match[f"rest{suffix}"]
        if _DENIES.search(rest):
            continue
        said = _NEXT_PART.split(rest, maxsplit=1)[0]
        nouns = match[f"noun{suffix}"].split()
        yield _Count(part, whole, stem(nouns[-1]), _content(said), Span(start=match.start(), end=match.end()))


def _whole_number(written: str) -> int | None:
    if written.lower() == "none":
        return 0
    found = find_numbers(written)
    if len(found) != 1 or found[0].span != Span(start=0, end=len(written)) or found[0].form is NumberForm.FRACTION:
        return None
    return int(found[0].value) if found[0].value.denominator == 1 and not found[0].ordinal else None


def _content(text: str) -> frozenset[str]:
    stems = {stem(word) for word in re.findall(r"[A-Za-z]+|\d+", text)}
    return frozenset(stems - STOP - LIGHT)


def _holds(match: re.Match[str], found: _Count) -> bool | None:
    part, whole = found.part, found.whole
    if match["notall"]:
        return part < whole
    if match["but"]:
        left = _whole_number(match["left"])
        return None if left is None else whole - part == left
    if match["all"]:
        return part == whole
    if match["none"]:
        return part == 0 if match["of"] else None
    if match["most"]:
        return 2 * part > whole if match["of"] else None
    several = _OUT_OF.fullmatch(match["several"] or "")
    if several is not None:
        a, b = _whole_number(several["part"]), _whole_number(several["whole"])
        return None if a is None or not b else Fraction(a, b) == Fraction(part, whole)
    stated = [q for q in find_quantities(match["share"] + " of") if q.kind in _SHARES]
    if len(stated) != 1 or stated[0].span.start > 0:
        return None
    given = Quantity(
        span=Span(start=0, end=1), number=Span(start=0, end=1), low=Fraction(100 * part, whole),
        high=Fraction(100 * part, whole), step=Fraction(1), bound=Bound.PLAIN, kind=QuantityKind.PERCENT,
        form=NumberForm.DIGITS,
    )  # fmt: skip
    outcome = compare_quantities(stated[0], given)
    return None if outcome is Outcome.UNKNOWN else outcome is not Outcome.DIFFERS


_SHARES = frozenset({QuantityKind.FRACTION, QuantityKind.PERCENT})


def _grown(claim: str, given: Evidence) -> Share | None:
    said = _GROWN.search(claim) or _CHANGED.search(claim)
    if said is None or _DENIES.search(claim):
        return None
    evidence = read_evidence(given)
    by = None if said.lastgroup in _GROWTH else next(iter(find_quantities(said["by"])), None)
    span = Span(start=said.start(), end=said.end())
    if said.lastgroup not in _GROWTH:
        if by is None or by.span.start > 0 or by.bound is not Bound.PLAIN:
            return None
        span = Span(start=said.start(), end=said.start("by") + by.span.end)
    words = _content(claim[: span.start] + claim[span.end :])
    for sentence, placed in evidence.placed.items():
        values = [p.item for p in placed if isinstance(p.item, Quantity)]
        if len(values) != 2 or not words - _UP <= evidence.sentences[sentence] | _numbers_of(evidence, sentence):
            continue
        first, last = values
        before = evidence.text[max(0, first.span.start - 5) : first.span.start]
        between = evidence.text[first.span.end : last.span.start]
        alike = first.dimension == last.dimension and first.kind is last.kind and first.low > 0
        if before != "from " or not re.search(r"\bto $", between) or not alike:
            continue
        there = Span(start=first.span.start, end=last.span.end)
        low, high = first.in_base()[0], last.in_base()[0]
        if by is None:
            factor, ratio = _GROWTH[said.lastgroup or ""], high / low
            near = abs(ratio - factor) <= factor * _NEARLY
            return Share(said=span, there=there, worth=f"{float(ratio):.3g} times", holds=near)
        # "by 2 percent" of what is a percentage itself may be meant either way.
        if (said["up"] is not None) is not (high > low) or (
            first.kind is QuantityKind.PERCENT and by.kind is QuantityKind.PERCENT
        ):
            return None
        return _by(by, first, low, high, span, there)
    return None


def _by(by: Quantity, first: Quantity, low: Fraction, high: Fraction, said: Span, there: Span) -> Share | None:
    """Compare "by two percentage points", "by 50 percent" and "by 40 dollars" with the difference of two values."""
    change = abs(high - low)
    points = by.kind is QuantityKind.PERCENTAGE_POINTS and first.kind is QuantityKind.PERCENT
    if by.kind in _SHARES:
        share = change / low * (100 if by.kind is QuantityKind.PERCENT else 1)
        near = abs(share - by.low) <= max(by.step, by.low * _NEARLY)
        worth = f"{float(share):.3g}{' percent' if by.kind is QuantityKind.PERCENT else ' of it'}"
        return Share(said=said, there=there, worth=worth, holds=near)
    if not points and (by.dimension != first.dimension or by.kind is not first.kind):
        return None
    stated = by.low if points else by.in_base()[0]
    step = by.step * (1 if points or by.unit is None else by.unit.factor)
    return Share(said=said, there=there, worth=f"a change of {float(change):g}", holds=abs(change - stated) <= step / 2)


def _numbers_of(evidence: Reading, sentence: int) -> frozenset[str]:
    return frozenset(re.findall(r"\d+", evidence.spans[sentence].of(evidence.text)))
