from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import UsageError
from factcheck.index import PassageSettings
from factcheck.index.duplicates import SeenPassages, key_of
from factcheck.index.likeness import Wording
from factcheck.index.table import Collapsed, Kept, PassageTableWriter
from factcheck.provenance import sha256_text
from factcheck.types import Document, Passage, Span

LONG = (
    "The bridge over the northern river was opened in 1932 by the mayor of the town, and it carries two lanes of "
    "traffic and a footpath on its eastern side, which was closed for repairs after the flood of the next spring."
)


def passage(text: str, number: int = 0, *, source: str = "S", title: str = "") -> Passage:
    span = Span(start=0, end=len(text))
    return Passage(
        id=f"d{number}#0-{len(text)}",
        document_id=f"d{number}",
        document_sha256=sha256_text(text),
        title=title,
        section="",
        text=text,
        span=span,
        source=source,
        date=None,
    )


def split(folder: Path, passages: list[Passage], near: float = 0.9) -> tuple[list[Kept], list[Collapsed]]:
    """Show passages one document after the other."""
    for old in folder.iterdir():
        old.unlink()
    table = PassageTableWriter(folder / "t.sqlite")
    seen = SeenPassages(folder / "seen.sqlite", near)
    kept: list[Kept] = []
    collapsed: list[Collapsed] = []
    try:
        for one in passages:
            new, old_ones = seen.split([one], table)
            document = Document(id=one.document_id, text=one.text, title=one.title, source=one.source)
            table.add(document, one.document_sha256, new, old_ones)
            kept.extend(new)
            collapsed.extend(old_ones)
    finally:
        seen.close()
        table.close()
    assert not (folder / "seen.sqlite").exists()
    return kept, collapsed


def test_equal_passages_of_one_source_are_one(tmp_path: Path) -> None:
    kept, collapsed = split(tmp_path, [passage("It is so.", 0), passage("It is so.", 1)])
    assert [entry.passage.document_id for entry in kept] == ["d0"]
    assert [(entry.passage.document_id, entry.key, entry.near) for entry in collapsed] == [("d1", kept[0].key, False)]


@pytest.mark.parametrize("other", [{"source": "T"}, {"title": "Elsewhere"}])
def test_another_source_or_heading_is_another_passage(tmp_path: Path, other: dict[str, str]) -> None:
    assert len(split(tmp_path, [passage(LONG, 0), passage(LONG, 1, **other)])[0]) == 2


@pytest.mark.parametrize(
    "twin",
    [
        LONG.replace(", and it", " and it"),
        LONG.replace("repairs", "repair"),
        f"{LONG[:-1]} ...",
        LONG.replace("footpath", "walkway"),
    ],
)
def test_nearly_the_same_words_are_one(tmp_path: Path, twin: str) -> None:
    kept, collapsed = split(tmp_path, [passage(LONG, 0), passage(twin, 1)])
    assert len(kept) == 1
    assert [(entry.key, entry.near) for entry in collapsed] == [(key_of(passage(LONG)), True)]


@pytest.mark.parametrize(
    "other",
    [
        LONG.replace("1932", "1923"),
        LONG.replace("was opened", "was not opened"),
        LONG.replace("northern", "southern"),
        LONG.replace("The bridge", "The Hope bridge"),
        LONG.replace("two lanes", "2 lanes"),
        LONG.replace("spring", "春天"),
        " ".join(reversed(LONG.split())),
    ],
)
def test_a_telling_difference_keeps_both(tmp_path: Path, other: str) -> None:
    assert len(split(tmp_path, [passage(LONG, 0), passage(other, 1)])[0]) == 2


def test_one_keeps_near_ones_apart(tmp_path: Path) -> None:
    assert len(split(tmp_path, [passage(LONG, 0), passage(LONG.replace(",", ""), 1)], near=1.0)[0]) == 2


def test_a_near_one_of_a_near_one_is_told_by_the_first(tmp_path: Path) -> None:
    twins = [LONG, LONG.replace("footpath", "walkway"), LONG.replace("footpath", "walkway").replace("closed", "shut")]
    kept, collapsed = split(tmp_path, [passage(text, number) for number, text in enumerate(twins)])
    assert {entry.key for entry in collapsed} <= {entry.key for entry in kept}


@given(st.lists(st.sampled_from([LONG, LONG.upper(), LONG.replace(",", ";"), "Short.", "short."]), max_size=8))
def test_what_stands_for_another_was_kept(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("seen")
    kept, collapsed = split(folder, [passage(text, number) for number, text in enumerate(texts)])
    assert len(kept) + len(collapsed) == len(texts)
    assert {entry.key for entry in collapsed} <= {entry.key for entry in kept}
    assert len({entry.key for entry in kept}) == len(kept)


@pytest.mark.parametrize("near", [0.0, 0.49, 1.01])
def test_a_likeness_that_makes_no_sense(near: float) -> None:
    with pytest.raises(UsageError, match="likeness"):
        PassageSettings(near_duplicates=near)


def test_what_may_not_differ_makes_two_passages_unlike() -> None:
    """Whatever brought them together: half of a band's hash is kept on disk, and others may share it."""
    one = Wording.of(passage(LONG))
    assert one.likeness(Wording.of(passage(LONG, 1))) == 1.0
    assert one.likeness(Wording.of(passage(LONG, 1, title="Another bridge"))) == 0.0
    assert one.likeness(Wording.of(passage(LONG.replace("1932", "1933"), 1))) == 0.0
    assert one.likeness(Wording.of(passage(LONG.replace("was closed", "was not closed"), 1))) == 0.0
