"""The network that is trained: an encoder with a three-class head, its optimiser and the precision of this machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck.errors import ModelError
from factcheck.train.checkpoint import file_sha256
from factcheck.train.options import TrainOptions

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

_MOMENTS = ("step", "exp_avg", "exp_avg_sq")


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
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
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


def has_bfloat16(device: Any) -> bool:
    """Whether bfloat16 arithmetic is fast here: elsewhere it is emulated and slower than float32."""
    import torch

    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported()) and "avx512_bf16" in _cpu_flags()


def _cpu_flags() -> str:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def build_optimizer(model: nn.Module, options: TrainOptions) -> torch.optim.AdamW:
    """AdamW; biases and norms do not decay, the head may learn faster."""
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


def optimizer_tensors(model: nn.Module, optimizer: torch.optim.AdamW) -> dict[str, Tensor]:
    """The optimiser's moments by parameter name, and the state of torch's generator: what a checkpoint holds."""
    import torch

    tensors: dict[str, Tensor] = {"rng": torch.get_rng_state()}
    for name, parameter in model.named_parameters():
        for key, value in optimizer.state.get(parameter, {}).items():
            tensors[f"{name}/{key}"] = value
    return tensors


def restore_optimizer(model: nn.Module, optimizer: torch.optim.AdamW, tensors: Mapping[str, Tensor]) -> None:
    """Put back what `optimizer_tensors` gave."""
    for name, parameter in model.named_parameters():
        found = {key: tensors[f"{name}/{key}"] for key in _MOMENTS if f"{name}/{key}" in tensors}
        if found:
            optimizer.state[parameter] = {
                # A fused optimiser keeps its step count beside the parameter.
                key: value.to(parameter.device)
                for key, value in found.items()
            }
