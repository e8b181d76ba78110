"""Questions to drafts."""

from factcheck.generate.extractive import DECLINES, Answer, ExtractiveGenerator
from factcheck.generate.ranking import best_draft

__all__ = ["DECLINES", "Answer", "ExtractiveGenerator", "best_draft"]
