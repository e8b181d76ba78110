from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factcheck.errors import UsageError
from factcheck.index.documents import Section, SourceDocument
from factcheck.index.passages import PassageSettings, cut, weight
from factcheck.types import Document, Passage, Span
from tests.growth import assert_linear, repeated

SMALL = PassageSettings(max_characters=60)
SENTENCES = " ".join(f"Sentence number {i} says something." for i in range(12))


def passages(text: str, settings: PassageSettings = SMALL, sections: tuple[Section, ...] = ()) -> list[Passage]:
    document = Document(id="d", text=text, title="T", section="S", source="us")
    return list(cut(SourceDocument(document=document, sections=sections), settings))


def test_a_short_document_is_one_passage() -> None:
    (only,) = passages("  Radium glows. It is rare.\n")
    assert (only.text, only.span, only.id) == ("Radium glows. It is rare.", Span(start=2, end=27), "d#2-27")
    assert (only.document_id, only.title, only.section, only.source) == ("d", "T", "S", "us")


def test_whole_sentences_with_one_in_common() -> None:
    found = passages(SENTENCES, PassageSettings(max_characters=110))
    assert len(found) > 4
    for passage, following in pairwise(found):
        assert passage.text.startswith("Sentence") and passage.text.endswith(".")
        assert following.span.start < passage.span.end < following.span.end
        assert passage.text.endswith(following.text[: passage.span.end - following.span.start])


def test_without_overlap_nothing_is_twice() -> None:
    found = passages(SENTENCES, PassageSettings(max_characters=110, overlap_sentences=0))
    assert " ".join(passage.text for passage in found) == SENTENCES


def test_a_long_sentence_becomes_windows_at_word_borders() -> None:
    words = " ".join(f"word{i}" for i in range(60))
    found = passages(f"Short one here. {words}. And an end.")
    assert max(len(passage.text) for passage in found) <= 60
    assert {word for passage in found for word in passage.text.split()} == {
        *f"Short one here. {words}. And an end.".split()
    }


def test_ideographs_count_three_times() -> None:
    assert weight("abc鐳") == 6
    text = "居里夫人發現了鐳。" * 12
    found = passages(text, PassageSettings(max_characters=60, overlap_sentences=0))
    assert all(len(passage.text) <= 20 for passage in found)
    assert "".join(passage.text for passage in found) == text


def test_sections_are_cut_on_their_own() -> None:
    text = "One is here. Two is there."
    sections = (Section(span=Span(start=0, end=12), heading="A"), Section(span=Span(start=13, end=26), heading=""))
    assert [(p.text, p.section) for p in passages(text, sections=sections)] == [
        ("One is here.", "S / A"),
        ("Two is there.", "S"),
    ]


def test_settings_that_make_no_sense() -> None:
    with pytest.raises(UsageError):
        PassageSettings(max_characters=10)
    with pytest.raises(UsageError):
        PassageSettings(overlap_sentences=-1)


@given(
    st.text(alphabet=st.sampled_from("ab .。!?\n鐳鈾\u3000\u0301é👩‍🔬שA1,"), max_size=400),
    st.integers(50, 120),
    st.integers(0, 3),
)
@example("x" * 500, 50, 1)
@example("鐳" * 200, 50, 1)
@example("a " * 300 + ".", 50, 2)
def test_spans_are_exact_and_nothing_is_lost(text: str, limit: int, overlap: int) -> None:
    found = passages(text, PassageSettings(max_characters=limit, overlap_sentences=overlap))
    covered: set[int] = set()
    for passage in found:
        assert passage.span.of(text) == passage.text == passage.text.strip()
        assert 0 < weight(passage.text) <= limit
        covered.update(range(passage.span.start, passage.span.end))
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)
    assert len({passage.id for passage in found}) == len(found)
    assert [p.span.start for p in found] == sorted(p.span.start for p in found)


@pytest.mark.parametrize("unit", ["word ", SENTENCES, "x", "鐳"], ids=["words", "sentences", "one word", "ideographs"])
def test_time_grows_with_length(unit: str) -> None:
    assert_linear(lambda text: list(passages(text, PassageSettings())), repeated(unit))
