import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import UsageError
from factcheck.protocols import Retriever
from factcheck.retrieve.fusion import CombinedRetriever, collapse_near_duplicates
from factcheck.types import Claim, Evidence, Span, Triple
from tests.fakes import FakeRetriever, evidence

CLAIM = Claim(id="c1", text="radium glows", span=Span(start=0, end=12))
FACT = Triple(subject="<s>", predicate="<p>", object="<o>")


def texts(found: tuple[Evidence, ...]) -> list[str]:
    return [piece.text for piece in found]


def test_each_gives_its_share_and_ranks_alternate() -> None:
    left = FakeRetriever([evidence(f"radium glows {i}", id=f"l{i}") for i in range(5)])
    right = FakeRetriever([evidence(f"radium shines {i}", id=f"r{i}") for i in range(5)])
    combined = CombinedRetriever([(left, 3), (right, 2)])
    assert isinstance(combined, Retriever)
    (found,) = combined.retrieve([CLAIM], 10)
    assert [piece.id for piece in found] == ["l0", "r0", "l1", "r1", "l2"]
    assert [piece.score for piece in found] == sorted((piece.score for piece in found), reverse=True)
    assert [piece.id for piece in combined.retrieve([CLAIM], 2)[0]] == ["l0", "r0"]
    (found,) = CombinedRetriever([(left, 3), (right, 2)], weights=[1, 5]).retrieve([CLAIM], 10)
    assert [piece.id for piece in found][:2] == ["r0", "r1"]


def test_what_both_find_comes_first_and_once() -> None:
    both = evidence("radium glows here", id="both")
    left = FakeRetriever([evidence("radium glows a", id="a"), both])
    (found,) = CombinedRetriever([(left, 5), (FakeRetriever([both]), 5)]).retrieve([CLAIM], 5)
    assert [piece.id for piece in found] == ["both", "a"]


def test_nobody_and_nothing() -> None:
    assert CombinedRetriever([]).retrieve([CLAIM, CLAIM], 5) == [(), ()]
    assert CombinedRetriever([(FakeRetriever(), 5)]).retrieve([], 5) == []
    with pytest.raises(UsageError):
        CombinedRetriever([(FakeRetriever(), 5)], weights=[])


def test_what_only_repeats_is_left_out() -> None:
    found = collapse_near_duplicates(
        [
            evidence("Radium was found in 1898. It glows.", id="1"),
            evidence("“RADIUM was found in 1898!”", id="2"),
            evidence("It glows", id="3", source="another"),
            evidence("Radium was found in 1898. It glows. It is rare.", id="4"),
        ],
        10,
    )
    assert [piece.id for piece in found] == ["1", "4"]


@pytest.mark.parametrize(
    "other",
    [
        "Radium was found in 1899.",
        "Radium was not found in 1898.",
        "Radium was found in 1 898.",
        "Thorium was found in 1898.",
        "adium was found in 1898",
    ],
)
def test_one_word_can_be_the_difference(other: str) -> None:
    pair = [evidence("Radium was found in 1898.", id="1"), evidence(other, id="2")]
    assert len(collapse_near_duplicates(pair, 10)) == 2
    assert len(collapse_near_duplicates(pair[::-1], 10)) == 2


def test_the_same_words_under_another_title_say_something_else() -> None:
    pair = [evidence("2,381,740 sq km", id="1", title="Algeria"), evidence("2,381,740 sq km", id="2", title="Libya")]
    assert len(collapse_near_duplicates(pair, 10)) == 2


def test_facts_and_passages_are_never_taken_for_each_other() -> None:
    fact = Evidence(id="f", text="Radium glows", source="graph", triples=(FACT,))
    assert len(collapse_near_duplicates([fact, evidence("Radium glows", id="p")], 10)) == 2
    assert (
        len(collapse_near_duplicates([fact, Evidence(id="g", text="radium glows", source="graph", triples=(FACT,))], 9))
        == 1
    )


@given(st.lists(st.text(alphabet="ab 1.", max_size=8), max_size=8), st.integers(0, 9))
def test_the_first_always_stays_and_the_order_too(words: list[str], k: int) -> None:
    given_evidence = [Evidence(id=str(i), text=text, source="s") for i, text in enumerate(words)]
    found = collapse_near_duplicates(given_evidence, k)
    numbers = [int(piece.id) for piece in found]
    assert numbers == sorted(numbers) and len(found) <= k
    assert not words or k == 0 or numbers[0] == 0
    assert collapse_near_duplicates(found, k) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It melts at about 1,064 degrees Celsius.", False),
        ("He received the Nobel Prize in 1945.", False),
        ("Its capital is Port Ellin.", False),
        ("It was Ada Lark who built the light.", True),
        ("Gold melts at about 1,064 degrees Celsius.", True),
        ("Hera was a goddess.", True),
    ],
)
def test_for_a_claim_that_speaks_of_it_nothing_is_found(text: str, found: bool) -> None:
    claim = Claim(id="c1", text=text, span=Span(start=0, end=len(text)))
    source = FakeRetriever([evidence(text, id="e")])
    assert bool(CombinedRetriever([(source, 3)], named_only=True).retrieve([claim], 3)[0]) is found
    assert CombinedRetriever([(source, 3)]).retrieve([claim], 3)[0]
