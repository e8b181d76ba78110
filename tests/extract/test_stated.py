"""Whether a draft states a claim, where nobody can read it: then the words have to do."""

from collections.abc import Sequence

import numpy as np
import pytest

from factcheck.extract.stated import is_stated
from factcheck.protocols import UNREAD, Vectors
from factcheck.text.sentences import split_sentences
from factcheck.types import Draft, Span
from tests.fakes import FakeEntailment


class Unreading(FakeEntailment):
    """Cannot read a word."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        return np.array([UNREAD] * len(pairs), dtype=np.float32)


@pytest.mark.parametrize(("claim", "stated"), [("坎培拉是首都。", True), ("雪梨是首都。", False)])
def test_words_have_to_do(claim: str, stated: bool) -> None:
    text = "坎培拉是首都，位於東南部。"
    span = Span(start=0, end=len(text))
    assert is_stated(Unreading(), Draft(text=text), split_sentences(text), claim, span) is stated
