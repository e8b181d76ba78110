"""Whether a number of the claim and a number of the evidence speak of the same thing of the same entity.

A text is read once into a `Reading`: its words reduced to stems, its names, and its items (quantities and dates), each
with the words near it. `align` then compares an item of the claim with one of the evidence by what surrounds them:
the words of the property, the entity's names, the noun that is counted, the last words of the section, words that set
one value against another ("male", "urban"). Every feature lies in [0, 1]; `factcheck.verify.quantities` weighs them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from factcheck.text.quantities import Quantity
from factcheck.text.stems import CONTRASTS, LIGHT, SIZES, STOP, stem
from factcheck.verify.han_alignment import han_shares, is_han
from factcheck.verify.readings import Item, Placed, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """How well a claim's item and an evidence's item fit, each part in [0, 1].

    Attributes:
        property: share of the claim's property words that stand near the evidence's item (heading included).
        sentence: the same over its whole sentence.
        subject: share of the words of the claim's first name that the evidence has (title or sentence, if titled).
        names: share of the words of its other names that the clause or the heading has.
        titled: 1 the title is named in the claim, 0 it is not, 0.5 there is no title.
        noun: 1 the counted nouns agree, 0 they differ, 0.5 where nothing is counted.
        leaf: share of the section's last words that the claim has; 1 without a section.
        verb: whether the word that the claim ties to the date ("born", "released") stands near the evidence's item.
        contrast: 1 unless one side has a word ("male", "urban", "net") that sets its value against the other's.
        pronoun: the evidence's sentence begins with a pronoun or a definite description.
        anchor: share of the words right before and after the claim's item that stand around the evidence's.
        others: how many other names it has.
        words: how many words of property, lights and the counted noun aside, the claim has.
    """

    property: float
    sentence: float
    subject: float
    names: float
    titled: float
    noun: float
    leaf: float
    verb: float
    contrast: float
    pronoun: float
    anchor: float
    words: int
    others: int

    def features(self) -> tuple[float, ...]:
        """Return the parts in a fixed order."""
        return (
            self.property, self.sentence, self.subject, self.names, self.titled, self.noun, self.leaf, self.verb,
            self.contrast, self.pronoun, self.anchor, float(min(self.words, 4)) / 4,
        )  # fmt: skip


def _weight(word: str) -> float:
    return 0.3 if word in LIGHT or (len(word) == 1 and word.isascii()) else 1.0


def _share(need: list[str], have: frozenset[str]) -> float:
    heavy = [word for word in need if _weight(word) == 1.0] or need
    total = sum(map(_weight, heavy))
    if total == 0:
        return 1.0
    return sum(_weight(word) for word in heavy if word in have) / total


def align(claim: Reading, mine: Placed, evidence: Reading, theirs: Placed) -> Alignment:
    """Measure how well two items fit."""
    said = said_by_unit(mine)
    properties = [
        word.stem for word in claim.words if not word.name and word.stem not in STOP and word.stem not in said
    ]
    names = [word.stem for word in claim.words if word.name]
    subject = [word for word in claim.subject if word not in LIGHT] or list(claim.subject)
    others = [name for name in names if name not in claim.subject]
    if evidence.title and evidence.title <= claim.stems:
        # The passage is about what the claim names, wherever it names it.
        subject = sorted(evidence.title)
        others = [name for name in names if name not in evidence.title]
    near = theirs.near | evidence.heading
    sentence = evidence.sentences[theirs.sentence] | evidence.heading
    titled = 0.5
    if evidence.title:
        titled = 1.0 if evidence.title & claim.stems or _share(sorted(evidence.title), claim.stems) > 0.5 else 0.0
    leaf = _share(sorted(evidence.leaf), claim.stems) if evidence.leaf else 1.0
    verbs = [word for word in (*mine.before[:4], *mine.after[:3]) if word not in STOP and word not in LIGHT]
    own_names = set(names)
    verbs = [word for word in verbs if word not in own_names]
    mine_contrast = claim.stems & CONTRASTS
    their_contrast = ({*theirs.before[:3], *theirs.after[:3]} | evidence.leaf) & CONTRASTS
    contrast = 1.0 if mine_contrast <= (near | sentence) and their_contrast <= claim.stems else 0.0
    around_mine = {*mine.before[:3], *mine.after[:3]} - STOP
    around_theirs = {*theirs.before[:4], *theirs.after[:4]}
    found = Alignment(
        property=_share(properties, near),
        sentence=_share(properties, sentence),
        subject=_subject_share(subject, evidence, theirs.sentence),
        names=_share(others, theirs.clause | evidence.heading),
        titled=titled,
        noun=_noun(mine.item, theirs, near),
        leaf=leaf,
        verb=sum(word in near for word in verbs) / len(verbs) if verbs else 0.5,
        contrast=contrast,
        pronoun=1.0 if evidence.starts_with_pronoun[theirs.sentence] else 0.0,
        others=len(others),
        anchor=len(around_mine & around_theirs) / len(around_mine) if around_mine else 0.0,
        words=len({word for word in properties if word not in LIGHT} - _counted(mine.item)),
    )
    if not is_han(claim):
        return found
    share, verb = han_shares(claim, mine, evidence, theirs)
    return replace(found, property=share, sentence=share, verb=verb)


def said_by_unit(mine: Placed) -> set[str]:
    """Return the words that only repeat what the unit says ("20 km long", "a length of 20 km")."""
    item = mine.item
    if not isinstance(item, Quantity) or item.unit is None:
        return set()
    implied = {"[length]": {"length"}, "[mass]": {"weight"}}.get(item.unit.dimension, set())
    return implied | (set(mine.after[:1]) & SIZES)


def _subject_share(subject: list[str], evidence: Reading, sentence: int) -> float:
    """Say how much of the claim's first name the evidence has: in its title, or in the sentence; a surname may do."""
    here = evidence.sentences[sentence] | evidence.title
    share = _share(subject, here)
    if evidence.title:
        return share
    if len(subject) == 1:
        # One word must be a whole name: "Indian" the film is not in "Indian actor".
        alone = any(set(run) - LIGHT == set(subject) for run in evidence.runs_of(sentence))
        return share if alone or not share else 0.9
    if share == 1.0:
        return share
    if evidence.starts_with_pronoun[sentence] and _share(subject, evidence.stems) == 1.0:
        return 1.0
    for run in evidence.runs_of(sentence):
        # "Bryant was awarded": the surname stands alone, so that nobody else of that name is meant.
        if run == (subject[-1],) or _same_person(subject, run):
            return 1.0
    return share


