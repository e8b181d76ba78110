"""What a stronger model says of the rows: soft labels that are learnt beside the hard ones.

They are computed once, before the first step, and kept beside the run, so that a resumed run neither pays for them
again nor gets others.

Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015, section 2, at temperature 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from factcheck.errors import IntegrityError, StorageError
from factcheck.models import load_entailment
from factcheck.protocols import EntailmentModel
from factcheck.train.rows import PairRow

TARGETS = 4
"""Columns of a target: SUPPORTED, REFUTED, NOT_ENOUGH_INFO, and "one of the last two" for who cannot tell which."""

_BATCH = 64
_SPECIAL_TOKENS = 8  # more than any known model puts around a pair
_FILE = "teacher.safetensors"


def soft_labels(
    spec: str, rows: Sequence[PairRow], rows_sha256: str, out: Path, log: Callable[[str], None]
) -> npt.NDArray[np.float32]:
    """Ask the teacher for every row, or read what it said in an earlier start of this run.

    Args:
        spec: as `factcheck.models.load_entailment` takes it: a folder, `hf:NAME` or `embedded`.
        rows: of training.
        rows_sha256: of their file.
        out: folder of the run.
        log: told how far it has come.

    Returns:
        `(len(rows), 4)` probabilities that sum to 1; of a teacher that only tells supported from not, columns 1 and 2
        are 0.

    Raises:
        ArtefactError: the teacher cannot be used.
        StorageError: the answers could not be kept.
    """
    from safetensors import SafetensorError, safe_open
    from safetensors.numpy import save_file

    model = load_entailment(spec)
    identity = {"rows_sha256": rows_sha256, "teacher_sha256": model.sha256}
    path = out / _FILE
    if path.is_file():
        try:
            with safe_open(path, framework="numpy") as file:
                if file.metadata() == identity:
                    found: npt.NDArray[np.float32] = file.get_tensor("targets")
                    return found
        except (OSError, SafetensorError) as error:
            raise IntegrityError(f"cannot be read ({error})", where=path, remedy="remove it to ask again") from error
    targets = ask(model, rows, log)
    part = path.with_name(path.name + ".part")
    try:
        out.mkdir(parents=True, exist_ok=True)
        save_file({"targets": targets}, part, metadata=identity)
        part.replace(path)
    except (OSError, SafetensorError) as error:
        part.unlink(missing_ok=True)
        raise StorageError(f"the teacher's answers could not be written ({error})", where=path) from error
    return targets


def ask(model: EntailmentModel, rows: Sequence[PairRow], log: Callable[[str], None]) -> npt.NDArray[np.float32]:
    """Return the targets of every row; evidence that is too long for the teacher is cut at its end, and counted."""
    targets = np.zeros((len(rows), TARGETS), dtype=np.float32)
    cut = 0
    for start in range(0, len(rows), _BATCH):
        part = [fitting(model, row) for row in rows[start : start + _BATCH]]
        cut += sum(was_cut for _, was_cut in part)
        targets[start : start + len(part), :3] = model.score([pair for pair, _ in part])
        if start % (50 * _BATCH) == 0:
            log(f"teacher: {start + len(part)} of {len(rows)} rows")
    if not targets[:, 1].any():  # a two-way model: what is not supported is one class
        targets[:, 3], targets[:, 2] = targets[:, 2].copy(), 0.0
    log(f"teacher: {model.name}, {cut} rows cut")
    return targets


def fitting(model: EntailmentModel, row: PairRow) -> tuple[tuple[str, str], bool]:
    """Return the pair as a model can read it whole, and whether it had to be cut."""
    evidence, claim = row.evidence, row.claim
    room = model.max_tokens - _SPECIAL_TOKENS
    was_cut = False
    while sum(counts := model.count_tokens([evidence, claim])) > room:
        was_cut = True
        # The longer of the two is shortened in proportion; a word at least, a letter where there is one word.
        keep = min(0.95, max(0.05, (room - min(counts)) / max(counts)))
        if counts[0] >= counts[1]:
            evidence = _shorter(evidence, keep)
        else:
            claim = _shorter(claim, keep)
    return (evidence, claim), was_cut


def _shorter(text: str, keep: float) -> str:
    words = text.split()
    return " ".join(words[: int(len(words) * keep)]) if len(words) > 1 else text[: int(len(text) * keep)]
