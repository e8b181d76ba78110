"""Which of several checked drafts is the best, and why.

A draft's score is the sum of

| term | weight | value |
|---|---|---|
| wrong | −3 | claims that are refuted or conflicting |
| failed | −0.5 | share of the claims that could not be checked |
| supported | 1 | share of the claims that is supported; 0 without claims |
| coverage | 0.3 | share of the question's words that the draft speaks of |
| agreement | 0.3 | how little the other drafts contradict it, in [0, 1] |
| length | −0.1 | how much longer it is than 1.5 times the median, in medians, at most 1 |

All other terms together differ by at most 2.2, so that a draft with fewer wrong claims always goes first. The weights
say what matters more; they are not fitted. Among equals the earlier stays first.

Source: agreement is the NLI variant of Manakul et al., SelfCheckGPT (2023), section 5.4: the mean over sentences and
other samples of P(contradicted) / (P(contradicted) + P(entailed)), here taken from 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from factcheck.protocols import EntailmentModel
from factcheck.text.sentences import split_sentences
from factcheck.text.stems import stem
from factcheck.text.tokens import tokenize
from factcheck.types import Candidate, Draft, Report

WEIGHTS = {"wrong": -3.0, "failed": -0.5, "supported": 1.0, "coverage": 0.3, "agreement": 0.3, "length": -0.1}

_NEAREST = 3  # sentences of another draft that a sentence is read against
_ASKING = frozenset(
    "what which who whom whose when where why how is are was were be been do does did has have had will would can "
    "could the a an of in on at to for by from and or it its this that there s".split()
)


def rank_drafts(
    drafts: Sequence[Draft], reports: Sequence[Report], entailment: EntailmentModel, *, declines: frozenset[str]
) -> list[Candidate]:
    """Return the drafts as candidates, the best first.

    Args:
        drafts: at least one.
        reports: on each of them, in the same order.
        entailment: reads whether they contradict each other.
        declines: texts that answer nothing; they cover nothing of the question.
    """
    agreements = agreement([draft.text for draft in drafts], entailment)
    lengths = [len(tokenize(draft.text)) for draft in drafts]
    usual = max(median(lengths), 1)
    found = []
    for draft, report, agreed, length in zip(drafts, reports, agreements, lengths, strict=True):
        summary = report.summary
        values = {
            "wrong": float(summary.refuted + summary.conflicting),
            "failed": summary.failed / summary.claims if summary.claims else 0.0,
            "supported": summary.supported / summary.claims if summary.claims else 0.0,
            "coverage": 0.0 if draft.text in declines else coverage(draft.question or "", draft.text),
            "agreement": agreed,
            "length": min(max(length / usual - 1.5, 0.0), 1.0),
        }
        parts = {name: WEIGHTS[name] * value for name, value in values.items()}
        found.append(
            Candidate(draft=draft, summary=summary, score=sum(parts.values()), parts=parts, reason=_told(values))
        )
    return sorted(found, key=lambda candidate: -candidate.score)


def coverage(question: str, text: str) -> float:
    """Return the share of the question's words, those that only ask aside, that the text speaks of; 1.0 without any."""
    need = {stem(token) for token in tokenize(question) if token not in _ASKING}
    have = {stem(token) for token in tokenize(text)}
    return len(need & have) / len(need) if need else 1.0


def agreement(texts: Sequence[str], entailment: EntailmentModel) -> list[float]:
    """Return for each text how little the others contradict its sentences, in [0, 1]; 1.0 where there are no others."""
    sentences = [[span.of(text) for span in split_sentences(text)] for text in texts]
    pairs: list[tuple[str, str]] = []
    owners: list[int] = []
    alike = [0] * len(texts)
    for i, own in enumerate(sentences):
        for j, other in enumerate(sentences):
            if i == j:
                continue
            if texts[i] == texts[j]:  # said again word for word: full agreement, whatever a model reads
                alike[i] += len(own)
                continue
            for sentence in own:
                premise = _fitting(sentence, other, entailment)
                if premise:
                    pairs.append((premise, sentence))
                    owners.append(i)
    against: list[list[float]] = [[] for _ in texts]
    for owner, row in zip(owners, entailment.score(pairs) if pairs else [], strict=True):
        entailed, contradicted = float(row[0]), float(row[1])
        against[owner].append(contradicted / max(contradicted + entailed, 1e-9))
    return [
        1.0 - sum(values) / (len(values) + same) if values else 1.0 for values, same in zip(against, alike, strict=True)
    ]


def _fitting(sentence: str, others: Sequence[str], entailment: EntailmentModel) -> str:
    """Join the sentences of another text that share most words with this one, as many as the model reads at once."""
    need = set(tokenize(sentence))
    shared = [len(need & set(tokenize(other))) for other in others]
    ranked = sorted(range(len(others)), key=lambda i: (-shared[i], i))[:_NEAREST]
    (room,) = entailment.count_tokens([sentence])
    for size in range(len(ranked), 0, -1):
        premise = " ".join(others[i] for i in sorted(ranked[:size]))
        (length,) = entailment.count_tokens([premise])
        if room + length + 8 <= entailment.max_tokens:
            return premise
    return ""


def _told(values: dict[str, float]) -> str:
    wrong = int(values["wrong"])
    told = [f"{wrong} {'claim' if wrong == 1 else 'claims'} wrong"]
    if values["failed"]:
        told.append(f"{values['failed']:.0%} not checked")
    told.append(f"{values['supported']:.0%} supported")
    told.append(f"covers {values['coverage']:.0%} of the question")
    told.append(f"agrees with the others by {values['agreement']:.0%}")
    if values["length"]:
        told.append("longer than the others")
    return ", ".join(told)
