"""Train the verifier that ships: the recipe, with its settings.

    python scripts/build_pairs.py PAIRS.jsonl.gz --fields FACTBOOK.jsonl.gz --out mixture.jsonl.gz
    python scripts/train_verifier.py mixture.jsonl.gz --out RUN --minutes 90 \
        --development fever=DEV/fever.jsonl.gz --development fm2=DEV/fm2.jsonl.gz

Start again with the same arguments to resume. SIGINT and SIGTERM save a checkpoint first.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

from factcheck.errors import FactCheckError
from factcheck.train.options import TrainOptions
from factcheck.train.start import base_model
from factcheck.train.trainer import train


def _named_path(text: str) -> tuple[str, Path]:
    name, separator, path = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError("write NAME=FILE")
    return name, Path(path)


def main() -> int:
    """Read the arguments, train, print progress to stderr."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, help="mixture of scripts/build_pairs.py")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--model", type=Path, help="encoder to start from (default: all-MiniLM-L6-v2)")
    parser.add_argument("--development", type=_named_path, action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("--development-rows", type=int, default=120)
    parser.add_argument("--minutes", type=float, help="time budget; the learning rate reaches 0 at its end")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--learning-rate", type=float, default=1.5e-4)
    parser.add_argument("--final-rate", type=float, default=0.0, help="share of the rate left for a next stage")
    parser.add_argument("--warmup", type=float, default=0.06)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--max-tokens", type=int, default=224)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=13)
    arguments = parser.parse_args()
    try:
        encoder, _, sha256 = base_model(None if arguments.model is None else str(arguments.model))
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    options = TrainOptions(
        model=encoder,
        model_sha256=sha256,
        development=dict(arguments.development),
        development_rows=arguments.development_rows,
        seed=arguments.seed,
        learning_rate=arguments.learning_rate,
        final_rate=arguments.final_rate,
        warmup=arguments.warmup,
        freeze_word_embeddings=True,
        batch_size=arguments.batch_size,
        max_tokens=arguments.max_tokens,
        epochs=arguments.epochs,
        time_budget_seconds=arguments.minutes * 60 if arguments.minutes else None,
        threads=arguments.threads,
    )
    asked: list[int] = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, _: asked.append(number))
    try:
        record = train(
            arguments.rows,
            arguments.out,
            options,
            should_stop=lambda: bool(asked),
            log=lambda line: print(time.strftime("%H:%M:%S"), line, file=sys.stderr, flush=True),
        )
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{record.stopped}: {record.steps} steps, {record.rows_seen} rows, {record.seconds:.0f} s")
    return 130 if record.stopped == "interrupted" else 0


if __name__ == "__main__":
    sys.exit(main())
