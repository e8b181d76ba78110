"""Where the words of a claim stand in the draft, and what two texts differ in."""

import pytest

from factcheck.revise.alignment import Alignment, Change, changes, only_occurrence
from factcheck.types import Claim, Span

DRAFT = "Ida Stone was a baker. She won, to her surprise, the Vale Prize."
STATED = Span(start=23, end=64)
CLAIM = Claim(id="c1", text="Ida Stone won the Vale Prize.", span=STATED)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("the Vale Prize", "the Vale Prize"),
        ("won", "won"),
        ("won the Vale", None),  # both ends stand there, and other words between them
        ("Ida Stone", None),  # the draft says "She" here
    ],
)
def test_a_part_has_a_place_only_where_it_stands_as_it_is(words: str, place: str | None) -> None:
    start = CLAIM.text.index(words)
    found = Alignment(CLAIM, DRAFT).span(start, start + len(words))
    assert (None if found is None else found.of(DRAFT)) == place


def test_an_insertion_goes_behind_what_stands_before_it() -> None:
    after_won, before_won = CLAIM.text.index("won") + 3, CLAIM.text.index("won")
    alignment = Alignment(CLAIM, DRAFT)
    behind = DRAFT.index("won") + 3
    assert alignment.span(after_won, after_won) == Span(start=behind, end=behind)
    assert alignment.span(before_won, before_won) == Span(start=behind - 3, end=behind - 3)
    assert alignment.span(4, 4) is None


def test_only_whole_words_that_stand_once_are_an_occurrence() -> None:
    text = "A cat saw a catfish and one more cat. The dog slept."
    assert only_occurrence(text, Span(start=0, end=len(text)), "cat") is None
    assert only_occurrence(text, Span(start=0, end=20), "cat") == Span(start=2, end=5)
    assert only_occurrence(text, Span(start=0, end=len(text)), " ") is None


def test_changed_words_side_by_side_are_one_change() -> None:
    assert changes("in May 1904 he left", "in June 1905 he left") == [Change(3, 11, "June 1905")]
    assert changes("red and blue", "green and yellow") == [Change(0, 3, "green"), Change(8, 12, "yellow")]
    assert changes("same", "same") == []
