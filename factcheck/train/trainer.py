"""Fine-tune an encoder as a three-class cross-encoder: (evidence, claim) → SUPPORTED, REFUTED, NOT_ENOUGH_INFO.

The same code trains the weights that ship and a user's own. Float32 master weights, bfloat16 arithmetic where the
machine has it, no pickle anywhere. Given the same rows, options and number of threads, a run that was killed and resumed
ends with the weights of one that was not; with a time budget the learning rate follows the clock, and that no longer
holds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from factcheck.errors import ModelError, SettingsError, StorageError
from factcheck.train.batches import TokenizedRows, epoch_batches, load_tokenizer, tokenize
from factcheck.train.checkpoint import Checkpoint, file_sha256, load_checkpoint, save_checkpoint
from factcheck.train.rows import PairRow, claim_half, read_rows

if TYPE_CHECKING:
    from torch import Tensor, nn


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
        head_rate_factor: The classifier on top, which starts at random, learns so many times faster.
        weight_decay: Of AdamW; biases and norms have none.
        warmup: Share of the run in which the rate rises, in [0, 1).
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
    """

    model: Path
    model_sha256: str | None = None
    development: Mapping[str, Path] = field(default_factory=dict)
    development_rows: int = 200
    seed: int = 13
    batch_size: int = 32
    accumulate: int = 1
    learning_rate: float = 2e-4
    head_rate_factor: float = 1.0
    weight_decay: float = 0.01
    warmup: float = 0.06
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


