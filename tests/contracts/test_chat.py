"""What every `ChatModel` promises."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from factcheck.models.chat import Meter, load_chat
from factcheck.protocols import ChatModel
from factcheck.types import ChatRequest, Completion, Message, Stage
from tests.fakes import FakeChat
from tests.models.chat.tiny import tiny_causal
from tests.scripted import serve


def ask(text: str, **parameters: object) -> ChatRequest:
    messages = (Message(role="system", content="Answer."), Message(role="user", content=text))
    return ChatRequest(messages=messages, temperature=0.0, max_tokens=20, **parameters)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["fake", "metered", "endpoint", pytest.param("local", marks=pytest.mark.torch)])
def chat(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatModel]:
    with ExitStack() as stack:
        if request.param == "fake":
            yield FakeChat(["It is here."])
        elif request.param == "metered":
            yield Meter(max_tokens=100_000).wrap(FakeChat(["It is here."]), Stage.REVISE)
        elif request.param == "endpoint":
            pytest.importorskip("openai")
            server = stack.enter_context(serve(["It is here."]))
            opened = load_chat("openai:tiny", base_url=server.url)
            stack.callback(opened.close)  # type: ignore[attr-defined]
            yield opened
        else:
            pytest.importorskip("transformers")
            folder = tiny_causal(tmp_path_factory.mktemp("contract"), ["It is here."], steps=20)
            yield load_chat(str(folder), device="cpu")


def test_it_is_one(chat: ChatModel) -> None:
    assert isinstance(chat, ChatModel)
    assert chat.name
    assert chat.identity == chat.identity != ""


def test_answers_are_aligned_and_do_not_depend_on_their_neighbours(chat: ChatModel) -> None:
    requests = [ask("Where?"), ask("Who?"), ask("Where?")]
    together = [answer.text for answer in chat.complete(requests)]
    assert len(together) == 3
    assert together == [chat.complete([request])[0].text for request in requests]
    assert all(isinstance(answer, Completion) for answer in chat.attempt(requests))
    assert chat.complete([]) == chat.attempt([]) == []


def test_what_it_took_is_told(chat: ChatModel) -> None:
    (answer,) = chat.complete([ask("Where?")])
    assert answer.usage.prompt_tokens > 0
    assert answer.usage.completion_tokens >= 0
    assert answer.seconds >= 0.0
    assert answer.finish_reason in ("stop", "length")
    assert answer.model == chat.name
    assert not answer.cached


def test_a_stream_is_the_answer_in_pieces(chat: ChatModel) -> None:
    assert "".join(chat.stream(ask("Where?"))) == chat.complete([ask("Where?")])[0].text
