"""Questions to drafts, and which draft is the best."""

from factcheck.generate.extractive import DECLINES, Answer, ExtractiveGenerator
from factcheck.generate.ranking import rank_drafts

__all__ = ["DECLINES", "Answer", "ExtractiveGenerator", "rank_drafts"]
