"""Pairs made from tables in disguise: a passage that is a title, a section path and a bare value.

Many indexed passages look like that ("Algeria", "Geography / Area / total", "2,381,740 sq km"), and no public pair
set does. A claim is written by template; half of the titles are replaced by invented ones, so that the model has to
read the passage and cannot remember the country.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from factcheck.train.edits import Number, compare_claim, numbers, other_value, reword_number, write_number
from factcheck.train.rows import PairLabel, PairRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One passage of a corpus of fields; `section` is a path with " / " between its parts."""

    title: str
    section: str
    text: str


_VAGUE = frozenset({"total", "name", "note", "number", "value", "amount", "total area", "general", "country name"})
_PART = frozenset({"male", "female", "urban", "rural", "land", "water", "border countries", "highest", "lowest"})
_SYLLABLES = [
    "ka", "lor", "ven", "dri", "sta", "mon", "bel", "tar", "quin", "ost", "rav", "el", "mi", "sen", "dor", "ul",
    "pha", "gri", "nor", "tes",
]  # fmt: skip
_TEMPLATES = (
    "The {attribute} of {title} is {value}.",
    "{title} has a {attribute} of {value}.",
    "{title}'s {attribute} is {value}.",
    "In {title}, the {attribute} is {value}.",
    "The {attribute} in {title} was {value}.",
    "{value} is the {attribute} of {title}.",
)
_TEXT_TEMPLATES = (
    "The {attribute} of {title} is {value}.",
    "{title}'s {attribute} is {value}.",
    "In {title}, the {attribute} is {value}.",
    "{value} is the {attribute} of {title}.",
    "{title} lists {value} as its {attribute}.",
)


def invented_title(rng: Random) -> str:
    """A name that belongs to nobody: two or three syllables and an ending."""
    stem = "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 2, 3))))
    return stem.capitalize() + rng.choice(("ia", "land", "a", "stan", "", "or", "esh", " Islands"))


def attribute(section: str) -> str | None:
    """What a section path names, in words: "Geography / Area / total" → "total area"."""
    parts = [re.sub(r"\s*\(.*?\)|\s+(?:19|20)\d\d$", "", part).strip() for part in section.split(" / ")]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return None
    leaf = parts[-1]
    if leaf.lower() in _VAGUE and len(parts) >= 3:
        parent = parts[-2]
        return f"{leaf} {parent}".lower() if leaf.lower().startswith("total") else parent.lower()
    if leaf.lower() in _PART and len(parts) >= 3:
        return f"{leaf} {parts[-2]}".lower()
    if len(parts) >= 3 and len(leaf.split()) <= 3 and parts[-2].lower() not in leaf.lower():
        return f"{parts[-2]} ({leaf})".lower() if len(leaf.split()) > 1 else f"{leaf} {parts[-2]}".lower()
    return leaf.lower() if len(leaf.split()) <= 6 else None


def _value(text: str) -> str | None:
    """The first value of a field: up to the first bracket, semicolon or line end, at most ten words."""
    head = re.split(r"[;(\n<]| - ", text.strip(), maxsplit=1)[0].strip(" ,.:")
    return head if 1 <= len(head.split()) <= 10 and len(head) <= 80 else None


def _number(value: str) -> Number | None:
    found = numbers(value)
    return found[0] if len(found) == 1 else None


def _rendered(field: Field, title: str, rng: Random) -> str:
    section = field.section
    if rng.random() < 0.1:
        return f"{title}: {section}: {field.text}"
    return f"{title}\n{section}\n{field.text}"


