"""The training mixture: public pairs, and pairs built from them that look like what the verifier will meet.

What public sets do not have and retrieval brings: several sentences of which one decides, passages about the same names
that decide nothing, claims of several facts, another way to write a number, a title and a section before a bare value.
Each kind is built so that no label can be told from the claim alone or from the style of the edit: the same claim comes
with different evidence under different labels, and every edit has a twin that keeps the meaning.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from factcheck.errors import InputError
from factcheck.train import edits
from factcheck.train.fields import Field, field_pairs
from factcheck.train.neighbours import SentencePool, content_words, coverage
from factcheck.train.rows import PairLabel, PairRow

LICENCES = {
    "fever": "CC BY-SA 3.0",
    "fever_nei": "CC BY-SA 3.0",
    "fever_nearmiss": "CC BY-SA 3.0",
    "swap_number": "CC BY-SA 3.0",
    "swap_name": "CC BY-SA 3.0",
    "taxinli": "C-UDA 1.0",
    "conjnli": "MIT",
    "negation": "MIT",
    "cad": "Apache-2.0",
    "snli": "CC BY-SA 4.0",
    "breaking": "CC BY-SA 4.0",
    "med": "CC BY-SA 4.0",
    "factbook": "CC0",
}
"""Source sets that a redistributed model may be trained on, with their licences; rows of other sets are left out."""

_ORIGINAL = {
    "fever": 42000, "fever_nei": 13000, "fever_nearmiss": 7000, "swap_number": 4000, "swap_name": 4000,
    "taxinli": 9900, "conjnli": 6000, "cad": 7000, "snli": 6000, "breaking": 1500, "negation": 1500, "med": 1500,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MixtureOptions:
    """How much of what.

    Attributes:
        seed: Equal seeds and rows give equal mixtures.
        scale: Multiplies every count; 1.0 is the shipped mixture.
        distractors: Gold evidence among one to eight sentences about the same names.
        joined: Claims made of two or three claims.
        removed: Claims whose evidence was taken away, near sentences left.
        numbers: Numbers, dates and comparisons, kept and changed.
        contrast: One name replaced in claim, in evidence, in both and in neither.
        negation: "Not" added or removed.
        entity: The same words about another entity, and both renamed.
        extract: Sentences of a passage as claims, kept and corrupted.
        fields: Title, section and bare value.
        spoken: Share of rows whose claim is put the way one speaks, in [0, 1].
        titled: Share of rows whose evidence gets a title line, in [0, 1].
    """

    seed: int = 13
    scale: float = 1.0
    distractors: int = 30000
    joined: int = 14000
    removed: int = 12000
    numbers: int = 12000
    contrast: int = 14000
    negation: int = 8000
    entity: int = 8000
    extract: int = 14000
    fields: int = 12000
    spoken: float = 0.05
    titled: float = 0.2


@dataclass(frozen=True, slots=True)
class Mixture:
    """What was built: rows in their order of training, and how many rows of unlicensed sets were left out."""

    rows: list[PairRow]
    left_out: dict[str, int]

    def counts(self) -> dict[str, dict[str, int]]:
        """Rows by kind and label, for the record."""
        table: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.rows:
            table[row.dataset][row.label.value] += 1
        return {name: dict(sorted(table[name].items())) for name in sorted(table)}


def build_mixture(source: Sequence[PairRow], options: MixtureOptions, fields: Sequence[Field] = ()) -> Mixture:
    """Build the mixture.

    Args:
        source: Public pairs; `dataset` names the set.
        options: Counts, seed and shares.
        fields: Passages of title, section and value; none leaves that kind out.

    Returns:
        Rows in random order, no two with the same claim and evidence.

    Raises:
        InputError: No row of a set with a known licence is there.
    """
    allowed = [row for row in source if row.dataset in LICENCES]
    left_out = Counter(row.dataset for row in source if row.dataset not in LICENCES)
    if not allowed:
        raise InputError(
            "no row belongs to a set whose licence is known", remedy=f"set 'dataset' to one of {', '.join(LICENCES)}"
        )
    builder = _Builder(allowed, options)
    parts: list[list[PairRow]] = [builder.original()]
    kinds: tuple[tuple[str, int, Callable[[Random], Iterator[PairRow]]], ...] = (
        ("distractors", options.distractors, builder.distractors),
        ("joined", options.joined, builder.joined),
        ("removed", options.removed, builder.removed),
        ("numbers", options.numbers, builder.numbers),
        ("contrast", options.contrast, builder.contrast),
        ("negation", options.negation, builder.negation),
        ("entity", options.entity, builder.entity),
        ("extract", options.extract, builder.extract),
    )
    for name, count, make in kinds:
        parts.append(_take(make(_rng(options.seed, name)), round(count * options.scale)))
    wanted = round(options.fields * options.scale)
    parts.append(list(field_pairs(fields, wanted, _rng(options.seed, "fields"))) if fields else [])

    rng = _rng(options.seed, "finish")
    seen: set[tuple[str, str]] = set()
    rows: list[PairRow] = []
    for row in (row for part in parts for row in part):
        finished = _finish(row, options, rng)
        key = (finished.claim, finished.evidence)
        if key not in seen:
            seen.add(key)
            rows.append(finished)
    rng.shuffle(rows)
    return Mixture(rows=rows, left_out=dict(sorted(left_out.items())))


def _rng(seed: int, name: str) -> Random:
    # Each kind has chance of its own, so that changing one count leaves the other kinds as they were.
    return Random(f"{seed}:{name}")  # noqa: S311 - reproducible data, no secret


def _take(rows: Iterator[PairRow], count: int) -> list[PairRow]:
    taken: list[PairRow] = []
    if count > 0:
        for row in rows:
            taken.append(row)
            if len(taken) >= count:
                break
    return taken


def _finish(row: PairRow, options: MixtureOptions, rng: Random) -> PairRow:
    claim, evidence = row.claim.strip(), row.evidence.strip()
    origin = row.dataset.partition("+")[0]
    if origin != "factbook":
        if (
            rng.random() < options.titled
            and "\n" not in evidence
            and origin in {"fever", "fever_nei", "fever_nearmiss"}
        ):
            title = _title(claim, evidence)
            if title is not None:
                evidence = f"{title}\n{evidence}"
        if rng.random() < options.spoken:
            claim = edits.as_spoken(claim, rng)
    return PairRow(claim=claim, evidence=evidence, label=row.label, dataset=row.dataset)


_PRONOUN = re.compile(r"^(He|She|It|They|His|Her|Its|Their|The (film|series|show|band|album|song|city|book|game))\b")


def _title(claim: str, evidence: str) -> str | None:
    """The page a sentence stands on: its own first name, or the claim's subject when a pronoun stands in its place."""
    if _PRONOUN.match(evidence):
        subject = _subject(claim)
        return subject if subject is not None else None
    found = edits.names(evidence[:80])
    return found[0] if found and evidence.startswith(found[0]) else None


