"""The value in the sentence that answers: by what is asked, and where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.generate.parts import best_part, part_signals, part_weights
from factcheck.generate.question import read_question
from factcheck.generate.spans import MOST_PARTS, find_spans

MILL = "The old mill on the river was built by Thomas Hardcastle on 3 May 1850."


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("Who built the old mill?", MILL, "Thomas Hardcastle"),
        ("When was the old mill built?", MILL, "3 May 1850"),
        ("In what year was the old mill built?", MILL, "1850"),
        ("Where was the bridge made?", "The bridge was made in Sheffield and shipped to Goa in 1902.", "Sheffield"),
        ("How many workers built the bridge?", "In 1902 it was built by more than 400 workers.", "more than 400"),
        ("How long is the bridge?", "The bridge is 300 m long and carries two tracks.", "300 m"),
        ("How much did the bridge cost?", "The bridge cost £12,500 and was opened by the mayor.", "£12,500"),
        ("What percentage of the voters agreed?", "About 62 percent of the voters agreed in 1999.", "62 percent"),
        ("When did the strike take place?", "The strike took place between 1911 and 1913.", "between 1911 and 1913"),
        ("How long ago did the glacier melt?", "The glacier melted about 9,000 years ago.", "9,000 years ago"),
        (
            "What do the farmers of the valley grow?",
            "The farmers of the valley grow barley, oats, hops and flax.",
            "barley, oats, hops and flax",
        ),
        ("Who was the first director?", "Alice Monroe, the first director, was a chemist.", "Alice Monroe"),
        ("Which river flows through the town?", "It lies in a valley through which the Aller flows.", "Aller"),
        ("Why was the dam closed?", "The dam was closed because of cracks in its wall.", "cracks in its wall"),
        ("In which area did the fire begin?", "The fire began in the Harbour Quarter.", "Harbour Quarter"),
    ],
)
def test_the_value_is_found(question: str, sentence: str, answer: str) -> None:
    part = best_part(read_question(question), sentence)
    assert part is not None
    assert part.of(sentence) == answer


def test_what_asks_for_yes_or_no_has_no_part() -> None:
    assert best_part(read_question("Was the mill built in 1850?"), MILL) is None


@given(st.text(max_size=200), st.sampled_from(["Who built it?", "How many?", "When?", "誰？", "What is it called?"]))
def test_any_text_can_be_read(sentence: str, question: str) -> None:
    asked = read_question(question)
    parts = find_spans(sentence, asked, every=True)
    assert len(parts) <= MOST_PARTS
    assert all(set(row) <= set(part_weights()) | {"fits"} for row in part_signals(asked, sentence, parts))
    part = best_part(asked, sentence)
    assert part is None or part.of(sentence).strip()
