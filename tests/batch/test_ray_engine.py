"""How batches are shared out, without a cluster."""

from hypothesis import given
from hypothesis import strategies as st

from factcheck.batch.ray_engine import _pieces


@given(st.integers(1, 64), st.integers(1, 20))
def test_pieces_are_the_batch_and_all_but_equal(rows: int, workers: int) -> None:
    batch = list(range(rows))
    pieces = _pieces(batch, workers)  # type: ignore[arg-type, type-var]
    assert [row for piece in pieces for row in piece] == batch
    sizes = [len(piece) for piece in pieces]
    assert len(sizes) <= workers
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) == 1 or min(sizes) >= 8
    assert len(sizes) == workers or rows < 8 * workers
