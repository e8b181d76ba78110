"""Tiny models, made when a test asks for them."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

WORDS = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] the a of is was not in paris is capital france tower built 1889 1903 curie won "
    "prize sea salty . , city moon ##s ##ing 北 京 a b c d e"
)


def vocabulary() -> dict[str, int]:
    return {word: place for place, word in enumerate(dict.fromkeys(WORDS.split()))}


def save_tokenizer(path: Path) -> None:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    words = vocabulary()
    tokenizer = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", words["[SEP]"]), ("[CLS]", words["[CLS]"]))
    tokenizer.save(str(path))


def write_manifest(folder: Path, kind: str, **changes: Any) -> dict[str, Any]:
    files = {
        file.name: {"sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "size": file.stat().st_size}
        for file in sorted(folder.iterdir())
        if file.name in {"model.onnx", "tokenizer.json"}
    }
    manifest: dict[str, Any] = {
        "schema": "factcheck.model/1",
        "kind": kind,
        "name": f"tiny {kind}",
        "version": "1",
        "files": files,
        "max_tokens": 32,
        "inputs": ["input_ids", "attention_mask", "token_type_ids"],
        "licence": "Apache-2.0",
    }
    if kind == "encoder":
        manifest |= {"dimensions": 8, "pooling": "mean", "normalise": True, "prompts": {"query": "", "passage": ""}}
    else:
        manifest |= {"labels": ["entailment", "neutral", "contradiction"], "calibration": {"temperature": 2.0}}
    manifest |= changes
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return manifest


def tiny_onnx(folder: Path, kind: str, *, poison: bool = False, **changes: Any) -> Path:
    """A folder with a graph that looks tokens up; a classifier adds a matrix over their mean."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(7)
    table = chance.standard_normal((len(vocabulary()), 8)).astype(np.float32)
    if poison:
        table[:] = np.nan
    initial = [numpy_helper.from_array(table, "table")]
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["tokens"])]
    output, shape = "tokens", ["batch", "length", 8]
    if kind == "entailment":
        initial.append(numpy_helper.from_array(chance.standard_normal((8, 3)).astype(np.float32), "head"))
        initial.append(numpy_helper.from_array(np.array([1], dtype=np.int64), "axis"))
        # Where a token stands decides, so that premise and hypothesis are not the same.
        nodes += [
            helper.make_node("Cast", ["token_type_ids"], ["side"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["side", "last"], ["sides"]),
            helper.make_node("Add", ["tokens", "sides"], ["placed"]),
            helper.make_node("Tanh", ["placed"], ["bent"]),
            helper.make_node("ReduceMean", ["bent", "axis"], ["mean"], keepdims=0),
            helper.make_node("MatMul", ["mean", "head"], ["logits"]),
        ]
        initial.append(numpy_helper.from_array(np.array([2], dtype=np.int64), "last"))
        output, shape = "logits", ["batch", 3]
    names = ["input_ids", "token_type_ids"] if kind == "entailment" else ["input_ids"]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in names],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
        initial,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(model, str(folder / "model.onnx"))
    save_tokenizer(folder / "tokenizer.json")
    write_manifest(folder, kind, **changes)
    return folder


def tiny_bert(folder: Path, labels: list[str] | None, **config: Any) -> Path:
    """A Hugging Face folder: an encoder, or with labels a classifier. Needs torch and transformers."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

    settings = BertConfig(
        vocab_size=len(vocabulary()),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
        **(
            {}
            if labels is None
            else {"id2label": dict(enumerate(labels)), "label2id": {n: i for i, n in enumerate(labels)}}
        ),
        **config,
    )
    torch.manual_seed(5)
    model = BertModel(settings) if labels is None else BertForSequenceClassification(settings)
    model.save_pretrained(folder)
    save_tokenizer(folder / "tokenizer.json")
    tokenizer = BertTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"), model_max_length=32)
    tokenizer.save_pretrained(folder)
    return folder
