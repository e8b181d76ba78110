"""Evidence is read whole, in windows, and the judgement says what decided."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import TextError
from factcheck.protocols import Vectors
from factcheck.types import Case, Claim, Evidence, Judgement, Rule, Span, Stance
from factcheck.verify.entailment import EntailmentChecker
from factcheck.verify.windows import Premise, claim_parts, pieces
from tests.fakes import FakeEntailment, evidence, passage, words


class StrictEntailment(FakeEntailment):
    """The fake with the seam's promise to refuse what is too long, and a count of its calls."""

    batches: list[int]

    def __init__(self, max_tokens: int = 64) -> None:
        super().__init__(max_tokens=max_tokens)
        self.batches = []

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        for premise, hypothesis in pairs:
            if len(words(premise)) + len(words(hypothesis)) + 4 > self.max_tokens:
                raise TextError("too long")
        self.batches.append(len(pairs))
        return super().score(pairs)


def case(text: str, *found: Evidence) -> Case:
    return Case(claim=Claim(id="c1", text=text, span=Span(start=0, end=len(text))), evidence=found)


def judge(model: FakeEntailment, text: str, *found: Evidence) -> tuple[Judgement, ...]:
    return EntailmentChecker(model).check([case(text, *found)])[0].judgements


FILLER = "Nothing of note happened in the village that year."


def test_support_refutation_and_silence() -> None:
    found = [
        evidence("It rained. Anna lives in Rome.", id="e1"),
        evidence("Anna lives not in Rome.", id="e2"),
        evidence("Bob likes tea.", id="e3"),
    ]
    judgements = judge(FakeEntailment(), "Anna lives in Rome.", *found)
    assert [j.stance for j in judgements] == [Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL]
    assert [j.evidence_ids for j in judgements] == [("e1",), ("e2",), ("e3",)]
    assert {j.rule for j in judgements} == {Rule.ENTAILMENT}
    assert {j.checker for j in judgements} == {"entailment"}
    assert judgements[0].span is not None
    assert judgements[0].span.of(found[0].text) == "Anna lives in Rome."
    assert "“Anna lives in Rome”, which supports the claim." in judgements[0].reason
    assert "contradicts" in judgements[1].reason
    assert judgements[2].reason == "fake corpus does not settle the claim."


def test_title_and_section_stand_in_front_of_every_window() -> None:
    found = passage(
        " ".join(f"Well {n} was dug in a village." for n in range(20)), title="Algeria", section="Geography / Area"
    )
    model = StrictEntailment()
    judge(model, "Algeria is large.", Evidence(id="e", text=found.text, source="s", passage=found))
    assert len(model.calls) > 1
    assert all(premise.startswith("Algeria\nGeography / Area\n") for premise, _ in model.calls)


def test_a_bare_value_is_read_under_its_title() -> None:
    found = evidence("2,381,740 sq km", title="Algeria total area")
    (judgement,) = judge(FakeEntailment(), "Algeria total area 2,381,740 sq km", found)
    assert judgement.stance is Stance.SUPPORTS
    assert judgement.span is not None
    assert judgement.span.of(found.text) == "2,381,740 sq km"
    assert judgement.reason.startswith("Algeria total area (fake corpus) says “2,381,740 sq km”")


def test_facts_of_a_graph_are_read_too() -> None:
    fact = Evidence(id="f", text="Anna lives in Rome.", source="a graph", graph_sha256="0" * 64)
    assert judge(FakeEntailment(), "Anna lives in Rome.", fact)[0].stance is Stance.SUPPORTS


@pytest.mark.parametrize("place", [0, 60, 119])
def test_what_decides_is_found_wherever_it_stands(place: int) -> None:
    sentences = [FILLER] * 120
    sentences[place] = "Anna lives in Rome."
    found = evidence(" ".join(sentences))
    model = StrictEntailment()
    (judgement,) = judge(model, "Anna lives in Rome.", found)
    assert judgement.stance is Stance.SUPPORTS
    assert judgement.span is not None
    assert "Anna lives in Rome." in judgement.span.of(found.text)
    assert len(model.calls) <= 6
    assert "likeliest of 120 sentences" in judgement.reason


def test_evidence_that_can_be_read_whole_is_not_said_to_be_cut() -> None:
    (judgement,) = judge(StrictEntailment(), "Anna lives in Rome.", evidence(" ".join([FILLER] * 8)))
    assert "likeliest" not in judgement.reason


