"""Several processes that train one model, each on its share of every batch: one for each GPU, or on CPUs.

A batch is shared out row by row, gradients are averaged by torch's DistributedDataParallel, and the loss is weighted so
that the sum over all processes is the loss of the whole batch: the same as one process, up to the order of sums. The
first process decides (when to stop, which rate, when to measure) and alone writes; the others follow.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from factcheck.errors import SettingsError

if TYPE_CHECKING:
    import torch
    from torch import nn

Rows = npt.NDArray[np.int64]


class Team:
    """This process among those of a run; alone unless `torchrun`, or `factcheck train --processes`, started several.

    Attributes:
        rank: number of this process, from 0.
        size: how many there are.
    """

    def __init__(self) -> None:
        try:
            self.rank, self.size = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
        except ValueError as error:
            raise SettingsError("RANK and WORLD_SIZE must be whole numbers", remedy="start it with torchrun") from error

    @property
    def first(self) -> bool:
        """Whether this process decides and writes."""
        return self.rank == 0

    def device(self, cuda: bool) -> torch.device:
        """Return the device of this process, each its own GPU."""
        import torch

        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if cuda else torch.device("cpu")

    def join(self, device: torch.device) -> None:
        """Meet the other processes."""
        if self.size == 1:
            return
        import torch
        from torch import distributed

        if device.type == "cuda":
            torch.cuda.set_device(device)
        if not distributed.is_initialized():
            distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")

    def leave(self) -> None:
        """Part from the other processes."""
        if self.size > 1:
            from torch import distributed

            distributed.destroy_process_group()

    def wait(self) -> None:
        """Wait until all processes have come here."""
        if self.size > 1:
            from torch import distributed

            distributed.barrier()

    def network(self, model: nn.Module) -> nn.Module:
        """Return what is called in training: the model, with gradients averaged over all processes."""
        if self.size == 1:
            return model
        from torch.nn.parallel import DistributedDataParallel

        return DistributedDataParallel(model)

    def share(self, batch: Rows) -> tuple[Rows, float]:
        """Return this process's rows of a batch, and by what the mean loss over them is to be weighted.

        Gradients are averaged, so a share of `k` of `n` rows counts `size * k / n`. Where there are more processes than
        rows, one takes part with a row that counts nothing: all must take part in every step.
        """
        if self.size == 1:
            return batch, 1.0
        own = batch[self.rank :: self.size]
        return (own, self.size * len(own) / len(batch)) if len(own) else (batch[:1], 0.0)

    def mean(self, value: float, device: torch.device) -> float:
        """Return the mean of a value over all processes, the same in all of them."""
        if self.size == 1:
            return value
        import torch
        from torch import distributed

        told = torch.tensor(value, dtype=torch.float64, device=device)
        distributed.all_reduce(told)
        return float(told) / self.size

    def settle(self, values: list[float], device: torch.device) -> list[float]:
        """Return the first process's values in all of them."""
        if self.size == 1:
            return values
        import torch
        from torch import distributed

        told = torch.tensor(values, dtype=torch.float64, device=device)
        distributed.broadcast(told, src=0)
        found: list[float] = told.tolist()
        return found
