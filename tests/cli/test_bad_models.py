"""What is wrong with a model or with rows is told in one line, by every command that meets it, and nothing is left."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from factcheck.cli.main import run
from tests.models.builders import save_tokenizer, tiny_bert, tiny_onnx, vocabulary, write_manifest
from tests.train.conftest import write_encoder, write_pairs

ROWS = [
    {"claim": "the tower was built in 1889", "evidence": "the tower was built in 1889 .", "label": "SUPPORTS"},
    {"claim": "the sea is not salty", "evidence": "the sea is salty .", "label": "REFUTES"},
]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, ROWS)))
    return path


def pickled(folder: Path) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    return folder


def without_labels(folder: Path) -> Path:
    pytest.importorskip("transformers")
    return tiny_bert(folder, ["LABEL_0", "LABEL_1", "LABEL_2"])


def unlabelled(folder: Path) -> Path:
    return tiny_onnx(folder, "entailment", labels=[])


def another_tokenizer(folder: Path) -> Path:
    """A tokenizer that knows more words than the model has rows for, in a manifest that is right about its hash."""
    from tokenizers import Tokenizer

    tiny_onnx(folder, "entailment")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.add_tokens([f"word{n}" for n in range(50)] + ["salty", "1889"])
    save = json.loads(tokenizer.to_str())
    shifted = {
        word: (place + 40 if word in {"salty", "1889", "sea"} else place) for word, place in vocabulary().items()
    }
    save["model"]["vocab"] = shifted
    (folder / "tokenizer.json").write_text(json.dumps(save))
    write_manifest(folder, "entailment")
    return folder


def not_numbers(folder: Path) -> Path:
    return tiny_onnx(folder, "entailment", poison=True)


def empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


BAD: list[tuple[Callable[[Path], Path], str]] = [
    (pickled, "may hold pickled weights"),
    (without_labels, "does not say what output 0 means"),
    (unlabelled, "do not tell all labels apart"),
    (empty, "holds no safetensors"),
]


@pytest.mark.parametrize(("make", "said"), BAD, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize("command", ["score", "eval", "reader", "audit"])
def test_a_model_that_cannot_be_used_is_refused_before_any_row(
    rows: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    make: Callable[[Path], Path],
    said: str,
    command: str,
) -> None:
    folder = make(tmp_path / "model")
    before = sorted(tmp_path.rglob("*"))
    capsys.readouterr()  # what the library says while it writes the folder
    call = {
        "score": ["score", str(rows), "--out", str(tmp_path / "out.jsonl"), "--model", str(folder)],
        "eval": ["eval", "pairs", str(rows), "--half", "all", "--system", str(folder)],
        "reader": ["eval", "pairs", str(rows), "--half", "all", "--system", f"reader:{folder}"],
        "audit": ["audit", "--system", str(folder)],
    }[command]
    code = run(call)
    err = capsys.readouterr().err
    assert code == 1, err
    ours = [line for line in err.splitlines() if line.startswith("factcheck: ")]  # a library's bar may stand before
    assert len(ours) == 1 and said in ours[0], err
    assert "Traceback" not in err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("make", "said"),
    [(another_tokenizer, "do tokenizer and weights belong together?"), (not_numbers, "are damaged")],
)
def test_a_model_that_breaks_on_rows_gives_no_verdict(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], Path], said: str
) -> None:
    folder, out = make(tmp_path / "model"), tmp_path / "out.jsonl"
    assert run(["score", str(rows), "--out", str(out), "--model", str(folder)]) == 4
    rejects = [orjson.loads(line) for line in Path(f"{out}.rejects.jsonl").read_bytes().splitlines()]
    assert all(said in reject["message"] and reject["code"] == "model" for reject in rejects)
    assert len(rejects) + len(out.read_bytes().splitlines()) == len(ROWS)
    assert rejects
    capsys.readouterr()
    assert (
        run(["eval", "pairs", str(rows), "--half", "all", "--resamples", "5", "--system", str(folder), "--json"]) == 4
    )
    record: dict[str, Any] = orjson.loads(capsys.readouterr().out)["results"][str(folder)]["rows"]
    assert record["failed"] == len(rejects)


@pytest.mark.torch
def test_training_refuses_what_it_cannot_start_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from tokenizers import Tokenizer

    pairs = write_pairs(tmp_path / "pairs.jsonl", 12)
    encoder = write_encoder(tmp_path / "encoder")
    call = ["train", str(pairs), "--out", str(tmp_path / "out"), "--device", "cpu", "--threads", "1"]
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.add_tokens([f"word{n}" for n in range(9)])
    tokenizer.save(str(encoder / "tokenizer.json"))
    assert run([*call, "--base", str(encoder)]) == 1
    assert "the tokenizer has 44 tokens, the model 35" in capsys.readouterr().err
    save_tokenizer(encoder / "tokenizer.json")
    (encoder / "model.safetensors").write_bytes(b"not safetensors")
    assert run([*call, "--base", str(encoder)]) == 1
    assert "cannot be loaded" in capsys.readouterr().err
    assert run([*call, "--base", str(pickled(tmp_path / "pickled"))]) == 1
    assert "may hold pickled weights" in capsys.readouterr().err
    for bad, said in ((b'{"claim": "a", "evidence": "b", "label": "MAYBE"}', "unknown label 'MAYBE'"),
                      (b'{"claim": "a", "label": "SUPPORTS"}', "field 'evidence' is missing")):  # fmt: skip
        (tmp_path / "bad.jsonl").write_bytes(orjson.dumps(ROWS[0]) + b"\n" + bad)
        assert run(["train", str(tmp_path / "bad.jsonl"), *call[2:], "--base", str(encoder)]) == 1
        err = capsys.readouterr().err
        assert "bad.jsonl, line 2: " in err and said in err
    assert not (tmp_path / "out").exists()


def test_without_evidence_no_model_is_asked(tmp_path: Path) -> None:
    folder = not_numbers(tmp_path / "model")  # it would fail if it were asked anything
    pairs, out = tmp_path / "pairs.jsonl", tmp_path / "out.jsonl"
    pairs.write_bytes(b"\n".join(orjson.dumps({"claim": "the sea", "evidence": e}) for e in ("", [], ["", " \n"])))
    assert run(["score", str(pairs), "--out", str(out), "--model", str(folder)]) == 0
    said = [orjson.loads(line) for line in out.read_bytes().splitlines()]
    assert [row["probabilities"]["NOT_ENOUGH_INFO"] for row in said] == [1.0, 1.0, 1.0]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte, where the machine lets us have one."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True)
    except OSError as error:
        pytest.skip(f"no small disk: {error}")
    if done.returncode:
        pytest.skip(f"no small disk: {done.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True, capture_output=True)


def fill(path: Path, size: int) -> None:
    """Write until the disk is full."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(b"\0" * size):
            pass


