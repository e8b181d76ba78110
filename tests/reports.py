"""Reports for tests of what is made from them: one of every kind of claim, and a strategy for any."""

from __future__ import annotations

import hashlib

from hypothesis import strategies as st

from factcheck.types import (
    CheckedClaim,
    Claim,
    Correction,
    Draft,
    Edit,
    Evidence,
    FailedClaim,
    Judgement,
    Label,
    Passage,
    Probabilities,
    Reflection,
    Report,
    Round,
    Rule,
    Span,
    Stage,
    Stance,
    StopReason,
    Triple,
    Verdict,
)

DRAFT = (
    "Ada Lark was born in Port Ellin. She finished the lighthouse in 1871, and it stands 420 metres tall. "
    "Its lamp burns whale oil. The keeper owns a green parrot."
)
REVISED = (
    "Ada Lark was born in Port Ellin. She finished the lighthouse in 1817, and it stands 42 metres tall. "
    "Its lamp burns whale oil. The keeper owns a green parrot."
)


def span(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start=start, end=start + len(part))


def passage_evidence(id: str, text: str, *, title: str, source: str, section: str = "", score: float = 0.5) -> Evidence:
    digest = hashlib.sha256(text.encode()).hexdigest()
    passage = Passage(
        id=f"{id}#0",
        document_id=id,
        document_sha256=digest,
        title=title,
        section=section,
        text=text,
        span=Span(start=0, end=len(text)),
        source=source,
    )
    return Evidence(id=f"{id}#0", text=text, source=source, score=score, passage=passage)


BIRTH = passage_evidence(
    "lark", "Lark, born in Port Ellin, trained as a mason.", title="Ada Lark", section="Life", source="Coast Almanac"
)
HEIGHT = passage_evidence(
    "tower", "The tower is 42 metres tall and was finished in 1817.", title="Ellin Light", source="Harbour Register"
)
YEAR = Evidence(
    id="fact-1",
    text="Ellin Light was completed in 1817.",
    source="coast graph",
    score=0.9,
    triples=(
        Triple(
            subject="<https://example.org/EllinLight>",
            predicate="<https://example.org/completed>",
            object='"1817"^^<http://www.w3.org/2001/XMLSchema#gYear>',
        ),
    ),
    graph_sha256="9" * 64,
)
OIL = passage_evidence("oil", "The lamp burned whale oil from the start.", title="Ellin Light", source="Keeper's log")
GAS = passage_evidence("gas", "The lamp was built for gas.", title="Lamps of the coast", source="Lamp catalogue")


def probabilities(supported: float, refuted: float) -> Probabilities:
    return Probabilities(supported=supported, refuted=refuted, not_enough_info=1 - supported - refuted)


def judged(
    evidence: Evidence,
    stance: Stance,
    rule: Rule,
    reason: str,
    *,
    decisive: str | None = None,
    correction: Correction | None = None,
) -> Judgement:
    supported, refuted = {Stance.SUPPORTS: (0.9, 0.05), Stance.REFUTES: (0.03, 0.94)}.get(stance, (0.1, 0.1))
    return Judgement(
        evidence_ids=(evidence.id,),
        stance=stance,
        probabilities=probabilities(supported, refuted),
        checker="entailment" if rule is Rule.ENTAILMENT else "quantities",
        rule=rule,
        reason=reason,
        span=None if decisive is None else span(evidence.text, decisive),
        correction=correction,
    )


def checked(
    claim: Claim,
    label: Label,
    given: Probabilities,
    judgements: tuple[Judgement, ...],
    evidence: tuple[Evidence, ...],
    reason: str,
    correction: Correction | None = None,
) -> CheckedClaim:
    verdict = Verdict(
        label=label,
        confidence=given.of(label),
        probabilities=given,
        judgements=judgements,
        correction=correction,
        reason=reason,
    )
    return CheckedClaim(claim=claim, verdict=verdict, evidence=evidence)


