"""What users import is pinned: a name that appears or disappears is a decision, not an accident."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import factcheck

EXPECTED = {
    "FactChecker", "Settings", "FactCheckError", "Draft", "Span", "Claim", "Passage", "Triple", "Evidence", "Label",
    "Stance", "Probabilities", "Correction", "Judgement", "Verdict", "CheckedClaim", "FailedClaim", "Report", "Round",
    "Reflection", "StopReason", "Score", "Follower", "Document", "__version__",
}  # fmt: skip
HEAVY = {"torch", "transformers", "sentence_transformers", "faiss", "rdflib", "pyoxigraph", "onnxruntime", "pyarrow",
         "pint", "trafilatura", "numpy"}  # fmt: skip


def test_public_names() -> None:
    assert set(factcheck.__all__) == EXPECTED
    for name in factcheck.__all__:
        assert getattr(factcheck, name) is not None
    assert sorted(EXPECTED) == dir(factcheck)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = factcheck.nonsense


def test_import_is_light() -> None:
    code = "import sys, factcheck; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY & set(loaded)


def test_typed() -> None:
    assert (Path(factcheck.__file__).parent / "py.typed").exists()


def test_extras_name_what_the_documents_promise() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"torch", "llm", "pdf", "plot", "ray", "train", "dev", "all"} <= set(project["optional-dependencies"])
    base = " ".join(project["dependencies"])
    assert not any(name in base for name in ("torch", "transformers"))
