"""How well a number of a Chinese claim and one of Chinese evidence fit: by characters, since nothing parts words.

Pairs of characters, which serve as words elsewhere, overlap what they are not ("鱼长" and "鱼体长" share none). Here
every character of the claim that is no number and joins nothing is looked for in the evidence's sentence, and those
beside the number in the part between two commas that the evidence's number stands in.
"""

from __future__ import annotations

import re

from factcheck.text.hanzi import simplified
from factcheck.text.quantities import Quantity, QuantityKind
from factcheck.verify.readings import Placed, Reading

_HAN = re.compile(r"[\u3400-\u9fff]")
_BREAK = re.compile(r"[，,；;。：:！!、（）()]")
# Pronouns, what points, what counts, and what joins: as simplified characters.
_EMPTY = frozenset(
    "的是了在有于之与和为约个也被由从到这那其及以着过该此他她它们您我你座条场家栋间位名只本部辆艘件次所幅头匹"
    "时候共自起至"
)
_BESIDE = 2  # characters


def is_han(claim: Reading) -> bool:
    """Say whether a claim is Chinese and names nothing in Latin letters."""
    return not claim.names and _HAN.search(claim.text) is not None


def han_shares(claim: Reading, mine: Placed, evidence: Reading, theirs: Placed) -> tuple[float, float]:
    """Compare what surrounds two numbers.

    Returns:
        The share of the claim's characters that the evidence's sentence or heading has, and that of the characters
        beside the claim's number which stand in the same part of the sentence as the evidence's.
    """
    taken = [p.item.span for p in claim.items]
    text = simplified(claim.text)
    need = [
        at
        for at, mark in enumerate(text)
        if _HAN.match(mark) and mark not in _EMPTY and not any(s.start <= at < s.end for s in taken)
    ]
    sentence = evidence.spans[theirs.sentence]
    whole = set(simplified(sentence.of(evidence.text))) | {mark for word in evidence.heading for mark in word}
    low, high = sentence.start, sentence.end
    for mark in _BREAK.finditer(evidence.text, sentence.start, sentence.end):
        if mark.end() <= theirs.item.span.start:
            low = mark.end()
        elif mark.start() >= theirs.item.span.end:
            high = mark.start()
            break
    part = set(simplified(evidence.text[low:high]))
    item = mine.item
    after = [at for at in need if at >= item.span.end][:_BESIDE]
    beside = after or [at for at in need if at < item.span.start][-_BESIDE:]
    beside_share = _share([text[at] for at in beside], part)
    if isinstance(item, Quantity) and item.kind is QuantityKind.AGE:
        beside_share = 1.0  # "享年八十歲" says itself what it is
    share = _share([text[at] for at in need], whole)
    return (share if beside_share else 0.0), beside_share


def _share(need: list[str], have: set[str]) -> float:
    return sum(mark in have for mark in need) / len(need) if need else 1.0