def pair_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean negative log-likelihood; label 3 says only that class 0 is wrong, and trains p(1) + p(2).

    Args:
        logits: (n, 3), SUPPORTED, REFUTED, NOT_ENOUGH_INFO.
        labels: (n,) int64 in 0..3.
    """
    import torch

    logs = torch.log_softmax(logits.float(), dim=-1)
    # One extra column holds log(p(REFUTED) + p(NOT_ENOUGH_INFO)).
    logs = torch.cat([logs, torch.logsumexp(logs[:, 1:], dim=-1, keepdim=True)], dim=-1)
    return -logs.gather(1, labels.unsqueeze(1)).mean()


def rate_factor(progress: float, warmup: float) -> float:
    """Share of the highest learning rate at a progress in [0, 1]: linear up during warm-up, linear down to 0."""
    if progress < warmup:
        return max(progress, 1e-3) / warmup
    return max(0.0, (1.0 - progress) / (1.0 - warmup))


def load_classifier(options: TrainOptions) -> nn.Module:
    """The encoder with a fresh three-class head.

    Raises:
        ModelError: No safetensors weights, another checksum, or a folder that is no model.
    """
    import torch
    from transformers import AutoModelForSequenceClassification
    from transformers.utils import logging

    weights = options.model / "model.safetensors"
    if not weights.is_file():
        raise ModelError(
            "no model.safetensors: weights in pickle files are not read",
            where=options.model,
            remedy="save it as safetensors",
        )
    if options.model_sha256 is not None and (found := file_sha256(weights)) != options.model_sha256:
        raise ModelError(f"the weights have SHA-256 {found}, expected {options.model_sha256}", where=weights)
    # The report about the missing head is what we ask for, not news; the bar is noise in a log.
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.manual_seed(options.seed)
    try:
        model = AutoModelForSequenceClassification.from_pretrained(
            options.model,
            num_labels=3,
            id2label={0: "SUPPORTED", 1: "REFUTED", 2: "NOT_ENOUGH_INFO"},
            label2id={"SUPPORTED": 0, "REFUTED": 1, "NOT_ENOUGH_INFO": 2},
            hidden_dropout_prob=options.dropout,
            attention_probs_dropout_prob=options.dropout,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            dtype=torch.float32,
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"the encoder cannot be loaded: {error}", where=options.model) from error
    if options.gradient_checkpointing:
        model.gradient_checkpointing_enable()
    return model  # type: ignore[no-any-return]


def macro_f1(gold: Sequence[int], predicted: Sequence[int]) -> float:
    """Mean F1 over the classes that occur in `gold`, in [0, 1]."""
    scores = []
    for label in sorted(set(gold)):
        hits = sum(1 for g, p in zip(gold, predicted, strict=True) if g == label == p)
        wrong = sum(1 for g, p in zip(gold, predicted, strict=True) if (g == label) != (p == label))
        scores.append(2 * hits / (2 * hits + wrong) if hits else 0.0)
    return sum(scores) / len(scores) if scores else 0.0


def set_macro_f1(labels: Sequence[int], logits: np.ndarray[Any, np.dtype[np.float32]]) -> float:
    """Macro-F1 of one development set; in a binary set (label 3 occurs) REFUTED and NOT_ENOUGH_INFO count as one.

    A set without NOT_ENOUGH_INFO rows is judged between the classes that it has.
    """
    if 3 in labels:
        shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
        supported = shifted[:, 0] > shifted[:, 1:].sum(axis=1)
        return macro_f1([0 if label == 0 else 3 for label in labels], [0 if hit else 3 for hit in supported])
    classes = sorted(set(labels))
    return macro_f1(list(labels), [classes[place] for place in logits[:, classes].argmax(axis=1)])


class Trainer:
    """One run: what is constant in it. `run` does the work."""

    def __init__(self, rows: Path, out: Path, options: TrainOptions) -> None:
        self._rows_path = rows
        self._out = out
        self._options = options

    def run(self, should_stop: Callable[[], bool], log: Callable[[str], None]) -> RunRecord:
        """Train to the end, to the end of the time budget, or until `should_stop`."""
        import torch
        import transformers

        options = self._options
        if options.threads is not None:
            torch.set_num_threads(options.threads)
        cuda = options.device == "cuda" or (options.device == "auto" and torch.cuda.is_available())
        self._device = torch.device("cuda" if cuda else "cpu")
        self._half = options.precision == "bfloat16" or (options.precision == "auto" and _has_bfloat16(self._device))

        rows = read_rows(self._rows_path)
        sha256 = file_sha256(self._rows_path)
        tokenizer = load_tokenizer(options.model, options.max_tokens)
        data = tokenize(rows, tokenizer)
        model = load_classifier(options).to(self._device)
        self._pad = int(getattr(model.config, "pad_token_id", 0) or 0)
        development = self._development(tokenizer)
        optimizer = _optimizer(model, options)
        epochs = [len(epoch_batches(data.lengths, options.batch_size, options.seed, e)) for e in range(options.epochs)]
        total_steps = math.ceil(sum(epochs) / options.accumulate)

        state: dict[str, Any] = {
            "step": 0, "seconds": 0.0, "rows_seen": 0, "resumed": 0, "loss": [], "dev": [], "best": -1.0, "stale": 0,
            "rows_sha256": sha256, "options": _plain(options),
        }  # fmt: skip
        folder = self._out / "checkpoints"
        saved = load_checkpoint(folder)
        if saved is not None:
            state = self._restore(model, optimizer, saved, state)
            log(f"resumed at step {state['step']}, {state['seconds']:.0f} s")
        before = float(state["seconds"])
        started = time.monotonic()
        marks = {"checkpoint": started, "evaluate": started, "log": started}
        window: list[float] = []
        stopped = "rows"
        log(
            f"{len(rows)} rows, {int(data.lengths.sum())} tokens, {data.truncated} cut, {total_steps} steps, bfloat16 {self._half}"
        )

        def seconds() -> float:
            return before + time.monotonic() - started

        def progress() -> float:
            share = state["step"] / total_steps
            if options.time_budget_seconds is not None:
                share = max(share, seconds() / options.time_budget_seconds)
            return min(share, 1.0)

        def checkpoint() -> None:
            state["seconds"] = seconds()
            optimizer_state = _optimizer_tensors(model, optimizer)
            contents = Checkpoint(model=model.state_dict(), optimizer=optimizer_state, state=state)
            save_checkpoint(folder, state["step"], contents)
            marks["checkpoint"] = time.monotonic()

        def evaluate() -> bool:
            """Measure; says whether patience is at its end."""
            if not development:
                return False
            scores = {name: round(self._score(model, data), 4) for name, data in development.items()}
            mean = sum(scores.values()) / len(scores)
            point = {"step": state["step"], "progress": round(progress(), 4), "mean": round(mean, 4), **scores}
            state["dev"].append(point)
            log(f"development {orjson.dumps(point).decode()}")
            marks["evaluate"] = time.monotonic()
            if mean > state["best"]:
                state["best"], state["stale"] = mean, 0
                if options.patience is not None:
                    self._save_model(model, tokenizer_from=options.model, name="best")
            else:
                state["stale"] += 1
            return options.patience is not None and state["stale"] >= options.patience

        model.train()
        for index, batches in self._steps(data, state["step"]):
            now = progress()
            if options.time_budget_seconds is not None and now >= 1.0:
                stopped = "time"
                break
            if should_stop():
                stopped = "interrupted"
                break
            for group in optimizer.param_groups:
                group["lr"] = options.learning_rate * group["factor"] * rate_factor(now, options.warmup)
            loss = self._step(model, optimizer, data, batches)
            if not math.isfinite(loss):
                raise ModelError(
                    f"the loss became {loss} at step {index}; the last whole checkpoint is kept",
                    where=self._out,
                    remedy="lower the learning rate, or look for broken rows",
                )
            window.append(loss)
            state["step"] = index + 1
            state["rows_seen"] += sum(len(batch) for batch in batches)
            clock = time.monotonic()
            if clock - marks["log"] >= 60 or len(window) >= 200:
                mean = sum(window) / len(window)
                state["loss"].append((state["step"], round(progress(), 5), round(mean, 5)))
                log(
                    f"step {state['step']} progress {progress():.4f} loss {mean:.4f} rows/s {state['rows_seen'] / seconds():.1f}"
                )
                window, marks["log"] = [], clock
            due = (
                state["step"] % options.evaluate_steps == 0
                if options.evaluate_steps is not None
                else clock - marks["evaluate"] >= options.evaluate_seconds
            )
            if due and evaluate():
                stopped = "patience"
                break
            if clock - marks["checkpoint"] >= options.checkpoint_seconds:
                checkpoint()

        checkpoint()
        if stopped != "interrupted":
            evaluate()
        if window:
            state["loss"].append((state["step"], round(progress(), 5), round(sum(window) / len(window), 5)))
        self._save_model(model, tokenizer_from=options.model, name="model")
        record = RunRecord(
            options=_plain(options),
            rows_sha256=sha256,
            rows=len(rows),
            datasets=_counts(rows),
            truncated=data.truncated,
            parameters=sum(parameter.numel() for parameter in model.parameters()),
            steps=state["step"],
            rows_seen=state["rows_seen"],
            seconds=round(seconds(), 1),
            rows_per_second=round(state["rows_seen"] / max(seconds(), 1e-9), 2),
            stopped=stopped,
            loss_curve=[tuple(point) for point in state["loss"]],
            development_curve=state["dev"],
            resumed=state["resumed"],
            software={
                "torch": torch.__version__,
                "transformers": transformers.__version__,
                "device": str(self._device),
                "precision": "bfloat16" if self._half else "float32",
                "threads": str(torch.get_num_threads()),
            },
        )
        _write_json(self._out / "run.json", asdict(record))
        return record

    def _steps(self, data: TokenizedRows, done: int) -> Any:
        """(step, its batches) from `done` on; the order depends on the seed and the epoch alone."""
        options = self._options
        step = 0
        waiting: list[Any] = []
        for epoch in range(options.epochs):
            for batch in epoch_batches(data.lengths, options.batch_size, options.seed, epoch):
                waiting.append(batch)
                if len(waiting) == options.accumulate:
                    if step >= done:
                        yield step, waiting
                    step, waiting = step + 1, []
        if waiting and step >= done:
            yield step, waiting

    def _forward(self, model: nn.Module, data: TokenizedRows, batch: Any) -> tuple[Tensor, Tensor]:
        import torch

        ids, mask, types, labels = (torch.from_numpy(part).to(self._device) for part in data.batch(batch, self._pad))
        given: dict[str, Any] = {"input_ids": ids, "attention_mask": mask}
        if getattr(model.config, "type_vocab_size", 0) > 1:
            given["token_type_ids"] = types
        with torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=self._half):
            logits = model(**given).logits
        return logits.float(), labels

    def _step(self, model: nn.Module, optimizer: Any, data: TokenizedRows, batches: Sequence[Any]) -> float:
        import torch

        rows = sum(len(batch) for batch in batches)
        loss_sum = 0.0
        for batch in batches:
            logits, labels = self._forward(model, data, batch)
            # Weighted by rows, so that accumulation equals one larger batch.
            loss = pair_loss(logits, labels) * (len(batch) / rows)
            loss.backward()
            loss_sum += float(loss.detach())
        if math.isfinite(loss_sum):
            torch.nn.utils.clip_grad_norm_(model.parameters(), self._options.max_gradient_norm)
            optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss_sum

    def _development(self, tokenizer: Any) -> dict[str, TokenizedRows]:
        chosen: dict[str, TokenizedRows] = {}
        for name, path in self._options.development.items():
            rows = [row for row in read_rows(path) if claim_half(row.claim) == 0]
            if not rows:
                raise SettingsError(f"development set {name} has no claim of the half that is tuned on", where=path)
            spread = np.random.default_rng(self._options.seed).permutation(len(rows))[: self._options.development_rows]
            chosen[name] = tokenize([rows[place] for place in sorted(spread)], tokenizer)
        return chosen

    def _score(self, model: nn.Module, data: TokenizedRows) -> float:
        import torch

        model.eval()
        order = np.argsort(data.lengths, kind="stable")
        parts = []
        with torch.inference_mode():
            for start in range(0, len(order), self._options.batch_size):
                parts.append(
                    self._forward(model, data, order[start : start + self._options.batch_size])[0].cpu().numpy()
                )
        model.train()
        return set_macro_f1([int(label) for label in data.labels[order]], np.concatenate(parts))

    def _restore(self, model: nn.Module, optimizer: Any, saved: Checkpoint, fresh: Mapping[str, Any]) -> dict[str, Any]:
        import torch

        state = dict(saved.state)
        for name in ("rows_sha256", "options"):
            if state.get(name) != fresh[name]:
                raise SettingsError(
                    f"the run in this folder has another {name}",
                    where=self._out,
                    remedy="resume with the same rows and options, or choose an empty folder",
                )
        model.load_state_dict(dict(saved.model))
        moments = optimizer.state
        for name, parameter in model.named_parameters():
            found = {key: saved.optimizer.get(f"{name}/{key}") for key in ("exp_avg", "exp_avg_sq", "step")}
            if all(value is not None for value in found.values()):
                step = found.pop("step")
                moments[parameter] = {
                    "step": step,
                    **{key: value.to(parameter.device) for key, value in found.items() if value is not None},
                }
        torch.set_rng_state(saved.optimizer["rng"])
        state["resumed"] = int(state["resumed"]) + 1
        return state

    def _save_model(self, model: nn.Module, *, tokenizer_from: Path, name: str) -> None:
        """Weights, config and tokenizer as a Hugging Face folder, safetensors only."""
        target = self._out / name
        try:
            model.save_pretrained(target)  # type: ignore[operator]
            for file in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
                if (tokenizer_from / file).is_file():
                    (target / file).write_bytes((tokenizer_from / file).read_bytes())
        except OSError as error:
            raise StorageError(f"the model could not be written: {error}", where=target) from error


def train(
    rows: Path,
    out: Path,
    options: TrainOptions,
    *,
    should_stop: Callable[[], bool] | None = None,
    log: Callable[[str], None] | None = None,
) -> RunRecord:
    """Train a verifier, or go on with a run that was interrupted.

    Args:
        rows: JSONL (`.gz` allowed) of `{claim, evidence, label, dataset?}`.
        out: Folder of the run: `checkpoints/`, `model/` (Hugging Face layout), `best/` with early stopping, `run.json`.
        options: Settings; a resumed run must have the same.
        should_stop: Asked before each step; True saves a checkpoint and ends the run, to be resumed later.
        log: Gets a line of progress now and then.

    Returns:
        The record that was also written to `run.json`.

    Raises:
        InputError: The rows cannot be used; the message names the line.
        ModelError: The encoder cannot be used, or the loss is no longer a number.
        SettingsError: The folder holds a run with other rows or options.
        StorageError: A checkpoint or the model could not be written.
        MissingExtraError: torch, transformers or safetensors are not installed.
    """
    from factcheck.train.extra import require_torch

    require_torch()
    absolute = replace(options, model=options.model.resolve())
    return Trainer(rows, out, absolute).run(should_stop or (lambda: False), log or (lambda _: None))


def _plain(options: TrainOptions) -> dict[str, Any]:
    """Options as JSON values; what does not change the weights is left out, so that it may differ on resumption."""
    plain = asdict(options)
    plain["model"] = file_sha256(options.model / "model.safetensors")
    plain["development"] = {name: file_sha256(path) for name, path in options.development.items()}
    for name in ("model_sha256", "checkpoint_seconds", "evaluate_seconds", "device"):
        plain.pop(name)
    return orjson.loads(orjson.dumps(plain))  # type: ignore[no-any-return]


def _counts(rows: Sequence[PairRow]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for row in rows:
        labels = table.setdefault(row.dataset, {})
        labels[row.label.value] = labels.get(row.label.value, 0) + 1
    return {name: dict(sorted(table[name].items())) for name in sorted(table)}


def _has_bfloat16(device: Any) -> bool:
    """Whether bfloat16 arithmetic is fast here: elsewhere it is emulated and slower than float32."""
    import torch

    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported()) and "avx512_bf16" in _cpu_flags()


def _cpu_flags() -> str:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _optimizer(model: nn.Module, options: TrainOptions) -> Any:
    import torch

    groups: dict[tuple[bool, bool], list[Any]] = {}
    for name, parameter in model.named_parameters():
        head = name.startswith("classifier")
        groups.setdefault((parameter.ndim > 1, head), []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": parameters,
                "weight_decay": options.weight_decay if decays else 0.0,
                "factor": options.head_rate_factor if head else 1.0,
            }
            for (decays, head), parameters in groups.items()
        ],
        lr=options.learning_rate,
        fused=True,
    )


def _optimizer_tensors(model: nn.Module, optimizer: Any) -> dict[str, Tensor]:
    import torch

    tensors: dict[str, Tensor] = {"rng": torch.get_rng_state()}
    for name, parameter in model.named_parameters():
        for key, value in optimizer.state.get(parameter, {}).items():
            tensors[f"{name}/{key}"] = value
    return tensors


def _write_json(path: Path, value: Mapping[str, object]) -> None:
    try:
        path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY))
    except OSError as error:
        raise StorageError(f"cannot be written: {error}", where=path) from error
