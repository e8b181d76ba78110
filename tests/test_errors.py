"""One tree, one line a message, and errors that survive a process boundary."""

import copy
import inspect

import pytest

from factcheck import errors
from factcheck.errors import FactCheckError, GraphSyntaxError, MissingExtraError, RowError

KINDS = [v for _, v in inspect.getmembers(errors, inspect.isclass) if issubclass(v, FactCheckError)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_the_tree_is_drawn_at_the_top(kind: type[FactCheckError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")
    assert kind.code


def test_what_where_and_what_to_do() -> None:
    error = FactCheckError("is empty", where="a.txt", remedy="write something")
    assert str(error) == "a.txt: is empty; write something"


def test_rows_name_line_and_offset() -> None:
    error = RowError("no field 'text'", where="in.jsonl", line=3, offset=120, code="missing_field")
    assert str(error).startswith("in.jsonl, line 3: ")
    assert (error.line, error.offset, error.code) == (3, 120, "missing_field")


def test_graphs_name_line_and_column() -> None:
    assert str(GraphSyntaxError("unexpected '}'", where="a.ttl", line=2, column=7)).startswith("a.ttl:2:7: ")


@pytest.mark.parametrize(
    "error",
    [
        FactCheckError("what", where="where", remedy="remedy"),
        RowError("what", where="where", line=1, offset=2, code="c"),
        GraphSyntaxError("what", where="where", line=1, column=2),
        MissingExtraError("training", "torch"),
    ],
    ids=lambda e: type(e).__name__,
)
def test_errors_survive_copying(error: FactCheckError) -> None:
    again = copy.copy(error)
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
