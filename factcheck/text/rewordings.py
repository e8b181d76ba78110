"""Sentences that say in a roundabout way what a plain one says: "In Norland lies the city of Vess".

A table of forms, each with the plain sentence that it stands for; what stands in a slot keeps its place, so that a
correction of the plain sentence can be made in the one that was written. A form that denies ("lies outside") gives
the sentence that it denies. One that says two things ("S, unlike X, is in O") gives both, each affirmed or denied.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# S, X, O and W are slots, Y is a year, C a sentence, V a verb of place, VP all that a clause says of its subject, A and
# B what stands before and behind its verb; NOT, DONT and NO are denials that may stand there; a blank is any space.
# Behind => the plain sentence, behind =/> the one that the form denies; & joins two, ! denies one of them.
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
((most|the) )?people (in|of) S (DONT )?speak O => {s} speaks {o}
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
C, TAG\? => {c}
(the|a|any) SAYING that C (is|was) (false|wrong|untrue|incorrect|mistaken|a lie|not true|not correct) =/> {c}
(the|a|any) SAYING that C (is|was) (true|right|correct|accurate) => {c}
A (?P<b>is|are|was|were) NOWAY (?P<o>\S.*) =/> {a} {b} {o}
A can(not|'t|’t| not) be said to be (?P<o>\S.*) =/> {a} is {o}
contrary to (popular|common|widespread|general|public|what) [^,]*, C => {c}
no (PLACE|LAND|person|man|woman|one|company|film|book|novel) CALLED S VP =/> {s} {v}
(nobody|no[- ]one) CALLED S VP =/> {s} {v}
there is no (PLACE|LAND) (CALLED|of) S in O =/> {s} is in {o}
S is no PLACE in O =/> {s} is in {o}
it (is|was)NOT in O that S LIES => {s} is in {o}
it (is|was)NOT in O that S V => {s} {v} in {o}
it (is|was) in O,? not in W,? that S LIES => {s} is in {o} & ! {s} is in {w}
it (is|was) in O,? not in W,? that S V => {s} {v} in {o} & ! {s} {v} in {w}
S V (somewhere|elsewhere|anywhere|in a (place|city|town|country|year)) (other )?than (in )?O =/> {s} {v} in {o}
S (is|lies|is located) (somewhere|elsewhere|in a (PLACE|LAND)) (other )?than (in )?O =/> {s} is in {o}
the N of S is an? (PLACE|LAND|person|man|woman) other than O =/> the {n} of {s} is {o}
S (?P<b>is|was) not (?P<v>(\w+ )?(in|by|on)) W,? but (rather )?((in|by|on) )?O => {s} {b} {v} {o} & ! {s} {b} {v} {w}
S,? CONTRAST X, VP => {s} {v} & ! {x} {v}
CONTRAST X, S VP => {s} {v} & ! {x} {v}
S VP,? CONTRAST X => {s} {v} & ! {x} {v}
S VP,? and so (does|do|did|is|are|was|were|has|have) X => {s} {v} & {x} {v}
S VP,? (and|as) (does|do|did|is|are|was|were|has|have) X => {s} {v} & {x} {v}
S VP,? (and|while) X (does|do|did|is|are|was|were|has|have) (too|as well|also) => {s} {v} & {x} {v}
S VP,? (but|while|whereas|and|though|although) X NEVER => {s} {v} & ! {x} {v}
S,? (not|rather than|instead of) X,? VP => {s} {v} & ! {x} {v}
(?P<a>\S.*?\s(?P<p>in|of|by|to|on|at|is|are|was|were)) NAME,? RATHER (?P=p) W => {a} {o} & ! {a} {w}
(?P<a>\S.*?\s(in|of|by|to|on|at|is|are|was|were)) NAME,? RATHER W => {a} {o} & ! {a} {w}
"""
_TAG = (
    r"(?:(?:is|are|was|were|do|does|did|has|have|had|ca|wo|could|would)(?:n['’]t|\s+not)?\s+(?:it|he|she|they|there)"
    r"|right|correct|no|true|yes)"
)
TAG_QUESTION = re.compile(rf",\s+{_TAG}\s*\?[\"'”’)\s]*$", re.I)
"""What makes a question of a statement, and states it all the same: ", isn't it?"."""
VERBS = (
    "is|are|was|were|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|has|have|had|does|do|did|can|lies|lie|lay|borders?"
    "|belongs?|shares?|uses?|speaks?|wrote|won|died|stands?|became|remains?|received|directed|founded|invented"
    "|discovered|published|acquired|joined|married|starred|played|comes?|came|flows?|orbits?|serves?|served"
)
"""What opens what a clause says of its subject."""
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
    "NAME": r"(?P<o>(?:the\s+\w|(?-i:[^\W_a-z]))(?:(?!\s(?:is|are|was|were)\s).)*?)",
    "X": r"(?P<x>\S.*?)",
    "W": r"(?P<w>\S.*?)",
    "A": r"(?P<a>\S.*?)",
    "VP": rf"(?P<v>(?:{VERBS})\b.*?)",
    "CALLED": r"(?:named|called|by\s+the\s+name\s+of|with\s+the\s+name)",
    "SAYING": r"(?:claim|statement|assertion|idea|notion|belief|suggestion|report|rumou?r|view)",
    "NOWAY": r"(?:by\s+no\s+means|in\s+no\s+way|not\s+in\s+any\s+way|not\s+by\s+any\s+means"
    r"|under\s+no\s+circumstances)",
    "CONTRAST": r"(?:unlike|in\s+contrast\s+(?:to|with)|as\s+opposed\s+to)",
    "NEVER": r"(?:(?:does|do|did|is|are|was|were|has|have)(?:n['’]t|\s+not)|never\s+(?:has|did|was))",
    "RATHER": r"(?:rather\s+than|instead\s+of|(?:and\s+|but\s+)?not)",
    "TAG": _TAG,
}
_MAX_WORDS = 9
_MORE = re.compile(
    r"\b(?:is|are|was|were|not|that|which|who|both|either|neither|or|nor|has|have|does|do)\b|[;:?]", re.I
)


