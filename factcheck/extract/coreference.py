"""Who "she", "it" and "the city" are: a short memory of what a text has spoken of.

Recency, number, gender and a preference for subjects; nothing is replaced where two answers are possible. A question
that was asked is the first thing spoken of.
"""

from __future__ import annotations

import re
from collections import deque

from factcheck.extract import lexicon as lex
from factcheck.extract.entities import Entity, asked_entity, head_noun, is_country, is_proper, named
from factcheck.extract.parse import Words, is_plural
from factcheck.extract.phrases import PhraseMemory
from factcheck.extract.statement import Clause
from factcheck.text.names import Gender, Name, find_names

_MEMORY = 24
_MAX_WORDS = 12
_LOOKED_AT = 800  # characters of a clause; what matters stands at its beginning
_PERSONAL = {
    "he": Gender.MALE, "him": Gender.MALE, "his": Gender.MALE,
    "she": Gender.FEMALE, "her": Gender.FEMALE, "hers": Gender.FEMALE,
}  # fmt: skip
# Each opens with a set of characters, for which a search skips ahead at once; what stands before is looked at then.
_PRONOUN = re.compile(
    r"[hHsSiItT](?<![\w'’-].)(?i:(?<=h)(?:ers?|e|im|is)|(?<=s)he|(?<=i)ts?|(?<=t)he(?:y|ir|m))(?![\w-])"
    r"(?!['’](?i:s|d|ll|ve)\b)"
)
_POSSESSIVES = frozenset(("his", "her", "its", "their"))
_DEFINITE = re.compile(r"(The|the|This|this|That|that|These|these|Those|those)\s+((?:[\w-]+\s+){0,2})([\w-]+)")
_EXPLETIVE = re.compile(
    r"it(?:['’]s| is| was| has been| would be| seems| appears| may be| can be| takes| remains| turns)\s+"
    r"(?:not |also |very |now |often |generally |widely |commonly |more |quite |still )*"
    r"(?:important|possible|impossible|difficult|likely|unlikely|clear|unclear|true|false|known|estimated|"
    r"believed|thought|"
    r"said|worth|necessary|essential|common|crucial|hard|easy|best|better|recommended|reported|assumed|that|because|to|"
    r"not clear|no|up to|difficult|unknown|out|time|safe|customary|helpful|useful|advisable)\b",
    re.I,
)
_TITLED = re.compile(
    r"(?:The|His|Her|Their|Its)\s+(?:[\w-]+\s+){0,6}?([a-z]+)\s+(?:is|was)\s+(?:called\s+|"
    r"titled\s+)?([\"“][^\"“”]{2,80}[\"”])"
)
_SURNAME = re.compile(r"([A-ZÀ-Þ](?:[\w-]*\w)?)(?=\s+[a-z]|['’]s\s|$)")
_IS_A = re.compile(
    r"[iwab](?<!\w.)(?:(?<=i)s|(?<=w)(?:as|ere)|(?<=a)re|(?<=b)ecame)\s+(?:an?|the|one of the)\s+"
    r"((?:[\w-]+,?\s+){0,9}?[\w-]+)"
    r"(?=\s+(?:of|in|on|by|for|from|with|that|which|who|to|at|located|directed|written|developed|based|known|founded|"
    r"released|published|born|whose|near|between|produced|created|used)\b|[.;:(]|$)"
)
_OPENS_ADVERBIAL = lex.PREPOSITIONS | lex.ADVERBS
_NO_NOUN = lex.PREPOSITIONS | {"and", "or"}
_BEFORE_STOP = re.compile(r"\s+(?=[,;:!?]|\.(?!\w)|['’]s\b)")  # ".NET" is a word
_QUOTE_LINES = re.compile(r"\n[ \t]*>[ \t]?")


