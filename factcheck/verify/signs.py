"""What the places of a claim's values make likely: signs for `decide.combine`, none of which decides.

Most pairs of a claim and a text cannot be compared slot by slot: the words differ, a pronoun stands for the subject,
the number belongs to a name, or one of several things is meant. One thing can still be told. A text in which a number
of the claim stands nowhere does not support it, and one that has all of them, among the claim's other words, seldom
contradicts it. Two small models (`signs.json`, fitted by `scripts/fit_signs.py`) say how likely that is: one for claims
with a value that the evidence lacks, one for claims that have all of theirs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from factcheck.text.dates import DateQualifier, DateReading, Granularity
from factcheck.text.numbers import NumberForm
from factcheck.text.quantities import Bound, Quantity
from factcheck.text.stems import LIGHT, STOP, STRICT
from factcheck.types import Probabilities
from factcheck.verify.absence import Absences
from factcheck.verify.placed_values import is_named
from factcheck.verify.readings import Placed, Reading
from factcheck.verify.standing import Standing, Standings, Value

_DENIED = re.compile(r"\bnot\b|n['’]t\b|\bnever\b|\bno longer\b|\bno\b|\bneither\b|\bnor\b|\bwithout\b", re.IGNORECASE)


class Softmax(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Log odds of SUPPORTED and REFUTED against NOT_ENOUGH_INFO, linear in the features; `bias` is one of them."""

    supported: dict[str, float]
    refuted: dict[str, float]

    def of(self, features: Mapping[str, float]) -> Probabilities:
        """Return the distribution."""
        s, r = (
            max(-20.0, min(20.0, sum(w.get(name, 0.0) * value for name, value in features.items())))
            for w in (self.supported, self.refuted)
        )
        top = max(s, r, 0.0)
        parts = [math.exp(s - top), math.exp(r - top), math.exp(-top)]
        total = sum(parts)
        return Probabilities(supported=parts[0] / total, refuted=parts[1] / total, not_enough_info=parts[2] / total)


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of both models."""

    schema: str
    missing: Softmax
    complete: Softmax


@cache
def default_weights() -> Weights:
    """Return the weights that ship with the package."""
    text = resources.files("factcheck.verify").joinpath("signs.json").read_text(encoding="utf-8")
    return msgspec.json.decode(text, type=Weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What the places of all values make likely.

    Attributes:
        value: the one that the evidence lacks; None where it has all of them.
    """

    probabilities: Probabilities
    value: Value | None


