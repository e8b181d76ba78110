"""Each setting is fitted on the even half and reported on the odd one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import orjson
import pytest

from factcheck.calibrate import Scaling
from factcheck.evaluation.calibration import SettingName, fit_calibration, setting_of
from factcheck.evaluation.pairs import Half, Pair, read_set
from factcheck.evaluation.systems import Answer
from factcheck.types import Probabilities


@pytest.mark.parametrize(
    ("evidence", "setting"),
    [
        ("Snow is white.", SettingName.SENTENCE),
        ("Snow is white. Rain is wet.", SettingName.PASSAGE),
        (("Snow is white. Rain is wet.",), SettingName.PASSAGE),
        (("Snow is white.", "  "), SettingName.SENTENCE),
        (("Snow is white.", "Rain is wet."), SettingName.RETRIEVED),
        ("", SettingName.SENTENCE),
        ((), SettingName.SENTENCE),
    ],
)
def test_settings(evidence: str | tuple[str, ...], setting: SettingName) -> None:
    assert setting_of(evidence) is setting


@dataclass(frozen=True)
class OversureSystem:
    """Knows the chances by which labels were drawn, and overstates them."""

    chances: dict[str, list[float]]
    name: str = "oversure"
    identity: dict[str, object] = field(default_factory=dict)

    def judge(self, rows: Sequence[Pair]) -> list[Answer]:
        scaled = Scaling(weights=(3.0, 3.0, 3.0)).apply(np.array([self.chances[row.claim] for row in rows]))
        return [
            Answer(probabilities=Probabilities(supported=s, refuted=r, not_enough_info=1.0 - s - r))
            for s, r, _ in scaled.tolist()
        ]


def test_a_calibration_is_fitted_and_its_worth_is_reported(tmp_path: Path) -> None:
    chance = np.random.default_rng(4)
    labels = ["SUPPORTS", "REFUTES", "NOT_ENOUGH_INFO"]
    rows, chances = [], {}
    for n in range(9000):
        p = chance.dirichlet([0.5, 0.4, 0.6])
        claim, evidence = f"claim {n}", "One sentence." if n % 3 else "Two. Sentences here."
        chances[claim] = p.tolist()
        rows.append({"claim": claim, "evidence": evidence, "label": labels[int(chance.choice(3, p=p))]})
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    found, report = fit_calibration(OversureSystem(chances), [read_set(path, Half.EVEN)], "a" * 64)
    assert set(found.settings) == {"sentence", "passage"}  # no row has several texts
    assert found.model_sha256 == "a" * 64
    for one in report.values():
        assert one["ece"]["after"] < 0.05 < one["ece"]["before"]
        assert one["log_loss"]["after"] < one["log_loss"]["before"]
        assert one["same_label"] == 1.0  # a temperature keeps every label
        promise = one["promises"]["0.2"]
        assert promise["threshold"] is not None
        assert promise["error_of_kept"] < promise["error_of_all"]
        assert promise["sets_hold"] > 0.75
    assert report["sentence"]["fitted_on"] + report["sentence"]["reported_on"] == 6000
