"""A real OpenAI-compatible server, transformers' own, with a tiny model of ours behind the real client.

The model has learnt one sentence, and it is false. So it is a writer who drafts an error and cannot put it right.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from factcheck import FactChecker
from factcheck.config import load_settings
from factcheck.models.chat import Limits, load_chat
from factcheck.types import ChatRequest, CheckedClaim, Label, Message, Report, Stage, StopReason
from tests.models.chat.tiny import tiny_causal

for needed in ("transformers", "fastapi", "uvicorn", "openai"):
    pytest.importorskip(needed)
pytestmark = [pytest.mark.torch, pytest.mark.slow]

SAID = "Sydney is the capital of Australia."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_causal(tmp_path_factory.mktemp("served"), [SAID], positions=8192, steps=60)


@pytest.fixture(scope="module")
def url(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "serve.log"
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", str(folder)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        _wait(f"http://127.0.0.1:{port}/health", process, log)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(20)


def _wait(health: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(health, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not start: {log.read_text()[-2000:]}")


def ask(**parameters: object) -> ChatRequest:
    messages = (Message(role="user", content="What is the capital of Australia?"),)
    return ChatRequest(messages=messages, **parameters)  # type: ignore[arg-type]


def test_the_client_and_a_real_server_understand_each_other(folder: Path, url: str) -> None:
    chat = load_chat(f"openai:{folder}", base_url=url, limits=Limits(timeout_seconds=60))
    try:
        answers = chat.complete([ask(temperature=0.0, max_tokens=40), ask(max_tokens=3, temperature=0.0)])
        assert (answers[0].text, answers[0].finish_reason) == (SAID, "stop")
        assert answers[0].usage.prompt_tokens > 3
        assert answers[1].usage.completion_tokens == 3
        assert answers[1].finish_reason == "length"
        assert "".join(chat.stream(ask(temperature=0.0, max_tokens=40))).strip() == SAID
    finally:
        chat.close()  # type: ignore[attr-defined]


def labels(report: Report) -> list[Label]:
    return [c.verdict.label for c in report.claims if isinstance(c, CheckedClaim)]


@pytest.mark.parametrize("by", ["endpoint", "local"])
def test_what_a_real_model_drafts_is_checked_and_put_right(folder: Path, url: str, by: str) -> None:
    writer, base_url = (f"openai:{folder}", url) if by == "endpoint" else (str(folder), None)
    question = "What is the capital of Australia?"
    settings = load_settings(overrides={"chat.temperature": 0.0, "chat.max_tokens": 60, "chat.device": "cpu"})
    with FactChecker.open(writer=writer, base_url=base_url, settings=settings) as checker:
        stubborn = checker.generate(question)
    assert stubborn.revision is not None
    assert stubborn.revision.stop_reason is StopReason.UNCHANGED
    assert (stubborn.text, labels(stubborn)) == (SAID, [Label.REFUTED])
    assert {exchange.stage for exchange in stubborn.all_exchanges} == {Stage.GENERATE, Stage.REVISE}

    settings = load_settings(overrides={"chat.temperature": 0.0, "chat.max_tokens": 60, "revise.by": "edit"})
    with FactChecker.open(writer=writer, base_url=base_url, settings=settings) as checker:
        edited = checker.generate(question)
    assert (edited.text, labels(edited)) == ("Canberra is the capital of Australia.", [Label.SUPPORTED])