def _subject(claim: str) -> str | None:
    """The name that a claim starts with."""
    found = edits.names(claim)
    return found[0] if found and claim.startswith(found[0]) else None


def _derived(row: PairRow, kind: str, claim: str, evidence: str, label: PairLabel) -> PairRow:
    return PairRow(claim=claim, evidence=evidence, label=label, dataset=f"{row.dataset.partition('+')[0]}+{kind}")


class _Builder:
    """Holds the rows and their sentence pool; each method yields rows of one kind for as long as it can."""

    def __init__(self, rows: Sequence[PairRow], options: MixtureOptions) -> None:
        self._options = options
        self._rows = rows
        wiki = [row for row in rows if row.dataset in {"fever", "fever_nei", "fever_nearmiss"}]
        self._supported = [row for row in wiki if row.label is PairLabel.SUPPORTS]
        self._refuted = [row for row in wiki if row.label is PairLabel.REFUTES]
        self._unknown = [row for row in wiki if row.label is PairLabel.NOT_ENOUGH_INFO]
        self._wiki = wiki
        self._gold: dict[str, list[str]] = defaultdict(list)
        for row in (*self._supported, *self._refuted):
            self._gold[row.claim].append(row.evidence)
        self._pool = SentencePool(row.evidence for row in wiki)
        self._names_after: dict[str, list[str]] = defaultdict(list)
        for row in self._supported:
            for name in edits.names(row.claim):
                word = _word_before(row.claim, name)
                if word:
                    self._names_after[word].append(name)
        self._subjects = sorted({name for row in self._supported if (name := _subject(row.claim))})
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for name in self._subjects:
            self._by_length[len(name.split(" "))].append(name)

    def original(self) -> list[PairRow]:
        """A sample of every public set, its labels in about equal parts where it has enough of each."""
        rng = _rng(self._options.seed, "original")
        groups: dict[str, dict[PairLabel, list[PairRow]]] = defaultdict(lambda: defaultdict(list))
        for row in self._rows:
            groups[row.dataset][row.label].append(row)
        kept: list[PairRow] = []
        for name in sorted(groups):
            count = round(_ORIGINAL.get(name, 5000) * self._options.scale)
            by_label = sorted(groups[name].items())
            left = count
            for position, (_, members) in enumerate(sorted(by_label, key=lambda item: len(item[1]))):
                share = left // (len(by_label) - position)
                chosen = members if len(members) <= share else rng.sample(members, share)
                kept.extend(chosen)
                left -= len(chosen)
        return kept

    def _shuffled(self, rows: Sequence[PairRow], rng: Random) -> list[PairRow]:
        return rng.sample(rows, len(rows))

    def _mixed(self, rng: Random) -> Iterator[PairRow]:
        """Supported, refuted and unsettled rows in turn."""
        groups = [self._shuffled(group, rng) for group in (self._supported, self._refuted, self._unknown)]
        for position in range(max(map(len, groups), default=0)):
            for group in groups:
                if group:
                    yield group[position % len(group)]

    def distractors(self, rng: Random) -> Iterator[PairRow]:
        """Evidence among sentences about the same names, in any order; up to about 220 tokens."""
        for row in self._mixed(rng):
            gold = edits.sentences(row.evidence)
            count = rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 8))
            near = self._pool.near(f"{row.claim} {row.evidence}", count, rng, exclude=self._gold[row.claim])
            if row.label is PairLabel.NOT_ENOUGH_INFO:
                near = [text for text in near if coverage(row.claim, text) < 0.7]
            if not near:
                continue
            if rng.random() < 0.7:
                # The gold sentences stay in their order: a pronoun in the second reads the first.
                block: list[list[str]] = [gold, *([text] for text in near)]
                rng.shuffle(block)
                parts = [text for group in block for text in group]
            else:
                parts = [*gold, *near]
                rng.shuffle(parts)
            evidence = _joined(parts, rng)
            if len(evidence.split()) <= 170:
                yield _derived(row, "distractors", row.claim, evidence, row.label)

    def removed(self, rng: Random) -> Iterator[PairRow]:
        """The same claims, supported or refuted elsewhere, with near sentences only: not enough information."""
        groups = [self._shuffled(group, rng) for group in (self._supported, self._refuted)]
        for pair in zip(*groups, strict=False):
            for row in pair:
                count = rng.choice((1, 1, 1, 2, 2, 3, 4, 5))
                near = self._pool.near(
                    f"{row.claim} {row.claim} {row.evidence}", count, rng, exclude=self._gold[row.claim]
                )
                near = [text for text in near if coverage(row.claim, text) < 0.67]
                if near and coverage(row.claim, " ".join(near)) < 0.85:
                    evidence = _joined(near, rng)
                    yield _derived(row, "removed", row.claim, evidence, PairLabel.NOT_ENOUGH_INFO)

    def joined(self, rng: Random) -> Iterator[PairRow]:
        """Two claims in one. The same joined claim is supported by both pieces of evidence and not by one of them."""
        by_subject: dict[str, list[PairRow]] = defaultdict(list)
        for row in self._wiki:
            subject = _subject(row.claim)
            if subject is not None and len(row.claim.split()) <= 16:
                by_subject[subject].append(row)
        subjects = sorted(name for name, rows in by_subject.items() if len({row.claim for row in rows}) >= 2)
        while subjects:
            subject = rng.choice(subjects)
            rows = by_subject[subject]
            first = rng.choice(rows)
            supported = [row for row in rows if row.label is PairLabel.SUPPORTS]
            if not supported:
                subjects.remove(subject)
                continue
            second = rng.choice(supported)
            if first.claim == second.claim:
                if len(supported) + len(rows) < 4:
                    subjects.remove(subject)
                continue
            order = [first, second] if rng.random() < 0.5 else [second, first]
            claim = _join_claims(order[0].claim, order[1].claim, subject, rng)
            both = [first.evidence, second.evidence]
            rng.shuffle(both)
            extra = self._pool.near(claim, 1, rng) if rng.random() < 0.25 else []
            if first.label is PairLabel.NOT_ENOUGH_INFO:
                evidence = second.evidence if rng.random() < 0.5 else _joined([*both, *extra], rng)
                if coverage(first.claim, second.evidence) < 0.7:
                    yield _derived(first, "joined", claim, evidence, PairLabel.NOT_ENOUGH_INFO)
                continue
            if len(" ".join(both).split()) > 170:
                continue
            yield _derived(first, "joined", claim, _joined(both, rng), first.label)
            if coverage(first.claim, second.evidence) < 0.6 and rng.random() < 0.6:
                # One part without evidence: partly supported is not supported.
                yield _derived(
                    first, "joined", claim, _joined([second.evidence, *extra], rng), PairLabel.NOT_ENOUGH_INFO
                )

    def contrast(self, rng: Random) -> Iterator[PairRow]:
        """One name or number replaced in the claim, the evidence or both: neither tells the label without the other."""
        for row in self._shuffled(self._supported, rng):
            subject = _subject(row.claim)
            shared = [
                name
                for name in edits.names(row.claim)
                if name != subject and edits.has_word(row.evidence, name) and _word_before(row.claim, name)
            ]
            changed: tuple[str, str] | None = None
            found = [n for n in edits.numbers(row.claim) if edits.has_word(row.evidence, row.claim[n.start : n.end])]
            if found and rng.random() < 0.6:
                number = rng.choice(found)
                value = edits.other_value(number.value, is_year=number.looks_like_year, rng=rng)
                changed = row.claim[number.start : number.end], edits.write_number(value, number, row.claim)
            elif shared:
                name = rng.choice(shared)
                pool = self._names_after[_word_before(row.claim, name)]
                other = rng.choice(pool)
                if other.lower() in row.evidence.lower() or other.lower() in row.claim.lower():
                    continue
                changed = name, other
            if changed is None or changed[0] == changed[1]:
                continue
            claim = edits.replace_word(row.claim, *changed)
            evidence = edits.replace_word(row.evidence, *changed)
            if claim == row.claim or evidence == row.evidence or edits.has_word(row.evidence, changed[1]):
                continue
            yield _derived(row, "contrast", claim, row.evidence, PairLabel.REFUTES)
            yield _derived(row, "contrast", row.claim, evidence, PairLabel.REFUTES)
            yield _derived(row, "contrast", claim, evidence, PairLabel.SUPPORTS)
            if rng.random() < 0.7:
                yield _derived(row, "contrast", row.claim, row.evidence, PairLabel.SUPPORTS)

    def entity(self, rng: Random) -> Iterator[PairRow]:
        """The evidence renamed to another entity (no evidence for the claim), and both renamed (the label stays)."""
        for row in self._mixed(rng):
            subject = _subject(row.claim)
            if subject is None or row.label is PairLabel.NOT_ENOUGH_INFO:
                continue
            length = len(subject.split(" "))
            other = rng.choice(self._by_length[length]) if self._by_length[length] else subject
            if other.split(" ")[-1] in row.evidence or other.split(" ")[0] in row.evidence or other == subject:
                continue
            evidence = edits.replace_word(row.evidence, subject, other)
            for old, new in zip(subject.split(" "), other.split(" "), strict=True):
                if old[0].isupper() and len(old) > 3:
                    evidence = edits.replace_word(evidence, old, new)
            if evidence == row.evidence:
                if _PRONOUN.match(row.evidence):
                    yield _derived(row, "entity", row.claim, f"{other}\n{row.evidence}", PairLabel.NOT_ENOUGH_INFO)
                    yield _derived(row, "entity", row.claim, f"{subject}\n{row.evidence}", row.label)
                continue
            if subject.split(" ")[-1] in evidence:
                continue
            yield _derived(row, "entity", row.claim, evidence, PairLabel.NOT_ENOUGH_INFO)
            yield _derived(row, "entity", edits.replace_word(row.claim, subject, other), evidence, row.label)

    def negation(self, rng: Random) -> Iterator[PairRow]:
        """ "Not" added or taken away, which turns SUPPORTS and REFUTES over and leaves NOT_ENOUGH_INFO as it is."""
        turned = {
            PairLabel.SUPPORTS: PairLabel.REFUTES,
            PairLabel.REFUTES: PairLabel.SUPPORTS,
            PairLabel.NOT_ENOUGH_INFO: PairLabel.NOT_ENOUGH_INFO,
        }
        # Refuted claims first and twice as often: a "not" in public data nearly always means REFUTES, and has to unlearn that.
        groups = [
            self._shuffled(group, rng) for group in (self._supported, self._refuted, self._refuted, self._unknown)
        ]
        for rows in zip(*groups, strict=False):
            for row in rows:
                claim = edits.negate(row.claim, rng)
                if claim is not None:
                    yield _derived(row, "negation", claim, row.evidence, turned[row.label])

    def numbers(self, rng: Random) -> Iterator[PairRow]:
        """A number or date written another way (label kept) or another value in the same manner (refuted)."""
        for row in self._shuffled(self._supported, rng):
            found = [n for n in edits.numbers(row.claim) if _holds(row.evidence, n.value)]
            turned = edits.reword_date(row.claim)
            if turned is not None and rng.random() < 0.5:
                yield _derived(row, "numbers", turned, row.evidence, PairLabel.SUPPORTS)
                number = next((n for n in edits.numbers(turned) if _holds(row.evidence, n.value)), None)
                if number is not None:
                    claim = _with_number(
                        turned,
                        number,
                        str(int(edits.other_value(number.value, is_year=number.looks_like_year, rng=rng))),
                    )
                    yield _derived(row, "numbers", claim, row.evidence, PairLabel.REFUTES)
                continue
            if not found:
                continue
            number = rng.choice(found)
            year = number.looks_like_year
            before = row.claim[: number.start].rstrip().lower()
            after = row.claim[number.end :].lstrip()[:12]
            if (year and before.endswith(" in")) or (not year and number.value >= 4 and not _bound(before, after)):
                if rng.random() < 0.5 or year:
                    start = number.start - 3 if year else number.start
                    for holds in (True, False):
                        phrase = edits.compare_claim(number.value, is_year=year, holds=holds, rng=rng)
                        claim = row.claim[:start] + phrase + row.claim[number.end :]
                        label = PairLabel.SUPPORTS if holds else PairLabel.REFUTES
                        yield _derived(row, "numbers", claim, row.evidence, label)
                    continue
            if _bound(before, after):
                continue
            wrong = edits.other_value(number.value, is_year=year, rng=rng)
            same = edits.reword_number(number.value, is_year=year, rng=rng)
            if same is None:
                continue
            if _holds(row.evidence, wrong):
                continue
            changed = edits.reword_number(wrong, is_year=year, rng=rng) or edits.write_number(wrong, number, row.claim)
            yield _derived(row, "numbers", _with_number(row.claim, number, same), row.evidence, PairLabel.SUPPORTS)
            yield _derived(row, "numbers", _with_number(row.claim, number, changed), row.evidence, PairLabel.REFUTES)

    def extract(self, rng: Random) -> Iterator[PairRow]:
        """A sentence of a passage as the claim; one name or number of it changed; a sentence of another passage."""
        texts = self._pool.texts
        while len(texts) >= 8:
            claim = _clean_sentence(rng.choice(texts))
            near = self._pool.near(claim, rng.choice((3, 4, 5, 6)), rng)
            own = [text for text in near if _clean_sentence(text) == claim]
            others = [text for text in near if text not in own]
            if not 7 <= len(claim.split()) <= 34 or len(others) < 2:
                continue
            source = own[0] if own else claim
            whole = [*others, source]
            rng.shuffle(whole)
            if len(" ".join(whole).split()) > 180:
                continue
            kind = rng.choice((PairLabel.SUPPORTS, PairLabel.REFUTES, PairLabel.NOT_ENOUGH_INFO))
            shaped = _shorten(claim, rng)
            row = PairRow(claim=shaped, evidence="", label=kind, dataset="fever")
            if kind is PairLabel.SUPPORTS:
                yield _derived(row, "extract", shaped, _joined(whole, rng), kind)
            elif kind is PairLabel.NOT_ENOUGH_INFO:
                if max(coverage(shaped, text) for text in others) < 0.7:
                    yield _derived(row, "extract", shaped, _joined(others, rng), kind)
            else:
                wrong = self._corrupt(shaped, others, rng)
                if wrong is not None:
                    yield _derived(row, "extract", wrong, _joined(whole, rng), kind)

    def _corrupt(self, claim: str, others: Sequence[str], rng: Random) -> str | None:
        """Change one number, or one name for a name of the neighbouring sentences."""
        found = edits.numbers(claim)
        if found and rng.random() < 0.5:
            number = rng.choice(found)
            value = edits.other_value(number.value, is_year=number.looks_like_year, rng=rng)
            return _with_number(claim, number, edits.write_number(value, number, claim))
        mine = edits.names(claim)
        pool = [name for text in others for name in edits.names(text) if not _overlaps(name, claim)]
        if rng.random() < 0.3:
            return edits.negate(claim, rng)
        if not mine or not pool:
            return None
        return edits.replace_word(claim, rng.choice(mine), rng.choice(pool))


