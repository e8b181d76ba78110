"""What every `Reviser` promises."""

import pytest

from factcheck.protocols import Reviser
from factcheck.revise import EditReviser
from factcheck.types import Draft, OnRefuted, OnUnsupported, Report
from tests.fakes import FakeReviser

REVISERS = [
    FakeReviser(),
    EditReviser(),
    EditReviser(on_refuted=OnRefuted.REMOVE, on_unsupported=OnUnsupported.REMOVE),
    EditReviser(on_refuted=OnRefuted.FLAG, on_unsupported=OnUnsupported.HEDGE),
]


@pytest.mark.parametrize("reviser", REVISERS, ids=repr)
@pytest.mark.parametrize("text", ["", "Nothing is wrong here.", "\u202e\ufffd\n\n- a\n", "沒有錯。"])
def test_without_claims_nothing_changes(reviser: Reviser, text: str) -> None:
    assert isinstance(reviser, Reviser)
    draft = Draft(text=text, question="What?", model="m")
    revision = reviser.revise(draft, Report(text=text, claims=()))
    assert revision.draft == draft
    assert revision.edits == ()
    assert revision.tokens == 0
