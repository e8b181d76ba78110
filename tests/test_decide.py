"""The table, line by line and exhaustively; the model's monotony."""

import itertools
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.decide import EXACT, SURE, Line, Weights, combine, decide, default_weights, merge_corrections, rule
from factcheck.types import (
    NO_EVIDENCE,
    Case,
    Claim,
    Correction,
    Evidence,
    Judgement,
    Label,
    Probabilities,
    Rule,
    Span,
    Stance,
)
from tests.fakes import evidence

TEXT = "Mount Nowhere is 4000 m high."
CLAIM = Claim(id="c1", text=TEXT, span=Span(start=0, end=len(TEXT)))
A = evidence("Mount Nowhere is 4000 m high, says a book.", source="a", id="a")
A2 = evidence("Mount Nowhere, again in the same book, is 4000 m high.", source="a", id="a2")
B = evidence("Mount Nowhere is 3000 m high, says another.", source="b", id="b")
GRAPH = Evidence(id="g", text="Mount Nowhere: height 3000", source="graph", graph_sha256="0" * 64)


def judge(
    stance: Stance,
    on: Evidence | None,
    rule: Rule = Rule.ENTAILMENT,
    sure: float = 0.95,
    correction: Correction | None = None,
    part: Span | None = None,
) -> Judgement:
    rest = (1 - sure) / 2
    values = {
        Stance.SUPPORTS: (sure, rest, rest),
        Stance.REFUTES: (rest, sure, rest),
        Stance.NEUTRAL: (rest, rest, sure),
    }[stance]
    return Judgement(
        evidence_ids=(on.id,) if on else (),
        stance=stance,
        probabilities=Probabilities(supported=values[0], refuted=values[1], not_enough_info=values[2]),
        checker="test",
        rule=rule,
        reason=f"{stance} by {rule}",
        correction=correction,
        part=part,
    )


def line_of(*judgements: Judgement, min_confidence: float = 0.0) -> tuple[Label, Line]:
    case = Case(claim=CLAIM, evidence=(A, A2, B, GRAPH))
    probabilities = combine(judgements, case.evidence)
    label, line, _ = rule(case, judgements, probabilities, min_confidence=min_confidence)
    return label, line


S, R, N = Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL


def test_no_evidence_is_not_enough_information() -> None:
    verdict = decide(Case(claim=CLAIM), [])
    assert verdict.label is Label.NOT_ENOUGH_INFO
    assert verdict.probabilities == NO_EVIDENCE
    assert verdict.confidence == 1.0


@pytest.mark.parametrize(
    ("judgements", "label", "line"),
    [
        ((judge(S, A, Rule.FACT_MATCH), judge(R, B, Rule.LITERAL_DIFFERS)), Label.CONFLICTING, Line.EXACT_CONFLICT),
        (
            (judge(S, GRAPH, Rule.FACT_MATCH), judge(R, GRAPH, Rule.FUNCTIONAL_DIFFERS)),
            Label.CONFLICTING,
            Line.EXACT_CONFLICT,
        ),
        ((judge(R, GRAPH, Rule.LITERAL_DIFFERS), judge(S, A)), Label.CONFLICTING, Line.REFUTATION_OPPOSED),
        ((judge(R, GRAPH, Rule.LITERAL_DIFFERS),), Label.REFUTED, Line.EXACT_REFUTATION),
        ((judge(R, A, Rule.QUANTITY_DIFFERS), judge(S, A2)), Label.REFUTED, Line.EXACT_REFUTATION),
        ((judge(S, GRAPH, Rule.FACT_MATCH), judge(R, B)), Label.CONFLICTING, Line.SUPPORT_OPPOSED),
        ((judge(S, GRAPH, Rule.FACT_MATCH),), Label.SUPPORTED, Line.EXACT_SUPPORT),
        ((judge(S, A), judge(R, B)), Label.CONFLICTING, Line.SOURCES_CONFLICT),
        ((judge(S, A), judge(N, B)), Label.SUPPORTED, Line.LARGEST),
        ((judge(R, A),), Label.REFUTED, Line.LARGEST),
        ((judge(N, A), judge(N, B)), Label.NOT_ENOUGH_INFO, Line.LARGEST),
    ],
)
def test_each_line(judgements: tuple[Judgement, ...], label: Label, line: Line) -> None:
    assert line_of(*judgements) == (label, line)


