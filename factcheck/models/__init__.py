"""Runtime of encoders and entailment models; with `train`, the only room that imports model libraries."""
