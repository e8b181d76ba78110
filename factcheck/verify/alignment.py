"""Whether a number of the claim and a number of the evidence speak of the same thing of the same entity.

A text is read once into a `Reading`: its words reduced to stems, its names, and its items (quantities and dates), each
with the words near it. `align` then compares an item of the claim with one of the evidence by what surrounds them:
the words of the property, the entity's names, the noun that is counted, the last words of the section, words that set
one value against another ("male", "urban"). Every feature lies in [0, 1]; `factcheck.verify.quantities` weighs them.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from factcheck.text.dates import DateReading, Granularity, find_dates
from factcheck.text.quantities import Quantity, QuantityKind, find_quantities
from factcheck.text.sentences import split_sentences
from factcheck.text.tokens import tokens_with_spans
from factcheck.types import Evidence, Span
from factcheck.verify.stems import BE, CONTRASTS, LIGHT, PRONOUNS, ROLES, SIZES, STOP, stem

Item: TypeAlias = Quantity | DateReading

_OFFICE = frozenset("series season film play serve president minister reign air run war".split())

NEAR = 12
"""Words on each side of a number, within its clause, that may say what it is."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text.

    Attributes:
        stem: reduced and mapped to its group of synonyms.
        name: whether it is part of a name (capitalised, and not only because it begins a sentence).
        sentence: which sentence it stands in.
    """

    stem: str
    span: Span
    name: bool
    sentence: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An item in its place.

    Attributes:
        near: stems around it, within its clause.
        after: the next stems, `before` the last ones, nearest first.
        parenthesis: it stands in brackets; `lone`: with nothing else in them.
        edge: "first" or "last" for an end of a range of dates, else empty.
    """

    item: Item
    sentence: int
    near: frozenset[str]
    after: tuple[str, ...]
    before: tuple[str, ...]
    parenthesis: bool
    lone: bool = False
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, read for comparison.

    Attributes:
        heading: stems of title and section (evidence only).
        title: stems of the title.
        leaf: stems of the section's last part, the name of the value where a passage is a bare value.
        offset: where the evidence's own text begins in `text`.
        names: stems of names; `subject` those of the first name, which is the subject as a rule.
        words: in order.
    """

    text: str
    words: tuple[Word, ...]
    items: tuple[Placed, ...]
    title: frozenset[str] = frozenset()
    heading: frozenset[str] = frozenset()
    leaf: frozenset[str] = frozenset()
    offset: int = 0
    stems: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    subject: tuple[str, ...] = ()
    runs: Mapping[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    placed: Mapping[int, tuple[Placed, ...]] = field(default_factory=dict)
    first_word: tuple[int, ...] = ()
    sentences: tuple[frozenset[str], ...] = ()
    starts_with_pronoun: tuple[bool, ...] = ()
    section_dates: tuple[DateReading, ...] = ()
    spans: tuple[Span, ...] = ()

    def items_of(self, sentence: int) -> tuple[Placed, ...]:
        """Return the items of one sentence."""
        return self.placed.get(sentence, ())

    def runs_of(self, sentence: int) -> tuple[tuple[str, ...], ...]:
        """Return the names of one sentence, each as its stems."""
        return self.runs.get(sentence, ())

    def words_of(self, sentence: int) -> tuple[Word, ...]:
        """Return the words of one sentence."""
        last = self.first_word[sentence + 1] if sentence + 1 < len(self.first_word) else len(self.words)
        return self.words[self.first_word[sentence] : last]


_WITHIN_NAME = re.compile(r"(?:[\s.'’:,&-]|'s|’s|of|the|and|in|de|la|van|von|\d|[A-Z]\b){0,24}")
_ADJACENT = re.compile(r"(?:[\s.'’-]|'s|’s){0,4}")
_SMALL = re.compile(r"of|the|and|in|de|la|van|von|a|to|for|on")
_LOWER_WORD = re.compile(r"\s([a-z]{3,})")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")


def read_claim(text: str) -> Reading:
    """Read a claim."""
    return _read(text)


def read_evidence(evidence: Evidence) -> Reading:
    """Read a piece of evidence under its title and section."""
    passage = evidence.passage
    title = passage.title if passage is not None else ""
    section = passage.section if passage is not None else ""
    leaf = re.split(r"\s/\s|/|›|»|>", section)[-1] if section else ""
    heading = _stems(title) | _stems(section)
    return _read(
        evidence.text,
        title=_stems(title),
        heading=heading,
        leaf=_leaf(leaf),
        section_dates=tuple(date for date in find_dates(section) if date.year_known and date.valid),
        context=f"{title}\n{section}",
    )


def _leaf(text: str) -> frozenset[str]:
    """Return what sets a section's last part apart: nothing where it is a total."""
    if re.search(r"\btotal\b", text, re.IGNORECASE):
        return frozenset()
    return frozenset(word for word in _stems(text) if word not in LIGHT and not word.isdigit())


