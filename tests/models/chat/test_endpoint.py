"""The real client against a server that misbehaves in every way the wire allows."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from factcheck.errors import ServiceError, UsageError
from factcheck.models.chat import Limits, load_chat
from factcheck.models.chat.breaker import CircuitBreaker
from factcheck.models.chat.endpoint import EndpointChat
from factcheck.types import ChatRequest, Completion, Message, TokenProbability, Usage
from tests.scripted import Drip, HalfABody, Hang, Raw, Say, Scripted, Status, serve

pytest.importorskip("openai")

KEY = "sk-test-0123456789abcdef"
PATIENT = Limits(timeout_seconds=20, total_seconds=60, attempts=3, wait_seconds=0.01)
QUICK = Limits(timeout_seconds=0.6, total_seconds=60, attempts=3, wait_seconds=0.01)
"""For who never answers; everybody else has time, however busy the machine is."""

Open = Callable[..., EndpointChat]


def ask(text: str = "Where?", **parameters: object) -> ChatRequest:
    return ChatRequest(messages=(Message(role="user", content=text),), **parameters)  # type: ignore[arg-type]


@pytest.fixture
def open_chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    opened: list[EndpointChat] = []

    def open_(server: Scripted, limits: Limits = PATIENT) -> EndpointChat:
        chat = load_chat("openai:tiny", base_url=server.url, limits=limits)
        assert isinstance(chat, EndpointChat)
        opened.append(chat)
        return chat

    yield open_
    for chat in opened:
        chat.close()


def _limits(trouble: object) -> Limits:
    return QUICK if isinstance(trouble, Hang | Drip) else PATIENT


def test_an_answer(open_chat: Open) -> None:
    with serve(["Here."]) as server:
        (answer,) = open_chat(server).complete([ask()])
        assert (answer.text, answer.finish_reason, answer.model) == ("Here.", "stop", "openai:tiny")
        assert answer.usage == Usage(prompt_tokens=100, completion_tokens=20)
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"
        assert server.requests[0] == {"model": "tiny", "messages": [{"role": "user", "content": "Where?"}]}


def test_only_what_is_set_is_sent_and_the_rest_beside_it(open_chat: Open) -> None:
    with serve(["."]) as server:
        request = ask(temperature=0.0, top_p=0.9, top_k=40, min_p=0.05, seed=7, sample=2, stop=("END",), max_tokens=9)
        open_chat(server).complete([request])
        sent = {k: v for k, v in server.requests[0].items() if k not in ("model", "messages")}
        assert sent == {
            "temperature": 0.0, "top_p": 0.9, "top_k": 40, "min_p": 0.05, "seed": 9, "stop": ["END"], "max_tokens": 9,
        }  # fmt: skip


def test_answers_are_aligned_and_one_failure_costs_nobody_else(open_chat: Open) -> None:
    def part(request: dict, number: int) -> Say | Status:
        text = request["messages"][0]["content"]
        return Status(401) if text == "bad" else Say(text.upper())

    with serve(part) as server:
        chat = open_chat(server)
        answers = chat.attempt([ask("a"), ask("bad"), ask("b")])
        assert [a.text if isinstance(a, Completion) else type(a) for a in answers] == ["A", ServiceError, "B"]
        with pytest.raises(ServiceError, match="401"):
            chat.complete([ask("a"), ask("bad")])
        assert chat.attempt([]) == []


def test_no_more_run_at_once_than_allowed(open_chat: Open) -> None:
    def part(request: dict, number: int) -> str:
        time.sleep(0.03)
        return str(number)

    with serve(part) as server:
        limits = Limits(timeout_seconds=5, total_seconds=10, concurrency=3)
        assert len(open_chat(server, limits).complete([ask(str(n)) for n in range(12)])) == 12
        assert server.busiest <= 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_cannot_help_is_not_tried_again(open_chat: Open, status: int) -> None:
    with serve([Status(status, message="no")]) as server:
        with pytest.raises(ServiceError, match=r"127\.0\.0\.1"):
            open_chat(server).complete([ask()])
        assert len(server.requests) == 1


def test_an_empty_purse_is_not_tried_again(open_chat: Open) -> None:
    with serve([Status(429, message="quota", kind="insufficient_quota")]) as server:
        with pytest.raises(ServiceError, match="quota"):
            open_chat(server).complete([ask()])
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        Status(500),
        Status(502, body="bad gateway"),
        Status(503),
        Status(408),
        Status(429),
        HalfABody(),
        Hang(),
        Drip(),
        Raw(b'{"choices": [{"mess'),
        Raw(b'{"choices": []}'),
        Raw(b"null"),
        Raw(b"<html>", content_type="text/html"),
    ],
    ids=repr,
)
def test_what_passes_is_tried_again(open_chat: Open, trouble: Status) -> None:
    with serve([trouble, "Here."]) as server:
        assert open_chat(server, _limits(trouble)).complete([ask()])[0].text == "Here."
        assert len(server.requests) >= 2


@pytest.mark.parametrize("trouble", [Status(500), HalfABody(), Hang(), Raw(b"nothing")], ids=repr)
def test_what_stays_is_an_error_with_an_address(open_chat: Open, trouble: Status) -> None:
    with serve([trouble]) as server:
        with pytest.raises(ServiceError) as caught:
            open_chat(server, _limits(trouble)).complete([ask()])
        assert len(server.requests) == PATIENT.attempts
        assert server.url in str(caught.value)
        assert "\n" not in str(caught.value)


def test_retry_after_is_heeded(open_chat: Open, caplog: pytest.LogCaptureFixture) -> None:
    with serve([Status(429, headers={"Retry-After": "1"}), "Here."]) as server:
        limits = Limits(timeout_seconds=5, total_seconds=60, wait_seconds=0.01)
        assert open_chat(server, limits).complete([ask()])[0].text == "Here."
        assert len(server.requests) == 2
    assert "asked again after the 1 s that it asks for" in caplog.text


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_pause_beyond_the_time_is_not_waited_for(open_chat: Open, form: str) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=9000), usegmt=True)
    with serve([Status(429, headers={"Retry-After": "8999" if form == "seconds" else later}), "Here."]) as server:
        with pytest.raises(ServiceError, match=r"429.*asks for 8\d\d\d s of rest"):
            open_chat(server).complete([ask()])
        assert len(server.requests) == 1


def test_an_error_in_another_form_is_told_too(open_chat: Open) -> None:
    refusal = Status(400, body={"detail": "Server is pinned to 'a'; requested 'b'."})
    with serve([refusal]) as server, pytest.raises(ServiceError, match="pinned to 'a'"):
        open_chat(server).complete([ask()])


def test_the_log_tells_why_an_answer_takes_longer(open_chat: Open, caplog: pytest.LogCaptureFixture) -> None:
    with serve([Status(503), "Here."]) as server:
        open_chat(server).complete([ask()])
    said = [record.getMessage() for record in caplog.records if record.name == "factcheck.models"]
    assert said == [f"{server.url} answered with status 503; asked again shortly, if a try is left"]


def test_the_total_time_is_kept_over_all_tries(open_chat: Open) -> None:
    with serve([Drip()]) as server:
        limits = Limits(timeout_seconds=0.4, total_seconds=0.6, attempts=50, wait_seconds=0.01)
        with pytest.raises(ServiceError, match=r"0\.6 s"):
            open_chat(server, limits).complete([ask()])


def test_nobody_there(open_chat: Open) -> None:
    with serve(["."]) as server:
        pass
    with pytest.raises(ServiceError, match="cannot be reached"):
        open_chat(server).complete([ask()])


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (Status(400, message="Unsupported value", param="temperature"), "temperature"),
        (Status(400, message="Unrecognized request argument supplied: top_k"), "top_k"),
        (Status(400, body={"object": "error", "message": "min_p must be in [0, 1]", "code": 400}), "min_p"),
        (Status(422, body={"detail": [{"loc": ["body", "seed"], "msg": "bad"}]}), "seed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refused_parameter_is_named(open_chat: Open, error: Status, name: str) -> None:
    with serve([error]) as server:
        with pytest.raises(ServiceError, match=f"'{name}'"):
            open_chat(server).complete([ask(temperature=9.0, top_k=3, min_p=7.0, seed=1)])
        assert len(server.requests) == 1


def test_a_schema_is_sent_and_left_out_where_the_server_has_none(open_chat: Open) -> None:
    def part(request: dict, number: int) -> Say | Status:
        if "response_format" in request:
            return Status(400, message="response_format is not supported")
        return Say("{}")

    with serve(part) as server:
        chat = open_chat(server)
        schema = {"type": "object"}
        assert chat.complete([ask(json_schema=schema)])[0].text == "{}"
        assert server.requests[0]["response_format"]["json_schema"]["schema"] == schema
        chat.complete([ask(json_schema=schema)])
        assert ["response_format" in r for r in server.requests] == [True, False, False]


def test_probabilities(open_chat: Open) -> None:
    with serve([Say("a b", logprobs=[("a", 0.0), (" b", -0.6931471805599453)])]) as server:
        (answer,) = open_chat(server).complete([ask(probabilities=True)])
        assert server.requests[0]["logprobs"] is True
        assert answer.tokens == (
            TokenProbability(text="a", probability=1.0),
            TokenProbability(text=" b", probability=pytest.approx(0.5)),  # type: ignore[arg-type]
        )


def test_a_server_that_does_not_count(open_chat: Open) -> None:
    with serve([Say("A few words of an answer.", usage=None)]) as server:
        (answer,) = open_chat(server).complete([ask("A question of some length?")])
        assert answer.usage.prompt_tokens > 4
        assert answer.usage.completion_tokens > 4


def test_streaming(open_chat: Open) -> None:
    with serve(["one two three"]) as server:
        assert list(open_chat(server).stream(ask())) == ["one", " two", " three"]
        first = next(open_chat(server).stream(ask()))  # leaving early leaves nothing behind
        assert first == "one"


def test_a_stream_is_opened_again_before_its_first_word(open_chat: Open) -> None:
    with serve([Status(500), "one two"]) as server:
        assert "".join(open_chat(server).stream(ask())) == "one two"
        assert len(server.requests) == 2


def test_a_stream_that_fails(open_chat: Open) -> None:
    with serve([Status(400, param="top_p")]) as server, pytest.raises(ServiceError, match="top_p"):
        list(open_chat(server).stream(ask(top_p=2.0)))


def test_from_within_an_event_loop(open_chat: Open) -> None:
    with serve(lambda request, _: request["messages"][0]["content"]) as server:
        chat = open_chat(server)

        async def both() -> list[str]:
            native = await chat.acomplete([ask("a"), ask("b")])
            blocking = chat.complete([ask("c")])  # as in a notebook
            return [a.text for a in (*native, *blocking)]

        assert asyncio.run(both()) == ["a", "b", "c"]


@pytest.mark.timeout(30)
def test_cancelling_ends_the_request(open_chat: Open) -> None:
    with serve([Hang()]) as server:
        chat = open_chat(server, Limits(timeout_seconds=60, total_seconds=60))

        async def impatient() -> None:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await chat.acomplete([ask()])

        asyncio.run(impatient())


def test_the_circuit_opens_and_closes(open_chat: Open) -> None:
    down = True
    with serve(lambda request, number: Status(500) if down else "Here.") as server:

        def broken(open_seconds: float) -> EndpointChat:
            limits = Limits(attempts=2, wait_seconds=0.01, failures_to_open=4, open_seconds=open_seconds)
            chat = open_chat(server, limits)
            for _ in range(2):
                with pytest.raises(ServiceError, match="500"):
                    chat.complete([ask()])
            return chat

        long = broken(600)
        with pytest.raises(ServiceError, match="left alone"):
            long.complete([ask()])
        assert len(server.requests) == 4
        short = broken(0.05)
        down = False
        time.sleep(0.1)
        assert short.complete([ask()])[0].text == "Here."
        assert short.complete([ask()])[0].text == "Here."


def test_half_open_lets_one_through() -> None:
    now = 0.0
    breaker = CircuitBreaker(failures=1, seconds=10, clock=lambda: now)
    breaker.failed()
    assert breaker.closed_for() == 10
    now = 11.0
    assert breaker.closed_for() == 0.0
    assert breaker.closed_for() > 0
    breaker.failed()
    assert breaker.closed_for() == 10
    now = 22.0
    assert breaker.closed_for() == 0.0
    breaker.abandoned()
    assert breaker.closed_for() == 0.0
    breaker.succeeded()
    assert breaker.closed_for() == 0.0


def test_the_key_is_never_told(open_chat: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serve([Status(401, message=f"Incorrect API key provided: {KEY}")]) as server:
        chat = open_chat(server)
        with pytest.raises(ServiceError) as caught:
            chat.complete([ask()])
        assert KEY not in str(caught.value)
        assert KEY not in caplog.text
        assert KEY not in repr(vars(chat)["_refusals"])


def test_a_key_is_needed_for_openai_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(UsageError, match="OPENAI_API_KEY"):
        load_chat("openai:gpt")
    with serve(["Here."]) as server:
        chat = load_chat("openai:tiny", base_url=server.url, limits=PATIENT)
        assert chat.complete([ask()])[0].text == "Here."
        assert "authorization" not in server.headers[0]
        assert isinstance(chat, EndpointChat)
        chat.close()


@pytest.mark.parametrize("spec", ["openai:", "gpt-4", "embedded", ""])
def test_what_names_no_writer(spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(UsageError):
        load_chat(spec)


def test_what_is_no_url() -> None:
    with pytest.raises(UsageError, match="http"):
        load_chat("openai:tiny", base_url="localhost:8000")
