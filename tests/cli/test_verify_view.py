"""What a run shows of its pace."""

import pytest

from factcheck.batch.run import Progress
from factcheck.cli import verify_view


def test_the_time_left_follows_from_what_was_done_since_the_first_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(verify_view.time, "monotonic", lambda: now[0])
    pace = verify_view._Pace()
    first = pace.tell(Progress(kept=500, verified=0, done_share=0.5))
    assert "/s" not in first
    now[0] += 30.0  # models are loaded, and the first batch comes
    assert pace.tell(Progress(kept=500, verified=100, done_share=0.6)).startswith("100 rows | 500 kept")
    now[0] += 10.0
    told = pace.tell(Progress(kept=500, verified=200, supported=7, done_share=0.7))
    assert told.split(" | ")[:4] == ["200 rows", "10.0/s", "30 s left", "500 kept"]
    assert "7 supported" in told