def claims_of(text: str, *, right: bool) -> tuple[CheckedClaim | FailedClaim, ...]:
    year, height = ("1817", "42 metres") if right else ("1871", "420 metres")
    born = Claim(id="c1", text="Ada Lark was born in Port Ellin.", span=span(text, "Ada Lark was born in Port Ellin."))
    finished = Claim(
        id="c2",
        text=f"Ada Lark finished the lighthouse in {year}.",
        span=span(text, f"She finished the lighthouse in {year}"),
    )
    tall = Claim(id="c3", text=f"The lighthouse stands {height} tall.", span=span(text, f"it stands {height} tall"))
    oil = Claim(id="c4", text="The lighthouse's lamp burns whale oil.", span=span(text, "Its lamp burns whale oil."))
    parrot = Claim(id="c5", text="The keeper owns a green parrot.", span=span(text, "The keeper owns a green parrot."))
    stance = Stance.SUPPORTS if right else Stance.REFUTES
    label = Label.SUPPORTED if right else Label.REFUTED
    given = probabilities(0.9, 0.05) if right else probabilities(0.03, 0.94)
    fix_year = None if right else Correction(span=span(finished.text, "1871"), replacement="1817")
    fix_height = None if right else Correction(span=span(tall.text, "420"), replacement="42")
    verb = "agrees with" if right else "differs from"
    year_reason = f"{year} in the claim {verb} 1817 in coast graph"
    height_reason = f"{height} in the claim {verb} 42 metres in Harbour Register"
    support = judged(
        BIRTH, Stance.SUPPORTS, Rule.ENTAILMENT, "entailed by Coast Almanac", decisive="born in Port Ellin"
    )
    return (
        checked(born, Label.SUPPORTED, probabilities(0.9, 0.05), (support,), (BIRTH,), "entailed by Coast Almanac"),
        checked(
            finished,
            label,
            given,
            (
                judged(
                    YEAR,
                    stance,
                    Rule.DATE_EQUAL if right else Rule.FUNCTIONAL_DIFFERS,
                    year_reason,
                    decisive="1817",
                    correction=fix_year,
                ),
            ),
            (YEAR, HEIGHT),
            year_reason,
            fix_year,
        ),
        checked(
            tall,
            label,
            given,
            (
                judged(
                    HEIGHT,
                    stance,
                    Rule.QUANTITY_EQUAL if right else Rule.QUANTITY_DIFFERS,
                    height_reason,
                    decisive="42 metres",
                    correction=fix_height,
                ),
            ),
            (HEIGHT,),
            height_reason,
            fix_height,
        ),
        checked(
            oil,
            Label.CONFLICTING,
            probabilities(0.45, 0.45),
            (
                judged(OIL, Stance.SUPPORTS, Rule.ENTAILMENT, "entailed by Keeper's log"),
                judged(GAS, Stance.REFUTES, Rule.ENTAILMENT, "contradicted by Lamp catalogue"),
            ),
            (OIL, GAS),
            "Keeper's log supports it, Lamp catalogue refutes it",
        ),
        checked(
            parrot, Label.NOT_ENOUGH_INFO, probabilities(0.02, 0.01), (), (), "nothing in the index or the graph says"
        ),
    )


PROVENANCE: dict[str, object] = {"index": {"path": "corpus", "generation": "gen-1"}, "settings": {"sha256": "ab" * 32}}
DRAFT_REPORT = Report(text=DRAFT, claims=claims_of(DRAFT, right=False), provenance=PROVENANCE)
FINAL_REPORT = Report(text=REVISED, claims=claims_of(REVISED, right=True), provenance=PROVENANCE)
REVISED_REPORT = Report(
    text=REVISED,
    claims=FINAL_REPORT.claims,
    warnings=("the embedded sample serves: name an index or a graph to check against your own",),
    provenance=PROVENANCE,
    revision=Reflection(
        rounds=(
            Round(draft=Draft(text=DRAFT, question="Who built it?"), report=DRAFT_REPORT, accepted=True),
            Round(
                draft=Draft(text=REVISED, question="Who built it?"),
                report=FINAL_REPORT,
                accepted=True,
                edits=(
                    Edit(span=span(DRAFT, "1871"), replacement="1817", claim_id="c2", reason="coast graph says 1817"),
                    Edit(span=span(DRAFT, "420"), replacement="42", claim_id="c3", reason="Harbour Register says 42"),
                ),
                reason="2 of 2 refuted claims corrected",
            ),
        ),
        stop_reason=StopReason.UNCHANGED,
        best=1,
    ),
)
FAILED_REPORT = Report(
    text="The moon sings.",
    claims=(
        FailedClaim(
            claim=Claim(id="c1", text="The moon sings.", span=Span(start=0, end=15)),
            stage=Stage.VERIFY,
            code="service",
            message="the endpoint does not answer",
        ),
    ),
)

