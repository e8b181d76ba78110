"""Which sentences state something that can be checked, and why the others do not."""

from __future__ import annotations

import re
from enum import StrEnum

from factcheck.extract.lexicon import ADVERBS, NOUNS_IN_ING, PREPOSITIONS, SUBORDINATORS, word_set
from factcheck.extract.parse import MAX_WORDS, Words, is_finite, is_participle
from factcheck.text.rewordings import TAG_QUESTION
from factcheck.text.tokens import CJK


class Reason(StrEnum):
    """Why a sentence is no claim."""

    QUESTION = "question"
    INSTRUCTION = "instruction"
    OPINION = "opinion"
    HEDGE = "hedge"
    GREETING = "greeting"
    FIRST_PERSON = "first_person"
    SECOND_PERSON = "second_person"
    META = "meta"
    LEAD_IN = "lead_in"
    FRAGMENT = "fragment"
    NO_WORDS = "no_words"
    STRUCTURE = "structure"


_LETTER = re.compile(r"[^\W\d_]")
_TWO_LETTERS = re.compile(r"(?s)[^\W\d_].*?[^\W\d_]")
_HAS_CJK = re.compile(f"[{CJK}]")
_QUESTION = re.compile(r"[?？][\"'”’」』）)*_\s]*$|[吗嗎呢][。！]?$")
_ASKS = re.compile(
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should"
    r"|may|might|must|shall|am)(?:n['’]t)?\b",
    re.I,
)
_GREETING = re.compile(
    r"(?:hello|hi|hey|dear|greetings|welcome|thanks|thank you|good (?:morning|afternoon|evening)|you['’]re welcome|"
    r"great question|good question|sure(?: thing)?[!,.]|certainly[!.]|of course[!.]|absolutely[!.]|no problem|"
    r"goodbye|bye|"
    r"best regards|sincerely|happy to help|glad to|hope (?:this|that)|enjoy!|congratulations)(?![\w-])"
    r"|(?:您好|你好|謝謝|谢谢|感謝|感谢|當然可以|当然可以|歡迎|欢迎|再見|再见|希望(?:這|这|以上|對|对))",
    re.I,
)
_META = re.compile(
    r"\b(?:as an? (?:ai|artificial|large|language|text)|language model|knowledge cut-?off|training data|"
    r"let me know|feel free|if you have any (?:other|more|further)? ?questions|please (?:note|let|provide|"
    r"clarify|specify)|"
    r"i hope|is there (?:anything|something) else|this (?:question|query)|the question (?:is|you)|"
    r"your (?:question|request|query)|"
    r"more (?:information|context) (?:is|would be)? ?(?:needed|required)|here (?:is|are) (?:an?|the|some|several|\w+) |"
    r"(?:the )?(?:list|table|steps|example)s? (?:below|above) |in this (?:article|essay|answer|response)|"
    r"not exhaustive|^the (?:evidence|context|passages?|sources?)(?: found| given| provided)? (?:does|do) not say|"
    r"^(?:these|those|this) (?:are|is) (?:just |only |but )?(?:a few|some|one|several|an?) (?:of |examples?))"
    r"|證據沒有說明|作為(?:一個)?(?:AI|人工智慧|語言模型)|作为(?:一个)?(?:AI|人工智能|语言模型)|請告訴我|请告诉我|以下是|如果您?有(?:任何)?(?:其他|其它)",
    re.I,
)
_HERE = re.compile(r"\bhere ")
_FIRST_PERSON = re.compile(r"(?<![\w.])(?:I|I['’](?:m|ve|d|ll)|my|me|myself)(?![\w.'’-])|^My (?![A-Z])")
_WE = re.compile(
    r"(?:We|Let['’]s|Let us|Our (?!solar|planet|galaxy|sun\b|moon|universe|world|species|ancestors))\b|"
    r"我們?(?:認為|覺得|相信|想)|我们?(?:认为|觉得|相信|想)|^[我]"
)
_SECOND_PERSON = re.compile(
    r"(?:you|your|yours|yourself)(?![\w-])|您|你", re.I,
)  # fmt: skip
_YOUS = frozenset("yY您你")  # what the pattern may open with
_QUOTED = re.compile(r"[\"“][^\"“”]{0,400}[\"”]")
_YOU = re.compile(r"(?<![\w-])your?(?:['’]\w+)?(?![\w-])")  # "Attention Is All You Need" speaks to nobody
_OPINION = re.compile(
    r"\b(?:in my (?:opinion|view)|personally|arguably|it(?: is|['’]s) (?:also |always |very |"
    r"often )?(?:important|essential|"
    r"crucial|vital|best|advisable|recommended|a good idea|worth|up to|best to|difficult to (?:say|determine)|"
    r"hard to (?:say|"
    r"tell)|helpful|wise|fair to say|worth noting)|should (?!have been\b)|ought to|must[- ]see|"
    r"(?:truly|absolutely|simply|incredibly) (?:amazing|beautiful|stunning|delicious|wonderful|great)|"
    r"(?:most|very|so) (?:beautiful|delicious|exciting|boring|interesting|enjoyable)|"
    r"the choice|personal preference|depends? on (?:the|your|personal|individual|what|how|many|several|a variety))\b"
    r"|應該|应该|最好(?:是)?|我認為|我认为|值得",
    re.I,
)
_HEDGE = re.compile(
    r"\b(?:perhaps|maybe|possibly|presumably|it(?: is|['’]s| may be| might be) (?:possible|not clear|unclear|"
    r"unknown|not known|"
    r"uncertain|likely|unlikely|conceivable)|speculative|it (?:seems|appears)|(?:is|"
    r"are) (?:not (?:entirely )?(?:clear|certain|known)|unclear|"
    r"unknown|debatable|a (?:topic|matter|subject) of (?:\w+ )?debate)|there is no (?:definitive|clear|single|"
    r"one|right|simple|easy) "
    r"(?:answer|consensus|way)|remains? (?:unclear|unknown|to be seen|uncertain)|might|"
    r"more research is needed|would (?:likely|probably)|not (?:sure|certain)|no (?:evidence|information|"
    r"record)s? (?:to|that|"
    r"available|on whether))\b|也許|也许|或許|或许|可能是?會?|大概|似乎|不確定|不确定",
    re.I,
)
_IMPERATIVES = word_set(
    "consider try make use remember avoid click open check add ensure choose keep be don't do note please let look "
    "start begin take go get visit contact follow select enter type press create write read think imagine ask call "
    "apply place put turn move set find mix stir heat cook bake boil serve pour cut remove wash clean install download "
    "run save copy paste test practice practise review evaluate identify determine define explain describe "
    "list compare "
    "calculate solve substitute multiply divide subtract assume suppose see refer consult seek talk speak listen learn "
    "build develop design plan prepare research stay eat drink sleep exercise wait stop continue allow give provide "
    "send share buy sell pay invest drag drop push pull insert replace repeat combine preheat sprinkle season gather "
    "focus aim prioritize prioritise hire encourage include monitor track update upgrade optimize organize break never "
    "always also,"
)
_IMPERATIVE_OPENINGS = (
    "to ", "when ", "before ", "after ", "if ", "finally, ", "first, ", "second, ", "third, ", "next, ", "then, ",
    "also, ", "additionally, ", "lastly, ", "in addition, ", "for example, ",
)  # fmt: skip
# The patterns are slow to search; no sentence without one of these words can match them.
_SELF = frozenset(("i", "my", "me", "myself"))
_BEFORE_I = ADVERBS | SUBORDINATORS | PREPOSITIONS | {"and", "but", "so", "yes", "no"}
_HEDGING = word_set(
    "perhaps maybe possibly presumably possible clear unclear unknown uncertain certain likely unlikely conceivable "
    "speculative seems appears known debatable topic matter subject definitive consensus single no remains "
    "remain might "
    "research probably sure"
)
_JUDGING = word_set(
    "my personally arguably important essential crucial vital best advisable recommended good worth up difficult hard "
    "helpful wise fair should ought must-see truly absolutely simply incredibly most very so choice preference depends "
    "depend"
)
_TALKING = word_set(
    "as language knowledge training let feel if please hope is question query your more information here list lists "
    "evidence table steps examples example below above in exhaustive are context"
)