class Discourse:
    """What has been spoken of so far; sentences come in order."""

    def __init__(self, question: str | None = None) -> None:
        """Start with the question's entities, if there was one."""
        self._entities: deque[Entity] = deque(maxlen=_MEMORY)
        self._phrases = PhraseMemory()
        self._sentence = 0
        self._subject: Entity | None = None
        self._possessed = False  # the last subject was "its capital": "its" goes on to mean the owner
        self._owner: Entity | None = None
        self._asked = asked_entity(question) if question else None
        if self._asked is not None:
            self._asked.subject = True
            self._entities.append(self._asked)

    @property
    def topic(self) -> str | None:
        """What the question is about, if that is a name."""
        return self._asked.text if self._asked is not None and self._asked.name else None

    # ---------------------------------------------------------------------------------------------------- resolving

    def compose(self, words: Words, clause: Clause) -> str:
        """Return what a clause says, with its pronouns and definite descriptions named where that is sure."""
        text = words.text
        parts: list[str] = []
        for i, piece in enumerate(clause.pieces):
            if isinstance(piece, str):
                parts.append(piece)
                continue
            content = text[piece[0] : piece[1]]
            if i == 0:
                content = self._opening(content)
            parts.append(content)
        said = _join(parts)
        return self._inner_pronouns(said)

    def _opening(self, content: str) -> str:
        """Name what the clause opens with."""
        first = _PRONOUN.match(content)
        if first is not None and not _EXPLETIVE.match(content):
            entity = self._referent(first.group().lower())
            if entity is not None:
                return named(entity, first.group().lower() in _POSSESSIVES) + content[first.end() :]
        if (full := self._full_name(content)) is not None:
            return full
        definite = _DEFINITE.match(content)
        if definite is not None:
            for until, modifiers, head in _readings(definite):
                phrase = self._described(definite.group(1).lower(), modifiers, head, content[until:])
                if phrase is not None:
                    return phrase + content[until:]
        return content

    def _full_name(self, content: str) -> str | None:
        """Return the stretch with a surname at its start made whole: "Curie won" is "Marie Curie won"."""
        word = _SURNAME.match(content)
        if word is None:
            return None
        ending = f" {word.group(1)}"
        found = {e.text for e in self._entities if e.name and e.person is not False and e.text.endswith(ending)}
        return found.pop() + content[word.end() :] if len(found) == 1 else None

    def _inner_pronouns(self, said: str) -> str:
        """Name one pronoun further inside whose antecedent is not in the clause: a subject first, else the first."""
        found: list[tuple[bool, re.Match[str], Entity]] = []
        for match in _PRONOUN.finditer(said, 0, _LOOKED_AT):
            pronoun = match.group().lower()
            before = said[: match.start()]
            if match.start() == 0 or _EXPLETIVE.match(said, match.start()) or _quoted(before):
                continue
            if pronoun in _PERSONAL:
                opens = pronoun in ("he", "she") and _opens_after_adverbial(before)
                if _has_person(before, _PERSONAL[pronoun], nouns=not opens):
                    continue
            elif not _opens_after_adverbial(before) or pronoun in ("them", "their", "its"):
                continue
            entity = self._referent(pronoun)
            if entity is not None and entity.text.split()[-1] not in said.split():
                found.append((pronoun not in ("he", "she", "it", "they"), match, entity))
        if not found:
            return said
        _, match, entity = min(found, key=lambda item: (item[0], item[1].start()))
        pronoun = match.group().lower()
        possessive = pronoun in _POSSESSIVES and (pronoun != "her" or _is_possessive_her(said, match.end()))
        return said[: match.start()] + named(entity, possessive) + said[match.end() :]

    def _referent(self, pronoun: str) -> Entity | None:
        if pronoun in _PERSONAL:
            return self._person(_PERSONAL[pronoun])
        plural = pronoun in ("they", "their", "them")
        subject = self._subject
        if self._possessed and pronoun not in _POSSESSIVES:
            return None
        if self._possessed:
            subject = self._owner
        if subject is not None:
            if subject.plural is plural and (plural or subject.person is not True):
                return subject
            if plural and subject.name and subject.person is not True:
                return subject  # a band, a club, a publisher: one name, many people
            if not plural and subject.person is True:
                return self._only_thing()
            return None
        asked = self._asked
        if asked is not None and self._sentence == 0 and (asked.plural is plural or asked.name) and not asked.person:
            return asked
        return None

    def _person(self, gender: Gender) -> Entity | None:
        def fits(entity: Entity) -> bool:
            return entity.person is not False and not entity.plural and entity.gender in (gender, Gender.UNKNOWN)

        subject = self._subject
        full_name = subject is not None and subject.name and subject.person is None and " " in subject.text
        if subject is not None and fits(subject) and (subject.person or subject.gender is gender or full_name):
            subject.gender, subject.person = gender, True
            return subject
        found = [e for e in self._entities if fits(e) and (e.person or e.gender is gender)]
        asked = self._asked
        if not found and asked is not None and fits(asked) and asked.name and (asked.person or self._sentence == 0):
            found = [asked]
        if not found:
            return None
        recent = max(e.sentence for e in found)
        latest = [e for e in found if e.sentence == recent]
        sure = [e for e in latest if e.gender is gender] or latest
        if len(sure) > 1 or subject is None or subject.person is None:
            # Beside a subject that may itself be meant, a name in passing is not enough.
            sure = [e for e in sure if e.subject]
        if len(sure) != 1:  # two may be meant, unless the whole text is about one of them
            sure = [asked] if asked is not None and asked.person and fits(asked) else []
        if not sure:
            return None
        sure[0].gender, sure[0].person = gender, True
        return sure[0]

    def _only_thing(self) -> Entity | None:
        things = [e for e in self._entities if e.sentence == self._sentence - 1 and e.person is False and not e.plural]
        return things[0] if len(things) == 1 else None

    def _described(self, article: str, modifiers: str, head: str, rest: str) -> str | None:
        """Return what "the city" or "these changes" stand for, as text that may replace them."""
        noun = head.lower()
        plural = is_plural(noun)
        if (article in ("these", "those")) is not plural and article not in ("the",):
            return None
        if article == "the" and re.match(r"\s+(?:of|that|which|who)\b", rest):
            return None
        if not modifiers and article in ("the", "this", "that"):
            found = [e for e in self._entities if e.name and not e.plural and (noun in e.kinds or is_country(e, noun))]
            if found:
                entity = max(found, key=lambda e: (e.sentence, e.subject))
                same = [e for e in self._entities if e is not entity and e.name and noun in e.kinds]
                return entity.text if not same or entity.subject else None
        key = " ".join((*modifiers.lower().split(), noun))
        phrase = self._phrases.find(key, self._sentence)
        return None if phrase is None else _article(article, phrase)

    # ----------------------------------------------------------------------------------------------------- observing

    def observe(self, words: Words, clauses: list[Clause], composed: list[str], start: int, end: int) -> None:
        """Remember what a sentence spoke of; call once a sentence, after its clauses were composed."""
        text = words.text
        subject = clauses[0].subject if clauses else None
        names = find_names(text[start : min(end, start + 4000)])
        subjects: list[Entity] = []
        for name in names:
            at = start + name.span.start
            # Of "the president of the United States" the name is not the subject.
            whole = subject is not None and subject[0] <= at < subject[1] and _covers(text, subject, name, start)
            # A word that opens a sentence is a name if it is all of the subject and no plural, like "Genes".
            opens = whole and " " not in name.text and not is_plural(name.text.lower())
            if name.certain or opens or self._known(name.text) is not None:
                entity = self._remember(name, subject=whole)
                if whole and subject is not None and text[subject[0] : at].lower() == "the ":
                    entity.text = f"the {entity.text}" if entity.text == name.text else entity.text
                if whole:
                    subjects.append(entity)
        self._phrases.observe(words, self._sentence)
        resolved = self._resolved_subject(words, clauses, composed, subjects)
        if resolved is not None:
            resolved.sentence, resolved.subject = self._sentence, True
        if clauses:
            owner = self._owner if self._possessed else self._subject
            opening = text[start : start + 6].lower()
            self._possessed = owner is not None and opening.startswith(("its ", "their "))
            self._subject, self._owner = resolved, owner if self._possessed else None
            if resolved is not None and clauses[0].verb in ("are", "were", "have", "is", "was", "has"):
                resolved.plural = clauses[0].verb in ("are", "were", "have")
        self._sentence += 1

    def learn(self, composed: list[str]) -> None:
        """Learn from all clauses of the last sentence what the things are that they speak of."""
        for said in composed:
            self._learn_title(said)
            for entity in self._entities:
                if entity.sentence == self._sentence - 1 and said.startswith(entity.text):
                    self._learn_kind(entity, said)
                    break

    def _known(self, name: str) -> Entity | None:
        ending = f" {name}"
        for entity in reversed(self._entities):
            if entity.name and (entity.text == name or entity.text.endswith(ending)):
                return entity
        return None

    def _remember(self, name: Name, *, subject: bool) -> Entity:
        entity = self._known(name.text)
        if entity is None:
            person: bool | None = None
            if name.gender is Gender.NEUTER:
                person = False
            elif name.gender is not Gender.UNKNOWN:
                person = True
            entity = Entity(name.text, name.gender, person=person, name=True)
        else:
            self._entities.remove(entity)
        entity.sentence, entity.subject = self._sentence, subject
        self._entities.append(entity)
        return entity

    def _resolved_subject(
        self, words: Words, clauses: list[Clause], composed: list[str], subjects: list[Entity]
    ) -> Entity | None:
        if subjects:
            return subjects[0]
        opening = composed[0].lower() if composed else ""
        for entity in reversed(self._entities):  # "The city" that was named in the composed text
            if entity.name and opening.startswith(entity.text.lower() + " "):
                return entity
        if not clauses or clauses[0].subject is None:
            return None
        a, b = clauses[0].subject
        said = " ".join(words.text[a:b].split())
        folded = said.lower()
        if folded in ("it", "this", "that", "these", "those", "there", "he", "she", "they", "i", "we", "you", "who"):
            if folded in ("he", "she", "it", "they"):
                return self._referent(folded)
            return None
        if len(said.split()) > _MAX_WORDS or "(" in said or '"' in said:
            return None
        head = head_noun(said)
        if (sooner := next((e for e in reversed(self._entities) if e.text.lower() == folded), None)) is not None:
            return sooner
        plural = is_plural(head) or bool(re.search(r"\band\b", folded))
        person = head in lex.PERSON_NOUNS
        full = composed[0][: len(composed[0])] if composed else said
        phrase = said if full.lower().startswith(folded) else _subject_of(full, words, clauses[0]) or said
        phrase = phrase if phrase[:1].isupper() and is_proper(phrase) else phrase[:1].lower() + phrase[1:]
        entity = Entity(phrase, Gender.UNKNOWN if person else Gender.NEUTER, plural, person, kinds={head})
        self._entities.append(entity)
        return entity

    def _learn_title(self, said: str) -> None:
        """Learn from 'The most cited paper is "Attention Is All You Need"' that the title is a paper's."""
        match = _TITLED.match(said[:400]) if '"' in said or "“" in said else None
        if match is not None:
            self._entities.append(
                Entity(match.group(2), Gender.NEUTER, person=False, name=True, kinds={match.group(1).lower()})
            )
            self._entities[-1].sentence = self._sentence - 1

    def _learn_kind(self, entity: Entity | None, said: str) -> None:
        """Learn from "X is a Polish physicist" that X is a person, and from "X is a city" that X is a city."""
        if entity is None or not said.startswith(entity.text):
            return
        match = _IS_A.search(said[:600])
        if match is None:
            return
        nouns = [word.strip(",") for word in match.group(1).split() if word.islower() and not word.endswith("ly")]
        if not nouns:
            return
        noun = next((word for word in nouns if word in lex.PERSON_NOUNS), nouns[-1])
        entity.kinds.add(noun)
        if noun in lex.PERSON_NOUNS:
            entity.person = True
            if noun in lex.FEMALE_NOUNS:
                entity.gender = Gender.FEMALE
            elif noun in lex.MALE_NOUNS:
                entity.gender = Gender.MALE
        elif entity.person is None and not noun.endswith(("ist", "ian", "er", "or", "ee")):
            entity.person = False