@pytest.mark.torch
def test_a_disk_that_fills_while_a_checkpoint_is_written(
    small_disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from factcheck.train.trainer import Trainer

    encoder, pairs = write_encoder(tmp_path / "encoder"), write_pairs(tmp_path / "pairs.jsonl")
    out, ballast = small_disk / "out", small_disk / "ballast"
    call = ["train", str(pairs), "--out", str(out), "--base", str(encoder), "--device", "cpu", "--threads", "1"]
    call += ["--batch-size", "8", "--precision", "float32", "--checkpoint-seconds", "0.000001"]
    step = Trainer._step

    def filling(self: Trainer, *args: object) -> None:
        if self._progress.step == 4 and not ballast.exists():
            fill(ballast, 4096)
        step(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Trainer, "_step", filling)
    assert run(call) == 1
    err = capsys.readouterr().err.splitlines()[-1]
    assert "the checkpoint of step 5 could not be written" in err
    assert "free space and start again" in err
    assert [path.name for path in sorted((out / "checkpoints").iterdir())] == ["step-00000003", "step-00000004"]
    ballast.unlink()
    ballast = small_disk / "none"
    monkeypatch.setattr(Trainer, "_step", step)
    assert run(call) == 0
    assert orjson.loads((out / "run.json").read_bytes())["resumed"] == 1


def test_a_disk_that_fills_while_figures_are_written(
    rows: Path, small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_disk / "ballast").write_bytes(b"\0" * (1024 * 1024 - 8192))
    call = ["eval", "pairs", str(rows), "--half", "all", "--system", "overlap", "--resamples", "5"]
    assert run([*call, "--out", str(small_disk / "out.json")]) in (0, 1)
    fill(small_disk / "rest", 512)
    capsys.readouterr()
    assert run([*call, "--out", str(small_disk / "out2.json")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert not (small_disk / "out2.json").exists()
