from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from factcheck.errors import InputError
from factcheck.train.fields import Field
from factcheck.train.kinds import LONGEST
from factcheck.train.neighbours import SentencePool, coverage
from factcheck.train.pairs import LICENCES, Mixture, MixtureOptions, build_mixture, first_stage
from factcheck.train.rows import PairLabel, PairRow

_PLACES = ["Norville", "Castor", "Belmont", "Arden", "Tarsis", "Velmora"]
_JOBS = ["painter", "novelist", "composer", "architect", "botanist", "engineer"]
_FIRST = ["Mara", "Jonas", "Ilse", "Pavel", "Rhea", "Tomas", "Vera", "Edwin", "Lotte", "Osric"]
_LAST = ["Keld", "Marsh", "Orlov", "Quint", "Stone", "Tarn"]


def _row(claim: str, evidence: str, label: PairLabel, dataset: str = "fever") -> PairRow:
    return PairRow(claim=claim, evidence=evidence, label=label, dataset=dataset)


def _source() -> list[PairRow]:
    """An invented encyclopedia: people with a birth, a job and a number of works, and claims about them."""
    rows = []
    for place, first in enumerate(_FIRST):
        for other, last in enumerate(_LAST):
            number = place * len(_LAST) + other
            name, city, job = f"{first} {last}", _PLACES[number % 6], _JOBS[(number // 2) % 6]
            year, works = 1850 + number, 120 + 37 * number
            evidence = f"{name} (born March 5, {year}) was a {job} from {city} who left behind {works} sketches."
            more = f"In {year + 30}, {name} moved to {_PLACES[(number + 1) % 6]} and opened a school with Vera Stone."
            supported = [
                (f"{name} was a {job}.", evidence),
                (f"{name} left behind {works} sketches.", evidence),
                (f"{name} was born in {year}.", f"{evidence} {more}"),
                (f"{name} moved to {_PLACES[(number + 1) % 6]}.", more),
            ]
            rows += [_row(claim, text, PairLabel.SUPPORTS) for claim, text in supported]
            rows.append(_row(f"{name} was a {_JOBS[(number // 2 + 1) % 6]}.", evidence, PairLabel.REFUTES))
            rows.append(_row(f"{name} owned a horse.", more, PairLabel.NOT_ENOUGH_INFO, "fever_nei"))
            rows.append(_row("The man sleeps.", f"A man runs past house {number}.", PairLabel.REFUTES, "snli"))
    rows.append(PairRow(claim="x", evidence="y", label=PairLabel.SUPPORTS, dataset="unlicensed"))
    return rows


FIELDS = [
    Field(title=title, section=section, text=text.format(value))
    for place, title in enumerate(["Norland", "Sudland", "Estmark", "Westmark", "Inland"])
    for section, text, value in (
        ("Geography / Area / total", "{} sq km", 900 * 3 ** (place + 1)),
        ("Economy / Budget / revenues", "${} million", 70 * 2**place),
        ("Government / Capital / name", "{}", _PLACES[place]),
    )
]
OPTIONS = MixtureOptions(seed=5, scale=0.004)


@pytest.fixture(scope="module")
def mixture() -> Mixture:
    return build_mixture(_source(), OPTIONS, FIELDS)


def test_every_kind_is_there_with_its_labels(mixture: Mixture) -> None:
    kinds: dict[str, set[PairLabel]] = defaultdict(set)
    for row in mixture.rows:
        kinds[row.dataset.partition("+")[2]].add(row.label)
    three = {PairLabel.SUPPORTS, PairLabel.REFUTES, PairLabel.NOT_ENOUGH_INFO}
    two = {PairLabel.SUPPORTS, PairLabel.REFUTES}
    assert kinds["distractors"] == kinds["joined"] == kinds["extract"] == kinds["field"] == three
    assert kinds["entity"] == three
    assert kinds["numbers"] == kinds["contrast"] == kinds["negation"] == two
    assert kinds["removed"] == {PairLabel.NOT_ENOUGH_INFO}


def test_only_sets_with_a_known_licence_are_used(mixture: Mixture) -> None:
    assert {row.dataset.partition("+")[0] for row in mixture.rows} <= set(LICENCES)
    assert mixture.left_out == {"unlicensed": 1}
    with pytest.raises(InputError, match="licence"):
        build_mixture([PairRow(claim="x", evidence="y", label=PairLabel.SUPPORTS, dataset="own")], OPTIONS)


def test_the_same_seed_gives_the_same_rows_in_another_process_with_other_hashes() -> None:
    code = """
import hashlib, importlib.util, sys
sys.path.insert(0, sys.argv[1])
spec = importlib.util.spec_from_file_location("source", sys.argv[2])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
rows = module.build_mixture(module._source(), module.OPTIONS, module.FIELDS).rows
print(hashlib.sha256(repr(rows).encode()).hexdigest())
"""
    root = str(Path(__file__).parents[2])
    prints = {
        subprocess.run(
            [sys.executable, "-c", code, root, __file__],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


def test_another_seed_gives_other_rows(mixture: Mixture) -> None:
    assert build_mixture(_source(), replace(OPTIONS, seed=6), FIELDS).rows != mixture.rows


def test_public_rows_can_weigh_more_and_long_evidence_be_left_out(mixture: Mixture) -> None:
    def public(found: Mixture) -> int:
        return sum("+" not in row.dataset for row in found.rows)

    def longest(found: Mixture) -> int:
        return max(len(row.evidence.split()) for row in found.rows)

    more = build_mixture(_source(), replace(OPTIONS, published=2.0), FIELDS)
    assert 1.5 * public(mixture) < public(more) <= 2.1 * public(mixture)
    built, before = len(more.rows) - public(more), len(mixture.rows) - public(mixture)
    assert abs(built - before) < 0.03 * before  # two that come out equal are kept once
    limit = longest(mixture) // 2
    assert 0.8 * limit < longest(build_mixture(_source(), replace(OPTIONS, longest=limit), FIELDS)) <= limit


def test_no_pair_comes_twice_or_with_two_labels(mixture: Mixture) -> None:
    pairs = Counter((row.claim, row.evidence) for row in mixture.rows)
    assert pairs.most_common(1)[0][1] == 1


def test_distractors_keep_the_whole_evidence(mixture: Mixture) -> None:
    gold = defaultdict(list)
    for row in _source():
        gold[row.claim].append(row.evidence)
    built = [row for row in mixture.rows if row.dataset == "fever+distractors" and row.claim in gold]
    assert len(built) > 10
    for row in built:
        assert any(all(word in row.evidence for word in evidence.split()) for evidence in gold[row.claim])
        assert len(row.evidence.split()) <= LONGEST + 5  # a title may stand before it


def test_removed_evidence_is_gone(mixture: Mixture) -> None:
    gold = {row.claim: row.evidence for row in _source()}
    built = [row for row in mixture.rows if row.dataset == "fever+removed" and row.claim in gold]
    assert built
    for row in built:
        assert gold[row.claim] not in row.evidence
        assert coverage(row.claim, row.evidence) < 0.9


def test_a_claim_alone_does_not_tell_the_label_of_contrast_rows(mixture: Mixture) -> None:
    labels = defaultdict(set)
    for row in mixture.rows:
        if row.dataset == "fever+contrast":
            labels[row.claim].add(row.label)
    both = sum(len(found) == 2 for found in labels.values())
    assert both >= 0.6 * len(labels) > 0


def test_refuted_numbers_are_not_in_the_evidence(mixture: Mixture) -> None:
    sketches = [row for row in mixture.rows if row.dataset == "fever+numbers" and "sketches" in row.claim]
    assert {row.label for row in sketches} == {PairLabel.SUPPORTS, PairLabel.REFUTES}


def test_the_first_stage_is_short_and_plain(mixture: Mixture) -> None:
    rows = first_stage(mixture.rows, most_words=20)
    assert rows
    assert all("+" not in row.dataset and len(row.evidence.split()) <= 20 for row in rows)


def test_shares_may_be_nothing() -> None:
    plain = replace(
        OPTIONS, distractors=0, joined=0, removed=0, numbers=0, contrast=0, negation=0, entity=0, extract=0, summary=0,
        fields=0, spoken=0.0, titled=0.0, scale=1.0,
    )  # fmt: skip
    rows = build_mixture(_source(), plain, FIELDS).rows
    assert {(row.claim, row.evidence) for row in rows} <= {(row.claim, row.evidence) for row in _source()}


def test_near_sentences_share_a_name_and_are_not_excluded() -> None:
    from random import Random

    texts = [row.evidence for row in _source() if row.dataset.startswith("fever")]
    pool = SentencePool(texts)
    found = pool.near("Mara Keld was a painter.", 3, Random(1), exclude=[texts[0]])
    assert 1 <= len(found) <= 3
    assert all(text not in texts[0] for text in found)
    assert pool.near("zzz qqq", 3, Random(1)) == []
