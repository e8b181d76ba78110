"""What word agreement adds to a reader, and that broken weights are refused."""

from collections.abc import Sequence

import numpy as np
import pytest

from factcheck.errors import ModelError
from factcheck.models import load_entailment
from factcheck.models.agreement import SIGNALS, AgreementEntailment, signals
from factcheck.models.baseline import only_names_missing
from factcheck.protocols import Vectors
from tests.fakes import FakeEntailment

PREMISE = "The Volga is the longest river in Europe, at about 3,530 kilometres. It flows into the Caspian Sea."


def test_with_no_weight_on_agreement_the_reader_is_left_as_it_is() -> None:
    reader = FakeEntailment()
    pairs = [(PREMISE, "The Volga flows into the Caspian Sea."), (PREMISE, "The Volga is not long.")]
    same = AgreementEntailment(reader, np.eye(2, len(SIGNALS)), "0" * 64)
    np.testing.assert_allclose(same.score(pairs), reader.score(pairs), atol=1e-3)


def test_signals_are_the_readers_odds_and_one_of_words() -> None:
    pairs = [
        (PREMISE, "The Volga flows into the Caspian Sea."),
        (PREMISE, "The Danube is the longest river in Europe."),
    ]
    read = FakeEntailment().score(pairs)
    found = signals(pairs, read)
    np.testing.assert_allclose(found[:, :2], np.log(read[:, :2]) - np.log(read[:, 2:]), atol=1e-6)
    assert found[:, 2].tolist() == [1.0, 1.0]
    assert found[:, 3].tolist() == [only_names_missing(*pair) for pair in pairs]


def test_what_ships_never_makes_a_claim_less_supported_for_more_support() -> None:
    read = np.array([[0.1, 0.3, 0.6], [0.4, 0.2, 0.4], [0.7, 0.1, 0.2]], dtype=np.float32)

    class Fixed(FakeEntailment):
        def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
            return read

    weighed = AgreementEntailment.load(Fixed()).score([(PREMISE, "The Volga is long.")] * 3)
    assert (np.diff(weighed[:, 0]) > 0).all()
    assert (np.diff(weighed[:, 1]) < 0).all()


@pytest.mark.parametrize("weights", [np.zeros((3, len(SIGNALS))), np.full((2, len(SIGNALS)), np.nan)])
def test_weights_that_do_not_fit_are_refused(weights: np.ndarray) -> None:
    with pytest.raises(ModelError):
        AgreementEntailment(FakeEntailment(), weights, "0" * 64)


def test_a_sentence_of_the_evidence_is_supported_by_it() -> None:
    model = load_entailment()
    pairs = [
        (PREMISE, sentence)
        for sentence in ("The Volga is the longest river in Europe.", "It flows into the Caspian Sea.")
    ]
    assert (model.score(pairs).argmax(axis=1) == 0).all()


@pytest.mark.parametrize(
    ("claim", "only_names"),
    [
        ("The Danube is the longest river in Europe.", 1.0),
        ("The Volga is the longest river in Europe.", 0.0),
        ("The Danube is the shortest river in Europe.", 0.0),
        ("Danube", 0.0),
    ],
)
def test_a_name_that_alone_is_missing_is_a_signal(claim: str, only_names: float) -> None:
    assert only_names_missing(PREMISE.partition(" It ")[0], claim) == only_names


def test_a_pronoun_may_mean_the_name_that_is_missing() -> None:
    assert (
        only_names_missing(
            "It is the longest river in Europe, unlike the Rhine.", "The Volga is the longest river in Europe."
        )
        == 0.0
    )


@pytest.mark.parametrize(
    ("premise", "claim", "missing"),
    [
        ("The film was followed by a series of books.", "Clueless was followed by a series of books.", 0.0),
        ("The capital of Australia is Canberra.", "The capital of Austria is Canberra.", 1.0),
        ("The largest city of Kenya is Nairobi.", "The largest city of Kenya is Mombasa.", 1.0),
        ("Cruz has modelled for Mango.", "Penélope Cruz has modelled for Mango.", 0.0),
        ("The Quran is the religious text of Islam.", "The Quran is the Islamic religious text.", 0.0),
    ],
)
def test_what_may_mean_the_name_is_no_other_name(premise: str, claim: str, missing: float) -> None:
    assert only_names_missing(premise, claim) == missing


def test_another_name_in_the_same_sentence_is_not_support() -> None:
    premise = "The capital of Australia is Canberra, which lies inland."
    wrong, right = load_entailment().score(
        [(premise, "Sydney is the capital of Australia."), (premise, "Canberra is the capital of Australia.")]
    )
    assert wrong.argmax() != 0
    assert right.argmax() == 0
