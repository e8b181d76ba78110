"""Fewer layers: a student that begins as a part of its base model.

Source: Sanh et al., "DistilBERT", 2019, section 3: a student is initialised from evenly spaced layers of its teacher.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factcheck.errors import ModelError

if TYPE_CHECKING:
    from torch import nn


def kept(total: int, count: int) -> list[int]:
    """Return which of `total` layers stay: the first, the last, and evenly spaced ones between."""
    if count == 1:
        return [total - 1]
    return [round(place * (total - 1) / (count - 1)) for place in range(count)]


def drop_layers(encoder: nn.Module, count: int) -> None:
    """Leave an encoder with some of its layers, in place.

    Args:
        encoder: a Hugging Face encoder whose layers stand in one list.
        count: that stay.

    Raises:
        ModelError: it has fewer layers, or they are not where layers are.
    """
    from torch.nn import ModuleList

    config = encoder.config
    total = int(getattr(config, "num_hidden_layers", 0) or 0)
    lists = [module for module in encoder.modules() if isinstance(module, ModuleList) and len(module) == total]
    if len(lists) != 1:
        raise ModelError(f"a {type(encoder).__name__} does not keep its layers in one list; none can be dropped")
    if not 1 <= count <= total:
        raise ModelError(f"has {total} layers, {count} cannot stay", remedy=f"keep 1 to {total}")
    (layers,) = lists
    stay = [layers[place] for place in kept(total, count)]
    del layers[:]
    layers.extend(stay)
    config.num_hidden_layers = count  # type: ignore[union-attr]
