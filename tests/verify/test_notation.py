"""A claim in the figures of its evidence."""

import pytest

from factcheck.verify.notation import in_figures_of


@pytest.mark.parametrize(
    ("claim", "evidence", "read"),
    [
        ("The lens weighs 0.21 kilograms.", "It weighs 210 grams.", "The lens weighs 210 grams."),
        ("The bridge is 2 km long.", "The bridge is 1.2 miles long.", "The bridge is 1.2 miles long."),
        ("It had more than 30,000 visitors.", "31,450 visitors came.", "It had 31,450 visitors."),
        ("At least two hundred guests came.", "It drew 215 guests.", "215 guests came."),
        ("He has three children.", "He has 3 children and 4 dogs.", "He has 3 children."),
        ("Water boils at 212 degrees Fahrenheit.", "It boils at 100 °C.", "Water boils at 100 °C."),
        # what is false, or cannot be told, is read as it stands
        ("The lens weighs 0.31 kilograms.", "It weighs 210 grams.", None),
        ("It had fewer than 30,000 visitors.", "31,450 visitors came.", None),
        ("The lens costs less than 4,000 euros.", "One costs 4,900 euros, the other 3,150 euros.", None),
        ("He has three children.", "He has 3 dogs.", None),
        ("He has three.", "He has 3 dogs.", None),
        ("It had more than 10,000 visitors.", "31,450 visitors came.", None),
        # only the words around the figure differ
        ("It raised $250,000.", "It raised an estimated $250,000.", None),
        ("", "It weighs 210 grams.", None),
    ],
)
def test_read(claim: str, evidence: str, read: str | None) -> None:
    assert in_figures_of(claim, evidence) == (claim if read is None else read)
