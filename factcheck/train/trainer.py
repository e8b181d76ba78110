"""Fine-tune an encoder as a three-class cross-encoder: (evidence, claim) → SUPPORTED, REFUTED, NOT_ENOUGH_INFO.

The same code trains the weights that ship and a user's own. Float32 master weights, bfloat16 arithmetic where the
machine has it, no pickle anywhere. Given the same rows, options and number of threads, a run that was killed and
resumed ends with the weights of one that was not; with a time budget the learning rate follows the clock, and that no
longer holds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import orjson

from factcheck.errors import IntegrityError, ModelError, SettingsError, StorageError
from factcheck.train.batches import TokenizedRows, epoch_batches
from factcheck.train.checkpoint import Checkpoint, file_sha256, load_checkpoint, save_checkpoint
from factcheck.train.classifier import build_optimizer, optimizer_tensors, restore_optimizer, save_classifier
from factcheck.train.energy import EnergyMeter
from factcheck.train.extra import require_torch
from factcheck.train.objective import pair_loss, rate_factor, set_macro_f1, target_loss
from factcheck.train.options import RunRecord, TrainOptions, options_record
from factcheck.train.prepare import prepare
from factcheck.train.progress import Clock, Progress, Stopped
from factcheck.train.rows import PairRow
from factcheck.train.teacher import TARGETS, soft_labels
from factcheck.train.team import Team

if TYPE_CHECKING:
    from torch import Tensor, nn

_LOG_SECONDS = 60.0


class Trainer:
    """One run. What is constant in it is prepared by `load`; `run` does the work."""

    def __init__(self, rows: Path, out: Path, options: TrainOptions, log: Callable[[str], None]) -> None:
        self._rows_path = rows
        self._out = out
        self._options = options
        self._team = Team()
        self._log = log if self._team.first else lambda _: None

    def load(self) -> None:
        """Prepare rows and encoder, and go back to the last checkpoint if there is one."""
        options = self._options
        run = self._run = prepare(self._rows_path, options, self._team)
        self._optimizer = build_optimizer(run.model, options)
        self._identity = {"rows_sha256": file_sha256(self._rows_path), "options": options_record(options)}
        self._soft = self._teacher(run.rows)
        per_epoch = math.ceil(len(run.rows) / options.batch_size)
        self._total_steps = math.ceil(per_epoch * options.epochs / options.accumulate)
        self._progress = self._restored()
        self._network = self._team.network(run.model)
        self._meter = EnergyMeter()
        self._log(
            f"{len(run.rows)} rows, {len(run.data.ids)} tokens, {run.data.truncated} rows cut, "
            f"at step {self._progress.step} of {self._total_steps}, {run.precision}"
        )

    def run(self, should_stop: Callable[[], bool]) -> RunRecord:
        """Train to the end of the rows, of the time budget or of patience, or until `should_stop`."""
        options, progress = self._options, self._progress
        clock = self._clock = Clock(progress.seconds)
        stopped = Stopped.ROWS
        patient = True
        self._run.model.train()
        for batches in self._steps(progress.step):
            reason, share = self._settled(should_stop, patient=patient)
            if reason is not None:
                stopped = reason
                break
            self._step(batches, share)
            if not self._team.first:
                continue
            if (clock.due("log", _LOG_SECONDS) or len(progress.window) >= 200) and progress.window:
                self._report()
            if self._evaluation_is_due() and self._evaluate():
                patient = False
            if patient and clock.due("checkpoint", options.checkpoint_seconds):
                self._checkpoint()
        if self._team.first:
            self._checkpoint()
            if stopped is not Stopped.INTERRUPTED:
                if progress.window:
                    self._report()
                self._evaluate()
                self._save_model("model")
        record = self._record(stopped)
        if self._team.first:
            _write_json(self._out / "run.json", asdict(record))
        self._team.wait()
        self._team.leave()
        return record

    def _settled(self, should_stop: Callable[[], bool], *, patient: bool) -> tuple[Stopped | None, float]:
        """Say, in all processes alike, why the run ends here, if it does, and how much of it is done."""
        reasons = list(Stopped)
        reason: Stopped | None = None
        budget = self._options.time_budget_seconds
        if budget is not None and self._clock.seconds >= budget:
            reason = Stopped.TIME
        elif not patient:
            reason = Stopped.PATIENCE
        elif should_stop():
            reason = Stopped.INTERRUPTED
        told = [-1.0 if reason is None else float(reasons.index(reason)), self._share()]
        code, share = self._team.settle(told, self._run.device)
        return (None if code < 0 else reasons[int(code)]), share

    def _teacher(self, rows: Sequence[PairRow]) -> npt.NDArray[np.float32] | None:
        """What the teacher says of the rows; the first process asks, the others read its answers."""
        spec = self._options.teacher
        if spec is None:
            return None
        found: npt.NDArray[np.float32] | None = None
        for first in (True, False):
            if self._team.first is first:
                found = soft_labels(spec, rows, str(self._identity["rows_sha256"]), self._out, self._log)
            self._team.wait()
        return found

    # ------------------------------------------------------------------------------------------------------ one step

    def _share(self) -> float:
        """How much of the run is done, in [0, 1], by rows or by time, whichever is further."""
        share = self._progress.step / self._total_steps
        if self._options.time_budget_seconds is not None:
            share = max(share, self._clock.seconds / self._options.time_budget_seconds)
        return min(share, 1.0)

    def _steps(self, done: int) -> Iterator[list[npt.NDArray[np.int64]]]:
        """The batches of every step from `done` on; their order depends on the seed and the epoch alone."""
        options = self._options
        step = 0
        waiting: list[npt.NDArray[np.int64]] = []
        for epoch in range(options.epochs):
            for batch in epoch_batches(self._run.data.lengths, options.batch_size, options.seed, epoch):
                waiting.append(batch)
                if len(waiting) == options.accumulate:
                    if step >= done:
                        yield waiting
                    step, waiting = step + 1, []
        if waiting and step >= done:
            yield waiting

    def _step(self, batches: Sequence[npt.NDArray[np.int64]], share: float) -> None:
        import torch

        options, progress = self._options, self._progress
        factor = rate_factor(share, options.warmup, options.final_rate)
        if self._team.size > 1:  # dropout that depends on the step alone, so that a resumed run has the same
            torch.manual_seed(hash((options.seed, progress.step, self._team.rank)))
        for group in self._optimizer.param_groups:
            group["lr"] = options.learning_rate * group["factor"] * factor
        rows = sum(len(batch) for batch in batches)
        total = 0.0
        for batch in batches:
            own, weight = self._team.share(batch)
            logits, labels = self._forward(self._network, self._run.data, own)
            # Weighted by rows, so that accumulation equals one larger batch.
            loss = self._loss(logits, labels, own) * (weight * len(batch) / rows)
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        total = self._team.mean(total, self._run.device)
        if not math.isfinite(total):
            raise ModelError(
                f"the loss became {total} at step {progress.step}; the last whole checkpoint is kept",
                where=self._out,
                remedy="lower the learning rate, or look for broken rows or weights",
            )
        torch.nn.utils.clip_grad_norm_(self._run.model.parameters(), options.max_gradient_norm)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        progress.step += 1
        progress.rows_seen += rows
        progress.window.append(total)

    def _loss(self, logits: Tensor, labels: Tensor, batch: npt.NDArray[np.int64]) -> Tensor:
        import torch

        if self._soft is None:
            return pair_loss(logits, labels)
        weight = self._options.teacher_weight
        hard = torch.nn.functional.one_hot(labels, TARGETS).float()
        soft = torch.from_numpy(self._soft[batch]).to(self._run.device)
        return target_loss(logits, (1 - weight) * hard + weight * soft)

    def _forward(self, network: nn.Module, data: TokenizedRows, batch: npt.NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        import torch

        ids, mask, types, labels = (
            torch.from_numpy(part).to(self._run.device) for part in data.batch(batch, self._run.pad)
        )
        with torch.autocast(self._run.device.type, dtype=torch.bfloat16, enabled=self._run.half):
            logits = network(input_ids=ids, attention_mask=mask, token_type_ids=types)
        return logits.float(), labels

    # ---------------------------------------------------------------------------------------------------- measuring

    def _report(self) -> None:
        progress = self._progress
        mean = sum(progress.window) / len(progress.window)
        progress.loss.append((progress.step, round(self._share(), 5), round(mean, 5)))
        progress.window.clear()
        self._clock.mark("log")
        self._meter.sample()
        rate = progress.rows_seen / self._clock.seconds
        self._log(f"step {progress.step} progress {self._share():.4f} loss {mean:.4f} rows/s {rate:.1f}")

    def _evaluation_is_due(self) -> bool:
        if self._options.evaluate_steps is not None:
            return self._progress.step % self._options.evaluate_steps == 0
        return self._clock.due("evaluate", self._options.evaluate_seconds)

    def _evaluate(self) -> bool:
        """Measure on the development sets; says whether patience is at its end."""
        progress, patience = self._progress, self._options.patience
        if not self._run.development:
            return False
        scores: dict[str, float] = {name: round(self._score(data), 4) for name, data in self._run.development.items()}
        mean = sum(scores.values()) / len(scores)
        point: dict[str, object] = {
            "step": progress.step,
            "progress": round(self._share(), 4),
            "mean": round(mean, 4),
            **scores,
        }
        progress.development.append(point)
        self._log(f"development {orjson.dumps(point).decode()}")
        self._clock.mark("evaluate")
        if mean > progress.best:
            progress.best, progress.stale = mean, 0
            if patience is not None:
                self._save_model("best")
        else:
            progress.stale += 1
        return patience is not None and progress.stale >= patience

    def _score(self, data: TokenizedRows) -> float:
        import torch

        self._run.model.eval()
        order = np.argsort(data.lengths, kind="stable")
        size = self._options.batch_size
        with torch.inference_mode():
            logits = [
                self._forward(self._run.model, data, order[start : start + size])[0].cpu().numpy()
                for start in range(0, len(order), size)
            ]
        self._run.model.train()
        return set_macro_f1([int(label) for label in data.labels[order]], np.concatenate(logits))

    # ------------------------------------------------------------------------------------------------------- keeping

    def _checkpoint(self) -> None:
        progress = self._progress
        progress.seconds = self._clock.seconds
        kept = replace(progress, energy=self._energy())
        contents = Checkpoint(
            model=self._run.model.state_dict(),
            optimizer=optimizer_tensors(self._run.model, self._optimizer),
            state={**self._identity, "progress": asdict(kept)},
        )
        save_checkpoint(self._out / "checkpoints", progress.step, contents)
        self._clock.mark("checkpoint")

    def _energy(self) -> dict[str, float | None]:
        """Joules of all starts of the run."""
        self._meter.sample()
        before = self._progress.energy
        now = {"cpu": self._meter.cpu_joules, "gpu": self._meter.gpu_joules}
        return {
            name: None if used is None else round(used + (before.get(name) or 0.0), 1) for name, used in now.items()
        }

    def _restored(self) -> Progress:
        """Load the newest checkpoint into model and optimiser; a fresh start when there is none."""
        import torch

        saved = load_checkpoint(self._out / "checkpoints")
        if saved is None:
            return Progress()
        for name, value in self._identity.items():
            if saved.state.get(name) != value:
                raise SettingsError(
                    f"the run in this folder has other {'rows' if name == 'rows_sha256' else 'options'}",
                    where=self._out,
                    remedy="resume with the same rows and options, or choose an empty folder",
                )
        try:
            self._run.model.load_state_dict(dict(saved.model))
            restore_optimizer(self._run.model, self._optimizer, saved.optimizer)
            torch.set_rng_state(saved.optimizer["rng"])
            kept = dict(saved.state["progress"])  # type: ignore[call-overload]
            kept["loss"] = [tuple(point) for point in kept["loss"]]
            progress = Progress(**kept)
        except (KeyError, TypeError, RuntimeError) as error:
            raise IntegrityError(f"the checkpoint does not fit this model: {error}", where=self._out) from error
        progress.resumed += 1
        return progress

    def _save_model(self, name: str) -> None:
        """Encoder and tokenizer as a Hugging Face folder, the head beside them, safetensors only."""
        target = self._out / name
        source = self._options.model
        try:
            target.mkdir(parents=True, exist_ok=True)
            save_classifier(self._run.model, target)
            for file in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
                if (source / file).is_file():
                    (target / file).write_bytes((source / file).read_bytes())
        except OSError as error:
            raise StorageError(f"the model could not be written: {error}", where=target) from error

    def _record(self, stopped: Stopped) -> RunRecord:
        import torch
        import transformers

        progress, seconds = self._progress, self._clock.seconds
        return RunRecord(
            options=options_record(self._options),
            rows_sha256=str(self._identity["rows_sha256"]),
            rows=len(self._run.data),
            datasets=self._run.datasets,
            truncated=self._run.data.truncated,
            parameters=sum(parameter.numel() for parameter in self._run.model.parameters()),
            steps=progress.step,
            rows_seen=progress.rows_seen,
            seconds=round(seconds, 1),
            rows_per_second=round(progress.rows_seen / max(seconds, 1e-9), 2),
            stopped=stopped.value,
            loss_curve=progress.loss,
            development_curve=progress.development,
            resumed=progress.resumed,
            processes=self._team.size,
            energy_joules=self._energy(),
            software={
                "torch": torch.__version__,
                "transformers": transformers.__version__,
                "device": str(self._run.device),
                "precision": self._run.precision,
                "threads": str(torch.get_num_threads()),
            },
        )


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
        MissingExtraError: torch, transformers, safetensors or tokenizers are not installed.
    """
    require_torch()
    trainer = Trainer(rows, out, replace(options, model=options.model.resolve()), log or (lambda _: None))
    trainer.load()
    return trainer.run(should_stop or (lambda: False))


def _write_json(path: Path, value: Mapping[str, object]) -> None:
    try:
        path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2))
    except OSError as error:
        raise StorageError(f"cannot be written: {error}", where=path) from error
