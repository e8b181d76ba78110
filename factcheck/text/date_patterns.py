"""How dates are written: one pattern that finds them, and the place in a sentence that makes a number a year."""

from __future__ import annotations

import re

from factcheck.text.numerals import ORDINAL_ONES, ORDINAL_TENS, TENS
from factcheck.types import Span

MONTH_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip

MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, 1)}

MONTHS.update({name[:3]: number for name, number in MONTHS.items()} | {"sept": 9})

CHINESE_ERAS = {
    "民國": 1911, "民国": 1911, "中華民國": 1911, "中华民国": 1911, "昭和": 1925, "平成": 1988,
    "令和": 2018, "大正": 1911,
    "明治": 1867,
}  # fmt: skip

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)(?![a-z])"
)

_DAY = r"(?<!\d)(?:0?[1-9]|[12]\d|3\d|(?:[4-9]\d|[1-9]\d\d)(?=st|nd|rd|th|,\s?\d{4}))(?:st|nd|rd|th)?(?![\d%])"

_NO_DAY = r"(?:0|[4-9]\d)(?=[.;!?)](?!\d)|\s*$|,\s(?:[a-z]|\d{4}))"  # days that do not exist: "on May 0"

_ERA = r"(?:\s?(?:B\.?C\.?E?\.?|A\.?D\.?|C\.?E\.?)(?![A-Za-z]))"

_YEAR = (
    rf"(?<![\d.,$€£#])(?:\d{{4}}(?![\d%])(?![.,]\d){_ERA}?|\d{{1,4}}{_ERA}"
    r"|\d{1,4}(?=\s?(?:and|to|[–-]{1,2})\s?\d{1,4}\s?(?:B\.?C|前))|\bAD\s?\d{1,4}(?!\d))"
)

_YEAR_AFTER_DAY = _YEAR.replace(".,$€£#", ".$€£#", 1)
DASH = r"\s{0,2}(?:--?|[–—~至到]|to|until|through|and)\s{0,2}"

_OF = r"(?:,\s|\s(?:of\s)?|\s?-\s?)"

_HANZI_NUMBER = r"[〇零一二三四五六七八九十百\d]{1,7}"

