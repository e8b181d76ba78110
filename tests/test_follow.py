"""A text that is checked while it is written, on the embedded sample with the real models."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from factcheck import FactChecker, Settings
from factcheck.config import ExtractSettings, ReflectSettings, load_settings
from factcheck.errors import TextError
from factcheck.follow import Follower, Mode
from factcheck.types import CheckedClaim, Label, StopReason
from tests.scripted import Say, serve

PIECES = ["Neptune was discovered in 1846. ", "Sydney is the capital of Australia. ", "It was a fine day."]
RIGHT = "Neptune was discovered in 1846. Canberra is the capital of Australia. It was a fine day."


@pytest.fixture(scope="module")
def checker() -> FactChecker:
    return FactChecker.open()


def said(follower: Follower, pieces: list[str]) -> list[str]:
    return [follower.take(piece, last=number == len(pieces)) for number, piece in enumerate(pieces, 1)]


def test_each_sentence_is_put_right_when_it_comes(checker: FactChecker) -> None:
    follower = checker.follow()
    assert "".join(said(follower, PIECES)) == RIGHT == follower.text
    report = follower.report()
    assert report.text == RIGHT
    assert report.revision is not None
    first, second = report.revision.rounds
    assert (first.draft.text, second.draft.text) == ("".join(PIECES), RIGHT)
    assert [edit.replacement for edit in second.edits] == ["Canberra"]
    assert report.revision.stop_reason is StopReason.VERIFIED
    assert report.claims == checker.check(RIGHT).claims


def test_what_is_true_passes_to_the_byte(checker: FactChecker) -> None:
    pieces = ["Neptune was discovered in 1846.  ", "Canberra is the capital\nof Australia.\n\n", "It was a fine day.\n"]
    for mode in Mode:
        follower = checker.follow(mode)
        assert said(follower, pieces) == pieces
        assert not follower.changed
        assert follower.report().text == "".join(pieces)


def test_a_pronoun_finds_its_name_in_what_was_said_before(checker: FactChecker) -> None:
    follower = checker.follow("block")
    assert follower.take("Marie Curie was a physicist. ") == "Marie Curie was a physicist. "
    assert follower.take("She was born in 1901. ", last=True) == ""
    assert follower.stopped
    assert follower.take("More.", last=True) == ""
    refuted = [c for c in follower.report().claims if isinstance(c, CheckedClaim) and c.verdict.label is Label.REFUTED]
    assert [claim.claim.text for claim in refuted] == ["Marie Curie was born in 1901."]


def test_block_hands_on_what_stands_before_the_first_false_sentence(checker: FactChecker) -> None:
    whole = checker.follow(Mode.BLOCK)
    assert whole.take("".join(PIECES), last=True) == PIECES[0]
    parts = checker.follow(Mode.BLOCK)
    assert said(parts, PIECES) == [PIECES[0], "", ""]
    assert whole.report() == parts.report()
    assert whole.report().text == "Neptune was discovered in 1846. Sydney is the capital of Australia."


def test_what_was_handed_on_is_never_taken_back(checker: FactChecker) -> None:
    settings = Settings(reflect=ReflectSettings(min_preservation=0.0))
    follower = FactChecker.open(settings=settings).follow()
    false = "The Danube does not flow into the Black Sea. "
    first = follower.take("Canberra is the capital of Australia. ")
    rest = follower.take(false) + follower.take("It was a fine day.", last=True)
    assert follower.text == first + rest
    assert follower.text.startswith("Canberra is the capital of Australia. ")


def test_a_sentence_whose_loss_would_be_too_much_waits_for_more(checker: FactChecker) -> None:
    settings = checker.settings.as_dict()
    assert settings["reflect"]["min_preservation"] == 0.6
    removing = FactChecker.open(settings=load_settings(environment={}, overrides={"revise.on_refuted": "remove"}))
    follower = removing.follow()
    assert follower.take("Sydney is the capital of Australia. ") == ""
    assert follower.take("Neptune was discovered in 1846. ") == ""  # still more than 40 % would go
    told = follower.take(
        "Canberra is the capital of Australia. Marie Curie was a physicist. It was a fine day.", last=True
    )
    assert "Sydney" not in told
    assert told.startswith("Neptune was discovered in 1846. Canberra")


def test_a_text_that_becomes_too_long_is_an_error(checker: FactChecker) -> None:
    short = FactChecker.open(settings=Settings(extract=ExtractSettings(max_characters=20)))
    follower = short.follow(Mode.ANNOTATE)
    assert follower.take("A fine day. ") == "A fine day. "
    with pytest.raises(TextError, match="more than the limit of 20"):
        follower.take("Another fine day. ")


def test_a_model_that_finds_claims_is_asked_about_each_sentence_once() -> None:
    pytest.importorskip("openai")

    def lists(request: dict[str, Any], number: int) -> Say:
        (sentence,) = re.findall(r"<draft-\w+>\n(.*?)\n</draft-\w+>", request["messages"][-1]["content"], re.DOTALL)
        return Say(json.dumps({"claims": [{"claim": sentence, "quote": sentence, "check_worthy": True}]}))

    settings = load_settings(overrides={"extract.by": "model", "extract.few_shot": False, "revise.by": "edit"})
    for mode, texts in ((Mode.ANNOTATE, PIECES), (Mode.BLOCK, PIECES[:2]), (Mode.REWRITE, PIECES)):
        with (
            serve(lists) as server,
            FactChecker.open(writer="openai:tiny", base_url=server.url, settings=settings) as checker,
        ):
            follower = checker.follow(mode)
            said(follower, texts)
            report = follower.report()
            prompts = [re.sub(r"-\w{16}>|ends in \w+", "", prompt) for prompt in server.prompts()]
        assert len(set(prompts)) == len(prompts) == len(report.all_exchanges)
        # Where a sentence was put right, its new form is asked about, and what follows behind either form.
        assert len(prompts) == len(texts) + (2 if mode is Mode.REWRITE else 0)
        assert report.text == {Mode.ANNOTATE: "".join(PIECES), Mode.REWRITE: RIGHT}.get(mode, "".join(texts).strip())