def test_one_source_does_not_conflict_with_itself() -> None:
    assert line_of(judge(S, A), judge(R, A2))[0] is not Label.CONFLICTING


def test_independent_are_other_documents_of_other_sources() -> None:
    copied = replace(A, id="copy", source="mirror")
    for other, label in ((A2, Label.REFUTED), (copied, Label.REFUTED), (B, Label.CONFLICTING)):
        judgements = (judge(S, A, Rule.ARITHMETIC), judge(R, other, Rule.QUANTITY_DIFFERS))
        assert _decided(_of(TEXT, A, other), *judgements) is label


def test_abstention() -> None:
    weak = judge(S, A, sure=0.6)
    assert line_of(weak, min_confidence=0.99) == (Label.NOT_ENOUGH_INFO, Line.ABSTAINED)
    assert line_of(weak)[0] is Label.SUPPORTED
    reached = combine([weak], (A, A2, B, GRAPH)).supported
    assert line_of(weak, min_confidence=reached)[0] is Label.SUPPORTED  # what is asked for is enough


def test_support_of_one_part_does_not_contradict_refutation_of_another() -> None:
    name, number = Span(start=0, end=13), Span(start=17, end=21)
    support = judge(S, GRAPH, Rule.FACT_MATCH, part=name)
    refutation = judge(R, B, Rule.QUANTITY_DIFFERS, part=number)
    assert line_of(support, refutation) == (Label.REFUTED, Line.EXACT_REFUTATION)


def test_support_of_a_part_does_not_support_the_whole() -> None:
    part = Span(start=0, end=13)
    assert line_of(judge(S, GRAPH, Rule.FACT_MATCH, part=part), judge(R, B))[1] is not Line.EXACT_SUPPORT


def test_a_reading_defends_a_value_only_where_its_evidence_mentions_it() -> None:
    number = Span(start=17, end=21)
    refutation = judge(R, GRAPH, Rule.LITERAL_DIFFERS, part=number)
    assert line_of(refutation, judge(S, A))[0] is Label.CONFLICTING  # "4000" stands in A
    assert line_of(refutation, judge(S, B)) == (Label.REFUTED, Line.EXACT_REFUTATION)  # but not in B


@pytest.mark.parametrize("rules", list(itertools.product(Rule, Stance, (SURE, SURE - 0.05))), ids=str)
def test_every_rule_alone(rules: tuple[Rule, Stance, float]) -> None:
    """Exhaustive: one judgement of each rule, stance and certainty, on one piece of evidence."""
    kind, stance, sure = rules
    label, line = line_of(judge(stance, GRAPH, kind, sure=sure))
    if kind in EXACT[stance] and sure >= SURE:
        expected = {S: (Label.SUPPORTED, Line.EXACT_SUPPORT), R: (Label.REFUTED, Line.EXACT_REFUTATION)}[stance]
        assert (label, line) == expected
    else:
        assert line is Line.LARGEST
        if stance is N:
            assert label is Label.NOT_ENOUGH_INFO


@pytest.mark.parametrize(
    "first", list(itertools.product(Rule, (S, R), (A, GRAPH))), ids=lambda v: f"{v[0]}-{v[1]}-{v[2].id}"
)
def test_every_pair_of_rules_is_decided_and_symmetric(first: tuple[Rule, Stance, Evidence]) -> None:
    one = judge(first[1], first[2], first[0])
    for kind, stance, on in itertools.product(Rule, (S, R, N), (A, A2, B, GRAPH)):
        other = judge(stance, on, kind)
        label = line_of(one, other)[0]
        assert label is line_of(other, one)[0], "the order of judgements must not matter"
        exact = {s: any(j.stance is s and j.rule in EXACT[s] for j in (one, other)) for s in (S, R)}
        if exact[R] and not any(j.stance is S for j in (one, other)):
            assert label is Label.REFUTED
        if exact[S] and not any(j.stance is R for j in (one, other)):
            assert label is Label.SUPPORTED
        if {one.stance, other.stance} != {S, R}:
            assert label is not Label.CONFLICTING


