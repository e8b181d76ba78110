"""What every `Encoder` promises."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.models import load_encoder
from factcheck.protocols import Encoder
from factcheck.types import TextKind
from tests.fakes import FakeEncoder
from tests.models.builders import tiny_bert, tiny_onnx


def _tiny_onnx(folder: Path) -> Encoder:
    return load_encoder(str(tiny_onnx(folder / "onnx", "encoder")), threads=2)


def _tiny_bert(folder: Path) -> Encoder:
    pytest.importorskip("sentence_transformers")
    return load_encoder(str(tiny_bert(folder / "bert", None)), threads=1)


MAKERS: dict[str, Callable[[Path], Encoder]] = {
    "fake": lambda _: FakeEncoder(),
    "embedded": lambda _: load_encoder("embedded", threads=2),
    "tiny_onnx": _tiny_onnx,
    "tiny_bert": _tiny_bert,
}
TEXTS = [
    "The tower was built in 1889.",
    "Paris is the capital of France.",
    "the sea is salty",
    "",
    "\x00",
    "\u202eright to left \u05e9\u05dc\u05d5\u05dd",
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "北京是首都。",
    "a lone \ud800 surrogate",
    "not in paris " * 200,
]


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.torch) if name == "tiny_bert" else name for name in MAKERS],
)
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return MAKERS[request.param](tmp_path_factory.mktemp(request.param))


def test_it_is_one(encoder: Encoder) -> None:
    assert isinstance(encoder, Encoder)
    assert encoder.name
    assert len(encoder.sha256) == 64
    assert encoder.dimensions > 0


@pytest.mark.parametrize("kind", TextKind)
def test_rows_are_unit_vectors(encoder: Encoder, kind: TextKind) -> None:
    rows = encoder.encode(TEXTS, kind)
    assert rows.shape == (len(TEXTS), encoder.dimensions)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_nothing_in_nothing_out(encoder: Encoder) -> None:
    rows = encoder.encode([], TextKind.QUERY)
    assert rows.shape == (0, encoder.dimensions)
    assert rows.dtype == np.float32


def test_equal_texts_give_equal_rows_again_and_again(encoder: Encoder) -> None:
    first = encoder.encode([TEXTS[0], TEXTS[1], TEXTS[0]], TextKind.PASSAGE)
    np.testing.assert_array_equal(first[0], first[2])
    np.testing.assert_array_equal(first, encoder.encode([TEXTS[0], TEXTS[1], TEXTS[0]], TextKind.PASSAGE))


def test_fifty_thousand_characters(encoder: Encoder) -> None:
    rows = encoder.encode(["x" * 50_000, "paris " * 8_334], TextKind.PASSAGE)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


@given(st.lists(st.sampled_from(TEXTS[:9]), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_a_row_does_not_depend_on_its_neighbours(encoder: Encoder, texts: list[str], chance: object) -> None:
    alone = {text: encoder.encode([text], TextKind.PASSAGE)[0] for text in set(texts)}
    shuffled = list(texts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for batch in (texts, shuffled, texts + texts):
        rows = encoder.encode(batch, TextKind.PASSAGE)
        np.testing.assert_allclose(rows, np.stack([alone[text] for text in batch]), atol=1e-5)
