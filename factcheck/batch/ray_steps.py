"""Steps of a build on a Ray cluster: pieces go out to actors, and what comes back is used in the order of the pieces.

What is made of the results, and published, is made here. An actor that dies is started again by Ray, and its pieces are
done again.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self, TypeVar

from factcheck.batch.ray_cluster import Actors, fetch, import_ray

_Piece = TypeVar("_Piece")
_Done = TypeVar("_Done")
_WAITING = 2  # pieces that an actor has at a time: one at work, one ready


class StepWorker:
    """What runs in an actor: nothing is held, each call brings what it needs."""

    def do(self, step: Callable[[_Piece], _Done], piece: _Piece) -> _Done:
        """Do a step."""
        return step(piece)

    def pid(self) -> int:
        """Return the process's number, for tests that kill it."""
        return os.getpid()


class RaySpread(Actors):
    """`Spread` over the actors of a Ray cluster.

    Args:
        workers: handles of `StepWorker` actors.
        own: whether the cluster was started by us, and ends with us.
    """

    @classmethod
    def start(cls, *, workers: int | None = None) -> Self:
        """Join the cluster that RAY_ADDRESS names, or start one on this machine, and start the actors.

        Args:
            workers: one for each core of the cluster unless given.

        Raises:
            MissingExtraError: Ray is not installed.
            ServiceError: the cluster does not answer.
        """
        handles, own = cls.start_workers(StepWorker, workers)
        return cls(handles, own=own)

    def __call__(self, step: Callable[[_Piece], _Done], pieces: Iterable[_Piece], /) -> Iterator[_Done]:
        """Yield what the step makes of each piece, in the order of the pieces.

        Raises:
            FactCheckError: what the step raised.
            ServiceError: workers died too often.
        """
        ray = import_ray()
        load = [0] * len(self.workers)
        asked: deque[Any] = deque()
        places: dict[Any, int] = {}
        for piece in pieces:
            while len(places) >= _WAITING * len(self.workers):
                (done, *_), _ = ray.wait(list(places), num_returns=1)
                load[places.pop(done)] -= 1
            while asked and (asked[0] not in places or len(asked) > 2 * _WAITING * len(self.workers)):
                yield self._next(asked, places, load)
            place = load.index(min(load))
            reference = self.workers[place].do.remote(step, piece)
            load[place] += 1
            places[reference] = place
            asked.append(reference)
        while asked:
            yield self._next(asked, places, load)

    @staticmethod
    def _next(asked: deque[Any], places: dict[Any, int], load: list[int]) -> Any:
        first = asked.popleft()
        found = fetch(first)
        if first in places:
            load[places.pop(first)] -= 1
        return found
