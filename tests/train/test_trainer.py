from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from factcheck.errors import InputError, ModelError, RowError, SettingsError, StorageError
from factcheck.train.options import TrainOptions

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from factcheck.train.trainer import train  # noqa: E402 - after the skip


def _options(encoder: Path, **changes: object) -> TrainOptions:
    settings = TrainOptions(
        model=encoder, batch_size=8, learning_rate=3e-3, epochs=3, precision="float32", threads=1, device="cpu",
        dropout=0.1, max_tokens=32,
    )  # fmt: skip
    return replace(settings, **changes)  # type: ignore[arg-type]


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return {**load_file(folder / "model.safetensors"), **load_file(folder / "head.safetensors")}


def _equal(first: Path, second: Path) -> bool:
    one, two = _weights(first), _weights(second)
    return one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)


def test_it_learns_and_keeps_a_record(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    record = train(pairs, tmp_path / "run", _options(encoder, epochs=8, development={"own": pairs}, dropout=0.0))
    assert record.stopped == "rows"
    assert record.steps == 96
    assert record.rows_seen == 8 * 96
    assert record.loss_curve[-1][2] < 0.8
    assert record.datasets["set0"] == {"NOT_ENOUGH_INFO": 24, "SUPPORTS": 24}
    assert record.development_curve[-1]["step"] == 96
    written = orjson.loads((tmp_path / "run" / "run.json").read_bytes())
    assert written["rows_sha256"] == record.rows_sha256
    assert written["options"]["learning_rate"] == 3e-3
    assert {path.name for path in (tmp_path / "run" / "model").iterdir()} >= {
        "config.json", "model.safetensors", "head.safetensors", "tokenizer.json",
    }  # fmt: skip


def test_the_same_seed_gives_the_same_weights_and_another_does_not(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        train(pairs, tmp_path / name, _options(encoder, seed=seed, epochs=1))
    assert _equal(tmp_path / "a" / "model", tmp_path / "b" / "model")
    assert not _equal(tmp_path / "a" / "model", tmp_path / "c" / "model")


def test_accumulation_equals_a_larger_batch(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    # With one pool for all rows, two batches of 48 are the same rows as one of 96.
    one = _options(encoder, dropout=0.0, epochs=2, batch_size=96)
    train(pairs, tmp_path / "one", one)
    train(pairs, tmp_path / "two", replace(one, batch_size=48, accumulate=2))
    first, second = _weights(tmp_path / "one" / "model"), _weights(tmp_path / "two" / "model")
    assert all(torch.allclose(first[name], second[name], atol=2e-3) for name in first)


_KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[5])
from factcheck.train.options import TrainOptions
from factcheck.train import trainer
encoder, pairs, out, after = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
calls = 0
def stop():
    global calls
    calls += 1
    if calls == after:
        os.kill(os.getpid(), signal.SIGKILL)
    return False
options = TrainOptions(model=encoder, batch_size=8, learning_rate=3e-3, epochs=3, precision="float32", threads=1,
    device="cpu", dropout=0.1, max_tokens=32, checkpoint_seconds=0.0)
trainer.train(pairs, out, options, should_stop=stop)
"""


@pytest.mark.slow
def test_a_run_killed_twice_ends_with_the_weights_of_one_that_was_not(
    encoder: Path, pairs: Path, tmp_path: Path
) -> None:
    whole = _options(encoder, checkpoint_seconds=1e9)
    train(pairs, tmp_path / "whole", whole)
    out = tmp_path / "killed"
    root = str(Path(__file__).parents[2])
    for after in (6, 9):
        done = subprocess.run(
            [sys.executable, "-c", _KILLED, str(encoder), str(pairs), str(out), str(after), root], check=False
        )
        assert done.returncode == -signal.SIGKILL
        assert not (out / "model").exists()
    record = train(pairs, out, whole)
    assert record.resumed == 2
    assert record.steps == 36
    assert _equal(out / "model", tmp_path / "whole" / "model")


def test_an_interrupted_run_goes_on_where_it_stopped(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    calls = iter(range(1000))
    record = train(pairs, tmp_path / "run", _options(encoder), should_stop=lambda: next(calls) >= 5)
    assert (record.stopped, record.steps) == ("interrupted", 5)
    record = train(pairs, tmp_path / "run", _options(encoder))
    assert (record.stopped, record.steps, record.resumed) == ("rows", 36, 1)
    train(pairs, tmp_path / "whole", _options(encoder))
    assert _equal(tmp_path / "run" / "model", tmp_path / "whole" / "model")


def test_a_time_budget_ends_the_run_with_its_rate_at_nothing(
    encoder: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(10**6))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    options = _options(encoder, epochs=100, time_budget_seconds=60.0, checkpoint_seconds=1e9, evaluate_seconds=1e9)
    record = train(pairs, tmp_path / "run", options)
    assert record.stopped == "time"
    assert 2 < record.steps < 60


def test_patience_stops_and_keeps_the_best(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    options = _options(encoder, epochs=50, development={"own": pairs}, evaluate_steps=4, patience=2, learning_rate=1e-9)
    record = train(pairs, tmp_path / "run", options)
    assert record.stopped == "patience"
    assert record.steps == 12
    assert (tmp_path / "run" / "best" / "head.safetensors").is_file()


def test_other_rows_or_options_are_not_mixed_into_a_run(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    train(pairs, tmp_path / "run", _options(encoder, epochs=1))
    with pytest.raises(SettingsError, match="other options"):
        train(pairs, tmp_path / "run", _options(encoder, epochs=1, seed=99))
    pairs.write_bytes(pairs.read_bytes() * 2)
    with pytest.raises(SettingsError, match="other rows"):
        train(pairs, tmp_path / "run", _options(encoder, epochs=1))


def test_a_loss_that_is_no_number_stops_the_run(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="the loss became"):
        train(pairs, tmp_path / "run", _options(encoder, learning_rate=1e30, max_gradient_norm=1e30))


def test_bad_rows_and_models_are_refused_before_any_work(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    with pairs.open("ab") as stream:
        stream.write(b'{"claim":"a","evidence":"b","label":"MAYBE"}\n')
    with pytest.raises(RowError, match="line 97"):
        train(pairs, tmp_path / "run", _options(encoder))
    with pytest.raises(InputError, match="no such file"):
        train(tmp_path / "absent.jsonl", tmp_path / "run", _options(encoder))
    assert not (tmp_path / "run").exists()


def _copy(source: Path, target: Path, leave_out: str = "") -> Path:
    target.mkdir()
    for path in source.iterdir():
        if path.name != leave_out:
            (target / path.name).write_bytes(path.read_bytes())
    return target


def test_a_model_folder_that_cannot_be_trusted_is_refused(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    pickled = _copy(encoder, tmp_path / "pickled", "model.safetensors")
    (pickled / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelError, match="pickle"):
        train(pairs, tmp_path / "run", _options(pickled))
    with pytest.raises(ModelError, match="SHA-256"):
        train(pairs, tmp_path / "run", _options(encoder, model_sha256="0" * 64))
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        train(pairs, tmp_path / "run", _options(_copy(encoder, tmp_path / "mute", "tokenizer.json")))
    broken = _copy(encoder, tmp_path / "broken")
    weights = load_file(broken / "model.safetensors")
    next(iter(weights.values())).view(-1)[0] = float("nan")
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="no numbers"):
        train(pairs, tmp_path / "run", _options(broken))


@pytest.mark.parametrize(
    "changes", [{"batch_size": 0}, {"learning_rate": -1.0}, {"warmup": 1.0}, {"precision": "int4"}, {"final_rate": 2.0}]
)
def test_settings_without_sense_are_refused(encoder: Path, changes: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=next(iter(changes))):
        _options(encoder, **changes)


_FULL = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from factcheck.errors import StorageError
from factcheck.train.options import TrainOptions
from factcheck.train.trainer import train
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
options = TrainOptions(model=Path(sys.argv[1]), batch_size=8, learning_rate=3e-3, epochs=3, precision="float32",
    threads=1, device="cpu", dropout=0.1, max_tokens=32, checkpoint_seconds=0.0)
def limit():
    if len(list((Path(sys.argv[3]) / "checkpoints").glob("step-*"))) >= 2:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    return False
try:
    train(Path(sys.argv[2]), Path(sys.argv[3]), options, should_stop=limit)
except StorageError as error:
    print(error)
    sys.exit(7)
"""


@pytest.mark.slow
def test_a_full_disk_leaves_the_last_checkpoint_whole(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(encoder), str(pairs), str(out), root],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 7, done.stderr
    assert "could not be written" in done.stdout
    assert "resumes from the last whole checkpoint" in done.stdout
    assert {path.name for path in (out / "checkpoints").iterdir()} == {"step-00000001", "step-00000002"}
    record = train(pairs, out, _options(encoder))
    assert record.resumed == 1
    train(pairs, tmp_path / "whole", _options(encoder))
    assert _equal(out / "model", tmp_path / "whole" / "model")


def test_a_damaged_checkpoint_is_noticed(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    from factcheck.errors import IntegrityError

    train(pairs, tmp_path / "run", _options(encoder, epochs=1))
    newest = max((tmp_path / "run" / "checkpoints").iterdir())
    data = bytearray((newest / "optimizer.safetensors").read_bytes())
    data[-3] ^= 1
    (newest / "optimizer.safetensors").write_bytes(bytes(data))
    with pytest.raises(IntegrityError, match=r"optimizer\.safetensors"):
        train(pairs, tmp_path / "run", _options(encoder, epochs=1))
    (newest / "state.json").write_bytes(b"{")
    with pytest.raises(IntegrityError, match="cannot be read"):
        train(pairs, tmp_path / "run", _options(encoder, epochs=1))


def test_nothing_in_a_run_is_pickle(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    train(pairs, tmp_path / "run", _options(encoder, epochs=1, development={"own": pairs}, patience=3))
    files = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".safetensors", ".json", ".txt"}
    for path in files:
        head = path.read_bytes()[:2]
        assert head != b"PK", "a zip, as torch.save writes it"
        assert not (head[:1] == b"\x80" and head[1] <= 5 and path.suffix != ".safetensors"), "a pickle"
        if path.suffix == ".safetensors":
            size = int.from_bytes(path.read_bytes()[:8], "little")
            assert isinstance(orjson.loads(path.read_bytes()[8 : 8 + size]), dict)


def test_a_folder_that_cannot_be_written_is_reported(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file, not a folder")
    with pytest.raises(StorageError, match="could not be written"):
        train(pairs, tmp_path / "run", _options(encoder, epochs=1))


def test_a_second_stage_starts_from_the_head_of_the_first(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    train(pairs, tmp_path / "one", _options(encoder, epochs=1))
    options = _options(tmp_path / "one" / "model", epochs=1, learning_rate=1e-12, weight_decay=0.0)
    train(pairs, tmp_path / "two", options)
    first, second = _weights(tmp_path / "one" / "model"), _weights(tmp_path / "two" / "model")
    assert all(torch.allclose(first[name], second[name], atol=1e-6) for name in first)


def test_word_vectors_can_be_left_alone(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    train(pairs, tmp_path / "run", _options(encoder, epochs=1, freeze_word_embeddings=True))
    before, after = _weights_of_encoder(encoder), _weights(tmp_path / "run" / "model")
    name = "embeddings.word_embeddings.weight"
    assert torch.equal(before[name], after[name])
    assert not torch.equal(
        before["embeddings.position_embeddings.weight"], after["embeddings.position_embeddings.weight"]
    )


def _weights_of_encoder(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")
