"""Claims without a model: blocks, sentences, worth, clauses, reference, in that order.

One pass; a sentence costs a bounded amount of work, so a text costs time in proportion to its length. Nothing here
knows the world: what is not plain from closed lists and the order of words stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from factcheck.extract.chinese import ChineseReader
from factcheck.extract.clauses import after_adverbial, split_clauses
from factcheck.extract.coreference import Discourse
from factcheck.extract.listing import asked_lead, attribute_claim, item_claim, split_label
from factcheck.extract.parse import MAX_WORDS, Words, is_finite, read_subject, read_words
from factcheck.extract.statement import Clause
from factcheck.extract.worthiness import Reason, judge, judge_clause
from factcheck.text.blocks import Block, BlockKind, split_blocks
from factcheck.text.clean import visible_text
from factcheck.text.sentences import block_sentences
from factcheck.text.tokens import CJK
from factcheck.types import Claim, Draft, Extraction, Span

_CJK_HEAD = re.compile(f"[{CJK}]")
_FRAME = re.compile(
    r"(?:(?:please )?note that|(?:it is|it['’]s) (?:also )?(?:important|worth|essential|interesting|useful) "
    r"(?:to )?(?:note|noting|remember|remembering|mention|mentioning|point out)(?: here)?(?:,? that)|"
    r"(?:this|that|it|this \w+) (?:means|suggests|shows|implies|indicates|demonstrates) that|(?:this|"
    r"that) is (?:why|because)|"
    r"as of my (?:last |latest |most recent |knowledge )*(?:update|cut-?off|training|knowledge)[^,\n]{0,40},|"
    r"here (?:is|are) [^:.\n]{0,60}:|according to my (?:knowledge|information|training data)[^,\n]{0,20},|"
    r"to answer your question,)\s+",
    re.I,
)
_MARKUP = re.compile(r"\*\*|__|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|`|\[\d{1,3}\]")
_MARKS = frozenset("*_`[")
_LINK = re.compile(r"!?\[([^\[\]]{1,200})\]\([^()\s]{1,500}\)")


class Sentence(NamedTuple):
    """What was made of one sentence: its claims, or the reason why it has none."""

    span: Span
    claims: tuple[tuple[str, Span], ...] = ()
    reason: Reason | None = None


class RuleExtractor:
    """Implements `factcheck.protocols.ClaimExtractor` by rule, for English and Chinese."""

    def extract(self, drafts: Sequence[Draft]) -> list[Extraction]:
        """Return the claims of each draft, numbered c1, c2, … in the order of the text."""
        return [self._extract(draft) for draft in drafts]

    def examine(self, draft: Draft) -> list[Sentence]:
        """Return every sentence of a draft with its claims or the reason why it has none."""
        return list(_Reader(draft).read())

    def _extract(self, draft: Draft) -> Extraction:
        reader = _Reader(draft)
        claims: list[Claim] = []
        for sentence in reader.read():
            found = sentence.claims
            if len(found) > 1:
                found = tuple(sorted(found, key=lambda claim: (claim[1].start, claim[1].end)))
            claims.extend(
                Claim(id=f"c{n}", text=visible_text(text) or text, span=span)
                for n, (text, span) in enumerate(found, len(claims) + 1)
            )
        warnings: tuple[str, ...] = ()
        if reader.long_sentences:
            count = reader.long_sentences
            noun, each = ("sentence was", "") if count == 1 else ("sentences were", " each")
            warnings = (f"{count:,} {noun} longer than {MAX_WORDS} words and kept as one claim{each}",)
        return Extraction(claims=tuple(claims), warnings=warnings)


class _Reader:
    """Reads one draft from its first block to its last."""

    def __init__(self, draft: Draft) -> None:
        self._text = draft.text
        self._discourse = Discourse(draft.question)
        self._chinese = ChineseReader(self._discourse.topic)
        self._lead: str | None = None  # what leads in to the list that is being read
        self._heading: str | None = None
        self._asked_lead = asked_lead(draft.question) if draft.question else None
        self.long_sentences = 0

    def read(self) -> Iterator[Sentence]:
        for block in split_blocks(self._text):
            if block.kind in (BlockKind.CODE, BlockKind.TABLE, BlockKind.RULE):
                yield Sentence(span=block.span, reason=Reason.STRUCTURE)
            elif block.kind is BlockKind.HEADING:
                self._heading, self._lead = _plain(block.content.of(self._text)).rstrip(":："), None
                yield Sentence(span=block.span, reason=Reason.STRUCTURE)
            elif block.kind is BlockKind.LIST_ITEM:
                yield from self._item(block)
            else:
                self._lead = None
                for span in block_sentences(self._text, block):
                    yield self._sentence(max(span.start, min(block.content.start, span.end)), span.end)

    def _item(self, block: Block) -> Iterator[Sentence]:
        lead = self._lead
        for n, span in enumerate(block_sentences(self._text, block)):
            start = max(span.start, min(block.content.start, span.end))
            if start >= span.end:
                yield Sentence(span=span, reason=Reason.NO_WORDS)
                continue
            if n == 0:
                yield self._first_of_item(start, span.end)
            else:
                yield self._sentence(start, span.end)
            self._lead = lead

    def _first_of_item(self, start: int, end: int) -> Sentence:
        item = self._text[start:end]
        label = split_label(item)
        lead = self._lead or self._asked_lead
        if label is not None:
            name, offset = label
            value = self._sentence(start + offset, end)
            if value.claims or value.reason not in (Reason.FRAGMENT, None):
                return value
            here = Span(start=start, end=end)
            entity = self._entity_of_list()
            said = attribute_claim(entity, name, _plain(item[offset:])) if entity else None
            if said is None and lead is not None:
                said = item_claim(lead, _plain(item))
            if said is not None:
                return Sentence(span=here, claims=((said, here),))
        whole = self._sentence(start, end)
        if whole.reason is Reason.FRAGMENT and lead is not None:
            said = item_claim(lead, _plain(item))
            if said is not None:
                return Sentence(span=whole.span, claims=((said, whole.span),))
        return whole

    def _entity_of_list(self) -> str | None:
        """Return the name that a heading or a bare lead-in ("France:") consists of."""
        for title in (self._lead, self._heading):
            if title is None:
                continue
            bare = title.rstrip(":： ")
            words = bare.split()
            if 0 < len(words) <= 5 and all(w[:1].isupper() or w in ("of", "the", "and", "de") for w in words):
                return bare
        return None

    def _sentence(self, start: int, end: int) -> Sentence:
        text = self._text
        span = Span(start=start, end=end)
        opening = text[start : min(end, start + 40)]
        if not opening.isascii() and _CJK_HEAD.search(opening) and _mostly_chinese(text[start : min(end, start + 200)]):
            return self._chinese_sentence(span)
        frame = _FRAME.match(text, start, end)
        at = start if frame is None else frame.end()
        if at >= end:
            at = start
        words = read_words(text, at, end)
        labelled = _after_label(words)
        if labelled:
            at = words.starts[labelled]
            words = read_words(text, at, end)
        reason = judge(text[at:end], words)
        if len(words) > MAX_WORDS:
            self.long_sentences += 1
            if reason is None:
                return Sentence(span=span, claims=((_finished(text[start:end]), span),))
            return Sentence(span=span, reason=reason)
        if reason is Reason.LEAD_IN:
            self._lead = self._discourse.compose(words, Clause(((at, end),), at, end))
        partial = reason in (Reason.HEDGE, Reason.OPINION)
        if reason is not None and not partial:
            if reason in (Reason.LEAD_IN, Reason.FRAGMENT):
                self._observe_whole(words, at, end)
            return Sentence(span=span, reason=reason)
        clauses = split_clauses(words, at, end)
        if partial and len(clauses) == 1:
            self._discourse.observe(words, clauses, [text[at:end]], at, end)
            return Sentence(span=span, reason=reason)
        composed = [self._discourse.compose(words, clauses[0])]
        # Later clauses may speak of the first one's subject, which is the most recent thing by then.
        self._discourse.observe(words, clauses[:1], composed, at, end)
        composed += [self._discourse.compose(words, clause) for clause in clauses[1:]]
        self._discourse.learn(composed)
        claims = tuple(
            (_finished(said), span if len(clauses) == 1 else Span(start=clause.start, end=clause.end))
            for clause, said in zip(clauses, composed, strict=True)
            if not partial or judge_clause(said) is None
        )
        return Sentence(span=span, claims=claims, reason=None if claims else reason)

    def _observe_whole(self, words: Words, start: int, end: int) -> None:
        whole = Clause(((start, end),), start, end)
        subject = read_subject(words, 0, len(words))
        if subject is not None:
            stretch = (words.starts[subject.start], words.ends[subject.end - 1])
            whole = Clause(((start, end),), start, end, subject=stretch, verb=words.folded[subject.verb])
        self._discourse.observe(words, [whole], [self._text[start:end]], start, end)

    def _chinese_sentence(self, span: Span) -> Sentence:
        text = self._text
        reason = judge(span.of(text), None)
        if reason is Reason.LEAD_IN:
            self._lead = span.of(text)
        clauses = self._chinese.read(text, span.start, span.end)
        if reason is not None:
            return Sentence(span=span, reason=reason)
        claims = tuple(
            (_finished(clause.text, "。"), span if len(clauses) == 1 else Span(start=clause.start, end=clause.end))
            for clause in clauses
        )
        return Sentence(span=span, claims=claims)


def _after_label(words: Words) -> int:
    """Return the first word after "Label: " where a whole clause follows a label without a verb, else 0."""
    opening = words.folded[:14]
    colon = opening.index(":") if ":" in opening else 0
    if not colon or ":" in opening[colon + 1 :]:  # "Mill: year built: 1784" is about the mill
        return 0
    if any(is_finite(words, i) for i in range(1, colon)):
        return 0
    start = after_adverbial(words, colon + 1, len(words)) if colon + 1 < len(words) else 0
    return colon + 1 if start and read_subject(words, start, len(words)) is not None else 0


def _mostly_chinese(text: str) -> bool:
    letters = sum(1 for c in text if c.isalpha())
    return len(_CJK_HEAD.findall(text)) * 3 >= letters


def _plain(text: str) -> str:
    """Return a stretch on one line and without Markdown's marks."""
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if not _MARKS.isdisjoint(text):
        text = _MARKUP.sub("", text)
    return " ".join(text.split())


def _finished(said: str, stop: str = ".") -> str:
    """Make a sentence of what a clause says: one line, a capital, a full stop."""
    said = _plain(said).rstrip(",;:，；：—– ")
    first = said.split(None, 1)[0] if said else ""
    if first.isalpha() and first.islower():
        said = said[:1].upper() + said[1:]
    if said and said.rstrip("\"'”’)）」』")[-1:] not in (".", "!", "?", "…", "。", "！", "？"):
        said += stop
    return said
