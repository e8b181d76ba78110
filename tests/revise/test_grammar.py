"""Articles, capitals, hedges and removals."""

import pytest

from factcheck.revise.edit import apply_edits
from factcheck.revise.grammar import agree, hedge, removal, starts_with_vowel_sound
from factcheck.text.sentences import split_sentences
from factcheck.types import Claim, Edit, Span


def edit(text: str, old: str, new: str) -> Edit:
    start = text.index(old)
    return Edit(span=Span(start=start, end=start + len(old)), replacement=new, claim_id="c1", reason="")


@pytest.mark.parametrize(
    ("text", "old", "new", "after"),
    [
        ("He is a French painter.", "French", "Italian", "He is an Italian painter."),
        ("He is an Italian painter.", "Italian", "French", "He is a French painter."),
        ("An Italian painter.", "Italian", "French", "A French painter."),
        ("It is a banana.", "banana", "hour", "It is an hour."),
        ("It is an apple.", "apple", "university", "It is a university."),
        ("It took an hour.", "hour", "European year", "It took a European year."),
        ("A 7 km road.", "7", "8", "An 8 km road."),
        ("An 18 km road.", "18", "180", "A 180 km road."),
        ("Sydney is big.", "Sydney", "the capital", "The capital is big."),
        ("- Sydney is big.", "Sydney", "canberra", "- Canberra is big."),
        ("He won in Paris.", "in Paris", "", "He won."),
        ("He won in Paris, twice.", "in Paris", "", "He won, twice."),
    ],
)
def test_agreement(text: str, old: str, new: str, after: str) -> None:
    assert apply_edits(text, [agree(text, edit(text, old, new))]) == after


@pytest.mark.parametrize(
    ("word", "vowel"),
    [("apple", True), ("hour", True), ("hero", False), ("one", False), ("once", False), ("unit", False),
     ("unimportant", True), ("uncle", True), ("user", False), ("European", False), ("umbrella", True), ("11", True),
     ("8", True), ("80", True), ("110", False), ("1", False), ("US", False), ("UK", False), ("honest", True)],
)  # fmt: skip
def test_vowel_sounds(word: str, vowel: bool) -> None:
    assert starts_with_vowel_sound(word) is vowel


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("The town has a mine.", "Reportedly, the town has a mine."),
        ("Paris has a mine.", "Reportedly, Paris has a mine."),
        ("1. The town has a mine.", "1. Reportedly, the town has a mine."),
        ('"The town" has a mine.', '"Reportedly, the town" has a mine.'),
        ("鎮上有礦場。", "據稱，鎮上有礦場。"),
    ],
)
def test_hedges(text: str, after: str) -> None:
    assert apply_edits(text, [hedge(text, Span(start=0, end=len(text)), "c1")]) == after


def remove(text: str, stated: str, *, alone: bool) -> str | None:
    start = text.index(stated)
    claim = Claim(id="c1", text=stated, span=Span(start=start, end=start + len(stated)))
    sentence = next(s for s in split_sentences(text) if s.overlaps(claim.span))
    found = removal(text, claim, sentence, alone=alone)
    return None if found is None else apply_edits(text, [found])


@pytest.mark.parametrize(
    ("text", "stated", "alone", "after"),
    [
        ("One is here. Two is gone. Three is here.", "Two is gone.", True, "One is here. Three is here."),
        ("One is here. Two is gone.", "Two is gone.", True, "One is here."),
        ("Two is gone. One is here.", "Two is gone.", True, "One is here."),
        ("One.\n\n- Two is gone.\n- Three is here.\n", "Two is gone.", True, "One.\n\n- Three is here.\n"),
        ("She was born in Rome and died in 1955.", "died in 1955", False, "She was born in Rome."),
        ("She was born in Rome, and died in 1955.", "died in 1955.", False, "She was born in Rome."),
        ("Rome, which is in Spain, is old.", "is in Spain", False, "Rome, is old."),
        ("She was born in Rome and died in 1955.", "She was born in Rome", False, None),
    ],
)
def test_removals(text: str, stated: str, alone: bool, after: str | None) -> None:
    assert remove(text, stated, alone=alone) == after
