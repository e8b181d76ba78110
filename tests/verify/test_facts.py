"""Claims on the small graph of `tests/graph/sample.py`: what is supported, refuted, mended, and left alone."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from factcheck.graph.reader import LocalGraphReader
from factcheck.protocols import Checker
from factcheck.retrieve.facts import FactRetriever
from factcheck.types import Case, CheckResult, GraphAnswer, Judgement, Rule, Stance
from factcheck.verify.facts import GraphChecker
from tests.fakes import FakeGraphReader
from tests.graph.sample import build, claim, open_reader


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    return open_reader(tmp_path_factory.mktemp("graph"))


def judge(reader: LocalGraphReader, text: str, **keywords: bool) -> Sequence[Judgement]:
    (result,) = GraphChecker(reader, **keywords).check([Case(claim=claim(text))])
    return result.judgements


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("The capital of Norland is Vess.", Rule.FACT_MATCH),
        ("Vess is the capital of Norland.", Rule.FACT_MATCH),
        ("Norland's capital is Vess.", Rule.FACT_MATCH),
        ("Vess is Norland's capital.", Rule.FACT_MATCH),
        ("The city of Vess is the capital of the Kingdom of Norland.", Rule.FACT_MATCH),
        ("VESS IS THE CAPITAL OF NORLAND.", Rule.FACT_MATCH),
        ("諾蘭的首都是維斯。", Rule.FACT_MATCH),
        ("诺兰的首都是维斯。", Rule.FACT_MATCH),
        ("維斯是諾蘭的首都。", Rule.FACT_MATCH),
        ("Norland borders Sudmark.", Rule.FACT_MATCH),
        ("Sudmark borders Norland.", Rule.FACT_MATCH),
        ("Norland borders the Eastern Realm.", Rule.FACT_MATCH),  # stated of what is the same as Norland
        ("Ana Olsen wrote The Fjord.", Rule.FACT_MATCH),
        ("The Fjord was written by Ana Olsen.", Rule.FACT_MATCH),
        ("Vess is located in Boria.", Rule.PATH_MATCH),
        ("Mercury is a rocky planet.", Rule.FACT_MATCH),
        ("Mercury is a celestial body.", Rule.FACT_MATCH),
        ("Ana Olsen was born in 1867.", Rule.LITERAL_MATCH),
        ("Ana Olsen was born on 7 November 1867.", Rule.LITERAL_MATCH),
        ("Norland has a total area of 2,381,740 square kilometres.", Rule.LITERAL_MATCH),
        ("Norland has a total area of about 2.4 million square kilometres.", Rule.LITERAL_MATCH),
        ("Norland has a total area of more than 2 million square kilometres.", Rule.LITERAL_MATCH),
        ("The atomic number of mercury is 80.", Rule.LITERAL_MATCH),
        ("Mercury melts at -38.8 degrees Celsius.", Rule.LITERAL_MATCH),
        ("The symbol of mercury is Hg.", Rule.LITERAL_MATCH),
        ("Ana Olsen won the Grand Prize in 1903.", Rule.PATH_MATCH),
        ("Orla is not the capital of Norland.", Rule.NEGATED_FACT),
        ("Orla isn't the capital of Norland.", Rule.NEGATED_FACT),
        ("The city of Vess is in Norland.", Rule.FACT_MATCH),
        ("The city of Vess is not in Sudmark.", Rule.NEGATED_FACT),
        ("Vess isn't in Sudmark.", Rule.NEGATED_FACT),
        ("奧拉不是諾蘭的首都。", Rule.NEGATED_FACT),
        ("Ana Olsen was not born in 1866.", Rule.NEGATED_FACT),
        ("Mercury is not an ice giant.", Rule.NEGATED_FACT),
    ],
)
def test_supported(reader: LocalGraphReader, text: str, rule: Rule) -> None:
    judgements = judge(reader, text)
    assert [(j.stance, j.rule, j.part) for j in judgements] == [(Stance.SUPPORTS, rule, None)]
    assert judgements[0].correction is None
    assert "(graph: test graph)" in judgements[0].reason


@pytest.mark.parametrize(
    ("text", "rule", "mended"),
    [
        ("The capital of Norland is Orla.", Rule.FUNCTIONAL_DIFFERS, "The capital of Norland is Vess."),
        ("Orla is the capital of Norland.", Rule.FUNCTIONAL_DIFFERS, "Vess is the capital of Norland."),
        ("Norland's capital is Orla.", Rule.FUNCTIONAL_DIFFERS, "Norland's capital is Vess."),
        ("諾蘭的首都是奧拉。", Rule.FUNCTIONAL_DIFFERS, "諾蘭的首都是維斯。"),
        ("诺兰的首都是奥拉。", Rule.FUNCTIONAL_DIFFERS, "诺兰的首都是维斯。"),
        ("Vess is located in Sudmark.", Rule.FUNCTIONAL_DIFFERS, "Vess is located in Norland."),
        ("The city of Vess is in Sudmark.", Rule.FUNCTIONAL_DIFFERS, "The city of Vess is in Norland."),
        ("The city of Vess is not in Norland.", Rule.NEGATED_FACT, "The city of Vess is in Norland."),
        ("Vess is the capital of the Eastern Realm.", Rule.INVERSE_FUNCTIONAL_DIFFERS, None),
        ("Norland is the capital of Vess.", Rule.DISJOINT_CLASSES, "Vess is the capital of Norland."),
        ("The Fjord wrote Ana Olsen.", Rule.DISJOINT_CLASSES, "Ana Olsen wrote The Fjord."),
        ("Mercury is an ice giant.", Rule.DISJOINT_CLASSES, "Mercury is a rocky planet."),
        ("Ana Olsen was born in 1866.", Rule.LITERAL_DIFFERS, "Ana Olsen was born in 1867."),
        ("Ana Olsen was born on 8 November 1867.", Rule.LITERAL_DIFFERS, "Ana Olsen was born on 7 November 1867."),
        ("Ana Olsen was born on November 8, 1867.", Rule.LITERAL_DIFFERS, "Ana Olsen was born on November 7, 1867."),
        ("The Fjord was published in 1910.", Rule.LITERAL_DIFFERS, "The Fjord was published in 1901."),
        (
            "Norland has a total area of 381,740 square kilometres.",
            Rule.LITERAL_DIFFERS,
            "Norland has a total area of 2,381,740 square kilometres.",
        ),
        (
            "Norland has a total area of 24 million square kilometres.",
            Rule.LITERAL_DIFFERS,
            "Norland has a total area of 2.382 million square kilometres.",
        ),
        ("The atomic number of mercury is 81.", Rule.LITERAL_DIFFERS, "The atomic number of mercury is 80."),
        ("The symbol of mercury is Au.", Rule.LITERAL_DIFFERS, "The symbol of mercury is Hg."),
        ("The Fjord was directed by Berta Lund.", Rule.CLOSED_WORLD, "The Fjord was directed by Ana Olsen."),
        ("Vess is not the capital of Norland.", Rule.NEGATED_FACT, "Vess is the capital of Norland."),
        ("Vess isn't the capital of Norland.", Rule.NEGATED_FACT, "Vess is the capital of Norland."),
        ("維斯不是諾蘭的首都。", Rule.NEGATED_FACT, "維斯是諾蘭的首都。"),
    ],
)
def test_refuted(reader: LocalGraphReader, text: str, rule: Rule, mended: str | None) -> None:
    judgements = judge(reader, text)
    assert [(j.stance, j.rule) for j in judgements] == [(Stance.REFUTES, rule)]
    (judgement,) = judgements
    if mended is not None:
        assert judgement.correction is not None
        assert judgement.correction.apply(text) == mended
        assert [j.stance for j in judge(reader, mended)] == [Stance.SUPPORTS]
    assert "(graph: test graph)" in judgement.reason


def test_the_wrong_year_of_an_event_is_refuted_while_the_rest_stands(reader: LocalGraphReader) -> None:
    text = "Ana Olsen won the Grand Prize in 1904."
    judgements = judge(reader, text)
    assert [(j.stance, j.rule) for j in judgements] == [(Stance.REFUTES, Rule.PATH_DIFFERS)]
    assert judgements[0].correction is not None
    assert judgements[0].correction.apply(text) == "Ana Olsen won the Grand Prize in 1903."
    assert "1904" in judgements[0].reason and "1903" in judgements[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "Nothing here is named.",
        "Norland is a fine place.",
        "Ana Olsen wrote Glade.",  # who wrote may have written more
        "Norland borders Boria.",
        "Is Orla the capital of Norland?",
        "Orla may be the capital of Norland.",
        "Some believed that Orla was the capital of Norland.",
        "The former capital of Norland is Orla.",
        "Until 1901, the capital of Norland was Orla.",
        "Orla was the capital of Norland.",
        "Orla is the cultural capital of Norland.",
        "Orla is the largest city of Norland.",
        "Springs is located in Norland.",  # two places are called so
        "The capital of Norland is Orla or Vess or Toren.",
        "Orla is no longer the capital of Norland.",
        "Ana Olsen did not write The Fjord in 1904.",
        "Neither Orla nor Toren is the capital of Norland.",
        "It is not true that Orla is not the capital of Norland.",
        "Norland has a total area of 2,390,000 square kilometres.",  # sources round
        "Norland has a total area of 12 kilograms.",
        "The mayor of Vess is in Sudmark.",
        "Vess is in Sudmark every summer.",
        "Kristen Vess is a country.",  # Vess is part of a longer name
        "Ana Olsen Berg was born in 1912.",
        "Norland City is a continent.",
        "The mother of Ana Olsen was born in 1842.",
        "Ana Olsen's daughter was born in 1899.",
        "Vess is home to Norland's football team.",
        "Norland's oldest town is not Orla.",
        "Transporter: Dark of the Moon is a rocky planet.",
        "Vess and Orla were in Norland on March 31, 2019.",
        "The Fjord was written by an Orla author.",
        "Coral Reef was published in 1998.",  # the graph's date does not exist
        "Glade was published in 1998.",  # the graph's date is none
        "The capital of Norland is Ana Olsen.",
        "Ana Olsen, born in Vess, moved to Toren in 1891.",
        "Norland has a total area of " + "9" * 400 + " kilograms.",
    ],
)
def test_silent(reader: LocalGraphReader, text: str) -> None:
    assert [j for j in judge(reader, text) if j.stance is Stance.REFUTES] == []


def test_what_a_fact_does_not_cover_is_not_supported(reader: LocalGraphReader) -> None:
    text = "Vess, the oldest city of the north, is the capital of Norland."
    assert all(j.part is not None for j in judge(reader, text))
    # That Vess is the capital says nothing of Berta Lund.
    assert judge(reader, "Vess is the capital of Norland and the home of Berta Lund.") == ()


def test_two_values_of_a_functional_property_are_both_shown(reader: LocalGraphReader) -> None:
    judgements = judge(reader, "Ana Olsen is the mayor of Vess.")
    assert {j.stance for j in judgements} == {Stance.SUPPORTS, Stance.REFUTES}
    assert all(j.correction is None and j.part is None for j in judgements)
    assert "Ana Olsen" in judgements[0].reason and "Berta Lund" in judgements[1].reason


def test_evidence_is_the_retriever_s_or_brought_along(reader: LocalGraphReader) -> None:
    said = claim("The capital of Norland is Orla.")
    (found,) = FactRetriever(reader).retrieve([said], 5)
    bare, given = GraphChecker(reader).check([Case(claim=said), Case(claim=said, evidence=found)])
    assert bare.evidence[0].id == bare.judgements[0].evidence_ids[0]
    assert bare.evidence[0].id in {evidence.id for evidence in found}
    assert given.evidence == () and given.judgements == bare.judgements
    span = bare.judgements[0].span
    assert span is not None and span.of(bare.evidence[0].text) == "Vess"


PREFIXES = "@prefix e: <http://e/> . @prefix p: <http://p/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"


def houses(property_name: str, extra: str = "") -> str:
    rows = (
        f'e:h{i} rdfs:label "House {i:03}" ; p:{property_name} e:k{i} . e:k{i} rdfs:label "Keeper {i:03}" .\n'
        for i in range(40)
    )
    return PREFIXES + "".join(rows) + extra


def test_what_has_one_value_by_the_data_refutes_at_lower_confidence_and_says_so(tmp_path: Path) -> None:
    reader = LocalGraphReader.open(build(tmp_path, houses("keeper")))
    text = "The keeper of House 003 is Keeper 004."
    assert reader.store.schema.relation("<http://p/keeper>").derived
    (judgement,) = judge(reader, text)
    assert judgement.stance is Stance.REFUTES and judgement.rule is Rule.DERIVED_DIFFERS
    assert 0.85 <= judgement.probabilities.refuted < 0.95 and "by the data" in judgement.reason
    assert judgement.correction is not None
    assert judgement.correction.apply(text) == "The keeper of House 003 is Keeper 003."
    assert judge(reader, text, trust_derived=False) == ()
    # A value that nothing in the graph has may be of another kind: it refutes nothing.
    assert judge(reader, "The keeper of House 003 is House 005.") == ()
    assert judge(reader, "The keeper of House 003 is Somebody Else.") == ()


@pytest.mark.parametrize(
    ("property_name", "extra"),
    [
        ("spouse", ""),  # people can have had several, whatever the data show
        ("keeper", "p:builder a <http://www.w3.org/2002/07/owl#FunctionalProperty> . e:h1 p:builder e:k9 .\n"),
        ("keeper", "".join(f"e:h{i} p:keeper e:k{i + 20} .\n" for i in range(4))),
    ],
    ids=["several by its name", "an ontology that says what is functional", "too many with two values"],
)
def test_what_is_not_functional_by_the_data_refutes_nothing(tmp_path: Path, property_name: str, extra: str) -> None:
    reader = LocalGraphReader.open(build(tmp_path, houses(property_name, extra)))
    assert judge(reader, f"The {property_name} of House 009 is Keeper 010.") == ()


@pytest.mark.parametrize("text", ["The Fjord wrote with Ana Olsen.", "The Fjord wrote by Ana Olsen."])
def test_a_verb_that_is_made_to_go_the_other_way_is_not_turned_round(reader: LocalGraphReader, text: str) -> None:
    assert [j for j in judge(reader, text) if j.stance is Stance.REFUTES] == []


def test_it_is_a_checker_and_asks_once(reader: LocalGraphReader) -> None:
    checker = GraphChecker(FakeGraphReader({"x": GraphAnswer()}))
    assert isinstance(checker, Checker) and checker.name == "graph"
    assert checker.check([Case(claim=claim("x"))]) == [CheckResult(judgements=())]
    assert checker.check([]) == []


@pytest.mark.timeout(60)
def test_a_claim_of_60_000_characters_is_answered(reader: LocalGraphReader) -> None:
    for text in ("Vess was the capital in 1990. " * 2000, "the capital of " * 4000, "Vess " * 12_000):
        assert [j for j in judge(reader, text) if j.stance is not Stance.NEUTRAL] == []


def test_a_claim_with_200_names_is_answered(reader: LocalGraphReader) -> None:
    text = " and ".join(["Vess", "Orla", "Norland", "Ana Olsen"] * 50) + " border Sudmark."
    assert [j for j in judge(reader, text) if j.stance is Stance.REFUTES] == []


def test_a_country_and_its_people_are_not_two_values_of_what_only_the_data_show(tmp_path: Path) -> None:
    extra = 'e:h50 rdfs:label "House 050" ; p:country e:a . e:a rdfs:label "Australians" .\n'
    extra += 'e:h51 rdfs:label "House 051" ; p:country e:b . e:b rdfs:label "Australia" .\n'
    extra += 'e:h52 rdfs:label "House 052" ; p:country e:c . e:c rdfs:label "Austria" .\n'
    reader = LocalGraphReader.open(build(tmp_path, houses("country", extra)))
    assert judge(reader, "The country of House 050 is Australia.") == ()
    assert {j.stance for j in judge(reader, "The country of House 052 is Australia.")} == {Stance.REFUTES}
