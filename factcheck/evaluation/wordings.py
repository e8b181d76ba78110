"""The facts of `factbench` in many more wordings, with denials; one in four of the sentences is kept, by SHA-1.

What a sentence names, the object, the year or both, is read off its template. A denial turns SUPPORTED and REFUTED
around, but says nothing sure where it names object and year: either may be what is denied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from factcheck.evaluation.labelled import Statement, digest
from factcheck.types import Label

_KEPT = 4
_SENTENCES = """
birth: {s} was born in {o}. / {o} is the birthplace of {s}. / {s}'s place of birth is {o}. / {s}'s birthplace is {o}.
birth: The birth year of {s} is {y}. / {s} was born in the year {y}. / {s} is a native of {o}.
birth: In {y}, {s} was born in {o}. / {s} was not born in {o}. / The place where {s} was born is {o}.
birth: {s} was not born in {y}. / {s} comes from {o}.
death: {s} died in {o}. / {o} is the place where {s} died. / {s} passed away in {y}. / {s}'s place of death is {o}.
death: In {y}, {s} died in {o}. / {s} did not die in {o}. / The year of death of {s} is {y}.
death: {s} died in the year {y}.
foundationPlace: {s} was founded in {o}. / {s} was established in {y}. / {s} was set up in {o} in {y}.
foundationPlace: {o} is where {s} was founded. / The founding year of {s} is {y}. / {s} was not founded in {y}.
publicationDate: {s} is the author of {o}. / {o} was written by {s}. / {o} is a book by {s}.
publicationDate: The author of {o} is {s}. / {s} wrote {o}. / {o} came out in {y}. / {o} was first published in {y}.
publicationDate: {o} appeared in {y}. / {o}, written by {s}, was published in {y}. / {o} was not published in {y}.
publicationDate: {s} published {o} in {y}.
starring: {s} stars {o}. / {o} appeared in {s}. / {o} acted in {s}. / {o} played in the film {s}. / {s} features {o}.
starring: {s} came out in {y}. / The film {s} was released in {y}. / {o} is one of the stars of {s}.
starring: {o} starred in {s}, released in {y}. / {s} is a film starring {o}.
award: {s} won the {o} in {y}. / {s} was awarded the {o} in {y}. / The {o} was awarded to {s} in {y}.
award: In {y}, {s} received the {o}. / {s} won the {o}. / The {o} of {y} went to {s}. / {s} is a recipient of the {o}.
award: {s} got the {o} in {y}. / {s} did not receive the {o} in {y}. / {y} was the year in which {s} won the {o}.
spouse: {s} and {o} married in {y}. / {s} and {o} got married in {y}. / {s} was married to {o}.
spouse: In {y}, {s} married {o}. / {o} is the spouse of {s}. / {s} wed {o} in {y}. / {s} got married to {o} in {y}.
spouse: {o} was {s}'s spouse. / {s} and {o} were married.
subsidiary: {o} was acquired by {s} in {y}. / {o} is a subsidiary of {s}. / {s} bought {o} in {y}.
subsidiary: {s} took over {o} in {y}. / In {y}, {s} acquired {o}. / {s} is the parent company of {o}. / {s} owns {o}.
subsidiary: {o} became a subsidiary of {s} in {y}.
leader: {s} was the leader of {o}. / {s} took office as leader of {o} in {y}. / In {y}, {s} became the leader of {o}.
leader: {s} was in office in {o} in {y}. / {s} led {o}. / The leader of {o} was {s}.
leader: {s} came to office in {o} in {y}. / {s} has been in office in {o} since {y}.
nbateam: {s} played for the {o}. / {s} is a player of the {o}. / {s} has played for the {o} since {y}.
nbateam: {s} signed with the {o} in {y}. / In {y}, {s} joined the {o}. / The {o} signed {s} in {y}.
nbateam: {s} was a member of the {o}. / {s} plays for the {o}.
"""
_TURNED = {Label.SUPPORTED: Label.REFUTED, Label.REFUTED: Label.SUPPORTED}


class Knower(Protocol):
    """Knows what went into the graph."""

    def label(self, row: Mapping[str, Any], *, names_object: bool, names_year: bool) -> Label:
        """Return what follows for a sentence that names the object, the year, or both."""


def wordings(rows: Iterable[Mapping[str, Any]], known: Knower) -> Iterator[Statement]:
    """Yield the sentences of each row."""
    table: dict[str, list[str]] = {}
    for line in _SENTENCES.strip().splitlines():
        relation, _, sentences = line.partition(": ")
        table.setdefault(relation, []).extend(sentences.split(" / "))
    for row in rows:
        relation = row["relation"]
        for template in table[relation]:
            text = template.format(s=row["subject"], o=row["object"], y=row["from"][:4])
            if digest("kept", text) % _KEPT:
                continue
            about_object = relation == "publicationDate" and "{s}" not in template  # a book is dated, not its author
            names_object, names_year = "{o}" in template and not about_object, "{y}" in template
            label = known.label(row, names_object=names_object, names_year=names_year)
            if " not " in template:
                if names_object and names_year:
                    label = Label.REFUTED if label is Label.SUPPORTED else Label.NOT_ENOUGH_INFO
                else:
                    label = _TURNED.get(label, label)
            yield Statement(text, label, f"{relation}: {template}")
