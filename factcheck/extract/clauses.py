"""English sentences to clauses that can each be judged: coordination, relative clauses, apposition.

Every cut has its own conditions, and all of them ask for a subject and a finite verb that are plain to see. Nothing is
cut inside quotations, brackets, names, that-clauses, conditions or long sentences: a wrong cut is worse than none.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from factcheck.extract import lexicon as lex
from factcheck.extract.insertions import (
    insertion,
    participial,
    reduced_participle,
    trailing_apposition,
    trailing_relative,
)
from factcheck.extract.objects import dated_objects
from factcheck.extract.parse import (
    MAX_WORDS,
    Subject,
    Words,
    is_finite,
    is_name,
    is_participle,
    is_past_form,
    is_plural,
    read_subject,
)
from factcheck.extract.statement import Clause, Piece, is_past, phrase, plain_clause, stretch_of

_CONDITIONS = lex.word_set("if when whenever unless until once suppose supposing provided wherever")
_CONCESSIVE = lex.word_set("although though while whereas because")
_TRAILING = lex.word_set("and but while whereas although though so because yet")
_CLOSED_SCOPE = lex.SUBORDINATORS - {"as", "before", "after", "since", "until", "once", "so"}
_RELATIVE = frozenset(("which", "who", "whom", "whose", "that", "where", "when"))
_OPENS_ADVERBIAL = lex.PREPOSITIONS | {"together"}
_BE_OR_HAVE = lex.BE | {"has", "have", "had"}
_AFTER_PRESENT = lex.PREPOSITIONS | {"to", "that"}
_STOP = lex.word_set(". ! ? , ; : 。 ！")


def split_clauses(words: Words, start: int, end: int) -> list[Clause]:
    """Return the clauses of the sentence `words.text[start:end]`, at least one, in the order of their stretches.

    Args:
        words: as `read_words` gave them for this sentence.
        start: where the sentence begins in the text.
        end: where it ends.
    """
    whole = Clause(((start, end),), start, end)
    n = len(words)
    if not 2 < n <= MAX_WORDS:
        return [whole]
    last = n
    while last > 1 and words.folded[last - 1] in _STOP:
        last -= 1
    first = _skip_discourse(words, 0, last)
    if first >= last:
        return [whole]
    if words.folded[first] in _CONDITIONS or words.folded[first : first + 2] in (["even", "if"], ["as", "long"]):
        return [_trimmed(words, whole, first)]
    result: list[Clause] = []
    ranges = _coordinate(words, first, last)
    for a, b in ranges:
        result.extend(_predicates(words, a, b))
    if len(result) == 1:
        only = result[0]
        return [_trimmed(words, Clause(only.pieces, start, end, only.subject, only.verb), first, end)]
    return result


def _trimmed(words: Words, clause: Clause, first: int, end: int | None = None) -> Clause:
    """Leave the discourse marker out of what the clause says; its stretch stays the sentence."""
    if len(clause.pieces) > 1 or isinstance(clause.pieces[0], str):
        return clause
    begin, stop = clause.pieces[0]
    pieces = ((max(begin, words.starts[first]), stop if end is None else end),)
    return Clause(pieces, clause.start, clause.end, clause.subject, clause.verb)


# ------------------------------------------------------------------------------------------------------- whole clauses


def _skip_discourse(words: Words, a: int, b: int) -> int:
    """Return the first word after "However," and the like; bare "And" and "But" go too."""
    i = a
    while i + 2 < b and (words.forms[i] in "*_>–—-•·~#" or unicodedata.category(words.forms[i][0]) == "So"):
        i += 1
    for _ in range(2):
        if i + 2 < b and words.folded[i] in ("and", "but", "yet") and words.forms[i][0].isupper():
            i += 2 if words.folded[i + 1] == "," else 1
        for length in (4, 3, 2, 1):
            if i + length + 1 < b and words.folded[i + length] == "," and phrase(words, i, length) in lex.DISCOURSE:
                i += length + 1
                break
    if i + 3 < b and words.folded[i] in ("also", "therefore", "thus", "hence") and words.folded[i + 1] != ",":
        i += 1
    return i


def _coordinate(words: Words, a: int, b: int) -> list[tuple[int, int]]:
    """Cut at the conjunctions that join whole clauses; a range ends before its closing comma."""
    opened = words.folded[a] in _CONCESSIVE or words.folded[a : a + 2] == ["even", "though"]
    begin = a
    if opened:
        skip = 2 if words.folded[a] == "even" else 1
        comma = next((i for i in range(a + skip, b) if words.folded[i] == ","), None)
        if comma is None or comma + 2 >= b:
            return [(a, b)]
        inner, outer = read_subject(words, a + skip, comma), read_subject(words, comma + 1, b)
        if inner is None or outer is None or not inner.simple:
            return [(a, b)]
        if words.folded[a] == "because" and _negated(words, comma + 1, b):
            return [(a, b)]
        return [(a + skip, comma), *_coordinate(words, comma + 1, b)]
    ranges: list[tuple[int, int]] = []
    main = read_subject(words, after_adverbial(words, a, b), b)
    if main is None:
        return [(a, b)]
    i = main.verb + 1
    while i < b - 2:
        cut = _clause_cut(words, begin, i, b, main.verb)
        if cut is not None:
            ranges.append((begin, i))
            begin = cut
            following = read_subject(words, cut, b)
            i = following.verb if following is not None else cut
            main = following or main
        elif _opens_scope(words, i, main.verb):
            break
        i += 1
    ranges.append((begin, b))
    return ranges


def _opens_scope(words: Words, i: int, verb: int) -> bool:
    """Say whether from word `i` on a conjunction may join what someone says, or what holds under a condition."""
    word = words.folded[i]
    if word in ("if", "whether", "unless", "when"):
        return True
    if word == "that":
        return any(words.folded[j] in lex.SPEAKING for j in range(verb, i)) or words.folded[i - 1] in (
            "fact", "idea", "claim", "theory", "belief", "so", "such", "is", "was", "means", "shows", "indicates",
        )  # fmt: skip
    return False


def _clause_cut(words: Words, begin: int, i: int, b: int, verb: int) -> int | None:
    """Return where the next clause starts if one clause ends before word `i`."""
    word = words.folded[i]
    if words.joined[i]:
        return None
    if word in (";", ":"):
        found = read_subject(words, i + 1, b)
        if found is not None and words.folded[found.start] in ("no", "that", "this", "neither", "both", "each"):
            return None
        return i + 1 if found is not None and found.simple and not _is_label(words, begin, i) else None
    at = i
    if word == ",":
        at = i + 1
        if words.folded[at] not in _TRAILING:
            return None
    elif word not in ("because", "while", "whereas", "and"):
        return None
    conjunction = words.folded[at]
    if conjunction == "because" and _negated(words, begin, i):
        return None
    following = at + 1
    if following < b and words.folded[following] == "that":
        return None
    following = _skip_adverbs(words, following, b)
    found = read_subject(words, following, b)
    # "and no river is longer", "; that is Venus": without what is before it, it says something else.
    if found is not None and words.folded[found.start] in ("no", "that", "this", "neither", "both", "each"):
        return None
    if found is None or (found.inserted is not None and conjunction == "and"):
        return None
    if conjunction in ("while", "because", "whereas") and word != ",":
        return following if found.simple and found.end - found.start <= 8 else None
    if word != ",":  # "and" without a comma: only a pronoun, or what is somebody's, is surely a new clause's subject
        first, length = words.folded[found.start], found.end - found.start
        pronoun = length == 1 and first in ("he", "she", "it", "they")
        owned = first in ("its", "his", "her", "their") and 1 < length <= 4 and words.folded[found.verb] in lex.BE
        # "Her father was A and her mother was B": after somebody's father, "her" would be read as his.
        doubt = any(words.folded[j] in _RELATIVE for j in range(verb, i)) or any(
            words.folded[j] in ("'s", "his", "her")
            or (words.folded[j] in ("its", "their") and words.folded[j] != first)
            for j in range(begin, verb)
        )
        return following if pronoun or (owned and found.simple and not doubt) else None
    # "in A, B, and the C that won": a list goes on, unless the phrase is short and its verb is plain
    between = [j for j in range(verb + 1, i) if words.folded[j] == ","]
    if conjunction == "and" and between and is_past_form(words.folded[found.verb]):
        return None
    return following if found.simple and found.end - found.start <= 10 else None


def _is_label(words: Words, begin: int, colon: int) -> bool:
    return colon - begin <= 3


def _negated(words: Words, a: int, b: int) -> bool:
    return any(words.folded[i] in lex.NEGATIONS for i in range(a, b))


def _skip_adverbs(words: Words, i: int, b: int) -> int:
    while i + 1 < b and (
        words.folded[i] in ("then", "therefore", "thus", "also", "subsequently", "later", "eventually", "finally")
        or (words.folded[i] == "," and words.folded[i - 1] in ("therefore", "thus", "also", "finally"))
    ):
        i += 1
    return i


def after_adverbial(words: Words, a: int, b: int) -> int:
    """Return the first word after "In 1911," or "Born in Ulm,"; `a` where the clause opens with its subject."""
    first = words.folded[a]
    if first in ("in", "by") and a + 2 < b and words.forms[a + 1].isdigit() and words.folded[a + 2] != ",":
        return a + 2
    if first not in _OPENS_ADVERBIAL and not is_participle(first) and not first.endswith(("ly", "ing")):
        return a
    for i in range(a + 1, min(b - 2, a + 30)):
        if words.folded[i] == ",":
            found = read_subject(words, i + 1, b)
            if found is not None:
                return i + 1
        elif is_finite(words, i) and not is_participle(words.folded[i]):
            return a
    return a


# ----------------------------------------------------------------------------------------------------------- predicates


def _predicates(words: Words, a: int, b: int) -> list[Clause]:
    """Cut one clause into its predicates, and take out what is inserted."""
    a = _skip_discourse(words, a, b)
    whole = plain_clause(words, a, b)
    p = after_adverbial(words, a, b)
    subject = read_subject(words, p, b)
    if subject is None:
        return [whole]
    named = stretch_of(words, subject.start, subject.end)
    whole = Clause(whole.pieces, whole.start, whole.end, named, words.folded[subject.verb])
    if not subject.simple:
        return [whole]
    extra: list[Clause] = []
    main: list[Piece] = [stretch_of(words, a, b)]
    past = is_past(words, subject.verb)
    if p > a and is_participle(words.folded[a]) and words.folded[p - 1] == ",":
        opened = participial(words, named, a, p - 1, past, subject)
        if opened is not None:
            extra.append(opened)
            main = [stretch_of(words, p, b)]
    if subject.inserted is not None:
        taken = insertion(words, subject, named, past)
        if taken is not None:
            extra.extend(taken)
            head = stretch_of(words, p if extra and main[0] == stretch_of(words, p, b) else a, subject.end)
            main = [head, stretch_of(words, subject.inserted[1] + 1, b)]
    cuts = _predicate_cuts(words, subject, b)
    ends = [cut.end for cut in cuts] + [b]
    relative = trailing_relative(words, subject, cuts[-1].start if cuts else subject.verb, b, past)
    if relative is None:
        relative = trailing_apposition(words, cuts[-1].start if cuts else subject.verb, b, past)
    if relative is not None:
        ends[-1] = relative[1]
    reduced = reduced_participle(words, subject, named, ends[0])
    if reduced is not None:
        ends[0] = reduced[1]
    last_verb = cuts[-1].start if cuts else subject.verb
    dated = None if relative is not None or reduced is not None else dated_objects(words, last_verb, ends[-1])
    if dated is not None:
        ends[-1] = dated[1][0][1]
        shared = stretch_of(words, *dated[0])
        for segment in dated[1][1:]:
            stretch = stretch_of(words, *segment)
            extra.append(Clause((named, shared, stretch), *stretch, named, words.folded[last_verb]))
    clauses: list[Clause] = []
    stop = words.ends[ends[0] - 1]
    pieces = tuple(piece if isinstance(piece, str) else (piece[0], min(piece[1], stop)) for piece in main)
    plain = len(pieces) == 1 and not isinstance(pieces[0], str)
    clauses.append(Clause(pieces, int(pieces[0][0]) if plain else whole.start, stop, named, whole.verb))
    if reduced is not None:
        clauses.append(reduced[0])
    for cut, until in zip(cuts, ends[1:], strict=True):
        stretch = (words.starts[cut.start], words.ends[until - 1])
        put: tuple[Piece, ...] = (named, cut.auxiliary, stretch) if cut.auxiliary else (named, stretch)
        clauses.append(Clause(put, *stretch, subject=named, verb=words.folded[cut.start]))
    if relative is not None:
        clauses.append(relative[0])
    return sorted([*clauses, *extra], key=lambda clause: (clause.start, clause.end))


@dataclass(frozen=True, slots=True)
class _Cut:
    end: int  # the word after the predicate before
    start: int  # the first word of the next one
    auxiliary: str = ""


def _predicate_cuts(words: Words, subject: Subject, b: int) -> list[_Cut]:
    """Find "and VERB" after the first verb."""
    cuts: list[_Cut] = []
    first = subject.verb
    for i in range(subject.verb + 1, b - 1):
        word = words.folded[i]
        if word in _CLOSED_SCOPE:
            break
        if word in (";", ":", "—"):
            break
        if words.joined[i]:
            continue
        at = i
        if word == ",":
            if words.folded[i + 1] in ("and", "but"):
                continue
            if not _list_of_verbs(words, i, b):
                continue
        elif word not in ("and", "but"):
            continue
        if at - first < 2 and word != ",":
            continue  # "wrote and directed it": the object is shared
        following = _skip_adverbs(words, at + 1, b)
        auxiliary = _second_predicate(words, subject, first, following, b)
        if auxiliary is None:
            continue
        end = at - 1 if words.folded[at - 1] == "," else at
        cuts.append(_Cut(end, following, auxiliary))
        first = following
    return cuts


def _list_of_verbs(words: Words, comma: int, b: int) -> bool:
    """Say whether "VERB ..., VERB ..., and VERB ..." goes on at this comma."""
    if not _plain_past(words, comma + 1):
        return False
    return any(
        words.folded[j] in ("and", "but") and _plain_past(words, j + 1)
        for j in range(comma + 2, min(b - 1, comma + 40))
    )


def _plain_past(words: Words, i: int) -> bool:
    word = words.folded[i]
    return word in lex.PAST_ONLY or word in lex.IRREGULAR_PASTS or is_past_form(word)


def _then(words: Words, first: int, i: int, b: int) -> bool:
    """Say whether word `i` tells what came to pass in a year after what the subject has: "and closed in 1961"."""
    if words.folded[first] not in ("has", "have") or i + 2 >= b or words.folded[i + 1] != "in":
        return False
    year = words.forms[i + 2]
    return len(year) == 4 and year.isdigit() and not any(is_participle(words.folded[j]) for j in range(first + 1, i))


def _second_predicate(words: Words, subject: Subject, first: int, i: int, b: int) -> str | None:
    """Say whether word `i` opens a predicate of the same subject.

    Returns:
        The auxiliary that the new clause borrows ("" for none), or None where it is no predicate.
    """
    if i >= b:
        return None
    word = words.folded[i]
    following = words.folded[i + 1] if i + 1 < b else ""
    verb = words.folded[first]
    negated = any(words.folded[j] in lex.NEGATIONS for j in range(first, min(first + 3, b)))
    if word in _BE_OR_HAVE or (word in ("can", "could", "will", "would", "may") and following):
        return ""
    if word in lex.PAST_ONLY:
        return "" if is_past(words, first) or verb in lex.PRESENTS else None
    passive = verb in lex.BE and any(is_participle(words.folded[j]) for j in range(first + 1, min(first + 4, b)))
    objects = following in lex.DETERMINERS or (i + 1 < b and (is_name(words, i + 1) or words.forms[i + 1][0].isdigit()))
    if word in lex.IRREGULAR_PASTS or is_past_form(word):
        if passive and word in lex.DITRANSITIVE:
            return words.forms[first] if not negated else None
        if passive and not objects and word not in lex.INTRANSITIVE:
            return words.forms[first] if following in lex.PREPOSITIONS and not negated else None
        if not is_past(words, first):
            return "" if _then(words, first, i, b) else None
        if objects or following in ("to", "that", "as") or word in lex.INTRANSITIVE:
            return ""
        active = verb not in lex.BE and verb not in ("had", "has")
        return "" if active and (following in lex.PREPOSITIONS or following in ("", "his", "her", "its")) else None
    if word in lex.PRESENTS:
        if word not in lex.NOUN_LIKE:
            return "" if objects or following in _AFTER_PRESENT or verb in lex.PRESENTS else None
        moving = verb in lex.PRESENTS and following in ("into", "through", "from", "across", "as")
        return "" if following in lex.DETERMINERS or moving else None
    if word in lex.BASES and words.forms[i].islower() and objects and not negated:
        if verb in lex.MODALS and verb != "cannot":
            return words.forms[first]
        if verb in lex.BASES and is_plural(words.folded[subject.end - 1]):
            return ""
    return None
