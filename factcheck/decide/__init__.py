"""Judgements to a verdict, in two pure steps.

`combine(judgements, evidence) → probabilities` is a small monotone model: more support never makes a claim less
supported. `rule(case, judgements, probabilities) → label` is a table, read from the top; the first line that
applies decides:

    line  condition                                                                            label
    1     exact judgements of the same part, from independent sources or within one graph,     CONFLICTING
          support and refute
    2     an exact judgement refutes; an independent source strongly supports the same part    CONFLICTING
    3     an exact judgement refutes                                                           REFUTED
    4     an exact judgement supports the whole claim; an independent source strongly refutes  CONFLICTING
    5     an exact judgement supports the whole claim                                          SUPPORTED
    6     independent sources strongly support and strongly refute                             CONFLICTING
    7     the largest probability lies below `min_confidence`                                  NOT_ENOUGH_INFO
    8     otherwise                                                                            the largest probability

A judgement is exact if its rule stands in `EXACT` for its stance and it is sure of itself (`SURE`); any judgement
speaks strongly that is at least as sure as `STRONG`. Independent: another document or graph (by hash) and another
source. In lines 1 and 2 support counts only if it is of the very part that is refuted, or its evidence mentions the
disputed value: what says nothing of the year does not defend a year. In lines 4 and 6 a reading refutes only if its
evidence, and its title, name what the claim begins with. In lines 2, 4 and 6 a source that says the contrary as surely
is no second source.
"""

from factcheck.decide.judgements import EXACT, SIGNS, STRONG, SURE, is_exact
from factcheck.decide.table import Line, rule
from factcheck.decide.verdict import decide, merge_corrections
from factcheck.decide.weighing import Weights, combine, default_weights

__all__ = [
    "EXACT",
    "SIGNS",
    "STRONG",
    "SURE",
    "Line",
    "Weights",
    "combine",
    "decide",
    "default_weights",
    "is_exact",
    "merge_corrections",
    "rule",
]