probabilities = st.tuples(*[st.floats(0.01, 1.0)] * 3).map(
    lambda v: Probabilities(
        supported=v[0] / sum(v), refuted=v[1] / sum(v), not_enough_info=1 - v[0] / sum(v) - v[1] / sum(v)
    )
)


@given(st.lists(probabilities, min_size=1, max_size=5), st.floats(0.0, 1.0))
def test_more_support_never_makes_a_claim_less_supported(readings: list[Probabilities], gain: float) -> None:
    def read(p: Probabilities) -> Judgement:
        return Judgement(evidence_ids=("a",), stance=S, probabilities=p, checker="t", rule=Rule.ENTAILMENT, reason="")

    before = combine([read(p) for p in readings], (A,))
    best = readings[0]
    moved = gain * best.not_enough_info
    better = Probabilities(
        supported=best.supported + moved, refuted=best.refuted, not_enough_info=best.not_enough_info - moved
    )
    after = combine([read(better), *(read(p) for p in readings[1:])], (A,))
    # what leaves NOT_ENOUGH_INFO also moves the odds of REFUTED, so the comparison is between the two sides
    assert (
        after.supported / max(after.not_enough_info, 1e-12)
        >= before.supported / max(before.not_enough_info, 1e-12) * (1 - 1e-9)
        or after.refuted > before.refuted
    )


@given(st.floats(0.34, 0.99), st.floats(0.34, 0.99))
def test_symbols_are_monotone(low: float, high: float) -> None:
    low, high = sorted((low, high))
    for stance in (S, R):
        label = Label.SUPPORTED if stance is S else Label.REFUTED
        values = [
            combine([judge(N, A, sure=0.5), judge(stance, A, Rule.QUANTITY_EQUAL, sure=sure)], (A,)).of(label)
            for sure in (low, high)
        ]
        assert values[0] <= values[1] + 1e-9


def test_shipped_weights_are_monotone() -> None:
    weights = default_weights()
    assert isinstance(weights, Weights)
    numbers = msgspec.structs.asdict(weights)
    assert all(value >= 0 for name, value in numbers.items() if name != "schema" and not name.startswith("bias_"))
    assert min(weights.scale_one, weights.scale_many) > 0


@given(st.lists(probabilities, min_size=1, max_size=3), st.floats(0.05, 3.0))
def test_temperatures_change_no_label(readings: list[Probabilities], scale: float) -> None:
    pieces = (A, A2, B)
    said = [
        Judgement(evidence_ids=(on.id,), stance=S, probabilities=p, checker="t", rule=Rule.ENTAILMENT, reason="")
        for on, p in zip(pieces, readings, strict=False)
    ]
    one = msgspec.structs.replace(default_weights(), scale_one=1.0, scale_many=1.0)
    other = msgspec.structs.replace(one, scale_one=scale, scale_many=scale)
    first, second = combine(said, pieces, one), combine(said, pieces, other)
    values = sorted((first.supported, first.refuted, first.not_enough_info))
    if values[2] - values[1] > 1e-6:
        assert first.label is second.label


def test_one_piece_and_several_have_a_temperature_each() -> None:
    weights = msgspec.structs.replace(default_weights(), scale_one=0.1, scale_many=2.0)
    one, several = [judge(S, A)], [judge(S, A), judge(S, A2)]
    both = msgspec.structs.replace(weights, scale_many=0.1), msgspec.structs.replace(weights, scale_one=2.0)
    assert combine(one, (A, A2), weights) == combine(one, (A, A2), both[0]) != combine(one, (A, A2), both[1])
    assert combine(several, (A, A2), weights) == combine(several, (A, A2), both[1])
    assert combine(several, (A, A2), weights) != combine(several, (A, A2), both[0])


