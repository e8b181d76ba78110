import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.sentences import split_sentences
from tests.growth import assert_linear, repeated

# Sentences are separated by ⏎ here, which stands for a single blank in English and for nothing in Chinese.
ENGLISH = [
    "Write to ada@example.org. ⏎Sydney is the capital of Australia.",
    "He wrote it in Node.js. ⏎The U.S. Army used it.",
    "Dr. Smith met Mr. Jones.⏎They spoke.",
    "J. R. R. Tolkien wrote it.⏎He lived in Oxford.",
    "It weighs 3.14 kg.⏎It costs $5.50.⏎It is heavy.",
    "He lived in the U.S. for years.⏎The U.S. Congress met.",
    "She works in the U.S.⏎The office is large.",
    "Apple Inc. was founded in 1976.⏎It makes phones.",
    "He works at Apple Inc.⏎The company is large.",
    "See fig. 3 and e.g. this one, i.e. that one.⏎Then go.",
    "They met at 5 p.m. on Monday.⏎It rained.",
    "He took vitamin C.⏎The dose was high.",
    'He said, "I came. I saw." ⏎Then he left.',
    '"Why?" she asked.⏎"I know."',
    "“It is late. Go home,” he said.⏎She went.",
    "(It was late.)⏎He slept.",
    "He won (see p. 5 for this. It is long) twice.⏎Good.",
    "Wait... what happened?⏎Nothing!",
    "Well… fine.⏎Good.",
    "Really?!⏎Yes.",
    "Visit https://example.com/a.b?c=d.⏎It works",
    "The site example.com is down.⏎Try later.",
    "Yahoo! is a company.⏎It is old.",
    "It was built in 1889.⏎42 people died.",
    "No. 5 is alive.⏎She said no.⏎Then she left.",
    "St. Louis is a city.⏎Mt. Everest is a mountain.",
    "It has cats, dogs, etc. and more.⏎It has cats, etc.⏎The end.",
    "Smith et al. 2019 showed it.⏎It holds.",
    "Smith et al. showed it.⏎It holds.",
    "It grew.[1]⏎It fell.[2][3]⏎It rose.",
    "**It is bold.**⏎_It is not._",
    "The iPhone sold well.⏎iPhone sales rose.",
    "King George V. was crowned.⏎Henry V was not.",
    "He was born c. 1500 in Rome.⏎He died there.",
    "The Ph.D. took years.⏎She has a Ph.D.⏎He has none.",
    "It ended on Jan. 5 in Paris.⏎It began there.",
    "Node.js and ASP.NET are frameworks.⏎They differ.",
    "Version 2.0.1 is out.⏎Get it.",
    "Is it true?⏎I doubt it.",
    "Gen. Grant and Lt. Col. Moore met Gov. Brown.⏎They agreed.",
    "vs. is short for versus.⏎A v. B was a case.",
    "The temperature is -5.5 °C.⏎It is cold.",
    "One sentence without an end",
    "Él vive aquí.⏎Ángel no.",
    "The case is Smith Corp. v. Jones Ltd. in court.⏎It ended.",
    "His height is 6 ft. 2 in. tall.⏎He is tall.",
    "Martin Luther King Jr. spoke.⏎People listened.",
]
CHINESE = [
    "天空是藍的。⏎海是綠的。",
    "真的嗎？⏎是的！⏎好。",
    "他說：「我來了。我看見了。」⏎然後離開。",
    "「我來了。」他說。⏎她沒說話。",
    "甲是一；⏎乙是二。",
    "圓周率是3.14。⏎面積為2,381,740平方公里。",
    "《紅樓夢》是小說。⏎作者是曹雪芹。",
    "他去了（見第三章。很長）巴黎。⏎好。",
    "天空是蓝的。⏎IBM是公司。⏎OK.",
    "等等……⏎好吧。",
    "真的？！⏎假的。",
]


@pytest.mark.parametrize("marked", ENGLISH)
def test_english(marked: str) -> None:
    expected = [part.strip() for part in marked.split("⏎") if part.strip()]
    text = " ".join(expected)
    assert [span.of(text) for span in split_sentences(text)] == expected


@pytest.mark.parametrize("marked", CHINESE)
def test_chinese(marked: str) -> None:
    expected = marked.split("⏎")
    text = "".join(expected)
    assert [span.of(text) for span in split_sentences(text)] == expected


def _split(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


def test_hard_wrapped_prose_is_joined() -> None:
    text = (
        "This paragraph was wrapped at a width of about sixty columns by\n"
        "an editor. It goes on in the next line, which Mr.\nSmith wrote in Paris and\nsent."
    )
    assert _split(text)[0].endswith("an editor.")
    assert len(_split(text)) == 2


def test_short_lines_were_ended_by_their_writer() -> None:
    assert _split("Name: Foo\nBorn: 1900\nDied: 1950") == ["Name: Foo", "Born: 1900", "Died: 1950"]


def test_lists_headings_tables_and_code_stand_apart() -> None:
    text = "# Head\nOne. Two\n\n| a. B | c |\n|---|---|\n\n```\nx. Y\n```\n- item one. Item two\n- item three"
    assert _split(text) == [
        "# Head",
        "One.",
        "Two",
        "| a. B | c |\n|---|---|",
        "```\nx. Y\n```",
        "- item one.",
        "Item two",
        "- item three",
    ]


def test_list_after_a_lead_in() -> None:
    text = "The four were: \r\n1.Abigail Adams (1797-1801) \r\n2.Luci Johnson \r\n"
    assert _split(text) == ["The four were:", "1.Abigail Adams (1797-1801)", "2.Luci Johnson"]


def test_an_inline_number_is_a_label() -> None:
    assert _split("The steps: 1. Mix it. 2. Bake it.") == ["The steps: 1. Mix it.", "2. Bake it."]


def test_nothing_gives_nothing() -> None:
    assert _split("") == []
    assert _split(" \n\t\u3000 ") == []


def test_an_open_quote_does_not_swallow_the_text() -> None:
    assert len(_split("He said “I came. " + "It rained today. " * 60)) > 30


TEXTS = st.text(alphabet='aB1.!?。！；「」“”"()[] \n-#|…Mr', max_size=80) | st.text(max_size=80)


@given(TEXTS)
def test_sentences_cover_all_that_is_visible_once_and_in_order(text: str) -> None:
    last = 0
    gaps = []
    for span in split_sentences(text):
        assert last <= span.start < span.end <= len(text)
        assert span.of(text) == span.of(text).strip()
        gaps.append(text[last : span.start])
        last = span.end
    gaps.append(text[last:])
    assert not "".join(gaps).strip()


@pytest.mark.parametrize(
    "unit",
    [
        "Dr. A. Smith left. He won. ",
        "他說：「我來了。」",
        "“(",
        "a.b. ",
        "\n",
        "```\n",
        "1. x\n",
        "| a |\n",
        "> x\n",
        " ",
        "A. ",
    ],
)
def test_time_grows_with_length(unit: str) -> None:
    assert_linear(split_sentences, repeated(unit))
