"""A labelled statement, and what the sets that make statements have in common."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

from factcheck.types import Label


class Statement(NamedTuple):
    """A sentence, what the graph says of it, and of which kind it is."""

    text: str
    label: Label
    kind: str


SUPPORTED, REFUTED, UNKNOWN = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_INFO
E = "http://example.org/e/"
P = "http://example.org/p/"
C = "http://example.org/c/"

PREFIXES = f"""
@prefix e: <{E}> . @prefix p: <{P}> . @prefix c: <{C}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def digest(*parts: object) -> int:
    """Return a number that depends on nothing but the parts."""
    return int(hashlib.sha1("\t".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest(), 16)


def quoted(text: str) -> str:
    """Return a Turtle literal."""
    return json.dumps(text, ensure_ascii=False)
