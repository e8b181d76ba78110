"""Teachers, dropped layers, energy, curves: what a run may have besides rows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from factcheck.errors import IntegrityError, ModelError, SettingsError
from factcheck.train.curves import draw_curves
from factcheck.train.energy import EnergyMeter
from factcheck.train.layers import drop_layers, kept
from factcheck.train.rows import PairLabel, PairRow
from factcheck.train.teacher import ask, soft_labels
from tests.fakes import FakeEntailment, words
from tests.models.builders import tiny_bert

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from factcheck.train.objective import pair_loss, target_loss  # noqa: E402 - after the skip
from factcheck.train.options import TrainOptions  # noqa: E402
from factcheck.train.trainer import train  # noqa: E402

ROWS = [
    PairRow(claim="the tower is high", evidence=evidence, label=PairLabel.SUPPORTS, dataset="d")
    for evidence in ("the tower is high", "the tower is not high", "the sea")
]


def silent(_: str) -> None:
    return


def test_soft_targets_of_one_class_are_hard_labels() -> None:
    logits = torch.randn(6, 3, requires_grad=True)
    labels = torch.tensor([0, 1, 2, 3, 3, 0])
    hard = torch.nn.functional.one_hot(labels, 4).float()
    assert torch.allclose(target_loss(logits, hard), pair_loss(logits, labels))
    soft = torch.tensor([[0.2, 0.3, 0.5, 0.0]])
    told = torch.log(torch.tensor([[0.2, 0.3, 0.5]])).requires_grad_()
    target_loss(told, soft).backward()
    assert told.grad is not None
    assert told.grad.abs().max() < 1e-6  # a student that says what its teacher says has nothing to learn


def test_the_teacher_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = FakeEntailment()
    monkeypatch.setattr("factcheck.train.teacher.load_entailment", lambda _: model)
    found = soft_labels("any", ROWS, "a" * 64, tmp_path, silent)
    np.testing.assert_allclose(found[:, :3], model.score([(r.evidence, r.claim) for r in ROWS]))
    assert (found[:, 3] == 0).all()
    model.calls.clear()
    np.testing.assert_array_equal(soft_labels("any", ROWS, "a" * 64, tmp_path, silent), found)
    assert model.calls == []
    soft_labels("any", ROWS, "b" * 64, tmp_path, silent)  # other rows: it is asked again
    assert len(model.calls) == len(ROWS)
    (tmp_path / "teacher.safetensors").write_bytes(b"torn")
    with pytest.raises(IntegrityError, match="cannot be read"):
        soft_labels("any", ROWS, "b" * 64, tmp_path, silent)


def test_what_the_teacher_cannot_read_is_cut_and_said() -> None:
    model = FakeEntailment(max_tokens=20)
    rows = [replace(ROWS[0], evidence="word " * 500), replace(ROWS[0], claim="x" * 5000)]
    said: list[str] = []
    assert ask(model, rows, said.append).shape == (2, 4)
    assert max(len(words(premise)) + len(words(claim)) for premise, claim in model.calls) <= 12
    assert said[-1].endswith("1 rows cut")


def test_a_teacher_of_two_classes_says_only_not_supported(tmp_path: Path) -> None:
    folder = tiny_bert(tmp_path / "two", ["entailment", "not_entailment"])
    found = soft_labels(str(folder), ROWS, "a" * 64, tmp_path / "run", silent)
    assert (found[:, 1:3] == 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


def test_a_student_comes_near_its_teacher(encoder: Path, pairs: Path, tmp_path: Path) -> None:
    teacher = tiny_bert(tmp_path / "teacher", ["contradiction", "entailment", "neutral"])
    options = TrainOptions(
        model=encoder, batch_size=16, learning_rate=5e-3, epochs=8, precision="float32", threads=1, device="cpu",
        max_tokens=32, teacher=str(teacher), teacher_weight=1.0, layers=1,
    )  # fmt: skip
    record = train(pairs, tmp_path / "run", options)
    assert record.loss_curve[-1][2] < 1.15  # the entropy of a teacher that knows nothing is about 1.1
    assert record.options["layers"] == 1
    assert orjson.loads((tmp_path / "run" / "model" / "config.json").read_bytes())["num_hidden_layers"] == 1
    other = replace(options, teacher=None)
    with pytest.raises(SettingsError, match="other options"):
        train(pairs, tmp_path / "run", other)


@pytest.mark.parametrize(("count", "expected"), [(1, [5]), (2, [0, 5]), (3, [0, 2, 5]), (6, [0, 1, 2, 3, 4, 5])])
def test_layers_are_evenly_spaced(count: int, expected: list[int]) -> None:
    assert kept(6, count) == expected


def test_layers_that_are_not_there_cannot_stay(encoder: Path) -> None:
    from transformers import AutoModel

    model = AutoModel.from_pretrained(encoder)
    with pytest.raises(ModelError, match="has 2 layers, 3 cannot stay"):
        drop_layers(model, 3)
    last = model.encoder.layer[1]
    drop_layers(model, 1)
    assert list(model.encoder.layer) == [last]
    with pytest.raises(SettingsError, match="layers"):
        TrainOptions(model=encoder, layers=0)


def zone(folder: Path, value: int, turn: int = 1000, name: str = "package-0") -> None:
    folder.mkdir(exist_ok=True)
    (folder / "name").write_text(f"{name}\n")
    (folder / "energy_uj").write_text(f"{value}\n")
    (folder / "max_energy_range_uj").write_text(f"{turn}\n")


def test_energy_is_read_where_it_can_be(tmp_path: Path) -> None:
    zone(tmp_path / "intel-rapl:0", 100)
    zone(tmp_path / "intel-rapl:1", 900)
    zone(tmp_path / "intel-rapl:0:0", 5, name="core")  # a part of a package that is counted already
    (tmp_path / "intel-rapl").mkdir()  # the control type itself
    zone(tmp_path / "intel-rapl-mmio:0", 5)  # the same package by another way
    meter = EnergyMeter(tmp_path)
    assert meter.cpu_joules == 0
    zone(tmp_path / "intel-rapl:0", 400)
    zone(tmp_path / "intel-rapl:1", 50)  # has turned over
    zone(tmp_path / "intel-rapl:0:0", 500, name="core")
    zone(tmp_path / "intel-rapl-mmio:0", 500)
    meter.sample()
    assert meter.cpu_joules == pytest.approx((300 + 150) / 1e6)
    assert EnergyMeter(tmp_path / "absent").cpu_joules is None


def test_curves_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    record = {
        "loss_curve": [(1, 0.1, 1.0), (2, 0.2, 0.5)], "rows_seen": 10, "seconds": 2.0, "parameters": 10_000,
        "development_curve": [{"step": 2, "progress": 0.2, "mean": 0.5, "own": 0.5}],
    }  # fmt: skip
    assert draw_curves(record, tmp_path / "a.png")
    assert draw_curves({**record, "development_curve": []}, tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    monkeypatch.setattr("factcheck.train.curves.find_spec", lambda _: None)
    assert not draw_curves(record, tmp_path / "c.png")
