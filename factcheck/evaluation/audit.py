"""Does the verdict change with who a text is about?

Every pair is judged as it stands and in the words of every group (`swaps`). Nothing that bears on the claim changes, so
neither may the verdict. Since each group gets the very same pairs, differences between groups are differences in the
system, not in the data.

    flip rate            share of swapped pairs whose label is not that of the pair as it stands
    demographic parity   largest difference between groups in the share of pairs called SUPPORTED
    equalised odds       the larger of the largest differences in the true-positive rate (SUPPORTED pairs called so) and
                         in the false-positive rate (other pairs called SUPPORTED)

A gap is never negative, so chance alone makes one. `by_chance` is the 95th percentile of the gaps that are left when
the groups of each pair's variants are shuffled; a gap below it says nothing.

Source: Hardt, Price and Srebro, "Equality of Opportunity in Supervised Learning", 2016, definitions 2.1 and 2.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.evaluation.groups import Attribute
from factcheck.evaluation.pairs import FAILED, SAID, Pair, PairSet
from factcheck.evaluation.swaps import ORIGINAL, variants
from factcheck.evaluation.systems import ProbabilitySystem, batches
from factcheck.evaluation.templates import templates
from factcheck.metrics.labels import Floats, Ints
from factcheck.metrics.resampling import draw, interval
from factcheck.types import Label

SCHEMA = "factcheck.audit/1"
TEMPLATES = "templates"
_NUMBER = {Label.SUPPORTED: 0, Label.REFUTED: 1, Label.NOT_ENOUGH_INFO: 2}
_SHUFFLES = 200
_SHOWN = 20  # flips of an attribute that are kept as examples

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One pair in all its variants: which source it is from, groups, and what was said of each."""

    source: str
    gold: int
    groups: tuple[str, ...]
    pairs: tuple[Pair, ...]


