"""What is extracted from a sentence or a short text, and where it points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.extract import RuleExtractor
from factcheck.extract.worthiness import Reason
from factcheck.types import Claim, Draft
from tests.growth import assert_linear, repeated


def _claims(text: str, question: str | None = None) -> tuple[Claim, ...]:
    return RuleExtractor().extract([Draft(text=text, question=question)])[0].claims


def _texts(text: str, question: str | None = None) -> list[str]:
    return [claim.text for claim in _claims(text, question)]


# A sentence and the claims that it makes; one claim equal to the sentence means that it must stay whole.
SPLIT = [
    ("The mill has two wheels and closed in 1961.", ["The mill has two wheels.", "The mill closed in 1961."]),
    (
        "C# is a language developed by Microsoft as part of the .NET platform.",
        ["C# is a language.", "C# was developed by Microsoft as part of the .NET platform."],
    ),
    (
        "The city of Paris, the capital of France, has many bridges.",
        ["The city of Paris has many bridges.", "The city of Paris is the capital of France."],
    ),
    (
        "Marie Curie was born in Warsaw and died in Passy.",
        ["Marie Curie was born in Warsaw.", "Marie Curie died in Passy."],
    ),
    (
        "Marie Curie, a Polish physicist, won the Nobel Prize in 1903.",
        ["Marie Curie won the Nobel Prize in 1903.", "Marie Curie was a Polish physicist."],
    ),
    (
        "Paris, which is the capital of France, has 2,102,650 inhabitants.",
        ["Paris has 2,102,650 inhabitants.", "Paris is the capital of France."],
    ),
    (
        "Napoleon died on Saint Helena, which is an island in the Atlantic.",
        ["Napoleon died on Saint Helena.", "Saint Helena is an island in the Atlantic."],
    ),
    (
        "Barack Obama, who served as the 44th president, was born in Hawaii.",
        ["Barack Obama was born in Hawaii.", "Barack Obama served as the 44th president."],
    ),
    (
        "The tower, built in 1889, is 330 metres tall.",
        ["The tower is 330 metres tall.", "The tower was built in 1889."],
    ),
    ("Elde Mill: year built: 1784.", ["Elde Mill: year built: 1784."]),
    ("The town, located in Peru, has 300 people.", ["The town has 300 people.", "The town is located in Peru."]),
    (
        "C# is a programming language developed by Microsoft.",
        ["C# is a programming language.", "C# was developed by Microsoft."],
    ),
    (
        "Lima is a city located in Peru.",
        ["Lima is a city.", "Lima is located in Peru."],
    ),
    (
        "Doug Sheehan is an American actor who was born in 1949.",
        ["Doug Sheehan is an American actor.", "Doug Sheehan was born in 1949."],
    ),
    (
        "Ana Hicks is an American actress and singer, born on 21 May 1974.",
        ["Ana Hicks is an American actress and singer.", "Ana Hicks was born on 21 May 1974."],
    ),
    (
        "Ironworking reached Africa early, and the technology spread slowly.",
        ["Ironworking reached Africa early.", "The technology spread slowly."],
    ),
    (
        "Proteins are large molecules, and they are made of amino acids.",
        ["Proteins are large molecules.", "Proteins are made of amino acids."],
    ),
    (
        "While gold is a metal, sulphur is a non-metal.",
        ["Gold is a metal.", "Sulphur is a non-metal."],
    ),
    (
        "The Nile is long, but the Amazon carries more water.",
        ["The Nile is long.", "The Amazon carries more water."],
    ),
    (
        "The giant planets rotate fast because they are massive.",
        ["The giant planets rotate fast.", "The giant planets are massive."],
    ),
    (
        "Edison invented the phonograph, improved the light bulb, and founded General Electric.",
        ["Edison invented the phonograph.", "Edison improved the light bulb.", "Edison founded General Electric."],
    ),
    (
        "Genes code for proteins and regulate the cell.",
        ["Genes code for proteins.", "Genes regulate the cell."],
    ),
    (
        "Romeo and Juliet was written by William Shakespeare and is set in Verona.",
        ["Romeo and Juliet was written by William Shakespeare.", "Romeo and Juliet is set in Verona."],
    ),
    (
        "Bosnia and Herzegovina is a country in Europe and has a coast.",
        ["Bosnia and Herzegovina is a country in Europe.", "Bosnia and Herzegovina has a coast."],
    ),
    (
        "Born in Ulm in 1879, Albert Einstein developed the theory of relativity.",
        ["Albert Einstein was born in Ulm in 1879.", "Albert Einstein developed the theory of relativity."],
    ),
    (
        "In 1911, Marie Curie won a second prize and moved to Paris.",
        ["In 1911, Marie Curie won a second prize.", "Marie Curie moved to Paris."],
    ),
    (
        "Lawson was established in 1975 and has since grown into a chain.",
        ["Lawson was established in 1975.", "Lawson has since grown into a chain."],
    ),
    (
        "She was awarded the Order in 1999 and made a Dame in 2001.",
        ["She was awarded the Order in 1999.", "She was made a Dame in 2001."],
    ),
    (
        "The bridge was opened in 1932 and is used by trains.",
        ["The bridge was opened in 1932.", "The bridge is used by trains."],
    ),
    (
        "Backward inheritance, also known as reverse inheritance, refers to a process.",
        ["Backward inheritance refers to a process.", "Backward inheritance is also known as reverse inheritance."],
    ),
    (
        "The war ended in 1945; Germany was divided.",
        ["The war ended in 1945.", "Germany was divided."],
    ),
    (
        "There has been one such president: Hillary Clinton served from 2017 to 2021.",
        ["There has been one such president.", "Hillary Clinton served from 2017 to 2021."],
    ),
    (
        "The Nile passes through Cairo, the capital of Egypt.",
        ["The Nile passes through Cairo.", "Cairo is the capital of Egypt."],
    ),
    (
        "The Danube rises in Germany and flows into the Black Sea.",
        ["The Danube rises in Germany.", "The Danube flows into the Black Sea."],
    ),
    (
        "The first directory, printed in New Haven in 1878, listed fifty subscribers.",
        ["The first directory listed fifty subscribers.", "The first directory was printed in New Haven in 1878."],
    ),
    (
        "She won the Nobel Prize in Physics in 1904 and the Nobel Prize in Chemistry in 1911.",
        ["She won the Nobel Prize in Physics in 1904.", "She won the Nobel Prize in Chemistry in 1911."],
    ),
    (
        "He was awarded the Medal in 1903, the Cross in 1911, and the Order in 1920.",
        ["He was awarded the Medal in 1903.", "He was awarded the Cross in 1911.", "He was awarded the Order in 1920."],
    ),
    (
        "Smith served as mayor in 1904 and as governor in 1911.",
        ["Smith served as mayor in 1904.", "Smith served as governor in 1911."],
    ),
    (
        "Smith played for the Reds in 1904 and the Blues in 1911.",
        ["Smith played for the Reds in 1904.", "Smith played for the Blues in 1911."],
    ),
    ("However, the Seine flows through Paris.", ["The Seine flows through Paris."]),
    ("In addition, Java is an island.", ["Java is an island."]),
    ("It is important to note that Pluto is a dwarf planet.", ["Pluto is a dwarf planet."]),
    ("As of my last update in 2021, Peru had 33 million people.", ["Peru had 33 million people."]),
    ("This is why the sky is blue.", ["The sky is blue."]),
]
WHOLE = [
    "The distance between Earth and Mars is large.",
    "France and Germany signed the treaty in 1963.",
    "If it rains, the river rises and floods the town.",
    "He said that the war was lost and the king had fled.",
    'Caesar said "I came and I saw and I won" in Rome.',
    "Water consists of hydrogen and oxygen.",
    "The law that banned alcohol was repealed in 1933.",
    "Plants need light and water.",
    "Rome hosted the games between 1950 and the year of 1960.",
    "She won the prize in 1903 and again in 1911.",
    "He did not win the cup in 1903 and the medal in 1911.",
    "He lived in Paris from 1903 to 1911.",
    "The Amazon is long, and no river carries more water.",
    "He met John Smith, the king, and Peter Jones.",
    "The company did not sell cars and trucks.",
    "It was the first film directed by a woman.",
    "Trinidad and Tobago won two medals.",
    "Tolkien wrote The Hobbit and The Lord of the Rings.",
    "The treaty between Spain and Portugal was signed in 1494.",
    "The Securities and Exchange Commission was created in 1934.",
    "The band's albums include Violator, Ultra and Exciter.",
    "Gravity causes tides and keeps planets in orbit around the Sun when nothing else acts.",
    "The war did not end because the king died.",
    "He decided to leave and to return.",
    "The storm led to a flood, which caused great damage.",
    "The firm has merged and closed in 1961.",
    "The head of Alpha, a company of many parts, was Jane Roe.",
    "The gallery holds a painting by Rembrandt, which was stolen in 1990.",
    "The population of Peru, the third largest country of South America, 33 million, is young.",
]


@pytest.mark.parametrize(("text", "expected"), SPLIT)
def test_what_is_split(text: str, expected: list[str]) -> None:
    assert sorted(_texts(text)) == sorted(expected)


@pytest.mark.parametrize("text", WHOLE)
def test_what_stays_whole(text: str) -> None:
    assert _texts(text) == [text]


REFERENCE = [
    ("Marie Curie was a physicist. She won two prizes.", None, "Marie Curie won two prizes."),
    ("Marie Curie was a physicist. Her husband was Pierre.", None, "Marie Curie's husband was Pierre."),
    ("Marie Curie met Albert Einstein. He was German.", None, "Albert Einstein was German."),
    ("Marie Curie was a physicist. In 1911, she won again.", None, "In 1911, Marie Curie won again."),
    ("Marie Curie was a physicist. Curie won two prizes.", None, "Marie Curie won two prizes."),
    ("Paris is the capital of France. It lies on the Seine.", None, "Paris lies on the Seine."),
    ("Paris is a city in France. The city has a river.", None, "Paris has a river."),
    ("Algeria is in Africa. The country has 48 provinces.", None, "Algeria has 48 provinces."),
    ("Epigenetic changes are common. These changes are passed on.", None, "Epigenetic changes are passed on."),
    ("Red pandas live in Asia. They eat bamboo.", None, "Red pandas eat bamboo."),
    ("Arsenal was founded in 1886. They won 13 titles.", None, "Arsenal won 13 titles."),
    ("It is a film by Todd Rohal.", "Tell me about the film The Birds", "The Birds is a film by Todd Rohal."),
    ("She was born in 1867.", "Who was Marie Curie?", "Marie Curie was born in 1867."),
    ("It was developed by Microsoft.", "What is C#?", "C# was developed by Microsoft."),
    ("Inception is a film by Nolan. The film won four Oscars.", None, "Inception won four Oscars."),
    ('The longest paper is "On Light". The paper is cited often.', None, '"On Light" is cited often.'),
    (
        "Marie Curie was a chemist. Together with her man Pierre, she won.",
        None,
        "Together with her man Pierre, Marie Curie won.",
    ),
    ("Peru is a country. Its capital is Lima. Its coast is dry.", None, "Peru's coast is dry."),
    ("Ann Lee, Lady Lee is a nurse. She met Eve Fox.", "Tell me a bio of Ann Lee, Lady Lee.", "Lady Lee met Eve Fox."),
    ("The Nile is a river. It is long.", None, "The Nile is long."),
    # Where there is doubt, the words stay.
    ("He was a king.", None, "He was a king."),
    ("John Smith met Peter Jones in a bar they knew. It was old.", None, "It was old."),
    ("Paris is a city. He lived there.", None, "He lived there."),
    ("It is raining.", "Who was Marie Curie?", "It is raining."),
    ("The results of John Smith and Peter Jones were good. He was glad.", None, "He was glad."),
    ("Rome is old. It is known that the Romans built roads.", None, "It is known that the Romans built roads."),
]


@pytest.mark.parametrize(("text", "question", "expected"), REFERENCE)
def test_reference(text: str, question: str | None, expected: str) -> None:
    assert _texts(text, question)[-1] == expected


UNWORTHY = [
    ("What is the capital of France?", Reason.QUESTION),
    ("Is there something else you would like to know?", Reason.QUESTION),
    ("Hello there, my friend!", Reason.GREETING),
    ("You're welcome!", Reason.GREETING),
    ("Great question!", Reason.GREETING),
    ("I'm sorry, but I cannot help with that.", Reason.FIRST_PERSON),
    ("I think that Paris is nice.", Reason.FIRST_PERSON),
    ("We believe in science.", Reason.FIRST_PERSON),
    ("As an AI language model, I have no opinions.", Reason.META),
    ("Please let me know if there is more to do.", Reason.META),
    ("Here are some examples of this.", Reason.META),
    ("Consider using an umbrella.", Reason.INSTRUCTION),
    ("Mix the flour with water.", Reason.INSTRUCTION),
    ("Then, pour the milk into a bowl.", Reason.INSTRUCTION),
    ("To make tea, boil the water.", Reason.INSTRUCTION),
    ("Don't touch the wire.", Reason.INSTRUCTION),
    ("You can see it from space.", Reason.SECOND_PERSON),
    ("It may help your heart.", Reason.SECOND_PERSON),
    ("It is important to sleep enough.", Reason.OPINION),
    ("Children should eat fruit.", Reason.OPINION),
    ("Lisbon is the most beautiful city.", Reason.OPINION),
    ("Perhaps the king was ill.", Reason.HEDGE),
    ("It is unclear who wrote it.", Reason.HEDGE),
    ("More research is needed on this.", Reason.HEDGE),
    ("The reasons for this include:", Reason.LEAD_IN),
    ("Lack of software", Reason.FRAGMENT),
    ("Creating a plan that helps everybody.", Reason.FRAGMENT),
    ("— 42 —", Reason.NO_WORDS),
    ("# Heading is a heading", Reason.STRUCTURE),
    ("```\nThe sky is blue.\n```", Reason.STRUCTURE),
    ("| The sky | is blue |\n|---|---|", Reason.STRUCTURE),
    ("你好，很高興見到你。", Reason.GREETING),
    ("法國的首都是哪裡？", Reason.QUESTION),
    ("請把水煮開。", Reason.INSTRUCTION),
    ("我認為巴黎很美。", Reason.FIRST_PERSON),
    ("也許他是對的。", Reason.HEDGE),
    ("以下是幾個例子。", Reason.META),
    ("您可以參考這本書。", Reason.SECOND_PERSON),
]


@pytest.mark.parametrize(("text", "reason"), UNWORTHY)
def test_what_is_no_claim(text: str, reason: Reason) -> None:
    sentences = RuleExtractor().examine(Draft(text=text))
    assert [sentence.reason for sentence in sentences] == [reason]
    assert _claims(text) == ()


WORTHY = [
    "The Earth orbits the Sun.",
    "Research shows that coffee helps.",
    "Our solar system has eight planets.",
    'The most cited paper is "Attention Is All You Need" by Vaswani.',
    'He released the album "Try Me Again" in 2009.',
    "Note 7 was a phone by Samsung.",
    "Practice makes perfect in most crafts.",
    "He played in My Boss, My Teacher (2006) and Save the Last Dance for Me (2004).",
    "Water boils at 100 °C.",
    'The Beatles sang "I Want to Hold Your Hand" in 1963.',
    "May is a month of spring.",
    "World War I ended in 1918.",
    "Elizabeth I. ruled England.",
    "地球繞著太陽運行。",
    "水在攝氏一百度沸騰。",
]


@pytest.mark.parametrize("text", WORTHY)
def test_what_is_a_claim(text: str) -> None:
    assert len(_claims(text)) >= 1


CHINESE = [
    ("法國是西歐國家，首都是巴黎。", None, ["法國是西歐國家。", "法國首都是巴黎。"]),
    (
        "臺灣位於東亞，人口約2300萬。它的首都是臺北。",
        None,
        ["臺灣位於東亞。", "臺灣人口約2300萬。", "臺灣的首都是臺北。"],
    ),
    ("法國位於西歐。該國有六千八百萬人。", None, ["法國位於西歐。", "法國有六千八百萬人。"]),
    ("瑪麗·居禮出生於華沙。她獲得兩次諾貝爾獎。", None, ["瑪麗·居禮出生於華沙。", "瑪麗·居禮獲得兩次諾貝爾獎。"]),
    ("长江是中国的河流。其长度为6300公里。", None, ["长江是中国的河流。", "长江的长度为6300公里。"]),
    ("此外，黃河是中國的河流。", None, ["黃河是中國的河流。"]),
    ("甲地是城市；乙地是鄉村。", None, ["甲地是城市。", "乙地是鄉村。"]),
    ("他們去了巴黎。", None, ["他們去了巴黎。"]),
    ("他說：「法國是國家，首都是巴黎。」", None, ["他說：「法國是國家，首都是巴黎。」"]),
    ("如果下雨，河水會上漲。", None, ["如果下雨，河水會上漲。"]),
]


@pytest.mark.parametrize(("text", "question", "expected"), CHINESE)
def test_chinese(text: str, question: str | None, expected: list[str]) -> None:
    assert _texts(text, question) == expected


LISTS = [
    (
        "The four moons are:\n1. Io\n2. Europa",
        ["Io is one of the four moons.", "Europa is one of the four moons."],
    ),
    (
        "There were four female presidents of Ruritania. The four female presidents were:\n1.Ada Ruri (1797-1801)",
        [
            "There were four female presidents of Ruritania.",
            "Ada Ruri (1797-1801) was one of the four female presidents of Ruritania.",
        ],
    ),
    (
        "Popular languages include:\n\n* Python\n* Java",
        ["Popular languages include Python.", "Popular languages include Java."],
    ),
    (
        "# France\n- Capital: Paris\n- **Population**: 67 million",
        ["The capital of France is Paris.", "The population of France is 67 million."],
    ),
    ("France:\n- Capital: Paris", ["The capital of France is Paris."]),
    ("Reasons:\n1. Lack of software: Many programs do not run on Linux.", ["Many programs do not run on Linux."]),
    ("Some facts:\n- Gold is a metal.\n- Iron rusts in water.", ["Gold is a metal.", "Iron rusts in water."]),
    ("Reasons for this include:\n- Lack of time\n- Noise", []),
]


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_lists(text: str, expected: list[str]) -> None:
    assert _texts(text) == expected


def test_a_bare_list_answers_the_question() -> None:
    claims = _texts("1. Io\n2. Europa", "What are the four large moons of Jupiter?")
    assert claims == [
        "Io is one of the four large moons of Jupiter.",
        "Europa is one of the four large moons of Jupiter.",
    ]


def test_spans_are_the_smallest_stretch() -> None:
    text = "😀 Marie Curie, a Polish physicist, was born in 1867 in Warsaw and died in 1934."
    found = {claim.text: claim.span.of(text) for claim in _claims(text)}
    assert found["Marie Curie died in 1934."] == "died in 1934"
    assert found["Marie Curie was a Polish physicist."] == "a Polish physicist"


def test_an_unsplit_claim_spans_its_sentence() -> None:
    text = "First. However, the Seine flows\nthrough Paris.  Next."
    claim = next(claim for claim in _claims(text) if "Seine" in claim.text)
    assert claim.text == "The Seine flows through Paris."
    assert claim.span.of(text) == "However, the Seine flows\nthrough Paris."


def test_values_of_a_claim_stand_in_its_span() -> None:
    text = (
        "Peru, which has 33 million people, covers 1,285,216 km2 and borders 5 countries. It was founded in 1821 by "
        "José de San Martín, and its capital, founded in 1535, is Lima. Born in 1778, he died in 1850."
    )
    for claim in _claims(text):
        for number in ("33", "1,285,216", "5 c", "1821", "1535", "1778", "1850"):
            if number in claim.text:
                assert number in claim.span.of(text), claim


def test_markdown_marks_are_no_part_of_a_claim() -> None:
    text = "**Paris** is the capital of [France](https://example.org/fr).[1]"
    assert _texts(text) == ["Paris is the capital of France."]


def test_a_quotation_over_lines() -> None:
    assert _texts("> The sky is\n> blue today.") == ["The sky is blue today."]


def test_ids_and_order() -> None:
    claims = _claims("Rome is old. Paris is older and has a river. Lima is a city.")
    assert [claim.id for claim in claims] == ["c1", "c2", "c3", "c4"]
    assert [claim.span.start for claim in claims] == sorted(claim.span.start for claim in claims)


def test_batches_are_aligned_and_independent() -> None:
    drafts = [Draft(text="Marie Curie was a chemist."), Draft(text="She was born in 1867."), Draft(text="")]
    together = RuleExtractor().extract(drafts)
    assert together == [RuleExtractor().extract([draft])[0] for draft in drafts]
    assert together[1].claims[0].text == "She was born in 1867."
    assert together[2].claims == ()


NASTY = [
    "",
    "\ufeff",
    "\u200b\u200b",
    "𝕋𝕙𝕖 𝕢𝕦𝕚𝕔𝕜 𝕓𝕣𝕠𝕨𝕟 𝕗𝕠𝕩.",
    "العربية هي لغة سامية. وهي لغة القرآن.",
    "עברית היא שפה שמית.",
    "\u202eThe text is reversed.\u202c",
    "Z̴̡͝a̷͎̔l̸̰͝g̵̹͘ö̵̬́ is a text.",
    "🏳️‍🌈 is a flag. 👨‍👩‍👧 is a family.",
    "<script>alert('x')</script> is a tag.",
    "'; DROP TABLE claims; -- is a joke.",
    "%s%n{0}{{}} is a format.",
    "a" * 10_000,
    "the " * 5_000,
    "((((((((((" * 500,
    "“" * 3_000,
    ", and " * 3_000,
    "which is which, who is who, " * 500,
    "It. " * 500,
    "\ufffd is odd.",
    "NaN is null. None is undefined. true is false.",
    "1/0 is 0. -1 is 1. 1e1000 is inf.",
    "\x1b[31mred\x1b[0m is a colour.",
    "...",
    "?!?!",
    "。。。",
    "他" * 3000,
    "，" * 3000,
]


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_never_fails(text: str) -> None:
    for claim in _claims(text, question=text):
        assert claim.text
        assert claim.span.end <= len(text)


def test_a_sentence_of_50_000_characters() -> None:
    text = "The list holds " + "a very long item, " * 2_800 + "and ends."
    extraction = RuleExtractor().extract([Draft(text=text)])[0]
    assert len(text) > 50_000
    assert [claim.span.of(text) for claim in extraction.claims] == [text]
    assert extraction.warnings == ("1 sentence was longer than 160 words and kept as one claim",)


PARTS = st.sampled_from(
    [
        *(
            "Marie Curie",
            "she",
            "It",
            "the city",
            "Paris",
            "was born",
            "died",
            "is a",
            "and",
            ", which",
            "who",
            ",",
            ". ",
        ),
        *("in 1867", "because", "“", "”", "(", ")", ";", ":", "法國", "是", "，", "。", "該國", "\n", "\n\n- ", "1. "),
        *("😀", "not", "that", "'s"),
    ]
)


@given(st.lists(PARTS, max_size=25).map(" ".join) | st.text(max_size=100), st.none() | st.text(max_size=20))
def test_claims_point_into_the_text_in_order(text: str, question: str | None) -> None:
    extractor = RuleExtractor()
    draft = Draft(text=text, question=question)
    claims = extractor.extract([draft])[0].claims
    assert claims == extractor.extract([draft])[0].claims
    assert [claim.id for claim in claims] == [f"c{i}" for i in range(1, len(claims) + 1)]
    for claim in claims:
        assert claim.text.strip()
        assert "\n" not in claim.text
        assert claim.span.start < claim.span.end <= len(text)
    assert [c.span.start for c in claims] == sorted(c.span.start for c in claims)


def test_time_grows_with_length() -> None:
    unit = "Marie Curie, a Polish physicist, was born in Warsaw and died in Passy. She won it. The city is old.\n\n"
    assert_linear(lambda text: RuleExtractor().extract([Draft(text=text)]), repeated(unit), runs=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Gold is a metal. Its symbol is Au and its atomic number is 79.",
            ["Gold is a metal.", "Gold's symbol is Au.", "Gold's atomic number is 79."],
        ),
        (
            "Ada Lark loved the sea and her boat was called Hera.",
            ["Ada Lark loved the sea.", "Ada Lark's boat was called Hera."],
        ),
        ("Ben Ode is an opera in which the hero and his wife are killed.", None),
        ("Ada Lark's father was a miner and her mother was a nurse.", None),
    ],
)
def test_what_is_somebodys_opens_a_clause(text: str, expected: list[str] | None) -> None:
    found = [claim.text for claim in RuleExtractor().extract([Draft(text=text)])[0].claims]
    assert found == ([text] if expected is None else expected)


def test_a_question_that_states_is_a_claim() -> None:
    assert _texts("Vess is in Norland, isn't it?") == ["Vess is in Norland, isn't it?"]
    assert _texts("Is Vess in Norland, or isn't it?") == []
    assert _texts("Where is Vess, right?") == []
