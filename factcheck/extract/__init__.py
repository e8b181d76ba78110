"""Text to claims: by rule (`factcheck.extract.rules`)."""

from __future__ import annotations

from factcheck.extract.rules import RuleExtractor

__all__ = ["RuleExtractor"]
