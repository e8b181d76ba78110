"""Claims in their text, and what changed between two texts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from factcheck.cli.changes import changes
from factcheck.cli.excerpt import excerpt
from factcheck.cli.html import paragraphs
from factcheck.cli.marks import stretches
from factcheck.types import Span

texts = st.text(alphabet="ab .\n東\U0001f600", max_size=30)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span], Span]:
    text = draw(texts)
    at = st.integers(0, len(text) + 2)
    spans = [Span(start=min(a, b), end=max(a, b)) for a, b in draw(st.lists(st.tuples(at, at), max_size=6))]
    a, b = draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))))
    return text, spans, Span(start=min(a, b), end=max(a, b))


@given(texts_with_spans())
def test_stretches_are_the_text_and_cover_every_claim(drawn: tuple[str, list[Span], Span]) -> None:
    text, spans, within = drawn
    found = list(stretches(text, spans))
    assert "".join(part.span.of(text) for part in found) == text
    for number, span in enumerate(spans):
        covered = [part for part in found if number in part.claims]
        assert "".join(part.span.of(text) for part in covered).startswith(span.of(text))
        if span.start < len(text):
            assert [number in part.opens for part in covered].count(True) == 1
            assert [number in part.closes for part in covered].count(True) == 1
    inside = list(stretches(text, spans, within=within))
    assert "".join(part.span.of(text) for part in inside) == within.of(text)
    assert {n for part in inside for n in part.opens} == {
        n for n, span in enumerate(spans) if within.start <= min(span.start, len(text)) < within.end
    }


def test_nested_overlapping_and_shared_spans() -> None:
    text = "abcdef"
    spans = [Span(start=0, end=6), Span(start=1, end=3), Span(start=2, end=5), Span(start=1, end=3)]
    found = [(part.span.of(text), part.claims, part.opens, part.closes) for part in stretches(text, spans)]
    assert found == [
        ("a", (0,), (0,), ()),
        ("b", (0, 1, 3), (1, 3), ()),
        ("c", (0, 1, 2, 3), (2,), (1, 3)),
        ("de", (0, 2), (), (2,)),
        ("f", (0,), (), (0,)),
    ]


@given(texts, texts)
def test_changes_cover_both_texts(old: str, new: str) -> None:
    found = changes(old, new)
    assert "".join(change.old.of(old) for change in found) == old
    assert "".join(change.new.of(new) for change in found) == new
    assert all(change.old.of(old) == change.new.of(new) for change in found if change.equal)
    assert all(a.equal is not b.equal for a, b in pairwise(found))


def test_a_change_is_whole_words() -> None:
    old = "It is 2,381,740 sq km. 首都是雪梨。 Fine."
    new = "It is 381,740 sq km. 首都是坎培拉。 Fine."
    pairs = [(c.old.of(old), c.new.of(new)) for c in changes(old, new) if not c.equal]
    assert pairs == [("2,381,740", "381,740"), ("雪梨", "坎培拉")]
    old, new = "built by Thomas Edison in 1876", "built by Alexander Graham Bell in 1876"
    pairs = [(c.old.of(old), c.new.of(new)) for c in changes(old, new) if not c.equal]
    assert pairs == [("Thomas Edison", "Alexander Graham Bell")]


def test_a_megabyte_is_compared() -> None:
    old = " ".join(f"Sentence {n} says that {n * n} is a number." for n in range(25_000))
    new = old.replace("Sentence 77 says", "Sentence 77 denies").replace("12,000", "13").replace("24999 says", "x")
    found = changes(old, new)
    assert [c.old.of(old) for c in found if not c.equal] == ["says", "24999 says"]


@given(texts)
def test_paragraphs_are_the_text(text: str) -> None:
    found = paragraphs(text)
    assert "".join(span.of(text) for span in found) == text
    for span in found[1:]:
        assert text[span.start - 1].isspace()
        assert not text[span.start].isspace()


@given(texts_with_spans(), st.integers(1, 40))
def test_an_excerpt_holds_what_decided(drawn: tuple[str, list[Span], Span], limit: int) -> None:
    text, _, span = drawn
    before, middle, after = excerpt(text, span, limit=limit)
    assert middle == span.of(text).replace("\n", " ")
    flat = text.replace("\n", " ")
    assert flat[: span.start].endswith(before.removeprefix("…"))
    assert flat[span.end :].startswith(after.removesuffix("…"))


def test_an_excerpt_of_a_long_text_cuts_between_words() -> None:
    text = "word " * 100 + "here it is " + "more " * 100
    span = Span(start=500, end=504)
    before, middle, after = excerpt(text, span, limit=60)
    assert (before, middle, after) == ("…word word word word word ", "here", " it is more more more more…")
    assert excerpt("short", None, limit=60) == ("", "", "short")
