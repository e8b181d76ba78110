"""Windows, threads and tokens: the parts that the models are made of."""

import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import ModelError, UsageError
from factcheck.models import load_encoder
from factcheck.models.windows import mean_of_windows, token_windows
from factcheck.models.workers import spread, thread_count
from factcheck.types import TextKind


@given(st.lists(st.integers(), max_size=300), st.integers(1, 40))
def test_windows_lose_nothing_and_are_alike(ids: list[int], limit: int) -> None:
    windows = token_windows(ids, limit)
    assert [token for window in windows for token in window] == ids
    lengths = [len(window) for window in windows]
    assert max(lengths) <= limit
    assert max(lengths) - min(lengths) <= 1
    assert len(windows) == max(1, -(-len(ids) // limit))


def test_a_prompt_that_leaves_no_room() -> None:
    with pytest.raises(ModelError, match="no room"):
        token_windows([1], 0)


def test_the_mean_is_a_direction() -> None:
    mean = mean_of_windows([np.array([1, 0], dtype=np.float32), np.array([0, 1], dtype=np.float32)])
    np.testing.assert_allclose(mean, [2**-0.5, 2**-0.5], rtol=1e-6)
    assert mean.dtype == np.float32
    with pytest.raises(ModelError, match="length"):
        mean_of_windows([np.zeros(2, dtype=np.float32)])


@given(st.lists(st.integers(), max_size=50), st.integers(1, 5))
def test_spread_keeps_the_order(items: list[int], threads: int) -> None:
    assert spread(lambda item: item * 2, items, threads) == [item * 2 for item in items]


def test_spread_stops_at_the_first_error() -> None:
    done: list[int] = []
    lock = threading.Lock()

    def work(item: int) -> int:
        if item == 3:
            raise KeyError(item)
        with lock:
            done.append(item)
        return item

    with pytest.raises(KeyError):
        spread(work, range(100_000), 2)
    assert len(done) < 100_000


def test_thread_counts() -> None:
    assert thread_count(3) == 3
    assert thread_count(0) >= 1
    with pytest.raises(UsageError):
        thread_count(-1)


def test_threads_change_nothing() -> None:
    texts = ["Paris is a city.", "The sea is salty.", "one", "two " * 600]
    one = load_encoder("embedded", threads=1).encode(texts, TextKind.PASSAGE)
    many = load_encoder("embedded", threads=4).encode(texts, TextKind.PASSAGE)
    np.testing.assert_array_equal(one, many)


def test_the_end_of_a_long_text_counts() -> None:
    encoder = load_encoder("embedded", threads=2)
    long = "Cats sleep on the sofa all day. " * 60
    plain, ending, about = encoder.encode(
        [long, long + "Volcanoes erupt with lava and ash. " * 30, "volcano eruption"], TextKind.PASSAGE
    )
    assert ending @ about > plain @ about + 0.1


def test_like_texts_lie_close() -> None:
    encoder = load_encoder("embedded", threads=1)
    rows = encoder.encode(
        ["The cat sat on the mat.", "A cat was sitting on a rug.", "Interest rates rose."], TextKind.QUERY
    )
    assert rows[0] @ rows[1] > 0.5 > rows[0] @ rows[2]


def test_the_tokenizer_finds_the_same_tokens_in_pieces() -> None:
    encoder = load_encoder("embedded", threads=1)
    text = "The quick brown fox, no. 12, jumps over the lazy dog; 北京 too. " * 600
    tokenizer = encoder._tokenizer  # type: ignore[attr-defined]
    assert tokenizer.ids(text) == tokenizer.ids(text[: len(text) // 600]) * 600


def test_loading_imports_no_torch() -> None:
    code = (
        "import sys; from factcheck.models import load_encoder, load_entailment; load_encoder(); load_entailment(); "
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_importing_the_room_imports_no_runtime() -> None:
    code = "import sys; import factcheck.models; assert not {'onnxruntime', 'tokenizers', 'torch'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
