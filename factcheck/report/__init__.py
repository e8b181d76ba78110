"""A `Report` as JSON and back, by the contract `factcheck.report/1`, and its labels in the words of other sets."""

from __future__ import annotations

from factcheck.report.labels import LabelSet, labels_of, name_of
from factcheck.report.read import report_from_dict
from factcheck.report.rows import SCHEMA, ClaimLabel, json_schema
from factcheck.report.write import report_to_dict, strongest_stance, to_json

__all__ = [
    "SCHEMA",
    "ClaimLabel",
    "LabelSet",
    "json_schema",
    "labels_of",
    "name_of",
    "report_from_dict",
    "report_to_dict",
    "strongest_stance",
    "to_json",
]
