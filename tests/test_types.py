"""Values: frozen, slotted, keyword-only, and honest about their limits."""

import dataclasses
import inspect
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import types
from factcheck.types import Correction, Evidence, Label, Probabilities, Report, Span
from tests.fakes import evidence, passage

VALUES = [v for _, v in inspect.getmembers(types, inspect.isclass) if dataclasses.is_dataclass(v)]


@pytest.mark.parametrize("value", VALUES, ids=lambda v: v.__name__)
def test_values_are_frozen_slotted_and_keyword_only(value: type) -> None:
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert not hasattr(value, "__dict__") or "__slots__" in vars(value)
    assert all(field.kw_only for field in dataclasses.fields(value))
    assert value.__doc__


@given(st.integers(-5, 50), st.integers(-5, 50))
def test_spans_are_half_open(start: int, end: int) -> None:
    if not 0 <= start <= end:
        with pytest.raises(ValueError, match="span"):
            Span(start=start, end=end)
    else:
        text = "x" * 60
        assert len(Span(start=start, end=end).of(text)) == len(Span(start=start, end=end)) == end - start


def test_spans_count_code_points() -> None:
    text = "𝔸 é 中"
    assert Span(start=4, end=5).of(text) == "中"


@pytest.mark.parametrize("values", [(0.5, 0.5, 0.5), (1.2, -0.2, 0.0), (math.nan, 0.5, 0.5), (math.inf, 0, 0)])
def test_probabilities_must_be_a_distribution(values: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="probabilities"):
        Probabilities(supported=values[0], refuted=values[1], not_enough_info=values[2])


def test_ties_go_to_the_more_cautious_label() -> None:
    assert Probabilities(supported=0.5, refuted=0.0, not_enough_info=0.5).label is Label.NOT_ENOUGH_INFO
    assert Probabilities(supported=0.5, refuted=0.5, not_enough_info=0.0).label is Label.REFUTED


def test_corrections_apply_to_the_claim() -> None:
    assert Correction(span=Span(start=3, end=7), replacement="1903").apply("in 1904.") == "in 1903."


def test_premise_is_title_section_and_text() -> None:
    found = passage("2,381,740 sq km", title="Algeria", section="Geography / Area / total")
    assert found.premise == "Algeria\nGeography / Area / total\n2,381,740 sq km"
    assert evidence("A text.").premise == "A text."


def test_origin_is_the_document_or_the_graph() -> None:
    assert evidence("A text.").origin == evidence("A text.", source="elsewhere").origin
    assert Evidence(id="g", text="a", source="s", graph_sha256="f" * 64).origin == "f" * 64


def test_a_report_without_claims_is_fully_supported() -> None:
    assert Report(text="", claims=()).summary.supported_share == 1.0
