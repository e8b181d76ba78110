"""A run of `factcheck eval pairs`: every system on every set, and how they differ."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from factcheck.evaluation.measure import Figures, compare, measure_answers, measure_support
from factcheck.evaluation.pairs import Half, Pair, PairSet
from factcheck.evaluation.systems import Answer, ProbabilitySystem, ScoringSystem, System, batches
from factcheck.metrics.labels import Floats

SCHEMA = "factcheck.eval_pairs/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One system on one set, with what it said of each row.

    Attributes:
        answers: in the order of the set's rows; of a system of one number, probabilities are None.
        seconds: that judging took.
    """

    figures: Figures
    answers: tuple[Answer, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsRun:
    """What came of a run.

    Attributes:
        results: by system and set.
        differences: of the first system against each other one, on each set.
    """

    half: Half
    limit: int | None
    resamples: int
    seed: int
    sets: tuple[PairSet, ...]
    systems: tuple[System, ...]
    results: Mapping[str, Mapping[str, Measured]]
    differences: list[dict[str, Any]] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """Rows that could not be judged, over all systems and sets."""
        return sum(int(m.figures.record["failed"]) for by_set in self.results.values() for m in by_set.values())

    def record(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "schema": SCHEMA,
            "half": self.half.value,
            "limit": self.limit,
            "bootstrap": {"resamples": self.resamples, "seed": self.seed, "unit": "claim", "level": 0.95},
            "sets": [
                {"name": s.name, "sha256": s.sha256, "kind": s.kind.value, "metric": s.kind.headline} for s in self.sets
            ],
            "systems": [{"name": s.name, **s.identity} for s in self.systems],
            "results": {
                system: {name: {**m.figures.record, "seconds": round(m.seconds, 4)} for name, m in by_set.items()}
                for system, by_set in self.results.items()
            },
            "differences": self.differences,
        }


def run_pairs(
    sets: Sequence[PairSet],
    systems: Sequence[System],
    *,
    half: Half,
    limit: int | None = None,
    resamples: int = 1000,
    seed: int = 7,
    progress: Callable[[str], None] | None = None,
) -> PairsRun:
    """Measure every system on every set.

    Args:
        sets: as `read_set` gave them.
        systems: their names are distinct.
        half: as asked of `read_set`; for the record, and to know whether thresholds are chosen on the same rows.
        limit: as asked of `read_set`, for the record.
        resamples: of the claims.
        seed: of the resamples.
        progress: told what is being done.
    """
    results: dict[str, dict[str, Measured]] = {system.name: {} for system in systems}
    for system in systems:
        for given in sets:

            def tell(done: int, system: System = system, given: PairSet = given) -> None:
                if progress is not None:
                    progress(f"{system.name} on {given.name}: {done:,} of {len(given.rows):,} rows")

            results[system.name][given.name] = _one(system, given, half, resamples, seed, tell)
    differences = []
    for other in systems[1:]:
        for given in sets:
            first, second = results[systems[0].name][given.name], results[other.name][given.name]
            differences.append(
                {
                    "set": given.name,
                    "system": systems[0].name,
                    "against": other.name,
                    **compare(given.kind, first.figures, second.figures),
                }
            )
    return PairsRun(
        half=half,
        limit=limit,
        resamples=resamples,
        seed=seed,
        sets=tuple(sets),
        systems=tuple(systems),
        results=results,
        differences=differences,
    )


def _one(
    system: System, given: PairSet, half: Half, resamples: int, seed: int, tell: Callable[[int], None]
) -> Measured:
    started = time.perf_counter()
    if isinstance(system, ProbabilitySystem):
        answers: list[Answer] = []
        for batch in batches(given.rows):
            answers.extend(_judged(system, batch))
            tell(len(answers))
        seconds = time.perf_counter() - started
        figures = measure_answers(given, answers, resamples=resamples, seed=seed)
        return Measured(figures=figures, answers=tuple(answers), seconds=seconds)
    support, other = _supports(system, given.rows), _supports(system, given.other)
    tell(len(support))
    seconds = time.perf_counter() - started
    figures = measure_support(
        given, support, other, resamples=resamples, seed=seed, in_sample=half is Half.ALL or not given.other
    )
    said = tuple(Answer(probabilities=None, reason=f"{value:.3f}") for value in support)
    return Measured(figures=figures, answers=said, seconds=seconds)


def _judged(system: ProbabilitySystem, batch: Sequence[Pair]) -> list[Answer]:
    answers = system.judge(batch)
    if len(answers) != len(batch):
        raise RuntimeError(f"{system.name} gave {len(answers)} answers for {len(batch)} pairs")
    return answers


def _supports(system: ScoringSystem, rows: Sequence[Pair]) -> Floats:
    found = [system.support(batch) for batch in batches(rows)]
    return np.concatenate(found) if found else np.zeros(0)
