"""A report as one self-contained page (`factcheck.cli.page`)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from factcheck import __version__
from factcheck.cli.changes import changes
from factcheck.cli.excerpt import place_of
from factcheck.cli.marks import stretches
from factcheck.cli.markup import Content, Markup, element
from factcheck.cli.page import page
from factcheck.cli.telling import Piece, pieces
from factcheck.cli.words import (
    LOOKS,
    counts,
    draft_of,
    label_of,
    percent,
    plural,
    revision_title,
    stopped,
    was_rewritten,
)
from factcheck.report import ClaimLabel, to_json
from factcheck.types import CheckedClaim, Correction, FailedClaim, Reflection, Report, Span, Summary

_PARAGRAPH_END = re.compile(r"\n\s*(?=\S)")


def render_html(report: Report) -> str:
    """Return the page.

    Args:
        report: with or without a revision; its first round is then shown beside the rewritten text.
    """
    return page(f"Fact check: {_title(report.text)}", _body(report))


def _body(report: Report) -> Iterator[Content]:
    draft = draft_of(report)
    yield element("a", "Skip to the text", href="#text", class_="skip")
    yield element("header", element("h1", "Fact check"), *_overview(report), _notes(report.warnings))
    sections: list[Content] = [
        element("h2", "The text as it came in" if was_rewritten(report) else "The text", id="text"),
        _rows(draft, "d"),
    ]
    if report.revision is not None:
        sections += [element("h2", revision_title(report), id="rewritten"), *_rewritten(report, report.revision)]
    yield element("main", *sections)
    yield element("footer", *_footer(report))


# ------------------------------------------------------------------------------------------------------------- overview


def _overview(report: Report) -> Iterator[Content]:
    draft = draft_of(report)
    if not was_rewritten(report):
        yield _counts(draft.summary)
        return
    yield element("p", "As it came in:", class_="lead")
    yield _counts(draft.summary)
    yield element("p", "As rewritten:", class_="lead")
    yield _counts(report.summary)


def _counts(summary: Summary) -> Content:
    if not summary.claims:
        return element("p", "No checkable claim was found.", class_="lead")
    chips = [
        element("li", _sign(label), f" {count} {LOOKS[label].word}", class_=_class(label))
        for label, count in counts(summary)
    ]
    return [
        element("p", f"{plural(summary.claims, 'claim')}, {percent(summary.supported_share)} of them supported."),
        element("ul", *chips, class_="counts"),
    ]


def _notes(warnings: Sequence[str]) -> Markup | None:
    if not warnings:
        return None
    return element("div", *(element("p", warning) for warning in warnings), class_="notes", role="note")


# ------------------------------------------------------------------------------------------------------ text and claims


def _rows(report: Report, prefix: str) -> Content:
    """Return the text in paragraphs, each with the claims that begin in it at its side."""
    if not report.text.strip():
        return element("p", "(no text)", class_="lead")
    blocks = paragraphs(report.text)
    starts = [block.start for block in blocks]
    touching: list[list[int]] = [[] for _ in blocks]
    beginning: list[list[int]] = [[] for _ in blocks]
    for number, result in enumerate(report.claims):
        span = result.claim.span
        first = max(bisect_right(starts, span.start) - 1, 0)
        last = max(bisect_right(starts, max(span.end - 1, span.start)) - 1, first)
        beginning[first].append(number)
        for block in range(first, last + 1):
            touching[block].append(number)
    return [
        element(
            "div",
            element("div", *_marked(report, block, numbers, prefix), class_="text", dir="auto", lang=""),
            element("div", *(_card(n, report, prefix) for n in cards), class_="cards") if cards else None,
            class_="row",
        )
        for block, numbers, cards in zip(blocks, touching, beginning, strict=True)
    ]


def paragraphs(text: str) -> list[Span]:
    """Cut a text after its line breaks, empty lines staying with what is before them; joined, they are the text."""
    cuts = [0, *(match.end() for match in _PARAGRAPH_END.finditer(text) if match.end() < len(text))]
    return [Span(start=start, end=end) for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _marked(
    report: Report, block: Span, numbers: Sequence[int], prefix: str, *, anchors: bool = True
) -> Iterator[Content]:
    labels = {n: label_of(report.claims[n]) for n in numbers}
    for stretch in stretches(report.text, [report.claims[n].claim.span for n in numbers], within=block):
        for n in (numbers[i] for i in stretch.opens):
            look = LOOKS[labels[n]]
            yield element(
                "a",
                f"{look.sign}{n + 1}",
                href=f"#{prefix}-claim-{n + 1}",
                id=f"{prefix}-text-{n + 1}" if anchors else None,
                class_=f"sign {_class(labels[n])}",
                aria_label=f"claim {n + 1}: {look.word}",
            )
        words = stretch.span.of(report.text)
        if anchors and block.end == stretch.span.end:  # the end of a paragraph, not of a change
            words = words.rstrip("\n")
        covering = [labels[numbers[i]] for i in stretch.claims]
        if not covering:
            yield words
            continue
        worst = max(covering, key=lambda label: LOOKS[label].rank)
        yield element("mark", words, class_=_class(worst))


def _card(number: int, report: Report, prefix: str) -> Markup:
    result = report.claims[number]
    label = label_of(result)
    name = f"{prefix}-claim-{number + 1}"
    in_sight = result.claim.span.start < len(report.text)  # else a report from elsewhere points beyond its text
    back = element(
        "a" if in_sight else "span",
        f"{LOOKS[label].sign} {number + 1}",
        href=f"#{prefix}-text-{number + 1}" if in_sight else None,
        class_=f"sign {_class(label)}",
        aria_label=f"claim {number + 1}, back to the text" if in_sight else None,
    )
    content: list[Content]
    if isinstance(result, FailedClaim):
        heading = element("h3", back, " ", LOOKS[label].word.capitalize(), id=f"{name}-title")
        content = [
            element("p", result.claim.text, dir="auto", lang=""),
            element("p", f"{result.message} ({result.stage}, {result.code})", class_="why"),
        ]
    else:
        verdict = result.verdict
        sure = element("span", f" {percent(verdict.confidence)}", class_="percent")
        heading = element("h3", back, " ", LOOKS[label].word.capitalize(), sure, id=f"{name}-title")
        content = [_corrected(result.claim.text, verdict.correction)]
        if verdict.reason:
            content.append(element("p", verdict.reason, class_="why"))
        content += _evidence(result)
    return element(
        "article", heading, *content, id=name, class_=f"card is-{_class(label)}", aria_labelledby=f"{name}-title"
    )


def _corrected(text: str, correction: Correction | None) -> Markup:
    if correction is None:
        return element("p", text, dir="auto", lang="")
    return element(
        "p",
        text[: correction.span.start],
        element("del", correction.span.of(text)) if len(correction.span) else None,
        " " if len(correction.span) and correction.replacement else None,
        element("ins", correction.replacement) if correction.replacement else None,
        text[correction.span.end :],
        dir="auto",
        lang="",
    )


def _evidence(result: CheckedClaim) -> Iterator[Content]:
    first, rest = pieces(result)
    if first:
        yield element("ul", *map(_piece, first), class_="evidence")
    if rest:
        more = element("ul", *map(_piece, rest), class_="evidence")
        yield element("details", element("summary", f"{len(rest)} more, less telling"), more)


def _piece(piece: Piece) -> Markup:
    text, span = piece.evidence.text, piece.span
    quoted: list[Content] = [text]
    if span is not None:
        quoted = [text[: span.start], element("strong", span.of(text)), text[span.end :]]
    place = place_of(piece.evidence)
    return element(
        "li",
        element("cite", _source(piece.evidence.source)),
        element("span", f" {piece.part}", class_="stance"),
        element("div", place, class_="place") if place else None,
        element("blockquote", *quoted, dir="auto", lang=""),
    )


def _source(source: str) -> Content:
    """Return a source, as a link if it is a web address; no other scheme is ever linked."""
    try:
        parts = urlsplit(source)
    except ValueError:
        return source
    if parts.scheme in {"http", "https"} and parts.netloc and not any(c.isspace() for c in source):
        return element("a", source, href=source, rel="noopener noreferrer nofollow")
    return source


# ------------------------------------------------------------------------------------------------------------- revision


def _rewritten(report: Report, reflection: Reflection) -> Iterator[Content]:
    if was_rewritten(report):
        yield element("div", *_changes(report), class_="text", dir="auto", lang="")
    yield element("p", f"Stopped: {stopped(report)}.", class_="lead")
    rows = [
        element(
            "tr",
            element("td", str(number)),
            element("td", "draft" if not number else "taken" if item.accepted else "not taken"),
            element("td", plural(len(item.edits), "edit") if number else ""),
            element("td", item.reason or "; ".join(edit.reason for edit in item.edits)),
        )
        for number, item in enumerate(reflection.rounds)
    ]
    head = element("tr", *(element("th", title, scope="col") for title in ("Round", "Outcome", "Edits", "Why")))
    table = element("table", element("thead", head), element("tbody", *rows))
    if len(rows) > 1:
        yield element("details", element("summary", f"{plural(len(rows) - 1, 'rewrite')}, round by round"), table)
    if was_rewritten(report):
        final = element("summary", f"The rewritten text, claim by claim ({len(report.claims)})", id="final")
        yield element("details", final, _rows(report, "f"))


def _changes(report: Report) -> Iterator[Content]:
    """Return the final text with what was taken out and put in; what is still open is marked."""
    before = draft_of(report).text
    still_open = [n for n, claim in enumerate(report.claims) if label_of(claim) is not ClaimLabel.SUPPORTED]
    for change in changes(before, report.text):
        if change.equal:
            yield from _marked(report, change.new, still_open, "f", anchors=False)
            continue
        removed, added = change.old.of(before), change.new.of(report.text)
        yield element("del", removed) if removed else None
        yield " " if removed.strip() and added.strip() else None
        yield element("ins", added) if added else None


# --------------------------------------------------------------------------------------------------------------- footer


def _footer(report: Report) -> Iterator[Content]:
    if report.provenance:
        values = to_json(dict(report.provenance), indent=True).decode()
        yield element(
            "details",
            element("summary", "What the verdicts rest on"),
            element("pre", values),
            class_="on-screen",
        )
    yield element(
        "p", f"Made by factcheck {__version__}. A verdict is about the evidence it names, not about the world."
    )


def _title(text: str) -> str:
    line = " ".join(text[:200].split())
    return line if len(line) <= 60 else f"{line[:60].rsplit(' ', 1)[0]}…"


def _sign(label: ClaimLabel) -> Markup:
    return element("span", LOOKS[label].sign, class_=f"sign {_class(label)}", aria_hidden="true")


def _class(label: ClaimLabel) -> str:
    return label.value.lower().replace("_", "-")
