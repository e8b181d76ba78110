"""Verifying on a Ray cluster: actors hold the models, the ledger stays here and stays the truth.

A batch goes to the actor that has the least to do; what comes back is committed like a local batch. An actor that dies
is started again by Ray, and its batches are done again; after a few deaths the run ends with an error instead of going
on for ever. Batches, and what they come to, are pickled by Ray between its processes, and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self

from factcheck.batch.road import Outcome, Road, Wiring
from factcheck.batch.rows import InputRow
from factcheck.errors import FactCheckError, IntegrityError, MissingExtraError, ServiceError

if TYPE_CHECKING:
    from types import ModuleType

_WAITING = 2  # batches that an actor has at a time: one at work, one ready
_RESTARTS = 10
_RETRIES = 5
_OBJECT_STORE_BYTES = 128 * 1024 * 1024


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


class RayEngine:
    """Verifies on actors of a Ray cluster.

    Args:
        road: here, for what verdicts rest on; a worker whose models or index differ is refused.
        workers: handles of `Worker` actors.
        own: whether the cluster was started by us, and ends with us.
    """

    def __init__(self, road: Road, workers: Sequence[Any], *, own: bool) -> None:
        self._road = road
        self._own = own
        self.workers = tuple(workers)

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
        ray = import_ray()
        own = join_cluster(ray)
        count = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        # One core each, so that single-threaded sessions fill the machine as the local engine's threads do.
        actor = ray.remote(num_cpus=1, max_restarts=_RESTARTS, max_task_retries=_RETRIES)(Worker)
        return cls(road, [actor.remote(wire, add_index=add_index) for _ in range(count)], own=own)

    def run(self, batches: Iterable[Sequence[InputRow]]) -> Iterator[list[Outcome]]:
        """Yield the outcomes of each batch as they come.

        Raises:
            IntegrityError: a worker has another model, index or setting.
            ServiceError: workers died too often.
        """
        ray = import_ray()
        known = {self._road.basis(contexts=contexts)[0] for contexts in (False, True)}
        waiting: dict[Any, int] = {}
        load = [0] * len(self.workers)
        for batch in batches:
            while len(waiting) >= _WAITING * len(self.workers):
                yield self._next(ray, waiting, load, known)
            place = load.index(min(load))
            waiting[self.workers[place].check.remote(list(batch))] = place
            load[place] += 1
        while waiting:
            yield self._next(ray, waiting, load, known)

    def close(self) -> None:
        """Stop the actors, and the cluster if it is ours."""
        ray = import_ray()
        if not ray.is_initialized():
            return
        for worker in self.workers:
            ray.kill(worker)
        if self._own:
            ray.shutdown()

    def _next(self, ray: ModuleType, waiting: dict[Any, int], load: list[int], known: set[str]) -> list[Outcome]:
        (done, *_), _ = ray.wait(list(waiting), num_returns=1)
        load[waiting.pop(done)] -= 1
        try:
            outcomes: list[Outcome] = ray.get(done)
        except ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, FactCheckError):
                raise error.cause from None
            raise
        except ray.exceptions.RayError as error:
            raise ServiceError(
                f"workers died too often ({str(error).strip().splitlines()[0]})",
                where="Ray",
                remedy="look at Ray's logs, then start the same command again",
            ) from error
        if not {outcome.basis for outcome in outcomes} <= known:
            raise IntegrityError(
                "a worker has another model, index, graph or version of factcheck than this process",
                where="Ray",
                remedy="install and mount the same on every node",
            )
        return outcomes


def import_ray() -> ModuleType:
    """Import Ray, which reports nothing to its makers then.

    Raises:
        MissingExtraError: it is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would report to its makers otherwise
    try:
        import ray
    except ImportError as error:
        raise MissingExtraError("--engine ray", "ray") from error
    return ray


def join_cluster(ray: ModuleType) -> bool:
    """Join the cluster that RAY_ADDRESS names, or start one here; say whether it is ours to end.

    Raises:
        ServiceError: the cluster does not answer.
    """
    import logging

    if ray.is_initialized():
        return False

    keywords: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if not os.environ.get("RAY_ADDRESS"):
        keywords |= {"address": "local", "include_dashboard": False, "object_store_memory": _OBJECT_STORE_BYTES}
    try:
        ray.init(**keywords)
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        where = os.environ.get("RAY_ADDRESS", "Ray")
        what = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ServiceError(
            f"the cluster cannot be reached ({what})", where=where, remedy="check RAY_ADDRESS, or unset it"
        ) from error
    return True
