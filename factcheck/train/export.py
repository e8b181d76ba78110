"""From torch to what ships: ONNX, 8-bit weights and embeddings, and a model folder with a manifest.

The folder is what `factcheck.models` reads: `model.onnx`, `tokenizer.json`, `manifest.json` with sizes and SHA-256.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from factcheck.errors import ModelError, StorageError
from factcheck.models.tokenizer import TextTokenizer
from factcheck.train.checkpoint import file_sha256
from factcheck.train.classifier import HEAD_FILE, load_classifier
from factcheck.train.quantise import quantise_weights
from factcheck.train.samples import pair_inputs, sample_texts

if TYPE_CHECKING:
    from torch import Tensor, nn

SCHEMA = "factcheck.model/1"
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"
INPUTS = ("input_ids", "token_type_ids")
LABELS = ("SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO")
OPSET = 18


class Scheme(StrEnum):
    """How weights are kept.

    ROWS: 8 bits, activations too as products are taken (`factcheck.train.quantise`).
    FLOAT32: as they were trained.
    """

    ROWS = "rows"
    FLOAT32 = "float32"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedOn:
    """One source of training rows, as a card and a manifest name it."""

    name: str
    licence: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierCard:
    """What a manifest says besides files.

    Attributes:
        name: Of the model.
        version: Of the model.
        base_model: What the training started from.
        licence: Of the weights.
        max_tokens: Longest pair.
        temperature: Logits are divided by it.
        trained_on: Sources of the training rows.
        languages: Tags of those that it reads; what is not in their script is left unread. None for all.
    """

    name: str
    version: str
    base_model: str
    licence: str
    max_tokens: int = 256
    temperature: float = 1.0
    trained_on: Sequence[TrainedOn] = ()
    languages: Sequence[str] = ()


def export_onnx(
    module: nn.Module, example_inputs: Mapping[str, Tensor], output_names: Sequence[str], path: Path
) -> None:
    """Write a module as ONNX with dynamic batch and sequence length.

    Args:
        module: Called with `example_inputs` by name; returns one tensor per output name.
        example_inputs: int64 tensors of (batch, tokens), by input name, in the order of the graph's inputs.
        output_names: Names of the graph's outputs.
        path: File to write.

    Raises:
        ModelError: The module cannot be exported.
    """
    import torch

    axes = {name: {0: "batch", 1: "tokens"} for name in example_inputs} | {name: {0: "batch"} for name in output_names}
    module.eval()
    try:
        with torch.no_grad(), warnings.catch_warnings():
            # The tracer warns of every shape that is read in Python; tests compare the exported graph with torch.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                module,
                tuple(example_inputs.values()),
                str(path),
                input_names=list(example_inputs),
                output_names=list(output_names),
                dynamic_axes=axes,
                opset_version=OPSET,
                do_constant_folding=True,
                dynamo=False,
            )
    except (RuntimeError, ValueError, TypeError) as error:
        raise ModelError(f"the model cannot be exported to ONNX: {error}", where=path) from error


def fuse_graph(source: Path, target: Path, *, heads: int, width: int) -> None:
    """Let ONNX Runtime's optimiser fuse what it knows of BERT, for one text a call and without padding.

    The mask stays no input: without padding it is all ones, and attention need not look at it.

    Args:
        source: What `export_onnx` wrote, `attention_mask` among its inputs.
        target: File to write.
        heads: Of attention.
        width: Of the vectors.

    Raises:
        ModelError: The graph cannot be fused.
    """
    import onnx
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions

    options = FusionOptions("bert")
    options.use_multi_head_attention = True  # its products stay outside, where they can be quantised
    options.enable_embed_layer_norm = False  # its tables would have to stay in float32
    # On one thread the fused node takes longer than its parts.
    options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = False
    try:
        fused = optimizer.optimize_model(
            str(source), "bert", num_heads=heads, hidden_size=width, optimization_options=options, opt_level=0
        )
        for node in fused.model.graph.node:
            if node.op_type == "MultiHeadAttention" and len(node.input) > 4:
                del node.input[4:]  # the mask
        graph = fused.model.graph
        for given in [given for given in graph.input if given.name == "attention_mask"]:
            graph.input.remove(given)
        ones = onnx.helper.make_tensor("value", onnx.TensorProto.INT64, [1], [1])
        shape = onnx.helper.make_node("Shape", ["input_ids"], ["mask_shape"], name="mask_shape")
        mask = onnx.helper.make_node("ConstantOfShape", ["mask_shape"], ["attention_mask"], name="mask", value=ones)
        graph.node.insert(0, mask)
        graph.node.insert(0, shape)
        for given in graph.input:
            given.type.tensor_type.shape.dim[0].dim_value = 1
        fused.prune_graph()
        fused.save_model_to_file(str(target))
    except Exception as error:  # the library's errors have no common root
        raise ModelError(f"the graph cannot be fused: {error}", where=source) from error


def export_verifier(model: Path, out: Path, card: VerifierCard, *, scheme: Scheme = Scheme.ROWS) -> Path:
    """Export a trained verifier as a model folder.

    Args:
        model: Hugging Face folder that `train` wrote (`model/` or `best/` of a run).
        out: Folder to write; replaced file by file, the manifest last.
        card: Names, licence, temperature and sources.
        scheme: How weights are kept.

    Returns:
        The manifest's path.

    Raises:
        ModelError: The folder holds no trained head, or the model cannot be exported.
        StorageError: The folder cannot be written.
    """
    import torch

    if not (model / HEAD_FILE).is_file():
        raise ModelError(f"no {HEAD_FILE}: this is an encoder, not a trained verifier", where=model)
    loaded = load_classifier(model, attention="eager")
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.ones((2, 16), dtype=torch.int64)
    example = {"input_ids": ids, "attention_mask": ids.clone(), "token_type_ids": torch.zeros_like(ids)}
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        export_onnx(loaded, example, ["logits"], plain)
        encoder: Any = loaded.encoder
        config = encoder.config
        heads = int(getattr(config, "num_attention_heads", 0) or 0)
        fuse_graph(plain, fused, heads=heads, width=int(config.hidden_size))
        if scheme is Scheme.ROWS:
            tokenizer_file = model / TOKENIZER_FILE
            tokenizer = TextTokenizer.from_bytes(tokenizer_file.read_bytes(), tokenizer_file)
            quantise_weights(fused, out / MODEL_FILE, pair_inputs(tokenizer, sample_texts(), card.max_tokens))
        else:
            (out / MODEL_FILE).write_bytes(fused.read_bytes())
    try:
        fields = orjson.loads((model / TOKENIZER_FILE).read_bytes())
        # Padding and cutting are the caller's decisions; a tokenizer that cuts by itself would do it in silence.
        fields["padding"] = fields["truncation"] = None
        (out / TOKENIZER_FILE).write_bytes(orjson.dumps(fields))
    except (OSError, orjson.JSONDecodeError) as error:
        raise StorageError(f"the tokenizer could not be copied: {error}", where=out) from error
    return write_manifest(out, card, scheme)


def write_manifest(out: Path, card: VerifierCard, scheme: Scheme) -> Path:
    """Write `manifest.json` for the files that lie in a folder, with their sizes and checksums."""
    files = {
        name: {"sha256": file_sha256(out / name), "size": (out / name).stat().st_size}
        for name in (MODEL_FILE, TOKENIZER_FILE)
    }
    manifest = {
        "schema": SCHEMA,
        "kind": "entailment",
        "name": card.name,
        "version": card.version,
        "files": files,
        "labels": list(LABELS),
        "inputs": list(INPUTS),
        "output": "logits",
        "quantisation": scheme.value,
        "languages": list(card.languages),
        "max_tokens": card.max_tokens,
        "pair_order": "evidence_claim",
        "base_model": card.base_model,
        "licence": card.licence,
        "calibration": {"temperature": round(card.temperature, 4)},
        "trained_on": [
            {"name": source.name, "licence": source.licence, "rows": source.rows} for source in card.trained_on
        ],
    }
    path = out / MANIFEST_FILE
    try:
        path.write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2) + b"\n")
    except OSError as error:
        raise StorageError(f"the manifest could not be written: {error}", where=out) from error
    return path
