"""Chinese sentences to clauses that can each be judged, and who 他, 它 and 該國 are.

Chinese drops a subject that is plain: 臺灣位於東亞，人口約兩千三百萬 says two things of 臺灣. A part after a
comma is taken as such only where it opens with a verb or an attribute from a closed list; anything else stays with
what is before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_CONNECTIVES = re.compile(
    r"(?:此外|另外|然而|不過|不过|但是|因此|所以|同時|同时|例如|而且|並且|并且|總之|总之|首先|其次|最後|最后|事實上|事实上|"
    r"一般來說|一般来说|換句話說|换句话说|也就是說|也就是说)[，,]?\s*"
)
_SUBJECT = re.compile(
    r"([^\s，,、；：:（(「『“\"]{1,16}?)(?:[（(][^（）()]{0,40}[）)])?"
    r"(?=(?:也|亦|還|还|則|则|曾|曾經|曾经|最早|主要|目前|現在|现在|一直|並不|并不|不)?"
    r"(?:是|為|为|位於|位于|擁有|拥有|有[^限]|成立於|成立于|創立於|创立于|建於|建于|出生於|出生于|生於|生于|卒於|卒于|逝世於|逝世于|"
    r"畢業於|毕业于|屬於|属于|由|於|于\d|在\d|在[^於于]|獲得|获得|贏得|赢得|發明了?|发明了?|發現了?|发现了?|撰寫|撰写|寫了|写了|出版於|出版于|"
    r"包括|包含|共有|的(?:首都|人口|面積|面积|總面積|总面积|官方語言|官方语言|貨幣|货币|作者|導演|导演|總部|总部)))"
)
_CONTINUES = re.compile(
    r"(?:並且|并且|並|并|且|而且|也|亦|後來|后来|隨後|随后|之後|之后|以及)?"
    r"(?:是(?!否|因|由於|由于)|為(?!了|此)|为(?!了|此)|位於|位于|擁有|拥有|設有|设有|成立於|成立于|創立於|创立于|建於|建于|出生於|出生于|"
    r"生於|生于|卒於|卒于|逝世於|逝世于|畢業於|毕业于|屬於|属于|曾(?!以)|獲得|获得|獲頒|获颁|贏得|赢得|發明|发明|發現|发现|著有|出版於|出版于|"
    r"共有|人口(?:約|约|為|为|是|有|超過|超过|達|达|\d)|首都(?:是|為|为|位於|位于)|(?:總|总)?(?:面積|面积)(?:約|约|為|为|是|有|達|达|\d)|"
    r"官方(?:語言|语言)(?:是|為|为)|(?:貨幣|货币)(?:是|為|为)|(?:總部|总部)(?:位於|位于|設於|设于|在)|(?:於|于|在)\d{3,4}年)"
)
_PRONOUN = re.compile(r"(?:他|她|它|牠|祂)(?![們们人])(的)?")
_POSSESSIVE = re.compile(r"其(?=[^他它實实中次餘余])")
_DEFINITE = re.compile(
    r"(?:該|该|這個|这个|此|這座|这座|這部|这部|這家|这家|這位|这位|這所|这所|這本|这本)"
    r"(?:國家?|国家?|城市?|市|縣|县|省|州|島嶼?|岛屿?|地區?|地区?|片|電影|电影|書|书|小說|小说|作品|公司|企業|企业|組織|组织|機構|机构|"
    r"學校|学校|大學|大学|河流?|山脈?|山脉?|行星|元素|條約|条约|協定|协定|語言|语言|人物?|科學家|科学家|作家|球隊|球队|樂團|乐团|隊|队)"
    r"(?=[^人內内上下中]|$)"
)
_UNSURE = re.compile(
    r"[他她它]們|[他她它]们|這|这|那|此|其|該|该|我|你|您|誰|谁|什麼|什么|如果|當|当|雖|虽|因|由於|由于|有些|許多|许多|對|对|根據|根据"
)
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class ChineseClause:
    """One statement: what it says, and the stretch of the text that states it."""

    text: str
    start: int
    end: int


class ChineseReader:
    """Reads the Chinese sentences of one text in order and remembers the last subject."""

    def __init__(self, topic: str | None = None) -> None:
        """Start with what a question is about, if it is known."""
        self._subject = topic

    def read(self, text: str, start: int, end: int) -> list[ChineseClause]:
        """Return the clauses of the sentence `text[start:end]`, at least one."""
        sentence = text[start:end]
        if len(sentence) > _LONGEST:
            return [ChineseClause(sentence, start, end)]
        opened = _CONNECTIVES.match(sentence)
        at = opened.end() if opened else 0
        said, replaced = self._named(sentence[at:])
        found = _SUBJECT.match(sentence, at)
        if not replaced and found is not None and _UNSURE.match(found.group(1)) is None:
            self._subject = found.group(1)
        elif not replaced:
            found = None
        parts = self._parts(sentence, at) if (found is not None or replaced) and self._subject else []
        if not parts:
            return [ChineseClause(said, start, end)]
        first = parts[0][0]
        head, _ = self._named(sentence[at:first])
        clauses = [ChineseClause(head.rstrip("，, "), start + at, start + len(sentence[:first].rstrip("，, ")))]
        for a, b in parts:
            stretch = sentence[a:b].rstrip("，, ")
            clauses.append(ChineseClause(f"{self._subject}{_bare(stretch)}", start + a, start + a + len(stretch)))
        return clauses

    def _named(self, said: str) -> tuple[str, bool]:
        """Name what a sentence opens with, and say whether anything was named."""
        if self._subject is None:
            return said, False
        if match := _PRONOUN.match(said):
            return f"{self._subject}{match.group(1) or ''}{said[match.end() :]}", True
        if match := _POSSESSIVE.match(said):
            return f"{self._subject}的{said[match.end() :]}", True
        if match := _DEFINITE.match(said):
            return f"{self._subject}{said[match.end() :]}", True
        return said, False

    def _parts(self, sentence: str, at: int) -> list[tuple[int, int]]:
        """Return the stretches after commas that say something more of the same subject."""
        if any(mark in sentence for mark in '「『“"：:'):
            return []
        commas = [i for i in range(at, len(sentence)) if sentence[i] in "，,"]
        begins = [i + 1 for i in commas if _CONTINUES.match(sentence, i + 1)]
        # "，" inside an enumeration or before a new subject: what does not continue belongs to the part before it.
        return list(pairwise([*begins, len(sentence)])) if begins else []


def _bare(stretch: str) -> str:
    return re.sub(r"^(?:並且|并且|並|并|且|而且|以及)", "", stretch)
