"""One run: an input is read, what is new or changed is verified, and the outputs are derived from the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from factcheck.batch.engine import Engine
from factcheck.batch.ledger import Ledger
from factcheck.batch.ledger_file import ledger_path
from factcheck.batch.read import Source
from factcheck.batch.records import GroupMean, Offender, Totals
from factcheck.batch.road import Outcome, Road
from factcheck.batch.rows import FieldNames, InputRow, read_row
from factcheck.batch.select import Selection
from factcheck.batch.stream import batches_of
from factcheck.batch.write import check_name, write_junit, write_output, write_rejects

_READ_ROWS = 256
_OFFENDERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run is made.

    Attributes:
        max_characters: of a text; a longer one is rejected.
        by_completion: OUT is ordered as rows were finished, not as they were read.
        retry_failed: rows with failed claims are verified again.
        junit: a file for CI; `fail_under` is the gate in it.
    """

    names: FieldNames = field(default_factory=FieldNames)
    selection: Selection = field(default_factory=Selection)
    max_characters: int = 1_000_000
    by_completion: bool = False
    retry_failed: bool = False
    junit: Path | None = None
    fail_under: float | None = None


@dataclass(slots=True)
class Progress:
    """How far a run is; handed to whoever watches after each batch."""

    read: int = 0
    rejected: int = 0
    kept: int = 0
    verified: int = 0
    supported: int = 0
    refuted: int = 0
    not_enough_info: int = 0
    conflicting: int = 0
    failed: int = 0
    done_share: float | None = None

    def count(self, outcomes: Sequence[Outcome]) -> None:
        """Add a batch."""
        self.verified += len(outcomes)
        for outcome in outcomes:
            self.supported += outcome.summary.supported
            self.refuted += outcome.summary.refuted
            self.not_enough_info += outcome.summary.not_enough_info
            self.conflicting += outcome.summary.conflicting
            self.failed += outcome.summary.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run came to.

    Attributes:
        finished: False where it was stopped; then the outputs are those of the run before.
        verified: rows that were verified now, `kept` those that were verified before.
        again: of the verified ones, how many were verified before on something else, by what changed.
        passed_over: how often a name of a field lost to another name.
    """

    finished: bool
    totals: Totals
    verified: int
    kept: int
    again: Mapping[str, int]
    passed_over: Mapping[str, int]
    groups: Sequence[GroupMean]
    offenders: Sequence[Offender]


def verify_rows(
    source: Source,
    out: Path,
    road: Road,
    engine: Engine,
    options: RunOptions,
    *,
    watch: Callable[[Progress], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> RunReport:
    """Verify what the ledger beside `out` does not hold yet, and derive the outputs from it.

    Args:
        source: the rows.
        out: where the results go; the ledger and the rejects stand beside it.
        road: names what verdicts rest on.
        engine: does the verifying.
        options: see there.
        watch: called after each step.
        stopped: asked between batches; once it says True what is in flight is finished, and the run ends.

    Raises:
        StorageError: another run writes to `out`, or the disk refuses.
        InputError: the input cannot be read to its end; what came before that is in the ledger.
    """
    check_name(out)
    bases = {contexts: road.basis(contexts=contexts) for contexts in (False, True)}
    with Ledger(ledger_path(out)) as ledger:
        ledger.begin(list(bases.values()))
        run = _Run(source, ledger, options, {contexts: sha256 for contexts, (sha256, _) in bases.items()})
        watch(run.progress)
        for outcomes in engine.run(run.batches(stopped)):
            ledger.finish(outcomes)
            run.progress.count(outcomes)
            run.progress.done_share = run.done_share()
            watch(run.progress)
        records = ledger.records
        finished = run.read_to_the_end and records.pending() == 0
        if finished:
            write_output(records, out, by_completion=options.by_completion)
            write_rejects(records, out.with_name(f"{out.name}.rejects.jsonl"))
            if options.junit is not None:
                write_junit(records, options.junit, name=out.name, fail_under=options.fail_under)
        return RunReport(
            finished=finished,
            totals=records.totals(),
            verified=run.progress.verified,
            kept=run.progress.kept,
            again=run.again,
            passed_over=run.passed_over,
            groups=records.groups() if options.names.group is not None else (),
            offenders=records.offenders(_OFFENDERS),
        )


class _Run:
    """The reading side: rows to batches of what has to be verified."""

    def __init__(self, source: Source, ledger: Ledger, options: RunOptions, bases: dict[bool, str]) -> None:
        self._source = source
        self._ledger = ledger
        self._options = options
        self._bases = bases
        self.progress = Progress()
        self.again: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        self.read_to_the_end = False

    def done_share(self) -> float | None:
        """Return the share of the input that is done with; what was read ahead is not."""
        read, told = self._source.done(), self.progress
        return None if read is None else read * (told.verified + told.kept + told.rejected) / max(told.read, 1)

    def batches(self, stopped: Callable[[], bool]) -> Iterator[list[InputRow]]:
        """Yield batches; a batch that was yielded has been counted as begun."""
        for batch in batches_of(self._wanted(stopped), _size):
            if stopped():
                return
            self._ledger.start(batch)
            yield batch

    def _wanted(self, stopped: Callable[[], bool]) -> Iterator[InputRow]:
        options = self._options
        rows = options.selection.rows(self._source, frozenset(options.names.columns))
        while chunk := list(islice(rows, _READ_ROWS)):
            if stopped():
                return
            read = [
                read_row(raw, options.names, where=self._source.name, max_characters=options.max_characters)
                for raw in chunk
            ]
            found = self._ledger.register(read, self._bases, retry_failed=options.retry_failed)
            self.again.update(found.again)
            self.passed_over.update(w for row in read if isinstance(row, InputRow) for w in row.warnings)
            self.progress.read += len(read)
            self.progress.rejected += found.rejected
            self.progress.kept += found.kept
            yield from found.wanted
        self.read_to_the_end = True


def _size(row: InputRow) -> int:
    return len(row.draft.text) + sum(len(document.text) for document in row.contexts or ()) // 4
