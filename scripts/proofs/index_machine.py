"""An index against a plain dictionary: whatever is done to both, they hold the same."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from factcheck.index import Index, PassageSettings, SearchMode
from factcheck.index.check import verify_index
from proofs.corpora import HashEncoder
from proofs.disk import memory
from proofs.proof import DoesNotHoldError, Proof, Work, hold

IDS = st.sampled_from([f"d{n}" for n in range(8)])
# Few texts, so that documents often share passages; each sentence is a passage of its own.
SENTENCES = st.sampled_from(
    [
        f"The {word} of Avalon has {number} towers and a wall of stone."
        for word in ("city", "fort")
        for number in (3, 4, 5)
    ]
    + ["Nothing grows in the valley of the two rivers at all.", "the city of Avalon has 3 towers, and a wall of stone"]
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "text": st.lists(SENTENCES, min_size=1, max_size=3).map("\n\n".join),
        "source": st.sampled_from(["A", "B"]),
        "title": st.sampled_from(["", "Avalon"]),
    }
)
Row = dict[str, str]


class IndexMachine(RuleBasedStateMachine):
    """Add, change, remove, compact and reopen."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="index-machine-", dir=memory()))
        self.index = self.folder / "index"
        self.encoder = HashEncoder()
        self.model: dict[str, Row] = {}
        self.readers: list[tuple[Index, dict[str, Row]]] = []

    def teardown(self) -> None:
        """Let go of all readers and files."""
        for reader, _ in self.readers:
            reader.close()
        shutil.rmtree(self.folder)

    def sources(self, rows: dict[str, Row]) -> list[Path]:
        """Write rows down."""
        path = self.folder / "rows.jsonl"
        path.write_text("".join(json.dumps({"_id": identity, **row}) + "\n" for identity, row in rows.items()))
        return [path]

    @initialize(rows=st.dictionaries(IDS, DOCUMENTS, min_size=1, max_size=4))
    def build(self, rows: dict[str, Row]) -> None:
        """Begin with some documents."""
        cut = PassageSettings(max_characters=60, overlap_sentences=0)
        report = Index.build(self.sources(rows), self.index, self.encoder, passages=cut)
        hold(report.documents == len(rows), "report.documents == len(rows)")
        self.model = dict(rows)

    @rule(rows=st.dictionaries(IDS, DOCUMENTS, min_size=1, max_size=4))
    def add(self, rows: dict[str, Row]) -> None:
        """Add new documents, changed ones and the same again."""
        report = Index.add(self.sources(rows), self.index, self.encoder)
        same = sum(self.model.get(identity) == row for identity, row in rows.items())
        known = sum(identity in self.model for identity in rows)
        hold(
            (report.added, report.changed, report.unchanged) == (len(rows) - known, known - same, same),
            "(report.added, report.changed, report.unchanged) == (len(row",
        )
        self.model.update(rows)

    @rule(identities=st.lists(IDS, min_size=1, max_size=3))
    def remove(self, identities: list[str]) -> None:
        """Remove documents, some of which are not there."""
        report = Index.remove(identities, self.index, lambda: self.encoder)
        hold({*report.missing} == {*identities} - {*self.model}, "{*report.missing} == {*identities} - {*self.model}")
        for identity in identities:
            self.model.pop(identity, None)

    @rule()
    def compact(self) -> None:
        """Merge the segments."""
        report = Index.compact(self.index)
        hold(
            (report.segments, report.documents) == (1, len(self.model)),
            "(report.segments, report.documents) == (1, len(self.model))",
        )

    @precondition(lambda self: len(self.readers) < 3)
    @rule()
    def keep_a_reader(self) -> None:
        """Open what is there now and keep it."""
        self.readers.append((Index.open(self.index, self.encoder), dict(self.model)))

    @invariant()
    def holds_the_same(self) -> None:
        """Compare the index, and what readers hold, with what was put there."""
        if not self.index.exists():
            return
        with Index.open(self.index, self.encoder) as index:
            compare(index, self.model)
        for reader, model in self.readers:
            compare(reader, model)
        verify_index(self.index)

    @invariant()
    def leaves_nothing_behind(self) -> None:
        """Look for files that nobody needs."""
        if self.index.exists():
            names = {entry.name for entry in self.index.iterdir()}
            held = {f"gen-{reader.generation}" for reader, _ in self.readers}
            generations = {name for name in names if name.startswith("gen-")}
            hold(
                names - generations <= {"CURRENT", ".lock", ".scratch"},
                "names - generations <= {'CURRENT', '.lock', '.scratch'}",
            )
            hold(len(generations - held) <= 2, "len(generations - held) <= 2")


def compare(index: Index, model: dict[str, Row]) -> None:
    """Stop where an index does not hold what a dictionary holds."""
    expected = {
        (row["title"], sentence, row["source"]) for row in model.values() for sentence in row["text"].split("\n\n")
    }
    # What a near-duplicate stands for is there by its twin; these differ in case and punctuation alone.
    plain = {(title, _plain(text), source) for title, text, source in expected}
    found = list(index)
    shown = [(passage.title, _plain(passage.text), passage.source) for passage in found]
    hold({*shown} == plain, "{*shown} == plain")
    exact = [(passage.title, passage.text, passage.source) for passage in found]
    hold(len(exact) == len({*exact}) == len(index), "an equal passage stands in it twice")
    hold({*exact} <= expected, "{*exact} <= expected")
    hold(index.info().body.counts.documents == len(model), "index.info().body.counts.documents == len(model)")
    ids = {passage.id for passage in found}
    for passage in found[:3]:
        hold(passage.document_id in model, "passage.document_id in model")
        hold(
            model[passage.document_id]["text"][passage.span.start : passage.span.end] == passage.text,
            "model[passage.document_id]['text'][passage.span.start : pass",
        )
        for mode in SearchMode:
            hits = index.search([passage.premise], len(found), mode)[0]
            hold({hit.passage.id for hit in hits} <= ids, "{hit.passage.id for hit in hits} <= ids")
            hold(passage.id in {hit.passage.id for hit in hits}, "passage.id in {hit.passage.id for hit in hits}")


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


EXAMPLES, BATCH = 1000, 50


def prove(work: Work, *, examples: int = EXAMPLES) -> Mapping[str, Any]:
    """Run sequences of up to twelve steps, fifty at a time."""
    for point in work.points(-(-examples // BATCH)):
        chosen = settings(
            max_examples=min(BATCH, examples - point * BATCH),
            stateful_step_count=12,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        try:
            run_state_machine_as_test(with_seed(point)(IndexMachine), settings=chosen)
        except DoesNotHoldError as error:
            raise DoesNotHoldError(f"batch {point}: {error}") from error
        work.tally["sequences"] += chosen.max_examples
    return dict(work.tally)


PROOF = Proof(
    name="index-machine",
    title="add, change, remove, compact and reopen at random against a plain dictionary (hypothesis)",
    prove=prove,
)