_ORDINAL_WORD = "|".join((*ORDINAL_ONES, *ORDINAL_TENS))
_TENS_WORD = "|".join(TENS)
DATE = re.compile(
    rf"""
    (?P<iso>(?<![\d.-])(?P<iy>\d{{4}})(?P<isep>[-/.])(?P<im>\d{{1,2}})(?:(?P=isep)(?P<id>\d{{1,2}}))?(?![\d-]|[/.]\d))
  | (?P<numeric>(?<![\d./])(?P<na>\d{{1,2}})/(?P<nb>\d{{1,2}})/(?P<ny>\d{{4}})(?![\d/]))
  | (?P<dmy>(?P<d1>{_DAY})(?:{DASH}(?P<d1b>{_DAY}))?\s(?:day\s)?(?:of\s)?(?P<m1>{_MONTH})(?:{_OF}(?P<y1>{_YEAR}))?)
  | (?P<mdy>(?P<on>(?<=\bon\s))?(?P<m2>{_MONTH})\s(?:the\s)?(?P<d2>{_DAY}|(?(on){_NO_DAY}|(?!)))
      (?:{DASH}(?P<d2b>{_DAY}))?
      (?:(?:,\s?|\s)(?:of\s)?(?P<y2>{_YEAR_AFTER_DAY}))?)
  | (?P<my>(?P<m3>{_MONTH})(?:{DASH}(?P<m3b>{_MONTH}))?{_OF}(?P<y3>{_YEAR}))
  | (?P<season>(?:spring|summer|autumn|fall|winter)\s(?:of\s)?(?P<sy>{_YEAR}))
  | (?P<m4>(?<=\bin\s)(?:{"|".join(MONTH_NAMES)})\b|(?<=\bof\s)(?:{"|".join(MONTH_NAMES)})\b
      |(?<=\bsince\s)(?:{"|".join(MONTH_NAMES)})\b)
  | (?P<decade>(?:(?<=the\s)|\b)(?P<dy>\d{{3}}0)['’]?s\b(?:{_ERA})?
      | (?:['’]|(?<=\bthe\s)|(?<=\bearly\s)|(?<=\blate\s)|(?<=\bmid[\s-])|(?<=\bearly-)|(?<=\blate-))
          (?P<dshort>[1-9]0)['’]?s\b(?!\s?(?:percent|per\scent|degrees|°|%|years))
      | (?P<dodd>(?<=\bthe\s)(?:1\d|20)\d[1-9]s\b(?!\s?[a-z]+s\b)
          |(?:(?<=\bthe\s)|(?<=\bthe\s['’])|(?<=\bsince\sthe\s))[1-9]\d{{0,2}}[1-9]s\b)
      | \b(?P<dword>{_TENS_WORD[:-6]}nineties)\b(?!\s+(?:year|of)))
  | (?P<century>(?:(?P<c1>\d{{1,2}})(?:st|nd|rd|th)|\b(?P<c1w>(?:twenty[\s-])?(?:{_ORDINAL_WORD})))
      (?:(?:\s?[-–]\s?|\s(?:and|to|or)\s|,\s)(?:the\s)?(?P<c2>\d{{1,2}})(?:st|nd|rd|th))?
      [\s-](?P<cunit>centur(?:y|ies)|millennium)\b(?P<cera>{_ERA})?)
  | (?P<hanziera>(?P<ename>中華民國|中华民国|民國|民国|昭和|平成|令和|大正|明治)(?P<ey>元|{_HANZI_NUMBER})\s?年
      (?:\s?(?P<em>{_HANZI_NUMBER})\s?月(?:\s?(?P<ed>{_HANZI_NUMBER})\s?[日號号])?)?)
  | (?P<hanzicentury>(?P<hcbc>(?:公元前|西元前|前))?(?P<hc>{_HANZI_NUMBER})\s?世[紀纪]
      (?:(?P<hcd>{_HANZI_NUMBER})\s?年代)?
      (?P<hcpart>初|中[葉期叶]|末)?)
  | (?P<hanzidecade>(?P<hd>\d{{3}}0|[一二三四五六七八九〇零]{{3}}[〇零])\s?年代(?P<hdpart>初|中期?|末)?)
  | (?P<hanzi>(?P<hbc>公元前|西元前|(?<![之以天日年月目生向面])前)?(?:西元|公元)?
      (?P<hy>\d{{4}}|(?<=元前)\d{{1,3}}|(?<=前)\d{{2,3}}|(?<=西元)\d{{1,3}}|(?<=公元)\d{{1,3}}
        |[〇零一二三四五六七八九]{{4}}|(?<=元前)[一二三四五六七八九十百]{{1,6}})\s?年(?!代|[間来來])
      (?:\s?(?P<hm>{_HANZI_NUMBER})\s?月(?!份?至)(?:\s?(?P<hday>{_HANZI_NUMBER})\s?[日號号])?)?)
  | (?P<hanzimd>(?<![\d年])(?P<xm>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])\s?月\s?
      (?P<xd>{_HANZI_NUMBER})\s?[日號号])
  | (?P<year>{_YEAR}|(?<=\bin\s)\d{{3}}(?=[\s.,;)](?![\d]))(?!\s[a-z]+s\b)|(?<=\byear\s)\d{{1,4}}(?![\d.,]\d|\d)
      |(?<=\bsince\s)\d{{3}}(?!\d|[.,]\d|\s[a-z]+s\b))
    """.replace(_TENS_WORD[:-6] + "nineties", "twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties"),
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)

