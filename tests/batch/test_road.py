"""Outcomes depend on the row alone: by the real parts, on the embedded sample."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import faiss
import numpy as np
import orjson
import pytest

from factcheck import FactChecker
from factcheck.assemble import Assembly
from factcheck.assemble.sample import sample_drafts
from factcheck.batch.road import Outcome, Road, changes, row_provenance
from factcheck.batch.rows import InputRow
from factcheck.batch.stream import batches_of, check_drafts
from factcheck.config import Settings, load_settings
from factcheck.index.manifest import VectorsPart
from factcheck.index.vectors import SegmentVectors
from factcheck.types import Document, Draft


def rows() -> list[InputRow]:
    made = []
    for position, sample in enumerate(sample_drafts()[:3]):
        given = None if position else (Document(id="context-1", text=sample.text, source="context 1"),)
        made.append(
            InputRow(
                position=position,
                line=position + 1,
                offset=None,
                id=sample.id,
                draft=Draft(text=sample.text[:260], question=sample.question),
                contexts=given,
                group=None,
                warnings=(),
                content=sample.id,
            )
        )
    return made


def plain(outcomes: list[Outcome]) -> list[Outcome]:
    return [dataclasses.replace(outcome, seconds=0.0) for outcome in outcomes]


@pytest.mark.slow
def test_a_row_comes_out_the_same_whatever_is_beside_it() -> None:
    wiring = Assembly(Settings(), index=None, graph=None)
    together = plain(Road(wiring).check(rows()))
    assert plain(Road(wiring).check(rows()[::-1])) == together[::-1]
    alone = Road(wiring)
    assert [plain(alone.check([row]))[0] for row in rows()] == together
    # What was judged before is remembered, and is the same.
    assert plain(alone.check(rows())) == together


def test_a_search_for_many_gives_the_scores_of_a_search_for_one() -> None:
    lot = np.random.default_rng(0)
    vectors = lot.standard_normal((20_000, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = faiss.IndexFlatIP(64)
    index.add(vectors)
    segment = SegmentVectors(index, None, VectorsPart(factory="Flat"))
    queries = (vectors[:100] + 0.02 * lot.standard_normal((100, 64))).astype(np.float32)
    found, scores = segment.search(queries, 50, 2)
    for place in range(100):
        one, one_scores = segment.search(queries[place : place + 1], 50, 2)
        assert np.array_equal(one[0], found[place]) and np.array_equal(one_scores[0], scores[place])


def test_batches_end_at_rows_or_characters() -> None:
    sizes = [len(batch) for batch in batches_of(range(200), lambda _: 1)]
    assert sizes == [64, 64, 64, 8]
    assert [len(batch) for batch in batches_of(range(5), lambda _: 9000)] == [2, 2, 1]
    assert list(batches_of([], lambda _: 1)) == []


def test_check_many_is_the_same_road(tmp_path: Path) -> None:
    checker = FactChecker.open()
    texts = ["Sydney is the capital of Australia.", "", "The Danube flows into the Black Sea."]
    reports = checker.check_many(texts)
    assert reports == [checker.check(text) for text in texts]
    pipeline = checker._parts.pipeline()
    assert list(check_drafts(pipeline, (Draft(text=text) for text in texts))) == reports


def test_changes_name_the_setting() -> None:
    before = {"index": {"sha256": "a"}, "settings": {"sha256": "1", "values": {"verify": {"x": 1, "y": 2}}}}
    now = {"index": {"sha256": "a"}, "settings": {"sha256": "2", "values": {"verify": {"x": 1, "y": 3}}}}
    assert changes(before, now) == ("settings.verify.y",)
    assert changes(before, {**before, "index": None, "graph": {}}) == ("index", "graph")


def test_where_a_model_lies_is_nothing_that_a_verdict_rests_on() -> None:
    def basis(models: dict[str, object]) -> dict[str, object]:
        made = {"entailment": {"sha256": "a"}, "settings": {"values": {"models": models, "serve": {"port": 1}}}}
        return row_provenance(made)

    here = basis({"entailment": "/here/model", "encoder": "embedded", "threads": 2, "chat": ""})
    there = basis({"entailment": "/there/model", "encoder": "/there/encoder", "threads": 1, "chat": ""})
    assert here == there
    assert changes(here, basis({"entailment": "/here/model", "chat": "openai:m"})) == ("settings.models.chat",)


def test_a_screen_tells_rows_what_their_texts_hold_and_changes_no_verdict() -> None:
    settings = load_settings(environment={}, overrides={"screen.personal": ("all",), "screen.action": "report"})
    text = "Sydney is the capital of Australia. Write to ann@example.org."
    row = dataclasses.replace(rows()[1], draft=Draft(text=text), contexts=(Document(id="c", text=text, source="c"),))
    (plainly,) = Road(Assembly(Settings(), index=None, graph=None)).check([row])
    parts = Assembly(settings, index=None, graph=None)
    (screened,) = Road(parts, screen=parts.guard, screened_for=parts.screened_for).check([row])
    told, before = orjson.loads(screened.result), orjson.loads(plainly.result)
    assert told["warnings"] == ["the screen found in the text: email (1)"]
    (finding,) = told["provenance"]["screen"]["findings"]
    assert text[finding["span"]["start"] : finding["span"]["end"]] == "ann@example.org"
    assert told["claims"] == before["claims"] and told["text"] == text
    assert screened.basis != plainly.basis