def test_all_pairs_go_in_one_call_and_equal_ones_once() -> None:
    model = StrictEntailment()
    same = evidence("Anna lives in Rome.", id="e1"), evidence("Anna lives in Rome.", id="e2")
    cases = [case("Anna lives in Rome.", *same), case("Anna lives in Rome.", *same), case("Bob likes tea.", same[0])]
    results = EntailmentChecker(model).check(cases)
    assert model.batches == [2]
    assert [len(result.judgements) for result in results] == [2, 2, 1]


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_nothing_to_read(text: str) -> None:
    assert judge(FakeEntailment(), "Anna lives in Rome.", evidence(text)) == ()
    assert judge(FakeEntailment(), text, evidence("Anna lives in Rome.")) == ()
    assert judge(FakeEntailment(), "Anna lives in Rome.") == ()


def test_a_long_claim_needs_all_its_parts() -> None:
    model = StrictEntailment()
    facts = [f"Anna number {n} lives in the old town of Rome." for n in range(12)]
    full = evidence(" ".join(facts))
    claim = " ".join(facts)
    (whole,) = judge(model, claim, full)
    assert whole.stance is Stance.SUPPORTS
    assert "judged in 12 parts" in whole.reason
    (lacking,) = judge(StrictEntailment(), claim, evidence(" ".join(facts[:-1])))
    assert lacking.stance is Stance.NEUTRAL
    (denied,) = judge(
        StrictEntailment(), claim, evidence(" ".join([*facts[:-1], facts[-1].replace("lives", "lives not")]))
    )
    assert denied.stance is Stance.REFUTES


def test_a_title_longer_than_a_window_is_read_as_text() -> None:
    title = " ".join(f"Part {n} of the name says little." for n in range(30)) + " Anna lives in Rome."
    (judgement,) = judge(StrictEntailment(), "Anna lives in Rome.", evidence("See the title.", title=title))
    assert judgement.stance is Stance.SUPPORTS
    assert judgement.span is None


def test_a_claim_of_twenty_thousand_tokens_and_two_megabytes_of_evidence() -> None:
    claim = " ".join(f"Anna number {n} lives in Rome." for n in range(3_400))
    text = " ".join(f"In the year {n} the village had {n} houses and a mill." for n in range(40_000))
    assert len(words(claim)) > 20_000
    assert len(text) > 2_000_000
    model = StrictEntailment(max_tokens=256)
    (judgement,) = judge(model, claim, evidence(text))
    assert judgement.stance is Stance.NEUTRAL
    assert len(model.calls) <= 400


@pytest.mark.parametrize(
    "text", ["x" * 50_000, "word " * 20_000, "沒有句號" * 10_000, "\x00" * 1000, "\u202e\u05e9 " * 5000]
)
def test_text_without_sentences(text: str) -> None:
    judgements = judge(StrictEntailment(), "Anna lives in Rome.", evidence(text))
    assert len(judgements) <= 1
    assert len(judge(StrictEntailment(), text, evidence("Anna lives in Rome."))) <= 1


def test_a_judgement_does_not_depend_on_other_cases() -> None:
    cases = [
        case("Anna lives in Rome.", evidence("Anna lives in Rome."), evidence(" ".join([FILLER] * 50), id="x")),
        case("Bob likes tea.", evidence("Bob likes not tea.")),
        case("Nothing.", evidence(" ".join([FILLER] * 200))),
    ]
    checker = EntailmentChecker(StrictEntailment())
    together = checker.check(cases)
    assert [checker.check([one])[0] for one in cases] == together
    assert checker.check(cases[::-1]) == together[::-1]


