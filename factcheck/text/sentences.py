"""Sentences of English and Chinese text, as spans, in linear time.

Blocks first (`factcheck.text.blocks`), so that headings, list items, tables and code are never glued to prose; then
every candidate end of a sentence within a block is looked at once, with a bounded number of characters around it.
Every character that is not white space lies in exactly one sentence. When in doubt there is no boundary: two sentences
in one span lose less than a name cut in half.
"""

from __future__ import annotations

import re

from factcheck.text.blocks import Block, BlockKind, split_blocks
from factcheck.text.tokens import CJK
from factcheck.types import Span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Before a name, or before more of the same phrase: a full stop after these never ends a sentence.
_NEVER_FINAL = _words(
    "mr mrs ms dr prof st gen col lt capt cpt cmdr sgt maj rev hon sen rep gov pres amb messrs mme mlle vs v viz cf ca "
    "approx e.g i.e eg ie figs eq eqs nos vol vols pp eds trans dept mt bros op"
)
# These end a sentence only when what follows can hardly be anything but the start of one.
_SELDOM_FINAL = _words(
    "jr sr inc ltd co corp llc plc etc al u.s u.k u.n e.u u.s.a u.s.s.r d.c a.m p.m b.c a.d b.c.e c.e ph.d m.d b.a m.a "
    "b.sc m.sc ave blvd rd sq dist assn univ i.v r.i.p ft fr fig"
)
# Abbreviations only before a number; otherwise words, or their own full stop.
_BEFORE_NUMBER = _words(
    "no nos p pp fig figs eq vol ch chap sec art c ca b d r est approx par min max hr hrs jan feb mar apr jun jul aug "
    "sept sep oct nov dec mon tue tues wed thu thurs fri sat sun ft"
)
_STARTERS = _words(
    "The A An In On At It Its He She They We You I This That These Those There Here His Her Their Our My Your However "
    "But And Or So Then Thus Therefore Moreover Furthermore Additionally Also Although While When Where After Before "
    "Since If As For From By With Another Both Each Some Many Most Several All Such One Two Because Despite During "
    "Finally First Second Meanwhile Nevertheless Not No Other Others Overall Today What Who Why How Is Are Was Were "
    "Do Does Did Can Could Would Should Will Unlike Until Upon Under According Later Once Only Even To Through Though"
)
_SPEAKING = "說说道問问答表示指稱称認认回應应喊叫寫写"

_CLOSERS = "\"'”’»›)\\]}）」』】〕》〉*_"
_OPENERS = "\"'“‘«‹(\\[{（「『【〔《〈*_"
# It opens with one set of characters, for which the search skips ahead at once.
_END = re.compile(
    r"[.!?…。！？｡．；](?:(?<=[.!?…])[.!?…]*|(?<=[。！？｡．])[。！？｡．]*[.!?…]*|(?<=；))"
    rf"[{_CLOSERS}]*(?:\[\d{{1,3}}\])*"
)
# Short quotations and brackets are kept whole; the bound keeps an unclosed one from swallowing the text, and the scan
# linear.
_PROTECTED = re.compile(
    r"“[^“”]{1,400}”|「[^「」]{1,400}」|『[^『』]{1,400}』|«[^«»]{1,400}»|《[^《》]{1,100}》"
    r"|\"(?=\S)[^\"\n]{1,400}(?<=\S)\"|\((?=\S)[^()]{1,300}\)|（[^（）]{1,300}）|`[^`\n]{1,300}`"
)
# "U.S" is one word; of "ada@example.org" only the end counts, which is no abbreviation.
_WORD_BEFORE = re.compile(r"(?:(?<!\w)(?:[^\W\d_]\.)+)?[^\W\d_]+$|\d+$")
_NEXT_WORD = re.compile(rf"[{_OPENERS}\s]*([^\W_]+(?:['’][^\W_]+)*)")
_CJK = re.compile(f"[{CJK}]")
_CAMEL = re.compile(r"[a-z]{1,3}[A-Z]")
_ATTRIBUTION = re.compile(rf"[^\s。！？，,]{{0,4}}[{_SPEAKING}]")
_LABEL = re.compile(rf"[{_OPENERS}]*(?:\d{{1,3}}|[A-Za-z]|[ivxIVX]{{2,4}})$")
_INLINE_LABEL = re.compile(r"[:;]\s\d{1,2}$")
# A line much shorter than its neighbours was ended by its writer, not by the width of a window.
_SHORT_LINE = 40
_SHORT_SHARE = 0.75


