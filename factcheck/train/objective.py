"""What a run minimises, how fast it learns, and what it is measured by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor


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


def target_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy with soft targets; the last column stands for "class 1 or class 2".

    With a target that is 1 in one column it is `pair_loss`.

    Args:
        logits: (n, 3), SUPPORTED, REFUTED, NOT_ENOUGH_INFO.
        targets: (n, 4), rows sum to 1.
    """
    import torch

    logs = torch.log_softmax(logits.float(), dim=-1)
    logs = torch.cat([logs, torch.logsumexp(logs[:, 1:], dim=-1, keepdim=True)], dim=-1)
    return -(targets * logs).sum(-1).mean()


def rate_factor(progress: float, warmup: float, final: float = 0.0) -> float:
    """Share of the highest learning rate at a progress in [0, 1]: linear up in warm-up, linear down to `final`."""
    if progress < warmup:
        return max(progress, 1e-3) / warmup
    return final + (1.0 - final) * max(0.0, (1.0 - progress) / (1.0 - warmup))


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
