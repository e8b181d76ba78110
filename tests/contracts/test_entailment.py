"""What every `EntailmentModel` promises."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import TextError
from factcheck.models import load_encoder, load_entailment
from factcheck.models.baseline import BaselineEntailment
from factcheck.models.memory import RememberingEntailment
from factcheck.protocols import EntailmentModel
from tests.fakes import FakeEncoder, FakeEntailment
from tests.models.builders import tiny_bert, tiny_onnx


def _tiny_onnx(folder: Path) -> EntailmentModel:
    return load_entailment(str(tiny_onnx(folder / "onnx", "entailment")), threads=2)


def _tiny_bert(folder: Path) -> EntailmentModel:
    pytest.importorskip("transformers")
    return load_entailment(str(tiny_bert(folder / "bert", ["CONTRADICTION", "entailment", "Neutral"])), threads=1)


MAKERS: dict[str, Callable[[Path], EntailmentModel]] = {
    "fake": lambda _: FakeEntailment(),
    "remembering": lambda _: RememberingEntailment(BaselineEntailment.load(FakeEncoder()), size=3),
    "baseline": lambda _: BaselineEntailment.load(FakeEncoder()),
    "baseline_on_embedded": lambda _: BaselineEntailment.load(load_encoder("embedded", threads=2)),
    "embedded": lambda _: load_entailment("embedded", threads=2),
    "tiny_onnx": _tiny_onnx,
    "tiny_bert": _tiny_bert,
}
PAIRS = [
    ("The tower was built in 1889.", "The tower was built in 1889."),
    ("The tower was not built in 1889.", "The tower was built in 1889."),
    ("the sea is salty", "Paris is the capital of France."),
    ("", "Paris is a city."),
    ("Paris is a city.", ""),
    ("", ""),
    ("\x00", "\u202e\u05e9\u05dc\u05d5\u05dd"),
    ("\U0001f600", "北京是首都。"),
    ("a \ud800", "a \udfff"),
]


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.torch) if name == "tiny_bert" else name for name in MAKERS],
)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> EntailmentModel:
    return MAKERS[request.param](tmp_path_factory.mktemp(request.param))


def test_it_is_one(model: EntailmentModel) -> None:
    assert isinstance(model, EntailmentModel)
    assert model.name
    assert len(model.sha256) == 64
    assert model.max_tokens >= 16


def test_rows_are_probabilities(model: EntailmentModel) -> None:
    rows = model.score(PAIRS)
    assert rows.shape == (len(PAIRS), 3)
    assert rows.dtype == np.float32
    assert (rows >= 0).all()
    np.testing.assert_allclose(rows.sum(axis=1), 1.0, atol=1e-5)


def test_nothing_in_nothing_out(model: EntailmentModel) -> None:
    assert model.score([]).shape == (0, 3)
    assert model.count_tokens([]) == []


def test_tokens_are_counted(model: EntailmentModel) -> None:
    none, one, many = model.count_tokens(["", "tower", "tower tower tower"])
    assert none == 0
    assert 3 * one == many > 0


def test_a_pair_that_is_too_long_is_refused_not_cut(model: EntailmentModel) -> None:
    if isinstance(model, FakeEntailment):
        pytest.skip("the fake reads everything")
    with pytest.raises(TextError, match="tokens"):
        model.score([("the tower " * model.max_tokens, "the tower")])


def test_one_very_long_word(model: EntailmentModel) -> None:
    word = "x" * 50_000
    assert model.count_tokens([word])[0] > 0


@given(st.lists(st.sampled_from(PAIRS), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_a_row_does_not_depend_on_its_neighbours(
    model: EntailmentModel, pairs: list[tuple[str, str]], chance: object
) -> None:
    alone = {pair: model.score([pair])[0] for pair in set(pairs)}
    shuffled = list(pairs)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for batch in (pairs, shuffled, pairs + pairs):
        np.testing.assert_allclose(model.score(batch), np.stack([alone[pair] for pair in batch]), atol=1e-5)