def split_sentences(text: str) -> list[Span]:
    """Return the sentences of a text, in order, without surrounding white space.

    A heading, a table or a code block is one span of its own (`factcheck.text.blocks.split_blocks` tells which); the
    marker of a list item belongs to the item's first sentence.
    """
    return [span for block in split_blocks(text) for span in block_sentences(text, block)]


def block_sentences(text: str, block: Block) -> list[Span]:
    """Return the sentences of one block."""
    if block.kind in (BlockKind.TABLE, BlockKind.CODE, BlockKind.RULE, BlockKind.HEADING):
        return [block.span]
    start, end = block.span.start, block.span.end
    words = text[start:end]
    cuts = _cuts(words, block.content.start - start)
    if len(block.lines) > 1:
        cuts.extend(line.start - start for line in _deliberate_lines(text, block))
    cuts.append(end - start)
    result: list[Span] = []
    last = 0
    for cut in sorted(set(cuts)):
        piece = words[last:cut].lstrip()
        if piece:
            result.append(Span(start=start + cut - len(piece), end=start + cut - len(piece) + len(piece.rstrip())))
        last = cut
    return result


def _cuts(words: str, content: int) -> list[int]:
    """Return the offsets at which sentences end."""
    cuts: list[int] = []
    protected = [match.span() for match in _PROTECTED.finditer(words)]
    p = 0
    sentence = content
    for match in _END.finditer(words, content):
        at, end = match.span()
        while p < len(protected) and protected[p][1] <= at:
            p += 1
        if p < len(protected) and protected[p][0] < at and end < protected[p][1]:
            continue
        if _is_end(words, sentence, match):
            cuts.append(end)
            sentence = end
    return cuts


def _is_end(words: str, sentence: int, match: re.Match[str]) -> bool:
    at, end = match.span()
    mark = match.group()
    if end == len(words):
        return True
    following = words[end]
    if mark[0] in "。！？｡；．":
        return _is_chinese_end(words, mark, end)
    after_cjk = at > 0 and _is_cjk(words[at - 1])
    before_cjk = _is_cjk(following)
    if not before_cjk and not following.isspace():
        return False
    if after_cjk or before_cjk:
        # A full stop between Chinese and Latin letters; "3.14米" never comes here, its stop is before a digit.
        return mark[0] in "!?" or after_cjk or following.isspace()
    ahead = _NEXT_WORD.match(words, end, end + 60)
    if ahead is None:
        return True
    word = ahead.group(1)
    if word[0].islower():
        return bool(_CAMEL.match(word)) and mark[0] != "…" and not mark.startswith("..")
    if mark[0] in "!?…" or mark.startswith(".."):
        return True
    return _is_full_stop(words, sentence, at, word)


def _is_cjk(character: str) -> bool:
    return not character.isascii() and _CJK.match(character) is not None


def _is_full_stop(words: str, sentence: int, at: int, word: str) -> bool:
    """Judge a single full stop that is followed by white space and by `word`, which is not in lower case."""
    before = words[max(sentence, at - 24) : at]
    if (at - sentence <= 6 and _LABEL.match(before.strip())) or (
        (":" in before or ";" in before) and _INLINE_LABEL.search(before)
    ):
        return False  # "1. Foo" and "The steps: 1. Foo": a label, not a sentence
    last = _WORD_BEFORE.search(before)
    if last is None:
        return True
    token = last.group()
    folded = token.casefold()
    starts = word in _STARTERS
    if folded in _NEVER_FINAL or (word[0].isdigit() and folded in _BEFORE_NUMBER):
        return False
    # An initial or an acronym, unless what follows opens a sentence: "vitamin C. The body ..."
    if folded in _SELDOM_FINAL or "." in token or (len(token) == 1 and token.isalpha()):
        return starts
    return True


def _is_chinese_end(words: str, mark: str, end: int) -> bool:
    following = words[end]
    if mark[-1] in '」』”’"）》':
        # 「……。」他說 goes on with who said it.
        return following not in "，、；：,的是" and _ATTRIBUTION.match(words, end, end + 8) is None
    return True


def _deliberate_lines(text: str, block: Block) -> list[Span]:
    """Return the lines before which the writer, not the width of a window, broke the line."""
    if len(block.lines) < 2:
        return []
    width = max(len(line) for line in block.lines)
    result: list[Span] = []
    for before, line in zip(block.lines, block.lines[1:], strict=False):
        if block.kind is BlockKind.QUOTE or text[line.start].islower() or text[before.end - 1] in ",，、;-–—(（":
            continue
        first_word = len(text[line.start : line.start + 30].split(None, 1)[0])
        needed = len(before) + 1 + min(first_word, 20)
        if needed < _SHORT_LINE or needed < _SHORT_SHARE * width:
            result.append(line)
    return result
