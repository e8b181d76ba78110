"""What every `ClaimExtractor` promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.extract import RuleExtractor
from factcheck.protocols import ClaimExtractor
from factcheck.types import Draft
from tests.fakes import FakeExtractor

EXTRACTORS = [FakeExtractor(), RuleExtractor()]
TEXT = "Ottawa is the capital of Canada. It lies on the Ottawa River. Do you like it? 渥太華是加拿大的首都。"

each = pytest.mark.parametrize("extractor", EXTRACTORS, ids=lambda e: type(e).__name__)


@each
def test_it_is_one(extractor: ClaimExtractor) -> None:
    assert isinstance(extractor, ClaimExtractor)


@each
def test_answers_are_aligned_with_drafts(extractor: ClaimExtractor) -> None:
    together = extractor.extract([Draft(text=TEXT), Draft(text=""), Draft(text=TEXT)])
    assert len(together) == 3
    assert together[0] == together[2] == extractor.extract([Draft(text=TEXT)])[0]
    assert together[1].claims == ()
    assert extractor.extract([]) == []


@each
@given(text=st.text(max_size=200))
def test_claims_have_unique_ids_text_and_a_place_in_order(extractor: ClaimExtractor, text: str) -> None:
    found = extractor.extract([Draft(text=text)])[0].claims
    assert len({claim.id for claim in found}) == len(found)
    for claim in found:
        assert claim.text.strip()
        assert 0 <= claim.span.start < claim.span.end <= len(text)
    assert [c.span.start for c in found] == sorted(c.span.start for c in found)
