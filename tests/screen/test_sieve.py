"""A screen for a text that is handed on before it is whole."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.screen import PersonalKind, Screen, ScreenAction, Sieve, TermList, redact

TEXT = "All is well. You fool. Ask ada@example.org now.\nWatch\nout for it. The end."


def screen() -> Screen:
    terms = [TermList(category="insult", terms=("fool",)), TermList(category="threat", terms=("watch out",))]
    return Screen(terms=terms, personal=[PersonalKind.EMAIL])


def sifted(pieces: list[str], action: ScreenAction) -> tuple[str, bool, Sieve]:
    sieve = Sieve(screen(), action)
    said = ""
    for number, piece in enumerate(pieces):
        passed = sieve.sift(piece, last=number == len(pieces) - 1)
        said += passed.text
        if passed.stopped:
            return said, True, sieve
    return said, False, sieve


SENTENCES = ["All is well. ", "You fool. ", "Ask ada@example.org now.\n", "Watch\n", "out for it. ", "The end."]


@given(st.sets(st.integers(1, len(SENTENCES) - 1)))
def test_however_it_is_cut_the_text_comes_out_as_if_it_were_whole(cuts: set[int]) -> None:
    edges = [0, *sorted(cuts), len(SENTENCES)]
    pieces = ["".join(SENTENCES[a:b]) for a, b in itertools.pairwise(edges)]
    (found,) = screen().look([TEXT])
    said, stopped, sieve = sifted(pieces, ScreenAction.REDACT)
    assert (said, stopped) == (redact(TEXT, found), False)
    assert "fool" not in said
    assert "[threat]" in said
    assert tuple(sieve.findings) == found
    said, stopped, _ = sifted(pieces, ScreenAction.BLOCK)
    assert (said, stopped) == ("All is well. ", True)


def test_one_sentence_waits_and_no_more() -> None:
    sieve = Sieve(screen(), ScreenAction.REDACT)
    assert sieve.sift("All is well. ", last=False).text == ""
    assert sieve.sift("It is. You fool. ", last=False).text == "All is well. It is. "
    assert sieve.sift("Go.", last=True).text == "You [insult]. Go."


def test_what_is_only_told_of_does_not_wait() -> None:
    said, stopped, sieve = sifted(SENTENCES, ScreenAction.REPORT)
    assert (said, stopped, sieve.findings) == (TEXT, False, [])


@pytest.mark.parametrize(
    ("action", "text", "stopped"),
    [
        (ScreenAction.REPORT, "You fool.", False),
        (ScreenAction.REDACT, "You [insult].", False),
        (ScreenAction.BLOCK, "", True),
    ],
)
def test_a_rewritten_sentence_is_looked_at_for_itself(action: ScreenAction, text: str, stopped: bool) -> None:
    passed = Sieve(screen(), action).clean("You fool.")
    assert (passed.text, passed.stopped) == (text, stopped)