def _same_person(subject: list[str], run: tuple[str, ...]) -> bool:
    """Recognise "Steven Paul Jobs" for "Steve Jobs"."""
    if len(run) < 2 or run[-1] != subject[-1] or len(run[-1]) < 2:
        return False
    initials = [{word for word in name[1:-1] if len(word) == 1} for name in (subject, list(run))]
    if all(initials) and initials[0] != initials[1]:
        return False  # George H. W. and George W.
    short = 1 if len(subject[0]) == 1 or len(run[0]) == 1 else 3
    return run[0][:short] == subject[0][:short]


def _counted(item: Item) -> set[str]:
    return {stem(item.noun)} if isinstance(item, Quantity) and item.noun else set()


def _noun(mine: Item, theirs: Placed, near: frozenset[str]) -> float:
    """Compare what is counted."""
    if not isinstance(mine, Quantity) or not isinstance(theirs.item, Quantity):
        return 0.5
    here = [stem(word) for word in mine.noun_phrase]
    there = [stem(word) for word in theirs.item.noun_phrase]
    if not here or not mine.noun:
        return 0.5
    if not there or not theirs.item.noun:
        return 0.6 if stem(mine.noun) in near else 0.0
    if stem(mine.noun) == stem(theirs.item.noun):
        # "Academy Award nominations" are not "Grammy nominations".
        only_here = [word for word in here[:-1] if word not in there and word not in near]
        only_there = [word for word in there[:-1] if word not in here]
        return 1.0 if not only_here and len(only_there) < 2 else 0.7 if not only_here else 0.3
    if stem(mine.noun) in there or stem(theirs.item.noun) in here:
        return 0.7
    return 0.0
