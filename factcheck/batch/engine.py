"""Who does the verifying: this process, or the workers of a Ray cluster. The ledger does not care."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from factcheck.batch.road import Outcome, Road
from factcheck.batch.rows import InputRow
from factcheck.batch.stream import overlap


class Engine(Protocol):
    """Batches of rows to outcomes."""

    def run(self, batches: Iterable[Sequence[InputRow]]) -> Iterator[list[Outcome]]:
        """Yield the outcomes of each batch, in whatever order they are finished.

        Every batch that was taken from `batches` is finished, whatever else happens; when `batches` ends, what is in
        flight is finished too.
        """

    def close(self) -> None:
        """Let go of workers, if there are any."""


class LocalEngine:
    """Verifies in this process; one batch is prepared while another is judged."""

    def __init__(self, road: Road) -> None:
        self._road = road

    def run(self, batches: Iterable[Sequence[InputRow]]) -> Iterator[list[Outcome]]:
        """Yield the outcomes of each batch, in order."""
        for _, outcomes in overlap(batches, self._road.prepare, self._road.finish):
            yield outcomes

    def close(self) -> None:
        """Nothing to let go of."""
