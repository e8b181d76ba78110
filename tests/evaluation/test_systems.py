"""The systems that are measured, over real text and fakes of models."""

import numpy as np

from factcheck.evaluation.pairs import Pair
from factcheck.evaluation.systems import CosineSystem, OverlapSystem, ReadingSystem, windows
from tests.fakes import FakeEncoder, FakeEntailment

LONG = " ".join(f"Sentence number {n} speaks of nothing in particular, as so many sentences do." for n in range(60))


def pair(claim: str, evidence: str | tuple[str, ...]) -> Pair:
    return Pair(claim=claim, evidence=evidence, gold=0, line=1)


def test_windows_hold_whole_sentences_and_lose_none() -> None:
    found = windows(pair("a", LONG))
    assert len(found) > 3
    assert all(text.startswith("Sentence") and text.endswith("do.") for text in found)
    assert all(len(text) <= 800 for text in found)
    assert {n for n in range(60) if any(f"number {n} " in text for text in found)} == set(range(60))
    assert windows(pair("a", ("One. Two.", "", "Three."))) == ["One. Two.", "Three."]
    assert windows(pair("a", "x" * 5000)) == ["x" * 5000]


def test_overlap_is_that_of_the_best_window() -> None:
    rows = [
        pair("Curie discovered radium", f"{LONG} Marie Curie discovered radium. {LONG}"),
        pair("Curie discovered radium", ("Nothing here.", "Curie slept.")),
        pair("Curie discovered radium", ""),
    ]
    assert OverlapSystem(name="overlap", identity={}).support(rows).tolist() == [1.0, 1 / 3, 0.0]


def test_cosine_prefers_what_shares_words() -> None:
    system = CosineSystem(name="cosine", encoder=FakeEncoder(), identity={})
    near, far, none = system.support([pair("snow is white", e) for e in ("snow is white", "the sea", "")])
    assert near > 0.999
    assert far < near
    assert none == -1.0
    assert np.isfinite([near, far, none]).all()


def test_a_reader_alone_says_which_piece_decided() -> None:
    system = ReadingSystem(name="reader", model=FakeEntailment(), identity={})
    rows = [
        pair("the tower is high", ("  ", "the sea is salty.", "they say the tower is high.")),
        pair("the tower is high", "the tower is not high."),
        pair("the tower is high", ""),
    ]
    supported, refuted, nothing = system.judge(rows)
    assert (supported.evidence, supported.probabilities.label.value) == (2, "SUPPORTED")  # type: ignore[union-attr]
    assert refuted.probabilities.label.value == "REFUTED"  # type: ignore[union-attr]
    assert nothing.probabilities.not_enough_info == 1.0  # type: ignore[union-attr]
