"""Words that turn a sentence round: "rose" for "fell", "reduces" for "increases", "south of" for "north of".

A reader that finds every other word of a claim takes the one that turns it round for a synonym as easily as for its
opposite. Here the two are told apart by list, and only where both stand in the same place: after the same subject,
before the same object, with everything else that the claim says in the same sentence or in its heading.

Only pairs that exclude each other are listed. A house can be opened and closed, bought and sold; what has risen by 12 %
in a year has not fallen by 12 % in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from factcheck.text.stems import BE
from factcheck.types import Correction, Span
from factcheck.verify.operators import BOUNDARIES, Token, negators

_CHANGES = (
    "rose rise rises risen rising increased increase increases increasing grew grow grows grown growing climbed climbs"
    " climbing soared soars surged surges jumped doubled tripled raised raises raise|fell fall falls fallen falling"
    " decreased decrease decreases decreasing declined decline declines declining dropped drop drops dropping shrank"
    " shrink shrinks shrunk sank sinks plunged plunges slumped halved reduced reduce reduces reducing"
    " lowered lowers lower",
    "improved improves improve improving strengthened strengthens|worsened worsens worsen worsening deteriorated"
    " deteriorates weakened weakens",
    "accelerated accelerates accelerate accelerating|slowed slows slow slowing decelerated",
    "causes cause caused causing|prevents prevent prevented preventing",
    "allows allow allowed permits permit permitted|forbids forbid forbade forbidden bans banned prohibits prohibited",
    "accepted accepts accept approved approves approve ratified|rejected rejects reject refused vetoed",
    "supports support supported supporting favours favoured favors favored backed backs"
    "|opposes oppose opposed opposing",
    "proved proves proven confirmed confirms|disproved disproves refuted refutes debunked",
    "convicted|acquitted",
    "won wins|lost loses",
    "succeeded succeeds|failed fails",
    "includes include included|excludes exclude excluded",
    "gained gains|lost loses",
)
_STATES = (
    "legal lawful|illegal unlawful",
    "possible|impossible",
    "alive living|dead extinct",
    "effective|ineffective",
    "safe harmless|unsafe dangerous harmful",
    "visible|invisible",
    "true correct|false incorrect",
    "flammable|nonflammable non-flammable",
    "soluble|insoluble",
    "edible|inedible poisonous",
    "guilty|innocent",
    "public state-owned|private privately-owned",
    "compulsory mandatory obligatory|voluntary optional",
    "permanent|temporary",
    "open|closed shut",
    "positive|negative",
    "full|empty",
)
_SIDES = (
    "north|south", "northern|southern", "east|west", "northeast north-east|southwest south-west",
    "northwest north-west|southeast south-east", "upstream|downstream", "above|below",
)  # fmt: skip
_BEFORE_SIDE = 8  # words between what stands somewhere and the side that it stands on, beside which another may stand
_GAP = 2  # words that say nothing of their own between a subject and its verb
_PAST = frozenset("rose grew fell shrank sank won lost forbade".split())
_BEFORE_NOUNS = frozenset("a an the of this that its their his her no any".split())
_REACH = 4  # words within which an object follows


def _families(pairs: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return for each word those that mean the opposite."""
    found: dict[str, frozenset[str]] = {}
    for pair in pairs:
        for words, others in (pair.split("|"), pair.split("|")[::-1]):
            for word in words.split():
                found[word] = found.get(word, frozenset()) | frozenset(others.split())
    return found


_OF_CHANGE = _families(_CHANGES)
_OF_STATE = _families(_STATES)
_OF_SIDE = _families(_SIDES)
_OPPOSITES = {**_OF_CHANGE, **_OF_STATE, **_OF_SIDE}


@dataclass(frozen=True, slots=True)
class Turned:
    """Which word of the claim stands against which of the sentence; `agrees` where both say the same.

    What one sentence denies and the next affirms ("fell in spring, rose in summer") is not denied.

    Attributes:
        start: where the claim's word begins.
    """

    here: str
    there: str
    start: int
    agrees: bool = False

    @property
    def correction(self) -> Correction | None:
        """The sentence's word in the place of the claim's, where both have one form: "rose" for "fell"."""
        if _form(self.here) != _form(self.there):
            return None
        return Correction(span=Span(start=self.start, end=self.start + len(self.here)), replacement=self.there)


def turned(claim: Sequence[Token], sentence: Sequence[Token], heading: Collection[str]) -> Turned | None:
    """Return the words in which a sentence denies a claim, or affirms it.

    Args:
        claim: of one sentence.
        sentence: of the evidence.
        heading: stems of the title and section that the sentence stands under.

    Returns:
        None where a word of the claim is missing, either side is denied, or the places differ.
    """
    marks = [at for at, token in enumerate(claim) if token.text in _OPPOSITES and not _is_noun(claim, at)]
    if len(marks) != 1 or negators(list(claim), 0, len(claim)):
        return None
    mark = marks[0]
    opposite = _OPPOSITES[claim[mark].text]
    known = {token.stem for token in sentence} | set(heading)
    rest = [token for at, token in enumerate(claim) if at != mark and token.content]
    if not rest or any(token.stem not in known for token in rest):
        return None
    before = [token.stem for token in claim[:mark] if token.content]
    after = claim[mark + 1 :]
    found = None
    for at, token in enumerate(sentence):
        agrees = _OPPOSITES.get(token.text) == opposite
        if (not agrees and token.text not in opposite) or _is_noun(sentence, at):
            continue
        first = _clause(sentence, at)
        if agrees and first > 0 and not any(word.content for word in sentence[first:at]):
            return Turned(
                claim[mark].text, token.text, claim[mark].start, agrees=True
            )  # "declined at first and grew later"
        if negators(list(sentence), first, min(len(sentence), at + _REACH)):
            continue
        if not _same_rest(after, sentence[at + 1 :], claim[mark].text):
            continue
        place = _of_side if token.text in _OF_SIDE else _names_subject if agrees else _same_subject
        if place(before, sentence, at, heading):
            pair = Turned(claim[mark].text, token.text, claim[mark].start, agrees=agrees)
            if agrees:
                return pair
            found = found or pair
    return found


