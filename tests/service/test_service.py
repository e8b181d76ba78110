"""The HTTP edge over real sockets: layouts, limits, keys, shedding, time-outs."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from factcheck import FactChecker, Report
from factcheck.config import ServeSettings
from factcheck.errors import UsageError
from factcheck.report import report_from_dict
from factcheck.service.options import API_KEY, Mode, ServiceOptions
from tests.cli.conftest import FakeFactChecker
from tests.reports import DRAFT, DRAFT_REPORT, REVISED_REPORT
from tests.service.conftest import Running, serving

KEY = "a-key-that-is-long-enough"


@pytest.fixture(scope="module")
def plain() -> Iterator[Running]:
    with serving(FakeFactChecker(), limits=ServeSettings(max_body_bytes=5000, read_timeout_seconds=0.5)) as running:
        yield running


def post(running: Running, path: str, value: Any, **keywords: Any) -> httpx2.Response:
    return httpx2.post(f"{running.url}{path}", json=value, timeout=60, **keywords)


def test_check_revise_and_ask_answer_with_the_report(plain: Running) -> None:
    assert report_from_dict(post(plain, "/v1/check", {"text": DRAFT}).json()) == DRAFT_REPORT
    assert report_from_dict(post(plain, "/v1/revise", {"text": DRAFT, "question": "Who?"}).json()) == REVISED_REPORT
    assert report_from_dict(post(plain, "/v1/ask", {"question": "Who?"}).json()) == REVISED_REPORT
    assert report_from_dict(post(plain, "/v1/ask", {"question": "Who?", "revise": False}).json()) == DRAFT_REPORT


def test_contexts_are_handed_on() -> None:
    fake = FakeFactChecker()
    with serving(fake) as running:
        contexts = ["one", {"text": "two", "title": "T", "source": "S", "id": "d"}, {"text": "three"}]
        assert post(running, "/v1/check", {"text": DRAFT, "context": contexts}).status_code == 200
    first, second, third = fake.calls[-1][1]["context"]
    assert first == "one"
    assert (second.id, second.title, second.text, second.source) == ("d", "T", "two", "S")
    assert (third.id, third.source) == ("context-3", "context 3")


def test_scores_stand_in_order_and_a_failure_is_told(plain: Running) -> None:
    pairs = [
        {"claim": "it", "evidence": "say it"},
        {"claim": "fails", "evidence": []},
        {"claim": "no", "evidence": "x"},
    ]
    answer = post(plain, "/v1/score", {"pairs": pairs}).json()
    assert [row["label"] for row in answer["scores"]] == ["SUPPORTED", "FAILED", "NOT_ENOUGH_INFO"]
    assert answer["scores"][0]["span"] == {"start": 4, "end": 6}
    assert answer["scores"][1]["error"]["message"]
    refused = post(plain, "/v1/score", {"pairs": [{"claim": "too long", "evidence": "x"}]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "invalid_text")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b'{"text": NaN}', 400, "invalid_json"),
        (b"[" * 4000, 400, "invalid_body"),
        (b'{"text": ' + b"[" * 4000, 400, "invalid_body"),
        (b'{"text": "\xff"}', 400, "invalid_json"),
        (b'"text"', 400, "invalid_body"),
        (b"{}", 400, "invalid_body"),
        (b'{"text": 5}', 400, "invalid_body"),
        (b'{"text": "a", "tone": "kind"}', 400, "invalid_body"),
        (b'{"text": "a", "context": [5]}', 400, "invalid_body"),
        (b'{"text": "' + b"x" * 5000 + b'"}', 413, "too_large"),
    ],
)
def test_a_bad_body_is_refused_by_name(plain: Running, body: bytes, status: int, code: str) -> None:
    answer = httpx2.post(f"{plain.url}/v1/check", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["message"]


def test_a_large_body_is_refused_before_it_comes(plain: Running) -> None:
    port = int(plain.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(
            b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 99999999\r\n\r\n"
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_a_large_body_of_unknown_length_is_cut_off(plain: Running) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(10):
            yield b"x" * 1000

    answer = httpx2.post(f"{plain.url}/v1/check", content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_a_body_that_drips_is_given_up(plain: Running) -> None:
    port = int(plain.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(
            b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 20\r\n\r\n{"
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_what_is_not_served_is_refused(plain: Running) -> None:
    assert httpx2.get(f"{plain.url}/v1/check").status_code == 405
    assert httpx2.get(f"{plain.url}/v1/check").headers["allow"] == "POST"
    assert httpx2.get(f"{plain.url}/nothing").json()["error"]["code"] == "not_found"
    assert httpx2.post(f"{plain.url}/v1/chat/completions", json={}).status_code == 404
    assert (
        httpx2.post(f"{plain.url}/v1/check", content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    )


def test_a_page_in_a_browser_cannot_reach_an_open_service(plain: Running) -> None:
    assert httpx2.get(f"{plain.url}/readyz", headers={"Host": "rebound.example"}).status_code == 403
    assert post(plain, "/v1/check", {"text": ""}, headers={"Origin": "https://evil.example"}).status_code == 403
    assert post(plain, "/v1/check", {"text": ""}, headers={"Origin": plain.url}).status_code == 200


def test_health_and_metrics(plain: Running) -> None:
    assert httpx2.get(f"{plain.url}/livez").json() == {"status": "live"}
    assert httpx2.get(f"{plain.url}/readyz").json() == {"status": "ready"}
    post(plain, "/v1/check", {"text": DRAFT})
    text = httpx2.get(f"{plain.url}/metrics").text
    assert 'factcheck_requests_total{route="/v1/check",status="200"}' in text
    assert 'factcheck_claims_total{label="REFUTED"}' in text
    assert "factcheck_requests_admitted 0.0" in text


def test_a_key_is_asked_for_and_never_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), serving(FakeFactChecker(), api_key=KEY) as running:
        assert httpx2.get(f"{running.url}/livez").status_code == 200
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {KEY}"}, {"X-Api-Key": KEY}):
            refused = post(running, f"/v1/check?key={KEY}", {"text": DRAFT}, headers=headers)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"
        assert httpx2.get(f"{running.url}/metrics").status_code == 401
        good = {"Authorization": f"Bearer {KEY}", "Host": "any.example"}
        assert post(running, "/v1/check", {"text": DRAFT}, headers=good).status_code == 200
        assert "security" in httpx2.get(f"{running.url}/openapi.json", headers=good).json()
        assert KEY not in repr(running.service.options)
        ours = [record for record in caplog.records if record.name.startswith(("factcheck", "uvicorn"))]
    logged = "\n".join(record.getMessage() for record in ours)
    assert "POST /v1/check 200" in logged
    assert KEY not in logged
    assert DRAFT[:20] not in logged


def test_an_open_door_to_the_network_is_refused() -> None:
    open_wide = ServeSettings(host="0.0.0.0")
    with pytest.raises(UsageError, match=API_KEY):
        ServiceOptions.from_environment(open_wide, environment={})
    with pytest.raises(UsageError, match="at least 16"):
        ServiceOptions.from_environment(open_wide, environment={API_KEY: "short"})
    kept = ServiceOptions.from_environment(open_wide, environment={API_KEY: KEY})
    assert kept.api_key == KEY
    for host in ("127.0.0.1", "localhost", "::1"):
        assert ServiceOptions.from_environment(ServeSettings(host=host), environment={}).api_key is None


@pytest.mark.parametrize(
    "url",
    ["ftp://a/v1", "a/v1", "http://", "http://u:p@h/v1", "http://h/v1?key=1", "http://h:99999/v1", "file:///etc/x"],
)
def test_an_upstream_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="--proxy"):
        ServiceOptions.from_environment(ServeSettings(), upstream=url, mode=Mode.BLOCK, environment={})


class Slow(FakeFactChecker):
    """Waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def check(self, text: str, context: Any = None, *, question: str | None = None) -> Report:
        assert self.go.wait(30)
        return super().check(text, context, question=question)