# ---------------------------------------------------------------------------------------------------------------- small


def _readings(definite: re.Match[str]) -> list[tuple[int, str, str]]:
    """Return (end, modifiers, head) for "the A B C", "the A B" and "the A": the longest first."""
    words = [*definite.group(2).split(), definite.group(3)]
    result: list[tuple[int, str, str]] = []
    at = definite.start(2)
    for k, word in enumerate(words):
        at = definite.string.index(word, at) + len(word)
        result.append((at, " ".join(words[:k]), word))
    return result[::-1]


def _covers(text: str, subject: tuple[int, int], name: Name, start: int) -> bool:
    """Say whether a name is the whole subject, but for an article or a title before it."""
    a, b = start + name.span.start, start + name.span.end
    before = text[subject[0] : a].strip("\"“'‘*_ ").lower()
    after = text[b : subject[1]].strip("\"”'’*_ ")
    return (
        not before or before in ("the", "a") or (" " not in before and before.isalpha() and before not in ("for", "in"))
    ) and (not after or after[0] == "(")


def _join(parts: list[str]) -> str:
    lines = (_QUOTE_LINES.sub(" ", part) if "\n" in part else part for part in parts)
    said = " ".join(" ".join(lines).split())
    return _BEFORE_STOP.sub("", said) if len(parts) > 1 else said


