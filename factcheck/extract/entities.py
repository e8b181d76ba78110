"""What a text speaks of, and what a question is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from factcheck.extract import lexicon as lex
from factcheck.extract.parse import is_plural
from factcheck.text.names import COUNTRIES, Gender, find_names, guess_gender

_KIND = re.compile(
    r"\b(film|movie|book|novel|song|album|series|show|game|play|poem|opera|city|country|river|mountain|company|band|"
    r"language|planet|element|treaty|island|team|university|painting|war|battle|magazine|newspaper|app|"
    r"software)\s+[\"“']?$"
)
_COUNTRY_NOUNS = frozenset(("country", "nation", "state"))


@dataclass(slots=True)
class Entity:
    """Something that the text has spoken of."""

    text: str
    gender: Gender = Gender.UNKNOWN
    plural: bool = False
    person: bool | None = None
    name: bool = False
    kinds: set[str] = field(default_factory=set)
    sentence: int = 0
    subject: bool = False


def asked_entity(question: str) -> Entity | None:
    """Return what a question is about: its one name, or the thing whose definition it asks for."""
    asked = " ".join(question[:2000].split())
    names = [n for n in find_names(asked) if n.certain or " " in n.text]
    if names:
        name = names[-1] if len(names) == 1 or re.match(r"(?i)tell|describe|explain", asked) else names[0]
        begin = name.span.start
        if begin >= 5 and asked[begin - 4 : begin] == "The ":  # "the film The Birds"
            begin -= 4
        kind = _KIND.search(asked[:begin])
        text = asked[begin : name.span.end]
        gender = guess_gender(name.text)
        person: bool | None = None if gender is Gender.UNKNOWN else gender is not Gender.NEUTER
        if kind is not None:
            person, gender = False, Gender.NEUTER
        elif person is None and re.search(r"(?i)^who (?:is|was)\b|\b(?:bio|biography|life story)\b", asked):
            person = True
        elif re.match(r"(?i)what(?: is|'s|’s| are| was)\s+(?:an? |the )?[\"“]?$", asked[:begin]):
            person = False if gender is Gender.UNKNOWN else person
        kinds = {kind.group(1)} if kind is not None else set()
        return Entity(text, gender, person=person, name=True, kinds=kinds, sentence=-1)
    topic = re.match(
        r"(?i)(?:what (?:is|are|was|were)|what's|define|explain|describe)\s+((?:an?|the)\s+)?([\w -]{3,50}?)\s*[?.!]*$",
        asked,
    )
    if topic is None or topic.group(2).split()[0].lower() in ("difference", "best", "names", "name", "some"):
        return None
    noun = topic.group(2)
    return Entity((topic.group(1) or "").lower() + noun, Gender.NEUTER, is_plural(head_noun(noun)), False, sentence=-1)


def head_noun(phrase: str) -> str:
    """Return the head noun of a phrase, in lower case: the last word before its first preposition."""
    words = phrase.lower().split()
    for i, word in enumerate(words):
        if i and (word in lex.PREPOSITIONS or word in ("that", "which", "who") or (i > 1 and word in lex.PARTICIPLES)):
            return words[i - 1].strip(",.")
    return words[-1].strip(",.") if words else ""


def named(entity: Entity, possessive: bool) -> str:
    """Return what to put for a pronoun."""
    if not possessive:
        return entity.text
    return entity.text + ("'" if entity.text.endswith("s") and entity.plural else "'s")


def is_country(entity: Entity, noun: str) -> bool:
    """Say whether "the country" may stand for an entity."""
    return noun in _COUNTRY_NOUNS and entity.text.removeprefix("the ") in COUNTRIES


def is_proper(phrase: str) -> bool:
    """Say whether a phrase opens with a name rather than with a word that opens its sentence."""
    words = phrase.split()
    return sum(1 for w in words if w[:1].isupper()) > 1 or any(c.isupper() or c in "#+" for c in words[0][1:])
