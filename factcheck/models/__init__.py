"""Runtime of encoders and entailment models; with `train`, the only room that imports model libraries."""

from factcheck.models.load import EMBEDDED, load_classifier, load_encoder, load_entailment

__all__ = ["EMBEDDED", "load_classifier", "load_encoder", "load_entailment"]