def _stems(text: str) -> frozenset[str]:
    return frozenset(found for token in tokens_with_spans(text) if (found := stem(token.text)) and found not in STOP)


def _read(
    text: str,
    *,
    title: frozenset[str] = frozenset(),
    heading: frozenset[str] = frozenset(),
    leaf: frozenset[str] = frozenset(),
    section_dates: tuple[DateReading, ...] = (),
    context: str = "",
) -> Reading:
    sentences = split_sentences(text) or [Span(start=0, end=len(text))]
    dates = find_dates(text)
    # The heading decides what "nm" is; it stands after the text, so that spans hold.
    quantities = [q for q in find_quantities(f"{text}\n{context}", dates) if q.span.end <= len(text)]
    items: list[Item] = sorted([*dates, *quantities], key=lambda item: item.span.start)
    taken = [(item.span, item) for item in items if not _is_name(item)]
    words: list[Word] = []
    current = 0
    at = 0
    opens = True
    for token in tokens_with_spans(text):
        while current + 1 < len(sentences) and token.span.start >= sentences[current + 1].start:
            current += 1
            opens = True
        while at < len(taken) and taken[at][0].end <= token.span.start:
            at += 1
        inside = at < len(taken) and taken[at][0].start < token.span.end
        written = token.span.of(text)
        found = stem(token.text)
        if inside:
            opens = False
            continue
        capital = _CAPITAL.match(written) is not None
        name = (
            capital
            and found not in STOP
            and not (opens and (found in LIGHT | CONTRASTS or _common(text, token.span.end)))
        )
        if found:
            words.append(Word(found, token.span, name, current))
        opens = False
    per_sentence = [set[str]() for _ in sentences]
    for word in words:
        per_sentence[word.sentence].add(word.stem)
    numbers = [word.sentence for word in words]
    first_word = tuple(bisect.bisect_left(numbers, n) for n in range(len(sentences)))
    word_starts = [word.span.start for word in words]
    sentence_starts = [sentence.start for sentence in sentences]
    placed = tuple(
        edge
        for item in items
        for edge in _edges(_place(text, item, words, sentences, word_starts, sentence_starts))
    )
    by_sentence: dict[int, list[Placed]] = {}
    for found_item in placed:
        by_sentence.setdefault(found_item.sentence, []).append(found_item)
    return Reading(
        text=text,
        words=tuple(words),
        items=placed,
        title=title,
        heading=heading,
        leaf=leaf,
        stems=frozenset(word.stem for word in words) | heading,
        names=frozenset(word.stem for word in words if word.name),
        subject=_subject(text, words),
        runs=_runs(text, words),
        placed={number: tuple(group) for number, group in by_sentence.items()},
        first_word=first_word,
        sentences=tuple(map(frozenset, per_sentence)),
        starts_with_pronoun=tuple(PRONOUNS.match(s.of(text)[:24].lower()) is not None for s in sentences),
        section_dates=section_dates,
        spans=tuple(sentences),
    )


def _common(text: str, end: int) -> bool:
    """Say whether the capitalised word that opens a sentence is a common noun: "Life expectancy in Gabon"."""
    following = _LOWER_WORD.match(text, end)
    return (
        following is not None
        and stem(following[1]) not in BE | STOP
        and len(following[1]) > 5
        and (not following[1].endswith(("ed", "s")))
    )


def _subject(text: str, words: list[Word]) -> tuple[str, ...]:
    """Return the stems of the first name: capitalised words with nothing but blanks and small words between them."""
    found: list[Word] = []
    for word in words:
        if word.name:
            if found and not _WITHIN_NAME.fullmatch(text, found[-1].span.end, word.span.start):
                break
            found.append(word)
        elif found and not _SMALL.fullmatch(word.span.of(text)):
            break
    return tuple(word.stem for word in found)


