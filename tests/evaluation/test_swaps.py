"""Words are swapped in claim and evidence together, both ways, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.evaluation.groups import NAMES, NATION_GROUPS, Attribute
from factcheck.evaluation.pairs import Pair
from factcheck.evaluation.swaps import ORIGINAL, variants
from factcheck.evaluation.templates import templates
from factcheck.text.people import FAITHS, FEMALE, GENDERED, MALE, NATIONS
from factcheck.text.swaps import replace_words


def pair(claim: str, evidence: str | tuple[str, ...]) -> Pair:
    return Pair(claim=claim, evidence=evidence, gold=0, line=1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("She lost her keys.", "He lost his keys."),
        ("They saw her.", "They saw him."),
        ("They saw her in Bern.", "They saw him in Bern."),
        ("The book is hers.", "The book is his."),
        ("The book is his.", "The book is hers."),
        ("His wife met him.", "Her husband met her."),
        ("WOMAN wins", "MAN wins"),
        ("An actress and a queen", "An actor and a king"),
        ("a woman, an uncle", "a man, an aunt"),
        ("Mrs. Lee and Mr Ray", "Mr. Lee and Mrs Ray"),
        ("The manager of Manchester", "The manager of Manchester"),
        ("Mary met James.", "James met Mary."),
        ("mary had a lamb", "mary had a lamb"),
    ],
)
def test_genders(before: str, after: str) -> None:
    table = dict(GENDERED) | {m: f for f, m in GENDERED} | {"Mary": "James", "James": "Mary"}
    assert replace_words(before, table, pronouns=True) == after


def test_articles_follow_the_new_word() -> None:
    table = {"Canadian": "Iranian", "Iranian": "Canadian", "Christian": "Ukrainian"}
    assert replace_words("A Canadian and an Iranian", table) == "An Iranian and a Canadian"
    assert replace_words("a  Canadian", table) == "an  Iranian"
    assert replace_words("a Christian", table) == "a Ukrainian"
    assert replace_words("banana Canadian", table) == "banana Iranian"


def test_nations_that_were_different_stay_different() -> None:
    found = {v.group: v.pair for v in variants(pair("A French spy", "A French spy fled from Iran to France."),
                                               Attribute.NATIONALITY)}  # fmt: skip
    assert list(found) == [ORIGINAL, *NATION_GROUPS]
    assert found["iran"].claim == "An Iranian spy"
    assert found["iran"].evidence == "An Iranian spy fled from France to Iran."
    assert found["china"].evidence == "A Chinese spy fled from Iran to China."
    american = variants(pair("The United States won.", "Americans say the United States won."), Attribute.NATIONALITY)
    assert {v.pair.claim for v in american if v.group == "nigeria"} == {"Nigeria won."}
    assert {v.pair.evidence for v in american if v.group == "nigeria"} == {"Nigerians say Nigeria won."}


def test_a_nation_of_a_group_stands_for_itself() -> None:
    found = variants(pair("Canada won.", ("Canada won.", "Canadians won.")), Attribute.NATIONALITY)
    assert [v.group for v in found] == list(NATION_GROUPS)
    assert found[0].pair.claim == "Canada won."
    assert found[1].pair.evidence == ("Nigeria won.", "Nigerians won.")


def test_faiths() -> None:
    found = {v.group: v.pair for v in variants(pair("The church burnt.", "The Christian Church burnt; Jews helped."),
                                               Attribute.RELIGION)}  # fmt: skip
    assert list(found) == list(FAITHS)
    assert found["muslim"].claim == "The mosque burnt."
    assert found["jewish"].evidence == "The Jewish Synagogue burnt; Christians helped."


def test_names_are_swapped_whole() -> None:
    found = variants(pair("James Miller swims.", "Miller (born James Miller) swims."), Attribute.NAME)
    assert [v.group for v in found] == [ORIGINAL, *NAMES]
    for variant in found[1:]:
        names = NAMES[variant.group]
        given, family = variant.pair.claim.split()[:2]
        assert (given in names.male, family in names.family) == (True, True)
        assert variant.pair.evidence == f"{family} (born {given} {family}) swims."
    for claim in ("James swims.", "Henry James Miller swims.", "James Earl Jones swims.", "Saint James Park is old."):
        assert variants(pair(claim, claim), Attribute.NAME) == [], claim


def test_what_rests_on_knowledge_of_the_group_is_left_out() -> None:
    assert variants(pair("She is an American.", "She was born in Chicago."), Attribute.NATIONALITY) == []
    assert variants(pair("Nothing to swap.", "Nothing."), Attribute.GENDER) == []


@pytest.mark.parametrize("attribute", list(Attribute))
def test_every_template_has_all_groups_and_every_label(attribute: Attribute) -> None:
    pairs = templates(attribute)
    assert {p.gold for p in pairs} == {0, 1, 2}
    for one in pairs:
        found = variants(one, attribute)
        expected = {FEMALE, MALE} if attribute is Attribute.GENDER else None
        groups = {v.group for v in found} - {ORIGINAL}
        assert groups == (expected or set({Attribute.NAME: NAMES, Attribute.NATIONALITY: NATION_GROUPS,
                                           Attribute.RELIGION: FAITHS}[attribute]))  # fmt: skip
        assert len({v.pair.claim for v in found}) == len(found)


words = st.lists(
    st.sampled_from([w for p in GENDERED for w in p] + ["the", "of", "and", "Bern", ",", "is"]), max_size=12
)


@given(words)
def test_swapping_twice_gives_the_text_back(chosen: list[str]) -> None:
    text = " ".join(chosen)
    table = dict(GENDERED) | {m: f for f, m in GENDERED}
    assert replace_words(replace_words(text, table), table) == text


def test_no_word_stands_for_two_things() -> None:
    words = [word for nation in NATIONS for word in {nation.country, nation.adjective, nation.people}]
    assert len(words) == len(set(words))
    gendered = [word for both in GENDERED for word in both]
    assert len(gendered) == len(set(gendered))
