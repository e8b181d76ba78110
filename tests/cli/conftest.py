"""A checker that knows two texts by heart stands behind the command."""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from factcheck.cli import session
from factcheck.errors import TextError
from factcheck.pipeline import Watch
from factcheck.types import FailedClaim, Label, Probabilities, Report, Span
from tests.reports import DRAFT, DRAFT_REPORT, FAILED_REPORT, REVISED_REPORT


@dataclass(frozen=True)
class FakeScore:
    label: Label
    probabilities: Probabilities
    evidence: int | None
    span: Span | None
    reason: str


@dataclass
class FakeFactChecker:
    """Returns the reports of `tests.reports`; what it was asked stands in `calls`."""

    reports: dict[str, Report] = field(default_factory=lambda: {DRAFT: DRAFT_REPORT, FAILED_REPORT.text: FAILED_REPORT})
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    opened_with: argparse.Namespace | None = None
    decision_sha256: str = "d" * 64

    def check(
        self, text: str, context: Any = None, *, question: str | None = None, on_claims: Watch | None = None
    ) -> Report:
        if on_claims is not None:
            on_claims(1_064, 2_001)
        self.calls.append((text, {"context": context, "question": question}))
        return self.reports.get(text, Report(text=text, claims=()))

    def revise(
        self, text: str, context: Any = None, *, question: str | None = None, on_claims: Watch | None = None
    ) -> Report:
        self.calls.append((text, {"context": context, "question": question, "revise": True}))
        return REVISED_REPORT if text == DRAFT else self.reports.get(text, Report(text=text, claims=()))

    def generate(self, question: str, context: Any = None, *, n: int = 1, revise: bool = True) -> Report:
        self.calls.append((question, {"context": context, "n": n, "revise": revise}))
        return REVISED_REPORT if revise else DRAFT_REPORT

    def score(self, pairs: Iterable[tuple[str, str | Sequence[str]]]) -> list[FakeScore | FailedClaim]:
        return [self._score(claim, evidence) for claim, evidence in pairs]

    def _score(self, claim: str, evidence: str | Sequence[str]) -> FakeScore | FailedClaim:
        if claim == "too long":
            raise TextError("is too long to be judged")
        if claim == "fails":
            (failed,) = FAILED_REPORT.claims
            assert isinstance(failed, FailedClaim)
            return failed
        several = [evidence] if isinstance(evidence, str) else list(evidence)
        for position, text in enumerate(several):
            if claim in text:
                at = text.index(claim)
                sure = Probabilities(supported=1.0, refuted=0.0, not_enough_info=0.0)
                return FakeScore(Label.SUPPORTED, sure, position, Span(start=at, end=at + len(claim)), "said so")
        none = Probabilities(supported=0.0, refuted=0.0, not_enough_info=1.0)
        return FakeScore(Label.NOT_ENOUGH_INFO, none, None, None, "nothing says so")


@pytest.fixture
def checker(monkeypatch: pytest.MonkeyPatch) -> FakeFactChecker:
    fake = FakeFactChecker()

    def open_checker(args: argparse.Namespace) -> FakeFactChecker:
        session.settings_of(args)
        fake.opened_with = args
        return fake

    drafts = [
        SimpleNamespace(id="light", question="Who built the light?", text=DRAFT),
        SimpleNamespace(id="moon", question="What does the moon do?", text="It shines."),
    ]
    monkeypatch.setattr(session, "open_checker", open_checker)
    monkeypatch.setattr(session, "sample_drafts", lambda: drafts)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return fake


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))

    return give
