"""Replayed verdicts: the same on the same, and what changed is named."""

from __future__ import annotations

from typing import Any

import pytest

from factcheck.batch.replay import EvidenceState, ReplayedRow, as_dict, replay
from factcheck.errors import UsageError
from factcheck.report import report_from_dict
from tests.batch.conftest import SKY, Bench
from tests.fakes import FakeChecker, FakeWiring, evidence

TEXT = "The sky is blue. The sea is sweet. Cats purr."


def row_of(bench: Bench, **row: Any) -> dict[str, Any]:
    bench.write([{"id": "a", "text": TEXT, **row}])
    bench.run()
    return bench.results()[0]


def replayed(row: dict[str, Any], wiring: FakeWiring) -> ReplayedRow:
    return replay(report_from_dict(row), wiring, row_id=row["id"])


def test_nothing_changed(bench: Bench) -> None:
    result = replayed(row_of(bench), bench.wiring)
    assert (result.changed, result.differs) == (False, ())
    assert [claim.was for claim in result.claims] == [claim.again for claim in result.claims]
    assert [claim.today for claim in result.claims] == [claim.was for claim in result.claims]
    assert {state for claim in result.claims for _, state in claim.evidence} == {EvidenceState.SAME}
    assert as_dict(result)["claims"][0]["new_evidence"] == []


def test_evidence_that_is_new_gone_or_changed(bench: Bench) -> None:
    row = row_of(bench)
    sky = evidence("The sky is not blue.", source="a", id=SKY[0].id)
    result = replayed(row, FakeWiring((sky,), provenance={"index": {"generation": 2}}))
    assert result.differs == ("index",)
    first = result.claims[0]
    assert (first.was.label, first.again.label) == ("SUPPORTED", "SUPPORTED")
    assert first.today is not None and first.today.label == "REFUTED"
    assert dict(first.evidence) == {SKY[0].id: EvidenceState.CHANGED, SKY[1].id: EvidenceState.GONE}
    other = replayed(row, FakeWiring((*SKY, evidence("The blue sky is high.", source="c"))))
    assert len(other.claims[0].new) == 1


class Contrary(FakeChecker):
    """Another model: it has nothing to say."""

    def check(self, cases: Any) -> Any:
        return [type(result)() for result in super().check(cases)]


def test_another_model_on_the_same_evidence(bench: Bench) -> None:
    row = row_of(bench)
    result = replayed(row, FakeWiring(SKY, checker=Contrary()))
    assert result.changed
    assert [claim.again.label for claim in result.claims] == ["NOT_ENOUGH_INFO"] * 3


def test_a_row_with_contexts_needs_no_index_and_proves_its_texts(bench: Bench) -> None:
    row = row_of(bench, contexts=["The sky is blue."])
    result = replayed(row, FakeWiring())
    assert not result.changed
    assert result.claims[0].today is None
    assert [state for _, state in result.claims[0].evidence] == [EvidenceState.PROVED]
    row["claims"][0]["evidence"][0]["text"] = "The sky is not blue."
    forged = replayed(row, FakeWiring())
    assert forged.claims[0].changed
    assert [state for _, state in forged.claims[0].evidence] == [EvidenceState.UNPROVED]


def test_a_row_that_rests_on_an_index_needs_one(bench: Bench) -> None:
    bench.wiring.provenance = {"sample": False, "index": {"generation": 1}}
    row = row_of(bench)
    with pytest.raises(UsageError, match="--index"):
        replayed(row, FakeWiring(provenance={"sample": True, "index": {"generation": 1}}))
