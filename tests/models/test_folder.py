"""A model folder is read only when it is whole, safe and of the right kind."""

import json
from pathlib import Path
from typing import Any

import pytest

from factcheck.errors import IntegrityError, ModelError, SchemaVersionError
from factcheck.models import load_encoder, load_entailment
from factcheck.models.folder import ModelKind, open_model_folder
from tests.models.builders import tiny_onnx, write_manifest


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    return tiny_onnx(tmp_path / "encoder", "encoder")


@pytest.fixture
def verifier(tmp_path: Path) -> Path:
    return tiny_onnx(tmp_path / "verifier", "entailment")


def change(folder: Path, **changes: Any) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("place", [0, 10, -1])
def test_a_flipped_byte_is_refused_before_native_code_reads_it(encoder: Path, name: str, place: int) -> None:
    data = bytearray((encoder / name).read_bytes())
    data[place] ^= 1
    (encoder / name).write_bytes(bytes(data))
    with pytest.raises(IntegrityError, match="SHA-256"):
        load_encoder(str(encoder))


def test_a_truncated_file_is_refused(encoder: Path) -> None:
    data = (encoder / "model.onnx").read_bytes()
    (encoder / "model.onnx").write_bytes(data[:-1])
    with pytest.raises(IntegrityError, match="bytes"):
        load_encoder(str(encoder))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_refused(encoder: Path, name: str) -> None:
    (encoder / name).unlink()
    with pytest.raises(IntegrityError, match="missing"):
        load_encoder(str(encoder))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_manifest_must_name_the_files(encoder: Path, name: str) -> None:
    files = json.loads((encoder / "manifest.json").read_text())["files"]
    del files[name]
    change(encoder, files=files)
    with pytest.raises(IntegrityError, match="not in the manifest"):
        load_encoder(str(encoder))


def test_a_newer_schema_is_named(encoder: Path) -> None:
    change(encoder, schema="factcheck.model/2", surprise=1)
    with pytest.raises(SchemaVersionError, match="upgrade"):
        load_encoder(str(encoder))


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"schema": 1}', '{"schema": "factcheck.model/1"}', "\ufeff{}", "[" * 100_000]
)
def test_what_is_no_manifest_is_refused(encoder: Path, text: str) -> None:
    (encoder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError):
        load_encoder(str(encoder))


@pytest.mark.parametrize("name", ["../model.onnx", "/etc/passwd", "a/b", "..", "a\\b", "manifest.json"])
def test_a_manifest_names_files_of_its_own_folder_only(encoder: Path, name: str) -> None:
    change(encoder, files={name: {"sha256": "0" * 64, "size": 1}})
    with pytest.raises(ModelError, match="not a file of this folder"):
        load_encoder(str(encoder))


def test_the_wrong_kind_is_refused(encoder: Path, verifier: Path) -> None:
    with pytest.raises(ModelError, match="kind 'encoder', not 'entailment'"):
        load_entailment(str(encoder))
    with pytest.raises(ModelError, match="kind 'entailment', not 'encoder'"):
        load_encoder(str(verifier))


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.pkl", "last.ckpt"])
def test_pickled_weights_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x80\x04")
    (tmp_path / "config.json").write_text("{}")
    for load in (load_encoder, load_entailment):
        with pytest.raises(ModelError, match=r"pickled weights.*safetensors"):
            load(str(tmp_path))


def test_pickled_weights_in_a_manifest_are_refused(encoder: Path) -> None:
    change(encoder, files={"model.bin": {"sha256": "0" * 64, "size": 1}})
    with pytest.raises(ModelError, match="pickled"):
        load_encoder(str(encoder))


@pytest.mark.parametrize("spec", ["no such folder", "embeded"])
def test_a_name_that_means_nothing(spec: str) -> None:
    for load in (load_encoder, load_entailment):
        with pytest.raises(ModelError, match=r"hf:NAME"):
            load(spec)


@pytest.mark.parametrize(
    "labels",
    [
        ["LABEL_0", "LABEL_1", "LABEL_2"],
        ["entailment", "neutral"],
        ["entailment", "entailment", "neutral"],
        ["entailment", "neutral", "contradiction", "other"],
        [],
    ],
)
def test_outputs_without_a_clear_meaning_are_refused(verifier: Path, labels: list[str]) -> None:
    change(verifier, labels=labels)
    if labels == ["entailment", "neutral"]:  # two-way, but the graph has three outputs
        model = load_entailment(str(verifier))
        with pytest.raises(ModelError, match="labels"):
            model.score([("a", "b")])
    else:
        with pytest.raises(ModelError, match="id2label"):
            load_entailment(str(verifier))


