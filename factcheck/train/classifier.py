"""The network that is trained: an encoder that reads evidence and claim together, and a head over both of them.

The head sees the mean vectors of the two texts, their difference and their product. A sentence encoder's means carry
meaning from the first step on, so training starts from agreement instead of from nothing: with a head on the first
token alone the loss stood at chance after 6,700 rows, with this one it had left it after 1,000.
Source: the features are those of Conneau et al. 2017, "Supervised Learning of Universal Sentence Representations from
Natural Language Inference Data", section 3.1; here both texts attend to each other.
"""

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

HEAD_FILE = "head.safetensors"
CLASSES = 3
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")


def pair_classifier(encoder: nn.Module, width: int) -> nn.Module:
    """Put a fresh three-class head on an encoder.

    The module is called with `input_ids`, `attention_mask` and `token_type_ids`, int64 of (rows, tokens), and returns
    float32 logits of (rows, 3): SUPPORTED, REFUTED, NOT_ENOUGH_INFO. `token_type_ids` (0 evidence, 1 claim) tells the
    head which tokens are whose, also for encoders that have no such input themselves.

    Args:
        encoder: A Hugging Face encoder.
        width: Of its vectors.
    """
    import torch

    class PairClassifier(torch.nn.Module):
        """Encoder, means of both texts, two layers."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            self.hidden = torch.nn.Linear(4 * width, width)
            self.classifier = torch.nn.Linear(width, CLASSES)
            self.typed = int(getattr(encoder.config, "type_vocab_size", 0) or 0) > 1

        def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
            given = {"input_ids": input_ids, "attention_mask": attention_mask}
            if self.typed:
                given["token_type_ids"] = token_type_ids
            states = self.encoder(**given).last_hidden_state.float()
            claim_mask = (attention_mask * token_type_ids).unsqueeze(-1).to(states.dtype)
            evidence_mask = (attention_mask * (1 - token_type_ids)).unsqueeze(-1).to(states.dtype)
            evidence = (states * evidence_mask).sum(1) / evidence_mask.sum(1).clamp(min=1.0)
            claim = (states * claim_mask).sum(1) / claim_mask.sum(1).clamp(min=1.0)
            features = torch.cat([evidence, claim, (evidence - claim).abs(), evidence * claim], dim=-1)
            logits: Tensor = self.classifier(torch.nn.functional.gelu(self.hidden(features)))
            return logits.float()

    return PairClassifier()


def load_classifier(
    folder: Path, *, sha256: str | None = None, seed: int = 0, dropout: float = 0.0, attention: str = "sdpa"
) -> nn.Module:
    """Load an encoder, and its head when the folder has one (else a fresh head).

    Args:
        folder: Hugging Face folder of an encoder, or one that `save_classifier` wrote.
        sha256: Expected SHA-256 of the encoder's weights; None trusts the folder.
        seed: Of a fresh head.
        dropout: Of the encoder while training.
        attention: Implementation of attention; "eager" for export.

    Raises:
        ModelError: No safetensors weights, another checksum, numbers that are none, or a folder that is no model.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file
    from transformers import AutoModel
    from transformers.utils import logging

    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(
            "no model.safetensors: weights in pickle files are not read", where=folder, remedy="save it as safetensors"
        )
    if sha256 is not None and (found := file_sha256(weights)) != sha256:
        raise ModelError(f"the weights have SHA-256 {found}, expected {sha256}", where=weights)
    # The report about heads that are missing is what we ask for, not news; the bar is noise in a log.
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.manual_seed(seed)
    try:
        encoder = AutoModel.from_pretrained(
            folder,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=dropout,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            attn_implementation=attention,
            dtype=torch.float32,
        )
        # A pooler that nothing reads would only be carried along.
        if getattr(encoder, "pooler", None) is not None:
            encoder.pooler = None
        model = pair_classifier(encoder, int(encoder.config.hidden_size))
        head = folder / HEAD_FILE
        if head.is_file():
            model.load_state_dict(load_file(head), strict=False)
    except (OSError, ValueError, RuntimeError, AttributeError, SafetensorError) as error:
        raise ModelError(f"the encoder cannot be loaded: {error}", where=folder) from error
    broken = [name for name, value in model.state_dict().items() if not bool(torch.isfinite(value).all())]
    if broken:
        raise ModelError(f"{broken[0]} holds values that are no numbers", where=folder)
    return model


def save_classifier(model: nn.Module, folder: Path) -> None:
    """Write encoder (Hugging Face layout) and head, safetensors only."""
    from safetensors.torch import save_file

    encoder: Any = model.encoder
    encoder.save_pretrained(folder)
    head = {name: value.contiguous() for name, value in model.state_dict().items() if not name.startswith("encoder.")}
    save_file(head, folder / HEAD_FILE)


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
    """AdamW; biases and norms do not decay, the head may learn faster, frozen tables are left out."""
    import torch

    groups: dict[tuple[bool, bool], list[Any]] = {}
    for name, parameter in model.named_parameters():
        if options.freeze_word_embeddings and "word_embeddings" in name:
            parameter.requires_grad_(False)
            continue
        groups.setdefault((parameter.ndim > 1, not name.startswith("encoder.")), []).append(parameter)
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
            optimizer.state[parameter] = {key: value.to(parameter.device) for key, value in found.items()}
