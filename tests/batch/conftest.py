"""A run over fakes: everything real but the models."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from factcheck.batch.engine import LocalEngine
from factcheck.batch.read import open_source
from factcheck.batch.road import Road
from factcheck.batch.run import Progress, RunOptions, RunReport, verify_rows
from tests.fakes import FakeWiring, evidence

SKY = (evidence("The sky is blue.", source="a"), evidence("The sea is not sweet.", source="b"))


@dataclass
class Bench:
    """A folder with an input, and runs over it."""

    folder: Path
    wiring: FakeWiring = field(default_factory=lambda: FakeWiring(SKY))

    @property
    def out(self) -> Path:
        return self.folder / "out.jsonl"

    def write(self, rows: Sequence[Mapping[str, Any] | bytes]) -> None:
        lines = [row if isinstance(row, bytes) else orjson.dumps(row) for row in rows]
        (self.folder / "in.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))

    def run(
        self,
        options: RunOptions | None = None,
        *,
        out: Path | None = None,
        add_index: bool = False,
        stopped: Callable[[], bool] = lambda: False,
        watch: Callable[[Progress], None] = lambda _: None,
    ) -> RunReport:
        road = Road(self.wiring, add_index=add_index)
        source = open_source(self.folder / "in.jsonl")
        engine = LocalEngine(road)
        return verify_rows(source, out or self.out, road, engine, options or RunOptions(), watch=watch, stopped=stopped)

    def results(self, out: Path | None = None) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in (out or self.out).read_bytes().splitlines()]

    @property
    def rejects(self) -> Path:
        return self.out.with_name("out.jsonl.rejects.jsonl")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)
