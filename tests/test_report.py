"""The report's JSON keeps the contract, loses nothing and reads back."""

import hashlib
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from factcheck.errors import InputError, SchemaVersionError, UsageError
from factcheck.report import (
    LabelSet,
    json_schema,
    labels_of,
    name_of,
    report_from_dict,
    report_to_dict,
    strongest_stance,
    to_json,
)
from factcheck.types import Label, Report, Stance
from tests.reports import DRAFT, FAILED_REPORT, REVISED, REVISED_REPORT, reports

SCHEMA_FILE = Path(__file__).parent.parent / "docs" / "report.schema.json"

REPORT_KEYS = ["schema", "text", "claims", "summary", "revision", "warnings", "provenance"]
CLAIM_KEYS = [
    "id",
    "text",
    "span",
    "label",
    "confidence",
    "probabilities",
    "evidence",
    "correction",
    "reason",
    "error",
    "judgements",
]
EVIDENCE_KEYS = {"id", "source", "text", "document", "triples", "graph_sha256", "stance", "score"}
SUMMARY_KEYS = ["claims", "supported", "refuted", "not_enough_info", "conflicting", "failed", "supported_share"]


def test_every_key_of_the_contract_is_there() -> None:
    data = report_to_dict(REVISED_REPORT)
    assert list(data) == REPORT_KEYS
    assert data["schema"] == "factcheck.report/1"
    assert data["text"] == REVISED
    assert list(data["summary"]) == SUMMARY_KEYS
    assert data["summary"] == {
        "claims": 5,
        "supported": 3,
        "refuted": 0,
        "not_enough_info": 1,
        "conflicting": 1,
        "failed": 0,
        "supported_share": 0.6,
    }
    for claim in data["claims"]:
        assert list(claim) == CLAIM_KEYS
        assert set(claim["probabilities"]) == {"SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"}
        assert claim["error"] is None
        assert data["text"][claim["span"]["start"] : claim["span"]["end"]]
        for evidence in claim["evidence"]:
            assert set(evidence) >= EVIDENCE_KEYS
            assert (evidence["document"] is None) != (evidence["triples"] == [])


def test_a_span_of_a_document_is_the_text_of_its_evidence() -> None:
    (evidence,) = report_to_dict(REVISED_REPORT)["claims"][0]["evidence"]
    document = "Lark, born in Port Ellin, trained as a mason."
    place = evidence["document"]
    assert document[place["span"]["start"] : place["span"]["end"]] == evidence["text"]
    assert place["sha256"] == hashlib.sha256(document.encode()).hexdigest()
    assert (evidence["title"], evidence["section"]) == ("Ada Lark", "Life")


def test_rounds_begin_with_the_untouched_draft_and_have_no_revision_inside() -> None:
    revision = report_to_dict(REVISED_REPORT)["revision"]
    assert list(revision) == ["rounds", "stop_reason", "best"]
    assert revision["rounds"][0]["text"] == DRAFT
    assert revision["stop_reason"] == "unchanged"
    for item in revision["rounds"]:
        assert {"text", "report", "accepted", "edits", "tokens"} <= set(item)
        assert item["report"]["revision"] is None
    edit = revision["rounds"][1]["edits"][0]
    assert DRAFT[edit["span"]["start"] : edit["span"]["end"]] == "1871"
    correction = revision["rounds"][0]["report"]["claims"][1]["correction"]
    assert correction["replacement"] == "1817"
    assert correction["text"] == "Ada Lark finished the lighthouse in 1817."


def test_the_strongest_judgement_gives_the_stance() -> None:
    claims = report_to_dict(REVISED_REPORT)["revision"]["rounds"][0]["report"]["claims"]
    assert [e["stance"] for e in claims[1]["evidence"]] == ["REFUTES", "NEUTRAL"]
    assert [e["stance"] for e in claims[3]["evidence"]] == ["SUPPORTS", "REFUTES"]
    assert strongest_stance("anything", ()) is Stance.NEUTRAL


def test_a_failed_claim_is_neither_a_pass_nor_a_gap() -> None:
    data = report_to_dict(FAILED_REPORT)
    (claim,) = data["claims"]
    assert claim["label"] == "FAILED"
    assert claim["confidence"] == 0.0
    assert claim["probabilities"] is None
    assert claim["evidence"] == []
    assert claim["error"] == {"stage": "verify", "code": "service", "message": "the endpoint does not answer"}
    assert data["summary"]["failed"] == 1
    assert data["summary"]["supported_share"] == 0.0


