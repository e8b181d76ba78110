"""The proxy under the real `openai` client, sync, async and streaming, before a scripted upstream on loopback."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import openai
import pytest

from factcheck import FactChecker, Settings
from factcheck.config import ScreenSettings, ServeSettings
from factcheck.follow import Follower, Mode
from factcheck.service.chat import pieces
from tests.service.conftest import Running, Upstream, serving

FALSE = "Sydney is the capital of Australia. It was a fine day.  Neptune was discovered in 1846."
RIGHT = "Canberra is the capital of Australia. It was a fine day.  Neptune was discovered in 1846."
ASKED: list[Any] = [{"role": "user", "content": "What is the capital of Australia?"}]
KEY = "a-key-that-is-long-enough"


@pytest.fixture(scope="module", params=list(Mode))
def proxied(request: pytest.FixtureRequest, checker: FactChecker, upstream: Upstream) -> Iterator[Running]:
    with serving(checker, upstream=upstream.url, upstream_key="upstream-secret", mode=request.param) as running:
        yield running


def mode_of(running: Running) -> Mode:
    return running.service.options.mode


def client(running: Running, **keywords: Any) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{running.url}/v1", api_key=KEY, max_retries=0, timeout=60, **keywords)


def verification(answer: Any) -> dict[str, Any]:
    found = answer.model_extra["verification"]
    assert isinstance(found, dict)
    return found


def test_an_answer_is_told_of_put_right_or_withheld(proxied: Running) -> None:
    with client(proxied) as ai:
        answer = ai.chat.completions.create(model="false", messages=ASKED)
    (choice,) = answer.choices
    (found,) = verification(answer)["choices"]
    assert verification(answer)["mode"] == mode_of(proxied).value
    assert answer.usage is not None
    assert answer.usage.prompt_tokens == 7
    if mode_of(proxied) is Mode.ANNOTATE:
        assert (choice.message.content, found["action"]) == (FALSE, "annotated")
        assert found["report"]["summary"]["refuted"] == 1
    elif mode_of(proxied) is Mode.REWRITE:
        assert (choice.message.content, found["action"]) == (RIGHT, "rewritten")
        assert found["report"]["revision"]["rounds"][0]["text"] == FALSE
    else:
        assert choice.message.content is not None
        assert choice.message.content.startswith("This answer is withheld: 1 of its ")
        assert "Sydney" not in choice.message.content
        assert (choice.finish_reason, found["action"]) == ("content_filter", "blocked")


@pytest.mark.parametrize("model", ["true", "open"])
def test_what_is_not_contradicted_passes_to_the_byte(proxied: Running, upstream: Upstream, model: str) -> None:
    with client(proxied) as ai:
        answer = ai.chat.completions.create(model=model, messages=ASKED, n=2)
    assert [choice.message.content for choice in answer.choices] == [upstream.answers[model]] * 2
    actions = {found["action"] for found in verification(answer)["choices"]}
    assert actions == ({"annotated"} if mode_of(proxied) is Mode.ANNOTATE else {"passed"})


def test_a_stream_is_the_checked_text_by_the_sentence(proxied: Running) -> None:
    with client(proxied) as ai:
        whole = ai.chat.completions.create(model="false", messages=ASKED)
        stream = ai.chat.completions.create(
            model="false", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
        events = list(stream)
    said = [event.choices[0].delta.content for event in events if event.choices and event.choices[0].delta.content]
    assert said == pieces(whole.choices[0].message.content or "")
    last = [event for event in events if event.choices][-1]
    assert last.choices[0].finish_reason == whole.choices[0].finish_reason
    assert verification(last) == verification(whole)
    assert events[-1].usage is not None
    assert events[-1].usage.prompt_tokens == 7
    assert events[0].choices[0].delta.role == "assistant"


def becomes_idle(running: Running) -> bool:
    """Say whether the desk is free soon: the last byte reaches the client before the server has put its things away."""
    deadline = time.monotonic() + 10
    while not running.service.desk.idle and time.monotonic() < deadline:
        time.sleep(0.01)
    return running.service.desk.idle


def streamed(running: Running, upstream: Upstream, model: str, until: int = 1) -> tuple[list[str], Any, list[Any]]:
    """Stream an answer whose upstream waits before its last word; return texts, the last choice and all events.

    The upstream goes on when so many events with text have come, so that these came before the answer was written.
    """
    upstream.held.clear()
    events: list[Any] = []
    said: list[str] = []
    with client(running) as ai:
        stream = ai.chat.completions.create(
            model=model, messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
        for event in stream:
            events.append(event)
            if event.choices and event.choices[0].delta.content:
                said.append(event.choices[0].delta.content)
            if len(said) >= until:
                upstream.held.set()
    assert becomes_idle(running)
    return said, [event for event in events if event.choices][-1], events


def test_each_sentence_comes_when_it_is_checked(proxied: Running, upstream: Upstream) -> None:
    said, last, events = streamed(proxied, upstream, "live")
    (found,) = verification(last)["choices"]
    mode = mode_of(proxied)
    if mode is Mode.ANNOTATE:
        assert said == pieces(FALSE)
        assert (found["action"], found["report"]["text"]) == ("annotated", FALSE)
        assert found["report"]["summary"]["refuted"] == 1
    elif mode is Mode.REWRITE:
        assert said == pieces(RIGHT)
        assert (found["action"], found["report"]["text"]) == ("rewritten", RIGHT)
        first, second = found["report"]["revision"]["rounds"]
        assert (first["text"], second["text"]) == (FALSE, RIGHT)
        assert [edit["replacement"] for edit in second["edits"]] == ["Canberra"]
        assert found["report"]["revision"]["stop_reason"] == "verified"
    else:
        assert "".join(said) == "This answer is withheld: its claim is contradicted by the evidence."
        assert (found["action"], last.choices[0].finish_reason) == ("blocked", "content_filter")
        assert found["report"]["claims"][0]["label"] == "REFUTED"
    if mode is not Mode.BLOCK:  # which has stopped listening before the upstream could tell
        assert last.choices[0].finish_reason == "stop"
        assert events[-1].usage is not None


def test_block_ends_an_answer_before_its_first_false_sentence(checker: FactChecker, upstream: Upstream) -> None:
    with serving(checker, upstream=upstream.url, mode=Mode.BLOCK) as running:
        said, last, _ = streamed(running, upstream, "live-late")
    withheld = "The rest of this answer is withheld: 1 of 2 claims so far is contradicted by the evidence."
    assert "".join(said) == f"Neptune was discovered in 1846. \n\n{withheld}"
    assert last.choices[0].finish_reason == "content_filter"
    (found,) = verification(last)["choices"]
    assert [claim["label"] for claim in found["report"]["claims"]] == ["SUPPORTED", "REFUTED"]


@pytest.mark.parametrize("mode", list(Mode))
def test_a_screen_works_by_the_sentence_too(upstream: Upstream, mode: Mode) -> None:
    screen = ScreenSettings(personal=("email",), action="redact")
    checker = FactChecker.open(settings=Settings(screen=screen))
    with serving(checker, upstream=upstream.url, mode=mode, screens=True) as running:
        said, last, _ = streamed(running, upstream, "live-mail")
    (found,) = verification(last)["choices"]
    if mode is Mode.BLOCK:
        assert "".join(said).startswith("Neptune was discovered in 1846. Ask [email] about it. \n\nThe rest of this")
        assert found["action"] == "blocked"
    else:
        capital = "Sydney" if mode is Mode.ANNOTATE else "Canberra"
        text = f"Neptune was discovered in 1846. Ask [email] about it. {capital} is the capital of Australia."
        assert "".join(said) == text == found["report"]["text"]
        assert found["action"] == ("redacted" if mode is Mode.ANNOTATE else "rewritten")
    assert found["report"]["provenance"]["screen"]["findings"][0]["span"] == {"start": 36, "end": 51}
    assert "ada@" not in str(said) + str(found)


def test_a_screen_that_blocks_ends_the_answer(upstream: Upstream) -> None:
    checker = FactChecker.open(settings=Settings(screen=ScreenSettings(personal=("email",), action="block")))
    with serving(checker, upstream=upstream.url, mode=Mode.REWRITE, screens=True) as running:
        said, last, _ = streamed(running, upstream, "live-mail")
    assert "".join(said) == ("Neptune was discovered in 1846. \n\nThis text is withheld: the screen found email (1).")
    assert last.choices[0].finish_reason == "content_filter"
    assert verification(last)["choices"][0]["action"] == "blocked"


def test_an_operator_may_have_answers_checked_as_a_whole(checker: FactChecker, upstream: Upstream) -> None:
    with (
        serving(checker, upstream=upstream.url, mode=Mode.BLOCK, by_sentence=False) as running,
        client(running) as ai,
    ):
        stream = list(ai.chat.completions.create(model="late", messages=ASKED, stream=True))
    text = "".join(event.choices[0].delta.content or "" for event in stream if event.choices)
    assert text == "This answer is withheld: 1 of its 3 claims is contradicted by the evidence."
    assert upstream.requests[-1]["stream"] is False


def test_an_upstream_that_breaks_off_ends_the_stream_with_an_error(checker: FactChecker, upstream: Upstream) -> None:
    said: list[str] = []

    def listen(ai: openai.OpenAI) -> None:
        for event in ai.chat.completions.create(model="torn", messages=ASKED, stream=True):
            assert "verification" not in (event.model_extra or {})
            said.append(event.choices[0].delta.content or "")

    with (
        serving(checker, upstream=upstream.url) as running,
        client(running) as ai,
        pytest.raises(openai.APIError, match="middle of its answer"),
    ):
        listen(ai)
    assert becomes_idle(running)
    assert "".join(said) == "".join(pieces(FALSE)[: len(said) - 1])


def test_the_async_client_sees_the_same(proxied: Running) -> None:
    async def both() -> tuple[Any, str]:
        async with openai.AsyncOpenAI(base_url=f"{proxied.url}/v1", api_key=KEY, max_retries=0) as ai:
            answer = await ai.chat.completions.create(model="false", messages=ASKED)
            stream = await ai.chat.completions.create(model="false", messages=ASKED, stream=True)
            return answer, "".join([e.choices[0].delta.content or "" async for e in stream if e.choices])

    answer, streamed = asyncio.run(both())
    assert answer.choices[0].message.content == streamed


def test_what_is_no_text_passes(proxied: Running) -> None:
    with client(proxied) as ai:
        answer = ai.chat.completions.create(model="tools", messages=ASKED)
        assert answer.choices[0].message.tool_calls is not None
        assert verification(answer)["choices"][0]["action"] == "no_text"
        events = list(ai.chat.completions.create(model="tools", messages=ASKED, stream=True))
        calls = events[0].choices[0].delta.tool_calls
        assert calls is not None
        assert calls[0].index == 0
        assert calls[0].function is not None
        assert calls[0].function.name == "f"
        empty = ai.chat.completions.create(model="empty", messages=ASKED)
        assert empty.choices[0].message.content == ""


def test_the_upstream_gets_its_own_key_and_what_was_asked(proxied: Running, upstream: Upstream) -> None:
    upstream.requests.clear()
    upstream.headers.clear()
    with client(proxied) as ai:
        ai.chat.completions.create(
            model="true",
            messages=ASKED,
            temperature=0.5,
            stream=True,
            extra_body={"top_k": 3, "base_url": "http://evil/"},
        )
    (asked,), (headers,) = upstream.requests, upstream.headers
    assert asked["temperature"] == 0.5
    assert asked["top_k"] == 3
    assert asked["stream"] is True
    assert asked["messages"] == ASKED
    assert headers["authorization"] == "Bearer upstream-secret"
    assert KEY not in str(headers)
    assert set(upstream.paths) <= {"/v1/chat/completions", "/v1/models"}


def test_models_are_the_upstream_s(proxied: Running) -> None:
    with client(proxied) as ai:
        assert [model.id for model in ai.models.list()] == ["true"]


def test_refusals_of_the_upstream_reach_the_client(proxied: Running) -> None:
    with client(proxied) as ai:
        with pytest.raises(openai.RateLimitError) as limited:
            ai.chat.completions.create(model="limited", messages=ASKED)
        assert limited.value.response.headers["retry-after"] == "7"
        with pytest.raises(openai.InternalServerError, match="model fell over"):
            ai.chat.completions.create(model="broken", messages=ASKED, stream=True)
        for model in ("nonsense", "half", "elsewhere"):
            with pytest.raises(openai.InternalServerError) as failed:
                ai.chat.completions.create(model=model, messages=ASKED)
            assert failed.value.status_code == 502
            assert "127.0.0.1" not in str(failed.value)
        with pytest.raises(openai.BadRequestError):
            ai.chat.completions.create(model="true", messages=[])


def test_an_upstream_that_hangs_or_is_not_there(checker: FactChecker, upstream: Upstream) -> None:
    limits = ServeSettings(upstream_timeout_seconds=0.3)
    with serving(checker, upstream=upstream.url, limits=limits) as running, client(running) as ai:
        with pytest.raises(openai.InternalServerError) as hanging:
            ai.chat.completions.create(model="hang", messages=ASKED)
        assert hanging.value.status_code == 504
    with serving(checker, upstream="http://127.0.0.1:9/v1") as running, client(running) as ai:
        with pytest.raises(openai.InternalServerError) as absent:
            ai.chat.completions.create(model="true", messages=ASKED)
        assert absent.value.status_code == 502


class _Failing:
    """A checker that cannot."""

    def check(self, *args: Any, **keywords: Any) -> Any:
        from factcheck.errors import StorageError

        raise StorageError("the disk is full")

    revise = generate = score = check

    def follow(self, mode: Mode, *, question: str | None = None) -> Follower:
        parts: Any = self
        return Follower(mode, pipeline=parts, reviser=parts, entailment=parts, policy=parts, question=question)


@pytest.mark.parametrize("mode", list(Mode))
def test_what_could_not_be_checked_is_not_passed_off_as_checked(upstream: Upstream, mode: Mode) -> None:
    with serving(_Failing(), upstream=upstream.url, mode=mode) as running, client(running) as ai:
        if mode is Mode.ANNOTATE:
            answer = ai.chat.completions.create(model="false", messages=ASKED)
            (found,) = verification(answer)["choices"]
            assert (answer.choices[0].message.content, found["action"]) == (FALSE, "unchecked")
            assert found["error"]["message"] == "the disk is full"
            upstream.held.set()
            events = list(ai.chat.completions.create(model="live", messages=ASKED, stream=True))
            assert "".join(event.choices[0].delta.content or "" for event in events) == FALSE
            (found,) = verification(events[-1])["choices"]
            assert (found["action"], found["error"]["message"]) == ("unchecked", "the disk is full")
            return
        upstream.held.set()
        with pytest.raises(openai.APIError, match="disk is full"):
            list(ai.chat.completions.create(model="live", messages=ASKED, stream=True))
        with pytest.raises(openai.InternalServerError, match="disk is full"):
            ai.chat.completions.create(model="false", messages=ASKED)
        with pytest.raises(openai.APIError, match="disk is full"):
            list(ai.chat.completions.create(model="false", messages=ASKED, stream=True))


def test_64_at_once(checker: FactChecker, upstream: Upstream) -> None:
    async def all_of_them(url: str) -> list[str]:
        limits = httpx2.Limits(max_connections=64)
        async with (
            httpx2.AsyncClient(limits=limits, timeout=120) as http,
            openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0, http_client=http) as ai,
        ):

            async def one(number: int) -> str:
                if number % 2:
                    answer = await ai.chat.completions.create(model="false", messages=ASKED)
                    return answer.choices[0].message.content or ""
                stream = await ai.chat.completions.create(model="false", messages=ASKED, stream=True)
                return "".join([e.choices[0].delta.content or "" async for e in stream if e.choices])

            return await asyncio.gather(*(one(number) for number in range(64)))

    with serving(checker, upstream=upstream.url, mode=Mode.REWRITE) as running:
        assert asyncio.run(all_of_them(running.url)) == [RIGHT] * 64
        assert becomes_idle(running)
