"""The worst errors of a run as a page: what a system was surest of and wrong about, with what it read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from factcheck.cli.markup import Content, Markup, element
from factcheck.cli.page import page
from factcheck.evaluation.pairs import GOLD, SAID, Kind, Pair, PairSet
from factcheck.evaluation.run import Measured, PairsRun
from factcheck.evaluation.systems import Answer
from factcheck.types import Span

_SHOWN = 1200  # characters of a piece of evidence, around what decided
_WORDS = {
    "SUPPORTED": "supported",
    "REFUTED": "refuted",
    "NOT_ENOUGH_INFO": "not enough info",
    "NOT_SUPPORTED": "not supported",
    "FAILED": "failed",
}


def render_errors(run: PairsRun, count: int) -> str:
    """Return the page.

    Args:
        run: what was measured.
        count: errors shown of each system on each set.
    """
    record = run.record()
    return page("Worst errors", _body(run, record, count))


def _body(run: PairsRun, record: dict[str, Any], count: int) -> Iterator[Content]:
    yield element("h1", "Worst errors")
    limit = "" if run.limit is None else f", at most {run.limit:,} rows of each file"
    lead = f"What each system was surest of and wrong about ({run.half} half of the claims{limit})."
    yield element("p", lead, class_="lead")
    places = [
        element("li", element("a", f"{system} on {given.name}", href=f"#{s}-{g}"))
        for s, system in enumerate(run.results)
        for g, given in enumerate(run.sets)
    ]
    yield element("nav", element("ul", *places))
    for s, (system, by_set) in enumerate(run.results.items()):
        for g, given in enumerate(run.sets):
            yield element("h2", f"{system} on {given.name}", id=f"{s}-{g}")
            yield from _section(given, by_set[given.name], record["results"][system][given.name], count)


def _section(given: PairSet, measured: Measured, record: dict[str, Any], count: int) -> Iterator[Content]:
    yield _confusion(record["confusion"])
    figures = measured.figures
    wrong = np.flatnonzero(figures.right == 0)
    # What failed was not answered at all, and stands first: nobody chose it by being sure.
    sure = np.where(np.isnan(figures.confidence), np.inf, figures.confidence)
    order = sorted(wrong.tolist(), key=lambda place: (-sure[place], given.rows[place].line))
    yield element("p", f"{len(wrong):,} of {len(given.rows):,} rows are wrong; the {min(count, len(wrong))} surest:")
    for place in order[:count]:
        said = SAID[int(figures.said[place])]
        # What the confidence is of: where only support counts, both other labels are one.
        told = "NOT_SUPPORTED" if given.kind is Kind.SUPPORT and said in GOLD[1:] else said
        yield _error(given.rows[place], measured.answers[place], said, told, float(figures.confidence[place]))


def _confusion(confusion: dict[str, dict[str, int]]) -> Markup:
    columns = list(next(iter(confusion.values())))
    head = element("tr", element("th", "true, and said", scope="col"), *(_title(name) for name in columns))
    rows = [
        element("tr", element("th", _WORDS[gold], scope="row"), *(element("td", f"{said[c]:,}") for c in columns))
        for gold, said in confusion.items()
    ]
    return element("table", element("thead", head), element("tbody", *rows))


def _title(name: str) -> Markup:
    return element("th", _WORDS[name], scope="col")


def _error(row: Pair, answer: Answer, said: str, told: str, confidence: float) -> Markup:
    sure = "" if np.isnan(confidence) else f" ({confidence:.2f})"
    several = [row.evidence] if isinstance(row.evidence, str) else list(row.evidence)
    chances: Content = None
    if answer.probabilities is not None:
        p = answer.probabilities
        shown = f"supported {p.supported:.3f}, refuted {p.refuted:.3f}, not enough info {p.not_enough_info:.3f}"
        chances = element("p", shown, class_="why")
    return element(
        "article",
        element("h3", row.claim, dir="auto", lang=""),
        element("p", f"said {_WORDS[told]}{sure}, is {_WORDS[GOLD[row.gold]]}; line {row.line}", class_="stance"),
        chances,
        element("p", answer.reason, class_="why", dir="auto") if answer.reason else None,
        *(_evidence(text, answer.span if place == answer.evidence else None) for place, text in enumerate(several)),
        class_=f"card is-{said.lower().replace('_', '-')}",
    )


def _evidence(text: str, span: Span | None) -> Markup:
    """Quote the evidence around what decided; what is left out is marked."""
    middle = 0 if span is None else (span.start + span.end) // 2
    start = max(0, min(middle - _SHOWN // 2, len(text) - _SHOWN))
    end = min(len(text), start + _SHOWN)
    parts: list[Content] = ["… " if start else None]
    if span is None:
        parts.append(text[start:end])
    else:
        inside = Span(start=min(max(span.start, start), end), end=max(min(span.end, end), start))
        parts += [text[start : inside.start], element("strong", inside.of(text)), text[inside.end : end]]
    parts.append(" …" if end < len(text) else None)
    return element("blockquote", *parts, dir="auto", lang="")
