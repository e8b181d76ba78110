"""Another name in the same role: a sentence that says who did it contradicts a claim that somebody else did.

The claim's name has a role: who does what the verb says ("N discovered S", "S was discovered by N"), or where or in
what ("… in N"). Where a sentence of the evidence, under its heading, has every other word of the claim, and in that
role another name of the same kind and not the claim's, the two are held against each other. A sentence that denies,
and a claim that says more than it can be held to, are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from factcheck.text.names import Gender, Name, find_names, guess_gender
from factcheck.text.naming import is_people, names_in, names_it
from factcheck.text.sentences import split_sentences
from factcheck.text.stems import BE, LIGHT, STOP, stem
from factcheck.text.tokens import tokenize, tokens_with_spans
from factcheck.types import Evidence

_ROLE = re.compile(r"\b(by|in|at|on|into|to|from|near)\s+(?:the\s+)?$", re.IGNORECASE)
_PLACES = frozenset(("in", "at", "on", "near"))
_UNCLEAR = re.compile(
    r"\b(?:not|never|no|neither|nor|without|or|also|too|another|both|with|until|may|might|could|would|perhaps)\b|n['’]t\b",
    re.IGNORECASE,
)
# "by the miller N"
_BY = re.compile(r"\s+(?:[\w,]+\s+){0,6}?by\s+(?:(?:the|an?)\s+)?(?:(?!of\b)[a-z-]+\s+){0,3}(?=[A-Z])")
_DENIED = re.compile(r"\b(?:not|never|no|neither|nor|without)\b|n['’]t\b", re.IGNORECASE)
_ANOTHER_CLAUSE = re.compile(r",?\s(?:while|but|whereas|where|when|who|which|that)\s|;|,\s+and\s")
_NAMED = r"(?:[A-Z][\w’'.-]+(?:\s(?:[A-Z][\w’'.-]+|de|van|von|al|bin))*)"
_WHOSE = r"(?!(?:an?|one|some|his|her|their|its|many|several|most)\b)"
_HOLDS = re.compile(rf"(?P<name>{_NAMED}) is the (?P<office>[a-z][a-z -]{{2,40}}) of (?P<of>{_WHOSE}[^,;]{{2,60}}?)\.?")
_HELD_BY = re.compile(
    rf"[Tt]he (?P<office>[a-z][a-z -]{{2,40}}) of (?P<of>{_WHOSE}[^,;]{{2,60}}?) is (?P<name>{_NAMED})\.?"
)
_OFFICE_IS = re.compile(
    rf"\b(?:[Tt]he|[Ii]ts|[Tt]heir) (?P<office>[a-z][a-z -]{{2,40}}?)(?: of [^,;.]{{2,60}}?)? is (?P<name>{_NAMED})"
)
_IS_OFFICE = re.compile(
    rf"(?P<name>{_NAMED}) is (?:the|its|their) (?P<office>[a-z][a-z -]{{2,40}}?)(?=\s(?:of|and|since)\b|[.,;])"
)
_LONGEST = 300
_LONGEST_SENTENCE = 500
_MOST_READ = 4000
_PRONOUNS = frozenset("He She It They This That".split())
_FIRST = re.compile(r"\bfirst\b", re.IGNORECASE)
_TITLED = frozenset("king queen emperor empress pope prince princess president".split())
_SAME = {
    word: group.split()[0]
    for group in (
        "discover find found identify notice detect isolate observe uncover spot",
        "invent build devise make construct create develop patent design produce",
        "write author publish pen",
        "climb ascend scale reach conquer summit",
        "win receive earn get",
    )
    for word in group.split()
}
_PREFIX = 5
_MOST_SENTENCES = 24


def other_bearer(claim: str, name: Name, evidence: Evidence) -> str | None:
    """Return the name that the evidence has in the role of one of the claim's; None where nobody can tell.

    Args:
        claim: the text.
        name: of the claim; a sentence that has it tells nothing of who did it instead.
        evidence: may contradict it.
    """
    if len(claim) > _LONGEST or _UNCLEAR.search(claim):
        return None
    lead = _ROLE.search(claim, max(0, name.span.start - 12), name.span.start)
    opens = claim[: name.span.start].strip().casefold() in {"", "the"}
    if lead is None and not opens:
        return None
    role = lead[1].casefold() if lead is not None else "by"
    verb = _verb_before(claim, lead.start()) if lead is not None else _verb_behind(claim, name.span.end)
    if verb is None or (role not in _PLACES and role != "by"):
        return None
    rest = claim[: lead.start() if lead is not None else name.span.start] + " " + claim[name.span.end :]
    wanted = content(rest)
    first = _FIRST.search(rest) is not None
    title = evidence.passage.title if evidence.passage is not None else ""
    section = evidence.passage.section if evidence.passage is not None else ""
    found = None
    for span in split_sentences(evidence.text)[:_MOST_SENTENCES]:
        sentence = span.of(evidence.text)
        if first and _FIRST.search(sentence) is None:
            continue
        if (
            len(sentence) > _LONGEST_SENTENCE
            or _DENIED.search(sentence)
            or wanted - content(f"{title} {section} {sentence}")
        ):
            continue
        if names_it(sentence, name.text):
            return None  # one of several who did it, or in another role: nobody can tell
        for other in _in_role(sentence, role, verb):
            if found is None and _is_another(claim, name, other, title if role != "by" else ""):
                found = other.text
    return found


def other_holder(claim: str, evidence: Evidence) -> tuple[str, str] | None:
    """Return who the claim says holds an office, and who the evidence says does: "N is the director of S".

    What someone was is left alone: there may have been several.
    """
    said = (_HOLDS.fullmatch(claim) or _HELD_BY.fullmatch(claim)) if len(claim) <= _LONGEST else None
    if said is None or _UNCLEAR.search(claim) or not names_in(f"It was {said['name']}"):
        return None
    office = content(said["office"])
    title = evidence.passage.title if evidence.passage is not None else ""
    if not office or office & _OF_SEVERAL or content(said["of"]) - content(f"{title} {evidence.text[:_MOST_READ]}"):
        return None
    others = []
    for span in split_sentences(evidence.text)[:_MOST_SENTENCES]:
        sentence = span.of(evidence.text)
        if len(sentence) > _LONGEST_SENTENCE or _DENIED.search(sentence):
            continue
        for pattern in (_OFFICE_IS, _IS_OFFICE):
            others += [m["name"] for m in pattern.finditer(sentence) if content(m["office"]) == office]
    others = [other for other in others if names_in(f"It was {other}") and other not in _PRONOUNS]
    if len(set(others)) != 1 or names_it(others[0], said["name"]) or names_it(said["name"], others[0]):
        return None
    return said["name"], others[0]


def _in_role(sentence: str, role: str, verb: str) -> Iterator[Name]:
    """Yield the names of a sentence that stand in a role of its verb."""
    names = find_names(sentence)
    places = [t.span for t in tokens_with_spans(sentence) if _common(t.text) == verb]
    for place in places:
        if role == "by":
            passive = _BY.match(sentence, place.end)
            if passive is not None:
                yield from (n for n in names if n.span.start == passive.end())
                continue
            before = [n for n in names if n.span.end <= place.start]
            if before and sentence[: before[-1].span.start].rstrip().endswith(" of"):
                continue  # "a team of Nepalis"
            if before and _ANOTHER_CLAUSE.search(sentence, 0, before[-1].span.start) is not None:
                continue
            if before and re.fullmatch(
                r"(?:\s+(?:first|then|also|later|soon|had|and))*\s*", sentence[before[-1].span.end : place.start]
            ):
                yield before[-1]
            continue
        for name in names:
            lead = _ROLE.search(sentence, max(0, name.span.start - 12), name.span.start)
            if lead is not None and lead[1].casefold() in _PLACES and place.end <= name.span.start <= place.end + 80:
                yield name


def _is_another(claim: str, name: Name, other: Name, title: str) -> bool:
    """Say whether a name is of the same kind and of something that the claim does not name."""
    if names_it(claim, other.text) or names_it(other.text, name.text) or (title and names_it(title, other.text)):
        return False
    if is_people(other.text) or is_people(name.text) or not names_in(f"It was {other.text}"):
        return False
    mine, its = _kind(name.text), _kind(other.text)
    return mine == its or (Gender.UNKNOWN in (mine, its) and Gender.NEUTER not in (mine, its))


def is_alike(name: str, other: str) -> bool:
    """Say whether two names are of one kind as far as names tell: two persons, or two of which they tell nothing."""
    return _kind(name) is _kind(other)


def _kind(name: str) -> Gender:
    """Return whether a name is of a person or a thing; persons are all of one kind."""
    found = guess_gender(name)
    if name.split()[0].casefold() in _TITLED:
        return Gender.MALE
    return Gender.MALE if found is Gender.FEMALE else found


def _verb_before(claim: str, end: int) -> str | None:
    words = [t for t in tokens_with_spans(claim[:end]) if t.text not in BE]
    return _common(words[-1].text) if words and words[-1].text.islower() else None


def _verb_behind(claim: str, start: int) -> str | None:
    words = tokens_with_spans(claim[start:])
    if not words or words[0].text in BE or words[0].text in {"has", "had", "have"}:
        return None
    return _common(words[0].text)


def _common(word: str) -> str:
    found = stem(word)
    if found == "found" and word != "found":
        return "establish"[:_PREFIX]  # who founded a city did not find it
    return _SAME.get(word, _SAME.get(found, found))[:_PREFIX]


def content(text: str) -> frozenset[str]:
    """Return the words of content of a text, verbs that mean much the same as one."""
    return frozenset(
        _common(token)
        for token in tokenize(text)
        if token not in STOP and (found := stem(token)) not in STOP | LIGHT and found not in BE
    )


_OF_SEVERAL = content(
    "son daughter child brother sister sibling cousin aunt uncle parent member part star actor actress name city town"
    " village kind type form example one result"
)
