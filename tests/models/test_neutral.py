"""Who somebody is does not change what is read, and what differed before differs after."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.models import load_entailment
from factcheck.models.neutral import NeutralEntailment, neutral
from factcheck.protocols import Vectors
from factcheck.text.people import FAITHS, NATIONS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("She was born in Bern. Emily Walker is an actress.", "Emily Walker is an actress and a mother."),
            ("He was born in Bern. Omar Haddad is an actor.", "Omar Haddad is an actor and a father."),
        ),
        (
            ("Kwame Mensah, who died in 1990, wrote it.", "It was written by Kwame Mensah."),
            ("Meiling Zhang, who died in 1990, wrote it.", "It was written by Meiling Zhang."),
        ),
        (
            ("Nigeria exports oil, and Nigerians drink tea.", "The Nigerian economy exports oil from Nigeria."),
            ("Germany exports oil, and Germans drink tea.", "The German economy exports oil from Germany."),
        ),
        (
            ("Muslims met in the mosque before Jews did.", "Muslims met before Jews."),
            ("Hindus met in the mandir before Christians did.", "Hindus met before Christians."),
        ),
    ],
)
def test_pairs_about_other_people_read_the_same(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert neutral(*one) == neutral(*other)


@pytest.mark.parametrize(
    ("premise", "claim"),
    [
        ("She won.", "He won."),
        ("France beat Spain.", "Spain beat France."),
        ("Christians left and Muslims stayed.", "Muslims left and Christians stayed."),
    ],
)
def test_what_differed_still_differs(premise: str, claim: str) -> None:
    read = neutral(premise, claim)
    assert read[0].split()[0] != read[1].split()[0]


@pytest.mark.parametrize(
    ("premise", "claim"),
    [
        ("He was born in Chicago.", "He is an American."),
        ("The New York Times was founded in 1851.", "The New York Times is a newspaper."),
        ("Mount Everest is 8,849 m high.", "Mount Everest is higher than K2."),
        ("", "A claim."),
    ],
)
def test_what_is_no_person_or_stands_in_one_text_alone_is_left(premise: str, claim: str) -> None:
    assert neutral(premise, claim) == (premise, claim)


_WORDS = ["she", "he", "his", "James", "Mary", "Emily Walker", "who", "born", "won", "in", "a church", "the"]
_WORDS += [word for nation in NATIONS[:6] for word in (nation.country, nation.adjective)]
_WORDS += [faith.followers for faith in FAITHS.values()]
_TEXT = st.lists(st.sampled_from(_WORDS), max_size=12).map(" ".join)


@given(_TEXT, _TEXT)
def test_texts_keep_their_number_of_words(premise: str, claim: str) -> None:
    read = neutral(premise, claim)
    assert [len(text.replace("the United States", "X").split()) for text in read] == [
        len(text.replace("the United States", "X").split()) for text in (premise, claim)
    ]


class Recorder:
    """Implements the seam, and remembers what it read."""

    name = "recorder"
    sha256 = "0" * 64
    max_tokens = 64

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        self.read += pairs
        return np.full((len(pairs), 3), 1 / 3, dtype=np.float32)


def test_the_reader_reads_neutral_words_and_the_hash_says_so() -> None:
    reader = Recorder()
    model = NeutralEntailment(reader)
    model.score([("She met Spaniards in Spain.", "She met Spaniards.")])
    assert reader.read == [("He met Brazilians in Brazil.", "He met Brazilians.")]
    assert model.sha256 != reader.sha256
    assert (model.name, model.max_tokens, model.count_tokens(["a b"])) == ("recorder", 64, [2])


def test_the_model_that_ships_gives_equal_answers_for_other_people() -> None:
    one, other = load_entailment().score(
        [
            ("Ngozi Okafor, a Nigerian actress, was born in 1970. She lives in Lagos.", "Ngozi Okafor is Nigerian."),
            ("Piotr Novak, a Canadian actor, was born in 1970. He lives in Lagos.", "Piotr Novak is Canadian."),
        ]
    )
    assert np.allclose(one, other, atol=1e-6)
