"""What a question asks for."""

import pytest

from factcheck.generate.question import AnswerKind, read_question


@pytest.mark.parametrize(
    ("text", "kind", "focus"),
    [
        ("Who led the Panthers in sacks?", AnswerKind.PERSON, ()),
        ("When did Marie Curie win the Nobel Prize?", AnswerKind.TIME, ()),
        ("In which year was the mill built?", AnswerKind.TIME, ()),
        ("Where was Kepler born?", AnswerKind.PLACE, ()),
        ("Which city is the capital of Australia?", AnswerKind.PLACE, ("city",)),
        ("How many points did the defense surrender?", AnswerKind.COUNT, ("point",)),
        ("What number of chairs has the hall?", AnswerKind.COUNT, ("chair",)),
        ("How long is the Nile?", AnswerKind.MEASURE, ("length",)),
        ("What percentage of the land is forest?", AnswerKind.SHARE, ()),
        ("Why was Kepler imprisoned?", AnswerKind.REASON, ()),
        ("How do plants make sugar?", AnswerKind.MANNER, ()),
        ("Is Sydney the capital of Australia?", AnswerKind.POLAR, ()),
        ("Which planet is the largest?", AnswerKind.THING, ("planet",)),
        ("The Nile flows into which sea?", AnswerKind.THING, ("sea",)),
        ("Name the largest planet", AnswerKind.THING, ()),
        ("誰發明了電話？", AnswerKind.PERSON, ()),
        ("海王星何時被發現？", AnswerKind.TIME, ()),
        ("臺灣有多少人口？", AnswerKind.COUNT, ()),
        ("雪梨是澳洲的首都嗎？", AnswerKind.POLAR, ()),
        ("", AnswerKind.THING, ()),
    ],
)
def test_kinds(text: str, kind: AnswerKind, focus: tuple[str, ...]) -> None:
    question = read_question(text)
    assert question.kind is kind
    assert question.focus == focus


def test_terms_are_what_is_asked_about() -> None:
    question = read_question("How many moons does the planet Neptune have?")
    assert question.focus == ("moon",)
    assert set(question.terms) == {"planet", "neptun"}
    assert question.names == {"neptun"}
    assert question.asked is not None
    assert question.asked.of(question.text) == "How many moons"
