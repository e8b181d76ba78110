from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import orjson
import pytest

from factcheck.errors import ModelError
from factcheck.train.export import Scheme, TrainedOn, VerifierCard, export_verifier

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")
ort = pytest.importorskip("onnxruntime")

CARD = VerifierCard(
    name="tiny", version="0.1", base_model="none", licence="MIT", max_tokens=32, temperature=1.25,
    trained_on=[TrainedOn(name="own", licence="CC0", rows=96)],
)  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, encoder: Path) -> Path:
    from factcheck.train.classifier import load_classifier, save_classifier

    folder = tmp_path_factory.mktemp("trained")
    save_classifier(load_classifier(encoder, seed=3), folder)
    (folder / "tokenizer.json").write_bytes((encoder / "tokenizer.json").read_bytes())
    return folder


def _feed(tokens: int) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(tokens)
    types = (np.arange(tokens) >= tokens // 2).astype(np.int64)[None]
    return {"input_ids": chance.integers(4, 30, (1, tokens)), "token_type_ids": types}


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_graph_says_what_torch_says(trained: Path, tmp_path: Path, scheme: Scheme) -> None:
    from factcheck.train.classifier import load_classifier

    export_verifier(trained, tmp_path / "out", CARD, scheme=scheme)
    session = ort.InferenceSession(str(tmp_path / "out" / "model.onnx"))
    assert [value.name for value in session.get_inputs()] == ["input_ids", "token_type_ids"]
    assert [value.name for value in session.get_outputs()] == ["logits"]
    model = load_classifier(trained).eval()
    for tokens in (5, 12, 31):
        feed = _feed(tokens)
        got = session.run(None, feed)[0]
        assert got.shape == (1, 3)
        assert got.dtype == np.float32
        given = {name: torch.from_numpy(value) for name, value in feed.items()}
        with torch.inference_mode():
            wanted = model(**given, attention_mask=torch.ones_like(given["input_ids"])).numpy()
        np.testing.assert_allclose(got, wanted, atol=1e-4 if scheme is Scheme.FLOAT32 else 0.15)


def test_more_than_one_pair_a_call_is_refused(trained: Path, tmp_path: Path) -> None:
    export_verifier(trained, tmp_path / "out", CARD)
    session = ort.InferenceSession(str(tmp_path / "out" / "model.onnx"))
    with pytest.raises(Exception, match="dimension"):
        session.run(None, {name: value.repeat(2, 0) for name, value in _feed(8).items()})


def test_products_are_of_whole_numbers(trained: Path, tmp_path: Path) -> None:
    import onnx

    export_verifier(trained, tmp_path / "out", CARD)
    graph = onnx.load(str(tmp_path / "out" / "model.onnx")).graph
    kinds = {node.op_type for node in graph.node}
    assert {"MatMulIntegerToFloat", "MultiHeadAttention"} <= kinds
    assert "MatMul" not in kinds
    weights = [v for v in graph.initializer if v.name.endswith("_rows")]
    assert weights
    assert {value.data_type for value in weights} == {onnx.TensorProto.INT8}


def test_the_manifest_names_every_file(trained: Path, tmp_path: Path) -> None:
    path = export_verifier(trained, tmp_path / "out", CARD)
    manifest = orjson.loads(path.read_bytes())
    assert set(manifest["files"]) == {"model.onnx", "tokenizer.json"}
    for name, entry in manifest["files"].items():
        data = (tmp_path / "out" / name).read_bytes()
        assert entry == {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    assert manifest["schema"] == "factcheck.model/1"
    assert manifest["kind"] == "entailment"
    assert manifest["labels"] == ["SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"]
    assert manifest["pair_order"] == "evidence_claim"
    assert manifest["calibration"] == {"temperature": 1.25}
    assert manifest["trained_on"] == [{"name": "own", "licence": "CC0", "rows": 96}]


def test_the_runtime_reads_what_was_exported(trained: Path, tmp_path: Path) -> None:
    from factcheck.models.onnx import OnnxEntailment

    export_verifier(trained, tmp_path / "out", CARD)
    model = OnnxEntailment.load(tmp_path / "out", threads=1)
    pairs = [("anna writes books", "anna writes"), ("lena sings", "anna paints")]
    scores = model.score(pairs)
    assert scores.shape == (2, 3)
    np.testing.assert_allclose(scores.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(model.score(pairs[::-1])[::-1], scores, atol=1e-5)


def test_an_encoder_without_a_head_is_no_verifier(encoder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a trained verifier"):
        export_verifier(encoder, tmp_path / "out", CARD)
