from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import ModelError
from factcheck.index.embeddings import EmbeddingLog
from factcheck.protocols import Vectors
from factcheck.types import TextKind
from tests.fakes import FakeEncoder


@dataclass
class CountingEncoder(FakeEncoder):
    asked: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        self.asked.extend(texts)
        return super().encode(texts, kind)


def texts(start: int, end: int) -> list[str]:
    return [f"text number {i}" for i in range(start, end)]


def fill(path: Path, encoder: FakeEncoder, upto: int = 40) -> None:
    with EmbeddingLog(path, encoder) as log:
        for start in range(0, upto, 10):
            log.embed(texts(start, start + 10))


def test_equal_texts_are_embedded_once(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    with EmbeddingLog(tmp_path / "log", encoder) as log:
        assert log.embed(["a", "b", "a"]) == ([0, 1, 0], 2, 0)
        assert log.embed(["c", "b"]) == ([2, 1], 1, 0)
        assert encoder.asked == ["a", "b", "c"]
        vectors = log.gather(np.array([2, 0, 0, 1]))
    assert np.array_equal(vectors, FakeEncoder().encode(["c", "a", "a", "b"], TextKind.PASSAGE))


def test_what_was_embedded_is_used_again(tmp_path: Path) -> None:
    fill(tmp_path / "log", FakeEncoder())
    encoder = CountingEncoder()
    with EmbeddingLog(tmp_path / "log", encoder) as log:
        assert log.recovered == 40
        positions, embedded, reused = log.embed([*texts(35, 45), "text number 3"])
        assert (embedded, reused) == (5, 6)
        assert encoder.asked == texts(40, 45)
        vectors = log.gather(np.array(positions))
    assert np.array_equal(vectors, FakeEncoder().encode([*texts(35, 45), "text number 3"], TextKind.PASSAGE))


def test_another_encoder_starts_anew(tmp_path: Path) -> None:
    fill(tmp_path / "log", FakeEncoder())
    for other in (FakeEncoder(name="other"), FakeEncoder(dimensions=16)):
        with EmbeddingLog(tmp_path / "log", other) as log:
            assert log.recovered == 0


@given(st.data())
def test_a_torn_or_changed_log_is_used_up_to_there(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("log") / "log"
    fill(path, FakeEncoder(dimensions=4))
    raw = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    if data.draw(st.booleans()):
        del raw[at:]
    else:
        raw[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(raw)
    with EmbeddingLog(path, FakeEncoder(dimensions=4)) as log:
        assert log.recovered in {0, 10, 20, 30, 40}
        positions, embedded, reused = log.embed(texts(0, 40))
        assert (embedded, reused) == (40 - log.recovered, log.recovered)
        assert np.array_equal(
            log.gather(np.array(positions)), FakeEncoder(dimensions=4).encode(texts(0, 40), TextKind.PASSAGE)
        )


class WrongShape(FakeEncoder):
    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        return np.ones((len(texts), 3), dtype=np.float32)


class NotUnit(FakeEncoder):
    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        return 2 * super().encode(texts, kind)


class NotNumbers(FakeEncoder):
    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        return np.full((len(texts), self.dimensions), np.nan, dtype=np.float32)


@pytest.mark.parametrize("kind", [WrongShape, NotUnit, NotNumbers])
def test_an_encoder_that_breaks_its_contract(tmp_path: Path, kind: type[FakeEncoder]) -> None:
    with EmbeddingLog(tmp_path / "log", kind()) as log, pytest.raises(ModelError):
        log.embed(["a"])
