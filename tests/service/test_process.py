"""The command as a process: it starts, says where it listens, and ends when it is told to, without losing anything."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.service.conftest import Upstream

DANUBE = {"text": "The Danube flows into the Baltic Sea."}


@contextmanager
def process(*argv: str, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    command = [sys.executable, "-m", "factcheck", "serve", "--port", "0", "--json", *argv]
    with log.open("wb") as errors:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env={**os.environ})
        try:
            assert child.stdout is not None
            line = child.stdout.readline()
            assert line, log.read_text()
            yield child, json.loads(line)["url"]
        finally:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()


def test_sigterm_in_the_middle_loses_nothing(tmp_path: Path, upstream: Upstream) -> None:
    async def under_fire(child: subprocess.Popen[bytes], url: str) -> tuple[list[int], set[str], int]:
        async with httpx2.AsyncClient(timeout=120, limits=httpx2.Limits(max_connections=64)) as http:

            async def one(number: int) -> tuple[int, str]:
                if number % 2:
                    answer = await http.post(f"{url}/v1/check", json=DANUBE)
                    return answer.status_code, answer.json()["text"]
                asked = {"model": "open", "messages": [{"role": "user", "content": "?"}], "stream": number % 4 == 0}
                answer = await http.post(f"{url}/v1/chat/completions", json=asked)
                end = "[DONE]" if asked["stream"] else '"verification"'
                return answer.status_code, end if end in answer.text else answer.text

            tasks = [asyncio.ensure_future(one(number)) for number in range(64)]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            child.send_signal(signal.SIGTERM)
            draining = 0
            while not draining:
                draining = (await http.get(f"{url}/readyz")).status_code % 200  # 503 once it has heard
            answers = await asyncio.gather(*tasks)
        return [status for status, _ in answers], {text for _, text in answers}, draining

    log = tmp_path / "log"
    with process("--proxy", upstream.url, "--mode", "block", log=log) as (child, url):
        statuses, texts, draining = asyncio.run(under_fire(child, url))
        assert statuses == [200] * 64
        assert texts == {DANUBE["text"], "[DONE]", '"verification"'}
        assert draining == 503 % 200
        assert child.wait(30) == 0
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--host", "0.0.0.0"], "listening on 0.0.0.0 needs a key; set FACTCHECK_API_KEY, or listen on 127.0.0.1"),
        (["--mode", "block"], "--mode says what the proxy does; add --proxy UPSTREAM"),
        (["--proxy", "ftp://x"], "--proxy: is no HTTP URL; write http://HOST:PORT/v1"),
        (["--port", "70000"], "argument --port: '70000' is not a port from 0 to 65535; see 'factcheck serve --help'"),
    ],
)
def test_what_cannot_be_served_is_wrong_usage(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from factcheck.cli.main import run

    assert run(["serve", *argv]) == 2
    assert capsys.readouterr().err == f"factcheck: error: {message}\n"


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    from factcheck.cli.main import run

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["serve", "--port", str(port)]) == 1
    assert f"127.0.0.1:{port}: cannot be listened on (Address already in use)" in capsys.readouterr().err
