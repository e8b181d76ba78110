"""What follows a number: percent, times, or the noun that it counts, told by form and by closed lists."""

from __future__ import annotations

import re

HANZI_TRAIL = re.compile(r"(?:以[上下內内]|左右|上下|之[內内]).*$")
PERCENT = re.compile(r"\s?(?:%|％)|[\s-](?:per\s?cents?|percents?|pct\.?)(?![A-Za-z])", re.IGNORECASE)
MULTIPLE = re.compile(r"(?:\s|-)?(?:times|fold)\b(?!\s?(?:magazine|square))|\s?倍", re.IGNORECASE)
NEXT_WORD = re.compile(r"(?:[\s\u00a0]{1,2}|-)((?:[^\W\d_]|['’.](?=[^\W\d_]))+(?:-[^\W\d_]+)*)")
STOP_WORDS = frozenset(
    "a about after all also although among an and are as at be because been before being both but by can could"
    " did do does during each either even ever every for from had has have he her here him his how however if"
    " in including into is it its just later like may might more most much must near nor not now of off on only"
    " or other others our out over own per she should since so some such than that the their them then there"
    " these they this those though through to too under until up upon us very was we were what when where which"
    " while who whom whose why will with within without would you your".split()
)

_IRREGULAR_PLURALS = frozenset(
    "people men women children feet teeth mice geese sheep fish deer species series aircraft spacecraft crew"
    " staff personnel police cattle offspring data media criteria phenomena bacteria alumni fungi nuclei radii"
    " dice oxen salmon".split()
)

_NOT_PLURAL = re.compile(r"(?:ss|us|is|ous|'s|’s)$|^(?:was|has|is|does|goes|says|plays|lies|gas|always|perhaps|since)$")
HANZI_NOUN = re.compile(
    r"\s?(?P<measure>[個个名位座次隻只顆颗部張张屆届條条家間间本首支枚艘架輛辆棟栋所種种場场項项件份片員员塊块層层集季卷人代大度分級级號号章"
    r"排歲岁座輪轮節节句行步票對对組组套類类])?\s?的?(?P<noun>(?!以[上下內内]|左右|上下|之[內内])[^\W\d_A-Za-z]{0,6})"
)


def is_plural(word: str) -> bool:
    """Say whether a lower-case English word has the form of a plural."""
    if word in _IRREGULAR_PLURALS:
        return True
    return word.endswith("s") and len(word) > 3 and not _NOT_PLURAL.search(word)
