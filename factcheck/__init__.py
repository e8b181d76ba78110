"""factcheck: which claims of a text hold, what shows it, and how it reads once the false ones are put right.

The public names are resolved lazily, so that `import factcheck` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from factcheck.checker import FactChecker
    from factcheck.config import Settings
    from factcheck.errors import FactCheckError
    from factcheck.follow import Follower
    from factcheck.scoring import Score
    from factcheck.types import (
        CheckedClaim,
        Claim,
        Correction,
        Document,
        Draft,
        Evidence,
        FailedClaim,
        Judgement,
        Label,
        Passage,
        Probabilities,
        Reflection,
        Report,
        Round,
        Span,
        Stance,
        StopReason,
        Triple,
        Verdict,
    )

_HOMES = {
    "FactChecker": "factcheck.checker",
    "Settings": "factcheck.config",
    "FactCheckError": "factcheck.errors",
    "Follower": "factcheck.follow",
    "Score": "factcheck.scoring",
    **dict.fromkeys(
        (
            "CheckedClaim",
            "Claim",
            "Correction",
            "Document",
            "Draft",
            "Evidence",
            "FailedClaim",
            "Judgement",
            "Label",
            "Passage",
            "Probabilities",
            "Reflection",
            "Report",
            "Round",
            "Span",
            "Stance",
            "StopReason",
            "Triple",
            "Verdict",
        ),
        "factcheck.types",
    ),
}

__all__ = [  # noqa: RUF022 - the façade first, then values in the order of the road
    "FactChecker",
    "Settings",
    "FactCheckError",
    "Document",
    "Draft",
    "Span",
    "Claim",
    "Passage",
    "Triple",
    "Evidence",
    "Label",
    "Stance",
    "Probabilities",
    "Correction",
    "Judgement",
    "Verdict",
    "CheckedClaim",
    "FailedClaim",
    "Report",
    "Round",
    "Reflection",
    "StopReason",
    "Score",
    "Follower",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'factcheck' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