# Of ASCII text: every match of _META holds one of these, or opens like that.
_META_HOLDS = (
    *(f"as {article} {kind}" for article in ("a", "an") for kind in ("ai", "artificial", "la", "text")),
    "language model", "knowledge cut", "training data", "let me know", "feel free", "if you have any", "please ",
    "i hope", "is there ", "this que", "the question ", "your que", "your req", "more information ", "more context ",
    "here is ", "here are ", " below ", " above ", "in this ", "not exhaustive", "not say",
)  # fmt: skip
_META_OPENS = ("these are ", "these is ", "those are ", "those is ", "this are ", "this is ")


def judge(text: str, words: Words | None) -> Reason | None:
    """Return why a sentence is no claim, or None where it is one.

    Args:
        text: the sentence.
        words: its words where they were read, that is, unless it is Chinese.
    """
    head = text[:400].strip().lstrip("\"'“‘(*_-–— ")
    latin = text.isascii()
    if not _TWO_LETTERS.search(text, 0, 400) and (latin or not _HAS_CJK.search(text, 0, 400)):
        return Reason.NO_WORDS
    tail = text[-20:]
    if ("?" in tail or not latin) and _QUESTION.search(tail) and not _is_stated(head, text):
        return Reason.QUESTION
    if _GREETING.match(head):
        return Reason.GREETING
    if (words is None or not _TALKING.isdisjoint(words.folded)) and _speaks_of_itself(text[:600]):
        return Reason.META
    if words is None or (not latin and _HAS_CJK.search(head[:12])):
        return _judge_chinese(text)
    said = _QUOTED.sub("", text[:600]) if '"' in text or "“" in text else text[:600]  # what somebody else says
    if (not _SELF.isdisjoint(words.folded) and _speaks_of_self(said)) or _WE.match(head):
        return Reason.FIRST_PERSON
    if _is_instruction(head, words):
        return Reason.INSTRUCTION
    if (head[:1] in _YOUS and _SECOND_PERSON.match(head)) or ("you" in said and _YOU.search(said)):
        return Reason.SECOND_PERSON
    if not _HEDGING.isdisjoint(words.folded) and _HEDGE.search(said):
        return Reason.HEDGE
    if not _JUDGING.isdisjoint(words.folded) and _OPINION.search(said):
        return Reason.OPINION
    if text.rstrip().endswith((":", "：")):
        return Reason.LEAD_IN
    return None if _states(words, text) else Reason.FRAGMENT