def test_the_order_of_labels_is_read_and_not_assumed(verifier: Path) -> None:
    pair = [("the sea is salty", "paris is not a city")]
    first = load_entailment(str(verifier)).score(pair)[0]
    change(verifier, labels=["CONTRADICTION", "Entailment", "neutral"])
    second = load_entailment(str(verifier)).score(pair)[0]
    # was (entailment, neutral, contradiction): the same three numbers under other names
    assert second.tolist() == [first[2], first[0], first[1]]
    assert len(set(first.tolist())) == 3


def test_a_two_way_model_refutes_nothing(tmp_path: Path) -> None:
    from factcheck.models.labels import label_columns

    assert label_columns(["not_entailment", "entailment"], "x") == (1, None, 0)


def test_temperature_softens(verifier: Path) -> None:
    pair = [("the sea is salty", "paris is not a city")]
    warm = load_entailment(str(verifier)).score(pair)[0]
    change(verifier, calibration={"temperature": 20.0})
    assert load_entailment(str(verifier)).score(pair)[0].max() < warm.max()


@pytest.mark.parametrize("temperature", [0.0, -1.0, 1e9])
def test_a_temperature_that_makes_no_sense(verifier: Path, temperature: float) -> None:
    change(verifier, calibration={"temperature": temperature})
    with pytest.raises(ModelError, match="temperature"):
        load_entailment(str(verifier))


def test_every_change_changes_the_hash(encoder: Path) -> None:
    before = load_encoder(str(encoder)).sha256
    assert before == load_encoder(str(encoder)).sha256
    change(encoder, prompts={"query": "query: ", "passage": ""})
    assert load_encoder(str(encoder)).sha256 != before


def test_weights_that_are_not_numbers(tmp_path: Path) -> None:
    from factcheck.types import TextKind

    encoder = load_encoder(str(tiny_onnx(tmp_path / "e", "encoder", poison=True)), threads=2)
    with pytest.raises(ModelError, match="damaged"):
        encoder.encode(["a", "b"], TextKind.QUERY)
    verifier = load_entailment(str(tiny_onnx(tmp_path / "v", "entailment", poison=True)), threads=2)
    with pytest.raises(ModelError, match="damaged"):
        verifier.score([("a", "b"), ("c", "d")])


def test_a_tokenizer_that_does_not_match(encoder: Path) -> None:
    from factcheck.types import TextKind

    tokenizer = json.loads((encoder / "tokenizer.json").read_text())
    tokenizer["model"]["vocab"] = {word: place + 1000 for word, place in tokenizer["model"]["vocab"].items()}
    (encoder / "tokenizer.json").write_text(json.dumps(tokenizer))
    write_manifest(encoder, "encoder")
    with pytest.raises(ModelError, match="belong together"):
        load_encoder(str(encoder)).encode(["paris"], TextKind.QUERY)


def test_a_tokenizer_that_is_none(encoder: Path) -> None:
    (encoder / "tokenizer.json").write_text("{}")
    write_manifest(encoder, "encoder")
    with pytest.raises(ModelError, match="not a tokenizer"):
        load_encoder(str(encoder))


def test_weights_that_are_none(encoder: Path) -> None:
    (encoder / "model.onnx").write_bytes(b"not a graph")
    write_manifest(encoder, "encoder")
    with pytest.raises(ModelError, match="ONNX Runtime"):
        load_encoder(str(encoder))


@pytest.mark.parametrize(("name", "kind"), [("encoder", ModelKind.ENCODER), ("verifier", ModelKind.ENTAILMENT)])
def test_what_ships_is_whole_and_small_and_tells_no_paths(name: str, kind: ModelKind) -> None:
    import factcheck

    path = Path(factcheck.__file__).parent / "models" / "weights" / name
    folder = open_model_folder(path, kind)
    data = b"".join(folder.read(file) for file in folder.manifest.files)
    assert sum(file.stat().st_size for file in path.iterdir()) < 30_000_000
    assert (path / "MODEL_CARD.md").is_file()
    assert b"stack_trace" not in data
    assert b"site-packages" not in data