def test_no_claims_share_is_one() -> None:
    assert report_to_dict(Report(text="", claims=()))["summary"]["supported_share"] == 1.0


@settings(max_examples=60)
@given(reports)
def test_json_reads_back_as_the_same_report(report: Report) -> None:
    data = to_json(report)
    assert report_from_dict(orjson.loads(data)) == report
    assert to_json(report_from_dict(orjson.loads(data))) == data


def test_indented_json_says_the_same() -> None:
    assert orjson.loads(to_json(REVISED_REPORT, indent=True)) == orjson.loads(to_json(REVISED_REPORT))


def test_a_path_that_is_not_utf8_does_not_break_the_json() -> None:
    report = Report(text="a", claims=(), provenance={"index": ["corpus\udcff", {"k\ud800": "\udc00x"}]})
    assert orjson.loads(to_json(report))["provenance"] == {"index": ["corpus\ufffd", {"k\ufffd": "\ufffdx"}]}


def test_extensions_may_be_absent_and_unknown_keys_are_ignored() -> None:
    data = report_to_dict(FAILED_REPORT) | {"id": "7"}
    for claim in data["claims"]:
        del claim["judgements"]
    assert report_from_dict(data) == FAILED_REPORT


def broken(path: list[str | int], value: Any) -> dict[str, Any]:
    data: Any = orjson.loads(to_json(REVISED_REPORT))
    node = data
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    result: dict[str, Any] = data
    return result


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["text"], 1, r"\$\.text"),
        (["claims", 0, "label"], "MAYBE", r"claims\[0\]\.label"),
        (["claims", 0, "span", "end"], -1, "end"),
        (["claims", 0, "span", "start"], 4000, "0 <= start <= end"),
        (["claims", 0, "probabilities", "SUPPORTED"], 0.99, "sum to 1"),
        (["claims", 0, "probabilities"], None, "neither error nor probabilities"),
        (["revision", "best"], 9, "revision.best is 9"),
        (["revision", "stop_reason"], "tired", "stop_reason"),
    ],
)
def test_a_bad_field_is_named(path: list[str | int], value: Any, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        report_from_dict(broken(path, value), where="row 3")
    assert str(caught.value).startswith("row 3: is not a report (")


def test_a_missing_field_is_named() -> None:
    with pytest.raises(InputError, match="schema"):
        report_from_dict({})


def test_another_schema_is_refused() -> None:
    with pytest.raises(SchemaVersionError, match=r"factcheck\.report/2"):
        report_from_dict({"schema": "factcheck.report/2"})


def test_the_published_schema_is_the_one_in_force() -> None:
    # Write it again with: python -c "import json, factcheck.report as r; print(json.dumps(r.json_schema(), indent=2))"
    published = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    assert published == json_schema()
    assert set(published["$defs"]["ReportRow"]["required"]) == set(REPORT_KEYS)
    assert set(published["$defs"]["ClaimRow"]["required"]) == set(CLAIM_KEYS) - {"judgements"}
    assert set(published["$defs"]["EvidenceRow"]["required"]) == EVIDENCE_KEYS
    assert set(published["$defs"]["SummaryRow"]["required"]) == set(SUMMARY_KEYS)


@pytest.mark.parametrize(
    ("label_set", "names"),
    [
        (LabelSet.FACTCHECK, ["SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO", "CONFLICTING"]),
        (LabelSet.FEVER, ["SUPPORTS", "REFUTES", "NOT ENOUGH INFO", "NOT ENOUGH INFO"]),
        (LabelSet.NLI, ["entailment", "contradiction", "neutral", "neutral"]),
        (LabelSet.BINARY, ["SUPPORTED", "NOT_SUPPORTED", "NOT_SUPPORTED", "NOT_SUPPORTED"]),
    ],
)
def test_labels_have_names_in_every_set(label_set: LabelSet, names: list[str]) -> None:
    assert [name_of(label, label_set) for label in Label] == names
    for label, name in zip(Label, names, strict=True):
        assert label in labels_of(name.lower().replace(" ", "_"), label_set)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    assert labels_of("not-supported", LabelSet.BINARY) == {Label.REFUTED, Label.NOT_ENOUGH_INFO, Label.CONFLICTING}
    with pytest.raises(UsageError, match="SUPPORTS, REFUTES, NOT ENOUGH INFO"):
        labels_of("entailment", LabelSet.FEVER)
