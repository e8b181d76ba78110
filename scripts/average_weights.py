"""Draw a fine-tuned verifier back towards the encoder that it came from: the weights in between read new kinds better.

    python scripts/average_weights.py ENCODER TUNED --share 0.6 --out DIR

Encoder weights become `encoder + share * (tuned - encoder)`; the head stays as tuned. Fine-tuning on much data forgets
what the encoder knew of other texts; between the two ends there are weights that keep both. Choose the share on
development rows. Source: Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", section 4.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from factcheck.errors import FactCheckError
from factcheck.train.classifier import load_classifier, save_classifier


def average(encoder: Path, tuned: Path, share: float, out: Path) -> None:
    """Write the average of two folders.

    Args:
        encoder: Hugging Face folder that the training started from.
        tuned: What it became, with its head.
        share: Of the tuned weights, in [0, 1].
        out: Folder to write.
    """
    start = load_classifier(encoder).state_dict()
    model = load_classifier(tuned)
    mixed = {
        name: start[name] + share * (value - start[name])
        if name.startswith("encoder.") and value.is_floating_point()
        else value
        for name, value in model.state_dict().items()
    }
    model.load_state_dict(mixed)
    out.mkdir(parents=True, exist_ok=True)
    save_classifier(model, out)
    shutil.copy(encoder / "tokenizer.json", out / "tokenizer.json")


def main() -> int:
    """Read the arguments and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("tuned", type=Path)
    parser.add_argument("--share", type=float, default=0.6)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        average(arguments.encoder, arguments.tuned, arguments.share, arguments.out)
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
