"""The names that other label sets use for our verdicts.

FEVER, NLI models and binary benchmarks each have a vocabulary of their own. None of them can say CONFLICTING; it maps
to what each set calls undecided, never to one of the two sides. A claim that FAILED has no label, hence no name in any
set.

Source: FEVER (Thorne et al. 2018, section 3); MNLI (Williams et al. 2018, section 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from factcheck.errors import UsageError
from factcheck.types import Label


class LabelSet(StrEnum):
    """A vocabulary of verdicts."""

    FACTCHECK = "factcheck"
    FEVER = "fever"
    NLI = "nli"
    BINARY = "binary"


NAMES: Mapping[LabelSet, Mapping[Label, str]] = MappingProxyType(
    {
        LabelSet.FACTCHECK: MappingProxyType({label: label.value for label in Label}),
        LabelSet.FEVER: MappingProxyType(
            {
                Label.SUPPORTED: "SUPPORTS",
                Label.REFUTED: "REFUTES",
                Label.NOT_ENOUGH_INFO: "NOT ENOUGH INFO",
                Label.CONFLICTING: "NOT ENOUGH INFO",
            }
        ),
        LabelSet.NLI: MappingProxyType(
            {
                Label.SUPPORTED: "entailment",
                Label.REFUTED: "contradiction",
                Label.NOT_ENOUGH_INFO: "neutral",
                Label.CONFLICTING: "neutral",
            }
        ),
        LabelSet.BINARY: MappingProxyType(
            {
                Label.SUPPORTED: "SUPPORTED",
                Label.REFUTED: "NOT_SUPPORTED",
                Label.NOT_ENOUGH_INFO: "NOT_SUPPORTED",
                Label.CONFLICTING: "NOT_SUPPORTED",
            }
        ),
    }
)


def name_of(label: Label, label_set: LabelSet) -> str:
    """Return what `label_set` calls `label`."""
    return NAMES[label_set][label]


def labels_of(name: str, label_set: LabelSet) -> frozenset[Label]:
    """Return the labels that a name may stand for.

    Case, spaces, hyphens and underscores make no difference, because data sets spell the same name differently.

    Args:
        name: as a data set or model writes it, for example `NOT ENOUGH INFO` or `not_enough_info`.
        label_set: whose name it is.

    Returns:
        One label, or several where the set does not tell them apart (`NOT_SUPPORTED`).

    Raises:
        UsageError: the set has no such name.
    """
    wanted = _folded(name)
    found = frozenset(label for label, known in NAMES[label_set].items() if _folded(known) == wanted)
    if not found:
        known_names = ", ".join(dict.fromkeys(NAMES[label_set].values()))
        raise UsageError(f"'{name}' is not a label of the set '{label_set}'", remedy=f"its labels are {known_names}")
    return found


def _folded(name: str) -> str:
    return "".join(character for character in name.casefold() if character not in " _-")
