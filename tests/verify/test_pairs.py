"""The written pairs that the rules were developed on: nothing that decides by itself may be wrong.

The other half, by the SHA-1 of the evidence, is for `scripts/eval_kinds.py` to report.
"""

import csv
import hashlib
from pathlib import Path

from factcheck.decide import is_exact
from factcheck.scoring import case_of
from factcheck.types import Stance
from factcheck.verify.polarity import PolarityChecker
from factcheck.verify.quantities import QuantityChecker

TABLE = Path(__file__).with_name("pairs.tsv")


def test_what_decides_by_itself_is_right() -> None:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    even = [
        r for r in rows if int(hashlib.sha1(r["evidence"].encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0
    ]
    checkers = (QuantityChecker(), PolarityChecker())
    said = [
        (row, judgement)
        for row in even
        for checker in checkers
        for judgement in checker.check([case_of(0, row["claim"], row["evidence"])])[0].judgements
        if is_exact(judgement)
    ]
    wrong = [(r["claim"], j.reason) for r, j in said if (j.stance is Stance.REFUTES) is not (r["label"] == "REFUTED")]
    assert len(rows) == 200
    assert len(said) > 15
    assert wrong == []