def field_pairs(fields: Sequence[Field], count: int, rng: Random) -> Iterator[PairRow]:
    """Up to `count` pairs: a third each supported, refuted and without evidence, all from the same templates.

    Args:
        fields: Passages; those whose value cannot be put into a sentence are passed over.
        count: How many pairs to make.
        rng: Source of chance; equal states give equal pairs.
    """
    usable = [
        (field, name, value)
        for field in fields
        if (name := attribute(field.section)) is not None and (value := _value(field.text)) is not None
    ]
    by_section: dict[str, list[int]] = defaultdict(list)
    by_title: dict[str, list[int]] = defaultdict(list)
    for index, (field, _, _) in enumerate(usable):
        by_section[field.section].append(index)
        by_title[field.title].append(index)
    made = 0
    attempts = 0
    while usable and made < count and attempts < count * 8:
        attempts += 1
        field, name, value = usable[rng.randrange(len(usable))]
        other = usable[rng.choice(by_section[field.section])]
        if other[2].lower() == value.lower():
            continue
        kind = rng.choice((PairLabel.SUPPORTS, PairLabel.REFUTES, PairLabel.NOT_ENOUGH_INFO))
        invented = rng.random() < 0.5
        title = invented_title(rng) if invented else field.title
        claim = _claim(title, name, value, other[2], kind is not PairLabel.REFUTES or None, rng)
        if claim is None:
            continue
        passages = [_rendered(field, title, rng)]
        sibling = usable[rng.choice(by_title[field.title])][0]
        if kind is PairLabel.NOT_ENOUGH_INFO:
            # The same section of another title, or another section of this one: all the words are there but one.
            passages = []
            if rng.random() < 0.6:
                passages.append(_rendered(field, other[0].title if not invented else invented_title(rng), rng))
            elif sibling.section == field.section:
                continue
            if not passages or rng.random() < 0.4:
                if sibling.section == field.section or value.lower() in sibling.text.lower():
                    continue
                passages.append(_rendered(sibling, title, rng))
        else:
            if rng.random() < 0.3 and sibling.section != field.section:
                passages.append(_rendered(sibling, title, rng))
            if rng.random() < 0.25:
                passages.append(_rendered(other[0], other[0].title if not invented else invented_title(rng), rng))
            rng.shuffle(passages)
        made += 1
        yield PairRow(claim=claim, evidence="\n\n".join(passages), label=kind, dataset="factbook+field")


def _claim(title: str, name: str, value: str, other: str, holds: bool | None, rng: Random) -> str | None:
    """A claim that the value supports (`holds`) or refutes (None); None when this value gives no clear claim."""
    number = _number(value)
    if number is None:
        if any(character.isdigit() for character in value + other) or len(other.split()) > 8:
            return None
        # Two free texts of one section need not exclude each other: only names of one word or two are taken to.
        if holds is None and (len(value.split()) > 3 or len(other.split()) > 3 or "," in value + other):
            return None
        stated = value if holds else other
        return rng.choice(_TEXT_TEMPLATES).format(attribute=name, title=title, value=stated)
    year = number.looks_like_year
    style = rng.random()
    head, tail = value[: number.start], value[number.end :]
    if style < 0.25 and number.value > 1 and not head.strip("$€£ -"):
        # "$more than 5" is no English: the sign goes in front of the bound.
        phrase = compare_claim(number.value, is_year=year, holds=bool(holds), rng=rng)
        words, _, bound = phrase.rpartition(" ")
        stated = f"{words} {head}{bound}{tail}"
        return f"The {name} of {title} is {stated}."
    shown = number.value if holds else other_value(number.value, is_year=year, rng=rng)
    if abs(shown - number.value) < 0.12 * abs(number.value) and not holds and not year and number.value > 31:
        return None
    written = reword_number(shown, is_year=year, rng=rng) if style < 0.65 else None
    if written is None:
        written = write_number(shown, number, value)
    words, _, bound = (
        written.rpartition(" ")
        if written.startswith(("about", "around", "roughly", "appr", "nearly", "some"))
        else ("", "", written)
    )
    if words and bound in {"million", "billion", "trillion"}:
        words, _, amount = words.rpartition(" ")
        bound = f"{amount} {bound}"
    # A value such as "3.2 million" keeps its own word of size, so a second one must not follow it.
    if re.match(r"\s*(million|billion|trillion|thousand)", tail) and re.search(r"[mb]illion|trillion", bound):
        return None
    stated = f"{words} {head}{bound}{tail}".strip()
    return rng.choice(_TEMPLATES).format(attribute=name, title=title, value=stated)
