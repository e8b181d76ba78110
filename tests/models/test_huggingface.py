"""Models of others: what their folders must say, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from factcheck.errors import MissingExtraError, ModelError, ServiceError
from factcheck.models import load_encoder, load_entailment
from factcheck.types import TextKind
from tests.models.builders import tiny_bert

pytestmark = pytest.mark.torch
NLI = ["entailment", "neutral", "contradiction"]
PAIRS = [("the sea is salty", "paris is not a city"), ("the tower was built in 1889", "the sea is salty")]


@pytest.fixture(autouse=True)
def _needs_torch() -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")


def test_the_order_of_labels_is_read_from_the_config(tmp_path: Path) -> None:
    first = load_entailment(str(tiny_bert(tmp_path / "a", NLI))).score(PAIRS)
    other = load_entailment(str(tiny_bert(tmp_path / "b", ["CONTRADICTION", "Entailment", "NEUTRAL"]))).score(PAIRS)
    np.testing.assert_allclose(other, first[:, [2, 0, 1]], atol=1e-6)


def test_it_gives_what_the_library_gives(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = tiny_bert(tmp_path / "a", NLI)
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for pair, row in zip(PAIRS, load_entailment(str(folder)).score(PAIRS), strict=True):
        with torch.inference_mode():
            expected = model(**tokenizer(*pair, return_tensors="pt")).logits.softmax(-1)[0].numpy()
        np.testing.assert_allclose(row, expected[[0, 2, 1]], atol=1e-6)


def test_a_two_way_model(tmp_path: Path) -> None:
    rows = load_entailment(str(tiny_bert(tmp_path / "a", ["entailment", "not_entailment"]))).score(PAIRS)
    np.testing.assert_array_equal(rows[:, 1], 0.0)
    np.testing.assert_allclose(rows.sum(axis=1), 1.0, atol=1e-6)


@pytest.mark.parametrize("labels", [["LABEL_0", "LABEL_1", "LABEL_2"], ["positive", "negative"], ["entailment"] * 2])
def test_labels_that_say_nothing(tmp_path: Path, labels: list[str]) -> None:
    folder = tiny_bert(tmp_path / "a", NLI[: len(labels)])
    config = json.loads((folder / "config.json").read_text())
    config["id2label"] = {str(i): name for i, name in enumerate(labels)}
    config["label2id"] = {name: i for i, name in enumerate(labels)}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="id2label"):
        load_entailment(str(folder))


def test_an_encoder_is_no_entailment_model(tmp_path: Path) -> None:
    folder = tiny_bert(tmp_path / "a", None)
    config = json.loads((folder / "config.json").read_text())
    config |= {"id2label": {"0": "entailment", "1": "neutral", "2": "contradiction"}}
    config |= {"label2id": {name: i for i, name in enumerate(NLI)}}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="weights lack classifier"):
        load_entailment(str(folder))


def test_a_tokenizer_with_more_tokens_than_the_model(tmp_path: Path) -> None:
    folder = tiny_bert(tmp_path / "a", NLI)
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    tokenizer["model"]["vocab"] |= {f"extra{i}": 1000 + i for i in range(50)}
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    with pytest.raises(ModelError, match="trained with"):
        load_entailment(str(folder))


def test_damaged_weights(tmp_path: Path) -> None:
    folder = tiny_bert(tmp_path / "a", NLI)
    (folder / "model.safetensors").write_bytes(b"\x00" * 100)
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_entailment(str(folder))


def test_not_numbers_in_weights(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = tiny_bert(tmp_path / "a", NLI)
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"][0] = float("nan")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="damaged"):
        load_entailment(str(folder)).score(PAIRS)


def test_the_hash_covers_weights_and_config(tmp_path: Path) -> None:
    folder = tiny_bert(tmp_path / "a", None)
    before = load_encoder(str(folder)).sha256
    assert load_encoder(str(folder)).sha256 == before
    (folder / "tokenizer_config.json").write_text((folder / "tokenizer_config.json").read_text() + " ")
    assert load_encoder(str(folder)).sha256 != before


def test_prompts_come_from_the_models_settings(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    pytest.importorskip("sentence_transformers")
    plain = SentenceTransformer(str(tiny_bert(tmp_path / "a", None)), device="cpu")
    plain.prompts = {"query": "paris ", "document": "tower "}
    plain.save(str(tmp_path / "b"), create_model_card=False)
    encoder = load_encoder(str(tmp_path / "b"))
    texts = ["the sea is salty", "curie won"]
    for kind, prompt in ((TextKind.QUERY, "paris "), (TextKind.PASSAGE, "tower ")):
        expected = plain.encode(
            [prompt + text for text in texts], normalize_embeddings=True, prompt_name=None, prompt=""
        )
        np.testing.assert_allclose(encoder.encode(texts, kind), expected, atol=1e-5)


def test_a_hub_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ServiceError, match="hub"):
        load_entailment("hf:nobody/no-such-model")


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import sys

    folder = tiny_bert(tmp_path / "a", NLI)
    monkeypatch.setitem(sys.modules, "torch", None)
    for load in (load_encoder, load_entailment):
        with pytest.raises(MissingExtraError, match=r"factcheck-rag\[torch\]"):
            load(str(folder))