def test_what_was_found_far_down_counts_for_less() -> None:
    weights = msgspec.structs.replace(default_weights(), rank=0.5)
    near, far = replace(A, score=0.9), replace(B, score=0.1)
    first = combine([judge(S, near), judge(N, far)], (near, far), weights)
    last = combine([judge(N, near), judge(S, far)], (near, far), weights)
    assert first.supported > last.supported


def test_what_nobody_says_to_the_contrary_is_no_support() -> None:
    """The odds of SUPPORTED are the same however far from a refutation a reading is that does not refute."""
    near = Probabilities(supported=0.6, refuted=0.1, not_enough_info=0.3)
    far = Probabilities(supported=0.66, refuted=0.01, not_enough_info=0.33)
    said = [combine([replace(judge(S, A), probabilities=p)], (A,)) for p in (near, far)]
    assert said[0].supported / said[0].not_enough_info == pytest.approx(said[1].supported / said[1].not_enough_info)


def test_given_evidence_has_no_order() -> None:
    weights = msgspec.structs.replace(default_weights(), rank=0.5)
    said = [judge(S, A), judge(N, B)]
    assert combine(said, (A, B), weights) == combine(said, (B, A), weights)


def test_exact_rules_carry_their_probabilities_into_the_verdict() -> None:
    verdict = decide(Case(claim=CLAIM, evidence=(A, GRAPH)), [judge(N, A), judge(R, GRAPH, Rule.LITERAL_DIFFERS)])
    assert verdict.label is verdict.probabilities.label is Label.REFUTED
    assert verdict.confidence == pytest.approx(0.95)


class TestMergeCorrections:
    def test_none(self) -> None:
        assert merge_corrections(TEXT, []) is None

    def test_two_places_become_one_correction(self) -> None:
        name = Correction(span=Span(start=6, end=13), replacement="Somewhere")
        number = Correction(span=Span(start=17, end=21), replacement="3000")
        merged = merge_corrections(TEXT, [number, name])
        assert merged is not None
        assert merged.apply(TEXT) == "Mount Somewhere is 3000 m high."

    def test_the_first_of_two_that_overlap_wins(self) -> None:
        first = Correction(span=Span(start=17, end=21), replacement="3000")
        second = Correction(span=Span(start=17, end=23), replacement="5 km")
        merged = merge_corrections(TEXT, [first, second])
        assert merged is not None
        assert merged.apply(TEXT) == "Mount Nowhere is 3000 m high."

    def test_of_two_insertions_at_one_place_the_first_wins(self) -> None:
        at = Span(start=14, end=14)
        merged = merge_corrections(TEXT, [Correction(span=at, replacement=word) for word in ("also ", "not ")])
        assert merged is not None
        assert merged.apply(TEXT) == "Mount Nowhere also is 4000 m high."

    def test_doubtful_corrections_stay_out_when_an_exact_rule_decides(self) -> None:
        sure = Correction(span=Span(start=17, end=21), replacement="3000")
        doubtful = Correction(span=Span(start=6, end=13), replacement="Somewhere")
        judgements = [
            judge(R, A, Rule.DATE_DIFFERS, sure=0.75, correction=doubtful),
            judge(R, GRAPH, Rule.LITERAL_DIFFERS, correction=sure),
        ]
        assert decide(Case(claim=CLAIM, evidence=(A, GRAPH)), judgements).correction == sure

    def test_it_reaches_the_verdict_of_refuted_claims_only(self) -> None:
        correction = Correction(span=Span(start=17, end=21), replacement="3000")
        refutation = judge(R, GRAPH, Rule.LITERAL_DIFFERS, correction=correction)
        case = Case(claim=CLAIM, evidence=(A, GRAPH))
        assert decide(case, [refutation]).correction == correction
        assert decide(case, [refutation, judge(S, A)]).correction is None


# ----------------------------------------------------------------------------- corrections and contradictions that fit


