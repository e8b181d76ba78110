from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import IntegrityError
from factcheck.graph.linker import Linker
from factcheck.graph.spelling import SpellingBuilder, SpellingIndex, is_spelt
from factcheck.graph.store import GraphStore
from tests.graph.sample import build

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"


def index_of(folder: Path, *keys: str) -> SpellingIndex:
    builder = SpellingBuilder()
    for key in keys:
        builder.add_counts(Counter(filter(is_spelt, key.split())))
    builder.write(folder)
    return SpellingIndex(folder)


@given(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=14),
    st.integers(min_value=1, max_value=5),
    st.sampled_from(["drop", "double", "swap", "replace"]),
)
def test_one_slip_is_found(tmp_path_factory: pytest.TempPathFactory, word: str, at: int, slip: str) -> None:
    wrong = {
        "drop": word[:at] + word[at + 1 :],
        "double": word[:at] + word[at] + word[at:],
        "swap": word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at > 1 else word,
        "replace": word[:at] + ("x" if word[at] != "x" else "y") + word[at + 1 :],
    }[slip]
    index = index_of(tmp_path_factory.mktemp("words"), word, "entirely", "otherwise")
    assert index.knows(word)
    if wrong != word and is_spelt(wrong):
        assert word in index.corrections(wrong)


def test_short_words_numbers_and_ideographs_are_left_alone(tmp_path: Path) -> None:
    index = index_of(tmp_path, "oran 1903 維斯城市 kelmoria")
    assert len(index) == 1 and index.knows("kelmoria") and not index.knows("oran")
    assert index.corrections("iran") == [] and index.corrections("1904") == []
    assert index.corrections("bonivard") == []


def test_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    index_of(tmp_path, "kelmoria")
    (tmp_path / "words.text").write_bytes(b"kelmoriax")
    with pytest.raises(IntegrityError):
        SpellingIndex(tmp_path)


@pytest.fixture(scope="module")
def linker(tmp_path_factory: pytest.TempPathFactory) -> Linker:
    names = ("Amsterdam Airport Schiphol", "Michele Marcolini", "Kelmoria", "Marina Bay", "Vessel Point", "Toren")
    lines = "".join(f'<http://x/{n}> {LABEL} "{name}" .\n' for n, name in enumerate(names))
    return Linker(GraphStore.open(build(tmp_path_factory.mktemp("graph"), lines)))


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("The runway at Amsterdam Airport Schipol is long.", "Amsterdam Airport Schipol", "Amsterdam Airport Schiphol"),
        ("Micheal Marcolini", None, None),  # two slips in a short word
        ("Michelle Marcolini manages it.", "Michelle Marcolini", "Michele Marcolini"),
        ("Kelmorria is far.", "Kelmorria", "Kelmoria"),
        ("They saw Marian Bay.", "Marian Bay", "Marina Bay"),
        ("A vesel point of view.", None, None),  # no name is written so
        ("Torn apart.", None, None),
        ("Tories lost.", None, None),
    ],
)
def test_misspelt_names_are_linked_and_marked(linker: Linker, text: str, name: str | None, label: str | None) -> None:
    found = linker.link(text)
    assert [(m.span.of(text), m.entities[0].label, m.exact) for m in found] == ([(name, label, False)] if name else [])
    assert linker.link(text, misspelt=False) == ()


def test_a_name_that_is_spelt_right_wins(linker: Linker) -> None:
    (mention,) = linker.link("Marina Bay is a bay.")
    assert mention.exact
