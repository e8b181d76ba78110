"""A verdict checked again: on the evidence that it cites, and on what would be found today.

The evidence of a report carries text and hashes, so that a verdict can be judged again without the index that it came
from. Where that index, or another, is open, its evidence for the same claim is compared piece by piece, by hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from factcheck.batch.road import Wiring, changes, row_provenance
from factcheck.errors import UsageError
from factcheck.pipeline import Pipeline
from factcheck.provenance import sha256_text
from factcheck.types import Case, CheckedClaim, Evidence, FailedClaim, Report, Rule


class EvidenceState(StrEnum):
    """What became of a piece of evidence.

    SAME: found again, with the same text under the same hash. CHANGED: its document or graph is found, with another
    hash. GONE: not among what is found today. Where nothing is searched, PROVED: the text in the row is the whole
    document, and has its hash; UNPROVED: it is a part of a document, or was changed, and the row cannot tell which.
    """

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    PROVED = "proved"
    UNPROVED = "unproved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A verdict in short; the label is FAILED where the claim could not be checked."""

    label: str
    confidence: float
    reason: str

    @classmethod
    def of(cls, result: CheckedClaim | FailedClaim) -> Answer:
        """Shorten a result."""
        if isinstance(result, FailedClaim):
            return cls(label="FAILED", confidence=0.0, reason=result.message)
        verdict = result.verdict
        return cls(label=verdict.label.value, confidence=verdict.confidence, reason=verdict.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedClaim:
    """A claim with its verdict then and now.

    Attributes:
        was: as the row says.
        again: on the evidence that the row cites, by the models and settings of today.
        today: on the evidence that is found today; None where nothing is searched.
        evidence: id and state of each piece that the row cites.
        new: ids of pieces that are found today and that the row does not cite.
    """

    id: str
    text: str
    was: Answer
    again: Answer
    today: Answer | None
    evidence: tuple[tuple[str, EvidenceState], ...]
    new: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether either answer has another label than the row."""
        return any(answer is not None and answer.label != self.was.label for answer in (self.again, self.today))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedRow:
    """A row with what it rests on now; `differs` names what is not as it was: `index`, `settings.verify.early_stop`."""

    id: str | None
    differs: tuple[str, ...]
    claims: tuple[ReplayedClaim, ...]

    @property
    def changed(self) -> bool:
        """Whether any claim has changed."""
        return any(claim.changed for claim in self.claims)


def replay(report: Report, wiring: Wiring, *, row_id: str | None = None) -> ReplayedRow:
    """Check every verdict of a report again.

    Args:
        report: as `report_from_dict` reads it.
        wiring: models, and index and graph if the report rests on any.
        row_id: of a batch row.

    Raises:
        UsageError: the report rests on an index or graph, and none is named now.
    """
    recorded = row_provenance(report.provenance)
    searched = recorded.get("index") is not None or recorded.get("graph") is not None
    pipeline = wiring.pipeline() if searched else wiring.context_pipeline()
    now = row_provenance(pipeline.provenance)
    if searched and now.get("sample") is True and recorded.get("sample") is False:
        raise UsageError(
            "rests on an index or graph, and none is named", where=row_id, remedy="name it with --index and --kb"
        )
    if recorded.get("encoder") is None:
        now["encoder"] = None
    checked = [claim for claim in report.claims if isinstance(claim, CheckedClaim)]
    again = pipeline.check_cases([Case(claim=c.claim, evidence=_given(c)) for c in checked])
    found = pipeline.retriever.retrieve([c.claim for c in checked], pipeline.k) if searched and checked else None
    today = _today(pipeline, checked, found)
    claims = [
        _compare(claim, answer, fresh, None if found is None else found[place])
        for place, (claim, answer, fresh) in enumerate(zip(checked, again, today, strict=True))
    ]
    return ReplayedRow(id=row_id, differs=changes(recorded, now), claims=tuple(claims))


def _today(
    pipeline: Pipeline, checked: Sequence[CheckedClaim], found: Sequence[tuple[Evidence, ...]] | None
) -> Sequence[CheckedClaim | FailedClaim | None]:
    if found is None:
        return [None] * len(checked)
    return pipeline.check_cases([Case(claim=c.claim, evidence=e) for c, e in zip(checked, found, strict=True)])


def _given(checked: CheckedClaim) -> tuple[Evidence, ...]:
    """Return the evidence that was retrieved; facts that a checker brought itself were not read, and come again."""
    read = {i for j in checked.verdict.judgements if j.rule is Rule.ENTAILMENT for i in j.evidence_ids}
    return tuple(e for e in checked.evidence if e.passage is not None or e.id in read)


def _compare(
    then: CheckedClaim,
    again: CheckedClaim | FailedClaim,
    today: CheckedClaim | FailedClaim | None,
    found: Sequence[Evidence] | None,
) -> ReplayedClaim:
    # What a checker brings is evidence of today too.
    brought = today.evidence if isinstance(today, CheckedClaim) else ()
    now = {piece.id: piece for piece in (*(found or ()), *brought)}
    states = tuple((e.id, _state(e, None if found is None else now)) for e in then.evidence)
    cited = {piece.id for piece in then.evidence}
    return ReplayedClaim(
        id=then.claim.id,
        text=then.claim.text,
        was=Answer.of(then),
        again=Answer.of(again),
        today=None if today is None else Answer.of(today),
        evidence=states,
        new=tuple(identity for identity in now if identity not in cited),
    )


def _state(piece: Evidence, now: Mapping[str, Evidence] | None) -> EvidenceState:
    passage = piece.passage
    if now is None:
        proved = passage is not None and sha256_text(passage.text) == passage.document_sha256
        return EvidenceState.PROVED if proved else EvidenceState.UNPROVED
    same = now.get(piece.id)
    if same is not None:
        equal = (same.text, same.origin, same.triples) == (piece.text, piece.origin, piece.triples)
        return EvidenceState.SAME if equal else EvidenceState.CHANGED
    documents = {other.passage.document_id for other in now.values() if other.passage is not None}
    return EvidenceState.CHANGED if passage is not None and passage.document_id in documents else EvidenceState.GONE


def as_dict(row: ReplayedRow) -> dict[str, Any]:
    """Return what a replay says, as JSON values."""
    return {
        "id": row.id,
        "changed": row.changed,
        "differs": list(row.differs),
        "claims": [
            {
                "id": claim.id,
                "text": claim.text,
                "changed": claim.changed,
                "was": _answer(claim.was),
                "again": _answer(claim.again),
                "today": None if claim.today is None else _answer(claim.today),
                "evidence": [{"id": identity, "state": state.value} for identity, state in claim.evidence],
                "new_evidence": list(claim.new),
            }
            for claim in row.claims
        ],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {"label": answer.label, "confidence": answer.confidence, "reason": answer.reason}
