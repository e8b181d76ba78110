"""Statements made of statements: "both that A and that B", "either A or B", "neither S nor T is in O".

A sentence is cut into parts that are sentences of their own, joined by "all" or "any", each of them affirmed or denied;
what a part says is for others to find out. Only words that leave no doubt cut: a correlative pair, a list before a
plural verb, "it is (not) the case that". Every part knows where its characters stand in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

from factcheck.text.names import joined_spans
from factcheck.text.rewordings import VERBS, Plain, Reworded, find_rewording
from factcheck.types import Span

MAX_LENGTH = 2000
"""A longer text is no sentence that is made of a few others."""
_MAX_DEPTH = 3
_MAX_PARTS = 16


class Connective(StrEnum):
    """How parts make a whole."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence within a sentence.

    Attributes:
        text: as a sentence of its own.
        origins: for each of its characters, where it stands in the whole; -1 for one that was put in.
        denied: the whole says that it does not hold.
        names: of the whole, those that have a joining word in them.
    """

    text: str
    origins: tuple[int, ...]
    denied: bool = False
    names: tuple[Span, ...] = field(default=(), compare=False, repr=False)

    def __getitem__(self, at: slice) -> Part:
        """Return a stretch of it."""
        return replace(self, text=self.text[at], origins=self.origins[at])

    def __add__(self, other: Part) -> Part:
        """Return both, one behind the other."""
        return replace(self, text=self.text + other.text, origins=self.origins + other.origins)

    @property
    def joined(self) -> list[Span]:
        """Where names with an "and" in them stand."""
        spans = [Span(start=a, end=b) for a, b in joined_spans(self.text)]
        for name in self.names:
            inside = [at for at, origin in enumerate(self.origins) if name.start <= origin < name.end]
            spans += [Span(start=inside[0], end=inside[-1] + 1)] if inside else []
        return spans

    def place(self, span: Span) -> Span | None:
        """Return where a span of the part stands in the whole; None where words were put in or left out."""
        found = self.origins[span.start : span.end]
        if not found or found[0] < 0 or any(b - a != 1 for a, b in pairwise(found)):
            return None
        return Span(start=found[0], end=found[-1] + 1)

    @property
    def hull(self) -> Span:
        """From its first to its last character in the whole."""
        known = [at for at in self.origins if at >= 0]
        return Span(start=min(known), end=max(known) + 1)


@dataclass(frozen=True, slots=True)
class Joint:
    """Parts, how they are joined, and whether the whole of them is denied."""

    connective: Connective
    parts: tuple[Statement, ...]
    denied: bool = False


Statement: TypeAlias = Part | Joint


def read_connectives(text: str, names: Iterable[Span] = ()) -> Statement | None:
    """Return how a sentence is made of others; None for one that is not.

    Args:
        text: a claim.
        names: where names stand that may have an "and" or a comma in them.
    """
    if len(text) > MAX_LENGTH or not _ANY.search(text):
        return None
    whole = Part(text, tuple(range(len(text))), names=tuple(n for n in names if _WITHIN_NAMES.search(n.of(text))))
    found = _read(whole, 0)
    return None if found == whole else found


def _plain(part: Part, depth: int) -> Statement | None:
    """Read a roundabout sentence as the plain one that it stands for."""
    found = find_rewording(part.text)
    return None if found is None else _made(part, found, found.plain[0], depth)


def _two_in_one(part: Part, depth: int) -> Statement | None:
    """Read a sentence that says one thing of one name and the same, or the contrary, of another."""
    found = find_rewording(part.text, several=True)
    if found is None:
        return None
    return Joint(Connective.ALL, tuple(_made(part, found, plain, depth) for plain in found.plain))


def _made(part: Part, found: Reworded, plain: Plain, depth: int) -> Statement:
    """Put a plain sentence together, its characters where they stood."""
    made = replace(part, text="", origins=())
    for literal, slot in _SLOTS.findall(plain.text):
        made += Part(literal, (-1,) * len(literal))
        if slot:
            made += part[slice(*found.match.span(slot))]
    said = _read(made, depth + 1)
    return _denied(said) if plain.denied else said


def parts_of(statement: Statement) -> Iterator[Part]:
    """Yield the sentences that a statement is made of, from left to right."""
    if isinstance(statement, Part):
        yield statement
    else:
        for part in statement.parts:
            yield from parts_of(part)


# ------------------------------------------------------------------------------------------------------------- reading

_ANY = re.compile(
    r"\b(?:and|or|nor|case|true|false|untrue|correct|incorrect|wrong|fact|in|of|to|with|is|has|outside|share|border|speak|live"
    r"|unlike|opposed|contrary|rather|instead|not|nobody|no|but|while|whereas|though|although|as|than|have|had)\b|\?\s*$",
    re.I,
)
_OPENING = re.compile(
    r"\s*(?:it(?:\s+is|['’]s|\s+was)\s+|that\s+is\s+)?(?P<no>not\s+|n['’]t\s+)?(?:(?P<yes>the\s+case|true|correct|a\s+fact)"
    r"|(?P<wrong>false|untrue|incorrect|wrong|a\s+lie))\b(?P<that>\s+that\s+|(?=\s+(?:both|either|neither)\s+that\b))",
    re.I,
)
_THAT = re.compile(r"\s*(?P<word>both|either|neither)\s+that\s+(?P<rest>.+)$", re.I | re.S)
_JOIN = {"both": r"and", "either": r"or", "neither": r"nor"}
_CASES = re.compile(r"\s*it\s+is\s+(?P<word>both|either|neither)\s+the\s+case\s+that\s+(?P<rest>.+)$", re.I | re.S)
_CLAUSES = re.compile(r"\s*(?P<word>either|both)\s+(?P<rest>.+)$", re.I | re.S)
_PRONOUN = re.compile(r"\s*(?:he|she|it|they|its|his|her|their|this|that|these|those|which|who|there)\b", re.I)
_PAIR = re.compile(r"\b(?P<word>both|either|neither)\s+", re.I)
_VERB = re.compile(rf"\b(?:{VERBS})\b", re.I)
_COPULA = re.compile(r"\b(?:is|are|was|were|has|have|had|lies|borders|uses|speaks|wrote|won|died)\b", re.I)
_PLURALS = {"are": "is", "were": "was", "have": "has", "aren't": "isn't", "weren't": "wasn't", "lie": "lies"}
_PLURAL = re.compile(r"(are|were|have|aren['’]t|weren['’]t|lie)\b", re.I)
_COUNTED = re.compile(
    r"\s*(?P<name>[^,:;]+?)\s+(?:has|have|had)\s+(?:exactly\s+)?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"\s+(?P<noun>[a-z -]+?)(?P<colon>\s*(?::|,\s+namely|,\s+which\s+are|–|—)\s+)(?P<items>[^:;]+?)[.!]?\s*$",
)
_LIST_JOINT = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+", re.I)
_BEFORE_LIST = re.compile(
    r"\b(?:in|of|by|with|are|is|borders?|uses?|speaks?|wrote|directed|founded|received|won)\s+(?:the\s+)?$", re.I
)
_NAME_WORD = r"(?:(?:the|of|de|da|del|di|la|le|el|al|van|von|bin|du|des|and|y|city)\s+)*[^\W\d_a-z][\w.'’()-]*"
_NAME = re.compile(rf"{_NAME_WORD}(?:\s+{_NAME_WORD})*")
_NAMES_ONLY = re.compile(rf"(?:the\s+)?(?:(?:city|town|country)\s+of\s+)?{_NAME_WORD}(?:\s+{_NAME_WORD})*", re.S)
_WITHIN_NAMES = re.compile(r"\b(?:and|or)\b|,|&", re.I)
_INSERTED = re.compile(
    r"(?P<name>[A-Z0-9][^,;]*?),\s+(?P<said>(?:written|directed|founded|born|released|published|acquired|established"
    r"|invented|discovered)\s+(?:by|in|on)\s+[^,;]+?),\s+(?P<rest>(?:was|is|were|died|won|received|became|starred)\b[^,;]+)$"
)
_SLOTS = re.compile(r"([^{}]*)(?:\{(\w)\}|$)")
_RECIPROCAL = re.compile(
    r"\b(?:each other|one another|together|neighbou?rs|neighbou?ring|married|twins?|siblings|friends|partners|allies"
    r"|adjacent|between|the same|different|opposites?|equal|identical|separated|divorced)\b",
    re.I,
)
_DENIES = re.compile(r"\b(?:not|never|cannot)\b|n['’]t\b", re.I)


def _read(part: Part, depth: int) -> Statement:
    if depth > _MAX_DEPTH:
        return part
    opened = _OPENING.match(part.text)
    if opened is not None:
        rest = _read(part[slice(opened.end(), None)], depth + 1)
        return _denied(rest) if bool(opened["wrong"]) is not bool(opened["no"]) else rest
    for reader in (
        _that_clauses,
        _listed_count,
        _two_in_one,
        _whole_clauses,
        _pair_of_words,
        _plain,
        _insertion,
        _bare_list,
    ):
        found = reader(part, depth)
        if found is not None:
            return found
    return part


def _denied(statement: Statement) -> Statement:
    return replace(statement, denied=not statement.denied)


def _that_clauses(part: Part, depth: int) -> Statement | None:
    """Read "both that A and that B", "either that A or that B or that C", "neither that A nor that B"."""
    match = _THAT.match(part.text) or _CASES.match(part.text)
    if match is None:
        return None
    word = match["word"].lower()
    cut = re.compile(rf"\s*,?\s+{_JOIN[word]}\s+(?:the\s+case\s+)?that\s+", re.I)
    pieces = _cut(part[slice(match.start("rest"), None)], cut)
    return _joint(word, [_read(piece, depth + 1) for piece in pieces]) if len(pieces) > 1 else None


def _insertion(part: Part, depth: int) -> Statement | None:
    """Read "O, written by S, was published in 1901" and "S, born in O, died in P" as two sentences."""
    match = _INSERTED.match(part.text)
    if match is None:
        return None
    name, said, rest = (part[slice(*match.span(group))] for group in ("name", "said", "rest"))
    verb = replace(part, text=" was ", origins=(-1,) * 5)
    space = replace(part, text=" ", origins=(-1,))
    return _joint("both", [_read(name + verb + said, depth + 1), _read(name + space + rest, depth + 1)])


def _listed_count(part: Part, depth: int) -> Statement | None:
    """Read "S has three R: a, b and c" as how many there are and which."""
    match = _COUNTED.match(part.text)
    if match is None:
        return None
    name, noun = part[slice(*match.span("name"))], part[slice(*match.span("noun"))]
    items = _cut(part[slice(match.start("items"), match.end("items"))], _LIST_JOINT, part.joined)
    if not 1 < len(items) <= _MAX_PARTS or not all(_NAMES_ONLY.fullmatch(item.text.strip()) for item in items):
        return None
    the, of, is_ = (replace(part, text=word, origins=(-1,) * len(word)) for word in ("the ", " of ", " is "))
    one = noun if not noun.text.endswith("s") else noun[slice(0, -1)]
    which = [_read(the + one + of + name + is_ + item, depth + 1) for item in items]
    return _joint("both", [part[slice(0, match.start("colon"))], *which])


def _whole_clauses(part: Part, depth: int) -> Statement | None:
    """Read "Either A or B", "A or B" and "A and B", where each is a sentence that can stand alone."""
    match = _CLAUSES.match(part.text)
    inner = part if match is None else part[slice(match.start("rest"), None)]
    for word in ("either", "both") if match is None else (match["word"].lower(),):
        cut = re.compile(rf"\s*[,;]?\s+{_JOIN[word]}\s+(?:that\s+)?", re.I)
        pieces = _cut(inner, cut, inner.joined)
        if len(pieces) > 1 and all(_is_clause(piece.text) for piece in pieces):
            return _joint(word, [_read(piece, depth + 1) for piece in pieces])
    return None


def _pair_of_words(part: Part, depth: int) -> Statement | None:
    """Read "Neither S nor T is in O" and "S is in either O or P"."""
    match = _PAIR.search(part.text)
    if match is None:
        return None
    word = match["word"].lower()
    before, rest = part[slice(0, match.start())], part[slice(match.end(), None)]
    joint = re.search(rf"\s*,?\s+{_JOIN[word]}\s+", rest.text, re.I)
    if joint is None or _COPULA.search(rest.text[: joint.start()]):
        return None
    first, tail = rest[slice(0, joint.start())], rest[slice(joint.end(), None)]
    if before.text.strip():
        end = _list_end(tail.text)
    else:
        verb = _VERB.search(tail.text)
        name = _NAME.match(tail.text)
        end = verb.start() if verb is not None else name.end() if name is not None else 0
    second, after = tail[slice(0, end)], tail[slice(end, None)]
    if not first.text.strip() or not second.text.strip() or _PAIR.search(after.text):
        return None
    after = _singular(after)
    made = [before + piece + _space(piece, after) + after for piece in (first, second)]
    if word != "neither" and _DENIES.search(before.text):
        word = {"both": "either", "either": "both"}[word]  # "is not in either" is "is in neither"
    return _joint(word, [_read(piece, depth + 1) for piece in made])


def _bare_list(part: Part, depth: int) -> Statement | None:
    """Read "S, T and U are in O", and "S borders O, P and Q", the lists being of names."""
    joined = part.joined
    joints = [m for m in _LIST_JOINT.finditer(part.text) if not any(s.start <= m.start() < s.end for s in joined)]
    words = [m.group().strip(" ,").lower() for m in joints]
    last = next((word for word in reversed(words) if word), "")
    if not last or any(word not in ("", last) for word in words) or _RECIPROCAL.search(part.text):
        return None
    verb = _VERB.search(part.text)
    if verb is None:
        return None
    found = [m for m in joints if m.end() <= verb.start()]
    if found and len(found) == len(joints) and _PLURAL.match(part.text, verb.start()):
        return _listed(part[slice(0, 0)], part[slice(0, verb.start())], part[slice(verb.start(), None)], last, depth)
    if not found and joints[0].start() >= verb.end():
        start = _list_start(part.text, joints[0].start(), verb.start())
        end = start + _list_end(part.text[start:])
        if start:
            return _listed(part[slice(0, start)], part[slice(start, end)], part[slice(end, None)], last, depth)
    return None


def _listed(before: Part, items: Part, after: Part, word: str, depth: int) -> Statement | None:
    pieces = _cut(items, _LIST_JOINT, items.joined)
    if not 1 < len(pieces) <= _MAX_PARTS or not all(_NAMES_ONLY.fullmatch(p.text.strip()) for p in pieces):
        return None
    denies = _DENIES.search(before.text + after.text) is not None
    if word == "or" and denies:
        word = "and"  # "is not in France or Spain" is in neither
    after = after if before.text else _singular(after)
    made = [before + piece + _space(piece, after) + after for piece in pieces]
    return _joint("both" if word == "and" else "either", [_read(piece, depth + 1) for piece in made])


def _joint(word: str, parts: Sequence[Statement]) -> Joint:
    if word == "neither":
        return Joint(Connective.ALL, tuple(_denied(part) for part in parts))
    return Joint(Connective.ALL if word == "both" else Connective.ANY, tuple(parts))


def _cut(part: Part, at: re.Pattern[str], apart_from: Sequence[Span] = ()) -> list[Part]:
    pieces, last = [], 0
    for match in at.finditer(part.text):
        if not any(span.start <= match.start() < span.end for span in apart_from):
            pieces.append(part[slice(last, match.start())])
            last = match.end()
    pieces.append(part[slice(last, None)])
    return pieces if all(piece.text.strip(" .") for piece in pieces) else [part]


def _is_clause(text: str) -> bool:
    verb = _VERB.search(text)
    if verb is None or _PRONOUN.match(text):
        return False
    return bool(text[: verb.start()].strip()) and bool(text[verb.end() :].strip(" ."))


def _list_start(text: str, joint: int, verb: int) -> int:
    """Return where the name before the first joint begins, behind a preposition or verb; 0 where that is unclear."""
    for at in range(joint - 1, verb, -1):
        if _BEFORE_LIST.search(text[:at]) and _NAMES_ONLY.fullmatch(text[at:joint].strip()):
            return at
    return 0


def _list_end(text: str) -> int:
    return len(text.rstrip(" ."))


def _singular(part: Part) -> Part:
    """Put the verb that opens the part into the singular."""
    match = _PLURAL.match(part.text)
    if match is None:
        return part
    word = _PLURALS[match[1].lower().replace("’", "'")]
    return replace(part, text=word, origins=(-1,) * len(word)) + part[slice(match.end(), None)]


def _space(before: Part, after: Part) -> Part:
    wanted = after.text[:1].isalnum() and not before.text[-1:].isspace()
    return Part(" " if wanted else "", (-1,) if wanted else ())
