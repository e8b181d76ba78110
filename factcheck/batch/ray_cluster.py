"""A Ray cluster and the actors on it: joined, started, asked and ended in one place.

What verifies (`ray_engine`) and what embeds (`ray_encoder`) differ in what runs in an actor, not in how actors live.
An actor that dies is started again by Ray and its calls are made again; after a few deaths the run ends with an error
instead of going on for ever.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from factcheck.errors import FactCheckError, MissingExtraError, ServiceError

if TYPE_CHECKING:
    from types import ModuleType, TracebackType

_RESTARTS = 10
_RETRIES = 5
_CONNECT_SECONDS = 10
_OBJECT_STORE_BYTES = 128 * 1024 * 1024


class Actors:
    """Actors of a Ray cluster, which end with this object.

    Args:
        workers: handles of the actors.
        own: whether the cluster was started by us, and ends with us.
    """

    def __init__(self, workers: Sequence[Any], *, own: bool) -> None:
        self.workers = tuple(workers)
        self._own = own

    @staticmethod
    def start_workers(
        worker: type[Any], count: int | None, *positional: Any, **keywords: Any
    ) -> tuple[tuple[Any, ...], bool]:
        """Join the cluster that RAY_ADDRESS names, or start one on this machine, and start actors on it.

        Args:
            worker: the class that runs in an actor.
            count: how many; one for each core of the cluster unless given.
            positional: what each is made with.
            keywords: likewise.

        Returns:
            The handles, and whether the cluster was started here.

        Raises:
            MissingExtraError: Ray is not installed.
            ServiceError: the cluster does not answer.
        """
        ray = import_ray()
        own = _join(ray)
        count = count or max(1, int(ray.cluster_resources().get("CPU", 1)))
        # One core each, so that single-threaded sessions fill the machine as the local engine's threads do.
        actor = ray.remote(num_cpus=1, max_restarts=_RESTARTS, max_task_retries=_RETRIES)(worker)
        return tuple(actor.remote(*positional, **keywords) for _ in range(count)), own

    def close(self) -> None:
        """Stop the actors, and the cluster if it is ours."""
        ray = import_ray()
        if not ray.is_initialized():
            return
        for worker in self.workers:
            ray.kill(worker)
        if self._own:
            ray.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def fetch(asked: Any) -> Any:
    """Wait for what an actor was asked, one reference or a list of them.

    Raises:
        FactCheckError: what the actor raised, as it raised it.
        ServiceError: actors died too often.
    """
    ray = import_ray()
    try:
        return ray.get(asked)
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


def _join(ray: ModuleType) -> bool:
    """Join the cluster that RAY_ADDRESS names, or start one here; say whether it is ours to end.

    Raises:
        ServiceError: the cluster does not answer.
    """
    if ray.is_initialized():
        return False
    keywords: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address := os.environ.get("RAY_ADDRESS"):
        _knock(address)
    else:
        keywords |= {"address": "local", "include_dashboard": False, "object_store_memory": _OBJECT_STORE_BYTES}
        # Ray gives its workers way to everything else on a machine; here they do what the local engine would do.
        keywords |= {"_system_config": {"worker_niceness": 0}}
    try:
        ray.init(**keywords)
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        raise _unreachable(error, address or "Ray") from error
    return True


def _knock(address: str) -> None:
    """Raise unless somebody listens at an address; Ray itself would go on trying for many minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        return  # 'auto', or something that Ray refuses at once
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise _unreachable(error, address) from error


def _unreachable(error: Exception, where: str) -> ServiceError:
    what = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return ServiceError(f"the cluster cannot be reached ({what})", where=where, remedy="check RAY_ADDRESS, or unset it")
