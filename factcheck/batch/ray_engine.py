"""Verifying on a Ray cluster: actors hold the models, the ledger stays here and stays the truth.

A batch goes to the actor that has the least to do; what comes back is committed like a local batch. An actor that dies
is started again by Ray, and its batches are done again; after a few deaths the run ends with an error instead of going
on for ever. Batches, and what they come to, are pickled by Ray between its processes, and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

from factcheck.batch.ray_cluster import Actors, fetch, import_ray
from factcheck.batch.road import Outcome, Road, Wiring
from factcheck.batch.rows import InputRow
from factcheck.errors import IntegrityError

if TYPE_CHECKING:
    from types import ModuleType

_WAITING = 2  # pieces that an actor has at a time: one at work, one ready
_PIECE_ROWS = 8  # at least, or what goes to and fro would cost more than is shared


class Worker:
    """What runs in an actor: the road, wired where it runs."""

    def __init__(self, wire: Callable[[], Wiring], *, add_index: bool) -> None:
        self._road = Road(wire(), add_index=add_index)

    def check(self, rows: Sequence[InputRow]) -> list[Outcome]:
        """Verify a batch."""
        return self._road.check(rows)

    def pid(self) -> int:
        """Return the process's number, for tests that kill it."""
        return os.getpid()


class RayEngine(Actors):
    """Verifies on actors of a Ray cluster.

    Args:
        road: here, for what verdicts rest on; a worker whose models or index differ is refused.
        workers: handles of `Worker` actors.
        own: whether the cluster was started by us, and ends with us.
    """

    def __init__(self, road: Road, workers: Sequence[Any], *, own: bool) -> None:
        super().__init__(tuple(workers), own=own)
        self._road = road

    @classmethod
    def start(
        cls, road: Road, wire: Callable[[], Wiring], *, add_index: bool = False, workers: int | None = None
    ) -> Self:
        """Join the cluster that RAY_ADDRESS names, or start one on this machine, and start the actors.

        Args:
            road: see the class.
            wire: opens the parts on a worker; paths in it have to mean the same there.
            add_index: rows with contexts also consult index and graph.
            workers: one for each core of the cluster unless given.

        Raises:
            MissingExtraError: Ray is not installed.
            ServiceError: the cluster does not answer.
        """
        handles, own = cls.start_workers(Worker, workers, wire, add_index=add_index)
        return cls(road, handles, own=own)

    def run(self, batches: Iterable[Sequence[InputRow]]) -> Iterator[list[Outcome]]:
        """Yield outcomes as they come, in pieces of batches: else one actor does the last batch while the others wait.

        Raises:
            IntegrityError: a worker has another model, index or setting.
            ServiceError: workers died too often.
        """
        ray = import_ray()
        known = {self._road.basis(contexts=contexts)[0] for contexts in (False, True)}
        waiting: dict[Any, int] = {}
        load = [0] * len(self.workers)
        for piece in (piece for batch in batches for piece in _pieces(batch, len(self.workers))):
            while len(waiting) >= _WAITING * len(self.workers):
                yield self._next(ray, waiting, load, known)
            place = load.index(min(load))
            waiting[self.workers[place].check.remote(piece)] = place
            load[place] += 1
        while waiting:
            yield self._next(ray, waiting, load, known)

    def _next(self, ray: ModuleType, waiting: dict[Any, int], load: list[int], known: set[str]) -> list[Outcome]:
        (done, *_), _ = ray.wait(list(waiting), num_returns=1)
        load[waiting.pop(done)] -= 1
        outcomes: list[Outcome] = fetch(done)
        if not {outcome.basis for outcome in outcomes} <= known:
            raise IntegrityError(
                "a worker has another model, index, graph or version of factcheck than this process",
                where="Ray",
                remedy="install and mount the same on every node",
            )
        return outcomes


def _pieces(batch: Sequence[InputRow], workers: int) -> list[list[InputRow]]:
    """Cut a batch into equal pieces, one for each worker, or fewer if they would be too small."""
    count = max(1, min(workers, len(batch) // _PIECE_ROWS))
    bounds = [len(batch) * number // count for number in range(count + 1)]
    return [list(batch[start:end]) for start, end in pairwise(bounds)]
