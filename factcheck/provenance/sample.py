"""Where the sources of the embedded sample lie: in the wheel, or beside a checkout."""

from __future__ import annotations

from pathlib import Path

from factcheck.errors import IntegrityError

_PACKAGE = Path(__file__).resolve().parent.parent


def sample_sources() -> Path:
    """Return the folder with the sample's passages, ontology and facts: in the wheel, or beside a checkout."""
    for folder in (_PACKAGE / "sample", _PACKAGE.parent / "kb"):
        if (folder / "passages.jsonl").is_file():
            return folder
    raise IntegrityError(
        "the embedded sample is missing", where=_PACKAGE / "sample", remedy="install the package again"
    )
