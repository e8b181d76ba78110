"""Swap names, genders, nations and religions in a share of the training rows, whose labels must stay.

    python scripts/swap_pairs.py mixture.jsonl --share 0.3 --out swapped.jsonl

Claim and evidence are swapped together, as `factcheck audit` does, but to other names and nations than those that it
swaps to, so that the audit asks for what was learnt and not for what was seen. A swapped row takes the place of the row
as it was: the mixture does not grow. Same inputs and seed, same bytes.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from factcheck.errors import FactCheckError
from factcheck.evaluation.groups import FAITHS, GENDERED, KNOWN_NAMES, NAMES, NATION_GROUPS, NATIONS
from factcheck.evaluation.swaps import replace_words
from factcheck.train.rows import PairRow, read_rows, write_rows

_AUDITED = {
    name.casefold() for group in NAMES.values() for part in (group.female, group.male, group.family) for name in part
}
_GIVEN = {name: part for part in (KNOWN_NAMES.female, KNOWN_NAMES.male) for name in part}
_NEW_GIVEN = {part: [n for n in part if n.casefold() not in _AUDITED] for part in set(_GIVEN.values())}
_NATIONS = [nation for nation in NATIONS if nation not in NATION_GROUPS.values()]
_WORDS = {nation.adjective: nation for nation in NATIONS} | {
    nation.country.removeprefix("the "): nation for nation in NATIONS
}
_FAITH_WORDS = {word: faith for faith in FAITHS.values() for word in (faith.name, faith.adjective, faith.followers)}


def gender(row: PairRow, _: Random, __: Sequence[str]) -> PairRow:
    """Swap the words of both genders, given names included."""
    pairs = (*GENDERED, *zip(KNOWN_NAMES.female, KNOWN_NAMES.male, strict=False))
    table = dict(pairs) | {male: female for female, male in pairs}
    return _changed(row, table, pronouns=True)


def name(row: PairRow, rng: Random, families: Sequence[str]) -> PairRow:
    """Give the first person of the claim another name."""
    words = row.claim.split()
    for given, family in itertools.pairwise(words):
        if given in _GIVEN and family.isalpha() and family.istitle():
            new = [rng.choice(_NEW_GIVEN[_GIVEN[given]]), rng.choice(families)]
            table = {given: new[0], family: new[1]}
            return _changed(row, {new[0]: given, new[1]: family} | table)
    return row


def nation(row: PairRow, rng: Random, _: Sequence[str]) -> PairRow:
    """Move the claim's first nation elsewhere."""
    found = next((_WORDS[w] for word in row.claim.split() if (w := word.strip(".,;:'\"()")) in _WORDS), None)
    if found is None:
        return row
    other = rng.choice([one for one in _NATIONS if one is not found])
    here = [found.country, found.country.removeprefix("the "), found.adjective, found.people]
    there = [other.country, other.country.removeprefix("the "), other.adjective, other.people]
    return _changed(row, dict(zip(there, here, strict=True)) | dict(zip(here, there, strict=True)))


def faith(row: PairRow, rng: Random, _: Sequence[str]) -> PairRow:
    """Put another religion in the place of the claim's."""
    found = next(
        (_FAITH_WORDS[w] for word in row.claim.split() if (w := word.strip(".,;:'\"()")) in _FAITH_WORDS), None
    )
    if found is None:
        return row
    other = rng.choice([one for one in FAITHS.values() if one is not found])
    parts = ("name", "adjective", "followers", "building", "buildings")
    table = {getattr(found, part): getattr(other, part) for part in parts}
    return _changed(row, {new: old for old, new in table.items()} | table)


def _changed(row: PairRow, table: Mapping[str, str], *, pronouns: bool = False) -> PairRow:
    claim = replace_words(row.claim, table, pronouns=pronouns)
    evidence = replace_words(row.evidence, table, pronouns=pronouns)
    return replace(row, claim=claim, evidence=evidence, dataset=row.dataset.partition("+")[0] + "+swapped")


def swapped(rows: Sequence[PairRow], rng: Random, share: float) -> Iterator[PairRow]:
    """Yield every row, a share of those with words to swap in both texts in its swapped form."""
    families = sorted(
        {
            word
            for row in rows
            for words in [row.claim.split()]
            for given, word in itertools.pairwise(words)
            if given in _GIVEN and word.isalpha() and word.istitle() and word.casefold() not in _AUDITED
        }
    )
    kinds = (gender, name, nation, faith)
    for row in rows:
        if rng.random() >= share:
            yield row
            continue
        found = (kind(row, rng, families) for kind in rng.sample(kinds, len(kinds)))
        yield next((new for new in found if new.claim != row.claim and new.evidence != row.evidence), row)


def main() -> int:
    """Read, swap, write, print how many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, help="mixture of scripts/build_pairs.py")
    parser.add_argument("--share", type=float, default=0.3, help="of the rows that have words to swap (default 0.3)")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    arguments = parser.parse_args()
    rng = Random(arguments.seed)  # noqa: S311 - reproducible data, no secret
    try:
        found = list(swapped(list(read_rows(arguments.rows)), rng, arguments.share))
        count = write_rows(found, arguments.out)
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{count} rows, {sum(row.dataset.endswith('+swapped') for row in found)} of them swapped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
