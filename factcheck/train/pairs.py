"""The training mixture: public pairs, and pairs built from them that look like what the verifier will meet.

What public sets do not have and retrieval brings: several sentences of which one decides, passages about the same names
that decide nothing, claims of several facts, another way to write a number, a title and a section before a bare value.
Each kind is built so that no label can be told from the claim alone or from the style of the edit: the same claim comes
with different evidence under different labels, and every edit has a twin that keeps the meaning.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from factcheck.errors import InputError
from factcheck.train import edits
from factcheck.train.fields import Field, field_pairs
from factcheck.train.kinds import PairBuilder
from factcheck.train.phrasing import page_title
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
    "dev_fm2": "Apache-2.0",
    "dev_wice": "ODC-BY 1.0",
    "dev_begin": "CC BY 4.0",
    "dev_halueval_qa_sample": "MIT",
    "dev_dialfact_small": "BSD-3-Clause",
    "dev_conjnli": "MIT",
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
        scale: Multiplies every count.
        published: Multiplies the counts of public rows as they are, once more.
        longest: Words of evidence; longer rows are left out. Reading is in windows, so long rows teach little a second.
        distractors: Gold evidence among one to eight sentences about the same names.
        joined: Claims made of two or three claims.
        removed: Claims whose evidence was taken away, near sentences left.
        numbers: Numbers, dates and comparisons, kept and changed.
        contrast: One name replaced in claim, in evidence, in both and in neither.
        negation: "Not" added or removed.
        entity: The same words about another entity, and both renamed.
        extract: Sentences of a passage as claims, kept and corrupted.
        summary: Several sentences of a passage as one claim, kept, one corrupted, or one without its source.
        fields: Title, section and bare value.
        spoken: Share of rows whose claim is put the way one speaks, in [0, 1].
        titled: Share of rows whose evidence gets a title line, in [0, 1].
    """

    seed: int = 13
    scale: float = 1.0
    published: float = 1.0
    longest: int | None = None
    distractors: int = 30000
    joined: int = 14000
    removed: int = 12000
    numbers: int = 12000
    contrast: int = 14000
    negation: int = 8000
    entity: int = 8000
    extract: int = 14000
    summary: int = 14000
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
    builder = PairBuilder(allowed)
    parts: list[list[PairRow]] = [_original(allowed, options)]
    kinds: tuple[tuple[str, int, Callable[[Random], Iterator[PairRow]]], ...] = (
        ("distractors", options.distractors, builder.distractors),
        ("joined", options.joined, builder.joined),
        ("removed", options.removed, builder.removed),
        ("numbers", options.numbers, builder.numbers),
        ("contrast", options.contrast, builder.contrast),
        ("negation", options.negation, builder.negation),
        ("entity", options.entity, builder.entity),
        ("extract", options.extract, builder.extract),
        ("summary", options.summary, builder.summary),
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
        fits = options.longest is None or len(finished.evidence.split()) <= options.longest
        if fits and key not in seen:
            seen.add(key)
            rows.append(finished)
    rng.shuffle(rows)
    return Mixture(rows=rows, left_out=dict(sorted(left_out.items())))


def first_stage(rows: Sequence[PairRow], *, most_words: int = 60) -> list[PairRow]:
    """The rows to start with: of public sets as they are, with short evidence.

    A fresh cross-encoder stands still at chance on built rows alone; short plain ones set it going, and are cheaper.

    Args:
        rows: A mixture.
        most_words: Longest evidence.
    """
    return [row for row in rows if "+" not in row.dataset and len(row.evidence.split()) <= most_words]


def _rng(seed: int, name: str) -> Random:
    # Each kind has chance of its own, so that changing one count leaves the other kinds as they were.
    return Random(f"{seed}:{name}")  # noqa: S311 - reproducible data, no secret


def _original(rows: Sequence[PairRow], options: MixtureOptions) -> list[PairRow]:
    """A sample of every public set, its labels in about equal parts where it has enough of each."""
    rng = _rng(options.seed, "original")
    groups: dict[str, dict[PairLabel, list[PairRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[row.dataset][row.label].append(row)
    kept: list[PairRow] = []
    for name in sorted(groups):
        left = round(_ORIGINAL.get(name, 5000) * options.scale * options.published)
        by_label = sorted(groups[name].items())
        for position, (_, members) in enumerate(sorted(by_label, key=lambda item: len(item[1]))):
            share = left // (len(by_label) - position)
            chosen = members if len(members) <= share else rng.sample(members, share)
            kept.extend(chosen)
            left -= len(chosen)
    return kept


def _take(rows: Iterator[PairRow], count: int) -> list[PairRow]:
    return list(islice(rows, max(count, 0)))


def _finish(row: PairRow, options: MixtureOptions, rng: Random) -> PairRow:
    claim, evidence = row.claim.strip(), row.evidence.strip()
    origin = row.dataset.partition("+")[0]
    if origin != "factbook":
        if (
            rng.random() < options.titled
            and "\n" not in evidence
            and origin in {"fever", "fever_nei", "fever_nearmiss"}
        ):
            title = page_title(claim, evidence)
            if title is not None:
                evidence = f"{title}\n{evidence}"
        if rng.random() < options.spoken:
            claim = edits.as_spoken(claim, rng)
    return PairRow(claim=claim, evidence=evidence, label=row.label, dataset=row.dataset)
