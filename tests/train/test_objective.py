from __future__ import annotations

import math

import numpy as np
import pytest

from factcheck.train.objective import macro_f1, rate_factor, set_macro_f1

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")


def test_a_row_that_only_says_not_supported_trains_the_sum_of_two_classes() -> None:
    from factcheck.train.objective import pair_loss

    # Probabilities 0.5, 0.3, 0.2: their logarithms as logits are already normalised.
    logits = torch.tensor([[math.log(0.5), math.log(0.3), math.log(0.2)]], requires_grad=True)
    for label, probability in ((0, 0.5), (1, 0.3), (2, 0.2), (3, 0.5)):
        loss = pair_loss(logits, torch.tensor([label]))
        assert float(loss.detach()) == pytest.approx(-math.log(probability), abs=1e-6)
    both = pair_loss(logits.repeat(2, 1), torch.tensor([1, 3]))
    assert float(both.detach()) == pytest.approx(-(math.log(0.3) + math.log(0.5)) / 2, abs=1e-6)
    pair_loss(logits, torch.tensor([3])).backward()
    # d loss / d logit_k = p_k - p_k / (p_1 + p_2) for k in {1, 2}, and p_0 for 0.
    assert logits.grad is not None
    assert logits.grad[0].tolist() == pytest.approx([0.5, 0.3 - 0.6, 0.2 - 0.4], abs=1e-6)


def test_the_loss_stays_finite_for_sure_and_wrong_logits() -> None:
    from factcheck.train.objective import pair_loss

    logits = torch.tensor([[80.0, -80.0, -80.0]])
    assert float(pair_loss(logits, torch.tensor([3]))) == pytest.approx(160.0 - math.log(2), rel=1e-5)


def test_the_rate_rises_and_falls_to_nothing() -> None:
    assert rate_factor(0.05, 0.1) == pytest.approx(0.5)
    assert rate_factor(0.1, 0.1) == pytest.approx(1.0)
    assert rate_factor(0.55, 0.1) == pytest.approx(0.5)
    assert rate_factor(1.0, 0.1) == 0.0
    assert rate_factor(1.0, 0.1, 0.6) == pytest.approx(0.6)
    assert rate_factor(0.0, 0.0) == 1.0


def test_macro_f1_by_hand() -> None:
    # Class 0: 1 hit, 1 missed, 0 false: 2/3. Class 1: 1 hit, 0 missed, 1 false: 2/3.
    assert macro_f1([0, 0, 1], [0, 1, 1]) == pytest.approx(2 / 3)
    assert macro_f1([0, 1, 2], [2, 2, 2]) == pytest.approx((0 + 0 + 0.5) / 3)


def test_a_binary_set_is_judged_by_support_against_the_rest() -> None:
    logits = np.log(np.array([[0.4, 0.35, 0.25], [0.6, 0.2, 0.2]], dtype=np.float32))
    # The first row's largest class is SUPPORTED, but not supported is likelier: 0.6 against 0.4.
    assert set_macro_f1([3, 0], logits) == 1.0
    # Without NOT_ENOUGH_INFO rows, the two stances are compared alone.
    two = np.log(np.array([[0.2, 0.1, 0.7], [0.1, 0.2, 0.7]], dtype=np.float32))
    assert set_macro_f1([0, 1], two) == 1.0