def _overlaps(name: str, text: str) -> bool:
    return bool(content_words(name) & content_words(text))


def _word_before(claim: str, name: str) -> str:
    """The word in front of a name: names that follow the same word ("directed by", "in") are of a kind."""
    start = claim.find(name)
    words = claim[:start].split()
    return words[-1].lower() if words and words[-1].isalpha() and words[-1].islower() else ""


def _holds(evidence: str, value: float) -> bool:
    return any(abs(number.value - value) < 1e-9 for number in edits.numbers(evidence))


_SIZE_WORD = re.compile(r"(million|billion|trillion|thousand|hundred|st|nd|rd|th|st|century|%|percent)\b|%")


def _bound(before: str, after: str) -> bool:
    """Whether a number already stands in a comparison, is a part of a date or is followed by a word of size."""
    words = before.split()
    last = " ".join(words[-2:])
    months = "january february march april may june july august september october november december".split()
    return bool(
        (words and words[-1] in {"than", "over", "under", "about", "least", "most", "around", "nearly", "number", "no"})
        or (words and words[-1] in months)
        or last.endswith(("and", "to", "$", "£", "the"))
        or _SIZE_WORD.match(after)
        or after.lower().startswith(tuple(months))
    )


def _with_number(claim: str, number: edits.Number, written: str) -> str:
    return claim[: number.start] + written + claim[number.end :]


