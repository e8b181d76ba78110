"""Figures worked out by hand, for each kind of set and of system."""

from pathlib import Path

import numpy as np
import orjson
import pytest

from factcheck.evaluation.measure import best_threshold
from factcheck.evaluation.pairs import Half
from factcheck.evaluation.run import PairsRun, run_pairs
from factcheck.evaluation.systems import ProbabilitySystem, ScoringSystem, System
from tests.evaluation.builders import FAILED, ListedSystem, NumberSystem, answer, pair_set

S, R, N = answer(0.8, 0.1), answer(0.1, 0.7), answer(0.1, 0.3)


def run(*systems: System, gold: list[int], half: Half = Half.ODD) -> PairsRun:
    return run_pairs([pair_set(gold)], list(systems), half=half, resamples=100)


def figures(found: PairsRun, system: str) -> dict[str, object]:
    record: dict[str, object] = found.record()["results"][system]["set"]
    return record


def test_two_stances_leave_no_row_open() -> None:
    # N has more refutation than support, so between the two stances it refutes.
    found = figures(run(ListedSystem([S, N, N, R]), gold=[0, 1, 0, 1]), "listed")
    assert (found["metric"], found["accuracy"]["value"]) == ("accuracy", 0.75)  # type: ignore[index]
    assert found["classes"]["SUPPORTED"]["recall"]["value"] == 0.5  # type: ignore[index]
    assert found["confusion"] == {
        "SUPPORTED": {"SUPPORTED": 1, "REFUTED": 0, "NOT_ENOUGH_INFO": 1},
        "REFUTED": {"SUPPORTED": 0, "REFUTED": 1, "NOT_ENOUGH_INFO": 1},
    }
    assert found["auc"]["value"] == 0.875  # type: ignore[index]


def test_three_ways() -> None:
    found = figures(run(ListedSystem([S, R, N, N]), gold=[0, 1, 2, 0]), "listed")
    assert found["metric"] == "macro_f1"
    assert found["macro_f1"]["value"] == pytest.approx((2 / 3 + 1 + 2 / 3) / 3, abs=1e-4)  # type: ignore[index]
    assert found["log_loss"] == pytest.approx(-np.log([0.8, 0.7, 0.6, 0.1]).mean(), abs=1e-4)


def test_support_against_the_rest() -> None:
    found = figures(run(ListedSystem([S, R, N, S]), gold=[0, 3, 3, 3]), "listed")
    assert found["balanced_accuracy"]["value"] == pytest.approx((1 + 2 / 3) / 2, abs=1e-4)  # type: ignore[index]
    assert found["confusion"]["NOT_SUPPORTED"] == {  # type: ignore[index]
        "SUPPORTED": 1, "REFUTED": 1, "NOT_ENOUGH_INFO": 1,
    }  # fmt: skip
    # Of a row that only says NOT_SUPPORTED, all that is not SUPPORTED counts.
    assert found["log_loss"] == pytest.approx(-np.log([0.8, 0.9, 0.9, 0.2]).mean(), abs=1e-4)


@pytest.mark.parametrize("gold", [[0, 1, 0, 1], [0, 1, 2, 0], [0, 3, 3, 0]])
def test_a_failure_is_wrong_in_every_kind(gold: list[int]) -> None:
    whole = run(ListedSystem([S, R if 1 in gold else N, N if 2 in gold else S, S]), gold=gold)
    broken = run(ListedSystem([S, FAILED, N if 2 in gold else S, FAILED]), gold=gold)
    assert (whole.failed, broken.failed) == (0, 2)
    before, after = figures(whole, "listed"), figures(broken, "listed")
    assert after["accuracy"]["value"] < before["accuracy"]["value"]  # type: ignore[index]
    assert sum(said["FAILED"] for said in after["confusion"].values()) == 2  # type: ignore[attr-defined]
    nothing = figures(run(ListedSystem([FAILED] * 4), gold=gold), "listed")
    assert nothing["accuracy"]["value"] == 0  # type: ignore[index]
    assert nothing["auc"]["value"] is None  # type: ignore[index]
    orjson.dumps(broken.record())


def test_a_number_gets_its_threshold_from_the_other_half() -> None:
    numbers = NumberSystem({"c0": 0.9, "c1": 0.2, "c2": 0.8, "c3": 0.1})
    found = figures(run(numbers, gold=[0, 3, 0, 3]), "numbers")
    assert found["balanced_accuracy"]["value"] == 1  # type: ignore[index]
    assert found["threshold"]["chosen_on"] == "the other half"  # type: ignore[index]
    assert (found["ece"], found["log_loss"]) == (None, None)
    every = figures(run(numbers, gold=[0, 3, 0, 3], half=Half.ALL), "numbers")
    assert every["threshold"]["chosen_on"] == "the same rows"  # type: ignore[index]
    three = figures(run(numbers, gold=[0, 1, 0, 2]), "numbers")
    assert three["classes"]["REFUTED"]["recall"]["value"] == 0  # type: ignore[index]


def test_thresholds() -> None:
    assert 0.2 < best_threshold(np.array([True, True, False]), np.array([0.9, 0.8, 0.2])) <= 0.8
    assert best_threshold(np.array([True, True]), np.array([0.4, 0.6])) == 0.5
    assert best_threshold(np.array([], dtype=bool), np.array([])) == 0.0


def test_systems_are_compared_on_the_same_resamples() -> None:
    good, bad = ListedSystem([S, R, S, R] * 10, name="good"), ListedSystem([S, R, S, S] * 10, name="bad")
    found = run(good, bad, ListedSystem([S, R, S, R] * 10, name="same"), gold=[0, 1, 0, 1] * 10)
    against = {one["against"]: one for one in found.differences}
    assert against["bad"]["value"] == 0.25
    assert 0 < against["bad"]["low"] < 0.25 < against["bad"]["high"]
    assert against["bad"]["p"] == 0.01
    assert (against["same"]["value"], against["same"]["p"]) == (0.0, 1.0)
    again = run(good, bad, ListedSystem([S, R, S, R] * 10, name="same"), gold=[0, 1, 0, 1] * 10)
    assert again.differences == found.differences


def test_every_system_is_one_of_the_two_kinds() -> None:
    assert isinstance(ListedSystem([]), ProbabilitySystem)
    assert isinstance(NumberSystem({}), ScoringSystem)
    assert not isinstance(NumberSystem({}), ProbabilitySystem)


def test_the_picture_is_drawn_from_the_record(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from factcheck.errors import StorageError, UsageError
    from factcheck.evaluation.plot import plot_pairs, require_plot

    record = run(ListedSystem([S, R, N, FAILED]), NumberSystem(dict.fromkeys(["c0", "c1", "c2", "c3"], 0.5)),
                 gold=[0, 1, 2, 0]).record()  # fmt: skip
    for name in ("a.png", "a.svg"):
        plot_pairs(record, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert b"</svg>" in (tmp_path / "a.svg").read_bytes()
    with pytest.raises(StorageError, match="cannot be written"):
        plot_pairs(record, tmp_path / "absent" / "a.png")
    with pytest.raises(UsageError, match="no name for a picture"):
        require_plot(tmp_path / "a.txt")
