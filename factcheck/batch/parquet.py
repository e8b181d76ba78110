"""Output rows as Parquet, with a schema that never depends on the rows."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

_GROUP_ROWS = 512

_SPAN = pa.struct([("start", pa.int64()), ("end", pa.int64())])
_PROBABILITIES = pa.struct([("SUPPORTED", pa.float64()), ("REFUTED", pa.float64()), ("NOT_ENOUGH_INFO", pa.float64())])
_CORRECTION = pa.struct([("span", _SPAN), ("replacement", pa.string()), ("text", pa.string())])
_EVIDENCE = pa.struct(
    [
        ("id", pa.string()),
        ("source", pa.string()),
        ("text", pa.string()),
        (
            "document",
            pa.struct(
                [
                    ("id", pa.string()),
                    ("sha256", pa.string()),
                    ("span", _SPAN),
                    ("passage", pa.string()),
                    ("source", pa.string()),
                ]
            ),
        ),
        (
            "triples",
            pa.list_(pa.struct([("subject", pa.string()), ("predicate", pa.string()), ("object", pa.string())])),
        ),
        ("graph_sha256", pa.string()),
        ("stance", pa.string()),
        ("score", pa.float64()),
        ("title", pa.string()),
        ("section", pa.string()),
        ("date", pa.string()),
    ]
)
_JUDGEMENT = pa.struct(
    [
        ("checker", pa.string()),
        ("rule", pa.string()),
        ("stance", pa.string()),
        ("probabilities", _PROBABILITIES),
        ("evidence_ids", pa.list_(pa.string())),
        ("reason", pa.string()),
        ("span", _SPAN),
        ("correction", _CORRECTION),
        ("part", _SPAN),
    ]
)
_CLAIM = pa.struct(
    [
        ("id", pa.string()),
        ("text", pa.string()),
        ("span", _SPAN),
        ("label", pa.string()),
        ("confidence", pa.float64()),
        ("probabilities", _PROBABILITIES),
        ("evidence", pa.list_(_EVIDENCE)),
        ("correction", _CORRECTION),
        ("reason", pa.string()),
        ("error", pa.struct([("stage", pa.string()), ("code", pa.string()), ("message", pa.string())])),
        ("judgements", pa.list_(_JUDGEMENT)),
    ]
)
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("schema", pa.string()),
        ("text", pa.string()),
        ("claims", pa.list_(_CLAIM)),
        (
            "summary",
            pa.struct(
                [
                    ("claims", pa.int64()),
                    ("supported", pa.int64()),
                    ("refuted", pa.int64()),
                    ("not_enough_info", pa.int64()),
                    ("conflicting", pa.int64()),
                    ("failed", pa.int64()),
                    ("supported_share", pa.float64()),
                ]
            ),
        ),
        ("revision", pa.string()),
        ("warnings", pa.list_(pa.string())),
        ("provenance", pa.string()),
    ]
)
"""The fields of a report. `revision` and `provenance`, whose keys are open, are JSON; an id is always text."""


def write_parquet(rows: Iterable[str], file: BinaryIO) -> None:
    """Write output rows, given in JSON, in groups of a fixed size: equal rows give equal bytes."""
    with pq.ParquetWriter(file, SCHEMA, compression="zstd") as writer:
        waiting = iter(rows)
        while group := list(islice(waiting, _GROUP_ROWS)):
            writer.write_table(pa.Table.from_pylist([_flat(row) for row in group], schema=SCHEMA))


def read_parquet_row(value: dict[str, Any]) -> dict[str, Any]:
    """Return a row of such a file as it stands in JSON Lines."""
    found = dict(value)
    found["revision"] = None if value["revision"] is None else orjson.loads(value["revision"])
    found["provenance"] = orjson.loads(value["provenance"])
    return found


def _flat(row: str) -> dict[str, Any]:
    value: dict[str, Any] = orjson.loads(row)
    value["id"] = str(value["id"])
    value["revision"] = None if value["revision"] is None else orjson.dumps(value["revision"]).decode()
    value["provenance"] = orjson.dumps(value["provenance"]).decode()
    return value