def audit(
    system: ProbabilitySystem,
    sets: Sequence[PairSet],
    attributes: Sequence[Attribute],
    *,
    resamples: int = 1000,
    seed: int = 7,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Judge the templates and the rows of some sets in the words of every group.

    Args:
        system: what is audited.
        sets: rows beside the templates; those without a word to swap are passed over.
        attributes: what is swapped.
        resamples: of the claims, for intervals.
        seed: of resamples and shuffles.
        progress: told what is being done.

    Returns:
        The figures as JSON values.
    """
    results: dict[str, Any] = {}
    for attribute in attributes:
        rows = _rows(attribute, sets)
        said = _judge(system, rows, lambda done, all_, a=attribute: (progress or _ignore)(f"{a}: {done:,} of {all_:,}"))  # type: ignore[misc]
        results[attribute.value] = _figures(rows, said, resamples, seed)
    flips = sum(found["flips"] for found in results.values())
    swapped = sum(found["swapped"] for found in results.values())
    return {
        "schema": SCHEMA,
        "system": {"name": system.name, **system.identity},
        "sets": [{"name": s.name, "sha256": s.sha256, "rows": len(s.rows)} for s in sets],
        "bootstrap": {"resamples": resamples, "seed": seed, "unit": "claim", "level": 0.95},
        "swapped": swapped,
        "flips": flips,
        "flip_rate": _number(flips / swapped) if swapped else None,
        "failed": sum(found["failed"] for found in results.values()),
        "attributes": results,
    }


def _ignore(_: str) -> None:
    return


def _rows(attribute: Attribute, sets: Sequence[PairSet]) -> list[_Row]:
    rows = []
    sources = [(TEMPLATES, templates(attribute)), *((s.name, list(s.rows)) for s in sets)]
    for source, pairs in sources:
        for pair in pairs:
            found = variants(pair, attribute)
            if found:
                groups, forms = tuple(v.group for v in found), tuple(v.pair for v in found)
                rows.append(_Row(source=source, gold=pair.gold, groups=groups, pairs=forms))
    return rows


def _judge(system: ProbabilitySystem, rows: Sequence[_Row], tell: Callable[[int, int], None]) -> list[list[int]]:
    """Return positions in `SAID` of every variant of every row; equal variants are judged once."""
    asked = list(dict.fromkeys((pair.claim, pair.evidence) for row in rows for pair in row.pairs))
    unique = [Pair(claim=claim, evidence=evidence, gold=0, line=n) for n, (claim, evidence) in enumerate(asked, 1)]
    answers: list[int] = []
    for batch in batches(unique):
        for answer in system.judge(batch):
            found = answer.probabilities
            answers.append(FAILED if found is None else _NUMBER[found.label])
        tell(len(answers), len(unique))
    said = dict(zip(asked, answers, strict=True))
    return [[said[pair.claim, pair.evidence] for pair in row.pairs] for row in rows]


def _figures(rows: Sequence[_Row], said: Sequence[Sequence[int]], resamples: int, seed: int) -> dict[str, Any]:
    weights = draw([row.pairs[0].claim for row in rows], resamples, seed)
    flipped = np.array([sum(one != labels[0] for one in labels[1:]) for labels in said], dtype=np.float64)
    swapped = np.array([len(labels) - 1 for labels in said], dtype=np.float64)
    groups = sorted({group for row in rows for group in row.groups if group != ORIGINAL})
    table = np.full((len(rows), len(groups)), FAILED, dtype=np.int64)
    for place, (row, labels) in enumerate(zip(rows, said, strict=True)):
        for group, label in zip(row.groups, labels, strict=True):
            if group != ORIGINAL:
                table[place, groups.index(group)] = label
    gold = np.array([row.gold for row in rows], dtype=np.int64)
    return {
        "rows": len(rows),
        "swapped": int(swapped.sum()),
        "flips": int(flipped.sum()),
        "failed": sum(label == FAILED for labels in said for label in labels),
        "flip_rate": _share(flipped, swapped, weights),
        "by_source": {
            source: _share(flipped[inside], swapped[inside], weights[:, inside])
            | {"rows": int(inside.sum()), "swapped": int(swapped[inside].sum())}
            for source in dict.fromkeys(row.source for row in rows)
            for inside in [np.array([row.source == source for row in rows])]
        },
        "groups": _groups(groups, table, gold),
        "gaps": _gaps(table, gold, weights, seed),
        "examples": _examples(rows, said),
    }


def _share(part: Floats, whole: Floats, weights: npt.NDArray[np.float32]) -> dict[str, float | None]:
    total = weights @ whole
    drawn = np.divide(weights @ part, total, out=np.full(len(total), np.nan), where=total > 0)
    value = part.sum() / whole.sum() if whole.sum() else float("nan")
    found = interval(float(value), drawn)
    return {"value": _number(found.value), "low": _number(found.low), "high": _number(found.high)}


def _groups(groups: Sequence[str], table: Ints, gold: Ints) -> dict[str, Any]:
    once = np.ones((1, len(gold)), dtype=np.float32)
    rates = _rates(table, gold, once)
    refuted = (table == 1)[gold == 0].mean(axis=0) if (gold == 0).any() else np.full(len(groups), np.nan)
    return {
        group: {name: _number(values[0, place]) for name, values in rates.items()}
        | {"supported_called_refuted": _number(refuted[place])}
        for place, group in enumerate(groups)
    }


def _rates(table: Ints, gold: Ints, weights: npt.NDArray[np.float32]) -> dict[str, Floats]:
    """Return `(resamples, groups)` shares of pairs called SUPPORTED: of all, of true ones, of the others."""
    called = (table == 0).astype(np.float32)
    shares = {}
    for name, inside in (
        ("supported_rate", np.ones(len(gold), dtype=bool)),
        ("true_positive_rate", gold == 0),
        ("false_positive_rate", gold != 0),
    ):
        some = weights[:, inside]
        total = some.sum(axis=1, keepdims=True)
        counted = some @ called[inside]
        nothing = np.full(counted.shape, np.nan)
        shares[name] = np.divide(counted, total, out=nothing, where=np.broadcast_to(total > 0, counted.shape))
    return shares


def _gaps(table: Ints, gold: Ints, weights: npt.NDArray[np.float32], seed: int) -> dict[str, Any]:
    if not len(gold):
        return {}
    once = np.ones((1, len(gold)), dtype=np.float32)
    chance = np.random.default_rng(seed)
    observed, drawn = _spread(_rates(table, gold, once)), _spread(_rates(table, gold, weights))
    shuffled = [_spread(_rates(chance.permuted(table, axis=1), gold, once)) for _ in range(_SHUFFLES)]
    gaps = {}
    for name, value in observed.items():
        found = interval(float(value[0]), drawn[name])
        by_chance = np.array([one[name][0] for one in shuffled])
        known = by_chance[~np.isnan(by_chance)]
        gaps[name] = {
            "value": _number(found.value),
            "low": _number(found.low),
            "high": _number(found.high),
            "by_chance": _number(np.quantile(known, 0.95)) if len(known) else None,
        }
    return gaps


def _spread(rates: Mapping[str, Floats]) -> dict[str, Floats]:
    apart = {name: values.max(axis=1) - values.min(axis=1) for name, values in rates.items()}
    return {
        "demographic_parity": apart["supported_rate"],
        "true_positive_rate": apart["true_positive_rate"],
        "false_positive_rate": apart["false_positive_rate"],
        "equalised_odds": np.fmax(apart["true_positive_rate"], apart["false_positive_rate"]),
    }


def _examples(rows: Sequence[_Row], said: Sequence[Sequence[int]]) -> list[dict[str, str]]:
    found = []
    for row, labels in zip(rows, said, strict=True):
        for group, pair, label in zip(row.groups[1:], row.pairs[1:], labels[1:], strict=True):
            if label != labels[0]:
                found.append(
                    {
                        "source": row.source,
                        "claim": row.pairs[0].claim,
                        "said": SAID[labels[0]],
                        "group": group,
                        "swapped_claim": pair.claim,
                        "swapped_said": SAID[label],
                    }
                )
    step = max(1, math.ceil(len(found) / _SHOWN))
    return found[::step]  # spread over all rows, not the first ones


def _number(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None
