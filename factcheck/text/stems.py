"""Words reduced to what they have in common, for comparing a claim with its evidence: closed lists and suffixes.

No dictionary and no model: inflections by rule, irregular verbs and the synonyms that decide about numbers and dates
by list ("passed away" is dying, "inhabitants" are the population).
"""

from __future__ import annotations

import re
from functools import lru_cache

STOP = frozenset(
    "a an the of in on at to for from by with and or but as is are was were be been being it its he she his her they"
    " their them this that these those which who whom whose there than then so such into onto over under about around"
    " also approximately roughly nearly almost exactly least most more less fewer up until since before after during"
    " between through has have had having do does did will would can could may might must shall should not no nor"
    " only just some any each both all other another same own s t 's what when where while if because due per via"
    " 的 了 是 在 有 於 于 和 與 与 及 為 为 以 其 之 也 被 由 從 从 到 這 这 那 個 个".split()
)
LIGHT = frozenset(
    "be year time one make know call include name person thing first date day month part number total amount there"
    " worldwide estimate est circa currently now still ever take get go become s u worth value valu reach record extend"
    " stretch span lie stand measur total percent equal"
    " roughly according".split()
)
CONTRASTS = frozenset(
    "male female man woman boy girl urban rural land water metro metropolitan net gross average maximum minimum highest"
    " lowest annual monthly weekly daily capita import export north south east west northern southern eastern western"
    " domestic foreign adult child youth summer winter home away lower upper budget profit revenue loss income"
    " debt salary turnover".split()
)
PRONOUNS = re.compile(
    r"(?:he|she|it|they|his|her|its|their|this|these|the (?:film|movie|series|show|song|album|single|novel|book|band"
    r"|group|company|country|city|state|game|team|club|episode|season|program|programme|character|actor|actress|singer|play"
    r"|event|tournament|station|university|school|award|video|soundtrack|record|franchise))\b"
)

ROLES = frozenset("birth die release publish premiere found begin end marry win".split())
SIZES = frozenset("length height width depth weight age".split())
"""What "20 km long" says twice."""
STRICT = frozenset(
    "only all every each first last least most more less fewer both same other another except but".split()
)
"""Small words that a claim may not add to its evidence."""
RELATIONS = frozenset(
    "marry father mother son daughter brother sister sibling child parent family baby actor actress star".split()
)
HAN_STOP = frozenset("的是了在有于之与和为约個个也被由从到这那其及以")
"""Characters that join words in Chinese; a pair with one of them is no word. Simplified, as tokens are."""
BE = frozenset("is was are were be been being".split())

_GROUPS = """
now: currently today nowadays presently 目前 現在 现在 如今
birth: born birthdate birthday birthyear birthplace 出生 生於 生于 誕生 诞生
die: death deaths died dies dying dead deceased perished 逝世 去世 過世 过世 死於 死于 病逝
release: released releases releasing 上映 發行 发行
premiere: premiered premieres debut debuted debuts
publish: published publishes publication publications publishing 出版
found: founded founding foundation establish established establishment formed formation create created creation
found: 成立 創立 创立 創辦 创办 建立
begin: began begun begins beginning start started starts starting commence commenced launch launched 開始 开始
end: ended ends ending finish finished concluded conclude cease ceased stop stopped 結束 结束
win: won wins winning winner winners earn earned receive receives received awarded share shared 獲得 获得 贏得 赢得
nominate: nominated nomination nominations nominee nominees
award: awards
film: films movie movies picture 電影 电影
series: show shows sitcom programme program tv television 電視劇
population: populations inhabitant inhabitants resident residents citizens people 人口 居民 人
area: areas surface cover covers covered covering 面積 面积
actor: actors
actress: actresses
height: tall high elevation altitude 高度 海拔 身高
length: long 長度 长度 全長 全长
depth: deep 深度
width: wide breadth 寬度
weight: weigh weighs weighed weighing mass heavy 重量 體重
age: aged old 歲 岁
marry: married marries marriage wed wedding wife husband spouse 結婚 结婚
sell: sold sells selling sale sales
write: wrote written writes writing writer author authored
sing: sang sung sings singing singer
lead: led leads leading leader
hold: held holds holding
leave: left leaves leaving
become: became becomes becoming
make: made makes making
take: took taken takes taking
go: went gone goes going
know: knew known knows
give: gave given gives
run: ran runs running
build: built builds building constructed construction construct
join: joined joins joining member enter entered 加入
serve: served serves serving
play: played plays playing player
star: starred stars starring
appear: appeared appears appearing appearance appearances
direct: directed directs directing director
produce: produced produces producing producer
sign: signed signs signing
air: aired airs airing broadcast broadcasts broadcasted broadcasting
elect: elected elects election elections
induct: inducted induction
occur: occurred occurs happen happened happens
divorce: divorced
kill: killed kills murdered assassinated
rule: ruled rules reign reigned
child: children kids
man: men
woman: women
foot: feet
gdp: 國內生產總值
capacity: seats seating
moon: moons satellite satellites 衛星 卫星
"""
_MAP: dict[str, str] = {}
for _line in _GROUPS.strip().splitlines():
    _head, _, _members = _line.partition(":")
    _MAP[_head] = _head
    _MAP.update(dict.fromkeys(_members.split(), _head))

_ACCENTS = str.maketrans("áàâäãåéèêëíìîïóòôöõúùûüçñ", "aaaaaaeeeeiiiiooooouuuucn")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of a token, in lower case; a number stays itself."""
    lowered = word.lower().translate(_ACCENTS).strip("'’.-")
    if lowered in STOP or lowered in STRICT:
        return lowered
    if lowered in _MAP:
        return _MAP[lowered]
    if len(lowered) <= 3 or not lowered.isascii() or not lowered.isalpha():
        return lowered
    reduced = _reduce(lowered)
    return _MAP.get(reduced, reduced)


def _reduce(word: str) -> str:
    for suffix, replacement in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(suffix) and len(word) > len(suffix) + 1:
            return word[: -len(suffix)] + replacement
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix in ("ingly", "edly", "ing", "ed", "ly"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if word.endswith("e") and len(word) > 4:
        word = word[:-1]
    return word