def _form(word: str) -> str:
    """Return the tense of a verb as far as its form tells; other words have one form."""
    if word not in _OF_CHANGE:
        return ""
    if word in _PAST or word.endswith("ed"):
        return "past"
    return "participle" if word.endswith("en") else next((e for e in ("ing", "s") if word.endswith(e)), "base")


def _is_noun(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a word is a name, or "the rise", "a slow fall"."""
    return tokens[at].name or (
        tokens[at].text in _OF_CHANGE and any(token.text in _BEFORE_NOUNS for token in tokens[max(0, at - 1) : at])
    )


def _clause(sentence: Sequence[Token], at: int) -> int:
    """Return where the clause of a word begins."""
    while at > 0 and sentence[at - 1].text not in BOUNDARIES:
        at -= 1
    return at


def _same_subject(before: Sequence[str], sentence: Sequence[Token], at: int, heading: Collection[str]) -> bool:
    """Say whether the words before the claim's verb stand right before the sentence's, and no others of content."""
    first = _clause(sentence, at)
    words = [token for token in sentence[first:at] if token.content and not token.text.endswith("ly")]
    wanted = [stem for stem in before if stem not in heading]
    said = [token.stem for token in words if token.stem not in heading]
    if wanted:
        return said == wanted and _ends_near(sentence, first, at, wanted[-1])
    # The subject is what the heading is of: it is named again, or a pronoun stands for it.
    return not said and bool(before) and at > first


def _names_subject(before: Sequence[str], sentence: Sequence[Token], at: int, heading: Collection[str]) -> bool:
    """Say whether the clause has the claim's subject at all: enough to leave open what another sentence denies."""
    said = {token.stem for token in sentence[_clause(sentence, at) : at]} | set(heading)
    return all(stem in said for stem in before)


def _ends_near(sentence: Sequence[Token], first: int, at: int, last: str) -> bool:
    places = [place for place in range(first, at) if sentence[place].stem == last]
    return bool(places) and sum(token.text not in BE for token in sentence[places[-1] + 1 : at]) <= _GAP


def _same_rest(after: Sequence[Token], following: Sequence[Token], mark: str) -> bool:
    """Say whether the same object follows; a number or a time may stand elsewhere in the sentence."""
    objects = [token for token in after if token.content]
    if mark in _OF_SIDE:
        joined = mark in {"above", "below"} or (len(after) > 0 and after[0].text == "of")
        if not joined or not objects:
            return False
        near = [token.stem for token in following[: _REACH + 1] if token.content]
        return near[:1] == [objects[0].stem]
    direct = []
    for token in after:
        if token.text in {"in", "on", "at", "during", "since", "by", "from", "between", "after", "before"}:
            break
        if token.content:
            direct.append(token)
    near = [token.stem for token in following[: _REACH + len(direct)] if token.content]
    if not direct:
        # What the claim says nothing of may be another thing: "she lost the first set" does not deny "she won".
        return mark not in _TAKES_OBJECT or not near or not objects
    return near[: len(direct)] == [token.stem for token in direct]


_TAKES_OBJECT = frozenset(
    "reduced reduce reduces reducing lowered lowers lower raised raises raise causes cause caused causing prevents"
    " prevent prevented preventing allows allow allowed permits permit permitted forbids forbid forbade bans banned"
    " prohibits accepted accepts accept approved approves approve rejected rejects reject supports support supported"
    " supporting opposes oppose opposed opposing includes include included excludes exclude excluded won wins lost"
    " loses gained gains proved proves disproved".split()
)


def _of_side(before: Sequence[str], sentence: Sequence[Token], at: int, heading: Collection[str]) -> bool:
    """Say whether what stands on a side is the claim's subject: named shortly before, or what the heading is of."""
    said = {token.stem for token in sentence[:at]} | set(heading)
    if not before or any(stem not in said for stem in before):
        return False
    first = _clause(sentence, at)
    # Within its clause no other thing may stand on that side: "the farm south of Calder".
    between = [token for token in sentence[first:at] if token.content and token.stem not in {*before, *heading}]
    measured = all(token.text[:1].isdigit() or token.stem in _MEASURES or token.text in _COUNTED for token in between)
    return measured and at - first <= _BEFORE_SIDE


_MEASURES = frozenset("km kilometr kilomet mile metr met hour minute locat situat".split())
_COUNTED = frozenset(
    "one two three four five six seven eight nine ten twelve fifteen twenty thirty fifty hundred".split()
)
