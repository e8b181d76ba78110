"""A writer on the command line: who reads and who writes, what it costs, what is kept, and that no key is told."""

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from factcheck.cli import session
from factcheck.cli.main import build_parser, run
from tests.models.builders import tiny_bert
from tests.models.chat.tiny import tiny_causal
from tests.scripted import Say, Status, Step, serve

pytest.importorskip("openai")

KEY = "sk-cli-0123456789abcdef"
FALSE = "Sydney is the capital of Australia."
TRUE = "Canberra is the capital of Australia."
QUESTION = "What is the capital of Australia?"

Out = Callable[[], tuple[str, str]]


def competent(request: dict[str, Any], number: int) -> Step:
    marks = re.search(r"<revised-(\w+)>", request["messages"][0]["content"])
    return Say(f"<revised-{marks[1]}>\n{TRUE}\n</revised-{marks[1]}>" if marks else FALSE)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def told(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_ask_drafts_checks_and_rewrites(capsys: pytest.CaptureFixture[str]) -> None:
    with serve(competent) as server:
        code = run(["ask", QUESTION, "--model", "openai:tiny", "--base-url", server.url, "--json", "--seed", "3"])
        assert [r.get("seed") for r in server.requests] == [3, 3]
    out, err = told(capsys)
    report = json.loads(out)
    assert code == 0
    assert report["text"] == TRUE
    assert report["revision"]["stop_reason"] == "verified"
    assert report["provenance"]["writer"] == {"name": "openai:tiny", "base_url": server.url}
    rounds = report["revision"]["rounds"]
    assert [r["exchanges"][0]["stage"] for r in rounds] == ["generate", "revise"]
    assert [row["stage"] for row in report["usage"]] == ["generate", "revise"]
    assert "factcheck: generate: 1 call, 0 from the cache, 100 + 20 tokens" in err
    assert KEY not in out + err


def test_candidates_rounds_and_rows_for_training(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pairs, rewards = tmp_path / "pairs.jsonl", tmp_path / "rewards.jsonl"
    command = ["ask", QUESTION, "--model", "openai:tiny", "--n", "2", "--also", "openai:other", "--rounds",
               "--preferences", str(pairs), "--rewards", str(rewards)]  # fmt: skip
    with serve(competent) as server:
        for _ in range(2):  # rows are appended
            assert run([*command, "--base-url", server.url]) == 0
        assert {r["model"] for r in server.requests} == {"tiny", "other"}
    out, err = told(capsys)
    assert err.count(f"factcheck: 1 row for training added to {pairs}\n") == 2
    assert "Drafts, best first (4)" in out
    assert "Round 1 (accepted)" in out
    assert "'Sydney' -> 'Canberra'" in out
    assert "user> <draft-" in out
    rows = [json.loads(line) for line in pairs.read_text().splitlines()]
    assert len(rows) == 2
    assert set(rows[0]) == {"prompt", "chosen", "rejected"}
    assert (rows[0]["chosen"][0]["content"], rows[0]["rejected"][0]["content"]) == (TRUE, FALSE)
    assert {json.loads(line)["reward"] for line in rewards.read_text().splitlines()} == {1.0, -1.0}


def test_rows_that_cannot_be_made_are_told_of(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    command = ["check", FALSE, "--preferences", str(pairs)]
    assert run([*command, "--revise"]) == 0
    assert f"0 rows for training added to {pairs}: a row needs the question" in told(capsys)[1]
    assert run([*command, "--question", QUESTION]) == 0
    assert "nothing was rewritten; add --revise" in told(capsys)[1]
    assert pairs.read_text() == ""
    assert run([*command, "--question", QUESTION, "--revise"]) == 0
    assert len(pairs.read_text().splitlines()) == 1


def test_check_takes_a_writer_for_rewriting_and_extraction(capsys: pytest.CaptureFixture[str]) -> None:
    def part(request: dict[str, Any], number: int) -> Step:
        if "List the claims" in request["messages"][-1]["content"]:
            said = TRUE if TRUE in request["messages"][-1]["content"] else FALSE
            return Say(json.dumps({"claims": [{"claim": said, "quote": said, "check_worthy": True}]}))
        return competent(request, number)

    with serve(part) as server:
        base = ["check", FALSE, "--writer", "openai:tiny", "--base-url", server.url, "--json"]
        assert run([*base, "--revise", "--extract-by", "model", "--examples", "none"]) == 0
        report = json.loads(told(capsys)[0])
        assert report["text"] == TRUE
        assert [row["stage"] for row in report["usage"]] == ["extract", "revise"]
        assert len(server.requests[0]["messages"]) == 2  # zero-shot
        before = len(server.requests)
        assert run([*base, "--revise", "--revise-by", "edit"]) == 0
        assert json.loads(told(capsys)[0])["text"] == TRUE
        assert run(base) == 0
        assert "usage" not in json.loads(told(capsys)[0])
        assert len(server.requests) == before


def test_an_estimate_sends_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text('["tiny"]\ninput = 1\noutput = 2\n')
    with serve(competent) as server:
        base = ["--model", "openai:tiny", "--base-url", server.url, "--estimate", "--prices", str(prices)]
        assert run(["ask", QUESTION, *base, "--n", "3", "--json"]) == 0
        forecast = json.loads(told(capsys)[0])
        assert run(["check", FALSE, *base, "--revise"]) == 0
        assert "at most   4 calls" in told(capsys)[0]
        assert (
            run(["check", FALSE, *base, "--revise", "--screen", "redact"]) == 0
        )  # screened rewrites are asked for too
        assert "at most   4 calls" in told(capsys)[0]
        assert run(["check", FALSE, *base, "--revise", "--critique", "--verification-questions"]) == 0
        assert "at most   48 calls" in told(capsys)[0]  # four rounds: two rewrites, a review, nine about questions
        assert not server.requests
    assert forecast["least"]["calls"] == 3
    assert forecast["most"]["calls"] == 3 + 3 * 4
    assert 0 < forecast["least"]["cost"] < forecast["most"]["cost"]


def test_verify_estimates_what_finding_claims_asks_and_verifies_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows, out, config = tmp_path / "rows.jsonl", tmp_path / "out.jsonl", tmp_path / "factcheck.toml"
    rows.write_text("".join(json.dumps({"text": FALSE}) + "\n" for _ in range(3)) + "{\n")
    config.write_text('[extract]\nby = "model"\n')
    with serve(competent) as server:
        base = ["verify", str(rows), "--out", str(out), "--estimate", "--json", "--config", str(config)]
        assert run([*base, "--model", "openai:tiny", "--base-url", server.url]) == 0
        forecast = json.loads(told(capsys)[0])
        assert run([*base, "--model", "openai:tiny", "--base-url", server.url, "--limit", "1"]) == 0
        less = json.loads(told(capsys)[0])
        assert not server.requests
        assert run(base) == 2
        assert list(tmp_path.glob("out*")) == []
        named = ["--model", "openai:tiny", "--base-url", server.url]
        verified = [argument for argument in base if argument != "--estimate"]
        assert run([*verified, *named, "--limit", "2"]) in (0, 4)
        told(capsys)
        asked = len(server.requests)
        assert run([*base, *named]) == 0
        left = json.loads(told(capsys)[0])
        assert run([*base, *named, "--min-confidence", "0.9"]) == 0
        anew = json.loads(told(capsys)[0])
        assert len(server.requests) == asked
    assert (forecast["least"]["calls"], less["least"]["calls"]) == (3, 1)
    assert (left["least"]["calls"], anew["least"]["calls"]) == (1, 3)  # the ledger keeps two, for the same settings
    assert forecast["least"] == forecast["most"]


def test_budgets_stop_with_what_is_done(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text('["tiny"]\ninput = 1000000\noutput = 1000000\n')
    with serve(competent) as server:
        base = ["check", FALSE, "--revise", "--writer", "openai:tiny", "--base-url", server.url, "--json"]
        assert run([*base, "--max-tokens-total", "40"]) == 0
        report = json.loads(told(capsys)[0])
        assert report["revision"]["stop_reason"] == "budget"
        assert report["text"] == FALSE
        assert run([*base, "--max-cost", "5", "--prices", str(prices)]) == 0
        assert json.loads(told(capsys)[0])["revision"]["stop_reason"] == "budget"
        assert not server.requests
        assert run([*base, "--max-cost", "5"]) == 2
        assert "--prices" in told(capsys)[1]


def test_the_cache_spares_the_second_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with serve(competent) as server:
        command = ["ask", QUESTION, "--model", "openai:tiny", "--base-url", server.url, "--json"]
        for _ in range(2):
            assert run([*command, "--cache", str(tmp_path / "answers.sqlite")]) == 0
        assert len(server.requests) == 2
    assert "revise: 0 calls, 1 from the cache, 0 + 0 tokens" in told(capsys)[1]


@pytest.mark.parametrize("debug", [[], ["--debug"]])
def test_the_key_is_in_no_message(capsys: pytest.CaptureFixture[str], debug: list[str]) -> None:
    with serve([Status(401, message=f"Incorrect API key provided: {KEY}")]) as server:
        code = run(["ask", QUESTION, "--model", "openai:tiny", "--base-url", server.url, *debug])
    out, err = told(capsys)
    assert code == 1
    assert "OPENAI_API_KEY" in err
    assert KEY not in out + err


def test_an_endpoint_needs_a_model_and_a_url_a_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", FALSE, "--base-url", "http://127.0.0.1:1/v1"]) == 2
    assert run(["ask", QUESTION, "--model", "openai:tiny", "--base-url", "127.0.0.1"]) == 2
    assert run(["check", FALSE, "--revise", "--revise-by", "model"]) == 2
    assert run(["check", FALSE, "--extract-by", "model"]) == 2
    assert run(["score", "none.jsonl", "--out", "-", "--model", "openai:tiny"]) == 2
    assert run(["verify", "none.jsonl", "--out", "out.jsonl", "--model", "openai:tiny"]) == 2
    assert told(capsys)[1].count("error:") == 6


def models(*argv: str) -> tuple[str, str]:
    args: argparse.Namespace = build_parser().parse_args(argv)
    settings = session.settings_of(args).models
    return settings.entailment, settings.chat


@pytest.mark.torch
def test_who_reads_and_who_writes(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    causal = str(tiny_causal(tmp_path / "causal", [TRUE], steps=1))
    reader = str(tiny_bert(tmp_path / "bert", ["contradiction", "entailment", "neutral"]))
    assert models("ask", "Who?", "--model", "hf:a/b") == ("embedded", "hf:a/b")
    assert models("check", "It is.", "--model", "hf:a/b") == ("hf:a/b", "")
    for command in ("ask", "check"):
        assert models(command, "x", "--model", "openai:m") == ("embedded", "openai:m")
        assert models(command, "x", "--model", causal) == ("embedded", causal)
        assert models(command, "x", "--model", reader) == (reader, "")
        assert models(command, "x", "--model", "embedded") == ("embedded", "")
        assert models(command, "x", "--reader", "hf:r", "--writer", "hf:w") == ("hf:r", "hf:w")
        assert models(command, "x", "--model", "openai:m", "--reader", "hf:r") == ("hf:r", "openai:m")
