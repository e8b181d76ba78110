"""Shares of words: as they are, by their stem, in four sentences in a row."""

import pytest

from factcheck.text.coverage import best_coverage, content_words, share_of, windows_of

TEXT = "A mill stood here. It ground corn. The river fell. Farmers came in spring. Bread was baked. Nobody sang."


@pytest.mark.parametrize(
    ("claim", "share"),
    [
        ("A mill ground corn.", 1.0),
        ("The mills were grinding corn.", 1 / 3),
        ("A mill stood while farmers sang.", 0.6),
        ("Ships sailed.", 0.0),
        ("The of and.", 1 / 3),
    ],
)
def test_the_best_four_sentences_count(claim: str, share: float) -> None:
    assert best_coverage(claim, windows_of(TEXT)) == pytest.approx(share)


def test_a_text_that_is_too_short_has_none() -> None:
    assert windows_of("A mill stood here. It ground corn.", least_sentences=3) == []
    assert best_coverage("A mill.", windows_of("Nothing.")) == 0.0


def test_long_words_meet_by_their_stem_and_short_ones_do_not() -> None:
    assert share_of(["directed", "film"], {"director", "films"}) == 0.5
    assert share_of([], {"a"}) == 0.0


def test_words_that_only_join_or_deny_are_no_content() -> None:
    assert content_words(["the", "sea", "is", "not", "salty"]) == ["sea", "salty"]
    assert content_words(["is", "not"]) == ["is", "not"]
