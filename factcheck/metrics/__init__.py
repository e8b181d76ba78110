"""Measures, pure and named as the field names them: of rankings, of labels, of confidence, and how sure they are.

Those of rankings need the standard library alone and can be imported from here; the others work on arrays:
`factcheck.metrics.labels`, `factcheck.metrics.confidence`, `factcheck.metrics.resampling`.
"""

from factcheck.metrics.ranking import (
    average_precision,
    hit_rate_at_k,
    mean,
    ndcg_at_k,
    precision_at_k,
    recall_at_k,
    reciprocal_rank,
)

__all__ = [
    "average_precision",
    "hit_rate_at_k",
    "mean",
    "ndcg_at_k",
    "precision_at_k",
    "recall_at_k",
    "reciprocal_rank",
]