class Plain(NamedTuple):
    """A plain sentence with slots `{s}`, `{o}` and others, and whether it is denied."""

    text: str
    denied: bool


class Rewording(NamedTuple):
    """A form, and the plain sentences that it stands for, all of which it says."""

    form: re.Pattern[str]
    plain: tuple[Plain, ...]


class Reworded(NamedTuple):
    """A match of a form, and the plain sentences."""

    match: re.Match[str]
    plain: tuple[Plain, ...]


def find_rewording(text: str, *, several: bool = False) -> Reworded | None:
    """Return the first form that the whole sentence has; None for a plain one.

    Args:
        text: the sentence.
        several: look at the forms that say more than one thing, else at the others.
    """
    for form, plain in REWORDINGS:
        if (len(plain) > 1) is not several:
            continue
        match = form.match(text)
        if match is not None and not _holds_more(match):
            said_no = "no" in form.groupindex and match["no"] is not None
            return Reworded(match, tuple(Plain(one.text, one.denied is not said_no) for one in plain))
    return None


def _holds_more(match: re.Match[str]) -> bool:
    """Say whether a slot holds more than a name: a verb, or too many words."""
    slots = [match[name] for name in ("s", "o", "x", "w") if name in match.re.groupindex]
    return any(_MORE.search(slot) or len(slot.split()) > _MAX_WORDS for slot in slots)


def _table() -> tuple[Rewording, ...]:
    rows = []
    names = "|".join(sorted(_WORDS.keys() - set(_SLOTS), key=len, reverse=True))
    for line in _TABLE.strip().splitlines():
        form, arrow, plain = re.split(r" (=/?>) ", line)
        form = re.sub(rf"{names}|(?<!\\)\b[{_SLOTS}]\b", lambda m: _WORDS[m.group()], form)
        form = form.replace(" ", r"\s+").replace(r"[\w\s+-]", r"[\w -]").replace(r"[\d,.\s+]", r"[\d,. ]")
        said = tuple(
            Plain(one.removeprefix("! "), one.startswith("! ") is not (arrow == "=/>")) for one in plain.split(" & ")
        )
        rows.append(Rewording(re.compile(rf"\s*{form}\s*[.!]?\s*$", re.I), said))
    return tuple(rows)


_SLOTS = "SONVYCXWA"
REWORDINGS = _table()
