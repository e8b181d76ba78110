"""How many of a claim's words stand in a text: the plainest sign that it may be supported."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from factcheck.text.sentences import split_sentences
from factcheck.text.tokens import tokenize

STEM = 5
"""Words that share so many first letters, and all but their ending, count as one."""

STOP_WORDS = frozenset(
    "a an the of in on at to for from by with as and or but is are was were be been being has have had do does did it "
    "its he she they his her their this that these those which who whom there than then also into after before".split()
)
NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor without cannot cant dont doesnt didnt isnt arent wasnt werent wont "
    "couldnt wouldnt hasnt havent hadnt failed fails unable false refused denied 不 没 未 无 非".split()
)
_WINDOW = 4  # sentences that may support a claim together


def content_words(tokens: Sequence[str]) -> list[str]:
    """Return the words that say something; all of them where none does."""
    return [t for t in tokens if t not in STOP_WORDS and t not in NEGATIONS] or list(tokens)


def share_of(content: Sequence[str], have: Collection[str]) -> float:
    """Return the share of words in [0, 1] that are among others, as they are or by their stem; 0 without words."""
    stems = {token[:STEM] for token in have if len(token) > STEM}
    covered = [t in have or (len(t) > STEM and t.isalpha() and t[:STEM] in stems) for t in content]
    return sum(covered) / max(len(covered), 1)


def windows_of(text: str, *, least_sentences: int = 1) -> list[frozenset[str]]:
    """Return the words of each four sentences in a row; nothing for a text of fewer than `least_sentences`."""
    spans = split_sentences(text)
    if len(spans) < least_sentences:
        return []
    sentences = [frozenset(tokenize(span.of(text))) for span in spans]
    starts = range(max(1, len(sentences) - _WINDOW + 1))
    return [frozenset().union(*sentences[start : start + _WINDOW]) for start in starts]


def best_coverage(claim: str, windows: Sequence[Collection[str]]) -> float:
    """Return the largest share of the claim's words that one of the windows has."""
    content = content_words(tokenize(claim))
    return max(share_of(content, window) for window in windows)
