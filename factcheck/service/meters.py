"""What a service counts, for Prometheus; no text and no key is ever a label."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from factcheck.report import ClaimLabel
from factcheck.service.desk import Desk
from factcheck.types import CheckedClaim, Report

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Meters:
    """Counters of one service; each has a registry of its own, so that two in a process do not mix."""

    def __init__(self, desk: Desk) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "factcheck_requests", "Requests answered.", ("route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "factcheck_request_seconds", "Time to the end of the answer.", ("route",), registry=self._registry,
            buckets=_SECONDS,
        )  # fmt: skip
        self._claims = Counter("factcheck_claims", "Claims judged.", ("label",), registry=self._registry)
        self._answers = Counter(
            "factcheck_proxied_answers", "Choices of proxied answers.", ("mode", "action"), registry=self._registry
        )
        held = Gauge("factcheck_requests_admitted", "Requests in hand, waiting or worked on.", registry=self._registry)
        held.set_function(lambda: desk.admitted)
        running = Gauge("factcheck_steps_running", "Steps of work in line or on a thread.", registry=self._registry)
        running.set_function(lambda: desk.running)
        shed = Gauge("factcheck_requests_shed", "Requests turned away with 503 so far.", registry=self._registry)
        shed.set_function(lambda: desk.shed)
        for label in ClaimLabel:
            self._claims.labels(label=label.value)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(route=route, status=str(status)).inc()
        self._seconds.labels(route=route).observe(seconds)

    def judged(self, report: Report) -> None:
        """Count the claims of a final text."""
        for claim in report.claims:
            label = claim.verdict.label.value if isinstance(claim, CheckedClaim) else ClaimLabel.FAILED.value
            self._claims.labels(label=label).inc()

    def proxied(self, mode: str, action: str) -> None:
        """Count a choice that went through the proxy."""
        self._answers.labels(mode=mode, action=action).inc()

    def render(self) -> bytes:
        """Return the text format."""
        return generate_latest(self._registry)
