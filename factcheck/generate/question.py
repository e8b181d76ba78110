"""What a question asks for: the kind of answer, the words that stand for it, and the words that name its subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from factcheck.text.stems import BE, STOP, stem
from factcheck.text.tokens import CJK, tokens_with_spans
from factcheck.types import Span


class AnswerKind(StrEnum):
    """What would answer a question."""

    PERSON = "person"
    PLACE = "place"
    TIME = "time"
    COUNT = "count"
    MEASURE = "measure"
    SHARE = "share"
    REASON = "reason"
    MANNER = "manner"
    POLAR = "polar"
    THING = "thing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it was read.

    Attributes:
        asked: the words that the answer takes the place of ("How many points", "In which year").
        focus: stems of the noun that says what sort of thing is asked for ("points"); may be empty.
        terms: stems of everything else that is more than grammar, in order.
        names: those of the terms that are written as names or numbers.
    """

    text: str
    kind: AnswerKind
    asked: Span | None
    focus: tuple[str, ...]
    terms: tuple[str, ...]
    names: frozenset[str]

    @property
    def needs(self) -> tuple[str, ...]:
        """Focus and terms, each once: what a sentence that answers should speak of."""
        return tuple(dict.fromkeys((*self.focus, *self.terms)))


_AUXILIARY = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must|isn['’]t|aren['’]t"
    r"|wasn['’]t|weren['’]t|don['’]t|doesn['’]t|didn['’]t)"
)
_POLAR = re.compile(rf"\s*{_AUXILIARY}\b", re.IGNORECASE)
_PREPOSITION = r"(?:(?:about|after|as|at|by|during|for|from|in|into|of|on|since|through|to|under|until|with)\s+)?"
_TIME_NOUNS = r"(?:year|date|day|month|decade|century|time period|period|era|season|weekday|age)"
# What stands first wins; each takes the words up to the noun that says what is asked for.
_KINDS: tuple[tuple[AnswerKind, str], ...] = (
    (AnswerKind.TIME, r"when\b|how long ago\b|how late\b|how recently\b"),
    (AnswerKind.TIME, rf"(?:what|which)\s+(?:exact\s+|specific\s+)?{_TIME_NOUNS}s?\b"),
    (AnswerKind.TIME, r"(?:what|which)\s+time\b"),
    (AnswerKind.SHARE, r"(?:what|which)\s+(?:percent|percentage|proportion|share|fraction)\b|how\s+much\s+of\b"),
    (
        AnswerKind.COUNT,
        r"how\s+(?:many|often|populous)\b|(?:what|which)(?:\s+(?:is|was)\s+the)?\s+number\s+of\b",
    ),
    (
        AnswerKind.MEASURE,
        r"how\s+(?:much|long|tall|high|deep|far|old|large|big|wide|broad|heavy|fast|hot|cold|warm|small|close|near"
        r"|short|thick|strong|loud|bright|expensive|quickly|soon)\b",
    ),
    (AnswerKind.PERSON, r"who(?:m|se)?\b"),
    (
        AnswerKind.PLACE,
        r"where\b|(?:what|which)\s+(?:\w+\s+)?(?:city|cities|country|countries|state|place|town|region|location"
        r"|continent|nation|province|county)\b",
    ),
    (AnswerKind.REASON, r"why\b|(?:what|which)\s+(?:reason|purpose)s?\b|for\s+what\s+reason\b|how\s+come\b"),
    (AnswerKind.MANNER, r"how\b"),
    (AnswerKind.THING, r"what|which"),
)
_ENGLISH = tuple((kind, re.compile(rf"\b{_PREPOSITION}(?:{words})", re.IGNORECASE)) for kind, words in _KINDS)
_CHINESE: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = (
    (
        AnswerKind.TIME,
        re.compile("什麼時候|什么时候|何時|何时|哪一?[年天日月]|幾[年月日]|几[年月日]|何年|什麼年代|什么年代"),
    ),
    (AnswerKind.SHARE, re.compile("百分之多少|百分之幾|百分之几|多少比例")),
    (AnswerKind.COUNT, re.compile("多少|幾[個位名次座種本部]|几[个位名次座种本部]|多大|多高|多長|多长|多遠|多远|多重")),
    (AnswerKind.PERSON, re.compile("誰|谁|哪[位個个]人|何人")),
    (AnswerKind.PLACE, re.compile("哪裡|哪里|哪兒|哪儿|何處|何处|什麼地方|什么地方|哪[個座个]?[國国城市州省地]")),
    (AnswerKind.REASON, re.compile("為什麼|为什么|為何|为何|什麼原因|什么原因")),
    (AnswerKind.MANNER, re.compile("如何|怎麼|怎么|怎樣|怎样")),
    (AnswerKind.THING, re.compile("什麼|什么|甚麼|哪[個種些一个种]?|何")),
)
_MEASURED = re.compile(
    r"\s+(?:(?:is|was|were|are)\s+)?(?:the\s+)?(?:[\w-]+\s+){0,2}?"
    r"(population|number|area|length|height|depth|width|size|temperature|speed|distance|weight|mass|age|density|rate|cost"
    r"|price|capacity|elevation|altitude|diameter|radius|circumference|duration|volume|melting point|boiling point)\b"
    r"(?=\s+(?:of|in|at|did|does|do|is|was)\b|\?|$)",
    re.IGNORECASE,
)
_IDEOGRAPH = re.compile(f"[{CJK}]")
_SIZES = {"long": "length", "tall": "height", "high": "height", "deep": "depth", "wide": "width", "heavy": "weight"}
_SIZES |= {"old": "age", "large": "area", "big": "area", "populous": "population"}
_LEAST = frozenset("know name call one kind type sort term word example do be".split())


