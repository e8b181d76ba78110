"""Input rows: what is accepted, which name wins, and why a row is rejected."""

from collections.abc import Mapping
from typing import Any

import pytest

from factcheck.batch.rows import FieldNames, InputRow, read_row
from factcheck.errors import RowError, UsageError
from factcheck.text.json_lines import RawRow


def read(value: Mapping[str, Any], names: FieldNames | None = None, position: int = 4) -> InputRow | RowError:
    raw = RawRow(position=position, line=position + 1, offset=99, value=value)
    return read_row(raw, names or FieldNames.of(), where="in.jsonl", max_characters=100)


def good(value: Mapping[str, Any], names: FieldNames | None = None) -> InputRow:
    row = read(value, names)
    assert isinstance(row, InputRow), row
    return row


def code(value: Mapping[str, Any]) -> str:
    row = read(value)
    assert isinstance(row, RowError)
    assert (row.line, row.offset) == (5, 99)
    return row.code


@pytest.mark.parametrize("name", ["text", "output", "response", "answer", "actual_output"])
def test_every_name_of_the_text_is_taken(name: str) -> None:
    row = good({name: "It is so.", "id": "a"})
    assert (row.draft.text, row.id, row.warnings) == ("It is so.", "a", ())


def test_the_first_name_wins_and_the_others_are_reported() -> None:
    row = good({"answer": "no", "response": "yes", "user_input": "b?", "prompt": "a?", "contexts": ["c"]})
    assert (row.draft.text, row.draft.question) == ("yes", "a?")
    assert row.warnings == (
        "'answer' was passed over; 'response' was taken as the text",
        "'user_input' was passed over; 'prompt' was taken as the question",
    )


def test_null_counts_as_absent() -> None:
    row = good({"text": None, "output": "x", "contexts": None})
    assert (row.draft.text, row.contexts, row.warnings) == ("x", None, ())


def test_a_row_without_id_has_its_number_and_an_empty_text_is_a_text() -> None:
    assert good({"text": ""}).id == "4"
    assert good({"text": "x", "id": 17}).id == 17


def test_contexts_as_text_list_and_documents() -> None:
    assert [d.text for d in good({"text": "x", "context": "one"}).contexts or ()] == ["one"]
    row = good({"text": "x", "retrieved_contexts": ["one", {"page_content": "two", "title": "T", "source": "S"}]})
    assert row.contexts is not None
    assert [(d.text, d.title, d.source) for d in row.contexts] == [("one", "", "context 1"), ("two", "T", "S")]
    assert good({"text": "x", "contexts": []}).contexts == ()


def test_a_mapping_reads_one_field_under_that_name_alone() -> None:
    names = FieldNames.of(["text=generated", "context=docs"], group="model")
    row = good({"text": "no", "generated": "yes", "docs": ["d"], "model": 3}, names)
    assert (row.draft.text, row.group, row.warnings) == ("yes", "3", ())
    assert {"generated", "docs", "model", "id"} <= set(names.columns)
    for wrong in ("text", "text=", "unheard=x"):
        with pytest.raises(UsageError):
            FieldNames.of([wrong])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, "missing_field"),
        ({"text": 3}, "invalid_field"),
        ({"text": "a\0b"}, "invalid_text"),
        ({"text": "a\ud800b"}, "invalid_text"),
        ({"text": "x" * 101}, "text_too_long"),
        ({"text": "x", "id": True}, "invalid_field"),
        ({"text": "x", "id": 1.5}, "invalid_field"),
        ({"text": "x", "id": ""}, "invalid_field"),
        ({"text": "x", "question": ["q"]}, "invalid_field"),
        ({"text": "x", "contexts": [3]}, "invalid_field"),
        ({"text": "x", "contexts": [{"title": "no text"}]}, "invalid_field"),
    ],
)
def test_rejects(value: Mapping[str, Any], expected: str) -> None:
    assert code(value) == expected


def test_the_content_hash_follows_what_is_judged_and_nothing_else() -> None:
    one = good({"text": "x", "id": "a"})
    assert one.content == good({"text": "x", "id": "b", "meta": 1}).content
    others = [{"text": "y"}, {"text": "x", "question": "q"}, {"text": "x", "contexts": []}, {"text": "x", "answer": ""}]
    assert len({one.content, *(good(other).content for other in others)}) == 5