def _is_stated(head: str, text: str) -> bool:
    """Say whether a question states what it asks about: "Lyon is in France, isn't it?"."""
    return TAG_QUESTION.search(text[-60:]) is not None and _ASKS.match(head) is None


def judge_clause(text: str) -> Reason | None:
    """Return why one clause of a sentence is no claim: sentences may join a fact and an opinion."""
    if _HEDGE.search(text[:600]):
        return Reason.HEDGE
    return Reason.OPINION if _OPINION.search(text[:600]) else None


def _judge_chinese(text: str) -> Reason | None:
    head = text.strip()
    if _WE.match(head):
        return Reason.FIRST_PERSON
    if head.startswith(("請", "请", "讓我", "让我", "記得", "记得", "不要", "試試", "试试", "建議", "建议")):
        return Reason.INSTRUCTION
    if _SECOND_PERSON.search(head[:60]):
        return Reason.SECOND_PERSON
    if _HEDGE.search(text[:300]):
        return Reason.HEDGE
    if _OPINION.search(text[:300]):
        return Reason.OPINION
    if head.endswith((":", "：")):
        return Reason.LEAD_IN
    return None if sum(1 for _ in _LETTER.finditer(head[:40])) >= 4 else Reason.FRAGMENT


def _speaks_of_itself(said: str) -> bool:
    """Say whether a sentence speaks of the text that it stands in, or of who wrote it."""
    if said.isascii():
        low = said.lower()
        held = [mark for mark in _META_HOLDS if mark in low]
        there = held in (["here is "], ["here are "]) and not _HERE.search(low)
        if (not held or there) and not low.startswith(_META_OPENS):
            return False
    return _META.search(said) is not None


def _speaks_of_self(said: str) -> bool:
    """Say whether the writer speaks of themselves; the I of "World War I" is a number."""
    for match in _FIRST_PERSON.finditer(said):
        before = said[: match.start()].split()
        if match.group() != "I" or not before or not before[-1][0].isupper():
            return True
        if before[-1].lower().strip(",") in _BEFORE_I:
            return True
    return False


def _is_instruction(head: str, words: Words) -> bool:
    folded = head.lower().replace("’", "'")
    opening = folded.split(None, 1)[0].rstrip(",") if folded else ""
    if opening in _IMPERATIVES:
        following = words.folded[1] if len(words) > 1 else ""
        # "Research shows", "Note 7 is", "Practice makes": a noun, if a finite verb comes at once.
        return not (following and (is_finite(words, 1) or following in ("of", "'s", "and") or following[0].isdigit()))
    if folded.startswith(_IMPERATIVE_OPENINGS):
        for i, word in enumerate(words.folded[:30]):
            if word == "," and i + 1 < len(words):
                return words.folded[i + 1] in _IMPERATIVES and not is_finite(words, i + 1)
    return False


def _hangs(words: Words, verb: int) -> bool:
    """Say whether a verb stands in a relative clause."""
    return any(word in ("that", "which", "who") for word in words.folded[max(0, verb - 12) : verb])


def _states(words: Words, text: str) -> bool:
    """Say whether there is a verb in it, or enough words to believe that there is one that we do not know."""
    if len(words) > MAX_WORDS:
        return True
    n = len(words)
    # "Creating a map that shows the coast": its only verbs belong to what hangs on it.
    if words.folded[0].endswith("ing") and words.folded[0] not in NOUNS_IN_ING:
        return not all(_hangs(words, i) for i in range(n) if is_finite(words, i))
    for i in range(n):
        if is_finite(words, i):
            return True
    # A claim that is lost is worse than a fragment that nothing settles: "Norway borders Spain." is a sentence.
    closed = text.rstrip().rstrip("\"'”’)*_").endswith((".", "!"))
    said = sum(1 for word in words.folded if word[0].isalpha())
    return said >= 3 and closed and not is_participle(words.folded[0])
