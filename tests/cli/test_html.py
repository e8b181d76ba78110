"""The page: whole, its own, and proof against whatever a text holds."""

import base64
import hashlib
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.cli.html import render_html
from factcheck.types import CheckedClaim, Claim, Evidence, FailedClaim, Reflection, Report, Span, Stage
from tests.reports import DRAFT, DRAFT_REPORT, FAILED_REPORT, REVISED_REPORT, claims_of, passage_evidence, reports

VOID = {"meta", "br", "hr", "rect"}
ELEMENTS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "footer",
        "article",
        "div",
        "span",
        "p",
        "pre",
    ),
    *("h1", "h2", "h3", "a", "ul", "li", "mark", "del", "ins", "strong", "cite", "blockquote", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    *("charset", "http-equiv", "content", "name", "lang", "dir", "class", "id", "href", "role", "rel", "scope"),
    *("aria-label", "aria-labelledby", "aria-hidden"),
}
EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "</blockquote></div></main><iframe src=//example.org>",
    "<!--",
    "-->",
    "]]>",
    "&lt;script&gt;",
    "&#60;b&#62;",
    "\x00<b>\x1b",
    "javascript:alert(1)",
    "\ud800<i>",
    "\u202e<u>",
]


class Page(HTMLParser):
    """Collects elements, attributes and text, and insists on proper nesting."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.labelled_by: list[str] = []
        self.metas: list[dict[str, str | None]] = []
        self.texts: dict[str, list[str]] = {}
        self.comments: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
        values = dict(attrs)
        assert len(values) == len(attrs)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if values.get("href"):
            self.links.append(str(values["href"]))
        if values.get("aria-labelledby"):
            self.labelled_by.append(str(values["aria-labelledby"]))
        if tag == "meta":
            self.metas.append(values)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def all_text(self) -> str:
        return "".join(part for tag, parts in self.texts.items() if tag != "style" for part in parts)


def proper(source: str) -> Page:
    page = Page(source)
    assert page.elements <= ELEMENTS
    assert page.attributes <= ATTRIBUTES
    assert page.comments == []
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        assert link.startswith(("#", "https://", "http://"))
        if link.startswith("#"):
            assert link[1:] in page.ids
    assert set(page.labelled_by) <= set(page.ids)
    return page


def poisoned(evil: str, report: Report) -> Report:
    """Put the same evil into every text of a report."""

    def poison(result: CheckedClaim | FailedClaim) -> CheckedClaim | FailedClaim:
        claim = replace(result.claim, id=evil, text=evil)
        if isinstance(result, FailedClaim):
            return replace(result, claim=claim, code=evil, message=evil)
        evidence = tuple(
            replace(item, id=evil, text=evil, source=evil, passage=item.passage and replace(
                item.passage, title=evil, section=evil, source=evil, id=evil, document_id=evil
            ))
            for item in result.evidence
        )  # fmt: skip
        judgements = tuple(
            replace(item, reason=evil, checker=evil, evidence_ids=(evil,)) for item in result.verdict.judgements
        )
        correction = result.verdict.correction and replace(result.verdict.correction, replacement=evil)
        verdict = replace(result.verdict, reason=evil, judgements=judgements, correction=correction)
        return replace(result, claim=claim, verdict=verdict, evidence=evidence)

    revision = report.revision and replace(
        report.revision,
        rounds=tuple(
            replace(item, draft=replace(item.draft, text=evil), report=poisoned(evil, item.report), reason=evil)
            for item in report.revision.rounds
        ),
    )
    assert revision is None or isinstance(revision, Reflection)
    return replace(
        report,
        text=evil,
        claims=tuple(poison(result) for result in report.claims),
        warnings=(evil,),
        provenance={evil: evil},
        revision=revision,
    )


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("report", [DRAFT_REPORT, REVISED_REPORT, FAILED_REPORT], ids=["draft", "revised", "failed"])
def test_no_text_becomes_an_element(evil: str, report: Report) -> None:
    source = render_html(poisoned(evil, report))
    page = proper(source)
    harmless = re.sub("[\x00\x1b\ud800]", "\ufffd", evil)
    assert page.all_text().count(harmless) >= 3
    source.encode("utf-8")


@settings(max_examples=40)
@given(reports)
def test_any_report_gives_a_proper_page(report: Report) -> None:
    page = proper(render_html(report))
    said = "".join(filter(str.isalnum, page.all_text()))
    assert "".join(filter(str.isalnum, report.text)) in said
    claims = report.summary.claims
    assert (f"{claims}claim" if claims else "Nocheckableclaim") in said


def test_the_policy_allows_the_own_style_and_nothing_else() -> None:
    source = render_html(REVISED_REPORT)
    page = proper(source)
    (policy,) = [meta["content"] for meta in page.metas if meta.get("http-equiv") == "Content-Security-Policy"]
    style = source.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style
    assert "@import" not in style
    for landmark in ("header", "main", "footer", "h1"):
        assert source.count(f"<{landmark}") - source.count(f"<{landmark}>") in (0, 1)
        assert landmark in page.elements


def test_only_web_addresses_become_links() -> None:
    def page_for(source: str) -> Page:
        (first, *_) = DRAFT_REPORT.claims
        assert isinstance(first, CheckedClaim)
        evidence = passage_evidence("d", "born in Port Ellin", title="", source=source)
        return proper(render_html(replace(DRAFT_REPORT, claims=(replace(first, evidence=(evidence,)),))))

    assert "https://example.org/a?b=1&c=2" in page_for("https://example.org/a?b=1&c=2").links
    for source in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https:evil", "https://[", "a b"):
        assert all(link.startswith("#") for link in page_for(source).links)


def claim(number: int, start: int, end: int) -> FailedClaim:
    given = Claim(id=f"c{number}", text="claim", span=Span(start=start, end=end))
    return FailedClaim(claim=given, stage=Stage.VERIFY, code="x", message="y")


@settings(max_examples=60)
@given(
    st.text(alphabet="ab \n<&東", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6),
)
def test_overlapping_claims_keep_text_and_anchors(text: str, pairs: list[tuple[int, int]]) -> None:
    claims = tuple(claim(n, min(pair), max(pair)) for n, pair in enumerate(pairs) if min(pair) < len(text))
    page = proper(render_html(Report(text=text, claims=claims)))
    if text.strip():
        for number in range(1, len(claims) + 1):
            assert f"d-text-{number}" in page.ids
            assert f"d-claim-{number}" in page.ids
        words = "".join(page.texts.get("mark", [])) + "".join(page.texts.get("div", []))
        assert sorted(words.replace("\n", "")) == sorted(text.replace("\n", ""))


def test_claims_stand_beside_their_paragraph() -> None:
    text = "One is first.\n\nTwo is second.\n"
    source = render_html(Report(text=text, claims=(claim(1, 0, 13), claim(2, 15, 29), claim(3, 4, 20))))
    rows = source.split('<div class="row">')[1:]
    assert len(rows) == 2
    assert [re.findall(r'id="d-claim-(\d)"', row) for row in rows] == [["1", "3"], ["2"]]


def test_a_revision_shows_what_changed() -> None:
    source = render_html(REVISED_REPORT)
    assert "<del>1871</del> <ins>1817</ins>" in source
    assert "<del>420</del> <ins>42</ins>" in source
    assert 'href="#f-claim-5"' in source


def test_where_nothing_was_rewritten_the_text_stands_once() -> None:
    reflection = REVISED_REPORT.revision
    assert reflection is not None
    only = replace(reflection, rounds=reflection.rounds[:1], best=0)
    source = render_html(replace(reflection.rounds[0].report, revision=only))
    assert "Nothing was rewritten" in source
    assert "As rewritten" not in source
    assert 'id="final"' not in source


def test_a_megabyte_is_no_trouble() -> None:
    unit = DRAFT + "\n\n"
    base = claims_of(DRAFT, right=False)
    count = 1_000_000 // len(unit)
    claims = tuple(
        replace(item, claim=replace(item.claim, span=item.claim.span.shifted(n * len(unit))))
        for n in range(count)
        for item in base[: 1 + n % 2]
    )
    source = render_html(Report(text=unit * count, claims=claims))
    assert source.count("<article") == len(claims)


def test_evidence_without_a_passage() -> None:
    evidence = Evidence(id="e", text="given", source="")
    (first, *_) = DRAFT_REPORT.claims
    assert isinstance(first, CheckedClaim)
    proper(render_html(replace(DRAFT_REPORT, claims=(replace(first, evidence=(evidence,)),))))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium")
def test_a_browser_reads_it_and_runs_nothing(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        render_html(poisoned("<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">",
                             REVISED_REPORT)), encoding="utf-8",
    )  # fmt: skip
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync", "--dump-dom"]
    argv = ["chromium", *flags, f"--user-data-dir={tmp_path / 'profile'}", page.as_uri()]
    dom = subprocess.run(argv, capture_output=True, check=True, timeout=120).stdout.decode()
    assert "<title>Fact check: &lt;script&gt;" in dom
    assert "<img" not in dom
    assert "<script" not in dom