class Signs:
    """A claim beside one piece of evidence."""

    def __init__(self, claim: Reading, evidence: Reading, absences: Absences, *, asserted: bool, negated: bool) -> None:
        """Look for every value.

        Args:
            claim: read.
            evidence: read.
            absences: of the same two.
            asserted: the claim states its values plainly.
            negated: the claim denies.
        """
        self._claim = claim
        self._evidence = evidence
        self._absences = absences
        self._asserted = asserted
        self._negated = negated
        self._values = Standings(claim, evidence, absences).values

    def sign(self, weights: Weights | None = None) -> Sign | None:
        """Return what all of it makes likely; None for a claim without values."""
        found = self.features()
        if found is None:
            return None
        model, features, value = found
        w = weights or default_weights()
        return Sign(probabilities=(w.missing if model == "missing" else w.complete).of(features), value=value)

    def features(self) -> tuple[str, Mapping[str, float], Value | None] | None:
        """Return which model is asked, what it weighs, and the value it is about; None for claims without values."""
        if not self._values:
            return None
        missing = [v for v in self._values if v.standing is not Standing.STANDS]
        if missing:
            value = min(missing, key=lambda v: (v.standing, v.placed is None, v.span.start))
            return "missing", self._common() | self._of_missing(value, len(missing)), value
        return "complete", self._common() | self._of_complete(), None

    def _common(self) -> dict[str, float]:
        claim, evidence = self._claim, self._evidence
        stems = evidence.stems
        words = [w for w in claim.words if w.stem not in STOP and not w.stem.isdigit()]
        heavy = [w for w in words if not w.name and w.stem not in LIGHT]
        names = [w for w in words if w.name]
        subject = set(claim.subject)
        gone = [w for w in heavy if not self._absences.has(w.stem)]
        names_gone = [w for w in names if not self._absences.has(w.stem)]
        strict = {w.stem for w in claim.words if w.stem in STRICT}
        return {
            "bias": 1.0,
            "words_gone": len(gone) / max(1, len(heavy)),
            "words_all": float(not gone),
            "words": min(len(heavy), 6) / 6,
            "names_gone": float(min(3, sum(w.stem not in subject for w in names_gone))),
            "subject_gone": sum(w.stem in subject for w in names_gone) / max(1, len(subject)),
            "strict_gone": float(bool(strict - stems)),
            "claim_length": math.log(len(claim.words) + 1) / 3,
            "hedged": float(not self._asserted and not self._negated),
            "negated": float(self._negated),
            "values": float(min(len(self._values), 4) - 1),
        }

    def _of_missing(self, value: Value, missing: int) -> dict[str, float]:
        placed, other = value.placed, value.other
        date = placed is not None and isinstance(placed.item, DateReading)
        named = placed is not None and is_named(self._claim, placed)
        standing = sum(v.standing is Standing.STANDS for v in self._values)
        found: dict[str, float] = {
            "open": float(value.standing is Standing.OPEN),
            "date": float(date),
            "named": float(named),
            "unplaced": float(placed is None),
            "spelled": float(_is_spelled(placed)),
            "bound": float(_is_bounded(placed)),
            "day": float(date and _grain(placed) is Granularity.DAY),
            "invalid": float(date and not _valid(placed)),
            "several": float(missing > 1),
            "rest_stands": float(standing > 0),
            "other": float(other is not None),
        }
        if named and other is None:
            found["named_alone"] = 1.0
        if other is not None:
            a = other.alignment
            found |= {
                "foreign": float(bool(self._claim.subject) and self._absences.is_foreign(other.placed)),
                "fit": other.fit / 6,
                "property": a.property,
                "names_near": a.names if a.others else 0.5,
                "anchor": a.anchor,
                "noun": a.noun,
                "contrast": 1 - a.contrast,
            }
        return found

    def _of_complete(self) -> dict[str, float]:
        placed = [v for v in self._values if v.same is not None]
        margins = [
            max(-2.0, min(2.0, v.same.fit - v.other.fit)) if v.other is not None else 2.0
            for v in placed
            if v.same is not None
        ]
        worst = min(placed, key=lambda v: v.same.fit if v.same else 0.0, default=None)
        a = worst.same.alignment if worst is not None and worst.same is not None else None
        return {
            "margin": min(margins, default=0.0),
            "elsewhere": float(min(margins, default=0.0) < -0.5),
            "unplaced": float(len(placed) < len(self._values)),
            "fit": (worst.same.fit if worst is not None and worst.same is not None else 0.0) / 6,
            "property": a.property if a else 0.0,
            "names_near": (a.names if a.others else 0.5) if a else 0.0,
            "anchor": a.anchor if a else 0.0,
            "noun": a.noun if a else 0.0,
            "contrast": 1 - a.contrast if a else 0.0,
            "negated_there": float(self._negated_there(worst)),
        }

    def _negated_there(self, value: Value | None) -> bool:
        if value is None or value.same is None:
            return False
        span = self._evidence.spans[value.same.placed.sentence]
        return _DENIED.search(span.of(self._evidence.text)) is not None


# ------------------------------------------------------------------------------------------------------------- pieces


def _is_spelled(placed: Placed | None) -> bool:
    return placed is not None and isinstance(placed.item, Quantity) and placed.item.form is NumberForm.WORDS


def _is_bounded(placed: Placed | None) -> bool:
    if placed is None:
        return False
    item = placed.item
    if isinstance(item, DateReading):
        return item.qualifier is not DateQualifier.NONE
    return item.bound is not Bound.PLAIN


def _grain(placed: Placed | None) -> Granularity | None:
    return placed.item.granularity if placed is not None and isinstance(placed.item, DateReading) else None


def _valid(placed: Placed | None) -> bool:
    return placed is None or not isinstance(placed.item, DateReading) or placed.item.valid
