"""`factcheck train`: fine-tune a verifier on rows of one's own."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import orjson

from factcheck.cli import streams
from factcheck.cli.options import ExitCode, Subparsers, positive, share
from factcheck.errors import UsageError

if TYPE_CHECKING:
    from factcheck.train.options import RunRecord, TrainOptions

_DESCRIPTION = """\
Train a verifier: evidence and claim in, SUPPORTED, REFUTED or NOT_ENOUGH_INFO
out. Needs the extra 'train'.

ROWS is JSON Lines, also .gz: {"claim", "evidence": text or texts, "label",
"dataset": optional} with SUPPORTS, REFUTES, NOT_ENOUGH_INFO, or NOT_SUPPORTED
where it is not known which of the last two. DIR becomes a model folder that
--model takes, with checkpoints, run.json and curves.png beside it.

A run that was interrupted or killed goes on from its last checkpoint when it is
started again with the same arguments, and ends with the weights of one that was
not (a run with --minutes follows the clock, and does not). With --patience it
stops early by macro-F1 on the even half of the development claims."""
_EPILOG = """\
example:
  factcheck train rows.jsonl.gz --out my-verifier \\
      --development dev.jsonl.gz --patience 3 --epochs 3
  factcheck check draft.txt --index my-index --model my-verifier"""
_GRACE_SECONDS = 120.0  # for the last checkpoint of processes that were told to end


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("train", help="train a verifier", description=_DESCRIPTION, epilog=_EPILOG)
    add = parser.add_argument
    add("rows", metavar="ROWS", type=Path, help="rows {claim, evidence, label}")
    add("--out", metavar="DIR", type=Path, required=True, help="folder of the run and of the finished model")
    add("--base", metavar="SPEC", help="encoder to start from: a folder or hf:NAME (default all-MiniLM-L6-v2)")
    add("--development", metavar="FILE", type=Path, action="append", default=[], help="rows to measure on; repeatable")
    add("--development-rows", metavar="N", type=positive, default=200, help="of each of them (default 200)")
    add("--patience", metavar="N", type=positive, help="stop after so many measurements without a better macro-F1")
    add("--evaluate-steps", metavar="N", type=positive, help="steps between measurements (default: 15 minutes)")
    add("--epochs", metavar="N", type=positive, default=1, help="passes over the rows (default 1)")
    add("--minutes", metavar="X", type=_number, help="the run ends, its rate at 0, when this time has gone by")
    add("--batch-size", metavar="N", type=positive, default=32, help="rows of a forward pass (default 32)")
    add("--accumulate", metavar="N", type=positive, default=1, help="forward passes of a step (default 1)")
    add("--learning-rate", metavar="X", type=_number, default=1.5e-4, help="highest rate (default 1.5e-4)")
    add("--max-tokens", metavar="N", type=positive, default=192, help="longest pair; longer ones are cut (default 192)")
    add("--dropout", metavar="X", type=share, default=0.0, help="of the encoder while training (default 0)")
    add("--layers", metavar="N", type=positive, help="keep only so many layers of the encoder, evenly spaced")
    add("--freeze-words", action="store_true", help="leave the table of word vectors as it is: faster, smaller")
    add("--teacher", metavar="SPEC", help="model whose probabilities are learnt too: a folder or hf:NAME")
    add("--teacher-weight", metavar="X", type=share, default=0.5, help="its share of the loss (default 0.5)")
    add("--precision", choices=("auto", "bfloat16", "float32"), default="auto", help="of arithmetic (default auto)")
    add("--gradient-checkpointing", action="store_true", help="less memory, a third more time")
    add("--checkpoint-seconds", metavar="X", type=_number, default=600.0, help="between checkpoints (default 600)")
    add("--processes", metavar="N", type=positive, help="that train together (default: one for each GPU, else one)")
    add("--threads", metavar="N", type=positive, help="of each process on a CPU (default: the cores, shared out)")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto", help="where it trains (default auto)")
    add("--seed", metavar="N", type=int, default=13, help="of order and new weights (default 13)")
    add("--name", help="of the model, as reports name it (default: the folder's name)")
    add("--licence", default="unstated", help="of the weights, for the manifest (default unstated)")
    parser.set_defaults(handler=train)


def train(args: argparse.Namespace) -> int:
    """Run the subcommand."""
    from factcheck.train.start import base_model, publish, require_training

    require_training()
    path, name, sha256 = base_model(args.base)
    options = _options(args, path, sha256)
    alone = "WORLD_SIZE" not in os.environ
    processes = (args.processes or _gpus(args)) if alone else 1
    if processes > 1:
        return _together(args, processes)
    record = _run(args, options)
    if record.stopped == "interrupted":
        print("factcheck: interrupted; start it again to go on", file=sys.stderr)
        return ExitCode.INTERRUPTED
    if os.environ.get("RANK", "0") != "0":
        return ExitCode.DONE
    temperature = publish(
        args.out, record, options, base=name, name=args.name or args.out.resolve().name, licence=args.licence
    )
    _tell(args, record, temperature)
    return ExitCode.DONE


def _options(args: argparse.Namespace, model: Path, sha256: str | None) -> TrainOptions:
    from factcheck.train.options import TrainOptions

    names = [file.name.removesuffix(".gz").removesuffix(".jsonl") for file in args.development]
    if len(set(names)) < len(names):
        raise UsageError("two files have the same name", where="--development", remedy="rename one of them")
    if args.patience is not None and not names:
        raise UsageError("needs rows to measure on", where="--patience", remedy="name them with --development")
    return TrainOptions(
        model=model,
        model_sha256=sha256,
        development=dict(zip(names, args.development, strict=True)),
        development_rows=args.development_rows,
        seed=args.seed,
        batch_size=args.batch_size,
        accumulate=args.accumulate,
        learning_rate=args.learning_rate,
        freeze_word_embeddings=args.freeze_words,
        dropout=args.dropout,
        max_tokens=args.max_tokens,
        epochs=args.epochs,
        time_budget_seconds=None if args.minutes is None else 60 * args.minutes,
        checkpoint_seconds=args.checkpoint_seconds,
        evaluate_steps=args.evaluate_steps,
        patience=args.patience,
        precision=args.precision,
        threads=args.threads,
        device=args.device,
        gradient_checkpointing=args.gradient_checkpointing,
        teacher=args.teacher,
        teacher_weight=args.teacher_weight,
        layers=args.layers,
    )


def _run(args: argparse.Namespace, options: TrainOptions) -> RunRecord:
    from factcheck.train.trainer import train as run

    def log(line: str) -> None:
        print(time.strftime("%H:%M:%S"), line, file=sys.stderr, flush=True)

    with _signals() as asked:
        return run(args.rows, args.out, options, should_stop=lambda: bool(asked), log=log)


@contextlib.contextmanager
def _signals() -> Iterator[list[int]]:
    """Note SIGINT and SIGTERM instead of dying of them: the step is finished and a checkpoint written first."""
    asked: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _gpus(args: argparse.Namespace) -> int:
    if args.device == "cpu":
        return 1
    from factcheck.train.start import gpus

    return max(1, gpus())


def _together(args: argparse.Namespace, processes: int) -> int:
    """Start one process for each share of the batches, and end with the code of the first that fails."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    threads = os.environ.get("OMP_NUM_THREADS") or str(max(1, (os.cpu_count() or 1) // processes))
    members = []
    for rank in range(processes):
        place = {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": str(processes)}
        meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": threads}
        command = [sys.executable, "-m", "factcheck", *args.argv]
        members.append(subprocess.Popen(command, env={**os.environ, **place, **meeting}))  # noqa: S603
    with _signals() as asked:
        while any(member.poll() is None for member in members):
            if asked or any(member.poll() not in (None, 0) for member in members):
                for member in members:
                    if member.poll() is None:
                        member.send_signal(signal.SIGTERM)
                break
            time.sleep(0.1)
        codes = [_ended(member) for member in members]
    return next((code if code > 0 else ExitCode.FAILED for code in codes if code), ExitCode.DONE)


def _ended(member: subprocess.Popen[bytes]) -> int:
    try:
        return member.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:  # it waits for one that is gone
        member.kill()
        return member.wait()


def _tell(args: argparse.Namespace, record: RunRecord, temperature: float) -> None:
    from dataclasses import asdict

    from factcheck.train.curves import draw_curves

    body: dict[str, Any] = asdict(record)
    draw_curves(body, args.out / "curves.png")
    if args.json:
        streams.emit_json(orjson.dumps({**body, "temperature": temperature}))
        return
    best = max((float(str(point["mean"])) for point in record.development_curve), default=None)
    energy = ", ".join(
        f"{name} {used / 1000:.1f} kJ" for name, used in record.energy_joules.items() if used is not None
    )
    streams.emit(
        f"{args.out}: {record.rows_seen:,} rows in {record.steps:,} steps and {record.seconds:,.0f} s "
        f"({record.rows_per_second:.1f} rows/s), ended by {record.stopped}"
        + (f", development macro-F1 {best:.3f}" if best is not None else "")
        + (f", {energy}" if energy else "")
        + f", temperature {temperature:.2f}\n"
    )


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0")
    return value