def _quoted(before: str) -> bool:
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _has_person(before: str, gender: Gender, *, nouns: bool) -> bool:
    return any(
        n.gender in (gender, Gender.UNKNOWN)
        and (n.certain or (n.span.start == 0 and n.text.lower() not in lex.ADVERBS))
        for n in find_names(before[-400:])
    ) or (nouns and any(w in lex.PERSON_NOUNS for w in before[-400:].lower().split()))


def _opens_after_adverbial(before: str) -> bool:
    """Say whether what stands before a pronoun is no more than "In 1911, "."""
    return len(before) < 120 and before.rstrip().endswith(",") and before.split(None, 1)[0].lower() in _OPENS_ADVERBIAL


def _is_possessive_her(said: str, end: int) -> bool:
    following = said[end:].split(None, 1)
    return bool(following) and following[0][0].isalpha() and following[0].lower() not in _NO_NOUN


def _article(article: str, phrase: str) -> str:
    proper = phrase[:1].isupper() and is_proper(phrase)
    if article in ("these", "those"):
        return phrase[:1].upper() + phrase[1:]
    return phrase if proper or phrase.lower().startswith("the ") else f"The {phrase[:1].lower()}{phrase[1:]}"


def _subject_of(said: str, words: Words, clause: Clause) -> str | None:
    """Return the subject as it stands in the composed clause, which may have named it more fully."""
    if clause.subject is None or not clause.verb:
        return None
    tail = words.text[clause.subject[1] : clause.subject[1] + 12]
    at = said.find(" ".join(tail.split())[:8]) if tail.strip() else -1
    return said[:at].strip() or None if at > 0 else None
