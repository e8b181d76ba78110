"""A screen around checking: what goes in, every rewrite, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from factcheck.protocols import Reviser
from factcheck.screen.findings import Finding, ScreenAction, counted, redact
from factcheck.screen.screen import Screen
from factcheck.screen.sieve import Sieve
from factcheck.types import Draft, Exchange, Refusal, Report, Revision

_KEY = "screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A draft as it may go in (None: it may not), and what was found in it as it came."""

    draft: Draft | None
    findings: tuple[Finding, ...]


class Guard:
    """Screens drafts before they are checked and answers before they are handed out.

    `report` only tells of what was found. `redact` puts `[category]` in its place before anything else is done, and in
    every rewrite, so that no round of a report holds it. `block` withholds the text: the report then says so, has no
    claims, and does not meet a gate. Evidence is quoted as the corpus has it.
    """

    def __init__(self, screen: Screen, action: ScreenAction) -> None:
        self._screen = screen
        self._action = action

    def admit(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Screen drafts; what may go in is redacted where that is asked for."""
        return [
            Entry(draft=self._admitted(draft, found), findings=found)
            for draft, found in zip(drafts, self._screen.look([draft.text for draft in drafts]), strict=True)
        ]

    def around(self, drafts: Sequence[Draft], run: Callable[[Sequence[Draft]], Iterable[Report]]) -> list[Report]:
        """Screen drafts, run what checks them on those that may go in, and screen what comes out."""
        entries = self.admit(drafts)
        reports = iter(run([entry.draft for entry in entries if entry.draft is not None]))
        return [
            self.withheld(entry.findings) if entry.draft is None else self.sign(next(reports), entry.findings)
            for entry in entries
        ]

    def sieve(self) -> Sieve:
        """Return what screens a text that is handed on before it is whole."""
        return Sieve(self._screen, self._action)

    def sign(self, report: Report, entered: Sequence[Finding]) -> Report:
        """Screen what came out, and tell of both."""
        (left,) = self._screen.look([report.text])
        return self._signed(report, entered, left)

    def sign_as_it_is(self, report: Report) -> Report:
        """Tell what is found in a report's text, whatever the action is: the text of a batch is somebody else's."""
        (found,) = self._screen.look([report.text])
        if not found:
            return report
        return replace(
            report,
            warnings=(f"the screen found in the text: {counted(found)}", *report.warnings),
            provenance={**report.provenance, _KEY: {**self._account(found), "action": ScreenAction.REPORT.value}},
        )

    def reviser(self, inner: Reviser) -> Reviser:
        """Return a reviser whose rewrites are screened, where that changes anything."""
        if self._action is not ScreenAction.REDACT:
            return inner
        return ScreenedReviser(inner, self._screen)

    def _admitted(self, draft: Draft, found: Sequence[Finding]) -> Draft | None:
        if not found or self._action is ScreenAction.REPORT:
            return draft
        return None if self._action is ScreenAction.BLOCK else replace(draft, text=redact(draft.text, found))

    def _signed(self, report: Report, entered: Sequence[Finding], left: Sequence[Finding]) -> Report:
        if self._action is ScreenAction.BLOCK and left:
            return self.withheld(left, report)
        if self._action is ScreenAction.REDACT:
            report = self._on_record(report)
        if not entered and not left:
            return report
        if self._action is ScreenAction.REDACT:
            warning = f"the screen took out of the text: {counted(entered)}" if entered else ""
        else:
            warning = f"the screen found in the text: {counted(left or entered)}"
        warnings = (warning,) if warning else ()
        shown = entered if self._action is ScreenAction.REDACT else left
        return replace(
            report,
            warnings=(*warnings, *report.warnings),
            provenance={**report.provenance, _KEY: self._account(shown)},
        )

    def withheld(self, found: Sequence[Finding], report: Report | None = None) -> Report:
        """Return what stands for a text that is not handed out."""
        words = counted(found)
        return Report(
            text=f"This text is withheld: the screen found {words}.",
            claims=(),
            warnings=(f"the screen withheld the text: {words}",),
            provenance={**({} if report is None else report.provenance), _KEY: self._account(found)},
        )

    def _on_record(self, report: Report) -> Report:
        """Redact what was asked of a model and what it answered, which stand in the report word for word."""
        revision = report.revision
        if revision is not None:
            rounds = [
                replace(r, exchanges=self._clean(r.exchanges), report=self._on_record(r.report))
                for r in revision.rounds
            ]
            revision = replace(revision, rounds=tuple(rounds))
        return replace(report, exchanges=self._clean(report.exchanges), revision=revision)

    def _clean(self, exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
        return tuple(
            replace(
                exchange,
                text=self._redacted(exchange.text),
                messages=tuple(replace(m, content=self._redacted(m.content)) for m in exchange.messages),
            )
            for exchange in exchanges
        )

    def _redacted(self, text: str) -> str:
        return redact(text, self._screen.look([text])[0])

    def _account(self, found: Sequence[Finding]) -> dict[str, object]:
        return {
            "action": self._action.value,
            "findings": [
                {
                    "category": finding.category,
                    "source": finding.source.value,
                    "span": {"start": finding.span.start, "end": finding.span.end},
                    "score": finding.score,
                }
                for finding in found
            ],
        }


class ScreenedReviser:
    """A reviser whose texts hold nothing that the screen finds.

    Attributes:
        inner: who writes them.
    """

    def __init__(self, inner: Reviser, screen: Screen) -> None:
        self.inner = inner
        self._screen = screen

    def revise(self, draft: Draft, report: Report, refused: Sequence[Refusal] = ()) -> Revision:
        """Return the inner reviser's revision, redacted."""
        revision = self.inner.revise(draft, report, refused)
        (found,) = self._screen.look([revision.draft.text])
        if not found:
            return revision
        return replace(revision, draft=replace(revision.draft, text=redact(revision.draft.text, found)))


def acted(report: Report) -> ScreenAction | None:
    """Return what a screen did to a report's text; None where it did nothing."""
    account = report.provenance.get(_KEY)
    if not isinstance(account, Mapping):
        return None
    return ScreenAction(str(account["action"]))