# -------------------------------------------------------------------------------------------------------- any report

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.integers(0, 50))
    return Span(start=start, end=start + draw(st.integers(0, 20)))


@st.composite
def distributions(draw: st.DrawFn) -> Probabilities:
    first = draw(st.floats(0, 1))
    second = draw(st.floats(0, 1)) * (1 - first)
    return Probabilities(supported=first, refuted=second, not_enough_info=max(0.0, 1 - first - second))


corrections = st.builds(Correction, span=spans(), replacement=texts)
triples = st.builds(Triple, subject=names, predicate=names, object=texts)
judgements = st.builds(
    Judgement,
    evidence_ids=st.lists(names, max_size=2).map(tuple),
    stance=st.sampled_from(Stance),
    probabilities=distributions(),
    checker=names,
    rule=st.sampled_from(Rule),
    reason=texts,
    span=st.none() | spans(),
    correction=st.none() | corrections,
    part=st.none() | spans(),
)


@st.composite
def pieces_of_evidence(draw: st.DrawFn) -> Evidence:
    text = draw(texts)
    passage = draw(
        st.none()
        | st.builds(
            Passage,
            id=names,
            document_id=names,
            document_sha256=names,
            title=texts,
            section=texts,
            text=st.just(text),
            span=spans(),
            source=texts,
            date=st.none() | names,
        )
    )
    return Evidence(
        id=draw(names),
        text=text,
        source=draw(texts),
        score=draw(st.floats(-10, 10)),
        passage=passage,
        triples=tuple(draw(st.lists(triples, max_size=2))),
        graph_sha256=draw(st.none() | names),
    )


claims = st.builds(Claim, id=names, text=texts, span=spans())
verdicts = st.builds(
    Verdict,
    label=st.sampled_from(Label),
    confidence=st.floats(0, 1),
    probabilities=distributions(),
    judgements=st.lists(judgements, max_size=2).map(tuple),
    correction=st.none() | corrections,
    reason=texts,
)
results = st.builds(
    CheckedClaim, claim=claims, verdict=verdicts, evidence=st.lists(pieces_of_evidence(), max_size=2).map(tuple)
) | st.builds(FailedClaim, claim=claims, stage=st.sampled_from(Stage), code=names, message=texts)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)


def reports_with(revision: st.SearchStrategy[Reflection | None]) -> st.SearchStrategy[Report]:
    return st.builds(
        Report,
        text=texts,
        claims=st.lists(results, max_size=3).map(tuple),
        warnings=st.lists(texts, max_size=2).map(tuple),
        provenance=st.dictionaries(texts, json_values, max_size=2),
        revision=revision,
    )


inner_reports = reports_with(st.none())
rounds = st.builds(
    Round,
    draft=st.builds(Draft, text=texts, question=st.none() | texts, model=st.none() | texts),
    report=inner_reports,
    accepted=st.booleans(),
    edits=st.lists(st.builds(Edit, span=spans(), replacement=texts, claim_id=names, reason=texts), max_size=2).map(
        tuple
    ),
    tokens=st.integers(0, 1000),
    reason=texts,
)


@st.composite
def reflections(draw: st.DrawFn) -> Reflection:
    made = tuple(draw(st.lists(rounds, min_size=1, max_size=2)))
    return Reflection(
        rounds=made, stop_reason=draw(st.sampled_from(StopReason)), best=draw(st.integers(0, len(made) - 1))
    )


reports = reports_with(st.none() | reflections())
