"""Checkpoints of a training run: safetensors and JSON, never pickle, and never half a checkpoint.

A checkpoint is a folder `step-00001234` that is written beside under another name, flushed, and renamed when it is
whole. A run that is killed, or a disk that fills, at any moment leaves the previous checkpoint as it was.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from factcheck.errors import IntegrityError, StorageError

if TYPE_CHECKING:
    from torch import Tensor

_NAME = re.compile(r"^step-(\d{8})$")
_STATE = "state.json"
_TENSORS = ("model.safetensors", "optimizer.safetensors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What one checkpoint holds.

    Attributes:
        model: Weights by name, float32.
        optimizer: Moments of AdamW by parameter name, `"<parameter>/<exp_avg|exp_avg_sq|step>"`, and `"rng"` (the state
            of torch's generator, uint8).
        state: Everything else, as JSON: step, seconds, curves, options.
    """

    model: Mapping[str, Tensor]
    optimizer: Mapping[str, Tensor]
    state: Mapping[str, object]


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _found(folder: Path) -> list[tuple[int, Path]]:
    if not folder.is_dir():
        return []
    matches = ((_NAME.match(path.name), path) for path in folder.iterdir())
    return sorted((int(match.group(1)), path) for match, path in matches if match is not None)


def save_checkpoint(folder: Path, step: int, checkpoint: Checkpoint, *, keep: int = 2) -> Path:
    """Write a checkpoint whole, or not at all.

    Args:
        folder: Where the checkpoints of the run lie.
        step: Step it was taken after; part of the name.
        checkpoint: What to write.
        keep: How many of the newest stay.

    Returns:
        The new checkpoint's folder.

    Raises:
        StorageError: It could not be written (full disk, no right to write); earlier checkpoints are untouched.
    """
    from safetensors.torch import save_file

    target = folder / f"step-{step:08d}"
    beside = folder / f".{target.name}.part"
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        for name, tensors in zip(_TENSORS, (checkpoint.model, checkpoint.optimizer), strict=True):
            save_file({key: value.detach().contiguous() for key, value in tensors.items()}, beside / name)
            _flush(beside / name)
        state = {**checkpoint.state, "step": step, "sha256": {name: file_sha256(beside / name) for name in _TENSORS}}
        (beside / _STATE).write_bytes(orjson.dumps(state, option=orjson.OPT_INDENT_2))
        _flush(beside / _STATE)
        _flush(beside)
        if target.exists():
            shutil.rmtree(target)
        beside.rename(target)
        _flush(folder)
    except Exception as error:
        shutil.rmtree(beside, ignore_errors=True)
        if isinstance(error, OSError) or type(error).__name__ == "SafetensorError":
            raise StorageError(
                f"the checkpoint of step {step} could not be written: {error}",
                where=folder,
                remedy="free space and start again: the run resumes from the last whole checkpoint",
            ) from error
        raise
    for _, path in _found(folder)[:-keep]:
        shutil.rmtree(path, ignore_errors=True)
    return target


def load_checkpoint(folder: Path) -> Checkpoint | None:
    """The newest checkpoint of a run, or None when there is none.

    Raises:
        IntegrityError: A file is missing or is not what was written.
    """
    from safetensors.torch import load_file

    found = _found(folder)
    if not found:
        return None
    path = found[-1][1]
    try:
        state = orjson.loads((path / _STATE).read_bytes())
        for name in _TENSORS:
            if file_sha256(path / name) != state["sha256"][name]:
                raise IntegrityError(
                    f"{name} is not what was written",
                    where=path,
                    remedy="remove this folder to resume from an earlier one",
                )
        return Checkpoint(model=load_file(path / _TENSORS[0]), optimizer=load_file(path / _TENSORS[1]), state=state)
    except (OSError, KeyError, TypeError, orjson.JSONDecodeError) as error:
        raise IntegrityError(
            f"the checkpoint cannot be read: {error}",
            where=path,
            remedy="remove this folder to resume from an earlier one",
        ) from error
