"""Settings of a training run, and the record of how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from factcheck.errors import SettingsError
from factcheck.train.checkpoint import file_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions:
    """Settings of a run.

    Attributes:
        model: Folder of a Hugging Face encoder: config.json, model.safetensors, tokenizer.json.
        model_sha256: Expected SHA-256 of its weights; None trusts the folder.
        development: Files of rows to measure on, by name; of each, only claims whose SHA-1 is even are used.
        development_rows: At most so many rows of each file.
        seed: Seed of order and of new weights.
        batch_size: Rows per forward pass.
        accumulate: Forward passes per step.
        learning_rate: Highest learning rate.
        head_rate_factor: The head, which starts at random, learns so many times faster than the encoder.
        freeze_word_embeddings: Leave the table of word vectors as it is: a tenth less time, half the state.
        weight_decay: Of AdamW; biases and norms have none.
        warmup: Share of the run in which the rate rises, in [0, 1).
        final_rate: Share of the highest rate that is left at the end; 0 unless another stage follows.
        max_gradient_norm: Gradients are scaled down to it.
        dropout: Of the encoder while training.
        max_tokens: Longest pair; the longer of its two texts is cut.
        epochs: Passes over the rows.
        time_budget_seconds: The run ends, and its learning rate reaches zero, when this much time has gone by, if the
            rows last so long. None: the rows decide.
        checkpoint_seconds: Time between checkpoints.
        evaluate_seconds: Time between measurements on development rows; one more at the end.
        evaluate_steps: Steps between measurements, instead of time: a reproducible point for early stopping.
        patience: Stop after so many measurements without a better macro-F1, and keep the best weights. None: never.
        precision: "auto", "bfloat16" or "float32".
        threads: CPU threads; None leaves torch's own choice.
        device: "auto", "cpu" or "cuda".
        gradient_checkpointing: Less memory, a third more time.
        teacher: A stronger entailment model, whose probabilities are learnt beside the labels; a folder or `hf:NAME`.
        teacher_weight: Share of the teacher in the loss, in [0, 1].
        layers: Of the encoder that stay, evenly spaced; None: all.
    """

    model: Path
    model_sha256: str | None = None
    development: Mapping[str, Path] = field(default_factory=dict)
    development_rows: int = 200
    seed: int = 13
    batch_size: int = 32
    accumulate: int = 1
    learning_rate: float = 1.5e-4
    head_rate_factor: float = 6.0
    freeze_word_embeddings: bool = False
    weight_decay: float = 0.01
    warmup: float = 0.06
    final_rate: float = 0.0
    max_gradient_norm: float = 1.0
    dropout: float = 0.0
    max_tokens: int = 256
    epochs: int = 1
    time_budget_seconds: float | None = None
    checkpoint_seconds: float = 600.0
    evaluate_seconds: float = 900.0
    evaluate_steps: int | None = None
    patience: int | None = None
    precision: str = "auto"
    threads: int | None = None
    device: str = "auto"
    gradient_checkpointing: bool = False
    teacher: str | None = None
    teacher_weight: float = 0.5
    layers: int | None = None

    def __post_init__(self) -> None:
        """Refuse settings that make no run."""
        positive = {
            "batch_size": self.batch_size,
            "accumulate": self.accumulate,
            "learning_rate": self.learning_rate,
            "max_tokens": self.max_tokens,
            "epochs": self.epochs,
            "development_rows": self.development_rows,
        }
        for name, value in positive.items():
            if not value > 0:
                raise SettingsError(f"{name} must be greater than 0, not {value}")
        if not 0 <= self.warmup < 1:
            raise SettingsError(f"warmup is a share of the run in [0, 1), not {self.warmup}")
        if not 0 <= self.final_rate <= 1:
            raise SettingsError(f"final_rate is a share of the highest rate in [0, 1], not {self.final_rate}")
        if not 0 <= self.teacher_weight <= 1:
            raise SettingsError(f"teacher_weight is a share of the loss in [0, 1], not {self.teacher_weight}")
        if self.layers is not None and self.layers < 1:
            raise SettingsError(f"layers must be greater than 0, not {self.layers}")
        if self.precision not in {"auto", "bfloat16", "float32"}:
            raise SettingsError(f"precision is auto, bfloat16 or float32, not {self.precision!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What a run was and how it went; written as `run.json` beside the weights.

    Attributes:
        options: Settings as used.
        rows_sha256: Of the file of rows.
        rows: How many; `datasets` counts them by set and label.
        truncated: Rows longer than `max_tokens`.
        parameters: Of the model.
        steps: Optimiser steps made.
        rows_seen: Rows passed forward while training.
        seconds: Time of the run, over all its resumptions.
        rows_per_second: Training rows a second, measuring and checkpoints included.
        stopped: "rows", "time", "patience" or "interrupted".
        loss_curve: (step, progress, mean loss since the last point).
        development_curve: Step, progress and macro-F1 of each development set.
        resumed: How often the run was resumed.
        processes: That trained together.
        energy_joules: Of processor and GPUs, over all resumptions; None for what cannot be read.
        software: Versions of what computed it.
    """

    options: Mapping[str, object]
    rows_sha256: str
    rows: int
    datasets: Mapping[str, Mapping[str, int]]
    truncated: int
    parameters: int
    steps: int
    rows_seen: int
    seconds: float
    rows_per_second: float
    stopped: str
    loss_curve: Sequence[tuple[int, float, float]]
    development_curve: Sequence[Mapping[str, object]]
    resumed: int
    software: Mapping[str, str]
    processes: int = 1
    energy_joules: Mapping[str, float | None] = field(default_factory=dict)


def options_record(options: TrainOptions) -> dict[str, Any]:
    """Options as JSON values; what does not change the weights is left out, so that it may differ on resumption."""
    plain = asdict(options)
    # The head is part of what a second stage starts from.
    weights = (options.model / name for name in ("model.safetensors", "head.safetensors"))
    plain["model"] = [file_sha256(path) for path in weights if path.is_file()]
    plain["development"] = {name: file_sha256(path) for name, path in options.development.items()}
    # What is not used is left out, so that a run from before it could be asked for can still be resumed.
    unused = [name for name in ("teacher", "layers") if plain[name] is None]
    unused += ["teacher_weight"] if plain["teacher"] is None else []
    for name in ("model_sha256", "checkpoint_seconds", "evaluate_seconds", *unused):
        plain.pop(name)
    return orjson.loads(orjson.dumps(plain))  # type: ignore[no-any-return]
