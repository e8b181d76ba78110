"""A batch of rows on the road: prepared, judged, and turned into what the ledger keeps.

What comes out for a row depends on the row and on the wiring alone, never on the rows beside it: engines may cut
batches as they like, and a run that was killed ends with the bytes of one that was not.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import orjson

from factcheck.batch.rows import InputRow
from factcheck.pipeline import Pipeline, Prepared
from factcheck.protocols import Retriever
from factcheck.provenance import sha256_bytes
from factcheck.report import report_to_dict, to_json
from factcheck.types import CheckedClaim, Document, Report, Summary

_JUDGING_TABLES = ("extract", "retrieve", "verify", "models")
"""Tables of the settings that decide a verdict; rewriting and reflection are not part of a batch."""

_KNOWN_CLAIMS = 1000
"""Verdicts by index and graph that are kept for claims that come again; each weighs some ten kilobytes."""

_HARMLESS = frozenset({"models.threads", "models.encoder", "models.entailment", "extract.max_characters"})
"""Settings of these tables that no verdict depends on. Where a model lies is one: which it is stands there by hash."""


class Screening(Protocol):
    """Looks at texts and signs reports with what it found; `factcheck.screen.Guard` does."""

    def sign_as_it_is(self, report: Report) -> Report:
        """Tell in a report what was found in its text, which stays."""


class Wiring(Protocol):
    """What a batch needs of `factcheck.assemble`."""

    def pipeline(self) -> Pipeline:
        """The road by index and graph."""

    def context_pipeline(self, *, add_index: bool = False) -> Pipeline:
        """The road of rows that bring their own evidence."""

    def context_retriever(self, context: Sequence[Document], *, add_index: bool = False) -> Retriever:
        """Finds evidence in the texts of one row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a row.

    Attributes:
        result: the output row in JSON.
        first_problem: the first claim that is refuted, disputed or failed, for people who look for the worst rows.
        seconds: the row's share of its batch's time.
        tokens: that chat models were asked for and answered with; answers from the cache cost none.
    """

    id: str
    basis: str
    result: bytes
    summary: Summary
    first_problem: str | None
    seconds: float
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedBatch:
    """Rows whose claims were extracted and whose evidence was found."""

    rows: tuple[InputRow, ...]
    halves: tuple[tuple[Pipeline, Prepared, tuple[int, ...]], ...]
    seconds: float


class Road:
    """Rows to outcomes, in two steps, so that one batch can be prepared while another is judged.

    Args:
        wiring: the parts.
        add_index: rows with contexts also consult index and graph.
        screen: tells in each row what it found in the text; what it looks for is part of what a row rests on.
        screened_for: names that.
    """

    def __init__(
        self, wiring: Wiring, *, add_index: bool = False, screen: Screening | None = None, screened_for: str = ""
    ) -> None:
        self._wiring = wiring
        self._screen = screen
        self._screened_for = screened_for
        self._add_index = add_index
        self._pipelines: dict[bool, Pipeline] = {}
        self._bases: dict[bool, tuple[str, dict[str, Any]]] = {}
        self._known: dict[str, CheckedClaim] = {}

    def basis(self, *, contexts: bool) -> tuple[str, dict[str, Any]]:
        """Return what verdicts rest on, with its SHA-256: models, settings, and what was searched."""
        if contexts not in self._bases:
            self._bases[contexts] = _basis(self._pipeline(contexts=contexts).provenance)
        return self._bases[contexts]

    def prepare(self, rows: Sequence[InputRow]) -> PreparedBatch:
        """Extract and retrieve for all rows at once."""
        started = time.monotonic()
        halves = []
        for contexts in (False, True):
            places = tuple(i for i, row in enumerate(rows) if (row.contexts is not None) is contexts)
            if not places:
                continue
            pipeline = self._pipeline(contexts=contexts)
            drafts = [rows[i].draft for i in places]
            if contexts:
                retrievers = [
                    self._wiring.context_retriever(rows[i].contexts or (), add_index=self._add_index) for i in places
                ]
                prepared = pipeline.prepare(drafts, retrievers=retrievers)
            else:
                prepared = pipeline.prepare(drafts, self._known)
            halves.append((pipeline, prepared, places))
        return PreparedBatch(rows=tuple(rows), halves=tuple(halves), seconds=time.monotonic() - started)

    def finish(self, batch: PreparedBatch) -> list[Outcome]:
        """Judge, and write down; aligned with the rows."""
        started = time.monotonic()
        reports: dict[int, Report] = {}
        for pipeline, prepared, places in batch.halves:
            judged = pipeline.judge(prepared)
            reports.update(zip(places, judged, strict=True))
            if batch.rows[places[0]].contexts is None:
                self._remember(judged)
        share = (batch.seconds + time.monotonic() - started) / max(len(batch.rows), 1)
        return [self._outcome(row, reports[place], share) for place, row in enumerate(batch.rows)]

    def check(self, rows: Sequence[InputRow]) -> list[Outcome]:
        """Prepare and finish in one step."""
        return self.finish(self.prepare(rows))

    def _remember(self, reports: Sequence[Report]) -> None:
        for report in reports:
            self._known.update((c.claim.text, c) for c in report.claims if isinstance(c, CheckedClaim))
        while len(self._known) > _KNOWN_CLAIMS:
            del self._known[next(iter(self._known))]

    def _pipeline(self, *, contexts: bool) -> Pipeline:
        if contexts not in self._pipelines:
            made = self._wiring.context_pipeline(add_index=self._add_index) if contexts else self._wiring.pipeline()
            provenance = row_provenance(made.provenance)
            if self._screen is not None:
                provenance["screened_for"] = self._screened_for
            self._pipelines[contexts] = replace(made, provenance=provenance)
        return self._pipelines[contexts]

    def _outcome(self, row: InputRow, report: Report, seconds: float) -> Outcome:
        basis, _ = self.basis(contexts=row.contexts is not None)
        if self._screen is not None:
            report = self._screen.sign_as_it_is(report)
        report = replace(report, warnings=(*row.warnings, *report.warnings))
        summary = report.summary
        return Outcome(
            id=str(row.id),
            basis=basis,
            result=to_json({"id": row.id, **report_to_dict(report, exchanges=False)}),
            summary=summary,
            first_problem=_first_problem(report) if summary.refuted + summary.conflicting + summary.failed else None,
            seconds=seconds,
            tokens=sum(e.usage.total for e in report.all_exchanges if not e.cached),
        )


def _first_problem(report: Report) -> str:
    order = ("REFUTED", "CONFLICTING", "FAILED")
    named = [(c.verdict.label.value if isinstance(c, CheckedClaim) else "FAILED", c.claim.text) for c in report.claims]
    bad = [pair for pair in named if pair[0] in order]
    return min(bad, key=lambda pair: order.index(pair[0]))[1]


def row_provenance(provenance: Mapping[str, object]) -> dict[str, object]:
    """Name what decides a row's verdicts and nothing else, so that what does not touch a row does not change it."""
    found = dict(provenance)
    settings = found.get("settings")
    if isinstance(settings, Mapping):
        values = {
            table: {key: value for key, value in keys.items() if f"{table}.{key}" not in _HARMLESS}
            for table, keys in settings["values"].items()
            if table in _JUDGING_TABLES
        }
        digest = sha256_bytes(orjson.dumps(values, option=orjson.OPT_SORT_KEYS))
        found["settings"] = {"sha256": digest, "values": values}
    return found


def _basis(provenance: Mapping[str, object]) -> tuple[str, dict[str, Any]]:
    value = orjson.loads(to_json(dict(provenance)))
    return sha256_bytes(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)), value


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what differs between two bases, for people: `index`, `entailment`, `settings.retrieve.passages`."""
    found = []
    for name in dict.fromkeys((*before, *now)):
        old, new = before.get(name), now.get(name)
        if old == new:
            continue
        if name == "settings" and isinstance(old, Mapping) and isinstance(new, Mapping):
            old, new = old.get("values", {}), new.get("values", {})
            for table in dict.fromkeys((*old, *new)):
                one, other = old.get(table, {}), new.get(table, {})
                found += [
                    f"settings.{table}.{key}" for key in dict.fromkeys((*one, *other)) if one.get(key) != other.get(key)
                ]
        else:
            found.append(name)
    return tuple(found)
