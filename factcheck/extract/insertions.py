"""What is put into a clause, or hung on to it, as clauses of their own: appositions, participles, relative clauses."""

from __future__ import annotations

from factcheck.extract import lexicon as lex
from factcheck.extract.parse import Subject, Words, is_finite, is_name, is_participle, is_plural
from factcheck.extract.statement import Clause, copula, phrase, stretch_of

SHARED = frozenset(("and", "but", "or"))
_JOINING = SHARED | (lex.SUBORDINATORS - {"as"})
_NO_NAME = SHARED | {"the", "a", "of", "-"}
_OPENING_PREPOSITIONS = lex.word_set("by in on at from for to near between as during since under with after")

_LASTING = lex.word_set(
    "capital city town village river lake mountain island country state province planet region continent"
)


def insertion(words: Words, subject: Subject, named: tuple[int, int], past: bool) -> list[Clause] | None:
    """Turn what stands between the commas after a subject into clauses; [] where it is only a marker."""
    a, b = subject.inserted if subject.inserted is not None else (0, 0)
    if phrase(words, a, b - a) in lex.DISCOURSE:
        return []
    if b - a < 2 or subject.end - subject.start > 8:
        return None
    first = words.folded[a]
    stretch = stretch_of(words, a, b)
    if first in ("which", "who") and is_finite(words, a + 1, after_plural=True):
        own = stretch_of(words, a + 1, b)
        return [Clause((named, own), *stretch, subject=named, verb=words.folded[a + 1])]
    known = first in ("also", "formerly", "previously", "originally", "commonly", "better", "sometimes", "often")
    if known and is_participle(words.folded[a + 1]) and words.folded[a + 2] == "as":
        be = copula(words, subject, past or first in ("formerly", "previously", "originally"))
        return [Clause((named, be, stretch), *stretch, subject=named, verb=be)]
    if is_participle(first) and (taken := participial(words, named, a, b, past, subject)) is not None:
        return [taken]
    listed = any(words.folded[i] == "," and not is_name(words, i + 1) for i in range(a, b - 1))
    if (
        first in ("a", "an", "the", "one")
        and not listed
        and not _two_things(words, subject)
        and not any(is_finite(words, i) for i in range(a + 1, b) if not _inside(words, i))
    ):
        be = copula(words, subject, past)
        return [Clause((named, be, stretch), *stretch, subject=named, verb=be)]
    return None


def _two_things(words: Words, subject: Subject) -> bool:
    """Say whether what follows a subject may speak of a name inside it: "the head of Alpha, a company, is Jane Roe"."""
    of = next((i for i in range(subject.start + 1, subject.end - 1) if words.folded[i] in ("of", "at", "for")), None)
    if of is None or words.folded[of - 1] in _LASTING | lex.DETERMINERS or words.joined[of]:
        return False
    return words.forms[subject.start][0].islower() or not is_name(words, of - 1)


def _inside(words: Words, i: int) -> bool:
    """Say whether a form in -ed is a participle after a noun, as in "a unit based on"."""
    return is_participle(words.folded[i]) and words.folded[i] not in lex.PAST_ONLY


def participial(words: Words, named: tuple[int, int], a: int, b: int, past: bool, subject: Subject) -> Clause | None:
    """Turn "built in 1889", said of a subject, into a clause; None where it is not plainly that."""
    word = words.folded[a]
    following = words.folded[a + 1] if a + 1 < b else ""
    if following not in lex.PREPOSITIONS and not following[:1].isdigit():
        return None
    if any(is_finite(words, i) and not _inside(words, i) for i in range(a + 1, b)):
        return None
    stretch = stretch_of(words, a, b)
    be = copula(words, subject, past or word not in lex.STATIVE)
    own = (named, f"{be} {word}", stretch_of(words, a + 1, b))
    return Clause(own, *stretch, subject=named, verb=be)


def trailing_relative(words: Words, subject: Subject, verb: int, b: int, past: bool) -> tuple[Clause, int] | None:
    """Find ", which VERB ..." at the end of the last predicate; its antecedent must be beyond doubt."""
    for i in range(verb + 1, b - 3):
        if words.folded[i] == "," and words.folded[i + 1] in ("which", "who"):
            break
        if words.folded[i] in (";", ":"):
            return None
    else:
        return None
    at = i + 2
    if not is_finite(words, at, after_plural=True) or words.folded[at] in lex.CLAUSAL:
        return None
    if any(words.folded[j] in (";", ":") for j in range(at, b)):
        return None
    antecedent = _antecedent(words, verb, i, words.folded[at])
    if antecedent is None:
        return None
    # "a painting by Rembrandt, which hangs in Paris": the painting hangs there, not he.
    if words.folded[i + 1] == "which" and words.folded[antecedent[0] - 1] == "by" and is_name(words, antecedent[0]):
        return None
    named = stretch_of(words, *antecedent)
    stretch = stretch_of(words, i + 1, b)
    own = stretch_of(words, at, b)
    return Clause((named, own), *stretch, subject=named, verb=words.folded[at]), i


