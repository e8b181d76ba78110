"""The kinds of pairs that are built from public ones; `pairs` says how many of each.

Each kind is built so that no label can be told from the claim alone or from the style of the edit: the same claim comes
with different evidence under different labels, and every edit has a twin that keeps the meaning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random

from factcheck.train import edits
from factcheck.train.neighbours import SentencePool, coverage
from factcheck.train.phrasing import (
    PRONOUN,
    as_passage,
    clean_sentence,
    holds_value,
    is_bound,
    join_claims,
    overlaps,
    shorten,
    subject_of,
    with_number,
    word_before,
)
from factcheck.train.rows import PairLabel, PairRow

LONGEST = 260
"""Words of built evidence at most: what a model of 384 tokens reads whole beside a claim."""


def _derived(row: PairRow, kind: str, claim: str, evidence: str, label: PairLabel) -> PairRow:
    return PairRow(claim=claim, evidence=evidence, label=label, dataset=f"{row.dataset.partition('+')[0]}+{kind}")


class PairBuilder:
    """Holds the rows and their sentence pool; each method yields rows of one kind for as long as it can."""

    def __init__(self, rows: Sequence[PairRow]) -> None:
        """Sort the rows by what they can be made into; only pairs about Wikipedia pages are built from."""
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
                word = word_before(row.claim, name)
                if word:
                    self._names_after[word].append(name)
        self._subjects = sorted({subject for row in self._supported if (subject := subject_of(row.claim))})
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for name in self._subjects:
            self._by_length[len(name.split(" "))].append(name)

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
        """Evidence among sentences about the same names, in any order."""
        for row in self._mixed(rng):
            gold = edits.sentences(row.evidence)
            count = rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 11, 14))
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
            evidence = as_passage(parts, rng)
            if len(evidence.split()) <= LONGEST:
                yield _derived(row, "distractors", row.claim, evidence, row.label)

    def removed(self, rng: Random) -> Iterator[PairRow]:
        """The same claims, supported or refuted elsewhere, with near sentences only: not enough information."""
        groups = [self._shuffled(group, rng) for group in (self._supported, self._refuted)]
        for pair in zip(*groups, strict=False):
            for row in pair:
                count = rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 9, 13))
                near = self._pool.near(
                    f"{row.claim} {row.claim} {row.evidence}", count, rng, exclude=self._gold[row.claim]
                )
                near = [text for text in near if coverage(row.claim, text) < 0.67]
                if near and coverage(row.claim, " ".join(near)) < 0.85:
                    evidence = as_passage(near, rng)
                    yield _derived(row, "removed", row.claim, evidence, PairLabel.NOT_ENOUGH_INFO)

    def joined(self, rng: Random) -> Iterator[PairRow]:
        """Two claims in one. The same joined claim is supported by both pieces of evidence and not by one of them."""
        by_subject: dict[str, list[PairRow]] = defaultdict(list)
        for row in self._wiki:
            subject = subject_of(row.claim)
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
            claim = join_claims(order[0].claim, order[1].claim, subject, rng)
            both = [first.evidence, second.evidence]
            rng.shuffle(both)
            extra = self._pool.near(claim, rng.choice((1, 1, 4, 8)), rng) if rng.random() < 0.35 else []
            if first.label is PairLabel.NOT_ENOUGH_INFO:
                evidence = second.evidence if rng.random() < 0.5 else as_passage([*both, *extra], rng)
                if coverage(first.claim, second.evidence) < 0.7:
                    yield _derived(first, "joined", claim, evidence, PairLabel.NOT_ENOUGH_INFO)
                continue
            if len(" ".join([*both, *extra]).split()) > LONGEST:
                continue
            yield _derived(first, "joined", claim, as_passage([*both, *extra], rng), first.label)
            if coverage(first.claim, second.evidence) < 0.6 and rng.random() < 0.6:
                # One part without evidence: partly supported is not supported.
                yield _derived(
                    first, "joined", claim, as_passage([second.evidence, *extra], rng), PairLabel.NOT_ENOUGH_INFO
                )

    def contrast(self, rng: Random) -> Iterator[PairRow]:
        """One name or number replaced in the claim, the evidence or both: neither tells the label without the other."""
        for row in self._shuffled(self._supported, rng):
            subject = subject_of(row.claim)
            shared = [
                name
                for name in edits.names(row.claim)
                if name != subject and edits.has_word(row.evidence, name) and word_before(row.claim, name)
            ]
            changed: tuple[str, str] | None = None
            found = [n for n in edits.numbers(row.claim) if edits.has_word(row.evidence, row.claim[n.start : n.end])]
            if found and rng.random() < 0.6:
                number = rng.choice(found)
                value = edits.other_value(number.value, is_year=number.looks_like_year, rng=rng)
                changed = row.claim[number.start : number.end], edits.write_number(value, number, row.claim)
            elif shared:
                name = rng.choice(shared)
                pool = self._names_after[word_before(row.claim, name)]
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
            subject = subject_of(row.claim)
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
                if PRONOUN.match(row.evidence):
                    yield _derived(row, "entity", row.claim, f"{other}\n{row.evidence}", PairLabel.NOT_ENOUGH_INFO)
                    yield _derived(row, "entity", row.claim, f"{subject}\n{row.evidence}", row.label)
                continue
            if subject.split(" ")[-1] in evidence:
                continue
            yield _derived(row, "entity", row.claim, evidence, PairLabel.NOT_ENOUGH_INFO)
            yield _derived(row, "entity", edits.replace_word(row.claim, subject, other), evidence, row.label)

    def negation(self, rng: Random) -> Iterator[PairRow]:
        """A "not" added or taken away: SUPPORTS and REFUTES change places, NOT_ENOUGH_INFO stays."""
        turned = {
            PairLabel.SUPPORTS: PairLabel.REFUTES,
            PairLabel.REFUTES: PairLabel.SUPPORTS,
            PairLabel.NOT_ENOUGH_INFO: PairLabel.NOT_ENOUGH_INFO,
        }
        # Refuted claims twice as often: in public data a "not" nearly always means REFUTES, which is to be unlearnt.
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
            found = [n for n in edits.numbers(row.claim) if holds_value(row.evidence, n.value)]
            turned = edits.reword_date(row.claim)
            if turned is not None and rng.random() < 0.5:
                yield _derived(row, "numbers", turned, row.evidence, PairLabel.SUPPORTS)
                number = next((n for n in edits.numbers(turned) if holds_value(row.evidence, n.value)), None)
                if number is not None:
                    claim = with_number(
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
            comparable = before.endswith(" in") if year else number.value >= 4 and not is_bound(before, after)
            if comparable and (rng.random() < 0.5 or year):
                start = number.start - 3 if year else number.start
                for holds in (True, False):
                    phrase = edits.compare_claim(number.value, is_year=year, holds=holds, rng=rng)
                    claim = row.claim[:start] + phrase + row.claim[number.end :]
                    label = PairLabel.SUPPORTS if holds else PairLabel.REFUTES
                    yield _derived(row, "numbers", claim, row.evidence, label)
                continue
            if is_bound(before, after):
                continue
            wrong = edits.other_value(number.value, is_year=year, rng=rng)
            same = edits.reword_number(number.value, is_year=year, rng=rng)
            if same is None:
                continue
            if holds_value(row.evidence, wrong):
                continue
            changed = edits.reword_number(wrong, is_year=year, rng=rng) or edits.write_number(wrong, number, row.claim)
            yield _derived(row, "numbers", with_number(row.claim, number, same), row.evidence, PairLabel.SUPPORTS)
            yield _derived(row, "numbers", with_number(row.claim, number, changed), row.evidence, PairLabel.REFUTES)

    def extract(self, rng: Random) -> Iterator[PairRow]:
        """A sentence of a passage as the claim; one name or number of it changed; a sentence of another passage."""
        texts = self._pool.texts
        while len(texts) >= 8:
            claim = clean_sentence(rng.choice(texts))
            near = self._pool.near(claim, rng.choice((3, 4, 5, 6)), rng)
            own = [text for text in near if clean_sentence(text) == claim]
            others = [text for text in near if text not in own]
            if not 7 <= len(claim.split()) <= 34 or len(others) < 2:
                continue
            source = own[0] if own else claim
            whole = [*others, source]
            rng.shuffle(whole)
            if len(" ".join(whole).split()) > LONGEST:
                continue
            kind = rng.choice((PairLabel.SUPPORTS, PairLabel.REFUTES, PairLabel.NOT_ENOUGH_INFO))
            shaped = shorten(claim, rng)
            row = PairRow(claim=shaped, evidence="", label=kind, dataset="fever")
            if kind is PairLabel.SUPPORTS:
                yield _derived(row, "extract", shaped, as_passage(whole, rng), kind)
            elif kind is PairLabel.NOT_ENOUGH_INFO:
                if max(coverage(shaped, text) for text in others) < 0.7:
                    yield _derived(row, "extract", shaped, as_passage(others, rng), kind)
            else:
                wrong = self._corrupt(shaped, others, rng)
                if wrong is not None:
                    yield _derived(row, "extract", wrong, as_passage(whole, rng), kind)

    def summary(self, rng: Random) -> Iterator[PairRow]:
        """Two or three sentences of a passage, shortened, as one claim; one of them changed, or its source taken away.

        Answers of models are checked sentence by sentence against pages, and such a sentence says several things.
        """
        texts = self._pool.texts
        while len(texts) >= 12:
            near = self._pool.near(rng.choice(texts), rng.choice((5, 7, 9, 12)), rng)
            fit = [text for text in near if 6 <= len(clean_sentence(text).split()) <= 30]
            count = rng.choice((2, 2, 2, 3))
            if len(fit) < count + 2 or len(" ".join(near).split()) > LONGEST:
                continue
            chosen = rng.sample(fit, count)
            said = [shorten(clean_sentence(text), rng) for text in chosen]
            kind = rng.choice((PairLabel.SUPPORTS, PairLabel.REFUTES, PairLabel.NOT_ENOUGH_INFO))
            place = rng.randrange(count)
            others = [text for text in near if text not in chosen]
            shown = list(near)
            if kind is PairLabel.REFUTES:
                wrong = self._corrupt(said[place], others, rng)
                if wrong is None:
                    continue
                said[place] = wrong
            elif kind is PairLabel.NOT_ENOUGH_INFO:
                shown.remove(chosen[place])
                if max(coverage(said[place], text) for text in shown) >= 0.7:
                    continue
            rng.shuffle(shown)
            claim = said[0]
            for text in said[1:]:
                link = rng.choice((" ", " ", " Also, ", " In addition, ", " Moreover, ", " and "))
                claim = claim.rstrip() + link + text if link != " and " else claim.rstrip(" .") + link + text
            row = PairRow(claim=claim, evidence="", label=kind, dataset="fever")
            yield _derived(row, "summary", claim, as_passage(shown, rng), kind)

    def _corrupt(self, claim: str, others: Sequence[str], rng: Random) -> str | None:
        """Change one number, or one name for a name of the neighbouring sentences."""
        found = edits.numbers(claim)
        if found and rng.random() < 0.5:
            number = rng.choice(found)
            value = edits.other_value(number.value, is_year=number.looks_like_year, rng=rng)
            return with_number(claim, number, edits.write_number(value, number, claim))
        mine = edits.names(claim)
        pool = [name for text in others for name in edits.names(text) if not overlaps(name, claim)]
        if rng.random() < 0.3:
            return edits.negate(claim, rng)
        if not mine or not pool:
            return None
        return edits.replace_word(claim, rng.choice(mine), rng.choice(pool))
