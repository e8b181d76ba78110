"""What names what, who thinks so, and what a denial denies."""

import pytest

from factcheck.text.attitudes import tells_of_opinion
from factcheck.text.denial import denied
from factcheck.text.naming import names_in, names_it


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ernest Rutherford was born in 1871.", "Rutherford"),
        ("The Swiss government sits in Bern.", "Switzerland"),
        ("First World War\nDates\nIt began in 1914.", "World War I"),
        ("World War One began in 1914.", "First World War"),
        ("Farming in the UK", "United Kingdom"),
        ("She moved to New York City.", "NY"),
        ("Élise Dupré spoke.", "Elise Dupre"),
        ("Apollo 11 landed.", "Apollo 11"),
    ],
)
def test_a_name_is_named(text: str, name: str) -> None:
    assert names_it(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Second World War began in 1939.", "World War I"),
        ("The mill is run by the Calder Heritage Trust.", "National Trust"),
        ("Elizabeth I reigned from 1558.", "Elizabeth II"),
        ("Apollo 12 landed.", "Apollo 11"),
        ("Louis Braille was blind.", "Louis Pasteur"),
        ("Peter the Great founded it.", "Catherine"),
        ("Mount Everest is high.", "Mount Kenya"),
    ],
)
def test_another_name_is_not(text: str, name: str) -> None:
    assert not names_it(text, name)


def test_names_of_a_claim_are_no_dates_amounts_or_opening_words() -> None:
    assert [n.text for n in names_in("In May 1953 Hermann Buhl climbed it.")] == ["Hermann Buhl"]
    assert names_in("About 21 per cent of dry air is oxygen.") == []
    assert [n.text for n in names_in("Kafka wrote in German.")] == ["Kafka", "German"]
    assert names_in("Nobody knew it.") == []


@pytest.mark.parametrize(
    ("text", "opinion"),
    [
        ("Many people think that Vess is the capital.", True),
        ("It is often claimed that Olsen wrote it.", True),
        ("According to an old legend, the tower moved.", True),
        ("Astronomers think that the star is old.", False),
        ("The census says that 200 people live there.", False),
        ("Many people live in Vess.", False),
    ],
)
def test_opinions(text: str, opinion: bool) -> None:
    assert tells_of_opinion(text) is opinion


@pytest.mark.parametrize(
    ("text", "affirmed"),
    [
        ("Vess is not in Boria.", "Vess is in Boria."),
        ("Olsen didn't write it.", "Olsen did write it."),
        ("Olsen never won a prize.", "Olsen won a prize."),
        ("Vess has no port.", "Vess has port."),
        ("Vess is no longer a town.", None),
        ("Vess is neither a town nor a port.", None),
        ("Vess is in Boria.", None),
    ],
)
def test_what_is_denied(text: str, affirmed: str | None) -> None:
    assert denied(text) == affirmed
