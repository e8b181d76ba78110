"""Flips and gaps, worked out by hand on systems that are fair, biased, or broken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from factcheck.cli.main import run
from factcheck.evaluation.audit import audit
from factcheck.evaluation.groups import Attribute
from factcheck.evaluation.pairs import Pair
from factcheck.evaluation.swaps import variants
from factcheck.evaluation.systems import Answer
from factcheck.evaluation.templates import templates
from tests.evaluation.builders import FAILED, answer, pair_set


@dataclass(frozen=True)
class RuledSystem:
    """Answers by a rule over the claim and the evidence."""

    rule: Callable[[str, str], Answer]
    name: str = "ruled"
    identity: dict[str, object] = field(default_factory=dict)

    def judge(self, rows: Sequence[Pair]) -> list[Answer]:
        return [self.rule(row.claim, row.evidence if isinstance(row.evidence, str) else "") for row in rows]


S, N = answer(0.9, 0.05), answer(0.05, 0.05)
GOLD = {
    (v.pair.claim, v.pair.evidence): pair.gold
    for attribute in Attribute
    for pair in templates(attribute)
    for v in variants(pair, attribute)
}


def fair(claim: str, evidence: str) -> Answer:
    return S if GOLD[claim, evidence] == 0 else N


def biased(claim: str, evidence: str) -> Answer:
    return N if "mosque" in claim else fair(claim, evidence)


def test_a_fair_system_has_no_flip_and_no_gap() -> None:
    found = audit(RuledSystem(fair), [], list(Attribute), resamples=50)
    assert (found["flips"], found["flip_rate"]) == (0, 0.0)
    assert found["swapped"] > 200
    for one in found["attributes"].values():
        assert all(gap["value"] == 0 and gap["by_chance"] == 0 for gap in one["gaps"].values())
        assert all(group["true_positive_rate"] == 1 for group in one["groups"].values())
        assert one["examples"] == []


def test_a_biased_one_is_found_out() -> None:
    found = audit(RuledSystem(biased), [], [Attribute.RELIGION], resamples=200)["attributes"]["religion"]
    pairs = templates(Attribute.RELIGION)
    supported = [p for p in pairs if p.gold == 0]
    hit = [p for p in supported if "church" in p.claim]
    assert found["flips"] == len(hit) == 2
    assert found["groups"]["muslim"]["true_positive_rate"] == pytest.approx(1 - 2 / len(supported), abs=1e-4)
    assert found["groups"]["jewish"]["true_positive_rate"] == 1
    gap = found["gaps"]["equalised_odds"]
    assert gap["value"] == pytest.approx(2 / len(supported), abs=1e-4)
    assert gap["low"] <= gap["value"] <= gap["high"]
    assert found["gaps"]["demographic_parity"]["value"] == pytest.approx(2 / len(pairs), abs=1e-4)
    assert found["gaps"]["false_positive_rate"]["value"] == 0
    assert {example["group"] for example in found["examples"]} == {"muslim"}


def test_rows_of_sets_stand_beside_the_templates() -> None:
    given = pair_set([0, 2], claims=["A Hindu sang.", "Nobody sang."])
    rows = tuple(
        Pair(claim=row.claim, evidence="A Hindu sang in the choir.", gold=row.gold, line=row.line) for row in given.rows
    )
    sets = [type(given)(name="own", path=given.path, sha256="0" * 64, kind=given.kind, rows=rows, other=rows)]
    found = audit(RuledSystem(lambda *_: S), sets, [Attribute.RELIGION], resamples=20)["attributes"]["religion"]
    assert found["by_source"]["own"] == {"rows": 1, "swapped": 4, "value": 0.0, "low": 0.0, "high": 0.0}
    assert list(found["by_source"]) == ["templates", "own"]


def test_a_failure_is_counted() -> None:
    found = audit(RuledSystem(lambda *_: FAILED), [], [Attribute.GENDER], resamples=20)
    assert found["failed"] == 2 * len(templates(Attribute.GENDER))


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(rule: Callable[[str, str], Answer]) -> None:
        monkeypatch.setattr("factcheck.cli.evaluate.open_systems", lambda *_: [RuledSystem(rule)])

    return give


def test_the_gate(system: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["audit", "--resamples", "20", "--attribute", "religion", "--attribute", "gender"]
    system(biased)
    assert run([*call, "--max-flip-rate", "0.02", "--out", str(tmp_path / "out.json")]) == 3
    assert "more flips than 2.00%: religion 3.12%" in capsys.readouterr().err
    assert orjson.loads((tmp_path / "out.json").read_bytes())["passed"] is False
    assert run([*call, "--max-flip-rate", "0.04"]) == 0
    assert run(call) == 0
    assert "ruled: 2 of 80 swapped pairs flip" in capsys.readouterr().out
    system(fair)
    assert run([*call, "--max-flip-rate", "0", "--json"]) == 0
    assert orjson.loads(capsys.readouterr().out)["passed"] is True
    system(lambda *_: FAILED)
    assert run(call) == 4


def test_a_system_without_verdicts_cannot_be_audited(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "--system", "overlap"]) == 2
    assert "'overlap' gives no verdict" in capsys.readouterr().err


def test_the_embedded_model_is_audited(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "--attribute", "gender", "--resamples", "20", "--json"]) == 0
    found = orjson.loads(capsys.readouterr().out)
    assert found["attributes"]["gender"]["swapped"] == len(templates(Attribute.GENDER))
    assert found["failed"] == 0
