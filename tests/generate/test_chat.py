"""Drafts by a chat model: evidence marked off, samples, several writers, and evidence looked for where it doubts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import FactCheckError, ServiceError
from factcheck.generate.chat import NO_PROBABILITIES, ActivePolicy, ChatGenerator, SeveralGenerator, first_doubt
from factcheck.protocols import Generator
from factcheck.types import ChatRequest, Claim, Completion, Evidence, Stage, TokenProbability
from tests.fakes import FakeChat, FakeRetriever, evidence

FACTS = (evidence("The mill was built in 1850.", title="The mill"), evidence("It was founded by Anna Berg."))


@dataclass
class Unsure(FakeChat):
    """Plays a script in which words between asterisks are doubtful."""

    def _answer(self, request: ChatRequest) -> Completion:
        answer = super()._answer(request)
        tokens = []
        for word in answer.text.split(" "):
            doubtful = word.startswith("*")
            piece = ("" if not tokens else " ") + word.strip("*")
            tokens.append(TokenProbability(text=piece, probability=0.1 if doubtful else 0.99))
        text = "".join(token.text for token in tokens)
        return replace(answer, text=text, tokens=tuple(tokens) if request.probabilities else ())


@dataclass
class Watched(FakeRetriever):
    asked: list[str] = field(default_factory=list)

    def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
        self.asked.extend(claim.text for claim in claims)
        return super().retrieve(claims, k)


def test_the_evidence_is_shown_and_marked_off() -> None:
    chat = FakeChat(["The mill was built in 1850."])
    generator = ChatGenerator(chat, FakeRetriever(FACTS), k=2)
    assert isinstance(generator, Generator)
    ((draft,),) = generator.draft(["When was the mill built?"])
    assert (draft.text, draft.question, draft.model) == (
        "The mill was built in 1850.",
        "When was the mill built?",
        "fake:chat",
    )
    (request,) = chat.requests
    last = request.messages[-1].content
    assert f"<evidence-{request.nonce}>\nThe mill\nThe mill was built in 1850.\n</evidence-{request.nonce}>" in last
    assert f"<question-{request.nonce}>" in last
    assert request.probabilities is False
    assert draft.exchanges[0].stage is Stage.GENERATE


def test_samples_are_told_apart_and_drafts_aligned() -> None:
    chat = FakeChat(["a", "b", "c", "d"])
    drafts = ChatGenerator(chat, None, k=0).draft(["Who?", "What?"], n=2)
    assert [[d.text for d in row] for row in drafts] == [["a", "b"], ["c", "d"]]
    assert [r.sample for r in chat.requests] == [0, 1, 0, 1]
    assert ChatGenerator(chat, None, k=0).draft([]) == []
    assert len(ChatGenerator(chat, None, k=0).requests(["Who?"], 3)) == 3


class Down(FakeChat):
    def attempt(self, requests: Sequence[ChatRequest]) -> list[Completion | FactCheckError]:
        return [ServiceError("is down", where="http://x") for _ in requests]


def test_a_failure_is_told_or_raised() -> None:
    class Half(FakeChat):
        def attempt(self, requests: Sequence[ChatRequest]) -> list[Completion | FactCheckError]:
            return [self._answer(requests[0]), ServiceError("is down")]

    ((draft,),) = ChatGenerator(Half(["a"]), None, k=0).draft(["Who?"], n=2)
    assert "1 draft could not be had: is down" in draft.warnings[0]
    with pytest.raises(ServiceError):
        ChatGenerator(Down(), None, k=0).draft(["Who?"])
    with pytest.raises(FactCheckError, match="empty"):
        ChatGenerator(FakeChat(["  "]), None, k=0).draft(["Who?"])


def test_a_draft_that_repeats_the_marks_is_none() -> None:
    class Echo(FakeChat):
        def _answer(self, request: ChatRequest) -> Completion:
            return replace(super()._answer(request), text=request.messages[-1].content)

    with pytest.raises(FactCheckError, match="repeats"):
        ChatGenerator(Echo(), FakeRetriever(FACTS), k=2).draft(["When was the mill built?"])


def test_several_writers_draft_and_one_may_fail() -> None:
    one, two = ChatGenerator(FakeChat(["a"]), None, k=0), ChatGenerator(FakeChat(["b"]), None, k=0)
    down = ChatGenerator(Down(), None, k=0)
    ((first, second),) = SeveralGenerator([one, down, two]).draft(["Who?"])
    assert (first.text, second.text) == ("a", "b")
    assert "is down" in first.warnings[0]
    assert len(SeveralGenerator([one, two]).requests(["Who?"], 2)) == 4
    with pytest.raises(ServiceError):
        SeveralGenerator([down]).draft(["Who?"])


def test_a_draft_that_was_cut_says_so() -> None:
    class Cut(FakeChat):
        def _answer(self, request: ChatRequest) -> Completion:
            return replace(super()._answer(request), finish_reason="length")

    ((draft,),) = ChatGenerator(Cut(["a"]), None, k=0).draft(["Who?"])
    assert "cut off" in draft.warnings[0]


# ----------------------------------------------------------------------------------------------------- active retrieval


def active(script: Sequence[str], **policy: float) -> tuple[ChatGenerator, Unsure, Watched]:
    chat, retriever = Unsure(script), Watched(FACTS)
    return ChatGenerator(chat, retriever, k=1, active=ActivePolicy(**policy)), chat, retriever  # type: ignore[arg-type]


def test_evidence_is_looked_for_where_the_writer_doubts_and_it_writes_on() -> None:
    generator, chat, retriever = active(
        ["The mill is old. It was founded by *Bob *Miller.", "It was founded by Anna Berg."]
    )
    ((draft,),) = generator.draft(["When was the mill built?"])
    assert draft.text == "The mill is old. It was founded by Anna Berg."
    assert retriever.asked == ["When was the mill built?", "It was founded by"]
    assert chat.requests[0].probabilities is True
    second = chat.requests[1].messages[-1].content
    assert "It was founded by Anna Berg." in second
    assert "The mill is old." in second
    assert "Bob" not in second
    assert len(draft.exchanges) == 2


def test_a_sure_draft_is_left_alone() -> None:
    generator, chat, _ = active(["The mill is old."])
    assert generator.draft(["When was the mill built?"])[0][0].text == "The mill is old."
    assert len(chat.requests) == 1


def test_a_doubt_for_which_nothing_new_is_found_does_not_end_the_search() -> None:
    class Apart(Watched):
        def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
            self.asked.extend(claim.text for claim in claims)
            return [(FACTS[1],) if "founded" in claim.text else (FACTS[0],) for claim in claims]

    chat = Unsure(["It was built in *1860. It was founded by *Bob.", "It was founded by Anna Berg."])
    generator = ChatGenerator(chat, Apart(FACTS), k=1, active=ActivePolicy())
    ((draft,),) = generator.draft(["When was the mill built?"])
    assert draft.text == "It was built in 1860. It was founded by Anna Berg."
    assert len(chat.requests) == 2
    (warning,) = draft.warnings
    assert warning.endswith("nothing new was found for it: It was built in 1860.")


@pytest.mark.parametrize(
    "tokens",
    [
        ("The", "mill", "is", "old", ".", "Jos", "\ufffd", "\ufffd", "built", "it", "."),  # words without spaces
        ("<s>", "The mill", " is old.", " Jos", "bytes:\\xc3", "bytes:\\xa9", " built it", ".", "</s>"),
    ],
)
def test_tokens_are_placed_whatever_tokenizers_call_them(tokens: tuple[str, ...]) -> None:
    text = "The mill is old. José built it."
    doubtful = {"\ufffd", "bytes:\\xa9", "<s>", "</s>"}
    found = first_doubt(
        text, [TokenProbability(text=t, probability=0.1 if t in doubtful else 0.9) for t in tokens], 0.4
    )
    assert found is not None
    assert (text[found.start : found.end], found.query) == ("José built it.", "Jos built it.")
    assert first_doubt(text, [TokenProbability(text=t, probability=0.9) for t in tokens], 0.4) is None


def test_looking_up_ends() -> None:
    generator, chat, _ = active(["It was founded by *Bob."] * 9, max_lookups=2)
    generator.draft(["When was the mill built?"])
    assert len(chat.requests) <= 3


def test_without_probabilities_a_warning_says_so() -> None:
    chat = FakeChat(["The mill is old."])
    ((draft,),) = ChatGenerator(chat, FakeRetriever(FACTS), k=1, active=ActivePolicy()).draft(["When?"])
    assert draft.warnings == (NO_PROBABILITIES,)


def test_a_failure_while_writing_on_keeps_what_stands() -> None:
    class Fading(Unsure):
        def attempt(self, requests: Sequence[ChatRequest]) -> list[Completion | FactCheckError]:
            return super().attempt(requests) if not self.requests else [ServiceError("is down")]

    generator = ChatGenerator(Fading(["It was founded by *Bob."]), Watched(FACTS), k=1, active=ActivePolicy())
    assert generator.draft(["When was the mill built?"])[0][0].text == "It was founded by Bob."


@given(st.lists(st.tuples(st.sampled_from(["The mill", " is old", ".", " ", "\n", " It", "磨坊", " 1850"]),
                          st.floats(0, 1)), max_size=12))  # fmt: skip
def test_a_doubt_lies_within_the_draft(pieces: list[tuple[str, float]]) -> None:
    tokens = [TokenProbability(text=text, probability=p) for text, p in pieces]
    text = "".join(token.text for token in tokens).strip()
    doubt = first_doubt(text, tokens, 0.4)
    certain = all(p >= 0.4 or not any(c.isalnum() for c in t) for t, p in pieces)
    assert (doubt is None) == (certain or not text)
    if doubt is not None:
        assert 0 <= doubt.start < len(text)
        assert doubt.query.strip()
    assert math.isfinite(len(text))
