"""All parts of a screen as one."""

from __future__ import annotations

from collections.abc import Sequence

from factcheck.protocols import TextClassifier
from factcheck.screen.findings import Finding, Source, distinct
from factcheck.screen.personal import PersonalKind, find_personal
from factcheck.screen.terms import TermList, TermMatcher
from factcheck.text.sentences import split_sentences

HARMLESS = frozenset(
    "neutral safe ok clean none benign normal non-toxic not_toxic nontoxic nothate not-hate non-hate no_hate".split()
)
"""Labels of classifiers that say that there is nothing; unless others are named every other label counts."""


class Screen:
    """Looks at texts.

    Args:
        terms: lists with a category each.
        personal: kinds of personal data.
        classifier: reads sentence by sentence, so that a finding has a place.
        labels: of the classifier that count; all but harmless ones if empty.
        threshold: from which probability on a label counts.
    """

    def __init__(
        self,
        *,
        terms: Sequence[TermList] = (),
        personal: Sequence[PersonalKind] = (),
        classifier: TextClassifier | None = None,
        labels: Sequence[str] = (),
        threshold: float = 0.5,
    ) -> None:
        self._terms = TermMatcher(terms)
        self._personal = tuple(personal)
        self._classifier = classifier
        self._labels = frozenset(label.casefold() for label in labels)
        self._threshold = threshold

    def look(self, texts: Sequence[str]) -> list[tuple[Finding, ...]]:
        """Return what is found in each text, by place."""
        plain: list[list[Finding]] = [[*self._terms.find(text), *self._personally(text)] for text in texts]
        if self._classifier is not None:
            for found, classified in zip(plain, self._classify(texts, self._classifier), strict=True):
                found.extend(classified)
        return [tuple(distinct(found)) for found in plain]

    def _personally(self, text: str) -> list[Finding]:
        return list(find_personal(text, self._personal)) if self._personal else []

    def _classify(self, texts: Sequence[str], classifier: TextClassifier) -> list[list[Finding]]:
        sentences = [split_sentences(text) for text in texts]
        said = [span.of(text) for text, spans in zip(texts, sentences, strict=True) for span in spans]
        scores = iter(classifier.classify(said))
        return [
            [
                Finding(category=label, source=Source.CLASSIFIER, span=span, score=round(score, 6))
                for span in spans
                for label, score in next(scores).items()
                if score >= self._threshold and self._counts(label)
            ]
            for spans in sentences
        ]

    def _counts(self, label: str) -> bool:
        return label.casefold() in self._labels if self._labels else label.casefold() not in HARMLESS
