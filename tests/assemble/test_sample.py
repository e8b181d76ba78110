"""The sample's artefacts are a cache: built when they are missing, built again when they cannot be used."""

from pathlib import Path

import pytest

from factcheck.assemble.sample import open_or_build, sample_artefacts, sample_drafts
from factcheck.errors import IntegrityError
from factcheck.provenance.sample import sample_sources


class Artefact:
    def __init__(self, path: Path) -> None:
        self.path, self.builds = path, 0

    def build(self) -> None:
        self.builds += 1
        self.path.mkdir(parents=True)
        (self.path / "CURRENT").write_text("good")

    def open(self) -> str:
        found = (self.path / "CURRENT").read_text()
        if found != "good":
            raise IntegrityError("is damaged", where=self.path)
        return found


def test_built_once_and_again_when_damaged(tmp_path: Path) -> None:
    artefact = Artefact(tmp_path / "a")
    for _ in range(3):
        assert open_or_build(artefact.path, artefact.open, artefact.build) == "good"
    assert artefact.builds == 1
    (artefact.path / "CURRENT").write_text("bad")
    assert open_or_build(artefact.path, artefact.open, artefact.build) == "good"
    assert artefact.builds == 2


def test_a_build_that_gives_nothing_usable_is_an_error(tmp_path: Path) -> None:
    artefact = Artefact(tmp_path / "a")

    def build() -> None:
        artefact.build()
        (artefact.path / "CURRENT").write_text("bad")

    with pytest.raises(IntegrityError):
        open_or_build(artefact.path, artefact.open, build)


def test_the_name_holds_what_it_was_built_from() -> None:
    assert sample_artefacts("a" * 64) != sample_artefacts("b" * 64)
    assert sample_artefacts("a" * 64) == sample_artefacts("a" * 64)


def test_the_sources_are_there() -> None:
    assert (sample_sources() / "ontology.ttl").is_file()
    drafts = sample_drafts()
    assert len(drafts) >= 5
    assert all(draft.text and draft.question for draft in drafts)
