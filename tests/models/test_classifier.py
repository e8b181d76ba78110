"""A Hugging Face classifier, tiny and made here, behind the screen's seam."""

from __future__ import annotations

from pathlib import Path

import pytest

from factcheck.errors import ModelError
from factcheck.models import load_classifier
from factcheck.protocols import TextClassifier
from factcheck.screen import Screen
from tests.models.builders import tiny_bert


@pytest.fixture(autouse=True)
def _needs_torch() -> None:
    pytest.importorskip("torch")


TEXTS = ["the capital of france", "prize", "the capital of france is paris . " * 20, ""]


@pytest.mark.parametrize("several", [False, True])
def test_labels_get_probabilities_that_do_not_depend_on_neighbours(tmp_path: Path, several: bool) -> None:
    kind = {"problem_type": "multi_label_classification"} if several else {}
    classifier = load_classifier(str(tiny_bert(tmp_path, ["toxic", "threat", "neutral"], **kind)))
    assert isinstance(classifier, TextClassifier)
    together = classifier.classify(TEXTS)
    assert together == [classifier.classify([text])[0] for text in TEXTS]
    for row in together:
        assert list(row) == ["toxic", "threat", "neutral"]
        assert all(0.0 <= value <= 1.0 for value in row.values())
    assert several or sum(together[0].values()) == pytest.approx(1.0)
    assert len(classifier.sha256) == 64
    assert classifier.classify([]) == []


def test_it_gives_what_the_library_gives(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tiny_bert(tmp_path, ["toxic", "neutral"])
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path).eval()
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    with torch.inference_mode():
        expected = model(**tokenizer(TEXTS[0], return_tensors="pt")).logits.softmax(-1)[0].tolist()
    (row,) = load_classifier(str(tmp_path)).classify([TEXTS[0]])
    assert list(row.values()) == pytest.approx(expected, abs=1e-5)


def test_the_screen_reports_its_labels_by_the_sentence(tmp_path: Path) -> None:
    classifier = load_classifier(str(tiny_bert(tmp_path, ["toxic", "neutral"])))
    text = "Paris is the capital of France. The tower was built in 1889."
    (found,) = Screen(classifier=classifier, threshold=0.0).look([text])
    assert [(f.category, f.span.of(text)) for f in found] == [
        ("toxic", "Paris is the capital of France."),
        ("toxic", "The tower was built in 1889."),
    ]


def test_a_model_that_was_never_trained_to_classify_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="lack"):
        load_classifier(str(tiny_bert(tmp_path, None)))
    with pytest.raises(ModelError, match="no model folder"):
        load_classifier(str(tmp_path / "none"))