def read_question(text: str) -> Question:
    """Say what a question asks for; text that asks nothing is taken as asking for the thing that it names."""
    chinese = _IDEOGRAPH.search(text) is not None
    kind, asked = _kind(text, chinese)
    focus: list[str] = []
    asked_end = -1
    if asked is not None:
        asked_end = asked.end
        if not chinese:
            focus, asked_end = _focus(text, asked)
            asked = Span(start=asked.start, end=asked_end)
    terms: dict[str, bool] = {}
    first = next(iter(tokens_with_spans(text)), None)
    for token in tokens_with_spans(text):
        if asked is not None and token.span.start < asked_end and asked.start <= token.span.start:
            continue
        reduced = stem(token.text)
        if token.text in STOP or reduced in STOP or reduced in BE or (chinese and len(token.text) == 1):
            continue
        written = token.span.of(text)
        named = written[:1].isdigit() or (written[:1].isupper() and token != first)
        terms[reduced] = terms.get(reduced, False) or named
    return Question(
        text=text,
        kind=kind,
        asked=asked,
        focus=tuple(dict.fromkeys(f for f in focus if f not in _LEAST)),
        terms=tuple(t for t in terms if t not in _LEAST) or tuple(terms),
        names=frozenset(t for t, named in terms.items() if named),
    )


def _kind(text: str, chinese: bool) -> tuple[AnswerKind, Span | None]:
    if chinese:
        for kind, pattern in _CHINESE:
            match = pattern.search(text)
            if match:
                return kind, Span(start=match.start(), end=match.end())
        return (AnswerKind.POLAR if re.search("[嗎吗]", text) else AnswerKind.THING), None
    found = [
        (match.start(), order, kind, match) for order, (kind, p) in enumerate(_ENGLISH) if (match := p.search(text))
    ]
    polar = _POLAR.match(text)
    if polar and not any(start <= 1 for start, *_ in found):
        return AnswerKind.POLAR, None
    if not found:
        return AnswerKind.THING, None
    # A question word at the front, or else the last one: "The Nile flows into which sea?"
    front = [entry for entry in found if entry[0] <= len(text) // 8]
    _, _, kind, match = min(front or found, key=lambda entry: (entry[0], entry[1]))
    if kind is AnswerKind.THING:
        measured = _MEASURED.match(text, match.end())
        if (
            measured
            and measured[1].lower() == "area"
            and re.match(r"(?:in|to|from|at)\b", match.group(), re.IGNORECASE)
        ):
            kind = AnswerKind.PLACE  # "in which area" is no size
        elif measured:
            kind = AnswerKind.COUNT if measured[1].lower() in {"population", "number"} else AnswerKind.MEASURE
    if kind is AnswerKind.MANNER and re.match(r"\s*(?:\w+\s+)?(?:many|much)\b", text[match.end() :]):
        kind = AnswerKind.COUNT
    return kind, Span(start=match.start(), end=match.end())


def _focus(text: str, asked: Span) -> tuple[list[str], int]:
    """Return the stems of the noun behind a question word and where it ends: Which *planet*, How many *points*."""
    words = asked.of(text).lower().split()
    last = words[-1]
    if last in _SIZES:
        return [_SIZES[last]], asked.end
    if last not in _ASKING:
        opens = words[0] in _ASKING or len(words) > 2
        generic = last in {"year", "date", "day", "month", "decade", "century", "percent", "percentage"}
        return ([stem(last)] if opens and last.isalpha() and not generic and last not in _NO_NOUN else []), asked.end
    focus: list[str] = []
    end = asked.end
    for match in re.finditer(r"\s+([\w'’.-]+)(,?)", text[asked.end :]):
        word = match[1].strip("'’.").lower()
        if re.fullmatch(_AUXILIARY, word, re.IGNORECASE) or word in STOP or word in _FINITE or len(focus) >= 4:
            break
        if word.endswith("ed") and (focus or last in {"what", "which"}):
            break
        focus.append(stem(word))
        end = asked.end + match.end(1)
        if match[2]:
            break
    return focus, end


_ASKING = frozenset("what which many much whose of".split())
_NO_NOUN = frozenset("who whom when where why how ago long far often late".split())
_FINITE = frozenset(
    "made won led wrote took gave became began came went left held got found built ran sent said saw met kept lost paid"
    " sold told taught thought understood stood spoke sang sat set shot slept spent stole struck swam swept threw wore"
    " drew drove fell felt flew fought froze grew heard hid hit hurt knew laid lay lent let lit read rode rose chose"
    " happens causes means makes takes gives becomes contains includes uses helps leads represents describes lives"
    " comes goes borders flows lies belongs exists refers plays allows says shows provides supports controls separates"
    " surrounds connects occurs requires produces follows".split()
)