def trailing_apposition(words: Words, verb: int, b: int, past: bool) -> tuple[Clause, int] | None:
    """Find ", the capital of Egypt" at the end of a predicate, right after a name."""
    comma = next((i for i in range(b - 3, verb, -1) if words.folded[i] == ","), None)
    if comma is None or words.folded[comma + 1] not in ("a", "an", "the") or not is_name(words, comma - 1):
        return None
    if any(words.folded[i] in _JOINING for i in range(comma + 1, b)):
        return None
    if any(words.folded[i] == "," for i in range(verb, comma)) or any(is_finite(words, i) for i in range(comma + 2, b)):
        return None
    a = comma
    while a - 1 > verb and is_name(words, a - 1):
        a -= 1
    if words.folded[a - 1] in _NO_NAME or not words.forms[a][0].isalpha():
        return None
    lasting = any(words.folded[i] in _LASTING for i in range(comma + 1, b))
    named, stretch = stretch_of(words, a, comma), stretch_of(words, comma + 1, b)
    be = "is" if lasting or not past else "was"
    return Clause((named, be, stretch), *stretch, subject=named, verb=be), comma


def _antecedent(words: Words, verb: int, comma: int, relative: str) -> tuple[int, int] | None:
    """Return the noun phrase right before a comma, if its number fits the verb."""
    a = comma
    while a - 1 > verb:
        word = words.folded[a - 1]
        if (word in lex.PREPOSITIONS or word in SHARED or word in (",", "to")) and not words.joined[a - 1]:
            break
        if word in lex.AUXILIARIES or word in lex.PAST_ONLY or word.endswith("ly"):
            break
        a -= 1
        if word in ("a", "an", "the", "its", "his", "her", "their"):
            break
    if a >= comma or comma - a > 6:
        return None
    before = words.folded[a - 1]
    if before in SHARED or before == ",":
        return None
    last = words.folded[comma - 1]
    plural = is_plural(last) and not is_name(words, comma - 1)
    if relative in ("is", "was", "has", "does") or relative in lex.PRESENTS:
        fits = not plural
    elif relative in ("are", "were", "have", "do"):
        fits = plural
    else:
        fits = is_name(words, comma - 1)  # a past tells no number
    if not fits:
        return None
    if before == "of":  # "the capital of France, which is": of which of the two?
        head = next((j for j in range(a - 2, verb, -1) if words.folded[j] not in lex.DETERMINERS), None)
        if head is None or is_plural(words.folded[head]) == plural:
            return None
    return a, comma


def reduced_participle(words: Words, subject: Subject, named: tuple[int, int], b: int) -> tuple[Clause, int] | None:
    """Turn "X is a film directed by Y" into "X is a film" and "X was directed by Y"; "who VERB" likewise."""
    verb = subject.verb
    if words.folded[verb] not in ("is", "was", "are", "were") or verb + 3 >= b:
        return None
    if words.folded[verb + 1] not in ("a", "an"):  # "the first film directed by" is not the first film
        return None
    for i in range(verb + 3, min(b - 1, verb + 14)):
        word, following = words.folded[i], words.folded[i + 1]
        after_noun = words.folded[i - 1][0].isalpha() and not words.folded[i - 1].endswith("ly")
        if word in ("who", "that", "which"):
            if not (after_noun or words.folded[i - 1] == ",") or not is_finite(words, i + 1, after_plural=False):
                return None
            end = i - 1 if words.folded[i - 1] == "," else i
            own = stretch_of(words, i + 1, b)
            return Clause((named, own), *own, subject=named, verb=following), end
        if word in lex.PREPOSITIONS or word in ("or", "but", "to", ":") or word in lex.SUBORDINATORS:
            return None
        if word == "," and is_participle(following) and not is_finite(words, i + 2) and i + 2 < b:
            # "an actress and singer, born in 1974": goes on below, with the comma left out
            continue
        if word in _OPENING_PREPOSITIONS or not is_participle(word):
            continue
        if following in _OPENING_PREPOSITIONS and (after_noun or words.folded[i - 1] == ","):
            if any(words.folded[j] in lex.SUBORDINATORS and words.folded[j] != "as" for j in range(i, b)):
                return None
            be = words.forms[verb]
            if be in ("is", "are") and word not in lex.STATIVE:
                be = "was" if be == "is" else "were"
            stretch = stretch_of(words, i, b)
            clause = Clause((named, be, stretch), *stretch, subject=named, verb=be)
            return clause, i - 1 if words.folded[i - 1] == "," else i
    return None