class Confused(FakeEntailment):
    """Says of each premise what a table says."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        table = {"alpha": (0.4, 0.1, 0.5), "beta": (0.1, 0.7, 0.2), "gamma": (0.65, 0.1, 0.25)}
        return np.array([table[next(w for w in table if w in premise)] for premise, _ in pairs], dtype=np.float32)


def test_the_window_that_supports_most_and_the_one_that_refutes_most_both_count() -> None:
    text = " ".join(
        " ".join([f"{word} {n} is a word that fills."] * 6) for n, word in enumerate(["alpha", "beta", "gamma"])
    )
    (judgement,) = judge(Confused(max_tokens=60), "A word fills.", evidence(text))
    against, support = 0.7 / 0.2, 0.65 / 0.25
    assert judgement.stance is Stance.REFUTES
    assert judgement.probabilities.refuted == pytest.approx(against / (1 + against + support), abs=1e-6)
    assert judgement.probabilities.supported == pytest.approx(support / (1 + against + support), abs=1e-6)
    assert judgement.span is not None
    assert "beta" in judgement.span.of(text)


def test_what_supports_is_cited_though_another_window_refutes_a_little() -> None:
    text = " ".join(" ".join([f"{word} {n} is a word that fills."] * 6) for n, word in enumerate(["alpha", "gamma"]))
    (judgement,) = judge(Confused(max_tokens=60), "A word fills.", evidence(text))
    assert judgement.stance is Stance.SUPPORTS
    assert judgement.span is not None
    assert "gamma" in judgement.span.of(text)


# ------------------------------------------------------------------------------------------------------------- windows

TEXTS = st.text(alphabet="ab .\n!北。\u00a0", max_size=400)


def count(text: str) -> int:
    return len(text.replace(" ", "").replace("\n", ""))


@given(TEXTS, st.integers(1, 30))
def test_pieces_lose_nothing_and_fit(text: str, limit: int) -> None:
    spans = pieces(text, count, limit)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    kept = "".join(span.of(text) for span in spans)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(count(span.of(text)) <= limit for span in spans)


@given(TEXTS, st.integers(8, 40))
def test_windows_fit_and_all_of_a_short_text_is_in_one_of_them(text: str, room: int) -> None:
    found = Evidence(id="e", text=text, source="s")
    premise = Premise(found, count, heading_limit=4, piece_limit=room - 1)
    selection = premise.select("a b", room, 1000)
    covered = set()
    for window in selection.windows:
        assert window.span is not None
        assert count(window.text) <= room
        assert window.text == window.span.of(text)
        covered |= set(range(window.span.start, window.span.end))
    if len(premise) <= 90:
        assert {place for place, character in enumerate(text) if not character.isspace()} <= covered
        assert selection.sentences_read == selection.sentences


@given(TEXTS, st.integers(1, 40))
def test_parts_of_a_claim_fit(text: str, limit: int) -> None:
    parts = claim_parts(text, count, limit)
    assert all(count(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_windows_overlap_by_a_short_sentence() -> None:
    sentences = ["Aaaa aaaa.", "Bbbb bbbb.", "Cccc cccc.", "Dddd dddd."]
    text = " ".join(sentences)
    premise = Premise(Evidence(id="e", text=text, source="s"), count, heading_limit=4, piece_limit=29)
    assert [w.text for w in premise.select("x", 31, 10).windows] == [
        "Aaaa aaaa. Bbbb bbbb. Cccc cccc.",
        "Cccc cccc. Dddd dddd.",
    ]


def early(model: FakeEntailment, *texts: str, limit: float = 0.8) -> tuple[Judgement, ...]:
    found = [evidence(text, id=f"e{i}") for i, text in enumerate(texts)]
    return EntailmentChecker(model, early_stop=limit).check([case("The sky is blue.", *found)])[0].judgements


def test_an_early_stop_reads_two_pieces_and_no_more_than_it_needs() -> None:
    blue, grey, other = "The sky is blue.", "The sky is not blue.", "Cats purr."
    model = FakeEntailment()
    assert len(early(model, blue, other, grey, other)) == 2
    assert len(model.calls) == 2
    assert len(early(FakeEntailment(), other, other, blue, grey)) == 3
    assert len(early(FakeEntailment(), other, other, other, other)) == 4
    # Sources that oppose each other keep the reading going.
    assert len(early(FakeEntailment(), blue, grey, other, other)) == 4
    assert len(early(FakeEntailment(), blue, other, grey, limit=0.0)) == 3
    assert len(early(FakeEntailment(), blue, other, grey, limit=0.95)) == 3


def test_an_early_stop_does_not_depend_on_the_batch() -> None:
    texts = [["The sky is blue.", "Cats purr.", "x"], ["Cats purr.", "x", "The sky is not blue.", "y"], [], ["y"]]
    cases = [case("The sky is blue.", *(evidence(t, id=f"e{i}") for i, t in enumerate(row))) for row in texts]
    checker = EntailmentChecker(FakeEntailment(), early_stop=0.8)
    assert checker.check(cases) == [checker.check([one])[0] for one in cases]
    assert checker.check(cases[::-1]) == checker.check(cases)[::-1]