def _joined(parts: Sequence[str], rng: Random) -> str:
    """Sentences as one passage, or, now and then, as separate passages."""
    return ("\n\n" if rng.random() < 0.15 else " ").join(part.strip() for part in parts)


def _join_claims(first: str, second: str, subject: str, rng: Random) -> str:
    """Two claims as one sentence or two; the shared subject is said once where grammar allows it."""
    head = first.rstrip(" .")
    rest = second[len(subject) :].strip() if second.startswith(subject) else ""
    style = rng.random()
    if rest and not rest.startswith(("'", "’", ",", "(")) and rest[:1].islower():
        if style < 0.55:
            return f"{head} and {rest}"
        if style < 0.7:
            return f"{head}, and {rest}"
        if style < 0.8:
            return f"{head}. {rng.choice(('Furthermore', 'Also', 'In addition'))}, {second}"
    return f"{head}, and {second}" if style < 0.4 else f"{head}. {second}"


_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_SPACED = re.compile(r"\s+([,.;:!?])")


def _clean_sentence(text: str) -> str:
    return _SPACED.sub(r"\1", _BRACKETS.sub("", text)).strip()


def _shorten(claim: str, rng: Random) -> str:
    """Drop a last subordinate part, as a summary would, where enough is left to be a sentence."""
    if rng.random() < 0.5:
        return claim
    head = re.split(r", (?:which|who|where|and|with|including|a|an|the) ", claim, maxsplit=1)[0]
    return head.rstrip(" .") + "." if 7 <= len(head.split()) < len(claim.split()) else claim
