"""Export a trained verifier to the folder that ships in the wheel: 8-bit ONNX, tokenizer, manifest.

    python scripts/export_verifier.py RUN/model --run FIRST/run.json --run RUN/run.json \
        --temperature 1.2 --out factcheck/models/weights/verifier

The sources in the manifest are counted from the records of the runs, first stage to last.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import orjson

from factcheck.errors import FactCheckError
from factcheck.train.export import MODEL_FILE, Scheme, TrainedOn, VerifierCard, export_verifier
from factcheck.train.pairs import LICENCES


def sources(records: Sequence[Path]) -> list[TrainedOn]:
    """Rows that the runs passed over, by source set. A run that ended early saw an even share of its shuffled rows."""
    seen: Counter[str] = Counter()
    for path in records:
        record = orjson.loads(path.read_bytes())
        share = record["rows_seen"] / record["rows"]
        for name, labels in record["datasets"].items():
            seen[name.partition("+")[0]] += round(sum(labels.values()) * share)
    return [TrainedOn(name=name, licence=LICENCES.get(name, "unknown"), rows=seen[name]) for name in sorted(seen)]


def main() -> int:
    """Export and print the size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="'model' or 'best' of a run of scripts/train_verifier.py")
    parser.add_argument("--run", type=Path, action="append", default=[], help="run.json of each stage, in order")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--scheme", type=Scheme, choices=list(Scheme), default=Scheme.ROWS)
    parser.add_argument("--name", default="factcheck-verifier-minilm")
    parser.add_argument("--model-version", default="1")
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--max-tokens", type=int, default=256)
    arguments = parser.parse_args()
    card = VerifierCard(
        name=arguments.name,
        version=arguments.model_version,
        base_model="sentence-transformers/all-MiniLM-L6-v2",
        licence="Apache-2.0",
        temperature=arguments.temperature,
        max_tokens=arguments.max_tokens,
        trained_on=sources(arguments.run),
        languages=("en",),
    )
    try:
        export_verifier(arguments.model, arguments.out, card, scheme=arguments.scheme)
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{arguments.out}: {(arguments.out / MODEL_FILE).stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
