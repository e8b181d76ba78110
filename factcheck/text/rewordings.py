"""Sentences that say in a roundabout way what a plain one says: "In Norland lies the city of Vess".

A table of forms, each with the plain sentence that it stands for; what stands in a slot keeps its place, so that a
correction of the plain sentence can be made in the one that was written. A form that denies ("lies outside") gives
the sentence that it denies.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# S and O are slots, Y is a year, C a sentence, V a verb of place; NOT, DONT and NO are denials that may stand there; a
# blank is any space. Behind => the plain sentence, behind =/> the one that the form denies.
_TABLE = r"""
(in|within) O,? (lies|stands|sits|is found) S => {s} is in {o}
(in|within) O,? (there )?is (?P<s>(the|an?) PLACE\b.*?) => {s} is in {o}
O isNOT (the|a) LAND (where|in which) S LIES => {s} is in {o}
(the|a) LAND (where|in which) S LIES isNOT O => {s} is in {o}
O isNOT home to (?P<s>the PLACE (of )?\S.*?) => {s} is in {o}
(you|one) (can|will) find S in O => {s} is in {o}
S (lies|is|is located) within the borders of O => {s} is in {o}
it (is|was) in O that S V => {s} {v} in {o}
O is where S LIES => {s} is in {o}
S canNO be found in O => {s} is in {o}
S (lies|is|is located|is situated) outside (of )?O =/> {s} is in {o}
S is nowhere in O =/> {s} is in {o}
there is an? (land )?border between S and O => {s} borders {o}
there is no (land )?border between S and O =/> {s} borders {o}
S and O (DONT )?share a (common )?(land )?border => {s} borders {o}
S and O (DONT )?border (on )?each other => {s} borders {o}
S and O areNOT (neighbou?rs|neighbou?ring \w+|adjacent|next to each other)( to each other)? => {s} borders {o}
S isNOT (an? )?(immediate )?(neighbou?r(ing \w+)? of|next to|adjacent to) O => {s} borders {o}
S (has|shares) no (common )?(land )?borders? with O =/> {s} borders {o}
((most|the) )?people in S (DONT )?speak O => {s} speaks {o}
in S,? (people|they) (DONT )?speak O => {s} speaks {o}
in S,? (people|they|you|one) (DONT )?(pays?( with)?|uses?) O => the currency of {s} is {o}
S has O as its N => the {n} of {s} is {o}
S has O as an? N => {o} is a {n} of {s}
S has its N in O => the {n} of {s} is {o}
O serve[sd] as (the )?(?P<n>capital( city)?|seat|headquarters) of S => {o} is the {n} of {s}
in Y,? C => {c} in {y}
S and O (got|were) married in Y => {s} married {o} in {y}
S and O (married|wed) in Y => {s} married {o} in {y}
S and O (got|were) married => {s} married {o}
the O of Y went to S => {s} received the {o} in {y}
O isNOT (the place |the PLACE |the LAND )?(where|in which) S V => {s} {v} in {o}
(?P<n>\d[\d,. ]*(\s(m|b|tr)illion)?) people live in S => {s} has a population of {n}
"""
_WORDS = {
    "S": r"(?P<s>\S.*?)",
    "O": r"(?P<o>\S.*?)",
    "N": r"(?P<n>[\w -]+?)",
    "V": r"(?P<v>died|was born|was founded|was established|was set up|passed away)",
    "Y": r"(?P<y>(?:[A-Z][a-z]+ )?\d{4})",
    "C": r"(?P<c>\S.*?)",
    "NOT": r"(?P<no>\s+not|n['’]t)?",
    "NO": r"(?P<no>not)?",
    "DONT": r"do(es)?(?P<no>\s+not|n['’]t)",
    "PLACE": r"(?:city|town|village|municipality|island|river|lake|mountain)",
    "LAND": r"(?:country|nation|state|continent|region|province)",
    "LIES": r"(?:is\s+located|is\s+situated|is\s+found|can\s+be\s+found|lies|is|stands)",
}
_MAX_WORDS = 9
_MORE = re.compile(
    r"\b(?:is|are|was|were|not|that|which|who|both|either|neither|or|nor|has|have|does|do)\b|[;:?]", re.I
)


class Rewording(NamedTuple):
    """A form; the plain sentence with slots `{s}`, `{o}` and others; whether the form denies it."""

    form: re.Pattern[str]
    plain: str
    denies: bool


class Reworded(NamedTuple):
    """A match of a form, the plain sentence, and whether that is denied."""

    match: re.Match[str]
    plain: str
    denied: bool


def find_rewording(text: str) -> Reworded | None:
    """Return the first form that the whole sentence has; None for a plain one."""
    for form, plain, denies in REWORDINGS:
        match = form.match(text)
        if match is not None and not _holds_more(match):
            said_no = "no" in form.groupindex and match["no"] is not None
            return Reworded(match, plain, denies is not said_no)
    return None


def _holds_more(match: re.Match[str]) -> bool:
    """Say whether a slot holds more than a name: a verb, or too many words."""
    slots = [match[name] for name in ("s", "o") if name in match.re.groupindex]
    return any(_MORE.search(slot) or len(slot.split()) > _MAX_WORDS for slot in slots)


def _table() -> tuple[Rewording, ...]:
    rows = []
    for line in _TABLE.strip().splitlines():
        form, arrow, plain = re.split(r" (=/?>) ", line)
        form = re.sub(r"NOT|NO|DONT|PLACE|LAND|LIES|(?<!\\)\b[SONVYC]\b", lambda m: _WORDS[m.group()], form)
        form = form.replace(" ", r"\s+").replace(r"[\w\s+-]", r"[\w -]").replace(r"[\d,.\s+]", r"[\d,. ]")
        rows.append(Rewording(re.compile(rf"\s*{form}\s*[.!]?\s*$", re.I), plain, arrow == "=/>"))
    return tuple(rows)


REWORDINGS = _table()
