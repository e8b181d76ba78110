"""Edits of sentences that keep or change what they say: numbers, names, negation.

Every edit comes as a pair: a form that keeps the meaning and one that changes it, made by the same template. A trainer
that saw only changed sentences would learn the style of the edit and not the change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

_NUMBER = re.compile(r"(?<![\w.,/-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w/-])|(?<![\w.,/-])\d+(?:\.\d+)?(?![\w/-]|,\d)")
_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
]  # fmt: skip
_WORD_VALUE = {word: value for value, word in enumerate(_UNITS) if value >= 2}
_NUMBER_WORD = re.compile(r"\b(" + "|".join(_WORD_VALUE) + r")\b")

_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
_DATE = re.compile(
    r"\b(" + "|".join(_MONTHS) + r") (\d{1,2}), (\d{4})\b|\b(\d{1,2}) (" + "|".join(_MONTHS) + r") (\d{4})\b"
)

_NAME = re.compile(r"\b[A-Z][\w'’.-]*[\w](?:(?: (?:of|the|de|van|von|and)){0,2} [A-Z][\w'’.-]*[\w])*")
_NOT_NAMES = frozenset([
    "A", "An", "The", "He", "She", "It", "They", "We", "I", "You", "His", "Her", "Its", "Their", "There",
    "This", "That", "These", "Those", "In", "On", "At", "By", "For", "From", "To", "As", "And", "But", "Or",
    "If", "When", "While", "After", "Before", "Since", "During", "Both", "Each", "Many", "Most", "Some",
    "Several", "All", "No", "Not", "One", "Two", "Three", "Other", "Another", "However", "Although", "Also",
    "Then", "With", "Without", "Who", "What", "Which", "Where", "Yes", "Born",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a text: `start` and `end` are character offsets."""

    start: int
    end: int
    value: float
    is_word: bool

    @property
    def looks_like_year(self) -> bool:
        """Four bare digits between 1000 and 2100."""
        return not self.is_word and self.end - self.start == 4 and 1000 <= self.value <= 2100 and self.value % 1 == 0


def numbers(text: str) -> list[Number]:
    """Numbers of a text in order: digits with or without thousands separators, and the words two to twenty."""
    found = [
        Number(match.start(), match.end(), float(match.group().replace(",", "")), False)
        for match in _NUMBER.finditer(text)
    ]
    found += [
        Number(match.start(), match.end(), float(_WORD_VALUE[match.group()]), True)
        for match in _NUMBER_WORD.finditer(text)
    ]
    return sorted(found, key=lambda number: number.start)


def names(text: str) -> list[str]:
    """Runs of capitalised words, a leading article or pronoun removed; each once, in order."""
    found: dict[str, None] = {}
    for match in _NAME.finditer(text):
        words = match.group().split(" ")
        while words and (words[0] in _NOT_NAMES or not words[0][0].isupper()):
            words = words[1:]
        while words and not words[-1][0].isupper():
            words = words[:-1]
        name = " ".join(words).removesuffix("'s").removesuffix("’s")
        if len(name) > 2 and not name.isdigit():
            found[name] = None
    return list(found)


def replace_word(text: str, old: str, new: str) -> str:
    """Replace a whole word or run of words wherever it stands."""
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)