def _runs(text: str, words: list[Word]) -> dict[int, tuple[tuple[str, ...], ...]]:
    """Return the runs of capitalised words with nothing between them, each with its sentence."""
    runs: list[tuple[int, list[str]]] = []
    last: Word | None = None
    for word in words:
        if not word.name:
            continue
        if (
            last is not None
            and last.sentence == word.sentence
            and _ADJACENT.fullmatch(text, last.span.end, word.span.start)
        ):
            runs[-1][1].append(word.stem)
        else:
            runs.append((word.sentence, [word.stem]))
        last = word
    by_sentence: dict[int, list[tuple[str, ...]]] = {}
    for sentence, stems in runs:
        by_sentence.setdefault(sentence, []).append(tuple(stems))
    return {sentence: tuple(group) for sentence, group in by_sentence.items()}


def _is_name(item: Item) -> bool:
    return isinstance(item, Quantity) and item.kind is QuantityKind.NAME


def _edges(placed: Placed) -> list[Placed]:
    """Give a range of dates its two ends as items of their own.

    "(23 November 1887 – 2 February 1969)" after a name are birth and death; of any other range the ends are when
    something began and ended.
    """
    item = placed.item
    if not isinstance(item, DateReading) or item.granularity is not Granularity.RANGE or not item.valid:
        return [placed]
    days = (item.start[1:], item.end[1:]) != ((1, 1), (12, 31))
    life = placed.parenthesis and (days or item.end[0] - item.start[0] > 14) and not placed.near & _OFFICE
    grain = Granularity.DAY if days else Granularity.YEAR
    first = replace(item, end=item.start if days else (item.start[0], 12, 31), granularity=grain, form="edge")
    last = replace(item, start=item.end if days else (item.end[0], 1, 1), granularity=grain, form="edge")
    begin, end = ({"birth"}, {"die"}) if life else ({"begin"}, {"end"})
    edges = [placed, replace(placed, item=first, near=placed.near | begin, edge="first")]
    if item.form != "open":
        edges.append(replace(placed, item=last, near=placed.near | end, edge="last"))
    return edges


def _place(
    text: str,
    item: Item,
    words: list[Word],
    sentences: list[Span],
    starts: list[int],
    sentence_starts: list[int],
) -> Placed:
    left = bisect.bisect_left(starts, item.span.start)
    right = bisect.bisect_left(starts, item.span.end)
    number = max(0, bisect.bisect_right(sentence_starts, item.span.start) - 1)
    sentence = sentences[number]
    opened = text.rfind("(", sentence.start, item.span.start)
    closed = text.rfind(")", sentence.start, item.span.start)
    parenthesis = opened > closed
    low, high = sentence.start, sentence.end
    if parenthesis:
        end = text.find(")", item.span.end, sentence.end)
        high = end if end >= 0 else high
    else:
        for mark in re.finditer(r";", text[sentence.start : sentence.end]):
            if mark.start() + sentence.start < item.span.start:
                low = mark.end() + sentence.start
            else:
                high = mark.start() + sentence.start
                break
    near: list[str] = []
    after: list[str] = []
    before: list[str] = []
    for index in range(left - 1, max(-1, left - NEAR - 1), -1):
        word = words[index]
        if word.span.start < low:
            break
        if not (word.name and word.stem in ROLES):
            near.append(word.stem)
        before.append(word.stem)
        if parenthesis and word.span.start < opened and len(before) >= 7:
            break
    for index in range(left, min(len(words), right + NEAR)):
        word = words[index]
        if word.span.start >= high:
            break
        if not (word.name and word.stem in ROLES):
            near.append(word.stem)  # "A Star Is Born" is nobody's birth
        if word.span.start >= item.span.start:
            after.append(word.stem)
    lone = (
        parenthesis
        and not text[opened + 1 : item.span.start].strip()
        and text[item.span.end : high].strip() in {"", ")"}
    )
    return Placed(item, number, frozenset(near), tuple(after[:6]), tuple(before[:6]), parenthesis, lone)


# ---------------------------------------------------------------------------------------------------------------- align


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """How well a claim's item and an evidence's item fit, each part in [0, 1].

    Attributes:
        property: share of the claim's property words that stand near the evidence's item (heading included).
        sentence: the same over its whole sentence.
        subject: share of the words of the claim's first name that the evidence has (title or sentence, if titled).
        names: share of the words of its other names that the sentence or the heading has.
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
    return Alignment(
        property=_share(properties, near),
        sentence=_share(properties, sentence),
        subject=_subject_share(subject, evidence, theirs.sentence),
        names=_share(others, sentence),
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
