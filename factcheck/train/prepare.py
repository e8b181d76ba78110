"""What is constant in a run of training: its rows as tokens, the development sets, the encoder on its device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from factcheck.errors import ModelError, SettingsError
from factcheck.train.batches import TokenizedRows, load_tokenizer, tokenize
from factcheck.train.classifier import has_bfloat16, load_classifier
from factcheck.train.layers import drop_layers
from factcheck.train.options import TrainOptions
from factcheck.train.rows import PairRow, claim_half, read_rows
from factcheck.train.team import Team

if TYPE_CHECKING:
    import torch
    from torch import nn


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Rows and model of a run.

    Attributes:
        rows: that are trained on, in the order of the file.
        datasets: how many rows of each label, by data set.
        data: the rows as tokens.
        development: tokens of the rows to measure on, by the name of their set.
        model: the classifier, on the device.
        pad: the token that fills up rows.
        device: where it is trained.
        half: multiply in bfloat16; the weights are float32 all the same.
    """

    rows: Sequence[PairRow]
    datasets: Mapping[str, Mapping[str, int]]
    data: TokenizedRows
    development: Mapping[str, TokenizedRows]
    model: nn.Module
    pad: int
    device: torch.device
    half: bool

    @property
    def precision(self) -> str:
        """The name of the arithmetic."""
        return "bfloat16" if self.half else "float32"


def prepare(rows_path: Path, options: TrainOptions, team: Team) -> Prepared:
    """Read and tokenize the rows, and load the encoder; the team meets on the way.

    Raises:
        InputError: the rows cannot be used; the message names the line.
        ModelError: the encoder cannot be used.
        SettingsError: a development set has nothing to measure on.
    """
    import torch

    if options.threads is not None:
        torch.set_num_threads(options.threads)
    device = team.device(options.device == "cuda" or (options.device == "auto" and torch.cuda.is_available()))
    team.join(device)
    half = options.precision == "bfloat16" or (options.precision == "auto" and has_bfloat16(device))
    rows = read_rows(rows_path)
    tokenizer = load_tokenizer(options.model, options.max_tokens)
    data = tokenize(rows, tokenizer)
    development = _development_sets(options, tokenizer)
    model = _model(options, device, tokens=tokenizer.get_vocab_size())
    encoder: Any = model.encoder
    return Prepared(
        rows=rows,
        datasets=_counts(rows),
        data=data,
        development=development,
        model=model,
        pad=int(getattr(encoder.config, "pad_token_id", 0) or 0),
        device=device,
        half=half,
    )


def _model(options: TrainOptions, device: torch.device, *, tokens: int) -> nn.Module:
    model = load_classifier(
        options.model,
        sha256=options.model_sha256,
        seed=options.seed,
        dropout=options.dropout,
        # torch's fused attention spends two fifths of a CPU step in its backward pass; plain products do not.
        attention="sdpa" if device.type == "cuda" else "eager",
    )
    encoder: Any = model.encoder
    embedded = int(encoder.get_input_embeddings().num_embeddings)
    if tokens > embedded:
        raise ModelError(
            f"the tokenizer has {tokens} tokens, the model {embedded}",
            where=options.model,
            remedy="put the tokenizer that the model was trained with beside it",
        )
    if options.layers is not None:
        drop_layers(encoder, options.layers)
    model.to(device)
    if options.gradient_checkpointing:
        encoder.gradient_checkpointing_enable()
    return model


def _development_sets(options: TrainOptions, tokenizer: Any) -> dict[str, TokenizedRows]:
    """Tokenize of each set the rows of the half that is tuned on, at most so many, drawn by the seed."""
    chosen: dict[str, TokenizedRows] = {}
    for name, path in options.development.items():
        rows = [row for row in read_rows(path) if claim_half(row.claim) == 0]
        if not rows:
            raise SettingsError(f"development set {name} has no claim of the half that is tuned on", where=path)
        spread = np.random.default_rng(options.seed).permutation(len(rows))[: options.development_rows]
        chosen[name] = tokenize([rows[place] for place in sorted(spread)], tokenizer)
    return chosen


def _counts(rows: Sequence[PairRow]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for row in rows:
        labels = table.setdefault(row.dataset, {})
        labels[row.label.value] = labels.get(row.label.value, 0) + 1
    return {name: dict(sorted(table[name].items())) for name in sorted(table)}