_PLURAL = re.compile(
    r"\s(?:(?!(?:was|is|has|as|its|his|this|thus|and|or|the|in|at|by|of|to|for|on|when|that|which|with|does)\b)[a-z][\w-]*\s)?"
    r"(?!(?:was|is|has|as|its|his|this|thus|does)\b)([a-z][a-z-]*s|people|men|women|children)\b"
)

_YEAR_LEAD = re.compile(
    r"(?:\b(?:in|since|by|until|till|before|after|from|to|of|during|around|circa|c\.|ca\.|year|early|mid|late|between|spring"
    r"|summer|fall|autumn|winter|through|for|released|born|died|founded|established|dated|published|est\.|b\.|d\.|and|or"
    r"|fy|copyright|©|on|premiered|debuted|was|as of|season|a|an|the|this"
    r"|that|its|his|her|their|'s|s'|at)\s*|[(\[–—/-]\s*|,\s)$",
    re.IGNORECASE,
)

_STRONG_LEAD = re.compile(
    r"\b(?:in|since|until|till|before|during|circa|year|early|mid|late|spring|summer|fall|autumn|winter|born|released|died)\s$",
    re.IGNORECASE,
)

_COUNT_LEAD = re.compile(
    r"(?:\b(?:of|over|about|around|nearly|almost|approximately|some|only|exactly|than|least|most|with|has|have|had|are"
    r"|were|contains?|holds?|worth|total|no\.|number|room|flight|route|highway|asteroid|model|page)|#)\s{0,2}$",
    re.IGNORECASE,
)

_UNIT_AFTER = re.compile(
    r"\s?(?:km|kilomet|met(?:er|re)s?\b|m\b|miles?\b|feet\b|ft\b|kg\b|sq\b|square\b|tons?\b|mm\b|cm\b|°|hours\b|days\b|years\b"
    r"|[hkM]?Pa\b|kcal\b|mph\b|minutes\b|seconds\b|months\b|weeks\b|percent\b|dollars\b|euros\b|mw\b|kw|hp\b|million|billion|thousand"
    r"|[個个人名座次隻只顆颗部張张歲岁公平米元度萬万億亿])",
    re.IGNORECASE,
)


def in_year_position(text: str, span: Span, year: int) -> bool:
    """Decide by its place in the sentence whether a bare number is a year."""
    before = text[max(0, span.start - 24) : span.start]
    if len(span) < 4:
        return True  # the pattern asked for "in", "since" or "year"
    if not 1000 <= year <= 2100:
        return re.search(r"\b(?:year)\s$", before, re.IGNORECASE) is not None
    if before[-1:] and before[-1] in "$€£¥#№":
        return False
    if before[-1:].isalpha() and before[-1].isascii():
        return False
    if before.endswith("-") and before[-2:-1].isalpha():
        return before[-5:].lower() in {"-mid-", "early-"} or before.lower().endswith(("mid-", "pre-", "post-"))
    if _UNIT_AFTER.match(text, span.end):
        return False
    after = text[span.end : span.end + 40]
    if after[:1].isalpha() and after[:1].isascii():
        return False
    if _STRONG_LEAD.search(before) or (re.search(r"\byear\b", before, re.IGNORECASE) and not after.strip(" .")):
        return True
    if _PLURAL.match(after) and not re.search(r"\b(?:the|'s|of|by|from|to)\s$", before, re.IGNORECASE):
        return False
    if _COUNT_LEAD.search(before) and not re.match(r"\s?[).,;]|\s?$|\s(?:and|was|were|in)\b", after):
        return re.search(r"\bof\s$|\bthe\s$|\baround\s$", before, re.IGNORECASE) is not None and year >= 1500
    if re.search(r"\b(?:no\.|number|room|flight|route|asteroid|model|page|worth|is|equals?)\s$", before, re.IGNORECASE):
        return False
    if _YEAR_LEAD.search(before) or not before.strip() or before.endswith("\n"):
        return True
    return year >= 1500