def test_more_than_can_be_held_is_turned_away_at_once() -> None:
    slow = Slow()
    limits = ServeSettings(max_requests=4, retry_after_seconds=3)
    with serving(slow, limits=limits, threads=1) as running, ThreadPoolExecutor(4) as pool:
        held = [pool.submit(post, running, "/v1/check", {"text": DRAFT}) for _ in range(4)]
        while running.service.desk.admitted < 4:
            time.sleep(0.01)
        refused = post(running, "/v1/check", {"text": DRAFT})  # answered while the others are still held
        assert not slow.go.is_set()
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "3")
        assert refused.json()["error"]["code"] == "busy"
        assert httpx2.get(f"{running.url}/livez").status_code == 200
        slow.go.set()
        assert [future.result().status_code for future in held] == [200] * 4
        assert post(running, "/v1/check", {"text": DRAFT}).status_code == 200
        assert "factcheck_requests_shed 1.0" in httpx2.get(f"{running.url}/metrics").text


def test_work_that_takes_too_long_is_given_up_and_still_counted() -> None:
    slow = Slow()
    limits = ServeSettings(max_requests=1, request_timeout_seconds=0.2)
    with serving(slow, limits=limits, threads=1) as running:
        late = post(running, "/v1/check", {"text": DRAFT})
        assert (late.status_code, late.json()["error"]["code"]) == (504, "timeout")
        assert post(running, "/v1/check", {"text": DRAFT}).status_code == 503
        slow.go.set()
        while not running.service.desk.idle:
            time.sleep(0.01)
        assert post(running, "/v1/check", {"text": DRAFT}).status_code == 200


def test_a_defect_is_told_without_its_insides(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeFactChecker):
        def check(self, *args: Any, **keywords: Any) -> Report:
            raise ZeroDivisionError("inside")

    with serving(Broken()) as running:
        answer = post(running, "/v1/check", {"text": DRAFT}, headers={"X-Request-Id": "abc"})
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] == "abc"
    assert "abc" in answer.json()["error"]["message"]
    assert "inside" not in answer.text
    assert "inside" in caplog.text


def test_the_real_checker_answers(checker: FactChecker) -> None:
    with serving(checker) as running:
        report = post(running, "/v1/revise", {"text": "Sydney is the capital of Australia."}).json()
        assert report["text"] == "Canberra is the capital of Australia."
        assert post(running, "/v1/ask", {"question": "Who discovered penicillin?"}).json()["text"] == (
            "Penicillin was discovered by Alexander Fleming."
        )
        score = post(running, "/v1/score", {"pairs": [{"claim": "The moon is made of cheese.", "evidence": []}]})
        assert json.loads(score.content)["scores"][0]["label"] == "NOT_ENOUGH_INFO"