def test_corrections_of_different_evidence_are_alternatives_and_the_smaller_is_taken() -> None:
    text = "Ida Stone won the Vale Prize in 1904."
    claim = Claim(id="c", text=text, span=Span(start=0, end=len(text)))
    year = Correction(span=Span(start=32, end=36), replacement="1903")
    winner = Correction(span=Span(start=0, end=9), replacement="Otto Marsh")
    case = Case(claim=claim, evidence=(A, GRAPH))
    judgements = [
        judge(R, GRAPH, Rule.FUNCTIONAL_DIFFERS, sure=0.96, correction=winner),
        judge(R, A, Rule.DATE_DIFFERS, sure=0.96, correction=year),
    ]
    assert decide(case, judgements).correction == year
    assert decide(case, judgements[::-1]).correction == year


def test_a_reading_of_another_thing_does_not_contradict_a_comparison() -> None:
    other = evidence("Mount Elsewhere rises to 5000 m.", source="c", id="c")
    case = Case(claim=CLAIM, evidence=(GRAPH, other, B))
    supported = judge(S, GRAPH, Rule.LITERAL_MATCH)
    for refutation, label in ((judge(R, other), Label.SUPPORTED), (judge(R, B), Label.CONFLICTING)):
        judgements = [supported, refutation]
        assert rule(case, judgements, combine(judgements, case.evidence))[0] is label


def _of(text: str, *pieces: Evidence) -> Case:
    return Case(claim=Claim(id="c1", text=text, span=Span(start=0, end=len(text))), evidence=pieces)


def _decided(case: Case, *judgements: Judgement) -> Label:
    return rule(case, judgements, combine(judgements, case.evidence))[0]


@pytest.mark.parametrize("said", ["381,740", "2,381"])
def test_a_value_does_not_stand_within_a_longer_one(said: str) -> None:
    land = evidence("The land is 2,381,740 sq km.", source="a", id="a")
    case = _of(f"Nowhere has an area of {said} sq km.", land, GRAPH)
    value = Span(start=23, end=23 + len(said))
    graph = judge(R, GRAPH, Rule.LITERAL_DIFFERS, correction=Correction(span=value, replacement="2,381,740"))
    assert _decided(case, judge(S, land), graph) is Label.REFUTED


def test_a_source_that_says_both_is_no_second_source() -> None:
    graph, border = judge(S, GRAPH, Rule.LITERAL_MATCH), judge(R, A, sure=0.9)
    assert line_of(graph, border)[0] is Label.CONFLICTING
    assert line_of(graph, border, judge(S, A2, sure=0.92))[0] is Label.SUPPORTED
    assert line_of(graph, border, judge(S, A2, sure=0.9))[0] is Label.SUPPORTED
    assert line_of(graph, border, judge(S, A2, sure=0.86))[0] is Label.CONFLICTING


@pytest.mark.parametrize(
    ("title", "label"), [("K2", Label.SUPPORTED), ("Heights of Nowhere", Label.CONFLICTING), ("", Label.CONFLICTING)]
)
def test_under_the_title_of_another_thing_nothing_is_contradicted(title: str, label: Label) -> None:
    other = evidence("It is 3000 m high, second to Mount Nowhere.", source="c", title=title, id="c")
    case = _of(TEXT, other, GRAPH)
    assert _decided(case, judge(S, GRAPH, Rule.LITERAL_MATCH), judge(R, other)) is label


def test_the_reason_is_no_sign_where_somebody_read() -> None:
    judgements = (judge(S, A, sure=0.7), judge(S, A, Rule.VALUES_STAND, sure=0.84))
    assert decide(_of(TEXT, A), judgements).reason == "SUPPORTS by entailment"


def test_the_reason_is_what_can_decide_by_itself_where_there_is_such() -> None:
    compared = judge(S, GRAPH, Rule.FACT_MATCH, sure=0.91, part=Span(start=0, end=13))
    assert decide(_of(TEXT, A, GRAPH), (judge(S, A, sure=0.95), compared)).reason == compared.reason


def test_what_settles_nothing_alone_is_no_reason_for_a_support() -> None:
    judgements = (judge(N, A, sure=0.36), judge(S, A, Rule.VALUES_STAND, sure=0.9))
    verdict = decide(_of(TEXT, A), judgements)
    assert (verdict.label, verdict.reason) == (
        Label.SUPPORTED,
        "No single piece of evidence decides, but together they do.",
    )