def has_word(text: str, word: str) -> bool:
    """Whether a whole word or run of words stands in the text; case counts."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def with_separators(value: float) -> str:
    """2381740 → "2,381,740"; decimals are kept."""
    return f"{int(value):,}" if value == int(value) else f"{value:,.10g}"


def _magnitude(value: float, rng: Random) -> str | None:
    """A large number in words: 2381740 → "2.4 million"."""
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= size:
            digits = 1 if rng.random() < 0.8 or value / size >= 100 else 2
            return f"{value / size:.{digits}f}".removesuffix(".0") + f" {word}"
    if value >= 20000:
        return f"{round(value / 1000):,}".replace(",", "") + ",000" if value < 1e6 else None
    return None


def reword_number(value: float, *, is_year: bool, rng: Random) -> str | None:
    """Another way to write the same value, or None where there is no natural one."""
    if is_year:
        return None
    whole = value == int(value)
    choices: list[str] = []
    if whole and 2 <= value <= 20:
        choices += [_UNITS[int(value)], str(int(value))]
    if whole and value >= 1000:
        choices += [with_separators(value), str(int(value))]
    large = _magnitude(value, rng)
    if large is not None:
        about = rng.choice(("about", "around", "roughly", "approximately", "nearly" if value % 1 else "some"))
        choices += [f"{about} {large}", f"{about} {large}"]
    if not whole and 1 < value < 1000:
        choices.append(f"about {round(value)}" if abs(value - round(value)) < 0.3 else f"{value:g}")
    return rng.choice(choices) if choices else None


def other_value(value: float, *, is_year: bool, rng: Random) -> float:
    """A value that no rounding turns into this one, of the same size and with the same number of decimals."""
    if is_year:
        return value + rng.choice((-1, 1)) * rng.choice((1, 2, 3, 4, 6, 8, 10, 17, 30))
    if value == int(value):
        if value <= 3:
            return value + rng.choice((1, 2, 3))
        if value <= 31:
            return max(1.0, value + rng.choice((-3, -2, -1, 1, 2, 3, 5)))
        changed = float(round(value * rng.choice((0.4, 0.55, 0.7, 0.8, 1.25, 1.4, 1.8, 2.6))))
        # Shape is kept: a round number stays round, an odd one stays odd, else roundness would give the label away.
        for unit in (10**9, 10**8, 10**7, 10**6, 10**5, 10**4, 1000, 100, 10):
            rounded = float(round(changed / unit) * unit)
            if value % unit == 0 and abs(rounded - value) >= 0.15 * value and rounded > 0:
                return rounded
        return changed
    decimals = len(f"{value:.6g}".partition(".")[2])
    return round(value * rng.choice((0.4, 0.6, 0.75, 1.3, 1.6, 2.3)), decimals)


def write_number(value: float, like: Number, text: str) -> str:
    """Write a value the way the number that it replaces is written."""
    if like.is_word and value == int(value) and 0 <= value <= 20:
        return _UNITS[int(value)]
    if like.looks_like_year or "," not in text[like.start : like.end]:
        return f"{int(value)}" if value == int(value) else f"{value:.10g}"
    return with_separators(value)


def compare_claim(value: float, *, is_year: bool, holds: bool, rng: Random) -> str:
    """A comparison that a value meets or does not: for 250, "more than 200" or "more than 300".

    Both directions and both outcomes are drawn from the same templates.
    """
    more = rng.random() < 0.5
    if is_year:
        bound = int(value + rng.choice((2, 5, 10, 20)) * (-1 if more == holds else 1))
        return f"{'after' if more else 'before'} {bound}"
    factor = rng.choice((1.1, 1.25, 1.5, 2.0))
    bound_value = value / factor if more == holds else value * factor
    if value == int(value):
        bound_value = round(bound_value) if value < 1000 else float(f"{bound_value:.2g}")
        if (bound_value >= value) if more == holds else (bound_value <= value):
            bound_value = value - 1 if more == holds else value + 1
    else:
        bound_value = float(f"{bound_value:.3g}")
    phrase = rng.choice(("more than", "over", "at least") if more else ("fewer than", "under", "less than", "at most"))
    return f"{phrase} {with_separators(bound_value)}"


def reword_date(text: str) -> str | None:
    """Swap "March 5, 1990" and "5 March 1990"; None when there is no full date."""

    def turn(match: re.Match[str]) -> str:
        if match.group(1):
            return f"{match.group(2)} {match.group(1)} {match.group(3)}"
        return f"{match.group(5)} {match.group(4)}, {match.group(6)}"

    turned = _DATE.sub(turn, text)
    return None if turned == text else turned


# ---------------------------------------------------------------------------------------------------------- negation

_AUXILIARY = re.compile(
    r"\b(is|was|are|were|has been|had been|have been|will be|can be|has|had|can|could|will|would)\b "
)
_NEGATED = re.compile(
    r"\b(is|was|are|were|has|had|have|can|could|will|would|did|does|do) not \b|\b(is|was|are|were|did|does|was)n't "
)
_PAST = re.compile(r"^((?:[A-Z][\w'’.-]*|of|the|and) ?)+ (\w+ed|won|wrote|made|began|became|went|took|got) ")
_LEMMA = {
    "won": "win", "wrote": "write", "made": "make", "began": "begin", "became": "become", "went": "go",
    "took": "take", "got": "get", "played": "play", "starred": "star", "appeared": "appear", "worked": "work",
    "released": "release", "directed": "direct", "received": "receive", "produced": "produce", "died": "die",
    "married": "marry", "lived": "live", "served": "serve", "started": "start", "acted": "act", "recorded": "record",
    "performed": "perform", "moved": "move", "attended": "attend", "created": "create", "joined": "join",
    "ended": "end", "earned": "earn", "aired": "air", "premiered": "premiere", "existed": "exist", "killed": "kill",
}  # fmt: skip


def negate(claim: str, rng: Random) -> str | None:
    """Say the opposite by one "not", "never" or "did not", or take one away; None where no simple rule applies.

    Claims with quantifiers and with "only" are left alone: there "not" does not give the plain opposite.
    """
    lowered = f" {claim.lower()} "
    quantifiers = (" only ", " all ", " some ", " every ", " any ", " many ", " few ", " each ", " most ", " both ")
    if any(word in lowered for word in (*quantifiers, " never ", " no ", " and ", " or ", " may ")):
        return None
    match = _NEGATED.search(claim)
    if match is not None:
        verb = (match.group(1) or match.group(2)).lower()
        if verb in {"did", "does", "do"} or len(_NEGATED.findall(claim)) != 1:
            return None
        return claim[: match.start()] + (match.group(1) or match.group(2)) + " " + claim[match.end() :]
    match = _AUXILIARY.search(claim)
    if match is not None:
        verb = match.group(1)
        if verb in {"has", "had"} and not re.match(
            r"(been|had|won|received|appeared|played|made|\w+ed)\b", claim[match.end() :]
        ):
            return None
        first, _, rest = verb.partition(" ")
        word = "never" if first in {"was", "were", "has", "had"} and rng.random() < 0.25 else "not"
        return claim[: match.start()] + f"{first} {word} {rest + ' ' if rest else ''}" + claim[match.end() :]
    match = _PAST.search(claim)
    if match is not None and match.group(2) in _LEMMA:
        start = match.start(2)
        return claim[:start] + f"did not {_LEMMA[match.group(2)]}" + claim[start + len(match.group(2)) :]
    return None


# ------------------------------------------------------------------------------------------------------ ways of saying

_LEADS = (
    "Yes, {}", "Well, {}", "I think {}", "I believe that {}", "Actually, {}", "I heard that {}", "Sure! {}",
    "In fact, {}", "According to the source, {}", "Did you know that {}", "Is it true that {}", "As far as I know, {}",
    "Oh yes, {}", "{}, right?", "{}, I guess", "Additionally, {}", "However, {}", "For example, {}",
)  # fmt: skip


def as_spoken(claim: str, rng: Random) -> str:
    """The same claim as somebody would say it in a dialogue; still a claim, with the same label."""
    lead = rng.choice(_LEADS)
    core = claim.strip().rstrip(".!?") if lead.startswith("{}") or "know that" in lead or "true that" in lead else claim
    if not lead.startswith("{}") and core.split(" ")[0] in _NOT_NAMES - {"I"}:
        core = core[:1].lower() + core[1:]
    return lead.format(core) + ("?" if "know that" in lead or "true that" in lead else "")


_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”)]?\s+(?=[A-Z\"“(])")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|vs|No|Inc|Ltd|U\.S|e\.g|i\.e|c|ca|[A-Z])\.)$")


def sentences(text: str) -> list[str]:
    """Split training text, which is plain English prose, at sentence ends; `factcheck.text` has the real splitter."""
    parts: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if _ABBREVIATION.search(text[start : match.start()]):
            continue
        parts.append(text[start : match.end()].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]
